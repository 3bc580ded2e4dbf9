// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Differences between two runs for programs. Keys: version (1, of this form); equal; ignored (kinds); a and b: version, kernel,
 * config, memblock, memblock_sha256, calls, end ("" if it came to its end), refused (line, text); first: the
 * first of differences, and state: after it, by array, a and b (rows: start, size, node, flags);
 * groups: calls, kinds, array, flags, only, names (name, calls); differences: kinds, array, flags, a
 * and b: number (from 1), name, arguments, result, caller, step, line, log; null: not made; arrays, by
 * array: a, b (regions), pieces (start, size, a, b: node, flags; or null); tests, totals, ends (what, a, b);
 * output (a, b). Addresses and sizes are numbers, node -1 is none.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "report/diff.h"
#include "report/internal.h"
#include "report/json.h"

static const char *const side_names[] = { "a", "b" };

static json_t *run(const struct record *r)
{
	json_t *refused = json_array();

	for (size_t i = 0; i < r->nr_refusals; i++)
		json_array_append_new(refused,
				      json_pack("{s:i, s:o}", "line", (int)r->refusals[i].line,
						"text", report_json_text(r->refusals[i].text)));
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "version",
			 report_json_text(r->version), "kernel", report_json_text(r->kernel),
			 "config", report_json_text(r->config), "memblock",
			 report_json_text(r->memblock), "memblock_sha256",
			 report_json_text(r->memblock_hash), "calls",
			 report_json_number(r->nr_calls), "end", report_json_text(r->exit),
			 "refused", refused);
}

static json_t *kinds(unsigned int bits)
{
	json_t *list = json_array();

	for (int i = 0; i < DIFF_NR_KINDS; i++)
		if (bits & 1U << i)
			json_array_append_new(list, json_string(diff_kind_names[i]));
	return list;
}

static json_t *call(const struct record *r, size_t at)
{
	const struct record_call *c;
	json_t *log;

	if (at == DIFF_NONE)
		return json_null();
	c = &r->calls[at];
	log = json_array();
	for (size_t i = 0; i < c->nr_lines; i++)
		json_array_append_new(log, report_json_text(r->lines[c->first_line + i]));
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:o}", "number",
			 report_json_number(at + 1), "name", report_json_text(c->name), "arguments",
			 report_json_text(c->args), "result", report_json_text(c->result), "caller",
			 report_json_text(c->caller), "step", report_json_text(c->step), "line",
			 (int)c->line, "log", log);
}

static json_t *flags(const char *const words[2])
{
	return words[0]
		       ? json_pack("[o, o]", report_json_text(words[0]), report_json_text(words[1]))
		       : json_null();
}

static json_t *pair(const struct diff *d, const struct diff_pair *p)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o}", "kinds", kinds(p->kinds), "array",
			 report_json_text(report_diff_arrays[p->type]), "flags", flags(p->words),
			 "a", call(d->run[0], p->call[0]), "b", call(d->run[1], p->call[1]));
}

static json_t *rows(const struct record *r, size_t at, enum rt_type type)
{
	struct record_rows v = { 0 };
	json_t *list = json_array();

	record_rows_after(r, at, type, &v);
	for (size_t i = 0; i < v.nr; i++)
		json_array_append_new(
			list, json_pack("{s:o, s:o, s:i, s:o}", "start",
					report_json_number(v.v[i].range.start), "size",
					report_json_number(range_size(v.v[i].range)), "node",
					v.v[i].nid, "flags", report_json_text(v.v[i].flags)));
	free(v.v);
	return list;
}

/* The arrays after a call that both make. */
static json_t *state(const struct diff *d, const struct diff_pair *p)
{
	json_t *j = json_object();

	for (enum rt_type type = RT_MEMORY; type < RT_NR_TYPES; type++)
		json_object_set_new(j, report_diff_arrays[type],
				    json_pack("{s:o, s:o}", "a", rows(d->run[0], p->call[0], type),
					      "b", rows(d->run[1], p->call[1], type)));
	return j;
}

