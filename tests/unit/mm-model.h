/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_UNIT_MM_MODEL_H
#define TESTS_UNIT_MM_MODEL_H

#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "mm/mm.h"

/*
 * A second implementation of what mm/ does, as simple as can be: bytes for each page, loops over
 * all pages, free blocks by their first page. Of mm/ it takes the machine that is described to it
 * (->spans, ->rules, zone_end_pfn) and nothing that was found out from that.
 */

#define MODEL_NO_ORDER 0xff
#define MODEL_MEMORY 0x1u
#define MODEL_VALID 0x2u /* pfn_valid() */
#define MODEL_NOMAP 0x4u
#define MODEL_MIRROR 0x8u
#define MODEL_NODES 64

struct model {
	const struct mm *mm;
	uint64_t nr;		    /* pages, from 0 */
	uint8_t *state, *kind, *is; /* is: MODEL_MEMORY ... */
	uint8_t *order;		    /* of the free block that begins here; MODEL_NO_ORDER */
	int16_t *nid;		    /* its links */
	int16_t *home;		    /* node of its memory; -1 */

	int nr_nids;
	struct model_node {
		struct range pfns; /* first to last of its memory; empty: it has none */
		uint64_t movable, first_deferred;
		struct range zone[MM_NR_ZONES];
		uint64_t present[MM_NR_ZONES];
		int fallback[MODEL_NODES], nr_fallback;
	} nodes[MODEL_NODES];
	unsigned int distance[MODEL_NODES][MODEL_NODES];
	bool has_cpus[MODEL_NODES];
	/* static variables of defer_init() */
	uint64_t zone_end, nr_initialised;
};

static inline uint64_t model_up(uint64_t pfn, unsigned int order)
{
	return (pfn + (1ULL << order) - 1) >> order << order;
}

static inline uint8_t *model_bytes(uint64_t nr, int value)
{
	uint8_t *bytes = array_resize(NULL, nr, 1);

	memset(bytes, value, nr);
	return bytes;
}

static inline void model_release(struct model *m)
{
	free(m->state);
	free(m->kind);
	free(m->is);
	free(m->order);
	free(m->nid);
	free(m->home);
}

static inline void model_find_valid(struct model *m)
{
	const struct mm_map_rules *rules = &m->mm->rules;
	unsigned int order = rules->section_order;
	uint64_t end = m->mm->spans[m->mm->nr_spans - 1].pfns.end, mask;

	if (!order && rules->only_memory)
		order = rules->pageblock_order;
	mask = (1ULL << order) - 1;
	if (!order)
		for (uint64_t pfn = 0; pfn < end; pfn++)
			m->is[pfn] |= MODEL_VALID;
	for (uint64_t pfn = 0; order && pfn < m->nr; pfn++)
		if (m->is[pfn] & MODEL_MEMORY &&
		    (!(pfn & mask) || !(m->is[pfn - 1] & MODEL_MEMORY)))
			for (uint64_t i = pfn & ~mask; i <= (pfn | mask); i++)
				m->is[i] |= MODEL_VALID;
}

/* Spans are in ascending order, and page frames of each get what is known of it. */
static inline void model_init(struct model *m, const struct mm *mm)
{
	const struct mm_span *last = &mm->spans[mm->nr_spans - 1];
	unsigned int round = mm->rules.section_order;

	round = round > mm->max_order ? round : mm->max_order;
	*m = (struct model){ .mm = mm, .nr = model_up(last->pfns.end, round) };
	m->state = model_bytes(m->nr, MM_PAGE_NONE);
	m->kind = model_bytes(m->nr, 0);
	m->is = model_bytes(m->nr, 0);
	m->order = model_bytes(m->nr, MODEL_NO_ORDER);
	m->nid = (int16_t *)model_bytes(m->nr * 2, 0xff);
	m->home = (int16_t *)model_bytes(m->nr * 2, 0xff);
	for (size_t i = 0; i < mm->nr_spans; i++) {
		const struct mm_span *s = &mm->spans[i];
		struct model_node *node = &m->nodes[s->nid];

		m->nr_nids = s->nid >= m->nr_nids ? s->nid + 1 : m->nr_nids;
		for (uint64_t pfn = s->pfns.start; pfn < s->pfns.end; pfn++) {
			m->home[pfn] = (int16_t)s->nid;
			m->is[pfn] = MODEL_MEMORY | (s->flags & MM_NOMAP ? MODEL_NOMAP : 0) |
				     (s->flags & MM_MIRROR ? MODEL_MIRROR : 0);
		}
		if (range_is_empty(node->pfns))
			node->pfns.start = s->pfns.start;
		node->pfns.end = s->pfns.end;
	}
	for (int i = 0; i < MODEL_NODES; i++) {
		m->nodes[i].first_deferred = UINT64_MAX;
		m->has_cpus[i] = true;
		for (int j = 0; j < MODEL_NODES; j++)
			m->distance[i][j] = i == j ? 10 : 20;
	}
	model_find_valid(m);
}

