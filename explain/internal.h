/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EXPLAIN_INTERNAL_H
#define EXPLAIN_INTERNAL_H

#include "explain/explain.h"
#include "record/record.h"

/* answer.c: what an answer is made of. Keys are constants, all other text is copied. */

/* A sentence, or several; a line in the text. */
void explain_say(struct explain_answer *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* The same, in front of what is not: the answer in short. */
void explain_lead(struct explain_answer *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* What is assumed or left out, and what follows from a model: FILE, as of VERSION. */
void explain_note(struct explain_answer *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void explain_model(struct explain_answer *a, const char *file, const char *version,
		   const char *what);
/* For programs, what the sentences tell people. */
void explain_fact(struct explain_answer *a, const char *key, enum explain_kind kind,
		  uint64_t number);
void explain_fact_text(struct explain_answer *a, const char *key, const char *text);
/* null if it is LAYOUT_NO_NODE */
void explain_fact_node(struct explain_answer *a, const char *key, int nid);
/* Several facts: KEY_start and KEY_size; null if it is empty. Keys as constants, too. */
void explain_fact_range(struct explain_answer *a, const char *start_key, const char *size_key,
			struct range range);

/* A table; rows are filled cell by cell, from the first column on. */
struct explain_table *explain_table(struct explain_answer *a, const char *key,
				    const struct explain_column *columns, size_t nr_columns,
				    const char *heading, ...) __attribute__((format(printf, 5, 6)));
void explain_cell(struct explain_table *t, uint64_t number);
void explain_cell_text(struct explain_table *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void explain_cell_none(struct explain_table *t);
/* The same, or nothing: where it is not @there, the text is NULL, or it is LAYOUT_NO_NODE. */
void explain_cell_if(struct explain_table *t, bool there, uint64_t number);
void explain_cell_word(struct explain_table *t, const char *text);
void explain_cell_node(struct explain_table *t, int nid);
/* Three cells: start, last, size. */
void explain_cell_range(struct explain_table *t, struct range range);
#define EXPLAIN_RANGE_COLUMNS                                                       \
	{ "start", "START", EXPLAIN_ADDRESS }, { "last", "LAST", EXPLAIN_ADDRESS }, \
	{                                                                           \
		"size", "SIZE", EXPLAIN_BYTES                                       \
	}
/* How many rows it has. */
size_t explain_rows(const struct explain_table *t);

/* run.c: a boot or a replay, with all its calls */
struct explain_run {
	struct record record;
	struct boot_result boot;     /* if it was booted */
	struct replay_result replay; /* if a log was replayed */
	bool booted, replayed;
	unsigned int line; /* of the log, that was not gone beyond; 0: all of it was replayed */
};

/*
 * Boots the machine or replays the log to the end, and says in @a which it was. 0, or -errno and
 * @err; the caller releases @run in any case.
 */
int explain_run(const struct explain *x, struct explain_run *run, struct explain_answer *a,
		struct error *err);
/* The same, and boots even if there is a log to replay. */
int explain_run_boot(const struct explain *x, struct explain_run *run, struct explain_answer *a,
		     struct error *err);
/*
 * The same up to x->at, or to where memblock hands over, without doing that. Memblock is left as it is
 * then, for calls within engine_run(), until the engine is reset.
 */
int explain_run_early(const struct explain *x, struct explain_run *run, struct explain_answer *a,
		      struct error *err);
void explain_run_release(struct explain_run *run);
/* Says in @a that it follows from this boot: in its header and notes, and if the machine does not boot. */
void explain_tell_boot(struct explain_answer *a, const struct boot_result *r);

/* map.c: memory as it is when memblock hands over, or where the boot was stopped or ended */
struct explain_piece {
	struct range range;
	enum boot_use use;
	bool is_memory;
	int nid;			/* of the memory; LAYOUT_NO_NODE: none */
	const char *flags;		/* of the memory, by name */
	const char *purpose, *function; /* of what is reserved; NULL: nobody knows */
};

struct explain_map {
	struct explain_piece
		*v; /* sorted, disjoint; what is neither memory nor reserved is missing */
	size_t nr, room;
	bool at_end; /* it did not come to a hand-over */
};

/* Strings are @run's and @x's. */
void explain_map_make(const struct explain *x, const struct explain_run *run,
		      struct explain_map *m);
void explain_map_release(struct explain_map *m);
/* NULL: neither memory nor reserved. */
const struct explain_piece *explain_piece_at(const struct explain_map *m, uint64_t address);
/* What a piece is, as a noun; NULL is "no memory". */
const char *explain_piece_name(const struct explain_piece *p);

/* The page allocator's pages at the end; NULL: memblock did not hand over. */
struct mm *explain_mm(const struct explain_run *run);

/* holes.c: free memory */
struct explain_window {
	struct range range;
	int nid; /* LAYOUT_NO_NODE: any */
};

struct explain_hole {
	struct range range; /* free, within the window; empty: there is none */
	uint64_t fits;	    /* bytes of it from the first aligned address on */
	uint64_t free;	    /* bytes, of the window */
	int nid;
};

/* The hole in which the most fits. @page: bytes of a page. */
void explain_find_hole(const struct explain_map *m, const struct explain_window *w, uint64_t align,
		       uint64_t page, struct explain_hole *hole);
/* What a hole of a window ends at, as a noun. */
const char *explain_bound(const struct explain_map *m, const struct explain_window *w,
			  struct range hole, bool above);

/* probe.c: calls of the engine's own, after explain_run_early() */
struct explain_request {
	uint64_t size, align, from, below; /* below 0: up to the current limit */
	int nid;			   /* LAYOUT_NO_NODE: any */
};

/*
 * Asks for it until there is no more, or @most times, and keeps what came: the name of the call, NULL if the
 * kernel has none. @exact: of that node or not at all, where the kernel can be asked for that.
 */
const char *explain_probe(const struct explain *x, const struct explain_request *q, bool exact,
			  struct range *got, size_t most, size_t *nr);
/* The current limit of memblock, exclusive. */
uint64_t explain_limit(const struct explain *x);

/* alloc.c: says when it is that memblock is asked */
void explain_tell_moment(struct explain_answer *a, const struct explain *x,
			 const struct explain_run *run);

/* firmware.c: how much memory there is, as far as the firmware shows it; bytes */
struct explain_firmware {
	uint64_t ram; /* of its map */
	struct explain_kept {
		const char *what;
		uint64_t bytes;
	} kept[5]; /* memory that it keeps */
	size_t nr_kept;
	uint64_t behind;    /* reserved right behind memory: most likely memory */
	uint64_t installed; /* the sum of these */
	uint64_t alone;	    /* reserved elsewhere */
	uint64_t nodes;	    /* what it gives nodes */
};

void explain_firmware_read(const struct layout *l, struct explain_firmware *f);

/* touch.c: what a recorded call did */
/* To @range, in words; NULL: nothing. The caller frees. */
char *explain_effect(const struct record *run, const struct record_call *call, struct range range);
/* It asks for memory, wherever that is. */
bool explain_is_allocation(const struct record_call *call);
/* What it was about: what it got, or the range that it names; empty: there is none. */
struct range explain_subject(const struct record_call *call);

/* words.c: the words of a question */
/* An address, or a range as "start-last" or "start+size". */
int explain_read_range(const char *word, struct range *range, struct error *err);
int explain_read_size(const char *word, const char *what, uint64_t *size, struct error *err);
/* There are to be @least to @most words behind the question's name. */
int explain_check_words(const struct explain *x, size_t least, size_t most, struct error *err);

/* Questions; each is described in the table of explain.c. */
int explain_where(const struct explain *x, struct explain_answer *a, struct error *err);
int explain_alloc(const struct explain *x, struct explain_answer *a, struct error *err);
int explain_hugepages(const struct explain *x, struct explain_answer *a, struct error *err);
int explain_keep(const struct explain *x, struct explain_answer *a, struct error *err);
int explain_numa(const struct explain *x, struct explain_answer *a, struct error *err);
int explain_crashkernel(const struct explain *x, struct explain_answer *a, struct error *err);
int explain_cma(const struct explain *x, struct explain_answer *a, struct error *err);
int explain_memmap(const struct explain *x, struct explain_answer *a, struct error *err);
int explain_reserved_memory(const struct explain *x, struct explain_answer *a, struct error *err);
int explain_who(const struct explain *x, struct explain_answer *a, struct error *err);

#endif
