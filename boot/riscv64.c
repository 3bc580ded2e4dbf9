// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The plan of riscv64: setup_arch() of arch/riscv and what follows it, up to the page allocator, in
 * the order of 6.12. Memory is what a device tree or EFI's map says; zones and nodes are by the
 * rules of the kernel that the layout is of.
 */
#include "boot/crash.h"

#define M(n) ((uint64_t)(n) << 20)
#define GIB4 (1ULL << 32)
#define PUD (1ULL << 30)
#define RESOURCE 64 /* struct resource */

/* Debian's kernels: 7.2 as seen in its logs (tests/data/boots), older ones as if they were it. */
static const struct boot_facts facts[] = {
	{
		.since = "0",
		.image_size = M(36),
		.percpu_static = 95704,
		.pgdat_size = 0x2a00,
		.percpu_chunk = 200,
		.section_usage = 56,
		.no_node_is_negative = true,
		.printk_records = true,
		.hash_of_free = true,
	},
	{ .since = NULL },
};

/* Up to 6.3 memory below the kernel was none, as the linear map began with it. */
static void take_map(struct boot *b)
{
	uint64_t start = b->kernel.start;

	boot_take_ram(b);
	if (boot_is_since(b, "6.4") || !rangeset_contains(&b->ram, start))
		return;
	rangeset_remove(&b->ram, (struct range){ 0, boot_align_down(start, M(2)) });
	boot_account_change(b, BOOT_ITEM_MAP, "below the kernel, which it ignores",
			    "early_init_dt_add_memory_arch", rangeset_size(&b->ram));
}

static void read_tree(struct boot *b)
{
	boot_add_ram(b, "early_init_dt_add_memory_arch");
}

static void memblock_setup(struct boot *b)
{
	static const char function[] = "setup_bootmem";

	boot_enforce_mem(b, function, b->params.mem_limit);
	/* what is mapped read-only with it is nobody's */
	boot_reserve(b, function, "kernel image",
		     (struct range){ b->kernel.start, boot_align_up(b->kernel.end, M(2)) });
	boot_set_end(b);
	b->dma_limit = b->max_pfn << b->r->page_shift;
	if (b->dma_limit > GIB4)
		b->dma_limit = GIB4;
	b->cma_end = b->dma_limit;
	boot_reserve_initrd(b, "reserve_initrd_mem");
	boot_tree_reserve(b);
	boot_tree_reserve_self(b, function);
	boot_common_cma(b, b->cma_end);
	boot_common_hugetlb_cma(b);
}

static void need_table(struct boot *b)
{
	struct call_args a = { .size = 1ULL << b->r->page_shift,
			       .align = 1ULL << b->r->page_shift };

	if (!boot_alloc_range(b, "alloc_pmd_fixmap", "page tables of linear map", a))
		boot_panic(b, "Failed to allocate page table");
}

/* create_linear_mapping_page_table(): a table of PMDs for each GiB that is not all one page */
static void map_memory(struct boot *b)
{
	uint64_t next = 0;

	boot_allow_resize(b, "paging_init");
	for (size_t i = 0; i < b->check.regions[RT_MEMORY].nr; i++) {
		const struct rt_region *v = &b->check.regions[RT_MEMORY].v[i];
		uint64_t at = boot_align_down(v->base, PUD), end = v->base + v->size;

		for (at = at < next ? next : at; at < end; at += PUD)
			if (at < v->base || at + PUD > end ||
			    range_overlaps((struct range){ at, at + PUD }, b->kernel))
				need_table(b);
		next = at > next ? at : next;
	}
}

static void find_nodes(struct boot *b)
{
	boot_arm64_numa(b);
	boot_common_sparse(b);
}

/*
 * zone_sizes_init(): DMA32 is new in 5.0. Zones are those of the layout's kernel; without a word of it,
 * of the newest.
 */
static void find_zones(struct boot *b)
{
	uint64_t end = boot_dram_end(b) < GIB4 ? boot_dram_end(b) : GIB4;

	if (boot_is_since(b, "5.0"))
		mm_set_zone_end(b->r->mm, MM_DMA32, end >> b->r->page_shift);
	boot_common_zones(b);
}

