/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMD_DIFF_H
#define CMD_DIFF_H

#include "cmd/inputs.h"
#include "cmd/test.h"
#include "diff/diff.h"

/* diff-input.c: what `mbsim diff` gives to both kernels. */
struct diff_input {
	struct engine_options *engine; /* of the whole call */
	const char *config; /* that goes with the input; NULL: none does better than others */
	bool json;	    /* asked for behind the input's name */
	const char *html;   /* likewise */

	const struct diff_input_kind {
		const char *name; /* as the command */
		void (*parse)(struct diff_input *in, int argc, char **argv);
		/* Options that say nothing of what a kernel does: the name of one that is given. */
		const char *(*unfit)(const struct diff_input *in);
		int (*open)(struct diff_input *in, struct error *err);
		int (*run)(struct diff_input *in, struct engine *e, struct record *run,
			   struct error *err);
	} * kind;
	union {
		struct boot_call boot;
		struct replay_call replay;
		struct run_call run;
		struct test_options test;
	};
	struct layout *layout;
	struct replay_log *log;
	char *script;
};

/* @argv begins with the name of the input. Ends the program for --help and for wrong options. */
int diff_input_parse(struct diff_input *in, int argc, char **argv, struct error *err);
/* Reads it. */
int diff_input_open(struct diff_input *in, struct error *err);
/* After each of the two; -errno and @err if the input was not what it should be. */
int diff_input_end(const struct diff_input *in, struct error *err);
void diff_input_release(struct diff_input *in);

#endif
