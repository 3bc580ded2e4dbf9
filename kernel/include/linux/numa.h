/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: node ids */
#ifndef RT_LINUX_NUMA_H
#define RT_LINUX_NUMA_H

#include <linux/types.h>

#if defined(CONFIG_NUMA) && defined(CONFIG_NODES_SHIFT)
#define NODES_SHIFT CONFIG_NODES_SHIFT
#else
#define NODES_SHIFT 0
#endif
#define MAX_NUMNODES (1 << NODES_SHIFT)
#define NUMA_NO_NODE (-1)

static inline bool numa_valid_node(int nid)
{
	return nid >= 0 && nid < MAX_NUMNODES;
}

#endif