static json_t *first(const struct diff *d)
{
	const struct diff_pair *p;
	json_t *j;

	if (d->first == DIFF_NONE)
		return json_null();
	p = &d->pairs[d->first];
	j = pair(d, p);
	json_object_set_new(j, "state",
			    p->call[0] == DIFF_NONE || p->call[1] == DIFF_NONE ? json_null()
									       : state(d, p));
	return j;
}

static json_t *groups(const struct diff *d)
{
	json_t *list = json_array();

	for (size_t i = 0; i < d->nr_groups; i++) {
		const struct diff_group *g = &d->groups[i];
		json_t *names = json_array();

		for (size_t k = 0; k < g->nr_names; k++)
			json_array_append_new(names,
					      json_pack("{s:o, s:o}", "name",
							report_json_text(g->names[k].name), "calls",
							report_json_number(g->names[k].nr)));
		json_array_append_new(
			list, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "calls",
					report_json_number(g->nr), "kinds", kinds(g->kinds),
					"array", report_json_text(report_diff_arrays[g->type]),
					"flags", flags((const char *const *)g->words), "only",
					report_json_text(g->only < 0 ? NULL : side_names[g->only]),
					"names", names));
	}
	return list;
}

static json_t *differences(const struct diff *d)
{
	json_t *list = json_array();

	for (size_t i = 0; i < d->nr_pairs; i++)
		if (d->pairs[i].kinds)
			json_array_append_new(list, pair(d, &d->pairs[i]));
	return list;
}

static json_t *row(const struct record_row *r)
{
	return r ? json_pack("{s:i, s:o}", "node", r->nid, "flags", report_json_text(r->flags))
		 : json_null();
}

static json_t *arrays(const struct diff *d)
{
	json_t *j = json_object();

	for (enum rt_type type = RT_MEMORY; type < RT_NR_TYPES; type++) {
		const struct diff_pieces *pieces = &d->end[type];
		json_t *list = json_array();

		for (size_t i = 0; i < pieces->nr; i++) {
			const struct diff_piece *p = &pieces->v[i];

			json_array_append_new(list,
					      json_pack("{s:o, s:o, s:o, s:o}", "start",
							report_json_number(p->range.start), "size",
							report_json_number(range_size(p->range)),
							"a", row(p->row[0]), "b", row(p->row[1])));
		}
		json_object_set_new(j, report_diff_arrays[type],
				    json_pack("{s:o, s:o, s:o}", "a",
					      report_json_number(d->run[0]->end[type].nr), "b",
					      report_json_number(d->run[1]->end[type].nr), "pieces",
					      list));
	}
	return j;
}

static json_t *values(const struct diff_values *v, const char *what)
{
	json_t *list = json_array();

	for (size_t i = 0; i < v->nr; i++) {
		json_t *j = json_pack("{s:o, s:o}", "a", report_json_text(v->v[i].value[0]), "b",
				      report_json_text(v->v[i].value[1]));

		if (what)
			json_object_set_new(j, what, report_json_text(v->v[i].what));
		json_array_append_new(list, j);
	}
	return list;
}

json_t *report_diff_object(const struct diff *d, bool with_calls)
{
	return json_pack("{s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "equal",
			 d->equal, "ignored", kinds(d->ignored), "a", run(d->run[0]), "b",
			 run(d->run[1]), "first", with_calls ? first(d) : json_null(), "groups",
			 groups(d), "differences", with_calls ? differences(d) : json_array(),
			 "arrays", arrays(d), "tests", values(&d->tests, "test"), "totals",
			 values(&d->facts, "what"), "ends", values(&d->ends, "what"), "output",
			 values(&d->output, NULL));
}

void report_diff_json(const struct diff *d, FILE *out)
{
	report_json_print(report_diff_object(d, true), JSON_INDENT(2), out);
}
