// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Nodes: x86_numa_init() with what SRAT says, or one node if it says nothing or is refused
 * (arch/x86/mm/numa.c and mm/numa_memblks.c, 6.12).
 */
#include <inttypes.h>
#include <stdlib.h>

#include "boot/internal.h"
#include "lib/array.h"

static const struct range everything = { 0, UINT64_MAX };

static uint64_t dram_start(const struct boot *b)
{
	const struct check_regions *memory = &b->check.regions[RT_MEMORY];

	return memory->nr ? memory->v[0].base : 0;
}

/* Bytes of memory in @range. */
static uint64_t memory_in(const struct boot *b, struct range range)
{
	const struct check_regions *memory = &b->check.regions[RT_MEMORY];
	uint64_t size = 0;

	for (size_t i = 0; i < memory->nr; i++) {
		struct range r = { memory->v[i].base, memory->v[i].base + memory->v[i].size };

		size += range_size(range_intersect(r, range));
	}
	return size;
}

static int compare_blocks(const void *a, const void *b)
{
	const struct boot_block *x = a, *y = b;

	return (x->range.start > y->range.start) - (x->range.start < y->range.start);
}

static bool other_between(const struct boot *b, struct range gap, int nid)
{
	for (size_t i = 0; i < b->nr_nodes; i++)
		if (b->nodes[i].nid != nid && range_overlaps(b->nodes[i].range, gap))
			return true;
	return false;
}

/* numa_cleanup_meminfo(): within memory, and joined where no other node lies between */
static void clean_nodes(struct boot *b)
{
	struct range limit = { b->rules->numa_from_dram ? dram_start(b) : 0,
			       b->max_pfn << b->r->page_shift };
	size_t n = 0;

	for (size_t i = 0; i < b->nr_nodes; i++) {
		struct boot_block block = b->nodes[i];

		block.range = range_intersect(block.range, limit);
		if (!range_is_empty(block.range))
			b->nodes[n++] = block;
	}
	b->nr_nodes = n;
	qsort(b->nodes, b->nr_nodes, sizeof(*b->nodes), compare_blocks);
	for (size_t i = 0; i < b->nr_nodes; i++) {
		for (size_t j = i + 1; j < b->nr_nodes;) {
			struct range all = { b->nodes[i].range.start, b->nodes[j].range.end };

			if (b->nodes[j].nid != b->nodes[i].nid ||
			    other_between(b, all, b->nodes[i].nid)) {
				j++;
				continue;
			}
			b->nodes[i].range = all;
			b->nr_nodes--;
			for (size_t k = j; k < b->nr_nodes; k++)
				b->nodes[k] = b->nodes[k + 1];
		}
	}
}

static void add_node(struct boot *b, struct range range, int nid)
{
	ARRAY_APPEND(b->nodes, b->nr_nodes, b->room_nodes) =
		(struct boot_block){ .range = range, .nid = nid };
}

/* Does SRAT say of all memory, but for a megabyte, which node it is of? */
static bool covers_memory(struct boot *b)
{
	uint64_t all = memory_in(b, everything), covered = 0;

	for (size_t i = 0; i < b->nr_nodes; i++)
		covered += memory_in(b, b->nodes[i].range);
	if (all <= covered + (1 << 20))
		return true;
	boot_log(b,
		 "NUMA: nodes only cover %" PRIu64 "MB of your %" PRIu64 "MB e820 RAM. Not used.",
		 covered >> 20, all >> 20);
	return false;
}

/* acpi_numa_memory_affinity_init() */
static bool read_srat(struct boot *b)
{
	const struct layout *l = b->layout;

	for (size_t i = 0; i < l->nr_node_ranges; i++) {
		const struct layout_node_range *n = &l->node_ranges[i];

		if (n->nid == LAYOUT_NO_NODE)
			continue;
		if (n->nid >= b->ops->nr_node_ids) {
			boot_log(b, "SRAT: Node id %d is too large", n->nid);
			b->nr_nodes = 0;
			return false;
		}
		add_node(b, n->range, n->nid);
		if (n->range.end >> b->r->page_shift > b->max_possible_pfn)
			b->max_possible_pfn = n->range.end >> b->r->page_shift;
		if (n->flags & LAYOUT_HOTPLUG)
			boot_mark_hotplug(b, "acpi_numa_memory_affinity_init", n->range);
	}
	return b->nr_nodes && covers_memory(b);
}

/*
 * split_nodes_interleave() of mm/numa_emulation.c for one node: as much memory to each, in units
 * of 32 MiB, and the remainder to the first ones.
 */
static void fake_nodes(struct boot *b)
{
	const uint64_t unit = 32ULL << 20, dma32 = 1ULL << 32, nodes = b->params.numa_fake;
	uint64_t limit = b->max_pfn << b->r->page_shift;
	uint64_t start = b->rules->numa_from_dram ? dram_start(b) : 0;
	uint64_t share = memory_in(b, (struct range){ start, limit }) / nodes;
	uint64_t big = (share & (unit - 1)) * nodes / unit;

	share = boot_align_down(share, unit);
	for (uint64_t i = 0; i < nodes && start < limit; i++) {
		uint64_t end = start + share + (i < big ? unit : 0);

		while (end < limit && memory_in(b, (struct range){ start, end }) < share)
			end += unit;
		if (end < dma32 && memory_in(b, (struct range){ end, dma32 }) < unit)
			end = dma32;
		if (end > limit || memory_in(b, (struct range){ end, limit }) < share)
			end = limit;
		add_node(b, (struct range){ start, end }, i);
		start = end;
	}
}

