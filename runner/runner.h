/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_RUNNER_H
#define RUNNER_RUNNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/engine.h"
#include "lib/error.h"

/*
 * Runs the tests of suite/ that are compiled into an engine (engine_request.tests), each from
 * memblock's pristine state, so that one that panics, faults or does not end fails alone.
 */

struct runner_options {
	char **globs; /* "suite", "suite.test"; none: every test */
	size_t nr_globs;
	unsigned int timeout_ms; /* for one test; 0: no limit */
	unsigned int repeat;	 /* each test is run that often, until it fails; 0: once */
	bool stop_on_failure;
	bool shuffle;
	uint64_t seed;
};

enum runner_status {
	RUNNER_PASSED,
	RUNNER_FAILED,
	RUNNER_SKIPPED,
};

/* Of a list of memblock's at one moment; more regions than fit are only counted. */
#define RUNNER_MAX_REGIONS 64
struct runner_map {
	bool taken;
	struct runner_list {
		bool there;
		const char *name;
		uint64_t cnt;
		struct rt_region regions[RUNNER_MAX_REGIONS];
	} lists[RT_NR_TYPES];
};

struct runner_test {
	char *name; /* "situation/parameter" */
	struct rt_test rt;

	/* results; strings are never NULL after the test was run */
	enum runner_status status;
	char *reason; /* why it was skipped, or how it ended if it did not return; may be empty */
	char *text;   /* what it said, lines that begin with '#' */
	char *log;    /* the kernel's log, lines */
	struct runner_map *before, *after; /* of a failure; NULL: not known */
};

struct runner_suite {
	char *name;
	struct runner_test *tests;
	size_t nr, room;
	unsigned int failed, skipped;
};

/* The tests that are wanted, in the order in which they are run. */
struct runner_plan {
	struct runner_suite *suites;
	size_t nr, room;
	unsigned int total, passed, failed, skipped;
};

/* What the options want; -ENOENT and @err if a glob fits nothing. The caller releases. */
int runner_plan(struct engine *e, const struct runner_options *options, struct runner_plan *plan,
		struct error *err);
void runner_plan_release(struct runner_plan *plan);

/* Runs them; done() is called after each, when its results are there. */
void runner_run(struct engine *e, const struct runner_options *options, struct runner_plan *plan,
		void (*done)(void *data, const struct runner_suite *suite,
			     const struct runner_test *test),
		void *data);

#endif
