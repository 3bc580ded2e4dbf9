/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMD_INPUTS_H
#define CMD_INPUTS_H

#include "boot/boot.h"
#include "boot/build.h"
#include "call/call.h"
#include "cmd/cmd.h"
#include "cmd/picture.h"
#include "diff/diff.h"
#include "record/record.h"
#include "replay/replay.h"
#include "report/replay.h"

/*
 * What boot, replay and run are called with, for them and for `mbsim diff`. The functions that read a
 * call begin with what @o has.
 */
struct boot_call {
	struct engine_options engine;
	struct layout_options layouts;
	struct picture_options picture;
	const char *layout;
	const char *cmdline, *sysfs, *html, *trace;
	unsigned int timeout_ms;
	struct boot_build build; /* what files say of the kernel */
	unsigned int sections;	 /* 0: the usual ones */
	bool json, verbose;
	bool strict; /* what the log has differently is a failure */
};

void cmd_parse_boot(int argc, char **argv, struct boot_call *o);

struct replay_call {
	struct engine_options engine;
	struct replay_options how;
	struct report_replay what;
	struct picture_options picture;
	struct replay_config config; /* that goes with the machine */
	const char *log, *script, *layout, *html, *trace;
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

/* Writes trace events to @path, whole or not at all; @log: of a replay. -errno and @err. */
int cmd_write_trace(const char *path, const struct record *run, const struct replay_log *log,
		    struct error *err);

struct run_call {
	struct engine_options engine;
	struct script_options script;
	char **files;
	int nr_files;
};

void cmd_parse_run(int argc, char **argv, struct run_call *o);

/*
 * page.c: the page of HTML at @path, which is written anew; an exit status, and @err where that is
 * CMD_WRONG.
 */
int cmd_page_boot(const char *path, const struct boot_result *r, const struct record *run,
		  const struct layout *l, struct error *err);
int cmd_page_replay(const char *path, const struct replay_result *r, const struct record *run,
		    const struct replay_call *o, struct error *err);
int cmd_page_diff(const char *path, const struct diff *d, const struct layout *l,
		  struct error *err);

/* The text of a script; the caller frees. NULL and @err if there is none. */
char *cmd_read_script(const char *path, struct error *err);

#endif
