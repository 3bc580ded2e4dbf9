// SPDX-License-Identifier: GPL-2.0-or-later
/* Holds memblock's arrays against those of a dump. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/array.h"
#include "lib/rangeset.h"
#include "replay/internal.h"

/* @nodes: nodes and flags count, too. */
static bool same_rows(const struct replay_rows *a, const struct replay_rows *b, bool nodes)
{
	if (a->nr != b->nr)
		return false;
	for (size_t i = 0; i < a->nr; i++)
		if (a->v[i].range.start != b->v[i].range.start ||
		    a->v[i].range.end != b->v[i].range.end ||
		    (nodes && a->v[i].nid != b->v[i].nid) ||
		    (nodes && ((a->v[i].flags ^ b->v[i].flags) & (HOTPLUG | MIRROR | NOMAP))))
			return false;
	return true;
}

static void make_set(const struct replay_rows *rows, struct rangeset *set)
{
	for (size_t i = 0; i < rows->nr; i++)
		rangeset_add(set, rows->v[i].range);
}

/* What @a has and @b has not. */
static void subtract(const struct replay_rows *a, const struct replay_rows *b, struct rangeset *set)
{
	make_set(a, set);
	for (size_t i = 0; i < b->nr; i++)
		rangeset_remove(set, b->v[i].range);
}

/* Makes one call for every range of @set, and tells of it or of the difference that it is. */
static bool apply(struct replay *p, const struct replay_event *e, const struct rangeset *set,
		  const char *name, bool inferred)
{
	for (size_t i = 0; i < set->nr; i++) {
		struct call_args a = { .base = set->v[i].start,
				       .size = range_size(set->v[i]),
				       .nid = -1 };

		if (inferred)
			note_inferred(p, e->line, e->line, "%s(0x%" PRIx64 "-0x%" PRIx64 ")", name,
				      set->v[i].start, set->v[i].end - 1);
		p->mending = !inferred;
		if (p->o->mode == REPLAY_FOLLOW || inferred)
			make_call(p, name, NULL, &a, NULL);
		p->mending = false;
	}
	return set->nr;
}

/* Memory changes without a line (trimmed, limited), which only the dump shows. */
static void follow_memory(struct replay *p, const struct replay_event *e)
{
	struct rangeset more = { 0 }, less = { 0 };

	subtract(&p->memory, &e->dump->memory, &more);
	subtract(&e->dump->memory, &p->memory, &less);
	apply(p, e, &more, "memblock_remove", true);
	apply(p, e, &less, "memblock_add", true);
	rangeset_release(&more);
	rangeset_release(&less);
	make_take_state(p);
}

static void describe(const struct rangeset *more, const struct rangeset *less, char *got,
		     char *expected, size_t size)
{
	const struct rangeset *sets[] = { more, less };
	char *texts[] = { got, expected };

	for (size_t i = 0; i < ARRAY_LEN(sets); i++) {
		if (sets[i]->nr)
			snprintf(texts[i], size, "0x%" PRIx64 "-0x%" PRIx64 "%s",
				 sets[i]->v[0].start, sets[i]->v[0].end - 1,
				 sets[i]->nr > 1 ? " and more" : "");
		else
			snprintf(texts[i], size, "nothing more");
	}
}

/* Reservations have a line each: what has none is a difference. */
static bool follow_reserved(struct replay *p, const struct replay_event *e)
{
	struct rangeset more = { 0 }, less = { 0 };
	char got[96], expected[96];
	bool same;

	subtract(&p->reserved, &e->dump->reserved, &more);
	subtract(&e->dump->reserved, &p->reserved, &less);
	same = !more.nr && !less.nr;
	if (!same) {
		describe(&more, &less, got, expected, sizeof(got));
		note_difference(p, e, got, expected,
				"what is reserved differs from the dump: a call has no line, or "
				"the line is lost");
		apply(p, e, &more, "memblock_phys_free", false);
		apply(p, e, &less, "memblock_reserve", false);
	}
	rangeset_release(&more);
	rangeset_release(&less);
	make_take_state(p);
	return same;
}

/* The first row that is not the same. */
static void note_rows(struct replay *p, const struct replay_event *e,
		      const struct replay_rows *have, const struct replay_rows *want,
		      const char *name, bool nodes)
{
	const struct replay_rows *rows[] = { have, want };
	char texts[2][128];
	size_t i = 0;

	while (i < have->nr && i < want->nr &&
	       same_rows(&(struct replay_rows){ .v = &have->v[i], .nr = 1 },
			 &(struct replay_rows){ .v = &want->v[i], .nr = 1 }, nodes))
		i++;
	for (size_t j = 0; j < 2; j++) {
		const struct replay_row *row = i < rows[j]->nr ? &rows[j]->v[i] : NULL;

		if (row)
			snprintf(texts[j], sizeof(texts[j]),
				 "%s[%zu] 0x%" PRIx64 "-0x%" PRIx64 " node %d flags 0x%" PRIx64,
				 name, i, row->range.start, row->range.end - 1, row->nid,
				 row->flags);
		else
			snprintf(texts[j], sizeof(texts[j]), "no %s[%zu]", name, i);
	}
	note_difference(p, e, texts[0], texts[1],
			"the same memory in other rows: node or flags were set otherwise");
}

static bool has_marks(const struct replay_rows *rows)
{
	for (size_t i = 0; i < rows->nr; i++)
		if (rows->v[i].flags & ~(uint64_t)(HOTPLUG | MIRROR | NOMAP))
			return true;
	return false;
}

/*
 * From 6.16 or so on memblock marks what the kernel allocates, with its node, and does not merge that with what the
 * firmware has. If only one of the two kernels does, their rows cannot be the same.
 */
static bool marks_differ(struct replay *p, const struct replay_event *e)
{
	if (has_marks(&p->reserved) == has_marks(&e->dump->reserved))
		return false;
	p->r->marks_differ = true;
	return true;
}

/* Up to 6.6 debugfs has ranges only; an engine without nodes has none either. */
static bool tells_nodes(const struct replay *p, const struct replay_event *e)
{
	const struct replay_rows *rows[] = { &e->dump->memory, &e->dump->reserved };

	for (size_t i = 0; i < ARRAY_LEN(rows) && p->ops->numa; i++)
		for (size_t j = 0; j < rows[i]->nr; j++)
			if (!e->debugfs || rows[i]->v[j].nid >= 0 || rows[i]->v[j].flags)
				return true;
	return false;
}

void dump_compare(struct replay *p, const struct replay_event *e)
{
	struct replay_result *r = p->r;
	bool sets = true, rows = true, nodes = tells_nodes(p, e);

	if (!e->dump->memory.told && !e->dump->reserved.told)
		return;
	r->dumps++;
	make_take_state(p);
	if (e->dump->memory.told)
		follow_memory(p, e);
	if (e->dump->reserved.told)
		sets = follow_reserved(p, e);
	if (sets && e->dump->memory.told && !same_rows(&p->memory, &e->dump->memory, nodes)) {
		note_rows(p, e, &p->memory, &e->dump->memory, "memory", nodes);
		rows = false;
	}
	if (sets && rows && e->dump->reserved.told &&
	    !same_rows(&p->reserved, &e->dump->reserved, nodes) && !marks_differ(p, e)) {
		note_rows(p, e, &p->reserved, &e->dump->reserved, "reserved", nodes);
		rows = false;
	}
	r->dumps_equal += sets && rows;
	r->dumps_same_sets += sets && !rows;
}
