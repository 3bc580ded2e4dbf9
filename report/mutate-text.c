// SPDX-License-Identifier: GPL-2.0-or-later
/* What became of mutants, for people. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "report/internal.h"
#include "report/mutate.h"
#include "report/table.h"

static void print_functions(const struct mutate_sum *sum, FILE *out)
{
	struct libscols_table *t;

	if (!sum->nr_functions)
		return;
	t = report_table_new(out);
	report_table_column(t, "FUNCTION", 0);
	report_table_column(t, "KILLED", SCOLS_FL_RIGHT);
	report_table_column(t, "OF", SCOLS_FL_RIGHT);
	report_table_column(t, "SUITE", SCOLS_FL_RIGHT);
	report_table_column(t, "REPLAY", SCOLS_FL_RIGHT);
	report_table_column(t, "FUZZ", SCOLS_FL_RIGHT);
	report_table_column(t, "", 0);
	for (size_t i = 0; i < sum->nr_functions; i++) {
		const struct mutate_function *f = &sum->functions[i];
		size_t survived = f->killers[MUTANT_BY_NOBODY];
		struct libscols_line *line = report_table_line(t);

		report_table_set(line, 0, "%s", f->name);
		report_table_set(line, 1, "%zu", f->total - survived);
		report_table_set(line, 2, "%zu", f->total);
		for (int k = MUTANT_BY_SUITE; k < MUTANT_NR_KILLERS; k++)
			report_table_set(line, 2 + k, "%zu", f->killers[k]);
		report_table_set(line, 3 + MUTANT_BY_FUZZ, "%s", survived ? "*" : "");
	}
	report_table_print(t);
	fputc('\n', out);
}

static void print_diff(const struct report_mutate *r, const struct mutant *m, const char *indent)
{
	char *diff = mutant_diff(r->text, m, "mm/memblock.c");

	for (const char *at = diff; *at;) {
		int n = (int)strcspn(at, "\n");

		fprintf(r->out, "%s%.*s\n", indent, n, at);
		at += n + (at[n] == '\n');
	}
	free(diff);
}

static void print_survivor(const struct report_mutate *r, const struct mutant *m)
{
	size_t configs = 1;

	for (const char *p = m->differs; *p; p++)
		configs += *p == ' ';
	fprintf(r->out, "%s\n  %s\n", m->id, m->change);
	if (configs < r->base->nr_configs)
		fprintf(r->out, "  (differs only in: %s)\n", m->differs);
	if (r->diff)
		print_diff(r, m, "  ");
	fputc('\n', r->out);
}

static void print_sum(const struct report_mutate *r)
{
	const struct mutate_sum *sum = r->sum;
	const size_t *fates = sum->fates;
	FILE *out = r->out;

	fprintf(out, "%s: %zu of %zu mutants (seed %" PRIu64 ")%s", r->kernel->version,
		r->mutants->nr, r->possible, r->seed, r->base->nr_configs ? " in" : "");
	for (size_t i = 0; i < r->base->nr_configs; i++)
		fprintf(out, " %s", mutate_config_name(r->base, i));
	fprintf(out, "; %zu logs; %.0f s of fuzzing\n", r->base->nr_logs, r->fuzz_seconds);
	fprintf(out, "not counted: %zu equivalent, %zu listed as equivalent, %zu not compiled\n",
		fates[MUTANT_EQUIVALENT], fates[MUTANT_LISTED], fates[MUTANT_DISCARDED]);
	fprintf(out,
		"killed: %zu of %zu, %zu.%zu %%: %zu by tests, %zu by logs, %zu by fuzzing; "
		"%zu survived\n",
		fates[MUTANT_KILLED], sum->total, sum->tenths / 10, sum->tenths % 10,
		sum->killers[MUTANT_BY_SUITE], sum->killers[MUTANT_BY_REPLAY],
		sum->killers[MUTANT_BY_FUZZ], fates[MUTANT_SURVIVED]);
	if (fates[MUTANT_WAITING])
		fprintf(out, "not tried: %zu, as it was ended by a signal\n",
			fates[MUTANT_WAITING]);
}

void report_mutate_text(const struct report_mutate *r)
{
	print_functions(r->sum, r->out);
	for (size_t i = 0; i < r->mutants->nr; i++)
		if (r->mutants->v[i].fate == MUTANT_SURVIVED)
			print_survivor(r, &r->mutants->v[i]);
	for (size_t i = 0; i < r->mutants->nr; i++) {
		const struct mutant *m = &r->mutants->v[i];

		if (m->fate == MUTANT_BROKEN)
			fprintf(r->out, "%s\n  %s\n  BUG: %s\n\n", m->id, m->change, m->why);
	}
	print_sum(r);
}

void report_mutate_list(const struct report_mutate *r)
{
	for (size_t i = 0; i < r->mutants->nr; i++) {
		const struct mutant *m = &r->mutants->v[i];

		fprintf(r->out, "%s\n  %s\n", m->id, m->change);
		if (m->why)
			fprintf(r->out, "  equivalent: %s\n", m->why);
		if (r->diff)
			print_diff(r, m, "");
	}
}

void report_mutate_progress(const char *doing, const struct mutants *m, FILE *out)
{
	struct mutate_sum sum;

	if (doing) {
		fprintf(out, "\r%.78s\033[K", doing);
	} else {
		mutate_sum(m, &sum);
		fprintf(out, "\r%zu of %zu: %zu killed, %zu survived, %zu equivalent\033[K",
			m->nr - sum.fates[MUTANT_WAITING], m->nr, sum.fates[MUTANT_KILLED],
			sum.fates[MUTANT_SURVIVED],
			sum.fates[MUTANT_EQUIVALENT] + sum.fates[MUTANT_LISTED]);
		mutate_sum_release(&sum);
	}
	fflush(out);
}
