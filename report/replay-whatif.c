// SPDX-License-Identifier: GPL-2.0-or-later
/* What becomes of a log's allocations under other conditions, beside what the log has. */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

#include "lib/array.h"
#include "lib/size.h"
#include "report/internal.h"
#include "report/json.h"
#include "report/replay.h"

#define FEW 8

static const char *const fates[REPLAY_NR_FATES] = {
	[REPLAY_SAME] = "same",	    [REPLAY_MOVED] = "moved",	  [REPLAY_FAILED] = "failed",
	[REPLAY_GAINED] = "gained", [REPLAY_NEITHER] = "neither",
};

static void print_words(const char *title, char *const *words, size_t nr, const char *separator,
			FILE *out)
{
	if (!nr)
		return;
	fprintf(out, "%s", title);
	for (size_t i = 0; i < nr; i++)
		fprintf(out, "%s%s", i ? separator : "", words[i]);
	fputc('\n', out);
}

static void print_change(const struct replay_whatif *w, FILE *out)
{
	const struct replay_change *c = w->change;

	fputs("What if:\n", out);
	for (size_t i = 0; i < c->nr_ram; i++)
		fprintf(out, "  there is memory at 0x%" PRIx64 "-0x%" PRIx64 "\n", c->ram[i].start,
			c->ram[i].end - 1);
	for (size_t i = 0; i < c->nr_without; i++)
		fprintf(out, "  there is no memory at 0x%" PRIx64 "-0x%" PRIx64 "\n",
			c->without[i].start, c->without[i].end - 1);
	for (size_t i = 0; i < c->nr_drop; i++)
		fprintf(out, "  %s asks for nothing\n", c->drop[i]);
	if (c->nr_drop)
		fprintf(out, "    %zu calls and %zu frees are left out\n", w->dropped_calls,
			w->dropped_frees);
	if (c->cmdline)
		fprintf(out, "  the command line has %s\n", c->cmdline);
	print_words("    without effect on memblock's own code: ", w->words, w->nr_words, " ", out);
	print_words("    refused: ", w->refused, w->nr_refused, "\n    refused: ", out);
	fputc('\n', out);
}

static void print_counts(const struct replay_result *r, FILE *out)
{
	const struct replay_whatif *w = r->whatif;
	char log[SIZE_TEXT_MAX], here[SIZE_TEXT_MAX];

	fprintf(out, "  calls        %zu\n", r->calls);
	fprintf(out, "  allocations  %zu: %zu in the same place, %zu moved, %zu failed here\n",
		r->allocations, w->fates[REPLAY_SAME], w->fates[REPLAY_MOVED],
		w->fates[REPLAY_FAILED]);
	if (w->fates[REPLAY_GAINED])
		fprintf(out, "               %zu found memory that they had not in the log\n",
			w->fates[REPLAY_GAINED]);
	if (w->fates[REPLAY_NEITHER])
		fprintf(out, "               %zu found no memory, in the log as here\n",
			w->fates[REPLAY_NEITHER]);
	fprintf(out, "  memory       %s in the log, %s here\n", size_format(w->log_memory, log),
		size_format(w->memory, here));
	fprintf(out, "  reserved     %s in the log, %s here\n", size_format(w->log_reserved, log),
		size_format(w->reserved, here));
	if (r->log->nr_unread)
		fprintf(out, "  not read     %zu lines, from line %u on\n", r->log->nr_unread,
			r->log->unread[0].line);
}

static void print_address(uint64_t address, FILE *out)
{
	if (address)
		fprintf(out, "0x%" PRIx64, address);
	else
		fputs("no memory", out);
}

static void print_fate(const struct replay_whatif *w, enum replay_fate fate, const char *title,
		       size_t most, FILE *out)
{
	size_t shown = 0;

	if (!w->fates[fate])
		return;
	fprintf(out, "\n%s (%zu):\n", title, w->fates[fate]);
	for (size_t i = 0; i < w->nr_outcomes && shown < most; i++) {
		const struct replay_outcome *o = &w->outcomes[i];

		if (o->fate != fate)
			continue;
		fprintf(out, "  line %u: %s, %" PRIu64 " bytes%s%s: ", o->event->line,
			o->event->function, o->size, *o->event->caller ? ", " : "",
			o->event->caller);
		print_address(o->log, out);
		fputs(" -> ", out);
		print_address(o->here, out);
		fputc('\n', out);
		shown++;
	}
	if (shown < w->fates[fate])
		fprintf(out, "  and %zu more (-v)\n", w->fates[fate] - shown);
}

static void print_collisions(const struct replay_whatif *w, size_t most, FILE *out)
{
	if (!w->nr_collisions)
		return;
	fprintf(out, "\nReserved by place, which is not free here (%zu):\n", w->nr_collisions);
	for (size_t i = 0; i < w->nr_collisions && i < most; i++) {
		const struct replay_collision *c = &w->collisions[i];

		fprintf(out, "  %sline %u: 0x%" PRIx64 "-0x%" PRIx64 "%s%s: ",
			c->inferred ? "before " : "", c->event->line, c->range.start,
			c->range.end - 1, c->inferred || *c->event->caller ? ", " : "",
			c->inferred ? "inferred" : c->event->caller);
		if (c->with)
			fprintf(out, "here it is what line %u asked for\n", c->with);
		else
			fputs("not all of it is memory here\n", out);
	}
	if (w->nr_collisions > most)
		fprintf(out, "  and %zu more (-v)\n", w->nr_collisions - most);
}

