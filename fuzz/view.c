// SPDX-License-Identifier: GPL-2.0-or-later
/* What can be seen of memblock, as a copy and as numbers that are the same if it is. */
#include "fuzz/view.h"

#include <string.h>

#include "lib/array.h"

static const char *const names[] = {
	[ASPECT_NONE] = "nothing",
	[ASPECT_END] = "how it ends",
	[ASPECT_RESULT] = "the result",
	[ASPECT_OUT] = "what it tells",
	[ASPECT_ADDRESSES] = "addresses",
	[ASPECT_REGIONS] = "regions",
	[ASPECT_NODES] = "nodes",
	[ASPECT_FLAGS] = "flags",
	[ASPECT_TOTAL] = "the sum",
	[ASPECT_MAX] = "the room",
	[ASPECT_ZEROED] = "what is zeroed",
	[ASPECT_CHECK] = "a check",
	[ASPECT_HANDOVER] = "the hand-over",
	[ASPECT_MARKED] = "pages that are marked",
	[ASPECT_DIED] = "the process",
};

const char *aspect_name(enum aspect aspect)
{
	return names[aspect];
}

void view_take_list(struct view_list *list, const struct rt_engine *ops, enum rt_type type)
{
	struct rt_type_state state;

	memset(list, 0, sizeof(*list));
	list->there = !ops->type(type, &state);
	if (!list->there)
		return;
	list->cnt = engine_count_regions(ops, type, &state);
	list->max = state.max;
	list->total_size = state.total_size;
	for (uint64_t i = 0; i < list->cnt && i < VIEW_REGIONS && i < state.max; i++) {
		ops->region(type, i, &list->v[i]);
		list->v[i].nid = view_node(ops, list->v[i].nid);
	}
}

static inline uint64_t mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * 0x9e3779b97f4a7c15ULL;
	return hash ^ hash >> 29;
}

void digest_take(struct digest_list *d, const struct rt_engine *ops, enum rt_type type)
{
	struct rt_type_state state;
	uint64_t cnt, end = 0;

	memset(d, 0, sizeof(*d));
	if (ops->type(type, &state))
		return;
	cnt = engine_count_regions(ops, type, &state);
	d->regions = mix(1, cnt);
	for (uint64_t i = 0; i < cnt && i < state.max; i++) {
		struct rt_region r;

		ops->region(type, i, &r);
		if (!i || r.base != end)
			d->addresses = mix(mix(d->addresses, end), r.base);
		end = r.base + r.size;
		d->regions = mix(mix(d->regions, r.base), r.size);
		d->nodes = mix(d->nodes, (uint64_t)view_node(ops, r.nid));
		d->flags = mix(d->flags, r.flags);
	}
	d->addresses = mix(d->addresses, end);
	d->total = state.total_size;
	d->max = state.max;
}

enum aspect digest_compare(const struct digest *a, const struct digest *b, uint64_t ignored,
			   enum rt_type *type)
{
	*type = RT_TYPE_NONE;
	if (a->end != b->end && !(ignored & ASPECT_BIT(ASPECT_END, 0)))
		return ASPECT_END;
	if (a->result != b->result && !(ignored & ASPECT_BIT(ASPECT_RESULT, 0)))
		return ASPECT_RESULT;
	if (a->zeroed != b->zeroed)
		return ASPECT_ZEROED;
	if (a->freed != b->freed)
		return ASPECT_HANDOVER;
	if (a->outs != b->outs && !(ignored & ASPECT_BIT(ASPECT_OUT, 0)))
		return ASPECT_OUT;
	for (*type = RT_MEMORY; *type < RT_NR_TYPES; ++*type) {
		const struct digest_list *l = &a->lists[*type], *m = &b->lists[*type];
		const bool differs[] = {
			[ASPECT_ADDRESSES] = l->addresses != m->addresses,
			[ASPECT_REGIONS] = l->regions != m->regions,
			[ASPECT_NODES] = l->nodes != m->nodes,
			[ASPECT_FLAGS] = l->flags != m->flags,
			[ASPECT_TOTAL] = l->total != m->total,
			[ASPECT_MAX] = l->max != m->max,
		};

		for (enum aspect k = ASPECT_ADDRESSES; k <= ASPECT_MAX; k++)
			if (differs[k] && !(ignored & ASPECT_BIT(k, *type)))
				return k;
	}
	*type = RT_TYPE_NONE;
	return ASPECT_NONE;
}

static uint64_t kept(const struct view_list *l)
{
	return l->cnt < VIEW_REGIONS ? l->cnt : VIEW_REGIONS;
}

/* End of the stretch of touching regions that begins with region @i; the next region in @next. */
static uint64_t stretch_end(const struct view_list *l, uint64_t i, uint64_t *next)
{
	uint64_t end = l->v[i].base + l->v[i].size;

	for (i++; i < kept(l) && l->v[i].base == end; i++)
		end += l->v[i].size;
	*next = i;
	return end;
}

static bool same_addresses(const struct view_list *a, const struct view_list *b)
{
	uint64_t i = 0, k = 0;

	while (i < kept(a) && k < kept(b)) {
		if (a->v[i].base != b->v[k].base || stretch_end(a, i, &i) != stretch_end(b, k, &k))
			return false;
	}
	return i == kept(a) && k == kept(b);
}

enum aspect view_compare_list(const struct view_list *a, const struct view_list *b)
{
	bool same_nodes = true, same_flags = true;

	if (!a->there || !b->there)
		return ASPECT_NONE;
	if (!same_addresses(a, b))
		return ASPECT_ADDRESSES;
	if (a->cnt != b->cnt)
		return ASPECT_REGIONS;
	for (uint64_t i = 0; i < kept(a); i++) {
		if (a->v[i].base != b->v[i].base || a->v[i].size != b->v[i].size)
			return ASPECT_REGIONS;
		same_nodes &= a->v[i].nid == b->v[i].nid;
		same_flags &= a->v[i].flags == b->v[i].flags;
	}
	return !same_nodes			? ASPECT_NODES
	       : !same_flags			? ASPECT_FLAGS
	       : a->total_size != b->total_size ? ASPECT_TOTAL
	       : a->max != b->max		? ASPECT_MAX
						: ASPECT_NONE;
}
