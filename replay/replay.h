/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPLAY_REPLAY_H
#define REPLAY_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "engine/engine.h"
#include "layout/layout.h"
#include "lib/error.h"
#include "lib/range.h"

/*
 * What a kernel with memblock=debug logs of its calls, read and made again on a memblock. Addresses
 * and sizes are in bytes.
 */

enum replay_kind {
	REPLAY_ADD,
	REPLAY_REMOVE,
	REPLAY_RESERVE,
	REPLAY_FREE,
	REPLAY_REQUEST, /* an allocation is asked for; the reserve that follows is its answer */
	REPLAY_DOUBLE,	/* an array was doubled, in @range if that is told */
	REPLAY_LATE,	/* freed to the page allocator: memblock's arrays stay */
	REPLAY_DUMP,	/* of the arrays as they are */
	REPLAY_OVER,	/* memory went to the page allocator, as "Memory:" tells */
	REPLAY_NR_KINDS,
};

/* A region of a dump. */
struct replay_row {
	struct range range;
	uint64_t flags;
	int nid; /* -1: none is told */
};

struct replay_rows {
	struct replay_row *v;
	size_t nr, room;
	bool told; /* the dump has this array */
};

struct replay_event {
	enum replay_kind kind;
	unsigned int line; /* of the file, from 1 */
	const char
		*function; /* as the log calls it: "memblock_alloc_try_nid"; of a dump, its place */
	const char *caller; /* as the log calls it, or "" */
	struct range range;
	uint64_t size, align, min, max; /* of a request; max 0: the current limit */
	uint64_t flags;			/* of an addition */
	int nid;			/* -1: none */
	bool internal;			/* a reserve that memblock itself made for an allocation */
	bool debugfs;			/* a dump that the running kernel printed */
	char array;			/* 'm' or 'r': which was doubled */
	struct replay_dump {
		struct replay_rows memory, reserved;
	} * dump; /* of a dump; else NULL */
};

/* One boot of a log. */
struct replay_log {
	char *name;
	struct replay_event *v;
	size_t nr, room;
	struct replay_rows nodes;  /* "Early memory node ranges", where no dump tells */
	char *version;		   /* "6.1.0-49-amd64", or "" */
	unsigned int cmdline_line; /* of the command line as start_kernel() tells it, or 0 */
	bool movable_node;	   /* on the kernel's command line */
	unsigned int boot, boots;  /* which it is, from 1, of how many */
	unsigned int lines;	   /* of the file */
	const char *text; /* the lines of this boot, with a NUL at their end; in one of these */
	char *copy;
	struct filemap *map;
	size_t text_from, text_len;		/* bytes; where it began in the file */
	unsigned int first_line;		/* of it */
	unsigned int digits_least, digits_most; /* of addresses; 0: there are none */
	/* Reservations and frees were printed with their end in place of the last byte, as up to 3.13. */
	bool ends_are_exclusive;
	struct replay_unread {
		unsigned int line;
		char *text;
	} * unread; /* lines that look like memblock's and cannot be read */
	size_t nr_unread, room_unread;
	struct words
		*words; /* the events' functions and callers: the same text is the same pointer */
};

/*
 * Reads boot number @boot (from 1; 0: the last that has calls) of the log at @path ("-": standard
 * input). NULL and @err if there is no such file or nothing of memblock in it.
 */
struct replay_log *replay_read(const char *path, unsigned int boot, struct error *err);
/* The same of a text in memory. */
struct replay_log *replay_parse(const char *name, const char *text, size_t len, unsigned int boot,
				struct error *err);
void replay_log_free(struct replay_log *log);

/*
 * The times of a log's lines from ->first_line on, in microseconds as the kernel has them; UINT64_MAX where there is
 * none. An array of *@nr, which the caller frees.
 */
uint64_t *replay_times(const struct replay_log *log, size_t *nr);

/* What else this boot tells of the machine; NULL and @err: nothing, or it was not read from a file. */
struct layout *replay_machine(const struct replay_log *log, struct error *err);

/* Which engine goes with the machine. */
struct replay_config {
	const char *name;     /* NULL: none is of this kind */
	unsigned int changes; /* in ->change */
	char change[2][32];   /* options of the configuration: "CONFIG_X=V" */
	char why[128];	      /* a sentence if it is not obvious; else empty */
};
/* @machine may be NULL. */
void replay_choose_config(const struct replay_log *log, const struct layout *machine,
			  struct replay_config *config);

enum replay_mode {
	REPLAY_FOLLOW,	/* after a difference the log's result is taken over */
	REPLAY_STRICT,	/* the first difference is the end */
	REPLAY_PREDICT, /* the engine's results stay */
};

struct replay_handover;

/* Conditions that are not those of the log: the same calls, and what becomes of them. */
struct replay_change {
	struct range *ram; /* there is more memory */
	size_t nr_ram, room_ram;
	struct range *without; /* this is none */
	size_t nr_without, room_without;
	const char **drop; /* globs of callers, whose calls are not made */
	size_t nr_drop, room_drop;
	const char *cmdline; /* words behind the kernel's own; NULL: none */
	bool mem_is_address; /* "mem=" is where memory ends, as on x86, not how much there is */
};

struct replay_options {
	enum replay_mode mode;
	struct replay_change change;
	unsigned int timeout_ms; /* for all of it; 0: 60 s */
	unsigned int at;	 /* keeps the state as it is after this line; 0: at the end */
	unsigned int until;	 /* calls of this line and later ones are not made; 0: all are */
	/* The machine that the log is of; NULL: it is not known. Without it nothing is handed over. */
	const struct layout *layout;
	bool no_handover; /* the calls of memblock are all that matters */
	FILE *script;	  /* the calls that are made, as a script for `mbsim run`; or NULL */
	/* When calls are made a second time: those that count come now. Or NULL. */
	void (*again)(void *data);
	void *data;
};

