// SPDX-License-Identifier: GPL-2.0-or-later
/* Holds two runs against each other: call by call, and what there is at the end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diff/internal.h"
#include "lib/array.h"
#include "lib/file.h"

const char *const diff_kind_names[DIFF_NR_KINDS] = {
	[DIFF_CALLS] = "calls",	  [DIFF_ARGUMENTS] = "arguments", [DIFF_RESULTS] = "results",
	[DIFF_RANGES] = "ranges", [DIFF_FLAGS] = "flags",	  [DIFF_NODES] = "nodes",
	[DIFF_ROWS] = "rows",	  [DIFF_ROOM] = "room",		  [DIFF_LOG] = "log",
	[DIFF_OUTPUT] = "output", [DIFF_TOTALS] = "totals",	  [DIFF_TESTS] = "tests",
	[DIFF_ENDS] = "ends",
};

static bool counts(const struct diff *d, enum diff_kind kind)
{
	return !(d->ignored & 1U << kind);
}

/*
 * Which calls are the same. In the order of what they have in common: all of it; all but the
 * arguments; and the place that they are made from, as functions changed their names.
 */
enum likeness {
	SAME_CALL,
	SAME_FUNCTION,
	SAME_PLACE,
	NR_LIKENESSES,
};

static uint64_t call_key(const struct record_call *c, enum likeness like)
{
	uint64_t key = record_key(0xcbf29ce484222325ULL ^ c->line, c->step ? c->step : "");

	key = record_key(key, c->caller ? c->caller : "");
	if (like <= SAME_FUNCTION)
		key = record_key(key, c->name);
	if (like <= SAME_CALL)
		key = record_key(key, c->args);
	return key;
}

struct matcher {
	uint64_t *keys[2];
	size_t *match, *part; /* by call of a: that of b */
};

/* Aligns calls [@a, @end_a) with [@b, @end_b), which nothing was found for so far. */
static void match_gap(struct matcher *m, size_t a, size_t end_a, size_t b, size_t end_b)
{
	if (a >= end_a || b >= end_b)
		return;
	align_keys(m->keys[0] + a, end_a - a, m->keys[1] + b, end_b - b, m->part);
	for (size_t i = a; i < end_a; i++)
		if (m->part[i - a] != DIFF_NONE)
			m->match[i] = b + m->part[i - a];
}

static size_t *match_calls(const struct diff *d)
{
	struct matcher m = { 0 };
	size_t nr[2];

	for (int side = 0; side < 2; side++) {
		nr[side] = d->run[side]->nr_calls;
		m.keys[side] = array_resize(NULL, nr[side] + 1, sizeof(*m.keys[side]));
	}
	m.match = array_resize(NULL, nr[0] + 1, sizeof(*m.match));
	m.part = array_resize(NULL, nr[0] + 1, sizeof(*m.part));
	for (size_t i = 0; i < nr[0]; i++)
		m.match[i] = DIFF_NONE;
	for (int like = SAME_CALL; like < NR_LIKENESSES; like++) {
		size_t a = 0, b = 0;

		for (int side = 0; side < 2; side++)
			for (size_t i = 0; i < nr[side]; i++)
				m.keys[side][i] = call_key(&d->run[side]->calls[i], like);
		for (size_t i = 0; i < nr[0]; i++) {
			size_t known = m.match[i];

			if (known == DIFF_NONE)
				continue;
			match_gap(&m, a, i, b, known);
			a = i + 1;
			b = known + 1;
		}
		match_gap(&m, a, nr[0], b, nr[1]);
	}
	free(m.keys[0]);
	free(m.keys[1]);
	free(m.part);
	return m.match;
}

/* The word of @words at which that of @names is @name; its length in @len, or NULL. */
static const char *find_word(const char *names, const char *words, const char *name,
			     size_t name_len, size_t *len)
{
	while (*names && *words) {
		size_t n = strcspn(names, " ");

		/* a string may have blanks in it */
		*len = *words == '"' ? strcspn(words + 1, "\"") + 2 : strcspn(words, " ");
		if (n == name_len && !strncmp(names, name, n))
			return words;
		names += n + (names[n] == ' ');
		words += *len + (words[*len] == ' ');
	}
	return NULL;
}

