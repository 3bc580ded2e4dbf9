// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What iterators give, forward and in reverse: pieces of one list, each within one region, without
 * what is in another list, on a node, with the flags that are asked for. In every small world.
 */
#include <linux/limits.h>
#include <linux/pfn.h>
#include <linux/string.h>

#include "internal.h"
#include "suite/line.h"

struct walk {
	int nid;
	unsigned long flags;
	bool reverse;
};

/* Is memory of this letter given to a walker? */
static bool gives(const struct walk *w, char letter)
{
	unsigned long has = line_flags(letter);

	if (letter == '.')
		return false;
	if (w->nid >= 0 && w->nid < MAX_NUMNODES && w->nid != line_nid(letter))
		return false;
	if (movable_node_enabled && (has & MEMBLOCK_HOTPLUG) && !(w->flags & MEMBLOCK_HOTPLUG))
		return false;
	if ((w->flags & MEMBLOCK_MIRROR) && !(has & MEMBLOCK_MIRROR))
		return false;
	if ((has & MEMBLOCK_NOMAP) && !(w->flags & MEMBLOCK_NOMAP))
		return false;
#ifdef RT_HAVE_MEMBLOCK_DRIVER_MANAGED
	if ((has & MEMBLOCK_DRIVER_MANAGED) && !(w->flags & MEMBLOCK_DRIVER_MANAGED))
		return false;
#endif
	return true;
}

/* The next piece from @at on: [*first, *end); false if there is none. */
static bool next_piece(const struct walk *w, const char *in, const char *without, int at,
		       struct line_range *piece)
{
	while (in[at] && (without[at] != '.' || !gives(w, in[at])))
		at++;
	if (!in[at])
		return false;
	piece->first = at;
	while (in[at] && without[at] == '.' && line_alike(in[at], in[piece->first]))
		at++;
	piece->end = at;
	return true;
}

static unsigned int pieces_of(const struct walk *w, const char *in, const char *without,
			      struct line_range *pieces)
{
	unsigned int n = 0;

	for (int at = 0; next_piece(w, in, without, at, &pieces[n]); n++)
		at = pieces[n].end;
	return n;
}

/* Checks a whole walk over @in without @without; an empty one is nothing. */
static void check(struct kunit *test, const struct walk *w, enum line_list list, const char *in,
		  const char *without)
{
	struct memblock_type *a = line_type(list);
	struct memblock_type *b = line_type(list == LINE_MEMORY ? LINE_RESERVED : LINE_MEMORY);
	const char *no = "..........";
	struct line_range pieces[LINE_ROOM];
	unsigned int nr = pieces_of(w, in, without ? without : no, pieces);
	u64 i = w->reverse ? ULLONG_MAX : 0;

	for (unsigned int n = 0; n <= nr; n++) {
		const struct line_range *piece;
		phys_addr_t start = 0, end = 0;
		int nid = -2;

		if (w->reverse)
			__next_mem_range_rev(&i, w->nid, w->flags, a, without ? b : NULL, &start,
					     &end, &nid);
		else
			__next_mem_range(&i, w->nid, w->flags, a, without ? b : NULL, &start, &end,
					 &nid);
		if (n == nr)
			break;
		piece = &pieces[w->reverse ? nr - 1 - n : n];
		if (i != ULLONG_MAX && start == LINE_AT(piece->first) &&
		    end == LINE_AT(piece->end) &&
		    (list != LINE_MEMORY || nid == line_nid(in[piece->first])))
			continue;
		KUNIT_FAIL_AND_ABORT(
			test,
			"%s without %s, node %d, flags %#lx%s, piece %u: wanted %d-%d, got %lld-%lld",
			in, without ? without : "nothing", w->nid, w->flags,
			w->reverse ? " in reverse" : "", n, piece->first, piece->end,
			(s64)(start - LINE_AT(0)), (s64)(end - LINE_AT(0)));
	}
	KUNIT_ASSERT_EQ(test, i, ULLONG_MAX, "%s without %s, node %d, flags %#lx%s: no end", in,
			without ? without : "nothing", w->nid, w->flags,
			w->reverse ? " in reverse" : "");
}

