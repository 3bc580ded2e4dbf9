// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Arrays of regions that grow more than once, in memory or in slab, and what becomes of the old ones;
 * and what many regions at a time do to them.
 */
#include "suite/handover.h"

extern bool rt_slab_available;

static phys_addr_t bytes_of(const struct memblock_type *type)
{
	return PAGE_ALIGN(type->max * sizeof(struct memblock_region));
}

/* Reserves a KiB of every two from 8 MiB on until the array is full; and one more, for which it grows. */
static void grow(struct kunit *test)
{
	phys_addr_t at = MB(8);

	while (memblock.reserved.cnt < memblock.reserved.max) {
		if (!memblock_is_reserved(at))
			KUNIT_ASSERT_EQ(test, memblock_reserve(at, SZ_1K), 0);
		at += SZ_2K;
	}
	KUNIT_ASSERT_EQ(test, memblock_reserve(at, SZ_1K), 0);
}

static void grow_memory(struct kunit *test)
{
	const unsigned long max = memblock.memory.max;

	for (phys_addr_t at = MB(128); memblock.memory.max == max; at += SZ_2K)
		KUNIT_ASSERT_EQ(test, memblock_add(at, SZ_1K), 0);
}

/* An array that was allocated is given back when it has been replaced. 3.5 */
static void old_array_is_freed(struct kunit *test)
{
	phys_addr_t first, size;

	machine(test, { MB(16), MB(16) });
	suite_direction(test);
	memblock_allow_resize();
	grow(test);
	first = __pa(memblock.reserved.regions);
	size = bytes_of(&memblock.reserved);
	grow(test);
	KUNIT_EXPECT_FALSE(test, memblock_is_region_reserved(first, size));
	first = __pa(memblock.reserved.regions);
	KUNIT_EXPECT_TRUE(test, memblock_is_reserved(first));
	KUNIT_EXPECT_TRUE(test, memblock_is_reserved(first + bytes_of(&memblock.reserved) - 1));
}

/* The kernel's own array is not: it was never allocated. */
static void first_array_is_not_freed(struct kunit *test)
{
	machine(test, { MB(16), MB(16) });
	memblock_allow_resize();
	suite_watch();
	grow(test);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_KMEMLEAK_FREE), 0);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_SLAB_FREE), 0);
}

/* Memory that is not mapped yet is of no use. */
static void below_the_limit(struct kunit *test)
{
	phys_addr_t array;

	machine(test, { MB(16), MB(48) });
	suite_direction(test);
	memblock_set_current_limit(MB(32));
	memblock_allow_resize();
	grow(test);
	array = __pa(memblock.reserved.regions);
	KUNIT_EXPECT_TRUE(test, array >= MB(16) && array + bytes_of(&memblock.reserved) <= MB(32),
			  "the array is at %#llx", (u64)array);
}

/* No room above what is being reserved, but below. */
static void below_the_range(struct kunit *test)
{
	phys_addr_t array, at;

	machine(test, { MB(16), MB(48) });
	suite_direction(test);
	memblock_allow_resize();
	for (at = MB(8); memblock.reserved.cnt < memblock.reserved.max; at += SZ_2K)
		KUNIT_ASSERT_EQ(test, memblock_reserve(at, SZ_1K), 0);
	KUNIT_ASSERT_EQ(test, memblock_reserve(MB(32), MB(32)), 0);
	array = __pa(memblock.reserved.regions);
	KUNIT_EXPECT_TRUE(test, array >= MB(16) && array + bytes_of(&memblock.reserved) <= MB(32),
			  "the array is at %#llx", (u64)array);
	KUNIT_EXPECT_TRUE(test, memblock_is_reserved(MB(64) - 1));
}

/* Arrays are freed by pages in the end, so that they begin with one. 3.5 */
static void begins_with_a_page(struct kunit *test)
{
	machine(test, { MB(16) + SZ_1K, MB(16) });
	suite_direction(test);
	memblock_allow_resize();
	grow(test);
	KUNIT_EXPECT_EQ(test, __pa(memblock.reserved.regions) % PAGE_SIZE, 0);
}

