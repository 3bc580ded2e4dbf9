// SPDX-License-Identifier: GPL-2.0-or-later
/* memblock's memory becomes zones, and its free pages those of the page allocator. */
#include "handover/handover.h"

#include <stdio.h>

#include "lib/array.h"

struct names {
	const char *v[2]; /* best first */
};

static const struct names free_all_names = { { "memblock_free_all", "free_all_bootmem" } };
static const struct names discard_names = { { "memblock_discard" } };
static const struct names next_names = { { "__next_mem_range" } };

static const struct rt_call *find(const struct handover *h, const struct names *names)
{
	for (size_t i = 0; i < ARRAY_LEN(names->v) && names->v[i]; i++) {
		const struct rt_call *call = engine_find_call(h->e, names->v[i]);

		if (call && call->run)
			return call;
	}
	return NULL;
}

void handover_init(struct handover *h)
{
	h->state->page_shift = (unsigned int)engine_ops(h->e)->page_shift;
	h->state->nomap = engine_find_flag(h->e, "nomap");
	h->state->hotplug = engine_find_flag(h->e, "hotplug");
	h->state->noinit = engine_find_flag(h->e, "rsrv_noinit");
	h->state->marks_reserved = engine_ops(h->e)->marks_reserved;
	h->state->marks_nomap = engine_ops(h->e)->marks_nomap;
	h->state->mm = h->mm;
}

struct mm_map_rules handover_map_rules(const struct rt_engine *ops)
{
	return (struct mm_map_rules){
		.section_order = (unsigned int)ops->section_order,
		.pageblock_order = (unsigned int)ops->block_order,
		.only_memory = ops->only_memory_valid,
		.deferred = ops->deferred_init,
	};
}

uint64_t handover_take_memory(struct handover *h, const struct check_regions *memory, bool drop)
{
	const struct rt_engine *ops = engine_ops(h->e);
	unsigned long mirror = engine_find_flag(h->e, "mirror");
	uint64_t mask = (1ULL << ops->page_shift) - 1, homeless = 0;

	for (size_t i = 0; i < memory->nr; i++) {
		const struct rt_region *v = &memory->v[i];
		struct range pfns = { (v->base + mask) >> ops->page_shift,
				      (v->base + v->size) >> ops->page_shift };
		unsigned int flags = v->flags & h->state->hotplug ? MM_HOTPLUG : 0;

		if (v->flags & h->state->nomap)
			flags |= MM_NOMAP;
		if (v->flags & mirror)
			flags |= MM_MIRROR;
		if (h->has_node && !h->has_node(h->data, v->nid))
			flags |= MM_NO_NODE;
		homeless += flags & MM_NO_NODE ? range_size(pfns) : 0;
		if (!drop || !(flags & MM_NO_NODE))
			mm_add_memory(h->mm, ops->numa ? v->nid : 0, pfns, flags);
	}
	return homeless;
}

static void make(struct handover *h, const struct rt_call *call, const char *function)
{
	const uint64_t none[RT_MAX_ARGS] = { 0 };

	if (h->calling)
		h->calling(h->data, call->name, function);
	engine_call(h->e, call, none, function);
}

/* What is memory and not reserved, in whole page frames. */
static void for_each_free(struct handover *h, const char *function,
			  void (*fn)(struct mm *mm, struct range pfns))
{
	const struct rt_call *call = find(h, &next_names);
	unsigned int shift = (unsigned int)engine_ops(h->e)->page_shift;
	uint64_t idx = 0, start, end;
	int64_t nid;

	if (!call)
		engine_stop(h->e, "this kernel has no __next_mem_range(), which the hand-over "
				  "needs");
	for (;;) {
		const uint64_t args[RT_MAX_ARGS] = {
			(uintptr_t)&idx,
			(uint64_t)-1, /* of any node */
			0,
			RT_MEMORY,
			RT_RESERVED,
			(uintptr_t)&start,
			(uintptr_t)&end,
			(uintptr_t)&nid,
		};
		struct range pfns;

		engine_call(h->e, call, args, function);
		if (idx == UINT64_MAX)
			return;
		pfns.start = (start + (1ULL << shift) - 1) >> shift;
		pfns.end = end >> shift;
		if (!range_is_empty(pfns))
			fn(h->mm, pfns);
	}
}

