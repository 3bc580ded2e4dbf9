// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory with nodes and flags: what merges, what is split, what is kept. */
#include "internal.h"
#include "suite/suite.h"

#define ON(node, first, last)                               \
	{                                                   \
		MB(first), MB((last) - (first)), NODE(node) \
	}

/* Added to 32 to 64 MiB of node 0. */
static const struct added {
	const char *name;
	struct span range, expected[4];
} added[] = {
	{ "touching_below_same", ON(0, 16, 32), { ON(0, 16, 64) } },
	{ "touching_below_other", ON(1, 16, 32), { ON(1, 16, 32), ON(0, 32, 64) } },
	{ "touching_above_same", ON(0, 64, 80), { ON(0, 32, 80) } },
	{ "touching_above_other", ON(1, 64, 80), { ON(0, 32, 64), ON(1, 64, 80) } },
	{ "overlapping_bottom_same", ON(0, 16, 48), { ON(0, 16, 64) } },
	{ "overlapping_bottom_other", ON(1, 16, 48), { ON(1, 16, 32), ON(0, 32, 64) } },
	{ "overlapping_top_same", ON(0, 48, 80), { ON(0, 32, 80) } },
	{ "overlapping_top_other", ON(1, 48, 80), { ON(0, 32, 64), ON(1, 64, 80) } },
	{ "around_same", ON(0, 16, 80), { ON(0, 16, 80) } },
	{ "around_other", ON(1, 16, 80), { ON(1, 16, 32), ON(0, 32, 64), ON(1, 64, 80) } },
	{ "after_same", ON(0, 80, 96), { ON(0, 32, 64), ON(0, 80, 96) } },
	{ "before_other", ON(1, 8, 16), { ON(1, 8, 16), ON(0, 32, 64) } },
};

KUNIT_ARRAY_PARAM_DESC(added, added, name);

static void add_node(struct kunit *test)
{
	const struct added *a = test->param_value;

	suite_needs_nodes(test);
	machine(test, ON(0, 32, 64));
	KUNIT_EXPECT_EQ(test, suite_add_node(a->range.base, a->range.size, a->range.node - 1, 0),
			0);
	suite_expect(test, &SUITE_SITE("memory", "as told below"), SUITE_MEMORY, a->expected, 4);
}

/* What memblock_set_node() makes of 32 to 64 MiB of node 0, and 64 to 80 MiB of node 1. */
static const struct added set[] = {
	{ "all", ON(2, 32, 80), { ON(2, 32, 80) } },
	{ "first", ON(1, 32, 64), { ON(1, 32, 80) } },
	{ "second", ON(0, 64, 80), { ON(0, 32, 80) } },
	{ "bottom", ON(2, 32, 40), { ON(2, 32, 40), ON(0, 40, 64), ON(1, 64, 80) } },
	{ "inside", ON(2, 40, 48), { ON(0, 32, 40), ON(2, 40, 48), ON(0, 48, 64), ON(1, 64, 80) } },
	{ "across", ON(2, 48, 72), { ON(0, 32, 48), ON(2, 48, 72), ON(1, 72, 80) } },
	{ "across_to_first", ON(0, 48, 72), { ON(0, 32, 72), ON(1, 72, 80) } },
	{ "same", ON(0, 40, 48), { ON(0, 32, 64), ON(1, 64, 80) } },
	{ "beyond", ON(2, 8, 96), { ON(2, 32, 80) } },
	{ "outside", ON(2, 80, 96), { ON(0, 32, 64), ON(1, 64, 80) } },
};

KUNIT_ARRAY_PARAM_DESC(set, set, name);

static void set_node(struct kunit *test)
{
	const struct added *a = test->param_value;

	suite_needs_nodes(test);
	if (a->range.node > MAX_NUMNODES)
		kunit_skip(test, "this configuration has %d nodes", MAX_NUMNODES);
	machine(test, ON(0, 32, 64), ON(1, 64, 80));
	KUNIT_EXPECT_EQ(test, suite_set_node(a->range.base, a->range.size, a->range.node - 1), 0);
	suite_expect(test, &SUITE_SITE("memory", "as told below"), SUITE_MEMORY, a->expected, 4);
}

typedef int flag_call(phys_addr_t base, phys_addr_t size);

static int mark_mirror(phys_addr_t base, phys_addr_t size)
{
	mirrored_kernelcore = true;
	return memblock_mark_mirror(base, size);
}

static const struct flag {
	const char *name;
	unsigned long flag;
	flag_call *mark, *clear;
} flags[] = {
	{ "hotplug", MEMBLOCK_HOTPLUG, memblock_mark_hotplug, memblock_clear_hotplug },
	{ "mirror", MEMBLOCK_MIRROR, mark_mirror, NULL },
	{ "nomap", MEMBLOCK_NOMAP, memblock_mark_nomap, memblock_clear_nomap },
};

