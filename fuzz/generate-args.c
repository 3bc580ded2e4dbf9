// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Arguments, by their kind and by what a prototype calls them. Most are of the sequence's own grid or at
 * the borders of regions that are there, as mistakes are made at borders; some are from the ends of all
 * numbers.
 */
#include <string.h>

#include "fuzz/internal.h"
#include "lib/array.h"

static uint64_t mask(const struct generator *g, uint64_t value)
{
	return g->rig->ops->phys_bits < 64 ? value & ((1ULL << g->rig->ops->phys_bits) - 1) : value;
}

/* A region of one of the lists; false if there is none. */
static bool draw_region(struct generator *g, struct rt_region *region)
{
	const struct rig *r = g->rig;
	enum rt_type type = r->types[source_below(g->source, r->nr_types)];
	struct rt_type_state state;
	uint64_t cnt;

	if (r->ops->type(type, &state))
		return false;
	cnt = engine_count_regions(r->ops, type, &state);
	if (!cnt || cnt > state.max)
		return false;
	r->ops->region(type, source_below(g->source, cnt), region);
	return true;
}

static uint64_t draw_extreme(struct generator *g)
{
	const uint64_t top = mask(g, UINT64_MAX);
	const uint64_t extremes[] = {
		0,
		1,
		0xfff,
		0x1000,
		1 << 20,
		16 << 20,
		(1ULL << 32) - 1,
		1ULL << 32,
		(1ULL << 32) + 1,
		1ULL << 31,
		1ULL << 46,
		top,
		top - 1,
		top - 0xfff,
		top - 0x1000,
		1ULL << 63,
		(1ULL << 63) - 1,
	};

	return mask(g, extremes[source_below(g->source, ARRAY_LEN(extremes))]);
}

static uint64_t draw_offset(struct generator *g)
{
	switch (source_below(g->source, 8)) {
	case 0:
		return 1;
	case 1:
		return -1ULL;
	case 2:
		return g->unit;
	case 3:
		return -g->unit;
	default:
		return 0;
	}
}

uint64_t generator_address(struct generator *g)
{
	uint32_t what = source_below(g->source, 32);
	struct rt_region r;

	if (what < g->hostility)
		return draw_extreme(g);
	if (what < 14 && draw_region(g, &r))
		return mask(g, r.base + (what & 1 ? r.size : 0) + draw_offset(g));
	if (what < 18 && g->nr_recent)
		return g->recent[source_below(g->source, g->nr_recent < MAX_RECENT ? g->nr_recent
										   : MAX_RECENT)];
	return mask(g, g->origin + g->unit * source_below(g->source, g->slots + 1));
}

uint64_t generator_size(struct generator *g, uint64_t base)
{
	uint32_t what = source_below(g->source, 32);
	struct rt_region r;

	if (what < g->hostility) {
		switch (source_below(g->source, 6)) {
		case 0:
			return 0;
		case 1:
			return mask(g, -base);
		case 2:
			return mask(g, -base - 1);
		case 3:
			return mask(g, UINT64_MAX);
		default:
			return draw_extreme(g);
		}
	}
	/* up to a border */
	if (what < 12 && draw_region(g, &r)) {
		uint64_t border = r.base + (what & 1 ? r.size : 0) + draw_offset(g);

		if (!base)
			return mask(g, r.size + draw_offset(g));
		if (border > base)
			return mask(g, border - base);
	}
	/* as most of the kernel's allocations are */
	if (!base && what > 26)
		return what > 28 ? 0x1000 : 1 + source_below(g->source, 256);
	return g->unit * (1 + source_below(g->source, 1 + g->slots / 2));
}

static uint64_t draw_align(struct generator *g)
{
	switch (source_below(g->source, 8)) {
	case 0:
		return g->unit & (g->unit - 1) ? 0x1000 : g->unit;
	case 1:
		return g->unit & (g->unit - 1) ? 64 : 2 * g->unit;
	case 2:
		return 1ULL << source_below(g->source, 21);
	case 3:
		return g->hostility > 1 ? 0 : 64;
	case 4:
		return 64;
	default:
		return 0x1000;
	}
}

static uint64_t draw_limit(struct generator *g)
{
	uint32_t what = source_below(g->source, 8);

	return what < 3 ? 0 : what < 4 ? mask(g, UINT64_MAX) : generator_address(g);
}

int generator_node(struct generator *g)
{
	uint32_t what = source_below(g->source, 16);

	if (what < 3)
		return -1;
	if (what == 3)
		return g->rig->ops->nr_node_ids;
	if (what == 4 && g->hostility > 1)
		return source_once_in(g->source, 2) ? g->rig->ops->nr_node_ids - 1 : 5;
	return source_below(g->source, g->nodes);
}

