// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Kexec handover: memory of reserve_mem= is preserved for the next kernel, which finds it again by its
 * name; and until the hand-over, memory comes from scratch areas only.
 */
#include <linux/errno.h>
#include <linux/kexec_handover.h>
#include <linux/libfdt.h>
#include <linux/string.h>

#include "kernel/rt/rt.h"
#include "suite/handover.h"

#if defined(CONFIG_KEXEC_HANDOVER) && defined(RT_HAVE_KHO_SUBTREES)
/* what kernels agree on between them */
#define MEMBLOCK_KHO_FDT "memblock"
#define MEMBLOCK_KHO_NODE_COMPATIBLE "memblock-v1"
#define RESERVE_MEM_KHO_NODE_COMPATIBLE "reserve-mem-v1"

int reserve_mem_find_by_name(const char *name, phys_addr_t *start, phys_addr_t *size);

static int give(struct kunit *test, const char *value)
{
	return suite_param(test, "reserve_mem", value);
}

/* The kernel before, with "one" at 79 and "two" at 77 MiB, has made its tree. */
static void last_kernel(struct kunit *test)
{
	machine(test, { MB(16), MB(64) });
	rt_kho_enabled = true;
	KUNIT_ASSERT_EQ(test, give(test, "1M:1M:one"), 1);
	KUNIT_ASSERT_EQ(test, give(test, "2M:1M:two"), 1);
	handover_low_memory(MB(80));
	handover();
	rt_slab_available = true;
	suite_watch();
}

/* Late in the boot, and when the next kernel is about to start. */
static void hand_over(void)
{
	rt_initcalls();
	if (rt_kho_notifier)
		rt_kho_notifier->notifier_call(rt_kho_notifier, KEXEC_KHO_FINALIZE, NULL);
}

/* A kernel that hands over when it is told to keeps what it had made, and tells of an error. */
static void needs_undoing(struct kunit *test)
{
#ifdef RT_KHO_NOTIFIES
	kunit_skip(test, "this kernel hands over when it is told to, and undoes nothing");
#endif
	(void)test;
}

static void expect_nothing_is_left(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, !rt_kho_fdt);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_KHO_PRESERVE),
			suite_count_events(RT_KHO_UNPRESERVE));
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_SLAB_ALLOC), suite_count_events(RT_SLAB_FREE));
	expect_log(test, "failed to prepare memblock FDT for KHO");
}

static bool preserved(phys_addr_t base, phys_addr_t size)
{
	const struct watched *e;

	for (unsigned int i = 0; (e = suite_event(RT_KHO_PRESERVE, i)); i++)
		if (e->a == base && e->b == size)
			return true;
	return false;
}

static void expect_number(struct kunit *test, int node, const char *name, phys_addr_t value)
{
	int len;
	const phys_addr_t *p = fdt_getprop(rt_kho_fdt, node, name, &len);

	KUNIT_ASSERT_TRUE(test, p != NULL, "%s", name);
	KUNIT_ASSERT_EQ(test, len, sizeof(*p));
	KUNIT_EXPECT_EQ(test, *p, value, "%s", name);
}

static void preserves(struct kunit *test)
{
	int node;

	last_kernel(test);
	hand_over();
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_KHO_PRESERVE), 3);
	KUNIT_EXPECT_TRUE(test, preserved(MB(79), MB(1)));
	KUNIT_EXPECT_TRUE(test, preserved(MB(77), MB(2)));
	KUNIT_ASSERT_TRUE(test, rt_kho_fdt != NULL);
	KUNIT_EXPECT_TRUE(test, preserved(__pa(rt_kho_fdt), PAGE_SIZE));
	KUNIT_EXPECT_EQ(test,
			fdt_node_check_compatible(rt_kho_fdt, 0, MEMBLOCK_KHO_NODE_COMPATIBLE), 0);
	node = fdt_subnode_offset(rt_kho_fdt, 0, "two");
	KUNIT_ASSERT_GT(test, node, 0);
	KUNIT_EXPECT_EQ(
		test, fdt_node_check_compatible(rt_kho_fdt, node, RESERVE_MEM_KHO_NODE_COMPATIBLE),
		0);
	expect_number(test, node, "start", MB(77));
	expect_number(test, node, "size", MB(2));
	node = fdt_subnode_offset(rt_kho_fdt, 0, "one");
	KUNIT_ASSERT_GT(test, node, 0);
	expect_number(test, node, "start", MB(79));
	expect_number(test, node, "size", MB(1));
}

