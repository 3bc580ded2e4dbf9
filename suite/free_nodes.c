// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The hand-over with nodes: reserved pages are marked with the node of their memory, and what the zones
 * have is counted anew.
 */
#include <linux/pfn.h>

#include "suite/handover.h"

/*
 *	16      32      48      64 MiB
 *	| node 0 | node 1| node 0 |
 */
static void nodes(struct kunit *test)
{
	suite_needs_nodes(test);
	machine(test, { MB(16), MB(16), NODE(0) }, { MB(32), MB(16), NODE(1) },
		{ MB(48), MB(16), NODE(0) });
	handover_low_memory(MB(128));
}

/* No block has pages of two nodes. */
static void blocks(struct kunit *test)
{
	nodes(test);
	handover();
	expect_freed(test, { MB(16), MB(16) }, { MB(32), MB(16) }, { MB(48), MB(16) });
	KUNIT_EXPECT_EQ(test, handover_total_pages(), MB(48) >> PAGE_SHIFT);
}

static void blocks_of_odd_border(struct kunit *test)
{
	const phys_addr_t border = MB(32) - PAGE_SIZE;

	suite_needs_nodes(test);
	machine(test, { MB(16), border - MB(16), NODE(0) }, { border, MB(64) - border, NODE(1) });
	handover_low_memory(MB(128));
	handover();
	expect_freed(test, { MB(16), border - MB(16) }, { border, MB(64) - border });
}

static void reserved_of_each(struct kunit *test)
{
	nodes(test);
	memblock_reserve(MB(20), MB(1));
	memblock_reserve(MB(40), MB(1));
	memblock_reserve(MB(60), MB(1));
	handover();
	expect_marked(test, { MB(20), MB(1), NODE(0) }, { MB(40), MB(1), NODE(1) },
		      { MB(60), MB(1), NODE(0) });
}

/* Who reserved a piece of two nodes knew nothing of them. */
static void reserved_across(struct kunit *test)
{
	nodes(test);
	memblock_reserve(MB(31), MB(18));
	handover();
	expect_marked(test, { MB(31), MB(1), NODE(0) }, { MB(32), MB(16), NODE(1) },
		      { MB(48), MB(1), NODE(0) });
	expect_freed(test, { MB(16), MB(15) }, { MB(49), MB(15) });
}

static void reserved_across_hole(struct kunit *test)
{
	suite_needs_nodes(test);
	machine(test, { MB(16), MB(16), NODE(0) }, { MB(48), MB(16), NODE(1) });
	handover_low_memory(MB(128));
	memblock_reserve(MB(30), MB(20));
	handover();
	expect_marked(test, { MB(30), MB(2), NODE(0) }, { MB(48), MB(2), NODE(1) });
}

#ifdef RT_HAVE_memblock_phys_alloc_try_nid
/* The node that an allocation asked for is not always the one it got. */
static void allocated(struct kunit *test)
{
	nodes(test);
	memblock_reserve(MB(32), MB(15));
	memblock_set_bottom_up(true);
	KUNIT_ASSERT_EQ(test, memblock_phys_alloc_try_nid(MB(2), SZ_4K, 1), MB(16));
	KUNIT_ASSERT_EQ(test, memblock_phys_alloc_try_nid(MB(1), SZ_4K, 1), MB(47));
	handover();
	expect_marked(test, { MB(16), MB(2), NODE(0) }, { MB(32), MB(16), NODE(1) });
}
#else
SUITE_WITHOUT(allocated, memblock_phys_alloc_try_nid())
#endif

#ifdef RT_MARKS_NOMAP
static void nomap(struct kunit *test)
{
	nodes(test);
	memblock_mark_nomap(MB(30), MB(4));
	memblock_reserve(MB(33), MB(2));
	handover();
	expect_marked(test, { MB(30), MB(2), NODE(0) }, { MB(32), MB(3), NODE(1) });
	expect_freed(test, { MB(16), MB(14) }, { MB(35), MB(13) }, { MB(48), MB(16) });
}
#else
SUITE_WITHOUT(nomap, marks for memory that is not mapped)
#endif

