// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The hand-over of a replay for programs. Keys: made, holds, not_held; why_not, or else line, deferred,
 * zones, zones_held, zone_ranges, node_ranges, movable_starts, holes, freed, memory, differences, checks
 * (made, findings). Zones are in pages, the figures of the line "Memory:" in KiB.
 */
#include <jansson.h>

#include "lib/array.h"
#include "replay/handover.h"
#include "report/internal.h"
#include "report/json.h"
#include "report/replay.h"

static json_t *zones(const struct replay_handover *h)
{
	json_t *list = json_array();

	for (size_t i = 0; i < h->nr_zones; i++) {
		const struct replay_zone *z = &h->zones[i];
		const struct replay_told_zone *t = z->told;
		json_t *j =
			json_pack("{s:i, s:s, s:o, s:o, s:o, s:o, s:o}", "node", z->nid, "name",
				  mm_zone_name(z->kind), "spanned", report_json_number(z->spanned),
				  "present", report_json_number(z->present), "managed",
				  report_json_number(z->managed), "sized",
				  report_json_number(z->sized), "plugged",
				  report_json_number(z->plugged));

		if (t) {
			json_object_set_new(
				j, "log",
				json_pack("{s:i, s:o, s:o, s:o}", "line", (int)t->line, "spanned",
					  report_json_number(t->spanned), "present",
					  report_json_number(t->present), "managed",
					  t->has_managed ? report_json_number(t->managed)
							 : json_null()));
			json_object_set_new(j, "equal", json_boolean(z->equal));
		}
		json_array_append_new(list, j);
	}
	return list;
}

static json_t *freed(const struct replay_handover *h)
{
	json_t *list = json_array();

	for (size_t i = 0; i < h->nr_freed; i++) {
		const struct replay_freed *f = &h->freed[i];
		json_t *j =
			json_pack("{s:i, s:o, s:o, s:o, s:b}", "line", (int)f->line, "what",
				  report_json_text(f->what), "pages", report_json_number(f->pages),
				  "how", report_json_text(f->how), "dropped", (int)f->dropped);

		if (!range_is_empty(f->range)) {
			json_object_set_new(j, "start", report_json_number(f->range.start));
			json_object_set_new(j, "end", report_json_number(f->range.end));
		}
		if (f->placed) {
			json_object_set_new(j, "node", json_integer(f->nid));
			json_object_set_new(j, "zone", json_string(mm_zone_name(f->kind)));
		}
		json_array_append_new(list, j);
	}
	return list;
}

static json_t *memory(const struct replay_handover *h)
{
	const struct {
		const char *name;
		const struct replay_figure *f;
	} figures[] = {
		{ "reserved", &h->reserved },
		{ "present", &h->present },
		{ "cma_reserved", &h->cma },
		{ "available", &h->available },
	};
	json_t *j = json_pack("{s:i}", "line", (int)h->told.memory.line);

	for (size_t i = 0; i < ARRAY_LEN(figures); i++) {
		const struct replay_figure *f = figures[i].f;

		if (f->here)
			json_object_set_new(j, figures[i].name,
					    json_pack("{s:o, s:o}", "got",
						      report_json_number(f->got), "expected",
						      f->told ? report_json_number(f->expected)
							      : json_null()));
	}
	return j;
}

static json_t *count(const struct replay_count *c)
{
	return json_pack("{s:o, s:o}", "all", report_json_number(c->all), "equal",
			 report_json_number(c->equal));
}

static json_t *differences(const struct replay_handover *h)
{
	json_t *list = json_array();

	for (size_t i = 0; i < h->nr_differences; i++) {
		const struct replay_handover_difference *d = &h->differences[i];

		json_array_append_new(list, json_pack("{s:i, s:o, s:o, s:o}", "line", (int)d->line,
						      "what", report_json_text(d->what), "got",
						      report_json_text(d->got), "expected",
						      report_json_text(d->expected)));
	}
	return list;
}

static json_t *checks_made(const struct replay_handover *h)
{
	json_t *list = json_array();

	for (size_t i = 0; i < h->boot.findings.nr; i++)
		json_array_append_new(
			list, json_pack("{s:s, s:o}", "check", h->boot.findings.v[i].check->name,
					"text", report_json_text(h->boot.findings.v[i].text)));
	return json_pack("{s:o, s:o}", "made", report_json_number(h->boot.findings.made),
			 "findings", list);
}

json_t *report_replay_handover_json(const struct replay_handover *h)
{
	json_t *j = json_pack("{s:b, s:b}", "made", (int)h->made, "holds",
			      (int)replay_handover_holds(h)),
	       *notes = json_array();

	for (size_t i = 0; i < h->nr_not_held; i++)
		json_array_append_new(notes, report_json_text(h->not_held[i]));
	json_object_set_new(j, "not_held", notes);
	if (!h->made) {
		json_object_set_new(j, "why_not", report_json_text(h->why_not));
		return j;
	}
	json_object_set_new(j, "line", json_integer(h->line));
	json_object_set_new(j, "deferred", json_boolean(h->deferred));
	json_object_set_new(j, "zones", zones(h));
	json_object_set_new(j, "zones_held", count(&h->held));
	json_object_set_new(j, "zone_ranges", count(&h->ranges));
	json_object_set_new(j, "node_ranges", count(&h->nodes));
	json_object_set_new(j, "movable_starts", count(&h->movable));
	json_object_set_new(j, "holes", count(&h->holes));
	json_object_set_new(j, "freed", freed(h));
	if (h->told.memory.line)
		json_object_set_new(j, "memory", memory(h));
	json_object_set_new(j, "differences", differences(h));
	json_object_set_new(j, "checks", checks_made(h));
	return j;
}
