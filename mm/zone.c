// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Zones: their ranges, and what each node spans and has present in them, by the rules of
 * free_area_init() (mm/mm_init.c, 6.12; the same in 2.6.23 and since, if not said otherwise).
 */
#include <stdlib.h>

#include "lib/array.h"
#include "mm/internal.h"

const char *mm_zone_name(enum mm_zone_kind kind)
{
	static const char *const names[MM_NR_ZONES] = {
		[MM_DMA] = "DMA",	  [MM_DMA32] = "DMA32",	    [MM_NORMAL] = "Normal",
		[MM_HIGHMEM] = "HighMem", [MM_MOVABLE] = "Movable", [MM_DEVICE] = "Device",
	};

	return names[kind];
}

static int compare_spans(const void *a, const void *b)
{
	const struct mm_span *x = a, *y = b;

	if (x->nid != y->nid)
		return (x->nid > y->nid) - (x->nid < y->nid);
	return (x->pfns.start > y->pfns.start) - (x->pfns.start < y->pfns.start);
}

static void find_nodes(struct mm *mm)
{
	size_t nr = 0;

	mm->by_node = array_resize(mm->by_node, mm->nr_spans + 1, sizeof(*mm->by_node));
	mm->nr_nodes = 0;
	for (size_t i = 0; i < mm->nr_spans; i++)
		if (!(mm->spans[i].flags & MM_NO_NODE))
			mm->by_node[nr++] = mm->spans[i];
	qsort(mm->by_node, nr, sizeof(*mm->by_node), compare_spans);
	for (size_t i = 0; i < nr; i++) {
		const struct mm_span *s = &mm->by_node[i];
		struct mm_node *last = mm->nr_nodes ? &mm->nodes[mm->nr_nodes - 1] : NULL;

		if (!last || last->nid != s->nid) {
			ARRAY_APPEND(mm->nodes, mm->nr_nodes, mm->room_nodes) =
				(struct mm_node){ .nid = s->nid, .pfns = s->pfns, .first = i };
			last = &mm->nodes[mm->nr_nodes - 1];
		}
		last->pfns.end = s->pfns.end;
		last->nr++;
	}
}

static void find_ranges(struct mm *mm)
{
	uint64_t start = mm->nr_spans ? mm->spans[0].pfns.start : 0;
	uint64_t memory_end = mm->nr_spans ? mm->spans[mm->nr_spans - 1].pfns.end : 0;

	for (int kind = 0; kind < MM_NR_ZONES; kind++) {
		uint64_t end = mm->zone_end_pfn[kind];

		mm->zone_range[kind] = (struct range){ 0 };
		if (!mm->has_zone[kind] || kind == MM_MOVABLE)
			continue;
		if (end == UINT64_MAX)
			end = memory_end;
		if (end < start)
			end = start;
		mm->zone_range[kind] = (struct range){ start, end };
		start = end;
	}
}

/* adjust_zone_range_for_zone_movable() */
static void leave_movable(const struct mm *mm, const struct mm_node *node, struct range *zone)
{
	uint64_t start = node->movable_start;

	if (!start)
		return;
	if (!mm->mirrored && zone->start < start && zone->end > start)
		zone->end = start;
	else if (zone->start >= start)
		zone->start = zone->end;
}

/* Where the zone that Movable is cut out of ends: the highest one that has any range. */
static uint64_t movable_limit(const struct mm *mm)
{
	uint64_t limit = 0;

	for (int kind = 0; kind < MM_NR_ZONES; kind++)
		if (!range_is_empty(mm->zone_range[kind]))
			limit = mm->zone_range[kind].end;
	return limit;
}

/* zone_spanned_pages_in_node() */
static struct range find_spanned(const struct mm *mm, const struct mm_node *node,
				 enum mm_zone_kind kind)
{
	struct range zone = mm->zone_range[kind];

	if (kind == MM_MOVABLE) {
		if (node->movable_start)
			zone = (struct range){ node->movable_start, movable_limit(mm) };
	} else {
		zone = range_intersect(zone, node->pfns);
		leave_movable(mm, node, &zone);
	}
	return range_intersect(zone, node->pfns);
}

static uint64_t count_pages(const struct mm_span *spans, size_t nr, struct range zone)
{
	uint64_t pages = 0;

	for (size_t i = 0; i < nr; i++)
		pages += range_size(range_intersect(spans[i].pfns, zone));
	return pages;
}

/*
 * zone_absent_pages_in_node(): with kernelcore=mirror what is mirrored is not in Movable, and the
 * rest not in Normal. The kernel counts this for all nodes.
 */
static uint64_t count_others(const struct mm *mm, enum mm_zone_kind kind, struct range zone)
{
	unsigned int other = kind == MM_MOVABLE ? MM_MIRROR : 0;
	uint64_t pages = 0;

	if (kind != MM_MOVABLE && kind != MM_NORMAL)
		return 0;
	for (size_t i = 0; i < mm->nr_spans; i++)
		if ((mm->spans[i].flags & MM_MIRROR) == other)
			pages += range_size(range_intersect(mm->spans[i].pfns, zone));
	return pages;
}

static void add_zone(struct mm *mm, const struct mm_node *node, enum mm_zone_kind kind)
{
	struct mm_zone z = { .kind = kind, .nid = node->nid };
	uint64_t others;

	z.spanned = find_spanned(mm, node, kind);
	if (range_is_empty(z.spanned))
		return;
	z.present_pages = count_pages(&mm->by_node[node->first], node->nr, z.spanned);
	if (mm->mirrored && node->movable_start) {
		others = count_others(mm, kind, z.spanned);
		z.present_pages -= others < z.present_pages ? others : z.present_pages;
	}
	z.absent_pages = range_size(z.spanned) - z.present_pages;
	ARRAY_APPEND(mm->zones, mm->nr_zones, mm->room_zones) = z;
}

void mm_find_zones(struct mm *mm)
{
	find_nodes(mm);
	find_ranges(mm);
	mm_find_movable(mm);
	mm->nr_zones = 0;
	for (size_t i = 0; i < mm->nr_nodes; i++)
		for (int kind = 0; kind < MM_NR_ZONES; kind++)
			if (mm->has_zone[kind])
				add_zone(mm, &mm->nodes[i], kind);
}
