// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is added, removed, reserved, freed, marked: every range in every small world. Expected is what
 * the calls promise: what is there keeps its node and flags, the rest gets the new ones, and
 * neighbours that are alike are one region.
 */
#include <linux/string.h>

#include "internal.h"
#include "suite/line.h"

/* A call under test, what it does to a byte, and on what lines. */
struct call {
	const char *name;
	enum line_list list;
	const char *letters;
	int (*run)(phys_addr_t base, phys_addr_t size);
	char (*byte)(char was); /* '.' is nothing */
};

static int add_node_a(phys_addr_t base, phys_addr_t size)
{
	return suite_add_node(base, size, line_nid('A'), 0);
}

static int add_node_b(phys_addr_t base, phys_addr_t size)
{
	return suite_add_node(base, size, line_nid('B'), 0);
}

static char or_a(char was)
{
	return was == '.' ? 'A' : was;
}

static char or_b(char was)
{
	return was == '.' ? 'B' : was;
}

static char or_r(char was)
{
	return was == '.' ? 'R' : was;
}

static char none(char was)
{
	(void)was;
	return '.';
}

#define MARK(name, from, to)                       \
	static char name(char was)                 \
	{                                          \
		return was == (from) ? (to) : was; \
	}
MARK(to_hotplug, 'A', 'H')
MARK(to_nomap, 'A', 'N')
MARK(to_mirror, 'A', 'M')
MARK(from_hotplug, 'H', 'A')
MARK(from_nomap, 'N', 'A')

static int mark_mirror(phys_addr_t base, phys_addr_t size)
{
	mirrored_kernelcore = true;
	return memblock_mark_mirror(base, size);
}

static int set_node(phys_addr_t base, phys_addr_t size)
{
	return suite_set_node(base, size, line_nid('B'));
}

static char to_b(char was)
{
	return was == '.' ? '.' : 'B';
}

#ifdef RT_HAVE_memblock_reserve_kern
static int reserve_kern(phys_addr_t base, phys_addr_t size)
{
	return memblock_reserve_kern(base, size);
}

static char or_k(char was)
{
	return was == '.' ? 'K' : was;
}
#endif
#ifdef RT_HAVE_memblock_reserved_mark_kern
MARK(to_kern, 'R', 'K')
#endif

#ifdef RT_HAVE_memblock_reserved_mark_noinit
MARK(to_noinit, 'R', 'I')
#endif
#if defined(RT_HAVE_memblock_set_node) && defined(CONFIG_NUMA)
static int set_reserved_node(phys_addr_t base, phys_addr_t size)
{
	return memblock_set_node(base, size, &memblock.reserved, line_nid('B'));
}
#endif

static int reserve(phys_addr_t base, phys_addr_t size)
{
	return memblock_reserve(base, size);
}

static const struct call calls[] = {
	{ "memblock_add_node/node_0", LINE_MEMORY, "AB", add_node_a, or_a },
	{ "memblock_add_node/node_1", LINE_MEMORY, "AB", add_node_b, or_b },
	{ "memblock_add_node/nomap", LINE_MEMORY, "AN", add_node_a, or_a },
	{ "memblock_remove", LINE_MEMORY, "AB", memblock_remove, none },
	{ "memblock_remove/nomap", LINE_MEMORY, "AN", memblock_remove, none },
	{ "memblock_reserve", LINE_RESERVED, "R", reserve, or_r },
	{ "memblock_free", LINE_RESERVED, "R", suite_free, none },
#ifdef RT_HAVE_memblock_reserve_kern
	{ "memblock_reserve/kern", LINE_RESERVED, "RK", reserve, or_r },
	{ "memblock_reserve_kern", LINE_RESERVED, "RK", reserve_kern, or_k },
	{ "memblock_free/kern", LINE_RESERVED, "RK", suite_free, none },
#endif
#ifdef RT_HAVE_memblock_reserved_mark_kern
	{ "memblock_reserved_mark_kern", LINE_RESERVED, "RK", memblock_reserved_mark_kern,
	  to_kern },
#endif
#ifdef RT_HAVE_memblock_reserved_mark_noinit
	{ "memblock_reserved_mark_noinit", LINE_RESERVED, "RI", memblock_reserved_mark_noinit,
	  to_noinit },
	{ "memblock_free/noinit", LINE_RESERVED, "RI", suite_free, none },
#endif
#if defined(RT_HAVE_memblock_set_node) && defined(CONFIG_NUMA)
	{ "memblock_set_node/reserved", LINE_RESERVED, "R", set_reserved_node, to_b },
#endif
	{ "memblock_mark_hotplug", LINE_MEMORY, "AH", memblock_mark_hotplug, to_hotplug },
	{ "memblock_clear_hotplug", LINE_MEMORY, "AH", memblock_clear_hotplug, from_hotplug },
	{ "memblock_mark_mirror", LINE_MEMORY, "AM", mark_mirror, to_mirror },
	{ "memblock_mark_nomap", LINE_MEMORY, "AN", memblock_mark_nomap, to_nomap },
	{ "memblock_clear_nomap", LINE_MEMORY, "AN", memblock_clear_nomap, from_nomap },
	{ "memblock_set_node", LINE_MEMORY, "AB", set_node, to_b },
};

KUNIT_ARRAY_PARAM_DESC(call, calls, name);

static void every_range(struct kunit *test)
{
	const struct call *c = test->param_value;
	/* three letters a byte, so that there are some thousand */
	const int length = strlen(c->letters) == 1 ? 9 : 6;
	char line[LINE_ROOM], wanted[LINE_ROOM];
	int ret;

	line_begin(line, length);
	do {
		struct line_range r = { 0, 0 };

		do {
			memcpy(wanted, line, sizeof(line));
			for (int i = r.first; i < r.end; i++)
				wanted[i] = c->byte(line[i]);
			line_lay(test, c->list, line);
			ret = c->run(LINE_AT(r.first), r.end - r.first);
			KUNIT_ASSERT_EQ(test, ret, 0, "%s: %d to %d", line, r.first, r.end);
			expect_line(test, c->list, wanted, "%s: %d to %d", line, r.first, r.end);
		} while (line_range_next(&r, length));
	} while (line_next(line, c->letters));
	expect_line(test, c->list == LINE_MEMORY ? LINE_RESERVED : LINE_MEMORY, "",
		    "the other list");
}

static struct kunit_case cases[] = { KUNIT_CASE_PARAM(every_range, call_gen_params), {} };
static struct kunit_suite suite = { .name = "memblock_lists", .test_cases = cases };

kunit_test_suite(suite);
