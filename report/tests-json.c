// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Results of tests as one JSON object.
 *
 *	kernel		{version, source, memblock, memblock_sha256, config}
 *	seed		of --shuffle, or null
 *	tests		[{suite, test, status: "passed", "failed" or "skipped", reason, text, log,
 *			before, after}]: reason: why it was skipped, or how it ended; text: what the
 *			test said, log: the kernel; before and after, of a failure: {memory,
 *			reserved, physmem: [{start, size, node, flags}]} or null
 *	totals		{passed, failed, skipped, total}
 */
#include <jansson.h>
#include <stdlib.h>

#include "lib/array.h"
#include "report/internal.h"
#include "report/tests.h"

static json_t *text(const char *s)
{
	json_t *value = json_string(s);

	return value ? value : json_string("not UTF-8");
}

static void set(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value))
		array_die();
}

void report_tests_json_begin(struct report_tests *r)
{
	const struct engine_info *info = engine_info(r->e);
	json_t *o = json_object(), *kernel = json_object();

	set(kernel, "version", text(info->version));
	set(kernel, "source", text(info->kernel));
	set(kernel, "memblock", text(info->memblock));
	set(kernel, "memblock_sha256", text(info->memblock_hash));
	set(kernel, "config", text(info->config));
	set(o, "kernel", kernel);
	set(o, "seed",
	    r->options->shuffle ? json_integer((json_int_t)r->options->seed) : json_null());
	set(o, "tests", json_array());
	r->json = o;
}

static json_t *regions(const struct rt_engine *ops, const struct runner_list *list)
{
	json_t *array = json_array();

	for (uint64_t i = 0; i < list->cnt && i < RUNNER_MAX_REGIONS; i++) {
		const struct rt_region *region = &list->regions[i];
		json_t *o = json_object();
		bool node = ops->numa && region->nid >= 0 && region->nid < ops->nr_node_ids;

		set(o, "start", json_integer((json_int_t)region->base));
		set(o, "size", json_integer((json_int_t)region->size));
		set(o, "node", node ? json_integer(region->nid) : json_null());
		set(o, "flags", json_integer((json_int_t)region->flags));
		json_array_append_new(array, o);
	}
	return array;
}

static json_t *map(const struct rt_engine *ops, const struct runner_map *m)
{
	json_t *o = m ? json_object() : json_null();

	for (int type = 0; m && type < RT_NR_TYPES; type++)
		if (m->lists[type].there)
			set(o, m->lists[type].name, regions(ops, &m->lists[type]));
	return o;
}

void report_tests_json_one(struct report_tests *r, const struct runner_suite *suite,
			   const struct runner_test *t)
{
	static const char *const words[] = {
		[RUNNER_PASSED] = "passed", [RUNNER_FAILED] = "failed", [RUNNER_SKIPPED] = "skipped"
	};
	const struct rt_engine *ops = engine_ops(r->e);
	json_t *o = json_object();

	set(o, "suite", text(suite->name));
	set(o, "test", text(t->name));
	set(o, "status", text(words[t->status]));
	set(o, "reason", text(t->reason));
	set(o, "text", text(t->text));
	set(o, "log", text(t->log));
	set(o, "before", map(ops, t->before));
	set(o, "after", map(ops, t->after));
	json_array_append_new(json_object_get(r->json, "tests"), o);
}

void report_tests_json_end(struct report_tests *r)
{
	json_t *totals = json_object();

	set(totals, "passed", json_integer(r->plan->passed));
	set(totals, "failed", json_integer(r->plan->failed));
	set(totals, "skipped", json_integer(r->plan->skipped));
	set(totals, "total", json_integer(r->plan->total));
	set(r->json, "totals", totals);
	if (!json_dumpf(r->json, r->out, JSON_INDENT(1) | JSON_PRESERVE_ORDER))
		putc('\n', r->out);
	json_decref(r->json);
}
