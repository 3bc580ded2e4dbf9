// SPDX-License-Identifier: GPL-2.0-or-later
/* What is changed in an expression, operator by operator; docs/testing.md lists them. */
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "mutate/internal.h"

/* What a token is replaced by. */
struct other {
	const char *operator, * old, *new;
};

static const struct other signs[] = {
	{ "relation", "<", "<=" },
	{ "relation", "<", ">=" },
	{ "relation", "<=", "<" },
	{ "relation", "<=", ">" },
	{ "relation", ">", ">=" },
	{ "relation", ">", "<=" },
	{ "relation", ">=", ">" },
	{ "relation", ">=", "<" },
	{ "relation", "==", "!=" },
	{ "relation", "!=", "==" },
	{ "bit", "&", "|" },
	{ "bit", "|", "&" },
	{ "bit", "|=", "&=" },
	{ "bit", "&=", "|=" },
	{ "arithmetic", "+", "-" },
	{ "arithmetic", "-", "+" },
	{ "arithmetic", "*", "/" },
	{ "arithmetic", "/", "*" },
	{ "arithmetic", "%", "/" },
	{ "arithmetic", "<<", ">>" },
	{ "arithmetic", ">>", "<<" },
	{ "arithmetic", "+=", "-=" },
	{ "arithmetic", "-=", "+=" },
	{ "arithmetic", "++", "--" },
	{ "arithmetic", "--", "++" },
	{ "arithmetic", "*=", "/=" },
	{ "arithmetic", "/=", "*=" },
	{ "arithmetic", "<<=", ">>=" },
	{ "arithmetic", ">>=", "<<=" },
};

static const struct other members[] = {
	{ "member", "base", "size" },	    { "member", "size", "base" },
	{ "member", "memory", "reserved" }, { "member", "reserved", "memory" },
	{ "member", "cnt", "max" },	    { "member", "max", "cnt" },
};

static const struct other words[] = {
	{ "boolean", "true", "false" },
	{ "boolean", "false", "true" },
	{ "constant", "NUMA_NO_NODE", "0" },
	{ "constant", "MEMBLOCK_ALLOC_ACCESSIBLE", "MEMBLOCK_ALLOC_ANYWHERE" },
	{ "constant", "MEMBLOCK_ALLOC_ANYWHERE", "MEMBLOCK_ALLOC_ACCESSIBLE" },
	{ "constant", "MEMBLOCK_LOW_LIMIT", "1" },
};

static const struct other functions[] = {
	{ "function", "min", "max" },
	{ "function", "max", "min" },
	{ "function", "min_t", "max_t" },
	{ "function", "max_t", "min_t" },
	{ "function", "round_up", "round_down" },
	{ "function", "round_down", "round_up" },
	{ "function", "PFN_UP", "PFN_DOWN" },
	{ "function", "PFN_DOWN", "PFN_UP" },
	{ "function", "ALIGN", "ALIGN_DOWN" },
	{ "function", "ALIGN_DOWN", "ALIGN" },
};

/* Whether the table has something for the token. */
static bool has_other(const struct scan *s, size_t i, const struct other *v, size_t nr)
{
	while (nr--)
		if (scan_is(s, i, v[nr].old))
			return true;
	return false;
}

static void put_others(struct scan *s, size_t i, const struct other *v, size_t nr)
{
	for (size_t k = 0; k < nr; k++)
		if (scan_is(s, i, v[k].old))
			mutants_add(s, v[k].operator, i, i, v[k].new);
}

static bool begins(const struct scan *s, size_t i, const char *with)
{
	return s->v[i].end - s->v[i].start >= strlen(with) &&
	       !strncmp(s->text + s->v[i].start, with, strlen(with));
}

bool operator_is_message(const struct scan *s, size_t i)
{
	return (begins(s, i, "pr_") && !scan_is(s, i, "pr_")) || begins(s, i, "printk") ||
	       scan_is_any(s, i, " memblock_dbg panic dump_stack ");
}

bool operator_is_warning(const struct scan *s, size_t i)
{
	char *name = scan_copy(s, i, i);
	const char *at = !strncmp(name, "VM_", 3) ? name + 3 : name;
	size_t n = !strncmp(at, "BUG", 3) ? 3 : !strncmp(at, "WARN", 4) ? 4 : 0;
	bool is = n && (!at[n] || (at[n] == '_' && at[n + 1]));

	free(name);
	return is;
}

/* A type in brackets, as of a cast, between two tokens. */
static bool is_type(const struct scan *s, size_t from, size_t to)
{
	const char *last = s->text + s->v[to].end - 1;

	for (size_t i = from; i <= to; i++)
		if (s->v[i].kind != TOKEN_WORD && !scan_is(s, i, "*"))
			return false;
	if (from > to)
		return false;
	if (*last == '*' || (last[-1] == '_' && *last == 't') ||
	    scan_is_any(s, from, OPERATOR_TYPES))
		return true;
	return scan_is_any(s, to, " u8 s8 u16 s16 u32 s32 u64 s64 ");
}

