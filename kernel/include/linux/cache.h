/* SPDX-License-Identifier: GPL-2.0-or-later */
/* type: cache line size */
#ifndef RT_LINUX_CACHE_H
#define RT_LINUX_CACHE_H

/* The tests of the kernel's own simulator do sums that are right for the lines that it has. */
#ifdef RT_UPSTREAM
#define L1_CACHE_SHIFT 5
#else
#define L1_CACHE_SHIFT 6
#endif
#define L1_CACHE_BYTES (1 << L1_CACHE_SHIFT)
#define SMP_CACHE_BYTES L1_CACHE_BYTES
#define ____cacheline_aligned __attribute__((__aligned__(SMP_CACHE_BYTES)))
#define __cacheline_aligned ____cacheline_aligned
#define ____cacheline_aligned_in_smp ____cacheline_aligned
#define ____cacheline_internodealigned_in_smp

#endif
