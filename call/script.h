/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CALL_SCRIPT_H
#define CALL_SCRIPT_H

#include "call/call.h"
#include "lib/rangeset.h"

/* A script while it runs: shared by the files of call/ that know statements. */

#define SCRIPT_MAX_TOKENS 256

/*
 * Statements that parts above call/ add, and what they hear. They use the functions below, as those of
 * call/ do. Members may be NULL.
 */
struct script;

struct script_extra {
	void *data;
	const struct script_statement {
		const char *word; /* NULL: the end */
		/* @first: the token behind the word; -EINVAL by script_error() */
		int (*run)(struct script *s, size_t first, void *data);
	} * statements;
	/* A call of memblock has returned. */
	void (*called)(struct script *s, const struct rt_call *call, const uint64_t *args,
		       uint64_t result, void *data);
	void (*event)(void *data, enum rt_event event, uint64_t a, uint64_t b, long c);
	/* Everything is forgotten, as at the beginning. */
	void (*reset)(void *data);
};

struct token {
	char *text;
	size_t column; /* from 1 */
	bool quoted;
};

struct script {
	struct engine *e;
	const struct script_options *options;
	struct script_result *result;
	struct error *err;
	FILE *out;
	const char *name;
	unsigned int line;
	struct call_names names;

	struct token tokens[SCRIPT_MAX_TOKENS];
	size_t nr_tokens;
	char **texts; /* of all lines: kernel code may keep pointers to words in them */
	size_t nr_texts, room_texts;

	bool explicit_ram; /* a `ram` statement was there: adding memory does not make RAM */
	bool ended;	   /* by a panic or the like that was not expected */
	enum engine_end end;
	const char *into; /* what the result of a statement is kept as; NULL: it is not */

	bool line_open; /* of the trace: a call, whose result will follow */
	char *log;	/* of the kernel, since the last reset */
	size_t log_len;
	FILE *log_stream;
	struct rangeset freed;	 /* handed to the page allocator, bytes */
	uint64_t reserved_pages; /* struct pages marked reserved in the hand-over */
};

/* Fills s->err with "name:line:column: text" for token @i and returns -EINVAL. */
int script_error(struct script *s, size_t i, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Parses token @i as a value of @kind; errors name its place. */
int script_value(struct script *s, size_t i, enum rt_kind kind, uint64_t *value);
/* A range "START-LAST" or "START+SIZE" in which either part may be a value. */
int script_range(struct script *s, size_t i, const char *text, struct range *range);
/* Runs @fn in the engine; true if it returned. Else notes how it ended. */
bool script_guarded(struct script *s, void (*fn)(void *arg), void *arg);
/* Counts an expectation that did not hold, and starts a line of output about it. */
void script_failed(struct script *s);
/* Token of the "=>" from @first on, or the end of the line. */
size_t script_arrow(const struct script *s, size_t first);
/*
 * The result of a statement that is no call: keeps it for "NAME =", and compares it with what
 * stands behind "=>", token @arrow. Returns 0, or -EINVAL by script_error().
 */
int script_result(struct script *s, size_t arrow, enum rt_kind kind, uint64_t result);
/* Prints the last lines of the kernel's log and how the run ended. */
void script_print_end(struct script *s);

/* Pristine memblock, no RAM, an empty log. */
void script_reset(struct script *s);
/* [NAME =] CALL ARGUMENT... [=> RESULT...], from token @first */
int script_call(struct script *s, size_t first);

/* statement.c: any statement, a call or another, from token @first */
int script_statement(struct script *s, size_t first);
/* expect.c */
int script_expect(struct script *s, size_t first);
/* dump.c */
int script_dump(struct script *s, size_t first);
void script_print_region(const struct script *s, const struct rt_region *r);

#endif