/* Prototypes change: what only one of them has says nothing. */
static bool same_arguments(const struct record_call *a, const struct record_call *b)
{
	if (!strcmp(a->arg_names, b->arg_names))
		return !strcmp(a->args, b->args);
	for (const char *name = a->arg_names; *name;) {
		size_t n = strcspn(name, " "), len[2];
		const char *x = find_word(a->arg_names, a->args, name, n, &len[0]);
		const char *y = find_word(b->arg_names, b->args, name, n, &len[1]);

		if (x && y && (len[0] != len[1] || strncmp(x, y, len[0])))
			return false;
		name += n + (name[n] == ' ');
	}
	return true;
}

/* A result in the words of the newest kernel. */
static const char *plain_result(const char *result)
{
	return !strcmp(result, "NULL") || !strcmp(result, "false") ? "0"
	       : !strcmp(result, "true")			   ? "1"
								   : result;
}

static bool same_result(const struct record_call *a, const struct record_call *b)
{
	const char *x = a->result ? a->result : "", *y = b->result ? b->result : "";

	/* what returned nothing once may return something now */
	if (!a->ended && !b->ended && (!*x || !*y))
		return true;
	return !strcmp(plain_result(x), plain_result(y));
}

static bool same_lines(const struct diff *d, const struct record_call *a,
		       const struct record_call *b)
{
	if (a->nr_lines != b->nr_lines)
		return false;
	for (size_t i = 0; i < a->nr_lines; i++)
		if (strcmp(d->run[0]->lines[a->first_line + i],
			   d->run[1]->lines[b->first_line + i]))
			return false;
	return true;
}

/* Whether an array got room for more rows by this call, and for how many. */
static uint64_t new_room(const struct record *run, size_t call, enum rt_type type)
{
	const struct record_call *c = &run->calls[call];

	return call && c[-1].max[type] != c->max[type] ? c->max[type] : 0;
}

static void compare_room(const struct diff *d, struct diff_pair *p)
{
	for (enum rt_type type = RT_MEMORY; type < RT_NR_TYPES; type++) {
		if (new_room(d->run[0], p->call[0], type) == new_room(d->run[1], p->call[1], type))
			continue;
		p->kinds |= 1U << DIFF_ROOM & ~d->ignored;
		if (!p->type && p->kinds & 1U << DIFF_ROOM)
			p->type = type;
	}
}

static void compare_calls(const struct diff *d, struct record_rows states[2][RT_NR_TYPES],
			  struct diff_pair *p)
{
	const struct record_call *a = &d->run[0]->calls[p->call[0]];
	const struct record_call *b = &d->run[1]->calls[p->call[1]];
	unsigned int kinds = 0;

	if (!same_arguments(a, b))
		kinds |= 1U << DIFF_ARGUMENTS;
	if (a->ended != b->ended)
		kinds |= 1U << DIFF_ENDS;
	else if (!same_result(a, b))
		kinds |= a->ended ? 1U << DIFF_ENDS : 1U << DIFF_RESULTS;
	p->kinds = kinds & ~d->ignored;
	effect_compare(d, states, p);
	compare_room(d, p);
	/* of what differs the log says so, too */
	if (!p->kinds && !kinds && counts(d, DIFF_LOG) && !same_lines(d, a, b))
		p->kinds |= 1U << DIFF_LOG;
}

static void follow(const struct record *run, size_t call, struct record_rows states[RT_NR_TYPES])
{
	const struct record_call *c = &run->calls[call];

	for (size_t i = 0; i < c->nr_changes; i++) {
		const struct record_change *change = &run->changes[c->first_change + i];

		record_rows_change(&states[change->type], run, change);
	}
}

static void add_pair(struct diff *d, struct record_rows states[2][RT_NR_TYPES], size_t a, size_t b)
{
	struct diff_pair *p = &ARRAY_APPEND(d->pairs, d->nr_pairs, d->room_pairs);

	p->call[0] = a;
	p->call[1] = b;
	for (int side = 0; side < 2; side++)
		if (p->call[side] != DIFF_NONE)
			follow(d->run[side], p->call[side], states[side]);
	if (a != DIFF_NONE && b != DIFF_NONE)
		compare_calls(d, states, p);
	else if (counts(d, DIFF_CALLS))
		p->kinds = 1U << DIFF_CALLS;
	if (!p->kinds)
		return;
	if (!d->nr_different++)
		d->first = d->nr_pairs - 1;
}

