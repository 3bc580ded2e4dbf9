// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The test frame itself: a failing case must be seen to fail. Inner suites, which are not
 * registered, run into memory; what they wrote is compared.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kunit/test.h"

static char *written;
static size_t written_size;

static void write_memory(struct kunit_run *run, const char *text, unsigned long length)
{
	fwrite(text, 1, length, run->data);
}

/* Runs @suite and keeps what it wrote, until the next one. */
static struct kunit_run run_inner(struct kunit_suite *suite)
{
	struct kunit_run run = {
		.write = write_memory,
		.call = kunit_host_call,
		.leave = kunit_host_leave,
	};

	free(written);
	run.data = open_memstream(&written, &written_size);
	kunit_run(&run, suite);
	fclose(run.data);
	return run;
}

static void release_written(struct kunit *test)
{
	(void)test;
	free(written);
	written = NULL;
}

/* If the frame is broken, what it says of itself is worth nothing. */
static void must_fail(const struct kunit_run *run)
{
	if (run->failed != 1 || run->passed || !strstr(written, "\nnot ok 1 "))
		abort();
}

static int steps;

static void inner_pass(struct kunit *test)
{
	const char *null = NULL;

	KUNIT_EXPECT_TRUE(test, 1);
	KUNIT_EXPECT_FALSE(test, 0);
	KUNIT_EXPECT_LT(test, -1, 0u);
	KUNIT_EXPECT_GT(test, -1LLU, -1);
	KUNIT_EXPECT_LE(test, (char)3, 3L);
	KUNIT_EXPECT_GE(test, 1ull << 63, 1);
	KUNIT_EXPECT_NULL(test, null);
	KUNIT_EXPECT_NOT_NULL(test, test);
	KUNIT_EXPECT_PTR_NE(test, test, NULL);
	KUNIT_EXPECT_STREQ(test, null, NULL);
	KUNIT_EXPECT_STRNEQ(test, "", null);
	KUNIT_EXPECT_MEMEQ(test, "abc", "abd", 2);
	KUNIT_EXPECT_MEMNEQ(test, "abc", "abd", 3);
}

static void inner_expect(struct kunit *test)
{
	steps = 0;
	KUNIT_EXPECT_EQ(test, steps, 4);
	steps = 1;
}

static void inner_assert(struct kunit *test)
{
	steps = 0;
	KUNIT_ASSERT_EQ_MSG(test, steps, -4, "in round %d", 7);
	steps = 1;
}

static void inner_skip(struct kunit *test)
{
	steps = 0;
	kunit_skip(test, "no %s", "reason");
	steps = 1;
}

static void inner_texts(struct kunit *test)
{
	const char *text = "one\ntwo";

	KUNIT_EXPECT_STREQ(test, text, "one\nTwo");
	KUNIT_EXPECT_MEMEQ(test, text, "only", 4);
	KUNIT_FAIL(test, "not this way");
}

static void inner_note(struct kunit *test)
{
	kunit_info(test, "one\n%s", "two");
}

#define SUITE(fn, ...)                                                                      \
	{                                                                                   \
		.name = "inner", .test_cases = (struct kunit_case[]){ KUNIT_CASE(fn), {} }, \
		__VA_ARGS__                                                                 \
	}

static void all_shapes_hold(struct kunit *test)
{
	struct kunit_suite suite = SUITE(inner_pass);
	struct kunit_run run = run_inner(&suite);

	KUNIT_EXPECT_STREQ(test, written,
			   "KTAP version 1\n"
			   "1..1\n"
			   "ok 1 inner.inner_pass\n"
			   "# Totals: pass:1 fail:0 skip:0 total:1\n");
	KUNIT_EXPECT_EQ(test, run.passed, 1);
	KUNIT_EXPECT_EQ(test, run.failed, 0);
}

static void expectation_goes_on(struct kunit *test)
{
	struct kunit_suite suite = SUITE(inner_expect);
	struct kunit_run run = run_inner(&suite);

	must_fail(&run);
	KUNIT_EXPECT_EQ(test, steps, 1);
	KUNIT_EXPECT_EQ(test, run.failed, 1);
	KUNIT_EXPECT_EQ(test, run.passed, 0);
	KUNIT_EXPECT_NOT_NULL(test, strstr(written, "\nnot ok 1 inner.inner_expect\n"), "%s",
			      written);
	KUNIT_EXPECT_NOT_NULL(test, strstr(written, "KUNIT_EXPECT failed at tests/unit/kunit.c:"));
	KUNIT_EXPECT_NOT_NULL(test, strstr(written, "#     expected: steps == 4\n"
						    "#     steps is 0 (0x0)\n"
						    "not ok"));
}

static void assertion_leaves(struct kunit *test)
{
	struct kunit_suite suite = SUITE(inner_assert);
	struct kunit_run run = run_inner(&suite);

	must_fail(&run);
	KUNIT_EXPECT_EQ(test, steps, 0);
	KUNIT_EXPECT_EQ(test, run.failed, 1);
	KUNIT_EXPECT_NOT_NULL(test, strstr(written, "#     expected: steps == -4\n"
						    "#     steps is 0 (0x0)\n"
						    "#     in round 7\n"
						    "not ok 1 inner.inner_assert\n"));
}

static void skip_leaves(struct kunit *test)
{
	struct kunit_suite suite = SUITE(inner_skip);
	struct kunit_run run = run_inner(&suite);

	KUNIT_EXPECT_EQ(test, steps, 0);
	KUNIT_EXPECT_EQ(test, run.skipped, 1);
	KUNIT_EXPECT_EQ(test, run.passed + run.failed, 0);
	KUNIT_EXPECT_NOT_NULL(test, strstr(written, "ok 1 inner.inner_skip # SKIP no reason\n"));
}

