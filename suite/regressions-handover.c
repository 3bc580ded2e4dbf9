// SPDX-License-Identifier: GPL-2.0-or-later
/* The hand-over to the page allocator, and what is counted and walked for it, where kernels went wrong. */
#include <linux/pfn.h>

#include "internal.h"
#include "suite/watch.h"

#ifndef RT_HAVE_memblock_free_all
/* newer kernels have it in a header that is mm's own */
void memblock_free_all(void);
#endif

#if !defined(RT_HAVE_BOOTMEM) && defined(CONFIG_NUMA)
static void hand_over(void)
{
	max_low_pfn = PFN_UP(MB(256));
	max_pfn = max_low_pfn;
	suite_stands();
	suite_watch();
	memblock_free_all();
}

static int node_of_reserved(phys_addr_t at)
{
	for (unsigned long i = 0; i < memblock.reserved.cnt; i++) {
		struct memblock_region *r = &memblock.reserved.regions[i];

		if (at >= r->base && at < r->base + r->size)
			return memblock_get_region_node(r);
	}
	return NUMA_NO_NODE;
}

static bool is_node(int nid)
{
	return nid >= 0 && nid < MAX_NUMNODES;
}

/*
 * What is reserved gets the node of its memory. The end of each region was passed for its size, so that
 * what is no memory got a node, too. 06eaa824fd23, 6.15
 */
static void what_is_no_memory_has_no_node(struct kunit *test)
{
	machine(test, { MB(16), MB(16), NODE(0) }, { MB(32), MB(16), NODE(1) });
	memblock_reserve(MB(40), MB(1));
	memblock_reserve(MB(60), MB(1));
	hand_over();
	KUNIT_EXPECT_FALSE(test, is_node(node_of_reserved(MB(60))));
}

/*
 * Giving nodes can make the list of what is reserved grow. Its new array is reserved, too, and may lie
 * in a node that has been dealt with. eac8ea8736cc, 6.15
 */
static void array_that_grows_has_a_node(struct kunit *test)
{
	phys_addr_t array, at;

	machine(test, { MB(16), MB(16), NODE(0) }, { MB(32), MB(16), NODE(1) });
	memblock_allow_resize();
	KUNIT_ASSERT_EQ(test, memblock_reserve(MB(32) - SZ_64K, MB(16) + SZ_64K), 0);
	for (at = MB(16); memblock.reserved.cnt < memblock.reserved.max; at += SZ_2K)
		KUNIT_ASSERT_EQ(test, memblock_reserve(at, SZ_1K), 0);
	hand_over();
	array = __pa(memblock.reserved.regions);
	if (!is_node(node_of_reserved(MB(40))))
		kunit_skip(test, "this kernel gives no nodes to what is reserved");
	KUNIT_EXPECT_TRUE(test, memblock_is_region_memory(array, PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, node_of_reserved(array), 0);
	KUNIT_EXPECT_EQ(test, node_of_reserved(MB(16)), 0);
	KUNIT_EXPECT_EQ(test, node_of_reserved(MB(40)), 1);
}

/* What is reserved, but no memory, has no node; NODE_DATA() of that crashed. 6a9531c3a880, 6.8 */
static void marked_with_a_node(struct kunit *test)
{
	bool told = false;

	machine(test, { MB(16), MB(16), NODE(0) });
	memblock_reserve(MB(20), MB(1));
	memblock_reserve(MB(60), MB(1));
	hand_over();
	for (unsigned int i = 0; i < suite_count_events(RT_RESERVE_PAGES); i++)
		told |= is_node(suite_event(RT_RESERVE_PAGES, i)->c);
	if (!told)
		kunit_skip(test, "this kernel tells no nodes");
	for (unsigned int i = 0; i < suite_count_events(RT_RESERVE_PAGES); i++)
		KUNIT_EXPECT_TRUE(test, is_node(suite_event(RT_RESERVE_PAGES, i)->c),
				  "pages from %#llx", suite_event(RT_RESERVE_PAGES, i)->a);
}
#else
SUITE_WITHOUT(what_is_no_memory_has_no_node, memblock_free_all() with nodes)
SUITE_WITHOUT(array_that_grows_has_a_node, memblock_free_all() with nodes)
SUITE_WITHOUT(marked_with_a_node, memblock_free_all() with nodes)
#endif

#ifdef RT_HAVE_memblock_free_late
/*
 * Pages that are freed late may be among those that are not initialised yet. memblock_free_pages() knows
 * of them; what went past it crashed. 647037adecad, 6.2
 */
static void late_pages_are_looked_at(struct kunit *test)
{
	machine(test, { MB(16), MB(16) });
	memblock_reserve(MB(20), MB(1));
	suite_watch();
	memblock_free_late(MB(20), 2 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_FREE_PAGES), 2);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_FREE_LATE), 0);
}
#else
SUITE_WITHOUT(late_pages_are_looked_at, memblock_free_late())
#endif

