// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The arrays of regions grow when they are full. The new one is taken from memory, is reserved
 * itself, and must not be where the range is that made it grow.
 */
#include "suite/suite.h"

/* As many regions as an array has room for, in steps of 64 KiB from 16 MiB on. */
static const phys_addr_t step = SZ_64K;

static phys_addr_t fill_reserved(struct kunit *test)
{
	phys_addr_t base = MB(16) + step;

	while (memblock.reserved.cnt < memblock.reserved.max) {
		KUNIT_ASSERT_EQ(test, memblock_reserve(base, SZ_4K), 0);
		base += step;
	}
	suite_stands();
	return base;
}

/* Where the one that does not fit any more is put. */
static const struct place {
	const char *name;
	bool bottom_up;
	int at; /* 0 first, 1 in the middle, 2 last */
} places[] = {
	{ "first/top_down", false, 0 },	 { "middle/top_down", false, 1 },
	{ "last/top_down", false, 2 },	 { "first/bottom_up", true, 0 },
	{ "middle/bottom_up", true, 1 }, { "last/bottom_up", true, 2 },
};

KUNIT_ARRAY_PARAM_DESC(place, places, name);

static phys_addr_t address_of(const struct place *p, phys_addr_t end)
{
	if (p->at == 1)
		return MB(16) + 8 * step + SZ_8K;
	return p->at ? end : MB(16);
}

static void reserved(struct kunit *test)
{
	const struct place *p = test->param_value;
	phys_addr_t end, base, array;
	unsigned long max = memblock.reserved.max, cnt;

	machine(test, { MB(16), MB(240) });
	memblock_set_bottom_up(p->bottom_up);
	memblock_allow_resize();
	end = fill_reserved(test);
	cnt = memblock.reserved.cnt;
	base = address_of(p, end);
	KUNIT_ASSERT_EQ(test, memblock_reserve(base, SZ_4K), 0);
	KUNIT_EXPECT_EQ(test, memblock.reserved.max, 2 * max);
	KUNIT_EXPECT_GT(test, memblock.reserved.cnt, cnt);
	array = __pa(memblock.reserved.regions);
	KUNIT_EXPECT_TRUE(
		test, memblock_is_region_memory(array, 2 * max * sizeof(struct memblock_region)));
	KUNIT_EXPECT_TRUE(test, memblock_is_reserved(array));
	KUNIT_EXPECT_TRUE(
		test, memblock_is_reserved(array + 2 * max * sizeof(struct memblock_region) - 1));
	/* all that was there still is, and the new one */
	KUNIT_EXPECT_TRUE(test, memblock_is_reserved(base));
	for (phys_addr_t at = MB(16) + step; at < end; at += step)
		KUNIT_ASSERT_TRUE(test,
				  memblock_is_reserved(at) && memblock_is_reserved(at + SZ_4K - 1));
	KUNIT_EXPECT_EQ(test, memblock_reserved_size(),
			(cnt + 1) * SZ_4K + PAGE_ALIGN(2 * max * sizeof(struct memblock_region)));
}

static void memory(struct kunit *test)
{
	const struct place *p = test->param_value;
	unsigned long max = memblock.memory.max;
	/* room for a new array in each of them, with pages of 64 KiB, too */
	const phys_addr_t size = SZ_128K, apart = SZ_256K;
	phys_addr_t base = MB(16) + apart, array;

	memblock_set_bottom_up(p->bottom_up);
	memblock_allow_resize();
	for (; memblock.memory.cnt < max; base += apart) {
		suite_ram(base, size);
		KUNIT_ASSERT_EQ(test, memblock_add(base, size), 0);
	}
	suite_stands();
	if (p->at < 2)
		base = p->at ? MB(16) + 8 * apart + size + SZ_4K : MB(16);
	suite_ram(base, SZ_4K);
	KUNIT_ASSERT_EQ(test, memblock_add(base, SZ_4K), 0);
	KUNIT_EXPECT_EQ(test, memblock.memory.max, 2 * max);
	KUNIT_EXPECT_EQ(test, memblock.memory.cnt, max + 1);
	KUNIT_EXPECT_EQ(test, memblock_phys_mem_size(), max * size + SZ_4K);
	array = __pa(memblock.memory.regions);
	KUNIT_EXPECT_TRUE(test, memblock_is_region_reserved(array, 1));
	KUNIT_EXPECT_TRUE(test, memblock_is_memory(base));
}

/* The only free memory is the range that is being reserved. */
static void avoids_the_range(struct kunit *test)
{
	phys_addr_t end, array;

	machine(test, { MB(16), MB(48) });
	suite_direction(test);
	memblock_allow_resize();
	end = fill_reserved(test);
	KUNIT_ASSERT_EQ(test, memblock_reserve(end, MB(64) - SZ_1M - end), 0);
	array = __pa(memblock.reserved.regions);
	KUNIT_EXPECT_TRUE(test, array < end || array >= MB(63));
	KUNIT_EXPECT_TRUE(test, memblock_is_region_reserved(end, MB(64) - SZ_1M - end));
	KUNIT_EXPECT_TRUE(test, memblock_is_reserved(array));
}

static void what_touches_needs_no_room(struct kunit *test)
{
	unsigned long max = memblock.reserved.max;
	phys_addr_t end;

	machine(test, { MB(16), MB(240) });
	memblock_allow_resize();
	end = fill_reserved(test);
	KUNIT_ASSERT_EQ(test, memblock_reserve(end - step + SZ_4K, SZ_4K), 0);
	KUNIT_EXPECT_TRUE(test, memblock_is_region_reserved(end - step, SZ_8K));
	KUNIT_EXPECT_LE(test, memblock.reserved.cnt, max + 1);
}

static struct kunit_case cases[] = { KUNIT_CASE_PARAM(reserved, place_gen_params),
				     KUNIT_CASE_PARAM(memory, place_gen_params),
				     KUNIT_CASE_PARAM(avoids_the_range, direction_gen_params),
				     KUNIT_CASE(what_touches_needs_no_room),
				     {} };
static struct kunit_suite suite = { .name = "memblock_double_array", .test_cases = cases };

kunit_test_suite(suite);
