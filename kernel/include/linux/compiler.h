/* SPDX-License-Identifier: GPL-2.0-or-later */
/* type: annotations and compiler helpers */
#ifndef RT_LINUX_COMPILER_H
#define RT_LINUX_COMPILER_H

#include <linux/compiler_types.h>

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define barrier() __asm__ __volatile__("" : : : "memory")
#define unreachable() __builtin_unreachable()
#define READ_ONCE(x) (*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, value) (*(volatile __typeof__(x) *)&(x) = (value))
#define data_race(x) (x)
#define OPTIMIZER_HIDE_VAR(var) __asm__("" : "=r"(var) : "0"(var))
#define absolute_pointer(value) ((void *)(value))
#define ASSERT_EXCLUSIVE_WRITER(x) ((void)0)
#define _RET_IP_ ((unsigned long)__builtin_return_address(0))
#define _THIS_IP_                      \
	({                             \
		__label__ here;        \
here:                                  \
		(unsigned long)&&here; \
	})

#endif
