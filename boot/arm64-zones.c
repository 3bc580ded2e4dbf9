// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Zones of arm64, and areas for devices: where the zones end, which changed over time, and the
 * areas of CMA, which are placed by that. zone_sizes_init() and dma_contiguous_reserve().
 */
#include <inttypes.h>

#include "boot/internal.h"

#define GIB4 (1ULL << 32)
#define DEFAULT_CMA (64ULL << 20) /* CONFIG_CMA_SIZE_MBYTES of Debian */
#define OLD_DMA_BITS 30		  /* ARM64_ZONE_DMA_BITS, for a Raspberry Pi 4 */
#define GIGANTIC (1ULL << 30)

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

/*
 * cma_declare_contiguous_nid(): with room above 4 GiB, from there upwards; else as high as it may
 * be.
 */
static uint64_t declare_cma(struct boot *b, const char *name, uint64_t limit, int nid,
			    uint64_t size)
{
	static const char function[] = "cma_declare_contiguous_nid";
	struct call_args a = { .align = b->geometry.cma_align, .nid = nid, .exact = true };
	uint64_t at = 0, end = boot_dram_end(b);

	a.size = boot_align_up(size, a.align);
	a.max = limit && limit < end ? limit : end;
	if (boot_is_since(b, "5.10") && end >= GIB4 + a.size && a.max > GIB4) {
		bool was = boot_is_bottom_up(b);

		a.min = GIB4;
		boot_set_bottom_up(b, function, true);
		at = boot_alloc_near(b, function, name, a);
		boot_set_bottom_up(b, function, was);
	}
	a.min = 0;
	if (!at)
		at = boot_alloc_near(b, function, name, a);
	if (at)
		boot_log(b, "cma: Reserved %" PRIu64 " MiB at 0x%016" PRIx64, a.size >> 20, at);
	else
		boot_log(b, "cma: Failed to reserve %" PRIu64 " MiB", a.size >> 20);
	return at;
}

/* What the kernel of a log took is how it was configured: its last area is the default one. */
static uint64_t configured_cma(const struct boot *b)
{
	const struct layout *l = b->layout;
	uint64_t size = l->kernel_version ? 0 : DEFAULT_CMA;

	for (size_t i = 0; i < l->nr_reservations; i++)
		if (l->reservations[i].kind == LAYOUT_CMA)
			size = range_size(l->reservations[i].range);
	return size;
}

/* Has the device tree an area for CMA's default? */
static bool tree_has_default(const struct boot *b)
{
	const struct layout *l = b->layout;

	for (size_t i = 0; i < l->nr_reservations; i++)
		if (l->reservations[i].flags & LAYOUT_DEFAULT_CMA)
			return true;
	for (size_t i = 0; i < l->nr_dynamics; i++)
		if (l->dynamics[i].flags & LAYOUT_DEFAULT_CMA)
			return true;
	return false;
}

void boot_arm64_cma(struct boot *b)
{
	const struct boot_params *p = &b->params;
	uint64_t size = p->cma_set ? p->cma_size : configured_cma(b), limit = b->cma_end;

	if (!size || (tree_has_default(b) && !p->cma_set))
		return;
	if (p->cma_set && p->cma_limit)
		limit = least(limit, p->cma_limit);
	if (p->cma_set && p->cma_base && (!p->cma_limit || p->cma_base + size == p->cma_limit)) {
		boot_reserve(b, "cma_declare_contiguous_nid", "CMA",
			     (struct range){ p->cma_base, p->cma_base + size });
		return;
	}
	declare_cma(b, "CMA", limit, BOOT_NO_NODE, size);
}

/* hugetlb_cma_reserve(): the same from each node, in gigantic pages */
void boot_arm64_hugetlb_cma(struct boot *b)
{
	uint64_t left = b->params.hugetlb_cma, share;
	size_t nodes = b->nr_pgdats ? b->nr_pgdats : 1;

	if (!left)
		return;
	if (left < GIGANTIC) {
		boot_log(b, "hugetlb_cma: cma area should be at least %llu MiB", GIGANTIC >> 20);
		return;
	}
	share = boot_align_up((left + nodes - 1) / nodes, GIGANTIC);
	for (size_t i = 0; i < nodes && left; i++) {
		uint64_t size = boot_align_up(least(share, left), GIGANTIC);
		uint64_t align = b->geometry.cma_align;

		b->geometry.cma_align = GIGANTIC;
		declare_cma(b, "CMA for gigantic pages", 0,
			    b->nr_pgdats ? b->pgdat_nids[i] : BOOT_NO_NODE, size);
		b->geometry.cma_align = align;
		left -= least(size, left);
	}
}
