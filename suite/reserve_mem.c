// SPDX-License-Identifier: GPL-2.0-or-later
/* reserve_mem=SIZE:ALIGN:NAME, and who asks for the memory by its name. */
#include <linux/errno.h>
#include <linux/string.h>

#include "kernel/rt/rt.h"
#include "suite/handover.h"

/* in mm.h, where a kernel has them */
int __weak reserve_mem_find_by_name(const char *name, phys_addr_t *start, phys_addr_t *size);
int __weak reserve_mem_release_by_name(const char *name);

static void situation(struct kunit *test)
{
	if (!reserve_mem_find_by_name)
		kunit_skip(test, "this kernel has no reserve_mem=");
	machine(test, { MB(16), MB(64) });
	suite_watch();
}

static int give(struct kunit *test, const char *value)
{
	return suite_param(test, "reserve_mem", value);
}

static void expect_found(struct kunit *test, const char *name, phys_addr_t start, phys_addr_t size)
{
	phys_addr_t got_start = 1, got_size = 2;

	KUNIT_ASSERT_EQ(test, reserve_mem_find_by_name(name, &got_start, &got_size), 1, "%s", name);
	KUNIT_EXPECT_EQ(test, got_start, start);
	KUNIT_EXPECT_EQ(test, got_size, size);
}

static void expect_not_found(struct kunit *test, const char *name)
{
	phys_addr_t start = 1, size = 2;

	KUNIT_EXPECT_EQ(test, reserve_mem_find_by_name(name, &start, &size), 0, "%s", name);
	KUNIT_EXPECT_EQ(test, start, 1);
	KUNIT_EXPECT_EQ(test, size, 2);
}

static const struct good {
	const char *name, *value, *region;
	phys_addr_t size, start;
} goods[] = {
	{ "aligned", "4M:2M:trace", "trace", MB(4), MB(74) },
	{ "least_align", "4M:4096:trace", "trace", MB(4), MB(76) - SZ_4K },
	{ "no_align", "8K:0:trace", "trace", SZ_8K, MB(80) - SZ_4K - SZ_8K },
	{ "empty_align", "8K::trace", "trace", SZ_8K, MB(80) - SZ_4K - SZ_8K },
	{ "hexadecimal", "0x100000:0x1000:trace", "trace", MB(1), MB(79) - SZ_4K },
	{ "short_name", "1M:1M:x", "x", MB(1), MB(78) },
	{ "longest_name", "1M:1M:fifteen_letters", "fifteen_letters", MB(1), MB(78) },
	{ "blank_and_name", "1M:1M: x", " x", MB(1), MB(78) },
	{ "colon_in_name", "1M:1M:a:b", "a:b", MB(1), MB(78) },
};

KUNIT_ARRAY_PARAM_DESC(good, goods, name);

static void well_formed(struct kunit *test)
{
	const struct good *g = test->param_value;

	situation(test);
	memblock_reserve(MB(80) - SZ_4K, SZ_4K);
	KUNIT_EXPECT_EQ(test, give(test, g->value), 1);
	expect_found(test, g->region, g->start, g->size);
	KUNIT_EXPECT_EQ(test, memblock_reserved_size(), SZ_4K + g->size);
	KUNIT_EXPECT_TRUE(test, memblock_is_reserved(g->start));
	expect_not_found(test, "other");
}

/* An alignment that is less than a cache line is made one. */
static void small_align(struct kunit *test)
{
	phys_addr_t start, size;

	situation(test);
	memblock_reserve(MB(80) - 1, 1);
	KUNIT_EXPECT_EQ(test, give(test, "4096:1:trace"), 1);
	KUNIT_ASSERT_EQ(test, reserve_mem_find_by_name("trace", &start, &size), 1);
	KUNIT_EXPECT_EQ(test, start, MB(80) - SMP_CACHE_BYTES - SZ_4K);
}

