// SPDX-License-Identifier: GPL-2.0-or-later
/* The reader of what a log tells of memory besides memblock's calls: wordings, and what is none. */
#include <string.h>

#include "kunit/test.h"
#include "replay/replay.h"
#include "replay/told.h"

static struct replay_told read(const char *text)
{
	struct replay_told told = { 0 };

	replay_told_read(&told, text, strlen(text), 10);
	return told;
}

static const struct memory_line {
	const char *name, *text;
	uint64_t available, total, present, reserved, cma;
	bool has_reserved, has_cma;
} memory_lines[] = {
	{ "now",
	  "[    0.95] Memory: 8098096K/8388084K available (16384K kernel code, 2499K rwdata, 11716K "
	  "rodata, 4264K init, 4904K bss, 263372K reserved, 64K cma-reserved)",
	  8098096, 8388084, 8388084, 263372, 64, true, true },
	{ "without_cma", "Memory: 500K/600K available (1K kernel code, 2K rwdata, 90K reserved)",
	  500, 600, 600, 90, 0, true, false },
	{ "absent",
	  "Memory: 2050440k/2097152k available (5000k kernel code, 452k absent, 46260k reserved, "
	  "6k data)",
	  2050440, 2097152, 2096700, 46260, 0, true, false },
	{ "highmem",
	  "Memory: 100K/200K available (1K kernel code, 33K reserved, 0K cma-reserved, 7K highmem)",
	  100, 200, 200, 33, 0, true, true },
	{ "without_reserved", "Memory: 100k/200k available", 100, 200, 200, 0, 0, false, false },
};

KUNIT_ARRAY_PARAM_DESC(memory_lines, memory_lines, name);

static void memory_line(struct kunit *test)
{
	const struct memory_line *m = test->param_value;
	struct replay_told t = read(m->text);

	KUNIT_EXPECT_EQ(test, t.memory.line, 10);
	KUNIT_EXPECT_EQ(test, t.memory.available, m->available);
	KUNIT_EXPECT_EQ(test, t.memory.total, m->total);
	KUNIT_EXPECT_EQ(test, t.memory.present, m->present);
	KUNIT_EXPECT_EQ(test, t.memory.has_reserved, m->has_reserved);
	KUNIT_EXPECT_EQ(test, t.memory.reserved, m->reserved);
	KUNIT_EXPECT_EQ(test, t.memory.has_cma, m->has_cma);
	KUNIT_EXPECT_EQ(test, t.memory.cma, m->cma);
	replay_told_release(&t);
}

static void no_memory_line(struct kunit *test)
{
	struct replay_told t = read("Memory: 128MB 256MB\nMemory: 12K\nMemory: available\n"
				    "Memory: 99999999999999999999999K/1K available (1K reserved)\n"
				    "EFI: Memory: 1K/2K available (1K reserved)\n");

	KUNIT_EXPECT_EQ(test, t.memory.line, 0);
	replay_told_release(&t);
}

static void first_memory_line(struct kunit *test)
{
	struct replay_told t = read("Memory: 1K/2K available (1K reserved)\n"
				    "SLUB: HWalign=64, Order=0-3\nSLUB: another\n"
				    "Memory: 3K/4K available (1K reserved)\n");

	KUNIT_EXPECT_EQ(test, t.memory.line, 10);
	KUNIT_EXPECT_EQ(test, t.memory.available, 1);
	KUNIT_EXPECT_EQ(test, t.slub_line, 11);
	replay_told_release(&t);
}

static const char zones[] =
	"[    0.0] Zone ranges:\n"
	"[    0.0]   DMA      [mem 0x0000000000001000-0x0000000000ffffff]\n"
	"[    0.0] memblock_reserve: [0x1000-0x1fff] a+0x1/0x2\n"
	"[    0.0]   Normal   empty\n"
	"[    0.0] Movable zone start for each node\n"
	"[    0.0]   Node 1: 0x0000000140000000\n"
	"[    0.0] Early memory node ranges\n"
	"[    0.0]   node   0: [mem 0x0000000000001000-0x000000000009efff]\n"
	"[    0.0]   node   1: [mem 0x0000000000100000-0x000000003fffffff]\n"
	"[    0.0] Initmem setup node 0 [mem 0x0000000000001000-0x000000003fffffff]\n"
	"[    0.0]   node   2: [mem 0x0000000000001000-0x000000000009efff]\n"
	"[    0.0] On node 0, zone DMA: 1 pages in unavailable ranges\n"
	"[    0.0] On node 0, zone DMA: 97 pages in unavailable ranges\n"
	"[    0.0] On node 0 totalpages: 4711\n";

