/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: physical and virtual addresses */
#ifndef RT_LINUX_IO_H
#define RT_LINUX_IO_H

#include <asm/io.h>

#endif
