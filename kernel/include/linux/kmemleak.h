/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: the simulator is told; nothing is scanned */
#ifndef RT_LINUX_KMEMLEAK_H
#define RT_LINUX_KMEMLEAK_H

#include <linux/types.h>

void kmemleak_alloc_phys(phys_addr_t phys, size_t size, ...);
void kmemleak_free_part_phys(phys_addr_t phys, size_t size);
void kmemleak_ignore_phys(phys_addr_t phys);
void kmemleak_not_leak_phys(phys_addr_t phys);
void kmemleak_alloc(const void *ptr, size_t size, int min_count, gfp_t gfp);
void kmemleak_free_part(const void *ptr, size_t size);

#endif
