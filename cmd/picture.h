/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMD_PICTURE_H
#define CMD_PICTURE_H

#include <argp.h>

#include "lib/error.h"
#include "picture/picture.h"
#include "report/terminal.h"

/*
 * --picture and --svg: a child parser for the commands that have an address space to draw. Its input is the struct
 * picture_options; initialise with { 0 }.
 */
struct picture_options {
	enum {
		PICTURE_ON_TERMINALS,
		PICTURE_ALWAYS,
		PICTURE_NEVER
	} when;
	const char *svg; /* the file; NULL: none */
};

extern const struct argp picture_argp;

/* Whether standard output is to have a picture; then @terminal says what of. */
bool cmd_draws_picture(const struct picture_options *o, struct report_terminal *terminal);

/* Writes the figure that --svg asks for, which is there whole or not at all, and releases @p. -errno and @err. */
int cmd_write_picture(const struct picture_options *o, struct picture *p, const char *title,
		      struct error *err);

#endif
