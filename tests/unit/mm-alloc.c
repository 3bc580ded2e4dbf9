// SPDX-License-Identifier: GPL-2.0-or-later
/* Allocations from the pages that were handed over: of which node, which zone, which block. */
#include <errno.h>

#include "kunit/test.h"
#include "lib/array.h"
#include "mm/mm.h"

#define MAX_ORDER 10
#define NODES 4

/* Free memory of a node, and of one zone or two. */
static void add(struct mm *mm, int nid, uint64_t start, uint64_t end)
{
	mm_add_memory(mm, nid, (struct range){ start, end }, 0);
	for (uint64_t pfn = start; pfn < end; pfn++)
		mm_event(mm, RT_FREE_PAGES, pfn, 0, 0);
}

static struct mm *machine(void)
{
	struct mm *mm = mm_new(12, MAX_ORDER);

	mm_set_zone_end(mm, MM_DMA, 0x1000);
	mm_set_zone_end(mm, MM_DMA32, 0x100000);
	return mm;
}

/*
 * Distances, and the order of nodes that a kernel (5.19 or newer) builds of them. The second is the
 * machine of the change "Use accumulated load when building node fallback list" (5.17).
 */
static const struct order {
	const char *name;
	unsigned int distance[NODES][NODES];
	bool no_cpus[NODES];
	int order[NODES][NODES];
} orders[] = {
	{ "nothing_said",
	  .order = { { 0, 1, 2, 3 }, { 1, 2, 3, 0 }, { 2, 3, 0, 1 }, { 3, 0, 1, 2 } } },
	{ "two_pairs",
	  { { 10, 12, 32, 32 }, { 12, 10, 32, 32 }, { 32, 32, 10, 12 }, { 32, 32, 12, 10 } },
	  .order = { { 0, 1, 2, 3 }, { 1, 0, 3, 2 }, { 2, 3, 0, 1 }, { 3, 2, 1, 0 } } },
	{ "chain",
	  { { 10, 20, 30, 40 }, { 20, 10, 20, 30 }, { 30, 20, 10, 20 }, { 40, 30, 20, 10 } },
	  .order = { { 0, 1, 2, 3 }, { 1, 2, 0, 3 }, { 2, 3, 1, 0 }, { 3, 2, 1, 0 } } },
	/* one farther is no farther if there are no processors that want it */
	{ "memory_only",
	  { { 10, 20, 20, 21 }, { 20, 10, 20, 21 }, { 20, 20, 10, 21 }, { 21, 21, 21, 10 } },
	  .no_cpus = { [3] = true },
	  .order = { { 0, 1, 2, 3 }, { 1, 2, 3, 0 }, { 2, 3, 0, 1 }, { 3, 1, 2, 0 } } },
};

KUNIT_ARRAY_PARAM_DESC(order, orders, name);

/* Nodes of one page each: what is allocated is where they come in the order. */
static void nodes_by_distance(struct kunit *test)
{
	const struct order *p = test->param_value;

	for (int from = 0; from < NODES; from++) {
		struct mm *mm = machine();

		for (int i = 0; i < NODES; i++)
			add(mm, i, 0x2000 + 0x1000 * (unsigned int)i,
			    0x2001 + 0x1000 * (unsigned int)i);
		mm_settle(mm);
		for (int i = 0; i < NODES; i++) {
			mm_set_cpus(mm, i, !p->no_cpus[i]);
			for (int j = 0; p->distance[0][0] && j < NODES; j++)
				mm_set_distance(mm, i, j, p->distance[i][j]);
		}
		for (int n = 0; n < NODES; n++)
			KUNIT_EXPECT_EQ(test, mm_alloc_block(mm, 0, MM_NORMAL, from),
					0x2000 + 0x1000 * (uint64_t)p->order[from][n],
					"choice %d of node %d", n, from);
		KUNIT_EXPECT_EQ(test, mm_alloc_block(mm, 0, MM_NORMAL, from), MM_NO_PFN);
		mm_free(mm);
	}
}

