// SPDX-License-Identifier: GPL-2.0-or-later
/* Words of another command line: those that memblock.c handles, and those of which its memory depends. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/cmdline.h"
#include "lib/file.h"
#include "lib/size.h"
#include "replay/whatif.h"

static void refuse(struct whatif *w, const struct whatif_word *word, const char *why)
{
	ARRAY_APPEND(w->w->refused, w->w->nr_refused, w->w->room_refused) =
		file_path("%s%s%s: %s", word->name, word->value ? "=" : "",
			  word->value ? word->value : "", why);
}

static void take_mem(struct whatif *w, struct whatif_word *word)
{
	uint64_t size;

	if (!word->value || size_parse(word->value, NULL, &size) || !size) {
		refuse(w, word, "it should be a size, such as mem=1G");
	} else if (w->change->mem_is_address) {
		ARRAY_APPEND(w->without, w->nr_without, w->room_without) =
			(struct range){ size, UINT64_MAX };
	} else {
		w->limit = size;
	}
	word->used = true;
}

void whatif_read_words(struct whatif *w)
{
	const char *p = w->change->cmdline;
	char *name, *value;

	for (size_t i = 0; i < w->change->nr_without; i++)
		ARRAY_APPEND(w->without, w->nr_without, w->room_without) = w->change->without[i];
	while (p && cmdline_next(&p, &name, &value)) {
		if (!strcmp(name, "--")) {
			free(name);
			break; /* the rest is for init */
		}
		ARRAY_APPEND(w->words, w->nr_words, w->room_words) =
			(struct whatif_word){ name, value, false };
		if (!strcmp(name, "mem"))
			take_mem(w, &w->words[w->nr_words - 1]);
	}
}

void whatif_release_words(struct whatif *w)
{
	for (size_t i = 0; i < w->nr_words; i++)
		free(w->words[i].name);
	free(w->words);
	free(w->without);
}

static void tell_unused(struct whatif *w)
{
	for (size_t i = 0; i < w->nr_words; i++) {
		const struct whatif_word *word = &w->words[i];

		if (!word->used)
			ARRAY_APPEND(w->w->words, w->w->nr_words, w->w->room_words) =
				file_path("%s%s%s", word->name, word->value ? "=" : "",
					  word->value ? word->value : "");
	}
}

void whatif_give_words(struct whatif *w, bool early)
{
	for (size_t i = 0; i < w->nr_words; i++) {
		struct whatif_word *word = &w->words[i];
		int ret = 0;

		if (early && !strcmp(word->name, "movable_node"))
			word->used |= engine_set_variable(w->p.e, "movable_node_enabled", 1);
		if (!engine_param(w->p.e, word->name, word->value, early, &ret))
			continue;
		word->used = true;
		/* what a handler of __setup() did not take, it refuses with 0 */
		if (ret < 0 || (!early && !ret))
			refuse(w, word,
			       ret < 0 ? strerror(-ret) : "the kernel does not take it like that");
	}
	if (!early)
		tell_unused(w);
}

void whatif_limit_memory(struct whatif *w)
{
	struct call_args a = { .limit = w->limit };

	if (w->limit && !make_call(&w->p, "memblock_mem_limit_remove_map", NULL, &a, NULL))
		make_call(&w->p, "memblock_enforce_memory_limit", NULL, &a, NULL);
}
