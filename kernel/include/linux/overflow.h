/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: checked arithmetic */
#ifndef RT_LINUX_OVERFLOW_H
#define RT_LINUX_OVERFLOW_H

#define check_add_overflow(a, b, result) __builtin_add_overflow(a, b, result)
#define check_sub_overflow(a, b, result) __builtin_sub_overflow(a, b, result)
#define check_mul_overflow(a, b, result) __builtin_mul_overflow(a, b, result)
#define array_size(a, b) ((size_t)(a) * (b))
#define struct_size(p, member, n) (sizeof(*(p)) + sizeof((p)->member[0]) * (n))

#endif
