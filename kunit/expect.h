/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KUNIT_EXPECT_H
#define KUNIT_EXPECT_H

/*
 * What cases say: KUNIT_EXPECT_x() and KUNIT_ASSERT_x(), included by kunit/test.h. Each
 * shape (truth, integers, pointers, strings, memory) is one macro; what follows it only
 * gives it names. An argument is evaluated once, a message only if it is needed. Every
 * one takes a message, a literal format and its arguments, as its last parameters; the
 * names with _MSG are those of the kernel.
 */

struct kunit;

/* An expectation or assertion that does not hold, as it is written in the source. */
struct kunit_site {
	const char *kind; /* "EXPECT" or "ASSERT" */
	const char *file;
	int line;
	const char *left, *op, *right;
};

/* Integers of any type keep their mathematical value: -1 is less than 0u. */
struct kunit_value {
	unsigned long long bits;
	_Bool negative;
};

/* Like strcmp() and memcmp(); a NULL string comes first and equals itself. */
int kunit_compare(struct kunit_value left, struct kunit_value right);
int kunit_compare_text(const char *left, const char *right);
int kunit_compare_bytes(const void *left, const void *right, unsigned long size);

/* Record that the case failed, and say why; @fmt adds to it. */
void kunit_fail(struct kunit *test, const struct kunit_site *site, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void kunit_fail_int(struct kunit *test, const struct kunit_site *site, struct kunit_value left,
		    struct kunit_value right, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
void kunit_fail_text(struct kunit *test, const struct kunit_site *site, const char *left,
		     const char *right, const char *fmt, ...) __attribute__((format(printf, 5, 6)));
void kunit_fail_bytes(struct kunit *test, const struct kunit_site *site, const void *left,
		      const void *right, unsigned long size, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));

/* What opens a failure, and the way out of an assertion; all shapes share it. */
#define KUNIT_UNLESS(test, what, holds, lt, op, rt, fail, ...)                 \
	do {                                                                   \
		if (__builtin_expect(!(holds), 0)) {                           \
			const struct kunit_site kunit_site = {                 \
				"KUNIT_" #what, __FILE__, __LINE__, lt, op, rt \
			};                                                     \
                                                                               \
			fail(test, &kunit_site, __VA_ARGS__);                  \
			KUNIT_THEN_##what(test);                               \
		}                                                              \
	} while (0)
#define KUNIT_THEN_EXPECT(test)
#define KUNIT_THEN_ASSERT(test) kunit_leave(test)

#define KUNIT_TRUTH(test, what, holds, text, op, ...) \
	KUNIT_UNLESS(test, what, holds, text, op, "", kunit_fail, __VA_ARGS__)

#define KUNIT_VALUE(x)                                                                            \
	({                                                                                        \
		__typeof__((x) + 0) kunit_v = (x);                                                \
                                                                                                  \
		(struct kunit_value){ (unsigned long long)kunit_v, kunit_v < 1 && kunit_v != 0 }; \
	})

#define KUNIT_INT(test, what, l, lt, op, r, rt, ...)                                         \
	do {                                                                                 \
		const struct kunit_value kunit_l = KUNIT_VALUE(l), kunit_r = KUNIT_VALUE(r); \
                                                                                             \
		KUNIT_UNLESS(test, what, kunit_compare(kunit_l, kunit_r) op 0, lt, #op, rt,  \
			     kunit_fail_int, kunit_l, kunit_r, __VA_ARGS__);                 \
	} while (0)

#define KUNIT_ADDRESS(p) ((struct kunit_value){ (unsigned long)(p), 0 })

#define KUNIT_PTR(test, what, l, lt, op, r, rt, ...)                                               \
	do {                                                                                       \
		const void *const kunit_l = (const void *)(l), *const kunit_r = (const void *)(r); \
                                                                                                   \
		KUNIT_UNLESS(test, what, kunit_l op kunit_r, lt, #op, rt, kunit_fail_int,          \
			     KUNIT_ADDRESS(kunit_l), KUNIT_ADDRESS(kunit_r), __VA_ARGS__);         \
	} while (0)

#define KUNIT_TEXT(test, what, l, lt, op, r, rt, ...)                                            \
	do {                                                                                     \
		const char *const kunit_l = (l), *const kunit_r = (r);                           \
                                                                                                 \
		KUNIT_UNLESS(test, what, kunit_compare_text(kunit_l, kunit_r) op 0, lt, #op, rt, \
			     kunit_fail_text, kunit_l, kunit_r, __VA_ARGS__);                    \
	} while (0)

#define KUNIT_BYTES(test, what, l, lt, op, r, rt, size, ...)                                      \
	do {                                                                                      \
		const void *const kunit_l = (l), *const kunit_r = (r);                            \
		const unsigned long kunit_n = (size);                                             \
                                                                                                  \
		KUNIT_UNLESS(test, what, kunit_compare_bytes(kunit_l, kunit_r, kunit_n) op 0, lt, \
			     #op, rt, kunit_fail_bytes, kunit_l, kunit_r, kunit_n, __VA_ARGS__);  \
	} while (0)

/* In the order of the names: what is written, what it is made of. */
#define KUNIT_EXPECT_TRUE(t, c, ...) KUNIT_TRUTH(t, EXPECT, c, #c, "is true", " " __VA_ARGS__)
#define KUNIT_ASSERT_TRUE(t, c, ...) KUNIT_TRUTH(t, ASSERT, c, #c, "is true", " " __VA_ARGS__)
#define KUNIT_EXPECT_FALSE(t, c, ...) KUNIT_TRUTH(t, EXPECT, !(c), #c, "is false", " " __VA_ARGS__)
#define KUNIT_ASSERT_FALSE(t, c, ...) KUNIT_TRUTH(t, ASSERT, !(c), #c, "is false", " " __VA_ARGS__)
#define KUNIT_FAIL(t, ...) KUNIT_TRUTH(t, EXPECT, 0, "", "", " " __VA_ARGS__)
#define KUNIT_FAIL_AND_ABORT(t, ...) KUNIT_TRUTH(t, ASSERT, 0, "", "", " " __VA_ARGS__)

#define KUNIT_EXPECT_EQ(t, l, r, ...) KUNIT_INT(t, EXPECT, l, #l, ==, r, #r, " " __VA_ARGS__)
#define KUNIT_ASSERT_EQ(t, l, r, ...) KUNIT_INT(t, ASSERT, l, #l, ==, r, #r, " " __VA_ARGS__)
#define KUNIT_EXPECT_NE(t, l, r, ...) KUNIT_INT(t, EXPECT, l, #l, !=, r, #r, " " __VA_ARGS__)
#define KUNIT_ASSERT_NE(t, l, r, ...) KUNIT_INT(t, ASSERT, l, #l, !=, r, #r, " " __VA_ARGS__)
#define KUNIT_EXPECT_LT(t, l, r, ...) KUNIT_INT(t, EXPECT, l, #l, <, r, #r, " " __VA_ARGS__)
#define KUNIT_ASSERT_LT(t, l, r, ...) KUNIT_INT(t, ASSERT, l, #l, <, r, #r, " " __VA_ARGS__)
#define KUNIT_EXPECT_LE(t, l, r, ...) KUNIT_INT(t, EXPECT, l, #l, <=, r, #r, " " __VA_ARGS__)
#define KUNIT_ASSERT_LE(t, l, r, ...) KUNIT_INT(t, ASSERT, l, #l, <=, r, #r, " " __VA_ARGS__)
#define KUNIT_EXPECT_GT(t, l, r, ...) KUNIT_INT(t, EXPECT, l, #l, >, r, #r, " " __VA_ARGS__)
#define KUNIT_ASSERT_GT(t, l, r, ...) KUNIT_INT(t, ASSERT, l, #l, >, r, #r, " " __VA_ARGS__)
#define KUNIT_EXPECT_GE(t, l, r, ...) KUNIT_INT(t, EXPECT, l, #l, >=, r, #r, " " __VA_ARGS__)
#define KUNIT_ASSERT_GE(t, l, r, ...) KUNIT_INT(t, ASSERT, l, #l, >=, r, #r, " " __VA_ARGS__)

#define KUNIT_EXPECT_PTR_EQ(t, l, r, ...) KUNIT_PTR(t, EXPECT, l, #l, ==, r, #r, " " __VA_ARGS__)
#define KUNIT_ASSERT_PTR_EQ(t, l, r, ...) KUNIT_PTR(t, ASSERT, l, #l, ==, r, #r, " " __VA_ARGS__)
#define KUNIT_EXPECT_PTR_NE(t, l, r, ...) KUNIT_PTR(t, EXPECT, l, #l, !=, r, #r, " " __VA_ARGS__)
#define KUNIT_ASSERT_PTR_NE(t, l, r, ...) KUNIT_PTR(t, ASSERT, l, #l, !=, r, #r, " " __VA_ARGS__)
#define KUNIT_EXPECT_NULL(t, p, ...) KUNIT_PTR(t, EXPECT, p, #p, ==, 0, "NULL", " " __VA_ARGS__)
#define KUNIT_ASSERT_NULL(t, p, ...) KUNIT_PTR(t, ASSERT, p, #p, ==, 0, "NULL", " " __VA_ARGS__)
#define KUNIT_EXPECT_NOT_NULL(t, p, ...) KUNIT_PTR(t, EXPECT, p, #p, !=, 0, "NULL", " " __VA_ARGS__)
#define KUNIT_ASSERT_NOT_NULL(t, p, ...) KUNIT_PTR(t, ASSERT, p, #p, !=, 0, "NULL", " " __VA_ARGS__)

#define KUNIT_EXPECT_STREQ(t, l, r, ...) KUNIT_TEXT(t, EXPECT, l, #l, ==, r, #r, " " __VA_ARGS__)
#define KUNIT_ASSERT_STREQ(t, l, r, ...) KUNIT_TEXT(t, ASSERT, l, #l, ==, r, #r, " " __VA_ARGS__)
#define KUNIT_EXPECT_STRNEQ(t, l, r, ...) KUNIT_TEXT(t, EXPECT, l, #l, !=, r, #r, " " __VA_ARGS__)
#define KUNIT_ASSERT_STRNEQ(t, l, r, ...) KUNIT_TEXT(t, ASSERT, l, #l, !=, r, #r, " " __VA_ARGS__)
#define KUNIT_EXPECT_MEMEQ(t, l, r, n, ...) \
	KUNIT_BYTES(t, EXPECT, l, #l, ==, r, #r, n, " " __VA_ARGS__)
#define KUNIT_ASSERT_MEMEQ(t, l, r, n, ...) \
	KUNIT_BYTES(t, ASSERT, l, #l, ==, r, #r, n, " " __VA_ARGS__)
#define KUNIT_EXPECT_MEMNEQ(t, l, r, n, ...) \
	KUNIT_BYTES(t, EXPECT, l, #l, !=, r, #r, n, " " __VA_ARGS__)
#define KUNIT_ASSERT_MEMNEQ(t, l, r, n, ...) \
	KUNIT_BYTES(t, ASSERT, l, #l, !=, r, #r, n, " " __VA_ARGS__)

#define KUNIT_EXPECT_TRUE_MSG KUNIT_EXPECT_TRUE
#define KUNIT_ASSERT_TRUE_MSG KUNIT_ASSERT_TRUE
#define KUNIT_EXPECT_FALSE_MSG KUNIT_EXPECT_FALSE
#define KUNIT_ASSERT_FALSE_MSG KUNIT_ASSERT_FALSE
#define KUNIT_EXPECT_EQ_MSG KUNIT_EXPECT_EQ
#define KUNIT_ASSERT_EQ_MSG KUNIT_ASSERT_EQ
#define KUNIT_EXPECT_NE_MSG KUNIT_EXPECT_NE
#define KUNIT_ASSERT_NE_MSG KUNIT_ASSERT_NE
#define KUNIT_EXPECT_LT_MSG KUNIT_EXPECT_LT
#define KUNIT_ASSERT_LT_MSG KUNIT_ASSERT_LT
#define KUNIT_EXPECT_LE_MSG KUNIT_EXPECT_LE
#define KUNIT_ASSERT_LE_MSG KUNIT_ASSERT_LE
#define KUNIT_EXPECT_GT_MSG KUNIT_EXPECT_GT
#define KUNIT_ASSERT_GT_MSG KUNIT_ASSERT_GT
#define KUNIT_EXPECT_GE_MSG KUNIT_EXPECT_GE
#define KUNIT_ASSERT_GE_MSG KUNIT_ASSERT_GE
#define KUNIT_EXPECT_PTR_EQ_MSG KUNIT_EXPECT_PTR_EQ
#define KUNIT_ASSERT_PTR_EQ_MSG KUNIT_ASSERT_PTR_EQ
#define KUNIT_EXPECT_PTR_NE_MSG KUNIT_EXPECT_PTR_NE
#define KUNIT_ASSERT_PTR_NE_MSG KUNIT_ASSERT_PTR_NE
#define KUNIT_EXPECT_NULL_MSG KUNIT_EXPECT_NULL
#define KUNIT_ASSERT_NULL_MSG KUNIT_ASSERT_NULL
#define KUNIT_EXPECT_NOT_NULL_MSG KUNIT_EXPECT_NOT_NULL
#define KUNIT_ASSERT_NOT_NULL_MSG KUNIT_ASSERT_NOT_NULL
#define KUNIT_EXPECT_STREQ_MSG KUNIT_EXPECT_STREQ
#define KUNIT_ASSERT_STREQ_MSG KUNIT_ASSERT_STREQ
#define KUNIT_EXPECT_STRNEQ_MSG KUNIT_EXPECT_STRNEQ
#define KUNIT_ASSERT_STRNEQ_MSG KUNIT_ASSERT_STRNEQ
#define KUNIT_EXPECT_MEMEQ_MSG KUNIT_EXPECT_MEMEQ
#define KUNIT_ASSERT_MEMEQ_MSG KUNIT_ASSERT_MEMEQ
#define KUNIT_EXPECT_MEMNEQ_MSG KUNIT_EXPECT_MEMNEQ
#define KUNIT_ASSERT_MEMNEQ_MSG KUNIT_ASSERT_MEMNEQ

#endif
