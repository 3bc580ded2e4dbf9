// SPDX-License-Identifier: GPL-2.0-or-later
/* What an answer is made of: sentences, facts and tables, in an order. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explain/internal.h"
#include "lib/array.h"

void explain_say(struct explain_answer *a, const char *fmt, ...)
{
	char *text;
	va_list args;

	va_start(args, fmt);
	text = array_vformat(fmt, args);
	va_end(args);
	ARRAY_APPEND(a->parts, a->nr_parts, a->room_parts) =
		(struct explain_part){ .sentence = text };
}

void explain_lead(struct explain_answer *a, const char *fmt, ...)
{
	struct explain_part lead = { 0 };
	va_list args;

	va_start(args, fmt);
	lead.sentence = array_vformat(fmt, args);
	va_end(args);
	ARRAY_APPEND(a->parts, a->nr_parts, a->room_parts) = lead;
	memmove(&a->parts[a->nr_leads + 1], &a->parts[a->nr_leads],
		(a->nr_parts - 1 - a->nr_leads) * sizeof(lead));
	a->parts[a->nr_leads++] = lead;
}

void explain_note(struct explain_answer *a, const char *fmt, ...)
{
	char *text;
	va_list args;

	va_start(args, fmt);
	text = array_vformat(fmt, args);
	va_end(args);
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
	ARRAY_APPEND(a->notes, a->nr_notes, a->room_notes) = text;
}

void explain_model(struct explain_answer *a, const char *file, const char *version,
		   const char *what)
{
	char *text =
		array_format("%s follows from mbsim's model of %s as of Linux %s, and not from "
			     "the kernel's own code",
			     what, file, version);

	/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
	ARRAY_APPEND(a->models, a->nr_models, a->room_models) = text;
}

static struct explain_fact *add_fact(struct explain_answer *a, const char *key,
				     enum explain_kind kind)
{
	struct explain_fact *f = &ARRAY_APPEND(a->facts, a->nr_facts, a->room_facts);

	f->key = key;
	f->value.kind = kind;
	return f;
}

void explain_fact(struct explain_answer *a, const char *key, enum explain_kind kind,
		  uint64_t number)
{
	add_fact(a, key, kind)->value.number = number;
}

void explain_fact_text(struct explain_answer *a, const char *key, const char *text)
{
	struct explain_fact *f = add_fact(a, key, EXPLAIN_TEXT);

	f->value.none = !text;
	f->value.text = text ? array_strdup(text) : NULL;
}

void explain_fact_node(struct explain_answer *a, const char *key, int nid)
{
	struct explain_fact *f = add_fact(a, key, EXPLAIN_NUMBER);

	f->value.none = nid == LAYOUT_NO_NODE;
	f->value.number = (uint64_t)nid;
}

void explain_fact_range(struct explain_answer *a, const char *start_key, const char *size_key,
			struct range range)
{
	struct explain_fact *start = add_fact(a, start_key, EXPLAIN_ADDRESS);

	start->value.number = range.start;
	start->value.none = range_is_empty(range);
	explain_fact(a, size_key, EXPLAIN_BYTES, range_size(range));
}

struct explain_table *explain_table(struct explain_answer *a, const char *key,
				    const struct explain_column *columns, size_t nr_columns,
				    const char *heading, ...)
{
	struct explain_table *t = array_resize(NULL, 1, sizeof(*t));
	va_list args;

	*t = (struct explain_table){ .key = key, .columns = columns, .nr_columns = nr_columns };
	va_start(args, heading);
	t->heading = array_vformat(heading, args);
	va_end(args);
	ARRAY_APPEND(a->parts, a->nr_parts, a->room_parts) = (struct explain_part){ .table = t };
	return t;
}

static struct explain_value *add_cell(struct explain_table *t)
{
	enum explain_kind kind = t->columns[t->nr_cells % t->nr_columns].kind;
	struct explain_value *v = &ARRAY_APPEND(t->cells, t->nr_cells, t->room_cells);

	v->kind = kind;
	return v;
}

void explain_cell(struct explain_table *t, uint64_t number)
{
	add_cell(t)->number = number;
}

void explain_cell_text(struct explain_table *t, const char *fmt, ...)
{
	struct explain_value *v = add_cell(t);
	va_list args;

	va_start(args, fmt);
	v->text = array_vformat(fmt, args);
	va_end(args);
}

void explain_cell_none(struct explain_table *t)
{
	add_cell(t)->none = true;
}

void explain_cell_if(struct explain_table *t, bool there, uint64_t number)
{
	if (there)
		explain_cell(t, number);
	else
		explain_cell_none(t);
}

void explain_cell_word(struct explain_table *t, const char *text)
{
	if (text)
		explain_cell_text(t, "%s", text);
	else
		explain_cell_none(t);
}

void explain_cell_node(struct explain_table *t, int nid)
{
	explain_cell_if(t, nid != LAYOUT_NO_NODE, (uint64_t)nid);
}

void explain_cell_range(struct explain_table *t, struct range range)
{
	explain_cell(t, range.start);
	explain_cell(t, range_is_empty(range) ? range.start : range.end - 1);
	explain_cell(t, range_size(range));
}

size_t explain_rows(const struct explain_table *t)
{
	return t->nr_cells / t->nr_columns;
}

static void free_table(struct explain_table *t)
{
	for (size_t i = 0; t && i < t->nr_cells; i++)
		free(t->cells[i].text);
	if (t) {
		free(t->cells);
		free(t->heading);
	}
	free(t);
}

static void free_texts(char **v, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		free(v[i]);
	free(v);
}

void explain_answer_release(struct explain_answer *a)
{
	for (size_t i = 0; i < a->nr_parts; i++) {
		free(a->parts[i].sentence);
		free_table(a->parts[i].table);
	}
	for (size_t i = 0; i < a->nr_facts; i++)
		free(a->facts[i].value.text);
	free(a->parts);
	free(a->facts);
	free_texts(a->models, a->nr_models);
	free_texts(a->notes, a->nr_notes);
	free(a->cmdline);
	free(a->from);
	*a = (struct explain_answer){ 0 };
}
