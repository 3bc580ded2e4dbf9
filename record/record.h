/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RECORD_RECORD_H
#define RECORD_RECORD_H

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
 * What an engine did with an input: every call, what it changed of memblock's arrays, and what the kernel
 * said, kept as data that needs the engine no more. Addresses and sizes are in bytes.
 */

#define RECORD_NONE SIZE_MAX

/* A region of one of memblock's arrays, in words that two kernels share. */
struct record_row {
	struct range range;
	const char *flags; /* by name: "hotplug|nomap", "none" */
	int nid;	   /* -1: none */
};

struct record_rows {
	struct record_row *v;
	size_t nr, room;
};

/* What a call did to an array: from row @at on, @nr_gone rows became @nr_come others. */
struct record_change {
	enum rt_type type;
	size_t at, nr_gone, nr_come;
	size_t first; /* in the run's pool: those that are gone, then those that came */
};

struct record_call {
	const char *name, *caller; /* caller: the kernel's function; NULL: nobody told */
	const char *step;	   /* of a boot; else NULL */
	const char *arg_names;	   /* by the prototype, with blanks between */
	unsigned int line;	   /* of the script or log; 0: of none */
	char *args;		   /* as scripts have them, with blanks between */
	char *result; /* likewise, out arguments behind it; empty: none; or how it ended */
	uint64_t arg[RT_MAX_ARGS]; /* as numbers; a node that there cannot be is -1 */
	uint64_t value;		   /* that it returned, unless it ended */
	enum rt_kind value_kind;
	bool ended; /* it did not return */
	size_t first_change, nr_changes;
	size_t first_line, nr_lines; /* of the kernel's log */
	uint64_t max[RT_NR_TYPES];   /* how many rows the arrays had room for after it */
};

/* A sum or the like, of what is there at the end. */
struct record_fact {
	char *what, *value;
};

struct record_test {
	char *name; /* "suite.test" */
	enum runner_status status;
	char *reason; /* may be empty */
};

/* What a run did. */
struct record {
	char *kernel, *version, *config, *memblock, *memblock_hash;

	struct record_call *calls;
	size_t nr_calls, room_calls;
	struct record_change *changes;
	size_t nr_changes, room_changes;
	struct record_rows pool;
	struct record_rows
		end[RT_NR_TYPES]; /* the arrays at the end, or before they were discarded */
	char **lines;		  /* the kernel's log, without offsets in functions */
	size_t nr_lines, room_lines;
	char **output; /* of a script */
	size_t nr_output, room_output;
	struct record_fact *facts;
	size_t nr_facts, room_facts;
	struct record_test *tests; /* by name */
	size_t nr_tests, room_tests;
	char *exit; /* how it ended, in a line; "" if it came to its end */

	/* what this kernel could not be asked for: lines of a script, or all of it (line 0) */
	struct record_refusal {
		unsigned int line;
		char *text;
	} * refusals;
	size_t nr_refusals, room_refusals;

	char **words; /* that rows and calls point to */
	size_t nr_words, room_words;
};

/*
 * Run the input on @e, and record it. They return 0 if there is a record, be it that the kernel refused
 * it all (then there is a refusal of line 0); -errno and @err otherwise; a replay always has one. The caller
 * releases @run in any case; it does not need @e.
 * @result, which may be NULL, is what boot_run() and replay_run() make of it, for the caller to
 * release; on a refusal or failure there is none.
 */
int record_boot(struct engine *e, const struct boot_options *o, struct record *run,
		struct boot_result *result, struct error *err);
void record_replay(struct engine *e, const struct replay_log *log, const struct replay_options *o,
		   struct record *run, struct replay_result *result);
int record_script(struct engine *e, const char *name, const char *text, unsigned int timeout_ms,
		  struct record *run, struct error *err);
/* @o as for runner_plan(). */
int record_tests(struct engine *e, const struct runner_options *o, struct record *run,
		 struct error *err);
void record_release(struct record *run);

/* rows.c: lists of regions */
/* The arrays as they were after call @call of a run, RECORD_NONE: at first. The caller frees rows->v. */
void record_rows_after(const struct record *run, size_t call, enum rt_type type,
		       struct record_rows *rows);
/* Makes @rows what they were after the change, from what they were before. */
void record_rows_change(struct record_rows *rows, const struct record *run,
			const struct record_change *c);
/* The row that @address is in, or NULL. */
const struct record_row *record_rows_find(const struct record_rows *rows, uint64_t address);
/* Where rows of the lists begin and end, sorted: how many there are; the caller frees. */
size_t record_rows_borders(const struct record_rows *lists, size_t nr_lists, uint64_t **borders);
/* Alike but for their ranges; NULL, no row, is alike to NULL only. */
bool record_row_alike(const struct record_row *a, const struct record_row *b);
bool record_row_equal(const struct record_row *a, const struct record_row *b);
bool record_rows_equal(const struct record_rows *a, const struct record_rows *b);

/*
 * place.c: why an allocation is where it is.
 *
 * How memblock searches at a moment: what calls before have set. To begin with, and after each call.
 */
struct record_search {
	bool bottom_up;
	uint64_t limit; /* the current one */
};

struct record_search record_search_begin(void);
void record_search_follow(struct record_search *how, const struct record_call *c);

/* What an allocation asks for, with what is not said filled in. Addresses are bytes, @max is exclusive. */
struct record_request {
	uint64_t size, align, min, max;
	int nid;	   /* -1: any */
	bool exact;	   /* that node or none */
	bool may_go_below; /* than @min, if there is nothing else */
	bool bottom_up;
	uint64_t got; /* where it was placed; 0: nowhere */
};

/* False: the call asks for nothing, or it did not return. */
bool record_request_read(const struct record_call *c, const struct record_search *how,
			 struct record_request *r);

/* Which of its searches finds something. */
enum record_pass {
	RECORD_PASS_NODE,     /* the first: on the node, if one is asked for */
	RECORD_PASS_ANY_NODE, /* the node has none */
	RECORD_PASS_BELOW,    /* and there is none above the minimum */
	RECORD_NR_PASSES,
};
extern const char *const record_pass_names[RECORD_NR_PASSES]; /* "node" ... */

/* Why a free piece is passed over. */
enum record_refused {
	RECORD_REFUSED_SIZE,  /* it is smaller than what is asked for */
	RECORD_REFUSED_ALIGN, /* ... than that and what the alignment costs */
	RECORD_REFUSED_LIMIT, /* it would do, but is not within the limits */
	RECORD_REFUSED_NODE,  /* it is of another node */
	RECORD_REFUSED_FLAGS, /* it is hotplugged, not mirrored, not mapped, ... */
	RECORD_NR_REFUSED,
};
extern const char *const record_refused_names[RECORD_NR_REFUSED]; /* "size" ... */

struct record_place {
	enum record_pass pass;
	uint64_t expected; /* 0: no place */
	struct range gap;  /* the free piece that it is in */
	/* what was passed over on the way, in the latest search: how many pieces, and the largest */
	struct record_refused_pieces {
		size_t nr;
		struct range largest;
	} refused[RECORD_NR_REFUSED];
};

/*
 * Searches in the arrays as they were before the call. False: that does not lead to where it was placed, and so
 * explains nothing.
 */
bool record_place_find(const struct record_request *r, const struct record_rows *memory,
		       const struct record_rows *reserved, struct record_place *place);

/* A number that hardly two texts share, to begin with 0; goes on from the @key of those before. */
uint64_t record_key(uint64_t key, const char *text);

#endif
