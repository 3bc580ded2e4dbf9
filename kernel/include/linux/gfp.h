/* SPDX-License-Identifier: GPL-2.0-or-later */
/* type: allocation flags */
#ifndef RT_LINUX_GFP_H
#define RT_LINUX_GFP_H

#include <linux/types.h>

#define __GFP_ZERO 0x100u
#define __GFP_NOWARN 0x200u
#define GFP_KERNEL 0xcc0u
#define GFP_NOWAIT 0x800u
#define GFP_ATOMIC 0x820u

#endif
