// SPDX-License-Identifier: GPL-2.0-or-later
/* The native format of layouts, and files. layout-*.c have the rest. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kunit/test.h"
#include "layout/layout.h"
#include "lib/array.h"
#include "tests/unit/layout.h"

static const char every_fact[] = "# a comment first\n\n"
				 "layout 1 # and here\r\n"
				 "arch i386\npage_size 16K\ncpus 3\n"
				 "kernel_version 6.1.0-x y\n"
				 "cmdline  root=\"a b\" #not a comment \n"
				 "image bss 1M code 3 rodata 0x10K\n"
				 "  ram 0x0-0x9fbff\n"
				 "nvs\t1M+64K \"ACPI \\\"x\\\" \\\\ \\x0a\"\n"
				 "other 2G-3G \"type 20\" # 20\n"
				 "update 0x0-0xfff ram => reserved late\n"
				 "update 1M+1M any => ram\n"
				 "remove 16M-17M any cmdline late\n"
				 "node 7 0-1G hotplug mirror\n"
				 "node - 1G-2G nomap driver_managed\n"
				 "kernel 16M+1M\n"
				 "reserve 0x10-0x1f \"a thing\" nomap\n"
				 "reserved_memory 3G+1M \"fb\" reusable default_cma\n"
				 "node_cpus 7 2\nnode_cpus 3 0\ndistance 7 3 21\n"
				 "model  A Board # 2\ndma_last 0x3fffffff\nusable 1M+16M\n"
				 "dynamic 64M \"cma\" align 4M in 0-1G in 2G+1M reusable\n"
				 "dynamic 3 nomap\n";

static void machine(struct kunit *test)
{
	struct error err;
	struct layout *l = parse(every_fact, &err);

	KUNIT_ASSERT_NOT_NULL(test, l, "%s", err.text);
	KUNIT_EXPECT_EQ(test, l->arch, LAYOUT_I386);
	KUNIT_EXPECT_EQ(test, l->page_size, 16384);
	KUNIT_EXPECT_EQ(test, l->cpus, 3);
	KUNIT_EXPECT_STREQ(test, l->kernel_version, "6.1.0-x y");
	KUNIT_EXPECT_STREQ(test, l->cmdline, "root=\"a b\" #not a comment");
	KUNIT_EXPECT_EQ(test, l->image.code, 3);
	KUNIT_EXPECT_EQ(test, l->image.rodata, 16384);
	KUNIT_EXPECT_EQ(test, l->image.init, 0);
	layout_free(l);
}

static void ranges(struct kunit *test)
{
	struct error err;
	struct layout *l = parse(every_fact, &err);

	KUNIT_ASSERT_NOT_NULL(test, l, "%s", err.text);
	KUNIT_ASSERT_EQ(test, l->nr_ranges, 3);
	KUNIT_EXPECT_STREQ(test, l->ranges[0].words, "usable");
	KUNIT_EXPECT_EQ(test, l->ranges[0].range.end, 0x9fc00);
	KUNIT_EXPECT_EQ(test, l->ranges[0].pos.line, 10);
	KUNIT_EXPECT_STREQ(test, l->ranges[0].pos.file, "t.layout");
	KUNIT_EXPECT_STREQ(test, l->ranges[1].words, "ACPI \"x\" \\ \n");
	KUNIT_ASSERT_EQ(test, l->nr_updates, 3);
	KUNIT_EXPECT_EQ(test, l->updates[0].to, LAYOUT_RESERVED);
	KUNIT_EXPECT_EQ(test, l->updates[0].flags, LAYOUT_UPDATE_LATE);
	KUNIT_EXPECT_TRUE(test, l->updates[1].any && !l->updates[1].remove);
	KUNIT_EXPECT_TRUE(test, l->updates[2].any && l->updates[2].remove);
	KUNIT_ASSERT_EQ(test, l->nr_node_ranges, 2);
	KUNIT_EXPECT_EQ(test, l->node_ranges[0].nid, 7);
	KUNIT_EXPECT_EQ(test, l->node_ranges[1].nid, LAYOUT_NO_NODE);
	KUNIT_EXPECT_EQ(test, l->node_ranges[1].flags, LAYOUT_NOMAP | LAYOUT_DRIVER_MANAGED);
	KUNIT_ASSERT_EQ(test, l->nr_reservations, 3);
	KUNIT_EXPECT_STREQ(test, l->reservations[0].name, "kernel");
	KUNIT_EXPECT_EQ(test, l->reservations[1].flags, LAYOUT_NOMAP);
	KUNIT_EXPECT_EQ(test, l->reservations[2].flags, LAYOUT_REUSABLE | LAYOUT_DEFAULT_CMA);
	expect_round_trip(test, l);
	layout_free(l);
}

static void other_facts(struct kunit *test)
{
	struct error err;
	struct layout *l = parse(every_fact, &err);

	KUNIT_ASSERT_NOT_NULL(test, l, "%s", err.text);
	KUNIT_EXPECT_STREQ(test, l->model, "A Board # 2");
	KUNIT_EXPECT_EQ(test, l->dma_last, 0x3fffffff);
	KUNIT_ASSERT_EQ(test, l->nr_node_cpus, 2);
	KUNIT_EXPECT_EQ(test, l->node_cpus[0].cpus, 2);
	KUNIT_EXPECT_EQ(test, l->node_cpus[1].nid, 3);
	KUNIT_ASSERT_EQ(test, l->nr_distances, 1);
	KUNIT_EXPECT_EQ(test, l->distances[0].distance, 21);
	KUNIT_ASSERT_EQ(test, l->nr_usables, 1);
	KUNIT_EXPECT_EQ(test, l->usables[0].range.start, 1 << 20);
	KUNIT_ASSERT_EQ(test, l->nr_dynamics, 2);
	KUNIT_EXPECT_STREQ(test, l->dynamics[0].name, "cma");
	KUNIT_EXPECT_EQ(test, l->dynamics[0].align, 4 << 20);
	KUNIT_EXPECT_EQ(test, l->dynamics[0].nr_within, 2);
	KUNIT_EXPECT_EQ(test, l->dynamics[0].within[1].start, 2ULL << 30);
	KUNIT_EXPECT_EQ(test, l->dynamics[1].size, 3);
	KUNIT_EXPECT_EQ(test, l->dynamics[1].flags, LAYOUT_NOMAP);
	layout_free(l);
}

static const struct wrong {
	const char *name, *text, *message;
} wrong[] = {
	{ "no_version", "layout\t\n", "t.layout:1:7: this mbsim knows" },
	{ "newer_version", "layout 2\nram 1M\n", "t.layout:1:7: this mbsim knows version 1" },
	{ "two_versions", "layout 1\nlayout 1\n", "t.layout:2:1: \"layout\" is in line 1" },
	{ "no_ram", "layout 1\nreserved 1M\n", "t.layout: no memory at all" },
	{ "unknown_fact", "layout 1\n  rum 1M\n", "t.layout:2:3: \"rum\" is not a fact" },
	{ "no_range", "layout 1\nram\n", "t.layout:2:4: a range is expected" },
	{ "no_number", "layout 1\nram x-y\n", "t.layout:2:5: a range is expected" },
	{ "half_range", "layout 1\nram 1M-\n", "t.layout:2:5: a range is expected" },
	{ "junk_range", "layout 1\nram 1M-2Mx\n", "t.layout:2:5: a range is expected" },
	{ "inverted", "layout 1\nram 2M-1M\n", "t.layout:2:5: a range must end after" },
	{ "empty", "layout 1\nram 2M+0\n", "t.layout:2:5: the range is empty" },
	{ "overflow", "layout 1\nram 16E\n", "t.layout:2:5: a range must end" },
	{ "last_byte", "layout 1\nram 0-0xffffffffffffffff\n", "t.layout:2:5: a range must end" },
	{ "wrapping", "layout 1\nram 15E+15E\n", "t.layout:2:5: a range must end" },
	{ "more", "layout 1\nram 1M 2M\n", "t.layout:2:8: nothing more is expected" },
	{ "open_quote", "layout 1\nram 1M \"x\n", "t.layout:2:8: the quote is not closed" },
	{ "bad_escape", "layout 1\nram 1M \"\\y\"\n", "t.layout:2:9: a backslash needs" },
	{ "zero_escape", "layout 1\nram 1M \"\\x00\"\n", "t.layout:2:9: a backslash needs" },
	{ "arch", "layout 1\narch z80\n", "t.layout:2:6: unknown architecture \"z80\"" },
	{ "two_arches", "layout 1\narch arm\narch arm\n", "t.layout:3:1: \"arch\" is in line 2" },
	{ "page_size", "layout 1\npage_size 5000\n", "t.layout:2:15: a page size is a power" },
	{ "no_cpus", "layout 1\ncpus 0\n", "t.layout:2:6: the number must be from 1" },
	{ "image", "layout 1\nimage fat 3\n", "t.layout:2:7: unknown part \"fat\"" },
	{ "arrow", "layout 1\nupdate 1M ram reserved\n", "t.layout:2:15: \"=>\" and a type" },
	{ "any_to_any", "layout 1\nupdate 1M any => any\n", "t.layout:2:18: unknown type" },
	{ "from", "layout 1\nremove 1M rum\n", "t.layout:2:11: unknown type of memory \"rum\"" },
	{ "node", "layout 1\nnode x 1M\n", "t.layout:2:6: a number is expected" },
	{ "big_node", "layout 1\nnode 65536 1M\n", "t.layout:2:6: the number must be from 0" },
	{ "flag", "layout 1\nnode 1 1M hot\n", "t.layout:2:11: unknown word \"hot\"" },
	{ "align", "layout 1\ndynamic 1M align 3\n", "t.layout:2:19: an alignment is a power" },
	{ "no_size", "layout 1\ndynamic\n", "t.layout:2:8: a number is expected" },
	{ "distance", "layout 1\ndistance 0 1 256\n", "t.layout:2:14: the number must be from 1" },
	{ "quoted_cmdline", "layout 1\ncmdline \"a\" b\n", "t.layout:2:13: nothing more" },
	{ "unknown_file", "GIF89a",
	  "t.layout: it is not known what this is: mbsim reads a layout" },
	{ "empty_file", "", "t.layout: the file is empty: mbsim reads a layout file" },
	{ "comment_only", "# layout 1\n", "t.layout: it is not known what this is" },
};

KUNIT_ARRAY_PARAM_DESC(wrong, wrong, name);

static void wrong_line(struct kunit *test)
{
	const struct wrong *w = test->param_value;
	struct error err;
	struct layout *l = parse(w->text, &err);

	KUNIT_EXPECT_NULL(test, l);
	KUNIT_EXPECT_EQ(test, err.code, EINVAL);
	err.text[strlen(w->message)] = '\0';
	KUNIT_EXPECT_STREQ(test, err.text, w->message);
	layout_free(l);
}

static void zero_byte(struct kunit *test)
{
	struct error err = { 0 };

	KUNIT_EXPECT_NULL(test, layout_parse("t", "layout 1\nra\0 1M\n", 16, &err));
	KUNIT_EXPECT_STREQ(test, err.text, "t:2:3: a zero byte: not a text");
}

static const char *const texts[] = {
	"",   " ",   "a",     "\"", "\"a\" b",	  " a",
	"a ", "# a", "a # b", "\\", "\x01\x7f\n", "\xc3\xa9 \xff",
};

static char *random_text(unsigned int *seed)
{
	return (char *)texts[random_number(seed, ARRAY_LEN(texts))];
}

/* A fact of each kind, with the same random range, text and flags. */
static void add_facts(struct layout *l, unsigned int *seed)
{
	uint64_t start = (uint64_t)random_number(seed, 1 << 23) << random_number(seed, 40);
	struct range r = { start, start + 1 + random_number(seed, 1 << 20) };
	char *text = random_number(seed, 2) ? random_text(seed) : NULL;
	enum layout_type type = random_number(seed, LAYOUT_NR_TYPES);
	enum layout_kind kind = random_number(seed, LAYOUT_NR_KINDS);
	int nid = (int)random_number(seed, 9) - 1;
	unsigned int flags = random_number(seed, 16);

	layout_add_range(l, (struct layout_range){ .range = r, .type = type, .words = text });
	layout_add_update(l, (struct layout_update){
				     .range = r,
				     .from = type,
				     .to = random_number(seed, LAYOUT_NR_TYPES),
				     .remove = flags & 1,
				     .any = flags & 2,
				     .flags = flags >> 2,
			     });
	layout_add_node_range(l,
			      (struct layout_node_range){ .range = r, .nid = nid, .flags = flags });
	layout_add_reservation(l, (struct layout_reservation){
					  .range = r, .kind = kind, .name = text, .flags = flags });
}

