/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: there is one CPU before the page allocator, so plain arithmetic is atomic */
#ifndef RT_LINUX_ATOMIC_H
#define RT_LINUX_ATOMIC_H

#include <linux/types.h>

#define ATOMIC_INIT(value) \
	{                  \
		(value)    \
	}
#define ATOMIC_LONG_INIT(value) \
	{                       \
		(value)         \
	}
#define atomic_read(v) ((v)->counter)
#define atomic_set(v, i) ((void)((v)->counter = (i)))
#define atomic_inc(v) ((void)(v)->counter++)
#define atomic_dec(v) ((void)(v)->counter--)
#define atomic_add(i, v) ((void)((v)->counter += (i)))
#define atomic_sub(i, v) ((void)((v)->counter -= (i)))
#define atomic_long_read(v) ((v)->counter)
#define atomic_long_set(v, i) ((void)((v)->counter = (i)))
#define atomic_long_inc(v) ((void)(v)->counter++)
#define atomic_long_add(i, v) ((void)((v)->counter += (i)))
#define atomic_long_sub(i, v) ((void)((v)->counter -= (i)))

#endif
