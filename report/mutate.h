/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_MUTATE_H
#define REPORT_MUTATE_H

#include <stdio.h>

#include "mutate/mutate.h"

struct report_mutate {
	const struct engine_info *kernel;
	const char *memblock, *text; /* path and content of what was broken */
	const char *memblock_hash;
	const struct mutants *mutants; /* in the order of the text */
	const struct mutate_base *base;
	const struct mutate_sum *sum;
	size_t possible;
	uint64_t seed;
	double fuzz_seconds;
	bool diff; /* show survivors as unified diffs, too */
	FILE *out;
};

/* What became of the mutants, for people. */
void report_mutate_text(const struct report_mutate *r);
/* One JSON object; see its first comment. */
void report_mutate_json(const struct report_mutate *r);
/* The mutants alone, not tried. */
void report_mutate_list(const struct report_mutate *r);
/* A line that says how far it is. @doing: what is done before the first mutant, or NULL. */
void report_mutate_progress(const char *doing, const struct mutants *m, FILE *out);

#endif
