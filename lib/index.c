// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/index.h"

#include <stdlib.h>
#include <string.h>

#include "lib/array.h"

#define PIECE_MAX 128

static size_t first_in(const struct index_piece *p, uint64_t key)
{
	size_t lo = 0, hi = p->nr;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (p->v[mid].key < key)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

struct index_place index_find(const struct index *x, uint64_t key)
{
	size_t lo = 0, hi = x->nr;

	/* the first piece whose last key is not less */
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct index_piece *p = &x->pieces[mid];

		if (p->v[p->nr - 1].key < key)
			lo = mid + 1;
		else
			hi = mid;
	}
	return (struct index_place){ lo, lo < x->nr ? first_in(&x->pieces[lo], key) : 0 };
}

const struct index_entry *index_at(const struct index *x, struct index_place place)
{
	return place.piece < x->nr ? &x->pieces[place.piece].v[place.at] : NULL;
}

const struct index_entry *index_before(const struct index *x, struct index_place place)
{
	if (place.at)
		return &x->pieces[place.piece].v[place.at - 1];
	if (!place.piece)
		return NULL;
	return &x->pieces[place.piece - 1].v[x->pieces[place.piece - 1].nr - 1];
}

struct index_place index_next(const struct index *x, struct index_place place)
{
	if (++place.at < x->pieces[place.piece].nr)
		return place;
	return (struct index_place){ place.piece + 1, 0 };
}

static void insert_piece(struct index *x, size_t at, struct index_piece piece)
{
	if (x->nr == x->room) {
		x->room = x->room ? 2 * x->room : 16;
		x->pieces = array_resize(x->pieces, x->room, sizeof(*x->pieces));
	}
	memmove(&x->pieces[at + 1], &x->pieces[at], (x->nr - at) * sizeof(*x->pieces));
	x->pieces[at] = piece;
	x->nr++;
}

static struct index_piece new_piece(void)
{
	return (struct index_piece){ .v = array_resize(NULL, PIECE_MAX,
						       sizeof(struct index_entry)) };
}

/* Makes room in a piece that is full, and is the place that then was @place. */
static struct index_place split(struct index *x, struct index_place place)
{
	struct index_piece *p = &x->pieces[place.piece], more = new_piece();
	/* what comes in order leaves full pieces behind */
	size_t keep = place.at == PIECE_MAX ? PIECE_MAX : place.at ? PIECE_MAX / 2 : 0;

	more.nr = PIECE_MAX - keep;
	memcpy(more.v, p->v + keep, more.nr * sizeof(*more.v));
	p->nr = keep;
	insert_piece(x, place.piece + 1, more);
	if (place.at > keep || keep == PIECE_MAX)
		return (struct index_place){ place.piece + 1, place.at - keep };
	return place;
}

void index_add(struct index *x, uint64_t key, size_t value)
{
	struct index_place place = index_find(x, key);
	struct index_piece *p;

	if (place.piece == x->nr) {
		if (!x->nr)
			insert_piece(x, 0, new_piece());
		place.piece = x->nr - 1;
		place.at = x->pieces[place.piece].nr;
	}
	if (x->pieces[place.piece].nr == PIECE_MAX)
		place = split(x, place);
	p = &x->pieces[place.piece];
	memmove(&p->v[place.at + 1], &p->v[place.at], (p->nr - place.at) * sizeof(*p->v));
	p->v[place.at] = (struct index_entry){ key, value };
	p->nr++;
}

struct index_place index_remove_at(struct index *x, struct index_place place)
{
	struct index_piece *p = &x->pieces[place.piece];

	p->nr--;
	memmove(&p->v[place.at], &p->v[place.at + 1], (p->nr - place.at) * sizeof(*p->v));
	if (place.at < p->nr)
		return place;
	if (p->nr)
		return (struct index_place){ place.piece + 1, 0 };
	free(p->v);
	x->nr--;
	memmove(p, p + 1, (x->nr - place.piece) * sizeof(*p));
	return (struct index_place){ place.piece, 0 };
}

void index_release(struct index *x)
{
	for (size_t i = 0; i < x->nr; i++)
		free(x->pieces[i].v);
	free(x->pieces);
	*x = (struct index){ 0 };
}
