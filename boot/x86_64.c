// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The plan of x86_64: setup_arch() and what follows it in start_kernel(), up to the page
 * allocator, in the order of 6.12.
 */
#include <inttypes.h>
#include <string.h>

#include "boot/internal.h"

#define PAGE 4096ULL
#define K(n) ((n)*1024ULL)
#define LOW_MEMORY_END 0x100000ULL
#define BIOS_START_MIN 0x20000ULL
#define BIOS_START_MAX 0x9f000ULL
#define EARLY_TABLES (17 * PAGE) /* early_alloc_pgt_buf() and what else is in brk */
#define TRAMPOLINE_SIZE (7 * PAGE)
#define RESOURCE 64 /* struct resource */
#define FIRMWARE_MAP_ENTRY 104

/* Where the extended BIOS data begins: reserve_bios_regions() of arch/x86/kernel/ebda.c */
static uint64_t bios_start(const struct boot *b)
{
	uint64_t start = BIOS_START_MAX;

	for (size_t i = 0; i < b->ram.nr; i++)
		if (b->ram.v[i].end <= K(640) && b->ram.v[i].end > BIOS_START_MIN)
			start = b->ram.v[i].end;
	return start > BIOS_START_MAX ? BIOS_START_MAX : start;
}

static void early_reserve(struct boot *b)
{
	static const char function[] = "early_reserve_memory";

	boot_reserve_kern(b, function, "kernel image", b->kernel);
	boot_reserve(b, function, "low memory", (struct range){ 0, K(64) });
	if (!range_is_empty(b->initrd)) {
		struct range whole = { boot_align_down(b->initrd.start, PAGE),
				       boot_align_up(b->initrd.end, PAGE) };

		boot_reserve_kern(b, "early_reserve_initrd", "initrd", whole);
	}
	boot_reserve(b, "reserve_bios_regions", "BIOS",
		     (struct range){ bios_start(b), LOW_MEMORY_END });
}

/* What a boot loader or firmware left, other than tables of ACPI, which are parsed later. */
static void reserve_left(struct boot *b)
{
	for (size_t i = 0; i < b->layout->nr_reservations; i++) {
		const struct layout_reservation *r = &b->layout->reservations[i];

		if (boot_x86_is_efi_service(r))
			continue;
		if (r->kind == LAYOUT_RESERVATION || r->kind == LAYOUT_DTB)
			boot_reserve(b, "setup_arch", r->name, r->range);
		else if (r->kind == LAYOUT_FIRMWARE && strncmp(r->name, "ACPI ", 5))
			boot_reserve(b,
				     strstr(r->name, "MP-table") ? "smp_scan_config" : "setup_arch",
				     r->name, r->range);
	}
}

static void give_early_params(struct boot *b)
{
	boot_give_params(b, true);
	if (b->params.movable_node)
		boot_set_bottom_up(b, "setup_arch", true);
}

static void reserve_brk(struct boot *b)
{
	b->brk = (struct range){ b->kernel.end, b->kernel.end + EARLY_TABLES };
	boot_reserve_kern(b, "reserve_brk", "early page tables", b->brk);
	b->brk.start += PAGE; /* one is not for page tables */
}

static void memblock_setup(struct boot *b)
{
	static const char function[] = "e820__memblock_setup";

	boot_set_limit(b, "setup_arch", LOW_MEMORY_END);
	boot_allow_resize(b, function);
	for (size_t i = 0; i < b->ram.nr; i++)
		boot_add(b, function, b->ram.v[i]);
	boot_account_memory(b, "unknown", function);
	boot_trim(b, function);
	boot_account_memory(b, "trimmed to pages", "memblock_trim_memory");
	boot_dump(b, function);
}

/* efi_find_mirror() */
static void find_mirror(struct boot *b)
{
	const struct layout *l = b->layout;

	for (size_t i = 0; i < l->nr_node_ranges; i++)
		if (l->node_ranges[i].flags & LAYOUT_MIRROR)
			boot_mark_mirror(b, "efi_find_mirror", l->node_ranges[i].range);
}

static void real_mode(struct boot *b)
{
	struct call_args a = { .size = TRAMPOLINE_SIZE, .align = PAGE, .max = LOW_MEMORY_END };

	if (!boot_alloc_range(b, "reserve_real_mode", "real mode trampoline", a))
		boot_log(b, "No sub-1M memory is available for the trampoline");
	boot_reserve(b, "setup_arch", "low memory", (struct range){ 0, LOW_MEMORY_END });
}

