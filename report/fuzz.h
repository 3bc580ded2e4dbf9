/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_FUZZ_H
#define REPORT_FUZZ_H

#include <stdio.h>

#include "fuzz/fuzz.h"

/* What was fuzzed: names of the kernels, NULL for a second one if the model is what is compared with. */
struct report_fuzz {
	const struct fuzz_report *report;
	const char *kernels[2], *config;
	bool strict; /* known bugs are told as all others */
	bool tests;  /* show each finding as a test in C, too */
	FILE *out;
};

void report_fuzz_text(const struct report_fuzz *r);
/* One JSON object; see its first comment. */
void report_fuzz_json(const struct report_fuzz *r);
/* A line that says how far it is. */
void report_fuzz_progress(const struct fuzz_report *report, FILE *out);

#endif
