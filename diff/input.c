// SPDX-License-Identifier: GPL-2.0-or-later
/* The four inputs that are compared, run on one engine each, with what they did kept. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call/call.h"
#include "diff/internal.h"
#include "lib/array.h"
#include "lib/file.h"

static void set_exit(struct diff_run *run, const struct engine_exit *exit)
{
	free(run->exit);
	run->exit = record_exit(exit);
}

int diff_run_boot(struct engine *e, const struct boot_options *o, struct diff_run *run,
		  struct error *err)
{
	struct recorder r = { 0 };
	struct boot_result result;
	int ret;

	r.boot = &result;
	record_begin(&r, e, run);
	ret = boot_run(e, o, &result, err);
	record_end(&r);
	if (ret == -ENOSYS) {
		record_refusal(run, 0, err->text);
		return 0;
	}
	if (ret)
		return ret;
	set_exit(run, &result.exit);
	record_boot_facts(run, &result);
	boot_result_release(&result);
	return 0;
}

/* What is replayed to learn what no line tells is not what is compared. */
static void forget(void *data)
{
	record_forget(data);
}

void diff_run_replay(struct engine *e, const struct replay_log *log, const struct replay_options *o,
		     struct diff_run *run)
{
	struct replay_result result;
	struct recorder r = { .line = &result.last_line };
	struct replay_options recorded = *o;

	recorded.no_handover = true;
	recorded.again = forget;
	recorded.data = &r;
	record_begin(&r, e, run);
	replay_run(e, log, &recorded, &result);
	record_page_facts(&r);
	record_end(&r);
	set_exit(run, &result.exit);
	record_replay_facts(run, &result);
	replay_result_release(&result);
}

static bool misread(void *data, unsigned int line, const struct error *err)
{
	record_refusal(data, line, err->text);
	return true;
}

/* Cut into lines, of which one may not end. */
static void keep_output(struct diff_run *run, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, "\n");
		char *line = file_path("%.*s", (int)n, text);

		/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
		ARRAY_APPEND(run->output, run->nr_output, run->room_output) = line;
		text += n + (text[n] == '\n');
	}
}

int diff_run_script(struct engine *e, const char *name, const char *text, unsigned int timeout_ms,
		    struct diff_run *run, struct error *err)
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
	struct diff_run *run = data;

	ARRAY_APPEND(run->tests, run->nr_tests, run->room_tests) = (struct diff_test){
		.name = file_path("%s.%s", suite->name, test->name),
		.status = test->status,
		.reason = array_strdup(test->reason ? test->reason : ""),
	};
}

static int by_name(const void *a, const void *b)
{
	const struct diff_test *x = a, *y = b;

	return strcmp(x->name, y->name);
}

int diff_run_tests(struct engine *e, const struct runner_options *o, struct diff_run *run,
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
