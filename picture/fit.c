// SPDX-License-Identifier: GPL-2.0-or-later
/* How wide the parts of a picture are drawn. */
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "picture/picture.h"

#define SMALLEST_SHIFT 12 /* a part of up to 4 KiB has one cell */
#define MOST_DOUBLINGS 4

static size_t cells_of(uint64_t size, unsigned int doublings, size_t width)
{
	uint64_t units = size ? (size - 1) >> SMALLEST_SHIFT : 0;
	size_t n = units ? 64 - (size_t)__builtin_clzll(units) : 0;

	n = 1 + n / doublings;
	return n < width ? n : width;
}

/* Where the parts end that become one with part @first, itself included. */
static size_t run_end(const struct picture_band *b, size_t first, uint64_t fold)
{
	uint64_t start = b->v[first].range.start;
	size_t i = first;

	/* as soon as it is not small any more it is over, or all of a band would become one */
	while (i < b->nr && range_size(b->v[i].range) < fold && b->v[i].range.start - start < fold)
		i++;
	return i > first ? i : first + 1;
}

/* Whether all parts, as they are, fit @most rows. */
static bool fits(const struct picture *p, size_t width, size_t most, unsigned int doublings)
{
	size_t rows = 0;

	for (size_t i = 0; i < p->nr_bands; i++) {
		const struct picture_band *b = &p->bands[i];
		size_t used = width;

		for (size_t k = 0; k < b->nr && rows <= most; k++) {
			size_t cells = cells_of(range_size(b->v[k].range), doublings, width);

			rows += used + cells > width;
			used = (used + cells > width ? 0 : used) + cells;
		}
	}
	return rows <= most;
}

/* A zero for each key; the caller frees. */
static uint64_t *make_sums(const struct picture *p)
{
	uint64_t *bytes = array_resize(NULL, p->nr_keys + 1, sizeof(*bytes));

	memset(bytes, 0, (p->nr_keys + 1) * sizeof(*bytes));
	return bytes;
}

static bool is_taken(const struct picture_key *k)
{
	return k->class == PICTURE_RESERVED || k->class == PICTURE_FIRMWARE ||
	       k->class == PICTURE_NOMAP;
}

/* The two keys that a run is drawn by; @bytes is zeroed, one for each key. */
static void choose_keys(const struct picture *p, struct picture_part *run,
			const struct picture_part *parts, size_t nr, uint64_t *bytes)
{
	size_t kinds = 0, best = run->key, second = SIZE_MAX;

	for (size_t i = 0; i < nr; i++) {
		kinds += !bytes[parts[i].key] && is_taken(&p->keys[parts[i].key]);
		bytes[parts[i].key] += range_size(parts[i].range);
	}
	for (size_t k = 0; k < p->nr_keys; k++) {
		bool more = is_taken(&p->keys[k]) != is_taken(&p->keys[best])
				    ? is_taken(&p->keys[k])
				    : bytes[k] > bytes[best];

		if (bytes[k] && more)
			best = k;
	}
	for (size_t k = 0; k < p->nr_keys; k++)
		if (k != best && bytes[k] && (second == SIZE_MAX || bytes[k] > bytes[second]))
			second = k;
	run->key = best;
	run->other = kinds > 2 ? PICTURE_MIXED : second != SIZE_MAX ? second : best;
	for (size_t i = 0; i < nr; i++)
		bytes[parts[i].key] = 0;
}

/* The band @from with its small parts folded, in @to. */
static void fold_band(const struct picture *p, const struct picture_band *from, uint64_t fold,
		      uint64_t *bytes, struct picture_band *to)
{
	size_t end;

	to->nr = 0;
	for (size_t i = 0; i < from->nr; i = end) {
		struct picture_part run = from->v[i], *last = to->nr ? &to->v[to->nr - 1] : NULL;

		end = run_end(from, i, fold);
		run.range.end = from->v[end - 1].range.end;
		for (size_t k = i + 1; k < end; k++)
			run.pieces += from->v[k].pieces;
		if (end - i > 1)
			choose_keys(p, &run, from->v + i, end - i, bytes);
		/* what goes on for long, such as areas of processors, is one */
		if (run.key != run.other && last && last->key == run.key &&
		    last->other == run.other) {
			last->range.end = run.range.end;
			last->pieces += run.pieces;
		} else {
			ARRAY_APPEND(to->v, to->nr, to->room) = run;
		}
	}
}

