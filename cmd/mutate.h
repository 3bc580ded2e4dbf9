/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMD_MUTATE_H
#define CMD_MUTATE_H

#include "cmd/cmd.h"
#include "mutate/mutate.h"

/* How `mbsim mutate` is called. */
struct mutate_call {
	struct engine_options engine;
	struct mutate_options how;
	size_t sample;
	uint64_t seed;
	const char *function, *operators, *keep, *equivalent;
	char **only, **replay;
	size_t nr_only, room_only, nr_replay, room_replay;
	long min;
	bool list, diff, json;

	char **configs; /* all that there are, if these are wanted */
};

/* Reads, tries and tells; an exit status. */
int cmd_run_mutate(struct mutate_call *o);

#endif
