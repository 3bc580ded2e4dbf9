/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: rounding and division helpers */
#ifndef RT_LINUX_MATH_H
#define RT_LINUX_MATH_H

#include <linux/types.h>

#define round_up(x, y) ((((x)-1) | ((__typeof__(x))((y)-1))) + 1)
#define round_down(x, y) ((x) & ~((__typeof__(x))((y)-1)))
#define DIV_ROUND_UP(n, d) (((n) + (d)-1) / (d))
#define DIV_ROUND_UP_ULL(n, d) DIV_ROUND_UP((unsigned long long)(n), (d))
#define DIV_ROUND_DOWN_ULL(n, d) ((unsigned long long)(n) / (d))
#define roundup(x, y) ((((x) + ((y)-1)) / (y)) * (y))
#define rounddown(x, y) ((x) - ((x) % (y)))
#define abs(x) ((x) < 0 ? -(x) : (x))
#define mult_frac(x, n, d) ((x) / (d) * (n) + (x) % (d) * (n) / (d))
#define div_u64(n, d) ((u64)(n) / (u32)(d))
#define div64_u64(n, d) ((u64)(n) / (u64)(d))
#define do_div(n, base)                    \
	({                                 \
		u32 rt_rem = (n) % (base); \
		(n) /= (base);             \
		rt_rem;                    \
	})

#endif
