// SPDX-License-Identifier: GPL-2.0-or-later
/* What all of a log tells and no line of it: how ends are printed, which engine goes with it; and places. */
#include <stdlib.h>
#include <string.h>

#include "kunit/test.h"
#include "lib/array.h"
#include "replay/internal.h"

static struct replay_log *parse(struct kunit *test, const char *text, unsigned int boot)
{
	struct error err = { 0 };
	struct replay_log *log = replay_parse("t.log", text, strlen(text), boot, &err);

	KUNIT_ASSERT_NOT_NULL(test, log, "%s", err.text);
	return log;
}

#define OLD "Linux version 3.5.0 (a@b)\n"
#define NEW "Linux version 3.14.1 (a@b)\n"
#define EXCLUSIVE                                                                  \
	"memblock_reserve: [0x00000001000000-0x000000014e7000] setup_arch+0x1/2\n" \
	"   memblock_free: [0x0000000109a000-0x0000000109b000] a+0x1/0x2\n"        \
	"memblock_reserve: [0x000000001ffbd0-0x000000001ffbf3] b+0x1/0x2\n"
#define INCLUSIVE                                                                  \
	"memblock_reserve: [0x00000001000000-0x000000014e6fff] setup_arch+0x1/2\n" \
	"   memblock_free: [0x0000000109a000-0x0000000109afff] a+0x1/0x2\n"        \
	"memblock_reserve: [0x000000001ffbd0-0x000000001ffbf2] b+0x1/0x2\n"

static const struct ends {
	const char *name, *text;
	bool exclusive;
} ends[] = {
	{ "old", OLD EXCLUSIVE, true },
	{ "mended_in_an_old_one", OLD INCLUSIVE, false },
	{ "unknown_version", EXCLUSIVE, true },
	{ "unknown_version_inclusive", INCLUSIVE, false },
	{ "new", NEW INCLUSIVE, false },
	{ "new_with_odd_ranges", NEW EXCLUSIVE, false },
	{ "old_and_undecided",
	  OLD "memblock_reserve: [0x000000001ffbd0-0x000000001ffbf3] b+0x1/0x2\n", true },
	{ "the_last_old",
	  "Linux version 3.13.11 (a@b)\n"
	  "memblock_reserve: [0x000000001ffbd0-0x000000001ffbf3] b+0x1/0x2\n",
	  true },
	{ "the_first_new",
	  "Linux version 3.14.0 (a@b)\n"
	  "memblock_reserve: [0x000000001ffbd0-0x000000001ffbf3] b+0x1/0x2\n",
	  false },
	{ "one_odd_range_of_nobody",
	  "memblock_reserve: [0x00000001000000-0x000000014e7000] setup_arch+0x1/2\n", false },
};

KUNIT_ARRAY_PARAM_DESC(ends, ends, name);

static void ends_of_ranges(struct kunit *test)
{
	const struct ends *e = test->param_value;
	struct replay_log *log = parse(test, e->text, 0);
	const struct replay_event *last = &log->v[log->nr - 1];

	KUNIT_EXPECT_EQ(test, log->ends_are_exclusive, e->exclusive);
	if (log->nr == 3 && e->exclusive) {
		KUNIT_EXPECT_EQ(test, log->v[0].range.end, 0x14e7000);
		KUNIT_EXPECT_EQ(test, log->v[0].size, 0x4e7000);
		KUNIT_EXPECT_EQ(test, log->v[1].size, 0x1000);
		KUNIT_EXPECT_EQ(test, last->range.end, 0x1ffbf3);
	}
	replay_log_free(log);
}

#define ALLOCATION                                                                           \
	"memblock_alloc_try_nid: 64 bytes align=0x20 nid=-1 from=0x0 max_addr=0x0 a+0x1/2\n" \
	"memblock_reserve: [0x087fffc0-0x087fffff] memblock_alloc_range_nid+0x1/0x2\n"

static const struct machine {
	const char *name, *text, *config, *change;
} machines[] = {
	{ "eight_digits", ALLOCATION, "phys32", NULL },
	{ "eight_digits_of_a_64bit_machine",
	  "Linux version 6.1.1 (a@b)\nBIOS-provided physical RAM map:\n"
	  "BIOS-e820: [mem 0x0000000000000000-0x000000000fffffff] usable\n" ALLOCATION,
	  "x86_64", NULL },
	{ "sixteen_digits", "memblock_reserve: [0x0000000008000000-0x0000000008000fff] a+0x1/0x2\n",
	  NULL, NULL },
	{ "mixed", ALLOCATION "memblock_reserve: [0x8000000-0x8000fff] a+0x1/0x2\n", NULL, NULL },
	{ "doubling_with_pages_of_16K",
	  "memblock_reserve: [0x0000000008000000-0x0000000008000fff] a+0x1/0x2\n"
	  "memblock: reserved is doubled to 256 at [0x0000000008004000-0x00000000080057ff]\n"
	  "memblock_reserve: [0x0000000008004000-0x0000000008007fff] "
	  "memblock_double_array+0x1/0x2\n",
	  NULL, "CONFIG_PAGE_SHIFT=14" },
	{ "doubling_with_pages_of_4K",
	  "memblock_reserve: [0x0000000008000000-0x0000000008000fff] a+0x1/0x2\n"
	  "memblock: reserved is doubled to 256 at [0x0000000008004000-0x00000000080057ff]\n"
	  "memblock_reserve: [0x0000000008004000-0x0000000008005fff] "
	  "memblock_double_array+0x1/0x2\n",
	  NULL, NULL },
};

