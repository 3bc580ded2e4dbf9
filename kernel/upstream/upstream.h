/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_UPSTREAM_UPSTREAM_H
#define KERNEL_UPSTREAM_UPSTREAM_H

/*
 * The tests of the kernel's own memblock simulator (tools/testing/memblock/tests), each run alone.
 * They are functions that take nothing; some call others and are called groups here, the others do
 * the testing. engine/upstream.c writes a file for each of theirs, which makes every such function's
 * name a macro that leaves its definition alone and hands calls of it to the run-time, and includes
 * the tree's file. To list the tests, groups run and tests are only noted; to run one, the
 * groups run, with the setting up that they do, and of the tests that one.
 */

#include <linux/types.h>

#include "kunit/test.h"

/* What main() calls, in its order; the last has no function. */
struct rt_upstream_group {
	const char *file; /* "basic_api" */
	int (*run)(void);
};
extern const struct rt_upstream_group rt_upstream_groups[];

/* A file that could not be compiled, and the compiler's first error; the last has no file. */
struct rt_upstream_unbuilt {
	const char *file, *error;
	bool api; /* it is about what this memblock has, or has not */
};
extern const struct rt_upstream_unbuilt rt_upstream_unbuilt[];

/* The tests are of another tree than memblock: what they need may not be there. */
extern const bool rt_upstream_foreign;

/* A call of a test: true if it is to run; rt_upstream_leave() is called after it. */
bool rt_upstream_enter(const char *name, const char *direction, int (*test)(void));
int rt_upstream_leave(void);
/* What is called for a test: itself, or, if it counts on what was left, what calls it twice. */
int (*rt_upstream_runner(int (*test)(void), bool is_stale))(void);
/* A test used what this memblock does not have. */
long rt_upstream_without(const char *name) __attribute__((noreturn));

/* What has been pushed first names the suite. */
const char *rt_upstream_push(const char *prefix);
void rt_upstream_pop(void);
void rt_upstream_reset(void);

void rt_upstream_differ(const struct kunit_site *site, struct kunit_value left,
			struct kunit_value right);

/*
 * "name(void)" is a definition or a declaration, "name()" a call; the argument is pasted, so
 * that which of them it is shows in the name of the macro.
 */
#define RT_TEST_void(f) (f)(void)
#define RT_TEST_(f) (rt_upstream_enter(#f, "", (f)) ? (RT_RUNNER(f)(), rt_upstream_leave()) : 0)
#define RT_RUNNER(f) rt_upstream_runner((f), RT_IS_STALE_##f)
#define RT_GROUP_void(f) (f)(void)
#define RT_GROUP_(f) (f)()

/*
 * The directions of one function are tests of their own. RT_IS_TEST_f: it is not a group; RT_IS_STALE_f:
 * it reads memblock's regions before it sets them up, and so those that a test before it left.
 */
#define RT_DIRECTION(run, name, f)                                                 \
	((!RT_IS_TEST_##f || rt_upstream_enter(#f, name, (f)))                     \
		 ? ((run)(RT_RUNNER(f)), RT_IS_TEST_##f ? rt_upstream_leave() : 0) \
		 : 0)
#define run_top_down(f) RT_DIRECTION(run_top_down, "/top_down", f)
#define run_bottom_up(f) RT_DIRECTION(run_bottom_up, "/bottom_up", f)

#define prefix_push(prefix) (prefix_push)(rt_upstream_push(prefix))
#define prefix_pop() (rt_upstream_pop(), (prefix_pop)())
#define prefix_reset() (rt_upstream_reset(), (prefix_reset)())

/* As numbers, to be shown: of any type that can be compared. */
#define RT_BITS(x) ((unsigned long long)(unsigned long)(x))
#define RT_SIGN(x) ((long long)RT_BITS(x) < 0)
#define RT_VALUE(x)                                                         \
	((struct kunit_value){ RT_BITS(x), _Generic((x), signed char        \
						    : RT_SIGN(x), short     \
						    : RT_SIGN(x), int       \
						    : RT_SIGN(x), long      \
						    : RT_SIGN(x), long long \
						    : RT_SIGN(x), default : 0) })

/* As the tree's common.h has them, which was included before, but both sides are shown. */
#define RT_ASSERT(what, expected, op, seen)                                                \
	do {                                                                               \
		if (!((expected)op(seen))) {                                               \
			const struct kunit_site rt_site = { what,      __FILE__, __LINE__, \
							    #expected, #op,	 #seen };  \
                                                                                           \
			rt_upstream_differ(&rt_site, RT_VALUE(expected), RT_VALUE(seen));  \
		}                                                                          \
	} while (0)
#undef ASSERT_EQ
#undef ASSERT_NE
#undef ASSERT_LT
#undef ASSERT_LE
#undef ASSERT_TRUE
#undef ASSERT_FALSE
#define ASSERT_EQ(expected, seen) RT_ASSERT("ASSERT_EQ", expected, ==, seen)
#define ASSERT_NE(expected, seen) RT_ASSERT("ASSERT_NE", expected, !=, seen)
#define ASSERT_LT(expected, seen) RT_ASSERT("ASSERT_LT", expected, <, seen)
#define ASSERT_LE(expected, seen) RT_ASSERT("ASSERT_LE", expected, <=, seen)
#define ASSERT_TRUE(seen) RT_ASSERT("ASSERT_TRUE", true, ==, seen)
#define ASSERT_FALSE(seen) RT_ASSERT("ASSERT_FALSE", false, ==, seen)

#endif