static const struct bad {
	const char *name, *value;
	int error;
} bads[] = {
	{ "empty", "", -EINVAL },
	{ "only_size", "4M", -EINVAL },
	{ "only_size_and_align", "4M:2M", -EINVAL },
	{ "no_size", ":2M:trace", -EINVAL },
	{ "size_is_zero", "0:2M:trace", -EINVAL },
	{ "size_is_a_word", "trace:2M:trace", -EINVAL },
	{ "size_and_word", "4Mx:2M:trace", -EINVAL },
	{ "align_and_word", "4M:2Mx:trace", -EINVAL },
	{ "no_colons", "4M 2M trace", -EINVAL },
	{ "no_name", "4M:2M:", -EINVAL },
	{ "blank_name", "4M:2M:  ", -EINVAL },
	{ "long_name", "4M:2M:sixteen_letters_", -EINVAL },
	{ "name_one_too_long", "4M:2M:sixteen_letters0", -EINVAL },
	{ "larger_than_memory", "128M:2M:trace", -ENOMEM },
};

KUNIT_ARRAY_PARAM_DESC(bad, bads, name);

/* In newer kernels, as nobody looks at the result. */
#ifdef RT_TELLS_RESERVE_MEM
#define expect_told(test, text) expect_log(test, "reserve_mem: " text)
#else
#define expect_told(test, text) ((void)0)
#endif

static void malformed(struct kunit *test)
{
	const struct bad *b = test->param_value;

	situation(test);
	KUNIT_EXPECT_EQ(test, give(test, b->value), b->error);
	expect_reserved(test, NOTHING);
	expect_not_found(test, "trace");
	if (b->error == -ENOMEM)
		expect_told(test, "memblock allocation failed");
	else
		expect_told(test, "empty or malformed");
	/* what comes after it is taken */
	KUNIT_EXPECT_EQ(test, give(test, "1M:1M:trace"), 1);
	expect_found(test, "trace", MB(79), MB(1));
}

static void several(struct kunit *test)
{
	situation(test);
	KUNIT_EXPECT_EQ(test, give(test, "1M:1M:one"), 1);
	KUNIT_EXPECT_EQ(test, give(test, "2M:1M:on"), 1);
	KUNIT_EXPECT_EQ(test, give(test, "4M:1M:one_more"), 1);
	expect_found(test, "one", MB(79), MB(1));
	expect_found(test, "on", MB(77), MB(2));
	expect_found(test, "one_more", MB(73), MB(4));
	expect_not_found(test, "o");
	expect_not_found(test, "");
	KUNIT_EXPECT_EQ(test, memblock_reserved_size(), MB(7));
}

static void same_name(struct kunit *test)
{
	situation(test);
	KUNIT_EXPECT_EQ(test, give(test, "1M:1M:one"), 1);
	KUNIT_EXPECT_EQ(test, give(test, "2M:1M:one"), -EBUSY);
	expect_told(test, "name \"one\" was already used");
	expect_found(test, "one", MB(79), MB(1));
	expect_reserved(test, { MB(79), MB(1) });
}

/* There is room for eight. */
static void too_many(struct kunit *test)
{
	char value[] = "1M:1M:n0";

	situation(test);
	for (; value[7] < '8'; value[7]++)
		KUNIT_EXPECT_EQ(test, give(test, value), 1);
	KUNIT_EXPECT_EQ(test, give(test, value), -EBUSY);
	expect_told(test, "no more room");
	expect_not_found(test, "n8");
	KUNIT_EXPECT_EQ(test, memblock_reserved_size(), MB(8));
	expect_found(test, "n0", MB(79), MB(1));
	expect_found(test, "n7", MB(72), MB(1));
}

static void release_needed(struct kunit *test)
{
	if (!reserve_mem_release_by_name)
		kunit_skip(test, "this kernel has no reserve_mem_release_by_name()");
	situation(test);
	handover_low_memory(MB(80));
}

