// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Without a dump nobody knows what was reserved before the log begins. Where an allocation passes over
 * memory that would do as well, that was taken.
 */
#include <inttypes.h>

#include "lib/array.h"
#include "replay/internal.h"

/* More pieces than that are no beginning of a boot. */
#define MOST 64

/* The free piece of memory that @at is in. */
static struct range free_piece(const struct replay *p, uint64_t at)
{
	struct range piece = { 0 };
	size_t i;

	for (i = 0; i < p->memory.nr; i++)
		if (range_contains(p->memory.v[i].range, at))
			piece = p->memory.v[i].range;
	i = fit_first_behind(&p->reserved, at);
	if (i < p->reserved.nr && p->reserved.v[i].range.start < piece.end)
		piece.end = p->reserved.v[i].range.start;
	if (i && p->reserved.v[i - 1].range.end > piece.start)
		piece.start = p->reserved.v[i - 1].range.end;
	return piece;
}

/* Only in what is known of the arrays, to see what that would lead to. */
static void assume_reserved(struct replay *p, struct range r)
{
	size_t i = fit_first_behind(&p->reserved, r.start);

	rows_add(&p->reserved, (struct replay_row){ .nid = -1 });
	for (size_t j = p->reserved.nr - 1; j > i; j--)
		p->reserved.v[j] = p->reserved.v[j - 1];
	p->reserved.v[i] = (struct replay_row){ .range = r, .nid = -1 };
}

/* What was inferred to be reserved is not, where the log has an allocation. */
static void give_back(struct replay *p, const struct replay_event *e, struct range own)
{
	struct call_args a = { .base = own.start, .size = e->size, .nid = -1 };
	size_t at = rangeset_after(&p->claimed, own.start);

	if (at == p->claimed.nr || p->claimed.v[at].start > own.start ||
	    p->claimed.v[at].end < own.end)
		return;
	rangeset_remove(&p->claimed, own);
	make_call(p, "memblock_phys_free", NULL, &a, NULL);
	make_take_state(p);
}

bool taken_explain(struct replay *p, const struct replay_event *e, uint64_t address)
{
	struct range own = { address, address + e->size }, taken[MOST];
	size_t nr = 0;
	uint64_t would;

	if (!p->r->guessed)
		return false;
	make_take_state(p);
	give_back(p, e, own);
	while ((would = infer_predict(p, e, p->limit, p->bottom_up)) != address) {
		struct range r = would == FIT_NONE ? (struct range){ 0 } : free_piece(p, would);

		/* without where the allocation is itself; what is too much comes back */
		if (range_overlaps(r, own) && p->bottom_up)
			r.end = own.start;
		else if (range_overlaps(r, own))
			r.start = own.end;
		if (nr == MOST || range_is_empty(r) ||
		    (p->bottom_up ? would > address : would < address))
			break;
		assume_reserved(p, r);
		taken[nr++] = r;
	}
	make_take_state(p);
	if (would != address)
		return false;
	for (size_t i = 0; i < nr; i++) {
		struct call_args a = { .base = taken[i].start,
				       .size = range_size(taken[i]),
				       .nid = -1 };

		rangeset_add(&p->claimed, taken[i]);
		make_call(p, "memblock_reserve", NULL, &a, NULL);
		note_inferred(p, e->line, e->line,
			      "memblock_reserve(0x%" PRIx64 "-0x%" PRIx64
			      "), or a part of it, before "
			      "the log begins",
			      taken[i].start, taken[i].end - 1);
	}
	make_take_state(p);
	return true;
}

void taken_as_is(struct replay *p, const struct replay_event *e)
{
	struct call_args a = { .base = e->range.start, .size = e->size, .nid = -1 };

	make_call(p, "memblock_reserve", e->caller, &a, NULL);
	note_inferred(p, e->line, e->line,
		      "memblock_reserve(0x%" PRIx64 "-0x%" PRIx64
		      "), as it is not known how it was "
		      "asked for",
		      e->range.start, e->range.end - 1);
}