static void compare_runs(struct diff *d)
{
	struct record_rows states[2][RT_NR_TYPES] = { 0 };
	size_t *match = match_calls(d), b = 0;

	for (size_t a = 0; a < d->run[0]->nr_calls; a++) {
		for (; match[a] != DIFF_NONE && b < match[a]; b++)
			add_pair(d, states, DIFF_NONE, b);
		add_pair(d, states, a, match[a]);
		b += match[a] != DIFF_NONE;
	}
	for (; b < d->run[1]->nr_calls; b++)
		add_pair(d, states, DIFF_NONE, b);
	for (int side = 0; side < 2; side++)
		for (int type = 0; type < RT_NR_TYPES; type++)
			free(states[side][type].v);
	free(match);
}

static void add_value(struct diff_values *values, const char *what, const char *a, const char *b)
{
	ARRAY_APPEND(values->v, values->nr, values->room) = (struct diff_value){ what, { a, b } };
}

static const struct record_fact *find_fact(const struct record *run, const char *what)
{
	for (size_t i = 0; i < run->nr_facts; i++)
		if (!strcmp(run->facts[i].what, what))
			return &run->facts[i];
	return NULL;
}

static void compare_facts(struct diff *d)
{
	for (size_t i = 0; i < d->run[0]->nr_facts; i++) {
		const struct record_fact *a = &d->run[0]->facts[i];
		const struct record_fact *b = find_fact(d->run[1], a->what);

		if (!b || strcmp(a->value, b->value))
			add_value(&d->facts, a->what, a->value, b ? b->value : NULL);
	}
	for (size_t i = 0; i < d->run[1]->nr_facts; i++) {
		const struct record_fact *b = &d->run[1]->facts[i];

		if (!find_fact(d->run[0], b->what))
			add_value(&d->facts, b->what, NULL, b->value);
	}
}

static const char *const status_names[RUNNER_NR_STATUS] = {
	[RUNNER_PASSED] = "passed",
	[RUNNER_FAILED] = "failed",
	[RUNNER_SKIPPED] = "skipped",
	[RUNNER_KNOWN] = "known",
};

static void compare_tests(struct diff *d)
{
	const struct record *a = d->run[0], *b = d->run[1];

	for (size_t i = 0, j = 0; i < a->nr_tests || j < b->nr_tests;) {
		const struct record_test *x = i < a->nr_tests ? &a->tests[i] : NULL;
		const struct record_test *y = j < b->nr_tests ? &b->tests[j] : NULL;
		int order = !x ? 1 : !y ? -1 : strcmp(x->name, y->name);

		if (order || x->status != y->status)
			add_value(&d->tests, order > 0 ? y->name : x->name,
				  order > 0 ? NULL : status_names[x->status],
				  order < 0 ? NULL : status_names[y->status]);
		i += order <= 0;
		j += order >= 0;
	}
}

static void compare_output(struct diff *d)
{
	const struct record *a = d->run[0], *b = d->run[1];
	uint64_t *keys[2];
	size_t *match = array_resize(NULL, a->nr_output + 1, sizeof(*match)), j = 0;

	for (int side = 0; side < 2; side++) {
		const struct record *run = d->run[side];

		keys[side] = array_resize(NULL, run->nr_output + 1, sizeof(*keys[side]));
		for (size_t i = 0; i < run->nr_output; i++)
			keys[side][i] = record_key(0, run->output[i]);
	}
	align_keys(keys[0], a->nr_output, keys[1], b->nr_output, match);
	for (size_t i = 0; i < a->nr_output; i++) {
		for (; match[i] != DIFF_NONE && j < match[i]; j++)
			add_value(&d->output, "", NULL, b->output[j]);
		if (match[i] == DIFF_NONE)
			add_value(&d->output, "", a->output[i], NULL);
		else
			j++;
	}
	for (; j < b->nr_output; j++)
		add_value(&d->output, "", NULL, b->output[j]);
	free(keys[0]);
	free(keys[1]);
	free(match);
}

