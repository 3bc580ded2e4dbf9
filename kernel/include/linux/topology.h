/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: see <linux/numa.h> */
#ifndef RT_LINUX_TOPOLOGY_H
#define RT_LINUX_TOPOLOGY_H

#include <linux/nodemask.h>
#include <linux/numa.h>

#define numa_node_id() 0
#define local_memory_node(nid) (nid)

#endif
