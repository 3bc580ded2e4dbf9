// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Calls that say what there is: memory, what of it is reserved, and what kind of memory it is. What
 * is said of a range holds for the part of it that the list has.
 */
#include "model/internal.h"

#define FLAG(f) ((struct change){ .set = m->flag.f })
#define NO_FLAG(f) ((struct change){ .clear = m->flag.f })

static struct range range_of(const struct model *m, const uint64_t *a)
{
	return model_range(m, a[0], a[1]);
}

/* Memory of which nobody has said yet on which node it is. */
static uint64_t add(struct model *m, const uint64_t *a)
{
	return list_add(m, RT_MEMORY, range_of(m, a), m->nr_nodes, 0);
}

static uint64_t add_node(struct model *m, const uint64_t *a)
{
	return list_add(m, RT_MEMORY, range_of(m, a), (int)a[2], 0);
}

static uint64_t add_node_flags(struct model *m, const uint64_t *a)
{
	return list_add(m, RT_MEMORY, range_of(m, a), (int)a[2], (uint32_t)a[3]);
}

static uint64_t physmem_add(struct model *m, const uint64_t *a)
{
	return list_add(m, RT_PHYSMEM, range_of(m, a), m->nr_nodes, 0);
}

static int no_node(const struct model *m)
{
	return m->rules[RULE_NO_NODE] ? -1 : m->nr_nodes;
}

static uint64_t reserve(struct model *m, const uint64_t *a)
{
	return list_add(m, RT_RESERVED, range_of(m, a), no_node(m), 0);
}

static uint64_t reserve_kern(struct model *m, const uint64_t *a)
{
	return list_add(m, RT_RESERVED, range_of(m, a), no_node(m), m->flag.kern);
}

static uint64_t reserve_as(struct model *m, const uint64_t *a)
{
	return list_add(m, RT_RESERVED, range_of(m, a), (int)a[2], (uint32_t)a[3]);
}

static uint64_t remove_memory(struct model *m, const uint64_t *a)
{
	return list_remove(m, RT_MEMORY, range_of(m, a));
}

static uint64_t mark_hotplug(struct model *m, const uint64_t *a)
{
	return list_change(m, RT_MEMORY, range_of(m, a), FLAG(hotplug));
}

static uint64_t clear_hotplug(struct model *m, const uint64_t *a)
{
	return list_change(m, RT_MEMORY, range_of(m, a), NO_FLAG(hotplug));
}

/* Only if the command line asked for it; from then on allocations prefer mirrored memory. */
static uint64_t mark_mirror(struct model *m, const uint64_t *a)
{
	if (!m->kernelcore_mirror) {
		known_note(m, BUG_MIRROR);
		/* allocations prefer it from now on, which no list shows */
		m->lasting |= m->bugs;
		return 0;
	}
	m->has_mirror = true;
	return list_change(m, RT_MEMORY, range_of(m, a), FLAG(mirror));
}

static uint64_t mark_nomap(struct model *m, const uint64_t *a)
{
	return list_change(m, RT_MEMORY, range_of(m, a), FLAG(nomap));
}

static uint64_t clear_nomap(struct model *m, const uint64_t *a)
{
	return list_change(m, RT_MEMORY, range_of(m, a), NO_FLAG(nomap));
}

static uint64_t mark_noinit(struct model *m, const uint64_t *a)
{
	return list_change(m, RT_RESERVED, range_of(m, a), FLAG(noinit));
}

static uint64_t mark_kern(struct model *m, const uint64_t *a)
{
	return list_change(m, RT_RESERVED, range_of(m, a), FLAG(kern));
}

static uint64_t mark_kho(struct model *m, const uint64_t *a)
{
	return list_change(m, RT_MEMORY, range_of(m, a), FLAG(kho));
}

static uint64_t clear_kho(struct model *m, const uint64_t *a)
{
	return list_change(m, RT_MEMORY, range_of(m, a), NO_FLAG(kho));
}

static uint64_t set_node(struct model *m, const uint64_t *a)
{
	enum rt_type type = (enum rt_type)a[2];

	if (!m->rules[RULE_NODES])
		return 0;
	model_unspecified_if(m, a[2] >= RT_NR_TYPES || !m->lists[type].exists);
	return list_change(m, type, range_of(m, a),
			   (struct change){ .has_nid = true, .nid = (int)a[3] });
}

/* The node of one region, whatever its neighbours are. */
static uint64_t set_region_node(struct model *m, const uint64_t *a)
{
	uint64_t type = a[0] >> 32, index = (uint32_t)a[0];

	model_unspecified_if(m, type >= RT_NR_TYPES || index >= m->lists[type].set.nr);
	if (m->rules[RULE_NODES])
		m->lists[type].set.v[index].nid = (int)a[1];
	return 0;
}

static uint64_t allow_resize(struct model *m, const uint64_t *a)
{
	(void)a;
	m->can_resize = true;
	return 0;
}

static uint64_t set_bottom_up(struct model *m, const uint64_t *a)
{
	m->bottom_up = a[0];
	return 0;
}

static uint64_t set_current_limit(struct model *m, const uint64_t *a)
{
	m->current_limit = a[0];
	return 0;
}

static uint64_t set_kho_only(struct model *m, const uint64_t *a)
{
	(void)a;
	m->kho_only = m->rules[RULE_KHO];
	return 0;
}

static uint64_t clear_kho_only(struct model *m, const uint64_t *a)
{
	(void)a;
	m->kho_only = false;
	return 0;
}

/* Says much and does nothing. */
static uint64_t nothing(struct model *m, const uint64_t *a)
{
	(void)m;
	(void)a;
	return 0;
}

const struct model_call change_calls[] = {
	{ "memblock_add", "PP>I", add },
	{ "memblock_add_node", "PPN>I", add_node },
	{ "memblock_add_node", "PPNF>I", add_node_flags },
	{ "memblock_physmem_add", "PP>I", physmem_add },
	{ "memblock_reserve", "PP>I", reserve },
	{ "memblock_reserve_kern", "PP>I", reserve_kern },
	{ "__memblock_reserve", "PPNF>I", reserve_as },
	{ "memblock_remove", "PP>I", remove_memory },
	{ "memblock_mark_hotplug", "PP>I", mark_hotplug },
	{ "memblock_clear_hotplug", "PP>I", clear_hotplug },
	{ "memblock_mark_mirror", "PP>I", mark_mirror },
	{ "memblock_mark_nomap", "PP>I", mark_nomap },
	{ "memblock_clear_nomap", "PP>I", clear_nomap },
	{ "memblock_reserved_mark_noinit", "PP>I", mark_noinit },
	{ "memblock_reserved_mark_kern", "PP>I", mark_kern },
	{ "memblock_mark_kho_scratch", "PP>I", mark_kho },
	{ "memblock_clear_kho_scratch", "PP>I", clear_kho },
	{ "memblock_set_node", "PPTN>I", set_node },
	{ "memblock_set_region_node", "RN>v", set_region_node },
	{ "memblock_allow_resize", ">v", allow_resize },
	{ "memblock_set_bottom_up", "B>v", set_bottom_up },
	{ "memblock_set_current_limit", "P>v", set_current_limit },
	{ "memblock_set_kho_scratch_only", ">v", set_kho_only },
	{ "memblock_clear_kho_scratch_only", ">v", clear_kho_only },
	{ "memblock_dump_all", ">v", nothing },
	{ "early_memtest", "PP>v", nothing },
	{ "reset_all_zones_managed_pages", ">v", nothing },
	{ "reset_node_managed_pages", ">v", nothing },
	{ NULL, NULL, NULL },
};
