// SPDX-License-Identifier: GPL-2.0-or-later
/* Calls that are small, and what memblock warns of or stops at. */
#include <linux/pfn.h>
#include <linux/string.h>

#include "internal.h"
#include "suite/line.h"
#include "suite/watch.h"

/* A pointer is given back as the address was taken; no pointer, nothing. */
#ifdef RT_HAVE_memblock_phys_free
static void pointer(struct kunit *test)
{
	void *p;

	machine(test, { MB(16), MB(16) });
	p = memblock_alloc(SZ_64K, SZ_4K);
	suite_watch();
	memblock_free(p, SZ_4K);
	expect_reserved(test, { __pa(p) + SZ_4K, SZ_64K - SZ_4K });
	KUNIT_ASSERT_EQ(test, suite_count_events(RT_KMEMLEAK_FREE), 1);
	memblock_free(NULL, SZ_64K);
	expect_reserved(test, { __pa(p) + SZ_4K, SZ_64K - SZ_4K });
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_KMEMLEAK_FREE), 1);
}
#else
SUITE_WITHOUT(pointer, memblock_free(ptr, size))
#endif

static void kmemleak_is_told(struct kunit *test)
{
	const struct watched *told;

	memblock_reserve(MB(16), SZ_64K);
	suite_watch();
	KUNIT_EXPECT_EQ(test, suite_free(MB(16) + SZ_4K, SZ_8K), 0);
	KUNIT_ASSERT_EQ(test, suite_count_events(RT_KMEMLEAK_FREE), 1);
	told = suite_event(RT_KMEMLEAK_FREE, 0);
	KUNIT_EXPECT_EQ(test, told->a, MB(16) + SZ_4K);
	KUNIT_EXPECT_EQ(test, told->b, SZ_8K);
}

/* What goes beyond the last address ends there. */
static void to_the_last_address(struct kunit *test)
{
	const phys_addr_t all = ~(phys_addr_t)0;

	machine(test, { MB(16), MB(16) }, { MB(64), MB(16) });
	memblock_reserve(MB(20), MB(16));
	suite_stands();
	KUNIT_EXPECT_TRUE(test, memblock_is_region_reserved(MB(16), all));
	KUNIT_EXPECT_TRUE(test, memblock_is_region_reserved(MB(35), all));
	KUNIT_EXPECT_FALSE(test, memblock_is_region_reserved(MB(36), all));
	KUNIT_EXPECT_FALSE(test, memblock_is_region_memory(MB(64), all));
	KUNIT_EXPECT_EQ(test, memblock_mark_nomap(MB(72), all), 0);
	KUNIT_EXPECT_EQ(test, suite_free(MB(24), all), 0);
	KUNIT_EXPECT_EQ(test, memblock_remove(MB(24), all - MB(16)), 0);
	expect_memory(test, { MB(16), MB(8) });
	expect_reserved(test, { MB(20), MB(4) });
	KUNIT_EXPECT_EQ(test, memblock_add(MB(24), all), 0);
	KUNIT_EXPECT_TRUE(test, memblock_is_region_memory(MB(16), all));
	KUNIT_EXPECT_EQ(test, memblock_phys_mem_size(), all - MB(16));
}

/* What begins at address 0 is a region like others. */
static void from_the_first_address(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, memblock_add(0, MB(1)), 0);
	KUNIT_EXPECT_EQ(test, memblock_add(MB(4), MB(1)), 0);
	KUNIT_EXPECT_EQ(test, memblock_reserve(0, 1), 0);
	KUNIT_EXPECT_EQ(test, memblock_reserve(2, 1), 0);
	expect_memory(test, { 0, MB(1) }, { MB(4), MB(1) });
	expect_reserved(test, { 0, 1 }, { 2, 1 });
	KUNIT_EXPECT_EQ(test, memblock_remove(0, 1), 0);
	KUNIT_EXPECT_EQ(test, suite_free(0, 1), 0);
	expect_memory(test, { 1, MB(1) - 1 }, { MB(4), MB(1) });
	expect_reserved(test, { 2, 1 });
}

static void first_and_end(struct kunit *test)
{
	line_lay(test, LINE_MEMORY, ".AN.A.A.");
	KUNIT_EXPECT_EQ(test, memblock_start_of_DRAM(), LINE_AT(1));
	KUNIT_EXPECT_EQ(test, memblock_end_of_DRAM(), LINE_AT(7));
}

static void current_limit(struct kunit *test)
{
#ifdef RT_HAVE_memblock_get_current_limit
	KUNIT_EXPECT_EQ(test, memblock_get_current_limit(), MEMBLOCK_ALLOC_ANYWHERE);
	memblock_set_current_limit(MB(17));
	KUNIT_EXPECT_EQ(test, memblock_get_current_limit(), MB(17));
#else
	kunit_skip(test, "this kernel has no memblock_get_current_limit()");
#endif
}