static void preserves_nothing_if_disabled(struct kunit *test)
{
	last_kernel(test);
	rt_kho_enabled = false;
	rt_initcalls();
	KUNIT_EXPECT_TRUE(test, !rt_kho_fdt);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_KHO_PRESERVE), 0);
}

static void preserves_nothing_without_reserve_mem(struct kunit *test)
{
	machine(test, { MB(16), MB(64) });
	rt_kho_enabled = true;
	rt_slab_available = true;
	suite_watch();
	rt_initcalls();
	KUNIT_EXPECT_TRUE(test, !rt_kho_fdt);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_KHO_PRESERVE), 0);
}

static void cannot_allocate(struct kunit *test)
{
	needs_undoing(test);
	last_kernel(test);
	rt_slab_available = false;
	rt_initcalls();
	expect_nothing_is_left(test);
}

/* The page of the tree is preserved first, then one and two. */
static const struct failure {
	const char *name;
	int call;
} failures[] = { { "tree", 1 }, { "first_region", 2 }, { "second_region", 3 } };

KUNIT_ARRAY_PARAM_DESC(failure, failures, name);

static void cannot_preserve(struct kunit *test)
{
	const struct failure *f = test->param_value;

	needs_undoing(test);
	last_kernel(test);
	rt_kho_errors[RT_KHO_PRESERVE_PAGES] = f->call;
	rt_initcalls();
	expect_nothing_is_left(test);
}

static void cannot_add(struct kunit *test)
{
	needs_undoing(test);
	last_kernel(test);
	rt_kho_errors[RT_KHO_ADD_SUBTREE] = -ENOMEM;
	rt_initcalls();
	expect_nothing_is_left(test);
}

/* What the kernel before handed over: a region "old" at 32 MiB. */
static const struct handed {
	const char *name;
	const char *compatible, *region_compatible, *region;
	phys_addr_t start, size;
	int len; /* of the numbers, bytes */
	bool found;
} handed[] = {
#define GOOD MEMBLOCK_KHO_NODE_COMPATIBLE, RESERVE_MEM_KHO_NODE_COMPATIBLE
	{ "as_asked", GOOD, "old", MB(32), MB(1), sizeof(phys_addr_t), true },
	{ "not_aligned", GOOD, "old", MB(32) + SZ_4K, MB(1), sizeof(phys_addr_t), false },
	{ "smaller", GOOD, "old", MB(32), MB(1) - SZ_4K, sizeof(phys_addr_t), false },
	{ "larger", GOOD, "old", MB(32), MB(2), sizeof(phys_addr_t), false },
	{ "other_name", GOOD, "older", MB(32), MB(1), sizeof(phys_addr_t), false },
	{ "short_numbers", GOOD, "old", MB(32), MB(1), 4, false },
	{ "no_numbers", GOOD, "old", MB(32), MB(1), -1, false },
	{ "other_tree", "memblock-v0", RESERVE_MEM_KHO_NODE_COMPATIBLE, "old", MB(32), MB(1),
	  sizeof(phys_addr_t), false },
	{ "other_region", MEMBLOCK_KHO_NODE_COMPATIBLE, "reserve-mem-v0", "old", MB(32), MB(1),
	  sizeof(phys_addr_t), false },
};

KUNIT_ARRAY_PARAM_DESC(handed, handed, name);

static void hand(const struct handed *h, const char *name)
{
	void *fdt = __va(MB(20));

	fdt_create(fdt, PAGE_SIZE);
	fdt_finish_reservemap(fdt);
	fdt_begin_node(fdt, "");
	fdt_property_string(fdt, "compatible", h->compatible);
	fdt_begin_node(fdt, h->region);
	fdt_property_string(fdt, "compatible", h->region_compatible);
	if (h->len > 0) {
		fdt_property(fdt, "start", &h->start, h->len);
		fdt_property(fdt, "size", &h->size, h->len);
	}
	fdt_end_node(fdt);
	fdt_end_node(fdt);
	fdt_finish(fdt);
	rt_kho_add_subtree(name, fdt);
}

