/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_UNIT_LAYOUT_H
#define TESTS_UNIT_LAYOUT_H

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kunit/test.h"
#include "layout/layout.h"
#include "lib/array.h"
#include "lib/file.h"

/* What the tests of layout/ share. */

#define RANGE(a, b) ((struct range){ a, b })

/* A small generator of numbers below @below. */
static inline unsigned int random_number(unsigned int *seed, unsigned int below)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 8) % below;
}

static inline struct layout *parse(const char *text, struct error *err)
{
	*err = (struct error){ 0 };
	return layout_parse("t.layout", text, strlen(text), err);
}

/* The captured boots, for KUNIT_CASE_PARAM: each value is a path. */
static inline const void *next_capture(const void *previous, char *desc)
{
	static glob_t found;
	char *const *path = previous;

	if (!found.gl_pathc && glob("tests/data/boots/*.log.xz", 0, NULL, &found))
		return NULL;
	path = path ? path + 1 : found.gl_pathv;
	if (!*path)
		return NULL;
	kunit_describe(desc, strrchr(*path, '/') + 1);
	return path;
}

/* A file, which is there; the caller frees. */
static inline char *read_text(struct kunit *test, const char *path, size_t *len)
{
	struct error err = { 0 };
	char *text = file_read(path, len, &err);

	KUNIT_ASSERT_NOT_NULL(test, text, "%s", err.text);
	return text;
}

/* The layout as a layout file; the caller frees. */
static inline char *written(const struct layout *l)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out || layout_write(l, out))
		array_die();
	fclose(out);
	return text;
}

/* What is written is read back, and is the same when it is written again. */
static inline void expect_round_trip(struct kunit *test, const struct layout *l)
{
	struct error err = { 0 };
	char *first = written(l), *second;
	struct layout *back = parse(first, &err);

	KUNIT_EXPECT_STREQ(test, err.text, "");
	if (back) {
		second = written(back);
		KUNIT_EXPECT_STREQ(test, first, second);
		free(second);
	}
	layout_free(back);
	free(first);
}

#endif