#ifdef RT_HAVE_memblock_phys_free
/* No pointer is no memory. */
static void null_is_not_freed(struct kunit *test)
{
	machine(test, { MB(16), MB(16) });
	memblock_reserve(MB(20), MB(1));
	suite_watch();
	memblock_free(NULL, MB(32));
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_KMEMLEAK_FREE), 0);
	expect_reserved(test, { MB(20), MB(1) });
}
#else
SUITE_WITHOUT(null_is_not_freed, memblock_free() of pointers)
#endif

static struct kunit_case cases[] = { KUNIT_CASE(what_is_no_memory_has_no_node),
				     KUNIT_CASE(array_that_grows_has_a_node),
				     KUNIT_CASE(marked_with_a_node),
				     KUNIT_CASE(late_pages_are_looked_at),
				     KUNIT_CASE(null_is_not_freed),
				     {} };
static struct kunit_suite suite = { .name = "memblock_hand_over", .test_cases = cases };

#if defined(CONFIG_DEFERRED_STRUCT_PAGE_INIT) && defined(CONFIG_NUMA) && \
	defined(RT_HAVE___next_mem_pfn_range_in_zone)
/* Of 16 to 80 MiB of node 0, with holes at 32 and 64 MiB. */
static const struct zone_case {
	const char *name;
	struct span zone, expected[4];
} zone_cases[] = {
	{ "all",
	  { MB(16), MB(64) },
	  { { MB(16), MB(4) }, { MB(24), MB(8) }, { MB(48), MB(16) }, { MB(72), MB(8) } } },
	{ "begins_inside",
	  { MB(28), MB(52) },
	  { { MB(28), MB(4) }, { MB(48), MB(16) }, { MB(72), MB(8) } } },
	{ "begins_in_hole", { MB(40), MB(40) }, { { MB(48), MB(16) }, { MB(72), MB(8) } } },
	{ "ends_inside",
	  { MB(16), MB(40) },
	  { { MB(16), MB(4) }, { MB(24), MB(8) }, { MB(48), MB(8) } } },
	{ "ends_in_hole", { MB(16), MB(20) }, { { MB(16), MB(4) }, { MB(24), MB(8) } } },
	{ "ends_with_a_range", { MB(16), MB(16) }, { { MB(16), MB(4) }, { MB(24), MB(8) } } },
	{ "in_a_hole", { MB(34), MB(4) }, {} },
};

KUNIT_ARRAY_PARAM_DESC(zone_case, zone_cases, name);

/*
 * Free memory of a zone, whole pages. Behind the zone's end there is nothing more: the walk must say
 * that it is over, or whoever walks goes on.
 */
static void in_zone(struct kunit *test)
{
	const struct zone_case *c = test->param_value;
	struct zone *zone = &NODE_DATA(0)->node_zones[0];
	unsigned long start, end, n = 0;
	u64 i = 0;

	machine(test, { MB(16), MB(16), NODE(0) }, { MB(48), MB(16), NODE(0) },
		{ MB(68) + 1, PAGE_SIZE, NODE(0) }, { MB(72), MB(16), NODE(0) });
	memblock_reserve(MB(20), MB(4));
	memblock_reserve(MB(80), MB(1));
	zone->zone_start_pfn = PHYS_PFN(c->zone.base);
	zone->spanned_pages = PHYS_PFN(c->zone.size);
	for (__next_mem_pfn_range_in_zone(&i, zone, &start, &end); i != U64_MAX && n < 5;
	     __next_mem_pfn_range_in_zone(&i, zone, &start, &end)) {
		KUNIT_EXPECT_EQ(test, PFN_PHYS(start), c->expected[n].base, "piece %lu", n);
		KUNIT_EXPECT_EQ(test, PFN_PHYS(end - start), c->expected[n].size, "piece %lu", n);
		n++;
	}
	KUNIT_EXPECT_TRUE(test, n == ARRAY_SIZE(c->expected) || !c->expected[n].size, "%lu pieces",
			  n);
	KUNIT_EXPECT_EQ(test, start, ULONG_MAX);
	KUNIT_EXPECT_EQ(test, end, 0);
}

