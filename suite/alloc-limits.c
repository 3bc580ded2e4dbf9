// SPDX-License-Identifier: GPL-2.0-or-later
/* Allocation between a lowest address and a limit, and on nodes. */
#include "suite/entries.h"
#include "suite/watch.h"

static phys_addr_t alloc(struct kunit *test, phys_addr_t size, phys_addr_t min, phys_addr_t max,
			 int nid)
{
	const struct entry *e = entry_of(test);

	memblock_set_bottom_up(entry_is_bottom_up(test));
	return e->alloc(size, SZ_4K, min, max, nid);
}

static void expect_nothing(struct kunit *test, phys_addr_t size, phys_addr_t min, phys_addr_t max,
			   int nid)
{
	if (entry_of(test)->can & CAN_PANIC)
		expect_panic(test, "llocate", alloc(test, size, min, max, nid));
	KUNIT_EXPECT_EQ(test, alloc(test, size, min, max, nid), 0);
}

/*
 *	64        96             128 MiB
 *	|          |>bottom    top<|
 */
static void min_inside(struct kunit *test)
{
	phys_addr_t got;

	machine(test, { MB(64), MB(64) });
	got = alloc(test, MB(1), MB(96), 0, NUMA_NO_NODE);
	expect_got(test, MB(127), MB(96), MB(1));
}

static void min_not_aligned(struct kunit *test)
{
	phys_addr_t got;

	machine(test, { MB(64), MB(64) });
	got = alloc(test, MB(1), MB(96) + 1, 0, NUMA_NO_NODE);
	expect_got(test, MB(127), MB(96) + SZ_4K, MB(1));
}

static void min_just_fits(struct kunit *test)
{
	machine(test, { MB(64), MB(64) });
	KUNIT_EXPECT_EQ(test, alloc(test, MB(1), MB(127), 0, NUMA_NO_NODE), MB(127));
}

/* A lowest address is a wish for those that return pointers. */
static void min_too_high(struct kunit *test)
{
	phys_addr_t got;

	machine(test, { MB(64), MB(64) });
	got = alloc(test, MB(2), MB(127), 0, NUMA_NO_NODE);
	if (entry_of(test)->can & CAN_RELAX)
		expect_got(test, MB(126), MB(64), MB(2));
	else
		KUNIT_EXPECT_EQ(test, got, 0);
}

static void max_inside(struct kunit *test)
{
	phys_addr_t got;

	machine(test, { MB(64), MB(64) });
	got = alloc(test, MB(1), 0, MB(96), NUMA_NO_NODE);
	expect_got(test, MB(95), MB(64), MB(1));
}

static void max_not_aligned(struct kunit *test)
{
	phys_addr_t got;

	machine(test, { MB(64), MB(64) });
	got = alloc(test, MB(1), 0, MB(96) - 1, NUMA_NO_NODE);
	expect_got(test, MB(95) - SZ_4K, MB(64), MB(1));
}

static void max_just_fits(struct kunit *test)
{
	machine(test, { MB(64), MB(64) });
	KUNIT_EXPECT_EQ(test, alloc(test, MB(1), 0, MB(65), NUMA_NO_NODE), MB(64));
}

static void max_too_low(struct kunit *test)
{
	machine(test, { MB(64), MB(64) });
	expect_nothing(test, MB(1), 0, MB(65) - 1, NUMA_NO_NODE);
	expect_reserved(test, NOTHING);
}

static void min_and_max(struct kunit *test)
{
	phys_addr_t got;

	machine(test, { MB(64), MB(64) });
	got = alloc(test, MB(1), MB(80), MB(96), NUMA_NO_NODE);
	expect_got(test, MB(95), MB(80), MB(1));
}

static void min_and_max_exact(struct kunit *test)
{
	machine(test, { MB(64), MB(64) });
	KUNIT_EXPECT_EQ(test, alloc(test, MB(16), MB(80), MB(96), NUMA_NO_NODE), MB(80));
	expect_reserved_bytes(test, { MB(80), MB(16) });
}

static void min_and_max_in_a_hole(struct kunit *test)
{
	phys_addr_t got;

	machine(test, { MB(16), MB(16) }, { MB(64), MB(64) });
	got = alloc(test, MB(1), MB(40), MB(60), NUMA_NO_NODE);
	if (entry_of(test)->can & CAN_RELAX)
		expect_got(test, MB(31), MB(16), MB(1));
	else
		KUNIT_EXPECT_EQ(test, got, 0);
}

