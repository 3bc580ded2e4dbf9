// SPDX-License-Identifier: GPL-2.0-or-later
/* Lists of regions: flags that get lost, and what is left of an empty list. */
#include "internal.h"
#include "suite/watch.h"

/* A mark adds to what is marked already, and is cleared for itself. */
static void two_flags(struct kunit *test)
{
	machine(test, { MB(16), MB(16) });
	KUNIT_EXPECT_EQ(test, memblock_mark_hotplug(MB(16), MB(8)), 0);
	KUNIT_EXPECT_EQ(test, memblock_mark_nomap(MB(20), MB(8)), 0);
	expect_memory(test, { MB(16), MB(4), 0, MEMBLOCK_HOTPLUG },
		      { MB(20), MB(4), 0, MEMBLOCK_HOTPLUG | MEMBLOCK_NOMAP },
		      { MB(24), MB(4), 0, MEMBLOCK_NOMAP }, { MB(28), MB(4) });
	KUNIT_EXPECT_EQ(test, memblock_clear_hotplug(MB(16), MB(16)), 0);
	expect_memory(test, { MB(16), MB(4) }, { MB(20), MB(8), 0, MEMBLOCK_NOMAP },
		      { MB(28), MB(4) });
}

/* What is split keeps flags and node on both sides. */
static void split_keeps_flags(struct kunit *test)
{
	machine(test, { MB(16), MB(16), NODE(0), MEMBLOCK_HOTPLUG });
	KUNIT_EXPECT_EQ(test, memblock_remove(MB(20), MB(4)), 0);
	expect_memory(test, { MB(16), MB(4), NODE(0), MEMBLOCK_HOTPLUG },
		      { MB(24), MB(8), NODE(0), MEMBLOCK_HOTPLUG });
}

#if RT_HAVE_memblock_add_node == 4
/* Memory that is added with flags has them, also what of it lies around other memory. */
static void added_around(struct kunit *test)
{
	machine(test, { MB(32), MB(16), NODE(0), MEMBLOCK_HOTPLUG });
	KUNIT_EXPECT_EQ(test, memblock_add_node(MB(16), MB(48), 0, MEMBLOCK_HOTPLUG), 0);
	expect_memory(test, { MB(16), MB(48), NODE(0), MEMBLOCK_HOTPLUG });
}

static void added_apart(struct kunit *test)
{
	machine(test, { MB(32), MB(16), NODE(0) });
	KUNIT_EXPECT_EQ(test, memblock_add_node(MB(48), MB(16), 0, MEMBLOCK_HOTPLUG), 0);
	expect_memory(test, { MB(32), MB(16), NODE(0) },
		      { MB(48), MB(16), NODE(0), MEMBLOCK_HOTPLUG });
}
#else
SUITE_WITHOUT(added_around, memblock_add_node() with flags)
SUITE_WITHOUT(added_apart, memblock_add_node() with flags)
#endif

static struct kunit_case flag_cases[] = { KUNIT_CASE(two_flags),
					  KUNIT_CASE(split_keeps_flags),
					  KUNIT_CASE(added_around),
					  KUNIT_CASE(added_apart),
					  {} };
static struct kunit_suite flag_suite = { .name = "memblock_flags_kept", .test_cases = flag_cases };

/* A list that was emptied is as one that never had anything: nothing is found in it. */
static void emptied(struct kunit *test)
{
	machine(test, { MB(16), MB(64) });
	memblock_reserve(MB(16), MB(64));
	KUNIT_EXPECT_EQ(test, memblock_remove(0, MB(128)), 0);
	KUNIT_EXPECT_EQ(test, suite_free(0, MB(128)), 0);
	KUNIT_EXPECT_FALSE(test, memblock_is_memory(MB(1)));
	KUNIT_EXPECT_FALSE(test, memblock_is_memory(MB(16)));
	KUNIT_EXPECT_FALSE(test, memblock_is_reserved(MB(1)));
	KUNIT_EXPECT_FALSE(test, memblock_is_reserved(MB(16)));
	KUNIT_EXPECT_EQ(test, memblock_start_of_DRAM(), 0);
	suite_watch();
	KUNIT_EXPECT_EQ(test, memblock_add(MB(32), MB(1)), 0);
	KUNIT_EXPECT_EQ(test, memblock_reserve(MB(32), MB(1)), 0);
	expect_memory(test, { MB(32), MB(1) });
	expect_reserved(test, { MB(32), MB(1) });
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_WARN), 0, "warnings");
}

static struct kunit_case list_cases[] = { KUNIT_CASE(emptied), {} };
static struct kunit_suite list_suite = { .name = "memblock_lists", .test_cases = list_cases };

/* The size is cut at the last address: more than memory has is not in it. eb18f1b5bfb9, 3.2 */
static void memory_past_the_end(struct kunit *test)
{
	machine(test, { MB(16), MB(16) });
	KUNIT_EXPECT_FALSE(test, memblock_is_region_memory(MB(17), (phys_addr_t)-1));
	KUNIT_EXPECT_FALSE(test, memblock_is_region_memory(MB(17), (phys_addr_t)-MB(17)));
	KUNIT_EXPECT_FALSE(test, memblock_is_region_memory(MB(17), (phys_addr_t)-MB(16)));
	KUNIT_EXPECT_TRUE(test, memblock_is_region_memory(MB(17), MB(15)));
}

static struct kunit_case memory_cases[] = { KUNIT_CASE(memory_past_the_end), {} };
static struct kunit_suite memory_suite = { .name = "memblock_is_region_memory",
					   .test_cases = memory_cases };

kunit_test_suite(flag_suite);
kunit_test_suite(list_suite);
kunit_test_suite(memory_suite);
