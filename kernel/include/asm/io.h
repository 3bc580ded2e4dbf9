/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: see <asm/page.h> */
#ifndef RT_ASM_IO_H
#define RT_ASM_IO_H

#include <asm/page.h>

#endif