static void release(struct kunit *test)
{
	release_needed(test);
	give(test, "1M:1M:one");
	give(test, "1M:1M:fifteen_letters");
	give(test, "1M:1M:three");
	handover();
	rt_slab_available = true;
	memset(__va(MB(77)), 0x5a, MB(3));
	suite_watch();
	KUNIT_EXPECT_EQ(test, reserve_mem_release_by_name("fifteen_letters"), 1);
	expect_pages(test, { MB(78), MB(1) });
	expect_log(test, "Freeing reserve_mem:fifteen_letters memory: 1024K");
	KUNIT_EXPECT_TRUE(test, suite_is_zeroed(MB(78), MB(1)));
	KUNIT_EXPECT_EQ(test, *(unsigned char *)__va(MB(78) - 1), 0x5a);
	KUNIT_EXPECT_EQ(test, *(unsigned char *)__va(MB(79)), 0x5a);
	expect_not_found(test, "fifteen_letters");
	expect_found(test, "one", MB(79), MB(1));
	expect_found(test, "three", MB(77), MB(1));
}

static void release_twice(struct kunit *test)
{
	release_needed(test);
	give(test, "1M:1M:one");
	handover();
	rt_slab_available = true;
	KUNIT_EXPECT_EQ(test, reserve_mem_release_by_name("one"), 1);
	suite_watch();
	KUNIT_EXPECT_EQ(test, reserve_mem_release_by_name("one"), 0);
	expect_pages(test, NOTHING);
}

static void release_unknown(struct kunit *test)
{
	release_needed(test);
	give(test, "1M:1M:one");
	handover();
	rt_slab_available = true;
	suite_watch();
	KUNIT_EXPECT_EQ(test, reserve_mem_release_by_name("two"), 0);
	expect_pages(test, NOTHING);
	expect_found(test, "one", MB(79), MB(1));
}

static void debugfs(struct kunit *test)
{
	const char *text;

	release_needed(test);
	if (!IS_ENABLED(CONFIG_DEBUG_FS))
		kunit_skip(test, "there is no debugfs in this configuration");
	give(test, "1M:1M:one");
	give(test, "2M:1M:two");
	give(test, "4M:1M:three");
	handover();
	rt_slab_available = true;
	reserve_mem_release_by_name("two");
	rt_initcalls();
	text = rt_debugfs("memblock/reserve_mem_param");
	if (!text)
		kunit_skip(test, "this kernel has no memblock/reserve_mem_param");
	KUNIT_EXPECT_STREQ(test, text, "one\t\t(1.00 MiB)\nthree\t\t(4.00 MiB)\n");
	KUNIT_EXPECT_EQ(test, !!rt_debugfs("memblock/memory"),
			IS_ENABLED(CONFIG_ARCH_KEEP_MEMBLOCK));
}

static void debugfs_without_any(struct kunit *test)
{
	situation(test);
	rt_initcalls();
	KUNIT_EXPECT_TRUE(test, !rt_debugfs("memblock/reserve_mem_param"));
	KUNIT_EXPECT_EQ(test, !!rt_debugfs("memblock/memory"),
			IS_ENABLED(CONFIG_ARCH_KEEP_MEMBLOCK) && IS_ENABLED(CONFIG_DEBUG_FS));
}

static struct kunit_case cases[] = { KUNIT_CASE_PARAM(well_formed, good_gen_params),
				     KUNIT_CASE(small_align),
				     KUNIT_CASE_PARAM(malformed, bad_gen_params),
				     KUNIT_CASE(several),
				     KUNIT_CASE(same_name),
				     KUNIT_CASE(too_many),
				     KUNIT_CASE(release),
				     KUNIT_CASE(release_twice),
				     KUNIT_CASE(release_unknown),
				     KUNIT_CASE(debugfs),
				     KUNIT_CASE(debugfs_without_any),
				     {} };
static struct kunit_suite suite = { .name = "reserve_mem", .test_cases = cases };

kunit_test_suite(suite);