static void check_both_ways(struct kunit *test, int nid, unsigned long flags, enum line_list list,
			    const char *in, const char *without)
{
	struct walk w = { nid, flags, false };

	check(test, &w, list, in, without);
	w.reverse = true;
	check(test, &w, list, in, without);
}

static const struct node {
	const char *name;
	int nid;
} any_nodes[] = {
	{ "any", NUMA_NO_NODE },
	/* how any node was asked for once */
	{ "max_numnodes", MAX_NUMNODES },
	{ "0", 0 },
	{ "1", 1 },
};

KUNIT_ARRAY_PARAM_DESC(node, any_nodes, name);

static int node_of(struct kunit *test)
{
	const struct node *n = test->param_value;

	if (n->nid > 0)
		suite_needs_nodes(test);
	return n->nid;
}

static void free_memory(struct kunit *test)
{
	int nid = node_of(test);
	char memory[LINE_ROOM], reserved[LINE_ROOM];

	line_begin(memory, 5);
	do {
		line_lay(test, LINE_MEMORY, memory);
		line_begin(reserved, 5);
		do {
			line_lay(test, LINE_RESERVED, reserved);
			check_both_ways(test, nid, MEMBLOCK_NONE, LINE_MEMORY, memory, reserved);
		} while (line_next(reserved, "R"));
	} while (line_next(memory, "AB"));
}

static void all_memory(struct kunit *test)
{
	int nid = node_of(test);
	char memory[LINE_ROOM];

	line_begin(memory, 6);
	while (line_next(memory, "AB")) {
		line_lay(test, LINE_MEMORY, memory);
		check_both_ways(test, nid, MEMBLOCK_NONE, LINE_MEMORY, memory, NULL);
	}
}

static const struct ask {
	const char *name;
	unsigned long flags;
	bool movable;
} asks[] = {
	{ "none", MEMBLOCK_NONE, false },
	{ "hotplug", MEMBLOCK_HOTPLUG, false },
	{ "mirror", MEMBLOCK_MIRROR, false },
	{ "nomap", MEMBLOCK_NOMAP, false },
	{ "nomap_and_mirror", MEMBLOCK_NOMAP | MEMBLOCK_MIRROR, false },
	{ "none/movable_node", MEMBLOCK_NONE, true },
#if RT_HAVE_for_each_mem_range == 3 /* before, nobody asked for hotplug memory */
	{ "hotplug/movable_node", MEMBLOCK_HOTPLUG, true },
#endif
	{ "mirror/movable_node", MEMBLOCK_MIRROR, true },
#ifdef RT_HAVE_MEMBLOCK_DRIVER_MANAGED
	{ "driver_managed", MEMBLOCK_DRIVER_MANAGED, false },
	{ "what_for_each_mem_range_takes", MEMBLOCK_HOTPLUG | MEMBLOCK_DRIVER_MANAGED, true },
#endif
};

KUNIT_ARRAY_PARAM_DESC(ask, asks, name);

static void flags(struct kunit *test)
{
	const struct ask *ask = test->param_value;
	char memory[LINE_ROOM], reserved[LINE_ROOM];
#ifdef RT_HAVE_MEMBLOCK_DRIVER_MANAGED
	const char *letters = "AHMND";
#else
	const char *letters = "AHMN";
#endif

	if (ask->movable && !IS_ENABLED(CONFIG_MEMORY_HOTPLUG))
		kunit_skip(test, "without CONFIG_MEMORY_HOTPLUG there is no movable_node");
	movable_node_enabled = ask->movable;
	line_begin(memory, 3);
	while (line_next(memory, letters)) {
		line_lay(test, LINE_MEMORY, memory);
		check_both_ways(test, NUMA_NO_NODE, ask->flags, LINE_MEMORY, memory, NULL);
		line_begin(reserved, 3);
		do {
			line_lay(test, LINE_RESERVED, reserved);
			check_both_ways(test, NUMA_NO_NODE, ask->flags, LINE_MEMORY, memory,
					reserved);
		} while (line_next(reserved, "R"));
	}
}

