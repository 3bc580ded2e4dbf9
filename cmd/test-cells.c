// SPDX-License-Identifier: GPL-2.0-or-later
/* mbsim test: kernels and configurations, one after the other. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/test.h"
#include "lib/array.h"
#include "lib/clock.h"
#include "lib/file.h"

struct session {
	const struct test_options *o;
	struct runner_options runner;
	struct report_tests *reports;
	size_t nr_reports;
	bool failed, unbuilt;
	struct coverage_report coverage;

	/* how far it is, if a terminal sees nothing else of it */
	bool tell;
	unsigned int tests_done, tests;
	size_t cells_done, cells;
	double told_at;
};

static void tell_progress(struct session *s)
{
	if (!s->tell || clock_seconds() - s->told_at < 0.2)
		return;
	s->told_at = clock_seconds();
	if (s->cells > 1)
		fprintf(stderr, "\r[%zu/%zu] ", s->cells_done + 1, s->cells);
	else
		fputc('\r', stderr);
	fprintf(stderr, "%u of %u tests\033[K", s->tests_done, s->tests);
}

static void clear_progress(const struct session *s)
{
	if (s->tell)
		fputs("\r\033[K", stderr);
}

static void one(void *data, const struct runner_suite *suite, const struct runner_test *test)
{
	struct session *s = data;

	for (size_t i = 0; i < s->nr_reports; i++)
		report_tests_one(&s->reports[i], suite, test);
	s->tests_done++;
	tell_progress(s);
}

/* After all tests were planned: does each glob fit one? */
static int check_globs(const struct test_options *o)
{
	struct error err = { 0 };

	for (size_t i = 0; i < o->runner.nr_globs; i++) {
		if (o->runner.used[i])
			continue;
		error_set(&err, ENOENT, "no test fits '%s'; --list shows them", o->runner.globs[i]);
		return cmd_error(CMD_WRONG, &err);
	}
	return CMD_HOLDS;
}

static void begin_cell(struct session *s, struct report_cell *cell)
{
	for (size_t i = 0; i < s->nr_reports; i++)
		report_tests_cell_begin(&s->reports[i], cell);
}

static void end_cell(struct session *s)
{
	for (size_t i = 0; i < s->nr_reports; i++)
		report_tests_cell_end(&s->reports[i]);
}

/*
 * What is run of a cell: the tests of suite/, and those of a kernel's own simulator, which need an
 * engine of their own. One is open at a time, and reports want to know of all of them first.
 */
struct part {
	struct engine_request request;
	size_t nr_suites;
	unsigned int total;
};

static size_t make_parts(const struct test_cell *cell, struct part parts[2])
{
	parts[0] = (struct part){ .request = cell->request };
	parts[0].request.upstream = NULL;
	if (!cell->request.upstream)
		return 1;
	parts[1] = (struct part){ .request = cell->request };
	return 2;
}

/* Opens the engine of a part, and plans its tests. */
static struct engine *open_part(struct session *s, struct part *part, struct runner_plan *plan,
				struct error *err)
{
	struct engine *e = cmd_try_engine(&part->request, err);

	if (!e)
		return NULL;
	runner_plan(e, &s->runner, plan);
	part->nr_suites = plan->nr;
	part->total = plan->total;
	return e;
}

static void close_part(struct engine *e, struct runner_plan *plan)
{
	runner_plan_release(plan);
	engine_close(e);
}

static int run_plan(struct session *s, struct report_cell *cell, struct engine *e,
		    struct runner_plan *plan)
{
	struct error err = { 0 };
	double start = clock_seconds();
	int status = test_coverage_begin(s->o, e, &s->runner);

	if (status != CMD_HOLDS)
		return status;
	if (runner_run(e, &s->runner, plan, one, s, &err))
		status = cmd_error(CMD_WRONG, &err);
	else
		status = test_coverage_end(e, &s->runner, &s->coverage);
	engine_coverage_free(s->runner.coverage);
	s->runner.coverage = NULL;
	for (int i = 0; i < RUNNER_NR_STATUS; i++)
		cell->counts[i] += plan->counts[i];
	cell->seconds += clock_seconds() - start;
	s->failed |= plan->counts[RUNNER_FAILED];
	s->runner.skip_all = s->failed && s->runner.stop_on_failure;
	return status;
}

/* The parts one after the other; @e and @plan are those of the first, which are closed. */
static int run_parts(struct session *s, struct report_cell *cell, struct part *parts, size_t nr,
		     struct engine *e, struct runner_plan *plan)
{
	struct error err = { 0 };
	int status;

