// SPDX-License-Identifier: GPL-2.0-or-later
/* Pictures of address spaces that are made up: what holds of each, however it is fitted. */
#include <stdlib.h>

#include "kunit/test.h"
#include "lib/array.h"
#include "lib/prng.h"
#include "picture/internal.h"

#define WIDTHS 4

static const size_t widths[WIDTHS] = { 23, 40, 80, 200 };
static struct prng prng;

/* Pieces and holes of all sizes, on @nodes nodes that take turns; 0: on none. */
static void make_up(struct picture *p, size_t pieces, int nodes)
{
	static const char *const names[] = { NULL,  "kernel",  "kdump", "initrd",
					     "map", "per-CPU", "k" };
	uint64_t at = prng_below(&prng, 2) << 20;

	picture_begin(p, "free");
	for (size_t i = 0; i < pieces; i++) {
		uint64_t size = prng_magnitude(&prng, 1, 1ULL << 36);
		enum picture_class class = prng_below(&prng, PICTURE_FIRMWARE) + PICTURE_FREE;
		int nid = nodes ? (int)(i * (size_t)nodes / pieces) : LAYOUT_NO_NODE;

		if (nodes && !prng_below(&prng, 4))
			nid = (int)prng_below(&prng, (uint64_t)nodes);
		if (class == PICTURE_FIRMWARE)
			nid = LAYOUT_NO_NODE;
		picture_add(p, (struct range){ at, at + size }, class,
			    names[prng_below(&prng, ARRAY_LEN(names))], nid);
		at += size + (prng_below(&prng, 2) ? prng_magnitude(&prng, 1, 1ULL << 34) : 0);
	}
	picture_end(p);
}

/* Every band is covered from end to end by its parts, and every piece is in a part of one. */
static void expect_whole(struct kunit *test, const struct picture *p)
{
	size_t pieces = 0, elsewhere = 0;
	uint64_t memory = 0;

	for (size_t i = 0; i < p->nr_bands; i++) {
		const struct picture_band *b = &p->bands[i];

		KUNIT_ASSERT_NE(test, b->nr, 0);
		memory += b->memory;
		KUNIT_EXPECT_EQ(test, b->v[0].range.start, b->span.start);
		KUNIT_EXPECT_EQ(test, b->v[b->nr - 1].range.end, b->span.end);
		for (size_t k = 0; k < b->nr; k++) {
			const struct picture_part *part = &b->v[k];

			KUNIT_EXPECT_LT(test, part->range.start, part->range.end);
			if (k)
				KUNIT_EXPECT_EQ(test, part->range.start, b->v[k - 1].range.end);
			if (part->key == PICTURE_ELSEWHERE)
				elsewhere += part->pieces;
			else
				pieces += part->pieces;
		}
	}
	for (size_t i = 0; i < p->nr_pieces; i++)
		if (p->keys[p->pieces[i].key].class != PICTURE_FIRMWARE)
			memory -= range_size(p->pieces[i].range);
	KUNIT_EXPECT_EQ(test, memory, 0);
	if (!p->folded)
		KUNIT_EXPECT_EQ(test, pieces, p->nr_pieces);
	else
		KUNIT_EXPECT_GE(test, pieces + elsewhere, p->nr_pieces);
}

