// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What became of mutants, as one JSON object.
 *
 *	version			1, of this form
 *	kernel, kernel_version, memblock, memblock_sha256	what was broken
 *	seed, possible		--seed; how many mutants there were to draw from
 *	configs, logs, fuzz_seconds, notes	how they were tried; notes: what was left out
 *	mutants			[{id, function, line, operator, change, result: killed, survived, equivalent,
 *				listed, discarded or broken; killer: suite, replay, fuzz or null; config, by:
 *				where it was killed, and by which test, log or kind of finding, else null; why: more
 *				of that, or why it is not counted, else null; configs: of a survivor, where its
 *				machine code is another}], or without results if they are only listed
 *	functions		{name: {killed, total, suite, replay, fuzz}}
 *	killed, survived, equivalent, listed, discarded, broken, waiting, total, percent
 */
#include <jansson.h>
#include <string.h>

#include "lib/array.h"
#include "report/json.h"
#include "report/mutate.h"

static void set(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value))
		array_die();
}

static void append(json_t *array, json_t *value)
{
	if (json_array_append_new(array, value))
		array_die();
}

/* What is empty is not known. */
static json_t *text(const char *s)
{
	return s && *s ? report_json_text(s) : json_null();
}

/* Words with blanks between them. */
static json_t *words(const char *s)
{
	json_t *all = json_array();

	while (s && *s) {
		size_t n = strcspn(s, " ");

		append(all, json_stringn(s, n));
		s += n + (s[n] == ' ');
	}
	return all;
}

static json_t *mutant(const struct mutant *m)
{
	json_t *o = json_object();

	set(o, "id", report_json_text(m->id));
	set(o, "function", report_json_text(m->function));
	set(o, "line", json_integer(m->line));
	set(o, "operator", report_json_text(m->operator));
	set(o, "change", report_json_text(m->change));
	set(o, "result", report_json_text(mutant_fate_names[m->fate]));
	set(o, "killer",
	    m->killer ? report_json_text(mutant_killer_names[m->killer]) : json_null());
	set(o, "config", text(m->config));
	set(o, "by", text(m->by));
	set(o, "why", text(m->why));
	set(o, "configs", words(m->fate == MUTANT_SURVIVED ? m->differs : NULL));
	return o;
}

static json_t *functions(const struct mutate_sum *sum)
{
	json_t *all = json_object();

	for (size_t i = 0; i < sum->nr_functions; i++) {
		const struct mutate_function *f = &sum->functions[i];
		json_t *o = json_object();

		set(o, "killed",
		    json_integer((json_int_t)(f->total - f->killers[MUTANT_BY_NOBODY])));
		set(o, "total", json_integer((json_int_t)f->total));
		for (int k = MUTANT_BY_SUITE; k < MUTANT_NR_KILLERS; k++)
			set(o, mutant_killer_names[k], json_integer((json_int_t)f->killers[k]));
		set(all, f->name, o);
	}
	return all;
}

static void set_base(json_t *o, const struct report_mutate *r)
{
	json_t *configs = json_array(), *notes = json_array();

	for (size_t i = 0; i < r->base->nr_configs; i++)
		append(configs, report_json_text(mutate_config_name(r->base, i)));
	for (size_t i = 0; i < r->base->nr_notes; i++)
		append(notes, report_json_text(r->base->notes[i]));
	set(o, "configs", configs);
	set(o, "logs", json_integer((json_int_t)r->base->nr_logs));
	set(o, "fuzz_seconds", json_real(r->fuzz_seconds));
	set(o, "notes", notes);
}

void report_mutate_json(const struct report_mutate *r)
{
	json_t *o = json_object(), *all = json_array();

	for (size_t i = 0; i < r->mutants->nr; i++)
		append(all, mutant(&r->mutants->v[i]));
	set(o, "kernel", report_json_text(r->kernel->kernel));
	set(o, "kernel_version", report_json_text(r->kernel->version));
	set(o, "memblock", report_json_text(r->memblock));
	set(o, "memblock_sha256", report_json_text(r->memblock_hash));
	set(o, "seed", report_json_number(r->seed));
	set(o, "possible", json_integer((json_int_t)r->possible));
	set_base(o, r);
	set(o, "mutants", all);
	set(o, "functions", functions(r->sum));
	for (int f = 0; f < MUTANT_NR_FATES; f++)
		set(o, mutant_fate_names[f], json_integer((json_int_t)r->sum->fates[f]));
	set(o, "total", json_integer((json_int_t)r->sum->total));
	set(o, "percent", json_real((double)r->sum->tenths / 10));
	report_json_print(o, JSON_INDENT(2), r->out);
}
