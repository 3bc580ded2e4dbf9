// SPDX-License-Identifier: GPL-2.0-or-later
/* mbsim test: the tests of memblock, in the kernel's own memblock. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "lib/size.h"
#include "report/tests.h"
#include "runner/runner.h"

struct test_options {
	struct engine_options engine;
	struct runner_options runner;
	bool list, ktap, json;
};

enum {
	OPTION_LIST = 256,
	OPTION_KTAP,
	OPTION_JSON,
	OPTION_SHUFFLE,
	OPTION_REPEAT,
	OPTION_STOP,
};

static const struct argp_option options[] = {
	{ "list", OPTION_LIST, NULL, 0, "list the tests, do not run them", 0 },
	{ "ktap", OPTION_KTAP, NULL, 0, "print KTAP (the default if it is not for a terminal)", 0 },
	{ "json", OPTION_JSON, NULL, 0, "print one JSON object", 0 },
	{ "shuffle", OPTION_SHUFFLE, "SEED", OPTION_ARG_OPTIONAL,
	  "run suites and tests in another order", 0 },
	{ "repeat", OPTION_REPEAT, "N", 0, "run each test N times, or until it fails", 0 },
	{ "stop-on-failure", OPTION_STOP, NULL, 0, "skip what comes after a failure", 0 },
	{ "timeout", 'T', "SECONDS", 0,
	  "a test that takes longer fails (processor time; default: 10; 0: never)", 0 },
	{ 0 },
};

static uint64_t new_seed(void)
{
	uint32_t seed = 1;

	return getrandom(&seed, sizeof(seed), 0) == sizeof(seed) ? seed : 1;
}

static void parse_seed(struct test_options *o, const char *arg, struct argp_state *state)
{
	o->runner.shuffle = true;
	if (!arg)
		o->runner.seed = new_seed();
	else if (size_parse(arg, NULL, &o->runner.seed) || o->runner.seed > INT64_MAX)
		argp_error(state, "--shuffle: '%s' is not a seed, which is a number", arg);
}

static long parse_number(const char *name, const char *arg, long min, struct argp_state *state)
{
	long number = 0;

	if (size_parse_int(arg, min, 1000000, &number))
		argp_error(state, "--%s: '%s' is not a number from %ld to 1000000", name, arg, min);
	return number;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct test_options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->engine;
		break;
	case OPTION_LIST:
		o->list = true;
		break;
	case OPTION_KTAP:
		o->ktap = true;
		break;
	case OPTION_JSON:
		o->json = true;
		break;
	case OPTION_SHUFFLE:
		parse_seed(o, arg, state);
		break;
	case OPTION_REPEAT:
		o->runner.repeat = parse_number("repeat", arg, 1, state);
		break;
	case OPTION_STOP:
		o->runner.stop_on_failure = true;
		break;
	case 'T':
		o->runner.timeout_ms = 1000 * parse_number("timeout", arg, 0, state);
		break;
	case ARGP_KEY_ARGS:
		o->runner.globs = state->argv + state->next;
		o->runner.nr_globs = state->argc - state->next;
		break;
	case ARGP_KEY_END:
		if (o->ktap && o->json)
			argp_error(state, "--ktap or --json: which of them?");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static int run(struct engine *e, const struct test_options *o)
{
	struct runner_plan plan;
	struct report_tests report = {
		.e = e,
		.options = &o->runner,
		.plan = &plan,
		.out = stdout,
		.colour = isatty(STDOUT_FILENO),
		.form = o->json				    ? REPORT_JSON
			: o->ktap || !isatty(STDOUT_FILENO) ? REPORT_KTAP
							    : REPORT_TEXT,
	};
	struct error err = { 0 };
	int status = CMD_HOLDS;

	if (runner_plan(e, &o->runner, &plan, &err)) {
		status = cmd_error(CMD_WRONG, &err);
	} else if (o->list) {
		report_tests_list(&plan, stdout);
	} else {
		report_tests_begin(&report);
		runner_run(e, &o->runner, &plan, report_tests_one, &report);
		report_tests_end(&report);
		status = plan.failed ? CMD_FAILS : CMD_HOLDS;
	}
	runner_plan_release(&plan);
	return status;
}

int cmd_test(int argc, char **argv)
{
	static const struct argp_child children[] = { { &engine_argp, 0, "Which engine:", 1 },
						      { 0 } };
	static const struct argp argp = {
		options,
		parse,
		"[SUITE[.TEST]...]",
		"Runs the tests of memblock in the kernel's own memblock, each from the state of a "
		"machine that is switched on; SUITE and TEST may have *, ? and [...].\v"
		"Exit status: 0 all passed, or were skipped; 1 a test failed; 2 the call was wrong; "
		"125 memblock.c could not be compiled, which `git bisect run` skips.",
		children,
		NULL,
		NULL
	};
	struct test_options o = { .runner = { .timeout_ms = 10000 } };
	struct error err = { 0 };
	struct engine *e;
	int status;

	cmd_parse(&argp, argc, argv, &o);
	o.engine.request.tests = true;
	e = cmd_try_engine(&o.engine, &err);
	if (e)
		status = run(e, &o);
	else
		status = cmd_error(err.code == ENOEXEC ? CMD_UNBUILT : CMD_WRONG, &err);
	engine_close(e);
	engine_options_release(&o.engine);
	return status;
}
