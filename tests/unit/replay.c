// SPDX-License-Identifier: GPL-2.0-or-later
/* The reader of memblock's messages: wordings of kernels, prefixes, torn lines, several boots. */
#include <string.h>

#include "kunit/test.h"
#include "replay/replay.h"

static struct replay_log *parse(const char *text, unsigned int boot)
{
	struct error err = { 0 };

	return replay_parse("test", text, strlen(text), boot, &err);
}

static const struct wording {
	const char *name, *text;
	enum replay_kind kind;
	const char *function, *caller;
	struct range range;
	uint64_t size, align, min, max;
	int nid;
	bool internal;
} wordings[] = {
	{ "reserve",
	  "[    0.000000] memblock_reserve: [0x0000000001000000-0x00000000037fffff] "
	  "setup_arch+0x2d4/0x8df",
	  REPLAY_RESERVE,
	  "memblock_reserve",
	  "setup_arch+0x2d4/0x8df",
	  { 0x1000000, 0x3800000 },
	  .size = 0x2800000,
	  .nid = -1 },
	{ "flags_before_caller",
	  "memblock_reserve: [0x00001000-0x00001fff] flags 0x0 setup_arch+0x1/0x2",
	  REPLAY_RESERVE,
	  "memblock_reserve",
	  "setup_arch+0x1/0x2",
	  { 0x1000, 0x2000 },
	  .size = 0x1000,
	  .nid = -1 },
	{ "nid_and_flags",
	  "memblock_reserve: [0x1000-0x1fff] nid=1 flags=20 memblock_alloc_range_nid+0x1/0x2",
	  REPLAY_RESERVE,
	  "memblock_reserve",
	  "memblock_alloc_range_nid+0x1/0x2",
	  { 0x1000, 0x2000 },
	  .size = 0x1000,
	  .nid = 1,
	  .internal = true },
	{ "by_virt_alloc",
	  "memblock_reserve: [0x1000-0x1fff] memblock_virt_alloc_internal+0x1/0x2",
	  REPLAY_RESERVE,
	  "memblock_reserve",
	  "memblock_virt_alloc_internal+0x1/0x2",
	  { 0x1000, 0x2000 },
	  .size = 0x1000,
	  .nid = -1,
	  .internal = true },
	{ "half_open",
	  "memblock_reserve: [0x1000-0x2000) a+0x1/0x2",
	  REPLAY_RESERVE,
	  "memblock_reserve",
	  "a+0x1/0x2",
	  { 0x1000, 0x2000 },
	  .size = 0x1000,
	  .nid = -1 },
	{ "indented_free",
	  "   memblock_free: [0x1000-0x1fff] a+0x1/0x2",
	  REPLAY_FREE,
	  "memblock_free",
	  "a+0x1/0x2",
	  { 0x1000, 0x2000 },
	  .size = 0x1000,
	  .nid = -1 },
	{ "empty_free",
	  "memblock_phys_free: [0x1000-0xfff] a+0x1/0x2",
	  REPLAY_FREE,
	  "memblock_phys_free",
	  "a+0x1/0x2",
	  { 0x1000, 0x1000 },
	  .nid = -1 },
	{ "add_node",
	  "memblock_add_node: [0x1000-0x1fff] nid=2 flags=0 a+0x1/0x2",
	  REPLAY_ADD,
	  "memblock_add_node",
	  "a+0x1/0x2",
	  { 0x1000, 0x2000 },
	  .size = 0x1000,
	  .nid = 2 },
	{ "no_caller",
	  "memblock_remove: [0x1000-0x1fff]",
	  REPLAY_REMOVE,
	  "memblock_remove",
	  "",
	  { 0x1000, 0x2000 },
	  .size = 0x1000,
	  .nid = -1 },
	{ "late",
	  "__memblock_free_late: [0x1000-0x1fff] a+0x1/0x2",
	  REPLAY_LATE,
	  "__memblock_free_late",
	  "a+0x1/0x2",
	  { 0x1000, 0x2000 },
	  .size = 0x1000,
	  .nid = -1 },
	{ "request",
	  "memblock_alloc_try_nid: 73 bytes align=0x40 nid=-1 from=0x0000000000001000 "
	  "max_addr=0x0000000000000001 acpi_parse_hpet+0xc3/0x132",
	  REPLAY_REQUEST, "memblock_alloc_try_nid", "acpi_parse_hpet+0xc3/0x132", .size = 73,
	  .align = 0x40, .min = 0x1000, .max = 1, .nid = -1 },
	{ "request_without_node",
	  "memblock_phys_alloc_range: 4096 bytes align=0x1000 from=0x00000000 max_addr=0x00100000 "
	  "(____ptrval____)",
	  REPLAY_REQUEST, "memblock_phys_alloc_range", "(____ptrval____)", .size = 4096,
	  .align = 0x1000, .max = 0x100000, .nid = -1 },
	{ "request_4.x",
	  "memblock_virt_alloc_try_nid_nopanic: 16 bytes align=0x0 nid=64 from=0x0 max_addr=0x0 a+0/0",
	  REPLAY_REQUEST, "memblock_virt_alloc_try_nid_nopanic", "a+0/0", .size = 16, .nid = 64 },
	{ "doubled",
	  "memblock: reserved is doubled to 256 at [0x0000000000001000-0x00000000000027ff]",
	  REPLAY_DOUBLE,
	  "memblock_double_array",
	  "",
	  { 0x1000, 0x2800 },
	  .size = 256,
	  .nid = -1 },
	{ "wrapped",
	  "> memblock_alloc_try_nid: 32 bytes align=0x40 nid=0 from=0x0\n> max_addr=0x0 "
	  "a+0x1/0x2\n",
	  REPLAY_REQUEST, "memblock_alloc_try_nid", "a+0x1/0x2", .size = 32, .align = 0x40,
	  .nid = 0 },
};

