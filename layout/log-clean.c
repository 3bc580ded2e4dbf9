// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A line of a log as plain text: what terminals, mail, web pages and syslog put among its
 * characters goes, and the message comes out of a journal's JSON.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "layout/internal.h"
#include "lib/array.h"

#define ESCAPE 0x1b

/* The length of a terminal's control sequence, whose escape is before @p. */
static size_t escape_length(const char *p, const char *end)
{
	const char *q = p;
	unsigned char limit = 0x30;

	if (q < end && *q == '[') {
		limit = 0x40;
		q++;
	}
	while (q < end && (unsigned char)*q >= 0x20 && (unsigned char)*q < limit)
		q++;
	return (q < end ? q + 1 : end) - p;
}

/* How programs that keep or show logs write some characters; 0: not at all. */
static const struct {
	const char *spelling;
	char is;
} spellings[] = {
	{ "&lt;", '<' },	 { "&gt;", '>' },
	{ "&amp;", '&' },	 { "&quot;", '"' },
	{ "&#39;", '\'' },	 { "&nbsp;", ' ' },
	{ "^[", ESCAPE },	 { "^M", 0 },
	{ "#011", ' ' },	 { "#015", 0 },
	{ "#033", ESCAPE },	 { "\xc2\xa0", ' ' }, /* a non-breaking space */
	{ "\xef\xbb\xbf", ' ' }, { "\xff", ' ' },
	{ "\xfe", ' ' }, /* (half of) a byte order mark */
};

/* Which of the spellings is at @p, or -1. */
static int find_spelling(const char *p, const char *end)
{
	for (size_t i = 0; i < ARRAY_LEN(spellings); i++) {
		size_t n = strlen(spellings[i].spelling);

		if (*p == *spellings[i].spelling && n <= (size_t)(end - p) &&
		    !memcmp(p, spellings[i].spelling, n))
			return i;
	}
	return -1;
}

/* The next character of the text, or 0 for none. */
static char next_character(const char **p, const char *end)
{
	bool special = !isalnum((unsigned char)**p) && strchr("&^#\xc2\xef\xff\xfe", **p);
	int spelling = special ? find_spelling(*p, end) : -1;
	char c = **p;

	if (spelling < 0) {
		++*p;
		/* in Latin-1, a non-breaking space is a byte of its own */
		return c == '\t' || (c == '\xa0' && (*p == end || !(**p & 0x80))) ? ' ' : c;
	}
	*p += strlen(spellings[spelling].spelling);
	return spellings[spelling].is;
}

/* "<br />", "</code>" */
size_t log_tag_length(const char *p)
{
	static const char *const names[] = { "br", "pre", "code", "p", "div", "td", "span", NULL };
	size_t n = 1, name;

	if (*p != '<')
		return 0;
	n += p[n] == '/';
	name = log_word_length(p + n, names);
	n += name;
	n += strspn(p + n, " ");
	n += p[n] == '/';
	return name && p[n] == '>' ? n + 1 : 0;
}

/* The length of the @n characters at @text without blanks and tags at their end. */
static size_t cut_end(char *text, size_t n)
{
	for (int tags = 0;; tags++) {
		const char *tag;

		while (n && text[n - 1] == ' ')
			n--;
		text[n] = '\0';
		tag = n && tags < 4 && text[n - 1] == '>' ? strrchr(text, '<') : NULL;
		if (!tag || tag + log_tag_length(tag) != text + n)
			return n;
		n = tag - text;
	}
}

/* The character of an escape sequence in JSON; *@p is moved to its end. */
static char unescape(char **p)
{
	char c = *++*p;
	unsigned int code;

	if (c == 'u' && strnlen(*p, 5) == 5 && sscanf(*p + 1, "%4x", &code) == 1) {
		*p += 4;
		return code > ' ' && code < 0x7f ? code : ' ';
	}
	return c == 't' || c == 'n' || c == 'r' ? ' ' : c;
}

/* The value of a journal's field in a line of JSON, or NULL. The text behind it is lost. */
static char *json_message(char *text)
{
	static const char field[] = "\"MESSAGE\"";
	char *p = *text == '{' || *text == '"' ? strstr(text, field) : NULL, *to;

	if (!p)
		return NULL;
	p += strlen(field);
	p += strspn(p, " ");
	p += *p == ':';
	p += strspn(p, " ");
	if (*p++ != '"')
		return NULL;
	text = to = p;
	for (; *p && *p != '"'; p++) {
		char c = *p;

		if (c == '\\' && p[1])
			c = unescape(&p);
		*to++ = c;
	}
	*to = '\0';
	return text;
}

/* How many characters are what they seem to be: ASCII that begins no spelling. */
static size_t plain_length(const char *p, size_t most)
{
	static const bool other[256] = {
		[0 ... ' ' - 1] = true, ['&'] = true,		['#'] = true,
		['^'] = true,		[0x7f ... 0xff] = true,
	};
	size_t n = 0;

	while (n < most && !other[(unsigned char)p[n]])
		n++;
	return n;
}

char *log_clean(char buf[LOG_LINE_MAX], const char *line, size_t len)
{
	const char *end = line + len;
	size_t n = 0, most, plain;
	char *value, c;

	while (line < end && n < LOG_LINE_MAX - 1) {
		most = LOG_LINE_MAX - 1 - n;
		if (most > (size_t)(end - line))
			most = end - line;
		plain = plain_length(line, most);
		memcpy(buf + n, line, plain);
		n += plain;
		line += plain;
		if (plain == most)
			break;
		c = next_character(&line, end);
		if (c == ESCAPE)
			line += escape_length(line, end);
		else if (!iscntrl((unsigned char)c))
			buf[n++] = c;
	}
	cut_end(buf, n);
	value = json_message(buf + strspn(buf, " "));
	return value ? value : buf;
}
