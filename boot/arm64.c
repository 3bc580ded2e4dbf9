// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The plan of arm64: setup_arch() and what follows it in start_kernel(), up to the page allocator.
 * Memory is what a device tree or EFI's map says; the rules are those of the kernel that the
 * layout is of.
 */
#include <string.h>

#include "boot/internal.h"

#define RESOURCE 64  /* struct resource */
#define PHYS_BITS 48 /* of physical addresses that the kernel takes */
#define VA_BITS 48   /* of the kernel's addresses; half of them are the linear map */

bool boot_is_since(const struct boot *b, const char *version)
{
	return boot_version_is_since(b->version, version);
}

static uint64_t page_bytes(const struct boot *b)
{
	return 1ULL << b->r->page_shift;
}

static struct range whole_pages(const struct boot *b, struct range r)
{
	return (struct range){ boot_align_down(r.start, page_bytes(b)),
			       boot_align_up(r.end, page_bytes(b)) };
}

/*
 * early_init_dt_add_memory_arch(): only whole pages of it are memory. EFI's pages of 4 KiB, of
 * which a larger page can have several of different types, are rounded the other way.
 */
static struct range memory_pages(const struct boot *b, const struct layout_range *r)
{
	if (layout_is_efi(r))
		return whole_pages(b, r->range);
	return (struct range){ boot_align_up(r->range.start, page_bytes(b)),
			       boot_align_down(r->range.end, page_bytes(b)) };
}

static void take_map(struct boot *b)
{
	for (size_t i = 0; i < b->layout->nr_ranges; i++)
		if (b->layout->ranges[i].type == LAYOUT_RAM)
			rangeset_add(&b->ram, memory_pages(b, &b->layout->ranges[i]));
	boot_account_change(b, BOOT_ITEM_MAP, "trimmed to pages", "early_init_dt_add_memory_arch",
			    rangeset_size(&b->ram));
}

static void add_memory(struct boot *b)
{
	static const char function[] = "early_init_dt_add_memory_arch";
	const struct range all = { 0, engine_max_address() };

	for (size_t i = 0; i < b->layout->nr_ranges; i++) {
		const struct layout_range *r = &b->layout->ranges[i];
		struct range pages = range_intersect(memory_pages(b, r), all);

		if (r->type == LAYOUT_RAM && !range_is_empty(pages))
			boot_add(b, function, pages);
	}
	boot_account_memory(b, "unknown", function);
}

/* What a kernel after a crash may use is all that is memory to it. */
static void cap_memory(struct boot *b)
{
	static const char function[] = "early_init_dt_check_for_usable_mem_range";
	const struct layout *l = b->layout;
	struct rangeset usable = { 0 };
	uint64_t at = 0;

	for (size_t i = 0; i < l->nr_usables; i++)
		rangeset_add(&usable, l->usables[i].range);
	for (size_t i = 0; i < usable.nr; i++) {
		if (usable.v[i].start > at)
			boot_remove(b, function, (struct range){ at, usable.v[i].start });
		at = usable.v[i].end;
	}
	if (usable.nr)
		boot_remove(b, function, (struct range){ at, UINT64_MAX });
	rangeset_release(&usable);
	boot_account_memory(b, "not for this kernel (usable-memory-range)", function);
}

/* setup_machine_fdt() */
static void read_tree(struct boot *b)
{
	for (size_t i = 0; i < b->layout->nr_reservations; i++)
		if (b->layout->reservations[i].kind == LAYOUT_DTB)
			boot_reserve(b, "setup_machine_fdt", "device tree",
				     b->layout->reservations[i].range);
	add_memory(b);
}

