// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An answer as one JSON object. Addresses and sizes are integers, in bytes; what is not known or not there is
 * null.
 *
 *	version		1, of this form
 *	kernel		{version, source, config, memblock_sha256}: the engine
 *	machine		name of the layout or log
 *	from		what the answer follows from, in words
 *	cmdline		the kernel's command line; null: none was used
 *	question	[word]
 *	verdict		"yes", "no", or "told", where the question is not of that kind
 *	sentences	[text]: the answer for people
 *	facts		{key: value}: what the sentences tell; keys by question, see docs/explain.md
 *	tables		{key: [{key: value}]}: likewise; there, if empty, as an empty list
 *	models		[text]: what follows from a model of a file of the kernel
 *	notes		[text]: what was assumed or left out
 */
#include <jansson.h>

#include "report/explain.h"
#include "report/json.h"

static json_t *value_of(const struct explain_value *v)
{
	if (v->none)
		return json_null();
	switch (v->kind) {
	case EXPLAIN_TEXT:
		return report_json_text(v->text);
	case EXPLAIN_BOOL:
		return json_boolean(v->number);
	case EXPLAIN_CHANGE:
		return json_integer((json_int_t)v->number);
	default:
		return report_json_number(v->number);
	}
}

static json_t *table(const struct explain_table *t)
{
	json_t *list = json_array();

	for (size_t row = 0; row < t->nr_cells; row += t->nr_columns) {
		json_t *o = json_object();

		for (size_t i = 0; i < t->nr_columns && row + i < t->nr_cells; i++)
			report_json_set(o, t->columns[i].key, value_of(&t->cells[row + i]));
		report_json_append(list, o);
	}
	return list;
}

static json_t *kernel(const struct engine_info *info)
{
	json_t *o = json_object();

	report_json_set(o, "version", report_json_text(info->version));
	report_json_set(o, "source", report_json_text(info->kernel));
	report_json_set(o, "config", report_json_text(info->config));
	report_json_set(o, "memblock_sha256", report_json_text(info->memblock_hash));
	return o;
}

void report_explain_json(const struct explain *x, const struct explain_answer *a, FILE *out)
{
	static const char *const verdicts[] = {
		[EXPLAIN_TOLD] = "told", [EXPLAIN_YES] = "yes", [EXPLAIN_NO] = "no"
	};
	json_t *o = json_object(), *words = json_array(), *sentences = json_array();
	json_t *facts = json_object(), *tables = json_object();

	for (size_t i = 0; i < x->nr_words; i++)
		report_json_append(words, report_json_text(x->words[i]));
	for (size_t i = 0; i < a->nr_parts; i++) {
		if (a->parts[i].sentence)
			report_json_append(sentences, report_json_text(a->parts[i].sentence));
		else
			report_json_set(tables, a->parts[i].table->key, table(a->parts[i].table));
	}
	for (size_t i = 0; i < a->nr_facts; i++)
		report_json_set(facts, a->facts[i].key, value_of(&a->facts[i].value));
	report_json_set(o, "kernel", kernel(a->kernel));
	report_json_set(o, "machine", report_json_text(x->log ? x->log->name : x->layout->name));
	report_json_set(o, "from", report_json_text(a->from));
	report_json_set(o, "cmdline", report_json_text(a->cmdline));
	report_json_set(o, "question", words);
	report_json_set(o, "verdict", report_json_text(verdicts[a->verdict]));
	report_json_set(o, "sentences", sentences);
	report_json_set(o, "facts", facts);
	report_json_set(o, "tables", tables);
	report_json_set(o, "models", report_json_texts(a->models, a->nr_models));
	report_json_set(o, "notes", report_json_texts(a->notes, a->nr_notes));
	report_json_print(o, JSON_INDENT(1), out);
}
