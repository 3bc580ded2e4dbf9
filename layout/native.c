// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads *.layout files: one fact a line, a word that says of what kind, a range, details.
 * write.c is the other half; mbsim-layout(5) describes them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "layout/internal.h"
#include "layout/layout.h"
#include "lib/array.h"

#define FORMAT_VERSION 1

struct native_fact {
	const char *word;
	int (*read)(struct native *n);
	bool once;
};

static const struct layout_flag update_flags[] = {
	{ "late", LAYOUT_UPDATE_LATE },
	{ "cmdline", LAYOUT_UPDATE_CMDLINE },
	{ 0 },
};

/* Words up to the end of the line. */
static int read_flags(struct native *n, const struct layout_flag *table, unsigned int *flags)
{
	char word[NATIVE_WORD_MAX];
	size_t i;

	while (native_more(n)) {
		const char *at = n->p;

		native_word(n, word);
		for (i = 0; table[i].word && strcmp(word, table[i].word); i++)
			;
		if (!table[i].word)
			return native_fail(n, at, "unknown word \"%s\"", word);
		*flags |= table[i].flag;
	}
	return 0;
}

static int read_layout(struct native *n)
{
	const char *at = n->p;
	uint64_t version;

	if (native_number(n, FORMAT_VERSION, FORMAT_VERSION, &version))
		return native_fail(n, at, "this mbsim knows version %d of layout files only",
				   FORMAT_VERSION);
	return 0;
}

static int read_arch(struct native *n)
{
	char word[NATIVE_WORD_MAX];
	const char *at;
	int arch;

	native_more(n);
	at = n->p;
	native_word(n, word);
	arch = layout_arch_of(word);
	if (arch < 0)
		return native_fail(n, at, "unknown architecture \"%s\"", word);
	n->l->arch = arch;
	return 0;
}

static int read_page_size(struct native *n)
{
	uint64_t size = 0;
	int ret = native_number(n, 1 << 10, 1 << 20, &size);

	if (!ret && size & (size - 1))
		return native_fail(n, n->p, "a page size is a power of two");
	n->l->page_size = size;
	return ret;
}

static int read_cpus(struct native *n)
{
	uint64_t cpus = 0;
	int ret = native_number(n, 1, LAYOUT_MAX_CPUS, &cpus);

	n->l->cpus = cpus;
	return ret;
}

static int read_kernel_version(struct native *n)
{
	return native_rest(n, &n->l->kernel_version);
}

static int read_cmdline(struct native *n)
{
	return native_rest(n, &n->l->cmdline);
}

static int read_image(struct native *n)
{
	char word[NATIVE_WORD_MAX];

	while (native_more(n)) {
		const char *at = n->p;
		uint64_t *part;

		native_word(n, word);
		part = layout_image_part(&n->l->image, word);
		if (!part)
			return native_fail(n, at, "unknown part \"%s\" of a kernel image", word);
		if (native_number(n, 0, UINT64_MAX, part))
			return -EINVAL;
	}
	return 0;
}

/* What a layout_add_*() says. */
static int added(struct native *n, int ret)
{
	return ret == -ENOSPC ? native_fail(n, n->start, "there are too many of these") : ret;
}

/* The type that an update changes, or "any". */
static int read_update_type(struct native *n, enum layout_type *type, bool *any)
{
	char word[NATIVE_WORD_MAX];
	const char *at;
	int ret;

	native_more(n);
	at = n->p;
	native_word(n, word);
	if (any && !strcmp(word, "any")) {
		*any = true;
		return 0;
	}
	ret = layout_type_of(word);
	if (ret < 0)
		return native_fail(n, at, "unknown type of memory \"%s\"", word);
	*type = ret;
	return 0;
}

static int read_update(struct native *n)
{
	struct layout_update u = { .pos.line = n->line };
	int ret = native_range(n, &u.range);

	if (!ret)
		ret = read_update_type(n, &u.from, &u.any);
	if (!ret) {
		if (!native_more(n) || n->end - n->p < 2 || memcmp(n->p, "=>", 2))
			return native_fail(n, n->p,
					   "\"=>\" and a type of memory are expected here");
		n->p += 2;
		ret = read_update_type(n, &u.to, NULL);
	}
	if (!ret)
		ret = read_flags(n, update_flags, &u.flags);
	return ret ? ret : added(n, layout_add_update(n->l, u));
}