/* All are seen, by one scale, within the room that there is. */
static void expect_scale(struct kunit *test, const struct picture *p, size_t width, size_t rows)
{
	uint64_t largest[256] = { 0 }, smallest[256] = { 0 };
	size_t used = 0;

	for (size_t i = 0; i < p->nr_bands; i++) {
		const struct picture_band *b = &p->bands[i];
		size_t nr;

		for (size_t k = 0; k < b->nr; k += nr) {
			size_t cells = 0;

			nr = picture_row(b, k, width);
			for (size_t n = k; n < k + nr; n++) {
				const struct picture_part *part = &b->v[n];
				uint64_t size = range_size(part->range);

				KUNIT_ASSERT_GE(test, part->cells, 1);
				KUNIT_ASSERT_LE(test, part->cells, 200);
				cells += part->cells;
				if (size > largest[part->cells])
					largest[part->cells] = size;
				if (!smallest[part->cells] || size < smallest[part->cells])
					smallest[part->cells] = size;
			}
			KUNIT_EXPECT_LE(test, cells, width);
			used++;
		}
	}
	KUNIT_EXPECT_LE(test, used, rows > 2 * p->nr_bands ? rows : 2 * p->nr_bands);
	/* what is larger is never narrower: every size of n cells is below those of more */
	for (size_t n = 1, last = 0; n < ARRAY_LEN(largest); n++) {
		if (!largest[n])
			continue;
		if (last)
			KUNIT_EXPECT_LT(test, largest[last], smallest[n]);
		last = n;
	}
}

/* The legend is to have what has a piece or a cell. */
static void expect_used(struct kunit *test, const struct picture *p)
{
	bool *used = picture_used_keys(p);

	for (size_t key = 0; key < p->nr_keys; key++) {
		bool wanted = p->keys[key].pieces > 0;

		for (size_t i = 0; i < p->nr_bands; i++)
			for (size_t k = 0; k < p->bands[i].nr; k++)
				for (size_t n = 0; n < p->bands[i].v[k].cells; n++)
					wanted |= picture_cell_key(&p->bands[i].v[k], n) == key;
		KUNIT_EXPECT_EQ(test, used[key], wanted);
	}
	free(used);
}

static void fitted(struct kunit *test)
{
	for (uint64_t seed = 0; seed < 24; seed++) {
		size_t pieces = seed % 3 == 0 ? 5 : seed % 3 == 1 ? 60 : 700;
		int nodes = (int)(seed % 4) * (seed % 8 == 7 ? 9 : 1);

		for (size_t w = 0; w < WIDTHS; w++) {
			struct picture p;

			prng_seed(&prng, seed, "picture");
			make_up(&p, pieces, nodes);
			expect_whole(test, &p);
			picture_fit(&p, widths[w], 10);
			expect_whole(test, &p);
			expect_scale(test, &p, widths[w], 10);
			expect_used(test, &p);
			picture_release(&p);
		}
	}
}

/* Small neighbours are drawn as what is taken most of all, and what else there is, or as mixed if that is much. */
static void folded(struct kunit *test)
{
	static const char *const names[] = { NULL, "a", "b" };

	for (size_t kinds = 1; kinds <= ARRAY_LEN(names); kinds++) {
		uint64_t at = 0;
		size_t nr = 0;
		struct picture p;

		picture_begin(&p, "free");
		for (size_t i = 0; i < 3000; i++) {
			uint64_t middle = at + (64 << 10);
			uint64_t end = middle + ((i % kinds ? 4 : 12) << 10);

			picture_add(&p, (struct range){ at, middle }, PICTURE_FREE, NULL, -1);
			picture_add(&p, (struct range){ middle, end },
				    i % kinds ? PICTURE_RESERVED : PICTURE_NOMAP, names[i % kinds],
				    -1);
			at = end;
		}
		picture_end(&p);
		picture_fit(&p, 40, 10);
		for (size_t k = 0; k < p.bands[0].nr; k++) {
			if (p.bands[0].v[k].pieces < 20)
				continue;
			nr++;
			KUNIT_EXPECT_EQ(test, p.bands[0].v[k].key, PICTURE_NOMAP);
			KUNIT_EXPECT_EQ(test, p.bands[0].v[k].other,
					kinds > 2 ? PICTURE_MIXED : PICTURE_FREE);
		}
		KUNIT_EXPECT_GE(test, nr, 1);
		picture_release(&p);
	}
}

