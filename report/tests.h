/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_TESTS_H
#define REPORT_TESTS_H

#include <stdbool.h>
#include <stdio.h>

#include "runner/runner.h"

/* Results of tests as they come in, in one of three forms. */
enum report_form {
	REPORT_KTAP, /* for kunit.py, prove and the like */
	REPORT_TEXT, /* for a terminal */
	REPORT_JSON,
};

struct report_tests {
	enum report_form form;
	const struct engine *e;
	const struct runner_options *options;
	const struct runner_plan *plan;
	FILE *out;
	bool colour;

	unsigned int suite_number, test_number; /* for their own use */
	void *json;
};

void report_tests_begin(struct report_tests *r);
/* For runner_run(); @data is a struct report_tests. */
void report_tests_one(void *data, const struct runner_suite *suite, const struct runner_test *test);
void report_tests_end(struct report_tests *r);

/* "suite.test" a line. */
void report_tests_list(const struct runner_plan *plan, FILE *out);

#endif
