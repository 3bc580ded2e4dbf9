// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Zones: what is present, spanned and free in each, by the rules of free_area_init() (6.12). Blocks
 * do not merge across the border of a zone or a node, nor over a hole.
 */
#include <stdlib.h>

#include "lib/array.h"
#include "mm/internal.h"

const char *mm_zone_name(enum mm_zone_kind kind)
{
	static const char *const names[MM_NR_ZONES] = {
		[MM_DMA] = "DMA",
		[MM_DMA32] = "DMA32",
		[MM_NORMAL] = "Normal",
	};

	return names[kind];
}

void mm_count_blocks(struct range run, unsigned int max_order, uint64_t blocks[MM_MAX_ORDERS])
{
	uint64_t top = 1ULL << max_order;
	uint64_t pfn = run.start;

	while (pfn < run.end) {
		unsigned int order = pfn ? (unsigned int)__builtin_ctzll(pfn) : max_order;

		if (order >= max_order && run.end - pfn >= top) {
			/* all the largest blocks in one go */
			blocks[max_order] += (run.end - pfn) / top;
			pfn += (run.end - pfn) / top * top;
			continue;
		}
		if (order > max_order)
			order = max_order;
		while (1ULL << order > run.end - pfn)
			order--;
		blocks[order]++;
		pfn += 1ULL << order;
	}
}

static struct range zone_range(const struct mm *mm, enum mm_zone_kind kind)
{
	uint64_t start = 0;

	for (int i = 0; i < (int)kind; i++)
		if (mm->zone_end_pfn[i] > start)
			start = mm->zone_end_pfn[i];
	return (struct range){ start, mm->zone_end_pfn[kind] };
}

/* What is free is one set here, so that what was freed late merges with its buddies. */
static struct rangeset all_free(const struct mm *mm)
{
	struct rangeset all = { 0 };

	for (size_t i = 0; i < mm->freed.nr; i++)
		rangeset_add(&all, mm->freed.v[i]);
	for (size_t i = 0; i < mm->late.nr; i++)
		rangeset_add(&all, mm->late.v[i]);
	return all;
}

static void count_span(struct mm_zone *z, struct range part, const struct rangeset *freed,
		       unsigned int max_order)
{
	z->present_pages += range_size(part);
	for (size_t i = rangeset_after(freed, part.start); i < freed->nr; i++) {
		struct range run = range_intersect(freed->v[i], part);

		if (freed->v[i].start >= part.end)
			break;
		z->free_pages += range_size(run);
		mm_count_blocks(run, max_order, z->blocks);
	}
}

static void add_zone(struct mm *mm, int nid, struct range node, enum mm_zone_kind kind,
		     const struct rangeset *freed)
{
	struct range zone = zone_range(mm, kind);
	struct mm_zone z = { .kind = kind, .nid = nid };

	for (size_t i = 0; i < mm->nr_spans; i++) {
		struct range part = range_intersect(mm->spans[i].pfns, zone);

		if (mm->spans[i].nid == nid && !range_is_empty(part))
			count_span(&z, part, freed, mm->max_order);
	}
	if (!z.present_pages)
		return;
	z.spanned = range_intersect(zone, node);
	ARRAY_APPEND(mm->zones, mm->nr_zones, mm->room_zones) = z;
}

static int compare_int(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return (x > y) - (x < y);
}

void mm_count_zones(struct mm *mm)
{
	int *nids = array_resize(NULL, mm->nr_spans + 1, sizeof(*nids));
	struct rangeset freed = all_free(mm);

	mm->nr_zones = 0;
	for (size_t i = 0; i < mm->nr_spans; i++)
		nids[i] = mm->spans[i].nid;
	qsort(nids, mm->nr_spans, sizeof(*nids), compare_int);
	for (size_t i = 0; i < mm->nr_spans; i++) {
		struct range node = { UINT64_MAX, 0 };

		if (i && nids[i] == nids[i - 1])
			continue;
		for (size_t j = 0; j < mm->nr_spans; j++) {
			if (mm->spans[j].nid != nids[i])
				continue;
			if (mm->spans[j].pfns.start < node.start)
				node.start = mm->spans[j].pfns.start;
			if (mm->spans[j].pfns.end > node.end)
				node.end = mm->spans[j].pfns.end;
		}
		for (int kind = 0; kind < MM_NR_ZONES; kind++)
			add_zone(mm, nids[i], node, kind, &freed);
	}
	rangeset_release(&freed);
	free(nids);
}
