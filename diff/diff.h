/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DIFF_DIFF_H
#define DIFF_DIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/record.h"

/*
 * The same input on two kernels: what differs of what each did. As one engine is open at a time, that is
 * recorded first. Addresses and sizes are in bytes.
 */

/* What can differ. */
enum diff_kind {
	DIFF_CALLS,	/* a call that only one of them makes */
	DIFF_ARGUMENTS, /* made with others */
	DIFF_RESULTS,
	DIFF_RANGES, /* the call changes other addresses */
	DIFF_FLAGS,  /* ... the same, with other flags */
	DIFF_NODES,  /* ... with other nodes */
	DIFF_ROWS,   /* ... alike, in another number of rows */
	DIFF_ROOM,   /* an array has become larger */
	DIFF_LOG,    /* the kernel's log */
	DIFF_OUTPUT, /* what the script printed: dumps, expectations */
	DIFF_TOTALS, /* what there is at the end: zones, free blocks, checks */
	DIFF_TESTS,
	DIFF_ENDS, /* how it ended, and what it refused */
	DIFF_NR_KINDS,
};

extern const char *const diff_kind_names[DIFF_NR_KINDS]; /* "calls" ... */

#define DIFF_NONE RECORD_NONE

/* A call in both, or in one: indices into their calls, or DIFF_NONE. */
struct diff_pair {
	size_t call[2];
	unsigned int kinds;   /* 1 << DIFF_x; 0: the same */
	enum rt_type type;    /* the array that it changes differently; or RT_TYPE_NONE */
	const char *words[2]; /* flags or nodes, if those are what differs */
};

/* Pairs that differ in the same way. */
struct diff_group {
	unsigned int kinds;
	enum rt_type type;
	const char *words[2];
	int only; /* of DIFF_CALLS: the side that makes it; else -1 */
	size_t nr, first_pair;
	struct diff_name {
		const char *name; /* of the call */
		size_t nr;
	} * names; /* the most frequent first */
	size_t nr_names, room_names;
};

/* Addresses whose row differs; a side without a row has NULL there. */
struct diff_piece {
	struct range range;
	const struct record_row *row[2];
};

struct diff_pieces {
	struct diff_piece *v;
	size_t nr, room;
};

/* A line or value that differs; NULL on the side that lacks it. */
struct diff_value {
	const char *what;
	const char *value[2];
};

struct diff_values {
	struct diff_value *v;
	size_t nr, room;
};

struct diff {
	const struct record *run[2];
	unsigned int ignored; /* kinds */

	struct diff_pair *pairs; /* in the order of both */
	size_t nr_pairs, room_pairs;
	size_t nr_different; /* pairs */
	size_t first;	     /* the first of them, or DIFF_NONE */
	struct diff_group *groups;
	size_t nr_groups, room_groups;
	struct diff_pieces end[RT_NR_TYPES];
	bool cut[RT_NR_TYPES]; /* pieces apart, the regions at the end are not the same */
	struct diff_values output, facts, tests, ends;
	char **strings; /* that the above points into */
	size_t nr_strings, room_strings;
	bool equal; /* nothing differs, but for what is ignored */
};

/* Compares two runs, which must live as long. @ignored: kinds that do not count, 1 << DIFF_x. */
void diff_compare(struct diff *d, const struct record *a, const struct record *b,
		  unsigned int ignored);
void diff_release(struct diff *d);

/* All that two lists of regions have different; @pieces, which the caller frees, points into them. */
void diff_rows_compare(const struct record_rows *a, const struct record_rows *b,
		       struct diff_pieces *pieces);

#endif
