// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where the zone Movable begins on each node, for kernelcore=, movablecore= and movable_node: what
 * find_zone_movable_pfns_for_nodes() finds (mm/mm_init.c, 6.12; in mm/page_alloc.c before 6.5).
 */
#include "mm/internal.h"

/* What is still to be shared out among the nodes, and what each of them gets in this round. */
struct share {
	uint64_t wanted, each;
	uint64_t lowest; /* no page below this one can be Movable */
};

static uint64_t less(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

static struct mm_node *find_node(struct mm *mm, int nid)
{
	for (size_t i = 0; i < mm->nr_nodes; i++)
		if (mm->nodes[i].nid == nid)
			return &mm->nodes[i];
	return NULL;
}

static void begin_at(struct mm *mm, const struct mm_span *span)
{
	struct mm_node *node = find_node(mm, span->nid);

	if (!node)
		return;
	/* page frame 0 is as good as none, for the kernel as well */
	if (!node->movable_start || span->pfns.start < node->movable_start)
		node->movable_start = span->pfns.start;
}

/* movable_node: from the first memory that can be unplugged */
static void begin_at_hotplug(struct mm *mm)
{
	for (size_t i = 0; i < mm->nr_spans; i++)
		if (mm->spans[i].flags & MM_HOTPLUG)
			begin_at(mm, &mm->spans[i]);
}

/* kernelcore=mirror: from the first that is not mirrored; below 4 GiB it cannot be helped */
static void begin_at_mirror(struct mm *mm)
{
	const uint64_t low = (1ULL << 32) >> mm->page_shift;

	for (size_t i = 0; i < mm->nr_spans; i++) {
		if (mm->spans[i].flags & MM_MIRROR)
			continue;
		if (mm->spans[i].pfns.start < low)
			mm->low_not_mirrored = true;
		else
			begin_at(mm, &mm->spans[i]);
	}
}

/* Gives one node's share of this round to the kernel, from where the round before ended. */
static void share_node(struct mm *mm, struct mm_node *node, struct share *s)
{
	uint64_t left = s->each;

	for (size_t i = node->first; i < node->first + node->nr; i++) {
		struct range r = mm->by_node[i].pfns;
		uint64_t pages;

		if (r.start < node->movable_start)
			r.start = node->movable_start;
		if (range_is_empty(r))
			continue;
		if (r.start < s->lowest) {
			/* this is the kernel's in any case */
			pages = (r.end < s->lowest ? r.end : s->lowest) - r.start;
			left = less(left, pages);
			s->wanted = less(s->wanted, pages);
			if (r.end <= s->lowest) {
				node->movable_start = r.end; /* counted, once and for all */
				continue;
			}
			r.start = s->lowest;
		}
		pages = range_size(r) < left ? range_size(r) : left;
		node->movable_start = r.start + pages;
		s->wanted = less(s->wanted, pages);
		left -= pages;
		if (!left)
			break;
	}
}

/* As much for the kernel on each node; what a small node lacks is asked of the others. */
static void share_out(struct mm *mm, uint64_t wanted)
{
	struct share s = { .wanted = wanted };
	size_t nodes = mm->nr_nodes;

	for (int kind = 0; kind < MM_NR_ZONES; kind++)
		if (!range_is_empty(mm->zone_range[kind]))
			s.lowest = mm->zone_range[kind].start;
	do {
		s.each = s.wanted / nodes;
		for (size_t i = 0; i < mm->nr_nodes; i++) {
			if (s.wanted < s.each)
				s.each = s.wanted / nodes;
			share_node(mm, &mm->nodes[i], &s);
		}
		nodes--;
	} while (nodes && s.wanted > nodes);
}

/* Pages that must not be Movable, by kernelcore= and movablecore=; 0: nothing is Movable. */
static uint64_t kernel_pages(const struct mm *mm)
{
	const uint64_t block = 1ULL << mm->max_order;
	uint64_t kernel = mm->movable.kernelcore, movable = mm->movable.movablecore, all = 0;

	for (size_t i = 0; i < mm->nr_spans; i++)
		all += range_size(mm->spans[i].pfns);
	if (mm->movable.kernelcore_percent)
		kernel = all * 100 * mm->movable.kernelcore_percent / 10000;
	if (mm->movable.movablecore_percent)
		movable = all * 100 * mm->movable.movablecore_percent / 10000;
	if (movable) {
		movable = movable > all ? all : (movable + block - 1) & -block;
		movable = movable > all ? all : movable;
		if (all - movable > kernel)
			kernel = all - movable;
	}
	return kernel < all ? kernel : 0;
}

void mm_find_movable(struct mm *mm)
{
	const uint64_t block = 1ULL << mm->max_order;
	bool has_mirror = false, checked = mm->movable.mirror_is_checked;
	uint64_t wanted = 0;

	for (size_t i = 0; i < mm->nr_nodes; i++)
		mm->nodes[i].movable_start = 0;
	for (size_t i = 0; i < mm->nr_spans; i++)
		has_mirror |= mm->spans[i].flags & MM_MIRROR;
	mm->mirrored = mm->movable.mirror;
	mm->low_not_mirrored = false;
	mm->no_mirror = mm->movable.mirror && !mm->movable.node && checked && !has_mirror;
	if (mm->movable.node)
		begin_at_hotplug(mm);
	else if (mm->movable.mirror && (!checked || (has_mirror && !mm->movable.is_kdump)))
		begin_at_mirror(mm);
	else if (!mm->movable.mirror)
		wanted = kernel_pages(mm);
	if (wanted)
		share_out(mm, wanted);
	for (size_t i = 0; i < mm->nr_nodes; i++) {
		struct mm_node *node = &mm->nodes[i];

		node->movable_start = (node->movable_start + block - 1) & -block;
		if (node->movable_start >= node->pfns.end)
			node->movable_start = 0;
	}
}
