// SPDX-License-Identifier: GPL-2.0-or-later
/* Pictures of address spaces: kinds of memory with their letters, and the bands of the nodes. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "picture/internal.h"

/* Kinds that have a letter to themselves; of the reserved and of the firmware's. The others are one. */
#define LETTERS 12
/* Names that are told apart at all: a hostile layout has one for every reservation. */
#define MAX_KEYS 200

void picture_begin(struct picture *p, const char *free_name)
{
	static const char *const names[PICTURE_CLASSES] = {
		[PICTURE_HOLE] = "nothing",
		[PICTURE_RESERVED] = "reserved, others",
		[PICTURE_NOMAP] = "not mapped",
		[PICTURE_FIRMWARE] = "no RAM",
		[PICTURE_ELSEWHERE] = "of other nodes",
		[PICTURE_MIXED] = "small and mixed",
	};

	*p = (struct picture){ 0 };
	for (int i = 0; i < PICTURE_CLASSES; i++)
		ARRAY_APPEND(p->keys, p->nr_keys, p->room_keys) = (struct picture_key){
			.class = i,
			.name = array_strdup(names[i] ? names[i] : free_name),
		};
}

static size_t find_key(struct picture *p, enum picture_class class, const char *name)
{
	if (!name || (class != PICTURE_RESERVED && class != PICTURE_FIRMWARE))
		return class;
	for (size_t i = PICTURE_CLASSES; i < p->nr_keys; i++)
		if (p->keys[i].class == class && !strcmp(p->keys[i].name, name))
			return i;
	if (p->nr_keys == MAX_KEYS)
		return class;
	ARRAY_APPEND(p->keys, p->nr_keys, p->room_keys) =
		(struct picture_key){ .class = class, .name = array_strdup(name) };
	return p->nr_keys - 1;
}

void picture_add(struct picture *p, struct range range, enum picture_class class, const char *name,
		 int nid)
{
	struct picture_piece *last = p->nr_pieces ? &p->pieces[p->nr_pieces - 1] : NULL;
	size_t key = find_key(p, class, name);

	if (range_is_empty(range))
		return;
	p->keys[key].bytes += range_size(range);
	p->span.end = range.end;
	if (last && last->key == key && last->nid == nid && last->range.end == range.start) {
		last->range.end = range.end;
		return;
	}
	p->keys[key].pieces++;
	ARRAY_APPEND(p->pieces, p->nr_pieces, p->room_pieces) =
		(struct picture_piece){ range, key, nid };
}

/* A letter of its name that is not taken, or else any. */
static char choose_letter(const struct picture *p, const struct picture_key *k)
{
	static const char any[] = "abcdefghijklmnopqrstuvwxyz";
	bool upper = k->class == PICTURE_FIRMWARE;

	for (int round = 0; round < 2; round++) {
		for (const char *c = round ? any : k->name; *c; c++) {
			char letter = (char)(upper ? toupper((unsigned char)*c)
						   : tolower((unsigned char)*c));
			bool taken = (unsigned char)*c >= 128 || !isalpha((unsigned char)*c);

			for (size_t i = 0; i < p->nr_keys && !taken; i++)
				taken = p->keys[i].letter == letter;
			if (!taken)
				return letter;
		}
	}
	return '#';
}

/* The largest that has no letter so far. */
static struct picture_key *next_key(struct picture *p)
{
	struct picture_key *best = NULL;

	for (size_t i = PICTURE_CLASSES; i < p->nr_keys; i++)
		if (!p->keys[i].letter && (!best || p->keys[i].bytes > best->bytes))
			best = &p->keys[i];
	return best;
}

static void give_letters(struct picture *p)
{
	struct picture_key *k;

	for (int n = 0; n < LETTERS && (k = next_key(p)); n++)
		k->letter = choose_letter(p, k);
	for (size_t i = 0; i < p->nr_pieces; i++) {
		struct picture_piece *piece = &p->pieces[i];
		struct picture_key *old = &p->keys[piece->key];

		if (piece->key < PICTURE_CLASSES || old->letter)
			continue;
		piece->key = old->class;
		p->keys[piece->key].bytes += range_size(piece->range);
		p->keys[piece->key].pieces++;
		old->bytes -= range_size(piece->range);
		old->pieces--;
	}
}

