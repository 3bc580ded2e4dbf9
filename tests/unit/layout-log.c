// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The reader of kernel logs, with invented ones. layout-boots.c has real ones,
 * layout-hostile.c broken ones.
 */
#include <stdlib.h>
#include <string.h>

#include "kunit/test.h"
#include "layout/layout.h"
#include "lib/array.h"
#include "lib/file.h"
#include "tests/unit/layout.h"

#define FOLDER "tests/data/layouts/"

/* ---- invented logs ---- */

static const struct sample {
	const char *name;
	unsigned int bad;
	const char *note; /* the last one's beginning */
} samples[] = {
	{ "netbook-2.6", 0, NULL },
	{ "desktop-7.0", 0, NULL },
	{ "server-efi", 0, NULL },
	{ "mail-quoted", 0, NULL },
	{ "journal-boots", 0, "3 boots are in the log" },
	{ "memmap-user", 0, NULL },
	{ "board-nodes", 0, "the log lacks the firmware's nodes" },
	{ "pc-2.4", 0, NULL },
	{ "server-2.6", 0, NULL },
	{ "mips-board", 0, NULL },
	{ "ppc64-server", 0, "the log has no map of the firmware" },
	{ "arm-board", 0, "the log has no map of the firmware" },
	{ "s390-guest", 0, "the log has no map of the firmware" },
	{ "riscv-json", 0, "the log has no map of the firmware" },
	{ "arm64-efi", 0, NULL },
	{ "arm64-efi-4.4", 0, NULL },
	{ "arm64-memblock", 0, "zone DMA shows how far" },
	{ "board-nomap", 0, "zone DMA shows how far" },
	{ "broken-rows", 20, "the log begins amid the firmware's map" },
};

KUNIT_ARRAY_PARAM_DESC(samples, samples, name);

static void sample(struct kunit *test)
{
	const struct sample *s = test->param_value;
	char *log = file_path(FOLDER "%s.log", s->name);
	char *expected_path = file_path(FOLDER "%s.layout", s->name);
	struct error err = { 0 };
	struct layout *l = layout_read(log, &err);
	char *expected = read_text(test, expected_path, NULL), *text;

	KUNIT_ASSERT_NOT_NULL(test, l, "%s", err.text);
	text = written(l);
	KUNIT_EXPECT_STREQ(test, text, expected);
	KUNIT_EXPECT_EQ(test, l->lines_bad, s->bad);
	KUNIT_EXPECT_EQ(test, l->nr_notes > 0, s->note != NULL);
	if (l->nr_notes && s->note) {
		struct layout_note *note = &l->notes[l->nr_notes - 1];

		note->text[strlen(s->note)] = '\0';
		KUNIT_EXPECT_STREQ(test, note->text, s->note);
		KUNIT_EXPECT_STREQ(test, note->pos.file, log);
	}
	for (size_t i = 0; i < l->nr_ranges; i++)
		KUNIT_EXPECT_STREQ(test, l->ranges[i].pos.file, log);
	for (size_t i = 0; i < l->nr_updates; i++)
		KUNIT_EXPECT_STREQ(test, l->updates[i].pos.file, log);
	for (size_t i = 0; i < l->nr_node_ranges; i++)
		KUNIT_EXPECT_STREQ(test, l->node_ranges[i].pos.file, log);
	for (size_t i = 0; i < l->nr_reservations; i++)
		KUNIT_EXPECT_STREQ(test, l->reservations[i].pos.file, log);
	expect_round_trip(test, l);
	layout_free(l);
	free(text);
	free(expected);
	free(expected_path);
	free(log);
}

/* What stands before and behind messages. */

