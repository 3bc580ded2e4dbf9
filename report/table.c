// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/table.h"

#include <locale.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>

#include "lib/array.h"

struct libscols_table *report_table_new(FILE *out)
{
	struct libscols_table *t = scols_new_table();

	if (!t)
		array_die();
	/* libsmartcols measures texts by it */
	setlocale(LC_CTYPE, "");
	scols_table_set_stream(t, out);
	scols_table_enable_noencoding(t, 1);
	return t;
}

void report_table_column(struct libscols_table *t, const char *name, int flags)
{
	if (!scols_table_new_column(t, name, 0, flags))
		array_die();
}

struct libscols_line *report_table_line(struct libscols_table *t)
{
	struct libscols_line *line = scols_table_new_line(t, NULL);

	if (!line)
		array_die();
	return line;
}

/* What the locale cannot print may keep libsmartcols from ever coming to an end. */
static void make_printable(char *text)
{
	bool known = MB_CUR_MAX > 1 && mbstowcs(NULL, text, 0) != (size_t)-1;

	for (char *s = text; *s; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f || (!known && (*s & 0x80)))
			*s = '?';
}

void report_table_set(struct libscols_line *line, size_t column, const char *fmt, ...)
{
	char *text;
	va_list args;

	va_start(args, fmt);
	text = array_vformat(fmt, args);
	va_end(args);
	make_printable(text);
	scols_line_refer_data(line, column, text);
}

void report_table_print(struct libscols_table *t)
{
	scols_print_table(t);
	scols_unref_table(t);
}
