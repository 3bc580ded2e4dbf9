// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Allocation from every small world. Expected is the lowest, or top down the highest, address that
 * is aligned, within the limits, and followed by enough free bytes of one region that may be taken.
 */
#include <linux/string.h>

#include "internal.h"
#include "suite/line.h"

#ifdef RT_HAVE_memblock_phys_alloc_range
struct request {
	int size, align;
	int min, max; /* as in LINE_AT() */
	int nid;
	bool mirror; /* from mirrored memory only */
};

static bool may_take(const struct request *r, char letter)
{
	if (letter == '.' || letter == 'N' || letter == 'D')
		return false;
	if (letter == 'H' && movable_node_enabled)
		return false;
	if (r->nid >= 0 && r->nid < MAX_NUMNODES && r->nid != line_nid(letter))
		return false;
	return !r->mirror || letter == 'M';
}

static bool fits(const struct request *r, const char *memory, const char *reserved, int at)
{
	if (at % r->align || at < r->min || at + r->size > r->max)
		return false;
	for (int i = at; i < at + r->size; i++)
		if (!may_take(r, memory[i]) || reserved[i] != '.' ||
		    !line_alike(memory[i], memory[at]))
			return false;
	return true;
}

/* Where the request is to be fulfilled, or -1. */
static int place_of(const struct request *r, const char *memory, const char *reserved)
{
	int length = strlen(memory), found = -1;

	for (int at = 0; at + r->size <= length; at++) {
		if (!fits(r, memory, reserved, at))
			continue;
		found = at;
		if (memblock_bottom_up())
			break;
	}
	return found;
}

static int offset_of(phys_addr_t got)
{
	return got ? (int)(got - LINE_AT(0)) : -1;
}

/* Gives what was taken at @at back, after a look at what is reserved. */
static void give_back(struct kunit *test, const char *memory, char *reserved, int at, int size)
{
	struct line_range r = { at, at + size };

	if (at < 0) {
		expect_line_bytes(test, LINE_RESERVED, reserved, "from %s", memory);
		return;
	}
	for (int i = r.first; i < r.end; i++)
		if (!memblock_is_reserved(LINE_AT(i)))
			line_failed(test, __FILE__, __LINE__, LINE_RESERVED, reserved,
				    " %d was taken, but is not reserved", i);
	KUNIT_ASSERT_EQ(test, suite_free(LINE_AT(at), size), 0);
	expect_line_bytes(test, LINE_RESERVED, reserved, "from %s, but for what was taken", memory);
}

/* In a line of both: A is free, r reserved memory, R reserved without memory. */
static void lay_both(struct kunit *test, const char *line, char *memory, char *reserved)
{
	size_t i;

	for (i = 0; line[i]; i++) {
		memory[i] = line[i] == 'r' ? 'A' : line[i] == 'R' ? '.' : line[i];
		reserved[i] = line[i] == 'r' || line[i] == 'R' ? 'R' : '.';
	}
	memory[i] = reserved[i] = '\0';
	line_lay(test, LINE_MEMORY, memory);
	line_lay(test, LINE_RESERVED, reserved);
}

static void in_every_window(struct kunit *test, const char *line, int size, int align)
{
	char memory[LINE_ROOM], reserved[LINE_ROOM];
	struct line_range window = { 0, 0 };

	lay_both(test, line, memory, reserved);
	while (line_range_next(&window, strlen(line))) {
		struct request r = { size, align, window.first, window.end, NUMA_NO_NODE, false };
		int want = place_of(&r, memory, reserved), got;

		got = offset_of(
			memblock_phys_alloc_range(size, align, LINE_AT(r.min), LINE_AT(r.max)));
		KUNIT_ASSERT_EQ(test, got, want, "%s: %d bytes, aligned to %d, %d to %d", line,
				size, align, r.min, r.max);
		give_back(test, memory, reserved, got, size);
	}
}

static void windows(struct kunit *test)
{
	char line[LINE_ROOM];

	suite_direction(test);
	line_begin(line, 5);
	do {
		for (int size = 1; size <= 3; size++)
			in_every_window(test, line, size, 1);
		in_every_window(test, line, 1, 2);
		in_every_window(test, line, 2, 2);
		in_every_window(test, line, 1, 4);
	} while (line_next(line, "ArR"));
}

