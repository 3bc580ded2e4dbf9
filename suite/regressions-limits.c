// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sizes that reach past the last address, memory that ends there, and memory that there is none of:
 * situations in which kernels computed something else than what they meant.
 */
#include <linux/pfn.h>

#include "suite/watch.h"

/*
 * The first search was from the top down only, and took the size of the request from the end of what
 * is free without asking whether that is larger: the difference wrapped, and the address that came of
 * it was not in memory at all. d9024df02ffe, 2.6.26
 */
static void more_than_lies_below(struct kunit *test)
{
	machine(test, { MB(16), MB(16) });
	suite_direction(test);
	KUNIT_EXPECT_EQ(test, suite_phys_alloc(MB(32) + SZ_4K, SZ_4K), 0);
	KUNIT_EXPECT_EQ(test, suite_phys_alloc(MB(1024), SZ_4K), 0);
	KUNIT_EXPECT_EQ(test, suite_phys_alloc((phys_addr_t)-SZ_64K, SZ_4K), 0);
	expect_reserved(test, NOTHING);
}

/* The address that was found went through an int: from 2 GiB on it was no address. 3.17 */
static void above_2_gib(struct kunit *test)
{
	phys_addr_t base = (phys_addr_t)SZ_2G + MB(16), got;

	machine(test, { base, MB(16) });
	got = suite_direction(test) ? base : base + MB(16) - SZ_4K;
	KUNIT_EXPECT_EQ(test, suite_phys_alloc(SZ_4K, SZ_4K), got);
	expect_reserved(test, { got, SZ_4K });
}

static struct kunit_case search_cases[] = { KUNIT_CASE_PARAM(more_than_lies_below,
							     direction_gen_params),
					    KUNIT_CASE_PARAM(above_2_gib, direction_gen_params),
					    {} };
static struct kunit_suite search_suite = { .name = "memblock_phys_alloc",
					   .test_cases = search_cases };

/* Of all the sizes that are cut at the last address, this one was forgotten. 023accf5cdc1, 5.14 */
static void reserved_up_to_the_end(struct kunit *test)
{
	machine(test, { MB(16), MB(16) });
	memblock_reserve(MB(20), SZ_4K);
	suite_stands();
	KUNIT_EXPECT_TRUE(test, memblock_is_region_reserved(MB(17), (phys_addr_t)-MB(1)));
	KUNIT_EXPECT_TRUE(test, memblock_is_region_reserved(MB(17), (phys_addr_t)-MB(17)));
	KUNIT_EXPECT_FALSE(test, memblock_is_region_reserved(MB(21), (phys_addr_t)-MB(1)));
}

static struct kunit_case reserved_cases[] = { KUNIT_CASE(reserved_up_to_the_end), {} };
static struct kunit_suite reserved_suite = { .name = "memblock_is_region_reserved",
					     .test_cases = reserved_cases };

#ifdef RT_HAVE_memblock_cap_memory_range
/* Sizes for 32 MiB that mean: everything from there. */
static const struct size {
	const char *name;
	phys_addr_t size;
} sizes[] = {
	{ "to_the_end", (phys_addr_t)-MB(32) },
	{ "past_the_end", (phys_addr_t)-1 },
};

KUNIT_ARRAY_PARAM_DESC(size, sizes, name);

/*
 * The size is cut at the last address for memory, but not for what is reserved: the end wraps, and
 * what is reserved in the memory that stays is given away. Not mended.
 */
static void cap_keeps_what_is_reserved(struct kunit *test)
{
	const struct size *s = test->param_value;

	machine(test, { MB(16), MB(64) });
	memblock_reserve(MB(20), MB(1));
	memblock_reserve(MB(40), MB(1));
	suite_stands();
	memblock_cap_memory_range(MB(32), s->size);
	expect_memory(test, { MB(32), MB(48) });
	expect_reserved(test, { MB(40), MB(1) });
}

/*
 * On arm64 the limit of the command line was applied before the device tree's memory was there, and
 * what had been reserved until then was forgotten. e888fa7bb882, 5.17
 */
static void cap_before_there_is_memory(struct kunit *test)
{
	memblock_reserve(MB(20), MB(1));
	memblock_reserve(MB(80), MB(1));
	suite_stands();
	memblock_cap_memory_range(MB(16), MB(32));
	expect_reserved(test, { MB(20), MB(1) }, { MB(80), MB(1) });
}

static struct kunit_case cap_cases[] = { KUNIT_CASE_PARAM(cap_keeps_what_is_reserved,
							  size_gen_params),
					 KUNIT_CASE(cap_before_there_is_memory),
					 {} };
