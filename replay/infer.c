// SPDX-License-Identifier: GPL-2.0-or-later
/* What a kernel does without a line, seen by where its allocations are: direction, limit, node. */
#include <inttypes.h>
#include <string.h>

#include "lib/array.h"
#include "replay/internal.h"

#define MIB (1ULL << 20)
#define CACHE_LINE 64

/* MEMBLOCK_ALLOC_ACCESSIBLE; MEMBLOCK_ALLOC_KASAN, later MEMBLOCK_ALLOC_NOLEAKTRACE */
static bool is_accessible(uint64_t max)
{
	return max <= 1;
}

static bool is_of_addresses(const struct replay_event *e)
{
	return strstr(e->function, "phys") || strstr(e->function, "range");
}

uint64_t infer_predict(const struct replay *p, const struct replay_event *e, uint64_t limit,
		       bool bottom_up)
{
	bool phys = is_of_addresses(e), exact = strstr(e->function, "exact");
	struct fit_want w = {
		.size = e->size,
		.align = e->align ? e->align : CACHE_LINE,
		.min = e->min,
		.max = is_accessible(e->max) || (!phys && e->max > limit) ? limit : e->max,
		.nid = e->nid,
		.page = 1ULL << p->ops->page_shift,
		.bottom_up = bottom_up,
		.movable = p->log->movable_node,
	};
	uint64_t at;

	for (;;) {
		at = fit_find(&p->memory, &p->reserved, &w);
		if (at == FIT_NONE && w.nid >= 0 && !exact) {
			w.nid = -1;
			at = fit_find(&p->memory, &p->reserved, &w);
			w.nid = e->nid;
		}
		if (at != FIT_NONE || phys || !w.min)
			return at;
		w.min = 0;
	}
}

static void set_limit(struct replay *p, const struct replay_event *e, uint64_t limit)
{
	struct call_args a = { .limit = limit };

	if (!make_call(p, "memblock_set_current_limit", NULL, &a, NULL))
		return;
	if (limit == UINT64_MAX)
		note_inferred(p, e->line, e->line, "memblock_set_current_limit(none)");
	else
		note_inferred(p, e->line, e->line, "memblock_set_current_limit(0x%" PRIx64 ")",
			      limit);
	p->limit = limit;
}

static void set_bottom_up(struct replay *p, const struct replay_event *e, bool enable)
{
	struct call_args a = { .enable = enable };

	if (!make_call(p, "memblock_set_bottom_up", NULL, &a, NULL))
		return;
	note_inferred(p, e->line, e->line, "memblock_set_bottom_up(%s)", enable ? "true" : "false");
	p->bottom_up = enable;
}

/*
 * A limit under which the highest fit is at @address: the most natural that there is. Kernels begin with a
 * low one and raise it, so once it is known it does not fall.
 */
static bool find_limit(struct replay *p, const struct replay_event *e, uint64_t address,
		       uint64_t *limit)
{
	uint64_t end = address + e->size, top = (end + MIB - 1) & ~(MIB - 1), best = 0;
	const uint64_t some[] = { UINT64_MAX, 4ULL << 30, top };

	for (size_t i = 0; i < ARRAY_LEN(some) + p->memory.nr; i++) {
		uint64_t l =
			i < ARRAY_LEN(some) ? some[i] : p->memory.v[i - ARRAY_LEN(some)].range.end;

		if (l < end || l <= best || (p->limit_known && l <= p->limit))
			continue;
		if (infer_predict(p, e, l, p->bottom_up) == address)
			best = l;
	}
	*limit = best;
	return best;
}

void infer_confirm(struct replay *p, const struct replay_event *e)
{
	p->limit_known |= is_accessible(e->max) && !p->bottom_up;
}

/* Kernels limit themselves to what is mapped, to a zone, to a region. */
static bool is_natural(const struct replay *p, uint64_t limit)
{
	if (limit == UINT64_MAX || (limit >= MIB && !(limit & (limit - 1))))
		return true;
	for (size_t i = 0; i < p->memory.nr; i++)
		if (p->memory.v[i].range.start == limit || p->memory.v[i].range.end == limit)
			return true;
	return false;
}