static void revives(struct kunit *test)
{
	const struct handed *h = test->param_value;
	phys_addr_t start, size;

	machine(test, { MB(16), MB(64) });
	hand(h, MEMBLOCK_KHO_FDT);
	suite_watch();
	KUNIT_EXPECT_EQ(test, give(test, "1M:1M:old"), 1);
	KUNIT_ASSERT_EQ(test, reserve_mem_find_by_name("old", &start, &size), 1);
	KUNIT_EXPECT_EQ(test, size, MB(1));
	/* else it is allocated anew */
	KUNIT_EXPECT_EQ(test, start, h->found ? MB(32) : MB(79));
	KUNIT_EXPECT_EQ(test, !!strstr(suite_log(), "Revived memory reservation 'old'"), h->found);
	KUNIT_EXPECT_EQ(test, memblock_reserved_size(), h->found ? 0 : MB(1));
}

/* The tree is looked for again and again, and an incompatible one is not taken the second time, either. */
static void revives_twice(struct kunit *test)
{
	phys_addr_t start, size;

	machine(test, { MB(16), MB(64) });
	hand(&handed[0], MEMBLOCK_KHO_FDT);
	KUNIT_EXPECT_EQ(test, give(test, "2M:1M:new"), 1);
	KUNIT_EXPECT_EQ(test, give(test, "1M:1M:old"), 1);
	KUNIT_ASSERT_EQ(test, reserve_mem_find_by_name("old", &start, &size), 1);
	KUNIT_EXPECT_EQ(test, start, MB(32));
}

static void revives_nothing_of_others(struct kunit *test)
{
	phys_addr_t start, size;

	machine(test, { MB(16), MB(64) });
	hand(&handed[0], "somebody");
	suite_watch();
	KUNIT_EXPECT_EQ(test, give(test, "1M:1M:old"), 1);
	KUNIT_ASSERT_EQ(test, reserve_mem_find_by_name("old", &start, &size), 1);
	KUNIT_EXPECT_EQ(test, start, MB(79));
	KUNIT_EXPECT_STREQ(test, suite_log(), "");
}

static void cannot_retrieve(struct kunit *test)
{
	machine(test, { MB(16), MB(64) });
	rt_kho_errors[RT_KHO_RETRIEVE_SUBTREE] = -EINVAL;
	suite_watch();
	KUNIT_EXPECT_EQ(test, give(test, "1M:1M:old"), 1);
	expect_log(test, "failed to retrieve FDT 'memblock'");
}
#else
static const char *const nothing[] = { "none" };

KUNIT_ARRAY_PARAM(failure, nothing, NULL);
KUNIT_ARRAY_PARAM(handed, nothing, NULL);
SUITE_WITHOUT(preserves, kexec handover of reserve_mem = in this configuration)
SUITE_WITHOUT(preserves_nothing_if_disabled, kexec handover of reserve_mem = in this configuration)
SUITE_WITHOUT(preserves_nothing_without_reserve_mem,
	      kexec handover of reserve_mem = in this configuration)
SUITE_WITHOUT(cannot_allocate, kexec handover of reserve_mem = in this configuration)
SUITE_WITHOUT(cannot_preserve, kexec handover of reserve_mem = in this configuration)
SUITE_WITHOUT(cannot_add, kexec handover of reserve_mem = in this configuration)
SUITE_WITHOUT(revives, kexec handover of reserve_mem = in this configuration)
SUITE_WITHOUT(revives_twice, kexec handover of reserve_mem = in this configuration)
SUITE_WITHOUT(revives_nothing_of_others, kexec handover of reserve_mem = in this configuration)
SUITE_WITHOUT(cannot_retrieve, kexec handover of reserve_mem = in this configuration)
#endif

#if defined(CONFIG_MEMBLOCK_KHO_SCRATCH) && defined(RT_HAVE_memblock_set_kho_scratch_only)
/*
 *	16       32      48              80 MiB
 *	|        |scratch|                |
 */
