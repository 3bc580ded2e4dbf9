// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/scan.h"

#include <stdint.h>

/* Long logs are read through these: no calls, no locales. */
static const char *skip_blanks(const char *p)
{
	while (*p == ' ' || *p == '\t')
		p++;
	return p;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* What a hexadecimal digit stands for, and 16 for anything else. */
static unsigned int hex_value(char c)
{
	unsigned int digit = (unsigned char)c - '0', letter = ((unsigned char)c | 0x20) - 'a';

	return digit < 10 ? digit : letter < 6 ? letter + 10 : 16;
}

bool scan_ended(const char *p)
{
	return !*skip_blanks(p);
}

bool scan_word(const char **p, const char *word)
{
	const char *q = skip_blanks(*p);

	while (*word)
		if (*q++ != *word++)
			return false;
	*p = q;
	return true;
}

bool scan_number(const char **p, uint64_t *value)
{
	const char *q = skip_blanks(*p);
	uint64_t v = 0;

	if (!is_digit(*q))
		return false;
	for (; is_digit(*q); q++)
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
	if (!is_digit(*q) || !scan_number(&q, &v) || v > INT32_MAX)
		return false;
	*p = q;
	*value = minus ? -(int)v : (int)v;
	return true;
}

bool scan_hex(const char **p, uint64_t *value)
{
	const char *q = skip_blanks(*p), *digits;
	unsigned int digit;
	uint64_t v = 0;

	if (q[0] == '0' && (q[1] == 'x' || q[1] == 'X'))
		q += 2;
	digits = q;
	for (; (digit = hex_value(*q)) < 16; q++) {
		if (v >> 60)
			return false;
		v = v << 4 | digit;
	}
	if (q == digits)
		return false;
	*p = q;
	*value = v;
	return true;
}
