// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The plan of s390: setup_arch() of arch/s390 and what follows it, up to the page allocator, in the
 * order of 6.1. The kernel finds memory by asking the hypervisor; a log has it as ranges of nodes.
 */
#include <inttypes.h>

#include "boot/crash.h"

#define M(n) ((uint64_t)(n) << 20)
#define K(n) ((n)*1024ULL)
#define DMA_END (2ULL << 30) /* MAX_DMA_ADDRESS: what 31 bits reach */
#define SEGMENT M(1)	     /* what an entry of a segment table maps */
#define STACK K(16)
#define CRASH_ALIGN M(1)

static const struct range everything = { 0, UINT64_MAX };

/* Debian's kernels, as seen in their logs (tests/data/boots). */
static const struct boot_facts facts[] = {
	{
		.since = "0",
		.image_size = K(18672),
		.percpu_static = 83456,
		.percpu_chunk = 144,
		.section_usage = 56,
		.printk_records = true,
	},
	{
		.since = "6.12",
		.image_size = K(22000),
		.percpu_static = 86272,
		.percpu_chunk = 200,
		.section_usage = 56,
		.no_node_is_negative = true,
		.printk_records = true,
		.hash_of_free = true,
	},
	{ .since = NULL },
};

static void reserve_early(struct boot *b)
{
	static const char function[] = "setup_arch";

	boot_reserve(b, function, "low memory", (struct range){ 0, K(64) });
	boot_reserve_initrd(b, "reserve_initrd");
	boot_reserve(b, "reserve_kernel", "kernel image", b->kernel);
}

static void add_memory(struct boot *b)
{
	boot_add_ram(b, "memblock_add_physmem_info");
	boot_allow_resize(b, "setup_arch");
	/* what mem= leaves is all that the kernel will ever see */
	if (b->params.mem_limit) {
		boot_remove(b, "setup_arch",
			    (struct range){ boot_align_down(b->params.mem_limit, CRASH_ALIGN),
					    UINT64_MAX });
		boot_account_memory(b, "mem=", "setup_arch");
	}
	if (b->ops->numa)
		boot_set_node(b, "numa_setup", everything, RT_MEMORY, 0);
	b->nodes_online = 1;
	boot_set_end(b);
	boot_dump(b, "setup_arch");
}

/* reserve_crashkernel(): where it is asked to be; else as high as there is memory, in whole MiB. */
static void reserve_crash(struct boot *b)
{
	static const char function[] = "reserve_crashkernel";
	const struct check_regions *memory = &b->check.regions[RT_MEMORY];
	uint64_t size = boot_align_up(boot_crash_size(b), CRASH_ALIGN), at;
	struct call_args a = { .size = size, .align = CRASH_ALIGN, .min = b->params.crash_base };

	if (!size || !memory->nr)
		return;
	if (memory->v[0].size < size || (a.min && a.min < size)) {
		boot_log(b, "crashkernel reservation failed: %s",
			 a.min ? "crash_base too low"
			       : "first memory chunk must be at least crashkernel size");
		return;
	}
	/* the crash kernel moves to 0, and what was there to behind it */
	if (!a.min)
		a.min = size;
	a.max = b->params.crash_base ? a.min + size : b->max_pfn << b->r->page_shift;
	at = boot_alloc_range(b, function, "crash kernel", a);
	if (!at) {
		boot_log(b, "crashkernel reservation failed: %s", "no suitable area found");
		return;
	}
	b->r->crash = (struct range){ at, at + size };
	boot_crash_log(b);
}

/* Stacks of the first processor, and its prefix page */
static void set_up_lowcore(struct boot *b)
{
	struct call_args a = {
		.size = K(8), .align = K(8), .max = DMA_END - 1, .nid = BOOT_NO_NODE
	};

	if (!boot_alloc(b, "setup_lowcore", "lowcore", a))
		boot_panic(b, "setup_lowcore: Failed to allocate %" PRIu64 " bytes", a.size);
	a = (struct call_args){ .size = STACK, .align = STACK, .nid = BOOT_NO_NODE };
	for (int i = 0; i < 4; i++)
		boot_alloc(b, "stack_alloc", "stacks", a);
}

static void find_zones(struct boot *b)
{
	/* zones do not end with memory */
	mm_set_zone_end(b->r->mm, MM_DMA, DMA_END >> b->r->page_shift);
	boot_common_zones(b);
}

static void paging_init(struct boot *b)
{
	boot_common_sparse(b);
	find_zones(b);
}

static const struct boot_step steps[] = {
	{ "setup_arch", "what must not be overwritten", reserve_early },
	{ "parse_early_param", "the command line", boot_give_early_params },
	{ "memblock_add_physmem_info", "memory, as the hypervisor has it", add_memory },
	{ "reserve_crashkernel", "room for a crash kernel", reserve_crash },
	{ "setup_lowcore", "stacks", set_up_lowcore },
	{ "paging_init", "the map of pages, zones", paging_init },
	{ "setup_command_line", "copies of the command line", boot_common_command_line },
	{ "setup_per_cpu_areas", "per-CPU areas", boot_common_percpu },
	{ "parse_args", "the rest of the command line", boot_give_late_params },
	{ "setup_log_buf", "the log", boot_common_log_buf },
	{ "setup_log_buf", "the log, for many processors", boot_common_log_buf_cpus },
	{ "vfs_caches_init_early", "hash tables", boot_common_hashes },
	{ "mem_init", "the hand-over to the page allocator", boot_common_hand_over },
	{ "deferred_init_memmap", "struct pages that were left for later", boot_common_deferred },
	{ "free_initrd_mem", "the initrd, which is unpacked", boot_common_free_initrd },
	{ NULL, NULL, NULL },
};

static void measure(struct boot *b)
{
	b->geometry = (struct boot_geometry){
		.section_bits = 28,
		.physmem_bits = 46,
		.pmd_size = SEGMENT,
		.map_in_pmds = true,
		.percpu_atom = 4096,
		.low_limit = DMA_END - 1,
		.cpumask_bytes = 64,
		.no_device_zone = true,
		.cma_align = boot_is_since(b, "5.19") ? SEGMENT : M(4),
	};
}

const struct boot_plan boot_plan_s390 = {
	.arch = LAYOUT_S390,
	.configs = "s390",
	.facts = facts,
	.kernel_base = 0x100000,
	.percpu_reserved = 8 << 10,
	.measure = measure,
	.take_map = boot_take_ram,
	.find_zones = find_zones,
	.steps = steps,
};
