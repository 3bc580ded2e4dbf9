// SPDX-License-Identifier: GPL-2.0-or-later
/* Differences of memblock's arrays for people: lists of regions as a diff, and what differs by its kind. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/size.h"
#include "report/internal.h"

const char report_diff_sides[] = "-+";

const char *const report_diff_arrays[RT_NR_TYPES] = {
	[RT_MEMORY] = "memory",
	[RT_RESERVED] = "reserved",
	[RT_PHYSMEM] = "physmem",
};

void report_diff_begin(const struct report_diff_out *t, char sign)
{
	if (t->how->colour && sign != ' ')
		fputs(sign == '-' ? "\033[31m" : sign == '+' ? "\033[32m" : "\033[36m", t->out);
	fputc(sign, t->out);
}

void report_diff_end(const struct report_diff_out *t)
{
	fputs(t->how->colour ? "\033[m\n" : "\n", t->out);
}

void report_diff_more(const struct report_diff_out *t, size_t more)
{
	if (more)
		fprintf(t->out, "     and %zu more (--all shows them)\n", more);
}

static void print_row(const struct report_diff_out *t, char sign, struct range range,
		      const struct record_row *row)
{
	char size[SIZE_TEXT_MAX];

	report_diff_begin(t, sign);
	fprintf(t->out, "%#" PRIx64 "-%#" PRIx64 " %s", range.start, range.end - 1,
		size_format(range_size(range), size));
	if (row->nid >= 0)
		fprintf(t->out, " node %d", row->nid);
	if (strcmp(row->flags, "none"))
		fprintf(t->out, " %s", row->flags);
	report_diff_end(t);
}

/* A line of two lists of regions side by side. */
struct mark {
	char sign;
	const struct record_row *row;
};

static size_t mark_rows(const struct record_rows *a, const struct record_rows *b,
			struct mark *marks)
{
	size_t i = 0, j = 0, nr = 0;

	while (i < a->nr || j < b->nr) {
		const struct record_row *x = i < a->nr ? &a->v[i] : NULL;
		const struct record_row *y = j < b->nr ? &b->v[j] : NULL;

		if (x && y && record_row_equal(x, y)) {
			marks[nr++] = (struct mark){ ' ', x };
			i++;
			j++;
		} else if (x && (!y || x->range.start <= y->range.start)) {
			marks[nr++] = (struct mark){ '-', x };
			i++;
		} else {
			marks[nr++] = (struct mark){ '+', y };
			j++;
		}
	}
	return nr;
}

static bool is_near(const struct mark *marks, size_t nr, size_t i)
{
	for (size_t k = i ? i - 1 : 0; k < nr && k <= i + 1; k++)
		if (marks[k].sign != ' ')
			return true;
	return false;
}

void report_diff_rows(const struct report_diff_out *t, const struct record_rows *a,
		      const struct record_rows *b)
{
	struct mark *marks = array_resize(NULL, a->nr + b->nr + 1, sizeof(*marks));
	size_t nr = mark_rows(a, b, marks), shown = 0, more = 0;

	for (size_t i = 0; i < nr; i++) {
		if (!is_near(marks, nr, i))
			continue;
		if (shown >= 2 * REPORT_DIFF_FEW && !t->how->all)
			more += marks[i].sign != ' ';
		else
			print_row(t, marks[i].sign, marks[i].row->range, marks[i].row);
		shown++;
	}
	report_diff_more(t, more);
	free(marks);
}

void report_diff_heading(const struct report_diff_out *t, const char *array, const char *when,
			 size_t a, size_t b)
{
	report_diff_begin(t, '@');
	if (a == b)
		fprintf(t->out, "@ %s %s: %zu region%s @@", array, when, a, a == 1 ? "" : "s");
	else
		fprintf(t->out, "@ %s %s: %zu | %zu regions @@", array, when, a, b);
	report_diff_end(t);
}

static bool same_way(const struct diff_piece *a, const struct diff_piece *b)
{
	for (int side = 0; side < 2; side++) {
		const struct record_row *x = a->row[side], *y = b->row[side];

		if (!x != !y || (x && (strcmp(x->flags, y->flags) || x->nid != y->nid)))
			return false;
	}
	return true;
}

static void print_node(FILE *out, const char *before, const struct record_row *row)
{
	fputs(before, out);
	if (row->nid < 0)
		fputs("none", out);
	else
		fprintf(out, "%d", row->nid);
}

/* Pieces that differ in the same way. */
struct way {
	const struct diff_piece *first;
	size_t nr;
	uint64_t bytes;
};

static void print_way(const struct report_diff_out *t, const struct way *way)
{
	const struct diff_piece *p = way->first;
	char size[SIZE_TEXT_MAX];
	bool flags;

	fprintf(t->out, "  %zu piece%s, %s, ", way->nr, way->nr == 1 ? "" : "s",
		size_format(way->bytes, size));
	if (!p->row[0] || !p->row[1]) {
		fprintf(t->out, "only %c has:\n", report_diff_sides[!p->row[0]]);
		return;
	}
	fputs("have", t->out);
	flags = strcmp(p->row[0]->flags, p->row[1]->flags);
	if (flags)
		fprintf(t->out, " flags %s | %s", p->row[0]->flags, p->row[1]->flags);
	if (p->row[0]->nid != p->row[1]->nid) {
		print_node(t->out, flags ? ", node " : " node ", p->row[0]);
		print_node(t->out, " | ", p->row[1]);
	}
	fputs(":\n", t->out);
}

static void print_piece(const struct report_diff_out *t, const struct diff_piece *p)
{
	if (p->row[0] && p->row[1])
		print_row(t, ' ', p->range, p->row[1]);
	else
		print_row(t, report_diff_sides[!p->row[0]], p->range, p->row[p->row[0] ? 0 : 1]);
}

static void print_pieces(const struct report_diff_out *t, const struct diff_pieces *pieces)
{
	struct way *ways = NULL;
	size_t nr = 0, room = 0;

	for (size_t i = 0; i < pieces->nr; i++) {
		const struct diff_piece *p = &pieces->v[i];
		size_t k = 0;

		while (k < nr && !same_way(ways[k].first, p))
			k++;
		if (k == nr)
			ARRAY_APPEND(ways, nr, room).first = p;
		ways[k].nr++;
		ways[k].bytes += range_size(p->range);
	}
	for (size_t k = 0; k < nr; k++) {
		const struct diff_piece *end = pieces->v + pieces->nr;
		size_t shown = 0;

		print_way(t, &ways[k]);
		for (const struct diff_piece *p = ways[k].first; p < end; p++) {
			if (!same_way(ways[k].first, p))
				continue;
			if (shown >= REPORT_DIFF_FEW / 2 && !t->how->all)
				break;
			print_piece(t, p);
			shown++;
		}
		report_diff_more(t, ways[k].nr - shown);
	}
	free(ways);
}

void report_diff_arrays_at_end(const struct report_diff_out *t)
{
	const struct diff *d = t->d;

	for (enum rt_type type = RT_MEMORY; type < RT_NR_TYPES; type++) {
		const struct record_rows *a = &d->run[0]->end[type], *b = &d->run[1]->end[type];

		if (!d->end[type].nr && !d->cut[type])
			continue;
		fputc('\n', t->out);
		report_diff_heading(t, report_diff_arrays[type], "at the end", a->nr, b->nr);
		if (d->end[type].nr)
			print_pieces(t, &d->end[type]);
		else
			report_diff_rows(t, a, b);
	}
}
