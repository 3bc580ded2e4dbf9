/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_EXPLAIN_H
#define REPORT_EXPLAIN_H

#include <stdio.h>

#include "explain/explain.h"

/* An answer for people: its sentences and tables, in their order. @verbose: with the notes, and all rows
 * of long tables. */
void report_explain_text(const struct explain *x, const struct explain_answer *a, bool verbose,
			 FILE *out);
/* The same for programs: one JSON object; its keys are described in report/explain-json.c. */
void report_explain_json(const struct explain *x, const struct explain_answer *a, FILE *out);

#endif
