// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's command line, taken apart as next_arg() of lib/cmdline.c does it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "boot/internal.h"
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

static void add_word(struct boot *b, const char *p, size_t len)
{
	char *text = strndup(p, len), *value;

	if (!text)
		array_die();
	unquote(text);
	value = strchr(text, '=');
	if (value) {
		*value++ = '\0';
		unquote(value);
	}
	ARRAY_APPEND(b->words, b->nr_words, b->room_words) = (struct boot_word){ text, value };
}

int boot_read_cmdline(struct boot *b, const char *cmdline, struct error *err)
{
	for (const char *p = cmdline; *p;) {
		size_t len = word_length(p);

		if (len)
			add_word(b, p, len);
		p += len;
		while (is_blank(*p))
			p++;
	}
	for (size_t i = 0; i < b->nr_words; i++) {
		const struct boot_word *w = &b->words[i];
		struct error why = { 0 };

		if (!strcmp(w->name, "--"))
			break; /* the rest is for init */
		if (boot_take_param(&b->params, w->name, w->value, &why) >= 0)
			continue;
		if (b->o->cmdline)
			return error_set(err, EINVAL, "--cmdline: %s", why.text);
		boot_note(b, "ignored of the layout's command line: %s", why.text);
	}
	return 0;
}

void boot_release_cmdline(struct boot *b)
{
	for (size_t i = 0; i < b->nr_words; i++)
		free(b->words[i].name);
	free(b->words);
	free(b->params.edits);
}
