// SPDX-License-Identifier: GPL-2.0-or-later
/* mbsim mutate: are the tests good enough? Breaks memblock.c in small ways, and tells what nobody notices. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/mutate.h"
#include "lib/array.h"
#include "lib/size.h"

#define DEFAULT_SAMPLE 100
#define DEFAULT_SECONDS 5

enum {
	KEY_SAMPLE = 256,
	KEY_SEED,
	KEY_FUNCTION,
	KEY_OPERATOR,
	KEY_ONLY,
	KEY_REPLAY,
	KEY_TIME,
	KEY_LIST,
	KEY_DIFF,
	KEY_KEEP,
	KEY_EQUIVALENT,
	KEY_MIN,
	KEY_JSON,
};

static const struct argp_option options[] = {
	{ "sample", KEY_SAMPLE, "N", 0, "so many mutants, drawn at random (default: 100; or: all)",
	  0 },
	{ "seed", KEY_SEED, "N", 0, "which are drawn depends on it (default: 1)", 0 },
	{ "function", KEY_FUNCTION, "GLOB", 0, "break only these functions", 0 },
	{ "operator", KEY_OPERATOR, "NAME,...", 0, "break them only in these ways", 0 },
	{ "only", KEY_ONLY, "ID", 0, "just this mutant; may be given several times", 0 },
	{ "replay", KEY_REPLAY, "LOG", 0,
	  "replay this log of a boot on mutants that the tests do not notice; may be given several "
	  "times (default: those that come with mbsim; or: none)",
	  0 },
	{ "time", KEY_TIME, "SECONDS", 0,
	  "fuzz those that nothing else notices (default: 5; 0: do not)", 0 },
	{ "jobs", 'j', "N", 0, "so many mutants at a time (default: one for each processor)", 0 },
	{ "list", KEY_LIST, NULL, 0, "list the mutants, do not try them", 0 },
	{ "diff", KEY_DIFF, NULL, 0,
	  "show them (with --list), or those that survive, as unified diffs, too", 0 },
	{ "keep", KEY_KEEP, "DIR", 0, "keep the memblock.c of every survivor, and the diff, in DIR",
	  0 },
	{ "equivalent", KEY_EQUIVALENT, "FILE", 0,
	  "mutants that are known to make no difference, and why (default: those that come with "
	  "mbsim; or: none)",
	  0 },
	{ "min", KEY_MIN, "PERCENT", 0, "so many killed are enough (default: 100)", 0 },
	{ "json", KEY_JSON, NULL, 0, "print one JSON object", 0 },
	{ 0 },
};

static uint64_t parse_number(const char *name, const char *arg, uint64_t min, uint64_t max,
			     struct argp_state *state)
{
	uint64_t value = 0;

	if (size_parse(arg, NULL, &value) || value < min || value > max)
		argp_error(state, "--%s: '%s' is not a number from %llu to %llu", name, arg,
			   (unsigned long long)min, (unsigned long long)max);
	return value;
}

/* What says which mutants, and what is to be told of them. */
static error_t parse_which(int key, char *arg, struct argp_state *state, struct mutate_call *o)
{
	switch (key) {
	case KEY_SAMPLE:
		o->sample =
			!strcmp(arg, "all") ? 0 : parse_number("sample", arg, 1, 1000000, state);
		break;
	case KEY_SEED:
		o->seed = parse_number("seed", arg, 0, INT64_MAX, state);
		break;
	case KEY_FUNCTION:
		o->function = arg;
		break;
	case KEY_OPERATOR:
		o->operators = arg;
		break;
	case KEY_ONLY:
		ARRAY_APPEND(o->only, o->nr_only, o->room_only) = arg;
		break;
	case KEY_LIST:
		o->list = true;
		break;
	case KEY_DIFF:
		o->diff = true;
		break;
	case KEY_JSON:
		o->json = true;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct mutate_call *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->engine;
		break;
	case KEY_REPLAY:
		ARRAY_APPEND(o->replay, o->nr_replay, o->room_replay) = arg;
		break;
	case KEY_TIME:
		o->how.fuzz_seconds = (double)parse_number("time", arg, 0, 1000000, state);
		break;
	case 'j':
		o->how.jobs = parse_number("jobs", arg, 1, 256, state);
		break;
	case KEY_KEEP:
		o->keep = arg;
		break;
	case KEY_EQUIVALENT:
		o->equivalent = arg;
		break;
	case KEY_MIN:
		o->min = (long)parse_number("min", arg, 0, 100, state);
		break;
	case ARGP_KEY_ARG:
		argp_error(state, "what is '%s'? No word is expected here", arg);
		break;
	case ARGP_KEY_END:
		if (o->engine.nr_kernels > 1 || o->engine.nr_memblocks > 1)
			argp_error(state, "one memblock.c at a time: one -k, and one -m");
		break;
	default:
		return parse_which(key, arg, state, o);
	}
	return 0;
}

int cmd_mutate(int argc, char **argv)
{
	static const struct argp_child children[] = { { &engine_argp, 0, "Which engines:", 1 },
						      { 0 } };
	static const struct argp argp = {
		options,
		parse,
		NULL,
		"Are the tests good enough? Breaks memblock.c in one small way after the other, gives each of "
		"these mutants to the tests, in each --config, then to logs of boots, then to fuzzing, until one "
		"of them notices, and tells which are not noticed by any.\v"
		"Exit status: 0 all were killed, or as many as --min asks for; 1 too many survived, or mbsim "
		"failed; 2 the call was wrong; 125 the unchanged memblock.c could not be compiled, or fails "
		"a test.",
		children,
		NULL,
		NULL
	};
	struct mutate_call o = {
		.sample = DEFAULT_SAMPLE,
		.seed = 1,
		.min = 100,
		.how = { .jobs = sysconf(_SC_NPROCESSORS_ONLN), .fuzz_seconds = DEFAULT_SECONDS },
	};
	int status;

	cmd_parse(&argp, argc, argv, &o);
	status = cmd_run_mutate(&o);
	free(o.replay);
	free(o.only);
	engine_options_release(&o.engine);
	return status;
}
