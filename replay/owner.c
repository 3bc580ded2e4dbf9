// SPDX-License-Identifier: GPL-2.0-or-later
/* Who has what memory: looked up for each call. */
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
}
