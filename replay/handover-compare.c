// SPDX-License-Identifier: GPL-2.0-or-later
/* Holds what memblock handed over against what the kernel printed of its memory. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "replay/late.h"

static void differ(struct late *h, unsigned int line, char *what, char *got, char *expected)
{
	struct replay_handover *r = h->h;

	ARRAY_APPEND(r->differences, r->nr_differences, r->room_differences) =
		(struct replay_handover_difference){ line, what, got, expected };
}

static void differ_number(struct late *h, unsigned int line, char *what, uint64_t got,
			  uint64_t expected, const char *unit)
{
	differ(h, line, what, array_format("%" PRIu64 "%s", got, unit),
	       array_format("%" PRIu64 "%s", expected, unit));
}

static char *format_range(struct range r)
{
	if (range_is_empty(r))
		return array_strdup("empty");
	return array_format("[mem 0x%016" PRIx64 "-0x%016" PRIx64 "]", r.start, r.end - 1);
}

static void compare_range(struct late *h, struct replay_count *count, unsigned int line, char *what,
			  struct range got, struct range expected)
{
	count->all++;
	if ((range_is_empty(got) && range_is_empty(expected)) ||
	    (got.start == expected.start && got.end == expected.end)) {
		count->equal++;
		free(what);
		return;
	}
	differ(h, line, what, format_range(got), format_range(expected));
}

static struct range in_bytes(const struct mm *mm, struct range pfns)
{
	return (struct range){ pfns.start << mm->page_shift, pfns.end << mm->page_shift };
}

/* "Zone ranges:" */
static void compare_ranges(struct late *h)
{
	const struct replay_told *t = &h->h->told;
	const struct mm *mm = h->h->boot.mm;
	bool seen[MM_NR_ZONES] = { false };

	if (h->h->zones_given)
		return;
	if (!t->nr_ranges)
		late_not_held(h, "zone ranges: the log does not print them");
	for (size_t i = 0; i < t->nr_ranges; i++) {
		const struct replay_told_range *row = &t->ranges[i];
		struct range got = { 0 };

		for (int kind = 0; kind < MM_NR_ZONES; kind++) {
			if (strcmp(row->name, mm_zone_name(kind)) || seen[kind])
				continue;
			seen[kind] = true;
			if (mm->has_zone[kind])
				got = in_bytes(mm, mm->zone_range[kind]);
		}
		compare_range(h, &h->h->ranges, row->line, array_format("zone %s", row->name), got,
			      row->range);
	}
	for (int kind = 0; t->nr_ranges && kind < MM_NR_ZONES; kind++)
		if (!seen[kind] && mm->has_zone[kind] && !range_is_empty(mm->zone_range[kind]))
			differ(h, t->ranges[0].line, array_format("zone %s", mm_zone_name(kind)),
			       format_range(in_bytes(mm, mm->zone_range[kind])),
			       array_strdup("no such zone"));
}

/* "Movable zone start for each node" */
static void compare_movable(struct late *h)
{
	const struct replay_told *t = &h->h->told;
	const struct mm *mm = h->h->boot.mm;

	for (size_t i = 0; i < mm->nr_nodes; i++) {
		const struct mm_node *node = &mm->nodes[i];
		uint64_t got = node->movable_start << mm->page_shift, expected = 0;
		unsigned int line = t->nr_ranges ? t->ranges[0].line : 0;

		for (size_t j = 0; j < t->nr_movable; j++)
			if (t->movable[j].nid == node->nid) {
				expected = t->movable[j].range.start;
				line = t->movable[j].line;
			}
		h->h->movable.all += expected > 0;
		h->h->movable.equal += expected > 0 && got == expected;
		if (got != expected && (t->nr_ranges || t->nr_movable))
			differ(h, line, array_format("Movable on node %d begins", node->nid),
			       got ? array_format("0x%" PRIx64, got) : array_strdup("nowhere"),
			       expected ? array_format("0x%" PRIx64, expected)
					: array_strdup("nowhere"));
	}
}

/* "Early memory node ranges" */
static void compare_nodes(struct late *h)
{
	const struct replay_told *t = &h->h->told;
	const struct mm *mm = h->h->boot.mm;

	if (!t->nr_nodes)
		late_not_held(h, "early memory node ranges: the log does not print them");
	for (size_t i = 0; i < t->nr_nodes; i++) {
		const struct replay_told_node *row = &t->nodes[i];
		const struct mm_span *span = i < mm->nr_spans ? &mm->spans[i] : NULL;
		struct range got = span ? in_bytes(mm, span->pfns) : (struct range){ 0 };

		if (span && span->nid != row->nid) {
			h->h->nodes.all++;
			differ(h, row->line, array_format("memory range %zu", i),
			       array_format("node %d", span->nid),
			       array_format("node %d", row->nid));
			continue;
		}
		compare_range(h, &h->h->nodes, row->line,
			      array_format("memory range %zu, node %d", i, row->nid), got,
			      row->range);
	}
	for (size_t i = t->nr_nodes; t->nr_nodes && i < mm->nr_spans; i++)
		differ(h, t->nodes[t->nr_nodes - 1].line,
		       array_format("memory range %zu, node %d", i, mm->spans[i].nid),
		       format_range(in_bytes(mm, mm->spans[i].pfns)),
		       array_strdup("no such range"));
}

