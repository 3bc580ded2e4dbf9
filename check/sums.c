// SPDX-License-Identifier: GPL-2.0-or-later
/* Checks on what is counted in more than one place: bytes of memblock, pages, zones, lists. */
#include <inttypes.h>
#include <stdlib.h>

#include "check/internal.h"
#include "lib/array.h"

static void add_sum(const struct check_state *s, struct range bytes, void *arg)
{
	struct check_sums *sums = arg;
	uint64_t pages = range_size(check_in_pages(s, bytes));

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
	check_for_each_free(s, add_sum, sums);
	sums->reserved_bytes = sums->memory_bytes - sums->nomap_bytes - sums->free_bytes;
	if (!s->mm)
		return;
	sums->freed_pages = rangeset_size(&s->mm->freed);
	sums->late_pages = rangeset_size(&s->mm->late);
}

void check_sums_memory(const struct check *c, const struct check_state *s, struct check_findings *f)
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
	if (s->mm->received_pages + s->mm->released_pages != sums.freed_pages + sums.late_pages)
		check_fail(c, s, f,
			   "blocks of %" PRIu64 " pages were freed, which are %" PRIu64
			   " page frames",
			   s->mm->received_pages + s->mm->released_pages,
			   sums.freed_pages + sums.late_pages);
}

void check_totalram(const struct check *c, const struct check_state *s, struct check_findings *f)
{
	uint64_t pages = mm_free_pages(s->mm);

	if (s->mm->totalram_told && s->mm->totalram_pages != (int64_t)pages)
		check_fail(c, s, f,
			   "the kernel counts %" PRId64 " pages in totalram_pages; %" PRIu64
			   " were freed",
			   s->mm->totalram_pages, pages);
}

/* What the map of pages has of each zone, by the zones' places. */
static struct mm_zone *count_map(const struct mm *mm)
{
	struct mm_zone *zones = array_resize(NULL, mm->nr_zones + 1, sizeof(*zones));
	struct mm_place at = { 0 };

	for (size_t i = 0; i <= mm->nr_zones; i++)
		zones[i] = (struct mm_zone){ 0 };
	do {
		const struct mm_run *run = pagemap_at(&mm->pages, at);
		struct range pfns = { run->start, pagemap_end(&mm->pages, at) };
		const struct mm_zone *z = mm_zone_at(mm, run->nid, run->kind);

		if (!z || run->state == MM_PAGE_NONE || run->state == MM_PAGE_HOLE)
			continue;
		zones[z - mm->zones].present_pages += range_size(pfns);
		if (run->state != MM_PAGE_FREE)
			continue;
		zones[z - mm->zones].free_pages += range_size(pfns);
		mm_count_blocks(pfns, mm->max_order, zones[z - mm->zones].blocks);
	} while (pagemap_next(&mm->pages, &at));
	return zones;
}

void check_zones_free(const struct check *c, const struct check_state *s, struct check_findings *f)
{
	struct mm_zone *counted = count_map(s->mm);

	for (size_t i = 0; i < s->mm->nr_zones; i++) {
		const struct mm_zone *z = &s->mm->zones[i];

		if (z->free_pages != counted[i].free_pages)
			check_fail(c, s, f,
				   "node %d, zone %s counts %" PRIu64
				   " free pages; the map of pages has %" PRIu64,
				   z->nid, mm_zone_name(z->kind), z->free_pages,
				   counted[i].free_pages);
		for (unsigned int order = 0; order < MM_MAX_ORDERS; order++)
			if (z->blocks[order] != counted[i].blocks[order])
				check_fail(c, s, f,
					   "node %d, zone %s lists %" PRIu64
					   " free blocks of order %u; the map of pages has "
					   "%" PRIu64,
					   z->nid, mm_zone_name(z->kind), z->blocks[order], order,
					   counted[i].blocks[order]);
	}
	free(counted);
}

void check_zones_present(const struct check *c, const struct check_state *s,
			 struct check_findings *f)
{
	struct mm_zone *counted;

	/* the kernel's own arithmetic is not exact where zones lie in each other */
	if (s->mm->mirrored)
		return;
	counted = count_map(s->mm);
	for (size_t i = 0; i < s->mm->nr_zones; i++) {
		const struct mm_zone *z = &s->mm->zones[i];

		if (z->present_pages != counted[i].present_pages)
			check_fail(c, s, f,
				   "node %d, zone %s has %" PRIu64
				   " pages present; the map has %" PRIu64 " pages of memory in it",
				   z->nid, mm_zone_name(z->kind), z->present_pages,
				   counted[i].present_pages);
	}
	free(counted);
}
