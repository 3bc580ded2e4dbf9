// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a run did, as the page has it: columns with an entry for each call, and what each changed as a list of
 * numbers, from which the page makes the arrays as they were after any of them.
 */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "report/internal.h"
#include "report/json.h"

/* A log that is longer, bytes, is left out, as pages are to be small enough for a browser. */
#define MOST_LOG (4UL << 20)

/* Where in the run's words a text is: what the recorder gives is a pointer to one. */
struct words {
	const struct record *run;
	struct word {
		const char *text;
		size_t index;
	} * v;
};

static int by_pointer(const void *a, const void *b)
{
	uintptr_t x = (uintptr_t)((const struct word *)a)->text;
	uintptr_t y = (uintptr_t)((const struct word *)b)->text;

	return x < y ? -1 : x > y;
}

static void words_init(struct words *w, const struct record *run)
{
	w->run = run;
	w->v = run->nr_words ? array_resize(NULL, run->nr_words, sizeof(*w->v)) : NULL;
	for (size_t i = 0; i < run->nr_words; i++)
		w->v[i] = (struct word){ run->words[i], i };
	if (run->nr_words)
		qsort(w->v, run->nr_words, sizeof(*w->v), by_pointer);
}

/* -1: none */
static long word_index(const struct words *w, const char *text)
{
	const struct word key = { text, 0 }, *found = NULL;

	if (text && w->run->nr_words)
		found = bsearch(&key, w->v, w->run->nr_words, sizeof(*w->v), by_pointer);
	return found ? (long)found->index : -1;
}

static void texts(struct report_page *p, const char *key, char *const *v, size_t nr)
{
	page_key(p, key);
	putc('[', p->out);
	for (size_t i = 0; i < nr; i++) {
		if (i)
			putc(',', p->out);
		page_text(p, v[i]);
	}
	putc(']', p->out);
}

enum column {
	NAME,
	CALLER,
	STEP,
	ARG_NAMES,
	LINE,
	ARGS,
	RESULT,
	CHANGES
};

static void cell(struct report_page *p, const struct words *w, const struct record_call *c,
		 enum column column)
{
	switch (column) {
	case NAME:
		fprintf(p->out, "%ld", word_index(w, c->name));
		break;
	case CALLER:
		fprintf(p->out, "%ld", word_index(w, c->caller));
		break;
	case STEP:
		fprintf(p->out, "%ld", word_index(w, c->step));
		break;
	case ARG_NAMES:
		fprintf(p->out, "%ld", word_index(w, c->arg_names));
		break;
	case LINE:
		fprintf(p->out, "%u", c->line);
		break;
	case ARGS:
		page_text(p, c->args);
		break;
	case RESULT:
		page_text(p, c->result ? c->result : "");
		break;
	case CHANGES:
		fprintf(p->out, "%zu", c->nr_changes);
		break;
	}
}

static void calls(struct report_page *p, const struct record *run, const struct words *w)
{
	static const char *const names[] = { "name", "caller", "step",	 "arg_names",
					     "line", "args",   "result", "changes" };

	page_key(p, "calls");
	putc('{', p->out);
	p->begun = false;
	for (size_t column = 0; column < ARRAY_LEN(names); column++) {
		page_key(p, names[column]);
		putc('[', p->out);
		for (size_t i = 0; i < run->nr_calls; i++) {
			if (i)
				putc(',', p->out);
			cell(p, w, &run->calls[i], column);
		}
		putc(']', p->out);
	}
	putc('}', p->out);
	p->begun = true;
}

/* For each change: array, place, rows that are gone, rows that come, and of each of these four numbers. */
static void changes(struct report_page *p, const struct record *run, const struct words *w)
{
	page_key(p, "changes");
	putc('[', p->out);
	for (size_t i = 0; i < run->nr_changes; i++) {
		const struct record_change *c = &run->changes[i];
		const struct record_row *row = &run->pool.v[c->first + c->nr_gone];

		fprintf(p->out, "%s%d,%zu,%zu,%zu", i ? "," : "", c->type, c->at, c->nr_gone,
			c->nr_come);
		for (size_t j = 0; j < c->nr_come; j++)
			fprintf(p->out, ",%" PRIu64 ",%" PRIu64 ",%ld,%d", row[j].range.start,
				range_size(row[j].range), word_index(w, row[j].flags), row[j].nid);
	}
	putc(']', p->out);
}

/* How many rows the arrays have room for, where that changes. */
static void rooms(struct report_page *p, const struct record *run)
{
	uint64_t max[RT_NR_TYPES] = { 0 };
	bool any = false;

	page_key(p, "room");
	putc('[', p->out);
	for (size_t i = 0; i < run->nr_calls; i++) {
		for (int type = RT_MEMORY; type < RT_NR_TYPES; type++) {
			if (run->calls[i].max[type] == max[type] || !run->calls[i].max[type])
				continue;
			max[type] = run->calls[i].max[type];
			fprintf(p->out, "%s[%zu,%d,%" PRIu64 "]", any ? "," : "", i, type,
				max[type]);
			any = true;
		}
	}
	putc(']', p->out);
}