static void direction(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, memblock_bottom_up());
	memblock_set_bottom_up(true);
	KUNIT_EXPECT_TRUE(test, memblock_bottom_up());
	memblock_set_bottom_up(false);
	KUNIT_EXPECT_FALSE(test, memblock_bottom_up());
}

#ifdef RT_HAVE_memblock_has_mirror
static void mirror(struct kunit *test)
{
	machine(test, { MB(16), MB(16) });
	KUNIT_EXPECT_FALSE(test, memblock_has_mirror());
	mirrored_kernelcore = true;
	KUNIT_EXPECT_FALSE(test, memblock_has_mirror());
	KUNIT_EXPECT_EQ(test, memblock_mark_mirror(MB(16), MB(1)), 0);
	KUNIT_EXPECT_TRUE(test, memblock_has_mirror());
}
#else
SUITE_WITHOUT(mirror, memblock_has_mirror())
#endif

#if defined(CONFIG_NUMA) && defined(RT_HAVE_memblock_search_pfn_nid)
/* The pages of a region that its borders are in; a node that is none is told as it is. */
static void unaligned_region_of_a_page(struct kunit *test)
{
	unsigned long start = 0, end = 0;

	KUNIT_ASSERT_EQ(test, suite_add_node(MB(16) + 64, MB(1) + 64, 1, 0), 0);
	KUNIT_EXPECT_EQ(test, memblock_search_pfn_nid(PHYS_PFN(MB(16)) + 1, &start, &end), 1);
	KUNIT_EXPECT_EQ(test, start, PHYS_PFN(MB(16)));
	KUNIT_EXPECT_EQ(test, end, PHYS_PFN(MB(17)));
	KUNIT_EXPECT_EQ(test, memblock_search_pfn_nid(PHYS_PFN(MB(16)), &start, &end), -1);
}
#else
SUITE_WITHOUT(unaligned_region_of_a_page, memblock_search_pfn_nid() in this configuration)
#endif

#ifdef CONFIG_HAVE_MEMBLOCK_PHYS_MAP
/* A list of its own, for which what is used or reserved does not count. */
static void physmem_is_apart(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, memblock_add(MB(16), MB(1)), 0);
	KUNIT_EXPECT_EQ(test, memblock_physmem_add(MB(32), MB(1)), 0);
	KUNIT_EXPECT_EQ(test, memblock_physmem_add(MB(33), MB(1)), 0);
	KUNIT_EXPECT_EQ(test, memblock_physmem_add(MB(48), ~(phys_addr_t)0), 0);
	expect_memory(test, { MB(16), MB(1) });
	expect_reserved(test, NOTHING);
#ifdef RT_PHYSMEM_IS_MEMBER
	const struct memblock_type *physmem_ = &memblock.physmem;
#else
	extern struct memblock_type physmem;
	const struct memblock_type *physmem_ = &physmem;
#endif
	KUNIT_ASSERT_EQ(test, physmem_->cnt, 2);
	KUNIT_EXPECT_EQ(test, physmem_->regions[0].base, MB(32));
	KUNIT_EXPECT_EQ(test, physmem_->regions[0].size, MB(2));
	KUNIT_EXPECT_EQ(test, physmem_->regions[0].flags, 0);
	KUNIT_EXPECT_EQ(test, physmem_->regions[1].base, MB(48));
	KUNIT_EXPECT_EQ(test, physmem_->total_size, MB(2) + ~(phys_addr_t)0 - MB(48));
	KUNIT_EXPECT_FALSE(test, memblock_is_memory(MB(32)));
}
#else
SUITE_WITHOUT(physmem_is_apart, physmem in this configuration)
#endif

#ifdef RT_HAVE_memblock_reserved_kern_size
#define OF(limit, nid) memblock_reserved_kern_size(LINE_AT(limit), nid)

/* Below an address, of a node or of any. */
static void kernels_part_of_reserved(struct kunit *test)
{
	line_lay(test, LINE_RESERVED, "KKRRK.KKK");
	KUNIT_EXPECT_EQ(test, OF(0, NUMA_NO_NODE), 0);
	KUNIT_EXPECT_EQ(test, OF(1, NUMA_NO_NODE), 1);
	KUNIT_EXPECT_EQ(test, OF(2, NUMA_NO_NODE), 2);
	KUNIT_EXPECT_EQ(test, OF(4, NUMA_NO_NODE), 2);
	KUNIT_EXPECT_EQ(test, OF(5, NUMA_NO_NODE), 3);
	KUNIT_EXPECT_EQ(test, OF(8, NUMA_NO_NODE), 5);
	KUNIT_EXPECT_EQ(test, OF(9, NUMA_NO_NODE), 6);
	KUNIT_EXPECT_EQ(test, OF(99, MAX_NUMNODES), 6);
	if (!IS_ENABLED(CONFIG_NUMA))
		return;
	memblock_set_node(LINE_AT(1), 4, &memblock.reserved, 1);
	KUNIT_EXPECT_EQ(test, OF(99, 1), 2);
	KUNIT_EXPECT_EQ(test, OF(2, 1), 1);
	KUNIT_EXPECT_EQ(test, OF(99, 0), 0);
	KUNIT_EXPECT_EQ(test, OF(99, NUMA_NO_NODE), 6);
}
#else
SUITE_WITHOUT(kernels_part_of_reserved, memblock_reserved_kern_size())
#endif

