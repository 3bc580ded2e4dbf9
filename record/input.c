// SPDX-License-Identifier: GPL-2.0-or-later
/* The four inputs, run on an engine, with what they did kept. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call/call.h"
#include "record/internal.h"
#include "lib/array.h"
#include "lib/file.h"

static void set_exit(struct record *run, const struct engine_exit *exit)
{
	free(run->exit);
	run->exit = record_exit(exit);
}

int record_boot(struct engine *e, const struct boot_options *o, struct record *run,
		struct boot_result *result, struct error *err)
{
	struct boot_result own, *res = result ? result : &own;
	struct recorder r = { .boot = res };
	int ret;

	record_begin(&r, e, run);
	ret = boot_run(e, o, res, err);
	record_end(&r);
	if (ret == -ENOSYS) {
		record_refusal(run, 0, err->text);
		return 0;
	}
	if (ret)
		return ret;
	set_exit(run, &res->exit);
	record_boot_facts(run, res);
	if (!result)
		boot_result_release(&own);
	return 0;
}

/* What is replayed to learn what no line tells is not what counts. */
static void forget(void *data)
{
	record_forget(data);
}

void record_replay(struct engine *e, const struct replay_log *log, const struct replay_options *o,
		   struct record *run, struct replay_result *result)
{
	struct replay_result own, *res = result ? result : &own;
	struct recorder r = { .line = &res->last_line };
	struct replay_options recorded = *o;

	recorded.again = forget;
	recorded.data = &r;
	record_begin(&r, e, run);
	replay_run(e, log, &recorded, res);
	record_page_facts(&r);
	record_end(&r);
	set_exit(run, &res->exit);
	record_replay_facts(run, res);
	if (!result)
		replay_result_release(&own);
}

static bool misread(void *data, unsigned int line, const struct error *err)
{
	record_refusal(data, line, err->text);
	return true;
}

/* Cut into lines, of which one may not end. */
static void keep_output(struct record *run, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, "\n");
		char *line = file_path("%.*s", (int)n, text);

		/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
		ARRAY_APPEND(run->output, run->nr_output, run->room_output) = line;
		text += n + (text[n] == '\n');
	}
}

int record_script(struct engine *e, const char *name, const char *text, unsigned int timeout_ms,
		  struct record *run, struct error *err)
{
	struct script_result result = { 0 };
	struct recorder r = { .line = &result.line };
	struct script_options o = { .timeout_ms = timeout_ms, .misread = misread, .data = run };
	char *output = NULL;
	size_t len;
	int ret;

	o.out = open_memstream(&output, &len);
	if (!o.out)
		array_die();
	record_begin(&r, e, run);
	ret = script_run(e, name, text, &o, &result, err);
	record_page_facts(&r);
	record_end(&r);
	if (fclose(o.out))
		array_die();
	keep_output(run, output);
	free(output);
	set_exit(run, &result.exit);
	return ret;
}

static void keep_test(void *data, const struct runner_suite *suite, const struct runner_test *test)
{
	struct record *run = data;

	ARRAY_APPEND(run->tests, run->nr_tests, run->room_tests) = (struct record_test){
		.name = file_path("%s.%s", suite->name, test->name),
		.status = test->status,
		.reason = array_strdup(test->reason ? test->reason : ""),
	};
}

static int by_name(const void *a, const void *b)
{
	const struct record_test *x = a, *y = b;

	return strcmp(x->name, y->name);
}

int record_tests(struct engine *e, const struct runner_options *o, struct record *run,
		 struct error *err)
{
	struct runner_plan plan;
	int ret;

	/* there may be tests of two engines: those of suite/, and a tree's own */
	if (!run->kernel)
		record_engine(run, e);
	runner_plan(e, o, &plan);
	ret = runner_run(e, o, &plan, keep_test, run, err);
	runner_plan_release(&plan);
	if (run->nr_tests)
		qsort(run->tests, run->nr_tests, sizeof(*run->tests), by_name);
	return ret;
}
