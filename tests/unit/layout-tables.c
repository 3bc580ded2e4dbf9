// SPDX-License-Identifier: GPL-2.0-or-later
/* Maps as texts of rows: /proc/iomem, /sys/firmware/memmap, EFI's shell, GRUB. */
#include <stdlib.h>
#include <string.h>

#include "kunit/test.h"
#include "layout/layout.h"
#include "tests/unit/layout.h"

static bool has_note(const struct layout *l, const char *text)
{
	for (size_t i = 0; i < l->nr_notes; i++)
		if (strstr(l->notes[i].text, text))
			return true;
	return false;
}

/* A text of a kind that is found out. */
static struct layout *good(struct kunit *test, const char *text)
{
	struct error err;
	struct layout *l = parse(text, &err);

	KUNIT_ASSERT_NOT_NULL(test, l, "%s", err.text);
	expect_round_trip(test, l);
	return l;
}

static void expect_row(struct kunit *test, const struct layout *l, size_t i, enum layout_type type,
		       uint64_t start, uint64_t end, const char *words)
{
	KUNIT_ASSERT_LT(test, i, l->nr_ranges);
	KUNIT_EXPECT_EQ(test, l->ranges[i].type, type);
	KUNIT_EXPECT_EQ(test, l->ranges[i].range.start, start);
	KUNIT_EXPECT_EQ(test, l->ranges[i].range.end, end);
	KUNIT_EXPECT_STREQ(test, l->ranges[i].words, words);
}

static const char server[] = "00000000-00000fff : Reserved\n"
			     "00001000-0009fbff : System RAM\n"
			     "0009fc00-0009ffff : Reserved\n"
			     "000a0000-000bffff : PCI Bus 0000:00\n"
			     "000f0000-000fffff : System ROM\n"
			     "00100000-5fffffff : System RAM\n"
			     "  01000000-01ffffff : Kernel code\n"
			     "  02000000-023fffff : Kernel rodata\n"
			     "  02400000-024fffff : Kernel data\n"
			     "  02600000-027fffff : Kernel bss\n"
			     "  30000000-3fffffff : Crash kernel\n"
			     "60000000-6000ffff : ACPI Tables\n"
			     "60010000-6001ffff : ACPI Non-volatile Storage\n"
			     "60020000-6002ffff : Unusable memory\n"
			     "60030000-6003ffff : Unknown E820 type\n"
			     "60040000-7fffffff : RAM buffer\n"
			     "80000000-8fffffff : PCI MMCONFIG 0000 [bus 00-ff]\n"
			     "  80000000-8fffffff : Reserved\n"
			     "100000000-17fffffff : System RAM\n"
			     "180000000-1ffffffff : Persistent Memory\n"
			     "  180000000-1ffffffff : namespace0.0\n"
			     "200000000-27fffffff : Persistent Memory (legacy)\n"
			     "280000000-2ffffffff : Soft Reserved\n"
			     "  280000000-2ffffffff : dax0.0\n"
			     "    280000000-2ffffffff : System RAM (kmem)\n"
			     "300000000-3ffffffff : 0000:00:02.0\n"
			     "  300000000-3ffffffff : virtio0\n"
			     "    300000000-307ffffff : System RAM (virtio_mem)\n";

