// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Results of tests as KTAP, which begins with the plan at every level: suites and their tests, and
 * around them, if there are several, kernels. A known bug is ok with an XFAIL, as kselftest
 * has it, so that whoever reads it counts it among what passed.
 */
#include "report/internal.h"

static bool is_matrix(const struct report_tests *r)
{
	return r->nr_cells > 1;
}

static const char *indent(const struct report_tests *r)
{
	return is_matrix(r) ? "    " : "";
}

static void print_totals(const struct report_tests *r, const char *prefix,
			 const unsigned int *counts, unsigned int total)
{
	fprintf(r->out, "%s# Totals: pass:%u fail:%u skip:%u total:%u\n", prefix,
		counts[RUNNER_PASSED] + counts[RUNNER_KNOWN], counts[RUNNER_FAILED],
		counts[RUNNER_SKIPPED], total);
	if (counts[RUNNER_KNOWN])
		fprintf(r->out, "%s# Expected failures among those that pass: %u\n", prefix,
			counts[RUNNER_KNOWN]);
}

static void ktap_begin(struct report_tests *r)
{
	if (is_matrix(r))
		fprintf(r->out, "KTAP version 1\n1..%zu\n", r->nr_cells);
}

static void ktap_cell_begin(struct report_tests *r)
{
	if (r->cell->error) {
		fprintf(r->out, "# %s: %s\n", r->cell->name, r->cell->error);
		return;
	}
	fprintf(r->out, "%sKTAP version 1\n", indent(r));
	if (is_matrix(r))
		fprintf(r->out, "    # Subtest: %s\n", r->cell->name);
	report_tests_origin(r, is_matrix(r) ? "    # " : "# ");
	fprintf(r->out, "%s1..%zu\n", indent(r), r->cell->nr_suites);
}

static void ktap_one(struct report_tests *r, const struct runner_suite *suite,
		     const struct runner_test *t, bool last)
{
	const char *outer = indent(r), *inner = is_matrix(r) ? "        " : "    ";

	if (r->test_number == 1)
		fprintf(r->out, "%sKTAP version 1\n%s# Subtest: %s\n%s1..%zu\n", inner, inner,
			suite->name, inner, suite->nr);
	report_tests_details(r, r->out, t, inner, "# ");
	fprintf(r->out, "%s%sok %u %s", inner, t->status == RUNNER_FAILED ? "not " : "",
		r->test_number, t->name);
	if (t->status == RUNNER_SKIPPED)
		fprintf(r->out, " # SKIP %s", t->reason);
	else if (t->status == RUNNER_KNOWN)
		fprintf(r->out, " # XFAIL %s", t->reason);
	fputc('\n', r->out);
	if (!last)
		return;
	fprintf(r->out, "%s%sok %u %s", outer, suite->counts[RUNNER_FAILED] ? "not " : "",
		r->suite_number, suite->name);
	if (suite->counts[RUNNER_SKIPPED] == suite->nr)
		fprintf(r->out, " # SKIP all of its tests were skipped");
	fputc('\n', r->out);
	fflush(r->out);
}

static void ktap_cell_end(struct report_tests *r)
{
	const struct report_cell *cell = r->cell;

	if (!cell->error)
		print_totals(r, is_matrix(r) ? "    " : "", cell->counts, cell->total);
	if (is_matrix(r))
		fprintf(r->out, "%sok %u %s\n",
			cell->error || cell->counts[RUNNER_FAILED] ? "not " : "", r->cell_number,
			cell->name);
}

static void ktap_end(struct report_tests *r)
{
	if (is_matrix(r))
		print_totals(r, "", r->counts, r->total);
}

const struct report_tests_form report_tests_ktap = {
	ktap_begin, ktap_cell_begin, ktap_one, ktap_cell_end, ktap_end,
};