/* efi_init(): what else the map says of memory, and the tables that are needed later on */
static void read_efi(struct boot *b)
{
	const struct layout *l = b->layout;

	for (size_t i = 0; i < l->nr_node_ranges; i++)
		if (l->node_ranges[i].flags & LAYOUT_NOMAP)
			boot_mark_nomap(b, "reserve_regions",
					whole_pages(b, l->node_ranges[i].range));
	cap_memory(b);
	for (size_t i = 0; i < l->nr_node_ranges; i++)
		if (l->node_ranges[i].flags & LAYOUT_MIRROR && boot_is_since(b, "5.19"))
			boot_mark_mirror(b, "efi_find_mirror", l->node_ranges[i].range);
	for (size_t i = 0; i < l->nr_reservations; i++)
		if (l->reservations[i].kind == LAYOUT_FIRMWARE)
			boot_reserve(b, "efi_init", l->reservations[i].name,
				     l->reservations[i].range);
}

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* What the linear map cannot reach is no memory; returns how much it reaches. */
static uint64_t fit_linear_map(struct boot *b)
{
	static const char function[] = "arm64_memblock_init";
	const uint64_t size = 1ULL << (VA_BITS - 1);
	uint64_t align, start;

	/* ARM64_MEMSTART_ALIGN */
	align = b->r->page_shift == 12 ? 1ULL << 30 : b->geometry.pmd_size;
	if (b->r->page_shift == 14)
		align *= 32;
	align = larger(align, 1ULL << b->geometry.section_bits);
	boot_remove(b, function, (struct range){ 1ULL << PHYS_BITS, UINT64_MAX });
	start = boot_align_down(boot_dram_start(b), align);
	boot_remove(b, function, (struct range){ larger(start + size, b->kernel.end), UINT64_MAX });
	if (start + size < boot_dram_end(b)) {
		start = boot_align_up(boot_dram_end(b) - size, align);
		boot_remove(b, function, (struct range){ 0, start });
	}
	boot_account_memory(b, "beyond the linear map", function);
	return size;
}

/* The initrd is used where it is, even if it was cut off. */
static void keep_initrd(struct boot *b, uint64_t reach)
{
	static const char function[] = "arm64_memblock_init";
	struct range pages = whole_pages(b, b->initrd);
	uint64_t start = boot_dram_start(b);

	if (range_is_empty(b->initrd))
		return;
	if (pages.start < start || pages.end > start + reach) {
		boot_log(b, "initrd not fully accessible via the linear mapping -- please check "
			    "your bootloader ...");
		return;
	}
	if (!boot_is_since(b, "5.11"))
		boot_remove(b, function, pages);
	boot_add(b, function, pages);
	if (boot_is_since(b, "5.11"))
		boot_clear_nomap(b, function, pages);
	boot_account_memory(b, "the initrd, whatever mem= says", function);
	boot_reserve(b, function, "initrd", pages);
}

static void memblock_setup(struct boot *b)
{
	static const char function[] = "arm64_memblock_init";
	uint64_t reach = fit_linear_map(b);

	if (b->params.mem_limit) {
		boot_log(b, "Memory limited to %lluMB",
			 (unsigned long long)b->params.mem_limit >> 20);
		boot_limit_memory(b, function, boot_align_down(b->params.mem_limit, page_bytes(b)));
		boot_account_memory(b, "mem=", function);
		boot_add(b, function, b->kernel);
		boot_account_memory(b, "the kernel, whatever mem= says", function);
	}
	keep_initrd(b, reach);
	boot_reserve_kern(b, function, "kernel image", b->kernel);
}

/* Up to 5.10 these came before the page tables. */
static void reserve_early(struct boot *b)
{
	if (boot_is_since(b, "5.11"))
		return;
	boot_arm64_zones(b);
	boot_arm64_crash(b);
	boot_arm64_cma(b);
}

/* Since 6.4 it is there before the linear map, which has it in small pages. */
static void allocate_kfence(struct boot *b)
{
	if (!boot_is_since(b, "6.4"))
		boot_common_kfence(b);
}

static void map_memory(struct boot *b)
{
	if (boot_is_since(b, "6.4"))
		boot_common_kfence(b);
	boot_arm64_map_memory(b);
	boot_allow_resize(b, "paging_init");
}

static void find_zones(struct boot *b)
{
	boot_arm64_zones(b);
	boot_common_zones(b);
}

static void set_up_memory(struct boot *b)
{
	b->max_pfn = boot_dram_end(b) >> b->r->page_shift;
	b->max_possible_pfn = b->max_pfn;
	engine_set_variable(b->e, "max_pfn", b->max_pfn);
	engine_set_variable(b->e, "max_low_pfn", b->max_pfn);
	boot_arm64_numa(b);
	boot_common_hugetlb_cma(b);
	boot_common_sparse(b);
	find_zones(b);
	if (boot_is_since(b, "5.11")) {
		boot_arm64_cma(b);
		boot_arm64_crash(b);
	}
	boot_dump(b, "bootmem_init");
}

