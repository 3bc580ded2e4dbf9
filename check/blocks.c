// SPDX-License-Identifier: GPL-2.0-or-later
/* Checks on the blocks of pages that are handed over, and on those that become of them. */
#include <inttypes.h>
#include <string.h>

#include "check/internal.h"

void check_blocks_aligned(const struct check *c, const struct check_state *s,
			  struct check_findings *f)
{
	for (size_t i = 0; i < s->mm->nr_bad; i++) {
		struct mm_bad_block b = s->mm->bad[i];
		struct range r = { b.pfn, b.pfn + (b.order < 32 ? 1ULL << b.order : 1) };

		r.start <<= s->page_shift;
		r.end <<= s->page_shift;
		check_fail_range(c, s, f, r,
				 "page frame %#" PRIx64 " was freed as a block of order %" PRIu64
				 "; the largest is %u",
				 b.pfn, b.order, s->mm->max_order);
	}
}

void check_blocks_zone(const struct check *c, const struct check_state *s, struct check_findings *f)
{
	for (size_t i = 0; i < s->mm->nr_faults; i++)
		if (s->mm->faults[i].kind == MM_BLOCK_OF_TWO_ZONES)
			check_fail_pages(c, s, f, s->mm->faults[i].pfns,
					 "were freed in one block with pages of another zone");
}

/* Blocks by order, as they should come. */
struct wanted {
	uint64_t blocks[MM_MAX_ORDERS];
	bool from_0; /* page frame 0 is free, and its order whatever __ffs(0) is, before 6.5 */
	bool as_one; /* as if that was 0 */
};

static void add_blocks(const struct check_state *s, struct range bytes, void *arg)
{
	struct range pfns = check_in_pages(s, bytes);
	struct wanted *w = arg;

	if (range_is_empty(pfns))
		return;
	w->from_0 |= !pfns.start;
	if (!pfns.start && w->as_one) {
		w->blocks[0]++;
		pfns.start++;
	}
	if (!range_is_empty(pfns))
		mm_count_blocks(pfns, s->mm->max_order, w->blocks);
}

static bool came(const struct mm *mm, const struct wanted *w, unsigned int order)
{
	return mm->received[order] - mm->received_late[order] == w->blocks[order];
}

static bool all_came(const struct mm *mm, const struct wanted *w)
{
	for (unsigned int order = 0; order < MM_MAX_ORDERS; order++)
		if (!came(mm, w, order))
			return false;
	return true;
}

void check_blocks_largest(const struct check *c, const struct check_state *s,
			  struct check_findings *f)
{
	struct wanted w = { .as_one = true };

	check_for_each_free(s, add_blocks, &w);
	if (w.from_0 && all_came(s->mm, &w))
		return;
	w = (struct wanted){ 0 };
	check_for_each_free(s, add_blocks, &w);
	for (unsigned int order = 0; order < MM_MAX_ORDERS; order++)
		if (!came(s->mm, &w, order))
			check_fail(c, s, f,
				   "%" PRIu64 " blocks of order %u were handed over; the largest "
				   "that fit are %" PRIu64 " of it",
				   s->mm->received[order] - s->mm->received_late[order], order,
				   w.blocks[order]);
}

void check_blocks_merged(const struct check *c, const struct check_state *s,
			 struct check_findings *f)
{
	const struct mm_pagemap *pages = &s->mm->pages;
	struct mm_place at = { 0 };
	struct mm_run last = *pagemap_at(pages, at);

	while (pagemap_next(pages, &at)) {
		struct mm_run run = *pagemap_at(pages, at);

		if (run.state == MM_PAGE_FREE && last.state == MM_PAGE_FREE &&
		    run.nid == last.nid && run.kind == last.kind)
			check_fail_pages(c, s, f, (struct range){ run.start - 1, run.start + 1 },
					 "are free, of one zone, and not merged");
		last = run;
	}
}