/* Of reserved memory nothing is left out, whatever is asked for. */
static void reserved_memory(struct kunit *test)
{
	char memory[LINE_ROOM], reserved[LINE_ROOM];

	line_begin(reserved, 5);
	while (line_next(reserved, "R")) {
		line_lay(test, LINE_RESERVED, reserved);
		check_both_ways(test, NUMA_NO_NODE, MEMBLOCK_NONE, LINE_RESERVED, reserved, NULL);
		line_begin(memory, 5);
		do {
			line_lay(test, LINE_MEMORY, memory);
			check_both_ways(test, NUMA_NO_NODE, MEMBLOCK_NONE, LINE_RESERVED, reserved,
					memory);
		} while (line_next(memory, "A"));
	}
}

/* Who wants to know only one thing gives NULL for the others. */
static void one_answer(struct kunit *test)
{
	phys_addr_t start = 0, end = 0;
	int nid = -2;
	u64 i;

	line_lay(test, LINE_MEMORY, ".AA.");
	for (int with = 0; with < 2; with++) {
		struct memblock_type *b = with ? &memblock.reserved : NULL;

		i = 0;
		__next_mem_range(&i, NUMA_NO_NODE, 0, &memblock.memory, b, &start, NULL, NULL);
		KUNIT_EXPECT_EQ(test, start, LINE_AT(1));
		i = 0;
		__next_mem_range(&i, NUMA_NO_NODE, 0, &memblock.memory, b, NULL, &end, NULL);
		KUNIT_EXPECT_EQ(test, end, LINE_AT(3));
		i = 0;
		__next_mem_range(&i, NUMA_NO_NODE, 0, &memblock.memory, b, NULL, NULL, &nid);
		KUNIT_EXPECT_EQ(test, nid, 0);
		start = end = 0;
		nid = -2;
		i = ULLONG_MAX;
		__next_mem_range_rev(&i, NUMA_NO_NODE, 0, &memblock.memory, b, &start, NULL, NULL);
		KUNIT_EXPECT_EQ(test, start, LINE_AT(1));
		i = ULLONG_MAX;
		__next_mem_range_rev(&i, NUMA_NO_NODE, 0, &memblock.memory, b, NULL, &end, NULL);
		KUNIT_EXPECT_EQ(test, end, LINE_AT(3));
		i = ULLONG_MAX;
		__next_mem_range_rev(&i, NUMA_NO_NODE, 0, &memblock.memory, b, NULL, NULL, &nid);
		KUNIT_EXPECT_EQ(test, nid, 0);
		start = end = 0;
		nid = -2;
	}
}

/* Up to the last address nothing is reserved, and nothing is free beyond it. */
static void last_address(struct kunit *test)
{
	const phys_addr_t max = ~(phys_addr_t)0;
	phys_addr_t start, end;
	u64 i = 0;

	KUNIT_ASSERT_EQ(test, memblock_add(max - 8, 8), 0);
	KUNIT_ASSERT_EQ(test, memblock_reserve(max - 6, 2), 0);
	__next_mem_range(&i, NUMA_NO_NODE, 0, &memblock.memory, &memblock.reserved, &start, &end,
			 NULL);
	KUNIT_EXPECT_EQ(test, start, max - 8);
	KUNIT_EXPECT_EQ(test, end, max - 6);
	__next_mem_range(&i, NUMA_NO_NODE, 0, &memblock.memory, &memblock.reserved, &start, &end,
			 NULL);
	KUNIT_EXPECT_EQ(test, start, max - 4);
	KUNIT_EXPECT_EQ(test, end, max);
	i = ULLONG_MAX;
	__next_mem_range_rev(&i, NUMA_NO_NODE, 0, &memblock.memory, &memblock.reserved, &start,
			     &end, NULL);
	KUNIT_EXPECT_EQ(test, start, max - 4);
	KUNIT_EXPECT_EQ(test, end, max);
}

static void first_address(struct kunit *test)
{
	phys_addr_t start = 1, end;
	u64 i = ULLONG_MAX;

	KUNIT_ASSERT_EQ(test, memblock_add(0, 2), 0);
	__next_mem_range_rev(&i, NUMA_NO_NODE, 0, &memblock.memory, &memblock.reserved, &start,
			     &end, NULL);
	KUNIT_EXPECT_EQ(test, start, 0);
	KUNIT_EXPECT_EQ(test, end, 2);
	i = 0;
	__next_mem_range(&i, NUMA_NO_NODE, 0, &memblock.memory, &memblock.reserved, &start, &end,
			 NULL);
	KUNIT_EXPECT_EQ(test, start, 0);
	KUNIT_EXPECT_EQ(test, end, 2);
}