static void zone_lines(struct kunit *test)
{
	struct replay_told t = read(zones);

	KUNIT_ASSERT_EQ(test, t.nr_ranges, 2);
	KUNIT_EXPECT_TRUE(test, !strcmp(t.ranges[0].name, "DMA"), "%s", t.ranges[0].name);
	KUNIT_EXPECT_EQ(test, t.ranges[0].line, 11);
	KUNIT_EXPECT_EQ(test, t.ranges[0].range.start, 0x1000);
	KUNIT_EXPECT_EQ(test, t.ranges[0].range.end, 0x1000000);
	KUNIT_EXPECT_TRUE(test, range_is_empty(t.ranges[1].range), "it is empty");
	KUNIT_ASSERT_EQ(test, t.nr_movable, 1);
	KUNIT_EXPECT_EQ(test, t.movable[0].nid, 1);
	KUNIT_EXPECT_EQ(test, t.movable[0].range.start, 0x140000000);
	KUNIT_ASSERT_EQ(test, t.nr_nodes, 2);
	KUNIT_EXPECT_EQ(test, t.nodes[1].nid, 1);
	KUNIT_EXPECT_EQ(test, t.nodes[1].range.end, 0x40000000);
	KUNIT_ASSERT_EQ(test, t.nr_holes, 1);
	KUNIT_EXPECT_EQ(test, t.holes[0].pages, 98);
	KUNIT_EXPECT_EQ(test, t.holes[0].line, 21);
	replay_told_release(&t);
}

static void freed(struct kunit *test)
{
	struct replay_told t = read("Freeing initrd memory: 12K\n"
				    "<6>[    1.0] efi: Freeing EFI boot services memory: 45788K\n"
				    "Freeing unused kernel memory: 732k freed\n"
				    "Freeing unused kernel image (initmem) memory: 4K\n"
				    "Freeing memory: 4K\nFreeing x memory: many\n"
				    "Freeing y memory: 4M\nNot Freeing at all z memory: 4K\n");

	KUNIT_ASSERT_EQ(test, t.nr_freed, 4);
	KUNIT_EXPECT_TRUE(test, !strcmp(t.freed[1].what, "EFI boot services"), "%s",
			  t.freed[1].what);
	KUNIT_EXPECT_EQ(test, t.freed[1].size, 45788 << 10);
	KUNIT_EXPECT_EQ(test, t.freed[2].size, 732 << 10);
	KUNIT_EXPECT_EQ(test, t.freed[3].line, 13);
	replay_told_release(&t);
}

static void areas(struct kunit *test)
{
	struct replay_told t = read(
		"cma: Reserved 64 MiB at 0x00000000fc000000 on node -1\n"
		"cma: CMA: reserved 16 MiB at 2c000000\n"
		"Reserved memory: created CMA memory pool at 0x0000000010000000, size 256 MiB\n"
		"cma: Reserved 32 MiB in 2 ranges\ncma: Failed to reserve 64 MiB\n"
		"cma: Reserved 99999999999999999 MiB at 0x0\n"
		"RAMDISK: [mem 0x7ffdd000-0x7ffdffff]\n"
		"Allocated new RAMDISK: [mem 0x1000-0x3fff]\n"
		"Move RAMDISK from [mem 0x7ffdd000-0x7ffdffff] to [mem 0x1000-0x3fff]\n"
		"node 1 deferred pages initialised in 28ms\n"
		"node 0 initialised, 2047 pages in 8ms\n");

	KUNIT_ASSERT_EQ(test, t.nr_cma, 4);
	KUNIT_EXPECT_EQ(test, t.cma[0].range.start, 0xfc000000);
	KUNIT_EXPECT_EQ(test, t.cma[0].range.end, 0x100000000);
	KUNIT_EXPECT_EQ(test, t.cma[1].range.start, 0x2c000000);
	KUNIT_EXPECT_EQ(test, t.cma[2].size, 256 << 20);
	KUNIT_EXPECT_EQ(test, t.cma[3].range.start, UINT64_MAX);
	KUNIT_EXPECT_EQ(test, t.ramdisk.start, 0x1000);
	KUNIT_EXPECT_EQ(test, t.ramdisk.end, 0x4000);
	KUNIT_EXPECT_EQ(test, t.ramdisk_line, 17);
	KUNIT_ASSERT_EQ(test, t.nr_deferred, 2);
	KUNIT_EXPECT_EQ(test, t.deferred[0], 1);
	KUNIT_EXPECT_EQ(test, t.deferred_line, 20);
	replay_told_release(&t);
}

