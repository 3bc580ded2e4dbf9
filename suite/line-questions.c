// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What memblock answers about every address and range of every small world, and what is left when
 * memory is cut to a range, to an amount, or to an alignment.
 */
#include <linux/string.h>

#include "suite/line.h"

/* An address from one below the line to one above it. */
static char letter_at(const char *line, int at)
{
	return at < 0 || at >= (int)strlen(line) ? '.' : line[at];
}

static bool in_one_region(const char *line, const struct line_range *r)
{
	for (int i = r->first; i < r->end; i++)
		if (line[i] == '.' || !line_alike(line[i], line[r->first]))
			return false;
	return true;
}

static bool meets(const char *line, const struct line_range *r)
{
	for (int i = r->first; i < r->end; i++)
		if (line[i] != '.')
			return true;
	return false;
}

static void addresses_of_memory(struct kunit *test)
{
	char line[LINE_ROOM];

	line_begin(line, 7);
	do {
		line_lay(test, LINE_MEMORY, line);
		for (int at = -1; at <= 7; at++) {
			char letter = letter_at(line, at);
			bool memory = memblock_is_memory(LINE_AT(at));
			bool map = memblock_is_map_memory(LINE_AT(at));

			KUNIT_ASSERT_EQ(test, memory, letter != '.', "%s at %d", line, at);
			KUNIT_ASSERT_EQ(test, map, letter == 'A', "%s at %d", line, at);
			KUNIT_ASSERT_FALSE(test, memblock_is_reserved(LINE_AT(at)), "%s at %d",
					   line, at);
		}
	} while (line_next(line, "AN"));
}

static void addresses_of_reserved(struct kunit *test)
{
	char line[LINE_ROOM];

	line_begin(line, 9);
	do {
		line_lay(test, LINE_RESERVED, line);
		for (int at = -1; at <= 9; at++) {
			bool reserved = memblock_is_reserved(LINE_AT(at));

			KUNIT_ASSERT_EQ(test, reserved, letter_at(line, at) != '.', "%s at %d",
					line, at);
			KUNIT_ASSERT_FALSE(test, memblock_is_memory(LINE_AT(at)), "%s at %d", line,
					   at);
		}
	} while (line_next(line, "R"));
}

static void ranges(struct kunit *test)
{
	char line[LINE_ROOM];

	line_begin(line, 6);
	do {
		struct line_range r = { 0, 0 };

		line_lay(test, LINE_MEMORY, line);
		while (line_range_next(&r, 6)) {
			bool memory = memblock_is_region_memory(LINE_AT(r.first), r.end - r.first);

			if (r.first == r.end)
				continue;
			KUNIT_ASSERT_EQ(test, memory, in_one_region(line, &r), "%s: %d to %d", line,
					r.first, r.end);
#ifdef RT_HAVE_memblock_overlaps_region
			KUNIT_ASSERT_EQ(test,
					memblock_overlaps_region(&memblock.memory, LINE_AT(r.first),
								 r.end - r.first),
					meets(line, &r), "%s: %d to %d", line, r.first, r.end);
#endif
		}
	} while (line_next(line, "AN"));
}

static void ranges_of_reserved(struct kunit *test)
{
	char line[LINE_ROOM];

	line_begin(line, 7);
	do {
		struct line_range r = { 0, 0 };

		line_lay(test, LINE_RESERVED, line);
		while (line_range_next(&r, 7)) {
			bool reserved =
				memblock_is_region_reserved(LINE_AT(r.first), r.end - r.first);

			if (r.first == r.end)
				continue;
			KUNIT_ASSERT_EQ(test, reserved, meets(line, &r), "%s: %d to %d", line,
					r.first, r.end);
		}
	} while (line_next(line, "R"));
}

#ifdef RT_HAVE_memblock_addrs_overlap
static void two_ranges(struct kunit *test)
{
	struct line_range a = { 0, 0 }, b;

	while (line_range_next(&a, 6)) {
		b = (struct line_range){ 0, 0 };
		while (line_range_next(&b, 6)) {
			bool overlap = a.first < b.end && b.first < a.end;

			if (a.first == a.end || b.first == b.end)
				continue;
			KUNIT_ASSERT_EQ(test,
					!!memblock_addrs_overlap(LINE_AT(a.first), a.end - a.first,
								 LINE_AT(b.first), b.end - b.first),
					overlap, "%d to %d, %d to %d", a.first, a.end, b.first,
					b.end);
		}
	}
}
#else
SUITE_WITHOUT(two_ranges, memblock_addrs_overlap())
#endif

/* Memory outside of the range goes, except for what is not mapped; so does what is reserved. */
static void cap_memory(struct kunit *test)
{
	char line[LINE_ROOM], wanted[LINE_ROOM];

	line_begin(line, 6);
	while (line_next(line, "AN")) {
		struct line_range r = { 0, 0 };

		while (line_range_next(&r, 6)) {
			for (int i = 0; i < 7; i++)
				wanted[i] = (i < r.first || i >= r.end) && line[i] == 'A' ? '.'
											  : line[i];
			line_lay(test, LINE_MEMORY, line);
			memblock_cap_memory_range(LINE_AT(r.first), r.end - r.first);
			expect_line_bytes(test, LINE_MEMORY, r.first == r.end ? line : wanted,
					  "%s: %d to %d", line, r.first, r.end);
		}
	}
}

