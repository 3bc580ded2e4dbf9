// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Once slab is available the arrays of regions come from it and go back to it, and who still
 * allocates from memblock is warned and gets memory of slab.
 */
#include <linux/slab.h>
#include <linux/string.h>

#include "kernel/rt/rt.h"
#include "suite/watch.h"

#define FILL(n) (MB(16) + (phys_addr_t)(n)*SZ_8K)

static struct memblock_type *const types[] = { &memblock.memory, &memblock.reserved };

/* The list that a test is about, and the other one. */
static const struct lists {
	const char *name;
	int it, other; /* in types[] */
} lists[] = { { "memory", 0, 1 }, { "reserved", 1, 0 } };

KUNIT_ARRAY_PARAM_DESC(list, lists, name);

static const struct lists *lists_of(const struct kunit *test)
{
	return test->param_value;
}

static void situation(struct kunit *test)
{
	if ((phys_addr_t)rt_host.slab_pa != rt_host.slab_pa)
		kunit_skip(test, "the simulator's slab is beyond phys_addr_t");
	suite_ram(MB(192), MB(64));
	memblock_add(MB(192), MB(64));
	memblock_allow_resize();
}

/* Adds regions until the array grows. */
static void grow(struct kunit *test, int list)
{
	unsigned long max = types[list]->max;

	for (int n = 0; types[list]->max == max; n++) {
		if (types[list] == &memblock.memory)
			KUNIT_ASSERT_EQ(test, memblock_add(FILL(n), SZ_4K), 0);
		else
			KUNIT_ASSERT_EQ(test, memblock_reserve(FILL(n), SZ_4K), 0);
	}
	KUNIT_ASSERT_EQ(test, types[list]->max, 2 * max);
}

static void expect_slab_array(struct kunit *test, int list, unsigned int nth)
{
	const struct watched *got = suite_event(RT_SLAB_ALLOC, nth);

	KUNIT_ASSERT_NOT_NULL(test, got);
	KUNIT_EXPECT_EQ(test, got->a, __pa(types[list]->regions));
	KUNIT_EXPECT_EQ(test, got->b, types[list]->max * sizeof(struct memblock_region));
}

static void array_from_slab(struct kunit *test)
{
	const struct lists *l = lists_of(test);
	u64 first;

	situation(test);
	rt_slab_available = true;
	suite_watch();
	grow(test, l->it);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_SLAB_ALLOC), 1);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_SLAB_FREE), 0);
	expect_slab_array(test, l->it, 0);
	first = __pa(types[l->it]->regions);
	KUNIT_EXPECT_FALSE(test, memblock_is_region_reserved(first, SZ_4K), "slab's memory");
	grow(test, l->it);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_SLAB_ALLOC), 2);
	expect_slab_array(test, l->it, 1);
	KUNIT_ASSERT_EQ(test, suite_count_events(RT_SLAB_FREE), 1);
	KUNIT_EXPECT_EQ(test, suite_event(RT_SLAB_FREE, 0)->a, first);
	/* memblock itself gave and took nothing */
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_KMEMLEAK_FREE), 0);
	KUNIT_EXPECT_FALSE(test, memblock_is_region_reserved(MB(192), MB(64)));
}

/* The array that memblock gave goes back to memblock, later ones to slab. */
static void array_from_memblock_then_slab(struct kunit *test)
{
	const struct lists *l = lists_of(test);
	u64 first;

	situation(test);
	grow(test, l->it);
	first = __pa(types[l->it]->regions);
	rt_slab_available = true;
	suite_watch();
	grow(test, l->it);
	expect_slab_array(test, l->it, 0);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_SLAB_FREE), 0);
	KUNIT_ASSERT_EQ(test, suite_count_events(RT_KMEMLEAK_FREE), 1);
	KUNIT_EXPECT_EQ(test, suite_event(RT_KMEMLEAK_FREE, 0)->a, first);
	grow(test, l->it);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_SLAB_FREE), 1);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_KMEMLEAK_FREE), 1);
}

