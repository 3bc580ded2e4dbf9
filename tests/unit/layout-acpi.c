// SPDX-License-Identifier: GPL-2.0-or-later
/* Tables of ACPI, made up byte by byte: good ones, old ones, and those that firmware gets wrong. */
#include <stdlib.h>
#include <string.h>

#include "kunit/test.h"
#include "layout/layout.h"
#include "tests/unit/layout.h"

#define ENABLED 1u
#define HOTPLUG 2u

struct table {
	unsigned char v[1 << 16];
	size_t len;
};

static void put(struct table *t, unsigned int bytes, uint64_t value)
{
	while (bytes--) {
		t->v[t->len++] = value;
		value >>= 8;
	}
}

static void begin(struct table *t, const char *signature, unsigned int revision)
{
	memset(t, 0, sizeof(*t));
	memcpy(t->v, signature, 4);
	t->v[8] = revision;
	t->len = 36;
	if (*signature == 'S' && signature[1] == 'R')
		put(t, 12, 0);
}

static void finish(struct table *t)
{
	unsigned char sum = 0;
	size_t len = t->len;

	t->len = 4;
	put(t, 4, len);
	t->len = len;
	t->v[9] = 0;
	for (size_t i = 0; i < len; i++)
		sum += t->v[i];
	t->v[9] = -sum;
}

static void cpu(struct table *t, unsigned int domain, unsigned int apic, unsigned int flags)
{
	put(t, 1, 0);
	put(t, 1, 16);
	put(t, 1, domain & 0xff);
	put(t, 1, apic);
	put(t, 4, flags);
	put(t, 1, 0);
	put(t, 3, domain >> 8);
	put(t, 4, 0);
}

static void memory(struct table *t, unsigned int domain, uint64_t base, uint64_t size,
		   unsigned int flags)
{
	put(t, 1, 1);
	put(t, 1, 40);
	put(t, 4, domain);
	put(t, 2, 0);
	put(t, 8, base);
	put(t, 8, size);
	put(t, 4, 0);
	put(t, 4, flags);
	put(t, 8, 0);
}

/* A processor of another kind: where its domain and flags are. */
static void other(struct table *t, unsigned int type, unsigned int len, unsigned int at_domain,
		  unsigned int domain, unsigned int at_flags)
{
	size_t start = t->len;

	put(t, len, 0);
	t->v[start] = type;
	t->v[start + 1] = len;
	t->len = start + at_domain;
	put(t, 4, domain);
	t->len = start + at_flags;
	put(t, 4, ENABLED);
	t->len = start + len;
}

static void distances(struct table *t, unsigned int nr, const char *values)
{
	begin(t, "SLIT", 1);
	put(t, 8, nr);
	for (unsigned int i = 0; i < nr * nr; i++)
		put(t, 1, values[i]);
	finish(t);
}

static void sample(struct table *t)
{
	begin(t, "SRAT", 3);
	cpu(t, 0x10203, 0, ENABLED);
	cpu(t, 9, 1, 0);
	other(t, 2, 24, 4, 7, 12);
	other(t, 3, 18, 2, 0x10203, 10);
	other(t, 5, 32, 4, 70000, 24);
	other(t, 7, 20, 4, 7, 12);
	memory(t, 1, 0, 1 << 30, ENABLED);
	memory(t, 7, 1 << 30, 1 << 30, ENABLED | HOTPLUG);
	memory(t, 0x10203, 4ULL << 30, 1 << 30, ENABLED);
	memory(t, 8, 6ULL << 30, 1 << 30, 0);
	memory(t, 1, 0, 0, ENABLED);
	finish(t);
}

static struct layout *parse_table(const struct table *t, struct error *err)
{
	*err = (struct error){ 0 };
	return layout_parse("SRAT", (const char *)t->v, t->len, err);
}

static bool has_note(const struct layout *l, const char *text)
{
	for (size_t i = 0; i < l->nr_notes; i++)
		if (strstr(l->notes[i].text, text))
			return true;
	return false;
}

