// SPDX-License-Identifier: GPL-2.0-or-later
/* who ADDRESS|RANGE: every call that touched it, and how near memblock's arrays were to doubling. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "explain/internal.h"
#include "lib/array.h"
#include "replay/handover.h"

/* A boot has steps, the log of a replay has lines; people are shown what there is. */
#define CALL_COLUMNS(line, step)                                                                  \
	{                                                                                         \
		{ "call", "CALL", EXPLAIN_NUMBER }, { "line", line, EXPLAIN_NUMBER },             \
			{ "step", step, EXPLAIN_TEXT }, { "function", "FUNCTION", EXPLAIN_TEXT }, \
			{ "caller", "CALLED BY", EXPLAIN_TEXT },                                  \
			{ "effect", "EFFECT", EXPLAIN_TEXT },                                     \
			{ "subject_start", NULL, EXPLAIN_ADDRESS },                               \
			{ "subject_size", NULL, EXPLAIN_BYTES },                                  \
			{ "reserved_rows", "ROWS", EXPLAIN_NUMBER },                              \
			{ "reserved_room", "ROOM", EXPLAIN_NUMBER },                              \
	}

static const struct explain_column boot_columns[] = CALL_COLUMNS(NULL, "STEP");
static const struct explain_column replay_columns[] = CALL_COLUMNS("LINE", NULL);

static const struct explain_column doubling_columns[] = {
	{ "call", "CALL", EXPLAIN_NUMBER },	  { "line", "LINE", EXPLAIN_NUMBER },
	{ "function", "FUNCTION", EXPLAIN_TEXT }, { "caller", "CALLED BY", EXPLAIN_TEXT },
	{ "array", "ARRAY", EXPLAIN_TEXT },	  { "from", "FROM", EXPLAIN_NUMBER },
	{ "to", "TO", EXPLAIN_NUMBER },
};

/* How the arrays stand while calls are gone through. */
struct tally {
	size_t rows[RT_NR_TYPES], most[RT_NR_TYPES], most_call[RT_NR_TYPES];
	uint64_t room[RT_NR_TYPES];
	bool grew[RT_NR_TYPES]; /* by the latest call */
};

static void count_call(struct tally *t, const struct record *run, size_t call)
{
	const struct record_call *c = &run->calls[call];

	for (size_t i = 0; i < c->nr_changes; i++) {
		const struct record_change *change = &run->changes[c->first_change + i];

		t->rows[change->type] += change->nr_come;
		t->rows[change->type] -= change->nr_gone;
	}
	for (int type = RT_MEMORY; type < RT_NR_TYPES; type++) {
		if (t->rows[type] > t->most[type]) {
			t->most[type] = t->rows[type];
			t->most_call[type] = call;
		}
		t->grew[type] = t->room[type] && c->max[type] > t->room[type];
	}
}

static void keep_room(struct tally *t, const struct record_call *c)
{
	for (int type = RT_MEMORY; type < RT_NR_TYPES; type++)
		if (c->max[type])
			t->room[type] = c->max[type];
}

/* A call that names the range, but changes nothing: it is told if it could have. */
static bool names_range(const struct record_call *c, struct range range)
{
	static const char *const names[] = { "memblock_reserve", "memblock_phys_free",
					     "memblock_free", "memblock_add", "memblock_remove" };
	bool named = false;

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		named |= !strncmp(c->name, names[i], strlen(names[i]));
	return named && range_overlaps(explain_subject(c), range);
}

static const char *caller_of(const struct explain_run *run, const struct record_call *c)
{
	return c->caller && *c->caller ? c->caller : run->replayed ? "(no line tells)" : "mbsim";
}

/* In a call that doubled an array: the change is not about what the call is. */
static bool is_own_array(const struct tally *t, const struct record_call *c, struct range range)
{
	return (t->grew[RT_RESERVED] || t->grew[RT_MEMORY]) &&
	       !range_overlaps(explain_subject(c), range);
}

static void add_touch(struct explain_table *table, const struct explain_run *run,
		      const struct tally *t, size_t call, struct range range, const char *effect)
{
	const struct record_call *c = &run->record.calls[call];
	struct range subject = explain_subject(c);

	explain_cell(table, call + 1);
	explain_cell_if(table, c->line, c->line);
	explain_cell_word(table, c->step);
	explain_cell_word(table, c->name);
	explain_cell_word(table, caller_of(run, c));
	explain_cell_text(table, "%s%s", effect ? effect : "no change",
			  effect && is_own_array(t, c, range) ? ", for memblock's own array" : "");
	explain_cell(table, subject.start);
	explain_cell(table, range_size(subject));
	explain_cell(table, t->rows[RT_RESERVED]);
	explain_cell(table, c->max[RT_RESERVED] ? c->max[RT_RESERVED] : t->room[RT_RESERVED]);
}

