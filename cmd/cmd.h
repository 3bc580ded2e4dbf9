/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include <argp.h>
#include <stdbool.h>

#include "engine/engine.h"
#include "layout/layout.h"
#include "lib/error.h"

/* Exit status of every command. A bug of mbsim aborts instead (128 and above). */
enum {
	CMD_HOLDS = 0, /* all is as it should be */
	CMD_FAILS = 1, /* a test, check or comparison did not hold */
	CMD_WRONG = 2, /* the call or its input was wrong */
	/* of test, diff, fuzz and mutate: a kernel cannot be built; `git bisect run` skips it */
	CMD_UNBUILT = 125,
};

struct command {
	const char *name;
	const char *summary;		   /* one line, for `mbsim help` */
	int (*run)(int argc, char **argv); /* argv[0] is "mbsim NAME"; returns an exit status */
};

extern const struct command commands[]; /* ends with a NULL name */

int cmd_boot(int argc, char **argv);
int cmd_diff(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_fuzz(int argc, char **argv);
int cmd_kernel(int argc, char **argv);
int cmd_layout(int argc, char **argv);
int cmd_mutate(int argc, char **argv);
int cmd_replay(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_test(int argc, char **argv);

/*
 * -k, --memblock, --config, -D and -U: a child parser for the commands that use an engine. Its
 * input is the struct engine_options; initialise with { 0 }. Of several kernels and configurations
 * the request has the last; who can use them all finds them in the lists.
 */
struct engine_options {
	struct engine_request request;
	size_t room_changes;
	const char **kernels, **configs;
	size_t nr_kernels, room_kernels, nr_configs, room_configs;
	const char **memblocks;
	size_t nr_memblocks, room_memblocks;
};

extern const struct argp engine_argp;
void engine_options_release(struct engine_options *o);

/*
 * --from, --add and --live: a child parser for the commands that take a memory layout. Its input is the
 * struct layout_options; initialise with { 0 }.
 */
struct layout_options {
	struct layout_sources sources;
	const char **more;
	size_t room_more;
	char *live; /* a source, too: "live:" */
};

extern const struct argp layout_argp;
void layout_options_release(struct layout_options *o);

/* The layout from @source (NULL: the machine that ships with mbsim); NULL and @err if it cannot. */
struct layout *cmd_read_layout(const struct layout_options *o, const char *source,
			       struct error *err);

/*
 * Parses a command's options. A parent of engine_argp or layout_argp gives it its input on ARGP_KEY_INIT.
 * Ends the program for --help (0) and for wrong options (CMD_WRONG).
 */
void cmd_parse(const struct argp *argp, int argc, char **argv, void *input);

/* Prints "mbsim: <text>" to standard error and returns @status. */
int cmd_error(int status, const struct error *err);

/* Opens the engine that is asked for; tells what was stood in. NULL and @err if it cannot. */
struct engine *cmd_try_engine(const struct engine_request *req, struct error *err);
/* Opens the engine that the options ask for; prints what is wrong and returns NULL if it cannot. */
struct engine *cmd_open_engine(const struct engine_options *o);

#endif
