// SPDX-License-Identifier: GPL-2.0-or-later
/* Checks on the map of pages: what struct pages say, and whether it follows from what was done. */
#include <inttypes.h>
#include <stdio.h>

#include "check/internal.h"

/* The pages that are in @state. */
static void add_state(struct rangeset *set, const struct mm *mm, enum mm_page_state state)
{
	struct mm_place at = { 0 };

	do {
		const struct mm_run *run = pagemap_at(&mm->pages, at);

		if (run->state == state)
			rangeset_add(set,
				     (struct range){ run->start, pagemap_end(&mm->pages, at) });
	} while (pagemap_next(&mm->pages, &at));
}

static void add_set(struct rangeset *set, const struct rangeset *other)
{
	for (size_t i = 0; i < other->nr; i++)
		rangeset_add(set, other->v[i]);
}

static void remove_set(struct rangeset *set, const struct rangeset *other)
{
	for (size_t i = 0; i < other->nr; i++)
		rangeset_remove(set, other->v[i]);
}

void check_one_state(const struct check *c, const struct check_state *s, struct check_findings *f)
{
	const struct mm_pagemap *pages = &s->mm->pages;
	struct mm_place at = { 0 };
	uint64_t last = 0;
	bool first = true;

	do {
		const struct mm_run *run = pagemap_at(pages, at);

		if (first ? run->start : run->start <= last)
			check_fail(c, s, f,
				   "a run of the map of pages begins at page frame %#" PRIx64
				   "; the one before it at %#" PRIx64,
				   run->start, last);
		else if (run->state >= MM_NR_PAGE_STATES || run->kind >= MM_NR_ZONES)
			check_fail(c, s, f, "page frame %#" PRIx64 " is in no state that there is",
				   run->start);
		last = run->start;
		first = false;
	} while (pagemap_next(pages, &at));
}

/* Faults that were noted as the pages came. */
static void report_faults(const struct check *c, const struct check_state *s,
			  struct check_findings *f, enum mm_fault_kind kind)
{
	char what[128];

	snprintf(what, sizeof(what), "were %s", mm_fault_name(kind));
	for (size_t i = 0; i < s->mm->nr_faults; i++)
		if (s->mm->faults[i].kind == kind)
			check_fail_pages(c, s, f, s->mm->faults[i].pfns, what);
}

void check_pages_ready(const struct check *c, const struct check_state *s, struct check_findings *f)
{
	report_faults(c, s, f, MM_FREED_DEFERRED);
	report_faults(c, s, f, MM_FREED_NOINIT);
}

/* A run of the map, as far as it is in @span. */
static void judge_links(const struct check *c, const struct check_state *s,
			struct check_findings *f, const struct mm_span *span,
			const struct mm_run *run, struct range pfns)
{
	const struct mm_zone *z = mm_zone_at(s->mm, run->nid, run->kind);
	char what[96];

	if (run->state == MM_PAGE_NONE || run->state == MM_PAGE_HOLE)
		return;
	if (run->nid != span->nid) {
		snprintf(what, sizeof(what), "carry node %d, and are memory of node %d", run->nid,
			 span->nid);
		check_fail_pages(c, s, f, pfns, what);
	} else if (!z || pfns.start < z->spanned.start || pfns.end > z->spanned.end) {
		snprintf(what, sizeof(what), "carry the zone %s, which they are not in",
			 mm_zone_name(run->kind));
		check_fail_pages(c, s, f, pfns, what);
	}
}

static void judge_span(const struct check *c, const struct check_state *s, struct check_findings *f,
		       const struct mm_span *span, struct mm_place *at)
{
	const struct mm_pagemap *pages = &s->mm->pages;

	while (pagemap_end(pages, *at) <= span->pfns.start && pagemap_next(pages, at))
		continue;
	for (struct mm_place i = *at;; *at = i) {
		struct range run = { pagemap_at(pages, i)->start, pagemap_end(pages, i) };

		if (run.start >= span->pfns.end)
			break;
		judge_links(c, s, f, span, pagemap_at(pages, i), range_intersect(run, span->pfns));
		if (!pagemap_next(pages, &i))
			break;
	}
}

