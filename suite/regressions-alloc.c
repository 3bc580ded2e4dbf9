// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Allocation in situations in which kernels went wrong: mirrored memory, nodes that are none, slab
 * already there, memory that has to be accepted, kmemleak.
 */
#include "internal.h"
#include "suite/watch.h"

extern bool rt_slab_available;
extern unsigned long rt_kernel_end;

/* Without kernelcore=mirror, mirrored memory is memory like any other. 902c2d91582c, 6.0 */
static void mark_without_kernelcore(struct kunit *test)
{
	machine(test, { MB(16), MB(16) });
	mirrored_kernelcore = false;
	KUNIT_EXPECT_EQ(test, memblock_mark_mirror(MB(16), MB(4)), 0);
	expect_memory(test, { MB(16), MB(16) });
}

static void fill_reserved(struct kunit *test)
{
	for (phys_addr_t at = MB(8); memblock.reserved.cnt < memblock.reserved.max; at += SZ_2K)
		KUNIT_ASSERT_EQ(test, memblock_reserve(at, SZ_1K), 0);
}

/* An array that grows must not insist on mirrored memory when there is none left. a3f5bafcc04a, 4.3 */
static void array_without_mirror(struct kunit *test)
{
	mirrored_kernelcore = true;
	machine(test, { MB(16), MB(16), 0, MEMBLOCK_MIRROR }, { MB(64), MB(16) });
	memblock_allow_resize();
	KUNIT_ASSERT_EQ(test, memblock_reserve(MB(16), MB(16)), 0);
	fill_reserved(test);
	suite_watch();
	KUNIT_EXPECT_EQ(test, memblock_reserve(MB(128), SZ_4K), 0);
	KUNIT_EXPECT_TRUE(test, memblock_is_reserved(MB(128)));
	KUNIT_EXPECT_TRUE(test, memblock_is_region_reserved(MB(64), MB(16)));
	expect_log(test, "Could not allocate");
}

static struct kunit_case mirror_cases[] = { KUNIT_CASE(mark_without_kernelcore),
					    KUNIT_CASE(array_without_mirror),
					    {} };
static struct kunit_suite mirror_suite = { .name = "memblock_mirror", .test_cases = mirror_cases };

/* Up to 4.19 these are functions of other meanings, or of none. */
#ifdef RT_HAVE_memblock_phys_alloc_range

static void fallback_from_mirror_is_told(struct kunit *test)
{
	mirrored_kernelcore = true;
	machine(test, { MB(16), MB(16), 0, MEMBLOCK_MIRROR }, { MB(64), MB(16) });
	suite_watch();
	KUNIT_EXPECT_NE(test, memblock_phys_alloc(MB(16), SZ_4K), 0);
	expect_not_in_log(test, "mirrored");
	KUNIT_EXPECT_NE(test, memblock_phys_alloc(MB(1), SZ_4K), 0);
	expect_log(test, "Could not allocate");
	expect_log(test, "bytes of mirrored memory");
}

/*
 * MAX_NUMNODES has long meant any node. Callers of both that and NUMA_NO_NODE are there, and what takes
 * only one of them finds no memory. 8043832e2a12, 6.10
 */
static void any_node(struct kunit *test)
{
	machine(test, { MB(16), MB(16), NODE(0) });
	suite_direction(test);
	KUNIT_EXPECT_PTR_NE(test, memblock_alloc_try_nid_raw(SZ_4K, SZ_4K, 0, 0, MAX_NUMNODES),
			    NULL);
	KUNIT_EXPECT_NE(test, memblock_phys_alloc_try_nid(SZ_4K, SZ_4K, MAX_NUMNODES), 0);
	KUNIT_EXPECT_NE(test, memblock_phys_alloc_try_nid(SZ_4K, SZ_4K, NUMA_NO_NODE), 0);
	KUNIT_EXPECT_EQ(test, memblock_reserved_size(), 3 * SZ_4K);
}

/* No alignment is that of a cache line. */
static void no_alignment(struct kunit *test)
{
	phys_addr_t got;

	machine(test, { MB(16), MB(16) });
	suite_direction(test);
	got = memblock_phys_alloc_range(100, 0, 0, 0);
	KUNIT_EXPECT_NE(test, got, 0);
	KUNIT_EXPECT_EQ(test, got % SMP_CACHE_BYTES, 0);
	expect_reserved_bytes(test, { got, 100 });
}

/*
 * Bottom up, the search began behind the kernel, which is somewhere, and not at the first address:
 * what lies below was only used when all else was full. 2dcb39645441, 5.11
 */
static void below_the_kernel(struct kunit *test)
{
	machine(test, { MB(16), MB(64) });
	rt_kernel_end = MB(32);
	memblock_set_bottom_up(true);
	KUNIT_EXPECT_EQ(test, memblock_phys_alloc(SZ_4K, SZ_4K), MB(16));
}