static void one_node(struct boot *b)
{
	struct range all = { 0, b->max_pfn << b->r->page_shift };

	boot_log(b, b->params.numa_off ? "NUMA turned off" : "No NUMA configuration found");
	boot_log(b, "Faking a node at [mem 0x%016x-0x%016" PRIx64 "]", 0, all.end - 1);
	add_node(b, all, 0);
}

/* numa_clear_kernel_node_hotplug(): the kernel cannot be unplugged, nor can its node */
static void settle_kernel_nodes(struct boot *b)
{
	static const char function[] = "numa_clear_kernel_node_hotplug";
	const struct check_regions *reserved = &b->check.regions[RT_RESERVED];

	for (size_t i = 0; i < b->nr_nodes; i++)
		boot_set_node(b, function, b->nodes[i].range, RT_RESERVED, b->nodes[i].nid);
	for (size_t i = 0; i < b->nr_nodes; i++) {
		bool used = false;

		for (size_t j = 0; j < reserved->nr && !used; j++)
			used = reserved->v[j].nid == b->nodes[i].nid;
		if (used)
			boot_clear_hotplug(b, function, b->nodes[i].range);
	}
}

/* alloc_node_data() */
static void allocate_node_data(struct boot *b, int nid)
{
	struct boot_args a = { .align = BOOT_SMP_CACHE_BYTES, .nid = nid };
	uint64_t at;

	a.size = boot_align_up(b->facts->pgdat_size, b->facts->pgdat_in_pages
							     ? 1ULL << b->r->page_shift
							     : BOOT_SMP_CACHE_BYTES);
	at = boot_alloc_phys(b, "alloc_node_data", boot_string(b, "NODE_DATA(%d)", nid), a);
	if (!at)
		boot_panic(b, "Cannot find %" PRIu64 " bytes in any node (initial node: %d)",
			   a.size, nid);
	boot_log(b, "NODE_DATA(%d) allocated [mem %#" PRIx64 "-%#" PRIx64 "]", nid, at,
		 at + a.size - 1);
	ARRAY_APPEND(b->pgdats, b->nr_pgdats, b->room_pgdats) = (struct range){ at, at + a.size };
	b->pgdat_nids = array_resize(b->pgdat_nids, b->nr_pgdats, sizeof(*b->pgdat_nids));
	b->pgdat_nids[b->nr_pgdats - 1] = nid;
	b->ops->node_set_online(nid, 1);
	b->nodes_online++;
}

/* numa_alloc_distance() */
static void allocate_distances(struct boot *b)
{
	struct boot_args a = { .align = 1ULL << b->r->page_shift, .nid = BOOT_NO_NODE };
	uint64_t nodes = 0;

	for (size_t i = 0; i < b->nr_nodes; i++)
		if ((uint64_t)b->nodes[i].nid >= nodes)
			nodes = b->nodes[i].nid + 1;
	a.size = nodes * nodes;
	boot_alloc(b, "numa_alloc_distance", "distances of nodes", a);
}

/* numa_register_memblks() */
static void register_nodes(struct boot *b)
{
	int next = -1;

	for (size_t i = 0; i < b->nr_nodes; i++)
		boot_set_node(b, "numa_register_memblks", b->nodes[i].range, RT_MEMORY,
			      b->nodes[i].nid);
	settle_kernel_nodes(b);
	for (int nid = next;; nid = next) {
		next = b->ops->nr_node_ids;
		for (size_t i = 0; i < b->nr_nodes; i++)
			if (b->nodes[i].nid > nid && b->nodes[i].nid < next)
				next = b->nodes[i].nid;
		if (next == b->ops->nr_node_ids)
			break;
		allocate_node_data(b, next);
	}
}

void boot_x86_numa(struct boot *b)
{
	int none = b->facts->no_node_is_negative ? BOOT_NO_NODE : b->ops->nr_node_ids;
	bool from_firmware;

	if (!b->ops->numa) {
		boot_set_node(b, "initmem_init", everything, RT_MEMORY, 0);
		b->nodes_online = 1;
		return;
	}
	boot_set_node(b, "numa_init", everything, RT_MEMORY, none);
	boot_set_node(b, "numa_init", everything, RT_RESERVED, none);
	boot_clear_hotplug(b, "numa_init", everything);
	from_firmware = !b->params.numa_off && read_srat(b);
	boot_set_bottom_up(b, "numa_init", false);
	if (!from_firmware) {
		b->nr_nodes = 0;
		if (b->params.numa_fake > 1 && b->params.numa_fake <= (uint64_t)b->ops->nr_node_ids)
			fake_nodes(b);
		else
			one_node(b);
	}
	clean_nodes(b);
	if (b->nr_nodes > 1 && (!from_firmware || boot_x86_has_table(b, "ACPI SLIT")))
		allocate_distances(b);
	register_nodes(b);
	boot_dump(b, "numa_init");
}
