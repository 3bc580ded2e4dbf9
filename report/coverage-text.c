// SPDX-License-Identifier: GPL-2.0-or-later
/* Coverage in a few lines: sums, and what was not reached, by name and by number. */
#include <string.h>

#include "report/internal.h"

/* Cut, not rounded: 100 % is all of it. */
void report_coverage_percent(size_t part, size_t all, FILE *out)
{
	size_t permille = all ? 1000 * part / all : 1000;

	fprintf(out, "%zu.%zu %%", permille / 10, permille % 10);
}

static void print_sum(const char *prefix, const char *what, const struct coverage_sum *sum,
		      FILE *out)
{
	fprintf(out, "%s  %-9s %zu of %zu, ", prefix, what, sum->reached, sum->all);
	report_coverage_percent(sum->reached, sum->all, out);
	if (sum->excused) {
		fputs("; ", out);
		report_coverage_percent(sum->reached, sum->all - sum->excused, out);
		fprintf(out, " without the %zu that cannot be", sum->excused);
	}
	fputc('\n', out);
}

static void print_functions(const struct coverage_file *file, const char *prefix, FILE *out)
{
	if (file->functions_sum.reached == file->functions_sum.all)
		return;
	fprintf(out, "%s  functions never called:\n", prefix);
	for (size_t i = 0; i < file->nr_functions; i++)
		if (!file->functions[i].count)
			fprintf(out, "%s    %s\n", prefix, file->functions[i].name);
}

static void print_lines(const struct coverage_file *file, const char *prefix, FILE *out)
{
	if (file->lines_sum.reached == file->lines_sum.all)
		return;
	fprintf(out, "%s  lines never reached:\n", prefix);
	for (size_t i = 1; i < file->nr_lines; i++) {
		const struct coverage_function *f = coverage_function_at(file, i);
		const char *why = file->lines[i].reason;
		size_t last;

		if (!file->lines[i].code || file->lines[i].count)
			continue;
		last = coverage_stretch_end(file, i);
		fprintf(out, "%s    %zu", prefix, i);
		if (last > i)
			fprintf(out, "-%zu", last);
		fprintf(out, " %s%s%s\n", f ? f->name : "", why ? ": " : "", why ? why : "");
		i = last;
	}
}

void report_coverage_text(const struct coverage_report *report, const char *prefix, FILE *out)
{
	for (size_t i = 0; i < report->nr; i++) {
		const struct coverage_file *file = &report->files[i];

		fprintf(out, "%scoverage of %s, %s:\n", prefix, file->path, file->engines);
		print_sum(prefix, "lines", &file->lines_sum, out);
		print_sum(prefix, "branches", &file->branches_sum, out);
		print_sum(prefix, "functions", &file->functions_sum, out);
		print_functions(file, prefix, out);
		print_lines(file, prefix, out);
	}
}
