// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Allocations. An allocation finds a place and reserves it, and that is all; those that return
 * pointers also set it to zero, unless they are "raw".
 */
#include <string.h>

#include "model/internal.h"

/* Finds a place on @nid, or anywhere, and reserves it. The address, or 0. */
uint64_t alloc_take(struct model *m, const struct wish *w, int nid, unsigned long flags)
{
	const struct request rq = {
		.size = w->size,
		.align = w->align,
		.start = w->min,
		.end = w->max,
		.nid = nid,
		.flags = flags,
	};
	uint64_t at = search_find(m, &rq);
	int marked = m->rules[RULE_ALLOC_NODE] ? nid
		     : m->rules[RULE_NO_NODE]  ? ANY_NODE
					       : m->nr_nodes;

	if (at && list_add(m, RT_RESERVED, (struct range){ at, at + w->size }, marked,
			   m->rules[RULE_ALLOC_KERN] ? m->flag.kern : 0))
		return 0;
	return at;
}

/*
 * First the node that is asked for, then any; all that from mirrored memory, if there is some, and
 * then from any memory. The address, or 0.
 */
static uint64_t allocate(struct model *m, const struct wish *w)
{
	unsigned long flags = search_flags(m);
	uint64_t at;

	for (;;) {
		at = alloc_take(m, w, w->nid, flags);
		if (!at && model_is_node(m, w->nid) && !w->exact)
			at = alloc_take(m, w, ANY_NODE, flags);
		if (at || !(flags & m->flag.mirror))
			return at;
		flags &= ~m->flag.mirror;
	}
}

/* What is asked of all wishes, and what nobody says anything about. */
void alloc_check(struct model *m, struct wish *w)
{
	if (!w->align)
		w->align = m->cache_line;
	model_unspecified_if(m, !model_is_power(w->align));
	model_unspecified_if(m, w->nid < ANY_NODE || w->nid > m->nr_nodes);
	/* nothing is reserved for it, and any address will do */
	if (!w->size)
		m->any = true;
}

/* When slab is up memory comes from there, if it is not too much: memblock's is not free any more. */
bool alloc_is_late(struct model *m, uint64_t size)
{
	const uint64_t largest = 1ULL << 30;

	if (!m->slab)
		return false;
	model_unspecified_if(m, size > largest);
	m->any = true;
	return true;
}

static uint64_t as_address(struct model *m, struct wish w)
{
	alloc_check(m, &w);
	if (m->slab)
		known_note(m, BUG_LATE_ALLOC);
	return alloc_is_late(m, w.size) ? 0 : allocate(m, &w);
}

/* As a pointer: never above the limit, and rather below @min than not at all. */
static uint64_t as_pointer(struct model *m, struct wish w, bool zeroed)
{
	uint64_t at;

	alloc_check(m, &w);
	if (alloc_is_late(m, w.size))
		return RT_NULL;
	if (w.max > m->current_limit)
		w.max = m->current_limit;
	at = allocate(m, &w);
	if (!at && w.min) {
		w.min = 0;
		at = allocate(m, &w);
	}
	if (!at)
		return RT_NULL;
	if (zeroed)
		model_touch(m, (struct range){ at, at + w.size });
	return at;
}

static uint64_t alloc_range_nid(struct model *m, const uint64_t *a)
{
	return as_address(m, (struct wish){ a[0], a[1], a[2], a[3], (int)a[4], a[5] });
}

static uint64_t phys_alloc(struct model *m, const uint64_t *a)
{
	return as_address(m, (struct wish){ a[0], a[1], 0, ACCESSIBLE, ANY_NODE, false });
}

static uint64_t phys_alloc_range(struct model *m, const uint64_t *a)
{
	return as_address(m, (struct wish){ a[0], a[1], a[2], a[3], ANY_NODE, false });
}

static uint64_t phys_alloc_try_nid(struct model *m, const uint64_t *a)
{
	return as_address(m, (struct wish){ a[0], a[1], 0, ACCESSIBLE, (int)a[2], false });
}

static uint64_t alloc(struct model *m, const uint64_t *a)
{
	return as_pointer(m, (struct wish){ a[0], a[1], 0, ACCESSIBLE, ANY_NODE, false }, true);
}

static uint64_t alloc_raw(struct model *m, const uint64_t *a)
{
	return as_pointer(m, (struct wish){ a[0], a[1], 0, ACCESSIBLE, ANY_NODE, false }, false);
}

static uint64_t alloc_from(struct model *m, const uint64_t *a)
{
	return as_pointer(m, (struct wish){ a[0], a[1], a[2], ACCESSIBLE, ANY_NODE, false }, true);
}

static uint64_t alloc_low(struct model *m, const uint64_t *a)
{
	return as_pointer(m, (struct wish){ a[0], a[1], 0, m->low_limit, ANY_NODE, false }, true);
}

static uint64_t alloc_node(struct model *m, const uint64_t *a)
{
	return as_pointer(m, (struct wish){ a[0], a[1], 0, ACCESSIBLE, (int)a[2], false }, true);
}

static uint64_t alloc_try_nid(struct model *m, const uint64_t *a)
{
	return as_pointer(m, (struct wish){ a[0], a[1], a[2], a[3], (int)a[4], false }, true);
}

static uint64_t alloc_try_nid_raw(struct model *m, const uint64_t *a)
{
	return as_pointer(m, (struct wish){ a[0], a[1], a[2], a[3], (int)a[4], false }, false);
}