KUNIT_ARRAY_PARAM_DESC(machines, machines, name);

static void configuration(struct kunit *test)
{
	const struct machine *m = test->param_value;
	struct replay_log *log = parse(test, m->text, 0);
	struct layout *l = replay_machine(log, NULL);
	struct replay_config c;

	replay_choose_config(log, l, &c);
	KUNIT_EXPECT_STREQ(test, c.name ? c.name : "none", m->config ? m->config : "none");
	KUNIT_EXPECT_EQ(test, c.changes, m->change ? 1 : 0);
	if (m->change)
		KUNIT_EXPECT_STREQ(test, c.change[0], m->change);
	layout_free(l);
	replay_log_free(log);
}

#define BOOT(version, last)                                                  \
	"Linux version " version " (a@b)\nBIOS-provided physical RAM map:\n" \
	"BIOS-e820: [mem 0x0000000000000000-0x" last "] usable\n"            \
	"memblock_reserve: [0x0000000008000000-0x0000000008000fff] a+0x1/0x2\n"

/* Of two boots in a file the machine is that of the one that is asked for. */
static void machine_of_the_boot(struct kunit *test)
{
	const char *text = BOOT("6.1.1", "000000000fffffff") BOOT("6.1.2", "000000001fffffff");

	for (unsigned int boot = 1; boot <= 2; boot++) {
		struct replay_log *log = parse(test, text, boot);
		struct layout *l = replay_machine(log, NULL);

		KUNIT_ASSERT_NOT_NULL(test, l);
		KUNIT_EXPECT_EQ(test, layout_ram_size(l), (uint64_t)boot << 28);
		layout_free(l);
		replay_log_free(log);
	}
}

static struct place place(uint64_t log, uint64_t here, uint64_t size)
{
	return (struct place){ { log, log + size }, { here, here + size }, 0, false };
}

/* What was put elsewhere is found there, also when a part of it was freed. */
static void places(struct kunit *test)
{
	struct places s = { 0 };
	const struct place *p;

	places_set(&s, place(0x1000, 0x9000, 0x3000));
	places_set(&s, place(0x4000, 0x20000, 0x1000));
	KUNIT_EXPECT_NULL(test, places_find(&s, (struct range){ 0, 0x1000 }));
	KUNIT_EXPECT_NULL(test, places_find(&s, (struct range){ 0x1000, 0x1000 }));
	places_cut(&s, (struct range){ 0x2000, 0x3000 });
	KUNIT_EXPECT_NULL(test, places_find(&s, (struct range){ 0x2000, 0x3000 }));
	p = places_find(&s, (struct range){ 0x3800, 0x3900 });
	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_EQ(test, p->log.start, 0x3000);
	KUNIT_EXPECT_EQ(test, p->here.start, 0xb000);
	KUNIT_EXPECT_EQ(test, p->here.end, 0xc000);
	KUNIT_EXPECT_NULL(test, places_find_here(&s, (struct range){ 0xa000, 0xb000 }));
	KUNIT_EXPECT_NOT_NULL(test, places_find_here(&s, (struct range){ 0x20800, 0x30000 }));
	/* the same memory again: who had it has freed it without a line */
	places_set(&s, place(0x8000, 0x20000, 0x1000));
	p = places_find_here(&s, (struct range){ 0x20000, 0x21000 });
	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_EQ(test, p->log.start, 0x8000);
	places_cut(&s, (struct range){ 0x4000, 0x5000 });
	KUNIT_EXPECT_NOT_NULL(test, places_find_here(&s, (struct range){ 0x20000, 0x21000 }));
	places_release(&s);
	KUNIT_EXPECT_NULL(test, places_find(&s, (struct range){ 0, UINT64_MAX }));
}

static void callers(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, replay_caller_fits("acpi_*", "acpi_parse_hpet+0xc3/0x132"));
	KUNIT_EXPECT_TRUE(test, replay_caller_fits("setup_arch", "setup_arch+0x1/0x2"));
	KUNIT_EXPECT_TRUE(test, replay_caller_fits("setup_arch+0x1/0x2", "setup_arch+0x1/0x2"));
	KUNIT_EXPECT_FALSE(test, replay_caller_fits("setup", "setup_arch+0x1/0x2"));
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(ends_of_ranges, ends_gen_params),
	KUNIT_CASE_PARAM(configuration, machines_gen_params),
	KUNIT_CASE(machine_of_the_boot),
	KUNIT_CASE(places),
	KUNIT_CASE(callers),
	{},
};

static struct kunit_suite suite = { .name = "replay_facts", .test_cases = cases };
kunit_test_suite(suite);
