// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Results of a test on their way from the process that ran it to the one that reports: a header, the
 * three strings, the two maps. Both ends are the same program, forked.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/array.h"
#include "runner/internal.h"

struct header {
	size_t total; /* bytes of the message, this included */
	size_t index;
	enum runner_status status;
	double seconds;
	size_t lengths[3]; /* of the strings, with their ends */
	bool maps[2];
};

static void put(struct wire *w, const void *data, size_t len)
{
	if (w->len + len > w->room) {
		w->room = 2 * (w->len + len);
		w->data = array_resize(w->data, w->room, 1);
	}
	memcpy(w->data + w->len, data, len);
	w->len += len;
}

bool wire_send(int fd, size_t index, const struct runner_test *t)
{
	const char *strings[] = { t->reason, t->text, t->log };
	const struct runner_map *maps[] = { t->before, t->after };
	struct header h;
	struct wire w = { 0 };
	size_t sent = 0;

	memset(&h, 0, sizeof(h));
	h.index = index;
	h.status = t->status;
	h.seconds = t->seconds;
	h.total = sizeof(h);
	for (size_t i = 0; i < ARRAY_LEN(strings); i++)
		h.total += h.lengths[i] = strlen(strings[i]) + 1;
	for (size_t i = 0; i < ARRAY_LEN(maps); i++) {
		h.maps[i] = maps[i];
		h.total += maps[i] ? sizeof(*maps[i]) : 0;
	}
	put(&w, &h, sizeof(h));
	for (size_t i = 0; i < ARRAY_LEN(strings); i++)
		put(&w, strings[i], h.lengths[i]);
	for (size_t i = 0; i < ARRAY_LEN(maps); i++)
		if (maps[i])
			put(&w, maps[i], sizeof(*maps[i]));
	while (sent < w.len) {
		ssize_t n = write(fd, w.data + sent, w.len - sent);

		if (n < 0 && errno != EINTR)
			break;
		sent += n > 0 ? (size_t)n : 0;
	}
	free(w.data);
	return sent == w.len;
}

long wire_receive(struct wire *w, int fd)
{
	char piece[65536];
	ssize_t n;

	do
		n = read(fd, piece, sizeof(piece));
	while (n < 0 && errno == EINTR);
	if (n > 0)
		put(w, piece, (size_t)n);
	return n;
}

static char *take_string(const char **at, size_t len)
{
	char *s = array_strdup(*at);

	*at += len;
	return s;
}

static struct runner_map *take_map(const char **at, bool there)
{
	struct runner_map *map;

	if (!there)
		return NULL;
	map = array_resize(NULL, 1, sizeof(*map));
	memcpy(map, *at, sizeof(*map));
	*at += sizeof(*map);
	return map;
}

bool wire_next(struct wire *w, size_t *index, struct runner_test *t)
{
	struct header h;
	const char *at = w->data + sizeof(h);

	if (w->len < sizeof(h))
		return false;
	memcpy(&h, w->data, sizeof(h));
	if (w->len < h.total)
		return false;
	*index = h.index;
	t->status = h.status;
	t->seconds = h.seconds;
	t->reason = take_string(&at, h.lengths[0]);
	t->text = take_string(&at, h.lengths[1]);
	t->log = take_string(&at, h.lengths[2]);
	t->before = take_map(&at, h.maps[0]);
	t->after = take_map(&at, h.maps[1]);
	memmove(w->data, w->data + h.total, w->len - h.total);
	w->len -= h.total;
	return true;
}

void wire_release(struct wire *w)
{
	free(w->data);
	*w = (struct wire){ 0 };
}
