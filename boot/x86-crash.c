// SPDX-License-Identifier: GPL-2.0-or-later
/* The crash kernel's memory: reserve_crashkernel() of arch/x86 and kernel/crash_reserve.c (6.12). */
#include <inttypes.h>

#include "boot/internal.h"

#define CRASH_ALIGN (16ULL << 20)
#define LOW_END (1ULL << 32)
#define HIGH_END (1ULL << 46)
#define LOW_DEFAULT (256ULL << 20)

static const char function[] = "reserve_crashkernel";

static uint64_t try_range(struct boot *b, uint64_t size, uint64_t min, uint64_t max)
{
	struct call_args a = { .size = size, .align = CRASH_ALIGN, .min = min, .max = max };

	return boot_alloc_range(b, function, "crash kernel", a);
}

/* A crash kernel above 4 GiB needs some memory below for DMA. */
static bool reserve_low(struct boot *b)
{
	uint64_t size = b->params.crash_low_set ? b->params.crash_low : LOW_DEFAULT;
	struct call_args a = { .size = size, .align = CRASH_ALIGN, .max = LOW_END };

	if (!size)
		return true;
	b->crash_low.start = boot_alloc_range(b, function, "crash kernel, low memory", a);
	b->crash_low.end = b->crash_low.start + size;
	if (b->crash_low.start)
		return true;
	b->crash_low = (struct range){ 0 };
	boot_log(b, "cannot allocate crashkernel low memory (size:0x%" PRIx64 ").", size);
	return false;
}

uint64_t boot_crash_size(const struct boot *b)
{
	uint64_t ram = b->check.regions[RT_MEMORY].state.total_size;

	for (unsigned int i = 0; i < b->params.nr_crash; i++)
		if (range_contains(b->params.crash[i].when, ram))
			return b->params.crash[i].size;
	return 0;
}

static uint64_t find_place(struct boot *b, uint64_t size, bool high)
{
	uint64_t at = 0, base = b->params.crash_base;

	if (base && !high)
		return try_range(b, size, base, base + size);
	if (!high)
		at = try_range(b, size, b->facts->crash_high_only ? 0 : CRASH_ALIGN, LOW_END);
	if (!at)
		at = try_range(b, size, b->facts->crash_high_only ? LOW_END : CRASH_ALIGN,
			       HIGH_END);
	if (!at && high && b->facts->crash_high_only)
		at = try_range(b, size, 0, LOW_END);
	return at;
}

void boot_x86_crash(struct boot *b)
{
	uint64_t size = boot_align_up(boot_crash_size(b), 1ULL << b->r->page_shift), at;
	bool high = false;

	if (!size) {
		size = boot_align_up(b->params.crash_high, 1ULL << b->r->page_shift);
		high = true;
	}
	if (!size)
		return;
	at = find_place(b, size, high);
	if (!at) {
		boot_log(b, "cannot allocate crashkernel (size:0x%" PRIx64 ")", size);
		return;
	}
	b->crash = (struct range){ at, at + size };
	if (at >= LOW_END && !reserve_low(b)) {
		boot_release(b, function, b->crash);
		b->crash = (struct range){ 0 };
		return;
	}
	boot_log(b, "crashkernel reserved: 0x%016" PRIx64 " - 0x%016" PRIx64 " (%" PRIu64 " MB)",
		 at, at + size, size >> 20);
}
