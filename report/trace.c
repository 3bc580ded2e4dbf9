// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Calls as trace events, for Perfetto and chrome://tracing: {displayTimeUnit, traceEvents, otherData}, of which
 * docs/schema/trace-event.json has the keys. otherData has the version of this form, the kernel, and what times mean.
 * Events: "M" names process and thread; "X" is a step of a boot (cat "step") or a call (cat "memblock"; args: names of
 * the arguments by the prototype and their values, with blanks between, result, caller, line of the log); "C" are
 * counters, bytes and regions of memory and of reserved, whenever they change.
 *
 * Simulated kernels have no time. A call is where its line of the log has its stamp, or, without one, a microsecond
 * behind the call before it; never before that has ended. It lasts a microsecond.
 */
#include "report/trace.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "report/json.h"

struct tracing {
	const struct record *run;
	FILE *out;
	bool any;	 /* an event was written */
	bool stamped;	 /* a time was the log's */
	uint64_t *times; /* of lines of the log, from @first_line on */
	size_t nr_times;
	unsigned int first_line;
	uint64_t bytes[RT_NR_TYPES], regions[RT_NR_TYPES];
};

/* Writes an event and frees it. */
static void put(struct tracing *t, json_t *event)
{
	if (!event)
		array_die();
	fputs(t->any ? ",\n" : "", t->out);
	json_dumpf(event, t->out, JSON_COMPACT | JSON_PRESERVE_ORDER);
	json_decref(event);
	t->any = true;
}

static void put_name(struct tracing *t, const char *what, const char *name)
{
	put(t, json_pack("{s:s, s:s, s:i, s:i, s:{s:o}}", "name", what, "ph", "M", "pid", 1, "tid",
			 1, "args", "name", report_json_text(name)));
}

static void put_counters(struct tracing *t, uint64_t at)
{
	static const char *const names[] = { "bytes", "regions" };

	for (int i = 0; i < 2; i++) {
		const uint64_t *v = i ? t->regions : t->bytes;

		put(t, json_pack("{s:s, s:s, s:o, s:i, s:{s:o, s:o}}", "name", names[i], "ph", "C",
				 "ts", report_json_number(at), "pid", 1, "args", "memory",
				 report_json_number(v[RT_MEMORY]), "reserved",
				 report_json_number(v[RT_RESERVED])));
	}
}

static void count(struct tracing *t, const struct record_change *c)
{
	for (size_t i = 0; i < c->nr_gone; i++)
		t->bytes[c->type] -= range_size(t->run->pool.v[c->first + i].range);
	for (size_t i = 0; i < c->nr_come; i++)
		t->bytes[c->type] += range_size(t->run->pool.v[c->first + c->nr_gone + i].range);
	t->regions[c->type] += c->nr_come - c->nr_gone;
}

static uint64_t time_of(struct tracing *t, const struct record_call *c, uint64_t least)
{
	uint64_t time = c->line >= t->first_line && c->line - t->first_line < t->nr_times
				? t->times[c->line - t->first_line]
				: UINT64_MAX;

	if (time == UINT64_MAX)
		return least;
	t->stamped = true;
	return time > least ? time : least;
}

static void put_call(struct tracing *t, const struct record_call *c, uint64_t at)
{
	json_t *args = json_object();

	report_json_set(args, "names", report_json_text(c->arg_names));
	report_json_set(args, "values", report_json_text(c->args));
	report_json_set(args, "result", report_json_text(c->result));
	report_json_set(args, "caller", report_json_text(c->caller));
	report_json_set(args, "line", c->line ? json_integer(c->line) : json_null());
	put(t, json_pack("{s:o, s:s, s:s, s:o, s:i, s:i, s:i, s:o}", "name",
			 report_json_text(c->name), "cat", "memblock", "ph", "X", "ts",
			 report_json_number(at), "dur", 1, "pid", 1, "tid", 1, "args", args));
	if (!c->nr_changes)
		return;
	for (size_t i = 0; i < c->nr_changes; i++)
		count(t, &t->run->changes[c->first_change + i]);
	put_counters(t, at + 1);
}

static void put_step(struct tracing *t, const char *step, uint64_t from, uint64_t to)
{
	if (step)
		put(t,
		    json_pack("{s:o, s:s, s:s, s:o, s:o, s:i, s:i}", "name", report_json_text(step),
			      "cat", "step", "ph", "X", "ts", report_json_number(from), "dur",
			      report_json_number(to - from), "pid", 1, "tid", 1));
}

static void put_calls(struct tracing *t)
{
	const char *step = NULL;
	uint64_t next = 0, first = 0;

	for (size_t i = 0; i < t->run->nr_calls; i++) {
		const struct record_call *c = &t->run->calls[i];
		uint64_t at = time_of(t, c, next);

		/* its words are one copy each */
		if (c->step != step) {
			put_step(t, step, first, next);
			step = c->step;
			first = at;
		}
		put_call(t, c, at);
		next = at + 1;
	}
	put_step(t, step, first, next);
}

void report_trace(const struct record *run, const struct replay_log *log, FILE *out)
{
	struct tracing t = { .run = run, .out = out };
	json_t *other;

	if (log) {
		t.times = replay_times(log, &t.nr_times);
		t.first_line = log->first_line;
	}
	fputs("{\"displayTimeUnit\": \"ns\",\n\"traceEvents\": [\n", out);
	put_name(&t, "process_name", run->version);
	put_name(&t, "thread_name", "memblock");
	put_calls(&t);
	other = json_pack("{s:i, s:o, s:o, s:s}", "version", 1, "kernel",
			  report_json_text(run->version), "config", report_json_text(run->config),
			  "time",
			  t.stamped ? "stamps of the log, and a microsecond for each call"
				    : "none: a microsecond for each call");
	fputs("\n],\n\"otherData\": ", out);
	json_dumpf(other, out, JSON_PRESERVE_ORDER);
	fputs("}\n", out);
	json_decref(other);
	free(t.times);
}
