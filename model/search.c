// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where an allocation goes: the highest place that fits, or the lowest one, if memblock has been set
 * to allocate bottom-up. A place lies in one region of memory that suits, in nothing that is
 * reserved, at a multiple of the alignment, between the limits, and not in the first page.
 */
#include "model/internal.h"

unsigned long search_flags(const struct model *m)
{
	if (m->kho_only)
		return m->flag.kho;
	return m->has_mirror ? m->flag.mirror : 0;
}

/* Flags that choose: only regions that have them. Flags that forbid: those regions only if asked for. */
bool search_suits(const struct model *m, const struct model_region *r, int nid, unsigned long flags)
{
	unsigned long only = flags & (m->flag.mirror | m->flag.kho);
	unsigned long forbidden = (m->flag.nomap | m->flag.driver_managed) & ~flags;

	if (m->movable_node)
		forbidden |= m->flag.hotplug & ~(m->rules[RULE_ASK_HOTPLUG] ? flags : 0);
	if (model_is_node(m, nid) && nid != r->nid)
		return false;
	return (r->flags & only) == only && !(r->flags & forbidden);
}

/* The highest place in @free, or 0. */
static uint64_t highest_in(const struct request *rq, struct range free)
{
	uint64_t at;

	if (range_size(free) < rq->size)
		return 0;
	at = (free.end - rq->size) & -rq->align;
	return at >= free.start ? at : 0;
}

static uint64_t lowest_in(const struct request *rq, struct range free)
{
	uint64_t up = -free.start & (rq->align - 1);

	if (range_size(free) < up || range_size(free) - up < rq->size)
		return 0;
	return free.start + up;
}

static uint64_t find_top_down(const struct model *m, const struct request *rq, struct range window)
{
	const struct set *memory = &m->lists[RT_MEMORY].set;
	const struct set *reserved = &m->lists[RT_RESERVED].set;
	size_t used = reserved->nr; /* those from here on lie above */
	uint64_t at;

	for (size_t i = memory->nr; i-- > 0;) {
		struct range area = range_intersect(memory->v[i].range, window);

		if (range_is_empty(area) || !search_suits(m, &memory->v[i], rq->nid, rq->flags) ||
		    (memory->v[i].flags & rq->never))
			continue;
		while (used && reserved->v[used - 1].range.end > area.start) {
			struct range taken = reserved->v[used - 1].range;
			struct range free = { taken.end, area.end };

			at = highest_in(rq, free);
			if (at)
				return at;
			if (area.end > taken.start)
				area.end = taken.start;
			if (taken.start < area.start)
				break;
			used--;
		}
		at = highest_in(rq, area);
		if (at)
			return at;
	}
	return 0;
}

static uint64_t find_bottom_up(const struct model *m, const struct request *rq, struct range window)
{
	const struct set *memory = &m->lists[RT_MEMORY].set;
	const struct set *reserved = &m->lists[RT_RESERVED].set;
	size_t used = 0; /* those before lie below */
	uint64_t at;

	for (size_t i = 0; i < memory->nr; i++) {
		struct range area = range_intersect(memory->v[i].range, window);

		if (range_is_empty(area) || !search_suits(m, &memory->v[i], rq->nid, rq->flags) ||
		    (memory->v[i].flags & rq->never))
			continue;
		while (used < reserved->nr && reserved->v[used].range.start < area.end) {
			struct range taken = reserved->v[used].range;
			struct range free = { area.start, taken.start };

			at = lowest_in(rq, free);
			if (at)
				return at;
			if (area.start < taken.end)
				area.start = taken.end;
			if (taken.end > area.end)
				break;
			used++;
		}
		at = lowest_in(rq, area);
		if (at)
			return at;
	}
	return 0;
}

uint64_t search_find(const struct model *m, const struct request *rq)
{
	struct range window = { rq->start, rq->end };

	/* MEMBLOCK_ALLOC_ACCESSIBLE and MEMBLOCK_ALLOC_NOLEAKTRACE: up to the limit that was set */
	if (window.end <= m->no_limit)
		window.end = m->current_limit;
	if (window.start < m->page)
		window.start = m->page;
	if (range_is_empty(window))
		return 0;
	return m->bottom_up ? find_bottom_up(m, rq, window) : find_top_down(m, rq, window);
}
