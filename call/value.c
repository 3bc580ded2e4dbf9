// SPDX-License-Identifier: GPL-2.0-or-later
/* Values of calls as text, both ways. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "call/call.h"
#include "lib/array.h"
#include "lib/size.h"

static const struct {
	const char *name;
	int number;
} errors[] = {
	{ "EPERM", 1 },	  { "ENOENT", 2 },  { "E2BIG", 7 },   { "ENOMEM", 12 }, { "EBUSY", 16 },
	{ "EEXIST", 17 }, { "ENODEV", 19 }, { "EINVAL", 22 }, { "ENOSPC", 28 }, { "ERANGE", 34 },
};

const char *call_errno_name(int number)
{
	for (size_t i = 0; i < ARRAY_LEN(errors); i++)
		if (errors[i].number == number)
			return errors[i].name;
	return NULL;
}

void call_names_set(struct call_names *names, const char *name, uint64_t value)
{
	for (size_t i = 0; i < names->nr; i++) {
		if (!strcmp(names->v[i].name, name)) {
			names->v[i].value = value;
			return;
		}
	}
	ARRAY_APPEND(names->v, names->nr, names->room) =
		(struct call_name){ array_strdup(name), value };
}

void call_names_release(struct call_names *names)
{
	for (size_t i = 0; i < names->nr; i++)
		free(names->v[i].name);
	free(names->v);
	*names = (struct call_names){ 0 };
}

struct reader {
	const struct engine *e;
	const struct call_names *names;
	const char *text, *p;
	struct error *err;
};

static int fail(struct reader *r, const char *at, const char *what, size_t len)
{
	r->p = at;
	return error_set(r->err, EINVAL, "%s '%.*s'", what, (int)len, at);
}

static size_t word_len(const char *p)
{
	size_t n = 0;

	while (isalnum((unsigned char)p[n]) || p[n] == '_')
		n++;
	return n;
}

static int find_name(struct reader *r, uint64_t *value)
{
	const char *at = r->p + 1;
	size_t n = word_len(at);

	for (size_t i = 0; i < r->names->nr; i++) {
		if (strlen(r->names->v[i].name) == n && !strncmp(r->names->v[i].name, at, n)) {
			*value = r->names->v[i].value;
			r->p = at + n;
			return 0;
		}
	}
	return fail(r, r->p, "nothing has been called", n + 1);
}

static int find_word(struct reader *r, uint64_t *value)
{
	static const struct rt_constant words[] = { { "true", 1 },
						    { "false", 0 },
						    { "NULL", RT_NULL } };
	const struct rt_engine *ops = engine_ops(r->e);
	size_t n = word_len(r->p);

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (strlen(words[i].name) == n && !strncmp(words[i].name, r->p, n)) {
			*value = words[i].value;
			r->p += n;
			return 0;
		}
	}
	for (int i = 0; i < ops->nr_constants; i++) {
		if (strlen(ops->constants[i].name) == n &&
		    !strncmp(ops->constants[i].name, r->p, n)) {
			*value = ops->constants[i].value;
			r->p += n;
			return 0;
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(errors); i++) {
		if (strlen(errors[i].name) == n && !strncmp(errors[i].name, r->p, n)) {
			*value = errors[i].number;
			r->p += n;
			return 0;
		}
	}
	return fail(r, r->p, "not a number or a known name:", n ? n : strlen(r->p));
}

static int parse_atom(struct reader *r, uint64_t *value)
{
	int ret;

	if (*r->p == '-') {
		r->p++;
		ret = parse_atom(r, value);
		*value = -*value;
		return ret;
	}
	if (*r->p == '$')
		return find_name(r, value);
	if (!isdigit((unsigned char)*r->p))
		return find_word(r, value);
	ret = size_parse(r->p, &r->p, value);
	if (ret == -ERANGE)
		return fail(r, r->p, "does not fit 64 bits:", strlen(r->p));
	if (word_len(r->p))
		return fail(r, r->p, "unknown suffix", word_len(r->p));
	return ret;
}

static int parse_product(struct reader *r, uint64_t *value)
{
	uint64_t factor;
	int ret = parse_atom(r, value);

	while (!ret && *r->p == '*') {
		r->p++;
		ret = parse_atom(r, &factor);
		if (!ret)
			*value *= factor;
	}
	return ret;
}

static int parse_sum(struct reader *r, uint64_t *value)
{
	uint64_t term;
	int ret = parse_product(r, value);

	while (!ret && (*r->p == '+' || *r->p == '-')) {
		char op = *r->p++;

		ret = parse_product(r, &term);
		if (!ret)
			*value = op == '+' ? *value + term : *value - term;
	}
	return ret;
}

static int parse_number(struct reader *r, uint64_t *value)
{
	int ret = parse_sum(r, value);

	if (!ret && *r->p)
		ret = fail(r, r->p, "unexpected", strlen(r->p));
	return ret;
}

static int parse_flags(struct reader *r, uint64_t *value)
{
	const struct rt_engine *ops = engine_ops(r->e);

	*value = 0;
	if (isdigit((unsigned char)*r->p) || *r->p == '$')
		return parse_number(r, value);
	for (;;) {
		size_t n = word_len(r->p);
		const char *name = r->p;
		int i;

		if (n > 9 && !strncmp(name, "MEMBLOCK_", 9))
			name += 9;
		for (i = 0; i < ops->nr_flags; i++)
			if (strlen(ops->flags[i].name) == n - (name - r->p) &&
			    !strncasecmp(ops->flags[i].name, name, n - (name - r->p)))
				break;
		if (i == ops->nr_flags)
			return fail(r, r->p, "this kernel has no flag", n ? n : strlen(r->p));
		*value |= ops->flags[i].value;
		r->p += n;
		if (!*r->p)
			return 0;
		if (*r->p != '|' && *r->p != ',')
			return fail(r, r->p, "unexpected", strlen(r->p));
		r->p++;
	}
}

static const char *const type_names[] = {
	[RT_TYPE_NONE] = "NULL",
	[RT_MEMORY] = "memory",
	[RT_RESERVED] = "reserved",
	[RT_PHYSMEM] = "physmem",
};

/* "memory", or "memory[3]" for a region */
static int parse_type(struct reader *r, bool region, uint64_t *value)
{
	size_t n = word_len(r->p);

	for (size_t i = 0; i < ARRAY_LEN(type_names); i++) {
		uint64_t index;
		const char *end;

		if (strlen(type_names[i]) != n || strncmp(type_names[i], r->p, n))
			continue;
		if (!region && !r->p[n]) {
			*value = i;
			return 0;
		}
		if (region && r->p[n] == '[' && !size_parse(r->p + n + 1, &end, &index) &&
		    !strcmp(end, "]") && index <= UINT32_MAX) {
			*value = RT_REGION_AT(i, index);
			return 0;
		}
	}
	return fail(r, r->p,
		    region ? "not a region such as memory[0]:" : "not memory, reserved or physmem:",
		    strlen(r->p));
}

