// SPDX-License-Identifier: GPL-2.0-or-later
/* Differences between two runs for people; "-" is the first of them, "+" the second. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/size.h"
#include "report/diff.h"
#include "report/internal.h"

/* Lines of one thing that are shown, unless all are to be. */
#define FEW 10

struct text {
	const struct diff *d;
	const struct report_diff *how;
	FILE *out;
};

static const char *const array_names[RT_NR_TYPES] = {
	[RT_MEMORY] = "memory",
	[RT_RESERVED] = "reserved",
	[RT_PHYSMEM] = "physmem",
};

static const char sides[] = "-+";

/* Colours a line that begins with @sign. */
static void begin(const struct text *t, char sign)
{
	if (t->how->colour && sign != ' ')
		fputs(sign == '-' ? "\033[31m" : sign == '+' ? "\033[32m" : "\033[36m", t->out);
	fputc(sign, t->out);
}

static void end(const struct text *t)
{
	fputs(t->how->colour ? "\033[m\n" : "\n", t->out);
}

static void print_more(const struct text *t, size_t more)
{
	if (more)
		fprintf(t->out, "     and %zu more (--all shows them)\n", more);
}

static void print_run(const struct text *t, int side)
{
	const struct diff_run *run = t->d->run[side];

	begin(t, sides[side]);
	fprintf(t->out, "%c%c %s %s, memblock.c %.12s, %s", sides[side], sides[side], run->version,
		run->config, run->memblock_hash, run->memblock);
	end(t);
}

static void print_row(const struct text *t, char sign, struct range range,
		      const struct diff_row *row)
{
	char size[SIZE_TEXT_MAX];

	begin(t, sign);
	fprintf(t->out, "%#" PRIx64 "-%#" PRIx64 " %s", range.start, range.end - 1,
		size_format(range_size(range), size));
	if (row->nid >= 0)
		fprintf(t->out, " node %d", row->nid);
	if (strcmp(row->flags, "none"))
		fprintf(t->out, " %s", row->flags);
	end(t);
}

/* A line of two lists of regions side by side. */
struct mark {
	char sign;
	const struct diff_row *row;
};

