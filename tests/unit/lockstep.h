/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_UNIT_LOCKSTEP_H
#define TESTS_UNIT_LOCKSTEP_H

#include <string.h>

#include "lib/array.h"
#include "lib/prng.h"
#include "model/model.h"

/* Random calls for tests/unit/model.c: small numbers of addresses, so that they have to do with each other. */

#define MAX_CALLS 320 /* of a sequence; one that fills an array first takes most of them */

/* A call with its arguments; what is behind RT_OUT has a place of its own for either side. */
struct made {
	const struct rt_call *call;
	uint64_t args[RT_MAX_ARGS];
};

struct lockstep {
	struct engine *e;
	const struct rt_engine *ops;
	struct model *m;
	struct choice {
		const struct rt_call *call;
		unsigned int weight;
	} * calls; /* those that the model knows */
	size_t nr_calls, room_calls;
	unsigned int weight;

	/* the sequence */
	struct prng random;
	uint64_t base, unit; /* where in memory it is, and how fine */
	struct made made[MAX_CALLS];
	size_t nr_made;
	uint64_t outs[RT_MAX_ARGS], model_outs[RT_MAX_ARGS];
	bool differs, ended; /* by a known bug, or by what is unspecified */
	enum model_end expected;
	uint64_t result, model_result;
	struct engine_exit end;
	uint64_t total_ram; /* pages that the hand-over says it has freed */
	uint64_t freed[2];  /* by the hand-over: pages, and a sum over all blocks */

	uint64_t compared, known[32]; /* sequences that ended by each of engine_bug() */
};

static inline uint64_t below(struct lockstep *l, uint64_t n)
{
	return prng_below(&l->random, n);
}

static inline bool one_in(struct lockstep *l, uint64_t n)
{
	return !below(l, n);
}

static inline uint64_t last_address(const struct lockstep *l)
{
	return l->ops->phys_bits < 64 ? (1ULL << l->ops->phys_bits) - 1 : UINT64_MAX;
}

/* Near where everything is; now and then at either end of all addresses. */
static inline uint64_t some_address(struct lockstep *l)
{
	if (one_in(l, 60))
		return below(l, 3) * l->unit;
	if (one_in(l, 60))
		return last_address(l) - below(l, 3) * l->unit;
	return l->base + below(l, 25) * l->unit;
}

static inline uint64_t some_size(struct lockstep *l)
{
	if (one_in(l, 40))
		return 0;
	if (one_in(l, 40))
		return last_address(l) - below(l, 2);
	return (1 + below(l, 7)) * l->unit;
}

static inline uint64_t some_limit(struct lockstep *l)
{
	if (one_in(l, 3))
		return 0;
	if (one_in(l, 3))
		return last_address(l);
	return one_in(l, 12) ? 1 : some_address(l);
}

static inline uint64_t some_nid(struct lockstep *l)
{
	static const int nids[] = { 0, 0, 1, 1, 2, -1 };

	if (one_in(l, 16))
		return (uint64_t)l->ops->nr_node_ids;
	return (uint64_t)nids[below(l, ARRAY_LEN(nids))];
}

static inline uint64_t some_flags(struct lockstep *l)
{
	if (one_in(l, 2))
		return 0;
	return l->ops->flags[below(l, (uint64_t)l->ops->nr_flags)].value;
}

static inline uint64_t some_type(struct lockstep *l)
{
	struct rt_type_state state;

	if (!l->ops->type(RT_PHYSMEM, &state) && one_in(l, 4))
		return RT_PHYSMEM;
	return one_in(l, 2) ? RT_MEMORY : RT_RESERVED;
}

static inline uint64_t some_region(struct lockstep *l)
{
	enum rt_type type = (enum rt_type)some_type(l);
	size_t nr;

	model_regions(l->m, type, &nr);
	return RT_REGION_AT(type, nr ? below(l, nr) : 0);
}

