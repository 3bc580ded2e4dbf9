// SPDX-License-Identifier: GPL-2.0-or-later
/* Sets of ranges against the simplest thing that is right: an array of bytes. */
#include "lib/prng.h"
#include "lib/rangeset.h"

#include <string.h>

#include "kunit/test.h"

#define SIZE 64

static struct prng prng;

static unsigned int random_below(unsigned int n)
{
	return (unsigned int)prng_below(&prng, n);
}

static void expect_same(struct kunit *test, const struct rangeset *s, const unsigned char *bytes)
{
	uint64_t size = 0;

	for (uint64_t a = 0; a < SIZE; a++) {
		size += bytes[a];
		KUNIT_EXPECT_EQ(test, rangeset_contains(s, a), bytes[a]);
	}
	KUNIT_EXPECT_EQ(test, rangeset_size(s), size);
	for (size_t i = 0; i < s->nr; i++) {
		KUNIT_EXPECT_LT(test, s->v[i].start, s->v[i].end);
		if (i)
			KUNIT_EXPECT_LT(test, s->v[i - 1].end, s->v[i].start);
	}
}

static void against_bytes(struct kunit *test)
{
	for (uint64_t round = 0; round < 100; round++) {
		struct rangeset s = { 0 };
		unsigned char bytes[SIZE] = { 0 };

		prng_seed(&prng, round, "bytes");
		for (int step = 0; step < 60; step++) {
			uint64_t start = random_below(SIZE), n = random_below(SIZE - start + 1);
			struct range r = { start, start + n };
			bool add = random_below(5) > 1;

			memset(bytes + start, add, n);
			if (add)
				rangeset_add(&s, r);
			else
				rangeset_remove(&s, r);
			expect_same(test, &s, bytes);
		}
		rangeset_release(&s);
	}
}

static void borders(struct kunit *test)
{
	struct rangeset s = { 0 };

	rangeset_add(&s, (struct range){ 0, UINT64_MAX });
	KUNIT_EXPECT_TRUE(test, rangeset_contains(&s, 0));
	KUNIT_EXPECT_TRUE(test, rangeset_contains(&s, UINT64_MAX - 1));
	rangeset_remove(&s, (struct range){ 5, 5 });
	KUNIT_EXPECT_EQ(test, s.nr, 1);
	rangeset_remove(&s, (struct range){ 5, 6 });
	KUNIT_EXPECT_EQ(test, s.nr, 2);
	rangeset_clear(&s);
	KUNIT_EXPECT_EQ(test, rangeset_size(&s), 0);
	rangeset_release(&s);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(against_bytes),
	KUNIT_CASE(borders),
	{},
};

static struct kunit_suite suite = { .name = "rangeset", .test_cases = cases };

kunit_test_suite(suite);
