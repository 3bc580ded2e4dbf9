// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Adding and removing a range, in every relation that it can have to what is there: a region of
 * 32 MiB in the middle, or two with a gap.
 *
 *	 8    16        32                  64        80    96 MiB
 *	 :     :         |######region######|         :     :
 *	 |before|touching_below|    inside    |touching_above|after|
 */
#include "suite/suite.h"

struct relation {
	const char *name;
	struct span range;
	struct span both[3], left[3]; /* after it was added, or removed */
};

#define R(first, last)                          \
	{                                       \
		MB(first), MB((last) - (first)) \
	}

static const struct relation one[] = {
	{ "before", R(8, 16), { R(8, 16), R(32, 64) }, { R(32, 64) } },
	{ "touching_below", R(16, 32), { R(16, 64) }, { R(32, 64) } },
	{ "overlapping_bottom", R(16, 48), { R(16, 64) }, { R(48, 64) } },
	{ "inside_bottom", R(32, 48), { R(32, 64) }, { R(48, 64) } },
	{ "inside", R(40, 48), { R(32, 64) }, { R(32, 40), R(48, 64) } },
	{ "inside_top", R(48, 64), { R(32, 64) }, { R(32, 48) } },
	{ "equal", R(32, 64), { R(32, 64) }, {} },
	{ "overlapping_top", R(48, 80), { R(32, 80) }, { R(32, 48) } },
	{ "touching_above", R(64, 80), { R(32, 80) }, { R(32, 64) } },
	{ "after", R(80, 96), { R(32, 64), R(80, 96) }, { R(32, 64) } },
	{ "around", R(16, 80), { R(16, 80) }, {} },
	{ "around_bottom", R(16, 64), { R(16, 64) }, {} },
	{ "around_top", R(32, 80), { R(32, 80) }, {} },
	{ "empty_inside", R(48, 48), { R(32, 64) }, { R(32, 64) } },
	{ "empty_outside", R(16, 16), { R(32, 64) }, { R(32, 64) } },
};

/* 16 to 32 and 64 to 80 MiB */
static const struct relation two[] = {
	{ "filling", R(32, 64), { R(16, 80) }, { R(16, 32), R(64, 80) } },
	{ "between", R(40, 48), { R(16, 32), R(40, 48), R(64, 80) }, { R(16, 32), R(64, 80) } },
	{ "between_touching_first", R(32, 48), { R(16, 48), R(64, 80) }, { R(16, 32), R(64, 80) } },
	{ "between_touching_second", R(48, 64), { R(16, 32), R(48, 80) }, { R(16, 32), R(64, 80) } },
	{ "overlapping_both", R(24, 72), { R(16, 80) }, { R(16, 24), R(72, 80) } },
	{ "overlapping_first", R(24, 48), { R(16, 48), R(64, 80) }, { R(16, 24), R(64, 80) } },
	{ "overlapping_second", R(48, 72), { R(16, 32), R(48, 80) }, { R(16, 32), R(72, 80) } },
	{ "around_both", R(8, 96), { R(8, 96) }, {} },
	{ "exactly_both", R(16, 80), { R(16, 80) }, {} },
	{ "around_first", R(8, 40), { R(8, 40), R(64, 80) }, { R(64, 80) } },
	{ "around_second", R(48, 96), { R(16, 32), R(48, 96) }, { R(16, 32) } },
	{ "around_first_overlapping_second", R(8, 72), { R(8, 80) }, { R(72, 80) } },
	{ "overlapping_first_around_second", R(24, 96), { R(16, 96) }, { R(16, 24) } },
	{ "first", R(16, 32), { R(16, 32), R(64, 80) }, { R(64, 80) } },
	{ "second", R(64, 80), { R(16, 32), R(64, 80) }, { R(16, 32) } },
};

KUNIT_ARRAY_PARAM_DESC(one, one, name);
KUNIT_ARRAY_PARAM_DESC(two, two, name);

static const struct relation *relation_of(const struct kunit *test)
{
	return test->param_value;
}

static int add_memory(phys_addr_t base, phys_addr_t size)
{
	return memblock_add(base, size);
}

static int remove_memory_range(phys_addr_t base, phys_addr_t size)
{
	return memblock_remove(base, size);
}

static int reserve(phys_addr_t base, phys_addr_t size)
{
	return memblock_reserve(base, size);
}

typedef int range_call(phys_addr_t base, phys_addr_t size);

/* One region, or two with a gap, of memory or reserved. */
static void situation(struct kunit *test, range_call *add, bool gap)
{
	if (gap) {
		KUNIT_ASSERT_EQ(test, add(MB(16), MB(16)), 0);
		KUNIT_ASSERT_EQ(test, add(MB(64), MB(16)), 0);
	} else {
		KUNIT_ASSERT_EQ(test, add(MB(32), MB(32)), 0);
	}
	suite_stands();
}

static void memory(struct kunit *test, range_call *call, bool gap, bool added)
{
	const struct relation *r = relation_of(test);

	situation(test, add_memory, gap);
	KUNIT_EXPECT_EQ(test, call(r->range.base, r->range.size), 0);
	suite_expect(test, &SUITE_SITE("memory", "as told below"), SUITE_MEMORY,
		     added ? r->both : r->left, 3);
	expect_reserved(test, NOTHING);
}

static void reserved(struct kunit *test, range_call *call, bool gap, bool added)
{
	const struct relation *r = relation_of(test);

	situation(test, reserve, gap);
	KUNIT_EXPECT_EQ(test, call(r->range.base, r->range.size), 0);
	suite_expect(test, &SUITE_SITE("reserved", "as told below"), SUITE_RESERVED,
		     added ? r->both : r->left, 3);
	expect_memory(test, NOTHING);
}

#define SUITE(call_name, list, fn, added)                                                          \
	static void call_name##_region(struct kunit *test)                                         \
	{                                                                                          \
		list(test, fn, false, added);                                                      \
	}                                                                                          \
	static void call_name##_gap(struct kunit *test)                                            \
	{                                                                                          \
		list(test, fn, true, added);                                                       \
	}                                                                                          \
	static struct kunit_case call_name##_cases[] = {                                           \
		{ .run_case = call_name##_region,                                                  \
		  .name = "region",                                                                \
		  .generate_params = one_gen_params },                                             \
		{ .run_case = call_name##_gap, .name = "gap", .generate_params = two_gen_params }, \
		{}                                                                                 \
	};                                                                                         \
	static struct kunit_suite call_name##_suite = { .name = #call_name "_relations",           \
							.test_cases = call_name##_cases };         \
	kunit_test_suite(call_name##_suite)

SUITE(memblock_add, memory, add_memory, true);
SUITE(memblock_remove, memory, remove_memory_range, false);
SUITE(memblock_reserve, reserved, reserve, true);
SUITE(memblock_free, reserved, suite_free, false);
