/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LIB_SPAWN_H
#define LIB_SPAWN_H

#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

#include "lib/error.h"

/*
 * Other programs, run without a shell: an argument vector, NULL-terminated, argv[0] looked
 * up in PATH. Messages of the programs come in the C locale.
 */
struct spawn {
	const char *const *argv;
	const char *dir; /* run there; NULL: here */
	int stdin_fd;	 /* 0: /dev/null; else this descriptor */
	int stdout_fd;	 /* 0: collected in @out; else this descriptor */

	/* results */
	char *out; /* standard output, NUL-terminated, freed by spawn_release() */
	size_t out_len;
	char *err;  /* standard error, likewise */
	int status; /* exit status, or 128 + signal */

	/* while it runs, for spawn's own use */
	pid_t pid;
	FILE *err_file, *out_file;
};

/*
 * Starts, waits and collects. Returns 0 if the program ran, whatever its exit status;
 * -errno and @err if it could not be started.
 */
int spawn_run(struct spawn *s, struct error *err);

/* The two halves of spawn_run(), for several programs at a time. */
int spawn_start(struct spawn *s, struct error *err);
int spawn_wait(struct spawn *s, struct error *err);

void spawn_release(struct spawn *s);

#endif
