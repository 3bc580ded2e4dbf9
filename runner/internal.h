/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_INTERNAL_H
#define RUNNER_INTERNAL_H

#include "runner/runner.h"

/* plan.c: does "suite", "suite.case" or "suite.case/parameter" fit? */
bool plan_glob_fits(const char *glob, const char *suite, const char *name);

/* known.c: gives each test of the plan the bug of this memblock.c by which it is known to fail. */
void known_find(const struct engine *e, struct runner_plan *plan);
/* A failure that is known becomes RUNNER_KNOWN; a pass where one is known, a failure. */
void known_judge(struct runner_test *t, bool strict);

/* test.c: runs one test in this process, as often as the options say. */
void test_run(struct engine *e, struct runner_test *t, const struct runner_options *options);
/* Forgets the results of a test. */
void test_forget(struct runner_test *t);

/* workers.c: runs @nr tests in processes; done(data, i) is called in their order. */
int workers_run(struct engine *e, const struct runner_options *options, struct runner_test **tests,
		size_t nr, bool (*done)(void *data, size_t i), void *data, struct error *err);

/* wire.c: results of a test on their way from one process to another. */
struct wire {
	char *data;
	size_t len, room;
};

/* Sends the results of test @index; false if nobody listens. */
bool wire_send(int fd, size_t index, const struct runner_test *t);
/* Takes in what can be read; 0 at the end. */
long wire_receive(struct wire *w, int fd);
/* Takes the first whole message out: @index, and the results into @t. False if there is none. */
bool wire_next(struct wire *w, size_t *index, struct runner_test *t);
void wire_release(struct wire *w);

#endif
