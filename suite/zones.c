// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The page frames of a zone that are free, for the initialisation of pages that is put off; and what
 * newer kernels ask memblock about nodes and totals.
 *
 *	16       32   40   48        64       80 MiB
 *	| node 0 |         | node 1  | node 0  |
 *	  |##|          |########|        |####|	reserved
 *	  20 24         44      52        72   80
 */
#include <linux/pfn.h>

#include "internal.h"
#include "suite/watch.h"

#if defined(CONFIG_DEFERRED_STRUCT_PAGE_INIT) && \
	defined(RT_HAVE_for_each_free_mem_pfn_range_in_zone) && defined(CONFIG_NUMA)
static const struct zone_walk {
	const char *name;
	int nid;
	struct span zone; /* what it spans */
	struct span free[3];
} zone_walks[] = {
	{ "whole_node",
	  0,
	  { MB(16), MB(64) },
	  { { MB(16), MB(4) }, { MB(24), MB(8) }, { MB(64), MB(8) } } },
	{ "other_node", 1, { MB(16), MB(64) }, { { MB(52), MB(12) } } },
	{ "begins_in_a_range",
	  0,
	  { MB(18), MB(62) },
	  { { MB(18), MB(2) }, { MB(24), MB(8) }, { MB(64), MB(8) } } },
	{ "ends_in_a_range", 0, { MB(16), MB(12) }, { { MB(16), MB(4) }, { MB(24), MB(4) } } },
	{ "inside_a_range", 0, { MB(26), MB(2) }, { { MB(26), MB(2) } } },
	{ "begins_at_the_end_of_a_range",
	  0,
	  { MB(20), MB(60) },
	  { { MB(24), MB(8) }, { MB(64), MB(8) } } },
	{ "ends_at_the_start_of_a_range", 0, { MB(16), MB(8) }, { { MB(16), MB(4) } } },
	{ "one_page_of_a_range",
	  0,
	  { MB(16), MB(8) + PAGE_SIZE },
	  { { MB(16), MB(4) }, { MB(24), PAGE_SIZE } } },
	{ "last_page_of_a_range",
	  0,
	  { MB(20) - PAGE_SIZE, MB(4) },
	  { { MB(20) - PAGE_SIZE, PAGE_SIZE } } },
	{ "reserved", 0, { MB(20), MB(4) }, {} },
	{ "hole", 0, { MB(32), MB(8) }, {} },
	{ "below", 0, { MB(1), MB(15) }, {} },
	{ "above", 0, { MB(96), MB(16) }, {} },
};

static void zone_walk_desc(const struct zone_walk *w, char *desc)
{
	kunit_describe(desc, w->name);
}

KUNIT_ARRAY_PARAM(zone_walk, zone_walks, zone_walk_desc);

static struct zone *situation(struct kunit *test, int nid, struct span spanned)
{
	struct zone *zone;

	machine(test, { MB(16), MB(16), NODE(0) }, { MB(48), MB(16), NODE(1) },
		{ MB(64), MB(16), NODE(0) });
	memblock_reserve(MB(20), MB(4));
	memblock_reserve(MB(44), MB(8));
	memblock_reserve(MB(72), MB(8));
	zone = &NODE_DATA(nid)->node_zones[ZONE_NORMAL];
	zone->zone_start_pfn = PHYS_PFN(spanned.base);
	zone->spanned_pages = PHYS_PFN(spanned.size);
	return zone;
}

static void in_zone(struct kunit *test)
{
	const struct zone_walk *w = test->param_value;
	struct zone *zone = situation(test, w->nid, w->zone);
	unsigned long start, end;
	unsigned int n = 0;
	u64 i;

	for_each_free_mem_pfn_range_in_zone(i, zone, &start, &end) {
		KUNIT_ASSERT_LT(test, n, 3);
		KUNIT_EXPECT_EQ(test, PFN_PHYS(start), w->free[n].base, "range %u", n);
		KUNIT_EXPECT_EQ(test, PFN_PHYS(end), w->free[n].base + w->free[n].size, "range %u",
				n);
		n++;
	}
	KUNIT_EXPECT_TRUE(test, n == 3 || !w->free[n].size, "there were only %u", n);
	/* what says that there are no more */
	KUNIT_EXPECT_EQ(test, start, ULONG_MAX);
	KUNIT_EXPECT_EQ(test, end, 0);
}

