// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Searches for room that are told of: where they looked, and what was there. This only looks at
 * the arrays; the answer is the engine's.
 */
#include <inttypes.h>

#include "boot/internal.h"
#include "lib/array.h"
#include "lib/size.h"

/* A free piece of one region of memory: memblock does not look across the border of two. */
typedef void visit_fn(struct boot_search *s, struct range piece);

static struct range range_of(const struct rt_region *r)
{
	return (struct range){ r->base, r->base + r->size };
}

static bool may_be_used(const struct boot *b, const struct boot_search *s,
			const struct rt_region *r)
{
	uint64_t not_for_use = b->check.nomap;

	if (b->params.movable_node)
		not_for_use |= b->check.hotplug;
	if (s->nid >= 0 && s->nid != r->nid)
		return false;
	return !(r->flags & not_for_use);
}

static void walk_free(const struct boot *b, struct boot_search *s, visit_fn *visit)
{
	const struct check_regions *memory = &b->check.regions[RT_MEMORY];
	const struct check_regions *reserved = &b->check.regions[RT_RESERVED];
	size_t j = 0;

	for (size_t i = 0; i < memory->nr; i++) {
		struct range region = range_of(&memory->v[i]);
		uint64_t at = region.start;

		if (!may_be_used(b, s, &memory->v[i]))
			continue;
		while (j < reserved->nr && range_of(&reserved->v[j]).end <= region.start)
			j++;
		for (size_t k = j; k < reserved->nr && reserved->v[k].base < region.end; k++) {
			struct range taken = range_of(&reserved->v[k]);

			if (taken.start > at)
				visit(s, (struct range){ at, taken.start });
			at = taken.end;
		}
		if (at < region.end)
			visit(s, (struct range){ at, region.end });
	}
}

static void keep_largest(struct boot_search *s, struct range piece)
{
	struct range part = range_intersect(piece, s->window);

	part.start = range_align_up(part.start, s->align);
	if (part.start < part.end && range_size(part) > range_size(s->hole))
		s->hole = part;
}

static void keep_next(struct boot_search *s, struct range piece)
{
	uint64_t start = piece.start > s->window.start ? piece.start : s->window.start;

	start = range_align_up(start, s->align);
	if (!s->next && start < piece.end && piece.end - start >= s->size)
		s->next = start;
}

static const struct boot_owner *owner_at(const struct boot *b, uint64_t address)
{
	for (size_t i = 0; i < b->nr_owners; i++)
		if (range_contains(b->owners[i].range, address))
			return &b->owners[i];
	return NULL;
}

static const struct rt_region *region_at(const struct check_regions *regions, uint64_t address)
{
	for (size_t i = 0; i < regions->nr; i++)
		if (range_contains(range_of(&regions->v[i]), address))
			return &regions->v[i];
	return NULL;
}

/* What is at @address, of which no search may have it. */
static const char *name_of(struct boot *b, const struct boot_search *s, uint64_t address)
{
	const struct rt_region *memory = region_at(&b->check.regions[RT_MEMORY], address);
	const struct boot_owner *owner = owner_at(b, address);

	if (region_at(&b->check.regions[RT_RESERVED], address)) {
		if (owner)
			return boot_string(b, "%s at %#" PRIx64 "-%#" PRIx64 " (%s)",
					   owner->purpose, owner->range.start, owner->range.end - 1,
					   owner->function);
		return "memblock's own arrays, or something else that is reserved";
	}
	if (!memory)
		return "no RAM";
	if (memory->flags & b->check.nomap)
		return "memory that is not mapped (nomap)";
	if (memory->flags & b->check.hotplug && b->params.movable_node)
		return "memory that can be unplugged (movable_node)";
	if (s->nid >= 0 && memory->nid != s->nid)
		return boot_string(b, "node %d", memory->nid);
	return "another region of memory: flags or node differ";
}