int call_parse_value(const struct engine *e, const struct call_names *names, enum rt_kind kind,
		     const char *text, uint64_t *value, size_t *where, struct error *err)
{
	struct reader r = { e, names, text, text, err };
	int ret;

	switch (kind) {
	case RT_FLAGS:
		ret = parse_flags(&r, value);
		break;
	case RT_TYPE:
	case RT_REGION:
		ret = parse_type(&r, kind == RT_REGION, value);
		break;
	case RT_OUT:
		if (!strcmp(text, "?")) {
			*value = 0;
			return 0;
		}
		/* fall through */
	default:
		ret = parse_number(&r, value);
	}
	if (where)
		*where = r.p - text;
	return ret;
}

void call_format_flags(const struct engine *e, uint64_t flags, FILE *out)
{
	const struct rt_engine *ops = engine_ops(e);
	const char *separator = "";

	if (!flags)
		fputs("none", out);
	for (int i = 0; i < ops->nr_flags && flags; i++) {
		uint64_t bit = ops->flags[i].value;

		if (!bit || (flags & bit) != bit)
			continue;
		fprintf(out, "%s%s", separator, ops->flags[i].name);
		separator = "|";
		flags &= ~bit;
	}
	if (flags)
		fprintf(out, "%s%#" PRIx64, separator, flags);
}

void call_format_value(const struct engine *e, enum rt_kind kind, uint64_t value, FILE *out)
{
	int64_t number = value;

	switch (kind) {
	case RT_VOID:
		break;
	case RT_BOOL:
		fputs(value ? "true" : "false", out);
		break;
	case RT_INT:
		if (number < 0 && number > -4096 && call_errno_name(-number))
			fprintf(out, "-%s", call_errno_name(-number));
		else
			fprintf(out, "%" PRId64, number);
		break;
	case RT_NID:
		fprintf(out, "%" PRId64, number);
		break;
	case RT_FLAGS:
		call_format_flags(e, value, out);
		break;
	case RT_TYPE:
		fputs(value < ARRAY_LEN(type_names) ? type_names[value] : "?", out);
		break;
	case RT_REGION:
		fprintf(out, "%s[%" PRIu64 "]", type_names[value >> 32 & 3], value & UINT32_MAX);
		break;
	default:
		if (value == RT_NULL && kind == RT_POINTER)
			fputs("NULL", out);
		else
			fprintf(out, "%#" PRIx64, value);
	}
}
