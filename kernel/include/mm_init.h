/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: the hand-over; functions whose arguments changed take either form */
#ifndef RT_MM_INIT_H
#define RT_MM_INIT_H

#include <linux/mm_types.h>
#include <linux/types.h>

#define RT_COUNT_ARGS(...) RT_COUNT_ARGS_1(__VA_ARGS__, 4, 3, 2, 1, 0)
#define RT_COUNT_ARGS_1(_1, _2, _3, _4, n, ...) n
#define RT_BY_ARGS(name, ...) RT_BY_ARGS_1(name, RT_COUNT_ARGS(__VA_ARGS__))(__VA_ARGS__)
#define RT_BY_ARGS_1(name, n) RT_BY_ARGS_2(name, n)
#define RT_BY_ARGS_2(name, n) name##n

/* (page, pfn, order), from 6.18 on (pfn, order) */
#define memblock_free_pages(...) RT_BY_ARGS(rt_memblock_free_pages, __VA_ARGS__)
#define rt_memblock_free_pages3(page, pfn, order) rt_memblock_free_pages2(pfn, order)
void rt_memblock_free_pages2(unsigned long pfn, unsigned int order);
/* its name up to 4.19 */
#define __free_pages_bootmem(page, pfn, order) rt_memblock_free_pages2(pfn, order)

/* (page, order), newer ones with a context */
#define __free_pages_core(page, order, ...) rt_free_pages_core(page, order)
void rt_free_pages_core(struct page *page, unsigned int order);

/* (start, end), from 6.5 on with the node; addresses in bytes, end excluded */
#define reserve_bootmem_region(...) RT_BY_ARGS(rt_reserve_bootmem_region, __VA_ARGS__)
#define rt_reserve_bootmem_region2(start, end) rt_reserve_bootmem_region3(start, end, RT_NID_UNTOLD)
void rt_reserve_bootmem_region3(phys_addr_t start, phys_addr_t end, int nid);

/* The simulator initialises the rest of the page map after the hand-over, unless a test says so. */
extern bool rt_deferred_pages;
#define deferred_pages_enabled() (IS_ENABLED(CONFIG_DEFERRED_STRUCT_PAGE_INIT) && rt_deferred_pages)

void init_deferred_page(unsigned long pfn, int nid);
void init_reserved_page(unsigned long pfn, int nid);

#endif