#ifdef RT_HAVE_memblock_alloc_hugetlb
/* Aligned to its size, raw, and known as what it is for. */
static void huge_page(struct kunit *test)
{
	machine(test, { MB(63), MB(34), NODE(0) });
	suite_watch();
	KUNIT_EXPECT_EQ(test, __pa(memblock_alloc_hugetlb(MB(2), 0, true)), MB(94));
	KUNIT_EXPECT_EQ(test, memblock_reserved_hugetlb_size(MB(95), NUMA_NO_NODE), MB(1));
	KUNIT_EXPECT_EQ(test, memblock_reserved_hugetlb_size(MB(96), 0), MB(2));
	KUNIT_EXPECT_EQ(test, memblock_reserved_kern_size(MB(96), NUMA_NO_NODE), MB(2));
	KUNIT_ASSERT_EQ(test, suite_count_events(RT_KMEMLEAK_ALLOC), 1);
	KUNIT_EXPECT_EQ(test, suite_event(RT_KMEMLEAK_ALLOC, 0)->b, MB(2));
	KUNIT_EXPECT_FALSE(test, suite_is_zeroed(MB(94), SZ_4K));
	memblock_reserve(MB(80), SZ_4K);
	KUNIT_EXPECT_EQ(test, memblock_reserved_hugetlb_size(MB(96), NUMA_NO_NODE), MB(2));
}

/* It is not looked for in mirrored memory, and none is missed. */
static void huge_page_beside_mirrored_memory(struct kunit *test)
{
	mirrored_kernelcore = true;
	machine(test, { MB(64), MB(4), 0, MEMBLOCK_MIRROR }, { MB(96), MB(4) });
	suite_watch();
	KUNIT_EXPECT_EQ(test, __pa(memblock_alloc_hugetlb(MB(2), NUMA_NO_NODE, false)), MB(98));
	KUNIT_EXPECT_STREQ(test, suite_log(), "");
}

/* Mirrored memory is for the kernel, huge pages are not. */
static void huge_page_is_not_mirrored(struct kunit *test)
{
	mirrored_kernelcore = true;
	machine(test, { MB(64), MB(4) }, { MB(96), MB(4), 0, MEMBLOCK_MIRROR });
	KUNIT_EXPECT_EQ(test, __pa(memblock_alloc_hugetlb(MB(2), NUMA_NO_NODE, false)), MB(66));
}

static void huge_page_of_a_node(struct kunit *test)
{
	suite_needs_nodes(test);
	machine(test, { MB(64), MB(64), NODE(0) }, { MB(160), MB(2), NODE(1) });
	KUNIT_EXPECT_EQ(test, __pa(memblock_alloc_hugetlb(MB(2), 1, false)), MB(160));
	KUNIT_EXPECT_NULL(test, memblock_alloc_hugetlb(MB(2), 1, true));
	KUNIT_EXPECT_EQ(test, __pa(memblock_alloc_hugetlb(MB(2), 1, false)), MB(126));
	KUNIT_EXPECT_NULL(test, memblock_alloc_hugetlb(MB(128), 0, false));
	KUNIT_EXPECT_EQ(test, memblock_reserved_hugetlb_size(MB(999), 1), MB(2));
}
#else
SUITE_WITHOUT(huge_page, memblock_alloc_hugetlb())
SUITE_WITHOUT(huge_page_beside_mirrored_memory, memblock_alloc_hugetlb())
SUITE_WITHOUT(huge_page_is_not_mirrored, memblock_alloc_hugetlb())
SUITE_WITHOUT(huge_page_of_a_node, memblock_alloc_hugetlb())
#endif