/* Folds until it fits; the bands' parts are then those that are left. */
static void fold(struct picture *p, size_t width, size_t most, uint64_t *bytes)
{
	struct picture_band *whole = array_resize(NULL, p->nr_bands + 1, sizeof(*whole));

	for (size_t i = 0; i < p->nr_bands; i++) {
		whole[i] = p->bands[i];
		p->bands[i].v = NULL;
		p->bands[i].room = 0;
	}
	do {
		p->folded = p->folded ? 2 * p->folded : 2ULL << SMALLEST_SHIFT;
		for (size_t i = 0; i < p->nr_bands; i++)
			fold_band(p, &whole[i], p->folded, bytes, &p->bands[i]);
	} while (!fits(p, width, most, MOST_DOUBLINGS) && p->folded < 1ULL << 62);
	for (size_t i = 0; i < p->nr_bands; i++)
		free(whole[i].v);
	free(whole);
}

void picture_fit(struct picture *p, size_t width, size_t rows)
{
	size_t most = rows > 2 * p->nr_bands ? rows : 2 * p->nr_bands;
	uint64_t *bytes = make_sums(p);

	if (!fits(p, width, most, MOST_DOUBLINGS))
		fold(p, width, most, bytes);
	free(bytes);
	for (p->doublings = 1; p->doublings < MOST_DOUBLINGS; p->doublings++)
		if (fits(p, width, most, p->doublings))
			break;
	for (size_t i = 0; i < p->nr_bands; i++)
		for (size_t k = 0; k < p->bands[i].nr; k++) {
			struct picture_part *part = &p->bands[i].v[k];

			part->cells = cells_of(range_size(part->range), p->doublings, width);
		}
}

size_t picture_row(const struct picture_band *b, size_t first, size_t width)
{
	size_t used = 0, i = first;

	while (i < b->nr && (i == first || used + b->v[i].cells <= width))
		used += b->v[i++].cells;
	return i - first;
}

size_t picture_cell_key(const struct picture_part *part, size_t cell)
{
	return cell & 1 ? part->other : part->key;
}

/* The key that most of [first, end) has; pieces from @at on reach into it. */
static size_t most_of(const struct picture *p, size_t at, struct range r, uint64_t *bytes)
{
	uint64_t hole = range_size(r);
	size_t best = PICTURE_HOLE, n = at;

	for (; n < p->nr_pieces && p->pieces[n].range.start < r.end; n++) {
		uint64_t part = range_size(range_intersect(p->pieces[n].range, r));

		bytes[p->pieces[n].key] += part;
		hole -= part;
	}
	bytes[PICTURE_HOLE] = hole;
	for (size_t k = 0; k < p->nr_keys; k++)
		best = bytes[k] > bytes[best] ? k : best;
	for (size_t k = 0; k < p->nr_keys; k++)
		bytes[k] = 0;
	return best;
}

void picture_line(const struct picture *p, size_t width, size_t *keys)
{
	uint64_t *bytes = make_sums(p);
	size_t at = 0;

	for (size_t i = 0; i < width; i++) {
		struct range r = {
			.start = (uint64_t)((unsigned __int128)p->span.end * i / width),
			.end = (uint64_t)((unsigned __int128)p->span.end * (i + 1) / width),
		};

		while (at < p->nr_pieces && p->pieces[at].range.end <= r.start)
			at++;
		keys[i] = most_of(p, at, r, bytes);
	}
	free(bytes);
}

bool *picture_used_keys(const struct picture *p)
{
	bool *used = array_resize(NULL, p->nr_keys, sizeof(*used));

	for (size_t k = 0; k < p->nr_keys; k++)
		used[k] = p->keys[k].pieces > 0;
	for (size_t i = 0; i < p->nr_bands; i++)
		for (size_t k = 0; k < p->bands[i].nr; k++) {
			const struct picture_part *part = &p->bands[i].v[k];

			used[part->key] = true;
			used[part->other] |= part->cells > 1;
		}
	return used;
}
