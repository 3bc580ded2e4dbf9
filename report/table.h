/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include <libsmartcols.h>
#include <stdint.h>
#include <stdio.h>

/* Tables for people, by libsmartcols; want of memory ends the program. */

/* An empty table; unlimited, where it is written to no terminal. */
struct libscols_table *report_table_new(FILE *out);

/* A column; @flags are SCOLS_FL_RIGHT and the like. */
void report_table_column(struct libscols_table *t, const char *name, int flags);

struct libscols_line *report_table_line(struct libscols_table *t);

void report_table_set(struct libscols_line *line, size_t column, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Prints and frees it. */
void report_table_print(struct libscols_table *t);

#endif
