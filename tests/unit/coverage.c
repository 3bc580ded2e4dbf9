// SPDX-License-Identifier: GPL-2.0-or-later
/* Counts of several engines and processes are added up; reasons go to the lines they are of. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/coverage-file.h"
#include "kunit/test.h"
#include "lib/file.h"

static char dir[] = "/tmp/mbsim-coverage-XXXXXX";

static char *write_text(struct kunit *test, const char *name, const char *text)
{
	char *path = file_path("%s/%s", dir, name);

	KUNIT_ASSERT_EQ(test, file_write(path, text, strlen(text), NULL), 0);
	return path;
}

static int suite_init(struct kunit_suite *suite)
{
	(void)suite;
	return mkdtemp(dir) ? 0 : -1;
}

static void suite_exit(struct kunit_suite *suite)
{
	(void)suite;
	file_remove_tree(dir);
}

/* Lines 2 and 8 begin functions. */
static const char source[] = "/* head */\n"
			     "int f(int a)\n"
			     "{\n"
			     "\tif (a)  \n"
			     "\t\treturn\t-1;\n"
			     "\treturn 0;\n"
			     "}\n"
			     "int g(int a) {\n"
			     "\treturn -1;\n"
			     "}\n";

#define LINES(calls, then, g)                                                                      \
	"{\"files\": [{\"file\": \"x.h\", \"lines\": [{\"line_number\": 1, \"count\": 9}]},"       \
	"{\"file\": \"/tmp/x/mm/memblock.c\", \"functions\": ["                                    \
	"{\"name\": \"g\", \"start_line\": 8, \"end_line\": 10, \"execution_count\": " #g "},"     \
	"{\"name\": \"f\", \"start_line\": 2, \"end_line\": 7, \"execution_count\": " #calls "}]," \
	"\"lines\": [{\"line_number\": 2, \"count\": " #calls "},"                                 \
	"{\"line_number\": 4, \"count\": " #calls ", \"branches\": [{\"count\": " #then            \
	"}, {\"count\": " #calls "}]},"                                                            \
	"{\"line_number\": 5, \"count\": " #then "}, {\"line_number\": 99, \"count\": 1},"         \
	"{\"line_number\": 8, \"count\": " #g "}, {\"line_number\": 9, \"count\": " #g "}]}]}"

static void add_run(struct kunit *test, struct coverage_report *report, const char *path,
		    const char *engine, const char *json)
{
	struct coverage_file file = { 0 };
	struct error err = { 0 };

	KUNIT_ASSERT_EQ(test, coverage_file_init(&file, path, &err), 0);
	file.engines = file_path("%s", engine);
	KUNIT_ASSERT_EQ(test, coverage_file_parse(&file, "memblock", json, strlen(json), &err), 0);
	coverage_report_add(report, &file);
}

static void configurations_add_up(struct kunit *test)
{
	char *path = write_text(test, "a.c", source), *other = write_text(test, "b.c", "int h;\n");
	char *none = write_text(test, "none", "# nothing\n");
	struct coverage_report report = { 0 };
	const struct coverage_file *file;
	struct error err = { 0 };

	add_run(test, &report, path, "1 one", LINES(3, 0, 0));
	add_run(test, &report, other, "1 one", LINES(0, 0, 0));
	add_run(test, &report, path, "1 two", LINES(4, 2, 0));
	KUNIT_ASSERT_EQ(test, coverage_report_close(&report, none, &err), 0);
	KUNIT_ASSERT_EQ(test, report.nr, 2);
	file = &report.files[0];
	KUNIT_EXPECT_STREQ(test, file->engines, "1 one, 1 two");
	KUNIT_EXPECT_EQ(test, file->lines[4].count, 7);
	KUNIT_EXPECT_EQ(test, file->lines[5].count, 2);
	KUNIT_EXPECT_FALSE(test, file->lines[1].code);
	KUNIT_EXPECT_EQ(test, file->lines[4].nr_branches, 2);
	KUNIT_EXPECT_EQ(test, file->lines[4].branches[0], 2);
	KUNIT_EXPECT_EQ(test, file->lines[4].branches[1], 7);
	KUNIT_EXPECT_STREQ(test, file->functions[0].name, "f");
	KUNIT_EXPECT_EQ(test, file->functions[0].count, 7);
	KUNIT_EXPECT_EQ(test, file->lines_sum.all, 5);
	KUNIT_EXPECT_EQ(test, file->lines_sum.reached, 3);
	KUNIT_EXPECT_EQ(test, file->functions_sum.reached, 1);
	KUNIT_EXPECT_EQ(test, coverage_stretch_end(file, 8), 9);
	coverage_report_release(&report);
	free(path);
	free(other);
	free(none);
}