/* Where the machine's zone @kind ends, and where it begins: where the one below it ends. */
static inline struct range model_zone_range(const struct model *m, int kind)
{
	struct range r = { m->mm->spans[0].pfns.start, 0 };

	for (int k = 0; k <= kind; k++) {
		uint64_t end = m->mm->zone_end_pfn[k];

		if (!m->mm->has_zone[k] || k == MM_MOVABLE)
			continue;
		if (end == UINT64_MAX)
			end = m->mm->spans[m->mm->nr_spans - 1].pfns.end;
		if (k != kind)
			r.start = end > r.start ? end : r.start;
		else
			r.end = end > r.start ? end : r.start;
	}
	return r;
}

/* What one node has to give to the kernel in this round, page by page. */
static inline void model_share(const struct model *m, int nid, uint64_t each, uint64_t lowest,
			       uint64_t *wanted, uint64_t *movable)
{
	for (uint64_t pfn = *movable; pfn < m->nodes[nid].pfns.end; pfn++) {
		if (m->home[pfn] != nid)
			continue;
		*movable = pfn;
		if (pfn >= lowest && !each)
			break;
		each -= each > 0;
		*wanted -= *wanted > 0;
		*movable = pfn + 1;
		if (pfn >= lowest && !each)
			break;
	}
}

/* kernelcore= and movablecore=: so many pages for the kernel, and as many of each node */
static inline void model_share_out(struct model *m)
{
	const struct mm_movable *want = &m->mm->movable;
	uint64_t all = 0, kernel = want->kernelcore, movable, lowest = 0;
	int nodes = 0;

	for (uint64_t pfn = 0; pfn < m->nr; pfn++)
		all += m->is[pfn] & MODEL_MEMORY;
	for (int kind = 0; kind < MM_MOVABLE; kind++)
		if (m->mm->has_zone[kind] && !range_is_empty(model_zone_range(m, kind)))
			lowest = model_zone_range(m, kind).start;
	if (want->movablecore) {
		movable = model_up(want->movablecore, m->mm->max_order);
		movable = movable < all ? movable : all;
		kernel = kernel > all - movable ? kernel : all - movable;
	}
	if (!kernel || kernel >= all)
		return;
	for (int i = 0; i < m->nr_nids; i++)
		nodes += !range_is_empty(m->nodes[i].pfns);
	do {
		uint64_t each = kernel / (uint64_t)nodes;

		for (int i = 0; i < m->nr_nids; i++) {
			if (range_is_empty(m->nodes[i].pfns))
				continue;
			if (kernel < each)
				each = kernel / (uint64_t)nodes;
			model_share(m, i, each, lowest, &kernel, &m->nodes[i].movable);
		}
	} while (--nodes && kernel > (uint64_t)nodes);
}

/* find_zone_movable_pfns_for_nodes(), but for kernelcore=mirror */
static inline void model_find_movable(struct model *m)
{
	/* the first that can be unplugged; page frame 0 is none, for the kernel as well */
	for (size_t i = 0; m->mm->movable.node && i < m->mm->nr_spans; i++)
		if (m->mm->spans[i].flags & MM_HOTPLUG && !m->nodes[m->mm->spans[i].nid].movable)
			m->nodes[m->mm->spans[i].nid].movable = m->mm->spans[i].pfns.start;
	if (!m->mm->movable.node)
		model_share_out(m);
	for (int i = 0; i < m->nr_nids; i++) {
		struct model_node *node = &m->nodes[i];

		node->movable = model_up(node->movable, m->mm->max_order);
		node->movable = node->movable < node->pfns.end ? node->movable : 0;
	}
}

