// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which region, and which node, a page frame is in.
 *
 *	16        32       48        64 MiB
 *	|  node 0  |        | node 1  |
 */
#include <linux/pfn.h>

#include "suite/suite.h"

static const struct point {
	const char *name;
	phys_addr_t at;
	int nid; /* -1: in none */
	struct span region;
} points[] = {
	{ "below", MB(16) - PAGE_SIZE, -1, {} },
	{ "first_of_first", MB(16), 0, { MB(16), MB(16) } },
	{ "inside_first", MB(24), 0, { MB(16), MB(16) } },
	{ "last_of_first", MB(32) - PAGE_SIZE, 0, { MB(16), MB(16) } },
	{ "first_of_hole", MB(32), -1, {} },
	{ "last_of_hole", MB(48) - PAGE_SIZE, -1, {} },
	{ "first_of_second", MB(48), 1, { MB(48), MB(16) } },
	{ "last_of_second", MB(64) - PAGE_SIZE, 1, { MB(48), MB(16) } },
	{ "above", MB(64), -1, {} },
};

KUNIT_ARRAY_PARAM_DESC(point, points, name);

#if defined(CONFIG_NUMA) && defined(RT_HAVE_memblock_search_pfn_nid)
static void pfn_nid(struct kunit *test)
{
	const struct point *p = test->param_value;
	unsigned long start = 0, end = 0;

	machine(test, { MB(16), MB(16), NODE(0) }, { MB(48), MB(16), NODE(1) });
	KUNIT_EXPECT_EQ(test, memblock_search_pfn_nid(PHYS_PFN(p->at), &start, &end), p->nid);
	if (p->nid < 0)
		return;
	KUNIT_EXPECT_EQ(test, start, PHYS_PFN(p->region.base));
	KUNIT_EXPECT_EQ(test, end, PHYS_PFN(p->region.base + p->region.size));
}
#else
SUITE_WITHOUT(pfn_nid, memblock_search_pfn_nid() in this configuration)
#endif

#if defined(CONFIG_HAVE_MEMBLOCK_PHYS_MAP) && defined(RT_HAVE_for_each_physmem_range)
/* All memory that there is, whatever is removed from what is used. */
static void physical_memory(struct kunit *test)
{
	phys_addr_t start, end;
	unsigned int n = 0;
	u64 i;

	machine(test, { MB(16), MB(16) });
	KUNIT_EXPECT_EQ(test, memblock_physmem_add(MB(16), MB(16)), 0);
	KUNIT_EXPECT_EQ(test, memblock_physmem_add(MB(32), MB(16)), 0);
	KUNIT_EXPECT_EQ(test, memblock_remove(MB(16), MB(8)), 0);
	for_each_physmem_range(i, NULL, &start, &end) {
		KUNIT_EXPECT_EQ(test, start, MB(16));
		KUNIT_EXPECT_EQ(test, end, MB(48));
		n++;
	}
	KUNIT_EXPECT_EQ(test, n, 1);
	expect_memory(test, { MB(24), MB(8) });
}
#else
SUITE_WITHOUT(physical_memory, for_each_physmem_range() in this configuration)
#endif

static struct kunit_case cases[] = { KUNIT_CASE_PARAM(pfn_nid, point_gen_params),
				     KUNIT_CASE(physical_memory),
				     {} };
static struct kunit_suite suite = { .name = "memblock_search", .test_cases = cases };

kunit_test_suite(suite);
