/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: ilog2() is constant for constants, as initialisers need it */
#ifndef RT_LINUX_LOG2_H
#define RT_LINUX_LOG2_H

#define ilog2(n) (63 - __builtin_clzll((n) + 0ULL))
#define is_power_of_2(n) ((n) != 0 && ((n) & ((n)-1)) == 0)
#define roundup_pow_of_two(n) (1UL << ((n) == 1 ? 0 : ilog2((n)-1) + 1))
#define rounddown_pow_of_two(n) (1UL << ilog2(n))
#define order_base_2(n) ((n) > 1 ? ilog2((n)-1) + 1 : 0)

#endif
