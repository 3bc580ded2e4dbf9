// SPDX-License-Identifier: GPL-2.0-or-later
/* mbsim fuzz: sequences of calls that nobody wrote, compared with the model or another kernel. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "fuzz/fuzz.h"
#include "lib/array.h"
#include "lib/file.h"
#include "lib/size.h"
#include "report/coverage.h"
#include "report/fuzz.h"

#define DEFAULT_SECONDS 10

enum {
	OPTION_SEED = 256,
	OPTION_RUNS,
	OPTION_TIME,
	OPTION_FIRST,
	OPTION_FINDINGS,
	OPTION_KERNELS,
	OPTION_COVERAGE,
	OPTION_JSON,
	OPTION_OUTPUT,
	OPTION_STRICT,
};

static const struct argp_option options[] = {
	{ "seed", OPTION_SEED, "N", 0,
	  "what is done depends on it (default: another one each time)", 0 },
	{ "runs", OPTION_RUNS, "N", 0, "run N sequences", 0 },
	{ "time", OPTION_TIME, "SECONDS", 0, "stop after so many (default: 10, or after --runs)",
	  0 },
	{ "first", OPTION_FIRST, "N", 0, "begin with this sequence of the seed (default: 0)", 0 },
	{ "findings", OPTION_FINDINGS, "N", 0,
	  "stop when there are so many (default: 20; 0: never)", 0 },
	{ "jobs", 'j', "N", 0, "run N processes (default: one for each processor)", 0 },
	{ "kernels", OPTION_KERNELS, "A,B,...", 0, "tell which of these kernels have what is found",
	  0 },
	{ "coverage", OPTION_COVERAGE, "DIR", 0,
	  "count what is reached of memblock.c: DIR/index.html, and DIR/memblock.info for lcov",
	  0 },
	{ "strict", OPTION_STRICT, NULL, 0, "known bugs of a kernel are findings, too", 0 },
	{ "output", 'o', "DIR", 0, "write each finding to DIR: a script, and a test in C", 0 },
	{ "json", OPTION_JSON, NULL, 0, "print one JSON object", 0 },
	{ 0 },
};

struct options {
	struct engine_options engine;
	struct fuzz_options fuzz;
	const char *kernels, *coverage, *output;
	bool json, progress;
};

static uint64_t parse_number(const char *name, const char *arg, uint64_t max,
			     struct argp_state *state)
{
	uint64_t value = 0;

	if (size_parse(arg, NULL, &value) || value > max)
		argp_error(state, "--%s: '%s' is not a number up to %llu", name, arg,
			   (unsigned long long)max);
	return value;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->engine;
		break;
	case OPTION_SEED:
		o->fuzz.seed = parse_number("seed", arg, INT64_MAX, state);
		break;
	case OPTION_RUNS:
		o->fuzz.runs = parse_number("runs", arg, INT64_MAX, state);
		break;
	case OPTION_TIME:
		o->fuzz.seconds = (double)parse_number("time", arg, 1ULL << 40, state);
		break;
	case OPTION_FIRST:
		o->fuzz.first = parse_number("first", arg, INT64_MAX, state);
		break;
	case OPTION_FINDINGS:
		o->fuzz.findings = parse_number("findings", arg, UINT32_MAX, state);
		break;
	case 'j':
		o->fuzz.jobs = parse_number("jobs", arg, 256, state);
		break;
	case OPTION_KERNELS:
		o->kernels = arg;
		break;
	case OPTION_COVERAGE:
		o->coverage = arg;
		break;
	case OPTION_STRICT:
		o->fuzz.strict = true;
		break;
	case 'o':
		o->output = arg;
		break;
	case OPTION_JSON:
		o->json = true;
		break;
	case ARGP_KEY_ARG:
		argp_error(state, "what is '%s'? No word is expected here", arg);
		break;
	case ARGP_KEY_END:
		if (o->engine.nr_kernels > 2)
			argp_error(state, "one kernel, or two to compare; not %zu",
				   o->engine.nr_kernels);
		if (o->engine.nr_configs > 1)
			argp_error(state, "one configuration, not %zu", o->engine.nr_configs);
		if (o->coverage && o->engine.nr_kernels > 1)
			argp_error(state, "--coverage is of one kernel");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static void show_progress(void *data, const struct fuzz_report *report)
{
	(void)data;
	report_fuzz_progress(report, stderr);
}

/* DIR/1.mb and DIR/1.c, and so on. */
static int write_findings(const struct options *o, const struct fuzz_report *report,
			  struct error *err)
{
	int ret = o->output ? file_mkdirs(o->output, err) : 0;

