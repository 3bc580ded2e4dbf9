/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CALL_CALL_H
#define CALL_CALL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "engine/engine.h"
#include "lib/error.h"

/*
 * Calls of memblock as text: "memblock_alloc_try_nid 4K 64 0 0 -1". Names, arguments and their
 * kinds are those of the engine's kernel; see struct rt_call.
 */

/* Names that values may refer to, besides the engine's constants. */
struct call_names {
	struct call_name {
		char *name;
		uint64_t value;
	} * v;
	size_t nr, room;
};

void call_names_set(struct call_names *names, const char *name, uint64_t value);
void call_names_release(struct call_names *names);

/*
 * A value of @kind: a number with suffix, $name, a constant such as MEMBLOCK_ALLOC_ANYWHERE, sums and
 * products of these ("1M+$i*8K"); flags by name ("hotplug|nomap", "none"); "memory",
 * "reserved", "physmem"; "memory[3]" for a region; "true", "NULL", "-ENOMEM". For RT_OUT a "?" is 0.
 * Returns 0, or -errno with @err; @where is the offset in @text at which it went wrong.
 */
int call_parse_value(const struct engine *e, const struct call_names *names, enum rt_kind kind,
		     const char *text, uint64_t *value, size_t *where, struct error *err);

/* Writes a value as call_parse_value() reads it, and as people want to see it. */
void call_format_value(const struct engine *e, enum rt_kind kind, uint64_t value, FILE *out);

/* Flags as in "hotplug|nomap"; "none" for 0. */
void call_format_flags(const struct engine *e, uint64_t flags, FILE *out);

/* Arguments of any call, by what the kernels' prototypes call them; what a call has not is ignored. */
struct call_args {
	uint64_t base, size;
	uint64_t align, min, max; /* @max 0: up to the current limit */
	int nid;
	enum rt_type type;
	uint64_t flags, limit;
	bool enable, exact;
};

enum call_arg {
	CALL_BASE,
	CALL_SIZE,
	CALL_ALIGN,
	CALL_MIN,
	CALL_MAX,
	CALL_NID,
	CALL_TYPE,
	CALL_FLAGS,
	CALL_LIMIT,
	CALL_ENABLE,
	CALL_EXACT,
};

/* Which argument a prototype means by @name; false if no call is known to have one. */
bool call_find_arg(const char *name, enum call_arg *which);
uint64_t call_get_arg(const struct call_args *args, enum call_arg which);
/* Both at once. */
bool call_named_arg(const struct call_args *args, const char *name, uint64_t *value);

/* Name of an error number ("ENOMEM"), or NULL. */
const char *call_errno_name(int number);

/*
 * Scripts: one statement a line, run as they are read.
 */
struct script_extra;

struct script_options {
	FILE *out;			  /* what the script prints: dumps, failures, the trace */
	const struct script_extra *extra; /* call/script.h; NULL: no more statements */
	bool trace;		 /* print every call with its result, and the kernel's log */
	unsigned int timeout_ms; /* for a single call; 0: no limit */
	/*
	 * A line cannot be understood, or is not for this kernel: whether the script goes on behind
	 * it. NULL: it does not.
	 */
	bool (*misread)(void *data, unsigned int line, const struct error *err);
	void *data;
};

struct script_result {
	unsigned int calls, expectations, failed; /* failed: expectations that did not hold */
	unsigned int line;			  /* from 1: that it is at, or where it ended */
	struct engine_exit exit;		  /* how it ended */
};

/*
 * Runs @text, named @name in messages, on a freshly reset engine. Returns 0 if it ran to
 * its end or to a panic or the like, which @result tells; -EINVAL and @err, with line and column,
 * if a line cannot be understood. The engine is left as it was when the script ended.
 */
int script_run(struct engine *e, const char *name, const char *text,
	       const struct script_options *options, struct script_result *result,
	       struct error *err);

#endif
