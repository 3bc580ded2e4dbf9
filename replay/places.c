// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is elsewhere than in the log. Places do not overlap, so "overlaps" can be the trees' "equal",
 * and looking for a range finds what is in it.
 */
#include <search.h>
#include <stdlib.h>

#include "lib/array.h"
#include "replay/internal.h"

static int compare(struct range a, struct range b)
{
	return a.end <= b.start ? -1 : a.start >= b.end;
}

static int compare_log(const void *a, const void *b)
{
	const struct place *x = a;
	const struct place *y = b;

	return compare(x->log, y->log);
}

static int compare_here(const void *a, const void *b)
{
	const struct place *x = a;
	const struct place *y = b;

	return compare(x->here, y->here);
}

static struct place *find_by(void *const *root, const struct place *key,
			     int (*by)(const void *, const void *))
{
	struct place *const *found = tfind(key, root, by);

	return found ? *found : NULL;
}

const struct place *places_find(const struct places *s, struct range log)
{
	if (range_is_empty(log))
		return NULL;
	return find_by(&s->by_log, &(struct place){ .log = log }, compare_log);
}

const struct place *places_find_here(const struct places *s, struct range here)
{
	if (range_is_empty(here))
		return NULL;
	return find_by(&s->by_here, &(struct place){ .here = here }, compare_here);
}

static void insert(struct places *s, struct place place)
{
	struct place *p = array_resize(NULL, 1, sizeof(*p)), *stale;

	*p = place;
	if (!tsearch(p, &s->by_log, compare_log))
		array_die();
	if (range_is_empty(p->here))
		return;
	/* memblock gave it away again, so that whoever had it has freed it in a way that is not told */
	while ((stale = find_by(&s->by_here, p, compare_here)))
		tdelete(stale, &s->by_here, compare_here);
	if (!tsearch(p, &s->by_here, compare_here))
		array_die();
}

static void take_out(struct places *s, struct place *p)
{
	tdelete(p, &s->by_log, compare_log);
	/* it may be out of this tree already, and another in its place */
	if (!range_is_empty(p->here) && places_find_here(s, p->here) == p)
		tdelete(p, &s->by_here, compare_here);
	free(p);
}

/* The part of @p that the log has at @log. */
static struct place part_of(struct place p, struct range log)
{
	if (!range_is_empty(p.here)) {
		uint64_t start = p.here.start + (log.start - p.log.start);

		p.here = (struct range){ start, start + range_size(log) };
	}
	p.log = log;
	return p;
}

void places_cut(struct places *s, struct range log)
{
	struct place *p;

	if (range_is_empty(log))
		return;
	while ((p = find_by(&s->by_log, &(struct place){ .log = log }, compare_log))) {
		struct place was = *p;

		take_out(s, p);
		if (was.log.start < log.start)
			insert(s, part_of(was, (struct range){ was.log.start, log.start }));
		if (was.log.end > log.end)
			insert(s, part_of(was, (struct range){ log.end, was.log.end }));
	}
}

void places_set(struct places *s, struct place place)
{
	if (range_is_empty(place.log))
		return;
	places_cut(s, place.log);
	insert(s, place);
}

void places_release(struct places *s)
{
	while (s->by_here)
		tdelete(*(struct place *const *)s->by_here, &s->by_here, compare_here);
	while (s->by_log) {
		struct place *p = *(struct place *const *)s->by_log;

		tdelete(p, &s->by_log, compare_log);
		free(p);
	}
}
