// SPDX-License-Identifier: GPL-2.0-or-later
/* Zones of arm64: where they end, which changed over time. zone_sizes_init() */
#include "boot/internal.h"

#define OLD_DMA_BITS 30 /* ARM64_ZONE_DMA_BITS, for a Raspberry Pi 4 */

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Up to 5.9 a zone reached as far as @bits say, from the multiple of that where memory begins. */
static uint64_t old_zone_end(const struct boot *b, unsigned int bits)
{
	uint64_t offset = boot_dram_start(b) & ~((1ULL << bits) - 1);

	return least(offset + (1ULL << bits), boot_dram_end(b));
}

/*
 * From then on it is the addresses that @last covers; all of them where memory begins behind it. From
 * 6.12 on that is looked at once, for what the firmware says of devices.
 */
static uint64_t zone_end(const struct boot *b, uint64_t last)
{
	uint64_t start = boot_dram_start(b);

	if (!boot_is_since(b, "6.12")) {
		/* bits were reckoned with, not addresses */
		if (last != UINT64_MAX)
			last = (2ULL << (63 - __builtin_clzll(last | 1))) - 1;
		if (start > UINT32_MAX)
			last = UINT64_MAX;
		else if (start > last)
			last = UINT32_MAX;
	}
	return least(last, boot_dram_end(b) - 1) + 1;
}

/* What the firmware says that all devices reach */
static uint64_t dma_last(const struct boot *b)
{
	uint64_t last = b->layout->dma_last ? b->layout->dma_last : UINT64_MAX;

	if (!boot_is_since(b, "6.12") || boot_dram_start(b) < UINT32_MAX)
		last = least(last, UINT32_MAX);
	return last;
}

/*
 * Up to 4.18 there were DMA and Normal; to 5.4, and in 4.19's later releases, DMA32 and Normal;
 * since then all three, and since 5.11, and in later releases of 5.10, DMA is as large as
 * DMA32 unless the firmware knows of devices that need less.
 */
void boot_arm64_zones(struct boot *b)
{
	const unsigned int shift = b->r->page_shift;
	uint64_t dma = 0, dma32 = 0;

	if (!boot_is_since(b, "4.19")) {
		dma = old_zone_end(b, 32);
	} else if (!boot_is_since(b, "5.5")) {
		dma32 = old_zone_end(b, 32);
	} else if (!boot_is_since(b, "5.10")) {
		dma = old_zone_end(b, OLD_DMA_BITS);
		dma32 = old_zone_end(b, 32);
	} else {
		dma = zone_end(b, dma_last(b));
		dma32 = zone_end(b, UINT32_MAX);
	}
	if (dma)
		mm_set_zone_end(b->r->mm, MM_DMA, dma >> shift);
	if (dma32)
		mm_set_zone_end(b->r->mm, MM_DMA32, dma32 >> shift);
	b->dma_limit = dma ? dma : dma32;
	/* CMA was for devices that reach 32 bits, at first */
	b->cma_end = !boot_is_since(b, "5.10") && dma32 ? dma32 : b->dma_limit;
}

void boot_arm64_cma(struct boot *b)
{
	boot_common_cma(b, b->cma_end);
}