static struct kunit_case walk_cases[] = { KUNIT_CASE_PARAM(in_zone, zone_case_gen_params), {} };
#else
SUITE_WITHOUT(in_zone, __next_mem_pfn_range_in_zone() in this configuration)

static struct kunit_case walk_cases[] = { KUNIT_CASE(in_zone), {} };
#endif
static struct kunit_suite walk_suite = { .name = "memblock_pfns_in_zone",
					 .test_cases = walk_cases };

#ifdef RT_HAVE_memblock_reserved_kern_size
static void kern_size_up_to(struct kunit *test)
{
	machine(test, { MB(16), MB(16) });
	KUNIT_ASSERT_EQ(test, memblock_phys_alloc(MB(1), SZ_4K), MB(31));
	KUNIT_ASSERT_EQ(test, memblock_reserve(MB(20), MB(1)), 0);
	KUNIT_EXPECT_EQ(test, memblock_reserved_kern_size(MB(16), NUMA_NO_NODE), 0);
	KUNIT_EXPECT_EQ(test, memblock_reserved_kern_size(MB(31), NUMA_NO_NODE), 0);
	KUNIT_EXPECT_EQ(test, memblock_reserved_kern_size(MB(31) + SZ_64K, NUMA_NO_NODE), SZ_64K);
	KUNIT_EXPECT_EQ(test, memblock_reserved_kern_size(MB(32), NUMA_NO_NODE), MB(1));
	KUNIT_EXPECT_EQ(test, memblock_reserved_kern_size(MEMBLOCK_ALLOC_ANYWHERE, NUMA_NO_NODE),
			MB(1));
}

static void kern_size_of_arrays(struct kunit *test)
{
	machine(test, { MB(16), MB(16) });
	memblock_allow_resize();
	for (phys_addr_t at = MB(8); memblock.reserved.cnt < memblock.reserved.max; at += SZ_2K)
		KUNIT_ASSERT_EQ(test, memblock_reserve(at, SZ_1K), 0);
	KUNIT_ASSERT_EQ(test, memblock_reserve(MB(64), SZ_1K), 0);
	KUNIT_EXPECT_EQ(test, memblock_reserved_kern_size(MEMBLOCK_ALLOC_ANYWHERE, NUMA_NO_NODE),
			PAGE_ALIGN(memblock.reserved.max * sizeof(struct memblock_region)));
}
#else
SUITE_WITHOUT(kern_size_up_to, memblock_reserved_kern_size())
SUITE_WITHOUT(kern_size_of_arrays, memblock_reserved_kern_size())
#endif

#ifdef RT_HAVE_memblock_mark_kho_scratch
/* While the kernel before this one still has memory, only what it left free for that may be used. */
static void only_scratch(struct kunit *test)
{
	phys_addr_t start, end;
	unsigned int n = 0;
	u64 i;

	machine(test, { MB(16), MB(16) });
	KUNIT_ASSERT_EQ(test, memblock_mark_kho_scratch(MB(20), MB(2)), 0);
	for_each_free_mem_range(i, NUMA_NO_NODE, MEMBLOCK_KHO_SCRATCH, &start, &end, NULL) {
		KUNIT_EXPECT_EQ(test, start, MB(20));
		KUNIT_EXPECT_EQ(test, end, MB(22));
		n++;
	}
	KUNIT_EXPECT_EQ(test, n, 1);
	KUNIT_EXPECT_EQ(test, memblock_clear_kho_scratch(MB(16), MB(16)), 0);
	expect_memory(test, { MB(16), MB(16) });
}
#else
SUITE_WITHOUT(only_scratch, memblock_mark_kho_scratch())
#endif

static struct kunit_case kern_cases[] = {
	KUNIT_CASE(kern_size_up_to), KUNIT_CASE(kern_size_of_arrays), KUNIT_CASE(only_scratch), {}
};
static struct kunit_suite kern_suite = { .name = "memblock_kexec", .test_cases = kern_cases };

kunit_test_suite(suite);
kunit_test_suite(walk_suite);
kunit_test_suite(kern_suite);
