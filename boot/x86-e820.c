// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's copy of the firmware's map (arch/x86/kernel/e820.c, 6.12): the layout's rows and
 * updates, what the command line changes, and what x86 kernels always correct.
 */
#include <stdlib.h>
#include <string.h>

#include "boot/internal.h"
#include "lib/array.h"

/* Index of the first row that ends behind @address. */
static size_t row_after(const struct boot *b, uint64_t address)
{
	size_t low = 0, high = b->nr_rows;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (b->rows[mid].range.end > address)
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

static void insert_row(struct boot *b, size_t at, struct boot_row row)
{
	ARRAY_APPEND(b->rows, b->nr_rows, b->room_rows) = row;
	memmove(&b->rows[at + 1], &b->rows[at], (b->nr_rows - 1 - at) * sizeof(row));
	b->rows[at] = row;
}

/* No row is on both sides of @address; returns the index of the first one behind it. */
static size_t split_at(struct boot *b, uint64_t address)
{
	size_t i = row_after(b, address);
	struct boot_row rest;

	if (i == b->nr_rows || b->rows[i].range.start >= address)
		return i;
	rest = b->rows[i];
	rest.range.start = address;
	b->rows[i].range.end = address;
	insert_row(b, i + 1, rest);
	return i + 1;
}

static void retype(struct boot *b, struct range r, int from, int to)
{
	size_t first, end, n;

	if (range_is_empty(r))
		return;
	first = split_at(b, r.start);
	end = split_at(b, r.end);
	n = first;
	for (size_t i = first; i < end; i++) {
		bool meant = from == BOOT_ANY || b->rows[i].type == from;

		if (meant && (to == BOOT_NONE || from == BOOT_ANY))
			continue;
		b->rows[n] = b->rows[i];
		if (meant)
			b->rows[n].type = to;
		n++;
	}
	if (n < end) {
		memmove(&b->rows[n], &b->rows[end], (b->nr_rows - end) * sizeof(*b->rows));
		b->nr_rows -= end - n;
	}
	if (from == BOOT_ANY && to != BOOT_NONE)
		insert_row(b, n, (struct boot_row){ r, to });
}

/* The rows as e820__update_table() leaves them: where they overlap the highest type wins. */
static void take_rows(struct boot *b)
{
	const struct layout *l = b->layout;

	for (int type = 0; type < LAYOUT_NR_TYPES; type++)
		for (size_t i = 0; i < l->nr_ranges; i++)
			if ((int)l->ranges[i].type == type)
				retype(b, l->ranges[i].range, BOOT_ANY, type);
}

static void take_updates(struct boot *b, bool late)
{
	for (size_t i = 0; i < b->layout->nr_updates; i++) {
		const struct layout_update *u = &b->layout->updates[i];

		if (u->flags & LAYOUT_UPDATE_CMDLINE || !(u->flags & LAYOUT_UPDATE_LATE) == late)
			continue;
		retype(b, u->range, u->any ? BOOT_ANY : (int)u->from,
		       u->remove ? BOOT_NONE : (int)u->to);
	}
}

/* e820__range_add(): where there are rows already, the highest type wins */
static void add_row(struct boot *b, struct range r, int type)
{
	size_t nr = 0, first = row_after(b, r.start);
	struct boot_row *higher = array_resize(NULL, b->nr_rows + 1, sizeof(*higher));

	for (size_t i = first; i < b->nr_rows && b->rows[i].range.start < r.end; i++)
		if (b->rows[i].type > type)
			higher[nr++] = (struct boot_row){ range_intersect(b->rows[i].range, r),
							  b->rows[i].type };
	retype(b, r, BOOT_ANY, type);
	for (size_t i = 0; i < nr; i++)
		retype(b, higher[i].range, BOOT_ANY, higher[i].type);
	free(higher);
}

static void take_edits(struct boot *b)
{
	for (size_t i = 0; i < b->params.nr_edits; i++) {
		const struct boot_edit *e = &b->params.edits[i];

		if (e->exact)
			b->nr_rows = 0;
		else if (e->from == BOOT_ANY && e->to != BOOT_NONE)
			add_row(b, e->range, e->to);
		else
			retype(b, e->range, e->from, e->to);
	}
}

/* Rows of one type that touch are one. */
static void merge_rows(struct boot *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->nr_rows; i++) {
		if (n && b->rows[n - 1].type == b->rows[i].type &&
		    b->rows[n - 1].range.end == b->rows[i].range.start)
			b->rows[n - 1].range.end = b->rows[i].range.end;
		else
			b->rows[n++] = b->rows[i];
	}
	b->nr_rows = n;
}

