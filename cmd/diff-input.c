// SPDX-License-Identifier: GPL-2.0-or-later
/* mbsim diff: what both kernels are given, which is what boot, replay, run and test are called with. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/diff.h"
#include "lib/array.h"

/* Engine options may stand before the input's name and behind it. */
#define PARSE(in, what, function)                  \
	do {                                       \
		(in)->what.engine = *(in)->engine; \
		function(argc, argv, &(in)->what); \
		*(in)->engine = (in)->what.engine; \
	} while (0)

static void parse_boot(struct diff_input *in, int argc, char **argv)
{
	PARSE(in, boot, cmd_parse_boot);
	in->json = in->boot.json;
	in->html = in->boot.html;
}

static const char *boot_unfit(const struct diff_input *in)
{
	return in->boot.sysfs				 ? "sysfs"
	       : in->boot.sections			 ? "show"
	       : in->boot.verbose			 ? "verbose"
	       : in->boot.trace				 ? "trace-event"
	       : in->boot.picture.svg			 ? "svg"
	       : in->boot.picture.when == PICTURE_ALWAYS ? "picture"
							 : NULL;
}

static int open_boot(struct diff_input *in, struct error *err)
{
	in->layout = cmd_read_layout(&in->boot.layouts, in->boot.layout, err);
	if (!in->layout)
		return -EINVAL;
	in->config = boot_config_for(in->layout);
	return 0;
}

static int run_boot(struct diff_input *in, struct engine *e, struct record *run, struct error *err)
{
	const struct boot_options how = {
		.layout = in->layout,
		.cmdline = in->boot.cmdline,
		.timeout_ms = in->boot.timeout_ms,
		.build = &in->boot.build,
	};

	return record_boot(e, &how, run, NULL, err);
}

static void parse_replay(struct diff_input *in, int argc, char **argv)
{
	PARSE(in, replay, cmd_parse_replay);
	in->json = in->replay.json;
	in->html = in->replay.html;
}

static const char *replay_unfit(const struct diff_input *in)
{
	const struct report_replay *what = &in->replay.what;

	return in->replay.script			   ? "to-script"
	       : in->replay.layout			   ? "to-layout"
	       : what->state				   ? "at"
	       : what->has_who				   ? "who"
	       : what->largest				   ? "largest"
	       : what->has_by				   ? "by"
	       : what->verbose				   ? "verbose"
	       : in->replay.trace			   ? "trace-event"
	       : in->replay.picture.svg			   ? "svg"
	       : in->replay.picture.when == PICTURE_ALWAYS ? "picture"
							   : NULL;
}

static int open_replay(struct diff_input *in, struct error *err)
{
	in->log = cmd_read_replay(&in->replay, err);
	if (!in->log)
		return -EINVAL;
	in->replay.engine = *in->engine;
	cmd_choose_replay_config(&in->replay, in->log, &in->layout);
	in->config = in->replay.engine.request.config;
	*in->engine = in->replay.engine; /* with the size of pages, if that is told */
	return 0;
}

static int run_replay(struct diff_input *in, struct engine *e, struct record *run,
		      struct error *err)
{
	struct replay_options how = in->replay.how;

	(void)err;
	how.no_handover = true; /* of which only pages are compared */
	record_replay(e, in->log, &how, run, NULL);
	return 0;
}

static void parse_run(struct diff_input *in, int argc, char **argv)
{
	PARSE(in, run, cmd_parse_run);
}

static const char *run_unfit(const struct diff_input *in)
{
	return in->run.script.trace ? "trace" : NULL;
}

static int open_run(struct diff_input *in, struct error *err)
{
	if (in->run.nr_files > 1)
		return error_set(err, EINVAL, "diff run: one script at a time, not '%s' as well",
				 in->run.files[1]);
	in->script = cmd_read_script(in->run.files[0], err);
	return in->script ? 0 : -EINVAL;
}

static int run_script(struct diff_input *in, struct engine *e, struct record *run,
		      struct error *err)
{
	const char *path = in->run.files[0];

	return record_script(e, !strcmp(path, "-") ? "stdin" : path, in->script,
			     in->run.script.timeout_ms, run, err);
}

static void parse_test(struct diff_input *in, int argc, char **argv)
{
	PARSE(in, test, cmd_parse_test);
	in->json = in->test.json;
}

static const char *test_unfit(const struct diff_input *in)
{
	const struct test_options *o = &in->test;

	return o->gdb			   ? "gdb"
	       : o->list		   ? "list"
	       : o->coverage		   ? "coverage"
	       : o->junit		   ? "junit"
	       : o->ktap		   ? "ktap"
	       : o->runner.stop_on_failure ? "stop-on-failure"
					   : NULL;
}

static int open_test(struct diff_input *in, struct error *err)
{
	(void)in, (void)err;
	return 0;
}

static int run_test(struct diff_input *in, struct engine *e, struct record *run, struct error *err)
{
	return record_tests(e, &in->test.runner, run, err);
}

static const struct diff_input_kind kinds[] = {
	{ "boot", parse_boot, boot_unfit, open_boot, run_boot },
	{ "replay", parse_replay, replay_unfit, open_replay, run_replay },
	{ "run", parse_run, run_unfit, open_run, run_script },
	{ "test", parse_test, test_unfit, open_test, run_test },
};

int diff_input_parse(struct diff_input *in, int argc, char **argv, struct error *err)
{
	char name[32];
	const char *unfit;

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (!strcmp(kinds[i].name, argv[0]))
			in->kind = &kinds[i];
	if (!in->kind)
		return error_set(err, EINVAL,
				 "diff: '%s' is nothing to compare; boot, replay, run and test are",
				 argv[0]);
	snprintf(name, sizeof(name), "mbsim diff %s", in->kind->name);
	argv[0] = name;
	in->kind->parse(in, argc, argv);
	unfit = in->kind->unfit(in);
	if (unfit)
		return error_set(err, EINVAL, "diff %s: --%s says nothing of what a kernel does",
				 in->kind->name, unfit);
	in->engine->request.tests = in->kind->parse == parse_test;
	return 0;
}

int diff_input_open(struct diff_input *in, struct error *err)
{
	return in->kind->open(in, err);
}

int diff_input_end(const struct diff_input *in, struct error *err)
{
	const struct runner_options *o = &in->test.runner;

	if (in->kind->parse != parse_test)
		return 0;
	for (size_t i = 0; i < o->nr_globs; i++)
		if (!o->used[i])
			return error_set(err, ENOENT,
					 "no test fits '%s'; `mbsim test --list` shows them",
					 o->globs[i]);
	return 0;
}

void diff_input_release(struct diff_input *in)
{
	/* the engine options are those of the whole call */
	if (in->kind && in->kind->parse == parse_boot) {
		layout_options_release(&in->boot.layouts);
		boot_build_release(&in->boot.build);
	}
	if (in->kind && in->kind->parse == parse_replay)
		cmd_release_replay(&in->replay);
	if (in->kind && in->kind->parse == parse_test)
		free(in->test.runner.used);
	layout_free(in->layout);
	replay_log_free(in->log);
	free(in->script);
}
