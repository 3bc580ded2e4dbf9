// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/size.h"

#include <errno.h>

#include "kunit/test.h"

static uint64_t parsed(const char *text, int *ret)
{
	uint64_t value = 0;

	*ret = size_parse(text, NULL, &value);
	return value;
}

static void numbers(struct kunit *test)
{
	static const struct {
		const char *text;
		uint64_t value;
	} good[] = {
		{ "0", 0 },
		{ "640K", 640 << 10 },
		{ "0x10", 16 },
		{ "010", 8 },
		{ "4g", 4ULL << 30 },
		{ "64T", 64ULL << 40 },
		{ "15E", 15ULL << 60 },
		{ "18446744073709551615", UINT64_MAX },
	};
	int ret;

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		KUNIT_EXPECT_EQ(test, parsed(good[i].text, &ret), good[i].value);
		KUNIT_EXPECT_EQ(test, ret, 0);
	}
}

static void wrong_numbers(struct kunit *test)
{
	static const char *const bad[] = { "", "K", "-1", "64q", "0x", "1 ", " 1", "1KK" };
	int ret;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		parsed(bad[i], &ret);
		KUNIT_EXPECT_LT(test, ret, 0);
	}
	parsed("16E", &ret);
	KUNIT_EXPECT_EQ(test, ret, -ERANGE);
	parsed("18446744073709551616", &ret);
	KUNIT_EXPECT_EQ(test, ret, -ERANGE);
}

static void ranges(struct kunit *test)
{
	struct range r;

	KUNIT_EXPECT_EQ(test, size_parse_range("0x1000-0x1fff", NULL, &r), 0);
	KUNIT_EXPECT_EQ(test, r.start, 0x1000);
	KUNIT_EXPECT_EQ(test, r.end, 0x2000);
	KUNIT_EXPECT_EQ(test, size_parse_range("1M+64K", NULL, &r), 0);
	KUNIT_EXPECT_EQ(test, r.start, 0x100000);
	KUNIT_EXPECT_EQ(test, r.end, 0x110000);
	KUNIT_EXPECT_EQ(test, size_parse_range("2G", NULL, &r), 0);
	KUNIT_EXPECT_EQ(test, r.end, 2ULL << 30);
	KUNIT_EXPECT_LT(test, size_parse_range("5-3", NULL, &r), 0);
	KUNIT_EXPECT_LT(test, size_parse_range("0-0xffffffffffffffff", NULL, &r), 0);
	KUNIT_EXPECT_LT(test, size_parse_range("0xffffffffffffffff+2", NULL, &r), 0);
	KUNIT_EXPECT_LT(test, size_parse_range("1-2-3", NULL, &r), 0);
}

static void text(struct kunit *test)
{
	char buf[SIZE_TEXT_MAX];

	KUNIT_EXPECT_STREQ(test, size_format(0, buf), "0");
	KUNIT_EXPECT_STREQ(test, size_format(512, buf), "512");
	KUNIT_EXPECT_STREQ(test, size_format(640 << 10, buf), "640K");
	KUNIT_EXPECT_STREQ(test, size_format(3ULL << 29, buf), "1.5G");
	KUNIT_EXPECT_STREQ(test, size_format((1 << 20) - 1, buf), "1023.9K");
	KUNIT_EXPECT_STREQ(test, size_format(64ULL << 40, buf), "64T");
	KUNIT_EXPECT_STREQ(test, size_format(UINT64_MAX, buf), "15.9E");
}

static struct kunit_case cases[] = {
	KUNIT_CASE(numbers), KUNIT_CASE(wrong_numbers), KUNIT_CASE(ranges), KUNIT_CASE(text), {},
};

static struct kunit_suite suite = { .name = "size", .test_cases = cases };

kunit_test_suite(suite);
