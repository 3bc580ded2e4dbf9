// SPDX-License-Identifier: GPL-2.0-or-later
/* Finds the functions of a text in the kernel's style, and in them statements and expressions to be broken. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "mutate/internal.h"

static size_t break_statement(struct scan *s, size_t i, size_t limit);

static bool is_declaration(const struct scan *s, size_t i)
{
	size_t stars = 1;

	if (scan_is_any(s, i, OPERATOR_TYPES))
		return true;
	if (scan_is_any(s, i, OPERATOR_KEYWORDS) || s->v[i].kind != TOKEN_WORD)
		return false;
	while (stars < 4 && scan_is(s, i + stars, "*"))
		stars++;
	return s->v[i + stars].kind == TOKEN_WORD &&
	       (stars == 1 || scan_is_any(s, i + stars + 1, " = , ; "));
}

/* Of a declaration, what variables are set to. */
static void break_declaration(struct scan *s, size_t from, size_t to)
{
	size_t start = 0;

	for (size_t i = from; i <= to; i++) {
		if (scan_opens(s, i)) {
			i = s->v[i].partner;
		} else if (scan_is(s, i, "=")) {
			start = i + 1;
		} else if (start && (scan_is(s, i, ",") || i == to)) {
			operator_expression(s, start, i - 1);
			start = 0;
		}
	}
}

static bool is_constant(const char *value)
{
	size_t n = strlen(value);

	if (!strcmp(value, "true") || !strcmp(value, "false") || !strcmp(value, "NULL"))
		return true;
	/* a call without arguments */
	if (n < 3 || strcmp(value + n - 2, "()"))
		return false;
	for (size_t i = 0; i < n - 2; i++)
		if (!isalnum((unsigned char)value[i]) && value[i] != '_')
			return false;
	return true;
}

static bool has_letter(const char *text)
{
	while (*text && !isalpha((unsigned char)*text))
		text++;
	return *text;
}

/* A statement without others in it; @to is its semicolon. */
static void break_simple(struct scan *s, size_t from, size_t to)
{
	bool returns = scan_is(s, from, "return");
	char *value;

	if (is_declaration(s, from)) {
		break_declaration(s, from, to);
		return;
	}
	/* without the return at its end a function returns anything: that is no program */
	if (!returns || to + 1 != s->body_end)
		mutants_add(s,
			    operator_is_message(s, from) || operator_is_warning(s, from) ? "message"
											 : "delete",
			    from, to, ";");
	value = returns && to > from + 1 ? scan_copy(s, from + 1, to - 1) : array_strdup("");
	if (!strcmp(value, "0")) {
		if (s->returns_int)
			mutants_add(s, "return", from + 1, to - 1, "-EINVAL");
	} else if (has_letter(value) && !is_constant(value)) {
		mutants_add(s, "return", from + 1, to - 1, "0");
	}
	free(value);
	operator_expression(s, from, to - 1);
}

/* The three expressions of a for; the second is a condition. */
static void break_for(struct scan *s, size_t from, size_t to)
{
	size_t begin[3] = { from }, end[3], nr = 1;

	for (size_t i = from; i <= to && nr < 3; i++) {
		if (scan_opens(s, i))
			i = s->v[i].partner;
		if (!scan_is(s, i, ";"))
			continue;
		end[nr - 1] = i - 1;
		begin[nr++] = i + 1;
	}
	end[nr - 1] = to;
	if (nr == 3)
		operator_condition(s, begin[1], end[1]);
	for (size_t k = 0; k < nr; k++)
		operator_expression(s, begin[k], end[k]);
}

/* The token after the next @what on this level. */
static size_t find_after(const struct scan *s, size_t i, const char *what, size_t limit)
{
	for (; i < limit; i++) {
		if (scan_is(s, i, what))
			return i + 1;
		if (scan_opens(s, i))
			i = s->v[i].partner;
	}
	return limit;
}

/* Statements with others in them; the token where the rest begins. */
static size_t break_compound(struct scan *s, size_t i, size_t limit)
{
	bool is_if = scan_is(s, i, "if");
	size_t close = s->v[i + 1].partner;

	if (scan_is(s, i, "for")) {
		break_for(s, i + 2, close - 1);
	} else {
		if (is_if || scan_is(s, i, "while"))
			operator_condition(s, i + 2, close - 1);
		if (close > i + 2)
			operator_expression(s, i + 2, close - 1);
	}
	i = break_statement(s, close + 1, limit);
	if (is_if && i < limit && scan_is(s, i, "else"))
		i = break_statement(s, i + 1, limit);
	return i;
}