/* Is the sign an operator with two operands? */
static bool is_binary(const struct scan *s, size_t i)
{
	const struct token *before = &s->v[i - 1], *t = &s->v[i], *after = &s->v[i + 1];

	if (before->kind == TOKEN_SIGN ? !scan_is_any(s, i - 1, " ) ] ")
				       : scan_is_any(s, i - 1, OPERATOR_KEYWORDS))
		return false;
	if (scan_is(s, i + 1, ")"))
		return false;
	/* `a - b` or `a-b`, but neither `a -b` nor `(type) *b` */
	if ((before->end == t->start) != (t->end == after->start))
		return false;
	if (!scan_is(s, i - 1, ")") || before->end != t->start)
		return true;
	return !is_type(s, before->partner + 1, i - 2);
}

/* What ends an operand of && and ||, or the condition of ?:. */
static bool ends_operand(const struct scan *s, size_t i)
{
	return scan_is_any(s, i, " && || ? : ; , return = += -= *= /= %= &= |= ^= <<= >>= ");
}

/* Tokens of the operand that ends before token @i, or begins after it. */
static void find_operand(const struct scan *s, size_t i, bool after, size_t *from, size_t *to)
{
	size_t k = after ? i + 1 : i - 1;

	for (;; k = after ? k + 1 : k - 1) {
		if (after ? scan_opens(s, k) : scan_closes(s, k))
			k = s->v[k].partner;
		else if (ends_operand(s, k) || scan_opens(s, k) || scan_closes(s, k))
			break;
	}
	*from = after ? i + 1 : k + 1;
	*to = after ? k - 1 : i - 1;
}

/* A comparison that is changed into its contrary anyway, or `!x`, of which the `!` is dropped. */
static bool negated_otherwise(const struct scan *s, size_t from, size_t to)
{
	size_t relations = 0, others = 0;

	for (size_t i = from; i <= to; i++) {
		if (scan_opens(s, i))
			i = s->v[i].partner;
		else if (scan_is_any(s, i, " < <= > >= == != ") ||
			 (i == from && scan_is(s, i, "!")))
			relations++;
		else if (scan_is_any(s, i, " && || ? : , = "))
			others++;
	}
	return relations == 1 && !others;
}

void operator_condition(struct scan *s, size_t from, size_t to)
{
	char *text, *negated;

	if (from > to || (from == to && s->v[from].kind == TOKEN_NUMBER))
		return;
	text = scan_copy(s, from, to);
	negated = array_format("!(%s)", text);
	if (!negated_otherwise(s, from, to))
		mutants_add(s, "negate", from, to, negated);
	mutants_add(s, "condition", from, to, "0");
	mutants_add(s, "condition", from, to, "1");
	free(negated);
	free(text);
}

/* Puts another value in place of a number, in the number's own form. */
static void put_number(struct scan *s, size_t i, uint64_t value, bool hex, bool octal,
		       const char *suffix)
{
	char *text = array_format(hex	  ? "0x%" PRIx64 "%s"
				  : octal ? "0%" PRIo64 "%s"
					  : "%" PRIu64 "%s",
				  value, suffix);

	mutants_add(s, "constant", i, i, text);
	free(text);
}

static void break_number(struct scan *s, size_t i)
{
	char *text = scan_copy(s, i, i), *suffix;
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	uint64_t value = strtoull(text, &suffix, 0);
	bool octal = !hex && text[0] == '0' && suffix > text + 1;
	bool term = scan_is_any(s, i - 1, " + - ") && is_binary(s, i - 1) &&
		    !scan_is_any(s, i + 1, " * / % ");

	if (suffix == text || strspn(suffix, "uUlL") != strlen(suffix) || value >= UINT32_MAX) {
		free(text);
		return;
	}
	if (term)
		mutants_add(s, "drop", i - 1, i, "");
	else if (value)
		put_number(s, i, value - 1, hex, octal, suffix);
	put_number(s, i, value + 1, hex, octal, suffix);
	free(text);
}

/* Where the arguments of a call begin and end; how many there are. */
struct argument {
	size_t from, to;
};

static size_t find_arguments(const struct scan *s, size_t i, struct argument *v, size_t room)
{
	size_t end = s->v[i + 1].partner, nr = 1;

	if (end == i + 2)
		return 0;
	v[0].from = i + 2;
	for (size_t k = i + 2; k < end; k++) {
		if (scan_opens(s, k))
			k = s->v[k].partner;
		if (!scan_is(s, k, ","))
			continue;
		v[nr - 1].to = k - 1;
		if (nr == room)
			return nr;
		v[nr++].from = k + 1;
	}
	v[nr - 1].to = end - 1;
	return nr;
}