/* Their owner initialises the pages himself. */
#ifdef RT_HAVE_memblock_reserved_mark_noinit
static void noinit(struct kunit *test)
{
	nodes(test);
	memblock_reserve(MB(20), MB(4));
	memblock_reserve(MB(40), MB(2));
	KUNIT_ASSERT_EQ(test, memblock_reserved_mark_noinit(MB(21), MB(2)), 0);
	KUNIT_ASSERT_EQ(test, memblock_reserved_mark_noinit(MB(41), MB(1)), 0);
	handover();
	expect_marked(test, { MB(20), MB(1), NODE(0) }, { MB(23), MB(1), NODE(0) },
		      { MB(40), MB(1), NODE(1) });
	expect_freed(test, { MB(16), MB(4) }, { MB(24), MB(8) }, { MB(32), MB(8) },
		     { MB(42), MB(6) }, { MB(48), MB(16) });
}
#else
SUITE_WITHOUT(noinit, memblock_reserved_mark_noinit())
#endif

#ifdef RT_MARKS_WITH_NODE
static int node_at(phys_addr_t at)
{
	for (unsigned long i = 0; i < memblock.reserved.cnt; i++) {
		struct memblock_region *r = &memblock.reserved.regions[i];

		if (r->base <= at && at < r->base + r->size)
			return memblock_get_region_node(r);
	}
	return -1;
}

static void regions_get_nodes(struct kunit *test)
{
	nodes(test);
	memblock_reserve(MB(31), MB(2));
	memblock_reserve(MB(60), MB(1));
	handover();
	KUNIT_EXPECT_EQ(test, node_at(MB(32) - 1), 0);
	KUNIT_EXPECT_EQ(test, node_at(MB(32)), 1);
	KUNIT_EXPECT_EQ(test, node_at(MB(60)), 0);
}

/* What is reserved and is no memory is on no node, wherever memory is. */
static void no_memory_has_no_node(struct kunit *test)
{
	nodes(test);
	memblock_reserve(MB(8), MB(1));
	memblock_reserve(MB(63), MB(2));
	memblock_reserve(MB(72), MB(1));
	memblock_reserve(MB(120), MB(1));
	handover();
	KUNIT_EXPECT_FALSE(test, (unsigned int)node_at(MB(8)) < MAX_NUMNODES);
	KUNIT_EXPECT_EQ(test, node_at(MB(63)), 0);
	KUNIT_EXPECT_FALSE(test, (unsigned int)node_at(MB(64)) < MAX_NUMNODES);
	KUNIT_EXPECT_FALSE(test, (unsigned int)node_at(MB(72)) < MAX_NUMNODES);
	KUNIT_EXPECT_FALSE(test, (unsigned int)node_at(MB(120)) < MAX_NUMNODES);
}

/* A page is never of a node that there is not. */
static void no_memory_is_marked_with_an_online_node(struct kunit *test)
{
	const struct watched *e;

	nodes(test);
	memblock_reserve(MB(8), MB(1));
	memblock_reserve(MB(72), MB(1));
	handover();
	for (unsigned int i = 0; (e = suite_event(RT_RESERVE_PAGES, i)); i++)
		if (e->c != RT_NID_UNTOLD)
			KUNIT_EXPECT_TRUE(test, e->c == 0 || e->c == 1, "pfn %#llx: node %ld", e->a,
					  e->c);
}

#else
SUITE_WITHOUT(regions_get_nodes, nodes of what is reserved)
SUITE_WITHOUT(no_memory_has_no_node, nodes of what is reserved)
SUITE_WITHOUT(no_memory_is_marked_with_an_online_node, nodes of what is reserved)
#endif

/*
 * Cutting a reserved region by node makes the array grow, and the memory of the new one is
 * reserved while nodes are being set: above the memory whose node is being set, or, where there is
 * no room, below it.
 *
 *	16      32      48      64 MiB
 *	| node 0 | node 1| node 0 |
 *	|      |#|#  # # #     |a|	while node 0 is set
 *	|   |a||#|#  # # |########|	while node 1 is set
 */
static const struct place {
	const char *name;
	unsigned long room; /* in the array, regions */
	bool below;
} places[] = {
	{ "above", 0, false },
	{ "below", 2, true },
};

KUNIT_ARRAY_PARAM_DESC(place, places, name);

