/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: movable_node */
#ifndef RT_LINUX_MEMORY_HOTPLUG_H
#define RT_LINUX_MEMORY_HOTPLUG_H

#include <linux/types.h>

extern bool movable_node_enabled;

static inline bool movable_node_is_enabled(void)
{
	return movable_node_enabled;
}

#endif