	cell->e = e;
	begin_cell(s, cell);
	status = run_plan(s, cell, e, plan);
	close_part(e, plan);
	for (size_t i = 1; i < nr && status == CMD_HOLDS; i++) {
		cell->e = open_part(s, &parts[i], plan, &err);
		if (!cell->e)
			return cmd_error(CMD_WRONG, &err);
		status = run_plan(s, cell, (struct engine *)cell->e, plan);
		close_part((struct engine *)cell->e, plan);
	}
	if (status == CMD_HOLDS)
		end_cell(s);
	return status;
}

/* Of several cells, the others can be judged all the same. */
static int unbuilt(struct session *s, struct report_cell *cell, const struct error *err)
{
	if (err->code != ENOEXEC)
		return cmd_error(CMD_WRONG, err);
	s->unbuilt = true;
	cmd_error(CMD_UNBUILT, err);
	if (s->cells == 1)
		return CMD_UNBUILT;
	cell->error = array_strdup(err->text);
	begin_cell(s, cell);
	end_cell(s);
	return CMD_HOLDS;
}

static int run_cell(struct session *s, struct test_cell *cell)
{
	struct error err = { 0 };
	struct runner_plan plan;
	struct part parts[2];
	size_t all = make_parts(cell, parts), nr = all;
	struct engine *e = NULL;
	int status = CMD_HOLDS;

	/* the first one last, as it is run first */
	for (size_t i = nr; i--;) {
		e = open_part(s, &parts[i], &plan, &err);
		if (!e && i && err.code == ENOTSUP && s->cells > 1) {
			/* not to be had in this configuration; in the others it is */
			nr = i;
			continue;
		}
		if (!e)
			return unbuilt(s, &cell->report, &err);
		cell->report.nr_suites += parts[i].nr_suites;
		cell->report.total += parts[i].total;
		if (!i)
			continue;
		cell->report.upstream = array_strdup(engine_info(e)->upstream);
		close_part(e, &plan);
	}
	s->tests = cell->report.total;
	s->tests_done = 0;
	/* of a cell that lacks tests, nothing can be said */
	if (nr == all)
		status = check_globs(s->o);
	if (status == CMD_HOLDS)
		return run_parts(s, &cell->report, parts, nr, e, &plan);
	close_part(e, &plan);
	return status;
}

/* "6.12 arm64"; what was not asked for is called by what it is by default. */
static void name_cell(struct test_cell *cell)
{
	struct report_cell *r = &cell->report;
	char **installed = engine_list_kernels();

	r->kernel = array_strdup(cell->request.kernel ? cell->request.kernel
				 : *installed	      ? *installed
						      : "none");
	r->config = cell->request.config ? cell->request.config : "x86_64";
	r->name = file_path("%s %s", r->kernel, r->config);
	/* what follows a # would be read as something else */
	for (char *c = r->name; *c; c++)
		if (*c == '#' || *c == '\n')
			*c = '_';
	engine_list_free(installed);
}

int test_run_cells(const struct test_options *o, struct test_cell *cells, size_t nr,
		   struct report_tests *reports, size_t nr_reports)
{
	struct session s = {
		.o = o,
		.runner = o->runner,
		.reports = reports,
		.nr_reports = nr_reports,
		.cells = nr,
		.tell = isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO),
	};
	int status = CMD_HOLDS;

	for (size_t i = 0; i < nr; i++)
		name_cell(&cells[i]);
	for (size_t i = 0; i < nr_reports; i++) {
		reports[i].options = &s.runner;
		reports[i].nr_cells = nr;
		report_tests_begin(&reports[i]);
	}
	for (; s.cells_done < nr && status == CMD_HOLDS; s.cells_done++) {
		status = run_cell(&s, &cells[s.cells_done]);
		clear_progress(&s);
	}
	for (size_t i = 0; i < nr_reports && status == CMD_HOLDS; i++)
		report_tests_end(&reports[i]);
	if (status == CMD_HOLDS)
		status = test_coverage_write(o, &s.coverage, &reports[0]);
	coverage_report_release(&s.coverage);
	if (status != CMD_HOLDS)
		return status;
	return s.failed ? CMD_FAILS : s.unbuilt ? CMD_UNBUILT : CMD_HOLDS;
}

int test_list(const struct test_options *o, const struct test_cell *cell)
{
	struct session s = { .o = o, .runner = o->runner };
	struct error err = { 0 };
	struct part parts[2];
	size_t nr = make_parts(cell, parts);

	for (size_t i = 0; i < nr; i++) {
		struct runner_plan plan;
		struct engine *e = open_part(&s, &parts[i], &plan, &err);

		if (!e)
			return cmd_error(err.code == ENOEXEC ? CMD_UNBUILT : CMD_WRONG, &err);
		report_tests_list(&plan, stdout);
		close_part(e, &plan);
	}
	return check_globs(o);
}
