// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Steps of the kernel's loops over memory: over what is in one list and not in another, and over
 * whole pages of memory.
 *
 * A position is a pair: a region of the first list and a gap of the second, where gap i is what lies
 * before region i, and the last gap lies behind the last region. A step gives the next pair, in
 * order, whose parts overlap, and moves on in that list whose part ends first.
 */
#include "model/internal.h"

#define END UINT64_MAX

struct walk {
	struct model *m;
	const struct list *in, *except; /* @except may be NULL */
	bool chooses; /* of the first list only regions that suit: if that is memory */
	int nid;
	unsigned long flags;
};

static uint64_t *out(uint64_t arg)
{
	return (uint64_t *)(uintptr_t)arg;
}

static struct walk walk_of(struct model *m, const uint64_t *a)
{
	struct walk w = { .m = m, .nid = (int)a[1], .flags = (uint32_t)a[2] };

	model_unspecified_if(m, a[3] >= RT_NR_TYPES || !m->lists[a[3]].exists);
	model_unspecified_if(m, a[4] >= RT_NR_TYPES || (a[4] && !m->lists[a[4]].exists));
	model_unspecified_if(m, w.nid < -1 || w.nid > m->nr_nodes);
	w.in = &m->lists[a[3]];
	w.except = a[4] ? &m->lists[a[4]] : NULL;
	w.chooses = a[3] == RT_MEMORY || m->rules[RULE_CHOOSES_ALL];
	/* the one region of an empty list: no range, or an empty one */
	model_unspecified_if(m, !w.in->set.nr && !w.except && m->rules[RULE_EMPTY_REGION]);
	return w;
}

/* The region of that index; the one region that an empty list may have is empty. */
static struct range region_at(const struct list *l, size_t i)
{
	return i < l->set.nr ? l->set.v[i].range : (struct range){ 0, 0 };
}

static size_t gaps(const struct walk *w)
{
	return w->except ? list_count(w->m, w->except) + 1 : 1;
}

static struct range gap_at(const struct walk *w, size_t i)
{
	struct range gap = { 0, w->m->last };

	if (w->except && i)
		gap.start = region_at(w->except, i - 1).end;
	if (w->except && i < gaps(w) - 1)
		gap.end = region_at(w->except, i).start;
	return gap;
}

static bool suits(const struct walk *w, size_t i)
{
	return !w->chooses || search_suits(w->m, &w->in->set.v[i], w->nid, w->flags);
}

/* Also where the gap is empty, between regions that touch: then what is found is empty. */
static bool meet(struct range region, struct range gap)
{
	return region.start < gap.end && gap.start < region.end;
}

/* The result of a step: a range, its node, and where to go on. */
static void give(const struct walk *w, const uint64_t *a, size_t region, struct range gap,
		 uint64_t next)
{
	struct range r = w->in->set.v[region].range;

	*out(a[5]) = r.start > gap.start || !w->except ? r.start : gap.start;
	*out(a[6]) = r.end < gap.end || !w->except ? r.end : gap.end;
	*out(a[7]) = model_int(w->in->set.v[region].nid);
	*out(a[0]) = next;
}

static uint64_t position(uint64_t region, uint64_t gap)
{
	return (uint32_t)region | gap << 32;
}

/* What is not written keeps its value, in the width that the kernel has for it. */
static void keep(const struct model *m, const uint64_t *a)
{
	*out(a[5]) &= m->last;
	*out(a[6]) &= m->last;
	*out(a[7]) = model_int((int)*out(a[7]));
}

