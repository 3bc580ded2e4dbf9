// SPDX-License-Identifier: GPL-2.0-or-later
/* An allocation that is elsewhere than in the log: what is around both places, and the likely reason. */
#include <inttypes.h>
#include <stdio.h>

#include "lib/array.h"
#include "replay/internal.h"

static struct range find_row(const struct replay_rows *rows, struct range r)
{
	for (size_t i = 0; i < rows->nr; i++)
		if (range_overlaps(rows->v[i].range, r))
			return rows->v[i].range;
	return (struct range){ 0 };
}

/* Whose memory in @r is, the latest first. */
static const struct replay_owner *find_owner(const struct replay *p, struct range r)
{
	for (size_t i = p->r->nr_owners; i-- > 0;) {
		const struct replay_owner *o = &p->r->owners[i];

		if (!o->freed && range_overlaps(o->range, r))
			return o;
	}
	return NULL;
}

static void print_range(FILE *out, struct range r)
{
	fprintf(out, "0x%" PRIx64 "-0x%" PRIx64, r.start, r.end - 1);
}

static void print_taken(const struct replay *p, struct range row, struct range r, FILE *out)
{
	const struct replay_owner *o = find_owner(p, r);

	fputs("reserved here is ", out);
	print_range(out, row);
	if (!o)
		return;
	fputs(", in it ", out);
	print_range(out, o->range);
	fprintf(out, " of line %u%s%s", o->line, *o->caller ? ", " : "", o->caller);
}

/* What is free around @r, and what bounds it. */
static void print_free(const struct replay *p, const struct replay_row *memory, struct range r,
		       FILE *out)
{
	struct range hole = memory->range;
	bool below = false, above = false;

	for (size_t i = 0; i < p->reserved.nr; i++) {
		struct range row = p->reserved.v[i].range;

		if (row.end <= r.start && row.end > hole.start) {
			hole.start = row.end;
			below = true;
		}
		if (row.start >= r.end && row.start < hole.end) {
			hole.end = row.start;
			above = true;
		}
	}
	fputs("free here is ", out);
	print_range(out, hole);
	fprintf(out, ", above it %s, below it %s",
		above ? "what is reserved" : "the end of this memory",
		below ? "what is reserved" : "its beginning");
	if (memory->nid >= 0 && p->ops->numa)
		fprintf(out, ", on node %d", memory->nid);
	if (memory->flags)
		fprintf(out, ", flags 0x%" PRIx64, memory->flags);
}

static void print_place(struct replay *p, const char *whose, struct range r, struct range got,
			FILE *out)
{
	const struct replay_row *memory = make_find_memory(p, r.start);
	struct range taken = find_row(&p->reserved, r);

	fprintf(out, "%s 0x%" PRIx64 ": ", whose, r.start);
	if (!memory)
		fputs("no memory is there here", out);
	else if (range_is_empty(taken))
		print_free(p, memory, r, out);
	else if (range_overlaps(r, got))
		fprintf(out, "overlaps what was given here");
	else
		print_taken(p, taken, r, out);
}

/* The allocation of @e's size at @got (0: none), which is in the log at @range (empty: nowhere). */
char *around_state(struct replay *p, const struct replay_event *e, uint64_t got, struct range range)
{
	struct range mine = { got, got + e->size };
	char *text = NULL;
	size_t len;
	FILE *out;

	if (range_is_empty(range) || p->r->nr_differences > AROUND_MOST)
		return NULL;
	out = open_memstream(&text, &len);
	if (!out)
		array_die();
	make_take_state(p);
	print_place(p, "the log's", range, got ? mine : (struct range){ 0 }, out);
	fclose(out);
	return text;
}

static bool is_aligned(uint64_t address, uint64_t align)
{
	return !align || !(address & (align - 1));
}

const char *around_reason(struct replay *p, const struct replay_event *e, uint64_t got,
			  struct range range)
{
	const struct replay_row *row;

	if (!got)
		return "no memory fits here, and did there: memory, a node or a limit differs";
	if (range_is_empty(range))
		return "the log has no memory for it: a node, a limit or a reservation has no line";
	if (!is_aligned(got, e->align))
		return "it is not aligned here as was asked for: alignment is rounded otherwise";
	row = make_find_memory(p, range.start);
	if (!row)
		return "the log's place is no memory here: memory was added or removed without a line";
	if (!range_contains(row->range, got))
		return "another region of memory: a limit, a node or a mirror has no line";
	if (!range_is_empty(find_row(&p->reserved, range)) &&
	    !range_overlaps(range, (struct range){ got, got + e->size }))
		return "the log's place is reserved here: something was freed there, or never reserved";
	if ((got > range.start) == p->bottom_up)
		return "the log's place is free here and comes first: alignment is rounded otherwise, "
		       "or the direction or a limit is another";
	return "what was given here was taken there, or beyond a limit; or the direction differs";
}