static inline void model_find_zones(struct model *m)
{
	const struct range none = { 0 };

	model_find_movable(m);
	for (int i = 0; i < m->nr_nids; i++) {
		struct model_node *node = &m->nodes[i];

		for (int kind = 0; kind < MM_NR_ZONES; kind++) {
			struct range r = model_zone_range(m, kind);

			if (kind == MM_MOVABLE)
				r = (struct range){ node->movable, UINT64_MAX };
			else if (node->movable && r.end > node->movable)
				r.end = node->movable;
			if (kind == MM_DEVICE || (kind == MM_MOVABLE && !node->movable))
				r = none;
			if (range_is_empty(r) || !m->mm->has_zone[kind])
				r = none;
			node->zone[kind] = range_intersect(r, node->pfns);
			for (uint64_t p = node->zone[kind].start; p < node->zone[kind].end; p++)
				node->present[kind] += m->home[p] == i;
		}
	}
}

static inline void model_set(struct model *m, uint64_t pfn, int nid, int kind, int state)
{
	m->state[pfn] = (uint8_t)state;
	m->nid[pfn] = (int16_t)nid;
	m->kind[pfn] = (uint8_t)kind;
}

/* defer_init() */
static inline bool model_defers(struct model *m, int nid, uint64_t pfn, uint64_t zone_end)
{
	const struct mm_map_rules *rules = &m->mm->rules;
	const uint64_t section = 1ULL << rules->section_order;
	struct model_node *node = &m->nodes[nid];

	if (rules->low_zones_count && m->zone_end != zone_end) {
		m->zone_end = zone_end;
		m->nr_initialised = 0;
	}
	if (zone_end < node->pfns.end)
		return false;
	if (node->first_deferred != UINT64_MAX)
		return true;
	if (m->zone_end != zone_end) {
		m->zone_end = zone_end;
		m->nr_initialised = 0;
	}
	m->nr_initialised++;
	if (m->nr_initialised > section && !(pfn & (section - 1))) {
		node->first_deferred = pfn;
		return true;
	}
	return false;
}

static inline void model_hole(struct model *m, uint64_t pfn, uint64_t end, int nid, int kind)
{
	const struct mm_map_rules *rules = &m->mm->rules;
	int lowest = 0;

	while (!m->mm->has_zone[lowest])
		lowest++;
	for (; pfn < end && pfn < m->nr; pfn++)
		if (m->is[pfn >> rules->pageblock_order << rules->pageblock_order] & MODEL_VALID)
			model_set(m, pfn, rules->holes_not_linked ? 0 : nid,
				  rules->holes_not_linked ? lowest : kind, MM_PAGE_HOLE);
}

/* update_defer_init(): one zone after the other, of all pages that have a struct page */
static inline void model_defer_zones(struct model *m)
{
	const uint64_t section = 1ULL << m->mm->rules.section_order;

	for (int nid = 0; nid < m->nr_nids; nid++) {
		struct model_node *node = &m->nodes[nid];

		for (int kind = 0; kind < MM_NR_ZONES; kind++) {
			struct range z = node->zone[kind];
			uint64_t done = 0;

			if (range_is_empty(z) || z.end < node->pfns.end)
				continue;
			for (uint64_t pfn = z.start; pfn < z.end; pfn++) {
				if (!(m->is[pfn] & MODEL_VALID) ||
				    (m->home[pfn] >= 0 && m->home[pfn] != nid))
					continue;
				if (++done > section && !(pfn & (section - 1))) {
					node->first_deferred = pfn;
					break;
				}
			}
		}
	}
}

/* memmap_init() */
static inline void model_memmap(struct model *m)
{
	const struct mm_map_rules *rules = &m->mm->rules;
	bool defers = rules->deferred && rules->section_order;
	uint64_t hole = 0, end = m->mm->spans[m->mm->nr_spans - 1].pfns.end;
	int nid = 0, last = 0;

	if (defers && rules->deferred_by_zone)
		model_defer_zones(m);
	for (size_t i = 0; i < m->mm->nr_spans; i++) {
		struct mm_span s = m->mm->spans[i];

		for (int kind = 0; kind < MM_NR_ZONES; kind++) {
			struct range z = m->nodes[s.nid].zone[kind];
			struct range r = range_intersect(s.pfns, z);
			bool later = false;

			if (range_is_empty(r) || !m->nodes[s.nid].present[kind])
				continue;
			for (uint64_t pfn = r.start; pfn < r.end; pfn++) {
				if (defers && !rules->deferred_by_zone)
					later = later || model_defers(m, s.nid, pfn, z.end);
				else if (defers)
					later = z.end >= m->nodes[s.nid].pfns.end &&
						pfn >= m->nodes[s.nid].first_deferred;
				model_set(m, pfn, s.nid, kind,
					  later			     ? MM_PAGE_DEFERRED
					  : m->is[pfn] & MODEL_NOMAP ? MM_PAGE_NOMAP
								     : MM_PAGE_INIT);
			}
			model_hole(m, hole, r.start, s.nid, kind);
			hole = r.end;
			nid = s.nid;
			last = kind;
		}
	}
	model_hole(m, hole, rules->section_order ? model_up(end, rules->section_order) : end, nid,
		   last);
}

