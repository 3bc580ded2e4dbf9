// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Why an allocation is where it is: the search that memblock makes, over what was free before the call, with
 * what it passes over. Only an answer that names the engine's own result counts as one, as
 * what a search skips (hotplugged memory, memory that is not mirrored) is no argument of the call.
 */
#include <string.h>

#include "record/record.h"
#include "lib/array.h"

/* memblock_find_in_range_node() leaves the first page alone */
#define FIRST_PAGE 4096
/* SMP_CACHE_BYTES, what an alignment of 0 stands for */
#define CACHE_LINE 64
#define ANYWHERE UINT64_MAX

const char *const record_pass_names[RECORD_NR_PASSES] = {
	[RECORD_PASS_NODE] = "node",
	[RECORD_PASS_ANY_NODE] = "any-node",
	[RECORD_PASS_BELOW] = "below-minimum",
};

const char *const record_refused_names[RECORD_NR_REFUSED] = {
	[RECORD_REFUSED_SIZE] = "size",	  [RECORD_REFUSED_ALIGN] = "align",
	[RECORD_REFUSED_LIMIT] = "limit", [RECORD_REFUSED_NODE] = "node",
	[RECORD_REFUSED_FLAGS] = "flags",
};

/* The argument with one of these names, or NULL. */
static const uint64_t *argument(const struct record_call *c, const char *const names[3])
{
	const char *p = c->arg_names;

	for (int i = 0; *p && i < RT_MAX_ARGS; i++) {
		size_t len = strcspn(p, " ");

		for (int j = 0; j < 3 && names[j]; j++)
			if (strlen(names[j]) == len && !strncmp(p, names[j], len))
				return &c->arg[i];
		p += len + (p[len] == ' ');
	}
	return NULL;
}

static uint64_t value_or(const uint64_t *value, uint64_t otherwise)
{
	return value ? *value : otherwise;
}

bool record_request_read(const struct record_call *c, const struct record_search *how,
			 struct record_request *r)
{
	static const char *const sizes[3] = { "size" }, *const aligns[3] = { "align" },
				 *const mins[3] = { "min_addr", "start" },
				 *const maxs[3] = { "max_addr", "end" }, *const nids[3] = { "nid" },
				 *const exacts[3] = { "exact_nid" };
	const uint64_t *size = argument(c, sizes), *align = argument(c, aligns);
	uint64_t max;

	if (!size || !align || !*size || c->ended ||
	    (c->value_kind != RT_PHYS && c->value_kind != RT_POINTER))
		return false;
	max = value_or(argument(c, maxs), strstr(c->name, "_low") ? UINT32_MAX : 0);
	/* 0: what can be accessed; 1: the same, and no leak is looked for */
	if (max <= 1 || (c->value_kind == RT_POINTER && max > how->limit))
		max = how->limit;
	*r = (struct record_request){
		.size = *size,
		.align = *align ? *align : CACHE_LINE,
		.min = value_or(argument(c, mins), 0),
		.max = max,
		.nid = (int)(int64_t)value_or(argument(c, nids), UINT64_MAX),
		.exact = strstr(c->name, "exact_nid") || value_or(argument(c, exacts), 0),
		.may_go_below = c->value_kind == RT_POINTER,
		.bottom_up = how->bottom_up,
		.got = c->value_kind == RT_POINTER && c->value == RT_NULL ? 0 : c->value,
	};
	return true;
}

/* What one search looks for. */
struct hunt {
	const struct record_request *r;
	struct record_place *place;
	uint64_t min;
	int nid; /* -1: any */
	bool skips_hotplug, wants_mirror;
};

static bool has_flag(const struct record_row *row, const char *flag)
{
	return strstr(row->flags, flag);
}

/* Where in @gap there is room for it, or UINT64_MAX. */
static uint64_t fit(const struct record_request *r, struct range gap)
{
	uint64_t at;

	if (range_size(gap) < r->size)
		return UINT64_MAX;
	if (r->bottom_up) {
		at = gap.start + (r->align - 1);
		at -= at % r->align;
		return at >= gap.start && at < gap.end && gap.end - at >= r->size ? at : UINT64_MAX;
	}
	at = gap.end - r->size;
	at -= at % r->align;
	return at >= gap.start ? at : UINT64_MAX;
}

