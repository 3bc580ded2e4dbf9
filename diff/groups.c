// SPDX-License-Identifier: GPL-2.0-or-later
/* What differs in the same way is one difference to whoever reads it. */
#include <stdlib.h>
#include <string.h>

#include "diff/internal.h"
#include "lib/array.h"

static bool same_words(const char *a, const char *b)
{
	return !a || !b ? a == b : !strcmp(a, b);
}

static int only_side(const struct diff_pair *p)
{
	return p->call[1] == DIFF_NONE ? 0 : p->call[0] == DIFF_NONE ? 1 : -1;
}

static struct diff_group *find_group(struct diff *d, const struct diff_pair *p)
{
	struct diff_group *g;

	for (size_t i = 0; i < d->nr_groups; i++) {
		g = &d->groups[i];
		if (g->kinds == p->kinds && g->type == p->type && g->only == only_side(p) &&
		    same_words(g->words[0], p->words[0]) && same_words(g->words[1], p->words[1]))
			return g;
	}
	g = &ARRAY_APPEND(d->groups, d->nr_groups, d->room_groups);
	g->kinds = p->kinds;
	g->type = p->type;
	g->only = only_side(p);
	g->words[0] = p->words[0];
	g->words[1] = p->words[1];
	g->first_pair = p - d->pairs;
	return g;
}

static void add_name(struct diff_group *g, const char *name)
{
	g->nr++;
	for (size_t i = 0; i < g->nr_names; i++) {
		if (!strcmp(g->names[i].name, name)) {
			g->names[i].nr++;
			return;
		}
	}
	ARRAY_APPEND(g->names, g->nr_names, g->room_names) = (struct diff_name){ name, 1 };
}

static int by_number(const void *a, const void *b)
{
	const struct diff_name *x = a, *y = b;

	return x->nr != y->nr ? (x->nr < y->nr ? 1 : -1) : strcmp(x->name, y->name);
}

void group_pairs(struct diff *d)
{
	for (size_t i = 0; i < d->nr_pairs; i++) {
		const struct diff_pair *p = &d->pairs[i];
		int side = p->call[1] == DIFF_NONE ? 0 : 1;

		if (p->kinds)
			add_name(find_group(d, p), d->run[side]->calls[p->call[side]].name);
	}
	for (size_t i = 0; i < d->nr_groups; i++)
		qsort(d->groups[i].names, d->groups[i].nr_names, sizeof(*d->groups[i].names),
		      by_number);
}
