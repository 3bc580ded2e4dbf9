// SPDX-License-Identifier: GPL-2.0-or-later
/* Where a boot's memory went, as a table for people. */
#include <inttypes.h>
#include <libsmartcols.h>
#include <stdlib.h>

#include "lib/size.h"
#include "report/internal.h"

/* What is less than this part of the RAM is summed up. */
#define SMALL_PART 1000

static void add_row(struct libscols_table *t, int64_t bytes, int64_t ram, char sign,
		    const char *what, const char *function)
{
	struct libscols_line *line = report_table_line(t);
	uint64_t size = bytes < 0 ? -(uint64_t)bytes : (uint64_t)bytes;
	char text[SIZE_TEXT_MAX];

	report_table_set(line, 0, "%c", sign);
	report_table_set(line, 1, "%" PRIu64, size);
	report_table_set(line, 2, "%s", size_format(size, text));
	if (ram)
		report_table_set(line, 3, "%.2f", (double)size * 100 / (double)ram);
	report_table_set(line, 4, "%s", what);
	if (function)
		report_table_set(line, 5, "%s", function);
}

static bool is_small(const struct boot_item *item, int64_t ram)
{
	return item->kind == BOOT_ITEM_RESERVED && -item->bytes < ram / SMALL_PART;
}

/* Items are sorted, so that small ones are side by side: how many there are from @first on. */
static size_t count_small(const struct boot_result *r, size_t first, int64_t *bytes)
{
	size_t n;

	*bytes = 0;
	for (n = 0; first + n < r->nr_account; n++) {
		if (!is_small(&r->account[first + n], r->account[0].bytes))
			break;
		*bytes += r->account[first + n].bytes;
	}
	return n;
}

void report_boot_account(const struct boot_result *r, bool all, FILE *out)
{
	struct libscols_table *t = report_table_new(out);
	const size_t few = 3;
	int64_t bytes, ram = r->nr_account ? r->account[0].bytes : 0;

	report_table_column(t, "", 0);
	report_table_column(t, "BYTES", SCOLS_FL_RIGHT);
	report_table_column(t, "SIZE", SCOLS_FL_RIGHT);
	report_table_column(t, "%", SCOLS_FL_RIGHT);
	report_table_column(t, "WHAT", 0);
	report_table_column(t, "BY", 0);
	for (size_t i = 0, n; i < r->nr_account; i += n) {
		const struct boot_item *item = &r->account[i];
		char sign = item->bytes < 0 ? '-' : '+', what[64];

		n = all ? 0 : count_small(r, i, &bytes);
		if (n >= few) {
			snprintf(what, sizeof(what), "%zu small ones: %s ...", n, item->what);
			add_row(t, bytes, ram, '-', what, NULL);
			continue;
		}
		n = 1;
		if (item->kind == BOOT_ITEM_TOTAL)
			sign = '=';
		add_row(t, item->bytes, ram, sign, item->what, item->function);
	}
	report_table_print(t);
}
