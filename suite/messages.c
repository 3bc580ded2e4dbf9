// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What memblock=debug makes of every call: name, range, what else was asked for, and the caller,
 * whose address is the compiler's affair. And memblock_dump_all().
 */
#include <linux/string.h>

#include "kernel/rt/rt.h"
#include "suite/watch.h"

#define FIRST 0x2000000
#define SIZE 0x1800

/* A line of the log: @before, the range, and @after, then the caller. */
static void expect_line_of(struct kunit *test, const char *name, phys_addr_t first,
			   phys_addr_t size, const char *after)
{
	phys_addr_t last = first + size - 1;
	char text[160];

	snprintf(text, sizeof(text), "%s: [%pa-%pa] %s", name, &first, &last, after);
	suite_expect_log(test, &SUITE_SITE("the log", "of the call"), text, true);
}

static void call_add(void)
{
	memblock_add(FIRST, SIZE);
}

static void call_remove(void)
{
	memblock_remove(FIRST, SIZE);
}

static void call_free(void)
{
	suite_free(FIRST, SIZE);
}

static void call_reserve(void)
{
	memblock_reserve(FIRST, SIZE);
}

#ifdef RT_HAVE___memblock_reserve
#define RESERVE "__memblock_reserve"
#define RESERVE_AFTER "nid=-1 flags=0 call_reserve+"
#else
#define RESERVE "memblock_reserve"
#define RESERVE_AFTER "call_reserve+"
#endif
#ifdef RT_HAVE_memblock_phys_free
#define FREE "memblock_phys_free"
#else
#define FREE "memblock_free"
#endif

static const struct told {
	const char *name, *call;
	void (*run)(void);
	const char *after;
} tolds[] = {
	{ "memblock_add", "memblock_add", call_add, "call_add+" },
	{ "memblock_remove", "memblock_remove", call_remove, "call_remove+" },
	{ "memblock_free", FREE, call_free, "suite_free+" },
	{ "memblock_reserve", RESERVE, call_reserve, RESERVE_AFTER },
};

KUNIT_ARRAY_PARAM_DESC(told, tolds, name);

static void range(struct kunit *test)
{
	const struct told *t = test->param_value;

	suite_param(test, "memblock", "debug");
	suite_watch();
	t->run();
	expect_line_of(test, t->call, FIRST, SIZE, t->after);
}

static void silent_without_debug(struct kunit *test)
{
	const struct told *t = test->param_value;

	suite_param(test, "memblock", "quiet");
	suite_watch();
	t->run();
	memblock_dump_all();
	KUNIT_EXPECT_STREQ(test, suite_log(), "");
}

#if RT_HAVE_memblock_add_node == 4
static void node_is_told(struct kunit *test)
{
	suite_param(test, "memblock", "debug");
	suite_watch();
	memblock_add_node(FIRST, SIZE, 1, MEMBLOCK_HOTPLUG);
	expect_line_of(test, "memblock_add_node", FIRST, SIZE, "nid=1 flags=1 node_is_told+");
}
#else
SUITE_WITHOUT(node_is_told, memblock_add_node(base, size, nid, flags))
#endif

#ifdef CONFIG_HAVE_MEMBLOCK_PHYS_MAP
static void physmem_is_told(struct kunit *test)
{
	suite_param(test, "memblock", "debug");
	suite_watch();
	memblock_physmem_add(FIRST, SIZE);
	expect_line_of(test, "memblock_physmem_add", FIRST, SIZE, "physmem_is_told+");
}
#else
SUITE_WITHOUT(physmem_is_told, physmem in this configuration)
#endif

#ifdef RT_HAVE_memblock_alloc_try_nid_raw
/* Of what is asked for, each is a number of its own. */
static void try_nid(void)
{
	memblock_alloc_try_nid(0x123, 0x40, MB(17), MB(18), NUMA_NO_NODE);
}

static void try_nid_raw(void)
{
	memblock_alloc_try_nid_raw(0x123, 0x40, MB(17), MB(18), NUMA_NO_NODE);
}

static void exact_nid_raw(void)
{
#ifdef RT_HAVE_memblock_alloc_exact_nid_raw
	memblock_alloc_exact_nid_raw(0x123, 0x40, MB(17), MB(18), NUMA_NO_NODE);
#endif
}

static const struct asked {
	const char *name;
	void (*run)(void);
} askeds[] = {
	{ "memblock_alloc_try_nid", try_nid },
	{ "memblock_alloc_try_nid_raw", try_nid_raw },
#ifdef RT_HAVE_memblock_alloc_exact_nid_raw
	{ "memblock_alloc_exact_nid_raw", exact_nid_raw },
#endif
};

KUNIT_ARRAY_PARAM_DESC(asked, askeds, name);

static void allocation(struct kunit *test)
{
	const struct asked *a = test->param_value;
	phys_addr_t min = MB(17), max = MB(18), got = MB(18) - 0x140;
	char text[160];

	machine(test, { MB(16), MB(16) });
	suite_param(test, "memblock", "debug");
	suite_watch();
	a->run();
	snprintf(text, sizeof(text), "%s: 291 bytes align=0x40 nid=-1 from=%pa max_addr=%pa %s+",
		 a->name, &min, &max, a->name + strlen("memblock_alloc_"));
	suite_expect_log(test, &SUITE_SITE("the log", "of the request"), text, true);
	expect_line_of(test, RESERVE, got, 0x123, "");
}

