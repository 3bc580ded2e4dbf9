// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The crash kernel's memory: reserve_crashkernel() of arch/arm64/mm/init.c, and of
 * kernel/crash_reserve.c since 6.6.
 */
#include <inttypes.h>

#include "boot/internal.h"

#define CRASH_ALIGN (2ULL << 20)
#define HIGH_END (1ULL << 48)
#define LOW_DEFAULT (128ULL << 20)

static const char function[] = "reserve_crashkernel";

static uint64_t try_range(struct boot *b, uint64_t size, uint64_t min, uint64_t max)
{
	struct call_args a = { .size = size, .align = CRASH_ALIGN, .min = min, .max = max };

	return boot_alloc_range(b, function, "crash kernel", a);
}

/* What is high needs some memory for devices. */
static bool reserve_low(struct boot *b, bool fallback)
{
	uint64_t size = b->params.crash_low_set && !fallback ? b->params.crash_low : LOW_DEFAULT;
	struct call_args a = { .size = size, .align = CRASH_ALIGN, .max = b->dma_limit };

	/* before 6.4 there was none unless it was asked for */
	if (!boot_is_since(b, "6.4") && !b->params.crash_low_set)
		return true;
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

/* Where it fits; *@fallback: not where it was wanted */
static uint64_t find_place(struct boot *b, uint64_t size, bool high, bool *fallback)
{
	uint64_t base = b->params.crash_base, low = b->dma_limit, at;
	bool may_fall_back = boot_is_since(b, "6.4");

	if (base && !high)
		return try_range(b, size, base, base + size);
	if (!boot_is_since(b, "6.4"))
		return try_range(b, size, 0, high ? HIGH_END : low);
	at = high ? try_range(b, size, low, HIGH_END) : try_range(b, size, 0, low);
	if (at || !may_fall_back)
		return at;
	*fallback = true;
	return high ? try_range(b, size, 0, low) : try_range(b, size, low, HIGH_END);
}

void boot_arm64_crash(struct boot *b)
{
	uint64_t page = 1ULL << b->r->page_shift, at;
	uint64_t size = boot_align_up(boot_crash_size(b), page);
	bool high = false, fallback = false;

	/* ,high was new in 5.20, which became 6.0 */
	if (!size && boot_is_since(b, "6.0")) {
		size = boot_align_up(b->params.crash_high, page);
		high = true;
	}
	if (!size)
		return;
	at = find_place(b, size, high, &fallback);
	if (!at) {
		boot_log(b, "cannot allocate crashkernel (size:0x%" PRIx64 ")", size);
		return;
	}
	b->crash = (struct range){ at, at + size };
	if (at >= b->dma_limit && !reserve_low(b, fallback)) {
		boot_release(b, function, b->crash);
		b->crash = (struct range){ 0 };
		return;
	}
	boot_log(b, "crashkernel reserved: 0x%016" PRIx64 " - 0x%016" PRIx64 " (%" PRIu64 " MB)",
		 at, at + size, size >> 20);
}