/* Goes on where another walk has stopped. */
static void in_zone_from(struct kunit *test)
{
	struct zone *zone = situation(test, 0, (struct span){ MB(16), MB(64) });
	unsigned long start, end;
	unsigned int n = 0;
	u64 i;

	for_each_free_mem_pfn_range_in_zone(i, zone, &start, &end)
		if (PFN_PHYS(start) == MB(24))
			break;
	for_each_free_mem_pfn_range_in_zone_from(i, zone, &start, &end) n++;
	KUNIT_EXPECT_EQ(test, n, 2);
}

static void in_zone_parts_of_pages(struct kunit *test)
{
	struct zone *zone;
	unsigned long start, end;
	unsigned int n = 0;
	u64 i;

	machine(test, { MB(16) + 1, MB(1) }, { MB(32) + 1, PAGE_SIZE },
		{ MB(48), 2 * PAGE_SIZE - 1 });
	zone = &NODE_DATA(0)->node_zones[ZONE_NORMAL];
	zone->zone_start_pfn = PHYS_PFN(MB(16));
	zone->spanned_pages = PHYS_PFN(MB(48));
	memblock_set_node(0, MB(64), &memblock.memory, 0);
	for_each_free_mem_pfn_range_in_zone(i, zone, &start, &end) {
		KUNIT_EXPECT_EQ(test, PFN_PHYS(start), n ? MB(48) : MB(16) + PAGE_SIZE);
		KUNIT_EXPECT_EQ(test, PFN_PHYS(end), n ? MB(48) + PAGE_SIZE : MB(17));
		n++;
	}
	KUNIT_EXPECT_EQ(test, n, 2);
}

static void in_zone_without_results(struct kunit *test)
{
	struct zone *zone = situation(test, 0, (struct span){ MB(16), MB(64) });
	unsigned int n = 0;
	u64 i;

	for_each_free_mem_pfn_range_in_zone(i, zone, NULL, NULL)
		n++;
	KUNIT_EXPECT_EQ(test, n, 3);
}

/* Before the hand-over, which takes the flag away: memory that is kept for what can be moved is left out. */
static void in_zone_hotplug(struct kunit *test)
{
	struct zone *zone = situation(test, 0, (struct span){ MB(16), MB(64) });
	unsigned int n = 0;
	u64 i;

	if (!IS_ENABLED(CONFIG_MEMORY_HOTPLUG))
		kunit_skip(test, "without CONFIG_MEMORY_HOTPLUG there is no movable_node");
	movable_node_enabled = true;
	memblock_mark_hotplug(MB(64), MB(16));
	for_each_free_mem_pfn_range_in_zone(i, zone, NULL, NULL)
		n++;
	KUNIT_EXPECT_EQ(test, n, 2);

	/* also behind a range that is not in the zone */
	zone->zone_start_pfn = PHYS_PFN(MB(20));
	memblock_mark_hotplug(MB(24), MB(8));
	for_each_free_mem_pfn_range_in_zone(i, zone, NULL, NULL)
		n++;
	KUNIT_EXPECT_EQ(test, n, 2);
}
#else
static const char *const zone_walks[] = { "whole_node" };

KUNIT_ARRAY_PARAM(zone_walk, zone_walks, NULL);
SUITE_WITHOUT(in_zone, for_each_free_mem_pfn_range_in_zone() in this configuration)
SUITE_WITHOUT(in_zone_from, for_each_free_mem_pfn_range_in_zone_from() in this configuration)
SUITE_WITHOUT(in_zone_parts_of_pages, for_each_free_mem_pfn_range_in_zone() in this configuration)
SUITE_WITHOUT(in_zone_without_results, for_each_free_mem_pfn_range_in_zone() in this configuration)
SUITE_WITHOUT(in_zone_hotplug, for_each_free_mem_pfn_range_in_zone() in this configuration)
#endif

#ifdef RT_HAVE_memblock_validate_numa_coverage
/* 4 MiB without a node; the threshold is the most that there may be, bytes. */
static const struct threshold {
	const char *name;
	unsigned long bytes;
	bool holds;
} thresholds[] = {
	{ "none", 0, false },
	{ "one_byte_less", (4UL << 20) - 1, false },
	{ "more", 5UL << 20, true },
};

static void threshold_desc(const struct threshold *t, char *desc)
{
	kunit_describe(desc, t->name);
}

