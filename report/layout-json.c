// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A layout as one JSON object. Addresses and sizes are integers, in bytes.
 *
 *	version		1, of this form
 *	name, arch, model, cmdline, cpus, page_size; null where it is not known
 *	map		[{start, size, type, words}]: the firmware's, in its order
 *	ram		[{start, size}]: what it amounts to, sorted
 *	nodes		[{start, size, node (null: not said), flags}]
 *	node_cpus	[{node, cpus}]
 *	distances	[{from, to, distance}]
 *	reservations	[{start, size, kind, name, flags}]
 *	dynamic		[{size, align, name, flags}]
 *	usable		[{start, size}]
 *
 * flags are those of layout/layout.h, as a number.
 */
#include <jansson.h>
#include <stdlib.h>

#include "lib/array.h"
#include "report/layout.h"

/* Texts of firmware need not be UTF-8. */
static json_t *text(const char *s)
{
	json_t *value = s ? json_string(s) : json_null();
	char *copy;

	if (value)
		return value;
	copy = array_strdup(s);
	for (char *p = copy; *p; p++)
		if (*p & 0x80)
			*p = '?';
	value = json_string(copy);
	free(copy);
	return value;
}

static json_t *number(uint64_t n)
{
	return json_integer(n > INT64_MAX ? INT64_MAX : (json_int_t)n);
}

static json_t *row(struct range r)
{
	json_t *o = json_object();

	json_object_set_new(o, "start", number(r.start));
	json_object_set_new(o, "size", number(range_size(r)));
	return o;
}

static json_t *map(const struct layout *l)
{
	json_t *list = json_array();

	for (size_t i = 0; i < l->nr_ranges; i++) {
		json_t *o = row(l->ranges[i].range);

		json_object_set_new(o, "type", text(layout_type_name(l->ranges[i].type)));
		json_object_set_new(o, "words", text(l->ranges[i].words));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *nodes(const struct layout *l)
{
	json_t *list = json_array();

	for (size_t i = 0; i < l->nr_node_ranges; i++) {
		const struct layout_node_range *n = &l->node_ranges[i];
		json_t *o = row(n->range);

		json_object_set_new(o, "node",
				    n->nid == LAYOUT_NO_NODE ? json_null() : json_integer(n->nid));
		json_object_set_new(o, "flags", number(n->flags));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *reservations(const struct layout *l)
{
	json_t *list = json_array();

	for (size_t i = 0; i < l->nr_reservations; i++) {
		const struct layout_reservation *r = &l->reservations[i];
		json_t *o = row(r->range);

		json_object_set_new(o, "kind", text(layout_kind_name(r->kind)));
		json_object_set_new(o, "name", text(r->name));
		json_object_set_new(o, "flags", number(r->flags));
		json_array_append_new(list, o);
	}
	return list;
}

static void set_lists(json_t *o, const struct layout *l)
{
	json_t *cpus = json_array(), *distances = json_array(), *dynamic = json_array();
	json_t *usable = json_array(), *all = json_array();
	size_t nr;
	struct range *ram = layout_ram(l, &nr);

	for (size_t i = 0; i < nr; i++)
		json_array_append_new(all, row(ram[i]));
	free(ram);
	for (size_t i = 0; i < l->nr_node_cpus; i++)
		json_array_append_new(cpus, json_pack("{s:i, s:i}", "node", l->node_cpus[i].nid,
						      "cpus", (int)l->node_cpus[i].cpus));
	for (size_t i = 0; i < l->nr_distances; i++)
		json_array_append_new(distances,
				      json_pack("{s:i, s:i, s:i}", "from", l->distances[i].from,
						"to", l->distances[i].to, "distance",
						(int)l->distances[i].distance));
	for (size_t i = 0; i < l->nr_dynamics; i++)
		json_array_append_new(dynamic, json_pack("{s:o, s:o, s:o, s:o}", "size",
							 number(l->dynamics[i].size), "align",
							 number(l->dynamics[i].align), "name",
							 text(l->dynamics[i].name), "flags",
							 number(l->dynamics[i].flags)));
	for (size_t i = 0; i < l->nr_usables; i++)
		json_array_append_new(usable, row(l->usables[i].range));
	json_object_set_new(o, "ram", all);
	json_object_set_new(o, "node_cpus", cpus);
	json_object_set_new(o, "distances", distances);
	json_object_set_new(o, "dynamic", dynamic);
	json_object_set_new(o, "usable", usable);
}

void report_layout_json(const struct layout *l, FILE *out)
{
	json_t *o = json_object();

	json_object_set_new(o, "version", json_integer(1));
	json_object_set_new(o, "name", text(l->name));
	json_object_set_new(o, "arch", text(layout_arch_name(l->arch)));
	json_object_set_new(o, "model", text(l->model));
	json_object_set_new(o, "cmdline", text(l->cmdline));
	json_object_set_new(o, "cpus", l->cpus ? number(l->cpus) : json_null());
	json_object_set_new(o, "page_size", l->page_size ? number(l->page_size) : json_null());
	json_object_set_new(o, "map", map(l));
	json_object_set_new(o, "nodes", nodes(l));
	json_object_set_new(o, "reservations", reservations(l));
	set_lists(o, l);
	if (!json_dumpf(o, out, JSON_INDENT(1) | JSON_PRESERVE_ORDER))
		putc('\n', out);
	json_decref(o);
}
