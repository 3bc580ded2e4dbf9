// SPDX-License-Identifier: GPL-2.0-or-later
/* Results of tests: what all forms of their report have in common. */
#include "report/internal.h"
#include "report/tests.h"

static const struct report_tests_form *const forms[REPORT_NR_FORMS] = {
	[REPORT_KTAP] = &report_tests_ktap,
	[REPORT_TEXT] = &report_tests_text,
	[REPORT_JSON] = &report_tests_json,
	[REPORT_JUNIT] = &report_tests_junit,
};

void report_tests_begin(struct report_tests *r)
{
	if (forms[r->form]->begin)
		forms[r->form]->begin(r);
}

void report_tests_cell_begin(struct report_tests *r, struct report_cell *cell)
{
	r->cell = cell;
	r->suite_number = 0;
	r->cell_number++;
	if (forms[r->form]->cell_begin)
		forms[r->form]->cell_begin(r);
}

void report_tests_one(struct report_tests *r, const struct runner_suite *suite,
		      const struct runner_test *test)
{
	bool last = ++r->test_number == suite->nr;

	r->suite_number += r->test_number == 1;
	forms[r->form]->one(r, suite, test, last);
	if (last)
		r->test_number = 0;
}

void report_tests_cell_end(struct report_tests *r)
{
	for (int i = 0; i < RUNNER_NR_STATUS; i++)
		r->counts[i] += r->cell->counts[i];
	r->total += r->cell->total;
	r->unbuilt += !!r->cell->error;
	if (forms[r->form]->cell_end)
		forms[r->form]->cell_end(r);
}

void report_tests_end(struct report_tests *r)
{
	if (forms[r->form]->end)
		forms[r->form]->end(r);
}

void report_tests_list(const struct runner_plan *plan, FILE *out)
{
	for (size_t i = 0; i < plan->nr; i++)
		for (size_t k = 0; k < plan->suites[i].nr; k++)
			fprintf(out, "%s.%s\n", plan->suites[i].name,
				plan->suites[i].tests[k].name);
}
