/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ENGINE_COVERAGE_H
#define ENGINE_COVERAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/engine.h"

/*
 * How often each line, branch and function of the kernel's files is run, in an engine that was
 * asked for with engine_request.coverage. An engine's own counters go back to zero with every reset,
 * so they are collected after each run; the sums are in memory that processes forked
 * after engine_coverage_start() share.
 */
struct coverage;

/* NULL and @err if gcov, which reads the counters, is not there. */
struct coverage *engine_coverage_start(struct engine *e, struct error *err);
/* After a run, however it ended, and before the next reset; in whichever process ran it. */
void engine_coverage_collect(struct coverage *c, struct engine *e);
void engine_coverage_free(struct coverage *c);

struct coverage_line {
	const char *text;
	bool code; /* there is something to be run */
	uint64_t count;
	uint64_t *branches; /* how often each was taken */
	size_t nr_branches;
	/* why it, or those of its branches that were not taken, cannot be; NULL: nobody says so */
	const char *reason, *branch_reason;
};

struct coverage_function {
	char *name;
	unsigned int line, last; /* its first and last line */
	uint64_t count;
	bool excused; /* no line of it can be reached */
};

/* @excused: not reached, and they cannot be. */
struct coverage_sum {
	size_t all, reached, excused;
};

/* One of the kernel's files; the same file in several configurations is one. */
struct coverage_file {
	char *path, *hash; /* SHA-256 of its text */
	char *engines;	   /* "6.12.94 x86_64, 6.12.94 arm64": where it was run */
	char *text;	   /* cut into lines */
	struct coverage_line *lines;
	size_t nr_lines; /* lines[0] is not used: lines count from 1 */
	struct coverage_function *functions;
	size_t nr_functions, room_functions;
	struct coverage_sum lines_sum, branches_sum, functions_sum; /* by coverage_report_close() */
};

struct coverage_report {
	struct coverage_file *files;
	size_t nr, room;
	struct coverage_reasons *reasons;
};

/* Adds what was collected; once for each engine, in the process that started it. */
int engine_coverage_finish(struct coverage *c, struct engine *e, struct coverage_report *report,
			   struct error *err);

/*
 * When all is added: sums, and the reasons for what was not reached, from @unreached (see
 * data/unreached) or, if that is NULL, from the one that comes with mbsim.
 */
int coverage_report_close(struct coverage_report *report, const char *unreached, struct error *err);
void coverage_report_release(struct coverage_report *report);

/* The function that a line is in, or NULL. */
const struct coverage_function *coverage_function_at(const struct coverage_file *file,
						     unsigned int line);

/*
 * The last line of the stretch of unreached ones that begins at @first, in one function and with
 * one reason; lines without code do not end it, nor do they make it longer.
 */
size_t coverage_stretch_end(const struct coverage_file *file, size_t first);

#endif
