// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Checks on the hand-over. What should be free is worked out anew from the arrays as they were
 * before it: each region of memory less what is reserved, from the whole pages that are left.
 */
#include <inttypes.h>

#include "check/internal.h"
#include "lib/rangeset.h"

static struct range in_pages(const struct check_state *s, struct range bytes)
{
	uint64_t mask = (1ULL << s->page_shift) - 1;

	return (struct range){ (bytes.start + mask) >> s->page_shift, bytes.end >> s->page_shift };
}

static struct range in_bytes(const struct check_state *s, struct range pfns)
{
	return (struct range){ pfns.start << s->page_shift, pfns.end << s->page_shift };
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

typedef void piece_fn(const struct check_state *s, struct range bytes, void *arg);

/* What of @region is not reserved. */
static void for_each_piece(const struct check_state *s, const struct rangeset *reserved,
			   struct range region, piece_fn *fn, void *arg)
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

/* Pieces of memory that are not reserved, by region: those of two never join to a whole page. */
static void for_each_free(const struct check_state *s, piece_fn *fn, void *arg)
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
	rangeset_add(set, in_pages(s, bytes));
}

static void add_sum(const struct check_state *s, struct range bytes, void *arg)
{
	struct check_sums *sums = arg;
	uint64_t pages = range_size(in_pages(s, bytes));

	sums->free_bytes += range_size(bytes);
	sums->expected_pages += pages;
	sums->lost_bytes += range_size(bytes) - (pages << s->page_shift);
}

void check_sum(const struct check_state *s, struct check_sums *sums)
{
	*sums = (struct check_sums){ 0 };
	for (size_t i = 0; i < s->memory.nr; i++) {
		sums->memory_bytes += s->memory.v[i].size;
		if (s->memory.v[i].flags & s->nomap)
			sums->nomap_bytes += s->memory.v[i].size;
	}
	for_each_free(s, add_sum, sums);
	sums->reserved_bytes = sums->memory_bytes - sums->nomap_bytes - sums->free_bytes;
	if (!s->mm)
		return;
	sums->freed_pages = rangeset_size(&s->mm->freed);
	sums->late_pages = rangeset_size(&s->mm->late);
}

static struct rangeset expected_pages(const struct check_state *s)
{
	struct rangeset expected = { 0 };

	for_each_free(s, add_pages, &expected);
	return expected;
}

void check_pages_once(const struct check *c, const struct check_state *s, struct check_findings *f)
{
	for (size_t i = 0; i < s->mm->twice.nr; i++) {
		struct range r = s->mm->twice.v[i];

		check_fail_range(c, s, f, in_bytes(s, r),
				 "page frames %#" PRIx64 "-%#" PRIx64 " were freed twice", r.start,
				 r.end - 1);
	}
}

/* Reports the ranges of @a that are not in @b. */
static void report_missing(const struct check *c, const struct check_state *s,
			   struct check_findings *f, const struct rangeset *a,
			   const struct rangeset *b, const char *what)
{
	struct rangeset rest = { 0 };

	for (size_t i = 0; i < a->nr; i++)
		rangeset_add(&rest, a->v[i]);
	for (size_t i = 0; i < b->nr; i++)
		rangeset_remove(&rest, b->v[i]);
	for (size_t i = 0; i < rest.nr; i++)
		check_fail_range(c, s, f, in_bytes(s, rest.v[i]),
				 "page frames %#" PRIx64 "-%#" PRIx64 " %s", rest.v[i].start,
				 rest.v[i].end - 1, what);
	rangeset_release(&rest);
}

void check_pages_all(const struct check *c, const struct check_state *s, struct check_findings *f)
{
	struct rangeset expected = expected_pages(s);

	report_missing(c, s, f, &expected, &s->mm->freed, "are neither reserved nor freed");
	rangeset_release(&expected);
}

void check_pages_none_else(const struct check *c, const struct check_state *s,
			   struct check_findings *f)
{
	struct rangeset expected = expected_pages(s);

	report_missing(c, s, f, &s->mm->freed, &expected,
		       "were freed, and are reserved, NOMAP or not memory");
	rangeset_release(&expected);
}

void check_pages_late(const struct check *c, const struct check_state *s, struct check_findings *f)
{
	struct rangeset reserved = { 0 };

	for (size_t i = 0; i < s->reserved.nr; i++)
		rangeset_add(&reserved, in_pages(s, region_range(&s->reserved.v[i])));
	report_missing(c, s, f, &s->mm->late, &reserved,
		       "were freed late and had not been reserved");
	rangeset_release(&reserved);
}

void check_pages_aligned(const struct check *c, const struct check_state *s,
			 struct check_findings *f)
{
	for (size_t i = 0; i < s->mm->nr_bad; i++) {
		struct mm_bad_block b = s->mm->bad[i];
		struct range r = { b.pfn, b.pfn + (b.order < 32 ? 1ULL << b.order : 1) };

		check_fail_range(c, s, f, in_bytes(s, r),
				 "page frame %#" PRIx64 " was freed as a block of order %" PRIu64
				 "; the largest is %u",
				 b.pfn, b.order, s->mm->max_order);
	}
}

void check_pages_marked(const struct check *c, const struct check_state *s,
			struct check_findings *f)
{
	struct rangeset both = { 0 }, none = { 0 };
	const struct rangeset *reserved = &s->mm->reserved;

	for (size_t i = 0; i < s->mm->freed.nr; i++) {
		struct range run = s->mm->freed.v[i];

		for (size_t j = rangeset_after(reserved, run.start); j < reserved->nr; j++) {
			if (reserved->v[j].start >= run.end)
				break;
			rangeset_add(&both, range_intersect(reserved->v[j], run));
		}
	}
	report_missing(c, s, f, &both, &none, "were marked reserved and freed all the same");
	rangeset_release(&both);
}

/* What other checks tell of is not told again. */
static bool is_told(enum mm_fault_kind kind)
{
	return kind == MM_FREED_FREE || kind == MM_FREED_RESERVED || kind == MM_FREED_UNUSED;
}

void check_pages_map(const struct check *c, const struct check_state *s, struct check_findings *f)
{
	for (size_t i = 0; i < s->mm->nr_faults; i++) {
		const struct mm_fault *fault = &s->mm->faults[i];

		if (!is_told(fault->kind))
			check_fail_range(c, s, f, in_bytes(s, fault->pfns),
					 "page frames %#" PRIx64 "-%#" PRIx64 " were %s",
					 fault->pfns.start, fault->pfns.end - 1,
					 mm_fault_name(fault->kind));
	}
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

void check_pages_sums(const struct check *c, const struct check_state *s, struct check_findings *f)
{
	struct check_sums sums;

	check_sum(s, &sums);
	if (sums.expected_pages != sums.freed_pages)
		check_fail(c, s, f,
			   "%" PRIu64 " bytes of memory less %" PRIu64 " NOMAP, %" PRIu64
			   " reserved and %" PRIu64 " lost at borders make %" PRIu64
			   " pages; %" PRIu64 " were freed",
			   sums.memory_bytes, sums.nomap_bytes, sums.reserved_bytes,
			   sums.lost_bytes, sums.expected_pages, sums.freed_pages);
	if (s->mm->received_pages != sums.freed_pages + sums.late_pages)
		check_fail(c, s, f,
			   "blocks of %" PRIu64 " pages were freed, which are %" PRIu64
			   " page frames",
			   s->mm->received_pages, sums.freed_pages + sums.late_pages);
}
