// SPDX-License-Identifier: GPL-2.0-or-later
/* The model's state held against an engine's. */
#include "model/internal.h"

#define MANY 8 /* regions that differ: more are no help */

static bool same_region(const struct model_region *r, const struct rt_region *other)
{
	return r->range.start == other->base && range_size(r->range) == other->size &&
	       r->nid == other->nid && r->flags == other->flags;
}

static bool same_array(const struct list *l, const struct rt_type_state *state)
{
	if (l->in_slab)
		return true;
	return l->max == l->first_max || l->array == state->regions_pa;
}

static bool list_agrees(const struct model *m, const struct rt_engine *ops, int type)
{
	const struct list *l = &m->lists[type];
	struct rt_type_state state;

	if (ops->type(type, &state))
		return !l->exists;
	if (state.max != l->max || state.total_size != l->set.total || !same_array(l, &state) ||
	    engine_count_regions(ops, type, &state) != l->set.nr)
		return false;
	for (size_t i = 0; i < l->set.nr; i++) {
		struct rt_region r;

		ops->region(type, i, &r);
		if (!same_region(&l->set.v[i], &r))
			return false;
	}
	return true;
}

bool model_agrees(const struct model *m, const struct rt_engine *ops)
{
	for (int t = RT_MEMORY; t < RT_NR_TYPES; t++)
		if (!list_agrees(m, ops, t))
			return false;
	return true;
}

static void explain_number(FILE *out, const char *list, const char *what, uint64_t is,
			   uint64_t expected)
{
	if (is != expected)
		fprintf(out, "%s: %s is %#llx, expected %#llx\n", list, what,
			(unsigned long long)is, (unsigned long long)expected);
}

static void explain_region(FILE *out, const char *list, const char *what, uint64_t base,
			   uint64_t size, int nid, unsigned long flags)
{
	fprintf(out, "%s: %s %#llx-%#llx node %d flags %#lx\n", list, what,
		(unsigned long long)base, (unsigned long long)(base + size - 1), nid, flags);
}

static void explain_list(const struct model *m, const struct rt_engine *ops, int type, FILE *out)
{
	const struct list *l = &m->lists[type];
	struct rt_type_state state;
	uint64_t nr;
	unsigned int told = 0;

	if (ops->type(type, &state) || list_agrees(m, ops, type))
		return;
	nr = engine_count_regions(ops, type, &state);
	explain_number(out, state.name, "the number of regions", nr, l->set.nr);
	explain_number(out, state.name, "the size of the array", state.max, l->max);
	explain_number(out, state.name, "the sum", state.total_size, l->set.total);
	if (!same_array(l, &state))
		explain_number(out, state.name, "the array's address", state.regions_pa, l->array);
	for (size_t i = 0; i < nr || i < l->set.nr; i++) {
		const struct model_region *mine = i < l->set.nr ? &l->set.v[i] : NULL;
		struct rt_region r = { 0 };

		if (i < nr)
			ops->region(type, i, &r);
		if (mine && i < nr && same_region(mine, &r))
			continue;
		if (told++ == MANY) {
			fprintf(out, "%s: and more\n", state.name);
			break;
		}
		if (i < nr)
			explain_region(out, state.name, "has", r.base, r.size, r.nid, r.flags);
		if (mine)
			explain_region(out, state.name, "expected", mine->range.start,
				       range_size(mine->range), mine->nid, mine->flags);
	}
}

void model_explain(const struct model *m, const struct rt_engine *ops, FILE *out)
{
	for (int t = RT_MEMORY; t < RT_NR_TYPES; t++)
		explain_list(m, ops, t, out);
}