/* Until it is said that all is reserved that must be, no memory may be taken for an array. */
static void not_allowed_yet(struct kunit *test)
{
	const struct memblock_region *before = memblock.reserved.regions;
	phys_addr_t at;

	machine(test, { MB(16), MB(16) });
	for (at = MB(8); memblock.reserved.cnt < memblock.reserved.max; at += SZ_2K)
		KUNIT_ASSERT_EQ(test, memblock_reserve(at, SZ_1K), 0);
	/* since 6.7 nobody need look at what is returned: e96c6b8f212a */
	suite_must_end(RT_PANIC, "cannot resize reserved array");
	KUNIT_EXPECT_NE(test, memblock_reserve(at, SZ_1K), 0);
	suite_may_end();
	KUNIT_EXPECT_PTR_EQ(test, memblock.reserved.regions, before);
	KUNIT_EXPECT_FALSE(test, memblock_is_reserved(at));
}

/* With slab, arrays come from there, and go back there. */
static void in_slab(struct kunit *test)
{
	const struct memblock_region *first;

	suite_needs_slab(test);
	machine(test, { MB(16), MB(16) });
	memblock_allow_resize();
	rt_slab_available = true;
	suite_watch();
	grow(test);
	first = memblock.reserved.regions;
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_SLAB_ALLOC), 1);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_SLAB_FREE), 0);
	KUNIT_EXPECT_FALSE(test, memblock_is_region_reserved(MB(16), MB(16)));
	grow(test);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_SLAB_ALLOC), 2);
	KUNIT_ASSERT_EQ(test, suite_count_events(RT_SLAB_FREE), 1);
	KUNIT_EXPECT_EQ(test, suite_event(RT_SLAB_FREE, 0)->a, (u64)__pa(first));
}

/* One list's array in slab, the other's not: each is remembered for itself. */
static void one_in_slab(struct kunit *test)
{
	suite_needs_slab(test);
	machine(test, { MB(16), MB(16) });
	memblock_allow_resize();
	grow(test);
	rt_slab_available = true;
	suite_watch();
	grow_memory(test);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_SLAB_ALLOC), 1);
	grow(test);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_SLAB_ALLOC), 2);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_SLAB_FREE), 0);
}

#ifdef RT_HAVE_memblock_discard
static void needs_discard(struct kunit *test)
{
	if (IS_ENABLED(CONFIG_ARCH_KEEP_MEMBLOCK))
		kunit_skip(test, "this configuration keeps memblock");
}

/* The pages of an array that was allocated go to the page allocator, and no others. 4.13 */
static void discard_frees_the_array(struct kunit *test)
{
	unsigned long before;

	needs_discard(test);
	machine(test, { MB(16), MB(16) });
	memblock_allow_resize();
	grow(test);
	rt_slab_available = true;
	before = handover_total_pages();
	suite_watch();
	memblock_discard();
	KUNIT_EXPECT_EQ(test, (handover_total_pages() - before) << PAGE_SHIFT,
			bytes_of(&memblock.reserved));
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_SLAB_FREE), 0);
}

static void discard_frees_both_arrays(struct kunit *test)
{
	unsigned long before;

	needs_discard(test);
	machine(test, { MB(16), MB(16) });
	memblock_allow_resize();
	grow(test);
	grow_memory(test);
	rt_slab_available = true;
	before = handover_total_pages();
	memblock_discard();
	KUNIT_EXPECT_EQ(test, (handover_total_pages() - before) << PAGE_SHIFT,
			bytes_of(&memblock.reserved) + bytes_of(&memblock.memory));
}

static void discard_frees_nothing(struct kunit *test)
{
	needs_discard(test);
	machine(test, { MB(16), MB(16) });
	memblock_reserve(MB(20), MB(1));
	rt_slab_available = true;
	suite_watch();
	memblock_discard();
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_FREE_PAGES), 0);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_FREE_LATE), 0);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_SLAB_FREE), 0);
}

