/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LIB_SCAN_H
#define LIB_SCAN_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Words and numbers in messages of the kernel. Each steps over blanks first, and moves *@p only
 * if it finds what it looks for.
 */
bool scan_word(const char **p, const char *word);
bool scan_number(const char **p, uint64_t *value); /* decimal, fits 64 bits */
bool scan_signed(const char **p, int *value);	   /* decimal, with a minus or without */
bool scan_hex(const char **p, uint64_t *value);	   /* with 0x or without, fits 64 bits */

/* Nothing but blanks is left. */
bool scan_ended(const char *p);

#endif
