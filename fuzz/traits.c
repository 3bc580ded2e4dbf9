// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How often each call is made, and what is particular about some. A function that is not in the table is
 * made, too, with arguments by its prototype: kernels to come need no entry.
 */
#include <string.h>

#include "fuzz/internal.h"
#include "lib/array.h"

#define WEIGHT_UNKNOWN 3

static const struct {
	const char *name;
	unsigned int weight;
} weights[] = {
	{ "memblock_add", 24 },
	{ "memblock_add_node", 16 },
	{ "memblock_remove", 14 },
	{ "memblock_reserve", 30 },
	{ "memblock_reserve_kern", 10 },
	{ "memblock_phys_free", 20 },
	{ "memblock_free", 14 },
	{ "memblock_physmem_add", 6 },
	{ "memblock_set_node", 10 },
	{ "memblock_phys_alloc", 12 },
	{ "memblock_phys_alloc_range", 14 },
	{ "memblock_phys_alloc_nid", 8 },
	{ "memblock_phys_alloc_try_nid", 10 },
	{ "memblock_alloc_range_nid", 12 },
	{ "memblock_alloc_try_nid", 14 },
	{ "memblock_alloc", 12 },
	{ "memblock_alloc_exact_nid_raw", 8 },
	{ "memblock_mark_hotplug", 5 },
	{ "memblock_clear_hotplug", 3 },
	{ "memblock_mark_mirror", 5 },
	{ "memblock_mark_nomap", 6 },
	{ "memblock_clear_nomap", 4 },
	{ "memblock_reserved_mark_noinit", 4 },
	{ "memblock_reserved_mark_kern", 4 },
	{ "memblock_set_current_limit", 4 },
	{ "memblock_set_bottom_up", 4 },
	{ "memblock_allow_resize", 2 },
	{ "memblock_trim_memory", 2 },
	{ "memblock_enforce_memory_limit", 2 },
	{ "memblock_cap_memory_range", 2 },
	{ "memblock_mem_limit_remove_map", 2 },
	{ "memblock_dump_all", 0 },
	{ "__memblock_dump_all", 0 },
};

/* These end what memblock is there for, page by page, or take the memory of others for their own. */
static const char *const last[] = {
	"free_all", "_late", "memmap", "memblock_discard", "managed_pages", "set_region_node",
};

static unsigned int weight_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(weights); i++)
		if (!strcmp(weights[i].name, name))
			return weights[i].weight;
	return WEIGHT_UNKNOWN;
}

/* memblock_alloc() and its relatives, but for those that say that they do not. */
static bool is_zeroing(const struct rt_call *call)
{
	return call->result == RT_POINTER && !strncmp(call->name, "memblock_alloc", 14) &&
	       !strstr(call->name, "raw") && !strstr(call->name, "hugetlb");
}

void traits_fill(struct rig *r)
{
	for (size_t i = 0; i < r->table.nr; i++) {
		const struct rt_call *call = r->table.calls[i];
		struct trait *t = &r->traits[i];
		struct range ram;
		const uint64_t args[RT_MAX_ARGS] = { 0 };

		*t = (struct trait){
			.weight = weight_of(call->name),
			.adds_ram = op_adds_ram(call, args, &ram),
			.zeroes = is_zeroing(call),
			.gives = strstr(call->name, "alloc") &&
				 (call->result == RT_PHYS || call->result == RT_POINTER),
			.hands_over = !strcmp(call->name, "memblock_free_all") ||
				      !strcmp(call->name, "free_all_bootmem"),
			.is_late = strstr(call->name, "free_late") ||
				   !strcmp(call->name, "memblock_discard"),
			.is_pfn = strstr(call->name, "pfn") || strstr(call->name, "free_late"),
			.size_arg = op_argument(call, "size"),
			.judged = true,
		};
		for (size_t k = 0; k < ARRAY_LEN(last); k++)
			t->is_last |= !!strstr(call->name, last[k]);
	}
}
