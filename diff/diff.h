/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DIFF_DIFF_H
#define DIFF_DIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "boot/boot.h"
#include "engine/engine.h"
#include "lib/error.h"
#include "lib/range.h"
#include "replay/replay.h"
#include "runner/runner.h"

/*
 * The same input on two kernels: what each did, kept as data, as one engine is open at a time; and
 * what of it differs. Addresses and sizes are in bytes.
 */

/* A region of one of memblock's arrays, in words that two kernels share. */
struct diff_row {
	struct range range;
	const char *flags; /* by name: "hotplug|nomap", "none" */
	int nid;	   /* -1: none */
};

struct diff_rows {
	struct diff_row *v;
	size_t nr, room;
};

/* What a call did to an array: from row @at on, @nr_gone rows became @nr_come others. */
struct diff_change {
	enum rt_type type;
	size_t at, nr_gone, nr_come;
	size_t first; /* in the run's pool: those that are gone, then those that came */
};

struct diff_call {
	const char *name, *caller; /* caller: the kernel's function; NULL: nobody told */
	const char *step;	   /* of a boot; else NULL */
	const char *arg_names;	   /* by the prototype, with blanks between */
	unsigned int line;	   /* of the script or log; 0: of none */
	char *args;		   /* as scripts have them, with blanks between */
	char *result; /* likewise, out arguments behind it; empty: none; or how it ended */
	bool ended;   /* it did not return */
	size_t first_change, nr_changes;
	size_t first_line, nr_lines; /* of the kernel's log */
	uint64_t max[RT_NR_TYPES];   /* how many rows the arrays had room for after it */
};

/* A sum or the like, of what is there at the end. */
struct diff_fact {
	char *what, *value;
};

struct diff_test {
	char *name; /* "suite.test" */
	enum runner_status status;
	char *reason; /* may be empty */
};

/* What a run did. */
struct diff_run {
	char *kernel, *version, *config, *memblock, *memblock_hash;

	struct diff_call *calls;
	size_t nr_calls, room_calls;
	struct diff_change *changes;
	size_t nr_changes, room_changes;
	struct diff_rows pool;
	struct diff_rows end[RT_NR_TYPES]; /* the arrays at the end, or before they were discarded */
	char **lines;			   /* the kernel's log, without offsets in functions */
	size_t nr_lines, room_lines;
	char **output; /* of a script */
	size_t nr_output, room_output;
	struct diff_fact *facts;
	size_t nr_facts, room_facts;
	struct diff_test *tests; /* by name */
	size_t nr_tests, room_tests;
	char *exit; /* how it ended, in a line; "" if it came to its end */

	/* what this kernel could not be asked for: lines of a script, or all of it (line 0) */
	struct diff_refusal {
		unsigned int line;
		char *text;
	} * refusals;
	size_t nr_refusals, room_refusals;

	char **words; /* that rows and calls point to */
	size_t nr_words, room_words;
};

/*
 * Run the input on @e. They return 0 if there is something to compare, be it that the kernel refused
 * it all; -errno and @err otherwise. The caller releases @run in any case; it does not need @e.
 */
int diff_run_boot(struct engine *e, const struct boot_options *o, struct diff_run *run,
		  struct error *err);
void diff_run_replay(struct engine *e, const struct replay_log *log, const struct replay_options *o,
		     struct diff_run *run);
int diff_run_script(struct engine *e, const char *name, const char *text, unsigned int timeout_ms,
		    struct diff_run *run, struct error *err);
/* @o as for runner_plan(). */
int diff_run_tests(struct engine *e, const struct runner_options *o, struct diff_run *run,
		   struct error *err);
void diff_run_release(struct diff_run *run);

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

#define DIFF_NONE SIZE_MAX

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
	const struct diff_row *row[2];
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
	const struct diff_run *run[2];
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
void diff_compare(struct diff *d, const struct diff_run *a, const struct diff_run *b,
		  unsigned int ignored);
void diff_release(struct diff *d);

/* The arrays as they were after call @call of a run, DIFF_NONE: at first. The caller frees rows->v. */
void diff_rows_after(const struct diff_run *run, size_t call, enum rt_type type,
		     struct diff_rows *rows);
/* All that two lists of regions have different; @pieces, which the caller frees, points into them. */
void diff_rows_compare(const struct diff_rows *a, const struct diff_rows *b,
		       struct diff_pieces *pieces);
bool diff_row_equal(const struct diff_row *a, const struct diff_row *b);
bool diff_rows_equal(const struct diff_rows *a, const struct diff_rows *b);

#endif
