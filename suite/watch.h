/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SUITE_WATCH_H
#define SUITE_WATCH_H

#include "suite/suite.h"

/*
 * What memblock does to the world, for tests that are about that: pages given to the page allocator,
 * the memory map, kmemleak, slab, the kernel's log; and how a call ends that does not return.
 */

/* From here on, events and the log are kept; what was kept before is forgotten. */
void suite_watch(void);

struct watched {
	enum rt_event event;
	u64 a, b; /* see enum rt_event in kernel/abi.h */
	long c;
};

/* How many events of a kind there were since suite_watch(); the @nth of them, or NULL. */
unsigned int suite_count_events(enum rt_event event);
const struct watched *suite_event(enum rt_event event, unsigned int nth);

/* The kernel's log since suite_watch(), lines; cut after 16 KiB. */
const char *suite_log(void);
/* Expects that @text is in the log since suite_watch(), or that it is not. */
#define expect_log(test, text) suite_expect_log(test, &SUITE_SITE("the log", text), text, true)
#define expect_not_in_log(test, text) \
	suite_expect_log(test, &SUITE_SITE("the log", "without " text), text, false)
void suite_expect_log(struct kunit *test, const struct kunit_site *site, const char *text,
		      bool there);

/*
 * Expects that @statement does not return, but panics, or ends at a BUG(), with @text in what it
 * says. Ends the test, whose suite may look at memblock in its exit().
 */
#define expect_panic(test, text, statement) SUITE_END(test, RT_PANIC, "panic", text, statement)
#define expect_bug(test, statement) SUITE_END(test, RT_BUG, "BUG", "", statement)
#define SUITE_END(test, why, word, text, statement)                                  \
	do {                                                                         \
		suite_must_end(why, text);                                           \
		statement;                                                           \
		suite_may_end();                                                     \
		KUNIT_FAIL_AND_ABORT(test, "it returned: no %s \"%s\"", word, text); \
	} while (0)
void suite_must_end(enum rt_leave why, const char *text);
void suite_may_end(void);

/* Gives "name=value" to memblock's early_param() and __setup() handlers; what the handler said. */
int suite_param(struct kunit *test, const char *name, const char *value);

#endif
