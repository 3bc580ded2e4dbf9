// SPDX-License-Identifier: GPL-2.0-or-later
/* Contradictions within a layout. They are noted; what the kernel makes of them is its affair. */
#include <inttypes.h>
#include <stdlib.h>

#include "layout/internal.h"
#include "lib/array.h"

#define RANGE_FMT "0x%" PRIx64 "-0x%" PRIx64
#define RANGE_ARG(r) (r).start, (r).end - 1

#define PLACE_MAX 300

/* Where the other fact is: "line 7" of the same source, or another source. */
static const char *other_place(struct srcpos pos, struct srcpos other, char text[PLACE_MAX])
{
	if (other.file != pos.file && other.line)
		snprintf(text, PLACE_MAX, "%s:%u", other.file, other.line);
	else if (other.file != pos.file || !other.line)
		snprintf(text, PLACE_MAX, "%s", other.file);
	else
		snprintf(text, PLACE_MAX, "line %u", other.line);
	return text;
}

/* Rows begin with a struct range, so that one comparison sorts all kinds of them. */
static int compare_starts(const void *a, const void *b)
{
	const struct range *x = *(const struct range *const *)a;
	const struct range *y = *(const struct range *const *)b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return (x->end > y->end) - (x->end < y->end);
}

/* The @nr elements of @size bytes at @first, by address; the caller frees. */
static const void **sort_rows(const void *first, size_t nr, size_t size)
{
	const void **rows = array_resize(NULL, nr, sizeof(*rows));

	for (size_t i = 0; i < nr; i++)
		rows[i] = (const char *)first + i * size;
	qsort(rows, nr, sizeof(*rows), compare_starts);
	return rows;
}

static void check_overlaps(struct layout *l)
{
	const struct layout_range **rows;
	const struct layout_range *reach = NULL; /* the row so far that ends last */
	char place[PLACE_MAX];

	_Static_assert(!offsetof(struct layout_range, range), "see compare_starts()");
	rows = (const struct layout_range **)sort_rows(l->ranges, l->nr_ranges, sizeof(*l->ranges));
	for (size_t i = 0; i < l->nr_ranges; i++) {
		if (reach && range_overlaps(reach->range, rows[i]->range))
			layout_note_at(l, rows[i]->pos,
				       RANGE_FMT " (%s) overlaps " RANGE_FMT " (%s) of %s",
				       RANGE_ARG(rows[i]->range), rows[i]->words,
				       RANGE_ARG(reach->range), reach->words,
				       other_place(rows[i]->pos, reach->pos, place));
		if (!reach || rows[i]->range.end > reach->range.end)
			reach = rows[i];
	}
	free(rows);
}

static void check_nodes(struct layout *l)
{
	const struct layout_node_range **rows;
	const struct layout_node_range *reach = NULL;
	char place[PLACE_MAX];

	_Static_assert(!offsetof(struct layout_node_range, range), "see compare_starts()");
	rows = (const struct layout_node_range **)sort_rows(l->node_ranges, l->nr_node_ranges,
							    sizeof(*l->node_ranges));
	for (size_t i = 0; i < l->nr_node_ranges; i++) {
		if (rows[i]->nid == LAYOUT_NO_NODE)
			continue;
		if (reach && reach->nid != rows[i]->nid &&
		    range_overlaps(reach->range, rows[i]->range))
			layout_note_at(l, rows[i]->pos,
				       RANGE_FMT " is on node %d, but %s has " RANGE_FMT
						 " on node %d",
				       RANGE_ARG(rows[i]->range), rows[i]->nid,
				       other_place(rows[i]->pos, reach->pos, place),
				       RANGE_ARG(reach->range), reach->nid);
		if (!reach || rows[i]->range.end > reach->range.end)
			reach = rows[i];
	}
	free(rows);
}

/* Both are walked by address; @at is where no node has been found from on. */
static void check_nodeless_ram(struct layout *l)
{
	const struct layout_node_range **rows;
	size_t nr_ram, nr = 0, n = 0;
	struct range *ram = layout_ram(l, &nr_ram);

	rows = (const struct layout_node_range **)sort_rows(l->node_ranges, l->nr_node_ranges,
							    sizeof(*l->node_ranges));
	for (size_t i = 0; i < l->nr_node_ranges; i++)
		if (rows[i]->nid != LAYOUT_NO_NODE)
			rows[nr++] = rows[i];
	for (size_t i = 0; nr && i < nr_ram; i++) {
		uint64_t at = ram[i].start;

		while (at < ram[i].end) {
			while (n < nr && rows[n]->range.end <= at)
				n++;
			if (n == nr || rows[n]->range.start > at) {
				uint64_t end = n < nr && rows[n]->range.start < ram[i].end
						       ? rows[n]->range.start
						       : ram[i].end;

				layout_note(l, 0, "no node has the RAM at " RANGE_FMT, at, end - 1);
				at = end;
			} else {
				at = rows[n]->range.end;
			}
		}
	}
	free(rows);
	free(ram);
}

/* Whether one of the sorted ranges has all of @r. */
static bool is_within(struct range r, const struct range *ranges, size_t nr)
{
	size_t low = 0, all = nr;

	while (low < nr) {
		size_t middle = low + (nr - low) / 2;

		if (ranges[middle].end > r.start)
			nr = middle;
		else
			low = middle + 1;
	}
	return low < all && ranges[low].start <= r.start && ranges[low].end >= r.end;
}

static void check_images(struct layout *l)
{
	static const bool in_ram[LAYOUT_NR_KINDS] = {
		[LAYOUT_KERNEL] = true,
		[LAYOUT_INITRD] = true,
		[LAYOUT_CRASH] = true,
		[LAYOUT_CMA] = true,
	};
	size_t nr_ram;
	struct range *ram = layout_ram(l, &nr_ram);

	for (size_t i = 0; i < l->nr_reservations; i++) {
		const struct layout_reservation *r = &l->reservations[i];

		if (in_ram[r->kind] && !is_within(r->range, ram, nr_ram))
			layout_note_at(l, r->pos, "the %s at " RANGE_FMT " is not in RAM",
				       layout_kind_name(r->kind), RANGE_ARG(r->range));
	}
	free(ram);
}

void layout_check(struct layout *l)
{
	check_overlaps(l);
	check_nodes(l);
	check_nodeless_ram(l);
	check_images(l);
}
