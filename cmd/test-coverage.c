// SPDX-License-Identifier: GPL-2.0-or-later
/* mbsim test --coverage: what the tests reach of the kernel's files. */
#include "cmd/test.h"

int test_coverage_prepare(const struct test_options *o)
{
	struct error err = { 0 };

	if (o->coverage && report_coverage_prepare(o->coverage, &err))
		return cmd_error(CMD_WRONG, &err);
	return CMD_HOLDS;
}

int test_coverage_begin(const struct test_options *o, struct engine *e,
			struct runner_options *runner)
{
	struct error err = { 0 };

	runner->coverage = o->coverage ? engine_coverage_start(e, &err) : NULL;
	if (o->coverage && !runner->coverage)
		return cmd_error(CMD_WRONG, &err);
	return CMD_HOLDS;
}

int test_coverage_end(struct engine *e, struct runner_options *runner,
		      struct coverage_report *coverage)
{
	struct error err = { 0 };

	if (runner->coverage && engine_coverage_finish(runner->coverage, e, coverage, &err))
		return cmd_error(CMD_WRONG, &err);
	return CMD_HOLDS;
}

int test_coverage_write(const struct test_options *o, struct coverage_report *coverage,
			const struct report_tests *tests)
{
	struct error err = { 0 };

	/* none where no kernel could be built */
	if (!o->coverage || !coverage->nr)
		return CMD_HOLDS;
	if (coverage_report_close(coverage, NULL, &err) ||
	    report_coverage_write(coverage, o->coverage, &err))
		return cmd_error(CMD_WRONG, &err);
	/* JSON is one object, with nothing behind it */
	report_coverage_text(coverage, tests->form == REPORT_KTAP ? "# " : "",
			     tests->form == REPORT_JSON ? stderr : tests->out);
	return CMD_HOLDS;
}
