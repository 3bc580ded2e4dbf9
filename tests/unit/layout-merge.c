// SPDX-License-Identifier: GPL-2.0-or-later
/* Several sources of one machine, and positions that are no lines. */
#include <stdlib.h>
#include <string.h>

#include "kunit/test.h"
#include "layout/layout.h"
#include "tests/unit/layout.h"

static struct layout *named(const char *name, const char *text)
{
	return layout_parse(name, text, strlen(text), NULL);
}

static bool has_note(const struct layout *l, const char *text)
{
	for (size_t i = 0; i < l->nr_notes; i++)
		if (strstr(l->notes[i].text, text))
			return true;
	return false;
}

static void adds(struct kunit *test)
{
	struct layout *l = named("a", "layout 1\nram 1G\nnode 0 1G\n");
	struct layout *more = named("b", "layout 1\narch arm64\nram 1G\ncmdline x\ncpus 3\n"
					 "model m\nnode 0 1G\nnode 1 1G+1G\nnode_cpus 0 1\n"
					 "node_cpus 1 2\ndistance 0 1 20\nusable 1M\n"
					 "dynamic 1M\nreserve 1M \"r\"\nimage bss 7\n");

	KUNIT_ASSERT_NOT_NULL(test, l);
	KUNIT_ASSERT_NOT_NULL(test, more);
	layout_merge(l, more);
	KUNIT_EXPECT_EQ(test, l->nr_notes, 0);
	KUNIT_EXPECT_EQ(test, l->arch, LAYOUT_ARM64);
	KUNIT_EXPECT_EQ(test, l->cpus, 3);
	KUNIT_EXPECT_STREQ(test, l->cmdline, "x");
	KUNIT_EXPECT_STREQ(test, l->model, "m");
	KUNIT_EXPECT_EQ(test, l->image.bss, 7);
	KUNIT_EXPECT_EQ(test, l->nr_ranges, 1);
	KUNIT_ASSERT_EQ(test, l->nr_node_ranges, 2);
	KUNIT_EXPECT_STREQ(test, l->node_ranges[0].pos.file, "a");
	KUNIT_EXPECT_STREQ(test, l->node_ranges[1].pos.file, "b");
	KUNIT_EXPECT_EQ(test, l->node_ranges[1].pos.line, 8);
	KUNIT_EXPECT_EQ(test, l->nr_node_cpus, 2);
	KUNIT_EXPECT_EQ(test, l->nr_distances, 1);
	KUNIT_EXPECT_EQ(test, l->nr_usables, 1);
	KUNIT_EXPECT_EQ(test, l->nr_dynamics, 1);
	KUNIT_EXPECT_EQ(test, l->nr_reservations, 1);
	expect_round_trip(test, l);
	layout_free(l);
}

static void contradicts(struct kunit *test)
{
	struct layout *l = named("a", "layout 1\narch arm\nram 1G\ncpus 2\nnode 0 1G\ncmdline x\n");
	struct layout *more = named("b", "layout 1\narch arm64\nram 2G\ncpus 3\n\nnode 1 1M+1M\n"
					 "cmdline y\n");

	KUNIT_ASSERT_NOT_NULL(test, l);
	KUNIT_ASSERT_NOT_NULL(test, more);
	layout_merge(l, more);
	layout_check(l);
	KUNIT_EXPECT_TRUE(test, has_note(l, "architecture is arm here, and arm64 in b"));
	KUNIT_EXPECT_TRUE(test, has_note(l, "processors is 2 here, and 3 in b"));
	KUNIT_EXPECT_TRUE(test, has_note(l, "command line is \"x\" here, and \"y\" in b"));
	KUNIT_EXPECT_TRUE(test, has_note(l, "0x0-0x3fffffff here, and at 0x0-0x7fffffff in b"));
	KUNIT_EXPECT_TRUE(test, has_note(l, "is on node 1, but a:5 has 0x0-0x3fffffff on node 0"));
	KUNIT_EXPECT_EQ(test, l->cpus, 2);
	KUNIT_EXPECT_STREQ(test, l->cmdline, "x");
	layout_free(l);
}

/* The firmware's map, and what the kernel made of it, are no contradiction. */
static void stages(struct kunit *test)
{
	static const char *const others[] = { "ram 1M-3M\n", "ram 1M-2M\n", "ram 1M-1500K\n",
					      "ram 1M-1600K\n" };

	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		struct layout *l =
			named("a", "layout 1\nram 1M-3M\n"
				   "remove 2097153-3M ram\nremove 1536001-3M ram late\n");
		char *text = file_path("layout 1\n%s", others[i]);
		struct layout *more = named("b", text);

		KUNIT_ASSERT_NOT_NULL(test, l);
		KUNIT_ASSERT_NOT_NULL(test, more);
		layout_merge(l, more);
		KUNIT_EXPECT_EQ(test, has_note(l, "RAM is at"), i == 3);
		layout_free(l);
		free(text);
	}
}

static void places(struct kunit *test)
{
	struct layout *l = layout_new("x.dtb"), *all = layout_new("all");
	struct layout_range ram = { .range = RANGE(0, 4096) };

	ram.pos.file = layout_place(l, "%s: /memory@%x", l->name, 0);
	layout_add_range(l, ram);
	layout_note_at(l, l->ranges[0].pos, "odd");
	layout_merge(all, l);
	KUNIT_ASSERT_EQ(test, all->nr_ranges, 1);
	KUNIT_EXPECT_STREQ(test, all->ranges[0].pos.file, "x.dtb: /memory@0");
	KUNIT_ASSERT_EQ(test, all->nr_notes, 1);
	KUNIT_EXPECT_STREQ(test, all->notes[0].pos.file, "x.dtb: /memory@0");
	layout_free(all);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(adds), KUNIT_CASE(contradicts), KUNIT_CASE(stages), KUNIT_CASE(places), {}
};

static struct kunit_suite suite = { .name = "layout_merge", .test_cases = cases };

kunit_test_suite(suite);