static void expect_range(struct kunit *test, const struct layout *l, size_t i, int nid,
			 uint64_t start, uint64_t end, unsigned int flags)
{
	KUNIT_ASSERT_LT(test, i, l->nr_node_ranges);
	KUNIT_EXPECT_EQ(test, l->node_ranges[i].nid, nid);
	KUNIT_EXPECT_EQ(test, l->node_ranges[i].range.start, start);
	KUNIT_EXPECT_EQ(test, l->node_ranges[i].range.end, end);
	KUNIT_EXPECT_EQ(test, l->node_ranges[i].flags, flags);
}

/* Domains become nodes in the order of processors, then of memory; what is off does not count. */
static void srat(struct kunit *test)
{
	static const struct {
		unsigned int domain, cpus;
	} nodes[] = { { 0x10203, 2 }, { 7, 2 }, { 70000, 0 }, { 1, 0 } };
	struct table t;
	struct error err;
	struct layout *l;

	sample(&t);
	l = parse_table(&t, &err);
	KUNIT_ASSERT_NOT_NULL(test, l, "%s", err.text);
	KUNIT_EXPECT_EQ(test, l->lines_bad, 0);
	KUNIT_EXPECT_EQ(test, l->nr_node_ranges, 3);
	expect_range(test, l, 0, 3, 0, 1 << 30, 0);
	expect_range(test, l, 1, 1, 1 << 30, 2ULL << 30, LAYOUT_HOTPLUG);
	expect_range(test, l, 2, 0, 4ULL << 30, 5ULL << 30, 0);
	KUNIT_ASSERT_EQ(test, l->nr_domains, ARRAY_LEN(nodes));
	KUNIT_ASSERT_EQ(test, l->nr_node_cpus, ARRAY_LEN(nodes));
	for (size_t i = 0; i < ARRAY_LEN(nodes); i++) {
		KUNIT_EXPECT_EQ(test, l->domains[i].domain, nodes[i].domain);
		KUNIT_EXPECT_EQ(test, l->node_cpus[i].cpus, nodes[i].cpus);
	}
	KUNIT_EXPECT_TRUE(test, has_note(l, "proximity domain 7 is node 1"));
	KUNIT_EXPECT_TRUE(test, has_note(l, "taken for RAM"));
	KUNIT_EXPECT_FALSE(test, has_note(l, "checksum"));
	KUNIT_EXPECT_EQ(test, layout_ram_size(l), 3ULL << 30);
	expect_round_trip(test, l);
	layout_free(l);
}

/* In the first revision, a domain has one byte, and the rest is anything. */
static void srat_old(struct kunit *test)
{
	struct error err;
	struct layout *l;
	struct table t;

	begin(&t, "SRAT", 1);
	cpu(&t, 0xabcd00, 0, ENABLED);
	memory(&t, 0x12345601, 1 << 30, 1 << 20, ENABLED);
	finish(&t);
	l = parse_table(&t, &err);
	KUNIT_ASSERT_NOT_NULL(test, l, "%s", err.text);
	KUNIT_EXPECT_EQ(test, l->nr_domains, 2);
	expect_range(test, l, 0, 1, 1 << 30, (1 << 30) + (1 << 20), 0);
	KUNIT_EXPECT_FALSE(test, has_note(l, "is node"));
	layout_free(l);
}

static void srat_wrong(struct kunit *test)
{
	struct error err;
	struct layout *l;
	struct table t;

	begin(&t, "SRAT", 3);
	memory(&t, 0, 0, 1 << 30, ENABLED);
	memory(&t, 1, UINT64_MAX - 5, 1 << 30, ENABLED);
	put(&t, 1, 1);
	put(&t, 1, 4);
	put(&t, 2, 0);
	put(&t, 2, 1); /* length 0 */
	memory(&t, 1, 1 << 30, 1 << 30, ENABLED);
	finish(&t);
	t.v[9]++;
	l = parse_table(&t, &err);
	KUNIT_ASSERT_NOT_NULL(test, l, "%s", err.text);
	KUNIT_EXPECT_EQ(test, l->nr_node_ranges, 1);
	KUNIT_EXPECT_TRUE(test, has_note(l, "checksum is wrong: its bytes add up to 0x01"));
	KUNIT_EXPECT_TRUE(test, has_note(l, "ends beyond 64 bits"));
	KUNIT_EXPECT_TRUE(test, has_note(l, "the entry at 0x80: it is shorter than its kind is"));
	KUNIT_EXPECT_TRUE(test, has_note(l, "the entry at 0x84: its length cannot be right"));
	layout_free(l);
}

