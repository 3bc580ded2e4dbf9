// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The buddy allocator. Buddies that can merge always have, and blocks are only split as far as an
 * allocation needs. So what blocks a run of free pages of one zone is made of follows from where
 * it begins and ends: the map of pages is the free lists, with the orders that are in each run,
 * and zones count their blocks.
 */
#include <errno.h>
#include <stdlib.h>

#include "lib/array.h"
#include "mm/internal.h"

/* The largest block that a run up to @end can have at @pfn. */
static unsigned int order_at(uint64_t pfn, uint64_t end, unsigned int max_order)
{
	unsigned int order = pfn ? (unsigned int)__builtin_ctzll(pfn) : max_order;
	unsigned int room = 63 - (unsigned int)__builtin_clzll(end - pfn);

	order = order < max_order ? order : max_order;
	return order < room ? order : room;
}

/* One block of each order that has its bit in @orders. */
static void count_each(uint64_t orders, uint64_t sign, uint64_t blocks[MM_MAX_ORDERS])
{
	for (; orders; orders &= orders - 1)
		blocks[__builtin_ctzll(orders)] += sign;
}

/*
 * Blocks grow from the start of a run up to a page frame that is aligned to the largest of them,
 * and shrink from another such one to the end: once through each order at most, either way.
 */
static uint32_t count_blocks(struct range run, unsigned int max_order, uint64_t sign,
			     uint64_t blocks[MM_MAX_ORDERS])
{
	unsigned int top;
	uint64_t below, up, down, nr;

	if (range_is_empty(run))
		return 0;
	top = 63 - (unsigned int)__builtin_clzll(run.start ^ run.end);
	top = top < max_order ? top : max_order;
	below = (1ULL << top) - 1;
	up = -run.start & below;
	down = run.end & below;
	nr = (run.end - down - (run.start + up)) >> top;
	count_each(up, sign, blocks);
	count_each(down, sign, blocks);
	blocks[top] += sign * nr;
	return (uint32_t)(up | down) | (uint32_t) !!nr << top;
}

void mm_count_blocks(struct range run, unsigned int max_order, uint64_t blocks[MM_MAX_ORDERS])
{
	count_blocks(run, max_order, 1, blocks);
}

struct mm_zone *mm_zone_at(const struct mm *mm, int nid, enum mm_zone_kind kind)
{
	if (nid < 0 || nid >= mm->nr_nids || kind >= MM_NR_ZONES)
		return NULL;
	return mm->zone_of[nid * MM_NR_ZONES + kind];
}

/* Puts a run of free pages on the lists of its zone, or takes it off (@sign -1). */
static void list(struct mm *mm, struct mm_place at, uint64_t sign)
{
	uint64_t none[MM_MAX_ORDERS] = { 0 };
	struct mm_run *run = pagemap_at(&mm->pages, at);
	struct range pfns = { run->start, pagemap_end(&mm->pages, at) };
	struct mm_zone *z = mm_zone_at(mm, run->nid, run->kind);

	run->orders = count_blocks(pfns, mm->max_order, sign, z ? z->blocks : none);
	mm->pages.leaves[at.leaf].stale = true;
	if (z)
		z->free_pages += sign * range_size(pfns);
}

/* The same for all free runs that are in @pfns or touch it. */
static void list_all(struct mm *mm, struct range pfns, uint64_t sign)
{
	struct mm_place at = pagemap_find(&mm->pages, pfns.start ? pfns.start - 1 : 0);

	do {
		const struct mm_run *run = pagemap_at(&mm->pages, at);

		if (run->start > pfns.end)
			break;
		if (run->state == MM_PAGE_FREE)
			list(mm, at, sign);
	} while (pagemap_next(&mm->pages, &at));
}

void mm_set_pages(struct mm *mm, struct range pfns, int nid, unsigned int kind,
		  enum mm_page_state state)
{
	struct mm_run run = { .nid = (int16_t)nid, .kind = (uint8_t)kind, .state = state };

	if (range_is_empty(pfns))
		return;
	if (mm->counted)
		list_all(mm, pfns, -1ULL);
	pagemap_set(&mm->pages, pfns, run);
	if (mm->counted)
		list_all(mm, pfns, 1);
}

