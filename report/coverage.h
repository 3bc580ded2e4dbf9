/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_COVERAGE_H
#define REPORT_COVERAGE_H

#include <stdio.h>

#include "engine/coverage.h"

/* What was reached, for people, each line after @prefix. */
void report_coverage_text(const struct coverage_report *report, const char *prefix, FILE *out);

/* Makes @dir, which can be written to: to be asked before much time is spent. */
int report_coverage_prepare(const char *dir, struct error *err);
/* Writes memblock.info and index.html to @dir. */
int report_coverage_write(const struct coverage_report *report, const char *dir, struct error *err);

#endif
