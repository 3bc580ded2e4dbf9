/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: bit searches */
#ifndef RT_LINUX_BITOPS_H
#define RT_LINUX_BITOPS_H

#include <linux/bits.h>
#include <linux/log2.h>
#include <linux/types.h>

/* How often __ffs() was asked for the first bit of nothing. */
extern unsigned int rt_ffs_of_nothing;

/* Of 0 it is undefined in the kernel; this is what TZCNT of x86 and RBIT, CLZ of arm64 give. */
static inline unsigned long __ffs(unsigned long word)
{
	if (word)
		return __builtin_ctzl(word);
	rt_ffs_of_nothing++;
	return BITS_PER_LONG;
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
