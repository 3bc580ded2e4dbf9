// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The plan of i386: setup_arch() of arch/x86 and what follows it, up to the page allocator, in the
 * order of 6.1. It is x86_64's but for the end of low memory (find_low_pfn_range() of
 * arch/x86/mm/init_32.c), as only that is mapped at all times, and for what lies in it.
 */
#include <inttypes.h>
#include <string.h>

#include "boot/internal.h"
#include "lib/size.h"

#define PAGE 4096ULL
#define M(n) ((uint64_t)(n) << 20)
#define K(n) ((n)*1024ULL)
#define ISA_END M(1)
#define PMD M(2)
#define NO_PAE_END (1ULL << 32)
#define VMALLOC M(128)	    /* what is left for vmalloc() above low memory */
#define VMALLOC_OFFSET M(8) /* and what is added to it if vmalloc= says how much */
#define LOW_MIN M(64)	    /* highmem= must leave as much */
#define EARLY_TABLES K(612) /* page tables of low memory in brk, with PAE */
#define PAGEBLOCK_BITS 4    /* in the map of pageblocks */
#define USEMAP_ALIGN 4	    /* it comes in words of 32 bits */

/* Debian's kernels with PAE: 6.1 as seen in its logs (tests/data/boots), others as if they were it. */
static const struct boot_facts facts[] = {
	{
		.since = "0",
		.image_size = K(15004),
		.percpu_static = 104276,
		.percpu_chunk = 96,
		.smp_locks = K(32),
		.struct_page = 40,
		.printk_records = true,
	},
	{ .since = NULL },
};

static bool has_pae(const struct boot *b)
{
	return b->ops->phys_bits > 32;
}

/* What the last @name= of @cmdline asks for; 0: there is none. */
static uint64_t size_option(const char *cmdline, const char *name)
{
	size_t len = strlen(name);
	uint64_t size = 0;
	const char *end;

	for (const char *p = cmdline; p && (p = strstr(p, name)); p += len)
		if ((p == cmdline || p[-1] == ' ') && p[len] == '=' &&
		    size_parse(p + len + 1, &end, &size))
			size = 0;
	return size < NO_PAE_END ? size : 0;
}

/* __VMALLOC_RESERVE */
static uint64_t vmalloc_size(const char *cmdline)
{
	uint64_t size = size_option(cmdline, "vmalloc");

	return size ? size + VMALLOC_OFFSET : VMALLOC;
}

static uint64_t end_of_memory(const struct boot *b)
{
	uint64_t end = b->max_pfn << b->r->page_shift;

	return !has_pae(b) && end > NO_PAE_END ? NO_PAE_END : end;
}

/*
 * MAXMEM and vmalloc's area. Above them are fixed mappings, of which there are more since 4.15, with
 * an area for each processor that there can be. What a log says of low memory shows it, if there was highmem.
 */
static uint64_t vmalloc_end(const struct boot *b)
{
	uint64_t low_end = b->layout->low_end;

	if (low_end && low_end < end_of_memory(b))
		return low_end + vmalloc_size(b->layout->cmdline);
	if (boot_is_since(b, "4.15"))
		return has_pae(b) ? 0x3effe000 : 0x3ebfe000;
	return has_pae(b) ? 0x3f5fe000 : 0x3f7fe000;
}

/* find_low_pfn_range(), in bytes */
static uint64_t low_end(const struct boot *b)
{
	uint64_t end = end_of_memory(b), area = vmalloc_size(b->r->cmdline), most;
	uint64_t high = boot_align_down(size_option(b->r->cmdline, "highmem"), PAGE);

	most = vmalloc_end(b);
	most = most > area ? most - area : 0;
	if (end > most)
		return most;
	return high && high < end && end - high >= LOW_MIN ? end - high : end;
}

/* What highmem= leaves out is memory, but of no zone. */
static uint64_t high_end(const struct boot *b)
{
	uint64_t end = end_of_memory(b), low = low_end(b);
	uint64_t high = boot_align_down(size_option(b->r->cmdline, "highmem"), PAGE);

	return high && end > low && low + high < end ? low + high : end;
}