static uint64_t alloc_exact_nid_raw(struct model *m, const uint64_t *a)
{
	return as_pointer(m, (struct wish){ a[0], a[1], a[2], a[3], (int)a[4], true }, false);
}

static uint64_t alloc_or_panic(struct model *m, const uint64_t *a)
{
	uint64_t at = alloc(m, a);

	model_unspecified_if(m, m->any);
	if (at == RT_NULL)
		model_leave(m, MODEL_PANICKED);
	return at;
}

/* Huge pages are for user space: mirrored memory, of which there is little, is not for them. */
static uint64_t alloc_hugetlb(struct model *m, const uint64_t *a)
{
	const struct set *memory = &m->lists[RT_MEMORY].set;
	struct request rq = {
		.size = a[0],
		.align = a[0],
		.nid = (int)a[1],
		.flags = search_flags(m) & ~m->flag.mirror,
		.never = m->flag.mirror,
	};
	uint64_t at;

	model_unspecified_if(m, !model_is_power(rq.size) || m->slab);
	model_unspecified_if(m, rq.nid < ANY_NODE || rq.nid > m->nr_nodes);
	for (size_t i = 0; i < memory->nr; i++)
		if (memory->v[i].flags & m->flag.mirror)
			known_note(m, BUG_HUGETLB_MIRROR);
	at = search_find(m, &rq);
	if (!at && model_is_node(m, rq.nid) && !a[2]) {
		rq.nid = ANY_NODE;
		at = search_find(m, &rq);
	}
	if (!at || list_add(m, RT_RESERVED, (struct range){ at, at + rq.size }, rq.nid,
			    m->flag.kern | m->flag.hugetlb))
		return RT_NULL;
	return at;
}

void alloc_check_pages(struct model *m, uint64_t base, uint64_t size)
{
	const struct set *memory = &m->lists[RT_MEMORY].set;
	struct range r = model_range(m, base, size);

	model_page_up(m, base);
	model_unspecified_if(m, m->any || size > m->last - base);
	for (size_t i = set_after(memory, r.start); !range_is_empty(r); i++) {
		model_unspecified_if(m, i >= memory->nr || memory->v[i].range.start > r.start);
		r.start = memory->v[i].range.end;
	}
}

/*
 * Not reserved any more. Once slab is up that is the page allocator's business; newer kernels change
 * the list only if it is kept for good.
 */
uint64_t alloc_free(struct model *m, uint64_t base, uint64_t size)
{
	if (m->slab) {
		alloc_check_pages(m, base, size);
		if (m->rules[RULE_FREES_PAGES])
			return 0;
	}
	return list_remove(m, RT_RESERVED, model_range(m, base, size));
}

static uint64_t phys_free(struct model *m, const uint64_t *a)
{
	return alloc_free(m, a[0], a[1]);
}

static uint64_t free_pointer(struct model *m, const uint64_t *a)
{
	if (a[0] != RT_NULL)
		alloc_free(m, a[0] & m->last, a[1] & m->last);
	return 0;
}

/* Where a place is, without taking it. */
static uint64_t find_in_range(struct model *m, const uint64_t *a)
{
	struct request rq = {
		.start = a[0],
		.end = a[1],
		.size = a[2],
		.align = a[3],
		.nid = ANY_NODE,
		.flags = search_flags(m),
	};
	uint64_t at;

	model_unspecified_if(m, !model_is_power(rq.align));
	m->any = !rq.size;
	at = search_find(m, &rq);
	if (!at && (rq.flags & m->flag.mirror)) {
		rq.flags &= ~m->flag.mirror;
		at = search_find(m, &rq);
	}
	return at;
}

const struct model_call alloc_calls[] = {
	{ "memblock_alloc_range_nid", "PPPPNB>P", alloc_range_nid },
	{ "memblock_phys_alloc", "PP>P", phys_alloc },
	{ "memblock_phys_alloc_range", "PPPP>P", phys_alloc_range },
	{ "memblock_phys_alloc_try_nid", "PPN>P", phys_alloc_try_nid },
	{ "memblock_alloc", "PP>*", alloc },
	{ "memblock_alloc_raw", "PP>*", alloc_raw },
	{ "memblock_alloc_from", "PPP>*", alloc_from },
	{ "memblock_alloc_low", "PP>*", alloc_low },
	{ "memblock_alloc_node", "PPN>*", alloc_node },
	{ "memblock_alloc_try_nid", "PPPPN>*", alloc_try_nid },
	{ "memblock_alloc_try_nid_raw", "PPPPN>*", alloc_try_nid_raw },
	{ "memblock_alloc_exact_nid_raw", "PPPPN>*", alloc_exact_nid_raw },
	{ "__memblock_alloc_or_panic", "PPS>*", alloc_or_panic },
	{ "memblock_alloc_or_panic", "PP>*", alloc_or_panic },
	{ "memblock_alloc_hugetlb", "PNB>*", alloc_hugetlb },
	{ "memblock_free", "PP>I", phys_free },
	{ "memblock_phys_free", "PP>I", phys_free },
	{ "memblock_free_early", "PP>v", phys_free },
	{ "memblock_free_early_nid", "PPN>v", phys_free },
	{ "memblock_free", "*U>v", free_pointer },
	{ "memblock_find_in_range", "PPPP>P", find_in_range },
	{ NULL, NULL, NULL },
};
