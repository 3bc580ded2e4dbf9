// SPDX-License-Identifier: GPL-2.0-or-later
/* Differences between two runs for people; "-" is the first of them, "+" the second. */
#include <stdlib.h>
#include <string.h>

#include "report/diff.h"
#include "report/internal.h"

/* Whether the kernel does not say which memblock.c it is. */
static bool is_elsewhere(const struct diff *d, int side)
{
	const char *path = d->run[side]->memblock, usual[] = "/mm/memblock.c";
	size_t len = strlen(path);

	return !strcmp(d->run[0]->kernel, d->run[1]->kernel) || len < strlen(usual) ||
	       strcmp(path + len - strlen(usual), usual) != 0;
}

static void print_run(const struct report_diff_out *t, int side)
{
	const struct record *run = t->d->run[side];
	char sign = report_diff_sides[side];

	report_diff_begin(t, sign);
	fprintf(t->out, "%c%c %s %s (%s), memblock.c %.12s", sign, sign, run->version, run->config,
		run->kernel, run->memblock_hash);
	if (is_elsewhere(t->d, side))
		fprintf(t->out, ", %s", run->memblock);
	report_diff_end(t);
}

static void print_call(const struct report_diff_out *t, char sign, const struct record_call *c)
{
	report_diff_begin(t, sign);
	fprintf(t->out, "%s%s%s", c->name, *c->args ? " " : "", c->args);
	if (c->result && *c->result)
		fprintf(t->out, " => %s", c->result);
	report_diff_end(t);
}

static void print_log(const struct report_diff_out *t, int side, const struct record_call *c)
{
	for (size_t i = 0; i < c->nr_lines && (i < REPORT_DIFF_FEW || t->how->all); i++) {
		report_diff_begin(t, report_diff_sides[side]);
		fprintf(t->out, "  | %s", t->d->run[side]->lines[c->first_line + i]);
		report_diff_end(t);
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
		fprintf(out, "only %c makes it", report_diff_sides[only]);
		return;
	}
	for (int i = 0; i < DIFF_NR_KINDS; i++) {
		if (!(kinds & 1U << i))
			continue;
		fputs(separator, out);
		separator = "; ";
		if (i == DIFF_FLAGS)
			fprintf(out, "%s: flags %s | %s", report_diff_arrays[type], words[0],
				words[1]);
		else if (of_arrays[i])
			fprintf(out, "%s: %s", report_diff_arrays[type], of_arrays[i]);
		else
			fputs(texts[i], out);
	}
}

static void print_place(const struct report_diff_out *t, const struct record_call *c)
{
	if (c->line)
		fprintf(t->out, ", at line %u", c->line);
	if (c->caller && *c->caller)
		fprintf(t->out, ", by %s", c->caller);
	if (c->step && (!c->caller || strcmp(c->step, c->caller)))
		fprintf(t->out, ", in %s", c->step);
}

/* A pair's calls, as one line if they are the same. */
static void print_pair(const struct report_diff_out *t, const struct diff_pair *p, bool with_log)
{
	const struct record_call *c[2];
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
			print_call(t, report_diff_sides[side], c[side]);
		if (c[side] && with_log)
			print_log(t, side, c[side]);
	}
}

static void print_first(const struct report_diff_out *t)
{
	const struct diff *d = t->d;
	const struct diff_pair *p = &d->pairs[d->first];
	int side = p->call[0] == DIFF_NONE;
	int only = p->call[0] == DIFF_NONE ? 1 : p->call[1] == DIFF_NONE ? 0 : -1;
	const struct record_call *c = &d->run[side]->calls[p->call[side]];
	struct record_rows rows[2] = { 0 };

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
		record_rows_after(d->run[i], p->call[i], p->type, &rows[i]);
	report_diff_heading(t, report_diff_arrays[p->type], "after it", rows[0].nr, rows[1].nr);
	report_diff_rows(t, &rows[0], &rows[1]);
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

static void print_groups(const struct report_diff_out *t)
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

static void print_values(const struct report_diff_out *t, const char *title,
			 const struct diff_values *values)
{
	size_t shown = 0;

	if (values->nr)
		fprintf(t->out, "\n%s:\n", title);
	for (size_t i = 0; i < values->nr && (shown < 2 * REPORT_DIFF_FEW || t->how->all);
	     i++, shown++) {
		const struct diff_value *v = &values->v[i];

		for (int side = 0; side < 2; side++) {
			const char *value = v->value[side];

			/* what one lacks is not said, unless it came to its end */
			if (!value)
				continue;
			report_diff_begin(t, report_diff_sides[side]);
			fprintf(t->out, "%s%s%s", v->what, *v->what ? ": " : "",
				*value ? value : "-");
			report_diff_end(t);
		}
	}
	report_diff_more(t, values->nr - shown);
}

/* Tests by what became of them. */
static void print_tests(const struct report_diff_out *t)
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
		for (size_t j = i; j < tests->nr && (shown < REPORT_DIFF_FEW / 2 || t->how->all);
		     j++) {
			if (v[0] != tests->v[j].value[0] || v[1] != tests->v[j].value[1])
				continue;
			fprintf(t->out, "         %s\n", tests->v[j].what);
			shown++;
		}
		report_diff_more(t, nr - shown);
	}
}

void report_diff_text(const struct diff *d, const struct report_diff *how, FILE *out)
{
	const struct report_diff_out t = { d, how, out };

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
	report_diff_arrays_at_end(&t);
	print_values(&t, "What the script prints", &d->output);
	print_values(&t, "At the end", &d->facts);
}
