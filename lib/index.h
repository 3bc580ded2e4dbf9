/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LIB_INDEX_H
#define LIB_INDEX_H

#include <stddef.h>
#include <stdint.h>

/*
 * Numbers in order of their keys, of which several can be alike: a sorted array in pieces, so that adding one to
 * a million others moves no more than a piece. Zeroed, it is empty.
 */
struct index {
	struct index_piece {
		struct index_entry *v;
		size_t nr;
	} * pieces;
	size_t nr, room; /* of pieces, none of which is empty */
};

struct index_entry {
	uint64_t key;
	size_t value;
};

/* A place in an index, until that is changed by others than index_remove_at(). */
struct index_place {
	size_t piece, at;
};

void index_add(struct index *x, uint64_t key, size_t value);
/* The first whose key is @key or more. */
struct index_place index_find(const struct index *x, uint64_t key);
/* What is at a place; NULL behind the last. */
const struct index_entry *index_at(const struct index *x, struct index_place place);
/* What is before a place; NULL before the first. */
const struct index_entry *index_before(const struct index *x, struct index_place place);
struct index_place index_next(const struct index *x, struct index_place place);
/* Removes what is at @place and is the place of what was behind it. */
struct index_place index_remove_at(struct index *x, struct index_place place);
void index_release(struct index *x);

#endif
