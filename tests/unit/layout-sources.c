// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a machine says of its memory in several places is the same: captured logs are held against
 * the files that are shown behind them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kunit/test.h"
#include "layout/layout.h"
#include "tests/unit/layout.h"

struct capture {
	char *text;
	size_t len;
	struct layout *log;
};

static void open_capture(struct kunit *test, struct capture *c)
{
	const char *path = *(char *const *)test->param_value;

	c->text = read_text(test, path, &c->len);
	c->log = layout_parse(path, c->text, c->len, NULL);
	KUNIT_ASSERT_NOT_NULL(test, c->log);
}

static void close_capture(struct capture *c)
{
	layout_free(c->log);
	free(c->text);
}

/* The text of a file that the capture shows, or NULL; the caller frees. */
static char *shown(const struct capture *c, const char *name)
{
	char *marker = file_path("\n@@@@ %s\n", name), *text = NULL;
	const char *start = strstr(c->text, marker), *end;

	if (start) {
		start += strlen(marker);
		end = strstr(start, "@@@@ end\n");
		text = end ? file_path("%.*s", (int)(end - start), start) : NULL;
	}
	free(marker);
	return text;
}

/* The layout in a file that the capture shows, or NULL. */
static struct layout *parse_shown(struct kunit *test, const struct capture *c, const char *name)
{
	char *text = shown(c, name);
	struct error err = { 0 };
	struct layout *l;

	if (!text)
		return NULL;
	l = layout_parse(name, text, strlen(text), &err);
	KUNIT_EXPECT_STREQ(test, err.text, "");
	free(text);
	if (l)
		KUNIT_EXPECT_EQ(test, l->lines_bad, 0);
	return l;
}

static char *ram_text(const struct layout *l)
{
	size_t nr, len;
	struct range *ram = layout_ram(l, &nr);
	char *text = NULL;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		array_die();
	for (size_t i = 0; i < nr; i++)
		fprintf(out, "%" PRIx64 "-%" PRIx64 " ", ram[i].start, ram[i].end - 1);
	fclose(out);
	free(ram);
	return text;
}

static void expect_same_ram(struct kunit *test, const struct layout *a, const struct layout *b)
{
	char *x = ram_text(a), *y = ram_text(b);

	KUNIT_EXPECT_STREQ(test, x, y);
	free(x);
	free(y);
}

/* The firmware's own map is what the log begins with, before the kernel changes it. */
static void firmware_map(struct kunit *test)
{
	struct capture c;
	struct layout *memmap;

	open_capture(test, &c);
	memmap = parse_shown(test, &c, "/sys/firmware/memmap");
	if (memmap) {
		size_t updates = c.log->nr_updates;

		c.log->nr_updates = 0;
		expect_same_ram(test, c.log, memmap);
		KUNIT_EXPECT_EQ(test, c.log->nr_ranges, memmap->nr_ranges);
		KUNIT_EXPECT_EQ(test, memmap->arch, LAYOUT_X86_64);
		c.log->nr_updates = updates;
		expect_round_trip(test, memmap);
	}
	layout_free(memmap);
	close_capture(&c);
}

static const struct layout_reservation *find_kernel(const struct layout *l)
{
	for (size_t i = 0; i < l->nr_reservations; i++)
		if (l->reservations[i].kind == LAYOUT_KERNEL)
			return &l->reservations[i];
	return NULL;
}

/* What memmap= did is in no line, but in the map that is printed then. */
static void use_user_map(struct kunit *test, struct capture *c)
{
	const char *user = strstr(c->text, "user-defined physical RAM map");
	struct layout *l;

	if (!user || !strstr(c->log->cmdline, "memmap="))
		return;
	l = layout_parse_as("t.log", "log", user, strlen(user), NULL);
	KUNIT_ASSERT_NOT_NULL(test, l);
	layout_free(c->log);
	c->log = l;
}

