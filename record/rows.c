// SPDX-License-Identifier: GPL-2.0-or-later
/* Lists of regions, changed as calls changed them. */
#include <stdlib.h>
#include <string.h>

#include "record/internal.h"
#include "lib/array.h"

bool record_row_equal(const struct record_row *a, const struct record_row *b)
{
	return a->range.start == b->range.start && a->range.end == b->range.end &&
	       record_row_alike(a, b);
}

bool record_rows_equal(const struct record_rows *a, const struct record_rows *b)
{
	if (a->nr != b->nr)
		return false;
	for (size_t i = 0; i < a->nr; i++)
		if (!record_row_equal(&a->v[i], &b->v[i]))
			return false;
	return true;
}

bool record_row_alike(const struct record_row *a, const struct record_row *b)
{
	return !a || !b ? a == b : a->nid == b->nid && !strcmp(a->flags, b->flags);
}

void record_rows_change(struct record_rows *rows, const struct record *run,
			const struct record_change *c)
{
	size_t tail = rows->nr - c->at - c->nr_gone;

	if (rows->room < rows->nr + c->nr_come) {
		rows->room = 2 * (rows->nr + c->nr_come);
		rows->v = array_resize(rows->v, rows->room, sizeof(*rows->v));
	}
	if (tail)
		memmove(&rows->v[c->at + c->nr_come], &rows->v[c->at + c->nr_gone],
			tail * sizeof(*rows->v));
	for (size_t i = 0; i < c->nr_come; i++)
		rows->v[c->at + i] = run->pool.v[c->first + c->nr_gone + i];
	rows->nr = rows->nr - c->nr_gone + c->nr_come;
}

void record_rows_after(const struct record *run, size_t call, enum rt_type type,
		       struct record_rows *rows)
{
	const struct record_call *last = call == RECORD_NONE ? NULL : &run->calls[call];
	size_t end = last ? last->first_change + last->nr_changes : 0;

	rows->nr = 0;
	for (size_t i = 0; i < end; i++)
		if (run->changes[i].type == type)
			record_rows_change(rows, run, &run->changes[i]);
}

const struct record_row *record_rows_find(const struct record_rows *rows, uint64_t address)
{
	size_t lo = 0, hi = rows->nr;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (rows->v[mid].range.end <= address)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < rows->nr && range_contains(rows->v[lo].range, address) ? &rows->v[lo] : NULL;
}

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

size_t record_rows_borders(const struct record_rows *lists, size_t nr_lists, uint64_t **borders)
{
	size_t nr = 0, all = 0;

	for (size_t i = 0; i < nr_lists; i++)
		all += 2 * lists[i].nr;
	*borders = all ? array_resize(NULL, all, sizeof(**borders)) : NULL;
	for (size_t i = 0; i < nr_lists; i++) {
		for (size_t j = 0; j < lists[i].nr; j++) {
			(*borders)[nr++] = lists[i].v[j].range.start;
			(*borders)[nr++] = lists[i].v[j].range.end;
		}
	}
	if (!nr)
		return 0;
	qsort(*borders, nr, sizeof(**borders), by_number);
	all = nr;
	nr = 1;
	for (size_t i = 1; i < all; i++)
		if ((*borders)[i] != (*borders)[nr - 1])
			(*borders)[nr++] = (*borders)[i];
	return nr;
}
