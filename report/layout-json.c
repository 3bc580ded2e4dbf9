// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A layout as one JSON object. Addresses and sizes are integers, in bytes; what is not known is
 * null.
 *
 *	version		1, of this form
 *	name, arch, model, kernel_version, cmdline, cpus, page_size, dma_last
 *	image		{code, rwdata, rodata, init, bss}: parts of the kernel's image
 *	ram		[{start, size}]: what memblock is told of, sorted and merged
 *	ram_bytes	their sum
 *	map		[{start, size, type, words, at}]: the firmware's, in its order
 *	updates		[{start, size, from (null: whatever is there), to (null: nothing is left),
 *			late, cmdline, at}]: what the kernel changed in it
 *	nodes		[{start, size, node (null: only flags are said), flags, at}]
 *	node_cpus	[{node, cpus, at}]
 *	distances	[{from, to, distance, at}]
 *	reservations	[{start, size, kind, name, flags, at}]
 *	dynamic		[{size, align, name, within: [{start, size}], flags, at}]
 *	usable		[{start, size, at}]
 *	lines		{all, used, bad}: of a text
 *	notes		[{severity: "note", "warning" or "error", text, at}]
 *
 * flags is a list of the words of mbsim-layout(5). at is {file, line}: where the fact was read;
 * line is null where there are none.
 */
#include <jansson.h>
#include <stdlib.h>

#include "lib/array.h"
#include "report/json.h"
#include "report/layout.h"

static json_t *known(uint64_t n)
{
	return n ? report_json_number(n) : json_null();
}

static json_t *row(struct range r)
{
	return json_pack("{s:o, s:o}", "start", report_json_number(r.start), "size",
			 report_json_number(range_size(r)));
}

static void set_at(json_t *o, struct srcpos pos)
{
	json_object_set_new(o, "at",
			    json_pack("{s:o, s:o}", "file", report_json_text(pos.file), "line",
				      known(pos.line)));
}

static void set_flags(json_t *o, unsigned int flags)
{
	json_t *list = json_array();
	const char *word;

	while ((word = layout_next_flag(&flags)))
		json_array_append_new(list, json_string(word));
	json_object_set_new(o, "flags", list);
}

/* Ends a fact: where it was read, and into the list with it. */
static void append(json_t *list, json_t *o, struct srcpos pos)
{
	set_at(o, pos);
	json_array_append_new(list, o);
}

static json_t *ram_of(const struct layout *l)
{
	json_t *list = json_array();
	size_t nr;
	struct range *ram = layout_ram(l, &nr);

	for (size_t i = 0; i < nr; i++)
		json_array_append_new(list, row(ram[i]));
	free(ram);
	return list;
}

static void set_map(json_t *layout, const struct layout *l)
{
	json_t *map = json_array(), *updates = json_array();

	for (size_t i = 0; i < l->nr_ranges; i++) {
		const struct layout_range *r = &l->ranges[i];
		json_t *o = row(r->range);

		json_object_set_new(o, "type", json_string(layout_type_name(r->type)));
		json_object_set_new(o, "words", report_json_text(r->words));
		append(map, o, r->pos);
	}
	for (size_t i = 0; i < l->nr_updates; i++) {
		const struct layout_update *u = &l->updates[i];
		json_t *o = row(u->range);

		json_object_set_new(o, "from",
				    report_json_text(u->any ? NULL : layout_type_name(u->from)));
		json_object_set_new(o, "to",
				    report_json_text(u->remove ? NULL : layout_type_name(u->to)));
		json_object_set_new(o, "late", json_boolean(u->flags & LAYOUT_UPDATE_LATE));
		json_object_set_new(o, "cmdline", json_boolean(u->flags & LAYOUT_UPDATE_CMDLINE));
		append(updates, o, u->pos);
	}
	json_object_set_new(layout, "map", map);
	json_object_set_new(layout, "updates", updates);
}

