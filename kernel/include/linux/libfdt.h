/* SPDX-License-Identifier: GPL-2.0-or-later */
/* type: offsets in a flattened device tree; its functions are stood in for when used */
#ifndef RT_LINUX_LIBFDT_H
#define RT_LINUX_LIBFDT_H

#include <linux/types.h>

typedef u32 fdt32_t;
typedef u64 fdt64_t;

#endif