/* Takes a free piece, or notes why not. */
static bool take(const struct hunt *h, const struct record_row *memory, struct range gap)
{
	const struct range limits = { h->min < FIRST_PAGE ? FIRST_PAGE : h->min, h->r->max };
	uint64_t at = fit(h->r, range_intersect(gap, limits));
	enum record_refused why = RECORD_REFUSED_SIZE;
	struct record_refused_pieces *refused;

	if ((h->skips_hotplug && has_flag(memory, "hotplug")) || has_flag(memory, "nomap") ||
	    has_flag(memory, "driver_managed") || (h->wants_mirror && !has_flag(memory, "mirror")))
		why = RECORD_REFUSED_FLAGS;
	else if (h->nid >= 0 && memory->nid != h->nid)
		why = RECORD_REFUSED_NODE;
	else if (at != UINT64_MAX) {
		h->place->expected = at;
		h->place->gap = gap;
		return true;
	} else if (fit(h->r, gap) != UINT64_MAX)
		why = RECORD_REFUSED_LIMIT;
	else if (range_size(gap) >= h->r->size)
		why = RECORD_REFUSED_ALIGN;
	refused = &h->place->refused[why];
	if (!refused->nr++ || range_size(gap) > range_size(refused->largest))
		refused->largest = gap;
	return false;
}

static bool search_down(const struct hunt *h, const struct record_rows *memory,
			const struct record_rows *reserved)
{
	size_t v = reserved->nr;

	for (size_t m = memory->nr; m--;) {
		uint64_t at = memory->v[m].range.end, first = memory->v[m].range.start;

		while (at > first) {
			uint64_t from = first;

			while (v && reserved->v[v - 1].range.start >= at)
				v--;
			if (v && reserved->v[v - 1].range.end >= at) {
				at = reserved->v[v - 1].range.start;
				continue;
			}
			if (v && reserved->v[v - 1].range.end > from)
				from = reserved->v[v - 1].range.end;
			if (take(h, &memory->v[m], (struct range){ from, at }))
				return true;
			at = from;
		}
	}
	return false;
}

static bool search_up(const struct hunt *h, const struct record_rows *memory,
		      const struct record_rows *reserved)
{
	size_t v = 0;

	for (size_t m = 0; m < memory->nr; m++) {
		uint64_t at = memory->v[m].range.start, end = memory->v[m].range.end;

		while (at < end) {
			uint64_t to = end;

			while (v < reserved->nr && reserved->v[v].range.end <= at)
				v++;
			if (v < reserved->nr && reserved->v[v].range.start <= at) {
				at = reserved->v[v].range.end;
				continue;
			}
			if (v < reserved->nr && reserved->v[v].range.start < to)
				to = reserved->v[v].range.start;
			if (take(h, &memory->v[m], (struct range){ at, to }))
				return true;
			at = to;
		}
	}
	return false;
}

static bool search(struct hunt *h, const struct record_rows *memory,
		   const struct record_rows *reserved)
{
	memset(h->place->refused, 0, sizeof(h->place->refused));
	h->place->expected = 0;
	return h->r->bottom_up ? search_up(h, memory, reserved) : search_down(h, memory, reserved);
}

/* The searches of a call, in the kernel's order. */
static bool search_all(struct hunt *h, const struct record_rows *memory,
		       const struct record_rows *reserved, bool mirror)
{
	const struct record_request *r = h->r;

	for (int below = 0; below <= (r->may_go_below && r->min); below++) {
		h->min = below ? 0 : r->min;
		for (int mirrored = mirror; mirrored >= 0; mirrored--) {
			h->wants_mirror = mirrored;
			for (int any = 0; any <= (r->nid >= 0 && !r->exact); any++) {
				h->nid = any ? -1 : r->nid;
				h->place->pass = below ? RECORD_PASS_BELOW
						 : any ? RECORD_PASS_ANY_NODE
						       : RECORD_PASS_NODE;
				if (search(h, memory, reserved))
					return true;
			}
		}
	}
	return false;
}

bool record_place_find(const struct record_request *r, const struct record_rows *memory,
		       const struct record_rows *reserved, struct record_place *place)
{
	bool mirror = false, hotplug = false;

	for (size_t i = 0; i < memory->nr; i++) {
		mirror |= has_flag(&memory->v[i], "mirror");
		hotplug |= has_flag(&memory->v[i], "hotplug");
	}
	for (int skips = hotplug; skips >= 0; skips--) {
		for (int mirrored = mirror; mirrored >= 0; mirrored--) {
			struct hunt h = { .r = r, .place = place, .skips_hotplug = skips };
			bool found = search_all(&h, memory, reserved, mirrored);

			if (found ? place->expected == r->got : !r->got)
				return true;
		}
	}
	return false;
}

void record_search_follow(struct record_search *how, const struct record_call *c)
{
	if (c->ended || !*c->arg_names)
		return;
	if (!strcmp(c->name, "memblock_set_bottom_up"))
		how->bottom_up = c->arg[0];
	else if (!strcmp(c->name, "memblock_set_current_limit"))
		how->limit = c->arg[0];
}

struct record_search record_search_begin(void)
{
	return (struct record_search){ .limit = ANYWHERE };
}