#ifdef for_each_mem_pfn_range
/* The byte of the line is half a page. */
static phys_addr_t half_page(int n)
{
	return MB(1) + (phys_addr_t)n * (PAGE_SIZE / 2);
}

static void lay_half_pages(struct kunit *test, const char *line)
{
	int end;

	memblock_remove(MB(1), MB(1));
	for (int i = 0; line[i]; i = end) {
		end = i + 1;
		while (line[end] && line_alike(line[i], line[end]))
			end++;
		if (line[i] == '.')
			continue;
		KUNIT_ASSERT_EQ(test,
				suite_add_node(half_page(i), half_page(end) - half_page(i),
					       line_nid(line[i]), 0),
				0);
	}
}

/* Whole pages of each region of the node, if it has any. */
static void check_pages(struct kunit *test, const char *line, int nid)
{
	unsigned long start, end, first = PHYS_PFN(MB(1));
	const struct walk w = { nid, 0, false };
	struct line_range piece;
	int i, at = 0, n = 0, got;

	for_each_mem_pfn_range(i, nid, &start, &end, &got) {
		do {
			KUNIT_ASSERT_TRUE(
				test, n++ < 99 && next_piece(&w, line, "..........", at, &piece),
				"%s of node %d: too many", line, nid);
			at = piece.end;
		} while ((piece.first + 1) / 2 >= piece.end / 2);
		KUNIT_ASSERT_EQ(test, start - first, (piece.first + 1) / 2, "%s of node %d", line,
				nid);
		KUNIT_ASSERT_EQ(test, end - first, piece.end / 2, "%s of node %d", line, nid);
		KUNIT_ASSERT_EQ(test, got, line_nid(line[piece.first]), "%s of node %d", line, nid);
	}
	while (next_piece(&w, line, "..........", at, &piece)) {
		KUNIT_ASSERT_GE(test, (piece.first + 1) / 2, piece.end / 2,
				"%s of node %d: too few", line, nid);
		at = piece.end;
	}
}

static void pages(struct kunit *test)
{
	char line[LINE_ROOM];

	line_begin(line, 7);
	do {
		lay_half_pages(test, line);
		check_pages(test, line, MAX_NUMNODES);
		if (!IS_ENABLED(CONFIG_NUMA))
			continue;
		check_pages(test, line, 0);
		check_pages(test, line, 1);
	} while (line_next(line, "AB"));
}

static void pages_of_one_answer(struct kunit *test)
{
	unsigned long start = 0, end = 0;
	int i = -1, nid = -2;

	KUNIT_ASSERT_EQ(test, suite_add_node(MB(1), MB(1), 0, 0), 0);
	__next_mem_pfn_range(&i, MAX_NUMNODES, &start, NULL, NULL);
	KUNIT_EXPECT_EQ(test, start, PHYS_PFN(MB(1)));
	i = -1;
	__next_mem_pfn_range(&i, MAX_NUMNODES, NULL, &end, NULL);
	KUNIT_EXPECT_EQ(test, end, PHYS_PFN(MB(2)));
	i = -1;
	__next_mem_pfn_range(&i, MAX_NUMNODES, NULL, NULL, &nid);
	KUNIT_EXPECT_EQ(test, nid, 0);
}
#else
SUITE_WITHOUT(pages, for_each_mem_pfn_range() in this configuration)
SUITE_WITHOUT(pages_of_one_answer, for_each_mem_pfn_range() in this configuration)
#endif

static struct kunit_case cases[] = { KUNIT_CASE_PARAM(free_memory, node_gen_params),
				     KUNIT_CASE_PARAM(all_memory, node_gen_params),
				     KUNIT_CASE_PARAM(flags, ask_gen_params),
				     KUNIT_CASE(reserved_memory),
				     KUNIT_CASE(one_answer),
				     KUNIT_CASE(last_address),
				     KUNIT_CASE(first_address),
				     KUNIT_CASE(pages),
				     KUNIT_CASE(pages_of_one_answer),
				     {} };
static struct kunit_suite suite = { .name = "memblock_walks", .test_cases = cases };

kunit_test_suite(suite);
