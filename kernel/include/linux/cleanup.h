/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: guard() and __free() on the compiler's cleanup attribute */
#ifndef RT_LINUX_CLEANUP_H
#define RT_LINUX_CLEANUP_H

#include <linux/compiler.h>

#define DEFINE_FREE(name, type, code)                \
	static inline void __free_##name(void *rt_p) \
	{                                            \
		type _T = *(type *)rt_p;             \
		code;                                \
	}
#define __free(name) __cleanup(__free_##name)
#define no_free_ptr(p)                    \
	({                                \
		__auto_type rt_ptr = (p); \
		(p) = NULL;               \
		rt_ptr;                   \
	})
#define return_ptr(p) return no_free_ptr(p)

#define RT_CLASS_2(a, b) a##b
#define RT_CLASS_1(a, b) RT_CLASS_2(a, b)
/* guard(mutex)(&lock): the lock is held until the end of the block. */
#define guard(name)                                                                            \
	__attribute__((__cleanup__(rt_guard_exit_##name), __unused__)) __auto_type RT_CLASS_1( \
		rt_guard_, __COUNTER__) = rt_guard_enter_##name
#define scoped_guard(name, lock)                                                             \
	for (__attribute__((__cleanup__(rt_guard_exit_##name))) __auto_type rt_scope =       \
		     rt_guard_enter_##name(lock),                                            \
									    *rt_once = NULL; \
	     !rt_once; rt_once = (void *)1)

#endif
