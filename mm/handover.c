// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the hand-over does to pages, and what of it must not be: memblock_free_pages(),
 * reserve_bootmem_region(), init_reserved_page(), free_reserved_area().
 */
#include "lib/array.h"
#include "mm/internal.h"

const char *mm_state_name(enum mm_page_state state)
{
	static const char *const names[MM_NR_PAGE_STATES] = {
		[MM_PAGE_NONE] = "none",	   [MM_PAGE_DEFERRED] = "deferred",
		[MM_PAGE_INIT] = "initialised",	   [MM_PAGE_HOLE] = "hole",
		[MM_PAGE_NOMAP] = "nomap",	   [MM_PAGE_NOINIT] = "noinit",
		[MM_PAGE_RESERVED] = "reserved",   [MM_PAGE_FREE] = "free",
		[MM_PAGE_ALLOCATED] = "allocated",
	};

	return names[state];
}

const char *mm_fault_name(enum mm_fault_kind kind)
{
	static const char *const names[MM_NR_FAULTS] = {
		[MM_FREED_FREE] = "freed twice",
		[MM_FREED_RESERVED] = "freed by the hand-over although they are marked reserved",
		[MM_FREED_HOLE] = "freed although there is no memory",
		[MM_FREED_NOMAP] = "freed although they are NOMAP",
		[MM_FREED_NOINIT] = "freed although their struct pages are not initialised",
		[MM_FREED_NONE] = "freed although they have no struct pages",
		[MM_FREED_DEFERRED] = "freed before their struct pages were initialised",
		[MM_FREED_UNUSED] = "freed late although they had not been reserved",
		[MM_FREED_ALLOCATED] = "freed although they are allocated",
		[MM_RESERVED_FREE] = "marked reserved although they are free",
		[MM_MARKED_NODE] = "marked reserved for a node that is not theirs",
		[MM_BLOCK_OF_TWO_ZONES] = "freed in one block with pages of another zone",
	};

	return names[kind];
}

void mm_fault(struct mm *mm, enum mm_fault_kind kind, struct range pfns)
{
	struct mm_fault *last = mm->nr_faults ? &mm->faults[mm->nr_faults - 1] : NULL;

	mm->all_faults++;
	if (last && last->kind == kind && last->pfns.end == pfns.start)
		last->pfns.end = pfns.end;
	else if (mm->nr_faults < MM_MAX_FAULTS)
		ARRAY_APPEND(mm->faults, mm->nr_faults, mm->room_faults) =
			(struct mm_fault){ kind, pfns };
}

/* early_page_initialised() */
bool mm_is_dropped(const struct mm *mm, uint64_t pfn, const struct mm_run *run)
{
	const struct mm_node *node = mm->rules.deferred ? mm_find_node(mm, run->nid) : NULL;

	return node && pfn >= node->first_deferred_pfn;
}

/* Is it wrong to free such pages, and how? */
static enum mm_fault_kind judge(enum mm_page_state state, bool late)
{
	switch (state) {
	case MM_PAGE_INIT:
		return late ? MM_FREED_UNUSED : MM_NR_FAULTS;
	case MM_PAGE_RESERVED:
		return late ? MM_NR_FAULTS : MM_FREED_RESERVED;
	case MM_PAGE_FREE:
		return MM_FREED_FREE;
	case MM_PAGE_NONE:
		return MM_FREED_NONE;
	case MM_PAGE_DEFERRED:
		return MM_FREED_DEFERRED;
	case MM_PAGE_HOLE:
		return MM_FREED_HOLE;
	case MM_PAGE_NOMAP:
		return MM_FREED_NOMAP;
	case MM_PAGE_NOINIT:
		return MM_FREED_NOINIT;
	default:
		return MM_FREED_ALLOCATED;
	}
}

/* The part of @pfns, from its start on, whose pages are alike. */
static struct range first_part(struct mm *mm, struct range pfns, struct mm_run *run)
{
	struct mm_place at = pagemap_find(&mm->pages, pfns.start);
	uint64_t end = pagemap_end(&mm->pages, at);

	*run = *pagemap_at(&mm->pages, at);
	if (end < pfns.end)
		pfns.end = end;
	return pfns;
}

