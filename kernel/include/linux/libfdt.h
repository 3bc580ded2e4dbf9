/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: flattened device trees, what memblock.c writes and reads of them */
#ifndef RT_LINUX_LIBFDT_H
#define RT_LINUX_LIBFDT_H

#include <linux/types.h>

typedef u32 fdt32_t;
typedef u64 fdt64_t;

#define FDT_ERR_NOTFOUND 1
#define FDT_ERR_NOSPACE 3
#define FDT_ERR_BADMAGIC 9

/* Writing, in this order; one tree at a time. 0, or less than 0. */
int fdt_create(void *buf, int size);
int fdt_finish_reservemap(void *fdt);
int fdt_begin_node(void *fdt, const char *name);
int fdt_property(void *fdt, const char *name, const void *value, int len);
int fdt_end_node(void *fdt);
int fdt_finish(void *fdt);
#define fdt_property_string(fdt, name, text) fdt_property(fdt, name, text, strlen(text) + 1)

u32 fdt_totalsize(const void *fdt);

/* A node is the offset of its token in the structure; the root's is 0. Less than 0: there is none. */
int fdt_subnode_offset(const void *fdt, int parent, const char *name);
const void *fdt_getprop(const void *fdt, int node, const char *name, int *len);
/* 0 if it is, 1 if not */
int fdt_node_check_compatible(const void *fdt, int node, const char *compatible);

#endif
