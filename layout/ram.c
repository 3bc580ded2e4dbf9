// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a firmware's map amounts to. The map is cut at every address where a row or an update
 * begins or ends; a piece between two cuts has one type throughout.
 */
#include <stdlib.h>

#include "layout/internal.h"
#include "layout/layout.h"
#include "lib/array.h"

#define NO_TYPE 0xff

struct cut {
	uint64_t address;
	enum layout_type type;
	int step; /* +1: a row of this type begins, -1: it ends, 0: an update does */
};

struct pieces {
	struct cut *cuts;
	size_t nr, room;
	uint64_t *starts;     /* piece i is [starts[i], starts[i + 1]) */
	unsigned char *types; /* NO_TYPE: a hole */
	size_t nr_starts;
};

static int compare_cuts(const void *a, const void *b)
{
	const struct cut *x = a, *y = b;

	return (x->address > y->address) - (x->address < y->address);
}

static void cut_at(struct pieces *p, struct range r, enum layout_type type, int step)
{
	ARRAY_APPEND(p->cuts, p->nr, p->room) =
		(struct cut){ .address = r.start, .type = type, .step = step };
	ARRAY_APPEND(p->cuts, p->nr, p->room) =
		(struct cut){ .address = r.end, .type = type, .step = -step };
}

/* Where rows overlap, the highest of their types is that of the piece. */
static void number_pieces(struct pieces *p)
{
	size_t open[LAYOUT_NR_TYPES] = { 0 };

	if (p->nr)
		qsort(p->cuts, p->nr, sizeof(*p->cuts), compare_cuts);
	p->starts = array_resize(NULL, p->nr, sizeof(*p->starts));
	p->types = array_resize(NULL, p->nr, sizeof(*p->types));
	for (size_t i = 0; i < p->nr; i++) {
		int type = LAYOUT_NR_TYPES - 1;

		open[p->cuts[i].type] += p->cuts[i].step;
		if (i + 1 < p->nr && p->cuts[i + 1].address == p->cuts[i].address)
			continue;
		while (type >= 0 && !open[type])
			type--;
		p->starts[p->nr_starts] = p->cuts[i].address;
		p->types[p->nr_starts++] = type < 0 ? NO_TYPE : type;
	}
}

static void apply(struct pieces *p, const struct layout_update *u)
{
	size_t low = 0, high = p->nr_starts;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (p->starts[middle] < u->range.start)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < p->nr_starts && p->starts[low] < u->range.end; low++)
		if (u->any || p->types[low] == u->from)
			p->types[low] = u->remove ? NO_TYPE : u->to;
}

static struct range *collect_ram(const struct pieces *p, size_t *nr)
{
	struct range *ram = NULL;
	size_t room = 0;

	*nr = 0;
	for (size_t i = 0; i + 1 < p->nr_starts; i++) {
		if (p->types[i] != LAYOUT_RAM)
			continue;
		if (*nr && ram[*nr - 1].end == p->starts[i])
			ram[*nr - 1].end = p->starts[i + 1];
		else
			ARRAY_APPEND(ram, *nr, room) =
				(struct range){ p->starts[i], p->starts[i + 1] };
	}
	return ram ? ram : array_resize(NULL, 1, sizeof(*ram));
}

struct range *layout_ram(const struct layout *l, size_t *nr)
{
	struct pieces p = { 0 };
	struct range *ram;

	for (size_t i = 0; i < l->nr_ranges; i++)
		cut_at(&p, l->ranges[i].range, l->ranges[i].type, 1);
	for (size_t i = 0; i < l->nr_updates; i++)
		cut_at(&p, l->updates[i].range, LAYOUT_RAM, 0);
	number_pieces(&p);
	for (size_t i = 0; i < l->nr_updates; i++)
		if (!l->updates[i].flags)
			apply(&p, &l->updates[i]);
	ram = collect_ram(&p, nr);
	free(p.cuts);
	free(p.starts);
	free(p.types);
	return ram;
}

uint64_t layout_ram_size(const struct layout *l)
{
	size_t nr;
	struct range *ram = layout_ram(l, &nr);
	uint64_t size = 0;

	for (size_t i = 0; i < nr; i++)
		size += range_size(ram[i]);
	free(ram);
	return size;
}

bool layout_has_ram(const struct layout *l)
{
	for (size_t i = 0; i < l->nr_ranges; i++)
		if (l->ranges[i].type == LAYOUT_RAM)
			return true;
	return false;
}
