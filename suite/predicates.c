// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What memblock answers about addresses and ranges, at the borders of
 *
 *	16        32        48        64        80 MiB
 *	|  memory  |  nomap  |         | memory  |
 *	     |reserved|
 *	     24      40
 */
#include "suite/suite.h"

static void situation(struct kunit *test)
{
	machine(test, { MB(16), MB(16) }, { MB(32), MB(16), 0, MEMBLOCK_NOMAP },
		{ MB(64), MB(16) });
	memblock_reserve(MB(24), MB(16));
}

static const struct point {
	const char *name;
	phys_addr_t at;
	bool memory, map, reserved;
} points[] = {
	{ "zero", 0, false, false, false },
	{ "below", MB(16) - 1, false, false, false },
	{ "first", MB(16), true, true, false },
	{ "before_reserved", MB(24) - 1, true, true, false },
	{ "first_reserved", MB(24), true, true, true },
	{ "last_mapped", MB(32) - 1, true, true, true },
	{ "first_nomap", MB(32), true, false, true },
	{ "last_reserved", MB(40) - 1, true, false, true },
	{ "after_reserved", MB(40), true, false, false },
	{ "last_nomap", MB(48) - 1, true, false, false },
	{ "in_hole", MB(48), false, false, false },
	{ "end_of_hole", MB(64) - 1, false, false, false },
	{ "second", MB(64), true, true, false },
	{ "last", MB(80) - 1, true, true, false },
	{ "above", MB(80), false, false, false },
};

KUNIT_ARRAY_PARAM_DESC(point, points, name);

static void address(struct kunit *test)
{
	const struct point *p = test->param_value;

	situation(test);
	KUNIT_EXPECT_EQ(test, !!memblock_is_memory(p->at), p->memory);
	KUNIT_EXPECT_EQ(test, !!memblock_is_map_memory(p->at), p->map);
	KUNIT_EXPECT_EQ(test, !!memblock_is_reserved(p->at), p->reserved);
}

static const struct stretch {
	const char *name;
	struct span range;
	bool memory;   /* all of it, in one region */
	bool reserved; /* some of it */
} stretches[] = {
	{ "region", { MB(64), MB(16) }, true, false },
	{ "in_region", { MB(65), MB(1) }, true, false },
	{ "one_below", { MB(64) - 1, MB(1) }, false, false },
	{ "one_above", { MB(80) - 1, 2 }, false, false },
	{ "hole", { MB(48), MB(16) }, false, false },
	{ "across_hole", { MB(40), MB(32) }, false, false },
	{ "reserved", { MB(24), MB(8) }, true, true },
	{ "up_to_reserved", { MB(16), MB(8) }, true, false },
	{ "one_reserved", { MB(16), MB(8) + 1 }, true, true },
	{ "last_reserved", { MB(40) - 1, 2 }, true, true },
	{ "behind_reserved", { MB(40), MB(4) }, true, false },
	{ "around_reserved", { MB(8), MB(64) }, false, true },
};

KUNIT_ARRAY_PARAM_DESC(stretch, stretches, name);

static void range(struct kunit *test)
{
	const struct stretch *s = test->param_value;

	situation(test);
	KUNIT_EXPECT_EQ(test, !!memblock_is_region_memory(s->range.base, s->range.size), s->memory);
	KUNIT_EXPECT_EQ(test, !!memblock_is_region_reserved(s->range.base, s->range.size),
			s->reserved);
#ifdef RT_HAVE_memblock_overlaps_region
	KUNIT_EXPECT_EQ(
		test, !!memblock_overlaps_region(&memblock.reserved, s->range.base, s->range.size),
		s->reserved);
#endif
}

static void nothing_is_memory(struct kunit *test)
{
	const struct point *p = test->param_value;

	KUNIT_EXPECT_FALSE(test, memblock_is_memory(p->at));
	KUNIT_EXPECT_FALSE(test, memblock_is_map_memory(p->at));
	KUNIT_EXPECT_FALSE(test, memblock_is_reserved(p->at));
	KUNIT_EXPECT_FALSE(test, memblock_is_region_reserved(p->at, MB(1)));
	KUNIT_EXPECT_FALSE(test, memblock_is_region_memory(p->at, MB(1)));
}

static struct kunit_case cases[] = { KUNIT_CASE_PARAM(address, point_gen_params),
				     KUNIT_CASE_PARAM(range, stretch_gen_params),
				     KUNIT_CASE_PARAM(nothing_is_memory, point_gen_params),
				     {} };
static struct kunit_suite suite = { .name = "memblock_is", .test_cases = cases };

kunit_test_suite(suite);
