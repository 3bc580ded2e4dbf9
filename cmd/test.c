// SPDX-License-Identifier: GPL-2.0-or-later
/* mbsim test: the tests of memblock, in the kernel's own memblock. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "cmd/test.h"
#include "lib/array.h"
#include "lib/size.h"

enum {
	OPTION_LIST = 256,
	OPTION_KTAP,
	OPTION_JSON,
	OPTION_JUNIT,
	OPTION_SHUFFLE,
	OPTION_REPEAT,
	OPTION_STOP,
	OPTION_STRICT,
	OPTION_GDB,
	OPTION_COVERAGE,
	OPTION_UPSTREAM,
};

static const struct argp_option options[] = {
	{ "list", OPTION_LIST, NULL, 0, "list the tests, do not run them", 0 },
	{ "ktap", OPTION_KTAP, NULL, 0, "print KTAP (the default if it is not for a terminal)", 0 },
	{ "json", OPTION_JSON, NULL, 0, "print one JSON object", 0 },
	{ "junit", OPTION_JUNIT, "FILE", 0, "write JUnit's XML to FILE, too", 0 },
	{ "shuffle", OPTION_SHUFFLE, "SEED", OPTION_ARG_OPTIONAL,
	  "run suites and tests in another order", 0 },
	{ "repeat", OPTION_REPEAT, "N", 0, "run each test N times, or until it fails", 0 },
	{ "stop-on-failure", OPTION_STOP, NULL, 0, "skip what comes after a failure", 0 },
	{ "strict", OPTION_STRICT, NULL, 0, "known bugs of a kernel are failures, too", 0 },
	{ "upstream", OPTION_UPSTREAM, "KERNEL", OPTION_ARG_OPTIONAL,
	  "run the tests of the kernel's own tools/testing/memblock, too; or of another KERNEL's",
	  0 },
	{ "timeout", 'T', "SECONDS", 0,
	  "a test that takes longer fails (processor time; default: 10; 0: never)", 0 },
	{ "jobs", 'j', "N", 0,
	  "run tests in N processes (default: one for each processor; 0: in this one)", 0 },
	{ "coverage", OPTION_COVERAGE, "DIR", 0,
	  "count what the tests reach of memblock.c: DIR/index.html, and DIR/memblock.info for lcov",
	  0 },
	{ "gdb", OPTION_GDB, "TEST", 0, "start gdb, and stop where TEST begins", 0 },
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
	case OPTION_JUNIT:
		o->junit = arg;
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
	case OPTION_STRICT:
		o->runner.strict = true;
		break;
	case OPTION_UPSTREAM:
		o->engine.request.upstream = arg ? arg : "";
		break;
	case 'T':
		o->runner.timeout_ms = 1000 * parse_number("timeout", arg, 0, state);
		break;
	case 'j':
		o->runner.jobs = parse_number("jobs", arg, 0, state);
		break;
	case OPTION_GDB:
		o->gdb = arg;
		break;
	case OPTION_COVERAGE:
		o->coverage = arg;
		break;
	case ARGP_KEY_ARGS:
		o->runner.globs = state->argv + state->next;
		o->runner.nr_globs = state->argc - state->next;
		break;
	case ARGP_KEY_END:
		if (o->ktap && o->json)
			argp_error(state, "--ktap or --json: which of them?");
		if (o->gdb && o->runner.nr_globs)
			argp_error(state, "--gdb %s: one test, not '%s' as well", o->gdb,
				   o->runner.globs[0]);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* Every kernel in every configuration. The caller frees. */
static struct test_cell *make_cells(const struct test_options *o, size_t *nr)
{
	static const char *const none[] = { NULL };
	char **all = engine_list_configs();
	const char *const *kernels = o->engine.nr_kernels ? o->engine.kernels : none;
	const char *const *configs = o->engine.nr_configs ? o->engine.configs : none;
	size_t nr_kernels = o->engine.nr_kernels + !o->engine.nr_kernels, room = 0;
	size_t nr_configs = o->engine.nr_configs + !o->engine.nr_configs;
	struct test_cell *cells = NULL;