static void set_nodes(json_t *layout, const struct layout *l)
{
	json_t *nodes = json_array(), *cpus = json_array(), *distances = json_array();

	for (size_t i = 0; i < l->nr_node_ranges; i++) {
		const struct layout_node_range *n = &l->node_ranges[i];
		json_t *o = row(n->range);

		json_object_set_new(o, "node",
				    n->nid == LAYOUT_NO_NODE ? json_null() : json_integer(n->nid));
		set_flags(o, n->flags);
		append(nodes, o, n->pos);
	}
	for (size_t i = 0; i < l->nr_node_cpus; i++)
		append(cpus,
		       json_pack("{s:i, s:i}", "node", l->node_cpus[i].nid, "cpus",
				 (int)l->node_cpus[i].cpus),
		       l->node_cpus[i].pos);
	for (size_t i = 0; i < l->nr_distances; i++)
		append(distances,
		       json_pack("{s:i, s:i, s:i}", "from", l->distances[i].from, "to",
				 l->distances[i].to, "distance", (int)l->distances[i].distance),
		       l->distances[i].pos);
	json_object_set_new(layout, "nodes", nodes);
	json_object_set_new(layout, "node_cpus", cpus);
	json_object_set_new(layout, "distances", distances);
}

static json_t *dynamic_of(const struct layout_dynamic *d)
{
	json_t *within = json_array(), *o;

	for (unsigned int i = 0; i < d->nr_within; i++)
		json_array_append_new(within, row(d->within[i]));
	o = json_pack("{s:o, s:o, s:o, s:o}", "size", report_json_number(d->size), "align",
		      known(d->align), "name", report_json_text(d->name), "within", within);
	set_flags(o, d->flags);
	return o;
}

static void set_reservations(json_t *layout, const struct layout *l)
{
	json_t *reservations = json_array(), *dynamic = json_array(), *usable = json_array();

	for (size_t i = 0; i < l->nr_reservations; i++) {
		const struct layout_reservation *r = &l->reservations[i];
		json_t *o = row(r->range);

		json_object_set_new(o, "kind", json_string(layout_kind_name(r->kind)));
		json_object_set_new(o, "name", report_json_text(r->name));
		set_flags(o, r->flags);
		append(reservations, o, r->pos);
	}
	for (size_t i = 0; i < l->nr_dynamics; i++)
		append(dynamic, dynamic_of(&l->dynamics[i]), l->dynamics[i].pos);
	for (size_t i = 0; i < l->nr_usables; i++)
		append(usable, row(l->usables[i].range), l->usables[i].pos);
	json_object_set_new(layout, "reservations", reservations);
	json_object_set_new(layout, "dynamic", dynamic);
	json_object_set_new(layout, "usable", usable);
}

static void set_reading(json_t *layout, const struct layout *l)
{
	json_t *notes = json_array();

	json_object_set_new(layout, "lines",
			    json_pack("{s:i, s:i, s:i}", "all", (int)l->lines, "used",
				      (int)l->lines_used, "bad", (int)l->lines_bad));
	for (size_t i = 0; i < l->nr_notes; i++)
		append(notes,
		       json_pack("{s:s, s:o}", "severity",
				 layout_severity_name(l->notes[i].severity), "text",
				 report_json_text(l->notes[i].text)),
		       l->notes[i].pos);
	json_object_set_new(layout, "notes", notes);
}

void report_layout_json(const struct layout *l, FILE *out)
{
	json_t *o = json_pack("{s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "name",
			      report_json_text(l->name), "arch", layout_arch_name(l->arch), "model",
			      report_json_text(l->model), "kernel_version",
			      report_json_text(l->kernel_version), "cmdline",
			      report_json_text(l->cmdline), "cpus", known(l->cpus), "page_size",
			      known(l->page_size), "dma_last", known(l->dma_last));

	json_object_set_new(o, "image",
			    json_pack("{s:o, s:o, s:o, s:o, s:o}", "code", known(l->image.code),
				      "rwdata", known(l->image.rwdata), "rodata",
				      known(l->image.rodata), "init", known(l->image.init), "bss",
				      known(l->image.bss)));
	json_object_set_new(o, "ram", ram_of(l));
	json_object_set_new(o, "ram_bytes", report_json_number(layout_ram_size(l)));
	set_map(o, l);
	set_nodes(o, l);
	set_reservations(o, l);
	set_reading(o, l);
	report_json_print(o, JSON_INDENT(1), out);
}

static json_t *facts(char *const *lines, size_t nr)
{
	json_t *list = json_array();

	for (size_t i = 0; i < nr; i++)
		json_array_append_new(list, report_json_text(lines[i]));
	return list;
}

void report_layout_diff_json(const struct layout_diff *d, FILE *out)
{
	json_t *o = json_pack("{s:b, s:o, s:o}", "same", !d->nr_a && !d->nr_b, "only_a",
			      facts(d->only_a, d->nr_a), "only_b", facts(d->only_b, d->nr_b));

	report_json_print(o, JSON_INDENT(1), out);
}
