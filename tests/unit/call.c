// SPDX-License-Identifier: GPL-2.0-or-later
/* What kernels' prototypes call the arguments of memblock's calls. */
#include "call/call.h"
#include "kunit/test.h"

static const struct named {
	const char *name;
	uint64_t value;
} named[] = {
	{ "base", 1 },	{ "ptr", 1 },	   { "addr", 1 },  { "size", 2 },     { "align", 3 },
	{ "start", 4 }, { "min_addr", 4 }, { "end", 5 },   { "max_addr", 5 }, { "nid", -6ULL },
	{ "type", 1 },	{ "flags", 7 },	   { "limit", 8 }, { "enable", 1 },   { "exact_nid", 0 },
};

KUNIT_ARRAY_PARAM_DESC(named, named, name);

static void argument(struct kunit *test)
{
	const struct named *n = test->param_value;
	const struct call_args args = {
		.base = 1,
		.size = 2,
		.align = 3,
		.min = 4,
		.max = 5,
		.nid = -6,
		.type = RT_RESERVED,
		.flags = 7,
		.limit = 8,
		.enable = true,
	};
	uint64_t value = 99;

	KUNIT_EXPECT_TRUE(test, call_named_arg(&args, n->name, &value));
	KUNIT_EXPECT_EQ(test, value, n->name[0] == 't' ? (uint64_t)RT_RESERVED : n->value);
}

static void unknown(struct kunit *test)
{
	const struct call_args args = { .base = 1 };
	uint64_t value = 99;

	KUNIT_EXPECT_FALSE(test, call_named_arg(&args, "colour", &value));
	KUNIT_EXPECT_EQ(test, value, 99);
}

static struct kunit_case cases[] = { KUNIT_CASE_PARAM(argument, named_gen_params),
				     KUNIT_CASE(unknown),
				     {} };

static struct kunit_suite suite = { .name = "call_args", .test_cases = cases };

kunit_test_suite(suite);
