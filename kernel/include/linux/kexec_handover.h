/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: what one kernel hands over to the next, within one run; none does unless a test says so */
#ifndef RT_LINUX_KEXEC_HANDOVER_H
#define RT_LINUX_KEXEC_HANDOVER_H

#include <linux/errno.h>
#include <linux/mm_types.h>
#include <linux/notifier.h>
#include <linux/types.h>

struct kho_data;
struct kho_serialization;
struct folio;

extern bool rt_kho_enabled;
/* Memory that is only for what comes before the hand-over; bytes. */
extern phys_addr_t rt_kho_scratch_base, rt_kho_scratch_size;

static inline bool kho_is_enabled(void)
{
	return rt_kho_enabled;
}

static inline bool kho_scratch_overlap(phys_addr_t phys, size_t size)
{
	return phys < rt_kho_scratch_base + rt_kho_scratch_size &&
	       rt_kho_scratch_base < phys + size;
}

static inline bool is_kho_boot(void)
{
	return false;
}

/* 0, or an error; each is an event. */
int kho_preserve_pages(struct page *page, unsigned long nr);
void kho_unpreserve_pages(struct page *page, unsigned long nr);
/* A tree that the next kernel finds by its name; there is room for one. */
int rt_kho_add_subtree(const char *name, void *fdt);
/* (name, tree), from 7.3 on with its size; up to 6.18 behind what is serialised */
#ifdef RT_KHO_NOTIFIES
#define kho_add_subtree(ser, name, fdt) rt_kho_add_subtree(name, fdt)
#else
#define kho_add_subtree(name, fdt, ...) rt_kho_add_subtree(name, fdt)
#endif
void kho_remove_subtree(void *fdt);
int kho_retrieve_subtree(const char *name, phys_addr_t *phys, ...);

/* Up to 6.18 who has something to hand over is told when that is wanted. */
#define KEXEC_KHO_FINALIZE 0
#define KEXEC_KHO_ABORT 1
int register_kho_notifier(struct notifier_block *nb);
#define page_folio(page) ((struct folio *)(page))
#define kho_preserve_folio(folio) kho_preserve_pages((struct page *)(folio), 1)

#endif
