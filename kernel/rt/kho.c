// SPDX-License-Identifier: GPL-2.0-or-later
/* Kexec handover: pages that are preserved, and one tree for the next kernel, which is this one. */
#include <linux/kexec_handover.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "rt.h"

bool rt_kho_enabled;
phys_addr_t rt_kho_scratch_base, rt_kho_scratch_size;
int rt_kho_errors[RT_KHO_NR_CALLS];
const char *rt_kho_name;
void *rt_kho_fdt;
struct notifier_block *rt_kho_notifier;

int kho_preserve_pages(struct page *page, unsigned long nr)
{
	static int calls;
	int fails_at = rt_kho_errors[RT_KHO_PRESERVE_PAGES];

	if (fails_at && ++calls == fails_at)
		return -ENOMEM;
	rt_event(RT_KHO_PRESERVE, page_to_phys(page), nr << PAGE_SHIFT, 0);
	return 0;
}

void kho_unpreserve_pages(struct page *page, unsigned long nr)
{
	rt_event(RT_KHO_UNPRESERVE, page_to_phys(page), nr << PAGE_SHIFT, 0);
}

int rt_kho_add_subtree(const char *name, void *fdt)
{
	if (rt_kho_errors[RT_KHO_ADD_SUBTREE])
		return rt_kho_errors[RT_KHO_ADD_SUBTREE];
	rt_kho_name = name;
	rt_kho_fdt = fdt;
	return 0;
}

void kho_remove_subtree(void *fdt)
{
	if (rt_kho_fdt == fdt)
		rt_kho_fdt = NULL;
}

int kho_retrieve_subtree(const char *name, phys_addr_t *phys, ...)
{
	if (rt_kho_errors[RT_KHO_RETRIEVE_SUBTREE])
		return rt_kho_errors[RT_KHO_RETRIEVE_SUBTREE];
	if (!rt_kho_fdt || strcmp(rt_kho_name, name))
		return -ENOENT;
	*phys = __pa(rt_kho_fdt);
	return 0;
}

int register_kho_notifier(struct notifier_block *nb)
{
	rt_kho_notifier = nb;
	return 0;
}

struct page *alloc_page(gfp_t flags)
{
	void *p = rt_slab_available ? kmalloc(PAGE_SIZE, flags) : NULL;

	return p ? virt_to_page(p) : NULL;
}

void put_page(struct page *page)
{
	kfree(page_address(page));
}
