// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which elements of two lists are the same: Myers, "An O(ND) difference algorithm and its
 * variations", with a limit to the edits that are looked at in one go. Beyond it the longest way so
 * far is taken, and it begins anew at its end.
 */
#include <stdlib.h>

#include "diff/internal.h"
#include "lib/array.h"

#define MOST_EDITS 1000

struct aligner {
	const uint64_t *a, *b;
	long nr_a, nr_b;
	size_t *match;
	long *trace; /* the furthest x for each number of edits and each diagonal */
	long room;   /* edits that there is room for */
};

/* The furthest x on diagonal @k = x - y with @d edits. */
static long *at(struct aligner *s, long d, long k)
{
	return &s->trace[d * d + d + k];
}

static void make_room(struct aligner *s, long d)
{
	if (d < s->room)
		return;
	s->room = 2 * d + 8;
	s->trace = array_resize(s->trace, s->room * s->room, sizeof(*s->trace));
}

/* Whether the last of @d edits, on diagonal @k, leaves an element of b out; else one of a. */
static bool leaves_b_out(struct aligner *s, long d, long k)
{
	return k == -d || (k != d && *at(s, d - 1, k - 1) < *at(s, d - 1, k + 1));
}

/* Notes the matches on the way to (@d, @k), where a and b begin at @from_a and @from_b. */
static void walk_back(struct aligner *s, long d, long k, long from_a, long from_b)
{
	long x = *at(s, d, k);

	for (;; d--) {
		bool down = d && leaves_b_out(s, d, k);
		long previous = down ? k + 1 : k - 1;
		long begin = !d ? 0 : *at(s, d - 1, previous) + !down;

		for (; x > begin; x--)
			s->match[from_a + x - 1] = from_b + x - 1 - k;
		if (!d)
			return;
		x = *at(s, d - 1, previous);
		k = previous;
	}
}

/* Aligns what begins at *@x and *@y as far as MOST_EDITS lead, and moves both there. */
static void align_some(struct aligner *s, long *x, long *y)
{
	const uint64_t *a = s->a + *x, *b = s->b + *y;
	long nr_a = s->nr_a - *x, nr_b = s->nr_b - *y;
	long best_x = 0, best_y = 0, best_k = 0;
	long d;

	for (d = 0;; d++) {
		best_x = best_y = -1;
		make_room(s, d);
		for (long k = -d; k <= d; k += 2) {
			long i = !d			 ? 0
				 : leaves_b_out(s, d, k) ? *at(s, d - 1, k + 1)
							 : *at(s, d - 1, k - 1) + 1;

			for (; i < nr_a && i - k < nr_b && a[i] == b[i - k]; i++)
				;
			*at(s, d, k) = i;
			/* of two that are as far, what is nearer to the middle */
			if (i <= nr_a && i - k <= nr_b &&
			    (i + i - k > best_x + best_y ||
			     (i + i - k == best_x + best_y && labs(k) < labs(best_k)))) {
				best_x = i;
				best_y = i - k;
				best_k = k;
			}
		}
		if (d == MOST_EDITS || (best_x == nr_a && best_y == nr_b))
			break;
	}
	walk_back(s, d, best_k, *x, *y);
	*x += best_x;
	*y += best_y;
}

void align_keys(const uint64_t *a, size_t nr_a, const uint64_t *b, size_t nr_b, size_t *match)
{
	struct aligner s = { .a = a, .b = b, .nr_a = nr_a, .nr_b = nr_b, .match = match };
	long x = 0, y = 0;

	for (size_t i = 0; i < nr_a; i++)
		match[i] = DIFF_NONE;
	while (x < s.nr_a && y < s.nr_b)
		align_some(&s, &x, &y);
	free(s.trace);
}