/* First the node that is asked for, and if that has nothing, any; or only that one. */
static void on_nodes(struct kunit *test, const char *memory, char *reserved, int size)
{
	for (int nid = NUMA_NO_NODE; nid <= 1; nid++) {
		struct request r = { size, 1, 0, strlen(memory), nid, false };
		int exact = place_of(&r, memory, reserved), any, got;

		r.nid = NUMA_NO_NODE;
		any = exact < 0 ? place_of(&r, memory, reserved) : exact;
		got = offset_of(memblock_phys_alloc_try_nid(size, 1, nid));
		KUNIT_ASSERT_EQ(test, got, any, "%s, reserved %s: %d bytes of node %d", memory,
				reserved, size, nid);
		give_back(test, memory, reserved, got, size);
#ifdef RT_HAVE_memblock_alloc_range_nid
		got = offset_of(
			memblock_alloc_range_nid(size, 1, 0, LINE_AT(LINE_ROOM), nid, true));
		KUNIT_ASSERT_EQ(test, got, exact, "%s, reserved %s: %d bytes of node %d only",
				memory, reserved, size, nid);
		give_back(test, memory, reserved, got, size);
#endif
	}
}

static void nodes(struct kunit *test)
{
	char memory[LINE_ROOM], reserved[LINE_ROOM];

	suite_needs_nodes(test);
	suite_direction(test);
	line_begin(memory, 4);
	do {
		line_lay(test, LINE_MEMORY, memory);
		line_begin(reserved, 4);
		do {
			line_lay(test, LINE_RESERVED, reserved);
			on_nodes(test, memory, reserved, 1);
			on_nodes(test, memory, reserved, 2);
		} while (line_next(reserved, "R"));
	} while (line_next(memory, "AB"));
}

static void with_flags(struct kunit *test, const char *letters)
{
	char memory[LINE_ROOM], reserved[LINE_ROOM] = "....";

	line_begin(memory, 4);
	do {
		line_lay(test, LINE_MEMORY, memory);
		for (int size = 1; size <= 2; size++) {
			struct request r = { size, 1, 0, 4, NUMA_NO_NODE, true };
			int want = place_of(&r, memory, reserved), got;

			r.mirror = false;
			if (want < 0)
				want = place_of(&r, memory, reserved);
			got = offset_of(memblock_phys_alloc(size, 1));
			KUNIT_ASSERT_EQ(test, got, want, "%s: %d bytes", memory, size);
			give_back(test, memory, reserved, got, size);
		}
	} while (line_next(memory, letters));
}

static void mirrored_first(struct kunit *test)
{
	suite_direction(test);
	/* the kernel remembers that there was some */
	line_lay(test, LINE_MEMORY, "M");
	with_flags(test, "AMN");
}

static void not_what_is_left_alone(struct kunit *test)
{
	suite_direction(test);
#ifdef RT_HAVE_MEMBLOCK_DRIVER_MANAGED
	with_flags(test, "AHND");
#else
	with_flags(test, "AHN");
#endif
}

static void not_hotplug_with_movable_node(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_MEMORY_HOTPLUG))
		kunit_skip(test, "without CONFIG_MEMORY_HOTPLUG there is no movable_node");
	suite_direction(test);
	movable_node_enabled = true;
	with_flags(test, "AHN");
}

/* Mirrored memory of another node comes before memory of the node without it. */
static void mirror_of_another_node(struct kunit *test)
{
	suite_needs_nodes(test);
	suite_direction(test);
	line_lay(test, LINE_MEMORY, "B.M.B");
	KUNIT_EXPECT_EQ(test, memblock_phys_alloc_try_nid(1, 1, 1), LINE_AT(2));
	KUNIT_EXPECT_EQ(test, memblock_phys_alloc_try_nid(1, 1, 1),
			LINE_AT(memblock_bottom_up() ? 0 : 4));
}

#define EACH(fn) KUNIT_CASE_PARAM(fn, direction_gen_params)

static struct kunit_case cases[] = { EACH(windows),
				     EACH(nodes),
				     EACH(mirrored_first),
				     EACH(not_what_is_left_alone),
				     EACH(not_hotplug_with_movable_node),
				     EACH(mirror_of_another_node),
				     {} };
#else
SUITE_WITHOUT(windows, memblock_phys_alloc_range())

static struct kunit_case cases[] = { KUNIT_CASE(windows), {} };
#endif
static struct kunit_suite suite = { .name = "memblock_allocs", .test_cases = cases };

kunit_test_suite(suite);
