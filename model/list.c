// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Changes of lists. A list is a set in an array of limited size: before anything changes there is
 * room for what there can be afterwards, or the call fails and nothing has happened.
 */
#include "model/internal.h"

/* Joins what is alike: at the borders that a call has to do with, or, in older kernels, everywhere. */
static void join(struct model *m, struct list *l, struct borders b)
{
	set_join(&l->set, m->rules[RULE_JOINS_ALL] ? BORDERS_ALL : b);
}

static int stored_nid(const struct model *m, int nid)
{
	return m->rules[RULE_NODES] ? nid : 0;
}

uint64_t list_add(struct model *m, enum rt_type type, struct range r, int nid, unsigned long flags)
{
	struct list *l = &m->lists[type];
	size_t gaps;

	if (range_is_empty(r))
		return 0;
	nid = stored_nid(m, nid);
	gaps = set_gaps(&l->set, r);
	if (!gaps)
		return 0;
	if (l->set.nr) {
		if (!resize_for(m, type, gaps, r, WHY_ADD))
			return MODEL_ENOMEM;
	}
	join(m, l, set_add(&l->set, r, nid, flags));
	return 0;
}

uint64_t list_remove(struct model *m, enum rt_type type, struct range r)
{
	struct list *l = &m->lists[type];

	if (range_is_empty(r))
		return 0;
	/* a region may be left in two parts, and both ends are cut before anything is removed */
	if (!resize_for(m, type, 2, r, WHY_TAKE))
		return MODEL_ENOMEM;
	set_remove(&l->set, r);
	return 0;
}

uint64_t list_change(struct model *m, enum rt_type type, struct range r, struct change change)
{
	struct list *l = &m->lists[type];

	if (range_is_empty(r)) {
		join(m, l, BORDERS_NONE);
		return 0;
	}
	if (!resize_for(m, type, 2, r, change.set & m->flag.nomap ? WHY_TAKE : WHY_CHANGE))
		return MODEL_ENOMEM;
	change.nid = stored_nid(m, change.nid);
	set_change(&l->set, r, &change);
	join(m, l, (struct borders){ r.start, r.end });
	return 0;
}