/* Whatever is reserved when slab is there is not memblock's any more. 94ff46de4a73, 6.11 */
static void when_slab_is_there(struct kunit *test)
{
	suite_needs_slab(test);
	machine(test, { MB(16), MB(16) });
	rt_slab_available = true;
	suite_watch();
	KUNIT_EXPECT_NE(test, memblock_phys_alloc(SZ_4K, SZ_4K), 0);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_SLAB_ALLOC), 1);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_WARN), 1);
	expect_reserved(test, NOTHING);
}

static void pointer_when_slab_is_there(struct kunit *test)
{
	suite_needs_slab(test);
	machine(test, { MB(16), MB(16) });
	rt_slab_available = true;
	suite_watch();
	KUNIT_EXPECT_PTR_NE(test, memblock_alloc(SZ_4K, SZ_4K), NULL);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_SLAB_ALLOC), 1);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_WARN), 1);
	expect_reserved(test, NOTHING);
}

static bool was_accepted(phys_addr_t at)
{
	for (unsigned int i = 0; i < suite_count_events(RT_ACCEPT_MEMORY); i++)
		if (suite_event(RT_ACCEPT_MEMORY, i)->a == at)
			return true;
	return false;
}

/*
 * Some machines fault when memory is used that was not accepted before. Kernels that accept what they
 * allocate forgot the arrays that grow. da8bf5daa5e5, 6.15
 */
static void accepted_before_it_is_used(struct kunit *test)
{
	phys_addr_t got;

	machine(test, { MB(16), MB(16) });
	memblock_allow_resize();
	fill_reserved(test);
	suite_watch();
	KUNIT_ASSERT_EQ(test, memblock_reserve(MB(128), SZ_4K), 0);
	got = memblock_phys_alloc(SZ_4K, SZ_4K);
	if (!suite_count_events(RT_ACCEPT_MEMORY))
		kunit_skip(test, "this kernel knows of no memory that has to be accepted");
	KUNIT_EXPECT_TRUE(test, was_accepted(got), "what was allocated");
	KUNIT_EXPECT_TRUE(test, was_accepted(__pa(memblock.reserved.regions)), "the array");
}

/* kmemleak is told addresses of memory, also of such as has no virtual one. 4.9 */
static void kmemleak_is_told(struct kunit *test)
{
	phys_addr_t got;

	machine(test, { MB(16), MB(16) });
	suite_watch();
	got = memblock_phys_alloc(SZ_8K, SZ_4K);
	KUNIT_ASSERT_EQ(test, suite_count_events(RT_KMEMLEAK_ALLOC), 1);
	KUNIT_EXPECT_EQ(test, suite_event(RT_KMEMLEAK_ALLOC, 0)->a, got);
	KUNIT_EXPECT_EQ(test, suite_event(RT_KMEMLEAK_ALLOC, 0)->b, SZ_8K);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_KMEMLEAK_FREE), 0);
	KUNIT_EXPECT_EQ(test, suite_free(got, SZ_4K), 0);
	KUNIT_ASSERT_EQ(test, suite_count_events(RT_KMEMLEAK_FREE), 1);
	KUNIT_EXPECT_EQ(test, suite_event(RT_KMEMLEAK_FREE, 0)->a, got);
	KUNIT_EXPECT_EQ(test, suite_event(RT_KMEMLEAK_FREE, 0)->b, SZ_4K);
}

/* A limit of 1 says that kmemleak must not be told: it would run out of its own memory. fed84c785270, 4.20 */
static void kmemleak_is_not_told(struct kunit *test)
{
	machine(test, { MB(16), MB(16) });
	suite_watch();
	KUNIT_EXPECT_PTR_NE(test, memblock_alloc_try_nid_raw(SZ_4K, SZ_4K, 0, 1, NUMA_NO_NODE),
			    NULL);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_KMEMLEAK_ALLOC), 0);
	KUNIT_EXPECT_EQ(test, memblock_reserved_size(), SZ_4K);
}

static struct kunit_case cases[] = { KUNIT_CASE(fallback_from_mirror_is_told),
				     KUNIT_CASE_PARAM(any_node, direction_gen_params),
				     KUNIT_CASE_PARAM(no_alignment, direction_gen_params),
				     KUNIT_CASE(below_the_kernel),
				     KUNIT_CASE(when_slab_is_there),
				     KUNIT_CASE(pointer_when_slab_is_there),
				     KUNIT_CASE(accepted_before_it_is_used),
				     KUNIT_CASE(kmemleak_is_told),
				     KUNIT_CASE(kmemleak_is_not_told),
				     {} };
#else
SUITE_WITHOUT(any_node, memblock_phys_alloc_range())

static struct kunit_case cases[] = { KUNIT_CASE(any_node), {} };
#endif
static struct kunit_suite suite = { .name = "memblock_alloc_where", .test_cases = cases };

kunit_test_suite(mirror_suite);
kunit_test_suite(suite);
