/* SPDX-License-Identifier: GPL-2.0-or-later */
/* type: resources, as %pR prints them */
#ifndef RT_LINUX_IOPORT_H
#define RT_LINUX_IOPORT_H

#include <linux/types.h>

struct resource {
	resource_size_t start;
	resource_size_t end;
	const char *name;
	unsigned long flags;
	unsigned long desc;
	struct resource *parent, *sibling, *child;
};

#define IORESOURCE_MEM 0x00000200
#define IORESOURCE_BUSY 0x80000000UL

#endif