/* Of 32 to 64 MiB. */
static const struct part {
	const char *name;
	struct span range, expected[3]; /* flags: 1 where it is marked */
} parts[] = {
	{ "all", { MB(32), MB(32) }, { { MB(32), MB(32), 0, 1 } } },
	{ "bottom", { MB(32), MB(8) }, { { MB(32), MB(8), 0, 1 }, { MB(40), MB(24) } } },
	{ "inside",
	  { MB(40), MB(8) },
	  { { MB(32), MB(8) }, { MB(40), MB(8), 0, 1 }, { MB(48), MB(16) } } },
	{ "top", { MB(56), MB(8) }, { { MB(32), MB(24) }, { MB(56), MB(8), 0, 1 } } },
	{ "beyond_bottom", { MB(16), MB(24) }, { { MB(32), MB(8), 0, 1 }, { MB(40), MB(24) } } },
	{ "beyond_top", { MB(56), MB(24) }, { { MB(32), MB(24) }, { MB(56), MB(8), 0, 1 } } },
	{ "around", { MB(16), MB(64) }, { { MB(32), MB(32), 0, 1 } } },
	{ "outside", { MB(64), MB(16) }, { { MB(32), MB(32) } } },
	{ "nothing", { MB(40), 0 }, { { MB(32), MB(32) } } },
};

/* A parameter is the address of one of these: flag times the parts, plus part. */
static const char numbers[ARRAY_SIZE(flags) * ARRAY_SIZE(parts)];

static const void *flag_gen_params(const void *prev, char *desc)
{
	size_t i = prev ? (const char *)prev - numbers + 1 : 0;

	if (i == ARRAY_SIZE(numbers))
		return NULL;
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s/%s", parts[i % ARRAY_SIZE(parts)].name,
		 flags[i / ARRAY_SIZE(parts)].name);
	return &numbers[i];
}

static const struct flag *flag_of(const struct kunit *test)
{
	return &flags[((const char *)test->param_value - numbers) / ARRAY_SIZE(parts)];
}

static const struct part *part_of(const struct kunit *test)
{
	return &parts[((const char *)test->param_value - numbers) % ARRAY_SIZE(parts)];
}

static void mark(struct kunit *test)
{
	const struct flag *f = flag_of(test);
	const struct part *p = part_of(test);
	struct span expected[3];

	for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
		expected[i] = p->expected[i];
		expected[i].flags *= f->flag;
	}
	machine(test, { MB(32), MB(32) });
	KUNIT_EXPECT_EQ(test, f->mark(p->range.base, p->range.size), 0);
	suite_expect(test, &SUITE_SITE("memory", "as told below"), SUITE_MEMORY, expected, 3);
	expect_reserved(test, NOTHING);
}

/* Where mark() marks, this clears: the other way round. */
static void clear(struct kunit *test)
{
	const struct flag *f = flag_of(test);
	const struct part *p = part_of(test);
	struct span expected[3];

	if (!f->clear)
		kunit_skip(test, "memblock has no call that clears it");
	for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
		expected[i] = p->expected[i];
		expected[i].flags = expected[i].flags ? 0 : f->flag;
	}
	machine(test, { MB(32), MB(32), 0, f->flag });
	KUNIT_EXPECT_EQ(test, f->clear(p->range.base, p->range.size), 0);
	suite_expect(test, &SUITE_SITE("memory", "as told below"), SUITE_MEMORY, expected, 3);
}

static void mark_and_clear(struct kunit *test)
{
	const struct flag *f = flag_of(test);
	const struct part *p = part_of(test);

	if (!f->clear)
		kunit_skip(test, "memblock has no call that clears it");
	machine(test, { MB(32), MB(32) });
	KUNIT_EXPECT_EQ(test, f->mark(p->range.base, p->range.size), 0);
	KUNIT_EXPECT_EQ(test, f->clear(p->range.base, p->range.size), 0);
	expect_memory(test, { MB(32), MB(32) });
}

static struct kunit_case node_cases[] = { KUNIT_CASE_PARAM(add_node, added_gen_params),
					  KUNIT_CASE_PARAM(set_node, set_gen_params),
					  {} };
static struct kunit_suite node_suite = { .name = "memblock_nodes", .test_cases = node_cases };

static struct kunit_case flag_cases[] = { KUNIT_CASE_PARAM(mark, flag_gen_params),
					  KUNIT_CASE_PARAM(clear, flag_gen_params),
					  KUNIT_CASE_PARAM(mark_and_clear, flag_gen_params),
					  {} };
static struct kunit_suite flag_suite = { .name = "memblock_flags", .test_cases = flag_cases };

kunit_test_suite(node_suite);
kunit_test_suite(flag_suite);
