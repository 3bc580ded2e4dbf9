// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Results of tests as one JSON object.
 *
 *	version		1, of this form
 *	kernel		{version, source, memblock, memblock_sha256, config; upstream, if those tests
 *			are run: where they are}
 *	seed		of --shuffle, or null
 *	tests		[{suite, test, status: "passed", "failed", "known" or "skipped", reason, text, log,
 *			seconds, before, after}]: reason: why it was skipped, which bug it is, or how it
 *			ended; text: what the test said, log: the kernel; before and after, of a
 *			failure: {memory, reserved, physmem: [{start, size, node, flags}]} or null
 *	totals		{passed, failed, known, skipped, total}
 *
 * Of several kernels or configurations: {version, seed, runs: [such an object each, or {kernel: {source,
 * config}, error} if it could not be built], totals}.
 */
#include <jansson.h>
#include <stdlib.h>

#include "lib/array.h"
#include "report/internal.h"
#include "report/json.h"

struct state {
	json_t *all;  /* of several */
	json_t *cell; /* what the tests of now are added to */
};

static json_t *seed(const struct report_tests *r)
{
	return r->options->shuffle ? json_integer((json_int_t)r->options->seed) : json_null();
}

static json_t *totals(const unsigned int *counts, unsigned int total)
{
	json_t *o = json_object();

	report_json_set(o, "passed", json_integer(counts[RUNNER_PASSED]));
	report_json_set(o, "failed", json_integer(counts[RUNNER_FAILED]));
	report_json_set(o, "known", json_integer(counts[RUNNER_KNOWN]));
	report_json_set(o, "skipped", json_integer(counts[RUNNER_SKIPPED]));
	report_json_set(o, "total", json_integer(total));
	return o;
}

static void begin(struct report_tests *r)
{
	struct state *s = r->state = array_resize(NULL, 1, sizeof(*s));

	*s = (struct state){ .all = json_object() };
	report_json_set(s->all, "seed", seed(r));
	report_json_set(s->all, "runs", json_array());
}

static json_t *kernel(const struct report_cell *cell)
{
	const struct engine_info *info = cell->error ? NULL : engine_info(cell->e);
	json_t *o = json_object();

	if (info) {
		report_json_set(o, "version", report_json_text(info->version));
		report_json_set(o, "source", report_json_text(info->kernel));
		report_json_set(o, "memblock", report_json_text(info->memblock));
		report_json_set(o, "memblock_sha256", report_json_text(info->memblock_hash));
		report_json_set(o, "config", report_json_text(info->config));
		if (cell->upstream)
			report_json_set(o, "upstream", report_json_text(cell->upstream));
	} else {
		report_json_set(o, "source", report_json_text(cell->kernel));
		report_json_set(o, "config", report_json_text(cell->config));
	}
	return o;
}

static void cell_begin(struct report_tests *r)
{
	struct state *s = r->state;

	s->cell = json_object();
	report_json_set(s->cell, "kernel", kernel(r->cell));
	if (r->cell->error) {
		report_json_set(s->cell, "error", report_json_text(r->cell->error));
		return;
	}
	report_json_set(s->cell, "seed", seed(r));
	report_json_set(s->cell, "tests", json_array());
}

static json_t *regions(const struct rt_engine *ops, const struct runner_list *list)
{
	json_t *array = json_array();

	for (uint64_t i = 0; i < list->cnt && i < RUNNER_MAX_REGIONS; i++) {
		const struct rt_region *region = &list->regions[i];
		json_t *o = json_object();
		bool node = ops->numa && region->nid >= 0 && region->nid < ops->nr_node_ids;

		report_json_set(o, "start", json_integer((json_int_t)region->base));
		report_json_set(o, "size", json_integer((json_int_t)region->size));
		report_json_set(o, "node", node ? json_integer(region->nid) : json_null());
		report_json_set(o, "flags", json_integer((json_int_t)region->flags));
		json_array_append_new(array, o);
	}
	return array;
}

static json_t *map(const struct rt_engine *ops, const struct runner_map *m)
{
	json_t *o = m ? json_object() : json_null();

	for (int type = 0; m && type < RT_NR_TYPES; type++)
		if (m->lists[type].there)
			report_json_set(o, m->lists[type].name, regions(ops, &m->lists[type]));
	return o;
}

static void one(struct report_tests *r, const struct runner_suite *suite,
		const struct runner_test *t, bool last)
{
	static const char *const words[] = { [RUNNER_PASSED] = "passed",
					     [RUNNER_FAILED] = "failed",
					     [RUNNER_SKIPPED] = "skipped",
					     [RUNNER_KNOWN] = "known" };
	const struct rt_engine *ops = engine_ops(r->cell->e);
	const struct state *s = r->state;
	json_t *o = json_object();

	(void)last;
	report_json_set(o, "suite", report_json_text(suite->name));
	report_json_set(o, "test", report_json_text(t->name));
	report_json_set(o, "status", report_json_text(words[t->status]));
	report_json_set(o, "reason", report_json_text(t->reason));
	report_json_set(o, "text", report_json_text(t->text));
	report_json_set(o, "log", report_json_text(t->log));
	report_json_set(o, "seconds", json_real(t->seconds));
	report_json_set(o, "before", map(ops, t->before));
	report_json_set(o, "after", map(ops, t->after));
	json_array_append_new(json_object_get(s->cell, "tests"), o);
}

static void cell_end(struct report_tests *r)
{
	struct state *s = r->state;

	if (!r->cell->error)
		report_json_set(s->cell, "totals", totals(r->cell->counts, r->cell->total));
	json_array_append_new(json_object_get(s->all, "runs"), s->cell);
}

static void end(struct report_tests *r)
{
	struct state *s = r->state;
	json_t *only = json_array_get(json_object_get(s->all, "runs"), 0);

	report_json_set(s->all, "totals", totals(r->counts, r->total));
	report_json_print(json_incref(r->nr_cells > 1 || !only ? s->all : only),
			  JSON_INDENT(1) | JSON_REAL_PRECISION(6), r->out);
	json_decref(s->all);
	free(s);
}

const struct report_tests_form report_tests_json = { begin, cell_begin, one, cell_end, end };