static void compare_deferred(struct late *h)
{
	const struct replay_told *t = &h->h->told;

	if (!h->deferred_known) {
		late_not_held(h,
			      "struct pages that are initialised late: the log ends before that");
		return;
	}
	for (size_t i = 0; i < h->nr_deferred; i++) {
		bool told = false;

		for (size_t j = 0; j < t->nr_deferred; j++)
			told |= t->deferred[j] == h->deferred[i];
		if (!told)
			differ(h, t->deferred_line,
			       array_format("struct pages of node %d", h->deferred[i]),
			       array_strdup("some are initialised late"), array_strdup("none are"));
	}
	for (size_t j = 0; j < t->nr_deferred; j++) {
		bool here = false;

		for (size_t i = 0; i < h->nr_deferred; i++)
			here |= t->deferred[j] == h->deferred[i];
		if (!here)
			differ(h, t->deferred_line,
			       array_format("struct pages of node %d", t->deferred[j]),
			       array_strdup("none are initialised late"), array_strdup("some are"));
	}
}

static uint64_t *hole_of(uint64_t holes[], int nid, enum mm_zone_kind kind)
{
	return &holes[nid * MM_NR_ZONES + kind];
}

/* Struct pages of no memory, by zone. */
static uint64_t *count_holes(const struct late *h)
{
	struct mm *mm = h->h->boot.mm;
	size_t nr = (size_t)(mm->nr_nids + 1) * MM_NR_ZONES;
	uint64_t *holes = array_resize(NULL, nr, sizeof(*holes));

	memset(holes, 0, nr * sizeof(*holes));
	for (uint64_t pfn = 0; pfn != UINT64_MAX;) {
		struct mm_page page = mm_page_of(mm, pfn);

		if (page.state == MM_PAGE_HOLE && page.nid >= 0 && page.nid < mm->nr_nids)
			*hole_of(holes, page.nid, page.kind) += range_size(page.run);
		pfn = page.run.end;
	}
	return holes;
}

/* "On node 0, zone DMA: 97 pages in unavailable ranges"; kernels before 5.12 have no such lines. */
static void compare_holes(struct late *h)
{
	const struct replay_told *t = &h->h->told;
	const struct mm *mm = h->h->boot.mm;
	uint64_t *holes = count_holes(h);

	for (size_t i = 0; i < t->nr_holes; i++) {
		const struct replay_told_holes *row = &t->holes[i];
		uint64_t got = 0;

		for (int kind = 0; row->nid >= 0 && row->nid < mm->nr_nids && kind < MM_NR_ZONES;
		     kind++)
			if (!strcmp(row->name, mm_zone_name(kind))) {
				got = *hole_of(holes, row->nid, kind);
				*hole_of(holes, row->nid, kind) = 0;
			}
		h->h->holes.all++;
		h->h->holes.equal += got == row->pages;
		if (got != row->pages)
			differ_number(h, row->line,
				      array_format("node %d, zone %s: struct pages of no memory",
						   row->nid, row->name),
				      got, row->pages, "");
	}
	for (int nid = 0; t->nr_holes && nid < mm->nr_nids; nid++)
		for (int kind = 0; kind < MM_NR_ZONES; kind++)
			if (*hole_of(holes, nid, kind))
				differ_number(h, t->holes[0].line,
					      array_format("node %d, zone %s: struct pages of no "
							   "memory",
							   nid, mm_zone_name(kind)),
					      *hole_of(holes, nid, kind), 0, "");
	free(holes);
}

/* The line "Memory:", when it is printed. */

static void compare_figure(struct late *h, struct replay_figure *f, const char *name, uint64_t got,
			   bool told, uint64_t expected)
{
	*f = (struct replay_figure){ true, told, got, expected };
	if (told && got != expected)
		differ_number(h, h->h->told.memory.line, array_format("Memory: %s", name), got,
			      expected, "K");
}

static uint64_t in_kib(const struct mm *mm, uint64_t pages)
{
	return pages << mm->page_shift >> 10;
}

