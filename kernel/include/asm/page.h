/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: page size, and the window through which physical memory is seen */
#ifndef RT_ASM_PAGE_H
#define RT_ASM_PAGE_H

#include <linux/types.h>
#include <rt/rt.h>

#define PAGE_SHIFT CONFIG_PAGE_SHIFT
#define PAGE_SIZE (1UL << PAGE_SHIFT)
#define PAGE_MASK (~(PAGE_SIZE - 1))

/* The tests of the kernel's own simulator take what malloc() gave for a physical address. */
#ifdef RT_UPSTREAM
#define PAGE_OFFSET 0UL
#else
#define PAGE_OFFSET rt_host.window
#endif

#define __va(pa) ((void *)(PAGE_OFFSET + (unsigned long)(pa)))
#define __pa(va) ((phys_addr_t)((unsigned long)(va)-PAGE_OFFSET))
#define __pa_symbol(va) __pa(va)
#define phys_to_virt(pa) __va(pa)
#define virt_to_phys(va) __pa(va)
#define virt_to_pfn(va) ((unsigned long)(__pa(va) >> PAGE_SHIFT))
#define pfn_to_virt(pfn) __va((unsigned long)(pfn) << PAGE_SHIFT)
#define virt_addr_valid(va) pfn_valid(virt_to_pfn(va))

#endif
