// SPDX-License-Identifier: GPL-2.0-or-later
/* Contradictions in what a layout says of memory that is taken, or to be taken. */
#include <stdlib.h>

#include "layout/check.h"
#include "layout/internal.h"
#include "lib/size.h"

/* What a kernel chose by itself it may have chosen within something else. */
static bool is_outcome(const struct layout_reservation *r)
{
	return r->kind == LAYOUT_CRASH || r->kind == LAYOUT_CMA;
}

static bool is_image(const struct layout_reservation *r)
{
	return r->kind == LAYOUT_KERNEL || r->kind == LAYOUT_INITRD || r->kind == LAYOUT_DTB;
}

static void note_overlap(struct layout *l, const struct layout_reservation *r,
			 const struct layout_reservation *other)
{
	char place[PLACE_MAX];

	check_note(l, is_image(r) || is_image(other) ? LAYOUT_ERROR : LAYOUT_WARNING, r->pos,
		   RANGE_FMT " (%s) overlaps " RANGE_FMT " (%s) of %s", RANGE_ARG(r->range),
		   r->name, RANGE_ARG(other->range), other->name,
		   check_place(r->pos, other->pos, place));
}

static void check_overlaps(struct layout *l)
{
	const struct layout_reservation **rows, *reach = NULL;

	_Static_assert(!offsetof(struct layout_reservation, range), "see check_sort()");
	rows = (const struct layout_reservation **)check_sort(l->reservations, l->nr_reservations,
							      sizeof(*l->reservations));
	for (size_t i = 0; i < l->nr_reservations; i++) {
		if (is_outcome(rows[i]))
			continue;
		if (reach && range_overlaps(reach->range, rows[i]->range))
			note_overlap(l, rows[i], reach);
		if (!reach || rows[i]->range.end > reach->range.end)
			reach = rows[i];
	}
	free(rows);
}

/* Is any byte of @r in the sorted @ram? */
static bool touches(const struct range *ram, size_t nr, struct range r)
{
	size_t low = 0, high = nr;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (ram[middle].end > r.start)
			high = middle;
		else
			low = middle + 1;
	}
	return low < nr && range_overlaps(ram[low], r);
}

/* Firmware keeps its things in rows that are no RAM; kernel and initrd, check_images() looks at. */
static void check_outside(struct layout *l, const struct range *ram, size_t nr)
{
	for (size_t i = 0; i < l->nr_reservations; i++) {
		const struct layout_reservation *r = &l->reservations[i];

		if (r->kind == LAYOUT_FIRMWARE || r->kind == LAYOUT_KERNEL ||
		    r->kind == LAYOUT_INITRD || touches(ram, nr, r->range))
			continue;
		check_note(l, LAYOUT_WARNING, r->pos, RANGE_FMT " (%s) is reserved outside of RAM",
			   RANGE_ARG(r->range), r->name);
	}
}

void check_reservations(struct layout *l)
{
	size_t nr;
	struct range *ram = layout_ram(l, &nr);

	check_overlaps(l);
	check_outside(l, ram, nr);
	free(ram);
}

static void check_dynamic(struct layout *l, const struct layout_dynamic *d, const struct range *ram,
			  size_t nr)
{
	bool possible = !d->nr_within;
	char text[SIZE_TEXT_MAX];

	for (unsigned int w = 0; w < d->nr_within; w++)
		possible |= range_size(d->within[w]) >= d->size && touches(ram, nr, d->within[w]);
	if (!possible)
		check_note(l, LAYOUT_ERROR, d->pos,
			   "%s for \"%s\" fit into no place where they may be",
			   size_format(d->size, text), d->name);
	else if (d->size > layout_ram_size(l))
		check_note(l, LAYOUT_ERROR, d->pos, "%s for \"%s\" are more than all RAM",
			   size_format(d->size, text), d->name);
}

/* What is asked for must be possible. */
void check_wishes(struct layout *l)
{
	size_t nr;
	struct range *ram = layout_ram(l, &nr);
	bool any = false;

	for (size_t i = 0; i < l->nr_dynamics; i++)
		check_dynamic(l, &l->dynamics[i], ram, nr);
	for (size_t i = 0; i < l->nr_usables; i++) {
		bool found = touches(ram, nr, l->usables[i].range);

		any |= found;
		if (!found)
			check_note(l, LAYOUT_WARNING, l->usables[i].pos,
				   "there is no RAM in the usable range " RANGE_FMT,
				   RANGE_ARG(l->usables[i].range));
	}
	if (l->nr_usables && !any)
		check_note(l, LAYOUT_ERROR, l->usables[0].pos,
			   "the kernel may use no RAM at all: none is in a usable range");
	free(ram);
}
