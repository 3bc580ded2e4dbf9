// SPDX-License-Identifier: GPL-2.0-or-later
/* A mutant as data: made, named, shown, drawn, and put into the text. */
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/prng.h"
#include "mutate/internal.h"

const char *const mutant_fate_names[MUTANT_NR_FATES] = {
	[MUTANT_WAITING] = "waiting",	[MUTANT_KILLED] = "killed",
	[MUTANT_SURVIVED] = "survived", [MUTANT_EQUIVALENT] = "equivalent",
	[MUTANT_LISTED] = "listed",	[MUTANT_DISCARDED] = "discarded",
	[MUTANT_BROKEN] = "broken",
};

const char *const mutant_killer_names[MUTANT_NR_KILLERS] = {
	[MUTANT_BY_NOBODY] = "nobody",
	[MUTANT_BY_SUITE] = "suite",
	[MUTANT_BY_REPLAY] = "replay",
	[MUTANT_BY_FUZZ] = "fuzz",
};

static size_t count_lines(const char *text, size_t n)
{
	size_t lines = 0;

	while (n--)
		lines += text[n] == '\n';
	return lines;
}

void mutants_add(struct scan *s, const char *operator, size_t from, size_t to, const char *new)
{
	struct mutants *m = s->mutants;
	size_t start = s->v[from].start, end = s->v[to].end, n;
	char *text;

	if (from > to || scan_same(s, from, to, new))
		return;
	/* the lines behind it keep their numbers */
	n = count_lines(s->text + start, end - start) - count_lines(new, strlen(new));
	text = array_resize(NULL, strlen(new) + n + 1, 1);
	memset(mempcpy(text, new, strlen(new)), '\n', n);
	text[strlen(new) + n] = '\0';
	for (size_t i = m->nr; i--;) {
		const struct mutant *o = &m->v[i];

		if (o->start == start && o->end == end && !strcmp(o->new, text)) {
			free(text);
			return;
		}
	}
	ARRAY_APPEND(m->v, m->nr, m->room) = (struct mutant){
		.function = array_strdup(s->function),
		.operator= operator,
		.line = s->v[from].line,
		.start = start,
		.end = end,
		.new = text,
	};
}

static int by_place(const void *a, const void *b)
{
	const struct mutant *x = a, *y = b;
	int order;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	if (x->end != y->end)
		return x->end < y->end ? -1 : 1;
	order = strcmp(x->operator, y->operator);
	return order ? order : strcmp(x->new, y->new);
}

void mutants_sort(struct mutants *m)
{
	if (m->nr)
		qsort(m->v, m->nr, sizeof(*m->v), by_place);
}

/* Without blanks at its ends, one for several, and without comments; in place. */
static void squeeze(char *text)
{
	char *to = text;

	for (const char *p = text; *p; p++) {
		const char *end = p[0] == '/' && p[1] == '*' ? strstr(p + 2, "*/") : NULL;

		if (end)
			p = end + 1;
		else if (!strchr(" \t\n\r", *p))
			*to++ = *p;
		else if (to > text && to[-1] != ' ')
			*to++ = ' ';
	}
	if (to > text && to[-1] == ' ')
		to--;
	*to = '\0';
}

static char *trimmed(const char *text, size_t n)
{
	while (n && strchr(" \t\n", text[n - 1]))
		n--;
	while (n && strchr(" \t\n", *text))
		text++, n--;
	return array_format("%.*s", (int)n, text);
}

static char *show(const char *text, const struct mutant *m)
{
	size_t from = m->start, n = strcspn(text + m->end, "\n");
	char *old = trimmed(text + m->start, m->end - m->start);
	char *new = trimmed(m->new, strlen(m->new));
	char *line;

	while (from && text[from - 1] != '\n')
		from--;
	line = array_format("%.*s[-%s-]%s%s%s%.*s", (int)(m->start - from), text + from, old,
			    *new ? "{+" : "", new, *new ? "+}" : "", (int)n, text + m->end);
	squeeze(line);
	free(old);
	free(new);
	return line;
}

void mutants_name(struct mutants *m, const char *text)
{
	mutants_sort(m);
	for (size_t i = 0; i < m->nr; i++) {
		struct mutant *t = &m->v[i];
		size_t number = 0;

		/* one line of others of its function may lie between */
		for (size_t k = 0; k < i; k++)
			number += m->v[k].line == t->line &&
				  !strcmp(m->v[k].operator, t->operator) &&
				  !strcmp(m->v[k].function, t->function);
		t->id = array_format("%s:%u:%s:%zu", t->function, t->line, t->operator, number);
		t->change = show(text, t);
	}
}