/* Memory of one node around that of another is a mistake of the firmware that is told of. */
static void around_another_node(struct kunit *test)
{
	suite_needs_nodes(test);
	line_lay(test, LINE_MEMORY, "..A.A..");
	suite_watch();
	KUNIT_EXPECT_EQ(test, suite_add_node(LINE_AT(1), 5, 0, 0), 0);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_WARN), 0);
	/* beside is not around */
	line_lay(test, LINE_MEMORY, "..A.A..");
	KUNIT_EXPECT_EQ(test, suite_add_node(LINE_AT(0), 2, 1, 0), 0);
	KUNIT_EXPECT_EQ(test, suite_add_node(LINE_AT(3), 1, 1, 0), 0);
	KUNIT_EXPECT_EQ(test, suite_add_node(LINE_AT(5), 2, 1, 0), 0);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_WARN), 0);
	line_lay(test, LINE_MEMORY, "..A.A..");
	KUNIT_EXPECT_EQ(test, suite_add_node(LINE_AT(1), 5, 1, 0), 0);
	expect_line(test, LINE_MEMORY, ".BABAB.", "around A");
	KUNIT_EXPECT_GT(test, suite_count_events(RT_WARN), 0);
}

#if RT_HAVE_memblock_add_node == 4
static void around_other_flags(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, memblock_add_node(LINE_AT(2), 1, 0, MEMBLOCK_HOTPLUG), 0);
	suite_watch();
	KUNIT_EXPECT_EQ(test, memblock_add_node(LINE_AT(1), 3, 0, MEMBLOCK_HOTPLUG), 0);
	expect_line(test, LINE_MEMORY, ".HHH", "the same flags");
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_WARN), 0);
	KUNIT_EXPECT_EQ(test, memblock_add_node(LINE_AT(0), 5, 0, MEMBLOCK_NOMAP), 0);
	expect_line(test, LINE_MEMORY, "NHHHN", "around H");
	KUNIT_EXPECT_GT(test, suite_count_events(RT_WARN), 0);
}
#else
SUITE_WITHOUT(around_other_flags, memblock_add_node(base, size, nid, flags))
#endif

/* Sums that are wrong are found when nothing is left, or when the first comes. */
static void wrong_sum(struct kunit *test)
{
	line_lay(test, LINE_MEMORY, "AA");
	suite_watch();
	memblock_remove(LINE_AT(0), 2);
	memblock_add(LINE_AT(0), 2);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_WARN), 0);
	memblock.memory.total_size++;
	memblock_remove(LINE_AT(0), 2);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_WARN), 1);
	memblock_add(LINE_AT(0), 2);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_WARN), 2);
}

static void regions_that_overlap(struct kunit *test)
{
	line_lay(test, LINE_MEMORY, "A.AA");
	memblock.memory.regions[0].size = 3;
	expect_bug(test, memblock_mark_nomap(LINE_AT(0), 4));
}

/* Emptied, a list is as it was in the beginning. */
static void emptied_as_at_first(struct kunit *test)
{
	struct memblock first = memblock;

	line_lay(test, LINE_MEMORY, ".HNH");
	line_lay(test, LINE_RESERVED, ".R");
	memblock_remove(0, MB(2));
	suite_free(0, MB(2));
	KUNIT_EXPECT_EQ(test, memblock.memory.cnt, first.memory.cnt);
	KUNIT_EXPECT_EQ(test, memblock.reserved.cnt, first.reserved.cnt);
	KUNIT_EXPECT_EQ(test, memblock.memory.regions[0].base, 0);
	KUNIT_EXPECT_EQ(test, memblock.memory.regions[0].size, 0);
	KUNIT_EXPECT_EQ(test, memblock.memory.regions[0].flags, 0);
	KUNIT_EXPECT_EQ(test, memblock_start_of_DRAM(), 0);
}

static struct kunit_case cases[] = { KUNIT_CASE(current_limit),
				     KUNIT_CASE(direction),
				     KUNIT_CASE(mirror),
				     KUNIT_CASE(to_the_last_address),
				     KUNIT_CASE(from_the_first_address),
				     KUNIT_CASE(first_and_end),
				     KUNIT_CASE(unaligned_region_of_a_page),
				     KUNIT_CASE(physmem_is_apart),
				     KUNIT_CASE(kernels_part_of_reserved),
				     KUNIT_CASE(huge_page),
				     KUNIT_CASE(huge_page_beside_mirrored_memory),
				     KUNIT_CASE(huge_page_is_not_mirrored),
				     KUNIT_CASE(huge_page_of_a_node),
				     {} };
static struct kunit_suite suite = { .name = "memblock_small", .test_cases = cases };

static struct kunit_case free_cases[] = { KUNIT_CASE(pointer), KUNIT_CASE(kmemleak_is_told), {} };
static struct kunit_suite free_suite = { .name = "memblock_free", .test_cases = free_cases };

static struct kunit_case warn_cases[] = {
	KUNIT_CASE(around_another_node),  KUNIT_CASE(around_other_flags),  KUNIT_CASE(wrong_sum),
	KUNIT_CASE(regions_that_overlap), KUNIT_CASE(emptied_as_at_first), {}
};
static struct kunit_suite warn_suite = { .name = "memblock_warnings", .test_cases = warn_cases };

kunit_test_suite(suite);
kunit_test_suite(free_suite);
kunit_test_suite(warn_suite);