static void name_resources(struct boot *b)
{
	boot_alloc_small(b, "request_standard_resources", "resources",
			 b->check.regions[RT_MEMORY].nr * RESOURCE);
}

/* mem_init(): if all devices reach all memory, buffers are only for what shares a cache line */
static void allocate_bounce(struct boot *b)
{
	uint64_t dma_pfn = b->dma_limit >> b->r->page_shift;
	uint64_t ram = b->check.regions[RT_MEMORY].state.total_size;

	b->geometry.low_limit = b->dma_limit - 1;
	if (b->max_pfn > dma_pfn || b->params.swiotlb_force)
		boot_common_bounce(b, 0);
	else if (boot_is_since(b, "6.5"))
		boot_common_bounce(b, (ram + 1023) / 1024 < 64 << 20 ? (ram + 1023) / 1024 : 0);
}

static const struct boot_step steps[] = {
	{ "setup_machine_fdt", "memory of the device tree or of EFI", read_tree },
	{ "parse_early_param", "the command line", boot_give_early_params },
	{ "efi_init", "what EFI says of memory", read_efi },
	{ "arm64_memblock_init", "what the kernel can reach, and itself", memblock_setup },
	{ "early_init_fdt_scan_reserved_mem", "what the device tree reserves", boot_tree_reserve },
	{ "reserve_crashkernel", "room for devices and a crash kernel, early", reserve_early },
	{ "paging_init", "the linear map", map_memory },
	{ "bootmem_init", "nodes, the map of pages, room for devices", set_up_memory },
	{ "request_standard_resources", "the resource tree", name_resources },
	{ "setup_command_line", "copies of the command line", boot_common_command_line },
	{ "setup_per_cpu_areas", "per-CPU areas", boot_common_percpu },
	{ "parse_args", "the rest of the command line", boot_give_late_params },
	{ "hugetlb_init", "gigantic pages", boot_common_gigantic },
	{ "setup_log_buf", "the log", boot_common_log_buf },
	{ "setup_log_buf", "the log, for many processors", boot_common_log_buf_cpus },
	{ "vfs_caches_init_early", "hash tables", boot_common_hashes },
	{ "kfence_alloc_pool", "the pool of KFENCE", allocate_kfence },
	{ "mem_init", "bounce buffers", allocate_bounce },
	{ "memblock_free_all", "the hand-over to the page allocator", boot_common_hand_over },
	{ "deferred_init_memmap", "struct pages that were left for later", boot_common_deferred },
	{ "cma_init_reserved_areas", "areas of CMA, to be lent out", boot_common_lend_cma },
	{ "gather_bootmem_prealloc", "gigantic pages", boot_common_take_gigantic },
	{ "free_initrd_mem", "the initrd, which is unpacked", boot_common_free_initrd },
	{ "free_initmem", "parts of the kernel's image", boot_arm64_free_image },
	{ NULL, NULL, NULL },
};

static void measure(struct boot *b)
{
	unsigned int shift = b->r->page_shift;
	uint64_t pmd_size = 1ULL << (2 * shift - 3);

	b->geometry = (struct boot_geometry){
		.section_bits = shift == 16		   ? 29
				: boot_is_since(b, "5.12") ? 27
							   : 30,
		.physmem_bits = PHYS_BITS,
		.pmd_size = pmd_size,
		.map_in_pmds = shift == 12,
		.percpu_atom = 1ULL << shift,
		.low_limit = 0xffffffff,
		.cpumask_bytes = 64,
		.no_device_zone = !boot_is_since(b, "6.12"),
		/* a pageblock; before 5.19, what the page allocator has at most */
		.cma_align = boot_is_since(b, "5.19") ? pmd_size : (1ULL << shift) << 10,
	};
	if (b->geometry.cma_align < pmd_size)
		b->geometry.cma_align = pmd_size;
}

const struct boot_plan boot_plan_arm64 = {
	.arch = LAYOUT_ARM64,
	.configs = "arm64",
	.facts = boot_arm64_facts,
	.percpu_reserved = 8 << 10,
	.measure = measure,
	.take_map = take_map,
	.find_zones = find_zones,
	.steps = steps,
};
