// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is to be done before which call, read off the dumps: memory and reservations that were there
 * before the log begins, nodes, and flags of memory.
 */
#include <inttypes.h>
#include <string.h>

#include "lib/array.h"
#include "lib/rangeset.h"
#include "replay/internal.h"

static void add_step(struct replay *p, size_t before, unsigned int line, const char *call,
		     struct call_args args)
{
	ARRAY_APPEND(p->plan, p->nr_plan, p->room_plan) =
		(struct plan_step){ before, line, call, args };
}

static struct call_args about(struct range r, int nid)
{
	return (struct call_args){ .base = r.start, .size = range_size(r), .nid = nid };
}

static void add_rows(struct rangeset *set, const struct replay_rows *rows)
{
	for (size_t i = 0; i < rows->nr; i++)
		rangeset_add(set, rows->v[i].range);
}

/* Those of which MEMBLOCK_RSRV_KERN is as it should be: they are not merged with others. */
static void add_reserved(struct rangeset *set, const struct replay_rows *rows, bool kern)
{
	for (size_t i = 0; i < rows->nr; i++)
		if (!(rows->v[i].flags & RSRV_KERN) == !kern)
			rangeset_add(set, rows->v[i].range);
}

/* The first dump that has all; what a running kernel's debugfs has will do. */
static size_t first_dump(const struct replay_log *log)
{
	for (size_t i = 0; i < log->nr; i++)
		if (log->v[i].kind == REPLAY_DUMP && log->v[i].dump->memory.nr &&
		    log->v[i].dump->reserved.told)
			return i;
	return log->nr;
}

/* Without a dump and without nodes, memory is where allocations were. */
static void guess_memory(const struct replay_log *log, struct rangeset *memory)
{
	const uint64_t mask = (16ULL << 20) - 1;
	struct range hull = { UINT64_MAX, 0 };

	for (size_t i = 0; i < log->nr; i++) {
		const struct replay_event *e = &log->v[i];

		if (e->kind == REPLAY_ADD)
			return;
		if (!e->internal || range_is_empty(e->range))
			continue;
		hull.start = e->range.start < hull.start ? e->range.start : hull.start;
		hull.end = e->range.end > hull.end ? e->range.end : hull.end;
	}
	if (hull.end > hull.start) {
		hull.start &= ~mask;
		hull.end = hull.end > UINT64_MAX - mask ? hull.end : (hull.end + mask) & ~mask;
		rangeset_add(memory, hull);
	}
}

static void take_back(struct range r, struct rangeset *reserved, struct rangeset *kern)
{
	rangeset_remove(reserved, r);
	rangeset_remove(kern, r);
}

/* What there was before the calls that come before event @dump: they are taken back. */
static void go_back(const struct replay_log *log, size_t dump, struct rangeset *memory,
		    struct rangeset *reserved, struct rangeset *kern)
{
	for (size_t i = dump; i--;) {
		const struct replay_event *e = &log->v[i];

		if (e->kind == REPLAY_ADD)
			rangeset_remove(memory, e->range);
		else if (e->kind == REPLAY_RESERVE)
			take_back(e->range, reserved, kern);
		else if (e->kind == REPLAY_FREE)
			rangeset_add(reserved, e->range);
	}
}

void plan_find_beginning(const struct replay_log *log, struct plan_beginning *b)
{
	size_t dump = first_dump(log);

	if (dump < log->nr) {
		add_rows(&b->memory, &log->v[dump].dump->memory);
		add_reserved(&b->reserved, &log->v[dump].dump->reserved, false);
		add_reserved(&b->kern, &log->v[dump].dump->reserved, true);
	} else {
		add_rows(&b->memory, &log->nodes);
		if (!b->memory.nr)
			guess_memory(log, &b->memory);
	}
	go_back(log, dump, &b->memory, &b->reserved, &b->kern);
}

void plan_beginning_release(struct plan_beginning *b)
{
	rangeset_release(&b->memory);
	rangeset_release(&b->reserved);
	rangeset_release(&b->kern);
}

static void add_beginning(struct replay *p, size_t dump)
{
	const struct replay_log *log = p->log;
	unsigned int line = dump < log->nr ? log->v[dump].line : log->v[0].line;
	struct plan_beginning b = { 0 };
	const struct {
		const struct rangeset *set;
		const char *call;
	} steps[] = {
		{ &b.memory, "memblock_add" },
		{ &b.reserved, "memblock_reserve" },
		{ &b.kern, "memblock_reserve_kern" },
	};

	plan_find_beginning(log, &b);
	for (size_t s = 0; s < ARRAY_LEN(steps); s++)
		for (size_t i = 0; i < steps[s].set->nr; i++)
			add_step(p, 0, line, steps[s].call, about(steps[s].set->v[i], -1));
	plan_beginning_release(&b);
}