static int compare_bands(const void *a, const void *b)
{
	const struct picture_band *x = a, *y = b;

	return (x->nid > y->nid) - (x->nid < y->nid);
}

static struct picture_band *find_band(struct picture *p, int nid)
{
	const struct picture_band wanted = { .nid = nid };

	return p->nr_bands
		       ? bsearch(&wanted, p->bands, p->nr_bands, sizeof(*p->bands), compare_bands)
		       : NULL;
}

/* A band for each node; one, if there are none. Returns the node of what comes before any node's. */
static int make_bands(struct picture *p)
{
	int first = LAYOUT_NO_NODE, last = LAYOUT_NO_NODE;

	for (size_t i = 0; i < p->nr_pieces; i++) {
		int nid = p->pieces[i].nid;

		/* mostly there are many of one node in a row */
		if (nid == LAYOUT_NO_NODE || nid == last || find_band(p, nid))
			continue;
		last = nid;
		first = first == LAYOUT_NO_NODE ? nid : first;
		ARRAY_APPEND(p->bands, p->nr_bands, p->room_bands).nid = nid;
		qsort(p->bands, p->nr_bands, sizeof(*p->bands), compare_bands);
	}
	if (!p->nr_bands && p->nr_pieces)
		ARRAY_APPEND(p->bands, p->nr_bands, p->room_bands).nid = LAYOUT_NO_NODE;
	return first;
}

static void add_part(struct picture_band *b, struct range range, size_t key, size_t pieces)
{
	if (!range_is_empty(range))
		ARRAY_APPEND(b->v, b->nr, b->room) = (struct picture_part){
			.range = range, .key = key, .other = key, .pieces = pieces
		};
}

/* What is between the end of the band so far and @next: pieces [@from, @to), which are others'. */
static void bridge(const struct picture *p, struct picture_band *b, size_t from, size_t to,
		   uint64_t next)
{
	uint64_t at = b->span.end;

	if (from < to) {
		add_part(b, (struct range){ at, p->pieces[from].range.start }, PICTURE_HOLE, 0);
		add_part(b,
			 (struct range){ p->pieces[from].range.start, p->pieces[to - 1].range.end },
			 PICTURE_ELSEWHERE, to - from);
		at = p->pieces[to - 1].range.end;
	}
	add_part(b, (struct range){ at, next }, PICTURE_HOLE, 0);
}

static void fill_bands(struct picture *p, int nid)
{
	size_t *behind = array_resize(NULL, p->nr_bands + 1, sizeof(*behind));

	for (size_t i = 0; i < p->nr_pieces; i++) {
		const struct picture_piece *piece = &p->pieces[i];
		struct picture_band *b;

		/* what has no node goes with what is before it */
		nid = piece->nid == LAYOUT_NO_NODE ? nid : piece->nid;
		b = find_band(p, nid);
		if (b->nr)
			bridge(p, b, behind[b - p->bands], i, piece->range.start);
		else
			b->span.start = piece->range.start;
		add_part(b, piece->range, piece->key, 1);
		b->span.end = piece->range.end;
		behind[b - p->bands] = i + 1;
		if (p->keys[piece->key].class != PICTURE_FIRMWARE)
			b->memory += range_size(piece->range);
	}
	free(behind);
}

size_t picture_letter_place(const struct picture *p, size_t key)
{
	size_t n = 0;

	for (size_t i = PICTURE_CLASSES; i < key; i++)
		n += p->keys[i].letter != 0;
	return n;
}

void picture_end(struct picture *p)
{
	give_letters(p);
	fill_bands(p, make_bands(p));
}

void picture_release(struct picture *p)
{
	for (size_t i = 0; i < p->nr_keys; i++)
		free(p->keys[i].name);
	for (size_t i = 0; i < p->nr_bands; i++)
		free(p->bands[i].v);
	free(p->pieces);
	free(p->keys);
	free(p->bands);
	*p = (struct picture){ 0 };
}