static uint64_t cma_kib(const struct late *h)
{
	uint64_t size = 0;

	for (size_t i = 0; i < h->h->told.nr_cma; i++)
		size += h->h->told.cma[i].size;
	return size >> 10;
}

/*
 * x86_64 since 5.9 takes a page for each entry of the top page table that vmalloc() can reach before
 * it prints the line: 32 TiB of 512 GiB each, or 12800 TiB of 256 TiB with five levels, and one more
 * where KASLR has moved that area. If the zone that they come from has none, the struct pages of one more
 * section of a node are initialised, and that is free, too.
 */
static bool is_without_tables(const struct late *h, uint64_t *pages, uint64_t told)
{
	static const uint64_t tables[] = { 32 * 2, 32 * 2 + 1, 12800 / 256, 12800 / 256 + 1 };
	const struct mm *mm = h->h->boot.mm;
	size_t most = mm->rules.deferred ? mm->nr_nodes : 0;

	if (h->layout->arch != LAYOUT_X86_64)
		return false;
	for (size_t more = 0; more <= most; more++)
		for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
			uint64_t left = *pages + (more << mm->rules.section_order) - tables[i];

			if (left != told)
				continue;
			*pages = left;
			return true;
		}
	return false;
}

/* It is what is free, which by then is what the kernel itself has not taken yet. */
static void compare_available(struct late *h)
{
	const struct replay_told *t = &h->h->told;
	const struct mm *mm = h->h->boot.mm;
	bool early = t->slub_line && t->memory.line < t->slub_line;
	uint64_t pages = 0, free, told = t->memory.available << 10 >> mm->page_shift;

	for (size_t i = 0; i < mm->nr_zones; i++)
		pages += mm->zones[i].free_pages;
	free = pages;
	if (early && h->deferred_known && pages != told && is_without_tables(h, &pages, told))
		late_not_held(h,
			      "Memory: available: memblock left %" PRIu64
			      "K; x86 takes page tables for vmalloc() before it prints the line%s",
			      in_kib(mm, free),
			      pages > free ? ", and initialised more struct pages for them" : "");
	compare_figure(h, &h->h->available, "available", in_kib(mm, pages),
		       early && h->deferred_known, t->memory.available);
	if (!t->slub_line)
		late_not_held(h, "Memory: available: there is no line \"SLUB:\", and so no telling "
				 "whether the kernel had taken pages itself");
	else if (!early)
		late_not_held(h,
			      "Memory: available: the kernel had taken pages itself when it "
			      "printed that (line %u is behind \"SLUB:\")",
			      t->memory.line);
	else if (!h->deferred_known)
		late_not_held(h, "Memory: available: the log ends before it tells whether struct "
				 "pages were left for later");
}

/* s390 takes pages of zeroes between the hand-over and everything that can be compared. */
static bool has_zero_pages(const struct late *h)
{
	return h->layout->arch == LAYOUT_S390;
}

void late_compare_memory(struct late *h)
{
	const struct replay_told *t = &h->h->told;
	struct replay_handover *r = h->h;
	struct mm *mm = r->boot.mm;
	uint64_t present = 0, total, cma = cma_kib(h), taken;

	mm_settle(mm);
	for (size_t i = 0; i < mm->nr_zones; i++)
		present += mm->zones[i].present_pages;
	compare_figure(h, &r->present, "present", in_kib(mm, present), true, t->memory.present);
	compare_available(h);
	compare_figure(h, &r->cma, "cma-reserved", cma, t->memory.has_cma, t->memory.cma);
	/* what is reserved is judged by itself */
	cma = t->memory.has_cma ? t->memory.cma : cma;
	total = in_kib(mm, mm_free_pages(mm) + h->sized_pages) + cma;
	taken = in_kib(mm, present) > total ? in_kib(mm, present) - total : 0;
	compare_figure(h, &r->reserved, "reserved", taken,
		       t->memory.has_reserved && !has_zero_pages(h), t->memory.reserved);
	if (!t->memory.has_reserved)
		late_not_held(h, "Memory: reserved: line %u does not have it", t->memory.line);
}

/* /proc/zoneinfo */

static struct replay_zone *zone_at(struct late *h, int nid, enum mm_zone_kind kind)
{
	struct replay_handover *r = h->h;

	for (size_t i = 0; i < r->nr_zones; i++)
		if (r->zones[i].nid == nid && r->zones[i].kind == kind)
			return &r->zones[i];
	return NULL;
}