static void zoneinfo(struct kunit *test)
{
	struct replay_told t =
		read("Node 0, zone      DMA\n  per-node stats\n"
		     "      nr_inactive_anon 0\n  pages free     3584\n"
		     "        min      8\r\n        spanned  4095\r\n"
		     "        present  3998\n        managed  3840\n"
		     "Node 0, zone   Normal\n        spanned  7\n        present  6\n"
		     "Node 0, zone      DMA      1      1      1\n"
		     "        spanned  99\n"
		     "Node    0, zone      DMA, type    Unmovable      0\n"
		     "Node 0, zone      DMA\n        spanned  1\n"
		     "00000000-00000000 : System RAM\n"
		     "00100000-7ffdffff : System RAM\n"
		     "  41e00000-42dfffff : Kernel code\n");

	KUNIT_ASSERT_EQ(test, t.nr_zones, 2);
	KUNIT_EXPECT_TRUE(test, !strcmp(t.zones[0].name, "DMA"), "%s", t.zones[0].name);
	KUNIT_EXPECT_EQ(test, t.zones[0].line, 10);
	KUNIT_EXPECT_EQ(test, t.zones[0].spanned, 4095);
	KUNIT_EXPECT_EQ(test, t.zones[0].present, 3998);
	KUNIT_EXPECT_EQ(test, t.zones[0].managed, 3840);
	KUNIT_EXPECT_TRUE(test, t.zones[0].has_managed, "it has");
	KUNIT_EXPECT_EQ(test, t.zones[1].spanned, 7);
	KUNIT_EXPECT_TRUE(test, !t.zones[1].has_managed, "older kernels have not");
	KUNIT_ASSERT_EQ(test, t.nr_ram, 1);
	KUNIT_EXPECT_EQ(test, t.ram[0].range.end, 0x7ffe0000);
	replay_told_release(&t);
}

/* What is told is of the boot that was chosen, with the lines of the file. */
static void part(struct kunit *test)
{
	static const char text[] = "a line\n"
				   "Linux version 6.1.0 (a)\n"
				   "memblock_reserve: [0x1000-0x1fff] a+0x1/0x2\n"
				   "Freeing initrd memory: 12K\n"
				   "Linux version 6.12.0 (a)\n"
				   "memblock_reserve: [0x1000-0x1fff] a+0x1/0x2\n"
				   "Freeing initrd memory: 16K\n";

	for (unsigned int boot = 1; boot <= 2; boot++) {
		struct error err = { 0 };
		struct replay_log *log = replay_parse("test", text, strlen(text), boot, &err);
		struct replay_told t = { 0 };

		KUNIT_ASSERT_TRUE(test, log != NULL, "it is read");
		replay_told_read(&t, log->text, log->text_len, log->first_line);
		KUNIT_ASSERT_EQ(test, t.nr_freed, 1);
		KUNIT_EXPECT_EQ(test, t.freed[0].size, (8 + 4 * boot) << 10);
		KUNIT_EXPECT_EQ(test, t.freed[0].line, 1 + 3 * boot);
		KUNIT_EXPECT_TRUE(test, !log->text[log->text_len], "it ends");
		replay_told_release(&t);
		replay_log_free(log);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(memory_line, memory_lines_gen_params),
	KUNIT_CASE(no_memory_line),
	KUNIT_CASE(first_memory_line),
	KUNIT_CASE(zone_lines),
	KUNIT_CASE(freed),
	KUNIT_CASE(areas),
	KUNIT_CASE(zoneinfo),
	KUNIT_CASE(part),
	{},
};

static struct kunit_suite suite = { .name = "replay_memory", .test_cases = cases };
kunit_test_suite(suite);