static void iomem(struct kunit *test)
{
	struct layout *l = good(test, server);

	KUNIT_EXPECT_EQ(test, l->arch, LAYOUT_X86_64);
	KUNIT_EXPECT_EQ(test, l->page_size, 4096);
	KUNIT_EXPECT_EQ(test, l->lines, 28);
	KUNIT_EXPECT_EQ(test, l->lines_used, 20);
	KUNIT_EXPECT_EQ(test, l->nr_ranges, 13);
	expect_row(test, l, 0, LAYOUT_RESERVED, 0, 0x1000, "reserved");
	expect_row(test, l, 3, LAYOUT_RAM, 0x100000, 0x60000000, "usable");
	expect_row(test, l, 4, LAYOUT_ACPI, 0x60000000, 0x60010000, "ACPI data");
	expect_row(test, l, 5, LAYOUT_NVS, 0x60010000, 0x60020000, "ACPI NVS");
	expect_row(test, l, 6, LAYOUT_UNUSABLE, 0x60020000, 0x60030000, "unusable");
	expect_row(test, l, 7, LAYOUT_OTHER, 0x60030000, 0x60040000, "Unknown E820 type");
	expect_row(test, l, 8, LAYOUT_RESERVED, 0x80000000, 0x90000000, "reserved");
	expect_row(test, l, 9, LAYOUT_RAM, 0x100000000, 0x180000000, "usable");
	expect_row(test, l, 11, LAYOUT_PMEM, 0x200000000, 0x280000000,
		   "Persistent Memory (legacy)");
	expect_row(test, l, 12, LAYOUT_SOFT_RESERVED, 0x280000000, 0x300000000, "soft reserved");
	KUNIT_ASSERT_EQ(test, l->nr_node_ranges, 2);
	KUNIT_EXPECT_EQ(test, l->node_ranges[1].flags, LAYOUT_DRIVER_MANAGED);
	KUNIT_EXPECT_EQ(test, l->node_ranges[1].range.end, 0x308000000);
	KUNIT_ASSERT_EQ(test, l->nr_reservations, 2);
	KUNIT_EXPECT_EQ(test, l->reservations[0].kind, LAYOUT_CRASH);
	KUNIT_EXPECT_EQ(test, l->reservations[1].kind, LAYOUT_KERNEL);
	KUNIT_EXPECT_EQ(test, l->reservations[1].range.start, 0x1000000);
	KUNIT_EXPECT_EQ(test, l->reservations[1].range.end, 0x2800000);
	KUNIT_EXPECT_EQ(test, l->image.code, 0x1000000);
	KUNIT_EXPECT_EQ(test, l->image.bss, 0x200000);
	KUNIT_EXPECT_TRUE(test, has_note(l, "2 ranges of RAM were brought by a driver"));
	layout_free(l);
}

/* Mail, other line ends, lost blanks, noise around it, and old words. */
static void iomem_spoiled(struct kunit *test)
{
	struct layout *l = good(test, "$ sudo cat /proc/iomem\r\n"
				      "> 00000000-0009f7ff : System RAM\r\n"
				      "> 0009f800-0009ffff : reserved\r\n"
				      "> 00100000-3ffeffff : System RAM\r\n"
				      ">00100000-004fffff : Kernel code\r\n"
				      "> 3fff0000-3ffeffff : System RAM\r\n"
				      "> 3fff00\r\n"
				      "> 3fff0000-3fffffff : ACPI Tables");

	KUNIT_EXPECT_EQ(test, l->arch, LAYOUT_X86_64);
	KUNIT_EXPECT_EQ(test, l->nr_ranges, 4);
	KUNIT_EXPECT_EQ(test, l->lines_bad, 1);
	KUNIT_EXPECT_TRUE(test, has_note(l, "the range ends before it starts"));
	KUNIT_ASSERT_EQ(test, l->nr_reservations, 1);
	KUNIT_EXPECT_EQ(test, l->reservations[0].range.end, 0x500000);
	layout_free(l);
}

/* On arm64, what is reserved within RAM is the kernel's own, and beside it not to be mapped. */
static void iomem_arm64(struct kunit *test)
{
	struct layout *l = good(test, "09000000-09000fff : pl011@9000000\n"
				      "40000000-7fffffff : System RAM\n"
				      "  40200000-413fffff : Kernel code\n"
				      "  41400000-41bfffff : reserved\n"
				      "  41c00000-41ffffff : Kernel data\n"
				      "  50000000-5fffffff : Crash kernel\n"
				      "  7f000000-7fffffff : reserved\n"
				      "80000000-8000ffff : reserved\n"
				      "80010000-bfffffff : System RAM\n");

	KUNIT_EXPECT_EQ(test, l->arch, LAYOUT_ARM64);
	KUNIT_EXPECT_EQ(test, l->nr_ranges, 3);
	expect_row(test, l, 1, LAYOUT_RAM, 0x80000000, 0x80010000, "reserved");
	KUNIT_ASSERT_EQ(test, l->nr_node_ranges, 1);
	KUNIT_EXPECT_EQ(test, l->node_ranges[0].flags, LAYOUT_NOMAP);
	KUNIT_EXPECT_EQ(test, l->node_ranges[0].range.start, 0x80000000);
	KUNIT_EXPECT_EQ(test, l->nr_reservations, 2);
	KUNIT_EXPECT_TRUE(test, has_note(l, "2 ranges within RAM, 24576 KiB in all"));
	layout_free(l);
}

