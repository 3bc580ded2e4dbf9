// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The plan of ppc64, little and big endian: early_init_devtree() and setup_arch() of arch/powerpc and
 * what follows them, up to the page allocator, in the order of 6.1. Memory and nodes are those of
 * the firmware's device tree.
 */
#include <string.h>

#include "boot/crash.h"

#define M(n) ((uint64_t)(n) << 20)
#define K(n) ((n)*1024ULL)
#define STACK K(32)

/* Debian's kernels, as seen in their logs (tests/data/boots). */
static const struct boot_facts facts[] = {
	{
		.since = "0",
		.image_size = K(41472),
		.percpu_static = 603432,
		.pgdat_size = 0x5500,
		.percpu_chunk = 144,
		.section_usage = 56,
		.printk_records = true,
	},
	{
		.since = "6.12",
		.image_size = K(43008),
		.percpu_static = 120472,
		.pgdat_size = 0x8200,
		.percpu_chunk = 200,
		.section_usage = 56,
		.no_node_is_negative = true,
		.printk_records = true,
		.hash_of_free = true,
	},
	{ .since = NULL },
};

static void read_tree(struct boot *b)
{
	boot_add_ram(b, "early_init_dt_scan_memory");
}

/* Does OPAL run below the kernel? It keeps memory for itself. Else there is a hypervisor. */
static bool is_bare(const struct boot *b)
{
	for (size_t i = 0; i < b->layout->nr_reservations; i++)
		if (!strncmp(b->layout->reservations[i].name, "ibm,firmware", 12))
			return true;
	return false;
}

/*
 * Since 5.18 under a hypervisor it is at 512 MiB, else at 128 MiB, or half way through the first of
 * memory.
 */
static uint64_t crash_base(const struct boot *b)
{
	const struct check_regions *memory = &b->check.regions[RT_MEMORY];
	uint64_t half = memory->nr ? memory->v[0].size / 2 : 0;
	uint64_t most = boot_is_since(b, "5.18") && !is_bare(b) ? M(512) : M(128);

	return b->params.crash_base ? b->params.crash_base : half < most ? half : most;
}

/* reserve_crashkernel(): nothing is looked for */
static void reserve_crash(struct boot *b)
{
	static const char function[] = "reserve_crashkernel";
	uint64_t page = 1ULL << b->r->page_shift, size = boot_align_up(boot_crash_size(b), page);
	uint64_t at = boot_align_up(crash_base(b), page);
	struct range r = { at, at + size };

	if (!size)
		return;
	if (range_overlaps(r, b->kernel)) {
		boot_log(b, "crash kernel overlaps with kernel image");
		return;
	}
	if (r.end > boot_dram_end(b)) {
		boot_log(b, "crash kernel does not fit memory");
		return;
	}
	b->r->crash = r;
	boot_crash_log(b);
	boot_reserve(b, function, "crash kernel", r);
}

/* mem= counts in pages; since 6.12 in pages of 16 MiB, and so does all of memory. */
static uint64_t limit_of(const struct boot *b)
{
	uint64_t all = b->check.regions[RT_MEMORY].state.total_size;
	uint64_t page = 1ULL << b->r->page_shift;
	uint64_t limit = boot_align_up(b->params.mem_limit, page);

	if (boot_is_since(b, "6.12"))
		return boot_align_down(limit && limit <= all ? limit : all, M(16));
	return limit;
}

static void reserve_early(struct boot *b)
{
	static const char function[] = "early_init_devtree";

	boot_reserve(b, function, "kernel image", (struct range){ 0, b->kernel.end });
	reserve_crash(b);
	boot_tree_reserve_self(b, "early_reserve_mem");
	boot_reserve_initrd(b, "early_reserve_mem_dt");
	boot_tree_reserve(b);
	boot_enforce_mem(b, function, limit_of(b));
	boot_allow_resize(b, function);
	boot_dump(b, function);
}

/* parse_numa_properties(): what the tree says nothing of is on the first node */
static void set_nodes(struct boot *b, bool off)
{
	const struct layout *l = b->layout;
	const struct range all = { 0, UINT64_MAX };

	boot_set_node(b, "numa_setup", all, RT_MEMORY, 0);
	for (size_t i = 0; !off && i < l->nr_node_ranges; i++) {
		const struct layout_node_range *n = &l->node_ranges[i];

		if (n->nid == LAYOUT_NO_NODE || n->nid >= b->ops->nr_node_ids)
			continue;
		boot_set_node(b, "parse_numa_properties", n->range, RT_MEMORY, n->nid);
	}
	for (size_t i = 0; i < b->check.regions[RT_MEMORY].nr; i++) {
		const struct rt_region *v = &b->check.regions[RT_MEMORY].v[i];

		boot_numa_add(b, (struct range){ v->base, v->base + v->size }, v->nid);
	}
	b->nodes_are_real = !off && l->nr_node_ranges;
}

