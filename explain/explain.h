/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EXPLAIN_EXPLAIN_H
#define EXPLAIN_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "boot/boot.h"
#include "engine/engine.h"
#include "layout/layout.h"
#include "lib/error.h"
#include "lib/range.h"
#include "replay/replay.h"

/*
 * Questions about a machine's memory, answered from a boot of it or from the replay of its log.
 * Addresses and sizes are in bytes.
 *
 * How a question is added: a file of its own, explain/NAME.c, with a function that has the form of
 * ->answer below and is declared in explain/internal.h; and a row in the table of explain/explain.c.
 * The function reads its own words (x->words[1] on; wrong ones are error_set(EINVAL), which
 * becomes exit status 2), runs what it needs (explain_run(), or boot_run() with a command line of its
 * own), and writes its answer with the functions of explain/internal.h: sentences for people,
 * facts for programs, tables for both. Reports and JSON follow from that; nothing else is to be
 * written. Where the answer follows from a file of the kernel other than memblock.c, which mbsim only
 * models, explain_model() says so. Then: a section in docs/explain.md, a test in tests/explain.t.
 */

/* What is asked, and of what. */
struct explain {
	struct engine *engine;
	const struct layout *layout;  /* the machine; also of a log, as far as that tells */
	const struct replay_log *log; /* is replayed; NULL: the machine is booted */
	const char *log_text;	      /* the log that the layout was read from; NULL: none was */
	size_t log_len;
	const char *cmdline;	  /* instead of the layout's; or NULL */
	unsigned int timeout_ms;  /* 0: the default */
	const char *at;		  /* the step of a boot that it is asked for at; NULL: the last */
	unsigned int sweep;	  /* crashkernel=: so many places of the kernel are tried */
	const char *const *words; /* the question; the first is its name */
	size_t nr_words;
};

/* How the answer is to be taken, also as an exit status. */
enum explain_verdict {
	EXPLAIN_TOLD, /* it is neither */
	EXPLAIN_YES,
	EXPLAIN_NO,
};

/* How a value is shown to people; all but texts are numbers in JSON. */
enum explain_kind {
	EXPLAIN_TEXT,
	EXPLAIN_NUMBER,
	EXPLAIN_BYTES,	 /* "16M" */
	EXPLAIN_CHANGE,	 /* a signed number: how much less or more */
	EXPLAIN_ADDRESS, /* hexadecimal */
	EXPLAIN_BOOL,	 /* "yes", "no" */
};

struct explain_value {
	bool none; /* null in JSON, nothing in a table */
	enum explain_kind kind;
	uint64_t number;
	char *text;
};

struct explain_fact {
	const char *key; /* of the JSON object "facts" */
	struct explain_value value;
};

struct explain_column {
	const char *key, *heading; /* no heading: for programs only */
	enum explain_kind kind;
};

struct explain_table {
	const char *key; /* of the JSON object "tables" */
	char *heading;
	const struct explain_column *columns;
	size_t nr_columns;
	struct explain_value *cells; /* row by row */
	size_t nr_cells, room_cells;
};

struct explain_answer {
	enum explain_verdict verdict;
	/* in the order in which people are to read it */
	struct explain_part {
		char *sentence; /* NULL: a table */
		struct explain_table *table;
	} * parts;
	size_t nr_parts, room_parts;
	size_t nr_leads; /* of them, sentences in front of all others */
	struct explain_fact *facts;
	size_t nr_facts, room_facts;
	char **models; /* what is not memblock.c's own decision: a sentence each */
	size_t nr_models, room_models;
	char **notes; /* what was assumed */
	size_t nr_notes, room_notes;
	const struct engine_info *kernel;
	char *cmdline; /* that was used; may be NULL */
	char *from;    /* what the answer follows from: a sentence */
};

struct explain_question {
	const char *name; /* the first word; with a '=' at its end, what the first word begins with */
	const char *arguments; /* behind it, for help; may be empty */
	const char *help;
	int (*answer)(const struct explain *x, struct explain_answer *a, struct error *err);
};

extern const struct explain_question explain_questions[]; /* ends with a NULL name */

/* The question that a word begins, or NULL. */
const struct explain_question *explain_find(const char *word);

/*
 * Answers. Returns 0, whatever the answer is; -EINVAL and @err if the question, the machine or the
 * command line cannot be understood, -ENOSYS if the kernel has not what it takes. The caller
 * releases @a in any case; strings of it are in part @x's.
 */
int explain_ask(const struct explain *x, struct explain_answer *a, struct error *err);
void explain_answer_release(struct explain_answer *a);

#endif
