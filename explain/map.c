// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Memory as it is when memblock hands over, or where a boot was stopped: what each piece is for. A boot has such a
 * map; of a replay it is made from the arrays, from who asked for memory, and from what the log tells of
 * firmware and images.
 */
#include <stdlib.h>
#include <string.h>

#include "explain/internal.h"
#include "lib/array.h"
#include "lib/rangeset.h"
#include "replay/handover.h"

struct owner {
	struct range range;
	const char *purpose, *function;
};

struct owners {
	struct owner *v;
	size_t nr, room;
	struct rangeset taken;
};

/* Whoever comes first has it. */
static void add_owner(struct owners *o, struct range range, const char *purpose,
		      const char *function)
{
	uint64_t at = range.start;

	while (at < range.end) {
		size_t i = rangeset_after(&o->taken, at);
		struct range next = { range.end, range.end };

		if (i < o->taken.nr && o->taken.v[i].start < range.end)
			next = o->taken.v[i];
		if (next.start > at)
			ARRAY_APPEND(o->v, o->nr, o->room) =
				(struct owner){ { at, next.start }, purpose, function };
		at = next.end;
	}
	rangeset_add(&o->taken, range);
}

static int compare_owners(const void *a, const void *b)
{
	const struct owner *x = a, *y = b;

	return (x->range.start > y->range.start) - (x->range.start < y->range.start);
}

/* What the log names: what the kernel chose, or what was there before it. */
static void add_told(const struct layout *l, bool chosen, struct owners *o)
{
	for (size_t i = 0; l && i < l->nr_reservations; i++) {
		const struct layout_reservation *v = &l->reservations[i];

		if ((v->kind == LAYOUT_CRASH || v->kind == LAYOUT_CMA) == chosen)
			add_owner(o, v->range, v->kind == LAYOUT_CMA ? "CMA" : v->name, NULL);
	}
}

static void find_owners(const struct explain *x, const struct explain_run *run, unsigned int line,
			struct owners *o)
{
	const struct replay_result *r = &run->replay;

	add_told(x->layout, true, o);
	for (size_t i = 0; i < r->nr_owners; i++) {
		const struct replay_owner *w = &r->owners[i];

		if ((!line || w->line < line) && (!w->freed || (line && w->freed >= line)))
			add_owner(o, w->range, replay_purpose(w->caller), w->caller);
	}
	add_told(x->layout, false, o);
	if (o->nr)
		qsort(o->v, o->nr, sizeof(*o->v), compare_owners);
}

/* The call that hands over; RECORD_NONE if there is none. */
static size_t find_handover(const struct record *run)
{
	static const char *const names[] = { "memblock_free_all", "free_all_bootmem" };

	for (size_t i = 0; i < run->nr_calls; i++)
		for (size_t n = 0; n < ARRAY_LEN(names); n++)
			if (!strcmp(run->calls[i].name, names[n]))
				return i;
	return RECORD_NONE;
}

/* Whether @at is in @r, which does not end before; *@end is lowered to where that changes. */
static bool is_at(struct range r, uint64_t at, uint64_t *end)
{
	uint64_t change = r.start > at ? r.start : r.end;

	if (change < *end)
		*end = change;
	return r.start <= at;
}

/* The row at @at, or NULL; *@i is moved on to it or to the next one. *@end as above. */
static const struct record_row *row_at(const struct record_rows *rows, size_t *i, uint64_t at,
				       uint64_t *end)
{
	while (*i < rows->nr && rows->v[*i].range.end <= at)
		++*i;
	return *i < rows->nr && is_at(rows->v[*i].range, at, end) ? &rows->v[*i] : NULL;
}

