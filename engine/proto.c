// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads the functions that a kernel's memblock.h declares out of its preprocessed text. So it does
 * not matter which kernel it is: whatever it declares can be called, with the arguments
 * that it takes there.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "engine/internal.h"
#include "lib/array.h"
#include "lib/file.h"

#define MAX_TOKENS 512

struct token {
	const char *at;
	size_t len;
};

struct scan {
	const char *p;
	bool in_header; /* this text is of memblock.h or bootmem.h */
};

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static bool token_is(struct token t, const char *text)
{
	return strlen(text) == t.len && !strncmp(t.at, text, t.len);
}

/* # 12 ".../include/linux/memblock.h" 1 */
static void read_marker(struct scan *s)
{
	const char *end = strchrnul(s->p, '\n');
	const char *quote = memchr(s->p, '"', end - s->p);
	const char *close = quote ? memchr(quote + 1, '"', end - quote - 1) : NULL;

	if (close) {
		static const char *const names[] = { "/linux/memblock.h", "/linux/bootmem.h" };

		s->in_header = false;
		for (size_t i = 0; i < ARRAY_LEN(names); i++) {
			size_t n = strlen(names[i]);

			if ((size_t)(close - quote - 1) > n && !strncmp(close - n, names[i], n))
				s->in_header = true;
		}
	}
	s->p = end;
}

/* The next token: a word, a string, or a single character; false at the end. */
static bool next_token(struct scan *s, struct token *t)
{
	for (;;) {
		while (isspace((unsigned char)*s->p))
			s->p++;
		if (*s->p != '#')
			break;
		read_marker(s);
	}
	if (!*s->p)
		return false;
	t->at = s->p;
	if (is_word(*s->p)) {
		while (is_word(*s->p))
			s->p++;
	} else if (*s->p == '"' || *s->p == '\'') {
		char quote = *s->p++;

		while (*s->p && *s->p != quote)
			s->p += *s->p == '\\' && s->p[1] ? 2 : 1;
		s->p += *s->p == quote;
	} else {
		s->p++;
	}
	t->len = s->p - t->at;
	return true;
}

/* Skips to behind the bracket that closes the one just read. */
static void skip_brackets(struct scan *s, char open, char close)
{
	struct token t;
	int depth = 1;

	while (depth && next_token(s, &t))
		depth += token_is(t, (char[]){ open, 0 }) - token_is(t, (char[]){ close, 0 });
}

/* Joins tokens with spaces where they are needed to be read. */
static char *join(const struct token *t, size_t n)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	for (size_t i = 0; i < n; i++) {
		bool spaced = i && t[i].at[0] != ',' && t[i].at[0] != ')' && t[i].at[0] != '(' &&
			      t[i - 1].at[0] != '(' && t[i - 1].at[0] != '*';

		fprintf(out, "%s%.*s", spaced ? " " : "", (int)t[i].len, t[i].at);
	}
	fclose(out);
	return text;
}

/* Leaves out what says nothing of the type; returns how many tokens are left. */
static size_t strip_specifiers(struct token *t, size_t n, bool *is_inline)
{
	static const char *const words[] = { "extern",	 "static",     "inline",
					     "__inline", "__inline__", "__extension__" };
	size_t out = 0;

	for (size_t i = 0; i < n; i++) {
		bool drop = false;

		for (size_t k = 0; k < ARRAY_LEN(words); k++)
			drop |= token_is(t[i], words[k]);
		if (token_is(t[i], "inline") || token_is(t[i], "__inline") ||
		    token_is(t[i], "__inline__") || token_is(t[i], "static"))
			*is_inline = true;
		if (!drop)
			t[out++] = t[i];
	}
	return out;
}