void check_pages_node(const struct check *c, const struct check_state *s, struct check_findings *f)
{
	struct mm_place at = { 0 };

	report_faults(c, s, f, MM_MARKED_NODE);
	for (size_t i = 0; i < s->mm->nr_spans; i++) {
		const struct mm_span *span = &s->mm->spans[i];

		if (!(span->flags & MM_NO_NODE))
			judge_span(c, s, f, span, &at);
		else if (rangeset_contains(&s->mm->freed, span->pfns.start))
			check_fail_pages(c, s, f, span->pfns,
					 "are memory of a node that is not there");
	}
}

/* Page frames that have a struct page without being memory, as far as it is known where. */
static struct rangeset with_struct_page(const struct mm *mm)
{
	const struct mm_map_rules *rules = &mm->rules;
	uint64_t mask = (1ULL << rules->section_order) - 1;
	struct rangeset set = { 0 };

	for (size_t i = 0; i < mm->nr_spans; i++) {
		struct range r = mm->spans[i].pfns;

		if (rules->section_order)
			rangeset_add(&set,
				     (struct range){ r.start & ~mask, (r.end + mask) & ~mask });
		else if (!rules->only_memory)
			rangeset_add(&set, (struct range){ 0, r.end });
	}
	return set;
}

void check_memmap(const struct check *c, const struct check_state *s, struct check_findings *f)
{
	struct rangeset none = { 0 }, late = { 0 }, valid = with_struct_page(s->mm);

	add_state(&none, s->mm, MM_PAGE_NONE);
	for (size_t i = 0; i < none.nr; i++)
		for (size_t j = rangeset_after(&valid, none.v[i].start); j < valid.nr; j++) {
			if (valid.v[j].start >= none.v[i].end)
				break;
			check_fail_pages(c, s, f, range_intersect(none.v[i], valid.v[j]),
					 "have struct pages that nobody initialised");
		}
	rangeset_release(&none);
	rangeset_release(&valid);
	add_state(&late, s->mm, MM_PAGE_DEFERRED);
	if (!s->marks_nomap) {
		none = check_nomap_pages(s);
		remove_set(&late, &none);
		rangeset_release(&none);
	}
	check_fail_set(c, s, f, &late, "have struct pages that were left for later, and stayed so");
}

/* Of what is in the lists and what is not. */
static void judge_free(const struct check *c, const struct check_state *s, struct check_findings *f)
{
	struct rangeset in = { 0 }, freed = { 0 }, rest = { 0 };

	add_state(&in, s->mm, MM_PAGE_FREE);
	add_state(&in, s->mm, MM_PAGE_ALLOCATED);
	add_set(&freed, &s->mm->freed);
	/* those were not freed if they came before their node was complete */
	if (!s->mm->dropped_pages)
		add_set(&freed, &s->mm->late);
	add_set(&rest, &freed);
	remove_set(&rest, &in);
	check_fail_set(c, s, f, &rest, "were freed, and are not free");
	add_set(&freed, &s->mm->late);
	remove_set(&in, &freed);
	check_fail_set(c, s, f, &in, "are free, and nobody freed them");
	rangeset_release(&freed);
}

void check_pages_state(const struct check *c, const struct check_state *s, struct check_findings *f)
{
	struct rangeset marked = { 0 }, idle = { 0 }, reserved = check_reserved_pages(s, true);

	judge_free(c, s, f);
	add_state(&marked, s->mm, MM_PAGE_RESERVED);
	remove_set(&marked, &s->mm->reserved);
	check_fail_set(c, s, f, &marked, "are reserved, and nobody marked them");
	add_state(&idle, s->mm, MM_PAGE_INIT);
	remove_set(&idle, &reserved);
	rangeset_release(&reserved);
	check_fail_set(c, s, f, &idle, "are neither free nor reserved");
}
