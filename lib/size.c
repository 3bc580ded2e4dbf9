// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/size.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int suffix_shift(char c)
{
	static const char suffixes[] = "kmgtpe";
	const char *at = c ? strchr(suffixes, tolower((unsigned char)c)) : NULL;

	return at ? 10 * (int)(at - suffixes + 1) : 0;
}

int size_parse(const char *text, const char **end, uint64_t *value)
{
	unsigned long long v;
	char *stop;
	int shift;

	if (!isdigit((unsigned char)text[0]))
		return -EINVAL;
	errno = 0;
	v = strtoull(text, &stop, 0);
	if (errno)
		return -ERANGE;
	shift = suffix_shift(*stop);
	if (shift) {
		if (v > UINT64_MAX >> shift)
			return -ERANGE;
		v <<= shift;
		stop++;
	}
	if (end)
		*end = stop;
	else if (*stop)
		return -EINVAL;
	*value = v;
	return 0;
}

int size_parse_range(const char *text, const char **end, struct range *range)
{
	uint64_t first, second;
	const char *p;
	int ret = size_parse(text, &p, &first);

	if (ret)
		return ret;
	*range = (struct range){ 0, first };
	if (*p == '-' || *p == '+') {
		char op = *p;

		ret = size_parse(p + 1, &p, &second);
		if (ret)
			return ret;
		if (op == '-') {
			if (second < first || second == UINT64_MAX)
				return -ERANGE;
			second++;
		} else if (__builtin_add_overflow(first, second, &second)) {
			return -ERANGE;
		}
		*range = (struct range){ first, second };
	}
	if (end)
		*end = p;
	else if (*p)
		return -EINVAL;
	return 0;
}

int size_parse_int(const char *text, long min, long max, long *value)
{
	char *stop;
	long v;

	if (!isdigit((unsigned char)text[0]) &&
	    !(text[0] == '-' && isdigit((unsigned char)text[1])))
		return -EINVAL;
	errno = 0;
	v = strtol(text, &stop, 10);
	if (*stop)
		return -EINVAL;
	if (errno || v < min || v > max)
		return -ERANGE;
	*value = v;
	return 0;
}

const char *size_format(uint64_t bytes, char buf[SIZE_TEXT_MAX])
{
	static const char units[] = "\0KMGTPE";
	unsigned int unit = 0;
	uint64_t tenths;

	while (unit < 6 && bytes >> (10 * (unit + 1)))
		unit++;
	if (!unit || !(bytes & ((1ULL << (10 * unit)) - 1))) {
		snprintf(buf, SIZE_TEXT_MAX, "%" PRIu64 "%.1s", bytes >> (10 * unit), units + unit);
		return buf;
	}
	/* round down, so that 1023.99K does not become 1024.0K */
	tenths = (bytes >> (10 * (unit - 1))) * 10 / 1024;
	snprintf(buf, SIZE_TEXT_MAX, "%" PRIu64 ".%" PRIu64 "%c", tenths / 10, tenths % 10,
		 units[unit]);
	return buf;
}
