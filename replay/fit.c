// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where memblock is expected to find memory. It decides nothing that the engine is asked for: it tells which
 * of the things that no line tells (direction, limit, node) would lead to the log's address.
 */
#include "replay/internal.h"

struct search {
	const struct fit_want *want;
	uint64_t best;
};

static void try_piece(struct search *s, uint64_t start, uint64_t end)
{
	const struct fit_want *w = s->want;
	uint64_t min = w->min > w->page ? w->min : w->page, at;

	start = start > min ? start : min;
	end = end < w->max ? end : w->max;
	if (end <= start || end - start < w->size)
		return;
	if (w->bottom_up) {
		at = (start + w->align - 1) & ~(w->align - 1);
		if (at >= start && at <= end - w->size && (s->best == FIT_NONE || at < s->best))
			s->best = at;
		return;
	}
	at = (end - w->size) & ~(w->align - 1);
	if (at >= start && (s->best == FIT_NONE || at > s->best))
		s->best = at;
}

size_t fit_first_behind(const struct replay_rows *rows, uint64_t address)
{
	size_t low = 0, high = rows->nr;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (rows->v[mid].range.end <= address)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

uint64_t fit_find(const struct replay_rows *memory, const struct replay_rows *reserved,
		  const struct fit_want *want)
{
	struct search s = { want, FIT_NONE };

	for (size_t i = 0; i < memory->nr; i++) {
		const struct replay_row *m = &memory->v[i];
		uint64_t start = m->range.start;

		if ((m->flags & NOMAP) || (want->movable && (m->flags & HOTPLUG)) ||
		    (want->nid >= 0 && m->nid != want->nid))
			continue;
		for (size_t j = fit_first_behind(reserved, start); j < reserved->nr; j++) {
			const struct range *taken = &reserved->v[j].range;

			if (taken->start >= m->range.end)
				break;
			try_piece(&s, start, taken->start);
			start = taken->end;
		}
		try_piece(&s, start, m->range.end);
	}
	return s.best;
}
