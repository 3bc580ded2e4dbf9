// SPDX-License-Identifier: GPL-2.0-or-later
/* What there is at the end of a boot or a replay, as names and values that can be compared. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/internal.h"
#include "lib/array.h"
#include "lib/file.h"

static void number(struct record *run, const char *what, uint64_t value)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRIu64, value);
	record_fact(run, text, "%s", what);
}

/* Free blocks by order, from order 0. */
static void blocks(struct record *run, const char *what, const uint64_t *v, unsigned int max)
{
	char text[MM_MAX_ORDERS * 21 + 1] = "";
	size_t n = 0;

	for (unsigned int i = 0; i <= max && i < MM_MAX_ORDERS; i++)
		n += snprintf(text + n, sizeof(text) - n, "%s%" PRIu64, i ? " " : "", v[i]);
	record_fact(run, text, "%s", what);
}

/* A set of page frames in a line that is not too long, and differs if any of them does. */
static void page_frames(struct record *run, const char *what, const struct rangeset *s)
{
	const size_t few = 4;
	char text[256];
	uint64_t key = 0;
	size_t n;

	for (size_t i = 0; i < s->nr; i++) {
		snprintf(text, sizeof(text), "%" PRIx64 "-%" PRIx64, s->v[i].start, s->v[i].end);
		key = record_key(key, text);
	}
	n = snprintf(text, sizeof(text), "%" PRIu64 " pages:", rangeset_size(s));
	for (size_t i = 0; i < s->nr && i < few; i++)
		n += snprintf(text + n, sizeof(text) - n, " %#" PRIx64 "-%#" PRIx64, s->v[i].start,
			      s->v[i].end - 1);
	if (s->nr > few)
		snprintf(text + n, sizeof(text) - n, " and %zu ranges more (%016" PRIx64 ")",
			 s->nr - few, key);
	record_fact(run, text, "%s", what);
}

void record_page_facts(const struct recorder *r)
{
	if (!r->handed_over.nr && !r->marked.nr)
		return;
	page_frames(r->run, "page frames handed over", &r->handed_over);
	blocks(r->run, "blocks handed over, by order", r->blocks, engine_ops(r->e)->max_page_order);
	page_frames(r->run, "page frames marked reserved", &r->marked);
}

static void zone_facts(struct record *run, const struct mm *mm)
{
	for (size_t i = 0; i < mm->nr_zones; i++) {
		const struct mm_zone *z = &mm->zones[i];
		char *name = file_path("node %d %s", z->nid, mm_zone_name(z->kind)), *what;
		char text[128];

		snprintf(text, sizeof(text), "%#" PRIx64 "-%#" PRIx64 ", %" PRIu64 " present",
			 z->spanned.start, z->spanned.end, z->present_pages);
		record_fact(run, text, "%s: page frames", name);
		what = file_path("%s: free pages", name);
		number(run, what, z->free_pages);
		free(what);
		what = file_path("%s: free blocks by order", name);
		blocks(run, what, z->blocks, mm->max_order);
		free(what);
		free(name);
	}
}

/* Items of the same name are one fact. */
static void account_facts(struct record *run, const struct boot_result *r)
{
	for (size_t i = 0; i < r->nr_account; i++) {
		const struct boot_item *item = &r->account[i];
		int64_t bytes = 0;
		char text[32];
		bool before = false;

		for (size_t j = 0; j < r->nr_account; j++) {
			if (r->account[j].kind != item->kind ||
			    strcmp(r->account[j].what, item->what))
				continue;
			before |= j < i;
			bytes += r->account[j].bytes;
		}
		if (before)
			continue;
		snprintf(text, sizeof(text), "%" PRId64, bytes < 0 ? -bytes : bytes);
		record_fact(run, text, "%s: bytes", item->what);
	}
}

/* Of each check how often it did not hold, and the first time. */
static void finding_facts(struct record *run, const struct check_findings *f)
{
	for (size_t i = 0; i < f->nr; i++) {
		const char *name = f->v[i].check->name;
		size_t nr = 0, before = 0;
		char *text, *line;

		for (size_t j = 0; j < f->nr; j++) {
			nr += f->v[j].check == f->v[i].check;
			before += f->v[j].check == f->v[i].check && j < i;
		}
		if (before)
			continue;
		line = record_line(f->v[i].text);
		text = file_path("%zu%s, first %s", nr, nr == CHECK_MAX_FINDINGS ? " or more" : "",
				 line);
		record_fact(run, text, "check %s does not hold", name);
		free(text);
		free(line);
	}
}

void record_boot_facts(struct record *run, const struct boot_result *r)
{
	account_facts(run, r);
	zone_facts(run, r->mm);
	number(run, "pages handed over", r->sums.freed_pages);
	number(run, "pages freed later", r->sums.late_pages);
	number(run, "bytes lost at borders of pages", r->sums.lost_bytes);
	blocks(run, "blocks handed over, by order", r->mm->received, r->mm->max_order);
	number(run, "pages marked reserved", rangeset_size(&r->mm->reserved));
	if (r->memory_line)
		record_fact(run, r->memory_line, "the kernel's line");
	finding_facts(run, &r->findings);
}

void record_replay_facts(struct record *run, const struct replay_result *r)
{
	number(run, "allocations of the log", r->allocations);
	number(run, "allocations where the log has them", r->identical);
	number(run, "dumps equal to the log's", r->dumps_equal);
	number(run, "arrays doubled", r->doubled);
	for (size_t i = 0; i < r->nr_differences; i++) {
		const struct replay_difference *d = &r->differences[i];

		record_fact(run, d->got, "line %u of the log, %s, expected %s", d->line,
			    d->event->function, d->expected);
	}
}
