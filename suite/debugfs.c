// SPDX-License-Identifier: GPL-2.0-or-later
/* What memblock shows in debugfs, of architectures that keep it; and its parameter memblock=debug. */
#include <linux/string.h>

#include "kernel/rt/rt.h"
#include "suite/watch.h"

#define NO_NODE "   x "
#define WIDE (sizeof(phys_addr_t) == 8 ? "0x00000000" : "0x")

static const char *file(struct kunit *test, const char *path)
{
	const char *text;

	if (!IS_ENABLED(CONFIG_ARCH_KEEP_MEMBLOCK) || !IS_ENABLED(CONFIG_DEBUG_FS))
		kunit_skip(test, "nothing of memblock is in debugfs in this configuration");
	rt_initcalls();
	text = rt_debugfs(path);
	KUNIT_ASSERT_TRUE(test, text != NULL, "there is no %s", path);
	return text;
}

/*
 * The line of a region: "   0: 0x0000000001000000..0x0000000001ffffff", and in newer kernels
 * "    0 NONE" behind it. Returns where the next one begins.
 */
static const char *expect_line(struct kunit *test, const char *text, int index, const char *first,
			       const char *last, const char *node, const char *flags)
{
	char line[160], more[96];

	snprintf(line, sizeof(line), "%4d: %s%s..%s%s", index, WIDE, first, WIDE, last);
	KUNIT_ASSERT_EQ(test, strncmp(text, line, strlen(line)), 0, "wanted: %s\ngot: %s", line,
			text);
	text += strlen(line);
	if (*text == '\n')
		return text + 1;
	snprintf(more, sizeof(more), " %s%s\n", node, flags);
	KUNIT_ASSERT_EQ(test, strncmp(text, more, strlen(more)), 0, "wanted: %s%s\ngot: %s", line,
			more, text);
	return text + strlen(more);
}

/* Without nodes, all memory is of node 0. */
static const char *no_node(void)
{
	return IS_ENABLED(CONFIG_NUMA) ? NO_NODE : "   0 ";
}

static void memory(struct kunit *test)
{
	const char *text;

	machine(test, { MB(16), MB(16) }, { MB(64), MB(1) });
	text = file(test, "memblock/memory");
	text = expect_line(test, text, 0, "01000000", "01ffffff", no_node(), "NONE");
	text = expect_line(test, text, 1, "04000000", "040fffff", no_node(), "NONE");
	KUNIT_EXPECT_STREQ(test, text, "");
}

static void nodes(struct kunit *test)
{
	const char *text;

	suite_needs_nodes(test);
	machine(test, { MB(16), MB(16), NODE(0) }, { MB(32), MB(16), NODE(1) });
	text = file(test, "memblock/memory");
	text = expect_line(test, text, 0, "01000000", "01ffffff", "   0 ", "NONE");
	text = expect_line(test, text, 1, "02000000", "02ffffff", "   1 ", "NONE");
	KUNIT_EXPECT_STREQ(test, text, "");
}

static void reserved(struct kunit *test)
{
	const char *text;

	machine(test, { MB(16), MB(16) });
	memblock_reserve(MB(20), 1);
	text = file(test, "memblock/reserved");
	text = expect_line(test, text, 0, "01400000", "01400000", no_node(), "NONE");
	KUNIT_EXPECT_STREQ(test, text, "");
}

#if defined(CONFIG_HAVE_MEMBLOCK_PHYS_MAP)
static void physical_memory(struct kunit *test)
{
	const char *text;

	machine(test, { MB(16), MB(16) });
	memblock_physmem_add(MB(16), MB(48));
	text = file(test, "memblock/physmem");
	text = expect_line(test, text, 0, "01000000", "03ffffff", NO_NODE, "NONE");
	KUNIT_EXPECT_STREQ(test, text, "");
}
#else
static void physical_memory(struct kunit *test)
{
	file(test, "memblock/memory");
	KUNIT_EXPECT_TRUE(test, !rt_debugfs("memblock/physmem"));
}
#endif

