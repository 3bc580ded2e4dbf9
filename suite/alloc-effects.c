// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What an allocation does beside giving memory: who is told of it, what is recorded, and which of
 * the limits count.
 */
#include <linux/string.h>

#include "internal.h"
#include "suite/entries.h"
#include "suite/watch.h"

static void kmemleak_is_told(struct kunit *test)
{
	const struct watched *told;
	phys_addr_t got;

	machine(test, { MB(64), MB(64) });
	suite_watch();
	got = entry_alloc(test, SZ_4K + 64, 64);
	KUNIT_ASSERT_EQ(test, suite_count_events(RT_KMEMLEAK_ALLOC), 1);
	told = suite_event(RT_KMEMLEAK_ALLOC, 0);
	KUNIT_EXPECT_EQ(test, told->a, got);
	KUNIT_EXPECT_EQ(test, told->b, SZ_4K + 64);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_WARN), 0);
	KUNIT_EXPECT_STREQ(test, suite_log(), "");
}

static void memory_is_accepted(struct kunit *test)
{
#ifdef RT_HAVE_accept_memory
	phys_addr_t got;

	machine(test, { MB(64), MB(64) });
	suite_watch();
	got = entry_alloc(test, SZ_4K + 64, 64);
	KUNIT_ASSERT_EQ(test, suite_count_events(RT_ACCEPT_MEMORY), 1);
	KUNIT_EXPECT_EQ(test, suite_event(RT_ACCEPT_MEMORY, 0)->a, got);
	KUNIT_EXPECT_EQ(test, suite_event(RT_ACCEPT_MEMORY, 0)->b, SZ_4K + 64);
#else
	kunit_skip(test, "this kernel accepts no memory");
#endif
}

static void nobody_is_told_of_nothing(struct kunit *test)
{
	if (entry_of(test)->can & CAN_PANIC)
		kunit_skip(test, "it panics instead");
	machine(test, { MB(64), SZ_4K });
	suite_watch();
	KUNIT_EXPECT_EQ(test, entry_alloc(test, SZ_8K, 64), 0);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_KMEMLEAK_ALLOC), 0);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_ACCEPT_MEMORY), 0);
	KUNIT_EXPECT_STREQ(test, suite_log(), "");
}

/* Whoever gives no alignment is told so, by a stack trace, and gets a cache line's. */
static void alignment_zero(struct kunit *test)
{
	phys_addr_t got;

	machine(test, { MB(64) + 1, MB(64) - 2 });
	suite_watch();
	got = entry_alloc(test, 1, 0);
	expect_got(test, MB(128) - SMP_CACHE_BYTES, MB(64) + SMP_CACHE_BYTES, 1);
#ifdef RT_HAVE_memblock_phys_alloc_range
	expect_log(test, "Call Trace:");
#endif
}

#ifdef RT_HAVE_memblock_phys_alloc_range
#define TELLS_MIRROR_LACKS 1
#endif

static void mirror_lacks(struct kunit *test)
{
	const phys_addr_t size = SZ_8K;
	phys_addr_t got;
	char text[100];

	if (!IS_ENABLED(TELLS_MIRROR_LACKS))
		kunit_skip(test, "not every function of this kernel tells of it");
	mirrored_kernelcore = true;
	machine(test, { MB(64), MB(16) }, { MB(80), SZ_4K, 0, MEMBLOCK_MIRROR });
	suite_watch();
	got = entry_alloc(test, SZ_4K, 64);
	KUNIT_EXPECT_EQ(test, got, MB(80));
	KUNIT_EXPECT_STREQ(test, suite_log(), "");
	got = entry_alloc(test, SZ_8K, 64);
	expect_got(test, MB(80) - SZ_8K, MB(64), SZ_8K);
	snprintf(text, sizeof(text), "Could not allocate %pap bytes of mirrored memory\n", &size);
	suite_expect_log(test, &SUITE_SITE("the log", "of mirrored memory"), text, true);
}

/* Memory that nobody marked is not looked for, and not missed. */
static void mirror_without_kernelcore(struct kunit *test)
{
	machine(test, { MB(64), MB(16) });
	KUNIT_EXPECT_EQ(test, memblock_mark_mirror(MB(64), MB(1)), 0);
	if (memblock.memory.cnt > 1)
		kunit_skip(test, "this kernel marks it without kernelcore=mirror, too");
#ifdef RT_HAVE_memblock_has_mirror
	KUNIT_EXPECT_FALSE(test, memblock_has_mirror());
#endif
	suite_watch();
	KUNIT_EXPECT_EQ(test, entry_alloc(test, MB(16), 64), MB(64));
	KUNIT_EXPECT_STREQ(test, suite_log(), "");
}

