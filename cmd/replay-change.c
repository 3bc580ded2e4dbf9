// SPDX-License-Identifier: GPL-2.0-or-later
/* The options of mbsim replay that say under which other conditions. */
#include <stdlib.h>

#include "cmd/cmd.h"
#include "cmd/replay.h"
#include "engine/engine.h"
#include "lib/array.h"
#include "lib/size.h"

enum {
	KEY_RAM = 768,
	KEY_WITHOUT,
	KEY_DROP,
	KEY_CMDLINE,
};

static const struct argp_option options[] = {
	{ "ram", KEY_RAM, "RANGE", 0,
	  "there is this memory, too: START-LAST or START+SIZE; repeatable", 3 },
	{ "without-ram", KEY_WITHOUT, "RANGE", 0, "there is no memory in this range; repeatable",
	  3 },
	{ "drop", KEY_DROP, "CALLER", 0,
	  "leave the calls of these callers out, a pattern such as 'acpi_*'; repeatable", 3 },
	{ "cmdline", KEY_CMDLINE, "WORDS", 0,
	  "give these words of a command line to memblock, such as mem=1G", 3 },
	{ 0 },
};

static struct range parse_range(struct argp_state *state, const char *option, const char *arg)
{
	struct range r = { 0 };

	if (size_parse_range(arg, NULL, &r) || range_is_empty(r))
		argp_error(state, "--%s: '%s' is not a range, such as 1G-0x7fffffff or 4G+1G",
			   option, arg);
	return r;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct replay_change *c = state->input;
	struct range r;

	switch (key) {
	case KEY_RAM:
		r = parse_range(state, "ram", arg);
		if (r.end > engine_max_address())
			argp_error(state, "--ram: '%s' ends above 64 TiB, which mbsim has not",
				   arg);
		ARRAY_APPEND(c->ram, c->nr_ram, c->room_ram) = r;
		break;
	case KEY_WITHOUT:
		ARRAY_APPEND(c->without, c->nr_without, c->room_without) =
			parse_range(state, "without-ram", arg);
		break;
	case KEY_DROP:
		ARRAY_APPEND(c->drop, c->nr_drop, c->room_drop) = arg;
		break;
	case KEY_CMDLINE:
		c->cmdline = arg;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

const struct argp change_argp = { options, parse, NULL, NULL, NULL, NULL, NULL };

void change_release(struct replay_change *c)
{
	free(c->ram);
	free(c->without);
	free(c->drop);
}
