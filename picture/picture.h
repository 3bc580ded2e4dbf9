/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PICTURE_PICTURE_H
#define PICTURE_PICTURE_H

#include <stddef.h>
#include <stdint.h>

#include "boot/boot.h"
#include "layout/layout.h"
#include "lib/range.h"
#include "replay/replay.h"

/*
 * An address space, ready to be drawn on whatever has cells: what is where, in bands of one node each, and how
 * many cells each part of a band is to have. Addresses and sizes are in bytes.
 */

/* What a range is, as far as drawing goes; of the reserved there are several kinds. */
enum picture_class {
	PICTURE_HOLE, /* nothing that anybody tells of */
	PICTURE_FREE,
	PICTURE_RESERVED,
	PICTURE_NOMAP,
	PICTURE_FIRMWARE,  /* the firmware's or a device's, which is no RAM for the kernel */
	PICTURE_ELSEWHERE, /* in a band: memory of other nodes, and what is between */
	PICTURE_MIXED,	   /* small parts of more kinds than can be told apart */
	PICTURE_CLASSES,
};

/* A kind of memory, for the legend. Names are the picture's. */
struct picture_key {
	enum picture_class class;
	char *name;
	char letter; /* of the reserved, and only of those that have one to themselves */
	uint64_t bytes;
	size_t pieces;
};

/* What the picture is made of: sorted, disjoint, alike in all its parts. */
struct picture_piece {
	struct range range;
	size_t key;
	int nid; /* LAYOUT_NO_NODE: none */
};

/* A part of a band. */
struct picture_part {
	struct range range;
	size_t key,
		other; /* of folded ones, those that there is most of, if not free; else alike */
	size_t pieces; /* that it stands for; 0: a hole */
	size_t cells;  /* by picture_fit() */
};

struct picture_band {
	int nid;	 /* LAYOUT_NO_NODE: of none */
	uint64_t memory; /* bytes that it has, firmware's not counted */
	struct range span;
	struct picture_part *v; /* that cover the span */
	size_t nr, room;
};

struct picture {
	struct picture_piece *pieces;
	size_t nr_pieces, room_pieces;
	struct picture_key *keys; /* the first of each class but RESERVED by its number */
	size_t nr_keys, room_keys;
	struct picture_band *bands; /* by node */
	size_t nr_bands, room_bands;
	struct range span; /* from 0 to the end of the last piece */
	/* by picture_fit(): */
	unsigned int doublings; /* of a size make one cell more */
	uint64_t folded;	/* side by side, smaller parts than this are one; 0: none are */
};

/*
 * What there is at the end of a boot, in a layout, at ->at of a replay. The picture keeps nothing of these; the caller
 * releases it. Empty if there is nothing to be drawn (no pieces).
 */
void picture_of_boot(const struct boot_result *r, struct picture *p);
void picture_of_layout(const struct layout *l, struct picture *p);
void picture_of_replay(const struct replay_result *r, struct picture *p);
void picture_release(struct picture *p);

/*
 * Gives every part of all bands its cells, by one scale: a part of up to 4 KiB has one, and each time that sizes have
 * doubled ->doublings times there is one more. Takes the finest scale with which no more than about @rows rows
 * of @width cells are needed, at least one a band; small neighbours become one part where that is not enough.
 */
void picture_fit(struct picture *p, size_t width, size_t rows);
/* How many parts from @first on there is room for in a row: at least one. */
size_t picture_row(const struct picture_band *b, size_t first, size_t width);
/* The key of a cell of a part. */
size_t picture_cell_key(const struct picture_part *part, size_t cell);

/* The how manieth @key, which has a letter, is of those that have: 0 is the first. For its colour. */
size_t picture_letter_place(const struct picture *p, size_t key);

/* Whether there is a piece or a cell of it, for each key; the caller frees. */
bool *picture_used_keys(const struct picture *p);

/*
 * The whole span on @width cells, linear: writes the key that most of each has.
 */
void picture_line(const struct picture *p, size_t width, size_t *keys);

#endif