/* Two nodes with all zones there are, a page in each. */
static struct mm *all_zones(void)
{
	struct mm *mm = machine();

	add(mm, 0, 0x10, 0x11);
	add(mm, 0, 0x2000, 0x2001);
	add(mm, 0, 0x100000, 0x100001);
	mm_add_memory(mm, 0, (struct range){ 0x180000, 0x180001 }, MM_HOTPLUG);
	add(mm, 1, 0x200000, 0x200001);
	mm_add_memory(mm, 1, (struct range){ 0x280000, 0x280001 }, MM_HOTPLUG);
	mm_event(mm, RT_FREE_PAGES, 0x180000, 0, 0);
	mm_event(mm, RT_FREE_PAGES, 0x280000, 0, 0);
	mm->movable.node = true;
	mm_settle(mm);
	return mm;
}

/* What comes one after the other, until there is nothing left for such a request. */
static const struct zones {
	const char *name;
	enum mm_zone_kind highest;
	int nid;
	uint64_t pfns[8];
} zones[] = {
	{ "dma", MM_DMA, 0, { 0x10 } },
	{ "dma_from_another_node", MM_DMA, 1, { 0x10 } },
	{ "dma32", MM_DMA32, 0, { 0x2000, 0x10 } },
	{ "normal", MM_NORMAL, 0, { 0x100000, 0x2000, 0x10, 0x200000 } },
	{ "normal_of_node_1", MM_NORMAL, 1, { 0x200000, 0x100000, 0x2000, 0x10 } },
	/* what can be in high memory need not be movable */
	{ "highmem", MM_HIGHMEM, 0, { 0x100000, 0x2000, 0x10, 0x200000 } },
	{ "movable", MM_MOVABLE, 0, { 0x180000, 0x100000, 0x2000, 0x10, 0x280000, 0x200000 } },
	{ "movable_of_node_1",
	  MM_MOVABLE,
	  1,
	  { 0x280000, 0x200000, 0x180000, 0x100000, 0x2000, 0x10 } },
	{ "no_such_node", MM_DMA, 7, { 0x10 } },
};

KUNIT_ARRAY_PARAM_DESC(zones, zones, name);

static void zones_from_above(struct kunit *test)
{
	const struct zones *p = test->param_value;
	struct mm *mm = all_zones();

	for (int i = 0; p->pfns[i]; i++)
		KUNIT_EXPECT_EQ(test, mm_alloc_block(mm, 0, p->highest, p->nid), p->pfns[i],
				"allocation %d", i);
	KUNIT_EXPECT_EQ(test, mm_alloc_block(mm, 0, p->highest, p->nid), MM_NO_PFN);
	mm_free(mm);
}

/* A node without Movable: what is movable is of its other zones before it is of another node. */
static void local_before_movable(struct kunit *test)
{
	struct mm *mm = machine();

	add(mm, 0, 0x100000, 0x100001);
	mm_add_memory(mm, 1, (struct range){ 0x200000, 0x200001 }, MM_HOTPLUG);
	mm_event(mm, RT_FREE_PAGES, 0x200000, 0, 0);
	mm->movable.node = true;
	mm_settle(mm);
	KUNIT_EXPECT_EQ(test, mm_alloc_block(mm, 0, MM_MOVABLE, 0), 0x100000);
	KUNIT_EXPECT_EQ(test, mm_alloc_block(mm, 0, MM_NORMAL, 0), MM_NO_PFN);
	KUNIT_EXPECT_EQ(test, mm_alloc_block(mm, 0, MM_MOVABLE, 0), 0x200000);
	mm_free(mm);
}

