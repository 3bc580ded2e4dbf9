// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sets of addresses with attributes, and what can be done to them. Each operation is one sweep over
 * the regions, from the lowest to the highest, that puts down what there will be.
 */
#include <stdlib.h>

#include "lib/array.h"
#include "model/internal.h"

void set_release(struct set *s)
{
	free(s->v);
	free(s->other);
	*s = (struct set){ 0 };
}

void set_clear(struct set *s)
{
	s->nr = 0;
	s->total = 0;
}

/* A sweep: what has been put down so far. */
struct sweep {
	struct model_region *v;
	size_t nr;
};

/* No operation makes more than two regions of one, or more than one new one before each. */
static struct sweep sweep_begin(struct set *s)
{
	size_t needed = 2 * s->nr + 3;

	if (needed > s->room) {
		s->room = 2 * needed > 256 ? 2 * needed : 256;
		s->v = array_resize(s->v, s->room, sizeof(*s->v));
		s->other = array_resize(s->other, s->room, sizeof(*s->other));
	}
	return (struct sweep){ .v = s->other };
}

/* The part of @r from @start to @end, if there is any. */
static inline void put(struct sweep *to, const struct model_region *r, uint64_t start, uint64_t end)
{
	if (start >= end)
		return;
	to->v[to->nr] = *r;
	to->v[to->nr++].range = (struct range){ start, end };
}

static void sweep_end(struct set *s, const struct sweep *to)
{
	s->other = s->v;
	s->v = to->v;
	s->nr = to->nr;
	s->total = 0;
	for (size_t i = 0; i < s->nr; i++)
		s->total += s->v[i].range.end - s->v[i].range.start;
}

static inline uint64_t lower(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static inline uint64_t higher(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

size_t set_gaps(const struct set *s, struct range r)
{
	uint64_t at = r.start;
	size_t n = 0;

	for (size_t i = set_after(s, r.start); i < s->nr && at < r.end; i++) {
		n += s->v[i].range.start > at;
		at = s->v[i].range.end;
	}
	return n + (at < r.end);
}

struct borders set_add(struct set *s, struct range r, int nid, unsigned long flags)
{
	const struct model_region new = { .range = r, .nid = nid, .flags = flags };
	struct sweep to = sweep_begin(s);
	struct borders b = BORDERS_NONE;
	uint64_t at = r.start; /* what is below is dealt with */

	for (size_t i = 0; i <= s->nr; i++) {
		const struct model_region *old = &s->v[i];
		uint64_t end = i < s->nr ? lower(old->range.start, r.end) : r.end;

		if (at < end) {
			b.first = lower(b.first, at);
			b.last = end;
			put(&to, &new, at, end);
		}
		if (i == s->nr)
			break;
		at = higher(at, old->range.end);
		to.v[to.nr++] = *old;
	}
	sweep_end(s, &to);
	return b;
}

void set_remove(struct set *s, struct range r)
{
	struct sweep to = sweep_begin(s);

	for (size_t i = 0; i < s->nr; i++) {
		const struct model_region *old = &s->v[i];

		put(&to, old, old->range.start, lower(old->range.end, r.start));
		put(&to, old, higher(old->range.start, r.end), old->range.end);
	}
	sweep_end(s, &to);
}

void set_change(struct set *s, struct range r, const struct change *change)
{
	struct sweep to = sweep_begin(s);

	for (size_t i = 0; i < s->nr; i++) {
		const struct model_region *old = &s->v[i];
		struct model_region changed = *old;

		changed.flags = (old->flags | change->set) & ~change->clear;
		if (change->has_nid)
			changed.nid = change->nid;
		put(&to, old, old->range.start, lower(old->range.end, r.start));
		put(&to, &changed, higher(old->range.start, r.start), lower(old->range.end, r.end));
		put(&to, old, higher(old->range.start, r.end), old->range.end);
	}
	sweep_end(s, &to);
}

void set_cap(struct set *s, struct range r, unsigned long kept)
{
	struct sweep to = sweep_begin(s);

	for (size_t i = 0; i < s->nr; i++) {
		const struct model_region *old = &s->v[i];

		if (old->flags & kept)
			put(&to, old, old->range.start, lower(old->range.end, r.start));
		put(&to, old, higher(old->range.start, r.start), lower(old->range.end, r.end));
		if (old->flags & kept)
			put(&to, old, higher(old->range.start, r.end), old->range.end);
	}
	sweep_end(s, &to);
}

void set_trim(struct set *s, uint64_t align)
{
	struct sweep to = sweep_begin(s);

	for (size_t i = 0; i < s->nr; i++) {
		const struct model_region *old = &s->v[i];
		uint64_t up = -old->range.start & (align - 1);

		/* rounded up, the beginning may lie behind the last address there is */
		if (up < range_size(old->range))
			put(&to, old, old->range.start + up, old->range.end & -align);
	}
	sweep_end(s, &to);
}

void set_join(struct set *s, struct borders b)
{
	size_t nr = 0;

	for (size_t i = 0; i < s->nr; i++) {
		const struct model_region *r = &s->v[i];
		struct model_region *before = nr ? &s->v[nr - 1] : NULL;
		uint64_t at = r->range.start;

		if (before && before->range.end == at && at >= b.first && at <= b.last &&
		    before->nid == r->nid && before->flags == r->flags)
			before->range.end = r->range.end;
		else if (nr++ != i)
			s->v[nr - 1] = *r;
	}
	s->nr = nr;
}

size_t set_after(const struct set *s, uint64_t address)
{
	size_t low = 0, high = s->nr;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (s->v[middle].range.end <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct model_region *set_at(const struct set *s, uint64_t address)
{
	size_t i = set_after(s, address);

	return i < s->nr && s->v[i].range.start <= address ? &s->v[i] : NULL;
}