/* reserve_initrd(): what is not mapped is copied to where it is */
static void move_initrd(struct boot *b)
{
	struct call_args a = { .align = PAGE, .max = b->max_mapped };
	struct range mapped = { 0, b->max_mapped };
	uint64_t at;

	if (range_is_empty(b->initrd))
		return;
	if (b->initrd.end <= b->max_mapped && rangeset_contains(&b->ram, b->initrd.start) &&
	    rangeset_contains(&b->ram, b->initrd.end - 1)) {
		boot_log(b, "RAMDISK: [mem %#010" PRIx64 "-%#010" PRIx64 "]", b->initrd.start,
			 b->initrd.end - 1);
		return;
	}
	a.size = boot_align_up(range_size(b->initrd), PAGE);
	at = boot_alloc_range(b, "relocate_initrd", "initrd", a);
	if (!at)
		boot_panic(b, "Cannot find place for new RAMDISK of size %" PRIu64,
			   range_size(b->initrd));
	boot_log(b, "Allocated new RAMDISK: [mem %#010" PRIx64 "-%#010" PRIx64 "]", at,
		 at + range_size(b->initrd) - 1);
	if (range_overlaps(b->initrd, mapped) || b->initrd.start >= mapped.end)
		boot_release(b, "reserve_initrd",
			     (struct range){ boot_align_down(b->initrd.start, PAGE),
					     boot_align_up(b->initrd.end, PAGE) });
	b->initrd = (struct range){ at, at + range_size(b->initrd) };
}

/* acpi_reserve_initial_tables(): all but those that only point at others */
static void reserve_acpi(struct boot *b)
{
	for (size_t i = 0; i < b->layout->nr_reservations; i++) {
		const struct layout_reservation *r = &b->layout->reservations[i];

		if (r->kind != LAYOUT_FIRMWARE || strncmp(r->name, "ACPI ", 5) ||
		    !strcmp(r->name, "ACPI RSDP") || !strcmp(r->name, "ACPI RSDT") ||
		    !strcmp(r->name, "ACPI XSDT"))
			continue;
		boot_reserve(b, "acpi_reserve_initial_tables", r->name, r->range);
	}
}

/* The kernel of a log may have been asked for an area, and told of none. */
static bool has_no_cma(const struct boot *b)
{
	const struct layout *l = b->layout;

	if (!l->kernel_version || !l->cmdline || !strstr(l->cmdline, "cma="))
		return false;
	for (size_t i = 0; i < l->nr_reservations; i++)
		if (l->reservations[i].kind == LAYOUT_CMA)
			return false;
	return true;
}

/* Before 5.19 areas were of whole blocks of the largest order. */
static void reserve_cma(struct boot *b)
{
	b->geometry.cma_align = boot_is_since(b, "5.19") ? 2ULL << 20 : 4ULL << 20;
	if (has_no_cma(b)) {
		boot_note(b, "the log's kernel was asked for an area of CMA and reserved none; it "
			     "is taken to be built without CMA");
		return;
	}
	boot_common_cma(b, b->max_mapped);
	if (!b->params.no_gbpages)
		boot_common_hugetlb_cma(b);
}

static void find_zones(struct boot *b)
{
	/* max_pfn can be behind memory */
	mm_set_zone_end(b->r->mm, MM_NORMAL, b->max_pfn);
	boot_common_zones(b);
}

static void paging_init(struct boot *b)
{
	if (b->flat_memory)
		boot_common_flat(b);
	else
		boot_common_sparse(b);
	find_zones(b);
}

bool boot_x86_has_table(const struct boot *b, const char *name)
{
	for (size_t i = 0; i < b->layout->nr_reservations; i++)
		if (!strcmp(b->layout->reservations[i].name, name))
			return true;
	return false;
}

/* acpi_boot_init(): resources, and their names, of what ACPI tells of; one I/O APIC is assumed */
static void name_devices(struct boot *b)
{
	if (boot_x86_has_table(b, "ACPI HPET"))
		boot_alloc_small(b, "acpi_parse_hpet", "resources", RESOURCE + 9);
	if (boot_x86_has_table(b, "ACPI APIC") || boot_x86_has_table(b, "MP-table"))
		boot_alloc_small(b, "io_apic_init_mappings", "resources", RESOURCE + 11);
}

/* e820__reserve_resources(), firmware_map_add_early() and register_nosave_region() */
static void reserve_resources(struct boot *b)
{
	size_t firmware = b->layout->nr_ranges;
	uint64_t at = 0;

	boot_alloc_small(b, "e820__reserve_resources", "resources", b->nr_rows * RESOURCE);
	for (size_t i = 0; i < firmware; i++)
		boot_alloc_small(b, "firmware_map_add_early", "firmware map", FIRMWARE_MAP_ENTRY);
	for (size_t i = 0; i < b->ram.nr; i++) {
		if (boot_align_up(b->ram.v[i].start, PAGE) > at)
			boot_alloc_small(b, "register_nosave_region", "holes, for hibernation", 32);
		at = boot_align_down(b->ram.v[i].end, PAGE);
	}
}

static void allocate_masks(struct boot *b)
{
	unsigned int masks = b->facts->cpumasks + (b->nodes_online ? b->nodes_online : 1);

	for (unsigned int i = 0; i < masks; i++)
		boot_alloc_small(b, "alloc_bootmem_cpumask_var", "CPU masks", 8);
}

