/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: where the kernel's image is in simulated memory */
#ifndef RT_ASM_SECTIONS_H
#define RT_ASM_SECTIONS_H

#include <asm/page.h>

/*
 * Bounds of the kernel's image, as physical addresses: up to 5.10 bottom-up allocations begin
 * behind it. Set by who simulates a boot.
 */
extern unsigned long rt_kernel_start, rt_kernel_end;

#define _text ((char *)__va(rt_kernel_start))
#define _stext _text
#define _end ((char *)__va(rt_kernel_end))

/* Of the kernel's image, where no address that memblock is given can be. */
#define __is_kernel(address) ((void)(address), 0)

#endif
