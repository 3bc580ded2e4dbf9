/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_TESTS_H
#define REPORT_TESTS_H

#include <stdbool.h>
#include <stdio.h>

#include "runner/runner.h"

/* Results of tests as they come in, in one of several forms. */
enum report_form {
	REPORT_KTAP, /* for kunit.py, prove and the like */
	REPORT_TEXT, /* for a terminal */
	REPORT_JSON,
	REPORT_JUNIT, /* XML, for those who gather results of builds */
	REPORT_NR_FORMS,
};

/* A kernel's memblock in a configuration, whose tests are run. */
struct report_cell {
	char *name;		     /* "6.12 arm64" */
	const char *kernel, *config; /* as they were asked for */
	const struct engine *e;	     /* that runs now */
	const char *error;	     /* why it could not be built; NULL: it was */
	char *upstream; /* where the tests of a simulator of the kernel's own are, or NULL */
	size_t nr_suites;
	unsigned int total, counts[RUNNER_NR_STATUS];
	double seconds;
};

struct report_tests {
	enum report_form form;
	const struct runner_options *options;
	size_t nr_cells;
	FILE *out;
	bool colour;

	/* for their own use */
	struct report_cell *cell;
	unsigned int cell_number, suite_number, test_number;
	unsigned int total, counts[RUNNER_NR_STATUS], unbuilt;
	void *state;
};

/*
 * In this order: begin, and for each cell cell_begin, its tests suite by suite as runner_run() gives
 * them, and cell_end with its counts filled in; then end. A cell stays valid until then.
 */
void report_tests_begin(struct report_tests *r);
void report_tests_cell_begin(struct report_tests *r, struct report_cell *cell);
void report_tests_one(struct report_tests *r, const struct runner_suite *suite,
		      const struct runner_test *test);
void report_tests_cell_end(struct report_tests *r);
void report_tests_end(struct report_tests *r);

/* "suite.test" a line. */
void report_tests_list(const struct runner_plan *plan, FILE *out);

#endif
