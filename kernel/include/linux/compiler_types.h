/* SPDX-License-Identifier: GPL-2.0-or-later */
/* type: annotations */
#ifndef RT_LINUX_COMPILER_TYPES_H
#define RT_LINUX_COMPILER_TYPES_H

#define __iomem
#define __user
#define __kernel
#define __force
#define __percpu
#define __rcu
#define __bitwise
#define __must_hold(x)
#define __acquires(x)
#define __releases(x)
#define __always_inline inline __attribute__((__always_inline__))
#undef __noreturn
#define __noreturn __attribute__((__noreturn__))
#define __must_check __attribute__((__warn_unused_result__))
#define __maybe_unused __attribute__((__unused__))
#define __always_unused __attribute__((__unused__))
#define __used __attribute__((__used__))
#define __weak __attribute__((__weak__))
#define __packed __attribute__((__packed__))
#define __aligned(x) __attribute__((__aligned__(x)))
#define __pure __attribute__((__pure__))
#undef __attribute_const__
#define __attribute_const__ __attribute__((__const__))
#define __cold __attribute__((__cold__))
#define __malloc __attribute__((__malloc__))
#define __printf(a, b)
#define __section(x)
#define __deprecated
#define __counted_by(x)
#define __nocfi
#define __no_sanitize_address
#define __no_kcsan
#define notrace
#define noinstr
#define noinline __attribute__((__noinline__))
#define noinline_for_stack noinline
#define fallthrough __attribute__((__fallthrough__))
#define __alloc_size(...)
#define __realloc_size(...)
#define __randomize_layout
#define __cleanup(fn) __attribute__((__cleanup__(fn)))
#define __same_type(a, b) __builtin_types_compatible_p(__typeof__(a), __typeof__(b))
#define typeof __typeof__

#endif