static void iomem_others(struct kunit *test)
{
	struct layout *l = good(test, "80000000-87ffffff : System RAM (boot alias)\n"
				      "800000000-87fffffff : System RAM\n"
				      "  800008000-8007fffff : Kernel code\n");

	KUNIT_EXPECT_EQ(test, l->arch, LAYOUT_ARCH_UNKNOWN);
	KUNIT_EXPECT_EQ(test, l->nr_ranges, 1);
	KUNIT_EXPECT_TRUE(test, has_note(l, "the alias of RAM"));
	layout_free(l);
	l = good(test, "80000000-8003ffff : Reserved\n"
		       "80040000-ffffffff : System RAM\n"
		       "  80200000-81ffffff : Kernel image\n"
		       "    80202000-80ffffff : Kernel code\n"
		       "    81800000-81bfffff : Kernel data\n"
		       "  f0000000-f0ffffff : Reserved\n");
	KUNIT_EXPECT_EQ(test, l->arch, LAYOUT_RISCV);
	KUNIT_EXPECT_EQ(test, l->nr_ranges, 2);
	KUNIT_EXPECT_EQ(test, l->node_ranges[0].flags, LAYOUT_NOMAP);
	KUNIT_ASSERT_EQ(test, l->nr_reservations, 1);
	KUNIT_EXPECT_EQ(test, l->reservations[0].range.start, 0x80200000);
	layout_free(l);
}

static void iomem_plugged(struct kunit *test)
{
	struct layout *l = good(test, "00100000-7fffffff : System RAM\n"
				      "fec00000-fec003ff : IOAPIC 0\n"
				      "100000000-13fffffff : System RAM\n"
				      "140000000-17fffffff : System RAM\n"
				      "180000000-18000003f : System RAM\n"
				      "180000040-1ffffffff : System RAM\n");

	KUNIT_EXPECT_EQ(test, l->nr_ranges, 4);
	KUNIT_EXPECT_TRUE(test, has_note(l, "0x140000000-0x17fffffff was plugged in"));
	layout_free(l);
}

static void iomem_refused(struct kunit *test)
{
	struct error err;

	KUNIT_EXPECT_NULL(test, parse("00000000-00000000 : Reserved\n"
				      "00000000-00000000 : System RAM\n"
				      "  00000000-00000000 : Kernel code\n",
				      &err));
	KUNIT_EXPECT_NOT_NULL(test, strstr(err.text, "sudo"));
	KUNIT_EXPECT_NULL(test, parse("000a0000-000bffff : PCI Bus 0000:00\n", &err));
	KUNIT_EXPECT_NOT_NULL(test, strstr(err.text, "no row \"System RAM\""));
	/* /proc/ioports */
	KUNIT_EXPECT_NULL(test, parse("0000-0cf7 : PCI Bus 0000:00\n  0000-001f : dma1\n", &err));
	KUNIT_EXPECT_NOT_NULL(test, strstr(err.text, "not known what this is"));
}

static void memmap(struct kunit *test)
{
	struct layout *l = good(test, "/sys/firmware/memmap/10/start:0x140000000\n"
				      "/sys/firmware/memmap/10/end:0x17fffffff\n"
				      "/sys/firmware/memmap/10/type:System RAM\n"
				      "/sys/firmware/memmap/2/type:ACPI Tables\n"
				      "/sys/firmware/memmap/2/start:0xbfff0000\n"
				      "/sys/firmware/memmap/2/end:0xbfffffff\n"
				      "/sys/firmware/memmap/0/end:0x9fbff\n"
				      "/sys/firmware/memmap/0/start:0x0\n"
				      "/sys/firmware/memmap/0/type:System RAM\n"
				      "/sys/firmware/memmap/5/start:0xfd00000000\n"
				      "/sys/firmware/memmap/5/end:0xffffffffff\n"
				      "/sys/firmware/memmap/5/type:new kind\n"
				      "/sys/firmware/memmap/4/start:0x1\n"
				      "/sys/firmware/memmap/4/type:System RAM\n");

	KUNIT_EXPECT_EQ(test, l->arch, LAYOUT_X86_64);
	KUNIT_EXPECT_EQ(test, l->nr_ranges, 3);
	expect_row(test, l, 0, LAYOUT_RAM, 0, 0x9fc00, "usable");
	expect_row(test, l, 1, LAYOUT_ACPI, 0xbfff0000, 0xc0000000, "ACPI data");
	expect_row(test, l, 2, LAYOUT_OTHER, 0xfd00000000, 0x10000000000, "new kind");
	KUNIT_EXPECT_EQ(test, l->ranges[0].pos.line, 8);
	KUNIT_EXPECT_TRUE(test, has_note(l, "entry 10 was plugged in after the boot"));
	KUNIT_EXPECT_TRUE(test, has_note(l, "entry 4: its end is missing"));
	layout_free(l);
	l = good(test, "0/start:0x100000000\n0/end:0x1ffffffff\n0/type:System RAM\n"
		       "1/start:0x0\n1/end:0x7fffffff\n1/type:System RAM\n"
		       "1/end:0x6fffffff\n2/start:zero\n2/end:0x1\n2/type:Reserved\n");
	KUNIT_EXPECT_EQ(test, l->nr_ranges, 1);
	KUNIT_EXPECT_TRUE(test, has_note(l, "entry 0 was plugged in"));
	KUNIT_EXPECT_TRUE(test, has_note(l, "entry 1: it was said differently before"));
	KUNIT_EXPECT_TRUE(test, has_note(l, "entry 2: there is no address"));
	layout_free(l);
}

