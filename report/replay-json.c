// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A replay for programs. Keys: version (1, of this form), log, boot, boots, log_version (of the log's kernel), kernel,
 * config, config_reason, ends_are_exclusive, guessed, holds, end, calls, allocations
 * (all, identical, different, failed), dumps (all, equal, same_sets), doublings (log, here), unread,
 * inferred, differences, handover (replay-handover-json.c); and, if asked for, what_if (of --predict and of other
 * conditions), state, who, largest, groups. Addresses are numbers.
 */
#include <jansson.h>
#include <stdlib.h>

#include "report/internal.h"
#include "report/json.h"
#include "report/replay.h"

static json_t *inferred(const struct replay_result *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->nr_inferred; i++)
		json_array_append_new(list, json_pack("{s:i, s:i, s:b, s:o}", "before",
						      (int)r->inferred[i].before, "line",
						      (int)r->inferred[i].line, "doubtful",
						      r->inferred[i].doubtful, "call",
						      report_json_text(r->inferred[i].text)));
	return list;
}

static json_t *differences(const struct replay_result *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->nr_differences; i++) {
		const struct replay_difference *d = &r->differences[i];

		json_array_append_new(
			list, json_pack("{s:i, s:o, s:o, s:o, s:o, s:o, s:o}", "line", (int)d->line,
					"call", report_json_text(d->event->function), "caller",
					report_json_text(d->event->caller), "got",
					report_json_text(d->got), "expected",
					report_json_text(d->expected), "reason",
					report_json_text(d->reason), "around",
					d->around ? report_json_text(d->around) : json_null()));
	}
	return list;
}

static json_t *unread(const struct replay_result *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->log->nr_unread; i++)
		json_array_append_new(list,
				      json_pack("{s:i, s:o}", "line", (int)r->log->unread[i].line,
						"text", report_json_text(r->log->unread[i].text)));
	return list;
}

static json_t *rows(const struct replay_rows *rows)
{
	json_t *list = json_array();

	for (size_t i = 0; i < rows->nr; i++)
		json_array_append_new(list,
				      json_pack("{s:o, s:o, s:i, s:o}", "start",
						report_json_number(rows->v[i].range.start), "end",
						report_json_number(rows->v[i].range.end), "node",
						rows->v[i].nid, "flags",
						report_json_number(rows->v[i].flags)));
	return list;
}

static json_t *owner(const struct replay_owner *o)
{
	return json_pack("{s:o, s:o, s:i, s:i, s:o, s:o, s:o, s:i}", "start",
			 report_json_number(o->range.start), "end",
			 report_json_number(o->range.end), "line", (int)o->line, "freed",
			 (int)o->freed, "caller", report_json_text(o->caller), "call",
			 report_json_text(o->function), "purpose",
			 report_json_text(replay_purpose(o->caller)), "node", o->nid);
}

static json_t *who(const struct replay_result *r, uint64_t address)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->nr_owners; i++)
		if (range_contains(r->owners[i].range, address))
			json_array_append_new(list, owner(&r->owners[i]));
	return list;
}

static json_t *largest(const struct replay_result *r, size_t nr)
{
	struct replay_owner *all = report_replay_largest(r, &nr);
	json_t *list = json_array();

	for (size_t i = 0; i < nr; i++)
		json_array_append_new(list, owner(&all[i]));
	free(all);
	return list;
}

static json_t *groups(const struct replay_result *r, enum replay_by by)
{
	size_t nr;
	struct replay_group *all = replay_group(r, by, &nr);
	json_t *list = json_array();

	for (size_t i = 0; i < nr; i++) {
		json_array_append_new(list, json_pack("{s:o, s:o, s:o}", "name",
						      report_json_text(all[i].name), "bytes",
						      report_json_number(all[i].bytes), "pieces",
						      report_json_number(all[i].count)));
		free(all[i].name);
	}
	free(all);
	return list;
}

static json_t *counts(const struct replay_result *r)
{
	return json_pack("{s:o, s:{s:o, s:o, s:o, s:o}, s:{s:o, s:o, s:o}, s:{s:o, s:o}}", "calls",
			 report_json_number(r->calls), "allocations", "all",
			 report_json_number(r->allocations), "identical",
			 report_json_number(r->identical), "different",
			 report_json_number(r->different), "failed", report_json_number(r->failed),
			 "dumps", "all", report_json_number(r->dumps), "equal",
			 report_json_number(r->dumps_equal), "same_sets",
			 report_json_number(r->dumps_same_sets), "doublings", "log",
			 report_json_number(r->doubled_log), "here",
			 report_json_number(r->doubled));
}

json_t *report_replay_object(const struct replay_result *r, const struct report_replay *what)
{
	json_t *j = counts(r);

	json_object_set_new(j, "log", report_json_text(r->log->name));
	json_object_set_new(j, "boot", json_integer(r->log->boot));
	json_object_set_new(j, "boots", json_integer(r->log->boots));
	json_object_set_new(j, "log_version", report_json_text(r->log->version));
	json_object_set_new(j, "kernel",
			    json_pack("{s:o, s:o}", "version", report_json_text(r->kernel->version),
				      "config", report_json_text(r->kernel->config)));
	json_object_set_new(j, "guessed", json_boolean(r->guessed));
	json_object_set_new(j, "holds", json_boolean(replay_succeeds(r)));
	json_object_set_new(j, "end",
			    json_pack("{s:o, s:o, s:i}", "status",
				      report_json_text(report_end_name(r->exit.end)), "text",
				      report_json_text(r->exit.text), "line", (int)r->last_line));
	json_object_set_new(j, "unread", unread(r));
	json_object_set_new(j, "inferred", inferred(r));
	json_object_set_new(j, "differences", differences(r));
	if (r->handover)
		json_object_set_new(j, "handover", report_replay_handover_json(r->handover));
	json_object_set_new(j, "config", report_json_text(r->kernel->config));
	json_object_set_new(j, "config_reason",
			    report_json_text(what->config_why ? what->config_why : ""));
	json_object_set_new(j, "ends_are_exclusive", json_boolean(r->log->ends_are_exclusive));
	if (r->whatif)
		json_object_set_new(j, "what_if", report_whatif_json(r));
	if (what->state)
		json_object_set_new(j, "state",
				    json_pack("{s:i, s:o, s:o}", "line", (int)r->at, "memory",
					      rows(&r->memory), "reserved", rows(&r->reserved)));
	if (what->has_who)
		json_object_set_new(j, "who", who(r, what->who));
	if (what->largest)
		json_object_set_new(j, "largest", largest(r, what->largest));
	if (what->has_by)
		json_object_set_new(j, "groups", groups(r, what->by));
	return j;
}

void report_replay_json(const struct replay_result *r, const struct report_replay *what, FILE *out)
{
	report_json_print(report_replay_object(r, what), JSON_INDENT(2) | JSON_SORT_KEYS, out);
}