static void free_range(struct mm *mm, struct range r)
{
	while (r.start < r.end) {
		unsigned int order =
			r.start ? (unsigned int)__builtin_ctzll(r.start) : mm->max_order;

		order = order < mm->max_order ? order : mm->max_order;
		while (r.start + (1ULL << order) > r.end)
			order--;
		mm_event(mm, RT_FREE_PAGES, r.start, order, 0);
		r.start += 1ULL << order;
	}
}

/* Reserved memory whose struct pages are its owner's */
static void mark_noinit(struct handover *h)
{
	const struct check_regions *reserved = &h->state->reserved;
	unsigned int shift = h->state->page_shift;

	for (size_t i = 0; i < reserved->nr; i++) {
		const struct rt_region *v = &reserved->v[i];

		if (v->flags & h->state->noinit)
			mm_mark_noinit(h->mm, (struct range){ v->base >> shift,
							      (v->base + v->size) >> shift });
	}
}

/*
 * Kernels before 6.5 ask memblock for the node of a struct page that is left for later when they mark it:
 * init_reserved_page(), early_pfn_to_nid().
 */
static void ask_nodes(struct handover *h)
{
	const struct rt_engine *ops = engine_ops(h->e);
	const struct rt_call *search = engine_find_call(h->e, "memblock_search_pfn_nid");
	const struct check_regions *memory = &h->state->memory, *reserved = &h->state->reserved;
	uint64_t mask = (1ULL << ops->page_shift) - 1, first, end;

	if (!ops->deferred_init || !ops->numa || !h->mm->nid_untold || !search || !search->run)
		return;
	for (size_t i = 0, m = 0; i < reserved->nr; i++) {
		const struct rt_region *r = &reserved->v[i];

		while (m < memory->nr && memory->v[m].base + memory->v[m].size <= r->base)
			m++;
		for (size_t k = m; k < memory->nr && memory->v[k].base < r->base + r->size; k++) {
			const struct rt_region *v = &memory->v[k];
			struct range whole = { (v->base + mask) >> ops->page_shift,
					       (v->base + v->size) >> ops->page_shift };
			struct range pfns = { r->base >> ops->page_shift,
					      (r->base + r->size + mask) >> ops->page_shift };
			uint64_t args[RT_MAX_ARGS] = { 0, (uintptr_t)&first, (uintptr_t)&end };
			int nid;

			pfns = range_intersect(pfns, whole);
			if (range_is_empty(pfns))
				continue;
			args[0] = pfns.start;
			nid = (int)engine_call(h->e, search, args, "init_reserved_page");
			mm_event(h->mm, RT_INIT_PAGES, pfns.start, pfns.end, nid < 0 ? 0 : nid);
		}
	}
}

bool handover_free_all(struct handover *h, const char *function)
{
	const struct rt_engine *ops = engine_ops(h->e);
	const struct rt_call *call = find(h, &free_all_names);

	check_regions_take(&h->state->memory, ops, RT_MEMORY);
	check_regions_take(&h->state->reserved_before, ops, RT_RESERVED);
	if (call)
		make(h, call, function);
	else
		for_each_free(h, "free_low_memory_core_early", free_range);
	mm_handed_over(h->mm);
	check_regions_take(&h->state->reserved, ops, RT_RESERVED);
	mark_noinit(h);
	ask_nodes(h);
	return call;
}

void handover_init_deferred(struct handover *h)
{
	if (!h->mm->rules.deferred)
		return;
	for_each_free(h, "deferred_init_memmap", mm_init_deferred);
	mm_end_deferred(h->mm);
}

void handover_discard(struct handover *h, const char *function)
{
	const struct rt_call *call = find(h, &discard_names);

	if (call)
		make(h, call, function);
}