/* What was inferred: a change that no line tells. */
struct replay_inferred {
	unsigned int line;   /* that made it necessary */
	unsigned int before; /* it was made before the call of this line */
	bool doubtful;	     /* only that line shows it */
	char *text;
};

struct replay_difference {
	unsigned int line;
	const struct replay_event *event;
	char *got, *expected, *reason;
	char *around; /* what is where the log has it, here; or NULL */
};

/* Memory that was allocated, and who has it. */
struct replay_owner {
	struct range range;
	unsigned int line;  /* of the request, or of the reserve that has none */
	unsigned int freed; /* the line that freed it all, or 0 */
	const char *caller, *function;
	int nid; /* of the memory it is in, or -1 */
};

enum replay_fate {
	REPLAY_SAME,
	REPLAY_MOVED,
	REPLAY_FAILED, /* it had memory in the log, and has none here */
	REPLAY_GAINED, /* the other way round */
	REPLAY_NEITHER,
	REPLAY_NR_FATES,
};

/* An allocation of the log, and what becomes of it under other conditions. Addresses: 0 is none. */
struct replay_outcome {
	const struct replay_event *event;
	uint64_t size, log, here;
	enum replay_fate fate;
};

/* A reservation that names its place, which is not free here. */
struct replay_collision {
	const struct replay_event *event;
	struct range range;
	bool inferred;	   /* it is not the event that makes it: that comes next */
	unsigned int with; /* the line of who has it; 0: it is not memory here, and is in the log */
};

/* What --predict, or other conditions, lead to, beside what the log has. */
struct replay_whatif {
	bool changed; /* the conditions are others; else only the kernel may be another */
	const struct replay_change *change;
	struct replay_outcome *outcomes; /* of all allocations, in the order of the log */
	size_t nr_outcomes, room_outcomes;
	size_t fates[REPLAY_NR_FATES];
	struct replay_collision *collisions;
	size_t nr_collisions, room_collisions;
	size_t dropped_calls, dropped_frees;
	char **words; /* of the command line, that memblock's own code does not mind */
	size_t nr_words, room_words;
	char **refused; /* and that it refused, with the reason */
	size_t nr_refused, room_refused;
	uint64_t log_memory, log_reserved, memory, reserved; /* bytes at options->at */
};

/* The outcomes of a caller's allocations. */
struct replay_caller {
	char *name;
	size_t count, fates[REPLAY_NR_FATES];
	uint64_t bytes;
};

struct replay_result {
	const struct replay_log *log;
	const struct engine_info *kernel;
	enum replay_mode mode;
	size_t calls;
	size_t allocations, identical, different, failed; /* failed: in the log and here alike */
	size_t dumps, dumps_equal, dumps_same_sets;	  /* same_sets: equal but for rows */
	/* Only one of the kernels marks what it allocates: rows of what is reserved are as good as equal. */
	bool marks_differ;
	size_t doubled_log, doubled;
	struct replay_inferred *inferred;
	size_t nr_inferred, room_inferred;
	struct replay_difference *differences;
	size_t nr_differences, room_differences;
	struct replay_owner *owners;
	size_t nr_owners, room_owners;
	struct replay_rows memory, reserved; /* at options->at */
	bool guessed; /* there is no dump: what there was before the log is not known */
	unsigned int at;
	struct replay_handover *handover; /* NULL: it was not asked for */
	struct engine_exit exit;
	unsigned int last_line;	      /* of the call that was made last */
	struct replay_whatif *whatif; /* NULL: the log was followed */
};

/*
 * Makes the calls. To predict, or under other conditions, it makes them twice: as the log has them, to know
 * what no line tells, and then as they come out. The caller releases @r, whose strings are in part
 * @log's, @e's and @options'.
 */
void replay_run(struct engine *e, const struct replay_log *log,
		const struct replay_options *options, struct replay_result *r);
void replay_result_release(struct replay_result *r);
/* All allocations are identical, all later dumps are equal, and it came to its end. */
bool replay_holds(const struct replay_result *r);

/*
 * The machine as a layout: what the log tells of its firmware, or else memory, nodes and flags as they are in
 * @r, and what was reserved before the log begins; with the changes that were asked for.
 */
struct layout *replay_layout(const struct replay_log *log, const struct replay_result *r,
			     const struct replay_change *change);

/* The conditions are not the log's. */
bool replay_is_changed(const struct replay_options *options);
/*
 * What was asked for holds: under other conditions, that every allocation that has memory in the log has some
 * here, and it came to its end; else replay_holds().
 */
bool replay_succeeds(const struct replay_result *r);
/* By caller, those first of which most failed, then moved; the caller frees the list and its names. */
struct replay_caller *replay_callers(const struct replay_whatif *w, size_t *nr);
/* Does the glob fit a caller, with its offset or without? */
bool replay_caller_fits(const char *glob, const char *caller);

/* What memory that is asked for by @caller is for: "page tables"; "other" if that is not known. */
const char *replay_purpose(const char *caller);

/* Memory that is held at @line (0: at the end), by who asked for it. */
enum replay_by {
	REPLAY_BY_CALLER,
	REPLAY_BY_PURPOSE,
	REPLAY_BY_NODE,
};

struct replay_group {
	char *name;
	size_t count;
	uint64_t bytes;
};

/* Largest first; *@nr groups, which the caller frees with their names. */
struct replay_group *replay_group(const struct replay_result *r, enum replay_by by, size_t *nr);

#endif