static void release(struct mutant *m)
{
	free(m->id);
	free(m->function);
	free(m->new);
	free(m->change);
	free(m->config);
	free(m->by);
	free(m->why);
	free(m->differs);
}

void mutants_release(struct mutants *m)
{
	for (size_t i = 0; i < m->nr; i++)
		release(&m->v[i]);
	for (size_t i = 0; i < m->nr_skipped; i++)
		free(m->skipped[i]);
	free(m->v);
	free(m->skipped);
	*m = (struct mutants){ 0 };
}

/* Is it one of the names in @list, which has commas between them? */
static bool is_in(const char *name, const char *list)
{
	size_t n = strlen(name);

	for (const char *at = list; at; at = strchr(at, ',')) {
		at += *at == ',';
		if (!strncmp(at, name, n) && (!at[n] || at[n] == ','))
			return true;
	}
	return false;
}

/* Leaves the first @nr; the others are released. */
static void cut(struct mutants *m, size_t nr)
{
	while (m->nr > nr)
		release(&m->v[--m->nr]);
}

static void exchange(struct mutants *m, size_t a, size_t b)
{
	struct mutant t = m->v[a];

	m->v[a] = m->v[b];
	m->v[b] = t;
}

int mutants_draw(struct mutants *m, const char *function, const char *operators, size_t number,
		 uint64_t seed, size_t *possible, struct error *err)
{
	struct prng prng;
	size_t nr = 0;

	for (size_t i = 0; i < m->nr; i++)
		if ((!function || !fnmatch(function, m->v[i].function, 0)) &&
		    (!operators || is_in(m->v[i].operator, operators)))
			exchange(m, nr++, i);
	if (!nr)
		return error_set(err, EINVAL, "nothing can be broken%s%s%s%s%s%s",
				 function ? " in functions '" : "", function ? function : "",
				 function ? "'" : "", operators ? " by operators '" : "",
				 operators ? operators : "",
				 operators ? "'; --list --sample=all lists what can" : "");
	cut(m, nr);
	*possible = nr;
	mutants_sort(m);
	prng_seed(&prng, seed, "mutants");
	for (size_t i = 0; number && i < nr; i++)
		exchange(m, i, i + prng_below(&prng, nr - i));
	if (number && number < nr)
		cut(m, number);
	return 0;
}

int mutants_choose(struct mutants *m, char *const *ids, size_t nr, struct error *err)
{
	size_t found = 0;

	for (size_t i = 0; i < nr; i++) {
		size_t k = 0;

		while (k < m->nr && strcmp(m->v[k].id, ids[i]))
			k++;
		if (k == m->nr)
			return error_set(
				err, EINVAL,
				"--only: there is no mutant '%s'; --list --sample=all lists "
				"them",
				ids[i]);
		/* one that is asked for twice is in front already */
		if (k >= found)
			exchange(m, found++, k);
	}
	cut(m, found);
	return 0;
}

char *mutant_apply(const char *text, const struct mutant *m)
{
	return array_format("%.*s%s%s", (int)m->start, text, m->new, text + m->end);
}

/* Prints @nr lines with @sign in front of each; what is behind them. */
static const char *print_lines(FILE *out, const char *text, size_t nr, char sign)
{
	while (nr--) {
		int n = (int)strcspn(text, "\n");

		fprintf(out, "%c%.*s\n", sign, n, text);
		text += n + (text[n] == '\n');
	}
	return text;
}

char *mutant_diff(const char *text, const struct mutant *m, const char *name)
{
	static const size_t around = 3;
	char *diff = NULL, *new = mutant_apply(text, m);
	size_t first = count_lines(text, m->start), lines = count_lines(text, strlen(text)), len;
	size_t last = count_lines(text, m->end);
	size_t from = first > around ? first - around : 0, changed = last + 1 - first;
	size_t after = lines - last - 1 < around ? lines - last - 1 : around;
	FILE *out = open_memstream(&diff, &len);
	const char *at = text, *at_new = new;

	if (!out)
		array_die();
	/* lines that are only emptied at the end of the change are part of it: a mutant has as many as before */
	fprintf(out, "--- a/%s\n+++ b/%s\n@@ -%zu,%zu +%zu,%zu @@ %s\n", name, name, from + 1,
		first - from + changed + after, from + 1, first - from + changed + after,
		m->function);
	for (size_t i = 0; i < from; i++)
		at = strchr(at, '\n') + 1;
	at = print_lines(out, at, first - from, ' ');
	for (size_t i = 0; i < first; i++)
		at_new = strchr(at_new, '\n') + 1;
	at = print_lines(out, at, changed, '-');
	print_lines(out, at_new, changed, '+');
	print_lines(out, at, after, ' ');
	fclose(out);
	free(new);
	return diff;
}
