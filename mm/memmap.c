// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Struct pages are initialised: memmap_init() of mm/mm_init.c (6.12; mm/page_alloc.c before 6.5),
 * and later what was deferred. Runs stand for the kernel's loops over pages.
 */
#include <stdlib.h>

#include "lib/array.h"
#include "mm/internal.h"

/* What the kernel keeps in static variables meanwhile. */
struct init {
	struct mm *mm;
	uint64_t hole_pfn;		   /* below it all is initialised */
	uint64_t zone_end, nr_initialised; /* of defer_init() */
};

static uint64_t round_down(uint64_t pfn, unsigned int order)
{
	return pfn >> order << order;
}

static uint64_t round_up(uint64_t pfn, unsigned int order)
{
	return round_down(pfn + (1ULL << order) - 1, order);
}

struct mm_node *mm_find_node(const struct mm *mm, int nid)
{
	size_t lo = 0, hi = mm->nr_nodes;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (mm->nodes[mid].nid == nid)
			return &mm->nodes[mid];
		if (mm->nodes[mid].nid < nid)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

/*
 * Where struct pages are: for whole sections that memory is in; without sections from end to end,
 * or, if the map of holes is given back, for whole blocks of pages that memory is in (arm since
 * 5.14; before, pfn_valid() was not true of what else is in such a block).
 */
static struct rangeset find_valid(const struct mm *mm)
{
	unsigned int order = mm->rules.section_order;
	struct rangeset valid = { 0 };

