// SPDX-License-Identifier: GPL-2.0-or-later
/* Checks on memblock's arrays of regions: cheap, for they are made after every call. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "check/internal.h"
#include "lib/array.h"

/* An array that says of itself that it is longer is not copied. */
#define MAX_REGIONS (1ULL << 20)

void check_regions_take(struct check_regions *r, const struct rt_engine *ops, enum rt_type type)
{
	r->nr = 0;
	r->there = !ops->type(type, &r->state);
	if (!r->there || r->state.cnt > r->state.max || r->state.cnt > MAX_REGIONS)
		return;
	if (r->room < r->state.cnt) {
		r->room = 2 * r->state.cnt;
		r->v = array_resize(r->v, r->room, sizeof(*r->v));
	}
	for (; r->nr < r->state.cnt; r->nr++)
		ops->region(type, r->nr, &r->v[r->nr]);
	/* up to 6.7 an empty array holds one region without size */
	if (r->nr == 1 && !r->v[0].size)
		r->nr = 0;
}

void check_regions_release(struct check_regions *r)
{
	free(r->v);
	*r = (struct check_regions){ 0 };
}

uint64_t check_regions_sum(const struct check_regions *r)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < r->nr; i++)
		sum += r->v[i].size;
	return sum;
}

static const struct check_call *latest(const struct check_state *s)
{
	return s->nr_calls ? &s->calls[s->nr_calls - 1] : NULL;
}

void check_regions_trimmed(struct check_state *s)
{
	const struct check_call *call = latest(s);
	struct check_regions *memory = &s->regions[RT_MEMORY];
	uint64_t sum = check_regions_sum(memory);

	if (call && !strcmp(call->name, "memblock_trim_memory"))
		s->trimmed[RT_MEMORY] =
			memory->state.total_size > sum ? memory->state.total_size - sum : 0;
}

static const char *caller(const struct check_state *s)
{
	return latest(s) ? latest(s)->function : "nobody";
}

static const char *call_name(const struct check_state *s)
{
	return latest(s) ? latest(s)->name : "nothing";
}

static struct range region_range(const struct rt_region *r)
{
	return (struct range){ r->base, r->base + r->size };
}

#define FOR_EACH_ARRAY(s, r)                                                                    \
	for (const struct check_regions *r = (s)->regions; r < (s)->regions + RT_NR_TYPES; r++) \
		if (r->there)

void check_regions_count(const struct check *c, const struct check_state *s,
			 struct check_findings *f)
{
	FOR_EACH_ARRAY(s, r)
	{
		if (r->state.cnt > r->state.max || r->state.cnt > MAX_REGIONS)
			check_fail(c, s, f, "after %s by %s: %s has %llu regions and room for %llu",
				   call_name(s), caller(s), r->state.name, r->state.cnt,
				   r->state.max);
	}
}

void check_regions_size(const struct check *c, const struct check_state *s,
			struct check_findings *f)
{
	FOR_EACH_ARRAY(s, r)
	{
		for (size_t i = 0; i < r->nr; i++) {
			const struct rt_region *v = &r->v[i];

			if (v->size && v->base + v->size > v->base)
				continue;
			if (v->size && v->base + v->size == 0)
				continue; /* up to the end of all addresses */
			check_fail(c, s, f, "after %s by %s: %s[%zu] is %#llx bytes at %#llx",
				   call_name(s), caller(s), r->state.name, i, v->size, v->base);
		}
	}
}

void check_regions_order(const struct check *c, const struct check_state *s,
			 struct check_findings *f)
{
	FOR_EACH_ARRAY(s, r)
	{
		for (size_t i = 1; i < r->nr; i++) {
			const struct rt_region *a = &r->v[i - 1], *b = &r->v[i];

			if (a->base + a->size <= b->base)
				continue;
			check_fail_range(c, s, f, region_range(b),
					 "after %s by %s: %s[%zu] ends at %#llx, %s[%zu] begins "
					 "at %#llx",
					 call_name(s), caller(s), r->state.name, i - 1,
					 a->base + a->size - 1, r->state.name, i, b->base);
		}
	}
}

void check_regions_merged(const struct check *c, const struct check_state *s,
			  struct check_findings *f)
{
	FOR_EACH_ARRAY(s, r)
	{
		for (size_t i = 1; i < r->nr; i++) {
			const struct rt_region *a = &r->v[i - 1], *b = &r->v[i];

			if (a->base + a->size != b->base || a->nid != b->nid ||
			    a->flags != b->flags)
				continue;
			check_fail_range(
				c, s, f, (struct range){ b->base - 1, b->base + 1 },
				"after %s by %s: %s[%zu] and %s[%zu] touch at %#llx and are "
				"of the same kind",
				call_name(s), caller(s), r->state.name, i - 1, r->state.name, i,
				b->base);
		}
	}
}

void check_regions_total(const struct check *c, const struct check_state *s,
			 struct check_findings *f)
{
	FOR_EACH_ARRAY(s, r)
	{
		uint64_t sum = check_regions_sum(r), trimmed = s->trimmed[r - s->regions];

		if (r->state.cnt > r->state.max || r->state.total_size == sum + trimmed)
			continue;
		check_fail(c, s, f,
			   "after %s by %s: %s.total_size is %#llx, the regions are %#" PRIx64
			   " bytes%s",
			   call_name(s), caller(s), r->state.name, r->state.total_size, sum,
			   trimmed ? " (not counting what memblock_trim_memory() took)" : "");
	}
}