uint64_t generator_flags(struct generator *g)
{
	const struct rt_engine *ops = g->rig->ops;

	if (!g->flags || source_below(g->source, 4) || !ops->nr_flags)
		return 0;
	return ops->flags[source_below(g->source, ops->nr_flags)].value & g->rig->flags;
}

static uint64_t draw_list(struct generator *g, const struct rt_arg *arg)
{
	/* the second list of a walk may be none */
	if (!strcmp(arg->name, "type_b") && source_once_in(g->source, 4))
		return RT_TYPE_NONE;
	return g->rig->types[source_below(g->source, g->rig->nr_types)];
}

static uint64_t draw_index(struct generator *g, enum rt_type type)
{
	struct rt_type_state state;

	if (g->rig->ops->type(type, &state) || !state.cnt)
		return 0;
	return source_below(g->source, state.cnt < UINT32_MAX ? state.cnt : 1);
}

/* What a function reads and writes: where a walk stands, mostly. */
static uint64_t draw_out(struct generator *g, const struct rt_arg *arg)
{
	if (strcmp(arg->name, "idx"))
		return 0;
	switch (source_below(g->source, 4)) {
	case 0:
		return UINT64_MAX;
	case 1:
		return draw_index(g, RT_MEMORY) | draw_index(g, RT_RESERVED) << 32;
	default:
		return 0;
	}
}

static uint64_t draw_number(struct generator *g, const struct rt_arg *arg, uint64_t base)
{
	if (strstr(arg->name, "pfn"))
		return generator_address(g) >> g->rig->ops->page_shift;
	if (strstr(arg->name, "size") || strstr(arg->name, "bytes"))
		return generator_size(g, base);
	return source_once_in(g->source, 4) ? draw_extreme(g) : source_below(g->source, 16);
}

static uint64_t draw_phys(struct generator *g, const struct rt_arg *arg, uint64_t base)
{
	static const char *const limits[] = { "min_addr", "max_addr", "start", "end" };

	if (strstr(arg->name, "size"))
		return generator_size(g, base);
	if (!strcmp(arg->name, "align"))
		return draw_align(g);
	if (!strcmp(arg->name, "limit") || !strcmp(arg->name, "memory_limit"))
		return source_once_in(g->source, 2) ? generator_address(g) : generator_size(g, 0);
	for (size_t i = 0; i < ARRAY_LEN(limits); i++)
		if (!strcmp(arg->name, limits[i]))
			return draw_limit(g);
	return generator_address(g);
}

static uint64_t draw(struct generator *g, const struct rt_arg *arg, uint64_t base)
{
	switch (arg->kind) {
	case RT_PHYS:
		return draw_phys(g, arg, base);
	case RT_POINTER:
		return source_once_in(g->source, 16) ? RT_NULL : generator_address(g);
	case RT_NUMBER:
		return draw_number(g, arg, base);
	case RT_INT:
		return source_below(g->source, 4);
	case RT_BOOL:
		return source_below(g->source, 2);
	case RT_NID:
		return (uint64_t)(int64_t)generator_node(g);
	case RT_FLAGS:
		return generator_flags(g);
	case RT_TYPE:
		return draw_list(g, arg);
	case RT_REGION: {
		enum rt_type type = g->rig->types[source_below(g->source, g->rig->nr_types)];

		return RT_REGION_AT(type, draw_index(g, type));
	}
	case RT_STRING:
		return source_below(g->source, OP_NR_STRINGS);
	case RT_OUT:
		return draw_out(g, arg);
	case RT_VOID:
		break;
	}
	return 0;
}

/* What was allocated, whole or in part, for who frees it. */
static bool draw_block(struct generator *g, const struct rt_call *call, struct op *op)
{
	struct range block;

	if (!g->nr_blocks || call->nr_args != 2 || !strstr(call->name, "free") ||
	    !source_once_in(g->source, 2))
		return false;
	block = g->blocks[source_below(g->source,
				       g->nr_blocks < MAX_RECENT ? g->nr_blocks : MAX_RECENT)];
	op->args[0] = block.start;
	op->args[1] = range_size(block);
	if (source_once_in(g->source, 4) && op->args[1] > g->unit) {
		op->args[1] -= g->unit;
		op->args[0] += source_below(g->source, 2) * g->unit;
	}
	return true;
}

void generator_arguments(struct generator *g, struct op *op)
{
	const struct rt_call *call = g->rig->table.calls[op->what];
	uint64_t base = 0;

	if (draw_block(g, call, op))
		return;
	for (int i = 0; i < call->nr_args; i++) {
		op->args[i] = draw(g, &call->args[i], base);
		if (call->args[i].kind == RT_PHYS)
			op->args[i] &= g->rig->phys_mask;
		if (!i && (call->args[0].kind == RT_PHYS || call->args[0].kind == RT_POINTER) &&
		    strcmp(call->args[0].name, "size"))
			base = op->args[0];
	}
}