static struct layout *with_slit(const struct table *first, const struct table *slit,
				struct error *err)
{
	struct table both = *first;

	memcpy(both.v + both.len, slit->v, slit->len);
	both.len += slit->len;
	return parse_table(&both, err);
}

/* Distances are of domains, and become those of nodes. */
static void slit(struct kunit *test)
{
	struct table t, s;
	struct error err;
	struct layout *l;

	begin(&t, "SRAT", 3);
	memory(&t, 2, 0, 1 << 30, ENABLED);
	memory(&t, 0, 1 << 30, 1 << 30, ENABLED);
	finish(&t);
	distances(&s, 3, "\x0a\x0b\x0c\x0d\x0a\x0e\x0f\x10\x0a");
	l = with_slit(&t, &s, &err);
	KUNIT_ASSERT_NOT_NULL(test, l, "%s", err.text);
	KUNIT_ASSERT_EQ(test, l->nr_distances, 4);
	for (size_t i = 0; i < 4; i++) {
		const struct layout_distance *d = &l->distances[i];
		unsigned int expected = d->from == d->to ? 10 : d->from ? 12 : 15;

		KUNIT_EXPECT_EQ(test, d->distance, expected);
	}
	KUNIT_EXPECT_TRUE(test, has_note(l, "the SLIT is of 3 domains, and there are 2"));
	expect_round_trip(test, l);
	layout_free(l);
}

static void slit_wrong(struct kunit *test)
{
	static const struct {
		unsigned int nr;
		const char *values, *note;
	} cases[] = {
		{ 2, "\x0a\x0a\x14\x0a", "from domain 0 to 1 is 10, and must be more than 10" },
		{ 2, "\x0a\x14\x14\x14", "from domain 1 to 1 is 20, and must be 10" },
	};
	struct table t, s;
	struct error err;
	struct layout *l;

	sample(&t);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		distances(&s, cases[i].nr, cases[i].values);
		l = with_slit(&t, &s, &err);
		KUNIT_ASSERT_NOT_NULL(test, l, "%s", err.text);
		KUNIT_EXPECT_EQ(test, l->nr_distances, 0);
		KUNIT_EXPECT_TRUE(test, has_note(l, cases[i].note));
		layout_free(l);
	}
	distances(&s, 2, "\x0a\x14\x14\x0a");
	KUNIT_EXPECT_NULL(test, parse_table(&s, &err));
	KUNIT_EXPECT_NOT_NULL(test, strstr(err.text, "how far nodes are from each other"));
	s.v[36] = 200;
	l = with_slit(&t, &s, &err);
	KUNIT_ASSERT_NOT_NULL(test, l);
	KUNIT_EXPECT_TRUE(test, has_note(l, "no distances for the 200 domains"));
	layout_free(l);
}