/* Keys tell how much there is of each kind, and letters are no two kinds'. */
static void keys(struct kunit *test)
{
	for (uint64_t seed = 0; seed < 30; seed++) {
		uint64_t letters[256] = { 0 }, bytes = 0, sum = 0;
		struct picture p;

		prng_seed(&prng, seed, "keys");
		make_up(&p, 200, 2);
		for (size_t k = 0; k < p.nr_keys; k++) {
			sum += p.keys[k].bytes;
			if (p.keys[k].letter)
				KUNIT_EXPECT_EQ(test, letters[(unsigned char)p.keys[k].letter]++,
						0);
		}
		for (size_t i = 0; i < p.nr_pieces; i++)
			bytes += range_size(p.pieces[i].range);
		KUNIT_EXPECT_EQ(test, sum, bytes);
		picture_release(&p);
	}
}

/* A cell of the line is what most of it is, and there are as many of a kind as it has of the whole. */
static void line(struct kunit *test)
{
	size_t cells[100], free_cells = 0;
	struct picture p;

	picture_begin(&p, "free");
	picture_add(&p, (struct range){ 100 << 20, 160 << 20 }, PICTURE_FREE, NULL, -1);
	picture_add(&p, (struct range){ 160 << 20, 161 << 20 }, PICTURE_RESERVED, "small", -1);
	picture_add(&p, (struct range){ 161 << 20, 200 << 20 }, PICTURE_FREE, NULL, -1);
	picture_end(&p);
	picture_line(&p, ARRAY_LEN(cells), cells);
	for (size_t i = 0; i < ARRAY_LEN(cells); i++)
		free_cells += cells[i] == PICTURE_FREE;
	KUNIT_EXPECT_EQ(test, cells[49], PICTURE_HOLE);
	KUNIT_EXPECT_EQ(test, cells[50], PICTURE_FREE);
	KUNIT_EXPECT_GE(test, free_cells, 49);
	picture_release(&p);
}

/* Of ranges that overlap the one that begins later is seen, and the other again behind it. */
static void spans(struct kunit *test)
{
	static const struct {
		uint64_t start, end;
		int nid;
	} want[] = { { 0, 10, 1 },  { 10, 20, 2 },  { 20, 30, 3 },
		     { 30, 40, 2 }, { 40, 100, 1 }, { 100, 110, 4 } };
	struct picture_spans s = { 0 };

	picture_spans_add(&s, (struct range){ 90, 110 }, PICTURE_FREE, 4, NULL);
	picture_spans_add(&s, (struct range){ 10, 40 }, PICTURE_FREE, 2, NULL);
	picture_spans_add(&s, (struct range){ 0, 90 }, PICTURE_FREE, 1, NULL);
	picture_spans_add(&s, (struct range){ 20, 30 }, PICTURE_FREE, 3, NULL);
	picture_spans_add(&s, (struct range){ 95, 100 }, PICTURE_FREE, 1, NULL);
	picture_spans_add(&s, (struct range){ 90, 95 }, PICTURE_FREE, 1, NULL);
	picture_spans_add(&s, (struct range){ 5, 5 }, PICTURE_FREE, 5, NULL);
	picture_spans_settle(&s);
	for (size_t i = 0, at = 0; i < s.nr; i++) {
		while (at < ARRAY_LEN(want) - 1 && want[at].end <= s.v[i].range.start)
			at++;
		KUNIT_EXPECT_EQ(test, s.v[i].nid, want[at].nid);
		KUNIT_EXPECT_LE(test, s.v[i].range.end, want[at].end);
		KUNIT_EXPECT_EQ(test, s.v[i].range.start, i ? s.v[i - 1].range.end : 0);
	}
	KUNIT_ASSERT_NE(test, s.nr, 0);
	KUNIT_EXPECT_EQ(test, s.v[s.nr - 1].range.end, 110);
	picture_spans_release(&s);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(fitted), KUNIT_CASE(folded), KUNIT_CASE(keys),
	KUNIT_CASE(line),   KUNIT_CASE(spans),	{},
};

static struct kunit_suite suite = { .name = "picture", .test_cases = cases };

kunit_test_suite(suite);
