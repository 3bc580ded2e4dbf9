// SPDX-License-Identifier: GPL-2.0-or-later
/* Results of tests for a terminal: a line for each suite, failures in full, a table at the end. */
#include <libsmartcols.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "report/internal.h"

/* What the table at the end is about. */
struct cells {
	const struct report_cell **v;
	size_t nr, room;
};

static const char *red(const struct report_tests *r)
{
	return r->colour ? "\033[31m" : "";
}

static const char *plain(const struct report_tests *r)
{
	return r->colour ? "\033[m" : "";
}

static void text_begin(struct report_tests *r)
{
	r->state = array_resize(NULL, 1, sizeof(struct cells));
	memset(r->state, 0, sizeof(struct cells));
}

static void text_cell_begin(struct report_tests *r)
{
	if (r->cell_number > 1)
		fputc('\n', r->out);
	report_tests_origin(r, "");
	if (r->cell->error)
		fprintf(r->out, "%s%s%s\n", red(r), r->cell->error, plain(r));
}

static void text_one(struct report_tests *r, const struct runner_suite *suite,
		     const struct runner_test *t, bool last)
{
	const unsigned int *counts = suite->counts;

	if (t->status == RUNNER_FAILED) {
		fprintf(r->out, "%sFAILED%s %s.%s\n", red(r), plain(r), suite->name, t->name);
		report_tests_details(r, r->out, t, "  ", "");
	} else if (t->status == RUNNER_KNOWN) {
		fprintf(r->out, "known bug: %s.%s: %s\n", suite->name, t->name, t->reason);
	}
	if (!last)
		return;
	fprintf(r->out, "  %-36s %4zu tests", suite->name, suite->nr);
	if (counts[RUNNER_SKIPPED])
		fprintf(r->out, ", %u skipped", counts[RUNNER_SKIPPED]);
	if (counts[RUNNER_KNOWN])
		fprintf(r->out, ", %u known to fail", counts[RUNNER_KNOWN]);
	if (counts[RUNNER_FAILED])
		fprintf(r->out, ", %s%u failed%s", red(r), counts[RUNNER_FAILED], plain(r));
	fputc('\n', r->out);
}

static void text_cell_end(struct report_tests *r)
{
	struct cells *cells = r->state;

	/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
	ARRAY_APPEND(cells->v, cells->nr, cells->room) = r->cell;
}

static void set_number(struct libscols_line *line, size_t column, double number, const char *format)
{
	char text[32];

	snprintf(text, sizeof(text), format, number);
	if (scols_line_set_data(line, column, text))
		array_die();
}

/* Numbers of one cell, or what it came to instead. */
static void print_row(struct libscols_table *t, const struct report_cell *cell)
{
	static const enum runner_status order[] = { RUNNER_PASSED, RUNNER_FAILED, RUNNER_KNOWN,
						    RUNNER_SKIPPED };
	struct libscols_line *line = scols_table_new_line(t, NULL);

	if (!line || scols_line_set_data(line, 0, cell->kernel) ||
	    scols_line_set_data(line, 1, cell->config) ||
	    scols_line_set_data(line, 7, cell->error ? "could not be built" : ""))
		array_die();
	if (cell->error)
		return;
	for (size_t i = 0; i < ARRAY_LEN(order); i++)
		set_number(line, 2 + i, cell->counts[order[i]], "%.0f");
	set_number(line, 6, cell->seconds, "%.2f");
}

static void print_table(const struct report_tests *r)
{
	static const char *const names[] = { "KERNEL", "CONFIGURATION", "PASSED",  "FAILED",
					     "KNOWN",  "SKIPPED",	"SECONDS", "" };
	struct libscols_table *t = scols_new_table();
	const struct cells *cells = r->state;

	if (!t)
		array_die();
	scols_table_set_stream(t, r->out);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (!scols_table_new_column(t, names[i], 0, i > 1 && i < 7 ? SCOLS_FL_RIGHT : 0))
			array_die();
	for (size_t i = 0; i < cells->nr; i++)
		print_row(t, cells->v[i]);
	fputc('\n', r->out);
	scols_print_table(t);
	scols_unref_table(t);
}

static void text_end(struct report_tests *r)
{
	struct cells *cells = r->state;

	if (r->nr_cells > 1)
		print_table(r);
	fprintf(r->out, "%u passed, %s%u failed%s, %u known to fail, %u skipped\n",
		r->counts[RUNNER_PASSED], r->counts[RUNNER_FAILED] ? red(r) : "",
		r->counts[RUNNER_FAILED], r->counts[RUNNER_FAILED] ? plain(r) : "",
		r->counts[RUNNER_KNOWN], r->counts[RUNNER_SKIPPED]);
	free(cells->v);
	free(cells);
}

const struct report_tests_form report_tests_text = {
	text_begin, text_cell_begin, text_one, text_cell_end, text_end,
};
