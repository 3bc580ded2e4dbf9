/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: min(), max(), clamp(), swap(); the kernel's checks of mixed types are not made */
#ifndef RT_LINUX_MINMAX_H
#define RT_LINUX_MINMAX_H

#define RT_PICK(op, x, y)                   \
	({                                  \
		__auto_type rt_x = (x);     \
		__auto_type rt_y = (y);     \
		rt_x op rt_y ? rt_x : rt_y; \
	})
#define min(x, y) RT_PICK(<, x, y)
#define max(x, y) RT_PICK(>, x, y)
#define min3(x, y, z) min(min(x, y), z)
#define max3(x, y, z) max(max(x, y), z)
#define min_t(type, x, y) min((type)(x), (type)(y))
#define max_t(type, x, y) max((type)(x), (type)(y))
#define umin(x, y) min((x) + 0ULL, (y) + 0ULL)
#define umax(x, y) max((x) + 0ULL, (y) + 0ULL)
#define min_not_zero(x, y)                                               \
	({                                                               \
		__auto_type rt_a = (x);                                  \
		__auto_type rt_b = (y);                                  \
		rt_a == 0 ? rt_b : (rt_b == 0 ? rt_a : min(rt_a, rt_b)); \
	})
#define clamp(value, lo, hi)                                          \
	({                                                            \
		__typeof__(value) rt_v = (value);                     \
		__typeof__(value) rt_lo = (lo);                       \
		__typeof__(value) rt_hi = (hi);                       \
		rt_v <= rt_lo ? rt_lo : rt_v >= rt_hi ? rt_hi : rt_v; \
	})
#define clamp_t(type, value, lo, hi) clamp((type)(value), (type)(lo), (type)(hi))
#define clamp_val(value, lo, hi) clamp_t(__typeof__(value), value, lo, hi)
#define in_range(value, start, len) ((value) >= (start) && (value) - (start) < (len))
#define swap(a, b)                           \
	do {                                 \
		__typeof__(a) rt_swap = (a); \
		(a) = (b);                   \
		(b) = rt_swap;               \
	} while (0)

#endif
