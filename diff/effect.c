// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a call does to the arrays, on both sides: not whether they are the same after it, as one
 * difference would make all that follow differ, but whether it changes them in the same way.
 */
#include <stdlib.h>
#include <string.h>

#include "diff/internal.h"

/* One side's view of a call and an array. */
struct side {
	const struct record_rows *state; /* after the call */
	struct record_rows gone, came;	 /* borrowed from the run's pool */
};

static struct side look_at(const struct record *run, const struct record_call *call,
			   enum rt_type type, const struct record_rows *state)
{
	struct side s = { .state = state };

	for (size_t i = 0; i < call->nr_changes; i++) {
		const struct record_change *c = &run->changes[call->first_change + i];

		if (c->type != type)
			continue;
		s.gone.v = &run->pool.v[c->first];
		s.gone.nr = c->nr_gone;
		s.came.v = &run->pool.v[c->first + c->nr_gone];
		s.came.nr = c->nr_come;
	}
	return s;
}

/* What is at @address before and after the call. */
static void find_rows(const struct side *s, uint64_t address, const struct record_row *rows[2])
{
	rows[0] = record_rows_find(&s->gone, address);
	rows[1] = record_rows_find(&s->came, address);
	/* the call leaves it alone, which does not mean that nothing is there */
	if (!rows[0] && !rows[1])
		rows[0] = rows[1] = record_rows_find(s->state, address);
}

/* @a and @b: before and after, on each side. */
static unsigned int compare_at(const struct record_row *a[2], const struct record_row *b[2],
			       const char *words[2])
{
	unsigned int kinds = 0;

	if (record_row_alike(a[0], a[1]) && record_row_alike(b[0], b[1]))
		return 0;
	if (!a[0] != !b[0] || !a[1] != !b[1])
		return !a[0] - !a[1] == !b[0] - !b[1] ? 0 : 1U << DIFF_RANGES;
	if (!a[1])
		return 0;
	if (a[1]->nid != b[1]->nid)
		kinds |= 1U << DIFF_NODES;
	if (strcmp(a[1]->flags, b[1]->flags)) {
		kinds |= 1U << DIFF_FLAGS;
		words[0] = a[1]->flags;
		words[1] = b[1]->flags;
	}
	return kinds;
}

static unsigned int compare_array(const struct side *a, const struct side *b, const char *words[2])
{
	const struct record_rows lists[] = { a->gone, a->came, b->gone, b->came };
	uint64_t *borders;
	size_t nr;
	unsigned int kinds = 0;

	if (record_rows_equal(&a->gone, &b->gone) && record_rows_equal(&a->came, &b->came))
		return 0;
	nr = record_rows_borders(lists, sizeof(lists) / sizeof(lists[0]), &borders);
	for (size_t i = 0; i + 1 < nr; i++) {
		const struct record_row *rows[2][2];

		find_rows(a, borders[i], rows[0]);
		find_rows(b, borders[i], rows[1]);
		kinds |= compare_at(rows[0], rows[1], words);
	}
	free(borders);
	/* in how many rows something is follows from the rest, if that differs */
	if (!kinds && a->came.nr + b->gone.nr != b->came.nr + a->gone.nr)
		kinds = 1U << DIFF_ROWS;
	return kinds;
}

void effect_compare(const struct diff *d, struct record_rows states[2][RT_NR_TYPES],
		    struct diff_pair *pair)
{
	for (enum rt_type type = RT_MEMORY; type < RT_NR_TYPES; type++) {
		struct side sides[2];
		unsigned int kinds;

		for (int i = 0; i < 2; i++)
			sides[i] = look_at(d->run[i], &d->run[i]->calls[pair->call[i]], type,
					   &states[i][type]);
		kinds = compare_array(&sides[0], &sides[1], pair->words) & ~d->ignored;
		if (kinds && !pair->type)
			pair->type = type;
		pair->kinds |= kinds;
	}
	if (!(pair->kinds & 1U << DIFF_FLAGS))
		pair->words[0] = pair->words[1] = NULL;
}
