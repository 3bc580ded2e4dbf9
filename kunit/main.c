// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A program of unit tests: runs the registered suites, or the cases that match a pattern.
 *
 *	build/tests/unit/NAME [--list] ['SUITE.CASE*'...]
 *
 * Exit status: 0 all passed, 1 a case failed, 2 a wrong call or no such case.
 */
#include <fnmatch.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kunit/test.h"

void kunit_host_call(struct kunit_run *run, void (*fn)(struct kunit *test), struct kunit *test)
{
	jmp_buf jump;

	run->jump = &jump;
	if (!setjmp(jump))
		fn(test);
	run->jump = NULL;
}

void kunit_host_leave(struct kunit_run *run)
{
	if (!run->jump)
		abort(); /* nothing is running that could be left */
	longjmp(*(jmp_buf *)run->jump, 1);
}

static void write_stdout(struct kunit_run *run, const char *text, unsigned long length)
{
	(void)run;
	fwrite(text, 1, length, stdout);
}

/* run->data: the patterns of the command line, ended by NULL. */
static _Bool match(struct kunit_run *run, const char *name)
{
	char **pattern = run->data;

	if (!*pattern)
		return 1;
	for (; *pattern; pattern++)
		if (!fnmatch(*pattern, name, 0))
			return 1;
	return 0;
}

static _Bool list(struct kunit_run *run, const char *name)
{
	if (match(run, name))
		puts(name);
	return 0;
}

int main(int argc, char **argv)
{
	struct kunit_run run = {
		.write = write_stdout,
		.call = kunit_host_call,
		.leave = kunit_host_leave,
		.wanted = match,
		.data = argv + 1,
	};

	/* What a test writes by itself and what it crashes after stay in order. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc > 1 && !strcmp(argv[1], "--list")) {
		run.data = argv + 2;
		run.wanted = list;
		kunit_count(&run, kunit_suites);
		return 0;
	}
	if (argc > 1 && argv[1][0] == '-') {
		fprintf(stderr, "usage: %s [--list] ['SUITE.CASE*'...]\n", argv[0]);
		return 2;
	}
	if (!kunit_count(&run, kunit_suites)) {
		fprintf(stderr, "%s: no such case; --list shows them\n", argv[0]);
		return 2;
	}
	return kunit_run(&run, kunit_suites) ? 1 : 0;
}
