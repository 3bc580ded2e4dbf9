// SPDX-License-Identifier: GPL-2.0-or-later
/* How much memory there is, where it begins and ends, and calls that cut it. */
#include "suite/suite.h"

static void sizes(struct kunit *test)
{
	machine(test, { MB(16), MB(16) }, { MB(64), MB(32) });
	memblock_reserve(MB(20), MB(1));
	memblock_reserve(MB(200), MB(2));
	KUNIT_EXPECT_EQ(test, memblock_phys_mem_size(), MB(48));
	KUNIT_EXPECT_EQ(test, memblock_reserved_size(), MB(3));
	KUNIT_EXPECT_EQ(test, memblock_start_of_DRAM(), MB(16));
	KUNIT_EXPECT_EQ(test, memblock_end_of_DRAM(), MB(96));
}

static void sizes_after_changes(struct kunit *test)
{
	machine(test, { MB(16), MB(80) });
	memblock_add(MB(90), MB(16));
	memblock_remove(MB(16), MB(4));
	memblock_remove(MB(40), MB(10));
	memblock_reserve(MB(30), MB(4));
	memblock_reserve(MB(32), MB(4));
	suite_free(MB(31), MB(2));
	KUNIT_EXPECT_EQ(test, memblock_phys_mem_size(), MB(76));
	KUNIT_EXPECT_EQ(test, memblock_reserved_size(), MB(4));
	KUNIT_EXPECT_EQ(test, memblock_start_of_DRAM(), MB(20));
	KUNIT_EXPECT_EQ(test, memblock_end_of_DRAM(), MB(106));
}

static void sizes_of_nothing(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, memblock_phys_mem_size(), 0);
	KUNIT_EXPECT_EQ(test, memblock_reserved_size(), 0);
	KUNIT_EXPECT_EQ(test, memblock_start_of_DRAM(), 0);
}

static void trim(struct kunit *test)
{
	machine(test, { MB(16) + 1, MB(4) }, { MB(40), MB(2) }, { MB(63), MB(1) + SZ_4K },
		{ MB(80) + SZ_4K, SZ_64K });
	memblock_trim_memory(MB(1));
	expect_memory(test, { MB(17), MB(3) }, { MB(40), MB(2) }, { MB(63), MB(1) });
}

static void limit_in_second_region(struct kunit *test)
{
	machine(test, { MB(16), MB(16) }, { MB(64), MB(32) });
	memblock_reserve(MB(20), MB(1));
	memblock_reserve(MB(80), MB(4));
	memblock_enforce_memory_limit(MB(20));
	expect_memory(test, { MB(16), MB(16) }, { MB(64), MB(4) });
	expect_reserved(test, { MB(20), MB(1) });
}

static void limit_above_all(struct kunit *test)
{
	machine(test, { MB(16), MB(16) }, { MB(64), MB(32) });
	memblock_enforce_memory_limit(MB(200));
	expect_memory(test, { MB(16), MB(16) }, { MB(64), MB(32) });
}

static void limit_at_border(struct kunit *test)
{
	machine(test, { MB(16), MB(16) }, { MB(64), MB(32) });
	memblock_enforce_memory_limit(MB(16));
	/* 16 MiB of memory end where the first region does */
	KUNIT_EXPECT_EQ(test, memblock_phys_mem_size(), MB(16));
}

static void cap_range(struct kunit *test)
{
	machine(test, { MB(16), MB(16) }, { MB(64), MB(32) }, { MB(128), MB(16) });
	memblock_reserve(MB(20), MB(1));
	memblock_reserve(MB(70), MB(1));
	memblock_reserve(MB(130), MB(1));
	memblock_cap_memory_range(MB(66), MB(10));
	expect_memory(test, { MB(66), MB(10) });
	expect_reserved(test, { MB(70), MB(1) });
}

static void cap_keeps_nomap(struct kunit *test)
{
	machine(test, { MB(16), MB(16), 0, MEMBLOCK_NOMAP }, { MB(64), MB(32) },
		{ MB(128), MB(16), 0, MEMBLOCK_NOMAP });
	memblock_cap_memory_range(MB(66), MB(10));
	expect_memory(test, { MB(16), MB(16), 0, MEMBLOCK_NOMAP }, { MB(66), MB(10) },
		      { MB(128), MB(16), 0, MEMBLOCK_NOMAP });
}

static void remove_map_above_limit(struct kunit *test)
{
	machine(test, { MB(16), MB(16) }, { MB(64), MB(32) });
	memblock_mem_limit_remove_map(MB(24));
	expect_memory(test, { MB(16), MB(16) }, { MB(64), MB(8) });
}

/* memblock cuts what does not fit phys_addr_t off. */
static void up_to_the_last_address(struct kunit *test)
{
	const phys_addr_t max = ~(phys_addr_t)0;

	suite_stands();
	KUNIT_EXPECT_EQ(test, memblock_add(max - MB(16) + 1, MB(64)), 0);
	KUNIT_EXPECT_EQ(test, memblock_phys_mem_size(), MB(16) - 1);
	KUNIT_EXPECT_EQ(test, memblock_reserve(max - MB(16) + 1, MB(64)), 0);
	KUNIT_EXPECT_EQ(test, memblock_reserved_size(), MB(16) - 1);
}

static struct kunit_case cases[] = { KUNIT_CASE(sizes),
				     KUNIT_CASE(sizes_after_changes),
				     KUNIT_CASE(sizes_of_nothing),
				     KUNIT_CASE(trim),
				     KUNIT_CASE(limit_in_second_region),
				     KUNIT_CASE(limit_above_all),
				     KUNIT_CASE(limit_at_border),
				     KUNIT_CASE(cap_range),
				     KUNIT_CASE(cap_keeps_nomap),
				     KUNIT_CASE(remove_map_above_limit),
				     KUNIT_CASE(up_to_the_last_address),
				     {} };
static struct kunit_suite suite = { .name = "memblock_totals", .test_cases = cases };

kunit_test_suite(suite);