/*
 * Without PAE, a row that ends above 4 GiB is not taken at all, although max_pfn is behind it if it
 * begins below.
 */
static void take_map(struct boot *b)
{
	uint64_t end = 0;

	boot_x86_take_map(b);
	if (has_pae(b))
		return;
	for (size_t i = 0; i < b->ram.nr;) {
		struct range r = b->ram.v[i];

		if (r.start < NO_PAE_END)
			end = r.end < NO_PAE_END ? r.end : NO_PAE_END;
		if (r.end > NO_PAE_END)
			rangeset_remove(&b->ram, r);
		else
			i++;
	}
	b->max_pfn = end / PAGE;
	boot_account_change(b, BOOT_ITEM_MAP, "out of reach without PAE", "e820__memblock_setup",
			    rangeset_size(&b->ram));
}

static void early_reserve(struct boot *b)
{
	boot_x86_step(b, "early_reserve_memory");
}

static void reserve_left(struct boot *b)
{
	boot_x86_step(b, "x86_init.mpparse");
}

static void reserve_brk(struct boot *b)
{
	b->brk = (struct range){ b->kernel.end, b->kernel.end + EARLY_TABLES };
	boot_reserve_kern(b, "reserve_brk", "early page tables", b->brk);
}

static void memblock_setup(struct boot *b)
{
	boot_x86_step(b, "e820__memblock_setup");
}

static void real_mode(struct boot *b)
{
	boot_x86_step(b, "reserve_real_mode");
}

/* init_mem_mapping(): low memory, by tables in brk; some memory is tried, and given back */
static void map_memory(struct boot *b)
{
	static const char function[] = "init_mem_mapping";
	uint64_t end = low_end(b), at;
	struct call_args a = { .size = PMD, .align = PMD, .min = ISA_END, .max = end };

	engine_set_variable(b->e, "max_low_pfn", end / PAGE);
	at = boot_alloc_range(b, function, "first part of direct mapping", a);
	if (at)
		boot_release(b, function, (struct range){ at, at + PMD });
	b->max_mapped = end;
	boot_set_limit(b, "setup_arch", end);
}

static void move_initrd(struct boot *b)
{
	boot_x86_step(b, "reserve_initrd");
}

static void reserve_acpi(struct boot *b)
{
	boot_x86_step(b, "acpi_boot_table_init");
}

/* initmem_init(): one node; NUMA was for machines of another age */
static void find_nodes(struct boot *b)
{
	uint64_t low = low_end(b), end = high_end(b);

	if (b->ops->numa)
		boot_set_node(b, "initmem_init", (struct range){ 0, UINT64_MAX }, RT_MEMORY, 0);
	b->nodes_online = 1;
	boot_log(b, "%" PRIu64 "MB HIGHMEM available.", (end > low ? end - low : 0) >> 20);
	boot_log(b, "%" PRIu64 "MB LOWMEM available.", low >> 20);
	boot_log(b, "  mapped low ram: 0 - %08" PRIx64, low);
	boot_log(b, "  low ram: 0 - %08" PRIx64, low);
}

static void find_zones(struct boot *b)
{
	uint64_t low = low_end(b), high = high_end(b);

	mm_set_zone_end(b->r->mm, MM_DMA, (low < M(16) ? low : M(16)) / PAGE);
	mm_set_zone_end(b->r->mm, MM_NORMAL, low / PAGE);
	mm_set_zone_end(b->r->mm, MM_HIGHMEM, high / PAGE);
	boot_common_zones(b);
}