static inline uint64_t some_phys(struct lockstep *l, const char *name)
{
	if (strstr(name, "size") || !strcmp(name, "memory_limit"))
		return some_size(l);
	if (!strcmp(name, "align"))
		return one_in(l, 8) ? 0 : 1ULL << below(l, one_in(l, 10) ? 64 : 16);
	if (strstr(name, "max") || !strcmp(name, "end") || !strcmp(name, "limit"))
		return some_limit(l);
	if (strstr(name, "min") || !strcmp(name, "start"))
		return one_in(l, 2) ? 0 : some_address(l);
	return some_address(l);
}

static inline uint64_t some_value(struct lockstep *l, const struct rt_arg *arg)
{
	static const char text[] = "somebody";

	switch (arg->kind) {
	case RT_PHYS:
		return some_phys(l, arg->name);
	case RT_FLAGS:
		return some_flags(l);
	case RT_NID:
		return some_nid(l);
	case RT_TYPE:
		return some_type(l);
	case RT_REGION:
		return some_region(l);
	case RT_BOOL:
		return below(l, 2);
	case RT_POINTER:
		return one_in(l, 20) ? RT_NULL : some_address(l);
	case RT_STRING:
		return (uintptr_t)text;
	default:
		if (strstr(arg->name, "pfn"))
			return some_address(l) >> l->ops->page_shift;
		return some_phys(l, arg->name);
	}
}

/* How often a call is made: those that change something more often, a few seldom. */
static inline unsigned int weight_of(const struct rt_call *call)
{
	static const struct {
		const char *name;
		unsigned int weight;
	} weights[] = {
		{ "memblock_add", 60 },
		{ "memblock_add_node", 60 },
		{ "memblock_reserve", 60 },
		{ "memblock_remove", 20 },
		{ "memblock_trim_memory", 1 },
		{ "memblock_enforce_memory_limit", 2 },
		{ "memblock_cap_memory_range", 4 },
		{ "memblock_mem_limit_remove_map", 2 },
		{ "memblock_discard", 0 },
		{ "memblock_dump_all", 0 },
		{ "memblock_set_current_limit", 3 },
		{ "memblock_end_of_DRAM", 3 },
		{ "memblock_set_kho_scratch_only", 1 },
		{ "memblock_free_all", 2 },
		{ "memblock_estimated_nr_free_pages", 3 },
	};

	for (size_t i = 0; i < ARRAY_LEN(weights); i++)
		if (!strcmp(weights[i].name, call->name))
			return weights[i].weight;
	return strstr(call->name, "_is_") || strstr(call->name, "region_") ? 6 : 12;
}

static const struct rt_call *some_call(struct lockstep *l)
{
	uint64_t at = below(l, l->weight);

	for (size_t i = 0;; i++) {
		if (at < l->calls[i].weight)
			return l->calls[i].call;
		at -= l->calls[i].weight;
	}
}

/* Where steps of a loop begin, or where the last one left it. */
static inline void draw_outs(struct lockstep *l, const struct rt_call *call)
{
	bool reverse = strstr(call->name, "_rev") || strstr(call->name, "pfn_range");

	if (one_in(l, 4))
		l->outs[0] = reverse ? UINT64_MAX : 0;
	memcpy(l->model_outs, l->outs, sizeof(l->outs));
}

static inline void draw(struct lockstep *l, struct made *made)
{
	const struct rt_call *call = some_call(l);
	unsigned int nr_outs = 0;

	/* a loop is gone on with for a while */
	if (l->nr_made && made[-1].call->nr_args && made[-1].call->args[0].kind == RT_OUT &&
	    !one_in(l, 4)) {
		*made = made[-1];
		memcpy(l->model_outs, l->outs, sizeof(l->outs));
		return;
	}
	made->call = call;
	draw_outs(l, call);
	for (int i = 0; i < call->nr_args; i++) {
		if (call->args[i].kind == RT_OUT)
			made->args[i] = (uintptr_t)&l->outs[nr_outs++];
		else
			made->args[i] = some_value(l, &call->args[i]);
	}
}

#endif
