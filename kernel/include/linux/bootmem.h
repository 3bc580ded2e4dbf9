/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: since 4.20 there is only memblock */
#ifndef RT_LINUX_BOOTMEM_H
#define RT_LINUX_BOOTMEM_H

#include <linux/memblock.h>

#endif