static phys_addr_t alloc(struct kunit *test, phys_addr_t size, phys_addr_t min, phys_addr_t max)
{
	const struct entry *e = entry_of(test);

	memblock_set_bottom_up(entry_is_bottom_up(test));
	return e->alloc(size, 64, min, max, NUMA_NO_NODE);
}

/* What the limit of accessible memory is, also without a trace for kmemleak. */
#if !defined(MEMBLOCK_ALLOC_NOLEAKTRACE) && defined(MEMBLOCK_ALLOC_KASAN)
#define MEMBLOCK_ALLOC_NOLEAKTRACE MEMBLOCK_ALLOC_KASAN
#endif
#ifdef MEMBLOCK_ALLOC_NOLEAKTRACE
static void no_leak_trace(struct kunit *test)
{
	phys_addr_t got;

	machine(test, { MB(64), MB(64) });
	memblock_set_current_limit(MB(96));
	suite_watch();
	got = alloc(test, SZ_4K, 0, MEMBLOCK_ALLOC_NOLEAKTRACE);
	expect_got(test, MB(96) - SZ_4K, MB(64), SZ_4K);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_KMEMLEAK_ALLOC), 0);
	got = alloc(test, SZ_4K, 0, MEMBLOCK_ALLOC_ACCESSIBLE);
	expect_got(test, MB(96) - SZ_8K, MB(64) + SZ_4K, SZ_4K);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_KMEMLEAK_ALLOC), 1);
}

#else
SUITE_WITHOUT(no_leak_trace, MEMBLOCK_ALLOC_NOLEAKTRACE)
#endif

/* Pointers are to what is accessible only; addresses may be anywhere. */
static void anywhere(struct kunit *test)
{
	phys_addr_t got;

	machine(test, { MB(64), MB(64) });
	memblock_set_current_limit(MB(96));
	got = alloc(test, SZ_4K, 0, MEMBLOCK_ALLOC_ANYWHERE);
	if (entry_of(test)->can & CAN_RELAX)
		expect_got(test, MB(96) - SZ_4K, MB(64), SZ_4K);
	else
		expect_got(test, MB(128) - SZ_4K, MB(64), SZ_4K);
}

static void max_above_current_limit(struct kunit *test)
{
	phys_addr_t got;

	machine(test, { MB(64), MB(64) });
	memblock_set_current_limit(MB(96));
	got = alloc(test, SZ_4K, 0, MB(112));
	if (entry_of(test)->can & CAN_RELAX)
		expect_got(test, MB(96) - SZ_4K, MB(64), SZ_4K);
	else
		expect_got(test, MB(112) - SZ_4K, MB(64), SZ_4K);
}

static void max_below_min(struct kunit *test)
{
	phys_addr_t got;

	machine(test, { MB(64), MB(64) });
	got = alloc(test, SZ_4K, MB(112), MB(96));
	if (entry_of(test)->can & CAN_RELAX)
		expect_got(test, MB(96) - SZ_4K, MB(64), SZ_4K);
	else
		KUNIT_EXPECT_EQ(test, got, 0);
}

static void max_in_first_page(struct kunit *test)
{
	if (entry_of(test)->can & CAN_PANIC)
		kunit_skip(test, "it panics instead");
	machine(test, { 0, MB(1) });
	KUNIT_EXPECT_EQ(test, alloc(test, 64, 0, PAGE_SIZE), 0);
	KUNIT_EXPECT_EQ(test, alloc(test, 64, 0, PAGE_SIZE + 63), 0);
	KUNIT_EXPECT_EQ(test, alloc(test, 64, 0, PAGE_SIZE + 64), PAGE_SIZE);
}

/* A request that is larger than all below an address must not wrap around. */
static void larger_than_all_below(struct kunit *test)
{
	if (entry_of(test)->can & CAN_PANIC)
		kunit_skip(test, "it panics instead");
	machine(test, { MB(1), MB(4) });
	KUNIT_EXPECT_EQ(test, entry_alloc(test, MB(6), 64), 0);
	KUNIT_EXPECT_EQ(test, entry_alloc(test, ~(phys_addr_t)0 - MB(1), 64), 0);
	expect_reserved(test, NOTHING);
}