void infer_request(struct replay *p, const struct replay_event *e, uint64_t address)
{
	bool limited = is_accessible(e->max);
	uint64_t limit, would;

	make_take_state(p);
	doubt_check(p, e, address);
	would = infer_predict(p, e, p->limit, p->bottom_up);
	if (would == address) {
		infer_confirm(p, e);
		return;
	}
	if (infer_predict(p, e, p->limit, !p->bottom_up) == address) {
		doubt_open(p, e, address, would);
		set_bottom_up(p, e, !p->bottom_up);
		doubt_begin(p);
		return;
	}
	if ((limited || !is_of_addresses(e)) && find_limit(p, e, address, &limit) &&
	    (!p->r->guessed || is_natural(p, limit))) {
		doubt_open(p, e, address, would);
		p->doubt.natural = is_natural(p, limit);
		set_limit(p, e, limit);
		p->limit_known = true;
		doubt_begin(p);
		return;
	}
	taken_explain(p, e, address);
}

/* Tries one way of asking for what no line asks for. */
static bool try_silent(struct replay *p, const struct replay_event *e, struct call_args *a,
		       bool bottom_up)
{
	struct fit_want w = {
		.size = e->size,
		.align = a->align,
		.min = a->min,
		.max = a->max ? a->max : p->limit,
		.nid = a->nid,
		.page = 1ULL << p->ops->page_shift,
		.bottom_up = bottom_up,
		.movable = p->log->movable_node,
	};

	return fit_find(&p->memory, &p->reserved, &w) == e->range.start;
}

static bool try_limits(struct replay *p, const struct replay_event *e, struct call_args *a)
{
	uint64_t end = e->range.end;
	const uint64_t some[] = { 0, 4ULL << 30, end % MIB ? 0 : end };

	a->min = 0;
	for (size_t i = 0; i < ARRAY_LEN(some) + p->memory.nr; i++) {
		a->max = i < ARRAY_LEN(some) ? some[i] : p->memory.v[i - ARRAY_LEN(some)].range.end;
		if (try_silent(p, e, a, p->bottom_up))
			return true;
	}
	return false;
}

/* Tries nodes and alignments, with the limits that are usual. */
static bool find_silent(struct replay *p, const struct replay_event *e, struct call_args *a,
			const char **call)
{
	static const uint64_t aligns[] = { CACHE_LINE, 4096,	 64 << 10, MIB,	      2 * MIB,
					   4 * MIB,    16 * MIB, 32 * MIB, 512 * MIB, 1024 * MIB };
	const struct replay_row *row = make_find_memory(p, e->range.start);
	const int nids[] = { row ? row->nid : -1, -1 };

	for (size_t n = 0; n < ARRAY_LEN(nids); n++)
		for (size_t i = 0; i < ARRAY_LEN(aligns) && !(e->range.start % aligns[i]); i++) {
			a->nid = nids[n];
			a->align = aligns[i];
			a->min = a->max = 0;
			*call = a->nid >= 0 ? "memblock_phys_alloc_try_nid"
					    : "memblock_alloc_range_nid";
			if (try_silent(p, e, a, p->bottom_up))
				return true;
			*call = "memblock_alloc_range_nid";
			if (try_limits(p, e, a))
				return true;
		}
	return false;
}

bool infer_silent(struct replay *p, const struct replay_event *e, struct call_args *a,
		  const char **call)
{
	bool was = p->bottom_up;

	make_take_state(p);
	*a = (struct call_args){ .size = e->size };
	if (find_silent(p, e, a, call))
		return true;
	p->bottom_up = !was;
	if (find_silent(p, e, a, call)) {
		set_bottom_up(p, e, !was);
		return true;
	}
	/* CMA looks above 4 GiB first, from below */
	a->min = 4ULL << 30;
	a->max = 0;
	a->nid = -1;
	for (a->align = CACHE_LINE; a->align <= 1024 * MIB; a->align *= 2)
		if (!(e->range.start % a->align) && try_silent(p, e, a, true)) {
			set_bottom_up(p, e, true);
			return true;
		}
	p->bottom_up = was;
	return false;
}