static const char *refusal_at(const struct record *run, unsigned int line)
{
	for (size_t i = 0; i < run->nr_refusals; i++)
		if (run->refusals[i].line == line)
			return run->refusals[i].text;
	return NULL;
}

static const char *line_name(struct diff *d, unsigned int line)
{
	char *text = line ? file_path("line %u", line) : array_strdup("all of it");

	/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
	return ARRAY_APPEND(d->strings, d->nr_strings, d->room_strings) = text;
}

static const char *plain_end(const struct record *run)
{
	return *run->exit ? run->exit : "it was reached";
}

static void compare_ends(struct diff *d)
{
	for (int side = 0; side < 2; side++) {
		const struct record *run = d->run[side], *other = d->run[!side];

		for (size_t i = 0; i < run->nr_refusals; i++) {
			unsigned int line = run->refusals[i].line;
			const char *text = run->refusals[i].text;

			if (!refusal_at(other, line))
				add_value(&d->ends, line_name(d, line), side ? NULL : text,
					  side ? text : NULL);
		}
	}
	if (strcmp(d->run[0]->exit, d->run[1]->exit))
		add_value(&d->ends, "the end", plain_end(d->run[0]), plain_end(d->run[1]));
}

/* Whether a difference of the arrays at the end is one that counts. */
static bool piece_counts(const struct diff *d, const struct diff_piece *p)
{
	if (!p->row[0] || !p->row[1])
		return counts(d, DIFF_RANGES);
	return (counts(d, DIFF_NODES) && p->row[0]->nid != p->row[1]->nid) ||
	       (counts(d, DIFF_FLAGS) && strcmp(p->row[0]->flags, p->row[1]->flags));
}

static void compare_arrays(struct diff *d, enum rt_type type)
{
	const unsigned int all =
		1U << DIFF_RANGES | 1U << DIFF_FLAGS | 1U << DIFF_NODES | 1U << DIFF_ROWS;
	struct diff_pieces *pieces = &d->end[type];
	size_t nr = 0;

	diff_rows_compare(&d->run[0]->end[type], &d->run[1]->end[type], pieces);
	for (size_t i = 0; i < pieces->nr; i++)
		if (piece_counts(d, &pieces->v[i]))
			pieces->v[nr++] = pieces->v[i];
	/* where something else may differ, rows do */
	d->cut[type] = !nr && !(d->ignored & all) &&
		       !record_rows_equal(&d->run[0]->end[type], &d->run[1]->end[type]);
	pieces->nr = nr;
}

static bool same_arrays(const struct diff *d)
{
	for (int type = RT_MEMORY; type < RT_NR_TYPES; type++)
		if (d->end[type].nr || d->cut[type])
			return false;
	return true;
}

void diff_compare(struct diff *d, const struct record *a, const struct record *b,
		  unsigned int ignored)
{
	*d = (struct diff){ .run = { a, b }, .ignored = ignored, .first = DIFF_NONE };
	compare_runs(d);
	group_pairs(d);
	for (enum rt_type type = RT_MEMORY; type < RT_NR_TYPES; type++)
		compare_arrays(d, type);
	if (counts(d, DIFF_OUTPUT))
		compare_output(d);
	if (counts(d, DIFF_TOTALS))
		compare_facts(d);
	if (counts(d, DIFF_TESTS))
		compare_tests(d);
	if (counts(d, DIFF_ENDS))
		compare_ends(d);
	d->equal = !d->nr_different && !d->output.nr && !d->facts.nr && !d->tests.nr &&
		   !d->ends.nr && same_arrays(d);
}

void diff_release(struct diff *d)
{
	for (size_t i = 0; i < d->nr_groups; i++)
		free(d->groups[i].names);
	for (size_t i = 0; i < d->nr_strings; i++)
		free(d->strings[i]);
	for (int type = 0; type < RT_NR_TYPES; type++)
		free(d->end[type].v);
	free(d->groups);
	free(d->strings);
	free(d->pairs);
	free(d->output.v);
	free(d->facts.v);
	free(d->tests.v);
	free(d->ends.v);
	*d = (struct diff){ 0 };
}