static void name_bounds(struct boot *b, struct boot_search *s)
{
	const struct check_regions *reserved = &b->check.regions[RT_RESERVED];
	uint64_t start = s->window.start, base;

	if (range_is_empty(s->hole))
		return;
	/* where the piece begins: what was rounded away is not what bounds it */
	base = region_at(&b->check.regions[RT_MEMORY], s->hole.start)->base;
	start = base > start ? base : start;
	for (size_t i = 0; i < reserved->nr; i++) {
		uint64_t end = range_of(&reserved->v[i]).end;

		if (end <= s->hole.start && end > start)
			start = end;
	}
	s->below = start <= s->window.start ? "the window's start" : name_of(b, s, start - 1);
	s->above = s->hole.end >= s->window.end ? "the window's end" : name_of(b, s, s->hole.end);
}

/* The first that is in the way of a range that is wanted as it is. */
static void find_taker(struct boot *b, struct boot_search *s)
{
	const struct check_regions *memory = &b->check.regions[RT_MEMORY];
	const struct check_regions *reserved = &b->check.regions[RT_RESERVED];
	uint64_t at = s->window.start, end = s->window.end, free_to = at;

	for (size_t i = 0; i < memory->nr; i++) {
		struct range r = range_of(&memory->v[i]);

		if (range_contains(r, free_to) && may_be_used(b, s, &memory->v[i]))
			free_to = r.end;
	}
	for (size_t i = 0; i < reserved->nr; i++) {
		struct range r = range_intersect(range_of(&reserved->v[i]), s->window);

		if (!range_is_empty(r) && r.start < free_to)
			free_to = r.start;
	}
	if (free_to >= end)
		return;
	s->taken.start = free_to;
	s->taken.end = end;
	s->taker = name_of(b, s, free_to);
}

static struct boot_search *begin(struct boot *b, struct boot_search wanted)
{
	struct boot_result *r = b->r;
	struct boot_search *s = &ARRAY_APPEND(r->searches, r->nr_searches, r->room_searches);

	*s = wanted;
	if (!s->align)
		s->align = 1;
	walk_free(b, s, keep_largest);
	walk_free(b, s, keep_next);
	name_bounds(b, s);
	if (s->exact)
		find_taker(b, s);
	return s;
}

uint64_t boot_search(struct boot *b, const char *file, const char *function, const char *purpose,
		     struct call_args a)
{
	const uint64_t first = a.min > 1ULL << b->r->page_shift ? a.min : 1ULL << b->r->page_shift;
	struct boot_search wanted = {
		.function = function,
		.purpose = purpose,
		.file = file,
		.size = a.size,
		.align = a.align,
		.window = { first,
			    a.max && a.max < engine_max_address() ? a.max : engine_max_address() },
		.nid = a.exact ? a.nid : LAYOUT_NO_NODE,
	};
	size_t at = b->r->nr_searches;
	uint64_t found;

	wanted.exact = wanted.window.end > first && range_size(wanted.window) == a.size;
	begin(b, wanted);
	found = a.exact ? boot_alloc_near(b, function, purpose, a)
			: boot_alloc_range(b, function, purpose, a);
	b->r->searches[at].found = found;
	return found;
}

void boot_search_fixed(struct boot *b, const char *file, const char *function, const char *purpose,
		       struct range range, uint64_t align, bool found)
{
	struct boot_search *s = begin(b, (struct boot_search){
						 .function = function,
						 .purpose = purpose,
						 .file = file,
						 .size = range_size(range),
						 .align = align,
						 .window = range,
						 .exact = true,
						 .nid = LAYOUT_NO_NODE,
					 });

	s->found = found ? range.start : 0;
}

uint64_t boot_dram_start(const struct boot *b)
{
	const struct check_regions *memory = &b->check.regions[RT_MEMORY];

	return memory->nr ? memory->v[0].base : 0;
}

uint64_t boot_dram_end(const struct boot *b)
{
	const struct check_regions *memory = &b->check.regions[RT_MEMORY];

	return memory->nr ? memory->v[memory->nr - 1].base + memory->v[memory->nr - 1].size : 0;
}