static size_t mark_rows(const struct diff_rows *a, const struct diff_rows *b, struct mark *marks)
{
	size_t i = 0, j = 0, nr = 0;

	while (i < a->nr || j < b->nr) {
		const struct diff_row *x = i < a->nr ? &a->v[i] : NULL;
		const struct diff_row *y = j < b->nr ? &b->v[j] : NULL;

		if (x && y && diff_row_equal(x, y)) {
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

/* Two lists as a diff, with a region around what differs. */
static void print_rows(const struct text *t, const struct diff_rows *a, const struct diff_rows *b)
{
	struct mark *marks = array_resize(NULL, a->nr + b->nr + 1, sizeof(*marks));
	size_t nr = mark_rows(a, b, marks), shown = 0, more = 0;

	for (size_t i = 0; i < nr; i++) {
		if (!is_near(marks, nr, i))
			continue;
		if (shown >= 2 * FEW && !t->how->all)
			more += marks[i].sign != ' ';
		else
			print_row(t, marks[i].sign, marks[i].row->range, marks[i].row);
		shown++;
	}
	print_more(t, more);
	free(marks);
}

static void print_call(const struct text *t, char sign, const struct diff_call *c)
{
	begin(t, sign);
	fprintf(t->out, "%s%s%s", c->name, *c->args ? " " : "", c->args);
	if (c->result && *c->result)
		fprintf(t->out, " => %s", c->result);
	end(t);
}

static void print_log(const struct text *t, int side, const struct diff_call *c)
{
	for (size_t i = 0; i < c->nr_lines && (i < FEW || t->how->all); i++) {
		begin(t, sides[side]);
		fprintf(t->out, "  | %s", t->d->run[side]->lines[c->first_line + i]);
		end(t);
	}
}

/* In what the pairs with these kinds differ. */
static void print_kinds(FILE *out, unsigned int kinds, enum rt_type type,
			const char *const words[2], int only)
{
	static const char *const texts[DIFF_NR_KINDS] = {
		[DIFF_ARGUMENTS] = "other arguments",
		[DIFF_RESULTS] = "other results",
		[DIFF_LOG] = "the kernel says something else",
		[DIFF_ENDS] = "it ends in another way",
	};
	static const char *const of_arrays[DIFF_NR_KINDS] = {
		[DIFF_RANGES] = "other addresses",
		[DIFF_NODES] = "other nodes",
		[DIFF_ROWS] = "other borders between regions",
		[DIFF_ROOM] = "room for another number of regions",
	};
	const char *separator = "";

	if (only >= 0) {
		fprintf(out, "only %c makes it", sides[only]);
		return;
	}
	for (int i = 0; i < DIFF_NR_KINDS; i++) {
		if (!(kinds & 1U << i))
			continue;
		fputs(separator, out);
		separator = "; ";
		if (i == DIFF_FLAGS)
			fprintf(out, "%s: flags %s | %s", array_names[type], words[0], words[1]);
		else if (of_arrays[i])
			fprintf(out, "%s: %s", array_names[type], of_arrays[i]);
		else
			fputs(texts[i], out);
	}
}

static void print_place(const struct text *t, const struct diff_call *c)
{
	if (c->line)
		fprintf(t->out, ", at line %u", c->line);
	if (c->caller && *c->caller)
		fprintf(t->out, ", by %s", c->caller);
	if (c->step && (!c->caller || strcmp(c->step, c->caller)))
		fprintf(t->out, ", in %s", c->step);
}

/* A pair's calls, as one line if they are the same. */
static void print_pair(const struct text *t, const struct diff_pair *p, bool with_log)
{
	const struct diff_call *c[2];
	bool same;

	for (int side = 0; side < 2; side++)
		c[side] =
			p->call[side] == DIFF_NONE ? NULL : &t->d->run[side]->calls[p->call[side]];
	same = c[0] && c[1] && !strcmp(c[0]->name, c[1]->name) && !strcmp(c[0]->args, c[1]->args) &&
	       c[0]->result && c[1]->result && !strcmp(c[0]->result, c[1]->result);
	if (same)
		print_call(t, ' ', c[0]);
	for (int side = 0; side < 2; side++) {
		if (c[side] && !same)
			print_call(t, sides[side], c[side]);
		if (c[side] && with_log)
			print_log(t, side, c[side]);
	}
}

static void print_heading(const struct text *t, const char *array, const char *when, size_t a,
			  size_t b)
{
	begin(t, '@');
	if (a == b)
		fprintf(t->out, "@ %s %s: %zu regions @@", array, when, a);
	else
		fprintf(t->out, "@ %s %s: %zu | %zu regions @@", array, when, a, b);
	end(t);
}

static void print_first(const struct text *t)
{
	const struct diff *d = t->d;
	const struct diff_pair *p = &d->pairs[d->first];
	int side = p->call[0] == DIFF_NONE;
	int only = p->call[0] == DIFF_NONE ? 1 : p->call[1] == DIFF_NONE ? 0 : -1;
	const struct diff_call *c = &d->run[side]->calls[p->call[side]];
	struct diff_rows rows[2] = { 0 };

	fprintf(t->out, "\nThe first difference: %s, call %zu of %zu", c->name, p->call[side] + 1,
		d->run[side]->nr_calls);
	print_place(t, c);
	fputs(":\n  ", t->out);
	print_kinds(t->out, p->kinds, p->type, p->words, only);
	fputc('\n', t->out);
	print_pair(t, p, p->kinds & 1U << DIFF_LOG);
	if (!p->type)
		return;
	for (int i = 0; i < 2; i++)
		diff_rows_after(d->run[i], p->call[i], p->type, &rows[i]);
	print_heading(t, array_names[p->type], "after it", rows[0].nr, rows[1].nr);
	print_rows(t, &rows[0], &rows[1]);
	free(rows[0].v);
	free(rows[1].v);
}

static void print_names(FILE *out, const struct diff_group *g, bool all)
{
	for (size_t i = 0; i < g->nr_names && (i < 3 || all); i++)
		fprintf(out, "%s%s %zu", i ? ", " : "", g->names[i].name, g->names[i].nr);
	if (g->nr_names > 3 && !all)
		fputs(", ...", out);
}

static void print_groups(const struct text *t)
{
	const struct diff *d = t->d;

	fprintf(t->out, "\n%zu of %zu calls differ%s:\n", d->nr_different, d->nr_pairs,
		d->nr_different == 1 ? "s" : "");
	for (size_t i = 0; i < d->nr_groups; i++) {
		const struct diff_group *g = &d->groups[i];

		fprintf(t->out, "%5zu  ", g->nr);
		print_kinds(t->out, g->kinds, g->type, g->words, g->only);
		fputs(" (", t->out);
		print_names(t->out, g, t->how->all);
		fputs(")\n", t->out);
	}
	if (!t->how->all)
		return;
	fputs("\nCall by call:\n", t->out);
	for (size_t i = 0; i < d->nr_pairs; i++)
		if (d->pairs[i].kinds)
			print_pair(t, &d->pairs[i], d->pairs[i].kinds & 1U << DIFF_LOG);
}

static bool same_way(const struct diff_piece *a, const struct diff_piece *b)
{
	for (int side = 0; side < 2; side++) {
		const struct diff_row *x = a->row[side], *y = b->row[side];

		if (!x != !y || (x && (strcmp(x->flags, y->flags) || x->nid != y->nid)))
			return false;
	}
	return true;
}

static void print_node(FILE *out, const char *before, const struct diff_row *row)
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

static void print_way(const struct text *t, const struct way *way)
{
	const struct diff_piece *p = way->first;
	char size[SIZE_TEXT_MAX];

	fprintf(t->out, "  %zu piece%s, %s, ", way->nr, way->nr == 1 ? "" : "s",
		size_format(way->bytes, size));
	if (!p->row[0] || !p->row[1]) {
		fprintf(t->out, "only %c has:\n", sides[!p->row[0]]);
		return;
	}
	fputs("have", t->out);
	if (strcmp(p->row[0]->flags, p->row[1]->flags))
		fprintf(t->out, " flags %s | %s", p->row[0]->flags, p->row[1]->flags);
	if (p->row[0]->nid != p->row[1]->nid) {
		print_node(t->out, " node ", p->row[0]);
		print_node(t->out, " | ", p->row[1]);
	}
	fputs(":\n", t->out);
}

static void print_piece(const struct text *t, const struct diff_piece *p)
{
	if (p->row[0] && p->row[1])
		print_row(t, ' ', p->range, p->row[1]);
	else
		print_row(t, sides[!p->row[0]], p->range, p->row[p->row[0] ? 0 : 1]);
}

static void print_pieces(const struct text *t, const struct diff_pieces *pieces)
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
			if (shown >= FEW / 2 && !t->how->all)
				break;
			print_piece(t, p);
			shown++;
		}
		print_more(t, ways[k].nr - shown);
	}
	free(ways);
}

