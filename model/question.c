// SPDX-License-Identifier: GPL-2.0-or-later
/* Calls that ask, and change nothing. */
#include "model/internal.h"

static bool overlaps(struct model *m, const struct set *s, uint64_t base, uint64_t size)
{
	struct range r = model_range(m, base, size);
	size_t i = set_after(s, base);

	/* whether nothing overlaps something that is around it is a matter of taste */
	if (range_is_empty(r)) {
		m->any = i < s->nr && s->v[i].range.start < base;
		return false;
	}
	return i < s->nr && s->v[i].range.start < r.end;
}

static uint64_t overlaps_region(struct model *m, const uint64_t *a)
{
	model_unspecified_if(m, a[0] >= RT_NR_TYPES || !m->lists[a[0]].exists);
	if (a[2] > m->last - a[1])
		known_note(m, BUG_OVERLAP_WRAPS);
	return overlaps(m, &m->lists[a[0]].set, a[1], a[2]);
}

static uint64_t is_region_reserved(struct model *m, const uint64_t *a)
{
	return overlaps(m, &m->lists[RT_RESERVED].set, a[0], a[1]);
}

static uint64_t addrs_overlap(struct model *m, const uint64_t *a)
{
	struct range first = { a[0], a[0] + a[1] }, second = { a[2], a[2] + a[3] };

	/* it takes ranges that are some, and that end */
	m->any = !a[1] || !a[3] || a[1] > m->last - a[0] || a[3] > m->last - a[2];
	return range_overlaps(first, second);
}

static uint64_t is_memory(struct model *m, const uint64_t *a)
{
	return set_at(&m->lists[RT_MEMORY].set, a[0]) != NULL;
}

static uint64_t is_map_memory(struct model *m, const uint64_t *a)
{
	const struct model_region *r = set_at(&m->lists[RT_MEMORY].set, a[0]);

	return r && !(r->flags & m->flag.nomap);
}

static uint64_t is_reserved(struct model *m, const uint64_t *a)
{
	return set_at(&m->lists[RT_RESERVED].set, a[0]) != NULL;
}

/* All of it in one region; two that touch will not do. */
static uint64_t is_region_memory(struct model *m, const uint64_t *a)
{
	const struct model_region *r = set_at(&m->lists[RT_MEMORY].set, a[0]);

	return r && model_range(m, a[0], a[1]).end <= r->range.end;
}

/* The node of a page, and whole pages of the region that it is in. */
static uint64_t search_pfn_nid(struct model *m, const uint64_t *a)
{
	int shift = m->ops->page_shift;
	const struct model_region *r;

	model_unspecified_if(m, a[0] > m->last >> shift);
	r = set_at(&m->lists[RT_MEMORY].set, a[0] << shift);
	if (!r)
		return model_int(-1);
	*(uint64_t *)(uintptr_t)a[1] = r->range.start >> shift;
	*(uint64_t *)(uintptr_t)a[2] = r->range.end >> shift;
	return model_int(r->nid);
}

static uint64_t phys_mem_size(struct model *m, const uint64_t *a)
{
	(void)a;
	return m->lists[RT_MEMORY].set.total;
}

static uint64_t reserved_size(struct model *m, const uint64_t *a)
{
	(void)a;
	return m->lists[RT_RESERVED].set.total;
}

/* What is reserved with @flag below @limit, on @nid or on any node. */
static uint64_t flagged_size(const struct model *m, uint64_t limit, int nid, unsigned long flag)
{
	const struct set *s = &m->lists[RT_RESERVED].set;
	uint64_t sum = 0;

	for (size_t i = 0; i < s->nr; i++)
		if ((s->v[i].flags & flag) && (!model_is_node(m, nid) || s->v[i].nid == nid))
			sum += range_size(
				range_intersect(s->v[i].range, (struct range){ 0, limit }));
	return sum;
}

static uint64_t reserved_kern_size(struct model *m, const uint64_t *a)
{
	return flagged_size(m, a[0], (int)a[1], m->flag.kern);
}

static uint64_t reserved_hugetlb_size(struct model *m, const uint64_t *a)
{
	return flagged_size(m, a[0], (int)a[1], m->flag.hugetlb);
}

/*
 * Memory that is not reserved, for the kernel where it is told what for: what firmware has reserved
 * need not be memory. An estimate: what is reserved and no memory makes it open.
 */
static uint64_t estimated_nr_free_pages(struct model *m, const uint64_t *a)
{
	const struct set *memory = &m->lists[RT_MEMORY].set, *s = &m->lists[RT_RESERVED].set;
	uint64_t taken = 0, elsewhere = 0;

	(void)a;
	for (size_t i = 0; i < s->nr; i++) {
		struct range r = s->v[i].range;
		uint64_t in_memory = 0;

		if (m->flag.kern && !(s->v[i].flags & m->flag.kern))
			continue;
		for (size_t k = set_after(memory, r.start); k < memory->nr; k++)
			in_memory += range_size(range_intersect(memory->v[k].range, r));
		taken += in_memory;
		elsewhere += range_size(r) - in_memory;
	}
	if (elsewhere && m->flag.kern)
		m->any = true;
	else if (elsewhere)
		known_note(m, BUG_ESTIMATE);
	return (memory->total - taken) >> m->ops->page_shift;
}

static uint64_t start_of_memory(struct model *m, const uint64_t *a)
{
	const struct set *s = &m->lists[RT_MEMORY].set;

	(void)a;
	return s->nr ? s->v[0].range.start : 0;
}

