// SPDX-License-Identifier: GPL-2.0-or-later
/* A boot beside the log that it was made from, for people. */
#include <libsmartcols.h>

#include "report/internal.h"

static const char *verdict(const struct prediction_row *row)
{
	return row->given ? "given" : row->equal ? "equal" : row->near ? "within 1 %" : "DIFFERS";
}

void report_boot_prediction(const struct prediction *p, FILE *out)
{
	struct libscols_table *t;

	if (!p->nr)
		return;
	t = report_table_new(out);
	report_table_column(t, "WHAT", 0);
	report_table_column(t, "PREDICTED", 0);
	report_table_column(t, "LOG", 0);
	report_table_column(t, "LINE", SCOLS_FL_RIGHT);
	report_table_column(t, "", 0);
	for (size_t i = 0; i < p->nr; i++) {
		struct libscols_line *line = report_table_line(t);

		report_table_set(line, 0, "%s", p->rows[i].what);
		report_table_set(line, 1, "%s", p->rows[i].ours);
		report_table_set(line, 2, "%s", p->rows[i].told);
		if (p->rows[i].line)
			report_table_set(line, 3, "%u", p->rows[i].line);
		report_table_set(line, 4, "%s", verdict(&p->rows[i]));
	}
	fputs("\nPredicted, from the firmware's facts, the command line and the kernel's build; and what "
	      "the kernel printed:\n",
	      out);
	report_table_print(t);
	for (size_t i = 0; i < p->nr; i++)
		if (!p->rows[i].equal && (p->rows[i].why || !p->rows[i].near))
			fprintf(out, "%s: %s\n", p->rows[i].what,
				p->rows[i].why ? p->rows[i].why
					       : "the log does not tell why it differs");
	fprintf(out, "%zu of %zu equal, %zu more within 1 %%.\n", p->equal, p->nr - p->given,
		p->near);
}
