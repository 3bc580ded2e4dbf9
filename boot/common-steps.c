// SPDX-License-Identifier: GPL-2.0-or-later
/* Steps that architectures have in common: the log's buffer, the command line, KFENCE, the end. */
#include <inttypes.h>
#include <string.h>

#include "boot/internal.h"

/* Bytes for which the printk ring buffer keeps one record, and what a record costs (6.1, 6.12). */
#define LOG_RECORD_BYTES 32
#define LOG_DESCRIPTOR_SIZE 24
#define LOG_INFO_SIZE 88

static uint64_t pow2_up(uint64_t n)
{
	return n <= 1 ? 1 : 1ULL << (64 - __builtin_clzll(n - 1));
}

/* setup_log_buf() of kernel/printk/printk.c, 6.12. A failure leaves the static buffer. */
static void allocate_log_buf(struct boot *b, uint64_t size)
{
	static const char function[] = "setup_log_buf";
	struct call_args a = { .size = size, .align = 8, .nid = BOOT_NO_NODE };
	uint64_t records = size / LOG_RECORD_BYTES;
	struct range buf, desc;

	buf.start = boot_alloc(b, function, "log buffer", a);
	buf.end = buf.start + a.size;
	if (!buf.start) {
		boot_log(b, "log_buf_len: %" PRIu64 " text bytes not available", size);
		return;
	}
	if (!b->facts->printk_records)
		return;
	a.size = records * LOG_DESCRIPTOR_SIZE;
	desc.start = boot_alloc(b, function, "log descriptors", a);
	desc.end = desc.start + a.size;
	if (!desc.start) {
		boot_log(b, "log_buf_len: %" PRIu64 " desc bytes not available", a.size);
		boot_release(b, function, buf);
		return;
	}
	a.size = records * LOG_INFO_SIZE;
	if (boot_alloc(b, function, "log records", a))
		return;
	boot_log(b, "log_buf_len: %" PRIu64 " info bytes not available", a.size);
	boot_release(b, function, desc);
	boot_release(b, function, buf);
}

void boot_common_log_buf(struct boot *b)
{
	uint64_t size = b->params.log_buf_len ? pow2_up(b->params.log_buf_len) : 0;

	if (size > 1ULL << 31)
		size = 1ULL << 31;
	if (size > b->facts->log_buf)
		allocate_log_buf(b, size);
}

/* log_buf_add_cpu(): when nobody asked for a size, and there are many processors */
void boot_common_log_buf_cpus(struct boot *b)
{
	uint64_t extra = (b->cpus - 1) * b->facts->log_cpu_max;

	if (!b->params.log_buf_len && extra > b->facts->log_buf / 2)
		allocate_log_buf(b, pow2_up(extra + b->facts->log_buf));
}

/* setup_command_line() of init/main.c: a copy to show and one to take apart */
void boot_common_command_line(struct boot *b)
{
	uint64_t size = strlen(b->r->cmdline) + 1;

	boot_alloc_small(b, "setup_command_line", "command line", size);
	boot_alloc_small(b, "setup_command_line", "command line", size);
}

/* hugetlb_hstate_alloc_pages() for pages larger than the page allocator has, 6.12 */
void boot_common_gigantic(struct boot *b)
{
	uint64_t size = b->params.gigantic_size, n;

	for (n = 0; n < b->params.huge_pages; n++) {
		struct call_args a = { .size = size, .align = size, .nid = BOOT_NO_NODE };

		if (b->nr_pgdats)
			a.nid = b->pgdat_nids[n % b->nr_pgdats];
		if (!boot_alloc_raw(b, "__alloc_bootmem_huge_page", "gigantic page", a))
			break;
	}
	if (n < b->params.huge_pages) {
		boot_log(b,
			 "HugeTLB: allocating %" PRIu64 " of page size %" PRIu64
			 "M failed.  Only allocated %" PRIu64 " hugepages.",
			 b->params.huge_pages, size >> 20, n);
		boot_unmet(b, "hugepages=: %" PRIu64 " of %" PRIu64 " gigantic pages are there", n,
			   b->params.huge_pages);
	}
}

void boot_give_early_params(struct boot *b)
{
	boot_give_params(b, true);
}

void boot_give_late_params(struct boot *b)
{
	boot_give_params(b, false);
}

/* The pool if the command line turns KFENCE on, bytes: it is 5.12's, and distributions have it. */
static uint64_t asked_kfence(const struct boot *b)
{
	const uint64_t objects = 255; /* CONFIG_KFENCE_NUM_OBJECTS */

	switch (b->r->build.v[BOOT_KFENCE_POOL].source) {
	case BOOT_FROM_CONFIG:
		return b->o->build->kfence_asleep;
	case BOOT_BY_DEFAULT:
		return boot_is_since(b, "5.12") ? (objects + 1) * 2 << b->r->page_shift : 0;
	default:
		return 0;
	}
}

/*
 * kfence_alloc_pool_and_metadata() of mm/kfence/core.c, 6.12, without the metadata. Kernels that are
 * distributed have it configured, and often off until the command line asks for it.
 */
void boot_common_kfence(struct boot *b)
{
	struct call_args a = { .size = b->facts->kfence_pool,
			       .align = 1ULL << b->r->page_shift,
			       .nid = BOOT_NO_NODE };

	if (b->params.kfence_set && !b->params.kfence_interval)
		return;
	if (b->params.kfence_set && !a.size)
		a.size = asked_kfence(b);
	if (a.size && !boot_alloc(b, "kfence_alloc_pool_and_metadata", "pool of KFENCE", a))
		boot_log(b, "kfence: failed to allocate pool");
}

void boot_common_free_all(struct boot *b)
{
	boot_hand_over(b, "mem_init");
	b->handed_over = true;
}

void boot_common_hand_over(struct boot *b)
{
	boot_common_free_all(b);
	if (!boot_is_since(b, "6.11"))
		boot_log_memory(b);
}

void boot_common_deferred(struct boot *b)
{
	handover_init_deferred(&b->handover);
	/* the line "Memory:" has come after this since mem_init_print_info() was moved */
	if (b->facts && !b->r->memory_line && b->handed_over)
		boot_log_memory(b);
}

/* After boot_common_deferred(), which asks memblock what is free. */
void boot_common_discard(struct boot *b)
{
	boot_discard(b, "page_alloc_init_late");
}