static const struct dress {
	const char *name, *before, *after;
} dresses[] = {
	{ "timestamp", "[    0.000000] ", "" },
	{ "caller", "[    0.000000][    T0] ", "" },
	{ "caller_apart", "[    0.000000] [    T0] ", "" },
	{ "processor", "[    0.000000][T123@C4] ", "" },
	{ "level", "<6>[    0.000000] ", "" },
	{ "dmesg_T", "[Mon Nov 23 15:05:00 2026] ", "" },
	{ "dmesg_T_translated", "[Mo Nov 23 15:05:00 2026] ", "" },
	{ "dmesg_e", "[Nov23 15:05] ", "" },
	{ "dmesg_delta", "[  +0.000012] ", "" },
	{ "dmesg_x", "kern  :info  : [    0.000000] ", "" },
	{ "dmesg_iso", "2026-11-23T15:05:00,123456+01:00 ", "" },
	{ "kmsg", "6,339,5140900,-;", "" },
	{ "half_timestamp", "   0.000000] ", "" },
	{ "journal", "Nov 23 15:05:00 host kernel: ", "" },
	{ "journal_timestamp", "Nov  3 15:05:00 host.example.org kernel: [    0.000000] ", "" },
	{ "journal_iso", "2026-11-23T15:05:00.123456+0100 host kernel: ", "" },
	{ "journal_pid", "Nov 23 15:05:00 host kernel[0]: ", "" },
	{ "klogd", "Nov 23 15:05:00 (none) klogd: ", "" },
	{ "kernel_only", "kernel: ", "" },
	{ "syslog_5424", "<6>1 2026-11-23T15:05:00.123Z host kernel - - - ", "" },
	{ "syslog_level", "kern.info kernel: ", "" },
	{ "date_level_tab", "2026-11-23 15:05:00 INFO\t", "" },
	{ "ctime", "Mon Nov 23 15:05:00 2026 ", "" },
	{ "terminal_time", "[2026-11-23 15:05:00.123] [    0.000000] ", "" },
	{ "time_only", "15:05:00.123 ", "" },
	{ "quoted", "> ", "" },
	{ "quoted_deep", "> > >| >>", "" },
	{ "diff_plus", "+[    0.000000] ", "" },
	{ "diff_minus", "-", "" },
	{ "grep_n", "123:[    0.000000] ", "" },
	{ "byte_order_mark", "\xef\xbb\xbf", "" },
	{ "tab", "\t", "\t" },
	{ "blanks", "        ", "                                    " },
	{ "crlf", "[    0.000000] ", "\r" },
	{ "colours", "\033[32m[    0.000000] \033[0m\033[33m", "\033[0m" },
	{ "other_escapes", "\033(B\033[1;31;40m", "\033[K" },
	{ "non_breaking", ">\xc2\xa0> [    0.000000]\xc2\xa0", "\xc2\xa0" },
	{ "non_breaking_latin1", "\xa0[    0.000000] ", "" },
	{ "level_escaped", "&lt;6&gt;[    0.000000] ", "" },
	{ "quoted_escaped", "&gt; &gt;&nbsp;", "&nbsp;" },
	{ "colours_in_letters", "^[[32m[    0.000000] ^[[0m", "^[[0m^M" },
	{ "colours_octal", "#033[32m[    0.000000]#033[0m#011", "#015" },
	{ "journal_full", "Mon 2026-11-23 15:05:00 CET host kernel: ", "" },
	{ "journal_unix", "1795442700.123456 host kernel: ", "" },
	{ "journal_monotonic", "[    0.000000] host kernel: ", "" },
	{ "journal_json", "{\"_TRANSPORT\":\"kernel\",\"PRIORITY\":\"6\",\"MESSAGE\":\"",
	  "\",\"_HOSTNAME\":\"host\"}" },
	{ "journal_pretty", "\t\"MESSAGE\" : \"", "\"," },
	{ "journal_export", "MESSAGE=", "" },
	{ "journal_verbose", "    MESSAGE=", "" },
	{ "syslog_bsd", "Nov 23 15:05:00 192.168.0.1 kern.info kernel: [    0.000000] ", "" },
	{ "syslog_ng", "2026-11-23T15:05:00+01:00 host kernel: [    0.000000] ", "" },
	{ "android", "<6>[    0.000000]  (0)[0:swapper]", "" },
	{ "torn_firmware", "Booting `Linux'... [    0.000000] ", "" },
	{ "torn_stamp", "[    0.0000[    0.000000] ", "" },
	{ "stamp_twice", "[    0.000000] [    0.000000] ", "" },
	{ "dmesg_w", "[Mon Nov 23 15:05:00 2026] [    0.000000] ", "" },
	{ "minicom", "[2026-11-23 15:05:00] [    0.000000] ", "" },
	{ "picocom_ts", "15:05:00.123456 [    0.000000] ", "" },
	{ "serial_log", "2026-11-23 15:05:00.123456 [    0.000000] ", "" },
	{ "tftpd_host", "host-1.example.org: [    0.000000] ", "" },
	{ "code_block", "    ", "" },
	{ "html_break", "", "<br />" },
	{ "html_code", "<pre><code>", "</code></pre>" },
	{ "all",
	  "> + 2026/11/23 15:05:00 Nov 23 15:05:00 host kernel: <6>[123456.789012][    T0] \033[1m",
	  " \r" },
};

KUNIT_ARRAY_PARAM_DESC(dresses, dresses, name);

/* Every line of @text with something around it. */
static char *dress_up(const char *text, const struct dress *d, size_t *len)
{
	char *out = NULL;
	FILE *f = open_memstream(&out, len);

	if (!f)
		array_die();
	for (const char *p = text; *p;) {
		size_t n = strcspn(p, "\n");

		fprintf(f, "%s%.*s%s\n", d->before, (int)n, p, d->after);
		p += n + (p[n] == '\n');
	}
	fclose(f);
	return out;
}