static int read_remove(struct native *n)
{
	struct layout_update u = { .remove = true, .pos.line = n->line };
	int ret = native_range(n, &u.range);

	if (!ret)
		ret = read_update_type(n, &u.from, &u.any);
	if (!ret)
		ret = read_flags(n, update_flags, &u.flags);
	return ret ? ret : added(n, layout_add_update(n->l, u));
}

static int read_node(struct native *n)
{
	struct layout_node_range r = { .nid = LAYOUT_NO_NODE, .pos.line = n->line };
	uint64_t nid;
	int ret = 0;

	if (native_more(n) && *n->p == '-') {
		n->p++;
	} else {
		ret = native_number(n, 0, LAYOUT_MAX_NODE, &nid);
		if (!ret)
			r.nid = nid;
	}
	if (!ret)
		ret = native_range(n, &r.range);
	if (!ret)
		ret = read_flags(n, layout_flags, &r.flags);
	return ret ? ret : added(n, layout_add_node_range(n->l, r));
}

static int read_node_cpus(struct native *n)
{
	struct layout_node_cpus c = { .pos.line = n->line };
	uint64_t nid = 0, cpus = 0;
	int ret = native_number(n, 0, LAYOUT_MAX_NODE, &nid);

	if (!ret)
		ret = native_number(n, 0, LAYOUT_MAX_CPUS, &cpus);
	c.nid = nid;
	c.cpus = cpus;
	return ret ? ret : added(n, layout_add_node_cpus(n->l, c));
}

static int read_distance(struct native *n)
{
	struct layout_distance d = { .pos.line = n->line };
	uint64_t from = 0, to = 0, distance = 0;
	int ret = native_number(n, 0, LAYOUT_MAX_NODE, &from);

	if (!ret)
		ret = native_number(n, 0, LAYOUT_MAX_NODE, &to);
	if (!ret)
		ret = native_number(n, 1, 255, &distance);
	d.from = from;
	d.to = to;
	d.distance = distance;
	return ret ? ret : added(n, layout_add_distance(n->l, d));
}

static int read_model(struct native *n)
{
	return native_rest(n, &n->l->model);
}

static int read_dma_last(struct native *n)
{
	return native_number(n, 1, UINT64_MAX - 1, &n->l->dma_last);
}

static int read_low_end(struct native *n)
{
	return native_number(n, 1, UINT32_MAX, &n->l->low_end);
}

static int read_usable(struct native *n)
{
	struct layout_usable u = { .pos.line = n->line };
	int ret = native_range(n, &u.range);

	return ret ? ret : added(n, layout_add_usable(n->l, u));
}

/* "align 1M", "in 0-0x3fffffff": details that come before the flags. */
static int read_wishes(struct native *n, struct layout_dynamic *d)
{
	char word[NATIVE_WORD_MAX];

	while (native_more(n)) {
		const char *at = n->p;
		int ret;

		native_word(n, word);
		if (!strcmp(word, "align")) {
			ret = native_number(n, 1, 1ULL << 63, &d->align);
			if (!ret && d->align & (d->align - 1))
				return native_fail(n, n->p, "an alignment is a power of two");
		} else if (!strcmp(word, "in")) {
			if (d->nr_within == LAYOUT_MAX_WITHIN)
				return native_fail(n, at, "there are at most %d of these",
						   LAYOUT_MAX_WITHIN);
			ret = native_range(n, &d->within[d->nr_within++]);
		} else {
			n->p = at;
			return 0;
		}
		if (ret)
			return ret;
	}
	return 0;
}

static int read_dynamic(struct native *n)
{
	struct layout_dynamic d = { .pos.line = n->line };
	int ret = native_number(n, 1, UINT64_MAX - 1, &d.size);

	if (!ret && native_more(n) && *n->p == '"')
		ret = native_quoted(n, &d.name);
	if (!ret)
		ret = read_wishes(n, &d);
	if (!ret)
		ret = read_flags(n, layout_flags, &d.flags);
	if (!ret)
		ret = added(n, layout_add_dynamic(n->l, d));
	free(d.name);
	return ret;
}

