// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * memblock_discard(): the arrays of regions are given back to where they came from, by architectures
 * that need memblock no more.
 */
#include <linux/pfn.h>

#include "kernel/rt/rt.h"
#include "suite/handover.h"

#if defined(CONFIG_ARCH_KEEP_MEMBLOCK)
#define WHY memblock_discard() in this configuration
#elif !defined(RT_HAVE_memblock_discard)
#define WHY memblock_discard()
#endif

#ifndef WHY
static const phys_addr_t step = SZ_64K;

/* Until the array of reserved regions has grown. */
static void grow_reserved(struct kunit *test)
{
	unsigned long max = memblock.reserved.max;

	for (phys_addr_t base = MB(32); memblock.reserved.max == max; base += step)
		KUNIT_ASSERT_EQ(test, memblock_reserve(base, SZ_4K), 0);
}

static void grow_memory(struct kunit *test)
{
	unsigned long max = memblock.memory.max;

	for (phys_addr_t base = MB(256); memblock.memory.max == max; base += 2 * step) {
		suite_ram(base, step);
		KUNIT_ASSERT_EQ(test, memblock_add(base, step), 0);
	}
}

static phys_addr_t bytes_of(const struct memblock_type *type)
{
	return type->max * sizeof(struct memblock_region);
}

static void situation(struct kunit *test, void (*grow)(struct kunit *test), bool slab)
{
	if (slab)
		suite_needs_slab(test);
	machine(test, { MB(16), MB(112) });
	handover_low_memory(MB(512));
	memblock_allow_resize();
	rt_slab_available = slab;
	suite_watch();
	grow(test);
	rt_slab_available = true;
	suite_stands();
}

static void first_arrays(struct kunit *test)
{
	machine(test, { MB(16), MB(112) });
	memblock_reserve(MB(20), MB(1));
	rt_slab_available = true;
	suite_watch();
	memblock_discard();
	expect_pages(test, NOTHING);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_SLAB_FREE), 0);
	/* nor was it tried: the arrays are less than whole pages, of which none could be freed */
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_KMEMLEAK_FREE), 0);
}

static void expect_given_back(struct kunit *test, const struct memblock_type *type)
{
	const phys_addr_t array = __pa(type->regions);
	const struct span pages = { array, PAGE_ALIGN(bytes_of(type)) };

	suite_watch();
	memblock_discard();
	handover_expect_pages(test, &SUITE_SITE("pages", "those of the array"), &pages, 1);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_SLAB_FREE), 0);
}

static void reserved(struct kunit *test)
{
	situation(test, grow_reserved, false);
	expect_given_back(test, &memblock.reserved);
}

static void memory(struct kunit *test)
{
	situation(test, grow_memory, false);
	expect_given_back(test, &memblock.memory);
}

static void expect_kfree(struct kunit *test, const struct memblock_type *type)
{
	const phys_addr_t array = __pa(type->regions);

	KUNIT_ASSERT_EQ(test, suite_count_events(RT_SLAB_ALLOC), 1);
	KUNIT_EXPECT_EQ(test, suite_event(RT_SLAB_ALLOC, 0)->a, array);
	KUNIT_EXPECT_EQ(test, suite_event(RT_SLAB_ALLOC, 0)->b, bytes_of(type));
	suite_watch();
	memblock_discard();
	expect_pages(test, NOTHING);
	KUNIT_ASSERT_EQ(test, suite_count_events(RT_SLAB_FREE), 1);
	KUNIT_EXPECT_EQ(test, suite_event(RT_SLAB_FREE, 0)->a, array);
}

static void reserved_of_slab(struct kunit *test)
{
	situation(test, grow_reserved, true);
	expect_kfree(test, &memblock.reserved);
}

static void memory_of_slab(struct kunit *test)
{
	situation(test, grow_memory, true);
	expect_kfree(test, &memblock.memory);
}

static void both(struct kunit *test)
{
	phys_addr_t reserved_array, memory_array;
	struct span pages[2];

	situation(test, grow_reserved, false);
	rt_slab_available = false;
	grow_memory(test);
	rt_slab_available = true;
	reserved_array = __pa(memblock.reserved.regions);
	memory_array = __pa(memblock.memory.regions);
	pages[reserved_array > memory_array] =
		(struct span){ reserved_array, PAGE_ALIGN(bytes_of(&memblock.reserved)) };
	pages[reserved_array < memory_array] =
		(struct span){ memory_array, PAGE_ALIGN(bytes_of(&memblock.memory)) };
	suite_watch();
	memblock_discard();
	handover_expect_pages(test, &SUITE_SITE("pages", "those of both arrays"), pages, 2);
}
#else
SUITE_WITHOUT(first_arrays, WHY)
SUITE_WITHOUT(reserved, WHY)
SUITE_WITHOUT(memory, WHY)
SUITE_WITHOUT(reserved_of_slab, WHY)
SUITE_WITHOUT(memory_of_slab, WHY)
SUITE_WITHOUT(both, WHY)
#endif

static struct kunit_case cases[] = { KUNIT_CASE(first_arrays),
				     KUNIT_CASE(reserved),
				     KUNIT_CASE(memory),
				     KUNIT_CASE(reserved_of_slab),
				     KUNIT_CASE(memory_of_slab),
				     KUNIT_CASE(both),
				     {} };
static struct kunit_suite suite = { .name = "memblock_discard", .test_cases = cases };

kunit_test_suite(suite);
