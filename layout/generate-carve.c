// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Layouts that are made up: what is taken out of the RAM, or is in it already. Each thing finds a
 * place among the RAM that nothing is planned for.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "layout/generate.h"
#include "layout/internal.h"
#include "lib/size.h"

#define CENTRES 3 /* that things cluster around */

/* What is to be placed: @nr things, alike but for their sizes. */
struct job {
	enum spec_key count, size, at; /* @at SPEC_NR_KEYS: anywhere */
	uint64_t align, margin;	       /* @margin: room on either side that must stay */
	struct prng p;
	uint64_t centres[CENTRES];
};

static void start_job(const struct gen *g, struct job *job)
{
	prng_seed(&job->p, g->s->seed, spec_name(job->count));
	for (int i = 0; i < CENTRES; i++)
		job->centres[i] = prng_next(&job->p) >> 12;
}

/* Which byte of @total, counted without the holes, thing @i of @nr is to be near. */
static uint64_t draw_offset(const struct gen *g, struct job *job, uint64_t total, uint64_t i,
			    uint64_t nr)
{
	enum spec_at at = job->at == SPEC_NR_KEYS ? SPEC_RANDOM : spec_word(g->s, job->at);
	uint64_t part = total / 64 + 1;

	switch (at) {
	case SPEC_SPREAD:
		return total / nr * i + total % nr * i / nr + prng_below(&job->p, total / nr);
	case SPEC_LOW:
		return prng_below(&job->p, part);
	case SPEC_TOP_OF_RAM:
		return total - part + prng_below(&job->p, part);
	case SPEC_CLUSTERED:
		return (job->centres[prng_below(&job->p, CENTRES)] % total / 16 * 15 +
			prng_below(&job->p, part)) %
		       total;
	case SPEC_RANDOM:
		break;
	}
	return prng_below(&job->p, total);
}

/* @size bytes in @r, from @from on; false if there is no room. */
static bool fits(const struct job *job, struct range r, uint64_t from, uint64_t size,
		 struct range *found)
{
	uint64_t start = r.start + job->margin;

	if (start < from)
		start = from;
	start = gen_align_up(start, job->align);
	if (start < r.start || start > r.end || r.end - start < size ||
	    r.end - start - size < job->margin)
		return false;
	*found = (struct range){ start, start + size };
	return true;
}

/* From the byte that was drawn on, and from the start again, there is room or there is none. */
static bool find_room(const struct gen *g, const struct job *job, uint64_t offset, uint64_t size,
		      struct range *found)
{
	size_t first = 0, nr = g->room.nr;

	while (first < nr && offset >= range_size(g->room.v[first]))
		offset -= range_size(g->room.v[first++]);
	for (size_t i = 0; i <= nr; i++) {
		struct range r = g->room.v[(first + i) % nr];

		if (fits(job, r, i ? 0 : r.start + offset, size, found))
			return true;
	}
	return false;
}

static int no_room(const struct gen *g, const struct job *job, uint64_t i, uint64_t nr,
		   uint64_t size)
{
	char text[SIZE_TEXT_MAX];

	return error_set(g->err, EINVAL,
			 "%s=: there is room for %" PRIu64 " of %" PRIu64
			 ", and not for another %s: make it fewer or smaller ones, or more RAM",
			 spec_name(job->count), i, nr, size_format(size, text));
}

/* Thing @i of @nr finds a place, which is room no more; 1: it does not, and nobody insists. */
static int place_one(struct gen *g, struct job *job, uint64_t i, uint64_t nr, struct range *found)
{
	uint64_t total = rangeset_size(&g->room), size = gen_draw(g, &job->p, job->size);

	size = gen_align_up(size, job->align);
	if (!total || !find_room(g, job, draw_offset(g, job, total, i, nr), size, found))
		return g->s->random && !g->s->values[job->count].set ? 1
								     : no_room(g, job, i, nr, size);
	rangeset_remove(&g->room,
			(struct range){ found->start - job->margin, found->end + job->margin });
	return 0;
}

/* Borders that are within pages; the margin keeps them apart from others. */
static void misalign(const struct gen *g, struct job *job, struct range *r)
{
	uint64_t most = range_size(*r) / 2 < g->page ? range_size(*r) / 2 : g->page;

	if (prng_below(&job->p, 100) >= gen_value(g, SPEC_MISALIGN) || most < 2)
		return;
	if (prng_below(&job->p, 2))
		r->start += prng_between(&job->p, 1, most - 1);
	else
		r->end -= prng_between(&job->p, 1, most - 1);
}

int gen_carve_holes(struct gen *g)
{
	struct job job = { SPEC_HOLES, SPEC_HOLE_SIZE, SPEC_HOLES_AT, .align = g->align,
			   .margin = g->align };
	uint64_t nr = gen_value(g, SPEC_HOLES);
	struct range r;

	start_job(g, &job);
	for (uint64_t i = 0; i < nr; i++) {
		int ret = place_one(g, &job, i, nr, &r);

		if (ret)
			return ret < 0 ? ret : 0;
		misalign(g, &job, &r);
		gen_take_ram(g, r);
	}
	return 0;
}