	for (size_t i = 0; i < mm->nr_spans; i++) {
		struct range r = mm->spans[i].pfns;

		if (order) {
			r.start = round_down(r.start, order);
			r.end = round_up(r.end, order);
		} else if (mm->rules.only_memory) {
			r.start = round_down(r.start, mm->rules.pageblock_order);
			r.end = round_up(r.end, mm->rules.pageblock_order);
		} else {
			r.start = 0; /* below max_mapnr */
		}
		rangeset_add(&valid, r);
	}
	return valid;
}

/*
 * init_unavailable_range(): pages of no memory, where there are struct pages. It looks at the
 * first page of each block of pages only.
 */
static void init_hole(struct init *in, const struct rangeset *valid, struct range hole, int nid,
		      unsigned int kind)
{
	unsigned int order = in->mm->rules.pageblock_order;

	if (in->mm->rules.holes_not_linked) {
		nid = 0;
		kind = 0;
		while (kind < MM_NORMAL && !in->mm->has_zone[kind])
			kind++;
	}
	for (size_t i = rangeset_after(valid, round_down(hole.start, order)); i < valid->nr; i++) {
		struct range r = valid->v[i];

		if (r.start >= hole.end)
			break;
		r.start = round_up(r.start, order);
		r.end = round_up(r.end, order);
		mm_set_pages(in->mm, range_intersect(r, hole), nid, kind, MM_PAGE_HOLE);
	}
}

static void begin_zone(struct init *in, uint64_t zone_end)
{
	if (in->zone_end != zone_end) {
		in->zone_end = zone_end;
		in->nr_initialised = 0;
	}
}

/* defer_init() for each page of a range: the first one that is left for later, or its end. */
static uint64_t find_deferred(struct init *in, struct mm_node *node, struct range r,
			      uint64_t zone_end)
{
	const struct mm_map_rules *rules = &in->mm->rules;
	unsigned int order = rules->section_order;
	uint64_t section = 1ULL << order, pfn = r.start;

	if (!rules->deferred || !order)
		return r.end;
	if (rules->low_zones_count)
		begin_zone(in, zone_end);
	if (zone_end < node->pfns.end)
		return r.end; /* a low zone, for those who can use no other */
	if (rules->deferred_by_zone) {
		pfn = node->first_deferred_pfn > r.start ? node->first_deferred_pfn : r.start;
		return pfn < r.end ? pfn : r.end;
	}
	if (node->first_deferred_pfn != UINT64_MAX)
		return r.start;
	begin_zone(in, zone_end);
	if (in->nr_initialised < section)
		pfn += section - in->nr_initialised;
	pfn = round_up(pfn, order);
	if (pfn >= r.end) {
		in->nr_initialised += range_size(r);
		return r.end;
	}
	in->nr_initialised += pfn - r.start + 1;
	node->first_deferred_pfn = pfn;
	return pfn;
}

/*
 * update_defer_init(), for each page of a zone that has a struct page and is not another node's:
 * the first of a section that comes after as many pages as a section has.
 */
static uint64_t find_deferred_of_zone(const struct mm *mm, const struct rangeset *valid,
				      const struct mm_zone *z)
{
	uint64_t section = 1ULL << mm->rules.section_order, done = 0, found = UINT64_MAX;
	struct rangeset pages = { 0 };

	for (size_t i = rangeset_after(valid, z->spanned.start); i < valid->nr; i++)
		rangeset_add(&pages, range_intersect(valid->v[i], z->spanned));
	for (size_t i = 0; i < mm->nr_spans; i++)
		if (mm->spans[i].nid != z->nid)
			rangeset_remove(&pages, mm->spans[i].pfns);
	for (size_t i = 0; i < pages.nr; i++) {
		struct range r = pages.v[i];
		uint64_t pfn = done < section ? r.start + section - done : r.start;

		pfn = round_up(pfn, mm->rules.section_order);
		done += range_size(r);
		if (pfn < r.end) {
			found = pfn;
			break;
		}
	}
	rangeset_release(&pages);
	return found;
}

static void defer_by_zone(struct mm *mm, const struct rangeset *valid)
{
	for (size_t i = 0; i < mm->nr_zones; i++) {
		const struct mm_zone *z = &mm->zones[i];
		struct mm_node *node = mm_find_node(mm, z->nid);

		if (z->spanned.end >= node->pfns.end)
			node->first_deferred_pfn = find_deferred_of_zone(mm, valid, z);
	}
}

/* memmap_init_zone_range() */
static void init_range(struct init *in, const struct rangeset *valid, struct mm_node *node,
		       const struct mm_zone *z, const struct mm_span *span)
{
	struct range r = range_intersect(span->pfns, z->spanned);
	uint64_t deferred;

	if (range_is_empty(r))
		return;
	/* overlap_memmap_init() */
	if (!in->mm->mirrored || z->kind != MM_MOVABLE || !(span->flags & MM_MIRROR)) {
		deferred = find_deferred(in, node, r, z->spanned.end);
		mm_set_pages(in->mm, (struct range){ r.start, deferred }, z->nid, z->kind,
			     span->flags & MM_NOMAP ? MM_PAGE_NOMAP : MM_PAGE_INIT);
		mm_set_pages(in->mm, (struct range){ deferred, r.end }, z->nid, z->kind,
			     MM_PAGE_DEFERRED);
	}
	if (in->hole_pfn < r.start)
		init_hole(in, valid, (struct range){ in->hole_pfn, r.start }, z->nid, z->kind);
	in->hole_pfn = r.end;
}

static void index_zones(struct mm *mm)
{
	mm->nr_nids = mm->nr_nodes ? mm->nodes[mm->nr_nodes - 1].nid + 1 : 0;
	mm->zone_of = array_resize(mm->zone_of, (size_t)mm->nr_nids * MM_NR_ZONES, sizeof(void *));
	for (size_t i = 0; i < (size_t)mm->nr_nids * MM_NR_ZONES; i++)
		mm->zone_of[i] = NULL;
	for (size_t i = 0; i < mm->nr_zones; i++) {
		struct mm_zone *z = &mm->zones[i];

		mm->zone_of[z->nid * MM_NR_ZONES + z->kind] = z;
	}
}

void mm_init_memmap(struct mm *mm)
{
	struct init in = { .mm = mm };
	const struct mm_zone *last = NULL;
	struct rangeset valid;

	mm_find_zones(mm);
	index_zones(mm);
	for (size_t i = 0; i < mm->nr_nodes; i++)
		mm->nodes[i].first_deferred_pfn = UINT64_MAX;
	pagemap_release(&mm->pages);
	pagemap_init(&mm->pages);
	mm->mapped = true;
	mm->counted = false;
	valid = find_valid(mm);
	if (mm->rules.deferred && mm->rules.section_order && mm->rules.deferred_by_zone)
		defer_by_zone(mm, &valid);
	for (size_t i = 0; i < mm->nr_spans; i++) {
		const struct mm_span *span = &mm->spans[i];

		for (int kind = 0; kind < MM_NR_ZONES; kind++) {
			const struct mm_zone *z = mm_zone_at(mm, span->nid, kind);

			if (span->flags & MM_NO_NODE || !z || !z->present_pages)
				continue;
			init_range(&in, &valid, mm_find_node(mm, span->nid), z, span);
			last = z;
		}
	}
	if (last) {
		uint64_t end = mm->spans[mm->nr_spans - 1].pfns.end;

		end = round_up(end, mm->rules.section_order);
		init_hole(&in, &valid, (struct range){ in.hole_pfn, end }, last->nid, last->kind);
	}
	rangeset_release(&valid);
}

void mm_init_deferred(struct mm *mm, struct range pfns)
{
	struct range part = pfns;

	for (; part.start < pfns.end; part.start = part.end) {
		struct mm_place at = pagemap_find(&mm->pages, part.start);
		struct mm_run run = *pagemap_at(&mm->pages, at);

		part.end = pagemap_end(&mm->pages, at);
		part.end = part.end < pfns.end ? part.end : pfns.end;
		if (run.state == MM_PAGE_DEFERRED ||
		    (run.state == MM_PAGE_INIT && mm_is_dropped(mm, part.start, &run)))
			mm_set_pages(mm, part, run.nid, run.kind, MM_PAGE_FREE);
	}
}

void mm_end_deferred(struct mm *mm)
{
	for (size_t i = 0; i < mm->nr_nodes; i++)
		mm->nodes[i].first_deferred_pfn = UINT64_MAX;
}
