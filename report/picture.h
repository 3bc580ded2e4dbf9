/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_PICTURE_H
#define REPORT_PICTURE_H

#include <stdio.h>

#include "picture/picture.h"
#include "report/terminal.h"

/*
 * Draws an address space in text: all of it to scale in a row, then the parts of each node, and a legend. No line is wider
 * than the terminal. Fits @p to it. Prints nothing of an empty picture.
 */
void report_picture_text(struct picture *p, const struct report_terminal *terminal, FILE *out);

/* The same as a complete SVG file, in UTF-8; @title is its heading. */
void report_picture_svg(struct picture *p, const char *title, FILE *out);

#endif
