// SPDX-License-Identifier: GPL-2.0-or-later
/* Every function that allocates, in situations that are the same for all of them. */
#include <linux/string.h>

#include "internal.h"
#include "suite/entries.h"
#include "suite/watch.h"

static void expect_nothing(struct kunit *test, phys_addr_t size, phys_addr_t align)
{
	if (entry_of(test)->can & CAN_PANIC)
		expect_panic(test, "llocate", entry_alloc(test, size, align));
	KUNIT_EXPECT_EQ(test, entry_alloc(test, size, align), 0);
}

/*
 *	64                                  128 MiB
 *	|bottom up>                <top down|
 */
static void free_region(struct kunit *test)
{
	phys_addr_t got;

	machine(test, { MB(64), MB(64) });
	got = entry_alloc(test, SZ_4K, SMP_CACHE_BYTES);
	expect_got(test, MB(128) - SZ_4K, MB(64), SZ_4K);
	expect_reserved_bytes(test, { got, SZ_4K });
	expect_memory(test, { MB(64), MB(64) });
}

static void content(struct kunit *test)
{
	phys_addr_t got;

	machine(test, { MB(64), MB(64) });
	memset(__va(MB(64)), 0x5a, SZ_128K);
	memset(__va(MB(128) - SZ_128K), 0x5a, SZ_128K);
	/* so that there is something on either side */
	memblock_reserve(MB(64), SZ_4K);
	memblock_reserve(MB(128) - SZ_4K, SZ_4K);
	got = entry_alloc(test, SZ_64K - 64, 64);
	KUNIT_ASSERT_NE(test, got, 0);
	KUNIT_EXPECT_EQ(test, suite_is_zeroed(got, SZ_64K - 64),
			!!(entry_of(test)->can & CAN_ZERO));
	KUNIT_EXPECT_EQ(test, *((unsigned char *)__va(got) - 1), 0x5a);
	KUNIT_EXPECT_EQ(test, *((unsigned char *)__va(got) + SZ_64K - 64), 0x5a);
	if (!(entry_of(test)->can & CAN_ZERO))
		KUNIT_EXPECT_EQ(test, *((unsigned char *)__va(got) + SZ_16K), 0x5a);
}

static void odd_size(struct kunit *test)
{
	phys_addr_t got;

	machine(test, { MB(64), MB(64) });
	got = entry_alloc(test, 1, 1);
	expect_got(test, MB(128) - 1, MB(64), 1);
	expect_reserved_bytes(test, { got, 1 });
}

/*
 *	64   65                          127 128 MiB
 *	|#....|                            |...#|	# reserved, 4 KiB
 */
static void aligned(struct kunit *test)
{
	phys_addr_t got;

	machine(test, { MB(64), MB(64) });
	memblock_reserve(MB(64), SZ_4K);
	memblock_reserve(MB(128) - SZ_4K, SZ_4K);
	got = entry_alloc(test, SZ_64K, SZ_1M);
	expect_got(test, MB(127), MB(65), SZ_64K);
}

static void aligned_region_is_not(struct kunit *test)
{
	phys_addr_t got;

	machine(test, { MB(64) + SZ_4K, MB(64) - SZ_8K });
	got = entry_alloc(test, SZ_4K, SZ_2M);
	expect_got(test, MB(126), MB(66), SZ_4K);
}

static void whole_region(struct kunit *test)
{
	machine(test, { MB(64), MB(64) });
	KUNIT_EXPECT_EQ(test, entry_alloc(test, MB(64), SZ_4K), MB(64));
	expect_reserved_bytes(test, { MB(64), MB(64) });
	expect_free(test, NOTHING);
}

static void larger_than_region(struct kunit *test)
{
	machine(test, { MB(64), MB(64) });
	expect_nothing(test, MB(64) + 1, 1);
	expect_reserved(test, NOTHING);
}

static void no_memory(struct kunit *test)
{
	expect_nothing(test, SZ_4K, SZ_4K);
	expect_reserved(test, NOTHING);
}

static void all_reserved(struct kunit *test)
{
	machine(test, { MB(64), MB(64) });
	memblock_reserve(MB(64), MB(64));
	expect_nothing(test, 1, 1);
	expect_reserved(test, { MB(64), MB(64) });
}

/*
 *	64        80    81                    128 MiB
 *	|##########|     |########################|
 */
static void hole_that_fits(struct kunit *test)
{
	machine(test, { MB(64), MB(64) });
	memblock_reserve(MB(64), MB(16));
	memblock_reserve(MB(81), MB(47));
	KUNIT_EXPECT_EQ(test, entry_alloc(test, MB(1), SZ_4K), MB(80));
	expect_reserved_bytes(test, { MB(64), MB(64) });
}

static void hole_too_small(struct kunit *test)
{
	machine(test, { MB(64), MB(64) });
	memblock_reserve(MB(64), MB(16));
	memblock_reserve(MB(81), MB(47));
	expect_nothing(test, MB(1) + 64, 64);
	expect_reserved(test, { MB(64), MB(16) }, { MB(81), MB(47) });
}

static void hole_not_aligned(struct kunit *test)
{
	machine(test, { MB(64), MB(64) });
	memblock_reserve(MB(64), MB(17));
	memblock_reserve(MB(83), MB(45));
	/* 2 MiB are free from 81 MiB on */
	expect_nothing(test, MB(1) + SZ_4K, SZ_2M);
	expect_reserved(test, { MB(64), MB(17) }, { MB(83), MB(45) });
}

