// SPDX-License-Identifier: GPL-2.0-or-later
/* Cuts a C text into tokens with their places. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "mutate/internal.h"

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Bytes of a comment at @p; 0: there is none. */
static size_t comment_length(const char *p)
{
	const char *end;

	if (p[0] != '/' || (p[1] != '/' && p[1] != '*'))
		return 0;
	if (p[1] == '/')
		return strcspn(p, "\n");
	end = strstr(p + 2, "*/");
	return end ? (size_t)(end + 2 - p) : 0;
}

/* Of a preprocessor line with those that continue it. */
static size_t directive_length(const char *p)
{
	const char *at = p;

	while (*at && *at != '\n') {
		size_t comment = at[0] == '/' && at[1] == '*' ? comment_length(at) : 0;

		at += at[0] == '\\' && at[1] == '\n' ? 2 : comment ? comment : 1;
	}
	return at - p;
}

static size_t quoted_length(const char *p)
{
	const char *at = p + 1;

	while (*at && *at != *p)
		at += at[0] == '\\' && at[1] ? 2 : 1;
	return *at ? (size_t)(at + 1 - p) : 1;
}

static size_t sign_length(const char *p)
{
	static const char *const signs[] = { "<<=", ">>=", "...", "->", "++", "--", "<<", ">>",
					     "<=",  ">=",  "==",  "!=", "&&", "||", "+=", "-=",
					     "*=",  "/=",  "%=",  "&=", "|=", "^=" };

	for (size_t i = 0; i < ARRAY_LEN(signs); i++)
		if (!strncmp(p, signs[i], strlen(signs[i])))
			return strlen(signs[i]);
	return 1;
}

/* The length of what begins at @p, and its kind; TOKEN_NONE: blanks and the like. */
static size_t next_token(const char *p, bool begins_line, enum token_kind *kind)
{
	size_t n = 0;

	*kind = TOKEN_NONE;
	if (isspace((unsigned char)*p))
		return strspn(p, " \t\n\r\f\v");
	if ((n = comment_length(p)))
		return n;
	if (*p == '#' && begins_line)
		return directive_length(p);
	if (*p == '"' || *p == '\'') {
		*kind = TOKEN_STRING;
		return quoted_length(p);
	}
	if (is_word(*p)) {
		*kind = isdigit((unsigned char)*p) ? TOKEN_NUMBER : TOKEN_WORD;
		while (is_word(p[n]))
			n++;
		return n;
	}
	*kind = TOKEN_SIGN;
	return sign_length(p);
}

void scan_text(struct scan *s, const char *text)
{
	unsigned int line = 1;
	bool begins = true;

	*s = (struct scan){ .text = text, .length = strlen(text) };
	for (size_t at = 0; at < s->length;) {
		enum token_kind kind;
		size_t n = next_token(text + at, begins, &kind);
		bool breaks = memchr(text + at, '\n', n);

		if (kind != TOKEN_NONE)
			ARRAY_APPEND(s->v, s->nr, s->room) =
				(struct token){ at, at + n, line, kind, SIZE_MAX, false };
		for (size_t i = 0; i < n; i++)
			line += text[at + i] == '\n';
		begins = kind == TOKEN_NONE && (begins || breaks);
		at += n;
	}
	for (int i = 0; i < TOKENS_BEHIND; i++)
		ARRAY_APPEND(s->v, s->nr, s->room) =
			(struct token){ s->length, s->length, line, TOKEN_NONE, SIZE_MAX, false };
	s->nr -= TOKENS_BEHIND;
}

void scan_release(struct scan *s)
{
	free(s->function);
	free(s->v);
	*s = (struct scan){ 0 };
}

bool scan_is(const struct scan *s, size_t i, const char *what)
{
	const struct token *t = &s->v[i];
	size_t n = t->end - t->start;

	return strlen(what) == n && !memcmp(s->text + t->start, what, n);
}

bool scan_is_any(const struct scan *s, size_t i, const char *list)
{
	const struct token *t = &s->v[i];
	size_t n = t->end - t->start;

	if (!n)
		return false;
	for (const char *at = list; *at; at++)
		if (*at == ' ' && !strncmp(at + 1, s->text + t->start, n) && at[1 + n] == ' ')
			return true;
	return false;
}

bool scan_opens(const struct scan *s, size_t i)
{
	return scan_is_any(s, i, " ( [ { ");
}

bool scan_closes(const struct scan *s, size_t i)
{
	return scan_is_any(s, i, " ) ] } ");
}

bool scan_pair(struct scan *s, size_t from, size_t to)
{
	static const char open[] = "([{", close[] = ")]}";
	size_t last = SIZE_MAX; /* bracket that is open; its partner is the one around it */

	for (size_t i = from; i <= to; i++) {
		char c = s->text[s->v[i].start];

		if (scan_opens(s, i)) {
			s->v[i].partner = last;
			last = i;
		} else if (scan_closes(s, i)) {
			size_t o = last;

			if (o == SIZE_MAX ||
			    strchr(open, s->text[s->v[o].start]) - open != strchr(close, c) - close)
				return false;
			last = s->v[o].partner;
			s->v[o].partner = i;
			s->v[i].partner = o;
		}
	}
	return last == SIZE_MAX;
}

bool scan_at_line_start(const struct scan *s, size_t i)
{
	size_t start = s->v[i].start;

	return !start || s->text[start - 1] == '\n';
}

char *scan_copy(const struct scan *s, size_t from, size_t to)
{
	size_t start = s->v[from].start;

	return array_format("%.*s", (int)(s->v[to].end - start), s->text + start);
}

bool scan_same(const struct scan *s, size_t from, size_t to, const char *text)
{
	size_t start = s->v[from].start, n = s->v[to].end - start;

	return strlen(text) == n && !memcmp(s->text + start, text, n);
}