#ifdef RT_MARKS_WITH_NODE
static void array_grows(struct kunit *test)
{
	const struct place *p = test->param_value;
	unsigned long max = memblock.reserved.max;
	phys_addr_t base = MB(36), array;

	nodes(test);
	memblock_allow_resize();
	memblock_reserve(MB(31), MB(2));
	if (p->below)
		memblock_reserve(MB(48), MB(16));
	for (; memblock.reserved.cnt < max - p->room; base += 2 * PAGE_SIZE)
		memblock_reserve(base, PAGE_SIZE);
	suite_stands();
	handover();
	KUNIT_ASSERT_EQ(test, memblock.reserved.max, 2 * max);
	array = __pa(memblock.reserved.regions);
	KUNIT_EXPECT_EQ(test, array < MB(31), p->below);
	KUNIT_EXPECT_EQ(test, node_at(array), 0);
	KUNIT_EXPECT_EQ(test, node_at(MB(36)), 1);
	KUNIT_EXPECT_EQ(test, node_at(MB(32) - 1), 0);
	KUNIT_EXPECT_EQ(test, node_at(MB(32)), 1);
}
#else
SUITE_WITHOUT(array_grows, nodes of what is reserved)
#endif

#ifdef RT_MANAGED_PAGES_IS_NUMBER
#define managed(zone) ((zone)->managed_pages)
#define set_managed(zone, n) ((void)((zone)->managed_pages = (n)))
#else
#define managed(zone) zone_managed_pages(zone)
#define set_managed(zone, n) atomic_long_set(&(zone)->managed_pages, n)
#endif

static void set_all_managed(int nid)
{
	for (int i = 0; i < MAX_NR_ZONES; i++)
		set_managed(&NODE_DATA(nid)->node_zones[i], 1000 + i);
}

/* The page allocator counts what a zone manages from here on: what was estimated is forgotten. */
static void managed_pages(struct kunit *test)
{
	machine(test, { MB(16), MB(16) });
	handover_low_memory(MB(128));
	set_all_managed(0);
	handover();
	for (int i = 0; i < MAX_NR_ZONES; i++)
		KUNIT_EXPECT_EQ(test, managed(&NODE_DATA(0)->node_zones[i]), 0, "zone %d", i);
}

static void managed_pages_of_each_node(struct kunit *test)
{
	nodes(test);
	set_all_managed(0);
	set_all_managed(1);
	handover();
	for (int i = 0; i < MAX_NR_ZONES; i++) {
		KUNIT_EXPECT_EQ(test, managed(&NODE_DATA(0)->node_zones[i]), 0, "zone %d", i);
		KUNIT_EXPECT_EQ(test, managed(&NODE_DATA(1)->node_zones[i]), 0, "zone %d", i);
	}
}

/* Once: what was counted since is not forgotten. */
static void managed_pages_once(struct kunit *test)
{
	machine(test, { MB(16), MB(16) });
	reset_all_zones_managed_pages();
	set_all_managed(0);
	reset_all_zones_managed_pages();
	for (int i = 0; i < MAX_NR_ZONES; i++)
		KUNIT_EXPECT_EQ(test, managed(&NODE_DATA(0)->node_zones[i]), 1000 + i);
}

static struct kunit_case cases[] = { KUNIT_CASE(blocks),
				     KUNIT_CASE(blocks_of_odd_border),
				     KUNIT_CASE(reserved_of_each),
				     KUNIT_CASE(reserved_across),
				     KUNIT_CASE(reserved_across_hole),
				     KUNIT_CASE(allocated),
				     KUNIT_CASE(nomap),
				     KUNIT_CASE(noinit),
				     KUNIT_CASE(regions_get_nodes),
				     KUNIT_CASE(no_memory_has_no_node),
				     KUNIT_CASE(no_memory_is_marked_with_an_online_node),
				     KUNIT_CASE_PARAM(array_grows, place_gen_params),
				     KUNIT_CASE(managed_pages),
				     KUNIT_CASE(managed_pages_of_each_node),
				     KUNIT_CASE(managed_pages_once),
				     {} };
static struct kunit_suite suite = { .name = "memblock_free_nodes", .test_cases = cases };

kunit_test_suite(suite);
