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
	pagemap_init(&mm->pages);
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
	free(mm->zone_of);
	free(mm->faults);
	free(mm->fallback);
	free(mm->distance);
	pagemap_release(&mm->pages);
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

static void end_free(struct mm *mm)
{
	struct range run = mm->run;

	mm->run = (struct range){ 0 };
	mm->run_limit = 0;
	if (range_is_empty(run))
		return;
	add_overlap(&mm->twice, &mm->freed, run);
	add_overlap(&mm->twice, &mm->late, run);
	rangeset_add(mm->run_is_late ? &mm->late : &mm->freed, run);
	if (mm->mapped)
		mm_take_free(mm, run, mm->run_is_late, mm->run_is_core);
}

static void end_pending(struct mm *mm, struct mm_pending *p,
			void (*take)(struct mm *mm, struct range pfns, int nid))
{
	struct range pfns = p->pfns;

	p->pfns = (struct range){ 0 };
	if (mm->mapped && !range_is_empty(pfns))
		take(mm, pfns, p->nid);
}

static void end_marks(struct mm *mm)
{
	struct range marked = mm->marked.pfns;

	/* a page is initialised, then marked */
	end_pending(mm, &mm->inited, mm_take_inited);
	rangeset_add(&mm->reserved, marked);
	end_pending(mm, &mm->marked, mm_take_marked);
}

static void end_runs(struct mm *mm)
{
	end_free(mm);
	end_marks(mm);
}

/* How far from @pfn on one more block is like those before it. */
static uint64_t limit_of(struct mm *mm, uint64_t pfn)
{
	struct mm_place at;
	uint64_t end;
	const struct mm_node *node;

	if (!mm->mapped)
		return UINT64_MAX;
	at = pagemap_find(&mm->pages, pfn);
	end = pagemap_end(&mm->pages, at);
	node = mm->rules.deferred ? mm_find_node(mm, pagemap_at(&mm->pages, at)->nid) : NULL;
	if (node && pfn < node->first_deferred_pfn && end > node->first_deferred_pfn)
		end = node->first_deferred_pfn;
	return end;
}

static void begin_free(struct mm *mm, struct range block, bool late, bool core)
{
	end_runs(mm);
	mm->run = block;
	mm->run_is_late = late;
	mm->run_is_core = core;
	mm->run_limit = limit_of(mm, block.start);
}

/* A block that does not continue the run, or is none. */
static void take_block(struct mm *mm, uint64_t pfn, uint64_t order, bool late, bool core)
{
	if (order > mm->max_order || pfn & ((1ULL << order) - 1)) {
		if (mm->nr_bad < MAX_BAD)
			ARRAY_APPEND(mm->bad, mm->nr_bad, mm->room_bad) =
				(struct mm_bad_block){ .pfn = pfn, .order = order };
		if (order >= MM_MAX_ORDERS)
			return;
	}
	mm->received[order]++;
	mm->received_late[order] += late;
	begin_free(mm, (struct range){ pfn, pfn + (1ULL << order) }, late, core);
}

/* All but the first block of a run of pages that are alike: all that is to be done for most. */
static inline bool continue_run(struct mm *mm, uint64_t pfn, uint64_t order, bool late, bool core)
{
	uint64_t pages = 1ULL << (order & 63);

	if (pfn != mm->run.end || order > mm->max_order || pfn & (pages - 1) ||
	    pfn + pages > mm->run_limit || mm->run_is_late != late || mm->run_is_core != core)
		return false;
	mm->run.end = pfn + pages;
	mm->received[order]++;
	mm->received_late[order] += late;
	return true;
}

static void take_pending(struct mm *mm, struct mm_pending *p, uint64_t start, uint64_t end,
			 long nid)
{
	if (!range_is_empty(mm->run))
		end_free(mm);
	if (p->pfns.end != start || p->nid != nid || range_is_empty(p->pfns)) {
		end_marks(mm);
		*p = (struct mm_pending){ { start, start }, (int)nid };
	}
	p->pfns.end = end;
}

static __attribute__((noinline)) void take_event(struct mm *mm, enum rt_event event, uint64_t a,
						 uint64_t b, long c)
{
	switch (event) {
	case RT_FREE_PAGES:
		take_block(mm, a, b, mm->handed_over, false);
		break;
	case RT_FREE_LATE:
		if (!continue_run(mm, a, b, true, true))
			take_block(mm, a, b, true, true);
		break;
	case RT_RESERVE_PAGES:
		mm->nid_untold |= c == RT_NID_UNTOLD;
		take_pending(mm, &mm->marked, a, b, c);
		break;
	case RT_INIT_PAGES:
		take_pending(mm, &mm->inited, a, b, c);
		break;
	case RT_TOTALRAM:
		mm->totalram_pages += c;
		mm->totalram_told = true;
		break;
	default:
		break;
	}
}

/* Called for each block of all memory, and therefore short. */
void mm_event(struct mm *mm, enum rt_event event, uint64_t a, uint64_t b, long c)
{
	if (event != RT_FREE_PAGES || !continue_run(mm, a, b, mm->handed_over, false))
		take_event(mm, event, a, b, c);
}

void mm_handed_over(struct mm *mm)
{
	end_runs(mm);
	mm->handed_over = true;
}

void mm_free_reserved(struct mm *mm, struct range pfns)
{
	if (range_is_empty(pfns))
		return;
	mm->totalram_pages += (int64_t)range_size(pfns);
	mm->released_pages += range_size(pfns);
	for (struct range part = pfns; part.start < pfns.end; part.start = part.end) {
		part.end = limit_of(mm, part.start);
		part.end = part.end < pfns.end ? part.end : pfns.end;
		begin_free(mm, part, true, true);
	}
	end_runs(mm);
}

/* Ranges, of whose blocks none crosses the border of a zone. */
static void fill_free(struct mm *mm, const struct rangeset *set, bool late)
{
	for (size_t i = 0; i < set->nr; i++) {
		struct range part = set->v[i];

		for (; part.start < set->v[i].end; part.start = part.end) {
			part.end = limit_of(mm, part.start);
			part.end = part.end < set->v[i].end ? part.end : set->v[i].end;
			mm_take_free(mm, part, late, late);
		}
	}
}

/* What came before there was a map. */
static void fill_map(struct mm *mm)
{
	for (size_t i = 0; i < mm->reserved.nr; i++)
		mm_take_marked(mm, mm->reserved.v[i], RT_NID_UNTOLD);
	fill_free(mm, &mm->freed, false);
	fill_free(mm, &mm->late, true);
}

void mm_settle(struct mm *mm)
{
	end_runs(mm);
	if (!mm->mapped) {
		mm_init_memmap(mm);
		fill_map(mm);
	}
	mm_count_free(mm);
	mm->received_pages = 0;
	for (int order = 0; order < MM_MAX_ORDERS; order++)
		mm->received_pages += mm->received[order] << order;
}

uint64_t mm_free_pages(const struct mm *mm)
{
	return rangeset_size(&mm->freed) + rangeset_size(&mm->late);
}