static const struct owner *owner_at(const struct owners *o, size_t *i, uint64_t at, uint64_t *end)
{
	while (*i < o->nr && o->v[*i].range.end <= at)
		++*i;
	return *i < o->nr && is_at(o->v[*i].range, at, end) ? &o->v[*i] : NULL;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static void add_piece(struct explain_map *m, struct explain_piece p)
{
	struct explain_piece *last = m->nr ? &m->v[m->nr - 1] : NULL;

	if (last && last->range.end == p.range.start && last->use == p.use &&
	    last->is_memory == p.is_memory && last->nid == p.nid &&
	    same_text(last->flags, p.flags) && same_text(last->purpose, p.purpose) &&
	    same_text(last->function, p.function))
		last->range.end = p.range.end;
	else
		ARRAY_APPEND(m->v, m->nr, m->room) = p;
}

static void add_pieces(struct explain_map *m, const struct record_rows *memory,
		       const struct record_rows *reserved, const struct owners *owners)
{
	size_t i = 0, j = 0, k = 0;
	uint64_t at = 0, end;

	for (; at < UINT64_MAX; at = end) {
		const struct record_row *mem, *res;
		const struct owner *o;
		struct explain_piece p = { .nid = LAYOUT_NO_NODE };

		end = UINT64_MAX;
		mem = row_at(memory, &i, at, &end);
		res = row_at(reserved, &j, at, &end);
		o = owner_at(owners, &k, at, &end);
		if (!mem && !res)
			continue;
		p.range = (struct range){ at, end };
		p.is_memory = mem;
		p.nid = mem ? mem->nid : LAYOUT_NO_NODE;
		p.flags = mem ? mem->flags : "none";
		p.use = mem && strstr(mem->flags, "nomap") ? BOOT_NOMAP : BOOT_FREE;
		if (res) {
			p.use = BOOT_RESERVED;
			p.purpose = o ? o->purpose : NULL;
			p.function = o ? o->function : NULL;
		}
		add_piece(m, p);
	}
}

static void map_replay(const struct explain *x, const struct explain_run *run,
		       struct explain_map *m)
{
	const struct record *rec = &run->record;
	const struct replay_handover *h = run->replay.handover;
	size_t over = find_handover(rec), last = over == RECORD_NONE ? rec->nr_calls : over;
	struct record_rows memory = { 0 }, reserved = { 0 };
	struct owners owners = { 0 };

	m->at_end = over == RECORD_NONE;
	last = last ? last - 1 : RECORD_NONE;
	record_rows_after(rec, last, RT_MEMORY, &memory);
	record_rows_after(rec, last, RT_RESERVED, &reserved);
	find_owners(x, run, h && h->made ? h->line : 0, &owners);
	add_pieces(m, &memory, &reserved, &owners);
	free(memory.v);
	free(reserved.v);
	free(owners.v);
	rangeset_release(&owners.taken);
}

static void map_boot(const struct explain *x, const struct explain_run *run, struct explain_map *m)
{
	unsigned long hotplug = engine_find_flag(x->engine, "hotplug");

	m->at_end = !run->boot.finished;
	for (size_t i = 0; i < run->boot.nr_map; i++) {
		const struct boot_piece *p = &run->boot.map[i];

		ARRAY_APPEND(m->v, m->nr, m->room) = (struct explain_piece){
			.range = p->range,
			.use = p->use,
			.is_memory = p->is_memory,
			.nid = p->nid,
			.flags = p->use == BOOT_NOMAP ? "nomap"
				 : p->flags & hotplug ? "hotplug"
						      : "none",
			.purpose = p->purpose,
			.function = p->function,
		};
	}
}

void explain_map_make(const struct explain *x, const struct explain_run *run, struct explain_map *m)
{
	*m = (struct explain_map){ 0 };
	if (run->booted)
		map_boot(x, run, m);
	else if (run->replayed)
		map_replay(x, run, m);
}

void explain_map_release(struct explain_map *m)
{
	free(m->v);
	*m = (struct explain_map){ 0 };
}

const struct explain_piece *explain_piece_at(const struct explain_map *m, uint64_t address)
{
	size_t low = 0, high = m->nr;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (m->v[mid].range.end <= address)
			low = mid + 1;
		else
			high = mid;
	}
	return low < m->nr && range_contains(m->v[low].range, address) ? &m->v[low] : NULL;
}

const char *explain_piece_name(const struct explain_piece *p)
{
	if (!p)
		return "no memory";
	if (p->use == BOOT_NOMAP)
		return "memory that is not mapped (nomap)";
	if (p->use == BOOT_FREE)
		return "free memory";
	if (p->purpose)
		return p->purpose;
	return p->is_memory ? "reserved by nobody that is known" : "reserved, and no memory";
}
