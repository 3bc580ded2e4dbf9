// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/scan.h"

#include <ctype.h>
#include <string.h>

static const char *skip_blanks(const char *p)
{
	return p + strspn(p, " \t");
}

bool scan_ended(const char *p)
{
	return !*skip_blanks(p);
}

bool scan_word(const char **p, const char *word)
{
	const char *q = skip_blanks(*p);
	size_t n = strlen(word);

	if (strncmp(q, word, n))
		return false;
	*p = q + n;
	return true;
}

bool scan_number(const char **p, uint64_t *value)
{
	const char *q = skip_blanks(*p);
	uint64_t v = 0;

	if (!isdigit((unsigned char)*q))
		return false;
	for (; isdigit((unsigned char)*q); q++)
		if (__builtin_mul_overflow(v, 10, &v) || __builtin_add_overflow(v, *q - '0', &v))
			return false;
	*p = q;
	*value = v;
	return true;
}

bool scan_signed(const char **p, int *value)
{
	const char *q = skip_blanks(*p);
	bool minus = *q == '-';
	uint64_t v;

	q += minus;
	if (!isdigit((unsigned char)*q) || !scan_number(&q, &v) || v > INT32_MAX)
		return false;
	*p = q;
	*value = minus ? -(int)v : (int)v;
	return true;
}

bool scan_hex(const char **p, uint64_t *value)
{
	const char *q = skip_blanks(*p), *digits;
	uint64_t v = 0;

	if (q[0] == '0' && (q[1] == 'x' || q[1] == 'X'))
		q += 2;
	digits = q;
	for (; isxdigit((unsigned char)*q); q++) {
		int c = tolower((unsigned char)*q);

		if (v >> 60)
			return false;
		v = v << 4 | (isdigit(c) ? c - '0' : c - 'a' + 10);
	}
	if (q == digits)
		return false;
	*p = q;
	*value = v;
	return true;
}