static void cap_reserved(struct kunit *test)
{
	char line[LINE_ROOM], wanted[LINE_ROOM];

	line_begin(line, 6);
	while (line_next(line, "R")) {
		struct line_range r = { 0, 0 };

		while (line_range_next(&r, 6)) {
			for (int i = 0; i < 7; i++)
				wanted[i] = i < 6 && (i < r.first || i >= r.end) ? '.' : line[i];
			line_lay(test, LINE_MEMORY, "AAAAAA");
			line_lay(test, LINE_RESERVED, line);
			memblock_cap_memory_range(LINE_AT(r.first), r.end - r.first);
			expect_line(test, LINE_RESERVED, r.first == r.end ? line : wanted,
				    "%s: %d to %d", line, r.first, r.end);
		}
	}
}

/* Where @limit bytes of memory end, or the whole line if there are fewer. */
static int end_of(const char *line, int limit)
{
	int at = 0;

	while (limit && line[at])
		if (line[at++] != '.')
			limit--;
	while (limit && line[at])
		at++;
	return limit ? (int)strlen(line) : at;
}

static int bytes_of(const char *line)
{
	int bytes = 0;

	for (; *line; line++)
		bytes += *line != '.';
	return bytes;
}

#define LIMIT_RESERVED "RRRRRR"

/* As much memory is left as is told; more than there is changes nothing. */
static void enforce_limit(struct kunit *test)
{
	char line[LINE_ROOM], wanted[LINE_ROOM], reserved[LINE_ROOM];

	line_begin(line, 6);
	while (line_next(line, "AN")) {
		for (int limit = 0; limit < 8; limit++) {
			bool all = !limit || limit > bytes_of(line);
			int end = all ? 6 : end_of(line, limit);

			memcpy(wanted, line, sizeof(line));
			memcpy(reserved, LIMIT_RESERVED, sizeof(LIMIT_RESERVED));
			memset(wanted + end, '.', 6 - end);
			memset(reserved + end, '.', 6 - end);
			line_lay(test, LINE_MEMORY, line);
			line_lay(test, LINE_RESERVED, LIMIT_RESERVED);
			memblock_enforce_memory_limit(limit);
			expect_line(test, LINE_MEMORY, wanted, "%s: limit %d", line, limit);
			expect_line(test, LINE_RESERVED, reserved, "%s: limit %d", line, limit);
		}
	}
}

/* The same, but what is not mapped stays. */
static void remove_map(struct kunit *test)
{
	char line[LINE_ROOM], wanted[LINE_ROOM], reserved[LINE_ROOM];

	line_begin(line, 6);
	while (line_next(line, "AN")) {
		for (int limit = 0; limit < 8; limit++) {
			bool all = !limit || limit > bytes_of(line);
			int end = all ? 6 : end_of(line, limit);

			memcpy(reserved, LIMIT_RESERVED, sizeof(LIMIT_RESERVED));
			memset(reserved + end, '.', 6 - end);
			for (int i = 0; i < 7; i++)
				wanted[i] = i >= end && line[i] == 'A' ? '.' : line[i];
			line_lay(test, LINE_MEMORY, line);
			line_lay(test, LINE_RESERVED, LIMIT_RESERVED);
			memblock_mem_limit_remove_map(limit);
			expect_line_bytes(test, LINE_MEMORY, wanted, "%s: limit %d", line, limit);
			expect_line(test, LINE_RESERVED, reserved, "%s: limit %d", line, limit);
		}
	}
}

/* Whole units of a region stay. */
static void trimmed(char *line, int align)
{
	int end;

	for (int i = 0; line[i]; i = end) {
		end = i;
		while (line[end] && line_alike(line[i], line[end]))
			end++;
		if (line[i] == '.')
			continue;
		for (int at = i; at < end; at++)
			if (at / align * align < i || (at / align + 1) * align > end)
				line[at] = ',';
	}
	for (; *line; line++)
		if (*line == ',')
			*line = '.';
}

static void trim(struct kunit *test)
{
	char line[LINE_ROOM], wanted[LINE_ROOM];

	line_begin(line, 8);
	do {
		for (int align = 1; align <= 4; align *= 2) {
			memcpy(wanted, line, sizeof(line));
			trimmed(wanted, align);
			line_lay(test, LINE_MEMORY, line);
			memblock_trim_memory(align);
			if (!line_regions_hold(LINE_MEMORY, wanted))
				line_failed(test, __FILE__, __LINE__, LINE_MEMORY, wanted,
					    " %s by %d", line, align);
			/* what is trimmed is counted still; a test of its own is about that */
			memblock.memory.total_size = bytes_of(wanted);
		}
	} while (line_next(line, "AB"));
}

static struct kunit_case is_cases[] = { KUNIT_CASE(addresses_of_memory),
					KUNIT_CASE(addresses_of_reserved),
					KUNIT_CASE(ranges),
					KUNIT_CASE(ranges_of_reserved),
					KUNIT_CASE(two_ranges),
					{} };
static struct kunit_suite is_suite = { .name = "memblock_questions", .test_cases = is_cases };

static struct kunit_case cut_cases[] = { KUNIT_CASE(cap_memory),    KUNIT_CASE(cap_reserved),
					 KUNIT_CASE(enforce_limit), KUNIT_CASE(remove_map),
					 KUNIT_CASE(trim),	    {} };
static struct kunit_suite cut_suite = { .name = "memblock_cuts", .test_cases = cut_cases };

kunit_test_suite(is_suite);
kunit_test_suite(cut_suite);