KUNIT_ARRAY_PARAM_DESC(wordings, wordings, name);

static void wording(struct kunit *test)
{
	const struct wording *w = test->param_value;
	struct replay_log *log = parse(w->text, 0);
	const struct replay_event *e;

	KUNIT_ASSERT_TRUE(test, log != NULL, "it is read");
	KUNIT_ASSERT_EQ(test, log->nr, 1, "one call");
	e = &log->v[0];
	KUNIT_EXPECT_EQ(test, e->kind, w->kind);
	KUNIT_EXPECT_STREQ(test, e->function, w->function);
	KUNIT_EXPECT_STREQ(test, e->caller, w->caller);
	KUNIT_EXPECT_EQ(test, e->range.start, w->range.start);
	KUNIT_EXPECT_EQ(test, e->range.end, w->range.end);
	KUNIT_EXPECT_EQ(test, e->size, w->size);
	KUNIT_EXPECT_EQ(test, e->align, w->align);
	KUNIT_EXPECT_EQ(test, e->min, w->min);
	KUNIT_EXPECT_EQ(test, e->max, w->max);
	KUNIT_EXPECT_EQ(test, e->nid, w->nid);
	KUNIT_EXPECT_EQ(test, e->internal, w->internal);
	replay_log_free(log);
}

#define CALL "memblock_reserve: [0x1000-0x1fff] a+0x1/0x2\n"

static void dump(struct kunit *test)
{
	struct replay_log *log =
		parse(CALL "MEMBLOCK configuration:\n"
			   " memory size = 0x2000 reserved size = 0x1000\n"
			   " memory.cnt  = 0x2\n"
			   " memory[0x0]\t[0x1000-0x1fff], 0x1000 bytes on node 0 flags: 0x4\n"
			   " memory[0x1]    [0x3000-0x3fff], 0x1000 bytes flags: HOTPLUG|MIRROR\n"
			   " reserved.cnt  = 0x1\n"
			   " reserved[0x0]\t[0x0-0xffffffffffffffff], 0x0 bytes flags: 0x0\n",
		      0);
	const struct replay_event *e;

	KUNIT_ASSERT_TRUE(test, log != NULL, "it is read");
	KUNIT_ASSERT_EQ(test, log->nr, 2, "a call and a dump");
	e = &log->v[1];
	KUNIT_EXPECT_EQ(test, e->kind, REPLAY_DUMP);
	KUNIT_ASSERT_EQ(test, e->dump->memory.nr, 2, "rows");
	KUNIT_EXPECT_EQ(test, e->dump->memory.v[0].nid, 0);
	KUNIT_EXPECT_EQ(test, e->dump->memory.v[0].flags, 4);
	KUNIT_EXPECT_EQ(test, e->dump->memory.v[1].nid, -1);
	KUNIT_EXPECT_EQ(test, e->dump->memory.v[1].flags, 3);
	KUNIT_EXPECT_EQ(test, e->dump->reserved.nr, 0);
	KUNIT_EXPECT_TRUE(test, e->dump->reserved.told, "an empty array is one");
	KUNIT_EXPECT_EQ(test, log->nr_unread, 0);
	replay_log_free(log);
}

static void boots(struct kunit *test)
{
	static const char text[] = "Linux version 6.1.1 (a)\n" CALL CALL
				   "Linux version 6.1.2 (a)\n" CALL "Linux version 6.1.3 (a)\n";
	struct replay_log *log = parse(text, 0);

	KUNIT_ASSERT_TRUE(test, log != NULL, "it is read");
	KUNIT_EXPECT_EQ(test, log->boots, 2);
	KUNIT_EXPECT_STREQ(test, log->version, "6.1.2");
	replay_log_free(log);
	log = parse(text, 1);
	KUNIT_ASSERT_TRUE(test, log != NULL, "the first is read");
	KUNIT_EXPECT_EQ(test, log->nr, 2);
	replay_log_free(log);
	KUNIT_EXPECT_TRUE(test, parse(text, 3) == NULL, "there is no third with calls");
}