/* Has the word with brackets behind it a statement behind those? */
static bool is_compound(const struct scan *s, size_t i)
{
	size_t next = s->v[i + 1].partner + 1;
	char *word = scan_copy(s, i, i);
	bool loops = strstr(word, "for_each");

	free(word);
	if (scan_is_any(s, i, " if while for switch "))
		return true;
	/* for_each_...(...) has, a call has none */
	if (loops && !scan_is(s, next, ";"))
		return true;
	return !scan_is(s, i, "return") && (scan_is(s, next, "{") || s->v[next].kind == TOKEN_WORD);
}

/* One statement; the token after it. */
static size_t break_statement(struct scan *s, size_t i, size_t limit)
{
	bool word = s->v[i].kind == TOKEN_WORD;
	size_t end;

	if (i >= limit)
		return limit;
	if (scan_is(s, i, "{")) {
		end = s->v[i++].partner;
		while (i < end)
			i = break_statement(s, i, end);
		return end + 1;
	}
	if (scan_is(s, i, ";"))
		return i + 1;
	if (scan_is_any(s, i, " do else "))
		return break_statement(s, i + 1, limit);
	if (scan_is_any(s, i, " case default "))
		return find_after(s, i, ":", limit);
	if (word && scan_is(s, i + 1, ":"))
		return i + 2;
	if (word && scan_is(s, i + 1, "(") && is_compound(s, i))
		return break_compound(s, i, limit);
	end = find_after(s, i, ";", limit);
	if (scan_is(s, end - 1, ";"))
		break_simple(s, i, end - 1);
	return end;
}

/* The token with the name of the function whose body may begin at this brace; 0: none. */
static size_t name_before(const struct scan *s, size_t brace)
{
	size_t i = brace - 1;

	while (i > 0 && scan_is(s, i, ")")) {
		size_t depth = 0;

		for (; i > 0; i--) {
			depth += scan_is(s, i, ")");
			depth -= scan_is(s, i, "(");
			if (!depth)
				break;
		}
		if (!i || s->v[--i].kind != TOKEN_WORD)
			return 0;
		/* or is it an annotation behind the arguments? */
		if (!i || !scan_is(s, i - 1, ")"))
			break;
		i--;
	}
	return i < brace - 1 ? i : 0;
}

/* The brace that ends what this one begins; 0: there is none. */
static size_t find_body_end(const struct scan *s, size_t brace)
{
	bool own_line = scan_at_line_start(s, brace);
	size_t depth = 0;

	for (size_t i = brace; i < s->nr; i++) {
		/* in the kernel's style, whatever #if and #else have in between */
		if (own_line && scan_is(s, i, "}") && scan_at_line_start(s, i))
			return i;
		depth += scan_is(s, i, "{");
		depth -= scan_is(s, i, "}");
		if (!own_line && !depth)
			return i;
	}
	return 0;
}

/* Between the last thing before it and its name, a function has its type, whose end is "int" or one of "int"s. */
static bool returns_int(const struct scan *s, size_t first, size_t name)
{
	for (size_t i = name; i-- > first;) {
		if (scan_is(s, i, "int"))
			return true;
		if (s->v[i].kind != TOKEN_WORD && s->v[i].kind != TOKEN_NUMBER)
			return false;
	}
	return false;
}

static void break_function(struct scan *s, size_t brace, size_t end)
{
	size_t name = name_before(s, brace), first = name;
	struct mutants *m = s->mutants;

	/* the very first word can be no function's name, as there is no type before it */
	if (!name)
		return;
	free(s->function);
	s->function = scan_copy(s, name, name);
	if (!scan_pair(s, brace, end)) {
		ARRAY_APPEND(m->skipped, m->nr_skipped, m->room_skipped) =
			array_strdup(s->function);
		return;
	}
	while (first > 0 && !scan_is_any(s, first - 1, " ; } "))
		first--;
	s->first = first;
	s->body_end = end;
	s->returns_int = returns_int(s, first, name);
	break_statement(s, brace, end + 1);
}

void mutants_make(struct mutants *m, const char *text, char *const *flags)
{
	struct scan s;

	*m = (struct mutants){ 0 };
	scan_text(&s, text);
	s.mutants = m;
	s.flags = flags;
	for (size_t i = 1; i < s.nr; i++) {
		size_t end;

		if (!scan_is(&s, i, "{"))
			continue;
		end = find_body_end(&s, i);
		if (!end)
			break;
		if (scan_is(&s, i - 1, ")"))
			break_function(&s, i, end);
		i = end;
	}
	mutants_name(m, text);
	scan_release(&s);
}