/* Up to 6.6 as arch/riscv/mm/init.c has it, which knows no ,high; since then as all do. */
static void reserve_crash(struct boot *b)
{
	bool shared = boot_is_since(b, "6.7");
	struct boot_crash_rules rules = {
		.version = b->version,
		.file = shared ? "kernel/crash_reserve.c" : "arch/riscv/mm/init.c",
		.align = M(2),
		.fixed_align = M(2),
		.low_end = b->dma_limit,
		.high_min = shared ? b->dma_limit : 0,
		.high_end = shared ? boot_dram_end(b) : 0,
		.low_default = shared ? M(128) : 0,
		.falls_back = shared,
		.high_falls_back = shared,
	};

	boot_crash_reserve(b, &rules);
}

static void set_up_zones(struct boot *b)
{
	find_zones(b);
	reserve_crash(b);
	boot_dump(b, "misc_mem_init");
}

static void name_resources(struct boot *b)
{
	uint64_t nr = b->check.regions[RT_MEMORY].nr + b->check.regions[RT_RESERVED].nr + 1;

	boot_alloc_small(b, "init_resources", "resources", nr * RESOURCE);
}

static void allocate_bounce(struct boot *b)
{
	b->geometry.low_limit = GIB4 - 1;
	if (b->max_pfn << b->r->page_shift > GIB4 || b->params.swiotlb_force)
		boot_common_bounce(b, 0);
}

static const struct boot_step steps[] = {
	{ "parse_dtb", "memory of the device tree or of EFI", read_tree },
	{ "parse_early_param", "the command line", boot_give_early_params },
	{ "setup_bootmem", "the kernel, what the device tree reserves, CMA", memblock_setup },
	{ "setup_vm_final", "the linear map", map_memory },
	{ "misc_mem_init", "nodes, the map of pages", find_nodes },
	{ "zone_sizes_init", "zones, room for a crash kernel", set_up_zones },
	{ "init_resources", "the resource tree", name_resources },
	{ "setup_command_line", "copies of the command line", boot_common_command_line },
	{ "setup_per_cpu_areas", "per-CPU areas", boot_common_percpu },
	{ "parse_args", "the rest of the command line", boot_give_late_params },
	{ "hugetlb_init", "gigantic pages", boot_common_gigantic },
	{ "setup_log_buf", "the log", boot_common_log_buf },
	{ "setup_log_buf", "the log, for many processors", boot_common_log_buf_cpus },
	{ "vfs_caches_init_early", "hash tables", boot_common_hashes },
	{ "mem_init", "bounce buffers", allocate_bounce },
	{ "memblock_free_all", "the hand-over to the page allocator", boot_common_hand_over },
	{ "deferred_init_memmap", "struct pages that were left for later", boot_common_deferred },
	{ "page_alloc_init_late", "memblock's own memory", boot_common_discard },
	{ "cma_init_reserved_areas", "areas of CMA, to be lent out", boot_common_lend_cma },
	{ "gather_bootmem_prealloc", "gigantic pages", boot_common_take_gigantic },
	{ "free_initrd_mem", "the initrd, which is unpacked", boot_common_free_initrd },
	{ NULL, NULL, NULL },
};

static void measure(struct boot *b)
{
	b->geometry = (struct boot_geometry){
		.section_bits = 27,
		.physmem_bits = 56,
		.pmd_size = M(2),
		.map_in_pmds = true,
		.percpu_atom = 4096,
		.low_limit = GIB4 - 1,
		.cpumask_bytes = 64,
		.no_device_zone = !boot_is_since(b, "6.4"),
		.cma_align = boot_is_since(b, "5.19") ? M(2) : M(4),
	};
}

const struct boot_plan boot_plan_riscv64 = {
	.arch = LAYOUT_RISCV,
	.configs = "riscv",
	.facts = facts,
	.kernel_base = 0x80200000, /* where OpenSBI jumps to on most machines */
	.percpu_reserved = 8 << 10,
	.measure = measure,
	.take_map = take_map,
	.find_zones = find_zones,
	.steps = steps,
};