/* setup_cpu_entry_areas() */
static void late_tables(struct boot *b)
{
	struct call_args a = { .size = PAGE, .align = PAGE, .nid = BOOT_NO_NODE };
	unsigned int places = b->facts->entry_areas_random && !b->params.no_kaslr ? b->cpus : 1;
	/* one for all of them, and two for each place, of which there are 512 */
	unsigned int tables = 1 + (places < 512 ? places : 512) + places;

	for (unsigned int i = 0; i < tables; i++)
		if (!boot_alloc(b, "spp_getpage", "page tables", a))
			boot_panic(b, "set_pte_phys: cannot allocate page data pre bootmem");
}

static void allocate_bounce(struct boot *b)
{
	if (b->max_possible_pfn * PAGE > 1ULL << 32 || b->params.swiotlb_force)
		boot_common_bounce(b, 0);
}

static void measure(struct boot *b)
{
	b->geometry = (struct boot_geometry){
		.section_bits = 27,
		.physmem_bits = 46,
		.pmd_size = 2ULL << 20,
		.map_in_pmds = true,
		.map_min = 16ULL << 20,
		.percpu_atom = 2ULL << 20,
		.low_limit = 0xffffffff,
		.cpumask_bytes = 8,
	};
}

static const struct boot_step steps[] = {
	{ "early_reserve_memory", "what must not be overwritten", early_reserve },
	{ "parse_early_param", "the command line", give_early_params },
	{ "x86_init.mpparse", "what boot loader and firmware left", reserve_left },
	{ "reserve_brk", "page tables to begin with", reserve_brk },
	{ "e820__memblock_setup", "the firmware's map", memblock_setup },
	{ "efi_find_mirror", "memory that is mirrored", find_mirror },
	{ "efi_reserve_boot_services", "what firmware uses for a while", boot_x86_reserve_efi },
	{ "reserve_real_mode", "where other processors start", real_mode },
	{ "init_mem_mapping", "the direct mapping of memory", boot_x86_map_memory },
	{ "setup_log_buf", "the log", boot_common_log_buf },
	{ "reserve_initrd", "the initrd, where it can be reached", move_initrd },
	{ "acpi_boot_table_init", "tables of ACPI", reserve_acpi },
	{ "initmem_init", "nodes", boot_x86_numa },
	{ "dma_contiguous_reserve", "room for devices and gigantic pages", reserve_cma },
	{ "arch_reserve_crashkernel", "room for a crash kernel", boot_x86_crash },
	{ "paging_init", "the map of pages", paging_init },
	{ "acpi_boot_init", "devices that ACPI tells of", name_devices },
	{ "e820__reserve_resources", "the resource tree", reserve_resources },
	{ "setup_command_line", "copies of the command line", boot_common_command_line },
	{ "setup_per_cpu_areas", "per-CPU areas", boot_common_percpu },
	{ "cpumask_init", "CPU masks", allocate_masks },
	{ "parse_args", "the rest of the command line", boot_give_late_params },
	{ "hugetlb_init", "gigantic pages", boot_common_gigantic },
	{ "setup_log_buf", "the log, for many processors", boot_common_log_buf_cpus },
	{ "vfs_caches_init_early", "hash tables", boot_common_hashes },
	{ "trap_init", "more page tables", late_tables },
	{ "kfence_alloc_pool_and_metadata", "the pool of KFENCE", boot_common_kfence },
	{ "pci_iommu_alloc", "bounce buffers", allocate_bounce },
	{ "mem_init", "the hand-over to the page allocator", boot_common_hand_over },
	{ "deferred_init_memmap", "struct pages that were left for later", boot_common_deferred },
	{ "page_alloc_init_late", "memblock's own memory", boot_common_discard },
	{ "cma_init_reserved_areas", "areas of CMA, to be lent out", boot_common_lend_cma },
	{ "gather_bootmem_prealloc", "gigantic pages", boot_common_take_gigantic },
	{ "efi_free_boot_services", "what firmware is done with", boot_x86_free_efi },
	{ "free_initrd_mem", "the initrd, which is unpacked", boot_common_free_initrd },
	{ "free_initmem", "parts of the kernel's image", boot_x86_free_image },
	{ NULL, NULL, NULL },
};

void boot_x86_step(struct boot *b, const char *function)
{
	const struct boot_step *s = steps;

	while (s->function && strcmp(s->function, function))
		s++;
	if (s->function)
		s->run(b);
}

const struct boot_plan boot_plan_x86_64 = {
	.arch = LAYOUT_X86_64,
	.configs = "x86_64",
	.facts = boot_x86_64_facts,
	.facts_of_engine = true,
	.kernel_base = 0x1000000, /* where it is linked to be */
	.zone_end = { [MM_DMA] = 16ULL << 20, [MM_DMA32] = 1ULL << 32 },
	.percpu_reserved = 8 << 10,
	.measure = measure,
	.take_map = boot_x86_take_map,
	.find_zones = find_zones,
	.steps = steps,
};