static void print_callers(const struct replay_whatif *w, size_t most, FILE *out)
{
	size_t nr;
	struct replay_caller *callers = replay_callers(w, &nr);
	struct libscols_table *t = report_table_new(out);
	static const char *const columns[] = { "PIECES", "SIZE", "SAME", "MOVED", "FAILED" };
	char size[SIZE_TEXT_MAX];

	for (size_t i = 0; i < ARRAY_LEN(columns); i++)
		report_table_column(t, columns[i], SCOLS_FL_RIGHT);
	report_table_column(t, "CALLER", 0);
	for (size_t i = 0; i < nr; i++) {
		const struct replay_caller *c = &callers[i];
		struct libscols_line *line = i < most ? report_table_line(t) : NULL;

		if (line) {
			report_table_set(line, 0, "%zu", c->count);
			report_table_set(line, 1, "%s", size_format(c->bytes, size));
			report_table_set(line, 2, "%zu",
					 c->fates[REPLAY_SAME] + c->fates[REPLAY_NEITHER]);
			report_table_set(line, 3, "%zu",
					 c->fates[REPLAY_MOVED] + c->fates[REPLAY_GAINED]);
			report_table_set(line, 4, "%zu", c->fates[REPLAY_FAILED]);
			report_table_set(line, 5, "%s", c->name);
		}
		free(c->name);
	}
	fputs("\nBy caller:\n", out);
	report_table_print(t);
	if (nr > most)
		fprintf(out, "and %zu more (-v)\n", nr - most);
	free(callers);
}

void report_whatif_text(const struct replay_result *r, bool verbose, FILE *out)
{
	const struct replay_whatif *w = r->whatif;
	size_t most = verbose ? SIZE_MAX : FEW;

	if (w->changed)
		print_change(w, out);
	print_counts(r, out);
	print_fate(w, REPLAY_FAILED, "No memory here", most, out);
	print_fate(w, REPLAY_GAINED, "Memory here, and none in the log", most, out);
	print_fate(w, REPLAY_MOVED, "Moved", most, out);
	print_collisions(w, most, out);
	if (w->nr_outcomes)
		print_callers(w, most, out);
}

static json_t *outcomes(const struct replay_whatif *w)
{
	json_t *list = json_array();

	for (size_t i = 0; i < w->nr_outcomes; i++) {
		const struct replay_outcome *o = &w->outcomes[i];

		if (o->fate == REPLAY_SAME || o->fate == REPLAY_NEITHER)
			continue;
		report_json_append(
			list,
			json_pack("{s:i, s:o, s:o, s:o, s:o, s:o, s:s}", "line",
				  (int)o->event->line, "call", report_json_text(o->event->function),
				  "caller", report_json_text(o->event->caller), "size",
				  report_json_number(o->size), "log",
				  o->log ? report_json_number(o->log) : json_null(), "here",
				  o->here ? report_json_number(o->here) : json_null(), "outcome",
				  fates[o->fate]));
	}
	return list;
}

static json_t *counts(const size_t *nr)
{
	json_t *j = json_object();

	for (size_t i = 0; i < REPLAY_NR_FATES; i++)
		json_object_set_new(j, fates[i], report_json_number(nr[i]));
	return j;
}

static json_t *callers(const struct replay_whatif *w)
{
	size_t nr;
	struct replay_caller *v = replay_callers(w, &nr);
	json_t *list = json_array();

	for (size_t i = 0; i < nr; i++) {
		json_t *j = counts(v[i].fates);

		json_object_set_new(j, "caller", report_json_text(v[i].name));
		json_object_set_new(j, "pieces", report_json_number(v[i].count));
		json_object_set_new(j, "bytes", report_json_number(v[i].bytes));
		report_json_append(list, j);
		free(v[i].name);
	}
	free(v);
	return list;
}

static json_t *collisions(const struct replay_whatif *w)
{
	json_t *list = json_array();

	for (size_t i = 0; i < w->nr_collisions; i++) {
		const struct replay_collision *c = &w->collisions[i];

		report_json_append(
			list,
			json_pack("{s:i, s:o, s:o, s:o, s:i}", "line", (int)c->event->line,
				  "caller", report_json_text(c->inferred ? "" : c->event->caller),
				  "start", report_json_number(c->range.start), "end",
				  report_json_number(c->range.end), "with", (int)c->with));
	}
	return list;
}

struct json_t *report_whatif_json(const struct replay_result *r)
{
	const struct replay_whatif *w = r->whatif;

	return json_pack(
		"{s:b, s:o, s:o, s:o, s:o, s:{s:o, s:o}, s:o, s:o, s:{s:o, s:o}, s:{s:o, s:o}}",
		"changed", w->changed, "counts", counts(w->fates), "allocations", outcomes(w),
		"callers", callers(w), "collisions", collisions(w), "dropped", "calls",
		report_json_number(w->dropped_calls), "frees", report_json_number(w->dropped_frees),
		"no_effect", report_json_texts(w->words, w->nr_words), "refused",
		report_json_texts(w->refused, w->nr_refused), "memory", "log",
		report_json_number(w->log_memory), "here", report_json_number(w->memory),
		"reserved", "log", report_json_number(w->log_reserved), "here",
		report_json_number(w->reserved));
}
