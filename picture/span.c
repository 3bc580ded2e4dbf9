// SPDX-License-Identifier: GPL-2.0-or-later
/* Lists of ranges as sources have them, in any order and overlapping, made sorted and disjoint. */
#include <stdlib.h>

#include "lib/array.h"
#include "picture/internal.h"

void picture_spans_add(struct picture_spans *s, struct range range, enum picture_class class,
		       int nid, const char *name)
{
	if (!range_is_empty(range))
		ARRAY_APPEND(s->v, s->nr, s->room) =
			(struct picture_span){ range, class, nid, name };
}

/* By their starts; of those that start together the longest first. */
static int compare(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return (x->end < y->end) - (x->end > y->end);
}

/* What is open at a place, the innermost last. */
struct open {
	struct picture_span *v;
	size_t nr, room;
};

/* Writes what is visible from @from to @to, where nothing begins. */
static uint64_t emit(struct open *open, uint64_t from, uint64_t to, struct picture_spans *s)
{
	while (open->nr && from < to) {
		const struct picture_span *top = &open->v[open->nr - 1];
		uint64_t end = top->range.end < to ? top->range.end : to;

		if (end > from) {
			struct picture_span *new = &ARRAY_APPEND(s->v, s->nr, s->room);

			*new = *top;
			new->range = (struct range){ from, end };
			from = end;
		}
		if (top->range.end <= from)
			open->nr--;
	}
	return to;
}

void picture_spans_settle(struct picture_spans *s)
{
	struct picture_spans done = { 0 };
	struct open open = { 0 };
	uint64_t at = 0;

	_Static_assert(offsetof(struct picture_span, range) == 0, "compare() looks there");
	if (s->nr)
		qsort(s->v, s->nr, sizeof(*s->v), compare);
	for (size_t i = 0; i < s->nr; i++) {
		at = emit(&open, at, s->v[i].range.start, &done);
		ARRAY_APPEND(open.v, open.nr, open.room) = s->v[i];
	}
	emit(&open, at, UINT64_MAX, &done);
	free(open.v);
	free(s->v);
	*s = done;
}

void picture_spans_release(struct picture_spans *s)
{
	free(s->v);
	*s = (struct picture_spans){ 0 };
}
