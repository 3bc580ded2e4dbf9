// SPDX-License-Identifier: GPL-2.0-or-later
/* Logs that are cut off, spoiled or none at all: nothing is made up, and nothing breaks. */
#include <stdlib.h>
#include <string.h>

#include "kunit/test.h"
#include "layout/layout.h"
#include "lib/array.h"
#include "tests/unit/layout.h"

#define FOLDER "tests/data/layouts/"
#define ROW "BIOS-e820: [mem 0x0-0x9fbff] usable\n"

static const struct sample {
	const char *name;
} samples[] = {
	{ "server-efi" },   { "server-2.6" }, { "pc-2.4" },	{ "mips-board" },
	{ "ppc64-server" }, { "arm-board" },  { "s390-guest" }, { "riscv-json" },
};

KUNIT_ARRAY_PARAM_DESC(samples, samples, name);

static char *read_sample(struct kunit *test, size_t *len)
{
	const struct sample *sample = test->param_value;
	char *path = file_path(FOLDER "%s.log", sample->name);
	char *text = read_text(test, path, len);

	free(path);
	return text;
}

/* Nothing of what is cut off is made up: the rows are those of the whole, but for the last. */
static void every_truncation(struct kunit *test)
{
	size_t len;
	char *text = read_sample(test, &len);
	struct layout *whole = layout_parse("t.log", text, len, NULL);

	KUNIT_ASSERT_NOT_NULL(test, whole);
	for (; len; len--) {
		struct layout *l;

		text[len] = '\0';
		l = layout_parse("t.log", text, len, NULL);
		if (!l)
			continue;
		KUNIT_EXPECT_LE(test, l->lines_bad, 1);
		KUNIT_ASSERT_LE(test, l->nr_ranges, whole->nr_ranges);
		for (size_t i = 0; i < l->nr_ranges; i++) {
			KUNIT_EXPECT_EQ(test, l->ranges[i].type, whole->ranges[i].type);
			KUNIT_EXPECT_EQ(test, l->ranges[i].range.end, whole->ranges[i].range.end);
		}
		if (len % 16 == 0)
			expect_round_trip(test, l);
		layout_free(l);
	}
	layout_free(whole);
	free(text);
}

/* Bytes all over become others, one at a time: several of every line, and in every field. */
static void every_line_corrupted(struct kunit *test)
{
	static const char bytes[] = { '\0', '\n', '\xff', 'f', '-', '[', ' ', '\033', '9', '(' };
	size_t len;
	char *text = read_sample(test, &len);
	unsigned int seed = 5;

	for (size_t i = 0; i < len; i += 1 + random_number(&seed, 4)) {
		char old = text[i];
		struct layout *l;

		text[i] = bytes[random_number(&seed, sizeof(bytes))];
		l = layout_parse("t.log", text, len, NULL);
		text[i] = old;
		/* what a log has of memory may be in a single line */
		if (!l)
			continue;
		KUNIT_EXPECT_LE(test, l->lines_bad, 2, "byte %zu", i);
		if (i % 16 == 0)
			expect_round_trip(test, l);
		layout_check(l);
		layout_free(l);
	}
	free(text);
}

static void noise(struct kunit *test)
{
	size_t len = 1 << 20;
	char *text = array_resize(NULL, len + 1, 1);
	unsigned int seed = 9;
	struct layout *l;

	for (size_t i = 0; i < len; i++)
		text[i] = random_number(&seed, 256);
	memcpy(text + len / 2, "\n" ROW, sizeof("\n" ROW) - 1);
	text[len] = '\0';
	l = layout_parse("t.log", text, len, NULL);
	KUNIT_ASSERT_NOT_NULL(test, l);
	KUNIT_EXPECT_EQ(test, l->nr_ranges, 1);
	layout_free(l);
	free(text);
}

/* Facts without end are noted once there are enough, and cost no time beyond that. */
static const struct many {
	const char *name, *before, *line; /* with a number in it */
} many[] = {
	{ "rows", "", "BIOS-e820: [mem 0x%x000-0x%xfff] usable\n" },
	{ "pfns", "early_node_map[1] active PFN ranges\n", "0: 0x%x -> 0x%xf\n" },
	{ "active_ranges", "", "Entering add_active_range(0, 0x%x, 0x%xf)\n" },
	{ "nodes", "Early memory node ranges\n", "node %u: [mem 0x1-0x%x]\n" },
	{ "spans", "", "Bootmem setup node %u 0-%x\n" },
	{ "cpus", "", "SRAT: PXM 1 -> APIC 0x%x -> Node %u\n" },
	{ "crash", "", "crashkernel reserved: 0x%x - 0x1%x000\n" },
	{ "initrds", "", "RAMDISK: [mem 0x%x000-0x1%x000]\n" },
	{ "ignored", "", "Ignoring memory range 0x%x - 0x%x0000\n" },
	{ "tables", "", "ACPI: FACP 0x%08x 0000%x\n" },
	{ "node_memory", "", "Node %u Memory: 0x0-0x1%x\n" },
	{ "bad", "", "BIOS-e820: [mem %x-%x\n" },
};

KUNIT_ARRAY_PARAM_DESC(many, many, name);

static void many_facts(struct kunit *test)
{
	const struct many *m = test->param_value;
	char *text = NULL;
	struct layout *l;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		array_die();
	fprintf(f, "Linux version 6.1 (a)\n" ROW "%s", m->before);
	for (unsigned int i = 1; i < 70000; i++)
		fprintf(f, m->line, i, i);
	fclose(f);
	l = layout_parse("t.log", text, len, NULL);
	KUNIT_ASSERT_NOT_NULL(test, l);
	layout_check(l);
	KUNIT_EXPECT_LE(test, l->nr_notes, LAYOUT_MAX_NOTES);
	layout_free(l);
	free(text);
}

static void long_lines(struct kunit *test)
{
	static const char *const beginnings[] = { ROW,
						  ROW "BIOS-e820: [mem 0x0-0x",
						  ROW ">> ",
						  ROW "Command line: ",
						  ROW "Memory: available (",
						  ROW "BIOS-e820: [mem 0x0-0xf] " };
	size_t len = 4 << 20;

	for (size_t i = 0; i < ARRAY_LEN(beginnings); i++) {
		char *text = array_resize(NULL, len + 1, 1);
		struct layout *l;

		memset(text, i % 2 ? '1' : '>', len);
		memcpy(text, beginnings[i], strlen(beginnings[i]));
		text[len] = '\0';
		l = layout_parse("t.log", text, len, NULL);
		KUNIT_ASSERT_NOT_NULL(test, l);
		KUNIT_EXPECT_EQ(test, l->nr_ranges, 1);
		expect_round_trip(test, l);
		layout_free(l);
		free(text);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(every_truncation, samples_gen_params),
	KUNIT_CASE_PARAM(every_line_corrupted, samples_gen_params),
	KUNIT_CASE_PARAM(many_facts, many_gen_params),
	KUNIT_CASE(noise),
	KUNIT_CASE(long_lines),
	{},
};

static struct kunit_suite suite = { .name = "layout_hostile", .test_cases = cases };

kunit_test_suite(suite);
