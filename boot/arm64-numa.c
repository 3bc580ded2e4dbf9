// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Nodes of arm64: arch_numa_init() with what a device tree or SRAT says, or one node if they say
 * nothing or are refused (drivers/base/arch_numa.c, before that arch/arm64/mm/numa.c).
 */
#include <inttypes.h>

#include "boot/internal.h"

static const struct range everything = { 0, UINT64_MAX };

/* From 6.12 on, the code that x86 had counts for all. */
static bool has_memblks(const struct boot *b)
{
	return boot_is_since(b, "6.12");
}

static uint64_t distance_bytes(const struct boot *b)
{
	return (uint64_t)b->ops->nr_node_ids * b->ops->nr_node_ids;
}

/* Up to 6.11 there was a table of distances for all nodes that there can be. */
static struct range allocate_distances(struct boot *b)
{
	struct call_args a = {
		.size = distance_bytes(b),
		.align = 1ULL << b->r->page_shift,
		.nid = BOOT_NO_NODE,
	};
	uint64_t at;

	at = boot_alloc(b, "numa_alloc_distance", "distances of nodes", a);
	return (struct range){ at, at ? at + a.size : 0 };
}

/* numa_add_memblk(), as it was up to 6.11: at once, in memblock */
static bool set_nodes(struct boot *b)
{
	b->nr_nodes = 0;
	if (!boot_numa_read(b))
		return false;
	for (size_t i = 0; i < b->nr_nodes; i++)
		boot_set_node(b, "numa_add_memblk", b->nodes[i].range, RT_MEMORY, b->nodes[i].nid);
	return true;
}

/* Has all memory a node? EFI's map may have some that SRAT does not know of. */
static bool covers_memory(struct boot *b)
{
	const struct check_regions *memory = &b->check.regions[RT_MEMORY];

	for (size_t i = 0; i < memory->nr; i++) {
		if (memory->v[i].nid >= 0 && memory->v[i].nid < b->ops->nr_node_ids)
			continue;
		boot_log(b, "NUMA: Warning: invalid memblk node %d [mem %#" PRIx64 "-%#" PRIx64 "]",
			 (int)memory->v[i].nid, (uint64_t)memory->v[i].base,
			 (uint64_t)(memory->v[i].base + memory->v[i].size - 1));
		return false;
	}
	return true;
}

/* numa_init(), of what a device tree says or of ACPI's */
static bool take_nodes(struct boot *b)
{
	struct range distances;

	if (has_memblks(b))
		return boot_numa_init(b, boot_numa_read, 0);
	distances = allocate_distances(b);
	if (set_nodes(b) && covers_memory(b))
		return true;
	if (!b->nr_nodes)
		boot_log(b, "NUMA: No NUMA configuration found");
	if (!range_is_empty(distances))
		boot_release(b, "numa_free_distance", distances);
	return false;
}

/* dummy_numa_init(): one node has all */
static bool find_one(struct boot *b)
{
	struct range all = { boot_dram_start(b), boot_dram_end(b) };

	if (b->params.numa_off)
		boot_log(b, "NUMA: NUMA disabled");
	boot_log(b, "NUMA: Faking a node at [mem 0x%016" PRIx64 "-0x%016" PRIx64 "]", all.start,
		 all.end - 1);
	b->nr_nodes = 0;
	boot_numa_add(b, all, 0);
	return true;
}

static void fake_one(struct boot *b)
{
	if (has_memblks(b)) {
		boot_numa_init(b, find_one, 0);
		return;
	}
	allocate_distances(b);
	find_one(b);
	boot_set_node(b, "numa_add_memblk", b->nodes[0].range, RT_MEMORY, 0);
}

/* Nodes that have processors and no memory are there, too. */
static void allocate_memoryless(struct boot *b)
{
	const struct layout *l = b->layout;

	for (size_t i = 0; i < l->nr_node_cpus; i++) {
		bool there = l->node_cpus[i].nid >= b->ops->nr_node_ids;

		for (size_t n = 0; !there && n < b->nr_pgdats; n++)
			there = b->pgdat_nids[n] == l->node_cpus[i].nid;
		if (!there)
			boot_numa_allocate_one(b, l->node_cpus[i].nid);
	}
}

/* setup_node_to_cpumask_map(), where masks are allocated */
static void allocate_masks(struct boot *b)
{
	struct call_args a = { .size = b->geometry.cpumask_bytes, .align = BOOT_SMP_CACHE_BYTES };
	int last = 0;

	if (!b->facts->cpumasks)
		return;
	for (size_t i = 0; i < b->nr_pgdats; i++)
		if (b->pgdat_nids[i] > last)
			last = b->pgdat_nids[i];
	a.nid = BOOT_NO_NODE;
	for (int nid = 0; nid <= last; nid++)
		boot_alloc(b, "alloc_bootmem_cpumask_var", "CPU masks", a);
}

void boot_arm64_numa(struct boot *b)
{
	bool from_firmware;

	if (!b->ops->numa) {
		boot_set_node(b, "bootmem_init", everything, RT_MEMORY, 0);
		b->nodes_online = 1;
		return;
	}
	from_firmware = !b->params.numa_off && !b->params.no_srat && take_nodes(b);
	if (!from_firmware)
		fake_one(b);
	boot_numa_allocate(b);
	if (from_firmware)
		allocate_memoryless(b);
	allocate_masks(b);
}
