// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Checks on the hand-over. What should be free is worked out anew from the arrays as they were
 * before it: each region of memory less what is reserved, from the whole pages that are left.
 */
#include <inttypes.h>

#include "check/internal.h"
#include "lib/rangeset.h"

struct range check_in_pages(const struct check_state *s, struct range bytes)
{
	uint64_t mask = (1ULL << s->page_shift) - 1;

	return (struct range){ (bytes.start + mask) >> s->page_shift, bytes.end >> s->page_shift };
}

static struct range region_range(const struct rt_region *r)
{
	return (struct range){ r->base, r->base + r->size };
}

/* The regions @a and @b become one when the hand-over takes their hotplug flags away. */
static bool become_one(const struct check_state *s, const struct rt_region *a,
		       const struct rt_region *b)
{
	return a->base + a->size == b->base && a->nid == b->nid &&
	       !((a->flags ^ b->flags) & ~s->hotplug);
}

/* What of @region is not reserved. */
static void for_each_piece(const struct check_state *s, const struct rangeset *reserved,
			   struct range region, check_piece_fn *fn, void *arg)
{
	uint64_t at = region.start;

	for (size_t i = rangeset_after(reserved, at); i < reserved->nr; i++) {
		if (reserved->v[i].start >= region.end)
			break;
		if (reserved->v[i].start > at)
			fn(s, (struct range){ at, reserved->v[i].start }, arg);
		at = reserved->v[i].end;
	}
	if (at < region.end)
		fn(s, (struct range){ at, region.end }, arg);
}

void check_for_each_free(const struct check_state *s, check_piece_fn *fn, void *arg)
{
	const struct check_regions *memory = &s->memory;
	struct rangeset reserved = { 0 };

	for (size_t i = 0; i < s->reserved.nr; i++)
		rangeset_add(&reserved, region_range(&s->reserved.v[i]));
	for (size_t i = 0, n; i < memory->nr; i += n) {
		struct range region = region_range(&memory->v[i]);

		for (n = 1; i + n < memory->nr; n++) {
			if (!become_one(s, &memory->v[i + n - 1], &memory->v[i + n]))
				break;
			region.end = region_range(&memory->v[i + n]).end;
		}
		if (!(memory->v[i].flags & s->nomap))
			for_each_piece(s, &reserved, region, fn, arg);
	}
	rangeset_release(&reserved);
}

static void add_pages(const struct check_state *s, struct range bytes, void *set)
{
	rangeset_add(set, check_in_pages(s, bytes));
}

struct rangeset check_expected_pages(const struct check_state *s)
{
	struct rangeset expected = { 0 };

	check_for_each_free(s, add_pages, &expected);
	return expected;
}

/* Page frames that any byte of the regions with or without @flag is in. */
static struct rangeset touched(const struct check_state *s, const struct check_regions *r,
			       unsigned long flag, bool with)
{
	uint64_t mask = (1ULL << s->page_shift) - 1;
	struct rangeset set = { 0 };

	for (size_t i = 0; i < r->nr; i++) {
		struct range bytes = region_range(&r->v[i]);

		if (flag && !(r->v[i].flags & flag) == with)
			continue;
		rangeset_add(&set, (struct range){ bytes.start >> s->page_shift,
						   (bytes.end + mask) >> s->page_shift });
	}
	return set;
}

struct rangeset check_memory_pages(const struct check_state *s)
{
	return touched(s, &s->memory, 0, true);
}

struct rangeset check_nomap_pages(const struct check_state *s)
{
	return s->nomap ? touched(s, &s->memory, s->nomap, true) : (struct rangeset){ 0 };
}

struct rangeset check_reserved_pages(const struct check_state *s, bool with_noinit)
{
	return touched(s, &s->reserved, with_noinit ? 0 : s->noinit, false);
}

static struct rangeset copy(const struct rangeset *set)
{
	struct rangeset to = { 0 };

	for (size_t i = 0; i < set->nr; i++)
		rangeset_add(&to, set->v[i]);
	return to;
}

/* What of @set is in @other, or is not; takes both. */
static struct rangeset part(struct rangeset set, struct rangeset other, bool in)
{
	struct rangeset to = { 0 };
	size_t first = 0;

	for (size_t i = 0; i < set.nr; i++) {
		struct range r = set.v[i];

		while (first < other.nr && other.v[first].end <= r.start)
			first++;
		for (size_t j = first; j < other.nr && other.v[j].start < r.end; j++) {
			struct range o = other.v[j];

			if (in)
				rangeset_add(&to, range_intersect(o, set.v[i]));
			else if (o.start > r.start)
				rangeset_add(&to, (struct range){ r.start, o.start });
			r.start = o.end;
		}
		if (!in)
			rangeset_add(&to, r);
	}
	rangeset_release(&set);
	rangeset_release(&other);
	return to;
}

static struct rangeset both(struct rangeset set, struct rangeset other)
{
	return part(set, other, true);
}

static struct rangeset without(struct rangeset set, struct rangeset other)
{
	return part(set, other, false);
}

/* What was freed by memblock_free_all() and should not have been. */
static struct rangeset freed_wrongly(const struct check_state *s)
{
	return without(copy(&s->mm->freed), check_expected_pages(s));
}