#define COMMAND_LINE "Kernel command line: quiet\n"
/* An allocation whose callers have no names, and what is given for it. */
#define GIVEN(size, start, last)                                                          \
	"memblock_alloc_try_nid: " size " bytes align=0x40 nid=-1 from=0x0 max_addr=0x0 " \
	"0xc0100000\nmemblock_reserve: [" start "-" last "] 0xc0200000\n"

/* Without a banner a boot begins where what was asked for first is asked for again, and memory that is taken is given. */
static void boots_without_banner(struct kunit *test)
{
	static const char one[] = CALL COMMAND_LINE GIVEN("4096", "0x8000", "0x8fff")
		GIVEN("8192", "0x6000", "0x7fff");
	static const char again[] = CALL COMMAND_LINE GIVEN("4096", "0x8000", "0x8fff")
		GIVEN("8192", "0x6000", "0x7fff") GIVEN("4096", "0x8000", "0x8fff")
			COMMAND_LINE GIVEN("8192", "0x6000", "0x7fff");
	static const char freed[] = CALL COMMAND_LINE GIVEN("4096", "0x8000", "0x8fff")
		GIVEN("8192", "0x6000",
		      "0x7fff") "memblock_free: [0x8000-0x8fff] 0xc0300000\n" GIVEN("4096",
										    "0x8000",
										    "0x8fff");
	const struct {
		const char *text;
		unsigned int boots;
	} logs[] = { { one, 1 }, { again, 2 }, { freed, 1 } };

	for (size_t i = 0; i < sizeof(logs) / sizeof(*logs); i++) {
		struct replay_log *log = parse(logs[i].text, 0);

		KUNIT_ASSERT_TRUE(test, log != NULL, "it is read");
		KUNIT_EXPECT_EQ(test, log->boots, logs[i].boots, "log %zu", i);
		replay_log_free(log);
	}
}

static void debugfs(struct kunit *test)
{
	struct replay_log *log =
		parse(CALL "@@@@ /proc/version\nLinux version 6.1.1 (a)\n@@@@ end\n"
			   "@@@@ /sys/kernel/debug/memblock/memory\n"
			   "   0: 0x0000000000001000..0x0000000000001fff    0 NOMAP\n"
			   "   1: 0x0000000000003000..0x0000000000003fff    x NONE\n@@@@ end\n"
			   "@@@@ /sys/kernel/debug/memblock/reserved\n"
			   "   0: 0x0000000000001000..0x0000000000001fff\n@@@@ end\n",
		      0);

	KUNIT_ASSERT_TRUE(test, log != NULL, "it is read");
	KUNIT_ASSERT_EQ(test, log->nr, 2, "both files are one dump");
	KUNIT_EXPECT_EQ(test, log->boots, 1);
	KUNIT_ASSERT_EQ(test, log->v[1].dump->memory.nr, 2);
	KUNIT_EXPECT_EQ(test, log->v[1].dump->memory.v[0].flags, 4);
	KUNIT_EXPECT_EQ(test, log->v[1].dump->memory.v[0].nid, 0);
	KUNIT_EXPECT_EQ(test, log->v[1].dump->memory.v[1].nid, -1);
	KUNIT_EXPECT_EQ(test, log->v[1].dump->reserved.nr, 1);
	replay_log_free(log);
}

static void unread(struct kunit *test)
{
	struct replay_log *log = parse(CALL "memblock_reserve: [0x1000-0xzz] a\n"
					    "memblock_alloc_try_nid: many bytes\n"
					    "** 12 printk messages dropped **\n",
				       0);

	KUNIT_ASSERT_TRUE(test, log != NULL, "it is read");
	KUNIT_EXPECT_EQ(test, log->nr, 1);
	KUNIT_EXPECT_EQ(test, log->nr_unread, 3);
	KUNIT_EXPECT_EQ(test, log->unread[0].line, 2);
	replay_log_free(log);
	KUNIT_EXPECT_TRUE(test, parse("nothing\n", 0) == NULL, "no call, no log");
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(wording, wordings_gen_params),
	KUNIT_CASE(dump),
	KUNIT_CASE(boots),
	KUNIT_CASE(boots_without_banner),
	KUNIT_CASE(debugfs),
	KUNIT_CASE(unread),
	{},
};

static struct kunit_suite suite = { .name = "replay", .test_cases = cases };
kunit_test_suite(suite);
