// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs one test, from a reset to wherever it ends. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/clock.h"
#include "lib/file.h"
#include "runner/internal.h"

/* A test while it runs. */
struct running {
	struct engine *e;
	struct runner_test *test;
	FILE *text, *log;
	size_t text_len, log_len;
	struct runner_map before, after;
	enum rt_test_status status;
	char reason[256];
};

/* The map as it is now; within engine_run(), and owning nothing. */
static void take_map(const struct running *r, struct runner_map *map)
{
	const struct rt_engine *ops = engine_ops(r->e);

	for (int type = RT_MEMORY; type < RT_NR_TYPES; type++) {
		struct runner_list *list = &map->lists[type];
		struct rt_type_state state;

		list->there = !ops->type(type, &state);
		list->cnt = list->there ? state.cnt : 0;
		list->name = list->there ? state.name : NULL;
		for (uint64_t i = 0; i < list->cnt && i < RUNNER_MAX_REGIONS; i++)
			ops->region(type, i, &list->regions[i]);
	}
	map->taken = true;
}

static void on_text(void *data, const char *text, size_t length)
{
	struct running *r = data;

	fwrite(text, 1, length, r->text);
}

static void on_log(void *data, int level, const char *text)
{
	struct running *r = data;

	(void)level;
	fprintf(r->log, "%s\n", text);
}

static void on_stands(void *data)
{
	struct running *r = data;

	take_map(r, &r->before);
}

static void on_failed(void *data)
{
	struct running *r = data;

	if (!r->after.taken)
		take_map(r, &r->after);
}

static void call_test(void *arg)
{
	const struct running *r = arg;

	engine_ops(r->e)->test_run(&r->test->rt);
}

static void call_exit(void *arg)
{
	const struct running *r = arg;

	engine_ops(r->e)->test_exit();
}

static void call_status(void *arg)
{
	struct running *r = arg;
	const char *reason;

	r->status = engine_ops(r->e)->test_status(&reason);
	snprintf(r->reason, sizeof(r->reason), "%s", reason);
}

static void call_map(void *arg)
{
	struct running *r = arg;

	take_map(r, &r->after);
}

static const char *const end_words[] = {
	[ENGINE_RETURNED] = "",	       [ENGINE_PANICKED] = "panic: ",
	[ENGINE_BUGGED] = "BUG: ",     [ENGINE_TRAPPED] = "not simulated: ",
	[ENGINE_FAULTED] = "fault: ",  [ENGINE_TIMED_OUT] = "timeout: ",
	[ENGINE_STOPPED] = "stopped: "
};

static void set_status(struct running *r, const struct engine_exit *end, const char *where)
{
	struct runner_test *t = r->test;

	if (t->status == RUNNER_FAILED)
		return;
	t->status = RUNNER_FAILED;
	free(t->reason);
	t->reason = file_path("%s%s%s", where, end_words[end->end], end->text);
}

static struct runner_map *copy_map(const struct runner_map *map)
{
	struct runner_map *copy;

	if (!map->taken)
		return NULL;
	copy = array_resize(NULL, 1, sizeof(*copy));
	*copy = *map;
	return copy;
}

/* What is to be known of a failure; the engine is still as it was. */
static void keep_maps(struct running *r)
{
	struct engine_exit end;

	if (!r->after.taken && engine_run(r->e, call_map, r, 1000, &end) != ENGINE_RETURNED)
		r->after.taken = false;
	r->test->before = copy_map(&r->before);
	r->test->after = copy_map(&r->after);
}

void test_forget(struct runner_test *t)
{
	t->status = RUNNER_PASSED;
	free(t->reason);
	free(t->text);
	free(t->log);
	free(t->before);
	free(t->after);
	t->reason = t->text = t->log = NULL;
	t->before = t->after = NULL;
}

static void run_once(struct engine *e, struct runner_test *t, unsigned int timeout_ms)
{
	struct running r = { .e = e, .test = t };
	const struct engine_listener listener = { .data = &r,
						  .log = on_log,
						  .test_text = on_text,
						  .test_stands = on_stands,
						  .test_failed = on_failed };
	struct engine_exit end;

	test_forget(t);
	r.text = open_memstream(&t->text, &r.text_len);
	r.log = open_memstream(&t->log, &r.log_len);
	if (!r.text || !r.log)
		array_die();
	engine_reset(e);
	engine_listen(e, &listener);
	engine_run(e, call_test, &r, timeout_ms, &end);
	/* left by itself: what the suite cleans up comes after that, too */
	if (end.end != ENGINE_RETURNED && end.end != ENGINE_STOPPED)
		set_status(&r, &end, "");
	else if (engine_run(e, call_exit, &r, timeout_ms, &end) != ENGINE_RETURNED &&
		 end.end != ENGINE_STOPPED)
		set_status(&r, &end, "in the suite's exit: ");
	engine_run(e, call_status, &r, timeout_ms, &end);
	if (r.status == RT_TEST_FAILED)
		t->status = RUNNER_FAILED;
	else if (r.status == RT_TEST_SKIPPED && t->status == RUNNER_PASSED)
		t->status = RUNNER_SKIPPED;
	if (t->status == RUNNER_FAILED)
		keep_maps(&r);
	engine_listen(e, NULL);
	fclose(r.text);
	fclose(r.log);
	if (!t->reason)
		t->reason = array_strdup(t->status == RUNNER_SKIPPED ? r.reason : "");
}

void test_run(struct engine *e, struct runner_test *t, const struct runner_options *options)
{
	unsigned int left = options->repeat ? options->repeat : 1;
	double start = clock_seconds();

	do {
		run_once(e, t, options->timeout_ms);
		if (options->coverage)
			engine_coverage_collect(options->coverage, e);
	} while (--left && t->status == RUNNER_PASSED);
	t->seconds = clock_seconds() - start;
	known_judge(t, options->strict);
}
