// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/rangeset.h"

#include <stdlib.h>
#include <string.h>

#include "lib/array.h"

size_t rangeset_after(const struct rangeset *s, uint64_t address)
{
	size_t lo = 0, hi = s->nr;

	/* most sets are made in ascending order */
	if (!hi || s->v[hi - 1].end <= address)
		return hi;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (s->v[mid].end > address)
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo;
}

bool rangeset_contains(const struct rangeset *s, uint64_t address)
{
	size_t i = rangeset_after(s, address);

	return i < s->nr && s->v[i].start <= address;
}

/* Puts @n ranges of @with in the place of those from @first up to @last, excluded. */
static void splice(struct rangeset *s, size_t first, size_t last, const struct range *with,
		   size_t n)
{
	size_t tail = s->nr - last;

	while (s->nr + n > s->room) {
		s->room = s->room ? 2 * s->room : 16;
		s->v = array_resize(s->v, s->room, sizeof(*s->v));
	}
	if (tail)
		memmove(s->v + first + n, s->v + last, tail * sizeof(*s->v));
	if (n)
		memcpy(s->v + first, with, n * sizeof(*with));
	s->nr = first + n + tail;
}

void rangeset_add(struct rangeset *s, struct range r)
{
	size_t first, last;

	if (range_is_empty(r))
		return;
	first = rangeset_after(s, r.start ? r.start - 1 : 0);
	for (last = first; last < s->nr && s->v[last].start <= r.end; last++) {
		if (s->v[last].start < r.start)
			r.start = s->v[last].start;
		if (s->v[last].end > r.end)
			r.end = s->v[last].end;
	}
	splice(s, first, last, &r, 1);
}

void rangeset_remove(struct rangeset *s, struct range r)
{
	struct range rest[2];
	size_t n = 0, first = rangeset_after(s, r.start), last;

	if (range_is_empty(r))
		return;
	for (last = first; last < s->nr && s->v[last].start < r.end; last++) {
		if (s->v[last].start < r.start)
			rest[n++] = (struct range){ s->v[last].start, r.start };
		if (s->v[last].end > r.end)
			rest[n++] = (struct range){ r.end, s->v[last].end };
	}
	splice(s, first, last, rest, n);
}

uint64_t rangeset_size(const struct rangeset *s)
{
	uint64_t size = 0;

	for (size_t i = 0; i < s->nr; i++)
		size += range_size(s->v[i]);
	return size;
}

void rangeset_clear(struct rangeset *s)
{
	s->nr = 0;
}

void rangeset_release(struct rangeset *s)
{
	free(s->v);
	*s = (struct rangeset){ 0 };
}
