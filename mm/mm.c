// SPDX-License-Identifier: GPL-2.0-or-later
/* The receiver of memblock's pages: takes the events of the hand-over. */
#include <stdlib.h>

#include "lib/array.h"
#include "mm/internal.h"

#define MAX_BAD 16

struct mm *mm_new(unsigned int page_shift, unsigned int max_order)
{
	struct mm *mm = array_resize(NULL, 1, sizeof(*mm));

	*mm = (struct mm){ .page_shift = page_shift, .max_order = max_order };
	mm->has_zone[MM_MOVABLE] = true;
	mm_set_zone_end(mm, MM_NORMAL, UINT64_MAX);
	return mm;
}

void mm_free(struct mm *mm)
{
	if (!mm)
		return;
	rangeset_release(&mm->freed);
	rangeset_release(&mm->late);
	rangeset_release(&mm->twice);
	rangeset_release(&mm->reserved);
	free(mm->spans);
	free(mm->by_node);
	free(mm->nodes);
	free(mm->bad);
	free(mm->zones);
	free(mm);
}

void mm_set_zone_end(struct mm *mm, enum mm_zone_kind kind, uint64_t end_pfn)
{
	mm->zone_end_pfn[kind] = end_pfn;
	mm->has_zone[kind] = true;
}

void mm_add_memory(struct mm *mm, int nid, struct range pfns, unsigned int flags)
{
	if (!range_is_empty(pfns))
		ARRAY_APPEND(mm->spans, mm->nr_spans, mm->room_spans) =
			(struct mm_span){ .pfns = pfns, .nid = nid, .flags = flags };
}

static void add_overlap(struct rangeset *twice, const struct rangeset *set, struct range run)
{
	for (size_t i = rangeset_after(set, run.start); i < set->nr; i++) {
		if (set->v[i].start >= run.end)
			break;
		rangeset_add(twice, range_intersect(set->v[i], run));
	}
}

static void end_run(struct mm *mm)
{
	struct range run = mm->run;

	mm->run = (struct range){ 0 };
	if (range_is_empty(run))
		return;
	add_overlap(&mm->twice, &mm->freed, run);
	add_overlap(&mm->twice, &mm->late, run);
	rangeset_add(mm->run_is_late ? &mm->late : &mm->freed, run);
}

static void take_block(struct mm *mm, uint64_t pfn, uint64_t order, bool late)
{
	uint64_t end;

	if (order > mm->max_order || pfn & ((1ULL << order) - 1)) {
		if (mm->nr_bad < MAX_BAD)
			ARRAY_APPEND(mm->bad, mm->nr_bad, mm->room_bad) =
				(struct mm_bad_block){ .pfn = pfn, .order = order };
		if (order >= MM_MAX_ORDERS)
			return;
	}
	end = pfn + (1ULL << order);
	mm->received[order]++;
	mm->received_pages += end - pfn;
	if (mm->run.end != pfn || mm->run_is_late != late || range_is_empty(mm->run)) {
		end_run(mm);
		mm->run.start = pfn;
		mm->run_is_late = late;
	}
	mm->run.end = end;
}

void mm_event(struct mm *mm, enum rt_event event, uint64_t a, uint64_t b, long c)
{
	switch (event) {
	case RT_FREE_PAGES:
	case RT_FREE_LATE:
		take_block(mm, a, b, mm->handed_over || event == RT_FREE_LATE);
		break;
	case RT_RESERVE_PAGES:
		rangeset_add(&mm->reserved, (struct range){ a, b });
		break;
	case RT_TOTALRAM:
		mm->totalram_pages += c;
		break;
	default:
		break;
	}
}

void mm_handed_over(struct mm *mm)
{
	end_run(mm);
	mm->handed_over = true;
}

void mm_settle(struct mm *mm)
{
	end_run(mm);
	mm_find_zones(mm);
	mm_count_free(mm);
}

uint64_t mm_free_pages(const struct mm *mm)
{
	return rangeset_size(&mm->freed) + rangeset_size(&mm->late);
}
