// SPDX-License-Identifier: GPL-2.0-or-later
/* Answers to questions, for people. */
#include <inttypes.h>
#include <libsmartcols.h>

#include "lib/size.h"
#include "report/explain.h"
#include "report/table.h"

static void print_value(struct libscols_line *line, size_t column, const struct explain_value *v)
{
	char size[SIZE_TEXT_MAX];
	int64_t change = (int64_t)v->number;

	switch (v->kind) {
	case EXPLAIN_TEXT:
		report_table_set(line, column, "%s", v->text ? v->text : "");
		break;
	case EXPLAIN_NUMBER:
		report_table_set(line, column, "%" PRIu64, v->number);
		break;
	case EXPLAIN_BYTES:
		report_table_set(line, column, "%s", size_format(v->number, size));
		break;
	case EXPLAIN_CHANGE:
		report_table_set(line, column, "%" PRId64, change);
		break;
	case EXPLAIN_ADDRESS:
		report_table_set(line, column, "%#" PRIx64, v->number);
		break;
	case EXPLAIN_BOOL:
		report_table_set(line, column, "%s", v->number ? "yes" : "no");
		break;
	}
}

/* Rows of a table that are shown, unless all are to be. */
#define FEW 40

static void print_table(const struct explain_table *et, bool all, FILE *out)
{
	struct libscols_table *t;
	size_t rows = et->nr_cells / et->nr_columns;
	size_t shown = all || rows <= FEW ? rows : FEW - 1;

	t = report_table_new(out);
	for (size_t i = 0; i < et->nr_columns; i++)
		if (et->columns[i].heading)
			report_table_column(t, et->columns[i].heading,
					    et->columns[i].kind == EXPLAIN_TEXT ? 0
										: SCOLS_FL_RIGHT);
	for (size_t row = 0; row < shown * et->nr_columns; row += et->nr_columns) {
		struct libscols_line *line = report_table_line(t);
		size_t column = 0;

		for (size_t i = 0; i < et->nr_columns && row + i < et->nr_cells; i++) {
			if (!et->columns[i].heading)
				continue;
			if (!et->cells[row + i].none)
				print_value(line, column, &et->cells[row + i]);
			column++;
		}
	}
	fprintf(out, "\n%s\n", et->heading);
	report_table_print(t);
	if (shown < rows)
		fprintf(out, "... and %zu rows more (-v shows them)\n", rows - shown);
}

static void print_header(const struct explain *x, const struct explain_answer *a, FILE *out)
{
	const char *name = x->log ? x->log->name : x->layout->name;

	fprintf(out, "%s: %s; Linux %s (%s, memblock.c %.12s)\n", name,
		a->from ? a->from : "what is known of it", a->kernel->version, a->kernel->config,
		a->kernel->memblock_hash);
	if (a->cmdline && *a->cmdline)
		fprintf(out, "command line: %s\n", a->cmdline);
}

void report_explain_text(const struct explain *x, const struct explain_answer *a, bool verbose,
			 FILE *out)
{
	bool after_table = true;

	print_header(x, a, out);
	for (size_t i = 0; i < a->nr_parts; i++) {
		const struct explain_part *p = &a->parts[i];

		if (p->sentence) {
			fprintf(out, "%s%s\n", after_table ? "\n" : "", p->sentence);
			after_table = false;
		} else if (p->table->nr_cells) {
			print_table(p->table, verbose, out);
			after_table = true;
		}
	}
	if (a->nr_models)
		putc('\n', out);
	for (size_t i = 0; i < a->nr_models; i++)
		fprintf(out, "model: %s.\n", a->models[i]);
	if (verbose && a->nr_notes)
		putc('\n', out);
	for (size_t i = 0; verbose && i < a->nr_notes; i++)
		fprintf(out, "note: %s\n", a->notes[i]);
	if (!verbose && a->nr_notes)
		fprintf(out, "\n(%zu note%s on what was assumed: -v)\n", a->nr_notes,
			a->nr_notes == 1 ? "" : "s");
}
