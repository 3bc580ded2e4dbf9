/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DIFF_INTERNAL_H
#define DIFF_INTERNAL_H

#include "diff/diff.h"

/*
 * align.c: which elements of two lists, of which only keys are seen, are the same: a longest
 * common subsequence, or one that is nearly as long if that would take too long. Sets @match[i], for
 * each of @a, to the index in @b or DIFF_NONE.
 */
void align_keys(const uint64_t *a, size_t nr_a, const uint64_t *b, size_t nr_b, size_t *match);

/*
 * effect.c: compares what a call that both make does to the arrays, which are @states after it:
 * sets the pair's kinds, type and words.
 */
void effect_compare(const struct diff *d, struct record_rows states[2][RT_NR_TYPES],
		    struct diff_pair *pair);

/* groups.c: sorts out which pairs differ in the same way. */
void group_pairs(struct diff *d);

#endif