static void scratch(struct kunit *test)
{
	machine(test, { MB(16), MB(64) });
	KUNIT_EXPECT_EQ(test, memblock_mark_kho_scratch(MB(32), MB(16)), 0);
	expect_memory(test, { MB(16), MB(16) }, { MB(32), MB(16), 0, MEMBLOCK_KHO_SCRATCH },
		      { MB(48), MB(32) });
	handover_low_memory(MB(80));
}

static void scratch_only(struct kunit *test)
{
	scratch(test);
	memblock_set_kho_scratch_only();
	KUNIT_EXPECT_EQ(test, memblock_phys_alloc(MB(16), SZ_4K), MB(32));
	KUNIT_EXPECT_EQ(test, memblock_phys_alloc(SZ_4K, SZ_4K), 0);
	memblock_clear_kho_scratch_only();
	KUNIT_EXPECT_EQ(test, memblock_phys_alloc(SZ_4K, SZ_4K), MB(80) - SZ_4K);
}

static void scratch_is_no_more(struct kunit *test)
{
	scratch(test);
	KUNIT_EXPECT_EQ(test, memblock_clear_kho_scratch(MB(40), MB(8)), 0);
	expect_memory(test, { MB(16), MB(16) }, { MB(32), MB(8), 0, MEMBLOCK_KHO_SCRATCH },
		      { MB(40), MB(40) });
}

/* All memory is handed over. */
static void scratch_until_handover(struct kunit *test)
{
	scratch(test);
	memblock_set_kho_scratch_only();
	handover();
	expect_pages(test, { MB(16), MB(64) });
	KUNIT_EXPECT_EQ(test, memblock_phys_alloc(SZ_4K, SZ_4K), MB(80) - SZ_4K);
}

#ifdef RT_HAVE_memblock_is_kho_scratch_memory
static void scratch_asked(struct kunit *test)
{
	scratch(test);
	KUNIT_EXPECT_FALSE(test, memblock_is_kho_scratch_memory(MB(8)));
	KUNIT_EXPECT_FALSE(test, memblock_is_kho_scratch_memory(MB(32) - 1));
	KUNIT_EXPECT_TRUE(test, memblock_is_kho_scratch_memory(MB(32)));
	KUNIT_EXPECT_TRUE(test, memblock_is_kho_scratch_memory(MB(48) - 1));
	KUNIT_EXPECT_FALSE(test, memblock_is_kho_scratch_memory(MB(48)));
	KUNIT_EXPECT_FALSE(test, memblock_is_kho_scratch_memory(MB(80)));
}
#else
SUITE_WITHOUT(scratch_asked, memblock_is_kho_scratch_memory())
#endif
#else
SUITE_WITHOUT(scratch_only, CONFIG_MEMBLOCK_KHO_SCRATCH in this configuration)
SUITE_WITHOUT(scratch_is_no_more, CONFIG_MEMBLOCK_KHO_SCRATCH in this configuration)
SUITE_WITHOUT(scratch_until_handover, CONFIG_MEMBLOCK_KHO_SCRATCH in this configuration)
SUITE_WITHOUT(scratch_asked, CONFIG_MEMBLOCK_KHO_SCRATCH in this configuration)
#endif

static struct kunit_case cases[] = { KUNIT_CASE(preserves),
				     KUNIT_CASE(preserves_nothing_if_disabled),
				     KUNIT_CASE(preserves_nothing_without_reserve_mem),
				     KUNIT_CASE(cannot_allocate),
				     KUNIT_CASE_PARAM(cannot_preserve, failure_gen_params),
				     KUNIT_CASE(cannot_add),
				     KUNIT_CASE_PARAM(revives, handed_gen_params),
				     KUNIT_CASE(revives_twice),
				     KUNIT_CASE(revives_nothing_of_others),
				     KUNIT_CASE(cannot_retrieve),
				     KUNIT_CASE(scratch_only),
				     KUNIT_CASE(scratch_is_no_more),
				     KUNIT_CASE(scratch_until_handover),
				     KUNIT_CASE(scratch_asked),
				     {} };
static struct kunit_suite suite = { .name = "memblock_kho", .test_cases = cases };

kunit_test_suite(suite);
