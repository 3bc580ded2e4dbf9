// SPDX-License-Identifier: GPL-2.0-or-later
/* What a boot took for facts of the kernel's build, for people. */
#include <inttypes.h>
#include <libsmartcols.h>

#include "lib/size.h"
#include "report/internal.h"

static void set_value(struct libscols_line *line, enum boot_fact fact, uint64_t value)
{
	char size[SIZE_TEXT_MAX];

	switch (boot_fact_unit(fact)) {
	case BOOT_BYTES:
		report_table_set(line, 1, "%" PRIu64, value);
		report_table_set(line, 2, "%s", size_format(value, size));
		break;
	case BOOT_ADDRESS:
		report_table_set(line, 1, "%#" PRIx64, value);
		break;
	case BOOT_NUMBER:
		report_table_set(line, 1, "%" PRIu64, value);
		break;
	case BOOT_YES_OR_NO:
		report_table_set(line, 1, "%s", value ? "yes" : "no");
		break;
	}
}

void report_boot_facts(const struct boot_result *r, FILE *out)
{
	struct libscols_table *t = report_table_new(out);

	report_table_column(t, "FACT", 0);
	report_table_column(t, "VALUE", SCOLS_FL_RIGHT);
	report_table_column(t, "SIZE", SCOLS_FL_RIGHT);
	report_table_column(t, "SOURCE", 0);
	report_table_column(t, "BY", SCOLS_FL_TRUNC);
	for (int i = 0; i < BOOT_NR_FACTS; i++) {
		const struct boot_known *k = &r->build.v[i];
		struct libscols_line *line;

		if (!k->there)
			continue;
		line = report_table_line(t);
		report_table_set(line, 0, "%s", boot_fact_name(i));
		set_value(line, i, k->value);
		report_table_set(line, 3, "%s", boot_source_name(k->source));
		if (k->line)
			report_table_set(line, 4, "%s (line %u)", k->where, k->line);
		else
			report_table_set(line, 4, "%s", k->where);
	}
	fputs("\nWhat is known of the kernel's build:\n", out);
	report_table_print(t);
}
