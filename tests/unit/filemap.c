// SPDX-License-Identifier: GPL-2.0-or-later
/* Files that are read through a map: plain, empty, compressed, from a pipe, cut while read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kunit/test.h"
#include "lib/array.h"
#include "lib/file.h"
#include "lib/filemap.h"
#include "lib/spawn.h"

#define PAGE 4096

/* A file of @len bytes, "abc...zabc...", whose name the caller removes and frees. */
static char *new_file(struct kunit *test, size_t len)
{
	char *path = file_path("/tmp/mbsim-filemap-%d", (int)getpid());
	char *text = array_resize(NULL, len + 1, 1);
	struct error err = { 0 };

	for (size_t i = 0; i < len; i++)
		text[i] = 'a' + i % 26;
	KUNIT_ASSERT_EQ(test, file_write(path, text, len, &err), 0, "%s", err.text);
	free(text);
	return path;
}

static void expect_letters(struct kunit *test, const struct filemap *map, size_t len)
{
	size_t i = 0;

	KUNIT_ASSERT_EQ(test, map->len, len);
	while (i < len && map->text[i] == (char)('a' + i % 26))
		i++;
	KUNIT_EXPECT_EQ(test, i, len);
	KUNIT_EXPECT_TRUE(test, !map->text[len]);
}

static const struct length {
	const char *name;
	size_t bytes;
} lengths[] = {
	{ "empty", 0 },
	{ "one_byte", 1 },
	{ "page_but_one", PAGE - 1 },
	{ "page", PAGE },
	{ "page_and_one", PAGE + 1 },
	{ "pages", 64 * PAGE },
};

KUNIT_ARRAY_PARAM_DESC(lengths, lengths, name);

static void plain(struct kunit *test)
{
	const struct length *length = test->param_value;
	char *path = new_file(test, length->bytes);
	struct filemap map;
	struct error err = { 0 };

	KUNIT_ASSERT_EQ(test, filemap_open(&map, path, &err), 0, "%s", err.text);
	expect_letters(test, &map, length->bytes);
	/* what was given back comes again */
	filemap_forget(map.text, map.len);
	expect_letters(test, &map, length->bytes);
	filemap_close(&map);
	unlink(path);
	free(path);
}

static void compressed(struct kunit *test)
{
	char *path = new_file(test, 10 * PAGE), *packed = file_path("%s.xz", path);
	const char *const argv[] = { "xz", path, NULL };
	struct spawn s = { .argv = argv };
	struct error err = { 0 };
	struct filemap map;

	KUNIT_ASSERT_EQ(test, spawn_run(&s, &err), 0, "%s", err.text);
	KUNIT_ASSERT_EQ(test, s.status, 0, "%s", s.err);
	spawn_release(&s);
	KUNIT_ASSERT_EQ(test, filemap_open(&map, packed, &err), 0, "%s", err.text);
	expect_letters(test, &map, 10 * PAGE);
	filemap_close(&map);
	KUNIT_ASSERT_EQ(test, truncate(packed, 100), 0);
	KUNIT_EXPECT_NE(test, filemap_open(&map, packed, &err), 0);
	KUNIT_EXPECT_TRUE(test, strstr(err.text, "cannot decompress: "), "%s", err.text);
	unlink(packed);
	free(packed);
	free(path);
}

/* A file of /proc says that it is empty; a pipe has no length at all. */
static void not_plain(struct kunit *test)
{
	int ends[2], in = dup(STDIN_FILENO);
	struct error err = { 0 };
	struct filemap map;

	KUNIT_ASSERT_EQ(test, filemap_open(&map, "/proc/self/status", &err), 0, "%s", err.text);
	KUNIT_EXPECT_TRUE(test, strstr(map.text, "VmRSS"));
	filemap_close(&map);
	KUNIT_ASSERT_EQ(test, pipe(ends), 0);
	KUNIT_ASSERT_EQ(test, write(ends[1], "abcde", 5), 5);
	close(ends[1]);
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	KUNIT_EXPECT_EQ(test, filemap_open(&map, "-", &err), 0, "%s", err.text);
	dup2(in, STDIN_FILENO);
	close(in);
	expect_letters(test, &map, 5);
	filemap_close(&map);
}

static void cannot_be_read(struct kunit *test)
{
	struct error err = { 0 };
	struct filemap map;

	KUNIT_EXPECT_NE(test, filemap_open(&map, "/tmp", &err), 0);
	KUNIT_EXPECT_STREQ(test, err.text, "/tmp: Is a directory");
	KUNIT_EXPECT_NE(test, filemap_open(&map, "/no/such", &err), 0);
	KUNIT_EXPECT_STREQ(test, err.text, "/no/such: No such file or directory");
}

/* A log is rotated while it is read: the rest are zeroes. */
static void cut_while_read(struct kunit *test)
{
	char *path = new_file(test, 16 * PAGE);
	struct error err = { 0 };
	struct filemap map;
	size_t sum = 0;

	KUNIT_ASSERT_EQ(test, filemap_open(&map, path, &err), 0, "%s", err.text);
	KUNIT_ASSERT_EQ(test, truncate(path, 2 * PAGE), 0);
	for (size_t i = 2 * PAGE; i < map.len; i++)
		sum += map.text[i];
	KUNIT_EXPECT_EQ(test, sum, 0);
	KUNIT_EXPECT_TRUE(test, map.text[0] == 'a');
	filemap_close(&map);
	unlink(path);
	free(path);
}

/* Memory that is no map's is left as it is. */
static void forget_others(struct kunit *test)
{
	size_t len = 16 * PAGE;
	char *text = array_resize(NULL, len, 1);

	memset(text, 'x', len);
	filemap_forget(text, len);
	for (size_t i = 0; i < len; i++)
		KUNIT_ASSERT_TRUE(test, text[i] == 'x');
	free(text);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(plain, lengths_gen_params),
	KUNIT_CASE(compressed),
	KUNIT_CASE(not_plain),
	KUNIT_CASE(cannot_be_read),
	KUNIT_CASE(cut_while_read),
	KUNIT_CASE(forget_others),
	{},
};

static struct kunit_suite suite = { .name = "filemap", .test_cases = cases };

kunit_test_suite(suite);
