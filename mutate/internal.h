/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MUTATE_INTERNAL_H
#define MUTATE_INTERNAL_H

#include "mutate/mutate.h"
#include "replay/replay.h"

/* scan.c: a C text as tokens; comments, blanks and preprocessor lines are none. */
enum token_kind {
	TOKEN_NONE, /* behind the last */
	TOKEN_WORD,
	TOKEN_NUMBER,
	TOKEN_STRING,
	TOKEN_SIGN,
};

struct token {
	size_t start, end; /* bytes of the text */
	unsigned int line; /* from 1 */
	enum token_kind kind;
	size_t partner; /* of a bracket: the token of the other; set by scan_pair() */
	bool mute;	/* what a message says */
};

struct scan {
	const char *text;
	size_t length;
	struct token *v;
	size_t nr, room; /* TOKENS_BEHIND more of no kind are behind the last */

	/* of the function that is being broken; numbers of tokens */
	char *function;
	size_t first, body_end; /* of all of it */
	bool returns_int;

	struct mutants *mutants;
	char *const *flags; /* names that stand for one another, NULL-terminated */
};
#define TOKENS_BEHIND 8

void scan_text(struct scan *s, const char *text);
void scan_release(struct scan *s);
/* Finds the partners of brackets between two tokens, both included; false if one has none. */
bool scan_pair(struct scan *s, size_t from, size_t to);
/* Is it exactly @what? */
bool scan_is(const struct scan *s, size_t i, const char *what);
/* Is it one of the words of @list, which has blanks at both ends and between them? */
bool scan_is_any(const struct scan *s, size_t i, const char *list);
bool scan_opens(const struct scan *s, size_t i);
bool scan_closes(const struct scan *s, size_t i);
bool scan_at_line_start(const struct scan *s, size_t i);
/* The text of tokens @from to @to, both included. The caller frees. */
char *scan_copy(const struct scan *s, size_t from, size_t to);
bool scan_same(const struct scan *s, size_t from, size_t to, const char *text);

/* operator.c: what is changed in an expression, tokens @from to @to, both included */
void operator_expression(struct scan *s, size_t from, size_t to);
void operator_condition(struct scan *s, size_t from, size_t to);
/* Calls that only say something, such as pr_info(); and WARN_ON() and the like, which look at something, too. */
bool operator_is_message(const struct scan *s, size_t i);
bool operator_is_warning(const struct scan *s, size_t i);
#define OPERATOR_KEYWORDS                                                                     \
	" if else while for do switch case default return break continue goto sizeof typeof " \
	"__typeof__ "
#define OPERATOR_TYPES                                                                       \
	" struct union enum const volatile static register extern void char short int long " \
	"unsigned signed bool "

/* mutant.c: replaces tokens @from to @to, both included, by @new; each line of the file keeps its number. */
void mutants_add(struct scan *s, const char *operator, size_t from, size_t to, const char *new);

/* code.c: what an engine is when it is loaded, as a hash; the caller frees. NULL and @err: it cannot be read. */
char *code_hash(const char *path, struct error *err);

/* A configuration, with what the unchanged memblock.c is and does in it. */
struct mutate_config {
	char *name;
	char *code;   /* code_hash() */
	char *notes;  /* what was stood in automatically, a sentence a line */
	char **known; /* tests that fail, as is known of this memblock.c; "suite.test" */
	size_t nr_known, room_known;
};

/* Sentences about what a replay has otherwise than its log. */
struct log_words {
	char **v;
	size_t nr, room;
	size_t dumps; /* of memblock's arrays, that are equal */
	bool ended;   /* before its end */
};

struct mutate_log {
	char *path;
	struct replay_log *log;
	struct layout *layout; /* may be NULL */
	const char *config;
	const char *changes[2]; /* of the configuration */
	size_t nr_changes;
	size_t alike;	       /* so many from this one on go with the same engine */
	struct log_words base; /* that the unchanged memblock.c has otherwise */
};

/* Tries it in a process of its own; what fits into one write to a pipe. */
struct verdict {
	enum mutant_fate fate;
	enum mutant_killer killer;
	char config[64], by[300], why[1000], differs[300];
};

/* trial.c: tries what is @dir/memblock.c, in this process and others. */
void trial_run(const struct mutate_options *o, const struct mutate_base *base, const char *dir,
	       struct verdict *v);
/*
 * suite.c: runs the tests of an engine but for those in config->known, until one fails: its name, or empty. With
 * @learn, those that fail as is known are added to config->known.
 */
int suite_run(struct engine *e, unsigned int jobs, struct mutate_config *config, bool learn,
	      char failed[300], struct error *err);

/* logs.c: boots that are replayed */
/* In an order in which those that go with the same engine follow one another. */
int logs_read(const struct mutate_options *o, struct mutate_base *base, struct error *err);
/* Counts those that go with the same engine. */
void logs_group(struct mutate_base *base);
/* The request of the engine that it is replayed on; the caller frees ->changes. */
struct engine_request log_request(const struct mutate_log *log,
				  const struct engine_request *request);
/* What is otherwise than in the log. */
void log_replay(const struct mutate_log *log, struct engine *e, struct log_words *words);
void log_release(struct mutate_log *log);
void log_words_release(struct log_words *w);
/* What @w has otherwise than its log that @known has not; NULL: nothing. */
const char *log_words_new(const struct log_words *w, const struct log_words *known);

#endif