#else
SUITE_WITHOUT(cap_keeps_what_is_reserved, memblock_cap_memory_range())

static struct kunit_case cap_cases[] = { KUNIT_CASE(cap_keeps_what_is_reserved), {} };
#endif
static struct kunit_suite cap_suite = { .name = "memblock_cap_memory_range",
					.test_cases = cap_cases };

/*
 * What trimming cuts off is not taken off the sum of memory, which stays too large from then on. Not
 * mended.
 */
static void trim_and_the_sum(struct kunit *test)
{
	machine(test, { MB(16) + SZ_1K, MB(1) }, { MB(32), MB(1) + SZ_2K });
	memblock_trim_memory(SZ_64K);
	expect_memory(test, { MB(16) + SZ_64K, MB(1) - SZ_64K }, { MB(32), MB(1) });
	KUNIT_EXPECT_EQ(test, memblock_phys_mem_size(), MB(2) - SZ_64K);
}

/* The same sum warns when all memory is gone and it is not zero. Not mended. */
static void trim_and_remove_all(struct kunit *test)
{
	machine(test, { MB(16), MB(1) + SZ_1K });
	suite_watch();
	memblock_trim_memory(SZ_64K);
	memblock_remove(0, MB(64));
	expect_memory(test, NOTHING);
	KUNIT_EXPECT_EQ(test, memblock_phys_mem_size(), 0);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_WARN), 0, "warnings");
}

/*
 * Memory that begins in the last pages there are, and not at the border of one: rounded up, its
 * beginning is 0, and all addresses become memory. Not mended.
 */
static void trim_at_the_last_address(struct kunit *test)
{
	machine(test, { MB(16), MB(1) }, { (phys_addr_t)-SZ_32K, SZ_4K });
	memblock_trim_memory(SZ_64K);
	expect_memory(test, { MB(16), MB(1) });
}

/* A region that vanishes moves the next one to its place, which must not be left out. 3.7 */
static void trim_what_moves_up(struct kunit *test)
{
	machine(test, { MB(16) + SZ_1K, SZ_4K }, { MB(32) + SZ_1K, SZ_4K },
		{ MB(48) + SZ_1K, SZ_4K }, { MB(64) + SZ_1K, MB(1) });
	memblock_trim_memory(SZ_64K);
	expect_memory(test, { MB(64) + SZ_64K, MB(1) - SZ_64K });
}

static struct kunit_case trim_cases[] = { KUNIT_CASE(trim_and_the_sum),
					  KUNIT_CASE(trim_and_remove_all),
					  KUNIT_CASE(trim_at_the_last_address),
					  KUNIT_CASE(trim_what_moves_up),
					  {} };
static struct kunit_suite trim_suite = { .name = "memblock_trim_memory", .test_cases = trim_cases };

/*
 * Since an empty list has no regions any more, the end of memory is read from before the array. The
 * array is in another one here, so that what is read there is known. Not mended.
 */
static void end_of_no_memory(struct kunit *test)
{
	static struct memblock_region regions[16];

	if (memblock.memory.cnt)
		kunit_skip(test, "an empty list has a region in this kernel");
	regions[0] = (struct memblock_region){ .base = MB(64), .size = MB(64) };
	memblock.memory.regions = regions + 1;
	memblock.memory.max = ARRAY_SIZE(regions) - 1;
	suite_stands();
	KUNIT_EXPECT_EQ(test, memblock_start_of_DRAM(), 0);
	KUNIT_EXPECT_EQ(test, memblock_end_of_DRAM(), 0);
}

#ifdef RT_HAVE_memblock_estimated_nr_free_pages
/*
 * What is reserved need not be memory: taken off the sum of memory, more than there is, it made a
 * number of pages that no machine has. c42af83c59b6, 6.18
 */
static void estimate_with_reserved_holes(struct kunit *test)
{
	machine(test, { MB(16), MB(64) });
	memblock_reserve(MB(128), MB(256));
	suite_stands();
	KUNIT_EXPECT_LE(test, memblock_estimated_nr_free_pages(), MB(64) >> PAGE_SHIFT);
}
#else
SUITE_WITHOUT(estimate_with_reserved_holes, memblock_estimated_nr_free_pages())
#endif

static struct kunit_case total_cases[] = { KUNIT_CASE(end_of_no_memory),
					   KUNIT_CASE(estimate_with_reserved_holes),
					   {} };
static struct kunit_suite total_suite = { .name = "memblock_sums", .test_cases = total_cases };

kunit_test_suite(search_suite);
kunit_test_suite(reserved_suite);
kunit_test_suite(cap_suite);
kunit_test_suite(trim_suite);
kunit_test_suite(total_suite);