static uint64_t end_of_memory(struct model *m, const uint64_t *a)
{
	const struct set *s = &m->lists[RT_MEMORY].set;

	(void)a;
	if (!s->nr)
		known_note(m, BUG_END_OF_NOTHING);
	return s->nr ? s->v[s->nr - 1].range.end : 0;
}

/* Is there at most so much memory, in whole pages, of which nobody knows the node? */
static uint64_t validate_numa_coverage(struct model *m, const uint64_t *a)
{
	const struct set *s = &m->lists[RT_MEMORY].set;
	int shift = m->ops->page_shift;
	uint64_t pages = 0;

	for (size_t i = 0; i < s->nr; i++) {
		uint64_t first = model_page_up(m, s->v[i].range.start);
		uint64_t end = model_page_down(m, s->v[i].range.end);

		if (!model_is_node(m, s->v[i].nid) && first < end)
			pages += end - first;
	}
	return pages << shift <= a[0];
}

static uint64_t bottom_up(struct model *m, const uint64_t *a)
{
	(void)a;
	return m->bottom_up;
}

static uint64_t current_limit(struct model *m, const uint64_t *a)
{
	(void)a;
	return m->current_limit;
}

static const struct model_region *region(struct model *m, uint64_t which)
{
	uint64_t type = which >> 32, index = (uint32_t)which;

	model_unspecified_if(m, type >= RT_NR_TYPES || index >= m->lists[type].set.nr);
	return &m->lists[type].set.v[index];
}

static uint64_t is_hotpluggable(struct model *m, const uint64_t *a)
{
	return region(m, a[0])->flags & m->flag.hotplug ? 1 : 0;
}

static uint64_t is_mirror(struct model *m, const uint64_t *a)
{
	return region(m, a[0])->flags & m->flag.mirror ? 1 : 0;
}

static uint64_t is_nomap(struct model *m, const uint64_t *a)
{
	return region(m, a[0])->flags & m->flag.nomap ? 1 : 0;
}

static uint64_t is_driver_managed(struct model *m, const uint64_t *a)
{
	return region(m, a[0])->flags & m->flag.driver_managed ? 1 : 0;
}

static uint64_t is_noinit(struct model *m, const uint64_t *a)
{
	return region(m, a[0])->flags & m->flag.noinit ? 1 : 0;
}

static uint64_t is_kho(struct model *m, const uint64_t *a)
{
	return region(m, a[0])->flags & m->flag.kho ? 1 : 0;
}

static uint64_t region_node(struct model *m, const uint64_t *a)
{
	return model_int(region(m, a[0])->nid);
}

/* Of memory the pages count that are wholly in it, of what is reserved those that are partly in it. */
static uint64_t memory_base_pfn(struct model *m, const uint64_t *a)
{
	return model_page_up(m, region(m, a[0])->range.start);
}

static uint64_t memory_end_pfn(struct model *m, const uint64_t *a)
{
	return model_page_down(m, region(m, a[0])->range.end);
}

static uint64_t reserved_base_pfn(struct model *m, const uint64_t *a)
{
	return model_page_down(m, region(m, a[0])->range.start);
}

static uint64_t reserved_end_pfn(struct model *m, const uint64_t *a)
{
	return model_page_up(m, region(m, a[0])->range.end);
}

const struct model_call question_calls[] = {
	{ "memblock_overlaps_region", "TPP>B", overlaps_region },
	{ "memblock_is_region_reserved", "PP>B", is_region_reserved },
	{ "memblock_addrs_overlap", "PPPP>U", addrs_overlap },
	{ "memblock_is_memory", "P>B", is_memory },
	{ "memblock_is_map_memory", "P>B", is_map_memory },
	{ "memblock_is_reserved", "P>B", is_reserved },
	{ "memblock_is_region_memory", "PP>B", is_region_memory },
	{ "memblock_search_pfn_nid", "UOO>N", search_pfn_nid },
	{ "memblock_phys_mem_size", ">P", phys_mem_size },
	{ "memblock_reserved_size", ">P", reserved_size },
	{ "memblock_reserved_kern_size", "PN>P", reserved_kern_size },
	{ "memblock_reserved_hugetlb_size", "PN>P", reserved_hugetlb_size },
	{ "memblock_estimated_nr_free_pages", ">U", estimated_nr_free_pages },
	{ "memblock_start_of_DRAM", ">P", start_of_memory },
	{ "memblock_end_of_DRAM", ">P", end_of_memory },
	{ "memblock_validate_numa_coverage", "U>B", validate_numa_coverage },
	{ "memblock_bottom_up", ">B", bottom_up },
	{ "memblock_get_current_limit", ">P", current_limit },
	{ "memblock_is_hotpluggable", "R>B", is_hotpluggable },
	{ "memblock_is_mirror", "R>B", is_mirror },
	{ "memblock_is_nomap", "R>B", is_nomap },
	{ "memblock_is_driver_managed", "R>B", is_driver_managed },
	{ "memblock_is_reserved_noinit", "R>B", is_noinit },
	{ "memblock_is_kho_scratch", "R>B", is_kho },
	{ "memblock_get_region_node", "R>I", region_node },
	{ "memblock_get_region_node", "R>N", region_node },
	{ "memblock_region_memory_base_pfn", "R>U", memory_base_pfn },
	{ "memblock_region_memory_end_pfn", "R>U", memory_end_pfn },
	{ "memblock_region_reserved_base_pfn", "R>U", reserved_base_pfn },
	{ "memblock_region_reserved_end_pfn", "R>U", reserved_end_pfn },
	{ NULL, NULL, NULL },
};