void mm_count_free(struct mm *mm)
{
	if (!mm->counted)
		list_all(mm, (struct range){ 0, UINT64_MAX }, 1);
	mm->counted = true;
}

/* The first block of @order in a run; with @within, the block that this page is in. */
static uint64_t find_block(const struct mm *mm, struct range run, unsigned int *order,
			   uint64_t within)
{
	for (uint64_t pfn = run.start; pfn < run.end;) {
		unsigned int n = order_at(pfn, run.end, mm->max_order);
		uint64_t end = pfn + (1ULL << n);

		if (within != MM_NO_PFN && n == mm->max_order && end <= within) {
			uint64_t last = (run.end - pfn) >> n << n;

			/* all the largest blocks in one go, up to the one that matters */
			pfn += (within - pfn < last ? within - pfn : last) >> n << n;
			continue;
		}
		if (within == MM_NO_PFN ? n == *order : within < end) {
			*order = n;
			return pfn;
		}
		/* those behind the first of the largest are smaller, or as large */
		pfn = n == mm->max_order ? pfn + ((run.end - pfn) >> n << n) : end;
	}
	return MM_NO_PFN;
}

struct mm_page mm_page_of(struct mm *mm, uint64_t pfn)
{
	struct mm_place at = pagemap_find(&mm->pages, pfn);
	const struct mm_run *run = pagemap_at(&mm->pages, at);
	struct mm_page page = {
		.state = run->state,
		.nid = run->nid,
		.kind = run->kind,
		.order = MM_NO_BLOCK,
		.run = { run->start, pagemap_end(&mm->pages, at) },
	};

	if (page.state == MM_PAGE_FREE)
		find_block(mm, page.run, &page.order, pfn);
	return page;
}

/* The first block of just @order in a zone. */
static uint64_t find_in_zone(struct mm *mm, const struct mm_zone *z, unsigned int order)
{
	struct mm_place at = pagemap_find(&mm->pages, z->spanned.start);

	for (size_t leaf = pagemap_leaf_with(&mm->pages, at.leaf, order); leaf < mm->pages.nr;
	     leaf = pagemap_leaf_with(&mm->pages, leaf + 1, order)) {
		for (at = (struct mm_place){ leaf, 0 }; at.i < mm->pages.leaves[leaf].nr; at.i++) {
			const struct mm_run *run = pagemap_at(&mm->pages, at);
			struct range pfns = { run->start, pagemap_end(&mm->pages, at) };

			if (run->orders >> order & 1 && run->nid == z->nid && run->kind == z->kind)
				return find_block(mm, pfns, &order, MM_NO_PFN);
		}
	}
	return MM_NO_PFN;
}

static uint64_t alloc_in_zone(struct mm *mm, const struct mm_zone *z, unsigned int order)
{
	for (unsigned int n = order; n <= mm->max_order; n++) {
		uint64_t pfn = z->blocks[n] ? find_in_zone(mm, z, n) : MM_NO_PFN;

		if (pfn == MM_NO_PFN)
			continue;
		mm_set_pages(mm, (struct range){ pfn, pfn + (1ULL << order) }, z->nid, z->kind,
			     MM_PAGE_ALLOCATED);
		return pfn;
	}
	return MM_NO_PFN;
}

static unsigned int distance(const struct mm *mm, size_t from, size_t to)
{
	if (mm->distance)
		return mm->distance[from * mm->nr_nodes + to];
	return from == to ? 10 : 20;
}

void mm_set_distance(struct mm *mm, int from, int to, unsigned int value)
{
	const struct mm_node *a = mm_find_node(mm, from), *b = mm_find_node(mm, to);
	size_t nr = mm->nr_nodes;

	if (!a || !b)
		return;
	if (!mm->distance) {
		unsigned int *all = array_resize(NULL, nr * nr, sizeof(*all));

		for (size_t i = 0; i < nr * nr; i++)
			all[i] = distance(mm, i / nr, i % nr);
		mm->distance = all;
	}
	mm->distance[(size_t)(a - mm->nodes) * nr + (size_t)(b - mm->nodes)] = value;
}

void mm_set_cpus(struct mm *mm, int nid, bool has_cpus)
{
	struct mm_node *node = mm_find_node(mm, nid);

	if (node)
		node->no_cpus = !has_cpus;
}