/* A layout with @nr facts of each kind at random places. */
static struct layout *make_up(unsigned int *seed, unsigned int nr)
{
	struct layout *l = layout_new("made up");

	l->arch = random_number(seed, LAYOUT_NR_ARCHES);
	l->page_size = random_number(seed, 2) ? 4096 : 0;
	l->cpus = random_number(seed, 100);
	l->image.init = random_number(seed, 5000);
	if (random_number(seed, 3))
		l->cmdline = array_strdup(random_text(seed));
	if (random_number(seed, 3))
		l->kernel_version = array_strdup(random_text(seed));
	layout_add_range(l, (struct layout_range){ .range = RANGE(0, 1 << 20) });
	for (unsigned int i = 0; i < nr; i++)
		add_facts(l, seed);
	return l;
}

static void round_trip(struct kunit *test)
{
	unsigned int seed = 1;

	for (int i = 0; i < 300; i++) {
		struct layout *l = make_up(&seed, i % 12);

		expect_round_trip(test, l);
		layout_free(l);
	}
}

/* Whatever is left of a file, it is a layout or an error that names a line. */
static void every_truncation(struct kunit *test)
{
	unsigned int seed = 7;
	struct layout *l = make_up(&seed, 6);
	char *text = written(l);
	struct error err;

	for (size_t len = strlen(text); len > 10; len--) {
		struct layout *cut;

		text[len] = '\0';
		cut = parse(text, &err);
		KUNIT_EXPECT_TRUE(test, cut || !strncmp(err.text, "t.layout:", 9), "%zu: %s", len,
				  err.text);
		if (cut)
			expect_round_trip(test, cut);
		layout_free(cut);
	}
	free(text);
	layout_free(l);
}

