/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: which nodes are online */
#ifndef RT_LINUX_NODEMASK_H
#define RT_LINUX_NODEMASK_H

#include <linux/bitops.h>
#include <linux/numa.h>

typedef struct {
	unsigned long bits[(MAX_NUMNODES + BITS_PER_LONG - 1) / BITS_PER_LONG];
} nodemask_t;

extern nodemask_t rt_online_nodes;
extern unsigned int nr_node_ids, nr_online_nodes;

static inline bool node_online(int nid)
{
	return numa_valid_node(nid) && test_bit(nid, rt_online_nodes.bits);
}

#define node_state(nid, state) node_online(nid)
#define node_possible(nid) numa_valid_node(nid)

static inline int next_online_node(int nid)
{
	for (nid++; nid < MAX_NUMNODES; nid++)
		if (node_online(nid))
			break;
	return nid;
}

#define first_online_node next_online_node(-1)
#define for_each_online_node(nid) \
	for ((nid) = first_online_node; (nid) < MAX_NUMNODES; (nid) = next_online_node(nid))
#define for_each_node(nid) for ((nid) = 0; (nid) < MAX_NUMNODES; (nid)++)

#endif
