// SPDX-License-Identifier: GPL-2.0-or-later
/* memblock's regions, as numbers for the simulator. */
#include <linux/memblock.h>
#include <linux/mm.h>

#include "rt.h"

#if defined(CONFIG_HAVE_MEMBLOCK_PHYS_MAP) && !defined(RT_PHYSMEM_IS_MEMBER)
extern struct memblock_type physmem;
#define PHYSMEM (&physmem)
#elif defined(CONFIG_HAVE_MEMBLOCK_PHYS_MAP)
#define PHYSMEM (&memblock.physmem)
#else
#define PHYSMEM NULL
#endif

struct memblock_type *rt_type(rt_u64 type)
{
	switch (type) {
	case RT_MEMORY:
		return &memblock.memory;
	case RT_RESERVED:
		return &memblock.reserved;
	case RT_PHYSMEM:
		return PHYSMEM;
	default:
		return NULL;
	}
}

struct memblock_region *rt_region(rt_u64 region)
{
	struct memblock_type *type = rt_type(region >> 32);

	return type && type->regions ? &type->regions[(u32)region] : NULL;
}

int rt_type_state(int which, struct rt_type_state *state)
{
	struct memblock_type *type = rt_type(which);
	unsigned long array;

	if (!type)
		return -1;
	array = (unsigned long)type->regions;
	*state = (struct rt_type_state){
		.name = which == RT_MEMORY     ? "memory"
			: which == RT_RESERVED ? "reserved"
					       : "physmem",
		.cnt = type->cnt,
		.max = type->max,
		.total_size = type->total_size,
		.regions_pa =
			array >= rt_host.window && array < rt_host.vmemmap ? __pa(array) : RT_NULL,
	};
	return 0;
}

void rt_region_state(int which, rt_u64 index, struct rt_region *region)
{
	const struct memblock_region *r = &rt_type(which)->regions[index];

	*region = (struct rt_region){
		.base = r->base,
		.size = r->size,
		.flags = r->flags,
		.nid = memblock_get_region_node((struct memblock_region *)r),
	};
}