static void bound(struct report_page *p, uint64_t address)
{
	if (address == UINT64_MAX)
		fputs(",null", p->out);
	else
		fprintf(p->out, ",%" PRIu64, address);
}

static void place(struct report_page *p, size_t call, const struct record_request *r,
		  const struct record_place *at, bool known)
{
	bool any = false;

	fprintf(p->out, "[%zu,%" PRIu64 ",%" PRIu64 ",%" PRIu64, call, r->size, r->align, r->min);
	bound(p, r->max);
	fprintf(p->out, ",%d,%d", r->nid, r->bottom_up);
	bound(p, r->got ? r->got : UINT64_MAX);
	if (!known) {
		fputs(",null]", p->out);
		return;
	}
	fprintf(p->out, ",%d", at->pass);
	bound(p, r->got ? at->gap.start : UINT64_MAX);
	bound(p, r->got ? at->gap.end : UINT64_MAX);
	fputs(",[", p->out);
	for (int i = 0; i < RECORD_NR_REFUSED; i++) {
		const struct record_refused_pieces *pieces = &at->refused[i];

		if (!pieces->nr)
			continue;
		fprintf(p->out, "%s[%d,%zu,%" PRIu64 ",%" PRIu64 "]", any ? "," : "", i, pieces->nr,
			pieces->largest.start, range_size(pieces->largest));
		any = true;
	}
	fputs("]]", p->out);
}

/* Of each allocation what it asked for, and why it is where it is. */
static void places(struct report_page *p, const struct record *run)
{
	struct record_search how = record_search_begin();
	struct record_rows rows[RT_NR_TYPES] = { 0 };
	struct record_request r;
	struct record_place at;
	bool any = false;

	page_key(p, "places");
	putc('[', p->out);
	for (size_t i = 0; i < run->nr_calls; i++) {
		const struct record_call *c = &run->calls[i];

		if (record_request_read(c, &how, &r)) {
			if (any)
				putc(',', p->out);
			place(p, i, &r, &at,
			      record_place_find(&r, &rows[RT_MEMORY], &rows[RT_RESERVED], &at));
			any = true;
		}
		record_search_follow(&how, c);
		for (size_t j = 0; j < c->nr_changes; j++) {
			const struct record_change *change = &run->changes[c->first_change + j];

			record_rows_change(&rows[change->type], run, change);
		}
	}
	putc(']', p->out);
	for (int type = 0; type < RT_NR_TYPES; type++)
		free(rows[type].v);
}

/* The kernel's log; and of it, the lines of calls that made some: [call, first line, how many]. */
static void log_lines(struct report_page *p, const struct record *run)
{
	size_t bytes = 0;
	bool any = false;

	for (size_t i = 0; i < run->nr_lines; i++)
		bytes += strlen(run->lines[i]);
	if (bytes > MOST_LOG) {
		page_value(p, "lines", json_null());
		page_value(p, "call_lines", json_array());
		return;
	}
	texts(p, "lines", run->lines, run->nr_lines);
	page_key(p, "call_lines");
	putc('[', p->out);
	for (size_t i = 0; i < run->nr_calls; i++) {
		if (!run->calls[i].nr_lines)
			continue;
		fprintf(p->out, "%s[%zu,%zu,%zu]", any ? "," : "", i, run->calls[i].first_line,
			run->calls[i].nr_lines);
		any = true;
	}
	putc(']', p->out);
}

/* Calls that did not return. */
static void ended(struct report_page *p, const struct record *run)
{
	json_t *list = json_array();

	for (size_t i = 0; i < run->nr_calls; i++)
		if (run->calls[i].ended)
			json_array_append_new(list, report_json_number(i));
	page_value(p, "ended", list);
}

void page_run(struct report_page *p, const struct record *run)
{
	struct words w;

	words_init(&w, run);
	putc('{', p->out);
	p->begun = false;
	page_value(p, "kernel",
		   json_pack("{s:o, s:o, s:o, s:o}", "version", report_json_text(run->version),
			     "source", report_json_text(run->kernel), "config",
			     report_json_text(run->config), "memblock_sha256",
			     report_json_text(run->memblock_hash)));
	page_value(p, "end", report_json_text(run->exit));
	texts(p, "words", run->words, run->nr_words);
	calls(p, run, &w);
	ended(p, run);
	log_lines(p, run);
	changes(p, run, &w);
	rooms(p, run);
	places(p, run);
	putc('}', p->out);
	p->begun = true;
	free(w.v);
}
