// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kmalloc(), for what memblock does once slab is available. Its memory lies behind the
 * largest machine's, so that nothing of it can be taken for memblock's; every object is
 * remembered, so that a wrong or second kfree() is found.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "rt.h"

struct object {
	struct object *next;
	rt_u64 pa, size;
};

bool rt_slab_available;
static struct object *objects;
static rt_u64 used;

bool slab_is_available(void)
{
	return rt_slab_available;
}

void *kmalloc_node(size_t size, gfp_t flags, int nid)
{
	struct object *o;

	BUG_ON(!rt_slab_available);
	/* @size is what somebody asks for: it may be anything */
	if (size > rt_host.slab_size || used + size + PAGE_SIZE > rt_host.slab_size)
		return NULL;
	o = rt_alloc(sizeof(*o));
	*o = (struct object){ .next = objects, .pa = rt_host.slab_pa + used, .size = size };
	objects = o;
	/* a page that is never used lies behind each object, and catches what runs over */
	used += ALIGN(size, PAGE_SIZE) + PAGE_SIZE;
	rt_event(RT_SLAB_ALLOC, o->pa, size, nid);
	if (flags & __GFP_ZERO)
		memset(__va(o->pa), 0, size);
	return __va(o->pa);
}

void kfree(const void *ptr)
{
	if (!ptr)
		return;
	for (struct object **at = &objects; *at; at = &(*at)->next) {
		struct object *o = *at;

		if (__va(o->pa) != ptr)
			continue;
		*at = o->next;
		rt_event(RT_SLAB_FREE, o->pa, o->size, 0);
		return;
	}
	printk(KERN_CRIT "kfree() of %px, which kmalloc() did not give\n", ptr);
	BUG();
}