static void expect_layout(struct kunit *test, const char *log, size_t len, const char *path)
{
	struct error err = { 0 };
	struct layout *l = layout_parse("t.log", log, len, &err);
	char *expected = read_text(test, path, NULL), *text;

	KUNIT_ASSERT_NOT_NULL(test, l, "%s", err.text);
	text = written(l);
	KUNIT_EXPECT_STREQ(test, text, expected);
	KUNIT_EXPECT_EQ(test, l->lines_bad, 0);
	layout_free(l);
	free(text);
	free(expected);
}

static void dressed(struct kunit *test)
{
	char *plain = read_text(test, FOLDER "netbook-2.6.log", NULL);
	size_t len;
	char *text = dress_up(plain, test->param_value, &len);

	expect_layout(test, text, len, FOLDER "netbook-2.6.layout");
	free(text);
	free(plain);
}

/* A text of two bytes a character, as some programs save it: half of them are zero. */
static void wide_characters(struct kunit *test)
{
	size_t len;
	char *plain = read_text(test, FOLDER "netbook-2.6.log", &len);
	char *wide = array_resize(NULL, 2 * len + 3, 1);

	memcpy(wide, "\xff\xfe", 2);
	for (size_t i = 0; i < len; i++) {
		wide[2 + 2 * i] = plain[i];
		wide[3 + 2 * i] = '\0';
	}
	wide[2 * len + 2] = '\0';
	expect_layout(test, wide, 2 * len + 2, FOLDER "netbook-2.6.layout");
	free(wide);
	free(plain);
}

/* ---- which facts count ---- */

#define MAP "BIOS-provided physical RAM map:\n"
#define ROW "BIOS-e820: [mem 0x0-0x9fbff] usable\n"
#define EXTENDED "extended: [mem 0x0-0x1ffff] usable\nextended: [mem 0x30000-0x3ffff] usable\n"
#define NODES "Early memory node ranges\n  node 0: [mem 0x1000-0x9efff]\n"

#define NODES_OF(nid) "Early memory node ranges\n  node " nid ": [mem 0x1000-0x9efff]\n"
#define PFNS "Linux version 2.6.30 (a)\nearly_node_map[2] active PFN ranges\n"
#define SRAT                                        \
	"SRAT: Node 0 PXM 0 [mem 0x0-0x7fffffff]\n" \
	"SRAT: Node 1 PXM 1 [mem 0x80000000-0xffffffff]\n"
#define MIPS_ROW "Determined physical RAM map:\n memory: 01000000 @ 00000000 (usable)\n"