/* What slab gave goes back to slab. c94afc46cae7, 5.17 */
static void discard_returns_to_slab(struct kunit *test)
{
	needs_discard(test);
	suite_needs_slab(test);
	machine(test, { MB(16), MB(16) });
	memblock_allow_resize();
	rt_slab_available = true;
	grow(test);
	grow_memory(test);
	suite_watch();
	memblock_discard();
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_FREE_PAGES), 0);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_FREE_LATE), 0);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_SLAB_FREE), 2);
}
#else
SUITE_WITHOUT(discard_frees_the_array, memblock_discard())
#endif

/* Every second 2 KiB of 64 to 96 MiB, @nr of them. */
static void comb(struct kunit *test, unsigned long nr)
{
	for (unsigned long i = 0; i < nr; i++)
		KUNIT_ASSERT_EQ(test, memblock_reserve(MB(64) + i * SZ_4K, SZ_2K), 0);
	suite_stands();
}

/*
 * A range over all regions needs a piece between any two, until they are merged: as many as there are,
 * and one. Whether the array has that room must be known before the first is put in (5.19).
 */
static void range_over_all(struct kunit *test)
{
	unsigned long max = memblock.reserved.max;

	machine(test, { MB(16), MB(16) });
	memblock_allow_resize();
	comb(test, max - 2);
	KUNIT_EXPECT_EQ(test, memblock_reserve(MB(60), MB(40)), 0);
	KUNIT_EXPECT_TRUE(test, memblock_is_region_reserved(MB(60), 1));
	KUNIT_EXPECT_EQ(test, memblock.reserved.regions[memblock.reserved.cnt - 1].base, MB(60));
	KUNIT_EXPECT_EQ(test, memblock.reserved.regions[memblock.reserved.cnt - 1].size, MB(40));
}

/* Half of them: just too many for the room that there is, or just not. */
static void range_over_half(struct kunit *test)
{
	unsigned long max = memblock.reserved.max;

	machine(test, { MB(16), MB(16) });
	memblock_allow_resize();
	comb(test, max / 2);
	KUNIT_EXPECT_EQ(test, memblock_reserve(MB(60), MB(40)), 0);
	KUNIT_EXPECT_EQ(test, memblock.reserved.regions[memblock.reserved.cnt - 1].base, MB(60));
	KUNIT_EXPECT_EQ(test, memblock.reserved.regions[memblock.reserved.cnt - 1].size, MB(40));
}

static struct kunit_case cases[] = { KUNIT_CASE_PARAM(old_array_is_freed, direction_gen_params),
				     KUNIT_CASE(first_array_is_not_freed),
				     KUNIT_CASE_PARAM(below_the_limit, direction_gen_params),
				     KUNIT_CASE_PARAM(below_the_range, direction_gen_params),
				     KUNIT_CASE_PARAM(begins_with_a_page, direction_gen_params),
				     KUNIT_CASE(not_allowed_yet),
				     KUNIT_CASE(in_slab),
				     KUNIT_CASE(one_in_slab),
				     KUNIT_CASE(range_over_all),
				     KUNIT_CASE(range_over_half),
				     {} };
static struct kunit_suite suite = { .name = "memblock_arrays_grow", .test_cases = cases };

static struct kunit_case discard_cases[] = { KUNIT_CASE(discard_frees_the_array),
#ifdef RT_HAVE_memblock_discard
					     KUNIT_CASE(discard_frees_both_arrays),
					     KUNIT_CASE(discard_frees_nothing),
					     KUNIT_CASE(discard_returns_to_slab),
#endif
					     {} };
static struct kunit_suite discard_suite = { .name = "memblock_discard",
					    .test_cases = discard_cases };

kunit_test_suite(suite);
kunit_test_suite(discard_suite);
