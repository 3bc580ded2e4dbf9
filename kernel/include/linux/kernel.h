/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: what used to be in one header, gathered */
#ifndef RT_LINUX_KERNEL_H
#define RT_LINUX_KERNEL_H

#include <linux/align.h>
#include <linux/array_size.h>
#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/container_of.h>
#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/kstrtox.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/printk.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <linux/types.h>

#define upper_32_bits(n) ((u32)((u64)(n) >> 32))
#define lower_32_bits(n) ((u32)((u64)(n)&0xffffffff))
#define might_sleep() ((void)0)
#define STACK_MAGIC 0xdeadbeef
#define u64_to_user_ptr(x) ((void *)(uintptr_t)(x))

enum system_states {
	SYSTEM_BOOTING,
	SYSTEM_SCHEDULING,
	SYSTEM_FREEING_INITMEM,
	SYSTEM_RUNNING,
};
extern enum system_states system_state;

/* A number with suffix K, M, G, T, P or E. */
unsigned long long memparse(const char *text, char **end);

#endif