static void huge_alignment(struct kunit *test)
{
	machine(test, { MB(64), MB(160) });
	KUNIT_EXPECT_EQ(test, entry_alloc(test, MB(1), MB(128)), MB(128));
	if (!(entry_of(test)->can & CAN_PANIC))
		KUNIT_EXPECT_EQ(test, entry_alloc(test, MB(1), MB(256)), 0);
}

/* Nothing above 4 GiB, or where the architecture draws that line. */
static void low_memory(struct kunit *test)
{
#ifdef RT_HAVE_memblock_alloc_low
	const phys_addr_t limit = ARCH_LOW_ADDRESS_LIMIT;

	if (sizeof(phys_addr_t) == 4)
		kunit_skip(test, "all memory is low");
	machine(test, { limit - MB(16), MB(64) });
	suite_direction(test);
	KUNIT_EXPECT_EQ(test, __pa(memblock_alloc_low(MB(1), SZ_64K)),
			memblock_bottom_up() ? ALIGN(limit - MB(16), SZ_64K)
					     : ALIGN_DOWN(limit - MB(1), SZ_64K));
	KUNIT_EXPECT_NULL(test, memblock_alloc_low(MB(16), SZ_64K));
#else
	kunit_skip(test, "this kernel has no memblock_alloc_low()");
#endif
}

#ifdef RT_HAVE_memblock_reserved_kern_size
#define EVERYWHERE MEMBLOCK_ALLOC_ANYWHERE

/* What is allocated is the kernel's, and of the node that it was asked of, if it is from there. */
static void recorded(struct kunit *test)
{
	const struct entry *e = entry_of(test);

	suite_needs_nodes(test);
	machine(test, { MB(64), MB(1), NODE(0) }, { MB(80), MB(1), NODE(1) });
	memblock_reserve(MB(64), SZ_4K);
	memblock_set_bottom_up(entry_is_bottom_up(test));
	KUNIT_EXPECT_NE(test, e->alloc(SZ_64K, 64, 0, 0, 1), 0);
	KUNIT_EXPECT_EQ(test, memblock_reserved_kern_size(EVERYWHERE, 1), SZ_64K);
	KUNIT_EXPECT_EQ(test, memblock_reserved_kern_size(EVERYWHERE, 0), 0);
	if (e->can & CAN_EXACT)
		return;
	/* not from there: it is nobody's */
	KUNIT_EXPECT_NE(test, e->alloc(MB(1) - SZ_16K, 64, 0, 0, 1), 0);
	KUNIT_EXPECT_EQ(test, memblock_reserved_kern_size(EVERYWHERE, 1), SZ_64K);
	KUNIT_EXPECT_EQ(test, memblock_reserved_kern_size(EVERYWHERE, NUMA_NO_NODE),
			SZ_64K + MB(1) - SZ_16K);
}

static void recorded_as_the_kernels(struct kunit *test)
{
	machine(test, { MB(64), MB(64) });
	memblock_reserve(MB(70), SZ_4K);
	KUNIT_EXPECT_NE(test, entry_alloc(test, SZ_64K, 64), 0);
	KUNIT_EXPECT_EQ(test, memblock_reserved_kern_size(EVERYWHERE, NUMA_NO_NODE), SZ_64K);
}
#else
SUITE_WITHOUT(recorded, memblock_reserved_kern_size())
SUITE_WITHOUT(recorded_as_the_kernels, memblock_reserved_kern_size())
#endif

#define EACH(fn) KUNIT_CASE_PARAM(fn, entry_gen_params)
#define MAX(fn) KUNIT_CASE_PARAM(fn, entry_max_gen_params)

static struct kunit_case cases[] = { EACH(kmemleak_is_told),
				     EACH(memory_is_accepted),
				     EACH(nobody_is_told_of_nothing),
				     EACH(alignment_zero),
				     EACH(mirror_lacks),
				     EACH(mirror_without_kernelcore),
				     MAX(no_leak_trace),
				     MAX(anywhere),
				     MAX(max_above_current_limit),
				     KUNIT_CASE_PARAM(max_below_min, entry_min_max_gen_params),
				     MAX(max_in_first_page),
				     EACH(larger_than_all_below),
				     EACH(huge_alignment),
				     KUNIT_CASE_PARAM(low_memory, direction_gen_params),
				     KUNIT_CASE_PARAM(recorded, entry_node_gen_params),
				     EACH(recorded_as_the_kernels),
				     {} };
static struct kunit_suite suite = { .name = "memblock_alloc_effects", .test_cases = cases };

kunit_test_suite(suite);