/*
 * find_next_best_node(): the nearest of the nodes that are left. Lower numbers and processors count
 * as one more each; of those as near one that was first in fewer groups of such.
 */
static size_t next_node(const struct mm *mm, size_t from, const bool *used,
			const unsigned int *load)
{
	uint64_t best_value = UINT64_MAX;
	size_t best = SIZE_MAX;

	if (!used[from])
		return from;
	for (size_t i = 0; i < mm->nr_nodes; i++) {
		uint64_t value = distance(mm, from, i) + (i < from) + !mm->nodes[i].no_cpus;

		value = (value << 32) + load[i];
		if (used[i] || value >= best_value)
			continue;
		best = i;
		best_value = value;
	}
	return best;
}

/* build_zonelists() of all nodes: each node's order depends on those before it. */
static void build_fallback(struct mm *mm)
{
	size_t nr = mm->nr_nodes;
	unsigned int *load = array_resize(NULL, nr, sizeof(*load));
	bool *used = array_resize(NULL, nr, sizeof(*used));

	mm->fallback = array_resize(NULL, nr * nr, sizeof(*mm->fallback));
	for (size_t i = 0; i < nr; i++)
		load[i] = 0;
	for (size_t from = 0; from < nr; from++) {
		size_t previous = from;

		for (size_t i = 0; i < nr; i++)
			used[i] = false;
		for (size_t n = 0; n < nr; n++) {
			size_t node = next_node(mm, from, used, load);

			if (distance(mm, from, node) != distance(mm, from, previous))
				load[node]++;
			used[node] = true;
			previous = node;
			mm->fallback[from * nr + n] = (int)node;
		}
	}
	free(load);
	free(used);
}

uint64_t mm_alloc_block(struct mm *mm, unsigned int order, enum mm_zone_kind highest, int nid)
{
	const struct mm_node *node = mm_find_node(mm, nid);
	size_t from = node ? (size_t)(node - mm->nodes) : 0;

	if (!mm->fallback)
		build_fallback(mm);
	for (size_t n = 0; n < mm->nr_nodes; n++) {
		int at = mm->nodes[mm->fallback[from * mm->nr_nodes + n]].nid;

		for (int kind = highest; kind >= 0; kind--) {
			const struct mm_zone *z = mm_zone_at(mm, at, kind);
			uint64_t pfn = z ? alloc_in_zone(mm, z, order) : MM_NO_PFN;

			if (pfn != MM_NO_PFN)
				return pfn;
		}
	}
	return MM_NO_PFN;
}

/* Changes the state of @pfns, if all of it is in @from: of no other, 0 else. */
static int change(struct mm *mm, struct range pfns, enum mm_page_state from, enum mm_page_state to)
{
	struct range part;

	for (uint64_t pfn = pfns.start; pfn < pfns.end;) {
		struct mm_place at = pagemap_find(&mm->pages, pfn);

		if (pagemap_at(&mm->pages, at)->state != from)
			return -1;
		pfn = pagemap_end(&mm->pages, at);
	}
	for (part = pfns; part.start < pfns.end; part.start = part.end) {
		struct mm_place at = pagemap_find(&mm->pages, part.start);
		struct mm_run run = *pagemap_at(&mm->pages, at);

		part.end = pagemap_end(&mm->pages, at);
		part.end = part.end < pfns.end ? part.end : pfns.end;
		mm_set_pages(mm, part, run.nid, run.kind, to);
	}
	return 0;
}

int mm_alloc_range(struct mm *mm, struct range pfns)
{
	return change(mm, pfns, MM_PAGE_FREE, MM_PAGE_ALLOCATED) ? -EBUSY : 0;
}

int mm_free_range(struct mm *mm, struct range pfns)
{
	return change(mm, pfns, MM_PAGE_ALLOCATED, MM_PAGE_FREE) ? -EINVAL : 0;
}

int mm_free_block(struct mm *mm, uint64_t pfn, unsigned int order)
{
	if (order > mm->max_order || pfn & ((1ULL << order) - 1))
		return -EINVAL;
	return mm_free_range(mm, (struct range){ pfn, pfn + (1ULL << order) });
}