/* What a log says of domains counts for the SLIT that is added to it. */
static void slit_added(struct kunit *test)
{
	static const char log[] = "BIOS-e820: [mem 0x0-0x7fffffff] usable\n"
				  "ACPI: SRAT: Node 0 PXM 1 [mem 0x0-0x3fffffff]\n"
				  "ACPI: SRAT: Node 1 PXM 0 [mem 0x40000000-0x7fffffff]\n";
	char directory[] = "/tmp/layout-acpi-XXXXXX";
	struct layout_sources sources = { 0 };
	struct error err = { 0 };
	struct layout *l;
	const char *more;
	char *name, *added;
	struct table s;

	KUNIT_ASSERT_NOT_NULL(test, mkdtemp(directory));
	name = file_path("%s/log", directory);
	more = added = file_path("%s/SLIT", directory);
	distances(&s, 2, "\x0a\x15\x1f\x0a");
	KUNIT_ASSERT_EQ(test, file_write(name, log, strlen(log), NULL), 0);
	KUNIT_ASSERT_EQ(test, file_write(added, s.v, s.len, NULL), 0);
	sources.source = name;
	sources.more = &more;
	sources.nr_more = 1;
	l = layout_open(&sources, &err);
	KUNIT_ASSERT_NOT_NULL(test, l, "%s", err.text);
	KUNIT_ASSERT_EQ(test, l->nr_distances, 4);
	KUNIT_EXPECT_EQ(test, l->distances[1].from, 1);
	KUNIT_EXPECT_EQ(test, l->distances[1].to, 0);
	KUNIT_EXPECT_EQ(test, l->distances[1].distance, 0x15);
	layout_free(l);
	file_remove_tree(directory);
	free(name);
	free(added);
}

/* What is cut off is told, and the rest is as in the whole. */
static void every_truncation(struct kunit *test)
{
	struct table t;

	sample(&t);
	for (size_t len = t.len - 1; len; len--) {
		struct error err = { 0 };
		/* without the NUL of texts, so that a sanitizer sees what is read beyond */
		unsigned char *exact = array_resize(NULL, len, 1);
		struct layout *l;

		memcpy(exact, t.v, len);
		l = layout_parse_as("SRAT", "srat", (char *)exact, len, &err);
		if (l) {
			KUNIT_EXPECT_TRUE(test, has_note(l, "cut off"));
			KUNIT_EXPECT_LE(test, l->nr_node_ranges, 3);
		} else {
			KUNIT_EXPECT_STRNEQ(test, err.text, "");
			KUNIT_EXPECT_NULL(test, strchr(err.text, '\n'));
		}
		layout_free(l);
		free(exact);
	}
}

static void corrupted(struct kunit *test)
{
	unsigned int seed = 3;

	for (int round = 0; round < 3000; round++) {
		struct table t;
		struct error err;
		struct layout *l;

		if (round % 2)
			sample(&t);
		else
			distances(&t, 2, "\x0a\x14\x14\x0a");
		for (unsigned int n = random_number(&seed, 8); n < 8; n++)
			t.v[4 + random_number(&seed, t.len - 4)] = random_number(&seed, 256);
		l = parse_table(&t, &err);
		if (l) {
			layout_check(l);
			expect_round_trip(test, l);
		}
		layout_free(l);
	}
}

static void huge(struct kunit *test)
{
	size_t nr = 400000, len = 48 + nr * 40;
	unsigned char *data = array_resize(NULL, len, 1);
	struct layout *l;
	struct table t;

	begin(&t, "SRAT", 3);
	memory(&t, 0, 0, 1 << 20, ENABLED);
	memcpy(data, t.v, 48);
	for (unsigned int bytes = 0; bytes < 4; bytes++)
		data[4 + bytes] = len >> (8 * bytes);
	for (size_t i = 0; i < nr; i++) {
		unsigned char *entry = data + 48 + i * 40;

		memcpy(entry, t.v + 48, 40);
		memcpy(entry + 2, &i, 3);
		memcpy(entry + 10, &i, 3);
	}
	l = layout_parse("SRAT", (char *)data, len, NULL);
	KUNIT_ASSERT_NOT_NULL(test, l);
	KUNIT_EXPECT_EQ(test, l->nr_node_ranges, 1024);
	KUNIT_EXPECT_TRUE(test, has_note(l, "more proximity domains than a kernel has nodes"));
	layout_free(l);
	free(data);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(srat),
	KUNIT_CASE(srat_old),
	KUNIT_CASE(srat_wrong),
	KUNIT_CASE(slit),
	KUNIT_CASE(slit_wrong),
	KUNIT_CASE(slit_added),
	KUNIT_CASE(every_truncation),
	KUNIT_CASE(corrupted),
	KUNIT_CASE(huge),
	{},
};

static struct kunit_suite suite = { .name = "layout_acpi", .test_cases = cases };

kunit_test_suite(suite);
