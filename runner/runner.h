/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_RUNNER_H
#define RUNNER_RUNNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/bugs.h"
#include "engine/coverage.h"
#include "engine/engine.h"
#include "lib/error.h"

/*
 * Runs the tests that are compiled into an engine (engine_request.tests), each from memblock's
 * pristine state, so that one that panics, faults or does not end fails alone. They run in processes
 * of their own, so that one that takes its process along, as a sanitizer's report does, fails
 * alone, too.
 */

struct runner_options {
	char **globs; /* "suite", "suite.test"; none: every test */
	size_t nr_globs;
	bool *used;		 /* set by runner_plan(): each glob that fits a test */
	unsigned int timeout_ms; /* for one test; 0: no limit */
	unsigned int repeat;	 /* each test is run that often, until it fails; 0: once */
	unsigned int jobs;	 /* processes; 0: none but this one, for debuggers */
	bool stop_on_failure;
	bool skip_all; /* as if a test had failed before */
	bool strict;   /* known bugs of a kernel are failures, too */
	bool shuffle;
	uint64_t seed;
	struct coverage *coverage; /* of the engine: collected after each test; or NULL */
};

enum runner_status {
	RUNNER_PASSED,
	RUNNER_FAILED,
	RUNNER_SKIPPED,
	RUNNER_KNOWN, /* failed, as is known of this memblock.c */
};
#define RUNNER_NR_STATUS (RUNNER_KNOWN + 1)

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
	const struct engine_bug *bug; /* by which it is known to fail, or NULL */

	/* results; strings are never NULL after the test was run */
	enum runner_status status;
	char *reason; /* why it was skipped, or how it ended if it did not return; may be empty */
	char *text;   /* what it said, lines that begin with '#' */
	char *log;    /* the kernel's log, lines */
	double seconds;
	struct runner_map *before, *after; /* of a failure; NULL: not known */
};

struct runner_suite {
	char *name;
	struct runner_test *tests;
	size_t nr, room;
	unsigned int counts[RUNNER_NR_STATUS];
	double seconds; /* of its tests, together */
};

/* The tests that are wanted, in the order in which they are run. */
struct runner_plan {
	struct runner_suite *suites;
	size_t nr, room;
	unsigned int total, counts[RUNNER_NR_STATUS];
};

/* What the options want. The caller releases. */
void runner_plan(struct engine *e, const struct runner_options *options, struct runner_plan *plan);
void runner_plan_release(struct runner_plan *plan);

typedef void runner_done(void *data, const struct runner_suite *suite,
			 const struct runner_test *test);

/*
 * Runs them; done() is called for each in the order of the plan, when its results are there.
 * -errno and @err if processes cannot be made.
 */
int runner_run(struct engine *e, const struct runner_options *options, struct runner_plan *plan,
	       runner_done *done, void *data, struct error *err);

#endif
