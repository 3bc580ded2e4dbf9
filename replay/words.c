// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The words of a log, that is, names of functions and of callers: a million lines have some hundred different
 * ones. Each is kept once, with what it means, so that it is looked at once and compared by its address.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "replay/internal.h"

#define CHUNK_BYTES (64u << 10)

struct words_chunk {
	struct words_chunk *next;
	size_t used, room;
	char bytes[];
};

static uint64_t hash_text(const char *text, size_t n)
{
	uint64_t h = n, part;

	for (; n >= sizeof(part); n -= sizeof(part), text += sizeof(part)) {
		memcpy(&part, text, sizeof(part));
		h = (h ^ part) * 0x9e3779b97f4a7c15;
		h ^= h >> 32;
	}
	part = 0;
	memcpy(&part, text, n);
	h = (h ^ part) * 0x9e3779b97f4a7c15;
	return h ^ h >> 29;
}

static void *take_bytes(struct words *words, size_t n)
{
	struct words_chunk *c = words->chunks;
	void *p;

	n = (n + 7) & ~(size_t)7;
	if (!c || c->room - c->used < n) {
		size_t room = n > CHUNK_BYTES ? n : CHUNK_BYTES;

		c = array_resize(NULL, sizeof(*c) + room, 1);
		*c = (struct words_chunk){ .next = words->chunks, .room = room };
		words->chunks = c;
	}
	p = c->bytes + c->used;
	c->used += n;
	return p;
}

/* Where the word is, or would be. */
static struct word **find_place(const struct words *words, uint64_t hash, const char *text,
				size_t n)
{
	size_t i = hash & (words->room - 1);

	for (;; i = (i + 1) & (words->room - 1)) {
		struct word *w = words->v[i];

		if (!w || (w->hash == hash && w->length == n && !memcmp(w->text, text, n)))
			return &words->v[i];
	}
}

static void grow(struct words *words)
{
	struct word **old = words->v;
	size_t nr = words->room;

	words->room = nr ? 2 * nr : 256;
	words->v = array_resize(NULL, words->room, sizeof(struct word *));
	memset(words->v, 0, words->room * sizeof(struct word *));
	for (size_t i = 0; i < nr; i++)
		if (old[i])
			*find_place(words, old[i]->hash, old[i]->text, old[i]->length) = old[i];
	free(old);
}

const struct word *words_add(struct words *words, const char *text, size_t n)
{
	uint64_t hash = hash_text(text, n);
	struct word **place, *w;

	if (2 * words->nr >= words->room)
		grow(words);
	place = find_place(words, hash, text, n);
	if (*place)
		return *place;
	w = take_bytes(words, offsetof(struct word, text) + n + 1);
	*w = (struct word){ .hash = hash, .length = n };
	memcpy(w->text, text, n);
	w->text[n] = '\0';
	read_meaning(w);
	words->nr++;
	return *place = w;
}

void words_release(struct words *words)
{
	struct words_chunk *c = words->chunks, *next;

	for (; c; c = next) {
		next = c->next;
		free(c);
	}
	free(words->v);
	*words = (struct words){ 0 };
}
