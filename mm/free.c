// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is free in each zone, as blocks of a buddy allocator. Blocks do not merge across the border
 * of a zone or a node, nor over a hole.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "mm/internal.h"

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

/* With kernelcore=mirror zones overlap: what is not mirrored is of Movable, if that is there. */
static bool is_of_zone(const struct mm *mm, const struct mm_node *node, const struct mm_zone *z,
		       const struct mm_span *s)
{
	if (!mm->mirrored || !node->movable_start)
		return true;
	if (z->kind == MM_MOVABLE)
		return !(s->flags & MM_MIRROR);
	return s->flags & MM_MIRROR || s->pfns.start < node->movable_start;
}

static void count_part(struct mm_zone *z, struct range part, const struct rangeset *freed,
		       unsigned int max_order)
{
	for (size_t i = rangeset_after(freed, part.start); i < freed->nr; i++) {
		struct range run = range_intersect(freed->v[i], part);

		if (freed->v[i].start >= part.end)
			break;
		z->free_pages += range_size(run);
		mm_count_blocks(run, max_order, z->blocks);
	}
}

static void count_zone(const struct mm *mm, const struct mm_node *node, struct mm_zone *z,
		       const struct rangeset *freed)
{
	struct range part = { 0 };

	z->free_pages = 0;
	memset(z->blocks, 0, sizeof(z->blocks));
	for (size_t i = node->first; i < node->first + node->nr; i++) {
		const struct mm_span *s = &mm->by_node[i];
		struct range next = range_intersect(s->pfns, z->spanned);

		if (range_is_empty(next) || !is_of_zone(mm, node, z, s))
			continue;
		if (mm->mirrored && z->kind != MM_MOVABLE && !(s->flags & MM_MIRROR) &&
		    node->movable_start)
			next.end = next.end < node->movable_start ? next.end : node->movable_start;
		/* regions that differ in their flags alone touch, and blocks merge over that */
		if (part.end == next.start) {
			part.end = next.end;
			continue;
		}
		count_part(z, part, freed, mm->max_order);
		part = next;
	}
	count_part(z, part, freed, mm->max_order);
}

void mm_count_free(struct mm *mm)
{
	struct rangeset freed = all_free(mm);
	size_t node = 0;

	for (size_t i = 0; i < mm->nr_zones; i++) {
		while (mm->nodes[node].nid != mm->zones[i].nid)
			node++;
		count_zone(mm, &mm->nodes[node], &mm->zones[i], &freed);
	}
	rangeset_release(&freed);
}
