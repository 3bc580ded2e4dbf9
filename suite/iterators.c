// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Iterators, forward and in reverse, over
 *
 *	16        32   40   48        64        80 MiB
 *	| node 0   |         | node 1  | node 0  |
 *	   |##|          |########|         |####|	reserved
 *	   20 24         44       52        72   80
 */
#include "suite/suite.h"

static void situation(struct kunit *test)
{
	if (IS_ENABLED(CONFIG_NUMA))
		machine(test, { MB(16), MB(16), NODE(0) }, { MB(48), MB(16), NODE(1) },
			{ MB(64), MB(16), NODE(0) });
	else
		machine(test, { MB(16), MB(16) }, { MB(48), MB(32) });
	memblock_reserve(MB(20), MB(4));
	memblock_reserve(MB(44), MB(8));
	memblock_reserve(MB(72), MB(8));
}

/* What an iterator gave. */
struct walk {
	struct span got[8];
	unsigned int nr;
};

static void take(struct walk *w, phys_addr_t start, phys_addr_t end)
{
	if (w->nr < ARRAY_SIZE(w->got))
		w->got[w->nr] = (struct span){ start, end - start };
	w->nr++;
}

static void expect_walk(struct kunit *test, const struct walk *w, const struct span *expected,
			unsigned int nr, bool reverse)
{
	KUNIT_ASSERT_EQ(test, w->nr, nr);
	for (unsigned int i = 0; i < nr; i++) {
		const struct span *e = &expected[reverse ? nr - 1 - i : i];

		KUNIT_EXPECT_EQ(test, w->got[i].base, e->base, "piece %u", i);
		KUNIT_EXPECT_EQ(test, w->got[i].size, e->size, "piece %u", i);
	}
}

static const struct free_walk {
	const char *name;
	int nid;
	bool reverse;
} free_walks[] = {
	{ "any_node", NUMA_NO_NODE, false },
	{ "any_node_reverse", NUMA_NO_NODE, true },
	{ "node_0", 0, false },
	{ "node_0_reverse", 0, true },
	{ "node_1", 1, false },
	{ "node_1_reverse", 1, true },
	{ "node_without_memory", 2, false },
	{ "node_without_memory_reverse", 2, true },
};

KUNIT_ARRAY_PARAM_DESC(free_walk, free_walks, name);

static const struct span free_of_any[] = {
	{ MB(16), MB(4) }, { MB(24), MB(8) }, { MB(52), MB(12) }, { MB(64), MB(8) }
};
static const struct span free_of_0[] = { { MB(16), MB(4) }, { MB(24), MB(8) }, { MB(64), MB(8) } };
static const struct span free_of_1[] = { { MB(52), MB(12) } };
static const struct span free_of_uma[] = { { MB(16), MB(4) },
					   { MB(24), MB(8) },
					   { MB(52), MB(20) } };

static void free_ranges(struct kunit *test)
{
	const struct free_walk *f = test->param_value;
	phys_addr_t start, end;
	struct walk w = {};
	int nid;
	u64 i;

	if (f->nid >= 0)
		suite_needs_nodes(test);
	if (f->nid >= MAX_NUMNODES && IS_ENABLED(CONFIG_NUMA))
		kunit_skip(test, "this configuration has %d nodes", MAX_NUMNODES);
	situation(test);
	if (f->reverse)
		for_each_free_mem_range_reverse(i, f->nid, MEMBLOCK_NONE, &start, &end, &nid)
			take(&w, start, end);
	else
		for_each_free_mem_range(i, f->nid, MEMBLOCK_NONE, &start, &end, &nid)
			take(&w, start, end);
	if (!IS_ENABLED(CONFIG_NUMA))
		expect_walk(test, &w, free_of_uma, 3, f->reverse);
	else if (f->nid == NUMA_NO_NODE)
		expect_walk(test, &w, free_of_any, 4, f->reverse);
	else if (f->nid == 0)
		expect_walk(test, &w, free_of_0, 3, f->reverse);
	else
		expect_walk(test, &w, free_of_1, f->nid == 1, f->reverse);
}

static void free_ranges_give_node(struct kunit *test)
{
	static const int expected[] = { 0, 0, 1, 0 };
	phys_addr_t start, end;
	unsigned int n = 0;
	int nid;
	u64 i;

	suite_needs_nodes(test);
	situation(test);
	for_each_free_mem_range(i, NUMA_NO_NODE, MEMBLOCK_NONE, &start, &end, &nid) {
		KUNIT_ASSERT_LT(test, n, ARRAY_SIZE(expected));
		KUNIT_EXPECT_EQ(test, nid, expected[n], "piece %u", n);
		n++;
	}
	KUNIT_EXPECT_EQ(test, n, ARRAY_SIZE(expected));
}

static void free_ranges_without_nomap(struct kunit *test)
{
	situation(test);
	memblock_mark_nomap(MB(24), MB(4));
	if (IS_ENABLED(CONFIG_NUMA))
		expect_free(test, { MB(16), MB(4) }, { MB(28), MB(4) }, { MB(52), MB(12) },
			    { MB(64), MB(8) });
	else
		expect_free(test, { MB(16), MB(4) }, { MB(28), MB(4) }, { MB(52), MB(20) });
}

#if RT_HAVE_for_each_mem_range == 3
static void memory_ranges(struct kunit *test)
{
	static const struct span expected[] = { { MB(16), MB(16) }, { MB(48), MB(32) } };
	phys_addr_t start, end;
	struct walk w = {}, reverse = {};
	u64 i;

	machine(test, { MB(16), MB(16) }, { MB(48), MB(32) });
	memblock_reserve(MB(20), MB(4));
	for_each_mem_range(i, &start, &end)
		take(&w, start, end);
	for_each_mem_range_rev(i, &start, &end)
		take(&reverse, start, end);
	expect_walk(test, &w, expected, 2, false);
	expect_walk(test, &reverse, expected, 2, true);
}
#else
SUITE_WITHOUT(memory_ranges, for_each_mem_range(i, p_start, p_end))
#endif

#ifdef RT_HAVE_for_each_reserved_mem_range
static void reserved_ranges(struct kunit *test)
{
	static const struct span expected[] = { { MB(20), MB(4) },
						{ MB(44), MB(8) },
						{ MB(72), MB(8) } };
	phys_addr_t start, end;
	struct walk w = {};
	u64 i;

	situation(test);
	for_each_reserved_mem_range(i, &start, &end)
		take(&w, start, end);
	expect_walk(test, &w, expected, 3, false);
}
#else
SUITE_WITHOUT(reserved_ranges, for_each_reserved_mem_range())
#endif

static struct kunit_case cases[] = { KUNIT_CASE_PARAM(free_ranges, free_walk_gen_params),
				     KUNIT_CASE(free_ranges_give_node),
				     KUNIT_CASE(free_ranges_without_nomap),
				     KUNIT_CASE(memory_ranges),
				     KUNIT_CASE(reserved_ranges),
				     {} };
static struct kunit_suite suite = { .name = "memblock_iterators", .test_cases = cases };

kunit_test_suite(suite);
