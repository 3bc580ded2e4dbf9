/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LIB_CMDLINE_H
#define LIB_CMDLINE_H

#include <stdbool.h>

/*
 * Takes the next word off a kernel's command line at *@p, as next_arg() of lib/cmdline.c does: quotes
 * protect blanks, and those around a word or a value go. *@name is allocated, and *@value is in it, or
 * NULL without "=". False at the end.
 */
bool cmdline_next(const char **p, char **name, char **value);

#endif
