// SPDX-License-Identifier: GPL-2.0-or-later
/* Pictures of what mbsim has: the end of a boot, a layout, a replay. */
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "picture/internal.h"

#define NOMAP 0x4u /* a flag of memblock's, in all kernels */

void picture_of_boot(const struct boot_result *r, struct picture *p)
{
	picture_begin(p, "free");
	for (size_t i = 0; i < r->nr_map; i++) {
		const struct boot_piece *b = &r->map[i];
		enum picture_class class = b->use == BOOT_FREE	  ? PICTURE_FREE
					   : b->use == BOOT_NOMAP ? PICTURE_NOMAP
					   : b->is_memory	  ? PICTURE_RESERVED
								  : PICTURE_FIRMWARE;

		/* of what is no RAM there are many small ones, each with its own name */
		picture_add(p, b->range, class, class == PICTURE_RESERVED ? b->purpose : NULL,
			    b->nid);
	}
	picture_end(p);
}

/* Lists that are laid one over the other: each has a name for what it says of a place. */
struct overlay {
	const struct picture_spans *list;
	size_t at;
};

/* The span that @address is in, or NULL; lowers @next to where that changes. */
static const struct picture_span *look_at(struct overlay *o, uint64_t address, uint64_t *next)
{
	const struct picture_span *s;
	uint64_t change;

	while (o->at < o->list->nr && o->list->v[o->at].range.end <= address)
		o->at++;
	if (o->at == o->list->nr)
		return NULL;
	s = &o->list->v[o->at];
	change = s->range.start > address ? s->range.start : s->range.end;
	*next = change < *next ? change : *next;
	return s->range.start > address ? NULL : s;
}

#define MOST_LISTS 4

/*
 * What there is at each place is what the first list says that says anything. List number @ram has memory:
 * what is reserved elsewhere is the firmware's. @nodes says which node that is on.
 */
static void lay_over(struct picture *p, const struct picture_spans *lists, size_t nr_lists,
		     size_t ram, const struct picture_spans *nodes)
{
	struct overlay o[MOST_LISTS], node = { nodes, 0 };
	uint64_t at = 0, next;

	for (size_t i = 0; i < nr_lists; i++)
		o[i] = (struct overlay){ &lists[i], 0 };
	for (;; at = next) {
		const struct picture_span *seen = NULL, *on;
		enum picture_class class;
		bool is_ram = false;

		next = UINT64_MAX;
		for (size_t i = 0; i < nr_lists; i++) {
			const struct picture_span *s = look_at(&o[i], at, &next);

			seen = seen ? seen : s;
			is_ram |= s && i == ram;
		}
		on = look_at(&node, at, &next);
		if (next == UINT64_MAX)
			return;
		if (!seen)
			continue;
		class = seen->class == PICTURE_RESERVED && !is_ram ? PICTURE_FIRMWARE : seen->class;
		picture_add(p, (struct range){ at, next }, class, seen->name,
			    on && class != PICTURE_FIRMWARE ? on->nid : LAYOUT_NO_NODE);
	}
}

/* What is in memory when the kernel starts, by kind; what the tree has in /reserved-memory by name. */
static void add_reservations(const struct layout *l, struct picture_spans *s)
{
	for (size_t i = 0; i < l->nr_reservations; i++) {
		const struct layout_reservation *r = &l->reservations[i];
		bool nomap = r->flags & LAYOUT_NOMAP;
		const char *name =
			r->kind == LAYOUT_RESERVED_MEMORY ? r->name : layout_kind_name(r->kind);

		picture_spans_add(s, r->range, nomap ? PICTURE_NOMAP : PICTURE_RESERVED,
				  LAYOUT_NO_NODE, name);
	}
	picture_spans_settle(s);
}

void picture_of_layout(const struct layout *l, struct picture *p)
{
	struct picture_spans lists[3] = { 0 }, nodes = { 0 };
	size_t nr;
	struct range *ram = layout_ram(l, &nr);

	add_reservations(l, &lists[0]);
	for (size_t i = 0; i < nr; i++)
		picture_spans_add(&lists[1], ram[i], PICTURE_FREE, LAYOUT_NO_NODE, NULL);
	for (size_t i = 0; i < l->nr_ranges; i++)
		if (l->ranges[i].type != LAYOUT_RAM)
			picture_spans_add(&lists[2], l->ranges[i].range, PICTURE_FIRMWARE,
					  LAYOUT_NO_NODE, layout_type_name(l->ranges[i].type));
	picture_spans_settle(&lists[2]);
	for (size_t i = 0; i < l->nr_node_ranges; i++)
		if (l->node_ranges[i].nid != LAYOUT_NO_NODE)
			picture_spans_add(&nodes, l->node_ranges[i].range, PICTURE_FREE,
					  l->node_ranges[i].nid, NULL);
	picture_spans_settle(&nodes);
	picture_begin(p, "RAM");
	lay_over(p, lists, ARRAY_LEN(lists), 1, &nodes);
	picture_end(p);
	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		picture_spans_release(&lists[i]);
	picture_spans_release(&nodes);
	free(ram);
}

/* Owners where something is reserved: what was freed in part is less than its owner had. */
static void add_owners(const struct replay_result *r, const struct picture_spans *reserved,
		       struct picture_spans *owned)
{
	struct picture_spans all = { 0 };
	size_t at = 0;

	for (size_t i = 0; i < r->nr_owners; i++) {
		const struct replay_owner *o = &r->owners[i];
		const char *purpose = replay_purpose(o->caller);

		if (o->line <= r->at && (!o->freed || o->freed > r->at))
			picture_spans_add(&all, o->range, PICTURE_RESERVED, LAYOUT_NO_NODE,
					  strcmp(purpose, "other") ? purpose : NULL);
	}
	picture_spans_settle(&all);
	for (size_t i = 0; i < reserved->nr; i++) {
		struct range within = reserved->v[i].range;

		while (at < all.nr && all.v[at].range.end <= within.start)
			at++;
		for (size_t k = at; k < all.nr && all.v[k].range.start < within.end; k++)
			picture_spans_add(owned, range_intersect(all.v[k].range, within),
					  PICTURE_RESERVED, LAYOUT_NO_NODE, all.v[k].name);
	}
	picture_spans_release(&all);
}

void picture_of_replay(const struct replay_result *r, struct picture *p)
{
	struct picture_spans lists[MOST_LISTS] = { 0 }, nodes = { 0 };

	for (size_t i = 0; i < r->reserved.nr; i++)
		picture_spans_add(&lists[2], r->reserved.v[i].range, PICTURE_RESERVED,
				  LAYOUT_NO_NODE, NULL);
	picture_spans_settle(&lists[2]);
	add_owners(r, &lists[2], &lists[1]);
	for (size_t i = 0; i < r->memory.nr; i++) {
		const struct replay_row *row = &r->memory.v[i];

		picture_spans_add(&lists[3], row->range, PICTURE_FREE, LAYOUT_NO_NODE, NULL);
		if (row->flags & NOMAP)
			picture_spans_add(&lists[0], row->range, PICTURE_NOMAP, LAYOUT_NO_NODE,
					  NULL);
		if (row->nid >= 0)
			picture_spans_add(&nodes, row->range, PICTURE_FREE, row->nid, NULL);
	}
	picture_begin(p, "free");
	lay_over(p, lists, ARRAY_LEN(lists), 3, &nodes);
	picture_end(p);
	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		picture_spans_release(&lists[i]);
	picture_spans_release(&nodes);
}