static bool is_ram(const struct boot *b, struct range r)
{
	size_t i = row_after(b, r.start);

	return i < b->nr_rows && b->rows[i].type == LAYOUT_RAM &&
	       b->rows[i].range.start <= r.start && b->rows[i].range.end >= r.end;
}

static void collect_ram(struct boot *b)
{
	for (size_t i = 0; i < b->nr_rows; i++)
		if (b->rows[i].type == LAYOUT_RAM)
			rangeset_add(&b->ram, b->rows[i].range);
}

/* Does the log say what the kernel made of the lowest memory? That can be configured. */
static bool low_is_known(const struct boot *b)
{
	for (size_t i = 0; i < b->layout->nr_updates; i++) {
		const struct layout_update *u = &b->layout->updates[i];

		if (!u->range.start && u->from == LAYOUT_RAM && u->to == LAYOUT_RESERVED &&
		    !u->any && !u->remove && !u->flags)
			return true;
	}
	return false;
}

/* After @function the map may have less RAM, or more. */
static void account(struct boot *b, const char *what, const char *function)
{
	uint64_t ram = 0;

	for (size_t i = 0; i < b->nr_rows; i++)
		if (b->rows[i].type == LAYOUT_RAM)
			ram += range_size(b->rows[i].range);
	boot_account_change(b, BOOT_ITEM_MAP, what, function, ram);
}

/* e820_add_kernel_range() and trim_bios_range() */
static void correct_map(struct boot *b)
{
	if (b->rules->kernel_added && !range_is_empty(b->kernel) && !is_ram(b, b->kernel)) {
		boot_note(b, "the kernel is not in RAM, and adds itself to the map");
		retype(b, b->kernel, BOOT_ANY, LAYOUT_RAM);
	}
	account(b, "the kernel, which adds itself to the map", "e820_add_kernel_range");
	if (!low_is_known(b))
		retype(b, (struct range){ 0, b->rules->low_reserved }, LAYOUT_RAM, LAYOUT_RESERVED);
	account(b, "lowest memory, which is the BIOS's", "trim_bios_range");
	if (b->rules->bios_removed)
		retype(b, (struct range){ 0xa0000, 0x100000 }, LAYOUT_RAM, BOOT_NONE);
	account(b, "640 KiB to 1 MiB", "trim_bios_range");
}

/* e820__end_of_ram_pfn() */
static void find_end(struct boot *b)
{
	for (size_t i = 0; i < b->nr_rows; i++) {
		uint64_t end = b->rows[i].range.end >> b->r->page_shift;

		if (b->rows[i].type == LAYOUT_RAM ||
		    (b->rows[i].type == LAYOUT_ACPI && b->rules->acpi_is_memory))
			b->max_pfn = end > b->max_pfn ? end : b->max_pfn;
	}
}

void boot_x86_take_map(struct boot *b)
{
	take_rows(b);
	account(b, "under rows of other types", "e820__update_table");
	take_edits(b);
	account(b, "mem= and memmap=", "parse_early_param");
	take_updates(b, false);
	account(b, "changed by the kernel, as its log tells", "e820__range_update");
	merge_rows(b);
	correct_map(b);
	merge_rows(b);
	find_end(b);
	collect_ram(b);
	take_updates(b, true);
	merge_rows(b);
}