/* __free_one_page() */
static inline void model_free(struct model *m, uint64_t pfn, unsigned int order)
{
	memset(m->state + pfn, MM_PAGE_FREE, 1ULL << order);
	for (; order < m->mm->max_order; order++) {
		uint64_t buddy = pfn ^ 1ULL << order;

		if (buddy >= m->nr || m->state[buddy] != MM_PAGE_FREE || m->order[buddy] != order ||
		    m->nid[buddy] != m->nid[pfn] || m->kind[buddy] != m->kind[pfn])
			break;
		m->order[buddy] = MODEL_NO_ORDER;
		pfn &= ~(1ULL << order);
	}
	m->order[pfn] = (uint8_t)order;
}

/* Takes the page out of its block, which is halved as often as it needs. */
static inline void model_take(struct model *m, uint64_t pfn)
{
	uint64_t head = pfn;
	unsigned int order = 0;

	/* of all blocks that it can be in, the one that is there */
	for (; m->order[head] == MODEL_NO_ORDER; order++)
		head = pfn >> order << order;
	order = m->order[head];
	m->order[head] = MODEL_NO_ORDER;
	while (order--) {
		uint64_t high = head + (1ULL << order);

		m->order[pfn >= high ? head : high] = (uint8_t)order;
		head = pfn >= high ? high : head;
	}
	m->state[pfn] = MM_PAGE_ALLOCATED;
}

/* find_next_best_node() but for the first one, which is the node itself; -1: there are no more */
static inline int model_next_node(const struct model *m, int from, const bool *used,
				  const int *load)
{
	uint64_t least = UINT64_MAX;
	int best = -1;

	for (int i = 0; i < m->nr_nids; i++) {
		uint64_t value = m->distance[from][i] + (i < from) + m->has_cpus[i];

		value = value * 65536 + (uint64_t)load[i];
		if (used[i] || range_is_empty(m->nodes[i].pfns) || value >= least)
			continue;
		least = value;
		best = i;
	}
	return best;
}

/* build_zonelists() of each node that has memory, in ascending order */
static inline void model_find_fallback(struct model *m)
{
	int load[MODEL_NODES] = { 0 };

	for (int from = 0; from < m->nr_nids; from++) {
		struct model_node *node = &m->nodes[from];
		bool used[MODEL_NODES] = { 0 };
		int previous = from;

		if (range_is_empty(node->pfns))
			continue;
		for (int next = from; next >= 0; next = model_next_node(m, from, used, load)) {
			load[next] += m->distance[from][next] != m->distance[from][previous];
			used[next] = true;
			node->fallback[node->nr_fallback++] = next;
			previous = next;
		}
	}
}

/* rmqueue(), with mm/'s choice of a block: the smallest that will do, of those the lowest. */
static inline uint64_t model_alloc(struct model *m, unsigned int order, int highest, int nid)
{
	const struct model_node *from = &m->nodes[nid];

	for (int n = 0; n < from->nr_fallback; n++) {
		int at = from->fallback[n];

		for (int kind = highest; kind >= 0; kind--) {
			struct range z = m->nodes[at].zone[kind];

			for (unsigned int o = order; o <= m->mm->max_order; o++) {
				uint64_t pfn = z.start;

				for (; pfn < z.end; pfn++) {
					const uint8_t *p =
						memchr(m->order + pfn, (int)o, z.end - pfn);

					if (!p)
						break;
					pfn = (uint64_t)(p - m->order);
					if (m->nid[pfn] != at || m->kind[pfn] != kind)
						continue;
					for (uint64_t i = 0; i < 1ULL << order; i++)
						model_take(m, pfn + i);
					return pfn;
				}
			}
		}
	}
	return MM_NO_PFN;
}

#endif