	for (size_t i = 0; o->output && i < report->nr && !ret; i++) {
		const struct fuzz_finding *f = &report->findings[i];
		char *script = file_path("%s/%zu.mb", o->output, i + 1);
		char *test = file_path("%s/%zu.c", o->output, i + 1);

		ret = file_write(script, f->script, strlen(f->script), err);
		if (!ret)
			ret = file_write(test, f->test, strlen(f->test), err);
		free(script);
		free(test);
	}
	return ret;
}

static int write_coverage(struct coverage *c, struct engine *e, const struct options *o,
			  struct error *err)
{
	struct coverage_report report = { 0 };
	int ret = engine_coverage_finish(c, e, &report, err);

	if (!ret)
		ret = coverage_report_close(&report, NULL, err);
	if (!ret)
		ret = report_coverage_write(&report, o->coverage, err);
	if (!ret)
		report_coverage_text(&report, "", o->json ? stderr : stdout);
	coverage_report_release(&report);
	return ret;
}

static int status_of(int ret, const struct error *err)
{
	return cmd_error(ret == -ENOEXEC ? CMD_UNBUILT : CMD_WRONG, err);
}

/* Runs it, with the engine open in this process or, if there are two, in others. */
static int run(struct options *o, struct fuzz_report *report, struct report_fuzz *show)
{
	struct engine_request requests[2] = { o->engine.request, o->engine.request };
	bool pair = o->engine.nr_kernels > 1;
	struct error err = { 0 };
	struct engine *e = NULL;
	int ret;

	if (o->coverage && report_coverage_prepare(o->coverage, &err))
		return cmd_error(CMD_WRONG, &err);
	if (pair) {
		requests[0].kernel = o->engine.kernels[0];
		requests[1].kernel = o->engine.kernels[1];
		requests[1].memblock = NULL; /* --memblock is the first one's */
		ret = fuzz_pair(requests, &o->fuzz, report, &err);
	} else {
		requests[0].coverage = o->coverage;
		e = cmd_try_engine(&requests[0], &err);
		if (!e)
			return status_of(-err.code, &err);
		if (o->coverage && !(o->fuzz.coverage = engine_coverage_start(e, &err))) {
			engine_close(e);
			return cmd_error(CMD_WRONG, &err);
		}
		ret = fuzz_engine(e, &o->fuzz, report, &err);
	}
	if (o->progress)
		fputs("\r\033[K", stderr);
	if (!ret && o->kernels)
		ret = fuzz_replay(e, &o->engine.request, o->kernels, report, &err);
	if (!ret)
		ret = write_findings(o, report, &err);
	if (!ret) {
		show->report = report;
		show->kernels[0] = report->kernels[0];
		show->kernels[1] = pair ? report->kernels[1] : NULL;
		show->config = requests[0].config ? requests[0].config : "x86_64";
		show->out = stdout;
		if (o->json)
			report_fuzz_json(show);
		else
			report_fuzz_text(show);
	}
	if (!ret && o->fuzz.coverage)
		ret = write_coverage(o->fuzz.coverage, e, o, &err);
	engine_close(e);
	return ret ? status_of(ret, &err) : CMD_HOLDS;
}

int cmd_fuzz(int argc, char **argv)
{
	static const struct argp_child children[] = { { &engine_argp, 0, "Which engine:", 1 },
						      { 0 } };
	static const struct argp argp = {
		options,
		parse,
		NULL,
		"Makes calls of memblock that nobody wrote, and compares what they do with the model, call "
		"by call; with two -k, what the first kernel does with what the second does. What "
		"differs is made as small as possible, and told as a sentence, as a script for `mbsim "
		"run` and as a test in C for suite/.\v"
		"Exit status: 0 nothing was found, but for known bugs; 1 something was; 2 the call was "
		"wrong; 125 memblock.c could not be compiled.",
		children,
		NULL,
		NULL
	};
	struct options o = { .fuzz = { .jobs = sysconf(_SC_NPROCESSORS_ONLN), .findings = 20 } };
	struct fuzz_report report = { 0 };
	struct report_fuzz show = { .tests = true };
	uint32_t seed = 1;
	int status;

	if (getrandom(&seed, sizeof(seed), 0) == sizeof(seed))
		o.fuzz.seed = seed;
	cmd_parse(&argp, argc, argv, &o);
	if (!o.fuzz.runs && o.fuzz.seconds <= 0)
		o.fuzz.seconds = DEFAULT_SECONDS;
	o.progress = isatty(STDERR_FILENO);
	if (o.progress)
		o.fuzz.progress = show_progress;
	show.tests = !o.output;
	show.strict = o.fuzz.strict;
	status = run(&o, &report, &show);
	for (size_t i = 0; status == CMD_HOLDS && i < report.nr; i++)
		if (o.fuzz.strict || !*report.findings[i].known)
			status = CMD_FAILS;
	fuzz_report_release(&report);
	engine_options_release(&o.engine);
	return status;
}
