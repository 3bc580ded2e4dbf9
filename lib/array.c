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

char *array_strdup(const char *text)
{
	char *p = strdup(text);

	if (!p)
		array_die();
	return p;
}