/* Free pages, and what is managed without being free, or free without the map knowing it. */
static void fill_zones(struct late *h)
{
	struct replay_handover *r = h->h;
	const struct mm *mm = r->boot.mm;

	for (size_t i = 0; i < mm->nr_zones; i++) {
		const struct mm_zone *z = &mm->zones[i];

		ARRAY_APPEND(r->zones, r->nr_zones, r->room_zones) = (struct replay_zone){
			.nid = z->nid,
			.kind = z->kind,
			.spanned = range_size(z->spanned),
			.present = z->present_pages,
			.managed = z->free_pages,
		};
	}
	for (size_t i = 0; i < r->nr_freed; i++) {
		const struct replay_freed *f = &r->freed[i];
		struct replay_zone *z = f->placed ? zone_at(h, f->nid, f->kind) : NULL;
		bool sized = range_is_empty(f->range) || !strcmp(f->what, "gigantic page");

		if (!z || !sized)
			continue;
		z->managed += f->pages;
		z->sized += f->pages;
	}
}

static void compare_pages(struct late *h, struct replay_zone *z, const char *name, uint64_t got,
			  uint64_t expected)
{
	if (got == expected)
		return;
	z->equal = false;
	differ_number(h, z->told->line,
		      array_format("node %d, zone %s: %s pages", z->nid, mm_zone_name(z->kind),
				   name),
		      got, expected, "");
}

/* Something was freed, and nobody knows in which zone: @pages of all. */
static uint64_t count_unplaced(const struct late *h)
{
	const struct replay_handover *r = h->h;
	uint64_t pages = 0;

	for (size_t i = 0; i < r->nr_freed; i++)
		if (!r->freed[i].placed && range_is_empty(r->freed[i].range))
			pages += r->freed[i].pages;
	return pages;
}

static void compare_zone(struct late *h, struct replay_zone *z, bool managed)
{
	z->equal = true;
	compare_pages(h, z, "spanned", z->spanned, z->told->spanned);
	compare_pages(h, z, "present", z->present, z->told->present);
	if (z->told->has_managed && managed)
		compare_pages(h, z, "managed", z->managed, z->told->managed);
	h->h->held.equal += z->equal;
}

/* If no zone can be told from what was freed, the sum of all can. */
static void compare_sum(struct late *h, uint64_t unplaced)
{
	const struct replay_handover *r = h->h;
	uint64_t got = unplaced, expected = 0;

	for (size_t i = 0; i < r->nr_zones; i++)
		got += r->zones[i].managed;
	for (size_t i = 0; i < r->told.nr_zones; i++)
		expected += r->told.zones[i].managed;
	late_not_held(h,
		      "managed pages of each zone: %" PRIu64
		      " pages were freed, and no line tells where; their sum is held",
		      unplaced);
	if (got != expected)
		differ_number(h, r->told.zones[0].line, array_strdup("managed pages of all zones"),
			      got, expected, "");
}

static void compare_zones(struct late *h)
{
	struct replay_handover *r = h->h;
	uint64_t unplaced = count_unplaced(h);

	if (!r->told.nr_zones) {
		late_not_held(h, "pages of zones: /proc/zoneinfo is not in the log");
		return;
	}
	for (size_t i = 0; i < r->told.nr_zones; i++) {
		const struct replay_told_zone *t = &r->told.zones[i];
		struct replay_zone *z = NULL;

		for (int kind = 0; kind < MM_NR_ZONES; kind++)
			if (!strcmp(t->name, mm_zone_name(kind)))
				z = zone_at(h, t->nid, kind);
		if (!z && !t->spanned)
			continue; /* empty here and there */
		r->held.all++;
		if (z) {
			z->told = t;
			compare_zone(h, z, !unplaced && !has_zero_pages(h));
		} else {
			differ_number(h, t->line,
				      array_format("node %d, zone %s: spanned pages", t->nid,
						   t->name),
				      0, t->spanned, "");
		}
	}
	for (size_t i = 0; i < r->nr_zones; i++)
		if (!r->zones[i].told)
			differ_number(h, r->told.zones[0].line,
				      array_format("node %d, zone %s: spanned pages",
						   r->zones[i].nid, mm_zone_name(r->zones[i].kind)),
				      r->zones[i].spanned, 0, "");
	if (unplaced && !has_zero_pages(h))
		compare_sum(h, unplaced);
}

void late_compare(struct late *h)
{
	if (has_zero_pages(h))
		late_not_held(h, "Memory: reserved, and managed pages: s390 takes pages of zeroes "
				 "before it prints them");
	if (!h->h->told.memory.line)
		late_not_held(h, "the line \"Memory:\": it is not in the log");
	compare_ranges(h);
	compare_movable(h);
	compare_nodes(h);
	compare_deferred(h);
	compare_holes(h);
	fill_zones(h);
	late_add_plugged(h);
	compare_zones(h);
}
