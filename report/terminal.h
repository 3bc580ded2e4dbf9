/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_TERMINAL_H
#define REPORT_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* What text that is drawn may consist of. */
struct report_terminal {
	bool is_one;  /* else a file or a pipe */
	size_t width; /* columns: REPORT_NARROWEST or more */
	bool utf8, colour;
};

#define REPORT_NARROWEST 40

/*
 * What @out is: its columns as COLUMNS or the terminal say, or else 80; colour, on a terminal that TERM says is not dumb,
 * unless NO_COLOR is set; UTF-8 if that is what the locale has, and the terminal is not dumb.
 */
struct report_terminal report_terminal_of(FILE *out);

#endif
