// SPDX-License-Identifier: GPL-2.0-or-later
/* Who has what memory, and what the engine has elsewhere than the log: looked up for each call. */
#include <stdlib.h>

#include "lib/array.h"
#include "replay/internal.h"

void owner_add(struct replay *p, const struct replay_event *e, struct range range)
{
	const struct replay_row *row = make_find_memory(p, range.start);
	struct replay_result *r = p->r;

	index_add(&p->owned, range.start, r->nr_owners);
	ARRAY_APPEND(r->owners, r->nr_owners, r->room_owners) = (struct replay_owner){
		.range = range,
		.line = e->line,
		.caller = e->caller,
		.function = e->function,
		.nid = row ? row->nid : -1,
	};
}

void owner_remove(struct replay *p, const struct replay_event *e)
{
	struct index_place place = index_find(&p->owned, e->range.start);
	const struct index_entry *entry;

	while ((entry = index_at(&p->owned, place)) && entry->key <= e->range.end) {
		struct replay_owner *o = &p->r->owners[entry->value];

		if (o->range.end > e->range.end) {
			place = index_next(&p->owned, place);
			continue;
		}
		o->freed = e->line;
		place = index_remove_at(&p->owned, place);
	}
	place = index_find(&p->moved_from, e->range.start);
	while ((entry = index_at(&p->moved_from, place)) && entry->key <= e->range.end)
		place = p->moved[entry->value].range.end > e->range.end
				? index_next(&p->moved_from, place)
				: index_remove_at(&p->moved_from, place);
}

void owner_move(struct replay *p, struct range range, uint64_t got)
{
	index_add(&p->moved_from, range.start, p->nr_moved);
	ARRAY_APPEND(p->moved, p->nr_moved, p->room_moved) = (struct replay_moved){ range, got };
}

uint64_t owner_find_moved(struct replay *p, struct range range)
{
	struct index_place place = index_find(&p->moved_from, range.start + 1);
	const struct index_entry *entry = index_before(&p->moved_from, place);
	const struct replay_moved *m;

	if (!entry)
		return range.start;
	/* of those that begin there the latest is the first */
	m = &p->moved[index_at(&p->moved_from, index_find(&p->moved_from, entry->key))->value];
	if (range.start < m->range.start || range.end > m->range.end)
		return range.start;
	return m->got + (range.start - m->range.start);
}

void owner_release(struct replay *p)
{
	index_release(&p->owned);
	index_release(&p->moved_from);
	free(p->moved);
}
