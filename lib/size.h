/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LIB_SIZE_H
#define LIB_SIZE_H

#include <stddef.h>
#include <stdint.h>

#include "lib/range.h"

/*
 * Numbers as the kernel's memparse() takes them: decimal, 0x hexadecimal or 0 octal,
 * with an optional suffix K, M, G, T, P or E (powers of 1024); unlike there, what does not
 * fit 64 bits is an error. The parsers return 0 and the first unused character in @end, or
 * -EINVAL, -ERANGE. With @end NULL the whole text must be used up.
 */
int size_parse(const char *text, const char **end, uint64_t *value);

/*
 * A range as "start-last" (last included, as the kernel prints ranges) or "start+size",
 * or a sole size, which is a range from 0.
 */
int size_parse_range(const char *text, const char **end, struct range *range);

/* A signed decimal number, the whole text. */
int size_parse_int(const char *text, long min, long max, long *value);

#define SIZE_TEXT_MAX 32

/*
 * @bytes for people: "0", "512", "640K", "1.5G", "63T"; one decimal where it is not
 * exact. Writes to @buf and returns it.
 */
const char *size_format(uint64_t bytes, char buf[SIZE_TEXT_MAX]);

#endif