static void add_doubling(struct explain_table *table, const struct explain_run *run,
			 const struct tally *t, size_t call)
{
	const struct record_call *c = &run->record.calls[call];

	for (int type = RT_MEMORY; type < RT_NR_TYPES; type++) {
		if (!t->grew[type])
			continue;
		explain_cell(table, call + 1);
		explain_cell_if(table, c->line, c->line);
		explain_cell_word(table, c->name);
		explain_cell_word(table, caller_of(run, c));
		explain_cell_word(table, type == RT_MEMORY ? "memory" : "reserved");
		explain_cell(table, t->room[type]);
		explain_cell(table, c->max[type]);
	}
}

/* What the page allocator makes of a page, as a half sentence. */
static const char *fate_of(const struct explain_run *run, uint64_t address)
{
	static const char *const words[MM_NR_PAGE_STATES] = {
		[MM_PAGE_NONE] = "it has no struct page: there is no memory near",
		[MM_PAGE_DEFERRED] = "its struct page is not initialised",
		[MM_PAGE_INIT] = "its struct page is initialised, and nobody has it",
		[MM_PAGE_HOLE] = "it is no memory",
		[MM_PAGE_NOMAP] =
			"it is memory that is not mapped (nomap), and stays out of the page allocator",
		[MM_PAGE_NOINIT] = "it is reserved, and its struct page is its owner's",
		[MM_PAGE_RESERVED] = "it stays reserved, out of the page allocator",
		[MM_PAGE_FREE] = "the page allocator has it",
		[MM_PAGE_ALLOCATED] = "it is hugetlb's",
	};
	struct mm *mm = explain_mm(run);

	return mm ? words[mm_page_of(mm, address >> mm->page_shift).state] : NULL;
}

static void tell_arrays(struct explain_answer *a, const struct explain_run *run,
			const struct tally *t, const struct explain_table *doublings)
{
	size_t call = t->most_call[RT_RESERVED];
	const struct record_call *c = run->record.nr_calls ? &run->record.calls[call] : NULL;

	explain_fact(a, "most_reserved_rows", EXPLAIN_NUMBER, t->most[RT_RESERVED]);
	explain_fact(a, "reserved_room", EXPLAIN_NUMBER, t->room[RT_RESERVED]);
	if (!c)
		return;
	explain_say(
		a,
		"memblock's array of reserved regions has room for %" PRIu64
		" rows at the end; the most that were in use are %zu, after call %zu (%s, by %s).%s",
		t->room[RT_RESERVED], t->most[RT_RESERVED], call + 1, c->name, caller_of(run, c),
		explain_rows(doublings) ? "" : " No array was doubled.");
}

static void tell_end(struct explain_answer *a, const struct explain *x,
		     const struct explain_run *run, struct range range, size_t touches)
{
	const struct explain_piece *piece;
	struct explain_map map;
	const char *purpose;
	const char *fate = fate_of(run, range.start);
	const char *what = range_size(range) == 1 ? "" : "its first page: ";

	explain_map_make(x, run, &map);
	piece = explain_piece_at(&map, range.start);
	purpose = piece ? explain_piece_name(piece) : NULL;
	if (!touches)
		explain_say(a, "No call of memblock touched it.");
	if (purpose)
		explain_say(a, "When memblock hands over, %#" PRIx64 " is %s.", range.start,
			    purpose);
	if (fate)
		explain_say(a, "At the end, %s%s.", what, fate);
	explain_fact_text(a, "purpose", purpose);
	explain_fact_text(a, "fate", fate);
	explain_map_release(&map);
}

int explain_who(const struct explain *x, struct explain_answer *a, struct error *err)
{
	struct explain_table *table, *doublings;
	struct explain_run run;
	struct tally t = { 0 };
	struct range range;
	int ret = explain_check_words(x, 1, 1, err);

	if (!ret)
		ret = explain_read_range(x->words[1], &range, err);
	if (ret)
		return ret;
	ret = explain_run(x, &run, a, err);
	if (ret) {
		explain_run_release(&run);
		return ret;
	}
	explain_fact_range(a, "start", "size", range);
	table = explain_table(
		a, "calls", run.replayed ? replay_columns : boot_columns, ARRAY_LEN(boot_columns),
		"Calls that touched %s, in order; ROWS of ROOM are in use in the array "
		"of reserved regions:",
		x->words[1]);
	doublings = explain_table(a, "doublings", doubling_columns, ARRAY_LEN(doubling_columns),
				  "Arrays that were doubled:");
	for (size_t i = 0; i < run.record.nr_calls; i++) {
		const struct record_call *c = &run.record.calls[i];
		char *effect = explain_effect(&run.record, c, range);

		count_call(&t, &run.record, i);
		if (effect || names_range(c, range))
			add_touch(table, &run, &t, i, range, effect);
		add_doubling(doublings, &run, &t, i);
		keep_room(&t, c);
		free(effect);
	}
	tell_end(a, x, &run, range, explain_rows(table));
	tell_arrays(a, &run, &t, doublings);
	explain_run_release(&run);
	return 0;
}
