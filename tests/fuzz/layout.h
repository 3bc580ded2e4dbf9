/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_FUZZ_LAYOUT_H
#define TESTS_FUZZ_LAYOUT_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "layout/layout.h"
#include "lib/array.h"

/* What must hold of any bytes that somebody says are a layout. */

/* The layout as a layout file; the caller frees. */
static inline char *fuzz_write(const struct layout *l)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out || layout_write(l, out))
		array_die();
	fclose(out);
	return text;
}

/*
 * Reads @data as @format; "any" finds out. Returns NULL, or what does not hold: a refusal has a
 * message, and what is read can be checked, and is the same when it is written and read again.
 */
static inline const char *fuzz_layout(const char *format, const uint8_t *data, size_t size)
{
	char *text = array_resize(NULL, size + 1, 1), *first, *second = NULL;
	struct error err = { 0 };
	struct layout *l, *back;
	struct range *ram;
	size_t nr;

	memcpy(text, data, size);
	text[size] = '\0';
	l = layout_parse_as("fuzz", strcmp(format, "any") ? format : NULL, text, size, &err);
	free(text);
	if (!l)
		return err.text[0] && !strchr(err.text, '\n') ? NULL : "a refusal without a line";
	layout_check(l);
	ram = layout_ram(l, &nr);
	for (size_t i = 1; i < nr; i++)
		if (ram[i].start <= ram[i - 1].end)
			return "RAM is not sorted and merged";
	free(ram);
	first = fuzz_write(l);
	back = layout_parse("again", first, strlen(first), NULL);
	if (back)
		second = fuzz_write(back);
	layout_free(l);
	layout_free(back);
	if (!second)
		return "what was written is not read back";
	if (strcmp(first, second))
		return "what was written is read back as something else";
	free(first);
	free(second);
	return NULL;
}

#endif
