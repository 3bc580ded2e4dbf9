// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * keep RANGE: is it left alone through the whole boot? Whoever allocates in it, the kernel's own image, and the
 * page allocator, early or late, do not leave it alone; a reservation that nobody writes to does.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "explain/internal.h"
#include "lib/array.h"
#include "lib/size.h"

static const struct explain_column columns[] = {
	EXPLAIN_RANGE_COLUMNS,
	{ "why", "WHO DOES NOT LEAVE IT ALONE", EXPLAIN_TEXT },
	{ "function", "CALLED BY", EXPLAIN_TEXT },
	{ "call", "CALL", EXPLAIN_NUMBER },
	{ "line", "LINE", EXPLAIN_NUMBER },
};

static const struct explain_column piece_columns[] = {
	EXPLAIN_RANGE_COLUMNS,
	{ "use", "WHEN MEMBLOCK HANDS OVER", EXPLAIN_TEXT },
	{ "function", "BY", EXPLAIN_TEXT },
};

struct keep {
	const struct explain_run *run;
	struct range range;
	struct explain_table *table;
};

static void add(struct keep *k, struct range r, const char *why, const char *function, size_t call)
{
	const struct record_call *c = call == RECORD_NONE ? NULL : &k->run->record.calls[call];

	explain_cell_range(k->table, range_intersect(r, k->range));
	explain_cell_word(k->table, why);
	explain_cell_word(k->table, function);
	explain_cell_if(k->table, c, call + 1);
	explain_cell_if(k->table, c && c->line, c ? c->line : 0);
}

/* What is asked for and is found there, or is put there as memblock needs room for itself. */
static void add_calls(struct keep *k)
{
	const struct record *rec = &k->run->record;

	for (size_t i = 0; i < rec->nr_calls; i++) {
		const struct record_call *c = &rec->calls[i];
		struct range subject = explain_subject(c);

		if (explain_is_allocation(c) && range_overlaps(subject, k->range))
			add(k, subject, "allocated", c->caller, i);
	}
}

/* Reservations that name their place, of what is written to or given away: of a boot, by purpose. */
static bool is_used(const char *purpose)
{
	static const char *const begins[] = { "kernel image", "early page tables", "initrd",
					      "crash kernel", "memblock's arrays" };

	for (size_t i = 0; purpose && i < ARRAY_LEN(begins); i++)
		if (!strncmp(purpose, begins[i], strlen(begins[i])))
			return true;
	return false;
}

/* And of a log, as far as it tells where images are, and areas that the kernel chose. */
static void add_images(struct keep *k, const struct layout *l)
{
	for (size_t i = 0; l && i < l->nr_reservations; i++) {
		const struct layout_reservation *r = &l->reservations[i];

		if (range_overlaps(r->range, k->range) &&
		    (r->kind == LAYOUT_KERNEL || r->kind == LAYOUT_INITRD ||
		     r->kind == LAYOUT_CRASH || r->kind == LAYOUT_CMA))
			add(k, r->range, r->name, NULL, RECORD_NONE);
	}
}

static void add_pieces(struct keep *k, const struct explain_map *m, struct explain_table *pieces)
{
	for (size_t i = 0; i < m->nr; i++) {
		const struct explain_piece *p = &m->v[i];
		struct range r = range_intersect(p->range, k->range);

		if (range_is_empty(r))
			continue;
		explain_cell_range(pieces, r);
		explain_cell_word(pieces, explain_piece_name(p));
		explain_cell_word(pieces, p->function);
		if (k->run->booted && p->use == BOOT_RESERVED && is_used(p->purpose))
			add(k, r, p->purpose, p->function, RECORD_NONE);
	}
}

static const char *state_why(enum mm_page_state state)
{
	switch (state) {
	case MM_PAGE_FREE:
		return "the page allocator has it";
	case MM_PAGE_ALLOCATED:
		return "hugetlb has it";
	case MM_PAGE_DEFERRED:
		return "the page allocator will have it, later";
	default:
		return NULL;
	}
}

/* Pages of the range that the page allocator has at the end. */
static void add_pages(struct keep *k)
{
	struct mm *mm = explain_mm(k->run);
	uint64_t page = mm ? 1ULL << mm->page_shift : 0, pfn, end;

	if (!mm)
		return;
	end = (k->range.end - 1) / page + 1;
	for (pfn = k->range.start / page; pfn < end;) {
		struct mm_page p = mm_page_of(mm, pfn);
		uint64_t next = p.run.end < end ? p.run.end : end;
		const char *why = state_why(p.state);

		if (why)
			add(k, (struct range){ pfn * page, next * page }, why, NULL, RECORD_NONE);
		pfn = next;
	}
}

static void tell(const struct keep *k, struct explain_answer *a, const char *name, bool whole)
{
	size_t nr = explain_rows(k->table);
	bool moves = !a->cmdline || !strstr(a->cmdline, "nokaslr");

	a->verdict = nr || !whole ? EXPLAIN_NO : EXPLAIN_YES;
	if (nr)
		explain_lead(a, "No: %s is not left alone.", name);
	else if (whole)
		explain_lead(
			a,
			"Yes: nobody touches %s from the first call of memblock to the end of the boot.",
			name);
	else
		explain_lead(
			a, "No: the boot does not come to a hand-over, so it cannot be said of %s.",
			name);
	explain_fact_range(a, "start", "size", k->range);
	explain_fact(a, "intruders", EXPLAIN_NUMBER, nr);
	if (moves)
		explain_note(
			a,
			"the kernel's image is where it is in the layout or log; with KASLR another "
			"boot can have it elsewhere, also in the range, unless the firmware's map or "
			"memmap= keeps it out");
}

int explain_keep(const struct explain *x, struct explain_answer *a, struct error *err)
{
	struct keep k = { 0 };
	struct explain_table *pieces;
	struct explain_run run;
	struct explain_map m;
	int ret = explain_check_words(x, 1, 1, err);

	if (!ret)
		ret = explain_read_range(x->words[1], &k.range, err);
	if (ret)
		return ret;
	ret = explain_run(x, &run, a, err);
	if (!ret) {
		explain_map_make(x, &run, &m);
		k.run = &run;
		k.table = explain_table(a, "intruders", columns, ARRAY_LEN(columns),
					"Who uses a part of it:");
		pieces = explain_table(a, "pieces", piece_columns, ARRAY_LEN(piece_columns),
				       "What is there, as far as it is memory or reserved:");
		add_calls(&k);
		add_pieces(&k, &m, pieces);
		if (run.replayed)
			add_images(&k, x->layout);
		add_pages(&k);
		tell(&k, a, x->words[1], explain_mm(&run));
		explain_map_release(&m);
	}
	explain_run_release(&run);
	return ret;
}