static void efi(struct kunit *test)
{
	struct layout *l = good(
		test,
		"Shell> memmap\r\n"
		"Type       Start            End              # Pages          Attributes\r\n"
		"BS_Code    0000000000000000-0000000000000FFF 0000000000000001 000000000000000F\r\n"
		"Available  0000000000001000-000000000009FFFF 000000000000009F 000000000001000F\r\n"
		"available  0000000000100000-000000003FFFFFFF 000000000003FF00 000000000000000F\r\n"
		"ACPI_Recl  0000000040000000-0000000040000FFF 0000000000000001 000000000000000F\r\n"
		"ACPI_NVS   0000000040001000-0000000040001FFF 0000000000000001 000000000000000F\r\n"
		"RT_Data    0000000040002000-0000000040002FFF 0000000000000001 800000000000000F\r\n"
		"Available  0000000100000000-000000013FFFFFFF 0000000000040000 000000000004000F\r\n"
		"LoaderData 0000000140000000-000000014FFFFFFF 0000000000010000 0000000000000001\r\n"
		"80000001   0000000150000000-0000000150000FFF 0000000000000001 000000000000000F\r\n"
		"MMIO       00000000FFC00000-00000000FFFFFFFF 0000000000000400 8000000000000001\r\n"
		"BS_Data    0000000150001000-00000001500\r\n"
		"\r\n"
		"  Reserved  :              0 Pages (0 Bytes)\r\n"
		"Total Memory: 1,023 MB (1,073,741,824 Bytes)\r\n");

	KUNIT_EXPECT_EQ(test, l->nr_ranges, 10);
	expect_row(test, l, 0, LAYOUT_RAM, 0, 0x1000, "Boot Code");
	expect_row(test, l, 2, LAYOUT_RAM, 0x100000, 0x40000000, "Conventional");
	expect_row(test, l, 3, LAYOUT_ACPI, 0x40000000, 0x40001000, "ACPI Reclaim");
	expect_row(test, l, 4, LAYOUT_NVS, 0x40001000, 0x40002000, "ACPI Mem NVS");
	expect_row(test, l, 5, LAYOUT_RESERVED, 0x40002000, 0x40003000, "Runtime Data");
	expect_row(test, l, 6, LAYOUT_SOFT_RESERVED, 0x100000000, 0x140000000, "Conventional");
	expect_row(test, l, 7, LAYOUT_RESERVED, 0x140000000, 0x150000000, "Loader Data");
	expect_row(test, l, 8, LAYOUT_RESERVED, 0x150000000, 0x150001000, "80000001");
	KUNIT_EXPECT_EQ(test, l->lines_bad, 1);
	KUNIT_ASSERT_EQ(test, l->nr_node_ranges, 1);
	KUNIT_EXPECT_EQ(test, l->node_ranges[0].flags, LAYOUT_MIRROR);
	KUNIT_ASSERT_EQ(test, l->nr_reservations, 1);
	KUNIT_EXPECT_STREQ(test, l->reservations[0].name, "EFI Boot Code");
	layout_free(l);
	l = good(test, "ShellCommand,\"memmap\"\n"
		       "MemoryMap,\"Available\",\"0\",\"FFFFF\",\"100\",\"F\"\n"
		       "MemoryMap,\"BootServiceData\",\"100000\",\"100FFF\",\"1\",\"F\"\n");
	KUNIT_EXPECT_EQ(test, l->nr_ranges, 2);
	expect_row(test, l, 1, LAYOUT_RAM, 0x100000, 0x101000, "Boot Data");
	layout_free(l);
}