static const struct choice {
	const char *name, *log;
	const char *facts; /* a part of the layout file */
	unsigned int bad;  /* lines that are not understood, none of them the first */
} choices[] = {
	{ "row_alone", ROW, "ram      0x0-0x9fbff\n", 0 },
	{ "heading_of_3.x", "e820: " MAP ROW, "arch x86_64\n", 0 },
	{ "e801", MAP "BIOS-e801: 0000 - 0009f000 (usable)\n", "ram      0x0-0x9efff\n", 0 },
	{ "88", MAP "BIOS-88: [mem 0x100000-0xffffff] usable\n", "ram      0x100000-0xffffff\n",
	  0 },
	{ "xen", MAP "Xen: [mem 0x0-0x9ffff] usable\n", "ram      0x0-0x9ffff\n", 0 },
	{ "extended", MAP ROW EXTENDED, "map\nram      0x0-0x1ffff\nram      0x30000-0x3ffff\n",
	  0 },
	{ "setup_data_only", "reserve setup_data: [mem 0x0-0xfff] usable\n", "ram      0x0-0xfff\n",
	  0 },
	{ "user_only", "user: [mem 0x0-0xfff] usable\n" NODES, "ram      0x0-0xfff\n", 0 },
	{ "modified_only", "modified: [mem 0x0-0xfff] usable\n" NODES, "ram      0x0-0xfff\n", 0 },
	{ "prose", ROW "user: this is not a row\nmodified: nor this\n", "ram      0x0-0x9fbff\n",
	  0 },
	{ "sizes", "BIOS-e820: [mem 0x0-0x9fbff]  639   KB System RAM\n",
	  "0x9fbff \"System RAM\"\n", 0 },
	{ "fraction", "BIOS-e820: [mem 0x0-0x9fbff]    1.9 GB kernel usable RAM\n",
	  "usable RAM\"\n", 0 },
	{ "comment", "BIOS-e820: [mem 0x0-0xfff] usable   really\n", "ram      0x0-0xfff\n", 0 },
	{ "old_pmem", ROW "BIOS-e820: 00100000 - 00200000 type 12\n", "0x1fffff \"type 12\"\n", 0 },
	{ "last_byte", ROW "e820: remove [mem 0x0-0xffffffffffffffff] usable\n", "fffe ram\n", 0 },
	{ "late_by_nodes", ROW "e820: remove [mem 0x2000-0x2fff] usable\n" NODES, "ram late\n", 0 },
	{ "early_by_nodes",
	  ROW "RAMDISK: [mem 0x1-0x2]\n"
	      "e820: remove [mem 0x0-0xfff] usable\n" NODES,
	  "remove   0x0-0xfff ram\n", 0 },
	{ "late_by_place", ROW "RAMDISK: [mem 0x1-0x2]\ne820: remove [mem 0x0-0xfff] usable\n",
	  "remove   0x0-0xfff ram late\n", 0 },
	{ "old_srat", ROW "SRAT: Node 1 PXM 1 0-80000000\n", "node 1   0x0-0x7fffffff\n", 0 },
	{ "fake_nodes",
	  ROW "Faking node 0 at [mem 0x0-0x1fff] (8MB)\n" NODES "  node 1: [mem 0x9f000-0x9ffff]\n",
	  "0x9fbff\n", 0 },
	{ "nodes_of_kernel", ROW NODES "  node 1: [mem 0x9f000-0x9ffff]\n", "node 1   0x9f000-",
	  0 },
	{ "nodes_interleaved",
	  ROW NODES "  node 1: [mem 0x9f000-0x9ffff]\n"
		    "  node 0: [mem 0x100000-0x1fffff]\n",
	  "node 0   0x100000-0x1fffff\n", 0 },
	{ "longer_cmdline", ROW "Command line: a=1 b\nKernel command line: a=1 bc\n",
	  "cmdline a=1 bc\n", 0 },
	{ "other_cmdline", ROW "Command line: a=1 b\nKernel command line: a=2\n", "cmdline a=1 b\n",
	  0 },
	{ "empty_cmdline", ROW "Command line: \n", "cmdline \"\"\n", 0 },
	{ "wrapped_cmdline",
	  ROW "Kernel command line: a \\\nKernel command line: b \\\n"
	      "Kernel command line: c\n",
	  "cmdline a b c\n", 0 },
	{ "cpus_of_percpu", ROW "setup_percpu: nr_cpu_ids:4 x\nsmpboot: Allowing 9 CPUs\n",
	  "cpus 4\n", 0 },
	{ "two_memory_lines",
	  ROW "Memory: 1K/2K available (7K kernel code)\n"
	      "Memory: 1K/2K available (8K kernel code)\n",
	  "code 7K\n", 0 },
	{ "iomem",
	  ROW "@@@@ /proc/iomem\n  01000000-01ffffff : Kernel code\n"
	      "  02200000-02ffffff : Kernel bss\n",
	  "kernel   0x1000000-0x2ffffff\n", 0 },
	{ "hidden_iomem", ROW "00000000-00000000 : Kernel code\n", "0x9fbff\n", 0 },
	{ "version_at_the_end",
	  "Linux version 6.1 (a@b)\n" MAP ROW
	  "@@@@ /proc/version\nLinux version 6.1 (a@b)\nMemory: 1K/2K available (7K kernel code)\n",
	  "kernel_version 6.1\nimage code 7K\n", 0 },
	{ "no_banner_between", MAP ROW MAP "BIOS-e820: [mem 0x0-0x7fff] usable\n",
	  "map\nram      0x0-0x7fff\n", 0 },
	{ "short_banner", "Linux version 6.1\n" MAP ROW, "kernel_version 6.1\n", 0 },
	{ "boot_without_memory",
	  "Linux version 6.1 (a)\n" MAP ROW "Linux version 6.2 (a)\nCommand line: x\n",
	  "kernel_version 6.1\n", 0 },
	{ "two_node_lists", NODES "Early memory node ranges\n  node 0: [mem 0x0-0xfff]\n",
	  "map\nram      0x0-0xfff\n", 0 },
	{ "node_too_high", "Early memory node ranges\n  node 99999: [mem 0x0-0xfff]\n" ROW,
	  "0x9fbff\n", 1 },
	{ "old_efi", ROW "efi: mem00: type=4, attr=0x1000f, range=[0x0-0x1000) (0MB)\n",
	  "node -   0x0-0xfff mirror\n\n# in use when the kernel starts\n"
	  "firmware 0x0-0xfff \"EFI Boot Data\"\n",
	  0 },
	{ "esrt_without_end", ROW "esrt: Reserving ESRT space from 0x10.\n", "0x9fbff\n", 1 },
	{ "esrt_inverted", ROW "esrt: Reserving ESRT space from 0x10 to 0x8.\n", "0x9fbff\n", 1 },
	{ "same_type", ROW "e820: update [mem 0x0-0xf] reserved ==> reserved\n", "0x9fbff\n", 0 },
	{ "image_reserved",
	  ROW "memblock_reserve: [0x1000000-0x1ffffff] setup_arch+0x2d4/0x8df\n"
	      "memblock_reserve: [0x5000000-0x8ffffff] setup_arch+0x3d4/0x8df\n"
	      "MEMBLOCK configuration:\n",
	  "kernel   0x1000000-0x1ffffff\n", 0 },
	{ "image_reserved_3.5",
	  ROW "memblock_reserve: [0x1000000-0x2000000] setup_arch+0x2d4/0x8df\n",
	  "kernel   0x1000000-0x1ffffff\n", 0 },
	{ "clue", NODES "riscv: base ISA extensions acdfim\n", "arch riscv\n", 0 },
	{ "highmem", ROW "125MB HIGHMEM available.\n", "arch i386\n", 0 },
	{ "i386_banner", "Linux version 5.1 (a) (i386-linux-gnu-gcc)\n" MAP ROW, "arch i386\n", 0 },
	{ "size_at", MAP "BIOS-e820: 0009f000 @ 00001000 (usable)\n", "ram      0x1000-0x9ffff\n",
	  0 },
	{ "size_at_too_far", ROW "BIOS-e820: ffffffffffff0000 @ 00100000 (usable)\n", "0x9fbff\n",
	  1 },
	{ "one_line",
	  MAP "BIOS-e820: 0 - 1000 (usable) BIOS-e820: 2000 - 3000 (usable) 15MB LOWMEM "
	      "available.\n",
	  "ram      0x0-0xfff\nram      0x2000-0x2fff\n", 0 },
	{ "run_together", "[    0.000000] " ROW "[    0.000000] BIOS-e820: [mem[    0.000000] " ROW,
	  "ram      0x0-0x9fbff\nram      0x0-0x9fbff\n", 1 },
	{ "continued_behind_stamp",
	  "BIOS-e820: [mem\n0x0-0x9fbff] usable[    0.000000] e820: remove [mem 0x0-0xfff] "
	  "usable\n",
	  "ram      0x0-0x9fbff\n\n# what the kernel changed in it\nremove   0x0-0xfff ram\n", 0 },
	{ "unknown_e820", ROW "e820: moved [mem 0x0-0xfff] elsewhere\n", "0x9fbff\n", 1 },
	{ "known_to_be_idle",
	  ROW "e820: reserve RAM buffer [mem 0x9fc00-0x9ffff]\n"
	      "e820: [mem 0x80000000-0xfebfffff] available for PCI devices\n",
	  "0x9fbff\n", 0 },
	{ "user_fragment", "> [    0.000000] user: [mem 0x0-0xfff] usable\n",
	  "ram      0x0-0xfff\n", 0 },
	{ "pfns_decimal",
	  "s390x\n" PFNS "    0:        0 ->      159\n    1:      256 ->      512\n",
	  "node 0   0x0-0x9efff\nnode 1   0x100000-0x1fffff\n", 0 },
	{ "pfns_hex", PFNS "0: 0x0 -> 0x9f\n0: 0x100 -> 0x200\n",
	  "map\nram      0x0-0x9efff\nram      0x100000-0x1fffff\n", 0 },
	{ "pfns_numbered", "1:" PFNS "2:    0: 0x0 -> 0x9f\n", "map\nram      0x0-0x9efff\n", 0 },
	{ "pfns_64k",
	  PFNS "0: 0x0 -> 0x9f\nDentry cache hash table entries: 1 (order: 4, 1048576 bytes)\n",
	  "map\nram      0x0-0x9effff\n", 0 },
	{ "pfns_empty", PFNS "0: 0x0 -> 0x9f\n0: 0x9f -> 0x9f\n", "map\nram      0x0-0x9efff\n",
	  1 },
	{ "pfns_too_high", PFNS "0: 0x0 -> 0x9f\n0: 0xa0 -> 0xffffffffffffffff\n",
	  "map\nram      0x0-0x9efff\n", 1 },
	{ "pfns_of_no_node", PFNS "0: 0x0 -> 0x9f\n70000: 0xa0 -> 0xb0\n",
	  "map\nram      0x0-0x9efff\n", 1 },
	{ "active_ranges",
	  "Linux version 2.6.20 (a)\nEntering add_active_range(0, 0, 158) 0 entries of 256 used\n"
	  "mminit::memory_register Entering add_active_range(1, 0x100, 0x200) 1 entries\n",
	  "node 0   0x0-0x9dfff\nnode 1   0x100000-0x1fffff\n", 0 },
	{ "active_ranges_again",
	  "Linux version 2.6.20 (a)\nEntering add_active_range(0, 0, 158) 0 entries of 256 used\n" PFNS
	  "0: 0 -> 159\n",
	  "map\nram      0x0-0x9efff\n", 0 },
	{ "spans",
	  ROW "Bootmem setup node 0 0000000000000000-0000000080000000\n"
	      "Bootmem setup node 1 0000000080000000-00000000ffffffff\n",
	  "node 0   0x0-0x7fffffff\nnode 1   0x80000000-0xffffffff\n", 0 },
	{ "membase",
	  ROW "Node 0 MemBase 0000000000000000 Limit 0000000080000000\n"
	      "Node 1 MemBase 0000000080000000 Limit 00000000ffffffff\n",
	  "node 0   0x0-0x7fffffff\nnode 1   0x80000000-0xffffffff\n", 0 },
	{ "only_node_1", NODES_OF("1"), "node 1   0x1000-0x9efff\n", 0 },
	{ "cpus_of_nodes",
	  ROW SRAT "SRAT: PXM 1 -> APIC 0x04 -> Node 1\n"
		   "ACPI: NUMA: SRAT: PXM 1 -> MPIDR 0x5 -> Node 1\n",
	  "node_cpus 0 0\nnode_cpus 1 2\n", 0 },
	{ "cpus_up",
	  ROW SRAT "smp: x\n.... node  #0, CPUs:        #1  #2\n.... node  #1, CPUs:   #3\n"
		   ".... node  #0, CPUs:    #4\n",
	  "node_cpus 0 4\nnode_cpus 1 1\n", 0 },
	{ "cpus_of_no_node", ROW "SRAT: PXM 1 -> APIC 0x04 -> Node 70000\n", "0x9fbff\n", 1 },
	{ "cpus_by_slub", ROW "SLUB: HWalign=64, Order=0-3, MinObjects=0, CPUs=4, Nodes=1\n",
	  "cpus 4\n", 0 },
	{ "cpus_brought_up", ROW "smp: Brought up 2 nodes, 48 CPUs\n", "cpus 48\n", 0 },
	{ "cpus_activated", ROW "Total of 2 processors activated (3.00 BogoMIPS).\n", "cpus 2\n",
	  0 },
	{ "distances", NODES "OF: NUMA:  distance[node0 -> node1] = 20\n", "distance 0 1 20\n", 0 },
	{ "slit", ROW SRAT "ACPI: SLIT: nodes = 2\n 10 21\n 20 10\n 30 30\n",
	  "distance 0 0 10\ndistance 0 1 21\ndistance 1 0 20\ndistance 1 1 10\n", 0 },
	{ "slit_cut", ROW "ACPI: SLIT: nodes = 2\n 10 21\n 20\n 30 30\n",
	  "distance 0 0 10\ndistance 0 1 21\ndistance 1 0 20\n", 1 },
	{ "no_distance", ROW "NUMA: distance[node0 -> node1] = 999\n", "0x9fbff\n", 1 },
	{ "crash", ROW "crashkernel reserved: 0x1000000 - 0x2000000 (16 MB)\n",
	  "crash    0x1000000-0x1ffffff\n", 0 },
	{ "crash_low", ROW "crashkernel low memory reserved: 0x1000000 - 0x2000000 (16 MB)\n",
	  "crash    0x1000000-0x1ffffff \"crash, low memory\"\n", 0 },
	{ "crash_megabytes",
	  ROW "Reserving 256MB of low memory at 2752MB for crashkernel (low RAM limit: 4096MB)\n",
	  "crash    0xac000000-0xbbffffff \"crash, low memory\"\n", 0 },
	{ "crash_prose", ROW "Reserving 256MB of memory for nobody\n", "0x9fbff\n", 0 },
	{ "crash_inverted", ROW "crashkernel reserved: 0x2000000 - 0x1000000 (16 MB)\n",
	  "0x9fbff\n", 1 },
	{ "cma", ROW "cma: Reserved 16 MiB at 0x0000000001000000 on node -1\n",
	  "cma      0x1000000-0x1ffffff\n", 0 },
	{ "cma_kib", ROW "CMA: reserved 16384 KiB at 01000000\n", "cma      0x1000000-0x1ffffff\n",
	  0 },
	{ "cma_too_high", ROW "cma: Reserved 16 MiB at 0xffffffffffff0000\n", "0x9fbff\n", 1 },
	{ "model_dmi", ROW "DMI: Example Corp. Box/Board, BIOS 1.2 01/01/2020\n",
	  "model Example Corp. Box/Board\n", 0 },
	{ "early_reservation",
	  ROW "  #2 [0000200000 - 0000923f24]    TEXT DATA BSS ==> [0000200000 - 0000923f24]\n",
	  "kernel   0x200000-0x923f23\n", 0 },
	{ "virtual_i386",
	  ROW "400MB LOWMEM available.\n    lowmem  : 0xc0000000 - 0xd9000000   ( 400 MB)\n"
	      "      .init : 0xc1434000 - 0xc14a4000   ( 448 kB)\n"
	      "      .text : 0xc1000000 - 0xc12a0000   (2688 kB)\n",
	  "kernel   0x1000000-0x14a3fff\n", 0 },
	{ "virtual_elsewhere",
	  ROW "    lowmem  : 0xc0000000 - 0xd9000000   ( 400 MB)\n"
	      "      .text : 0x81000000 - 0x812a0000   (2688 kB)\n",
	  "code 2688K\n", 0 },
	{ "image_of_ia64",
	  ROW "Memory: 1k/2k available (7300k code, 1k reserved, 36k data, 3k init)\n",
	  "image code 7300K rwdata 36K init 3K\n", 0 },
	{ "initrd_mips64", MIPS_ROW "Initial ramdisk at: 0xffffffff81000000 (4096 bytes)\n",
	  "initrd   0x1000000-0x1000fff\n", 0 },
	{ "initrd_xkphys", MIPS_ROW "Initial ramdisk at: 0x9800000001000000 (4096 bytes)\n",
	  "initrd   0x1000000-0x1000fff\n", 0 },
	{ "initrd_hidden", MIPS_ROW "Initial ramdisk at: 0x(____ptrval____) (4096 bytes)\n",
	  "ram      0x0-0xffffff\n", 0 },
	{ "mips_partial", MIPS_ROW "Early memory node ranges\n  node 0: [mem 0x0-0xfffffff]\n",
	  "map\nram      0x0-0xfffffff\n", 0 },
	{ "ignored_ram", NODES "Ignoring RAM at 0x30000000-0x38000000\n",
	  "remove   0x30000000-0x37ffffff ram\n", 0 },
	{ "truncated_ram", NODES "Truncating RAM at 0x00000000-0x3fffffff to -0x2f7fffff\n",
	  "remove   0x2f800000-0x3fffffff ram\n", 0 },
	{ "truncated_wrongly", NODES "Truncating RAM at 0x0-0x3fffffff to -0x4f7fffff\n",
	  "ram      0x1000-0x9efff\n", 1 },
	{ "top_of_ram", "Linux version 2.6.18 (a)\nTop of RAM: 0x20000000, Total RAM: 0x20000000\n",
	  "map\nram      0x0-0x1fffffff\n", 0 },
	{ "top_with_hole", NODES "Top of RAM: 0x20000000, Total RAM: 0x10000000\n",
	  "map\nram      0x1000-0x9efff\n", 0 },
	{ "total_memory", "Linux version 2.6.18 (a)\nTotal memory = 512MB; using 1024kB for hash\n",
	  "map\nram      0x0-0x1fffffff\n", 0 },
	{ "one_node_only", "Linux version 6.3 (a)\nFaking a node at [mem 0x200000-0x3fffffff]\n",
	  "map\nram      0x200000-0x3fffffff\n", 0 },
	{ "before_the_banner",
	  "OF: fdt: Ignoring memory range 0x0 - 0x1000\nLinux version 5.6 (riscv64)\n" NODES,
	  "remove   0x0-0xfff ram\n", 0 },
	{ "four_gigabytes",
	  ROW "BIOS-e820: [mem 0x100000000-0x13fffffff] usable\n"
	      "last_pfn = 0x140000 max_arch_pfn = 0x100000\n",
	  "remove   0x100000000-0x13fffffff ram\n", 0 },
	{ "pae",
	  ROW "BIOS-e820: [mem 0x100000000-0x13fffffff] usable\n"
	      "last_pfn = 0x140000 max_arch_pfn = 0x1000000\n",
	  "0x13fffffff\n", 0 },
	{ "wrapped", "BIOS-e820: [mem\n0x0-0x9fbff]\nusable\n", "ram      0x0-0x9fbff\n", 0 },
	{ "wrapped_amid_words", ROW "BIOS-e820: [mem 0x100000-0x1fffff] ACPI\nNVS\n",
	  "nvs      0x1", 0 },
	{ "not_wrapped", ROW "BIOS-e820: [mem 0x100000-0x1fffff]\nNX protection\n", "0x9fbff\n",
	  1 },
	{ "next_row_instead", ROW "BIOS-e820: [mem 0x100000-0x1fffff]\n" ROW,
	  "ram      0x0-0x9fbff\nram      0x0-0x9fbff\n", 1 },
	{ "cut_off", ROW "BIOS-e820: [mem 0x100000-0x1fffff] usab", "0x9fbff\n", 1 },
};

