// SPDX-License-Identifier: GPL-2.0-or-later
/* What fuzzing found, and what is in the folders of layouts, read as its own and any other format. */
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "kunit/test.h"
#include "layout/layout.h"
#include "lib/array.h"
#include "lib/file.h"
#include "tests/fuzz/layout.h"

static glob_t files;

/* Names of formats, from the list that people see; those of schemes have a colon. */
static char **list_formats(size_t *nr)
{
	char *text = NULL, **names = NULL, *line, *next;
	size_t len, room = 0;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		array_die();
	layout_list_formats(out);
	fclose(out);
	*nr = 0;
	for (next = text; (line = strsep(&next, "\n"));) {
		line[strcspn(line, " ")] = '\0';
		if (*line && !strchr(line, ':'))
			ARRAY_APPEND(names, *nr, room) = array_strdup(line);
	}
	ARRAY_APPEND(names, *nr, room) = array_strdup("any");
	free(text);
	return names;
}

static const void *next_file(const void *prev, char *desc)
{
	char *const *path = prev;

	if (!files.gl_pathv) {
		glob("tests/data/fuzz/*/*", 0, NULL, &files);
		glob("tests/data/layouts/*", GLOB_APPEND, NULL, &files);
	}
	path = path ? path + 1 : files.gl_pathv;
	if (!path || !*path)
		return NULL;
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s", *path + strlen("tests/data/"));
	return path;
}

static void any_format(struct kunit *test)
{
	const char *path = *(char *const *)test->param_value;
	size_t len, nr;
	char *data = file_read(path, &len, NULL), **formats = list_formats(&nr);

	KUNIT_ASSERT_NOT_NULL(test, data);
	KUNIT_EXPECT_GT(test, nr, 2);
	for (size_t i = 0; i < nr; i++) {
		const char *wrong = fuzz_layout(formats[i], (uint8_t *)data, len);

		KUNIT_EXPECT_STREQ(test, wrong ? wrong : "", "", "as %s", formats[i]);
		free(formats[i]);
	}
	free(formats);
	free(data);
}

static struct kunit_case cases[] = { KUNIT_CASE_PARAM(any_format, next_file), {} };

static struct kunit_suite suite = { .name = "layout_fuzz", .test_cases = cases };

kunit_test_suite(suite);
