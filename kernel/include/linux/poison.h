/* SPDX-License-Identifier: GPL-2.0-or-later */
/* type: poison values */
#ifndef RT_LINUX_POISON_H
#define RT_LINUX_POISON_H

#define PAGE_POISON 0xaa
#define POISON_FREE_INITMEM 0xcc
#define POISON_INUSE 0x5a
#define POISON_FREE 0x6b

#endif