static void print_arrays(const struct text *t)
{
	const struct diff *d = t->d;

	for (enum rt_type type = RT_MEMORY; type < RT_NR_TYPES; type++) {
		const struct diff_rows *a = &d->run[0]->end[type], *b = &d->run[1]->end[type];

		if (!d->end[type].nr && a->nr == b->nr)
			continue;
		fputc('\n', t->out);
		print_heading(t, array_names[type], "at the end", a->nr, b->nr);
		if (d->end[type].nr)
			print_pieces(t, &d->end[type]);
		else
			print_rows(t, a, b);
	}
}

static void print_values(const struct text *t, const char *title, const struct diff_values *values)
{
	size_t shown = 0;

	if (values->nr)
		fprintf(t->out, "\n%s:\n", title);
	for (size_t i = 0; i < values->nr && (shown < 2 * FEW || t->how->all); i++, shown++) {
		const struct diff_value *v = &values->v[i];

		for (int side = 0; side < 2; side++) {
			const char *value = v->value[side];

			/* what one lacks is not said, unless it came to its end */
			if (!value)
				continue;
			begin(t, sides[side]);
			fprintf(t->out, "%s%s%s", v->what, *v->what ? ": " : "",
				*value ? value : "-");
			end(t);
		}
	}
	print_more(t, values->nr - shown);
}

/* Tests by what became of them. */
static void print_tests(const struct text *t)
{
	const struct diff_values *tests = &t->d->tests;

	if (tests->nr)
		fprintf(t->out, "\n%zu test%s:\n", tests->nr,
			tests->nr == 1 ? " differs" : "s differ");
	for (size_t i = 0; i < tests->nr; i++) {
		const char *const *v = tests->v[i].value;
		size_t nr = 0, shown = 0;
		bool told = false;

		for (size_t j = 0; j < tests->nr; j++) {
			const char *const *w = tests->v[j].value;

			if (v[0] != w[0] || v[1] != w[1])
				continue;
			told |= j < i;
			nr++;
		}
		if (told)
			continue;
		fprintf(t->out, "%5zu  %s | %s\n", nr, v[0] ? v[0] : "not there",
			v[1] ? v[1] : "not there");
		for (size_t j = i; j < tests->nr && (shown < FEW / 2 || t->how->all); j++) {
			if (v[0] != tests->v[j].value[0] || v[1] != tests->v[j].value[1])
				continue;
			fprintf(t->out, "         %s\n", tests->v[j].what);
			shown++;
		}
		print_more(t, nr - shown);
	}
}

void report_diff_text(const struct diff *d, const struct report_diff *how, FILE *out)
{
	const struct text t = { d, how, out };

	print_run(&t, 0);
	print_run(&t, 1);
	if (d->equal) {
		if (d->run[0]->nr_tests)
			fprintf(out, "No difference in %zu tests.\n", d->run[0]->nr_tests);
		else
			fprintf(out, "No difference in %zu calls and what came of them.\n",
				d->nr_pairs);
		return;
	}
	print_values(&t, "How it went", &d->ends);
	if (d->nr_different) {
		print_first(&t);
		print_groups(&t);
	}
	print_tests(&t);
	print_arrays(&t);
	print_values(&t, "What the script prints", &d->output);
	print_values(&t, "At the end", &d->facts);
}