static void grub(struct kunit *test)
{
	struct layout *l =
		good(test, "grub> lsmmap\n"
			   "base_addr = 0x0, length = 0x9fc00, available RAM\n"
			   "base_addr = 0x9fc00, length = 0x400, reserved RAM\n"
			   "base_addr = 0x100000, length = 0x1ff00000, type = 0x1\n"
			   "base_addr = 0x20000000, length = 0x1000, type = 0x63\n"
			   "base_addr = 0x20001000, length = 0x0, reserved RAM\n"
			   "base_addr = 0xffffffffffff0000, length = 0xffff0000, "
			   "reserved RAM\n"
			   "base_addr = 0x20002000, length = 0x1000, ACPI reclaimable RAM\n"
			   "base_addr = 0x2000\n");

	KUNIT_EXPECT_EQ(test, l->nr_ranges, 5);
	KUNIT_EXPECT_EQ(test, l->lines_bad, 3);
	expect_row(test, l, 0, LAYOUT_RAM, 0, 0x9fc00, "available RAM");
	expect_row(test, l, 2, LAYOUT_RAM, 0x100000, 0x20000000, "type = 0x1");
	expect_row(test, l, 3, LAYOUT_OTHER, 0x20000000, 0x20001000, "type = 0x63");
	expect_row(test, l, 4, LAYOUT_ACPI, 0x20002000, 0x20003000, "ACPI reclaimable RAM");
	layout_free(l);
}

/* Any byte of a good text becomes another, and the text ends anywhere. */
static void spoiled(struct kunit *test)
{
	static const char bytes[] = { '\0', '\n', '\xff', 'f', '-', ':', ' ', '\033', '9', '/' };
	char *text = array_strdup(server);
	size_t len = strlen(text);
	unsigned int seed = 7;

	for (size_t i = 0; i < len; i++) {
		char old = text[i];
		struct layout *l;

		text[i] = bytes[random_number(&seed, sizeof(bytes))];
		l = layout_parse_as("t", "iomem", text, len, NULL);
		if (l) {
			KUNIT_EXPECT_LE(test, l->lines_bad, 1);
			if (i % 8 == 0)
				expect_round_trip(test, l);
		}
		layout_free(l);
		text[i] = '\0';
		layout_free(layout_parse("t", text, i, NULL));
		text[i] = old;
	}
	free(text);
}

static void million_rows(struct kunit *test)
{
	static const char *const formats[] = { "iomem", "memmap", "efi-memmap", "lsmmap" };
	size_t len;

	for (size_t f = 0; f < ARRAY_LEN(formats); f++) {
		char *text = NULL;
		FILE *out = open_memstream(&text, &len);
		struct layout *l;

		for (unsigned long i = 0; i < (f ? 250000 : 1000000); i++) {
			if (f == 0)
				fprintf(out, "%012lx-%012lx : System RAM\n", i << 13,
					(i << 13) + 4095);
			else if (f == 1)
				fprintf(out, "%lu/%s:0x%lx\n", i / 3,
					i % 3 ? i % 3 == 1 ? "end" : "start" : "type", i << 12);
			else if (f == 2)
				fprintf(out, "Available %016lx-%016lx 1 f\n", i << 13,
					(i << 13) + 4095);
			else
				fprintf(out, "base_addr = 0x%lx, length = 0x1000, available RAM\n",
					i << 13);
		}
		fclose(out);
		l = layout_parse_as("t", formats[f], text, len, NULL);
		if (f != 1) {
			KUNIT_ASSERT_NOT_NULL(test, l);
			KUNIT_EXPECT_EQ(test, l->nr_ranges, LAYOUT_MAX_RANGES);
			KUNIT_EXPECT_TRUE(test, has_note(l, "there are too many of these"));
		}
		layout_free(l);
		free(text);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(iomem),	  KUNIT_CASE(iomem_spoiled), KUNIT_CASE(iomem_arm64),
	KUNIT_CASE(iomem_others), KUNIT_CASE(iomem_plugged), KUNIT_CASE(iomem_refused),
	KUNIT_CASE(memmap),	  KUNIT_CASE(efi),	     KUNIT_CASE(grub),
	KUNIT_CASE(spoiled),	  KUNIT_CASE(million_rows),  {},
};

static struct kunit_suite suite = { .name = "layout_tables", .test_cases = cases };

kunit_test_suite(suite);