/* Node 0 always is; others are if they have memory or, as far as the tree counts, processors. */
static bool is_online(const struct boot *b, int nid, bool off)
{
	const struct layout *l = b->layout;

	if (!nid)
		return true;
	for (size_t i = 0; i < b->nr_nodes; i++)
		if (b->nodes[i].nid == nid)
			return true;
	for (size_t i = 0; !off && i < l->nr_node_cpus; i++)
		if (l->node_cpus[i].nid == nid && l->node_cpus[i].cpus)
			return true;
	return false;
}

static void find_nodes(struct boot *b)
{
	bool off = b->params.numa_off;

	boot_set_end(b);
	if (!b->ops->numa) {
		b->nodes_online = 1;
		return;
	}
	set_nodes(b, off);
	for (int nid = 0; nid < b->ops->nr_node_ids; nid++)
		if (is_online(b, nid, off))
			boot_numa_allocate_one(b, nid);
}

/* irqstack_early_init() and emergency_stack_init(): five of 32 KiB for each processor, or its half */
static void allocate_stacks(struct boot *b)
{
	struct call_args a = { .size = STACK, .align = STACK, .nid = BOOT_NO_NODE };

	for (unsigned int i = 0; i < 5 * b->cpus; i++)
		if (!boot_alloc(b, "alloc_stack", "stacks", a))
			boot_panic(b, "cannot allocate stacks");
}

/*
 * paging_init(): one zone. It was DMA up to 4.20, with an empty DMA32 since 3.18; since 5.0 it is
 * Normal.
 */
static void find_zones(struct boot *b)
{
	uint64_t end = boot_dram_end(b) >> b->r->page_shift;

	if (!boot_is_since(b, "5.0")) {
		mm_set_zone_end(b->r->mm, MM_DMA, end);
		if (boot_is_since(b, "3.18"))
			mm_set_zone_end(b->r->mm, MM_DMA32, end);
	}
	boot_common_zones(b);
}

static void set_up_map(struct boot *b)
{
	boot_common_sparse(b);
	find_zones(b);
}

static const struct boot_step steps[] = {
	{ "early_init_dt_scan_memory", "memory of the device tree", read_tree },
	{ "parse_early_param", "the command line", boot_give_early_params },
	{ "early_init_devtree", "what must not be overwritten", reserve_early },
	{ "mem_topology_setup", "nodes", find_nodes },
	{ "irqstack_early_init", "stacks", allocate_stacks },
	{ "initmem_init", "the map of pages, zones", set_up_map },
	{ "setup_command_line", "copies of the command line", boot_common_command_line },
	{ "setup_per_cpu_areas", "per-CPU areas", boot_common_percpu },
	{ "parse_args", "the rest of the command line", boot_give_late_params },
	{ "hugetlb_init", "gigantic pages", boot_common_gigantic },
	{ "setup_log_buf", "the log", boot_common_log_buf },
	{ "setup_log_buf", "the log, for many processors", boot_common_log_buf_cpus },
	{ "vfs_caches_init_early", "hash tables", boot_common_hashes },
	{ "mem_init", "the hand-over to the page allocator", boot_common_hand_over },
	{ "deferred_init_memmap", "struct pages that were left for later", boot_common_deferred },
	{ "gather_bootmem_prealloc", "gigantic pages", boot_common_take_gigantic },
	{ "free_initrd_mem", "the initrd, which is unpacked", boot_common_free_initrd },
	{ NULL, NULL, NULL },
};

static void measure(struct boot *b)
{
	b->geometry = (struct boot_geometry){
		.section_bits = 24,
		.physmem_bits = b->r->page_shift == 16 ? 51 : 47,
		.pmd_size = M(2),
		.percpu_atom = 1ULL << b->r->page_shift,
		.low_limit = UINT32_MAX,
		.cpumask_bytes = 256,
		/* distributions have had it since they have what goes with it */
		.no_device_zone = !boot_is_since(b, "6.12"),
		.cma_align = M(16),
	};
}

const struct boot_plan boot_plan_ppc64 = {
	.arch = LAYOUT_PPC64,
	.configs = "ppc64",
	.facts = facts,
	.measure = measure,
	.take_map = boot_take_ram,
	.find_zones = find_zones,
	.steps = steps,
};