int gen_carve_rows(struct gen *g)
{
	static const struct {
		enum spec_key key;
		enum layout_type type;
		const char *words;
	} kinds[] = {
		{ SPEC_RESERVED, LAYOUT_RESERVED, NULL },
		{ SPEC_ACPI, LAYOUT_ACPI, NULL },
		{ SPEC_NVS, LAYOUT_NVS, NULL },
		{ SPEC_UNUSABLE, LAYOUT_UNUSABLE, NULL },
		{ SPEC_PMEM, LAYOUT_PMEM, NULL },
		{ SPEC_SOFT_RESERVED, LAYOUT_SOFT_RESERVED, NULL },
		{ SPEC_OTHER, LAYOUT_OTHER, "type 20" },
	};
	struct range r;

	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		struct job job = { kinds[k].key, SPEC_ROW_SIZE, SPEC_ROWS_AT, .align = g->align };
		uint64_t nr = gen_value(g, kinds[k].key);

		start_job(g, &job);
		for (uint64_t i = 0; i < nr; i++) {
			int ret = place_one(g, &job, i, nr, &r);

			if (ret < 0)
				return ret;
			if (ret)
				break;
			misalign(g, &job, &r);
			gen_take_ram(g, r);
			gen_add_row(g, r, kinds[k].type, kinds[k].words);
		}
	}
	return 0;
}

int gen_carve_reservations(struct gen *g)
{
	struct job job = { SPEC_RESERVATIONS, SPEC_RESERVATION_SIZE, SPEC_RESERVATIONS_AT,
			   .align = 1 };
	uint64_t nr = gen_value(g, SPEC_RESERVATIONS);
	char name[40];
	struct range r;

	/* small things lie anywhere, larger ones at pages */
	if (g->s->values[SPEC_RESERVATION_SIZE].v[0].low >= g->page)
		job.align = g->page;
	start_job(g, &job);
	for (uint64_t i = 0; i < nr; i++) {
		int ret = place_one(g, &job, i, nr, &r);

		if (ret)
			return ret < 0 ? ret : 0;
		snprintf(name, sizeof(name), "reservation %" PRIu64, i + 1);
		layout_add_reservation(
			g->l, (struct layout_reservation){
				      .range = r, .kind = LAYOUT_RESERVATION, .name = name });
	}
	return 0;
}

static int carve_dynamic(struct gen *g)
{
	uint64_t nr = gen_value(g, SPEC_DYNAMIC), cma = gen_value(g, SPEC_CMA);
	char name[40];
	struct prng p;

	prng_seed(&p, g->s->seed, "dynamic");
	for (uint64_t i = 0; i < nr; i++) {
		struct layout_dynamic d = {
			.name = name,
			.size = gen_align_up(gen_draw(g, &p, SPEC_DYNAMIC_SIZE), g->page),
			.align = prng_below(&p, 2) ? 1ULL << prng_between(&p, 16, 21) : 0,
		};

		snprintf(name, sizeof(name), "pool%" PRIu64, i + 1);
		if (prng_below(&p, 100) < gen_value(g, SPEC_NOMAP))
			d.flags = LAYOUT_NOMAP;
		layout_add_dynamic(g->l, d);
	}
	if (cma)
		layout_add_dynamic(g->l, (struct layout_dynamic){
						 .name = (char *)"linux,cma",
						 .size = gen_align_up(cma, 4 << 20),
						 .align = 4 << 20,
						 .flags = LAYOUT_REUSABLE | LAYOUT_DEFAULT_CMA });
	return 0;
}

int gen_carve_reserved_memory(struct gen *g)
{
	struct job job = { SPEC_RESERVED_MEMORY, SPEC_DYNAMIC_SIZE, SPEC_NR_KEYS,
			   .align = 1 << 16 };
	uint64_t nr = gen_value(g, SPEC_RESERVED_MEMORY);
	char name[40];
	struct range r;

	start_job(g, &job);
	for (uint64_t i = 0; i < nr; i++) {
		int ret = place_one(g, &job, i, nr, &r);
		bool nomap = prng_below(&job.p, 100) < gen_value(g, SPEC_NOMAP);

		if (ret < 0)
			return ret;
		if (ret)
			break;
		snprintf(name, sizeof(name), "region%" PRIu64, i + 1);
		layout_add_reservation(
			g->l, (struct layout_reservation){ .range = r,
							   .kind = LAYOUT_RESERVED_MEMORY,
							   .name = name,
							   .flags = nomap ? LAYOUT_NOMAP : 0 });
	}
	return carve_dynamic(g);
}
