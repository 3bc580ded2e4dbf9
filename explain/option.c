// SPDX-License-Identifier: GPL-2.0-or-later
/* What questions about options of the command line have in common: a boot with them, and its searches. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explain/option.h"
#include "lib/array.h"
#include "lib/size.h"

static const struct explain_column columns[] = {
	{ "purpose", "FOR", EXPLAIN_TEXT },
	{ "wanted", "WANTED", EXPLAIN_BYTES },
	{ "align", "ALIGN", EXPLAIN_BYTES },
	{ "from", "FROM", EXPLAIN_ADDRESS },
	{ "below", "BELOW", EXPLAIN_ADDRESS },
	{ "node", "NODE", EXPLAIN_NUMBER },
	{ "found", "FOUND", EXPLAIN_ADDRESS },
	{ "hole_start", "LARGEST HOLE", EXPLAIN_ADDRESS },
	{ "hole_size", "SIZE", EXPLAIN_BYTES },
	{ "bound_below", "BELOW IT", EXPLAIN_TEXT },
	{ "bound_above", "ABOVE IT", EXPLAIN_TEXT },
};

static bool is_option(const char *word, size_t len, const char *name)
{
	size_t name_len = strlen(name);

	return len >= name_len && !strncmp(word, name, name_len) &&
	       (len == name_len || word[name_len] == '=');
}

static bool is_any(const char *word, size_t len, const char *const *names)
{
	for (; names && *names; names++)
		if (is_option(word, len, *names))
			return true;
	return false;
}

char *explain_cmdline(const struct explain *x, const char *const *drop, const char *more)
{
	const char *at = x->cmdline ? x->cmdline : x->layout->cmdline ? x->layout->cmdline : "";
	char *text = NULL;
	size_t room;
	FILE *out = open_memstream(&text, &room);

	if (!out)
		array_die();
	for (at += strspn(at, " "); *at; at += strspn(at, " ")) {
		size_t len = strcspn(at, " ");

		if (!is_any(at, len, drop))
			fprintf(out, "%.*s ", (int)len, at);
		at += len;
	}
	fputs(more ? more : "", out);
	if (fclose(out))
		array_die();
	return text;
}

char *explain_join_words(const struct explain *x)
{
	char *text = array_strdup(x->words[0]);

	for (size_t i = 1; i < x->nr_words; i++) {
		char *longer = array_format("%s %s", text, x->words[i]);

		free(text);
		text = longer;
	}
	return text;
}

int explain_check_options(const struct explain *x, const char *const *names, struct error *err)
{
	for (size_t i = 0; i < x->nr_words; i++)
		if (!is_any(x->words[i], strlen(x->words[i]), names) || !strchr(x->words[i], '='))
			return error_set(
				err, EINVAL,
				"explain: '%s': this question takes options %s=...%s%s%s only",
				x->words[i], names[0], names[1] ? " and " : "",
				names[1] ? names[1] : "", names[1] ? "=..." : "");
	return 0;
}

int explain_boot(const struct explain *x, const char *cmdline, uint64_t kernel_at,
		 struct boot_result *r, struct error *err)
{
	const struct boot_options o = {
		.layout = x->layout,
		.cmdline = cmdline,
		.kernel_at = kernel_at,
		.timeout_ms = x->timeout_ms,
	};

	return boot_run(x->engine, &o, r, err);
}

size_t explain_quote(struct explain_answer *a, const struct boot_result *r, const char *about)
{
	size_t nr = 0;

	for (size_t i = 0; i < r->nr_log; i++) {
		const char *line = r->log[i].text;

		if (!strstr(line, about) || !strncmp(line, "memblock", 8))
			continue;
		explain_say(a, "The kernel says: %s", line);
		nr++;
	}
	return nr;
}

bool explain_is_tree(const struct boot_search *s)
{
	return !strcmp(s->file, "drivers/of/of_reserved_mem.c");
}

bool explain_is_about(const struct boot_search *s, const char *purpose)
{
	size_t len = strlen(purpose);

	return !explain_is_tree(s) && !strncmp(s->purpose, purpose, len) &&
	       (!s->purpose[len] || s->purpose[len] == ',');
}

const struct boot_search *explain_search(const struct boot_result *r, const char *purpose)
{
	for (size_t i = 0; i < r->nr_searches; i++)
		if (explain_is_about(&r->searches[i], purpose))
			return &r->searches[i];
	return NULL;
}

static void add_search(struct explain_table *t, const struct boot_search *s)
{
	explain_cell_word(t, s->purpose);
	explain_cell(t, s->size);
	explain_cell(t, s->align);
	explain_cell(t, s->window.start);
	explain_cell(t, s->window.end);
	explain_cell_node(t, s->nid);
	explain_cell_if(t, s->found, s->found);
	explain_cell_if(t, !range_is_empty(s->hole), s->hole.start);
	explain_cell(t, range_size(s->hole));
	explain_cell_word(t, s->below ? s->below : "");
	explain_cell_word(t, s->above ? s->above : "");
}

static struct explain_table *add_windows(struct explain_answer *a)
{
	return explain_table(a, "windows", columns, ARRAY_LEN(columns),
			     "Where the kernel looked, in this order, and the largest hole there "
			     "was, from a multiple of ALIGN on:");
}

void explain_add_tree_searches(struct explain_answer *a, const struct boot_result *r)
{
	struct explain_table *t = add_windows(a);

	for (size_t i = 0; i < r->nr_searches; i++)
		if (explain_is_tree(&r->searches[i]))
			add_search(t, &r->searches[i]);
}

void explain_add_searches(struct explain_answer *a, const struct boot_result *r,
			  const char *purpose)
{
	struct explain_table *t = add_windows(a);

	for (size_t i = 0; i < r->nr_searches; i++)
		if (explain_is_about(&r->searches[i], purpose))
			add_search(t, &r->searches[i]);
}

void explain_tell_taker(struct explain_answer *a, const struct boot_search *s)
{
	char align[SIZE_TEXT_MAX];

	if (s->window.start % s->align)
		explain_say(a,
			    "%#" PRIx64
			    " is not a multiple of %s, which this kernel wants it to be.",
			    s->window.start, size_format(s->align, align));
	if (s->taker)
		explain_say(a, "In the way, at %#" PRIx64 ": %s.", s->taken.start, s->taker);
	if (s->next)
		explain_say(a, "The next address that works is %#" PRIx64 ".", s->next);
	else
		explain_say(a, "No address behind it works.");
	if (s->next)
		explain_fact(a, "next_address", EXPLAIN_ADDRESS, s->next);
	explain_fact_text(a, "in_the_way", s->taker);
}

void explain_tell_shortage(struct explain_answer *a, const struct boot_result *r,
			   const char *purpose)
{
	const struct boot_search *best = NULL;
	char wanted[SIZE_TEXT_MAX], largest[SIZE_TEXT_MAX], less[SIZE_TEXT_MAX];

	for (size_t i = 0; i < r->nr_searches; i++) {
		const struct boot_search *s = &r->searches[i];

		if (!explain_is_about(s, purpose) || s->found)
			continue;
		if (!best || strcmp(best->purpose, s->purpose) ||
		    range_size(s->hole) > range_size(best->hole))
			best = s;
	}
	if (!best || range_size(best->hole) >= best->size)
		return;
	explain_say(a, "%s: %s are wanted, and the largest hole, %s at %#" PRIx64 ", has %s less.",
		    best->purpose, size_format(best->size, wanted),
		    size_format(range_size(best->hole), largest), best->hole.start,
		    size_format(best->size - range_size(best->hole), less));
	explain_fact(a, "short_by", EXPLAIN_BYTES, best->size - range_size(best->hole));
}

void explain_list_ram(const struct boot_result *r, struct rangeset *ram)
{
	*ram = (struct rangeset){ 0 };
	for (size_t i = 0; i < r->nr_map; i++)
		if (r->map[i].is_memory)
			rangeset_add(ram, r->map[i].range);
}