static bool is_type_word(struct token t)
{
	static const char *const words[] = { "int",	 "long",   "short", "char",
					     "unsigned", "signed", "const", "struct",
					     "enum",	 "void",   "_Bool", "bool" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (token_is(t, words[i]))
			return true;
	return false;
}

/* One parameter: its type, and its name if it has one. False: it is of no simple form. */
static bool add_arg(struct proto *p, const struct token *t, size_t n)
{
	size_t type_len = n;

	for (size_t i = 0; i < n; i++)
		if (!is_word(t[i].at[0]) && t[i].at[0] != '*')
			return false;
	if (n == 1 && token_is(t[0], "void"))
		return true;
	if (!n || p->nr_args == RT_MAX_ARGS)
		return false;
	/* "unsigned long x", "struct y *z", but "phys_addr_t", "enum z", "unsigned long" */
	if (n > 1 && is_word(t[n - 1].at[0]) && !is_type_word(t[n - 1]) &&
	    !token_is(t[n - 2], "struct") && !token_is(t[n - 2], "enum") &&
	    !token_is(t[n - 2], "const"))
		type_len = n - 1;
	p->arg_types[p->nr_args] = join(t, type_len);
	p->arg_names[p->nr_args] =
		type_len < n ? join(t + n - 1, 1) : file_path("arg%d", p->nr_args);
	p->nr_args++;
	return true;
}

static void read_args(struct proto *p, const struct token *t, size_t n)
{
	size_t begin = 0;

	for (size_t i = 0; i <= n; i++) {
		if (i < n && t[i].at[0] != ',')
			continue;
		if (i - begin == 0 && n == 0)
			break;
		if (!add_arg(p, t + begin, i - begin)) {
			p->nr_args = -1;
			return;
		}
		begin = i + 1;
	}
}

static void free_proto(struct proto *p)
{
	free(p->name);
	free(p->prototype);
	free(p->result);
	for (int i = 0; i < RT_MAX_ARGS; i++) {
		free(p->arg_types[i]);
		free(p->arg_names[i]);
	}
}

static struct proto *find(struct protos *protos, const char *name)
{
	for (size_t i = 0; i < protos->nr; i++)
		if (!strcmp(protos->v[i].name, name))
			return &protos->v[i];
	return NULL;
}

/* A declaration in tokens, up to its end or its body. */
static void read_declaration(struct protos *protos, struct token *t, size_t n)
{
	struct proto p = { 0 };
	size_t open = 0, close;

	n = strip_specifiers(t, n, &p.is_inline);
	while (open < n && t[open].at[0] != '(')
		open++;
	for (close = open; close < n && t[close].at[0] != ')'; close++)
		;
	if (open < 2 || close >= n || !is_word(t[open - 1].at[0]) || token_is(t[0], "typedef"))
		return;
	p.name = join(t + open - 1, 1);
	if (find(protos, p.name)) {
		find(protos, p.name)->is_inline |= p.is_inline;
		free(p.name);
		return;
	}
	p.result = join(t, open - 1);
	read_args(&p, t + open + 1, close - open - 1);
	p.prototype = join(t, close + 1);
	ARRAY_APPEND(protos->v, protos->nr, protos->room) = p;
}

static void read_flags(struct protos *p, const struct token *t, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (t[i].len > 9 && !strncmp(t[i].at, "MEMBLOCK_", 9) &&
		    (i == 0 || t[i - 1].at[0] == ',' || t[i - 1].at[0] == '{'))
			ARRAY_APPEND(p->flags, p->nr_flags, p->room_flags) = join(t + i, 1);
}

/* "enum memblock_flags {": its enumerators. Others are skipped. */
static void read_braces(struct protos *p, struct scan *s, const struct token *before, size_t n)
{
	struct token t[MAX_TOKENS];
	size_t nr = 0;
	int depth = 1;

	if (n < 2 || !token_is(before[n - 2], "enum") ||
	    !token_is(before[n - 1], "memblock_flags")) {
		skip_brackets(s, '{', '}');
		return;
	}
	while (depth && nr < MAX_TOKENS && next_token(s, &t[nr])) {
		depth += token_is(t[nr], "{") - token_is(t[nr], "}");
		nr++;
	}
	read_flags(p, t, nr);
}

static bool is_attribute(struct token t)
{
	return token_is(t, "__attribute__") || token_is(t, "__attribute") ||
	       token_is(t, "__asm__") || token_is(t, "__typeof__") || token_is(t, "_Static_assert");
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct proto *)a)->name, ((const struct proto *)b)->name);
}

void protos_parse(struct protos *p, const char *preprocessed)
{
	struct scan s = { .p = preprocessed };
	struct token t[MAX_TOKENS], one;
	size_t n = 0;
	int depth = 0;

	while (next_token(&s, &one)) {
		if (is_attribute(one)) {
			if (next_token(&s, &one) && token_is(one, "("))
				skip_brackets(&s, '(', ')');
			continue;
		}
		depth += token_is(one, "(") - token_is(one, ")");
		if (!depth && (token_is(one, ";") || token_is(one, "{"))) {
			if (s.in_header)
				read_declaration(p, t, n);
			if (token_is(one, "{"))
				read_braces(p, &s, t, n);
			n = 0;
			continue;
		}
		if (n < MAX_TOKENS)
			t[n++] = one;
	}
	if (p->nr)
		qsort(p->v, p->nr, sizeof(*p->v), by_name);
}

/* #define memblock_x(a, b) ...: every argument is taken for a number */
void protos_parse_macros(struct protos *p, const char *header)
{
	static const char define[] = "\n#define memblock_";

	for (const char *at = header; (at = strstr(at, define)); at++) {
		const char *name = at + strlen("\n#define "), *end = name;
		struct proto macro = { .is_macro = true };
		const char *arg;

		while (is_word(*end))
			end++;
		if (*end != '(' || strstr(name, "...") == end + 1)
			continue;
		macro.name = file_path("%.*s", (int)(end - name), name);
		if (find(p, macro.name) || strstr(macro.name, "for_each") ||
		    strstr(macro.name, "_dbg")) {
			free(macro.name);
			continue;
		}
		macro.prototype =
			file_path("%.*s (macro)", (int)(strcspn(end, ")") + 1 + end - name), name);
		macro.result = array_strdup("");
		for (arg = end + 1; *arg && *arg != ')' && macro.nr_args < RT_MAX_ARGS;) {
			size_t len;

			arg += strspn(arg, " ,\\\n\t");
			len = strcspn(arg, " ,)");
			macro.arg_types[macro.nr_args] = array_strdup("phys_addr_t");
			macro.arg_names[macro.nr_args++] = file_path("%.*s", (int)len, arg);
			arg += len;
			arg += strspn(arg, " ,\\\n\t");
		}
		ARRAY_APPEND(p->v, p->nr, p->room) = macro;
	}
	if (p->nr)
		qsort(p->v, p->nr, sizeof(*p->v), by_name);
}

void protos_release(struct protos *p)
{
	for (size_t i = 0; i < p->nr; i++)
		free_proto(&p->v[i]);
	for (size_t i = 0; i < p->nr_flags; i++)
		free(p->flags[i]);
	free(p->v);
	free(p->flags);
	*p = (struct protos){ 0 };
}
