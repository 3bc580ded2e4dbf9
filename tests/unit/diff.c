// SPDX-License-Identifier: GPL-2.0-or-later
/* The parts of a comparison that can be held against something simpler: alignment, and lists of regions. */
#include "diff/internal.h"
#include "record/internal.h"

#include <stdlib.h>

#include "kunit/test.h"
#include "lib/array.h"
#include "lib/prng.h"

#define SIZE 24

static struct prng prng;

static unsigned int random_below(unsigned int n)
{
	return (unsigned int)prng_below(&prng, n);
}

/* The length of a longest common subsequence, by the book. */
static size_t longest(const uint64_t *a, size_t nr_a, const uint64_t *b, size_t nr_b)
{
	size_t t[SIZE + 1][SIZE + 1] = { 0 };

	for (size_t i = 1; i <= nr_a; i++)
		for (size_t j = 1; j <= nr_b; j++)
			t[i][j] = a[i - 1] == b[j - 1]	      ? t[i - 1][j - 1] + 1
				  : t[i - 1][j] > t[i][j - 1] ? t[i - 1][j]
							      : t[i][j - 1];
	return t[nr_a][nr_b];
}

/* How many match; they do so in order, and are equal. */
static size_t count_matches(struct kunit *test, const uint64_t *a, size_t nr_a, const uint64_t *b,
			    size_t nr_b, const size_t *match)
{
	size_t nr = 0, next = 0;

	for (size_t i = 0; i < nr_a; i++) {
		if (match[i] == DIFF_NONE)
			continue;
		KUNIT_EXPECT_GE(test, match[i], next);
		KUNIT_ASSERT_LT(test, match[i], nr_b);
		KUNIT_EXPECT_EQ(test, a[i], b[match[i]]);
		next = match[i] + 1;
		nr++;
	}
	return nr;
}

static void align_is_longest(struct kunit *test)
{
	for (uint64_t round = 0; round < 1000; round++) {
		uint64_t a[SIZE], b[SIZE];
		size_t nr_a, nr_b, match[SIZE];
		unsigned int letters;

		prng_seed(&prng, round, "align");
		nr_a = random_below(SIZE + 1);
		nr_b = random_below(SIZE + 1);
		letters = 1 + random_below(6);
		for (size_t i = 0; i < SIZE; i++) {
			a[i] = random_below(letters);
			b[i] = random_below(letters);
		}
		align_keys(a, nr_a, b, nr_b, match);
		KUNIT_EXPECT_EQ(test, count_matches(test, a, nr_a, b, nr_b, match),
				longest(a, nr_a, b, nr_b));
	}
}

/* More edits than are looked at in one go: what comes after them is found all the same. */
static void align_goes_on(struct kunit *test)
{
	enum {
		OTHER = 3000,
		SAME = 1000
	};
	uint64_t *a = array_resize(NULL, OTHER + SAME, sizeof(*a));
	uint64_t *b = array_resize(NULL, OTHER + SAME, sizeof(*b));
	size_t *match = array_resize(NULL, OTHER + SAME, sizeof(*match));

	for (uint64_t i = 0; i < OTHER + SAME; i++) {
		a[i] = i < OTHER ? 1000000 + i : i;
		b[i] = i < OTHER ? 2000000 + i : i;
	}
	align_keys(a, OTHER + SAME, b, OTHER + SAME, match);
	KUNIT_EXPECT_EQ(test, count_matches(test, a, OTHER + SAME, b, OTHER + SAME, match), SAME);
	free(a);
	free(b);
	free(match);
}

static void align_keys_of_texts(struct kunit *test)
{
	KUNIT_EXPECT_NE(test, record_key(record_key(0, "a"), "bc"),
			record_key(record_key(0, "ab"), "c"));
	KUNIT_EXPECT_EQ(test, record_key(1, "memory"), record_key(1, "memory"));
}

static struct record_row row_at(uint64_t start, uint64_t end, int nid)
{
	return (struct record_row){ { start, end }, "none", nid };
}

/* Who has an address, by looking at all: the node, or -2 for nobody. */
static int node_at(const struct record_rows *rows, uint64_t address)
{
	for (size_t i = 0; i < rows->nr; i++)
		if (range_contains(rows->v[i].range, address))
			return rows->v[i].nid;
	return -2;
}

static int node_of(const struct record_row *row)
{
	return row ? row->nid : -2;
}

static void make_rows(struct record_rows *rows)
{
	rows->nr = 0;
	for (uint64_t at = random_below(4); at < SIZE;) {
		uint64_t end = at + 1 + random_below(5);

		ARRAY_APPEND(rows->v, rows->nr, rows->room) = row_at(at, end, (int)random_below(2));
		at = end + random_below(3);
	}
}

/* Each address is in a piece if its rows differ, and in no more than one. */
static void pieces_are_what_differs(struct kunit *test)
{
	struct record_rows a = { 0 }, b = { 0 };
	struct diff_pieces pieces = { 0 };

	for (uint64_t round = 0; round < 1000; round++) {
		prng_seed(&prng, round, "pieces");
		make_rows(&a);
		make_rows(&b);
		diff_rows_compare(&a, &b, &pieces);
		for (uint64_t at = 0; at < 2 * SIZE; at++) {
			int x = node_at(&a, at), y = node_at(&b, at);
			size_t in = 0;

			for (size_t i = 0; i < pieces.nr; i++) {
				if (!range_contains(pieces.v[i].range, at))
					continue;
				in++;
				KUNIT_EXPECT_EQ(test, node_of(pieces.v[i].row[0]), x);
				KUNIT_EXPECT_EQ(test, node_of(pieces.v[i].row[1]), y);
			}
			KUNIT_EXPECT_EQ(test, in, x != y);
		}
	}
	free(a.v);
	free(b.v);
	free(pieces.v);
}

static void line_says_nothing_of_the_build(struct kunit *test)
{
	static const struct {
		const char *text, *plain;
	} lines[] = {
		{ "memblock_reserve: [0x1-0x2] memblock_alloc_range_nid+0xa0/0x18f",
		  "memblock_reserve: [0x1-0x2] memblock_alloc_range_nid" },
		{ "a memblock_double_array.isra.0+0x3/0x4 b", "a memblock_double_array b" },
		{ "kernel BUG at /src/mm/memblock.c:123!", "kernel BUG at *.c!" },
		{ "WARNING: CPU: 0 PID: 0 at ../memblock.c:7 f.constprop.12+0x1/0x2",
		  "WARNING: CPU: 0 PID: 0 at *.c f" },
		{ "1+0x2/0 a.c: b", "1+0x2/0 a.c: b" },
		{ "", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		char *plain = record_line(lines[i].text);

		KUNIT_EXPECT_STREQ(test, plain, lines[i].plain);
		free(plain);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(align_is_longest),
	KUNIT_CASE(align_goes_on),
	KUNIT_CASE(align_keys_of_texts),
	KUNIT_CASE(pieces_are_what_differs),
	KUNIT_CASE(line_says_nothing_of_the_build),
	{ 0 },
};

static struct kunit_suite suite = { .name = "diff", .test_cases = cases };
kunit_test_suite(suite);
