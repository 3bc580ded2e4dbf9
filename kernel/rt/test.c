// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests within an engine: lists them, and runs the one that the simulator asks for. What leaves a
 * test leaves the engine, and what is to be kept of it is in here until the next reset.
 */
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/string.h>

#include "kunit/test.h"
#include "rt.h"

static struct kunit_step step;
static bool suite_is_up;

static void write_text(struct kunit_run *run, const char *text, unsigned long length)
{
	(void)run;
	rt_host.test_text(text, length);
}

static void leave(struct kunit_run *run)
{
	(void)run;
	rt_host.leave(RT_LEFT, "");
}

static void fails(struct kunit_run *run)
{
	(void)run;
	rt_host.test_failed();
}

static struct kunit_run run = { .write = write_text, .leave = leave, .fails = fails };

void rt_test_list(void (*found)(void *data, const struct rt_test *test), void *data)
{
	for (struct kunit_suite *suite = kunit_suites; suite; suite = suite->next) {
		for (const struct kunit_case *c = suite->test_cases; c->run_case; c++) {
			struct kunit_step at = { .suite = suite, .kase = c };

			for (unsigned int i = 0; kunit_step_next(&at, i); i++) {
				const struct rt_test test = {
					.suite = suite->name,
					.name = at.test.name + strlen(suite->name) + 1,
					.of_suite = suite,
					.of_case = c,
					.parameter = i,
					.code = (unsigned long)c->run_case,
				};

				found(data, &test);
			}
		}
	}
}

void rt_test_run(const struct rt_test *test)
{
	int ret;

	step = (struct kunit_step){ .suite = (struct kunit_suite *)test->of_suite,
				    .kase = test->of_case };
	step.test.run = &run;
	for (unsigned int i = 0; i <= test->parameter; i++)
		kunit_step_next(&step, i);
	ret = step.suite->suite_init ? step.suite->suite_init(step.suite) : 0;
	if (ret) {
		KUNIT_FAIL(&step.test, "suite_init failed with %d", ret);
		return;
	}
	suite_is_up = true;
	kunit_step_run(&step.test);
	rt_printk_flush();
}

void rt_test_exit(void)
{
	if (!suite_is_up)
		return;
	if (step.suite->exit)
		step.suite->exit(&step.test);
	if (step.suite->suite_exit)
		step.suite->suite_exit(step.suite);
	rt_printk_flush();
}

enum rt_test_status rt_test_status(const char **reason)
{
	*reason = step.test.skip_reason;
	switch (step.test.status) {
	case KUNIT_SUCCESS:
		return RT_TEST_PASSED;
	case KUNIT_SKIPPED:
		return RT_TEST_SKIPPED;
	default:
		return RT_TEST_FAILED;
	}
}
