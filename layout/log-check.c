// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where a log contradicts itself: what the kernel came to use must be RAM by the firmware's
 * map, and on the node that firmware said. layout_check() has what any layout can be asked.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "layout/internal.h"
#include "lib/array.h"
#include "lib/rangeset.h"

#define RANGE_FMT "0x%" PRIx64 "-0x%" PRIx64
#define RANGE_ARG(r) (r).start, (r).end - 1

/* More notes of a kind than this say nothing new. */
#define ENOUGH 8

/* The row of the map that tells most of @hole: what is there, or what ends before it. */
static const struct layout_range *nearest_row(const struct layout *l, struct range hole)
{
	const struct layout_range *best = &l->ranges[0];

	for (size_t i = 0; i < l->nr_ranges; i++) {
		const struct layout_range *row = &l->ranges[i];

		if (range_overlaps(row->range, hole) && row->type != LAYOUT_RAM)
			return row;
		if (row->range.start <= hole.start && row->range.end > best->range.end)
			best = row;
	}
	return best;
}

static void note_hole(struct layout *l, const struct layout_node_range *node, struct range hole)
{
	const struct layout_range *row = nearest_row(l, hole);

	layout_note(l, node->pos.line,
		    "the kernel uses " RANGE_FMT ", which is no RAM in the firmware's map: see "
		    "line %u, " RANGE_FMT " (%s)",
		    RANGE_ARG(hole), row->pos.line, RANGE_ARG(row->range), row->words);
}

/* What the kernel has and the map has not. Maps of other machines than PCs are not whole. */
static void check_holes(struct log_boot *boot)
{
	struct layout *l = boot->l;
	struct rangeset ram = { 0 };
	unsigned int notes = 0;
	size_t nr;

	/* memmap= may have made RAM of anything */
	if (!boot->is_x86 || boot->user_seen || !boot->nr_nodes || !l->nr_ranges)
		return;
	ram.v = layout_ram(l, &nr);
	ram.nr = nr;
	for (size_t i = 0; notes < ENOUGH && i < boot->nr_nodes; i++) {
		struct range left = boot->nodes[i].range;

		for (size_t n = rangeset_after(&ram, left.start);
		     n < ram.nr && ram.v[n].start < left.end && left.start >= ram.v[n].start; n++)
			left.start = ram.v[n].end;
		if (left.start >= left.end)
			continue;
		note_hole(l, &boot->nodes[i], left);
		notes++;
	}
	free(ram.v);
}

/* A node of firmware's that the kernel has as another. */
static void check_node_ids(struct log_boot *boot)
{
	struct layout *l = boot->l;
	unsigned int notes = 0;

	for (size_t i = 0; notes < ENOUGH && i < boot->nr_nodes && i < 1024; i++)
		for (size_t n = 0; n < l->nr_node_ranges; n++) {
			const struct layout_node_range *told = &l->node_ranges[n];
			const struct layout_node_range *used = &boot->nodes[i];

			if (told->nid == LAYOUT_NO_NODE || told->nid == used->nid ||
			    !range_overlaps(told->range, used->range))
				continue;
			layout_note(l, used->pos.line,
				    "the kernel has " RANGE_FMT
				    " on node %d, but line %u has " RANGE_FMT " on node %d",
				    RANGE_ARG(used->range), used->nid, told->pos.line,
				    RANGE_ARG(told->range), told->nid);
			notes++;
			break;
		}
}

/* The initial file system cannot be where the kernel is. */
static void check_images(struct log_boot *boot)
{
	const struct layout *l = boot->l;
	const struct layout_reservation *kernel = NULL;

	for (size_t i = 0; i < l->nr_reservations; i++)
		if (l->reservations[i].kind == LAYOUT_KERNEL)
			kernel = &l->reservations[i];
	for (size_t i = 0; kernel && i < l->nr_reservations; i++) {
		const struct layout_reservation *r = &l->reservations[i];

		if (r->kind == LAYOUT_INITRD && range_overlaps(r->range, kernel->range))
			layout_note(boot->l, r->pos.line,
				    "the initrd at " RANGE_FMT
				    " overlaps the kernel of line %u, " RANGE_FMT,
				    RANGE_ARG(r->range), kernel->pos.line,
				    RANGE_ARG(kernel->range));
	}
}

void log_boot_check(struct log_boot *boot)
{
	check_holes(boot);
	if (!boot->nodes_are_fake)
		check_node_ids(boot);
	check_images(boot);
}