static int read_map_row(struct native *n, enum layout_type type)
{
	struct layout_range r = { .type = type, .pos.line = n->line };
	int ret = native_range(n, &r.range);

	if (!ret && native_more(n) && *n->p == '"')
		ret = native_quoted(n, &r.words);
	if (!ret)
		ret = added(n, layout_add_range(n->l, r));
	free(r.words);
	return ret;
}

static int read_reservation(struct native *n, enum layout_kind kind)
{
	struct layout_reservation r = { .kind = kind, .pos.line = n->line };
	int ret = native_range(n, &r.range);

	if (!ret && native_more(n) && *n->p == '"')
		ret = native_quoted(n, &r.name);
	if (!ret)
		ret = read_flags(n, layout_flags, &r.flags);
	if (!ret)
		ret = added(n, layout_add_reservation(n->l, r));
	free(r.name);
	return ret;
}

/* Map rows and reservations are known by the names of their type or kind. */
static const struct native_fact facts[] = {
	{ "layout", read_layout, true },
	{ "arch", read_arch, true },
	{ "page_size", read_page_size, true },
	{ "cpus", read_cpus, true },
	{ "kernel_version", read_kernel_version, true },
	{ "cmdline", read_cmdline, true },
	{ "model", read_model, true },
	{ "dma_last", read_dma_last, true },
	{ "low_end", read_low_end, true },
	{ "image", read_image, true },
	{ "update", read_update, false },
	{ "remove", read_remove, false },
	{ "node", read_node, false },
	{ "node_cpus", read_node_cpus, false },
	{ "distance", read_distance, false },
	{ "usable", read_usable, false },
	{ "dynamic", read_dynamic, false },
};

/* @seen: the line that each of @facts was first in. */
static int read_fact(struct native *n, unsigned int seen[ARRAY_LEN(facts)])
{
	char word[NATIVE_WORD_MAX];
	const char *at = n->p;
	int ret, which;

	native_word(n, word);
	if (!seen[0] && strcmp(word, "layout"))
		return native_fail(n, at, "the first line must be \"layout %d\"", FORMAT_VERSION);
	for (size_t i = 0; i < ARRAY_LEN(facts); i++) {
		if (strcmp(word, facts[i].word))
			continue;
		if (facts[i].once && seen[i])
			return native_fail(n, at, "\"%s\" is in line %u already", word, seen[i]);
		seen[i] = n->line;
		ret = facts[i].read(n);
		return ret ? ret : native_end(n);
	}
	which = layout_type_of(word);
	if (which >= 0) {
		ret = read_map_row(n, which);
		return ret ? ret : native_end(n);
	}
	which = layout_kind_of(word);
	if (which >= 0)
		return read_reservation(n, which);
	return native_fail(n, at, "\"%s\" is not a fact of a layout; mbsim-layout(5) has them all",
			   word);
}

static int native_read(struct layout *l, const char *text, size_t len, struct error *err)
{
	struct native n = { .l = l, .err = err };
	unsigned int seen[ARRAY_LEN(facts)] = { 0 };
	const char *text_end = text + len;
	int ret;

	for (const char *p = text; p < text_end; p = n.end + 1) {
		n.line++;
		n.start = n.p = p;
		n.end = memchr(p, '\n', text_end - p);
		if (!n.end)
			n.end = text_end;
		if (memchr(p, '\0', n.end - p))
			return native_fail(&n, memchr(p, '\0', n.end - p),
					   "a zero byte: not a text");
		if (!native_more(&n))
			continue;
		ret = read_fact(&n, seen);
		if (ret)
			return ret;
		l->lines_used++;
	}
	l->lines = n.line;
	if (!layout_has_ram(l))
		return error_set(
			err, EINVAL,
			"%s: no memory at all: a layout needs a line \"ram\" and its range, "
			"such as \"ram 1M-0x7fffffff\"",
			l->name);
	return 0;
}

/* The first line that is not empty or a comment begins with "layout". */
static bool native_sniff(const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end) {
		while (text < end && (native_is_blank(*text) || *text == '\n'))
			text++;
		if (text == end || *text != '#')
			break;
		text = memchr(text, '\n', end - text);
		if (!text)
			return false;
	}
	return end - text > 7 && !memcmp(text, "layout", 6) && native_is_blank(text[6]);
}

const struct layout_reader layout_native = {
	.name = "native",
	.title = "a layout file",
	.marks = "its first line is \"layout 1\"",
	.sniff = native_sniff,
	.read = native_read,
};
