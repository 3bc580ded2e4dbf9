/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_DIFF_H
#define REPORT_DIFF_H

#include <stdbool.h>
#include <stdio.h>

#include "diff/diff.h"

struct report_diff {
	bool all;    /* nothing is left out */
	bool colour; /* for a terminal */
};

/* What differs, for people: the first of it in full, then by kind, then what there is at the end. */
void report_diff_text(const struct diff *d, const struct report_diff *how, FILE *out);

/* The same for programs: one JSON object; its keys are described in report/diff-json.c. */
void report_diff_json(const struct diff *d, FILE *out);

#endif
