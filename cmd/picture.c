// SPDX-License-Identifier: GPL-2.0-or-later
/* Options of pictures, which several commands have. */
#include "cmd/picture.h"

#include <string.h>

#include "lib/array.h"

enum {
	KEY_PICTURE = 640, /* no other parser's of these commands */
};

static const struct argp_option options[] = {
	{ "picture", KEY_PICTURE, "WHEN", OPTION_ARG_OPTIONAL,
	  "draw the address space: always, never, or auto: on a terminal (the default)", 0 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	static const char *const when[] = { "auto", "always", "never" };
	struct picture_options *o = state->input;

	if (key != KEY_PICTURE)
		return ARGP_ERR_UNKNOWN;
	o->when = PICTURE_ALWAYS;
	if (!arg)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(when); i++) {
		if (strcmp(arg, when[i]))
			continue;
		o->when = i;
		return 0;
	}
	argp_error(state, "--picture: always, never or auto, not '%s'", arg);
	return EINVAL;
}

const struct argp picture_argp = { options, parse, NULL, NULL, NULL, NULL, NULL };

bool cmd_draws_picture(const struct picture_options *o, struct report_terminal *terminal)
{
	*terminal = report_terminal_of(stdout);
	return o->when == PICTURE_ALWAYS || (o->when == PICTURE_ON_TERMINALS && terminal->is_one);
}