static bool is_answered(const struct replay_log *log, size_t i)
{
	return i && log->v[i - 1].kind == REPLAY_REQUEST;
}

static bool has_nodes(const struct replay_rows *rows)
{
	for (size_t i = 0; i < rows->nr; i++)
		if (rows->v[i].nid >= 0)
			return true;
	return false;
}

static bool has_flags(const struct replay_rows *rows)
{
	for (size_t i = 0; i < rows->nr; i++)
		if (rows->v[i].flags & (HOTPLUG | MIRROR | NOMAP))
			return true;
	return false;
}

/* Where nodes are known at the latest: @from to @to, of which it may be the last. */
static size_t find_node_place(const struct replay_log *log, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		const struct replay_event *e = &log->v[i];

		if (e->kind == REPLAY_REQUEST && e->nid >= 0)
			return i;
		if (e->kind == REPLAY_RESERVE && e->internal && !is_answered(log, i))
			return i;
	}
	return to;
}

static bool has_node(const struct replay_rows *rows, struct range r)
{
	for (size_t i = 0; i < rows->nr; i++)
		if (range_contains(rows->v[i].range, r.start))
			return rows->v[i].nid >= 0;
	return false;
}

/*
 * What is reserved has no node unless it is set later: so that comes behind the last of those that have
 * one in the dump. @from is the earliest place.
 */
static size_t find_reserved_place(const struct replay_log *log, size_t from, size_t to)
{
	size_t place = from;

	for (size_t i = from; i < to; i++) {
		const struct replay_event *e = &log->v[i];

		if (e->kind == REPLAY_REQUEST && e->nid >= 0)
			break;
		if (e->kind == REPLAY_RESERVE && e->nid < 0 && e->size &&
		    has_node(&log->v[to].dump->reserved, e->range))
			place = i + 1;
	}
	return place;
}

static size_t find_allocation(const struct replay_log *log, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (log->v[i].kind == REPLAY_REQUEST ||
		    (log->v[i].kind == REPLAY_RESERVE && log->v[i].internal))
			return i;
	return to;
}

static void plan_nodes(struct replay *p, size_t place, unsigned int line,
		       const struct replay_rows *rows, enum rt_type type)
{
	for (size_t i = 0; i < rows->nr; i++) {
		struct call_args a = about(rows->v[i].range, rows->v[i].nid);

		a.type = type;
		if (a.nid >= 0)
			add_step(p, place, line, "memblock_set_node", a);
	}
}

static void plan_flags(struct replay *p, size_t place, const struct replay_event *dump)
{
	static const struct {
		uint64_t flag;
		const char *call;
	} marks[] = {
		{ HOTPLUG, "memblock_mark_hotplug" },
		{ MIRROR, "memblock_mark_mirror" },
		{ NOMAP, "memblock_mark_nomap" },
	};

	for (size_t i = 0; i < dump->dump->memory.nr; i++)
		for (size_t j = 0; j < ARRAY_LEN(marks); j++)
			if (dump->dump->memory.v[i].flags & marks[j].flag)
				add_step(p, place, dump->line, marks[j].call,
					 about(dump->dump->memory.v[i].range, -1));
}

/* By place, and in the order in which they were planned. */
static void sort_steps(struct replay *p)
{
	for (size_t i = 1; i < p->nr_plan; i++) {
		struct plan_step s = p->plan[i];
		size_t j = i;

		for (; j && p->plan[j - 1].before > s.before; j--)
			p->plan[j] = p->plan[j - 1];
		p->plan[j] = s;
	}
}

void plan_make(struct replay *p)
{
	const struct replay_log *log = p->log;
	size_t from = 0, first = first_dump(log);
	bool nodes = false, flags = false;

	p->r->guessed = first == log->nr;
	add_beginning(p, first);
	for (size_t i = first; i < log->nr; i++) {
		const struct replay_event *dump = &log->v[i];

		if (dump->kind != REPLAY_DUMP || !dump->dump->memory.nr)
			continue;
		if (!flags && has_flags(&dump->dump->memory)) {
			plan_flags(p, find_allocation(log, from, i), dump);
			flags = true;
		}
		if (!nodes && has_nodes(&dump->dump->memory)) {
			size_t place = find_node_place(log, from, i);

			place = find_reserved_place(log, place, i);
			plan_nodes(p, place, dump->line, &dump->dump->memory, RT_MEMORY);
			plan_nodes(p, place, dump->line, &dump->dump->reserved, RT_RESERVED);
			nodes = true;
		}
		from = i + 1;
	}
	if (first == log->nr && has_nodes(&log->nodes) && p->ops->numa)
		plan_nodes(p, find_node_place(log, 0, log->nr), log->v[0].line, &log->nodes,
			   RT_MEMORY);
	sort_steps(p);
}
