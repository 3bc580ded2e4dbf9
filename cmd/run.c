// SPDX-License-Identifier: GPL-2.0-or-later
/* mbsim run: scripts of memblock calls. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/inputs.h"
#include "handover/handover.h"
#include "lib/file.h"
#include "lib/size.h"

static const struct argp_option options[] = {
	{ "trace", 't', NULL, 0, "print every call with its result, and the kernel's log", 0 },
	{ "timeout", 'T', "SECONDS", 0, "end a call that takes longer (default: 10; 0: never)", 0 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct run_call *o = state->input;
	long seconds;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->engine;
		break;
	case 't':
		o->script.trace = true;
		break;
	case 'T':
		if (size_parse_int(arg, 0, 1000000, &seconds))
			argp_error(state, "--timeout: '%s' is not a number of seconds", arg);
		o->script.timeout_ms = seconds * 1000;
		break;
	case ARGP_KEY_ARGS:
		o->files = state->argv + state->next;
		o->nr_files = state->argc - state->next;
		break;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "which script? Name a file, or - for standard input");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

char *cmd_read_script(const char *path, struct error *err)
{
	size_t len = 0;
	char *text = file_read(path, &len, err);

	if (!text || strlen(text) == len)
		return text;
	free(text);
	error_set(err, EINVAL, "%s: not a script: it has bytes that are not text",
		  !strcmp(path, "-") ? "stdin" : path);
	return NULL;
}

static int run_file(struct engine *e, const struct run_call *o, const char *path)
{
	struct script_result result = { 0 };
	struct error err = { 0 };
	char *text = cmd_read_script(path, &err);
	const char *name = !strcmp(path, "-") ? "stdin" : path;
	int ret;

	if (!text)
		return cmd_error(CMD_WRONG, &err);
	ret = script_run(e, name, text, &o->script, &result, &err);
	free(text);
	if (ret)
		return cmd_error(CMD_WRONG, &err);
	if (result.failed)
		printf("%s: %u of %u expectations failed\n", name, result.failed,
		       result.expectations);
	return result.failed || result.exit.end != ENGINE_RETURNED ? CMD_FAILS : CMD_HOLDS;
}

void cmd_parse_run(int argc, char **argv, struct run_call *o)
{
	static const struct argp_child children[] = { { &engine_argp, 0, "Which engine:", 1 },
						      { 0 } };
	static const struct argp argp = {
		options,
		parse,
		"SCRIPT...",
		"Runs scripts of memblock calls, one call a line, on the kernel's own memblock.\v"
		"A line is a call as the kernel's memblock.h declares it, such as\n"
		"  memblock_alloc_try_nid 4K 64 0 0 -1 => 0x7ffff000\n"
		"or one of: ram, set, node, cmdline, expect, dump, reset, repeat, echo, and of the hand-over:\n"
		"handover, check, alloc_pages, free_pages, free_reserved, nr_free_pages, page, buddyinfo, zoneinfo. "
		"mbsim-script(5) tells it all.",
		children,
		NULL,
		NULL
	};

	o->script.timeout_ms = 10000;
	cmd_parse(&argp, argc, argv, o);
}

int cmd_run(int argc, char **argv)
{
	struct run_call o = { .script = { .out = stdout } };
	int worst = CMD_HOLDS;
	struct handover_script *extra = NULL;
	struct engine *e;

	cmd_parse_run(argc, argv, &o);
	e = cmd_open_engine(&o.engine);
	if (e)
		extra = handover_script_new(e);
	else
		worst = CMD_WRONG;
	o.script.extra = extra ? handover_script_extra(extra) : NULL;
	for (int i = 0; e && i < o.nr_files; i++) {
		int status = run_file(e, &o, o.files[i]);

		if (status > worst)
			worst = status;
	}
	handover_script_free(extra);
	engine_close(e);
	engine_options_release(&o.engine);
	return worst;
}