/* /proc/iomem is the map with all changes, also those that came late or by the command line. */
static void resources(struct kunit *test)
{
	const char *path = *(char *const *)test->param_value;
	struct capture c;
	struct layout *iomem;

	open_capture(test, &c);
	use_user_map(test, &c);
	/* a DIMM that nothing tells from RAM that was there at once: no other RAM touches it */
	if (strstr(path, "amd64-6.12-2g-dimm"))
		layout_add_range(c.log,
				 (struct layout_range){ .range = RANGE(4ULL << 30, 5ULL << 30),
							.type = LAYOUT_RAM });
	iomem = parse_shown(test, &c, "/proc/iomem");
	KUNIT_ASSERT_NOT_NULL(test, iomem);
	/* what iomem shows of the others is that of x86_64, or nothing that is theirs alone */
	if (c.log->arch == LAYOUT_X86_64 || c.log->arch == LAYOUT_ARM64)
		KUNIT_EXPECT_EQ(test, iomem->arch, c.log->arch);
	expect_round_trip(test, iomem);
	if (c.log->arch == LAYOUT_X86_64) {
		for (size_t i = 0; i < c.log->nr_updates; i++)
			c.log->updates[i].flags = 0;
		expect_same_ram(test, c.log, iomem);
		KUNIT_ASSERT_NOT_NULL(test, find_kernel(iomem));
		KUNIT_EXPECT_EQ(test, find_kernel(iomem)->range.start,
				find_kernel(c.log)->range.start);
		/* a row of memmap= that cuts the kernel in two is shown instead of its end */
		if (!strstr(path, "memmap-collides"))
			KUNIT_EXPECT_EQ(test, find_kernel(iomem)->range.end,
					find_kernel(c.log)->range.end);
	}
	layout_free(iomem);
	close_capture(&c);
}

/* "   0: 0x0000000040000000..0x00000000bfffffff" of memblock in debugfs */
static char *memblock_text(const char *rows)
{
	uint64_t start, last, begin = 0, end = 0;
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		array_die();
	for (; rows && sscanf(rows, " %*u: %" SCNx64 "..%" SCNx64, &start, &last) == 2;
	     rows = strchr(rows, '\n') ? strchr(rows, '\n') + 1 : NULL) {
		if (start != end && end)
			fprintf(out, "%" PRIx64 "-%" PRIx64 " ", begin, end - 1);
		if (start != end)
			begin = start;
		end = last + 1;
	}
	fprintf(out, "%" PRIx64 "-%" PRIx64 " ", begin, end - 1);
	fclose(out);
	return text;
}

/* On arm64, what is not RAM to the kernel and is memory to memblock is a row of its own. */
static void memblock(struct kunit *test)
{
	struct capture c;
	struct layout *iomem;
	char *rows, *expected, *got;

	open_capture(test, &c);
	rows = shown(&c, "/sys/kernel/debug/memblock/memory");
	if (rows) {
		iomem = parse_shown(test, &c, "/proc/iomem");
		KUNIT_ASSERT_NOT_NULL(test, iomem);
		expected = memblock_text(rows);
		got = ram_text(iomem);
		KUNIT_EXPECT_STREQ(test, got, expected);
		layout_free(iomem);
		free(expected);
		free(got);
	}
	free(rows);
	close_capture(&c);
}

static int nid_of(const struct layout *l, unsigned int domain)
{
	for (size_t i = 0; i < l->nr_domains; i++)
		if (l->domains[i].domain == domain)
			return l->domains[i].nid;
	return LAYOUT_NO_NODE;
}

/* The SRAT has the nodes that the kernel prints, in the order of its entries. */
static void nodes(struct kunit *test)
{
	struct layout *srat, *log;
	struct capture c;

	open_capture(test, &c);
	log = c.log;
	srat = parse_shown(test, &c, "/sys/firmware/acpi/tables/SRAT");
	if (srat) {
		KUNIT_ASSERT_EQ(test, srat->nr_node_ranges, log->nr_node_ranges);
		for (size_t i = 0; i < log->nr_node_ranges; i++) {
			const struct layout_node_range *a = &srat->node_ranges[i];
			const struct layout_node_range *b = &log->node_ranges[i];

			KUNIT_EXPECT_EQ(test, a->nid, b->nid);
			KUNIT_EXPECT_EQ(test, a->flags, b->flags);
			KUNIT_EXPECT_EQ(test, a->range.start, b->range.start);
			KUNIT_EXPECT_EQ(test, a->range.end, b->range.end);
		}
		/* the kernel prints those that have memory */
		KUNIT_ASSERT_GE(test, srat->nr_domains, log->nr_domains);
		for (size_t i = 0; i < log->nr_domains; i++)
			KUNIT_EXPECT_EQ(test, nid_of(srat, log->domains[i].domain),
					log->domains[i].nid);
		expect_round_trip(test, srat);
	}
	layout_free(srat);
	close_capture(&c);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(firmware_map, next_capture),
	KUNIT_CASE_PARAM(resources, next_capture),
	KUNIT_CASE_PARAM(memblock, next_capture),
	KUNIT_CASE_PARAM(nodes, next_capture),
	{},
};

static struct kunit_suite suite = { .name = "layout_sources", .test_cases = cases };

kunit_test_suite(suite);
