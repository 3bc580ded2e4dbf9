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

#include "report/json.h"
#include "report/mutate.h"

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

		report_json_append(all, json_stringn(s, n));
		s += n + (s[n] == ' ');
	}
	return all;
}

static json_t *mutant(const struct mutant *m)
{
	json_t *o = json_object();

	report_json_set(o, "id", report_json_text(m->id));
	report_json_set(o, "function", report_json_text(m->function));
	report_json_set(o, "line", json_integer(m->line));
	report_json_set(o, "operator", report_json_text(m->operator));
	report_json_set(o, "change", report_json_text(m->change));
	report_json_set(o, "result", report_json_text(mutant_fate_names[m->fate]));
	report_json_set(o, "killer",
			m->killer ? report_json_text(mutant_killer_names[m->killer]) : json_null());
	report_json_set(o, "config", text(m->config));
	report_json_set(o, "by", text(m->by));
	report_json_set(o, "why", text(m->why));
	report_json_set(o, "configs", words(m->fate == MUTANT_SURVIVED ? m->differs : NULL));
	return o;
}

static json_t *functions(const struct mutate_sum *sum)
{
	json_t *all = json_object();

	for (size_t i = 0; i < sum->nr_functions; i++) {
		const struct mutate_function *f = &sum->functions[i];
		json_t *o = json_object();

		report_json_set(
			o, "killed",
			json_integer((json_int_t)(f->total - f->killers[MUTANT_BY_NOBODY])));
		report_json_set(o, "total", json_integer((json_int_t)f->total));
		for (int k = MUTANT_BY_SUITE; k < MUTANT_NR_KILLERS; k++)
			report_json_set(o, mutant_killer_names[k],
					json_integer((json_int_t)f->killers[k]));
		report_json_set(all, f->name, o);
	}
	return all;
}

static void set_base(json_t *o, const struct report_mutate *r)
{
	json_t *configs = json_array(), *notes = json_array();

	for (size_t i = 0; i < r->base->nr_configs; i++)
		report_json_append(configs, report_json_text(mutate_config_name(r->base, i)));
	for (size_t i = 0; i < r->base->nr_notes; i++)
		report_json_append(notes, report_json_text(r->base->notes[i]));
	report_json_set(o, "configs", configs);
	report_json_set(o, "logs", json_integer((json_int_t)r->base->nr_logs));
	report_json_set(o, "fuzz_seconds", json_real(r->fuzz_seconds));
	report_json_set(o, "notes", notes);
}

void report_mutate_json(const struct report_mutate *r)
{
	json_t *o = json_object(), *all = json_array();

	for (size_t i = 0; i < r->mutants->nr; i++)
		report_json_append(all, mutant(&r->mutants->v[i]));
	report_json_set(o, "kernel", report_json_text(r->kernel->kernel));
	report_json_set(o, "kernel_version", report_json_text(r->kernel->version));
	report_json_set(o, "memblock", report_json_text(r->memblock));
	report_json_set(o, "memblock_sha256", report_json_text(r->memblock_hash));
	report_json_set(o, "seed", report_json_number(r->seed));
	report_json_set(o, "possible", json_integer((json_int_t)r->possible));
	set_base(o, r);
	report_json_set(o, "mutants", all);
	report_json_set(o, "functions", functions(r->sum));
	for (int f = 0; f < MUTANT_NR_FATES; f++)
		report_json_set(o, mutant_fate_names[f],
				json_integer((json_int_t)r->sum->fates[f]));
	report_json_set(o, "total", json_integer((json_int_t)r->sum->total));
	report_json_set(o, "percent", json_real((double)r->sum->tenths / 10));
	report_json_print(o, JSON_INDENT(2), r->out);
}
