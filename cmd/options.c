// SPDX-License-Identifier: GPL-2.0-or-later
/* What the commands have in common: the options that say which engine, and how errors are told. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "lib/array.h"

static const struct argp_option options[] = {
	{ "kernel", 'k', "WHICH", 0,
	  "the kernel: a tree, a source tarball, DIR@REV of a git tree, or a version such as 6.12 of "
	  "an installed source (default: the newest installed)",
	  1 },
	{ "memblock", 'm', "FILE", 0, "take memblock.c from FILE instead of the kernel's tree", 1 },
	{ "config", 'c', "NAME", 0,
	  "the configuration (default: x86_64; `mbsim kernel` lists them)", 1 },
	{ "define", 'D', "CONFIG_X[=V]", 0, "set an option of the configuration", 1 },
	{ "undefine", 'U', "CONFIG_X", 0, "unset an option of the configuration", 1 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct engine_options *o = state->input;
	struct engine_request *req = &o->request;

	switch (key) {
	case 'k':
		req->kernel = ARRAY_APPEND(o->kernels, o->nr_kernels, o->room_kernels) = arg;
		break;
	case 'm':
		req->memblock = ARRAY_APPEND(o->memblocks, o->nr_memblocks, o->room_memblocks) =
			arg;
		break;
	case 'c':
		req->config = ARRAY_APPEND(o->configs, o->nr_configs, o->room_configs) = arg;
		break;
	case 'D':
	case 'U': {
		size_t n = strlen(arg) + 2;
		char *change = array_resize(NULL, n, 1);

		snprintf(change, n, "%s%s", key == 'U' ? "!" : "", arg);
		ARRAY_APPEND(req->changes, req->nr_changes, o->room_changes) = change;
		break;
	}
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

const struct argp engine_argp = { options, parse, NULL, NULL, NULL, NULL, NULL };

void engine_options_release(struct engine_options *o)
{
	for (size_t i = 0; i < o->request.nr_changes; i++)
		free((char *)o->request.changes[i]);
	free(o->request.changes);
	free(o->kernels);
	free(o->configs);
	free(o->memblocks);
	*o = (struct engine_options){ 0 };
}

void cmd_parse(const struct argp *argp, int argc, char **argv, void *input)
{
	/* every way out of a wrong call is through argp, which says what is wrong */
	if (argp_parse(argp, argc, argv, 0, NULL, input))
		exit(CMD_WRONG);
}

int cmd_error(int status, const struct error *err)
{
	fflush(stdout);
	fprintf(stderr, "mbsim: %s\n", err->text);
	return status;
}

/* What a new engine had to have stood in for: once, when it is built. */
static void print_notes(const char *notes)
{
	while (*notes) {
		int n = strcspn(notes, "\n");

		fprintf(stderr, "mbsim: note: %.*s\n", n, notes);
		notes += n + (notes[n] == '\n');
	}
}

struct engine *cmd_try_engine(const struct engine_request *req, struct error *err)
{
	struct engine *e = engine_open(req, err);

	if (e && engine_info(e)->built && !req->quiet)
		print_notes(engine_info(e)->automatic);
	return e;
}

struct engine *cmd_open_engine(const struct engine_options *o)
{
	struct error err = { 0 };
	struct engine *e = cmd_try_engine(&o->request, &err);

	if (!e)
		cmd_error(CMD_WRONG, &err);
	return e;
}