static const struct flag {
	const char *name;
	unsigned long flags;
	const char *text;
} flags[] = {
	{ "hotplug", MEMBLOCK_HOTPLUG, "HOTPLUG" },
	{ "mirror", MEMBLOCK_MIRROR, "MIRROR" },
	{ "nomap", MEMBLOCK_NOMAP, "NOMAP" },
	{ "two", MEMBLOCK_HOTPLUG | MEMBLOCK_NOMAP, "HOTPLUG|NOMAP" },
	{ "three", MEMBLOCK_HOTPLUG | MEMBLOCK_MIRROR | MEMBLOCK_NOMAP, "HOTPLUG|MIRROR|NOMAP" },
#ifdef RT_HAVE_MEMBLOCK_DRIVER_MANAGED
	{ "driver_managed", MEMBLOCK_DRIVER_MANAGED, "DRV_MNG" },
#endif
#ifdef RT_HAVE_MEMBLOCK_RSRV_NOINIT
	{ "noinit", MEMBLOCK_RSRV_NOINIT, "RSV_NIT" },
#endif
#ifdef RT_HAVE_MEMBLOCK_RSRV_KERN
	{ "kern", MEMBLOCK_RSRV_KERN, "RSV_KERN" },
#endif
#ifdef RT_HAVE_MEMBLOCK_KHO_SCRATCH
	{ "kho_scratch", MEMBLOCK_KHO_SCRATCH, "KHO_SCRATCH" },
#endif
#ifdef RT_HAVE_MEMBLOCK_RSRV_HUGETLB
	{ "hugetlb", MEMBLOCK_RSRV_HUGETLB, "RSV_HUGETLB" },
#endif
	{ "unknown", 1UL << 20, "UNKNOWN" },
	{ "known_and_unknown", MEMBLOCK_HOTPLUG | 1UL << 20, "HOTPLUG|UNKNOWN" },
};

KUNIT_ARRAY_PARAM_DESC(flag, flags, name);

static void flag_names(struct kunit *test)
{
	const struct flag *f = test->param_value;
	const char *text;

	machine(test, { MB(16), MB(16) }, { MB(64), MB(1) });
	memblock.memory.regions[0].flags |= f->flags;
	text = file(test, "memblock/memory");
	text = expect_line(test, text, 0, "01000000", "01ffffff", no_node(), f->text);
	text = expect_line(test, text, 1, "04000000", "040fffff", no_node(), "NONE");
	KUNIT_EXPECT_STREQ(test, text, "");
}

static const struct value {
	const char *name, *value;
	bool on;
} values[] = {
	{ "debug", "debug", true }, { "debug_and_more", "x,debug,y", true },
	{ "other", "debu", false }, { "empty", "", false },
	{ "none", NULL, false },
};

KUNIT_ARRAY_PARAM_DESC(value, values, name);

/* memblock=debug tells of every call, and lets memblock_dump_all() dump. */
static void debug(struct kunit *test)
{
	const struct value *v = test->param_value;

	KUNIT_EXPECT_EQ(test, suite_param(test, "memblock", v->value), 0);
	suite_watch();
	machine(test, { MB(16), MB(16) });
	KUNIT_EXPECT_EQ(test, !!strstr(suite_log(), "memblock_add: ["), v->on);
	memblock_dump_all();
	KUNIT_EXPECT_EQ(test, !!strstr(suite_log(), "MEMBLOCK configuration:"), v->on);
	KUNIT_EXPECT_EQ(test, !!strstr(suite_log(), " memory.cnt  = 0x1"), v->on);
}

static void silent_without_parameter(struct kunit *test)
{
	suite_watch();
	machine(test, { MB(16), MB(16) });
	memblock_dump_all();
	KUNIT_EXPECT_STREQ(test, suite_log(), "");
}

static struct kunit_case cases[] = { KUNIT_CASE(memory),
				     KUNIT_CASE(nodes),
				     KUNIT_CASE(reserved),
				     KUNIT_CASE(physical_memory),
				     KUNIT_CASE_PARAM(flag_names, flag_gen_params),
				     {} };
static struct kunit_suite suite = { .name = "memblock_debugfs", .test_cases = cases };

static struct kunit_case param_cases[] = { KUNIT_CASE_PARAM(debug, value_gen_params),
					   KUNIT_CASE(silent_without_parameter),
					   {} };
static struct kunit_suite param_suite = { .name = "memblock_param", .test_cases = param_cases };

kunit_test_suite(suite);
kunit_test_suite(param_suite);