KUNIT_ARRAY_PARAM(threshold, thresholds, threshold_desc);

static void numa_coverage(struct kunit *test)
{
	const struct threshold *t = test->param_value;

	suite_needs_nodes(test);
	machine(test, { MB(16), MB(16), NODE(0) }, { MB(32), MB(1) }, { MB(48), MB(16), NODE(1) },
		{ MB(64), MB(3) });
	suite_watch();
	KUNIT_EXPECT_EQ(test, memblock_validate_numa_coverage(t->bytes), t->holds);
	if (t->holds)
		KUNIT_EXPECT_STREQ(test, suite_log(), "");
	else
		expect_log(test, "no nodes coverage for 4MB of 36MB RAM");
}

/* It is the most that there may be. */
static void numa_coverage_at_threshold(struct kunit *test)
{
	suite_needs_nodes(test);
	machine(test, { MB(16), MB(16), NODE(0) }, { MB(32), MB(1) });
	KUNIT_EXPECT_TRUE(test, memblock_validate_numa_coverage(1UL << 20));
}

static void numa_coverage_at_threshold_of_none(struct kunit *test)
{
	machine(test, { MB(16), MB(16), NODE(0) });
	KUNIT_EXPECT_TRUE(test, memblock_validate_numa_coverage(0));
}
#else
static const char *const thresholds[] = { "none" };

KUNIT_ARRAY_PARAM(threshold, thresholds, NULL);
SUITE_WITHOUT(numa_coverage, memblock_validate_numa_coverage())
SUITE_WITHOUT(numa_coverage_at_threshold, memblock_validate_numa_coverage())
SUITE_WITHOUT(numa_coverage_at_threshold_of_none, memblock_validate_numa_coverage())
#endif

#ifdef RT_HAVE_memblock_estimated_nr_free_pages
/* Memory less what was allocated. */
static void estimated_free_pages(struct kunit *test)
{
	machine(test, { MB(16), MB(16) }, { MB(48), MB(16) });
	KUNIT_EXPECT_EQ(test, memblock_estimated_nr_free_pages(), MB(32) >> PAGE_SHIFT);
	KUNIT_ASSERT_NE(test, memblock_phys_alloc(MB(12), SZ_4K), 0);
	KUNIT_ASSERT_NE(test, memblock_phys_alloc(MB(8), SZ_4K), 0);
	KUNIT_EXPECT_EQ(test, memblock_estimated_nr_free_pages(), MB(12) >> PAGE_SHIFT);
}
#else
SUITE_WITHOUT(estimated_free_pages, memblock_estimated_nr_free_pages())
#endif

/* in a header that is mm's own, where a kernel has it */
bool __weak memblock_has_mirror(void);

static void has_mirror(struct kunit *test)
{
	if (!memblock_has_mirror)
		kunit_skip(test, "this kernel has no memblock_has_mirror()");
	machine(test, { MB(16), MB(16) });
	KUNIT_EXPECT_FALSE(test, memblock_has_mirror());
	memblock_mark_mirror(MB(16), MB(1));
	KUNIT_EXPECT_FALSE(test, memblock_has_mirror(), "only with kernelcore=mirror");
	mirrored_kernelcore = true;
	memblock_mark_mirror(MB(16), MB(1));
	KUNIT_EXPECT_TRUE(test, memblock_has_mirror());
}

static struct kunit_case zone_cases[] = { KUNIT_CASE_PARAM(in_zone, zone_walk_gen_params),
					  KUNIT_CASE(in_zone_from),
					  KUNIT_CASE(in_zone_parts_of_pages),
					  KUNIT_CASE(in_zone_without_results),
					  KUNIT_CASE(in_zone_hotplug),
					  {} };
static struct kunit_suite zone_suite = { .name = "memblock_zones", .test_cases = zone_cases };

static struct kunit_case cases[] = { KUNIT_CASE_PARAM(numa_coverage, threshold_gen_params),
				     KUNIT_CASE(numa_coverage_at_threshold),
				     KUNIT_CASE(numa_coverage_at_threshold_of_none),
				     KUNIT_CASE(estimated_free_pages),
				     KUNIT_CASE(has_mirror),
				     {} };
static struct kunit_suite suite = { .name = "memblock_answers", .test_cases = cases };

kunit_test_suite(zone_suite);
kunit_test_suite(suite);
