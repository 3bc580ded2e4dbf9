/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: addresses that old devices reach */
#ifndef RT_ASM_DMA_H
#define RT_ASM_DMA_H

extern unsigned long rt_low_address_limit;

#define ARCH_LOW_ADDRESS_LIMIT rt_low_address_limit
#define MAX_DMA_ADDRESS (PAGE_OFFSET + 0x1000000)
#define MAX_DMA_PFN (0x1000000UL >> PAGE_SHIFT)
#define MAX_DMA32_PFN (1UL << (32 - PAGE_SHIFT))

#endif