	if (nr_configs == 1 && *configs && !strcmp(*configs, "all")) {
		configs = (const char *const *)all;
		for (nr_configs = 0; all[nr_configs];)
			nr_configs++;
	}
	*nr = 0;
	for (size_t k = 0; k < nr_kernels; k++) {
		for (size_t c = 0; c < nr_configs; c++) {
			struct test_cell *cell = &ARRAY_APPEND(cells, *nr, room);

			cell->request = o->engine.request;
			cell->request.tests = true;
			cell->request.coverage = o->coverage && !o->list && !o->gdb;
			cell->request.kernel = kernels[k];
			cell->request.config = configs[c] ? array_strdup(configs[c]) : NULL;
		}
	}
	engine_list_free(all);
	return cells;
}

static void free_cells(struct test_cell *cells, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		free((char *)cells[i].request.config);
		free(cells[i].report.name);
		free(cells[i].report.upstream);
		free((char *)cells[i].report.kernel);
		free((char *)cells[i].report.error);
	}
	free(cells);
}

/* All reports that are wanted; -1 and the error told if one cannot be written. */
static int run(const struct test_options *o, struct test_cell *cells, size_t nr)
{
	struct report_tests reports[2] = {
		{
			.form = o->json				    ? REPORT_JSON
				: o->ktap || !isatty(STDOUT_FILENO) ? REPORT_KTAP
								    : REPORT_TEXT,
			.out = stdout,
			.colour = isatty(STDOUT_FILENO),
		},
		{ .form = REPORT_JUNIT },
	};
	struct error err = { 0 };
	int status;

	status = test_coverage_prepare(o);
	if (status != CMD_HOLDS)
		return status;
	if (o->junit && !(reports[1].out = fopen(o->junit, "we"))) {
		error_set(&err, errno, "--junit %s: %s", o->junit, strerror(errno));
		return cmd_error(CMD_WRONG, &err);
	}
	status = test_run_cells(o, cells, nr, reports, o->junit ? 2 : 1);
	if (o->junit && (ferror(reports[1].out) | fclose(reports[1].out))) {
		error_set(&err, errno, "--junit %s: cannot be written: %s", o->junit,
			  strerror(errno));
		return cmd_error(CMD_WRONG, &err);
	}
	return status;
}

void cmd_parse_test(int argc, char **argv, struct test_options *o)
{
	static const struct argp_child children[] = { { &engine_argp, 0, "Which engine:", 1 },
						      { 0 } };
	static const struct argp argp = {
		options,
		parse,
		"[SUITE[.TEST]...]",
		"Runs the tests of memblock in the kernel's own memblock, each from the state of a "
		"machine that is switched on; SUITE and TEST may have *, ? and [...]. Several -k and "
		"--config are run each with each; --config all is every configuration.\v"
		"Exit status: 0 all passed, were skipped, or failed by a known bug; 1 a test failed; 2 the "
		"call was wrong; 125 memblock.c could not be compiled, which `git bisect run` skips.",
		children,
		NULL,
		NULL
	};

	o->runner.timeout_ms = 10000;
	o->runner.jobs = sysconf(_SC_NPROCESSORS_ONLN);
	cmd_parse(&argp, argc, argv, o);
	o->runner.used = array_resize(NULL, o->runner.nr_globs + 1, sizeof(*o->runner.used));
	memset(o->runner.used, 0, o->runner.nr_globs + 1);
}

int cmd_test(int argc, char **argv)
{
	struct test_options o = { 0 };
	struct test_cell *cells;
	size_t nr;
	int status;

	cmd_parse_test(argc, argv, &o);
	cells = make_cells(&o, &nr);
	if (o.gdb)
		status = test_gdb(&o, &cells[0]);
	else if (o.list)
		status = test_list(&o, &cells[0]);
	else
		status = run(&o, cells, nr);
	free_cells(cells, nr);
	free(o.runner.used);
	engine_options_release(&o.engine);
	return status;
}
