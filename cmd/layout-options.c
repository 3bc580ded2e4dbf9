// SPDX-License-Identifier: GPL-2.0-or-later
/* The options of commands that take a memory layout: where it comes from. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "lib/array.h"
#include "lib/file.h"

#define DEFAULT_LAYOUT "data/pc-2g.layout"

enum {
	KEY_FROM = 512,
	KEY_ADD,
	KEY_LIVE,
};

static const struct argp_option options[] = {
	{ "from", KEY_FROM, "FORMAT", 0,
	  "what LAYOUT is, instead of what it looks like (`--from help` lists them)", 2 },
	{ "add", KEY_ADD, "SOURCE", 0,
	  "what also tells of this machine, such as its SRAT; repeatable", 2 },
	{ "live", KEY_LIVE, "DIRECTORY", OPTION_ARG_OPTIONAL,
	  "this machine, instead of LAYOUT; or the one whose /proc and /sys are copied to DIRECTORY",
	  2 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct layout_options *o = state->input;

	switch (key) {
	case KEY_FROM:
		if (!strcmp(arg, "help")) {
			layout_list_formats(stdout);
			exit(CMD_HOLDS);
		}
		o->sources.from = arg;
		break;
	case KEY_ADD:
		ARRAY_APPEND(o->more, o->sources.nr_more, o->room_more) = arg;
		o->sources.more = o->more;
		break;
	case KEY_LIVE:
		free(o->live);
		o->live = file_path("live:%s", arg ? arg : "");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

const struct argp layout_argp = { options, parse, NULL, NULL, NULL, NULL, NULL };

struct layout *cmd_read_layout(const struct layout_options *o, const char *source,
			       struct error *err)
{
	struct layout_sources sources = o->sources;
	struct layout *l;
	char *path;

	if (source && o->live) {
		error_set(err, EINVAL, "--live is this machine: leave it or '%s' out", source);
		return NULL;
	}
	if (source || o->live) {
		sources.source = source ? source : o->live;
		return layout_open(&sources, err);
	}
	path = engine_data_path(DEFAULT_LAYOUT, err);
	sources.source = path;
	l = path ? layout_open(&sources, err) : NULL;
	free(path);
	return l;
}

void layout_options_release(struct layout_options *o)
{
	free(o->more);
	free(o->live);
	*o = (struct layout_options){ 0 };
}
