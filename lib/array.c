// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/array.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void array_die(void)
{
	fputs("mbsim: out of memory\n", stderr);
	exit(2);
}

void *array_resize(void *array, size_t count, size_t size)
{
	void *p = reallocarray(array, count ? count : 1, size);

	if (!p)
		array_die();
	return p;
}

char *array_vformat(const char *fmt, va_list args)
{
	char *text;

	if (vasprintf(&text, fmt, args) < 0)
		array_die();
	return text;
}

char *array_format(const char *fmt, ...)
{
	char *text;
	va_list args;

	va_start(args, fmt);
	text = array_vformat(fmt, args);
	va_end(args);
	return text;
}

char *array_strdup(const char *text)
{
	char *p = strdup(text);

	if (!p)
		array_die();
	return p;
}
