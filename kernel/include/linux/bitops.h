/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: bit searches, of which __ffs(0) is undefined as in the kernel */
#ifndef RT_LINUX_BITOPS_H
#define RT_LINUX_BITOPS_H

#include <linux/bits.h>
#include <linux/log2.h>
#include <linux/types.h>

static inline unsigned long __ffs(unsigned long word)
{
	return __builtin_ctzl(word);
}

static inline unsigned long __fls(unsigned long word)
{
	return BITS_PER_LONG - 1 - __builtin_clzl(word);
}

static inline int ffs(int x)
{
	return __builtin_ffs(x);
}

static inline int fls(unsigned int x)
{
	return x ? 32 - __builtin_clz(x) : 0;
}

static inline int fls64(u64 x)
{
	return x ? 64 - __builtin_clzll(x) : 0;
}

#define fls_long(x) fls64(x)
#define hweight_long(x) ((unsigned long)__builtin_popcountl(x))
#define hweight64(x) __builtin_popcountll(x)
#define hweight32(x) __builtin_popcount(x)

static inline void __set_bit(unsigned long nr, volatile unsigned long *p)
{
	p[nr / BITS_PER_LONG] |= BIT(nr % BITS_PER_LONG);
}

static inline void __clear_bit(unsigned long nr, volatile unsigned long *p)
{
	p[nr / BITS_PER_LONG] &= ~BIT(nr % BITS_PER_LONG);
}

static inline bool test_bit(unsigned long nr, const volatile unsigned long *p)
{
	return p[nr / BITS_PER_LONG] >> (nr % BITS_PER_LONG) & 1;
}

#define set_bit(nr, p) __set_bit(nr, p)
#define clear_bit(nr, p) __clear_bit(nr, p)

#endif
