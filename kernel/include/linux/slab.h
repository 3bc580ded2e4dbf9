/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: once slab is available kmalloc() gives simulated memory beyond RAM, and tracks it */
#ifndef RT_LINUX_SLAB_H
#define RT_LINUX_SLAB_H

#include <linux/gfp.h>
#include <linux/types.h>

bool slab_is_available(void);
void *kmalloc_node(size_t size, gfp_t flags, int nid);
void kfree(const void *ptr);

#define kmalloc(size, flags) kmalloc_node(size, flags, -1)
#define kzalloc(size, flags) kmalloc_node(size, (flags) | __GFP_ZERO, -1)
#define kzalloc_node(size, flags, nid) kmalloc_node(size, (flags) | __GFP_ZERO, nid)
#define kcalloc(n, size, flags) kzalloc((n) * (size), flags)
#define kmalloc_array(n, size, flags) kmalloc((n) * (size), flags)
#define kvfree(ptr) kfree(ptr)

#endif
