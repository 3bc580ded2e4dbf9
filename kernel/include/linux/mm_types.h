/* SPDX-License-Identifier: GPL-2.0-or-later */
/* type: struct page is only ever an address, never memory */
#ifndef RT_LINUX_MM_TYPES_H
#define RT_LINUX_MM_TYPES_H

#include <linux/types.h>

struct cpumask;
struct seq_file;

/* As large as the kernel's, so that a page map in simulated memory has its real size. */
struct page {
	union {
		struct {
			unsigned long flags;
			RT_MEMBERS_page
		};
		unsigned long rt_room[8];
	};
};

#endif
