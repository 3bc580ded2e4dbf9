// SPDX-License-Identifier: GPL-2.0-or-later
/* Contradictions within a layout. They are noted; what the kernel makes of them is its affair. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "layout/check.h"
#include "layout/internal.h"
#include "lib/array.h"

void check_note(struct layout *l, enum layout_severity severity, struct srcpos pos, const char *fmt,
		...)
{
	size_t had = l->nr_notes;
	char *text;
	va_list ap;

	if (had == LAYOUT_MAX_NOTES)
		return;
	va_start(ap, fmt);
	text = array_vformat(fmt, ap);
	va_end(ap);
	layout_note_at(l, pos, "%s", text);
	free(text);
	if (l->nr_notes > had)
		l->notes[had].severity = severity;
}

const char *check_place(struct srcpos pos, struct srcpos other, char text[PLACE_MAX])
{
	if (!other.file)
		other.file = "?";
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

const void **check_sort(const void *first, size_t nr, size_t size)
{
	const void **rows = array_resize(NULL, nr, sizeof(*rows));

	for (size_t i = 0; i < nr; i++)
		rows[i] = (const char *)first + i * size;
	qsort(rows, nr, sizeof(*rows), compare_starts);
	return rows;
}

static bool same_type(const struct layout_range *a, const struct layout_range *b)
{
	return a->type == b->type && !strcmp(a->words, b->words);
}

static void check_overlaps(struct layout *l)
{
	const struct layout_range **rows;
	const struct layout_range *reach = NULL; /* the row so far that ends last */
	char place[PLACE_MAX];

	_Static_assert(!offsetof(struct layout_range, range), "see compare_starts()");
	rows = (const struct layout_range **)check_sort(l->ranges, l->nr_ranges,
							sizeof(*l->ranges));
	for (size_t i = 0; i < l->nr_ranges; i++) {
		if (reach && range_overlaps(reach->range, rows[i]->range))
			check_note(l, same_type(rows[i], reach) ? LAYOUT_WARNING : LAYOUT_ERROR,
				   rows[i]->pos,
				   RANGE_FMT " (%s) overlaps " RANGE_FMT " (%s) of %s",
				   RANGE_ARG(rows[i]->range), rows[i]->words,
				   RANGE_ARG(reach->range), reach->words,
				   check_place(rows[i]->pos, reach->pos, place));
		if (!reach || rows[i]->range.end > reach->range.end)
			reach = rows[i];
	}
	free(rows);
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
			check_note(l, LAYOUT_ERROR, r->pos, "the %s at " RANGE_FMT " is not in RAM",
				   layout_kind_name(r->kind), RANGE_ARG(r->range));
	}
	free(ram);
}

/* On x86, video memory and BIOS are there. */
static void check_low_megabyte(struct layout *l)
{
	const struct range legacy = { 0xa0000, 0x100000 };

	if (l->arch != LAYOUT_X86_64 && l->arch != LAYOUT_I386)
		return;
	for (size_t i = 0; i < l->nr_ranges; i++) {
		const struct layout_range *r = &l->ranges[i];

		if (r->type == LAYOUT_RAM && range_overlaps(r->range, legacy))
			check_note(l, LAYOUT_WARNING, r->pos,
				   "RAM at " RANGE_FMT " reaches into " RANGE_FMT
				   ", where a PC has none",
				   RANGE_ARG(r->range), RANGE_ARG(legacy));
	}
}

/*
 * What is in no whole page is lost. Below a megabyte every PC has such a border, where its BIOS
 * has data of its own.
 */
static void check_pages(struct layout *l)
{
	uint64_t page = l->page_size ? l->page_size : 4096, lost = 0;
	size_t nr_ram, nr = 0;
	struct range *ram = layout_ram(l, &nr_ram);

	for (size_t i = 0; i < nr_ram; i++) {
		uint64_t start = (ram[i].start + page - 1) & ~(page - 1);
		uint64_t end = ram[i].end & ~(page - 1);
		uint64_t whole = end > start ? end - start : 0;

		if (whole == range_size(ram[i]) || ram[i].end <= 0x100000)
			continue;
		nr++;
		lost += range_size(ram[i]) - whole;
	}
	if (nr)
		check_note(l, LAYOUT_WARNING, (struct srcpos){ 0 },
			   "%zu of %zu ranges of RAM do not begin and end at pages, which loses "
			   "%" PRIu64 " bytes",
			   nr, nr_ram, lost);
	free(ram);
}

void layout_check(struct layout *l)
{
	check_overlaps(l);
	check_node_facts(l);
	check_images(l);
	check_low_megabyte(l);
	check_pages(l);
	check_reservations(l);
	check_wishes(l);
}
