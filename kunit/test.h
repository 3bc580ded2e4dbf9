/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KUNIT_TEST_H
#define KUNIT_TEST_H

/*
 * Tests in the shape of the kernel's KUnit: a case is a function that takes a struct kunit;
 * an expectation that does not hold fails the case and goes on, an assertion leaves it.
 *
 *	static void overlap_bottom(struct kunit *test)
 *	{
 *		KUNIT_ASSERT_EQ(test, memblock_reserve(0, SZ_4K), 0);
 *		KUNIT_EXPECT_EQ_MSG(test, total, SZ_4K, "after %d calls", n);
 *	}
 *
 *	static struct kunit_case cases[] = { KUNIT_CASE(overlap_bottom), {} };
 *	static struct kunit_suite suite = { .name = "memblock_reserve", .test_cases = cases };
 *
 *	kunit_test_suite(suite);
 *
 * Results are flat KTAP, one per case or parameter: `ok 1 memblock_reserve.overlap_bottom`.
 * The same file serves programs of the host and engines, so no header is included here.
 */

struct kunit_run;

#define KUNIT_PARAM_DESC_SIZE 128
#define KUNIT_NAME_SIZE 320

enum kunit_status {
	KUNIT_SUCCESS,
	KUNIT_FAILURE,
	KUNIT_SKIPPED
};

/* A case while it runs. */
struct kunit {
	void *priv;		 /* of the suite, from init to exit */
	const void *param_value; /* of a KUNIT_CASE_PARAM() */
	char name[KUNIT_NAME_SIZE];
	enum kunit_status status;
	char skip_reason[KUNIT_PARAM_DESC_SIZE];
	struct kunit_run *run;
};

struct kunit_case {
	void (*run_case)(struct kunit *test);
	const char *name;
	/* The parameter after @prev (NULL: the first one), or NULL; writes its name to @desc. */
	const void *(*generate_params)(const void *prev, char *desc);
};

struct kunit_suite {
	const char *name;
	int (*suite_init)(struct kunit_suite *suite); /* once; 0, or all its cases fail */
	void (*suite_exit)(struct kunit_suite *suite);
	int (*init)(struct kunit *test);  /* before each case; 0, or the case fails */
	void (*exit)(struct kunit *test); /* after each case, however it ended */
	struct kunit_case *test_cases;	  /* the last one is {} */
	struct kunit_suite *next;	  /* set by kunit_register() */
};

#define KUNIT_CASE(fn)                        \
	{                                     \
		.run_case = (fn), .name = #fn \
	}
#define KUNIT_CASE_PARAM(fn, gen)                                       \
	{                                                               \
		.run_case = (fn), .name = #fn, .generate_params = (gen) \
	}

/* Registers a suite when the program starts or the engine is loaded. */
#define kunit_test_suite(suite)                                               \
	static void __attribute__((constructor)) kunit_register_##suite(void) \
	{                                                                     \
		kunit_register(&(suite));                                     \
	}                                                                     \
	struct kunit_suite

/* Defines NAME_gen_params() over @array; @get_desc(element, desc) writes a name, or is NULL. */
#define KUNIT_ARRAY_PARAM(name, array, get_desc)                                            \
	static const void *name##_gen_params(const void *prev, char *desc)                  \
	{                                                                                   \
		__typeof__(&(array)[0]) next = prev ? (__typeof__(next))prev + 1 : (array); \
		void (*const describe)(__typeof__(next), char *) = get_desc;                \
                                                                                            \
		if (next == (array) + sizeof(array) / sizeof((array)[0]))                   \
			return 0;                                                           \
		if (describe)                                                               \
			describe(next, desc);                                               \
		return next;                                                                \
	}                                                                                   \
	struct kunit

/* Likewise; the name is the string @member of each element. */
#define KUNIT_ARRAY_PARAM_DESC(name, array, member)                          \
	static void name##_desc(__typeof__(&(array)[0]) element, char *desc) \
	{                                                                    \
		kunit_describe(desc, element->member);                       \
	}                                                                    \
	KUNIT_ARRAY_PARAM(name, array, name##_desc)

/* Copies the name of a parameter, cut to its size. */
void kunit_describe(char *desc, const char *name);

/* Adds @suite to those that kunit_suites starts; cases run in the order of registration. */
void kunit_register(struct kunit_suite *suite);
extern struct kunit_suite *kunit_suites;

/* A line about the case, whether it passes or not. */
void kunit_info(struct kunit *test, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Neither passed nor failed, for a reason; kunit_skip() leaves the case. */
void kunit_mark_skipped(struct kunit *test, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
#define kunit_skip(test, ...)                          \
	do {                                           \
		kunit_mark_skipped(test, __VA_ARGS__); \
		kunit_leave(test);                     \
	} while (0)

/* Leaves the case; its exit function runs all the same. */
void kunit_leave(struct kunit *test) __attribute__((noreturn));

#include "kunit/expect.h"

/*
 * What runs suites, and their result. The host side provides the functions: kunit/main.c in
 * a program, the run-time in an engine. Zero what is not given.
 */
struct kunit_run {
	void (*write)(struct kunit_run *run, const char *text, unsigned long length);
	/* Calls fn(test), which returns or is left by leave(). */
	void (*call)(struct kunit_run *run, void (*fn)(struct kunit *test), struct kunit *test);
	void (*leave)(struct kunit_run *run);
	/* Is the case called "suite.case/parameter" to run? NULL: every one is. */
	_Bool (*wanted)(struct kunit_run *run, const char *name);
	/* An expectation does not hold, and is about to be written. */
	void (*fails)(struct kunit_run *run);
	void *data; /* of whoever provides the functions */
	void *jump; /* of call() and leave() */

	unsigned int passed, failed, skipped;
};

/* How many cases of @suites and those after it are wanted. */
unsigned int kunit_count(struct kunit_run *run, struct kunit_suite *suites);

/* Runs the wanted cases; returns how many failed. */
unsigned int kunit_run(struct kunit_run *run, struct kunit_suite *suites);

/*
 * For those who run one at a time: a case, or one parameter of it. @suite and @kase say which case;
 * kunit_step_next() with 0, 1, ... goes through its parameters, and is false after the last.
 */
struct kunit_step {
	struct kunit test; /* with its name and parameter set */
	struct kunit_suite *suite;
	const struct kunit_case *kase;
};

_Bool kunit_step_next(struct kunit_step *step, unsigned int index);
/* Runs the suite's init() and the case; @test is that of a struct kunit_step. */
void kunit_step_run(struct kunit *test);

/* call() and leave() of a program, by setjmp(): in kunit/main.c, not in engines. */
void kunit_host_call(struct kunit_run *run, void (*fn)(struct kunit *test), struct kunit *test);
void kunit_host_leave(struct kunit_run *run);

#endif
