// SPDX-License-Identifier: GPL-2.0-or-later
/* Options of pictures, which several commands have. */
#include "cmd/picture.h"

#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/file.h"
#include "report/picture.h"

enum {
	KEY_PICTURE = 640, /* no other parser's of these commands */
	KEY_SVG,
};

static const struct argp_option options[] = {
	{ "picture", KEY_PICTURE, "WHEN", OPTION_ARG_OPTIONAL,
	  "draw the address space: always, never, or auto: on a terminal (the default)", 0 },
	{ "svg", KEY_SVG, "FILE", 0, "write the address space to FILE as a figure", 0 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	static const char *const when[] = { "auto", "always", "never" };
	struct picture_options *o = state->input;

	if (key == KEY_SVG) {
		o->svg = arg;
		return 0;
	}
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

int cmd_write_picture(const struct picture_options *o, struct picture *p, const char *title,
		      struct error *err)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	int ret;

	if (!out)
		array_die();
	report_picture_svg(p, title, out);
	if (fclose(out))
		array_die();
	ret = file_write(o->svg, text, len, err);
	free(text);
	picture_release(p);
	return ret;
}