/* alloc_node_mem_map(), and a map of pageblocks for each zone */
static void allocate_map(struct boot *b)
{
	const uint64_t block = PAGE << b->ops->block_order, most = PAGE << b->ops->max_page_order;
	struct call_args a = { .align = BOOT_SMP_CACHE_BYTES, .nid = BOOT_NO_NODE };
	uint64_t start = boot_dram_start(b), end = boot_align_up(boot_dram_end(b), most);

	start = boot_align_down(start, most);
	a.size = (end - start) / PAGE * b->facts->struct_page;
	if (!boot_alloc_raw(b, "alloc_node_mem_map", "memory map", a))
		boot_panic(b, "Failed to allocate %" PRIu64 " bytes for node 0 memory map", a.size);
	for (size_t i = 0; i < b->r->mm->nr_zones; i++) {
		struct range spanned = b->r->mm->zones[i].spanned;
		/* a zone may begin and end within a block */
		uint64_t blocks = (boot_align_up(spanned.end * PAGE, block) -
				   boot_align_down(spanned.start * PAGE, block)) /
				  block;

		boot_alloc_small(b, "setup_usemap", "pageblock flags",
				 boot_align_up(blocks * PAGEBLOCK_BITS, 8 * USEMAP_ALIGN) / 8);
	}
}

static void paging_init(struct boot *b)
{
	find_zones(b);
	allocate_map(b);
	/* highmem is freed as well, by set_highmem_pages_init() */
	if (high_end(b) / PAGE < b->max_pfn)
		boot_note(b, "highmem= leaves memory above %#" PRIx64 " to no zone", high_end(b));
	b->max_pfn = high_end(b) / PAGE;
	engine_set_variable(b->e, "max_pfn", b->max_pfn);
	engine_set_variable(b->e, "max_low_pfn", b->max_pfn);
}

static void name_devices(struct boot *b)
{
	boot_x86_step(b, "acpi_boot_init");
}

static void reserve_resources(struct boot *b)
{
	boot_x86_step(b, "e820__reserve_resources");
}

static const struct boot_step steps[] = {
	{ "early_reserve_memory", "what must not be overwritten", early_reserve },
	{ "parse_early_param", "the command line", boot_give_early_params },
	{ "x86_init.mpparse", "what boot loader and firmware left", reserve_left },
	{ "reserve_brk", "page tables to begin with", reserve_brk },
	{ "e820__memblock_setup", "the firmware's map", memblock_setup },
	{ "reserve_real_mode", "where other processors start", real_mode },
	{ "init_mem_mapping", "the direct mapping of low memory", map_memory },
	{ "setup_log_buf", "the log", boot_common_log_buf },
	{ "reserve_initrd", "the initrd, where it can be reached", move_initrd },
	{ "acpi_boot_table_init", "tables of ACPI", reserve_acpi },
	{ "initmem_init", "low memory and highmem", find_nodes },
	{ "reserve_crashkernel", "room for a crash kernel", boot_x86_crash },
	{ "paging_init", "zones, the map of pages", paging_init },
	{ "acpi_boot_init", "devices that ACPI tells of", name_devices },
	{ "e820__reserve_resources", "the resource tree", reserve_resources },
	{ "setup_command_line", "copies of the command line", boot_common_command_line },
	{ "setup_per_cpu_areas", "per-CPU areas", boot_common_percpu },
	{ "parse_args", "the rest of the command line", boot_give_late_params },
	{ "setup_log_buf", "the log, for many processors", boot_common_log_buf_cpus },
	{ "vfs_caches_init_early", "hash tables", boot_common_hashes },
	{ "mem_init", "the hand-over to the page allocator", boot_common_hand_over },
	{ "page_alloc_init_late", "memblock's own memory", boot_common_discard },
	{ "free_initrd_mem", "the initrd, which is unpacked", boot_common_free_initrd },
	{ NULL, NULL, NULL },
};

static void measure(struct boot *b)
{
	b->geometry = (struct boot_geometry){
		.section_bits = 29,
		.physmem_bits = has_pae(b) ? 36 : 32,
		.pmd_size = PMD,
		.percpu_atom = PAGE,
		.low_limit = UINT32_MAX,
		.no_device_zone = true,
		.cma_align = M(4),
	};
}

const struct boot_plan boot_plan_i386 = {
	.arch = LAYOUT_I386,
	.configs = "i386",
	.facts = facts,
	.facts_of_engine = true,
	.kernel_base = 0x1000000, /* where it is linked to be */
	.measure = measure,
	.take_map = take_map,
	.find_zones = find_zones,
	.steps = steps,
};