static void texts_are_shown(struct kunit *test)
{
	struct kunit_suite suite = SUITE(inner_texts);

	run_inner(&suite);
	KUNIT_EXPECT_NOT_NULL(test, strstr(written, "#     text is \"\n"
						    "#     one\n"
						    "#     two\"\n"));
	KUNIT_EXPECT_NOT_NULL(test, strstr(written, "#     they differ from line 2 on\n"));
	KUNIT_EXPECT_NOT_NULL(test, strstr(written, "#     text from byte 2 on: 65 0a\n"));
	KUNIT_EXPECT_NOT_NULL(test, strstr(written, "#     not this way\nnot ok"));
}

static void info_is_a_comment(struct kunit *test)
{
	struct kunit_suite suite = SUITE(inner_note);

	run_inner(&suite);
	KUNIT_EXPECT_NOT_NULL(test, strstr(written, "# inner.inner_note: one\n#     two\nok 1 "));
}

static int exits;

static void count_exit(struct kunit *test)
{
	exits++;
	KUNIT_EXPECT_STREQ(test, test->priv, "made by init");
}

static int make_priv(struct kunit *test)
{
	static char text[] = "made by init";

	test->priv = text;
	return 0;
}

static int refuse(struct kunit *test)
{
	make_priv(test);
	return -22;
}

static void exit_follows_assertion(struct kunit *test)
{
	struct kunit_suite suite = SUITE(inner_assert, .init = make_priv, .exit = count_exit);
	struct kunit_run run;

	exits = 0;
	run = run_inner(&suite);
	KUNIT_EXPECT_EQ(test, exits, 1);
	KUNIT_EXPECT_EQ(test, run.failed, 1);
}

static void failed_init_fails_case(struct kunit *test)
{
	struct kunit_suite suite = SUITE(inner_pass, .init = refuse, .exit = count_exit);
	struct kunit_run run;

	exits = 0;
	run = run_inner(&suite);
	KUNIT_EXPECT_EQ(test, exits, 1);
	KUNIT_EXPECT_EQ(test, run.failed, 1);
	KUNIT_EXPECT_NOT_NULL(test, strstr(written, "init failed with -22\nnot ok 1 "));
}

static int refuse_suite(struct kunit_suite *suite)
{
	(void)suite;
	return -12;
}

static void failed_suite_init_fails_cases(struct kunit *test)
{
	struct kunit_suite suite = SUITE(inner_expect, .suite_init = refuse_suite);
	struct kunit_run run;

	steps = 5;
	run = run_inner(&suite);
	KUNIT_EXPECT_EQ(test, steps, 5);
	KUNIT_EXPECT_EQ(test, run.failed, 1);
	KUNIT_EXPECT_NOT_NULL(test, strstr(written, "suite_init failed with -12\nnot ok 1 "));
}

static const struct number {
	const char *name;
	int value;
} numbers[] = { { "one", 1 }, { "two#2", 2 }, { "three", 3 } };

KUNIT_ARRAY_PARAM_DESC(number, numbers, name);
KUNIT_ARRAY_PARAM(plain, numbers, NULL);

static void is_odd(struct kunit *test)
{
	const struct number *number = test->param_value;

	KUNIT_EXPECT_EQ(test, number->value % 2, 1);
}

static void every_parameter_counts(struct kunit *test)
{
	struct kunit_suite suite = {
		.name = "inner",
		.test_cases = (struct kunit_case[]){ KUNIT_CASE_PARAM(is_odd, number_gen_params),
						     KUNIT_CASE_PARAM(is_odd, plain_gen_params),
						     {} },
	};
	struct kunit_run run = run_inner(&suite);

	KUNIT_EXPECT_EQ(test, run.passed, 4);
	KUNIT_EXPECT_EQ(test, run.failed, 2);
	KUNIT_EXPECT_NOT_NULL(test, strstr(written, "1..6\nok 1 inner.is_odd/one\n"));
	KUNIT_EXPECT_NOT_NULL(test, strstr(written, "\nnot ok 2 inner.is_odd/two_2\n"
						    "ok 3 inner.is_odd/three\n"
						    "ok 4 inner.is_odd/0\n"));
	KUNIT_EXPECT_NOT_NULL(test, strstr(written, "\nnot ok 5 inner.is_odd/1\n"));
}

static _Bool is_three(struct kunit_run *run, const char *name)
{
	(void)run;
	return strstr(name, "three");
}

static void unwanted_are_left_out(struct kunit *test)
{
	struct kunit_suite suite = {
		.name = "inner",
		.test_cases =
			(struct kunit_case[]){ KUNIT_CASE_PARAM(is_odd, number_gen_params), {} },
	};
	struct kunit_run run = { .wanted = is_three };

	KUNIT_EXPECT_EQ(test, kunit_count(&run, &suite), 1);
	run.wanted = NULL;
	KUNIT_EXPECT_EQ(test, kunit_count(&run, &suite), 3);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(all_shapes_hold),
	KUNIT_CASE(expectation_goes_on),
	KUNIT_CASE(assertion_leaves),
	KUNIT_CASE(skip_leaves),
	KUNIT_CASE(texts_are_shown),
	KUNIT_CASE(info_is_a_comment),
	KUNIT_CASE(exit_follows_assertion),
	KUNIT_CASE(failed_init_fails_case),
	KUNIT_CASE(failed_suite_init_fails_cases),
	KUNIT_CASE(every_parameter_counts),
	KUNIT_CASE(unwanted_are_left_out),
	{},
};

static struct kunit_suite kunit_suite = {
	.name = "kunit",
	.exit = release_written,
	.test_cases = cases,
};

kunit_test_suite(kunit_suite);