static void reasons_go_by_text(struct kunit *test)
{
	static const char reasons[] = "# a comment\n"
				      "g\n"
				      "\tline return 0;  => of another function\n"
				      "\tall => nobody may\n"
				      "[f]\n"
				      "\tline return -1; => never negative\n"
				      "\tbranch if (a) => never set\n";
	char *path = write_text(test, "a.c", source), *why = write_text(test, "why", reasons);
	struct coverage_report report = { 0 };
	const struct coverage_file *file;
	struct error err = { 0 };

	add_run(test, &report, path, "1 one", LINES(3, 0, 0));
	KUNIT_ASSERT_EQ_MSG(test, coverage_report_close(&report, why, &err), 0, "%s", err.text);
	file = &report.files[0];
	KUNIT_EXPECT_STREQ(test, file->lines[5].reason, "never negative");
	KUNIT_EXPECT_STREQ(test, file->lines[4].branch_reason, "never set");
	KUNIT_EXPECT_TRUE(test, !file->lines[4].reason);
	KUNIT_EXPECT_STREQ(test, file->lines[9].reason, "nobody may");
	KUNIT_EXPECT_TRUE(test, file->functions[1].excused);
	KUNIT_EXPECT_FALSE(test, file->functions[0].excused);
	KUNIT_EXPECT_EQ(test, file->lines_sum.excused, 3);
	KUNIT_EXPECT_EQ(test, file->branches_sum.excused, 1);
	/* what is reached is no longer excused */
	add_run(test, &report, path, "1 one", LINES(1, 1, 1));
	KUNIT_ASSERT_EQ(test, coverage_report_close(&report, why, &err), 0);
	file = &report.files[0];
	KUNIT_EXPECT_TRUE(test, !file->lines[5].reason);
	KUNIT_EXPECT_EQ(test, file->lines_sum.excused, 0);
	KUNIT_EXPECT_EQ(test, file->lines_sum.reached, file->lines_sum.all);
	coverage_report_release(&report);
	free(path);
	free(why);
}

static const struct mistake {
	const char *name, *text, *says;
} mistakes[] = {
	{ "no_function", "\tline x => y\n", ":1: name a function first" },
	{ "no_kind", "f\n\tx => y\n", ":2: write " },
	{ "no_reason", "f\n\n\tline x\n", ":3: write " },
	{ "empty_reason", "f\n\tline x => \n", ":2: write " },
	{ "no_glob", "f\n\tline => y\n", ":2: write " },
	{ "all_with_glob", "f\n\tall x => y\n", ":2: write " },
};

KUNIT_ARRAY_PARAM_DESC(mistakes, mistakes, name);

static void mistakes_are_named(struct kunit *test)
{
	const struct mistake *p = test->param_value;
	char *why = write_text(test, "why", p->text);
	struct coverage_report report = { 0 };
	struct error err = { 0 };

	KUNIT_EXPECT_LT(test, coverage_report_close(&report, why, &err), 0);
	KUNIT_EXPECT_TRUE_MSG(test, strstr(err.text, p->says), "%s", err.text);
	coverage_report_release(&report);
	free(why);
}

static struct engine *engine;

static void call_add(void *arg)
{
	const uint64_t args[RT_MAX_ARGS] = { 0, 4096 };

	(void)arg;
	engine_call(engine, engine_find_call(engine, "memblock_add"), args, NULL);
}

static void run_add(struct coverage *c)
{
	struct engine_exit end;

	engine_reset(engine);
	engine_run(engine, call_add, NULL, 1000, &end);
	engine_coverage_collect(c, engine);
}

static uint64_t count_adds(const struct coverage_report *report)
{
	const struct coverage_file *file = &report->files[0];

	for (size_t i = 0; i < file->nr_functions; i++)
		if (!strcmp(file->functions[i].name, "memblock_add"))
			return file->functions[i].count;
	return 0;
}

/* One call here and one in a child, as one configuration; false if there is no such engine. */
static bool run_configuration(struct kunit *test, const char *config,
			      struct coverage_report *report)
{
	struct engine_request req = { .config = config, .quiet = true, .coverage = true };
	struct coverage *c;
	struct error err = { 0 };
	pid_t child;

	engine = engine_open(&req, &err);
	c = engine ? engine_coverage_start(engine, &err) : NULL;
	if (c) {
		run_add(c);
		child = fork();
		if (!child) {
			run_add(c);
			_exit(0);
		}
		waitpid(child, NULL, 0);
		KUNIT_EXPECT_EQ_MSG(test, engine_coverage_finish(c, engine, report, &err), 0, "%s",
				    err.text);
	}
	engine_coverage_free(c);
	engine_close(engine);
	return c;
}

static void processes_share_counters(struct kunit *test)
{
	struct coverage_report report = { 0 };

	setenv("CC", "gcc", 1);
	if (!run_configuration(test, "x86_64", &report))
		kunit_skip(test, "no kernel sources, or no gcc and gcov");
	KUNIT_EXPECT_EQ(test, count_adds(&report), 2);
	KUNIT_EXPECT_TRUE(test, run_configuration(test, "arm64", &report));
	KUNIT_EXPECT_EQ(test, report.nr, 1);
	KUNIT_EXPECT_EQ(test, count_adds(&report), 4);
	coverage_report_release(&report);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(configurations_add_up),
	KUNIT_CASE(reasons_go_by_text),
	KUNIT_CASE_PARAM(mistakes_are_named, mistakes_gen_params),
	KUNIT_CASE(processes_share_counters),
	{},
};

static struct kunit_suite suite = {
	.name = "coverage",
	.suite_init = suite_init,
	.suite_exit = suite_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
