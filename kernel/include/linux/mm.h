/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: addresses, pages, totals */
#ifndef RT_LINUX_MM_H
#define RT_LINUX_MM_H

#include <asm/page.h>
#include <linux/bug.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm_types.h>
#include <linux/mmdebug.h>
#include <linux/mmzone.h>
#include <linux/page-flags.h>
#include <linux/pfn.h>
#include <linux/slab.h>
#include <linux/types.h>

#define PAGE_ALIGN(address) ALIGN(address, PAGE_SIZE)
#define PAGE_ALIGN_DOWN(address) ALIGN_DOWN(address, PAGE_SIZE)
#define PAGE_ALIGNED(address) IS_ALIGNED((unsigned long)(address), PAGE_SIZE)
#define offset_in_page(p) ((unsigned long)(p) & ~PAGE_MASK)

extern unsigned long max_mapnr;
extern atomic_long_t _totalram_pages;
extern void *high_memory;

void totalram_pages_add(long pages);
#define totalram_pages_inc() totalram_pages_add(1)
#define totalram_pages_dec() totalram_pages_add(-1)
#define totalram_pages() ((unsigned long)atomic_long_read(&_totalram_pages))
/* Up to 4.20 it is a variable. */
#ifdef RT_TOTALRAM_IS_VARIABLE
#undef totalram_pages
extern unsigned long totalram_pages;
#endif

/* A page that was reserved goes to the page allocator. */
void free_reserved_page(struct page *page);
unsigned long free_reserved_area(void *start, void *end, int poison, const char *s);
#define K(pages) ((pages) << (PAGE_SHIFT - 10))

void accept_memory(phys_addr_t start, unsigned long size);
unsigned long nr_free_buffer_pages(void);
struct seq_file;

struct page *alloc_page(gfp_t flags);
void put_page(struct page *page);
#define page_to_virt(page) __va(page_to_phys(page))
#define page_address(page) __va(page_to_phys(page))
#define virt_to_page(address) pfn_to_page(__pa(address) >> PAGE_SHIFT)
#define kasan_reset_tag(address) (address)
#define page_init_poison(page, size) ((void)(page), (void)(size))
#define set_page_count(page, n) ((void)(page), (void)(n))
#define init_page_count(page) ((void)(page))

#endif