/* The nearer regions are too small. */
static void region_in_the_middle(struct kunit *test)
{
	machine(test, { MB(16), MB(1) }, { MB(64), MB(8) }, { MB(128), MB(1) });
	KUNIT_EXPECT_EQ(test, entry_alloc(test, MB(8), SZ_4K), MB(64));
	expect_reserved_bytes(test, { MB(64), MB(8) });
}

static void next_to_reserved(struct kunit *test)
{
	phys_addr_t got;

	machine(test, { MB(64), MB(64) });
	memblock_reserve(MB(64), MB(1));
	memblock_reserve(MB(127), MB(1));
	got = entry_alloc(test, MB(2), SZ_4K);
	expect_got(test, MB(125), MB(65), MB(2));
}

static void twice(struct kunit *test)
{
	phys_addr_t got;

	machine(test, { MB(64), MB(64) });
	entry_alloc(test, MB(1), SZ_4K);
	got = entry_alloc(test, MB(2), SZ_4K);
	expect_got(test, MB(125), MB(65), MB(2));
	expect_reserved_bytes(test, { entry_is_bottom_up(test) ? MB(64) : MB(125), MB(3) });
}

static void current_limit(struct kunit *test)
{
	phys_addr_t got;

	machine(test, { MB(64), MB(64) });
	memblock_set_current_limit(MB(96));
	got = entry_alloc(test, SZ_4K, SZ_4K);
	expect_got(test, MB(96) - SZ_4K, MB(64), SZ_4K);
}

static void all_above_current_limit(struct kunit *test)
{
	machine(test, { MB(64), MB(64) });
	memblock_set_current_limit(MB(64));
	expect_nothing(test, SZ_4K, SZ_4K);
}

/* Address 0 would look like no memory: the first page is never given. */
static void first_page(struct kunit *test)
{
	phys_addr_t got;

	machine(test, { 0, MB(1) });
	got = entry_alloc(test, SZ_4K, 1);
	expect_got(test, MB(1) - SZ_4K, PAGE_SIZE, SZ_4K);
}

static void only_first_page(struct kunit *test)
{
	machine(test, { 0, PAGE_SIZE });
	expect_nothing(test, 64, 64);
	expect_reserved(test, NOTHING);
}

static void nomap_is_not_given(struct kunit *test)
{
	machine(test, { MB(64), MB(16), 0, MEMBLOCK_NOMAP }, { MB(80), MB(16) },
		{ MB(96), MB(16), 0, MEMBLOCK_NOMAP });
	KUNIT_EXPECT_EQ(test, entry_alloc(test, MB(16), SZ_4K), MB(80));
	expect_nothing(test, SZ_4K, SZ_4K);
}

static void hotplug_without_movable_node(struct kunit *test)
{
	machine(test, { MB(64), MB(16), 0, MEMBLOCK_HOTPLUG });
	KUNIT_EXPECT_EQ(test, entry_alloc(test, MB(16), SZ_4K), MB(64));
}

static void hotplug_with_movable_node(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_MEMORY_HOTPLUG))
		kunit_skip(test, "without CONFIG_MEMORY_HOTPLUG there is no movable_node");
	movable_node_enabled = true;
	machine(test, { MB(64), MB(16), 0, MEMBLOCK_HOTPLUG }, { MB(80), MB(16) },
		{ MB(96), MB(16), 0, MEMBLOCK_HOTPLUG });
	KUNIT_EXPECT_EQ(test, entry_alloc(test, MB(16), SZ_4K), MB(80));
	expect_nothing(test, SZ_4K, SZ_4K);
}

/*
 *	64       80        96      112 MiB
 *	|        |#mirror##|         |
 */
static void mirror_comes_first(struct kunit *test)
{
	phys_addr_t got;

	mirrored_kernelcore = true;
	machine(test, { MB(64), MB(16) }, { MB(80), MB(16), 0, MEMBLOCK_MIRROR },
		{ MB(96), MB(16) });
	got = entry_alloc(test, MB(1), SZ_4K);
	if (entry_of(test)->can & CAN_NOT_MIRROR)
		expect_got(test, MB(111), MB(64), MB(1));
	else
		expect_got(test, MB(95), MB(80), MB(1));
}

static void mirror_is_full(struct kunit *test)
{
	phys_addr_t got;

	mirrored_kernelcore = true;
	machine(test, { MB(64), MB(16) }, { MB(80), MB(16), 0, MEMBLOCK_MIRROR },
		{ MB(96), MB(16) });
	memblock_reserve(MB(80), MB(16));
	got = entry_alloc(test, MB(1), SZ_4K);
	expect_got(test, MB(111), MB(64), MB(1));
}

#define EACH(fn) KUNIT_CASE_PARAM(fn, entry_gen_params)

static struct kunit_case cases[] = { EACH(free_region),
				     EACH(content),
				     EACH(odd_size),
				     EACH(aligned),
				     EACH(aligned_region_is_not),
				     EACH(whole_region),
				     EACH(larger_than_region),
				     EACH(no_memory),
				     EACH(all_reserved),
				     EACH(hole_that_fits),
				     EACH(hole_too_small),
				     EACH(hole_not_aligned),
				     EACH(region_in_the_middle),
				     EACH(next_to_reserved),
				     EACH(twice),
				     EACH(current_limit),
				     EACH(all_above_current_limit),
				     EACH(first_page),
				     EACH(only_first_page),
				     EACH(nomap_is_not_given),
				     EACH(hotplug_without_movable_node),
				     EACH(hotplug_with_movable_node),
				     EACH(mirror_comes_first),
				     EACH(mirror_is_full),
				     {} };
static struct kunit_suite suite = { .name = "memblock_alloc", .test_cases = cases };

kunit_test_suite(suite);
