/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_LAYOUT_H
#define REPORT_LAYOUT_H

#include <stdio.h>

#include "layout/layout.h"

/* A layout as one JSON object; its keys are described in report/layout-json.c. */
void report_layout_json(const struct layout *l, FILE *out);

/* The firmware's map as memmap= options of x86, one line. */
void report_layout_memmap(const struct layout *l, FILE *out);

#endif
