// SPDX-License-Identifier: GPL-2.0-or-later
/* mbsim: finds the command, and sees to it that what was printed has arrived. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"

const struct command commands[] = {
	{ "boot", "boot a machine's memory map, up to the page allocator", cmd_boot },
	{ "explain", "answer a question about a machine's memory", cmd_explain },
	{ "test", "run the tests of memblock", cmd_test },
	{ "fuzz", "make up calls of memblock, and compare with the model", cmd_fuzz },
	{ "mutate", "break memblock.c in small ways: do the tests notice?", cmd_mutate },
	{ "replay", "make the memblock calls of a real boot again, and compare", cmd_replay },
	{ "diff", "give two kernels the same input, and compare what they do", cmd_diff },
	{ "run", "run a script of memblock calls", cmd_run },
	{ "layout", "make up, convert and check memory layouts", cmd_layout },
	{ "kernel", "list kernels; build one's engine, show what it has", cmd_kernel },
	{ NULL, NULL, NULL },
};

#ifdef MBSIM_SANITIZE
/* What a sanitizer finds is to abort: no exit status of mbsim says that. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "abort_on_error=1";
}

const char *__ubsan_default_options(void);
const char *__ubsan_default_options(void)
{
	return "abort_on_error=1:print_stacktrace=1";
}
#endif

static void print_help(FILE *out)
{
	fputs("Usage: mbsim COMMAND [OPTION...]\n"
	      "Runs the Linux kernel's own mm/memblock.c in user space.\n\n",
	      out);
	for (const struct command *c = commands; c->name; c++)
		fprintf(out, "  %-10s %s\n", c->name, c->summary);
	fputs("\n`mbsim COMMAND --help` tells a command's options; mbsim(1) tells it all.\n"
	      "Exit status: 0 it holds; 1 a test, check or comparison failed; 2 the call or its\n"
	      "input was wrong; 125 (test, diff, fuzz, mutate) a kernel could not be\n"
	      "built.\n",
	      out);
}

/* A full disk must not pass for a short report. */
static int close_output(int status)
{
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "mbsim: cannot write the output: %s\n", strerror(errno));
		return CMD_WRONG;
	}
	return status;
}

static const struct command *find_command(const char *name)
{
	for (const struct command *c = commands; c->name; c++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	bool help = !strcmp(name, "help") || !strcmp(name, "--help") || !strcmp(name, "-h");
	const struct command *command;
	char full_name[64];

	argp_err_exit_status = CMD_WRONG;
	if (argc < 2) {
		print_help(stderr);
		return CMD_WRONG;
	}
	if (help && argc < 3) {
		print_help(stdout);
		return close_output(CMD_HOLDS);
	}
	if (!strcmp(name, "--version") || !strcmp(name, "-V")) {
		puts("mbsim " MBSIM_VERSION);
		return close_output(CMD_HOLDS);
	}
	command = find_command(help ? argv[2] : name);
	if (!command) {
		fprintf(stderr, "mbsim: no command '%s'; `mbsim help` lists them\n",
			help ? argv[2] : name);
		return CMD_WRONG;
	}
	snprintf(full_name, sizeof(full_name), "mbsim %s", command->name);
	if (help) {
		char help_option[] = "--help";
		char *help_argv[] = { full_name, help_option, NULL };

		return close_output(command->run(2, help_argv));
	}
	argv[1] = full_name;
	return close_output(command->run(argc - 1, argv + 1));
}