static uint64_t next_mem_range(struct model *m, const uint64_t *a)
{
	struct walk w = walk_of(m, a);
	size_t region = (uint32_t)*out(a[0]), first = *out(a[0]) >> 32;

	model_unspecified_if(m, region > INT32_MAX || first > INT32_MAX);
	keep(m, a);
	for (; region < w.in->set.nr; region++) {
		struct range r = w.in->set.v[region].range;

		if (!suits(&w, region))
			continue;
		if (!w.except) {
			give(&w, a, region, r, position(region + 1, first));
			return 0;
		}
		for (size_t i = first; i < gaps(&w); i++) {
			struct range gap = gap_at(&w, i);
			bool region_ends = r.end <= gap.end;

			if (!meet(r, gap))
				continue;
			give(&w, a, region, gap, position(region + region_ends, i + !region_ends));
			return 0;
		}
	}
	*out(a[0]) = END;
	return 0;
}

/* What is physically there and not in a list. */
static uint64_t next_physmem_range(struct model *m, const uint64_t *a)
{
	uint64_t nid = 0;
	const uint64_t args[RT_MAX_ARGS] = {
		a[0], (uint64_t)-1, 0, RT_PHYSMEM, a[1], a[2], a[3], (uintptr_t)&nid,
	};

	return next_mem_range(m, args);
}

/* As next_mem_range() from the end; END is where it begins, too. */
static uint64_t next_mem_range_rev(struct model *m, const uint64_t *a)
{
	struct walk w = walk_of(m, a);
	int64_t region = (int32_t)*out(a[0]), last = (int32_t)(*out(a[0]) >> 32);

	if (*out(a[0]) == END) {
		region = (int64_t)w.in->set.nr - 1;
		last = w.except ? (int64_t)gaps(&w) - 1 : 0;
	}
	model_unspecified_if(m, region >= (int64_t)w.in->set.nr);
	model_unspecified_if(m, w.except && last >= (int64_t)gaps(&w));
	keep(m, a);
	for (; region >= 0; region--) {
		struct range r = w.in->set.v[region].range;

		if (!suits(&w, (size_t)region))
			continue;
		if (!w.except) {
			give(&w, a, (size_t)region, r,
			     position((uint64_t)region - 1, (uint64_t)last));
			return 0;
		}
		for (int64_t i = last; i >= 0; i--) {
			struct range gap = gap_at(&w, (size_t)i);
			bool region_ends = r.start >= gap.start;

			if (!meet(r, gap))
				continue;
			give(&w, a, (size_t)region, gap,
			     position((uint64_t)region - region_ends, (uint64_t)i - !region_ends));
			return 0;
		}
	}
	*out(a[0]) = END;
	return 0;
}

/* Whole pages of the next region of memory on @nid that has some; -1 at the beginning and the end. */
static uint64_t next_mem_pfn_range(struct model *m, const uint64_t *a)
{
	const struct set *s = &m->lists[RT_MEMORY].set;
	int64_t i = (int32_t)*out(a[0]);
	int nid = (int)a[1];

	model_unspecified_if(m, i < -1 || nid < -1 || nid > m->nr_nodes);
	model_unspecified_if(m, nid == -1 && !m->rules[RULE_ANY_NODE]);
	*out(a[4]) = model_int((int)*out(a[4]));
	for (i++; i < (int64_t)s->nr; i++) {
		struct range r = s->v[i].range;
		uint64_t first = model_page_up(m, r.start), end = model_page_down(m, r.end);

		model_unspecified_if(m, m->any);
		if (first >= end || (model_is_node(m, nid) && nid != s->v[i].nid))
			continue;
		*out(a[0]) = model_int(i);
		*out(a[2]) = first;
		*out(a[3]) = end;
		*out(a[4]) = model_int(s->v[i].nid);
		return 0;
	}
	*out(a[0]) = model_int(-1);
	return 0;
}

const struct model_call walk_calls[] = {
	{ "__next_mem_range", "ONFTTOOO>v", next_mem_range },
	{ "__next_mem_range_rev", "ONFTTOOO>v", next_mem_range_rev },
	{ "__next_physmem_range", "OTOO>v", next_physmem_range },
	{ "__next_mem_pfn_range", "ONOOO>v", next_mem_pfn_range },
	{ NULL, NULL, NULL },
};
