// SPDX-License-Identifier: GPL-2.0-or-later
/* Coverage as a tracefile of lcov (geninfo(1)). */
#include <inttypes.h>

#include "report/internal.h"

static void write_functions(const struct coverage_file *file, FILE *out)
{
	for (size_t i = 0; i < file->nr_functions; i++)
		fprintf(out, "FN:%u,%s\n", file->functions[i].line, file->functions[i].name);
	for (size_t i = 0; i < file->nr_functions; i++)
		fprintf(out, "FNDA:%" PRIu64 ",%s\n", file->functions[i].count,
			file->functions[i].name);
	fprintf(out, "FNF:%zu\nFNH:%zu\n", file->functions_sum.all, file->functions_sum.reached);
}

/* A branch of a line that never ran is "-": it was not even decided. */
static void write_branches(const struct coverage_file *file, FILE *out)
{
	for (size_t i = 1; i < file->nr_lines; i++) {
		const struct coverage_line *line = &file->lines[i];

		for (size_t k = 0; k < line->nr_branches; k++)
			if (line->count)
				fprintf(out, "BRDA:%zu,0,%zu,%" PRIu64 "\n", i, k,
					line->branches[k]);
			else
				fprintf(out, "BRDA:%zu,0,%zu,-\n", i, k);
	}
	fprintf(out, "BRF:%zu\nBRH:%zu\n", file->branches_sum.all, file->branches_sum.reached);
}

static void write_lines(const struct coverage_file *file, FILE *out)
{
	for (size_t i = 1; i < file->nr_lines; i++)
		if (file->lines[i].code)
			fprintf(out, "DA:%zu,%" PRIu64 "\n", i, file->lines[i].count);
	fprintf(out, "LF:%zu\nLH:%zu\n", file->lines_sum.all, file->lines_sum.reached);
}

void report_coverage_lcov(const struct coverage_report *report, FILE *out)
{
	for (size_t i = 0; i < report->nr; i++) {
		fprintf(out, "TN:mbsim\nSF:%s\n", report->files[i].path);
		write_functions(&report->files[i], out);
		write_branches(&report->files[i], out);
		write_lines(&report->files[i], out);
		fputs("end_of_record\n", out);
	}
}
