// SPDX-License-Identifier: GPL-2.0-or-later
/* Making sequences smaller: what each pass is for, by what a made-up difference needs. */
#include <string.h>

#include "fuzz/internal.h"
#include "kunit/test.h"

#define MB (1ULL << 20)

static const struct rt_call mark = {
	.name = "mark",
	.nr_args = 3,
	.args = { { "base", RT_PHYS }, { "size", RT_PHYS }, { "flags", RT_FLAGS } },
};
static const struct rt_call ask = {
	.name = "ask",
	.nr_args = 2,
	.args = { { "base", RT_PHYS }, { "nid", RT_NID } },
};
static const struct op_table table = { .calls = { &mark, &ask }, .nr = 2 };

/* Two calls of mark(), and ask(); numbers that are hard to read. */
static const struct sequence before = {
	.nr = 4,
	.v = { { .kind = OP_CALL,
		 .what = 0,
		 .repeat = 100,
		 .stride = 0x4000,
		 .args = { 0x1234567000, 0x7654321, 7 } },
	       { .kind = OP_CALL, .what = 0, .repeat = 1, .args = { 0x34567, 0x7654321, 0 } },
	       { .kind = OP_NODE, .what = 3 },
	       { .kind = OP_CALL, .what = 1, .repeat = 1, .args = { 0x1234567000, 2 } } },
};

static bool is_asked(const struct sequence *s)
{
	return s->nr && s->v[s->nr - 1].what == 1 && s->v[s->nr - 1].kind == OP_CALL;
}

static bool needs_nothing(void *data, struct sequence *s)
{
	(void)data;
	return is_asked(s);
}

/* One size as large as it is, the other large enough, two flags, and addresses that are not equal. */
static bool needs_numbers(void *data, struct sequence *s)
{
	(void)data;
	return is_asked(s) && s->nr >= 3 && s->v[0].args[1] == 0x7654321 && s->v[1].args[1] >= 3 &&
	       (s->v[0].args[2] & 5) == 5 && s->v[0].args[0] > 2 * MB && s->v[1].args[0] < MB &&
	       s->v[s->nr - 1].args[1] == 2;
}

/* Two sizes that are equal, while nothing can be moved or scaled. */
static bool needs_equals(void *data, struct sequence *s)
{
	(void)data;
	return is_asked(s) && s->nr >= 3 && s->v[0].args[1] == s->v[1].args[1] &&
	       s->v[0].args[1] > 3 && s->v[s->nr - 1].args[0] == 0x1234567000;
}

static bool needs_rounds(void *data, struct sequence *s)
{
	(void)data;
	return is_asked(s) && s->v[0].what == 0 && s->v[0].repeat >= 37;
}

static void calls_are_left_out(struct kunit *test)
{
	struct sequence s = before;

	shrink(&s, &table, 10000, needs_nothing, NULL);
	KUNIT_EXPECT_EQ(test, s.nr, 1);
	KUNIT_EXPECT_EQ(test, s.v[0].args[0], 0);
	KUNIT_EXPECT_EQ(test, s.v[0].args[1], 0);
}

/* Each for itself: what another one needs to stay stays. */
static void numbers_are_smaller(struct kunit *test)
{
	struct sequence s = before;

	shrink(&s, &table, 10000, needs_numbers, NULL);
	KUNIT_EXPECT_EQ(test, s.nr, 3);
	KUNIT_EXPECT_EQ(test, s.v[0].args[1], 0x7654321);
	KUNIT_EXPECT_LE(test, s.v[1].args[1], 8);
	KUNIT_EXPECT_EQ(test, s.v[0].args[2], 5);
	KUNIT_EXPECT_LE(test, s.v[0].args[0], 8 * MB);
	KUNIT_EXPECT_EQ(test, s.v[1].args[0], 0);
	KUNIT_EXPECT_EQ(test, s.v[2].args[0], 0);
	KUNIT_EXPECT_EQ(test, s.v[2].args[1], 2);
	KUNIT_EXPECT_EQ(test, s.v[0].repeat, 1);
}

static void equal_numbers_stay_equal(struct kunit *test)
{
	struct sequence s = before;

	shrink(&s, &table, 10000, needs_equals, NULL);
	KUNIT_EXPECT_EQ(test, s.nr, 3);
	KUNIT_EXPECT_LE(test, s.v[0].args[1], 8);
	KUNIT_EXPECT_EQ(test, s.v[1].args[1], s.v[0].args[1]);
	KUNIT_EXPECT_EQ(test, s.v[2].args[0], 0x1234567000);
}

static void rounds_are_left_out(struct kunit *test)
{
	struct sequence s = before;

	shrink(&s, &table, 10000, needs_rounds, NULL);
	KUNIT_EXPECT_LE(test, s.v[0].repeat, 49);
}

static void trials_are_counted(struct kunit *test)
{
	struct sequence s = before;

	shrink(&s, &table, 0, needs_nothing, NULL);
	KUNIT_EXPECT_EQ(test, s.nr, before.nr);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(calls_are_left_out),	      KUNIT_CASE(numbers_are_smaller),
	KUNIT_CASE(equal_numbers_stay_equal), KUNIT_CASE(rounds_are_left_out),
	KUNIT_CASE(trials_are_counted),	      {}
};

static struct kunit_suite suite = { .name = "shrink", .test_cases = cases };

kunit_test_suite(suite);
