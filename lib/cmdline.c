// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's command line, taken apart as next_arg() of lib/cmdline.c does it. */
#include "lib/cmdline.h"

#include <stdlib.h>
#include <string.h>

#include "lib/array.h"

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The length of the word at @p, in which quotes protect blanks. */
static size_t word_length(const char *p)
{
	bool quoted = false;
	size_t n;

	for (n = 0; p[n] && (quoted || !is_blank(p[n])); n++)
		quoted ^= p[n] == '"';
	return n;
}

/* Takes quotes away that are around a word or a value. */
static void unquote(char *text)
{
	size_t len = strlen(text);

	if (text[0] != '"')
		return;
	if (len > 1 && text[len - 1] == '"')
		text[--len] = '\0';
	memmove(text, text + 1, len);
}

bool cmdline_next(const char **p, char **name, char **value)
{
	size_t len;

	while (is_blank(**p))
		++*p;
	len = word_length(*p);
	if (!len)
		return false;
	*name = strndup(*p, len);
	if (!*name)
		array_die();
	*p += len;
	unquote(*name);
	*value = strchr(*name, '=');
	if (*value) {
		*(*value)++ = '\0';
		unquote(*value);
	}
	return true;
}