KUNIT_ARRAY_PARAM_DESC(choices, choices, name);

static void choice(struct kunit *test)
{
	const struct choice *c = test->param_value;
	struct error err;
	struct layout *l = parse(c->log, &err);
	char *text;

	KUNIT_ASSERT_NOT_NULL(test, l, "%s", err.text);
	text = written(l);
	KUNIT_EXPECT_TRUE(test, strstr(text, c->facts) != NULL, "\"%s\" is not in\n%s", c->facts,
			  text);
	KUNIT_EXPECT_EQ(test, l->lines_bad, c->bad);
	if (l->lines_bad && l->nr_notes)
		KUNIT_EXPECT_GE(test, l->notes[0].pos.line, 2);
	layout_free(l);
	free(text);
}

/* ---- contradictions, each with two lines of the log ---- */

static const struct contradiction {
	const char *name, *log, *note;
	unsigned int line;
} contradictions[] = {
	{ "hole", MAP ROW "Early memory node ranges\n  node 0: [mem 0x1000-0x1fffff]\n",
	  "the kernel uses 0x9fc00-0x1fffff, which is no RAM in the firmware's map: see line 2, "
	  "0x0-0x9fbff (usable)",
	  4 },
	{ "reserved",
	  MAP ROW "BIOS-e820: [mem 0x9fc00-0x9ffff] reserved\nEarly memory node ranges\n"
		  "  node 0: [mem 0x1000-0x9ffff]\n",
	  "the kernel uses 0x9fc00-0x9ffff, which is no RAM in the firmware's map: see line 3, "
	  "0x9fc00-0x9ffff (reserved)",
	  5 },
	{ "other_node", MAP ROW "SRAT: Node 1 PXM 1 [mem 0x0-0xfffff]\n" NODES,
	  "the kernel has 0x1000-0x9efff on node 0, but line 3 has 0x0-0xfffff on node 1", 5 },
	{ "initrd_in_kernel",
	  MAP ROW "RAMDISK: [mem 0x10000-0x2ffff]\n00020000-0003ffff : Kernel code\n",
	  "the initrd at 0x10000-0x2ffff overlaps the kernel of line 4, 0x20000-0x3ffff", 3 },
	{ "not_understood", MAP ROW "BIOS-e820: [mem 0x100000-0xfffff] usable\n",
	  "not understood: the range is empty: BIOS-e820: [mem 0x100000-0xfffff] usable", 3 },
};