/* The smallest that is large enough is halved; what is given back is whole again. */
static void blocks_split_and_merge(struct kunit *test)
{
	struct mm *mm = machine();
	const struct mm_zone *z;

	add(mm, 0, 0x2000, 0x2400);
	add(mm, 0, 0x3000, 0x3010);
	mm_settle(mm);
	z = mm_zone_at(mm, 0, MM_DMA32);
	KUNIT_ASSERT_NOT_NULL(test, z);
	KUNIT_EXPECT_EQ(test, z->blocks[10], 1);
	KUNIT_EXPECT_EQ(test, z->blocks[4], 1);
	KUNIT_EXPECT_EQ(test, mm_alloc_block(mm, 2, MM_NORMAL, 0), 0x3000);
	KUNIT_EXPECT_EQ(test, z->blocks[4], 0);
	KUNIT_EXPECT_EQ(test, z->blocks[3], 1);
	KUNIT_EXPECT_EQ(test, z->blocks[2], 1);
	KUNIT_EXPECT_EQ(test, mm_alloc_block(mm, 5, MM_NORMAL, 0), 0x2000);
	KUNIT_EXPECT_EQ(test, z->blocks[10], 0);
	KUNIT_EXPECT_EQ(test, z->blocks[9], 1);
	KUNIT_EXPECT_EQ(test, mm_alloc_block(mm, MAX_ORDER, MM_NORMAL, 0), MM_NO_PFN);
	KUNIT_EXPECT_EQ(test, mm_free_block(mm, 0x3000, 3), -EINVAL, "more than was allocated");
	KUNIT_EXPECT_EQ(test, mm_free_block(mm, 0x3001, 1), -EINVAL, "not aligned");
	KUNIT_EXPECT_EQ(test, mm_free_block(mm, 0x3000, MAX_ORDER + 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, mm_free_block(mm, 0x3000, 2), 0);
	KUNIT_EXPECT_EQ(test, mm_free_block(mm, 0x3000, 2), -EINVAL, "twice");
	KUNIT_EXPECT_EQ(test, mm_free_block(mm, 0x2000, 5), 0);
	KUNIT_EXPECT_EQ(test, z->blocks[10], 1);
	KUNIT_EXPECT_EQ(test, z->blocks[4], 1);
	KUNIT_EXPECT_EQ(test, z->free_pages, 0x410);
	mm_free(mm);
}

/* Of the very pages that are asked for: all or none. */
static void ranges(struct kunit *test)
{
	struct mm *mm = machine();
	const struct mm_zone *z;

	add(mm, 0, 0x2000, 0x2400);
	mm_settle(mm);
	z = mm_zone_at(mm, 0, MM_DMA32);
	KUNIT_ASSERT_NOT_NULL(test, z);
	KUNIT_EXPECT_EQ(test, mm_alloc_range(mm, (struct range){ 0x23ff, 0x2401 }), -EBUSY);
	KUNIT_EXPECT_EQ(test, z->free_pages, 0x400);
	KUNIT_EXPECT_EQ(test, mm_alloc_range(mm, (struct range){ 0x2001, 0x2003 }), 0);
	KUNIT_EXPECT_EQ(test, z->blocks[0], 2);
	KUNIT_EXPECT_EQ(test, z->blocks[2], 1);
	KUNIT_EXPECT_EQ(test, z->blocks[9], 1);
	KUNIT_EXPECT_EQ(test, mm_free_range(mm, (struct range){ 0x2000, 0x2003 }), -EINVAL);
	KUNIT_EXPECT_EQ(test, mm_free_range(mm, (struct range){ 0x2001, 0x2003 }), 0);
	KUNIT_EXPECT_EQ(test, z->blocks[10], 1);
	mm_free(mm);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(nodes_by_distance, order_gen_params),
	KUNIT_CASE_PARAM(zones_from_above, zones_gen_params),
	KUNIT_CASE(local_before_movable),
	KUNIT_CASE(blocks_split_and_merge),
	KUNIT_CASE(ranges),
	{},
};

static struct kunit_suite suite = { .name = "mm_alloc", .test_cases = cases };

kunit_test_suite(suite);