/*
 *	16      32      48      64 MiB
 *	| node 0 | node 1| node 0 |
 */
static void nodes(struct kunit *test)
{
	suite_needs_nodes(test);
	machine(test, { MB(16), MB(16), NODE(0) }, { MB(32), MB(16), NODE(1) },
		{ MB(48), MB(16), NODE(0) });
}

static void node_preferred(struct kunit *test)
{
	phys_addr_t got;

	nodes(test);
	got = alloc(test, MB(1), 0, 0, 1);
	expect_got(test, MB(47), MB(32), MB(1));
}

static void node_in_two_pieces(struct kunit *test)
{
	phys_addr_t got;

	nodes(test);
	got = alloc(test, MB(1), 0, 0, 0);
	expect_got(test, MB(63), MB(16), MB(1));
}

static void node_exactly_filled(struct kunit *test)
{
	nodes(test);
	KUNIT_EXPECT_EQ(test, alloc(test, MB(16), 0, 0, 1), MB(32));
	expect_reserved_bytes(test, { MB(32), MB(16) });
}

static void node_is_full(struct kunit *test)
{
	phys_addr_t got;

	nodes(test);
	memblock_reserve(MB(32), MB(16));
	got = alloc(test, MB(1), 0, 0, 1);
	if (entry_of(test)->can & CAN_EXACT)
		KUNIT_EXPECT_EQ(test, got, 0);
	else
		expect_got(test, MB(63), MB(16), MB(1));
}

static void node_too_small(struct kunit *test)
{
	suite_needs_nodes(test);
	machine(test, { MB(16), MB(32), NODE(0) }, { MB(64), MB(16), NODE(1) });
	if (entry_of(test)->can & CAN_EXACT)
		KUNIT_EXPECT_EQ(test, alloc(test, MB(32), 0, 0, 1), 0);
	else
		KUNIT_EXPECT_EQ(test, alloc(test, MB(32), 0, 0, 1), MB(16));
}

static void node_fragmented(struct kunit *test)
{
	nodes(test);
	memblock_reserve(MB(36), MB(4));
	memblock_reserve(MB(44), MB(1));
	KUNIT_EXPECT_EQ(test, alloc(test, MB(4), 0, 0, 1),
			entry_is_bottom_up(test) ? MB(32) : MB(40));
}

/* Memory of two nodes side by side is not one piece for somebody who wants one node's. */
static void node_border(struct kunit *test)
{
	nodes(test);
	memblock_reserve(MB(16), MB(8));
	memblock_reserve(MB(48), MB(16));
	if (entry_of(test)->can & CAN_EXACT)
		KUNIT_EXPECT_EQ(test, alloc(test, MB(17), 0, 0, 1), 0);
	else
		KUNIT_EXPECT_EQ(test, alloc(test, MB(8), 0, 0, 0), MB(24));
}

#define MIN(fn) KUNIT_CASE_PARAM(fn, entry_min_gen_params)
#define MAX(fn) KUNIT_CASE_PARAM(fn, entry_max_gen_params)
#define BOTH(fn) KUNIT_CASE_PARAM(fn, entry_min_max_gen_params)
#define NID(fn) KUNIT_CASE_PARAM(fn, entry_node_gen_params)

static struct kunit_case cases[] = {
	MIN(min_inside),   MIN(min_not_aligned),    MIN(min_just_fits),		 MIN(min_too_high),
	MAX(max_inside),   MAX(max_not_aligned),    MAX(max_just_fits),		 MAX(max_too_low),
	BOTH(min_and_max), BOTH(min_and_max_exact), BOTH(min_and_max_in_a_hole), {}
};
static struct kunit_suite suite = { .name = "memblock_alloc_limits", .test_cases = cases };

static struct kunit_case node_cases[] = { NID(node_preferred),	    NID(node_in_two_pieces),
					  NID(node_exactly_filled), NID(node_is_full),
					  NID(node_too_small),	    NID(node_fragmented),
					  NID(node_border),	    {} };
static struct kunit_suite node_suite = { .name = "memblock_alloc_nodes", .test_cases = node_cases };

kunit_test_suite(suite);
kunit_test_suite(node_suite);