KUNIT_ARRAY_PARAM_DESC(contradictions, contradictions, name);

static void contradiction(struct kunit *test)
{
	const struct contradiction *c = test->param_value;
	struct error err;
	struct layout *l = parse(c->log, &err);

	KUNIT_ASSERT_NOT_NULL(test, l, "%s", err.text);
	KUNIT_ASSERT_EQ(test, l->nr_notes, 1);
	KUNIT_EXPECT_STREQ(test, l->notes[0].text, c->note);
	KUNIT_EXPECT_EQ(test, l->notes[0].pos.line, c->line);
	layout_free(l);
}

static void nodes_without_memory(struct kunit *test)
{
	struct error err;
	struct layout *l = parse(ROW "Initmem setup node 0 [mem 0x0000000000001000-0x9fbff]\n"
				     "Initmem setup node 1 [mem 0x0000000000000000-0x0]\n"
				     "Bootmem setup node 2 0000000000000000-0000000000000000\n"
				     "Initmem setup node 3 as memoryless\n",
				 &err);

	KUNIT_ASSERT_NOT_NULL(test, l, "%s", err.text);
	KUNIT_EXPECT_EQ(test, l->nr_node_ranges, 0);
	KUNIT_EXPECT_EQ(test, l->lines_bad, 0);
	layout_free(l);
}

static void no_memory(struct kunit *test)
{
	static const char log[] = "Linux version 6.1 (a@b)\nBIOS-e820: [mem 0x0-0xfff] reserved\n";
	struct error err;

	KUNIT_EXPECT_NULL(test, parse("Linux version 6.1 (a@b)\nCommand line: x\n", &err));
	KUNIT_EXPECT_TRUE(test, strstr(err.text, "without any memory in it: mbsim looks for"));
	KUNIT_EXPECT_NULL(test, parse(log, &err));
	KUNIT_EXPECT_TRUE(test, strstr(err.text, "no row of the firmware's map is of usable"));
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(sample, samples_gen_params),
	KUNIT_CASE_PARAM(dressed, dresses_gen_params),
	KUNIT_CASE(wide_characters),
	KUNIT_CASE_PARAM(choice, choices_gen_params),
	KUNIT_CASE_PARAM(contradiction, contradictions_gen_params),
	KUNIT_CASE(nodes_without_memory),
	KUNIT_CASE(no_memory),
	{},
};

static struct kunit_suite suite = { .name = "layout_log", .test_cases = cases };

kunit_test_suite(suite);
