// SPDX-License-Identifier: GPL-2.0-or-later
/* Bounce buffers for devices that do not reach all memory: swiotlb_init_remap() (6.1, 6.12). */
#include <inttypes.h>

#include "boot/internal.h"

#define SLABS 32768ULL /* of 2 KiB, if nobody says how many */
#define SLAB 2048
#define SEGMENT 128 /* slabs come in as many */
#define SLOT 24	    /* struct io_tlb_slot */
#define AREA 16	    /* struct io_tlb_area, one for each processor */

void boot_common_bounce(struct boot *b, uint64_t size)
{
	static const char function[] = "swiotlb_init_remap", purpose[] = "bounce buffers";
	const uint64_t page = 1ULL << b->r->page_shift;
	uint64_t areas, slabs = size ? size / SLAB : SLABS;
	struct call_args a = { .align = page, .max = b->geometry.low_limit, .nid = BOOT_NO_NODE };

	if (b->params.no_swiotlb)
		return;
	if (b->params.swiotlb_slabs && (!size || b->params.swiotlb_slabs < slabs))
		slabs = b->params.swiotlb_slabs;
	areas = 1ULL << (b->cpus > 1 ? 64 - __builtin_clzll(b->cpus - 1) : 0);
	/* round_up_default_nslabs(): a segment at least for each area, and a power of two */
	slabs = boot_align_up(slabs, SEGMENT);
	if (slabs < areas * SEGMENT)
		slabs = areas * SEGMENT;
	slabs = 1ULL << (64 - __builtin_clzll(slabs - 1));
	a.size = slabs * SLAB;
	if (!boot_alloc(b, function, purpose, a)) {
		boot_log(b,
			 "swiotlb_init_remap: Failed to allocate %" PRIu64 " bytes tlb structure",
			 a.size);
		return;
	}
	a.size = boot_align_up(slabs * SLOT, page);
	a.max = 0;
	boot_alloc(b, function, purpose, a);
	boot_alloc_small(b, function, purpose, areas * AREA);
}
