/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMD_INPUTS_H
#define CMD_INPUTS_H

#include "call/call.h"
#include "cmd/cmd.h"
#include "replay/replay.h"
#include "report/replay.h"

/*
 * What boot, replay and run are called with, for them and for `mbsim diff`. The functions that read a
 * call begin with what @o has.
 */
struct boot_call {
	struct engine_options engine;
	struct layout_options layouts;
	const char *layout;
	const char *cmdline, *sysfs;
	unsigned int timeout_ms;
	unsigned int sections; /* 0: the usual ones */
	bool json, verbose;
};

void cmd_parse_boot(int argc, char **argv, struct boot_call *o);

struct replay_call {
	struct engine_options engine;
	struct replay_options how;
	struct report_replay what;
	struct replay_config config; /* that goes with the machine */
	const char *log, *script, *layout;
	bool mode_is_said;
	long boot;
	bool json;
};

void cmd_parse_replay(int argc, char **argv, struct replay_call *o);
/* The log; NULL and @err if there is none, or nothing of it is what the options speak of. */
struct replay_log *cmd_read_replay(const struct replay_call *o, struct error *err);
/*
 * What machine the log is of, as far as it tells, which chooses the configuration unless the
 * options do; the caller frees *@l.
 */
void cmd_choose_replay_config(struct replay_call *o, const struct replay_log *log,
			      struct layout **l);
/* All but what the options of engines have. */
void cmd_release_replay(struct replay_call *o);

struct run_call {
	struct engine_options engine;
	struct script_options script;
	char **files;
	int nr_files;
};

void cmd_parse_run(int argc, char **argv, struct run_call *o);

/* The text of a script; the caller frees. NULL and @err if there is none. */
char *cmd_read_script(const char *path, struct error *err);

#endif