/* Is the name that of a pointer, as far as the function shows it? */
static bool is_declared_pointer(const struct scan *s, size_t name)
{
	char *text = scan_copy(s, name, name);
	bool is = false;

	for (size_t i = s->first + 2; i < s->body_end && !is; i++) {
		size_t star = i - 1;

		if (!scan_is(s, i, text) || !scan_is_any(s, i + 1, " , ; ) = "))
			continue;
		while (star > s->first && scan_is(s, star, "*") &&
		       s->v[star].end == s->v[star + 1].start)
			star--;
		is = star < i - 1 && s->v[star].end + 1 == s->v[star + 1].start &&
		     s->text[s->v[star].end] == ' ' &&
		     (s->v[star].kind == TOKEN_WORD || s->v[star].kind == TOKEN_NUMBER);
	}
	free(text);
	return is;
}

static bool is_pointer(const struct scan *s, const struct argument *a)
{
	return scan_is(s, a->from, "&") || scan_same(s, a->from, a->to, "NULL") ||
	       (a->from == a->to && s->v[a->from].kind == TOKEN_WORD &&
		is_declared_pointer(s, a->from));
}

/* Swaps two neighbours. */
static void swap(struct scan *s, const struct argument *a, const struct argument *b)
{
	char *first = scan_copy(s, a->from, a->to), *second = scan_copy(s, b->from, b->to);
	size_t start = s->v[a->to].end;
	char *swapped = array_format("%s%.*s%s", second, (int)(s->v[b->from].start - start),
				     s->text + start, first);

	if (strcmp(first, second) && !strchr(swapped, '"') && is_pointer(s, a) == is_pointer(s, b))
		mutants_add(s, "arguments", a->from, b->to, swapped);
	free(first);
	free(second);
	free(swapped);
}

static void break_arguments(struct scan *s, size_t i)
{
	struct argument v[32];
	size_t nr = find_arguments(s, i, v, ARRAY_LEN(v));
	bool warns = operator_is_warning(s, i);

	if (warns || operator_is_message(s, i)) {
		/* what a warning looks at is no message */
		for (size_t n = warns; n < nr; n++)
			for (size_t k = v[n].from; k <= v[n].to; k++)
				s->v[k].mute = true;
		return;
	}
	/* where the order makes no difference there is nothing to swap */
	if (scan_is_any(s, i, " min max min_t max_t swap "))
		return;
	for (size_t n = 0; n + 1 < nr; n++)
		swap(s, &v[n], &v[n + 1]);
}

/* The next flag and the one after it: every flag gets others of both kinds. */
static void break_flag(struct scan *s, size_t i)
{
	size_t nr = 0, at = SIZE_MAX;

	for (; s->flags[nr]; nr++)
		if (scan_is(s, i, s->flags[nr]))
			at = nr;
	for (size_t k = 1; k <= 2 && at != SIZE_MAX; k++)
		mutants_add(s, "flag", i, i, s->flags[(at + k) % nr]);
}

static void break_word(struct scan *s, size_t i)
{
	if (scan_is_any(s, i - 1, " . -> ")) {
		put_others(s, i, members, ARRAY_LEN(members));
	} else if (has_other(s, i, words, ARRAY_LEN(words))) {
		put_others(s, i, words, ARRAY_LEN(words));
	} else if (scan_is(s, i + 1, "(")) {
		put_others(s, i, functions, ARRAY_LEN(functions));
		if (!scan_is_any(s, i, OPERATOR_KEYWORDS))
			break_arguments(s, i);
	} else {
		break_flag(s, i);
	}
}

static void break_sign(struct scan *s, size_t i)
{
	bool both = scan_is(s, i, "&&"), either = scan_is(s, i, "||");
	size_t from, to;

	if (both || either) {
		mutants_add(s, "logic", i, i, both ? "||" : "&&");
		for (int after = 0; after < 2; after++) {
			find_operand(s, i, after, &from, &to);
			mutants_add(s, "operand", from, to, both ? "1" : "0");
		}
	} else if (scan_is_any(s, i, " ! ~ ")) {
		mutants_add(s, "drop", i, i, "");
	} else if (scan_is(s, i, "?")) {
		find_operand(s, i, false, &from, &to);
		if (!scan_is(s, i + 1, ":"))
			operator_condition(s, from, to);
	} else if (s->v[i].end - s->v[i].start > 1 || scan_is_any(s, i, " < > ") ||
		   (has_other(s, i, signs, ARRAY_LEN(signs)) && is_binary(s, i))) {
		put_others(s, i, signs, ARRAY_LEN(signs));
	}
}

void operator_expression(struct scan *s, size_t from, size_t to)
{
	for (size_t i = from; i <= to; i++) {
		if (s->v[i].mute)
			continue;
		if (s->v[i].kind == TOKEN_WORD)
			break_word(s, i);
		else if (s->v[i].kind == TOKEN_NUMBER)
			break_number(s, i);
		else if (s->v[i].kind == TOKEN_SIGN)
			break_sign(s, i);
	}
}
