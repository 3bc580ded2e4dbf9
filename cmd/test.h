/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMD_TEST_H
#define CMD_TEST_H

#include "cmd/cmd.h"
#include "report/coverage.h"
#include "report/tests.h"
#include "runner/runner.h"

/* What the files of `mbsim test` share. */
struct test_options {
	struct engine_options engine;
	struct runner_options runner;
	const char *junit, *gdb;
	const char *coverage; /* a directory, or NULL */
	bool list, ktap, json;
};

/* What `mbsim test` is called with; begins with what @o has. */
void cmd_parse_test(int argc, char **argv, struct test_options *o);

/* One kernel in one configuration. */
struct test_cell {
	struct engine_request request;
	struct report_cell report;
};

/* test-cells.c: runs them one after the other; an exit status. */
int test_run_cells(const struct test_options *o, struct test_cell *cells, size_t nr,
		   struct report_tests *reports, size_t nr_reports);
/* Lists the tests of one. */
int test_list(const struct test_options *o, const struct test_cell *cell);

/* test-gdb.c: becomes gdb, at the test that o->gdb names. Returns only if it cannot. */
int test_gdb(const struct test_options *o, const struct test_cell *cell);

/*
 * test-coverage.c, which does nothing if o->coverage is NULL: before anything else; around the tests
 * of an engine; and when all have run, where @text says how the summary is told. Exit
 * statuses, with the error told.
 */
int test_coverage_prepare(const struct test_options *o);
int test_coverage_begin(const struct test_options *o, struct engine *e,
			struct runner_options *runner);
int test_coverage_end(struct engine *e, struct runner_options *runner,
		      struct coverage_report *coverage);
int test_coverage_write(const struct test_options *o, struct coverage_report *coverage,
			const struct report_tests *tests);

#endif
