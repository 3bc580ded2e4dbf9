/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_LAYOUT_H
#define REPORT_LAYOUT_H

#include <stdbool.h>
#include <stdio.h>

#include "layout/layout.h"
#include "report/terminal.h"

/* A layout as one JSON object; its keys are described in report/layout-json.c. */
void report_layout_json(const struct layout *l, FILE *out);

/*
 * A layout for people: its facts in tables, sums, and, with @terminal, a picture for that. With
 * @verbose also where each fact was read.
 */
void report_layout_show(const struct layout *l, bool verbose,
			const struct report_terminal *terminal, FILE *out);

/* What was noted when it was read and checked, a line each: place, severity, text. */
void report_layout_notes(const struct layout *l, FILE *out);

/* What two layouts have different, as one JSON object: {same, only_a: [fact], only_b: [fact]}. */
void report_layout_diff_json(const struct layout_diff *d, FILE *out);

/* The source of a device tree with what a tree can say of it; the rest as comments. */
void report_layout_dts(const struct layout *l, FILE *out);

/* The firmware's map as memmap= options of x86, one line. */
void report_layout_memmap(const struct layout *l, FILE *out);

#endif