static void no_such_file(struct kunit *test)
{
	struct error err = { 0 };

	KUNIT_EXPECT_NULL(test, layout_read("tests/data/layouts/missing", &err));
	KUNIT_EXPECT_EQ(test, err.code, ENOENT);
}

/* The machine that ships with mbsim is whole, and has the map of the real one. */
static void default_machine(struct kunit *test)
{
	struct error err = { 0 };
	struct layout *l = layout_read("data/pc-2g.layout", &err);
	struct layout *real = layout_read("tests/data/boots/amd64-6.12-2g-bios.log.xz", &err);

	KUNIT_EXPECT_STREQ(test, err.text, "");
	KUNIT_ASSERT_NOT_NULL(test, l);
	KUNIT_ASSERT_NOT_NULL(test, real);
	layout_check(l);
	KUNIT_EXPECT_EQ(test, l->nr_notes, 0);
	KUNIT_ASSERT_EQ(test, l->nr_ranges, real->nr_ranges);
	for (size_t i = 0; i < l->nr_ranges; i++) {
		KUNIT_EXPECT_EQ(test, l->ranges[i].range.start, real->ranges[i].range.start);
		KUNIT_EXPECT_EQ(test, l->ranges[i].range.end, real->ranges[i].range.end);
		KUNIT_EXPECT_EQ(test, l->ranges[i].type, real->ranges[i].type);
	}
	expect_round_trip(test, l);
	layout_free(l);
	layout_free(real);
}

static struct kunit_case native_cases[] = {
	KUNIT_CASE(machine),	      KUNIT_CASE(ranges),
	KUNIT_CASE(other_facts),      KUNIT_CASE_PARAM(wrong_line, wrong_gen_params),
	KUNIT_CASE(zero_byte),	      KUNIT_CASE(round_trip),
	KUNIT_CASE(every_truncation), {},
};

static struct kunit_case file_cases[] = {
	KUNIT_CASE(no_such_file),
	KUNIT_CASE(default_machine),
	{},
};

static struct kunit_suite native_suite = { .name = "layout_native", .test_cases = native_cases };
static struct kunit_suite file_suite = { .name = "layout_read", .test_cases = file_cases };

kunit_test_suite(native_suite);
kunit_test_suite(file_suite);
