/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: see <linux/bug.h> */
#ifndef RT_ASM_BUG_H
#define RT_ASM_BUG_H

#include <linux/bug.h>

#endif