/* @core: as by __free_pages_core(), which does not ask whether pages are initialised */
void mm_take_free(struct mm *mm, struct range pfns, bool late, bool core)
{
	struct mm_run head, run;
	struct range part;
	bool dropped;

	first_part(mm, pfns, &head);
	dropped = !core && mm_is_dropped(mm, pfns.start, &head);
	if (dropped && late)
		mm->dropped_pages += range_size(pfns);
	for (; !range_is_empty(pfns); pfns.start = part.end) {
		enum mm_fault_kind fault;

		part = first_part(mm, pfns, &run);
		if ((run.nid != head.nid || run.kind != head.kind) && run.state != MM_PAGE_NONE &&
		    run.state != MM_PAGE_HOLE && run.state != MM_PAGE_FREE)
			mm_fault(mm, MM_BLOCK_OF_TWO_ZONES, part);
		if (dropped && (run.state == MM_PAGE_DEFERRED || run.state == MM_PAGE_INIT || late))
			continue;
		fault = judge(run.state, late);
		if (fault != MM_NR_FAULTS)
			mm_fault(mm, fault, part);
		if (run.state == MM_PAGE_NONE || run.state == MM_PAGE_FREE || dropped)
			continue; /* the kernel would not survive the former */
		mm_set_pages(mm, part, head.nid, head.kind, MM_PAGE_FREE);
	}
}

/* init_reserved_page(): the zone of the node that spans it */
static unsigned int kind_of(const struct mm *mm, int nid, uint64_t pfn)
{
	unsigned int kind;

	for (kind = 0; kind < MM_NR_ZONES; kind++) {
		const struct mm_zone *z = mm_zone_at(mm, nid, kind);

		if (z && range_contains(z->spanned, pfn))
			break;
	}
	return kind;
}

static void init_deferred(struct mm *mm, struct range part, struct mm_run *run, int nid)
{
	unsigned int kind;

	if (nid >= 0 && nid != run->nid) {
		kind = kind_of(mm, nid, part.start);
		if (kind < MM_NR_ZONES) {
			run->nid = (int16_t)nid;
			run->kind = (uint8_t)kind;
		}
	}
}

static bool is_nomap(const struct mm *mm, uint64_t pfn, uint64_t *end)
{
	size_t lo = 0, hi = mm->nr_spans;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (mm->spans[mid].pfns.end > pfn)
			hi = mid;
		else
			lo = mid + 1;
	}
	if (lo == mm->nr_spans)
		return false;
	if (mm->spans[lo].pfns.start > pfn) {
		*end = *end < mm->spans[lo].pfns.start ? *end : mm->spans[lo].pfns.start;
		return false;
	}
	*end = *end < mm->spans[lo].pfns.end ? *end : mm->spans[lo].pfns.end;
	return mm->spans[lo].flags & MM_NOMAP;
}

/* The kernel says which node a struct page is of; it is the memory's. */
static void judge_node(struct mm *mm, struct range part, const struct mm_run *run, int nid)
{
	if (nid >= 0 && nid != run->nid && run->state != MM_PAGE_NONE && run->state != MM_PAGE_HOLE)
		mm_fault(mm, MM_MARKED_NODE, part);
}

void mm_take_marked(struct mm *mm, struct range pfns, int nid)
{
	struct mm_run run;
	struct range part;

	for (; !range_is_empty(pfns); pfns.start = part.end) {
		enum mm_page_state state = MM_PAGE_RESERVED;

		part = first_part(mm, pfns, &run);
		judge_node(mm, part, &run, nid);
		switch (run.state) {
		case MM_PAGE_DEFERRED:
			if (is_nomap(mm, part.start, &part.end))
				state = MM_PAGE_NOMAP;
			init_deferred(mm, part, &run, nid);
			break;
		case MM_PAGE_INIT:
			break;
		case MM_PAGE_FREE:
		case MM_PAGE_ALLOCATED:
			mm_fault(mm, MM_RESERVED_FREE, part);
			break;
		default:
			continue; /* no struct page, or marked in some way already */
		}
		mm_set_pages(mm, part, run.nid, run.kind, state);
	}
}

void mm_take_inited(struct mm *mm, struct range pfns, int nid)
{
	struct mm_run run;
	struct range part;

	for (; !range_is_empty(pfns); pfns.start = part.end) {
		enum mm_page_state state = MM_PAGE_INIT;

		part = first_part(mm, pfns, &run);
		judge_node(mm, part, &run, nid);
		if (run.state != MM_PAGE_DEFERRED)
			continue;
		if (is_nomap(mm, part.start, &part.end))
			state = MM_PAGE_NOMAP;
		init_deferred(mm, part, &run, nid);
		mm_set_pages(mm, part, run.nid, run.kind, state);
	}
}

void mm_mark_noinit(struct mm *mm, struct range pfns)
{
	struct mm_run run;
	struct range part;

	for (; mm->mapped && !range_is_empty(pfns); pfns.start = part.end) {
		part = first_part(mm, pfns, &run);
		if (run.state == MM_PAGE_INIT || run.state == MM_PAGE_DEFERRED)
			mm_set_pages(mm, part, run.nid, run.kind, MM_PAGE_NOINIT);
	}
}