static void physical_allocation(struct kunit *test)
{
	phys_addr_t min = MB(17), max = MB(18);
	char text[160];

	machine(test, { MB(16), MB(16) });
	suite_param(test, "memblock", "debug");
	suite_watch();
	memblock_phys_alloc_range(0x123, 0x40, min, max);
	expect_line_of(test, RESERVE, MB(18) - 0x140, 0x123, "");
	snprintf(text, sizeof(text),
		 "memblock_phys_alloc_range: 291 bytes align=0x40 from=%pa max_addr=%pa "
		 "physical_allocation+",
		 &min, &max);
	if (!strstr(suite_log(), "memblock_phys_alloc_range"))
		kunit_skip(test, "this kernel does not tell of physical allocations");
	suite_expect_log(test, &SUITE_SITE("the log", "of the request"), text, true);
}
#endif

/* Parts of a dump, in their order. */
static void expect_in_order(struct kunit *test, const char *const *lines, unsigned int nr)
{
	const char *log = suite_log(), *at = log;

	for (unsigned int i = 0; i < nr; i++) {
		at = strstr(at, lines[i]);
		if (!at)
			KUNIT_FAIL_AND_ABORT(test, "no \"%s\" there, or not in this place, in\n%s",
					     lines[i], log);
		at += strlen(lines[i]);
	}
}

#define ADDRESS(address)                                    \
	({                                                  \
		static char text_[24];                      \
		phys_addr_t a_ = address;                   \
		snprintf(text_, sizeof(text_), "%pa", &a_); \
		text_;                                      \
	})

static void dump(struct kunit *test)
{
	const char *const lines[] = {
		"MEMBLOCK configuration:\n memory size = ",
		ADDRESS(MB(48)),
		" reserved size = ",
		ADDRESS(0x1800),
		"\n memory.cnt  = 0x2\n memory[0x0]\t[",
		ADDRESS(MB(16)),
		"-",
		ADDRESS(MB(32) - 1),
		"], ",
		ADDRESS(MB(16)),
		IS_ENABLED(CONFIG_NUMA) ? " bytes on node 1 flags: 0x0\n memory[0x1]\t["
					: " bytes flags: 0x0\n memory[0x1]\t[",
		ADDRESS(MB(64)),
		"-",
		ADDRESS(MB(96) - 1),
		"], ",
		ADDRESS(MB(32)),
		" bytes flags: 0x4\n reserved.cnt  = 0x1\n reserved[0x0]\t[",
		ADDRESS(MB(20)),
		"-",
		ADDRESS(MB(20) + 0x17ff),
		"], ",
		ADDRESS(0x1800),
		" bytes flags: 0x0\n",
	};

	machine(test, { MB(16), MB(16), NODE(1) }, { MB(64), MB(32), 0, MEMBLOCK_NOMAP });
	memblock_reserve(MB(20), 0x1800);
	suite_param(test, "memblock", "debug");
	suite_watch();
	memblock_dump_all();
	expect_in_order(test, lines, ARRAY_SIZE(lines));
	KUNIT_EXPECT_EQ(test, !!strstr(suite_log(), " physmem.cnt"),
			IS_ENABLED(CONFIG_HAVE_MEMBLOCK_PHYS_MAP));
}

/* Whatever else is in it, "debug" is what counts. */
static void parameter(struct kunit *test)
{
	int ret;

	KUNIT_EXPECT_EQ(test, suite_param(test, "memblock", "x,debug"), 0);
	suite_watch();
	memblock_dump_all();
	expect_log(test, "MEMBLOCK configuration:");
	KUNIT_EXPECT_EQ(test, rt_param("memblock", NULL, 1, &ret), 1);
	KUNIT_EXPECT_EQ(test, ret, 0);
}

static void parameter_without_value(struct kunit *test)
{
	int ret = -1;

	KUNIT_EXPECT_EQ(test, rt_param("memblock", NULL, 1, &ret), 1);
	KUNIT_EXPECT_EQ(test, ret, 0);
	suite_watch();
	memblock_dump_all();
	KUNIT_EXPECT_STREQ(test, suite_log(), "");
}

static struct kunit_case cases[] = { KUNIT_CASE_PARAM(range, told_gen_params),
				     KUNIT_CASE_PARAM(silent_without_debug, told_gen_params),
				     KUNIT_CASE(node_is_told),
				     KUNIT_CASE(physmem_is_told),
#ifdef RT_HAVE_memblock_alloc_try_nid_raw
				     KUNIT_CASE_PARAM(allocation, asked_gen_params),
				     KUNIT_CASE(physical_allocation),
#endif
				     KUNIT_CASE(dump),
				     KUNIT_CASE(parameter),
				     KUNIT_CASE(parameter_without_value),
				     {} };
static struct kunit_suite suite = { .name = "memblock_debug", .test_cases = cases };

kunit_test_suite(suite);
