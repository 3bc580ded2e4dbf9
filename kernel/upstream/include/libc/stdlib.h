/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: malloc() gives simulated RAM, whose address is the physical one */
#ifndef _STDLIB_H
#define _STDLIB_H

#include <linux/types.h>

void *rt_upstream_malloc(size_t size);
void rt_upstream_free(void *p);
void rt_upstream_exit(int status) __attribute__((noreturn));

#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1
#define malloc(size) rt_upstream_malloc(size)
#define calloc(n, size) memset(malloc((n) * (size)), 0, (n) * (size))
#define free(p) rt_upstream_free(p)
#define exit(status) rt_upstream_exit(status)
#define abort() rt_upstream_exit(-1)

#endif
