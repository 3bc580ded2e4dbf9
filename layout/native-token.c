// SPDX-License-Identifier: GPL-2.0-or-later
/* The words, numbers, ranges and quoted texts of a *.layout file, one line at a time. */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "layout/internal.h"
#include "lib/array.h"
#include "lib/size.h"

int native_fail(struct native *n, const char *at, const char *fmt, ...)
{
	char text[500];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return error_set(n->err, EINVAL, "%s:%u:%d: %s", n->l->name, n->line,
			 (int)(at - n->start) + 1, text);
}

bool native_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

bool native_more(struct native *n)
{
	while (n->p < n->end && native_is_blank(*n->p))
		n->p++;
	if (n->p < n->end && *n->p == '#')
		n->p = n->end;
	return n->p < n->end;
}

void native_word(struct native *n, char word[NATIVE_WORD_MAX])
{
	size_t len = 0;

	native_more(n);
	while (n->p < n->end && !native_is_blank(*n->p)) {
		if (len < NATIVE_WORD_MAX - 1)
			word[len++] = *n->p;
		n->p++;
	}
	word[len] = '\0';
}

int native_end(struct native *n)
{
	return native_more(n) ? native_fail(n, n->p, "nothing more is expected here") : 0;
}

int native_number(struct native *n, uint64_t min, uint64_t max, uint64_t *value)
{
	const char *at, *stop;

	native_more(n);
	at = n->p;
	if (at == n->end || size_parse(at, &stop, value) ||
	    (stop < n->end && !native_is_blank(*stop)))
		return native_fail(n, at, "a number is expected here, such as 2, 4K or 0x1000");
	if (*value < min || *value > max)
		return native_fail(n, at, "the number must be from %llu to %llu",
				   (unsigned long long)min, (unsigned long long)max);
	n->p = stop;
	return 0;
}

int native_range(struct native *n, struct range *range)
{
	const char *at, *stop;
	int ret;

	native_more(n);
	at = n->p;
	ret = at == n->end ? -EINVAL : size_parse_range(at, &stop, range);
	if (ret == -ERANGE)
		return native_fail(n, at, "a range must end after its start, and below 2^64 - 1");
	if (ret || (stop < n->end && !native_is_blank(*stop)))
		return native_fail(n, at, "a range is expected here, such as 0x0-0x9fbff or 1M+2G");
	if (range_is_empty(*range))
		return native_fail(n, at, "the range is empty");
	n->p = stop;
	return 0;
}

/* One character of a quoted text, -1 if it is none. */
static int read_escape(struct native *n)
{
	unsigned int value = 0;

	if (*n->p != '\\')
		return (unsigned char)*n->p++;
	n->p++;
	if (n->p < n->end && (*n->p == '"' || *n->p == '\\'))
		return *n->p++;
	if (n->end - n->p < 3 || n->p[0] != 'x' || !isxdigit((unsigned char)n->p[1]) ||
	    !isxdigit((unsigned char)n->p[2]))
		return -1;
	for (int i = 1; i < 3; i++) {
		int c = tolower((unsigned char)n->p[i]);

		value = value * 16 + (isdigit(c) ? c - '0' : c - 'a' + 10);
	}
	n->p += 3;
	return value ? (int)value : -1;
}

int native_quoted(struct native *n, char **text)
{
	const char *open = n->p++;
	char *out = array_resize(NULL, n->end - n->p + 1, 1);
	size_t len = 0;

	while (n->p < n->end && *n->p != '"') {
		const char *at = n->p;
		int c = read_escape(n);

		if (c < 0) {
			free(out);
			return native_fail(
				n, at, "a backslash needs a quote, a backslash or xHH after it");
		}
		out[len++] = c;
	}
	if (n->p == n->end) {
		free(out);
		return native_fail(n, open, "the quote is not closed");
	}
	n->p++;
	out[len] = '\0';
	*text = out;
	return 0;
}

int native_rest(struct native *n, char **text)
{
	const char *end = n->end;
	int ret;

	while (n->p < n->end && native_is_blank(*n->p))
		n->p++;
	if (n->p < n->end && *n->p == '"') {
		ret = native_quoted(n, text);
		if (!ret)
			ret = native_end(n);
		return ret;
	}
	while (end > n->p && native_is_blank(end[-1]))
		end--;
	*text = array_resize(NULL, end - n->p + 1, 1);
	memcpy(*text, n->p, end - n->p);
	(*text)[end - n->p] = '\0';
	n->p = n->end;
	return 0;
}