/* Where one list's array comes from says nothing of the other's. */
static void one_array_of_each(struct kunit *test)
{
	const struct lists *l = lists_of(test);
	u64 first;

	situation(test);
	grow(test, l->it);
	rt_slab_available = true;
	suite_watch();
	grow(test, l->other);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_SLAB_FREE), 0);
	first = __pa(types[l->other]->regions);
	grow(test, l->it);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_SLAB_FREE), 0);
	grow(test, l->other);
	KUNIT_ASSERT_EQ(test, suite_count_events(RT_SLAB_FREE), 1);
	KUNIT_EXPECT_EQ(test, suite_event(RT_SLAB_FREE, 0)->a, first);
}

static void slab_is_full(struct kunit *test)
{
	const struct lists *l = lists_of(test);
	struct memblock_type *type = types[l->it];
	char text[100];
	int ret = 0;

	situation(test);
	rt_slab_available = true;
	KUNIT_ASSERT_NOT_NULL(test, kmalloc(rt_host.slab_size - 2 * PAGE_SIZE, 0));
	suite_watch();
	for (int n = 0; !ret && type->max < 1000; n++)
		ret = l->it ? memblock_reserve(FILL(n), SZ_4K) : memblock_add(FILL(n), SZ_4K);
	KUNIT_EXPECT_EQ(test, ret, -ENOMEM);
	KUNIT_EXPECT_EQ(test, type->cnt, type->max);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_SLAB_ALLOC), 0);
	snprintf(text, sizeof(text), "Failed to double %s array from %lu to %lu",
		 lists_of(test)->name, type->max, 2 * type->max);
	suite_expect_log(test, &SUITE_SITE("the log", "of failure"), text, true);
}

#ifdef RT_HAVE_memblock_alloc_raw
static void *alloc_zeroed(void)
{
	return memblock_alloc(SZ_64K, SZ_4K);
}

static void *alloc_raw(void)
{
	return memblock_alloc_raw(SZ_64K, SZ_4K);
}

static void *alloc_node(void)
{
	return memblock_alloc_node(SZ_64K, SZ_4K, 0);
}

static const struct late {
	const char *name;
	void *(*alloc)(void);
	int nid;
} lates[] = { { "memblock_alloc", alloc_zeroed, NUMA_NO_NODE },
	      { "memblock_alloc_raw", alloc_raw, NUMA_NO_NODE },
	      { "memblock_alloc_node", alloc_node, 0 } };

KUNIT_ARRAY_PARAM_DESC(late, lates, name);

/* A warning, once, and memory all the same. */
static void alloc_too_late(struct kunit *test)
{
	const struct late *late = test->param_value;
	const struct watched *got;
	void *p;

	situation(test);
	rt_slab_available = true;
	suite_watch();
	p = late->alloc();
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_WARN), 1);
	KUNIT_EXPECT_EQ(test, memblock_reserved_size(), 0);
	got = suite_event(RT_SLAB_ALLOC, 0);
	KUNIT_ASSERT_NOT_NULL(test, got);
	KUNIT_EXPECT_EQ(test, __pa(p), got->a);
	KUNIT_EXPECT_EQ(test, got->b, SZ_64K);
	KUNIT_EXPECT_EQ(test, got->c, late->nid);
	KUNIT_EXPECT_TRUE(test, suite_is_zeroed(__pa(p), SZ_64K));
	late->alloc();
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_SLAB_ALLOC), 2);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_WARN), 1);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_KMEMLEAK_ALLOC), 0);
}

static void alloc_too_late_without_memory(struct kunit *test)
{
	const struct late *late = test->param_value;

	situation(test);
	rt_slab_available = true;
	KUNIT_ASSERT_NOT_NULL(test, kmalloc(rt_host.slab_size - 2 * PAGE_SIZE, 0));
	KUNIT_EXPECT_NULL(test, late->alloc());
}
#endif

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(array_from_slab, list_gen_params),
	KUNIT_CASE_PARAM(array_from_memblock_then_slab, list_gen_params),
	KUNIT_CASE_PARAM(one_array_of_each, list_gen_params),
	KUNIT_CASE_PARAM(slab_is_full, list_gen_params),
#ifdef RT_HAVE_memblock_alloc_raw
	KUNIT_CASE_PARAM(alloc_too_late, late_gen_params),
	KUNIT_CASE_PARAM(alloc_too_late_without_memory, late_gen_params),
#endif
	{}
};
static struct kunit_suite suite = { .name = "memblock_with_slab", .test_cases = cases };

kunit_test_suite(suite);