void check_pages_once(const struct check *c, const struct check_state *s, struct check_findings *f)
{
	struct rangeset twice = copy(&s->mm->twice);

	check_fail_set(c, s, f, &twice, "were freed twice");
}

/* A page that is memory in part, and else nothing, is none that could be freed. */
void check_pages_memory(const struct check *c, const struct check_state *s,
			struct check_findings *f)
{
	struct rangeset bad = without(freed_wrongly(s), check_nomap_pages(s));
	struct rangeset late = without(copy(&s->mm->late), check_memory_pages(s));

	bad = without(bad, both(check_reserved_pages(s, true), check_memory_pages(s)));
	for (size_t i = 0; i < late.nr; i++)
		rangeset_add(&bad, late.v[i]);
	rangeset_release(&late);
	check_fail_set(c, s, f, &bad, "were freed, and are not memory");
}

void check_pages_nomap(const struct check *c, const struct check_state *s, struct check_findings *f)
{
	struct rangeset bad = copy(&s->mm->freed);

	for (size_t i = 0; i < s->mm->late.nr; i++)
		rangeset_add(&bad, s->mm->late.v[i]);
	bad = both(bad, check_nomap_pages(s));
	check_fail_set(c, s, f, &bad, "were freed, and are NOMAP");
}

void check_pages_reserved(const struct check *c, const struct check_state *s,
			  struct check_findings *f)
{
	struct rangeset bad = without(freed_wrongly(s), check_nomap_pages(s));

	bad = both(bad, check_reserved_pages(s, true));
	bad = both(bad, check_memory_pages(s));
	check_fail_set(c, s, f, &bad, "were freed, and are reserved");
}

void check_pages_all(const struct check *c, const struct check_state *s, struct check_findings *f)
{
	struct rangeset kept = without(check_expected_pages(s), copy(&s->mm->freed));

	check_fail_set(c, s, f, &kept, "are free, and were not handed over");
}

void check_pages_late(const struct check *c, const struct check_state *s, struct check_findings *f)
{
	struct rangeset bad = both(copy(&s->mm->late), check_memory_pages(s));

	bad = without(bad, check_nomap_pages(s));
	bad = without(bad, copy(&s->mm->twice));
	for (size_t i = 0; i < s->reserved.nr; i++)
		rangeset_remove(&bad, check_in_pages(s, region_range(&s->reserved.v[i])));
	check_fail_set(c, s, f, &bad, "were freed late, and had not been reserved");
}

void check_marked_all(const struct check *c, const struct check_state *s, struct check_findings *f)
{
	struct rangeset missing = { 0 }, nomap = check_nomap_pages(s);

	if (s->marks_reserved) {
		missing = both(check_reserved_pages(s, false), check_memory_pages(s));
		missing = without(missing, copy(&nomap));
	}
	for (size_t i = 0; s->marks_nomap && i < nomap.nr; i++)
		rangeset_add(&missing, nomap.v[i]);
	rangeset_release(&nomap);
	missing = without(missing, copy(&s->mm->reserved));
	check_fail_set(c, s, f, &missing,
		       "are reserved or NOMAP, and their struct pages were not marked");
}

void check_marked_only(const struct check *c, const struct check_state *s, struct check_findings *f)
{
	struct rangeset bad = copy(&s->mm->reserved);

	bad = without(bad, check_nomap_pages(s));
	bad = without(bad, check_reserved_pages(s, false));
	check_fail_set(c, s, f, &bad, "were marked reserved, and are not");
}

/* Takes memblock's array out of a set; its elements have 32 bytes at most. */
static void remove_array(const struct check_state *s, struct rangeset *set,
			 const struct check_regions *r)
{
	uint64_t page = 1ULL << s->page_shift;
	uint64_t size = (r->state.max * 32 + page - 1) & ~(page - 1);

	if (r->state.regions_pa != RT_NULL)
		rangeset_remove(set,
				(struct range){ r->state.regions_pa, r->state.regions_pa + size });
}

/* Reports the ranges of @a that are not in @b. */
static void report_change(const struct check *c, const struct check_state *s,
			  struct check_findings *f, const struct check_regions *a,
			  const struct check_regions *b, const char *what)
{
	struct rangeset rest = { 0 };

	for (size_t i = 0; i < a->nr; i++)
		rangeset_add(&rest, region_range(&a->v[i]));
	for (size_t i = 0; i < b->nr; i++)
		rangeset_remove(&rest, region_range(&b->v[i]));
	remove_array(s, &rest, a);
	for (size_t i = 0; i < rest.nr; i++)
		check_fail_range(c, s, f, rest.v[i], "%#" PRIx64 "-%#" PRIx64 " %s",
				 rest.v[i].start, rest.v[i].end - 1, what);
	rangeset_release(&rest);
}

void check_reserved_kept(const struct check *c, const struct check_state *s,
			 struct check_findings *f)
{
	report_change(c, s, f, &s->reserved_before, &s->reserved,
		      "was reserved, and is no longer since the hand-over");
	report_change(c, s, f, &s->reserved, &s->reserved_before,
		      "was reserved only during the hand-over");
}
