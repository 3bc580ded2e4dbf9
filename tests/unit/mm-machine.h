/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_UNIT_MM_MACHINE_H
#define TESTS_UNIT_MM_MACHINE_H

#include <inttypes.h>
#include <stdio.h>

#include "layout/layout.h"
#include "lib/file.h"
#include "lib/prng.h"
#include "tests/unit/mm-model.h"

/*
 * Machines that are made up, for mm-pages.c: tiny ones with borders everywhere, and those of
 * layout/generate with the geometry of real kernels.
 */

struct machine {
	struct prng p;
	char name[600];
	struct mm *mm;
	struct model m;
	struct rangeset reserved; /* bytes */
	struct range *free;	  /* pages; each of one region of memory */
	size_t nr_free, room_free;
	struct range *blocks; /* allocated */
	size_t nr_blocks, room_blocks;
};

static inline uint64_t roll(struct machine *x, uint64_t n)
{
	return prng_below(&x->p, n);
}

/* What kernels are built with: pages, sections, the largest order, blocks of pages. */
static const struct geometry {
	const char *name, *spec;
	unsigned int page_shift, section_order, max_order, pageblock_order;
	bool only_memory;
	uint64_t zone_end[MM_MOVABLE]; /* bytes; 0: there is no such zone */
} geometries[] = {
	{ "x86_64",
	  "arch=x86_64,pci_hole=0..1G",
	  12,
	  15,
	  10,
	  9,
	  false,
	  { 16 << 20, 1ULL << 32, UINT64_MAX } },
	{ "x86_64 low zones",
	  "arch=x86_64,pci_hole=0..1G",
	  12,
	  15,
	  10,
	  9,
	  false,
	  { 16 << 20, 96 << 20, -1 } },
	{ "x86_64 flat",
	  "arch=x86_64,pci_hole=0..1G",
	  12,
	  0,
	  10,
	  9,
	  false,
	  { 16 << 20, 1ULL << 32, -1 } },
	{ "i386", "arch=i386", 12, 14, 10, 10, false, { 16 << 20, 0, 0x373fe000, -1 } },
	{ "arm64", "arch=arm64,page_size=4K", 12, 15, 10, 9, false, { 1ULL << 32, 0, -1 } },
	{ "arm64 4.19", "arch=arm64,page_size=4K", 12, 18, 10, 9, false, { 0, 1ULL << 32, -1 } },
	{ "arm64 dma", "arch=arm64,page_size=4K", 12, 15, 11, 9, false, { 3 << 29, 2ULL << 30, -1 } },
	{ "arm64 16K", "arch=arm64,page_size=16K", 14, 13, 11, 11, false, { 1ULL << 32, 0, -1 } },
	{ "arm64 64K", "arch=arm64,page_size=64K", 16, 13, 13, 13, false, { 1ULL << 32, 0, -1 } },
	{ "arm64 64K small", "arch=arm64,page_size=64K", 16, 13, 5, 5, false, { 3 << 29, 0, -1 } },
	{ "arm flat", "arch=arm", 12, 0, 10, 10, true, { 3 << 28, 0, 0x6fdff000, -1 } },
	{ "ppc64 64K", "arch=ppc64,page_size=64K", 16, 8, 8, 5, false, { 0, 0, -1 } },
	{ "s390", "arch=s390", 12, 16, 8, 8, false, { 2ULL << 30, 0, -1 } },
	{ "riscv", "arch=riscv", 12, 15, 10, 9, false, { 0, 1ULL << 32, -1 } },
	{ "mips 16K", "arch=mips", 14, 14, 11, 11, false, { 0, 1ULL << 32, -1 } },
};

/* What is drawn; sizes are those of each node. */
static const char *const specs[] = {
	"size=32M..4G,holes=0..40",
	"size=2G..4G,holes=0..40,hotplug=0..20%",
	"size=32M..512M,holes=0..200,hole_size=4K..64K,holes_at=random,misalign=50%",
	"nodes=1..4,size=32M..1G,gap=0..64M,hotplug=30%",
	"nodes=2..4,size=64M..1G,interleave=2..8,holes=0..20,misalign=100%,hotplug=20%",
	"nodes=2..8,size=64M..256M,interleave=2..4,gap=0..16M,holes=0..60",
	"size=64M..2G,reserved_memory=1..8,nomap=0..100%,firmware=dt",
	"nodes=2,size=256M..2G,misalign=20%,holes=0..10,reserved_memory=0..4,nomap=50%,firmware=dt",
};

static inline void add_span(struct machine *x, int nid, struct range bytes, unsigned int flags)
{
	unsigned int shift = x->mm->page_shift;
	struct mm_span *last = x->mm->nr_spans ? &x->mm->spans[x->mm->nr_spans - 1] : NULL;
	struct range pfns = { (bytes.start + (1ULL << shift) - 1) >> shift, bytes.end >> shift };

	if (last && last->nid == nid && last->flags == flags && last->pfns.end == pfns.start)
		last->pfns.end = pfns.end > last->pfns.end ? pfns.end : last->pfns.end;
	else
		mm_add_memory(x->mm, nid, pfns, flags);
}

/* Whole pages of a region that nothing is reserved of. */
static inline void add_free(struct machine *x, struct range bytes)
{
	unsigned int shift = x->mm->page_shift;
	uint64_t mask = (1ULL << shift) - 1, at = bytes.start;

	for (size_t i = rangeset_after(&x->reserved, at); at < bytes.end; i++) {
		uint64_t end = i < x->reserved.nr ? x->reserved.v[i].start : bytes.end;
		struct range pfns;

		end = end < bytes.end ? end : bytes.end;
		pfns = (struct range){ (at + mask) >> shift, end >> shift };
		if (end > at && !range_is_empty(pfns))
			ARRAY_APPEND(x->free, x->nr_free, x->room_free) = pfns;
		at = i < x->reserved.nr ? x->reserved.v[i].end : bytes.end;
	}
}

/* The facts of a layout about @at: where the next one begins is @end. */
static inline unsigned int facts_at(const struct layout *l, uint64_t at, uint64_t *end, int *nid)
{
	unsigned int flags = 0;

	for (size_t i = 0; i < l->nr_node_ranges; i++) {
		const struct layout_node_range *r = &l->node_ranges[i];

		if (range_contains(r->range, at)) {
			*end = r->range.end < *end ? r->range.end : *end;
			*nid = r->nid == LAYOUT_NO_NODE ? *nid : r->nid;
			flags |= r->flags & LAYOUT_HOTPLUG ? MM_HOTPLUG : 0;
		} else if (r->range.start > at) {
			*end = r->range.start < *end ? r->range.start : *end;
		}
	}
	for (size_t i = 0; i < l->nr_reservations; i++) {
		const struct layout_reservation *r = &l->reservations[i];

		if (!(r->flags & LAYOUT_NOMAP))
			continue;
		if (range_contains(r->range, at)) {
			*end = r->range.end < *end ? r->range.end : *end;
			flags |= MM_NOMAP;
		} else if (r->range.start > at) {
			*end = r->range.start < *end ? r->range.start : *end;
		}
	}
	return flags;
}

static inline void take_layout(struct machine *x, const struct layout *l)
{
	size_t nr;
	struct range *ram = layout_ram(l, &nr), region = { 0 };
	int region_nid = -1;

	for (size_t i = 0; i < l->nr_reservations; i++)
		if (!(l->reservations[i].flags & LAYOUT_NOMAP))
			rangeset_add(&x->reserved, l->reservations[i].range);
	for (size_t i = 0; i < nr; i++) {
		struct range part = ram[i];

		for (; part.start < ram[i].end; part.start = part.end) {
			int nid = 0;
			unsigned int flags;

			part.end = ram[i].end;
			flags = facts_at(l, part.start, &part.end, &nid);
			add_span(x, nid, part, flags);
			/* what can be unplugged is one region with the rest when it is freed */
			if (flags & MM_NOMAP || nid != region_nid || part.start != region.end) {
				add_free(x, region);
				region = part;
			}
			region.end = part.end;
			region_nid = nid;
			if (flags & MM_NOMAP)
				region.start = region.end;
		}
	}
	add_free(x, region);
	free(ram);
}

static inline void choose_rules(struct machine *x, const struct geometry *g)
{
	struct mm *mm = x->mm;

	for (int kind = 0; kind < MM_MOVABLE; kind++)
		if (g->zone_end[kind])
			mm_set_zone_end(mm, kind,
					g->zone_end[kind] == UINT64_MAX
						? UINT64_MAX
						: g->zone_end[kind] >> g->page_shift);
	mm->rules = (struct mm_map_rules){
		.section_order = g->section_order,
		.pageblock_order = g->pageblock_order,
		.only_memory = g->only_memory,
		.deferred = g->section_order && roll(x, 2),
		.holes_not_linked = !roll(x, 4),
		.deferred_by_zone = !roll(x, 3),
		.low_zones_count = roll(x, 2),
	};
	mm->movable.node = !roll(x, 4);
	if (!roll(x, 3))
		mm->movable.kernelcore = 1 + roll(x, 1ULL << 32 >> g->page_shift);
	if (!roll(x, 3))
		mm->movable.movablecore = 1 + roll(x, 1ULL << 31 >> g->page_shift);
}

/* A machine of layout/generate; false: there is no such one. */
static inline bool generate(struct machine *x, uint64_t number)
{
	const struct geometry *g = &geometries[number % ARRAY_LEN(geometries)];
	const char *spec = specs[roll(x, ARRAY_LEN(specs))];
	bool tree = strstr(spec, "firmware=dt") && !strncmp(g->name, "arm64", 5);
	struct layout *l;
	char *text;

	if (strstr(spec, "firmware=dt") && !tree)
		spec = specs[roll(x, 4)];
	text = file_path("%s,%s,seed=%" PRIu64 ",reservations=0..%d,reservation_size=64..%s,"
			 "reservations_at=random,kernel=none,initrd=0",
			 g->spec, spec, number, roll(x, 3) ? 60 : 1000, roll(x, 2) ? "256K" : "8K");
	snprintf(x->name, sizeof(x->name), "%s (%s)", text, g->name);
	l = layout_generate(text, NULL);
	free(text);
	if (!l)
		return false;
	x->mm = mm_new(g->page_shift, g->max_order);
	choose_rules(x, g);
	take_layout(x, l);
	for (size_t i = 0; i < x->mm->nr_spans; i++)
		if (x->mm->spans[i].nid >= MODEL_NODES)
			x->mm->nr_spans = 0;
	layout_free(l);
	return x->mm->nr_spans;
}

/* Memory in pieces of any size, sections and blocks of hardly more than a few pages. */
static inline bool make_tiny(struct machine *x, uint64_t number)
{
	const uint64_t pages = 8192;
	uint64_t pfn = roll(x, 300);
	const struct geometry g = {
		.page_shift = 12,
		.section_order = roll(x, 4) ? 8 : 0,
		.max_order = 5,
		.pageblock_order = 4,
		.only_memory = roll(x, 2),
		.zone_end = { (roll(x, 2) ? 512 : 544) << 12, (2048 + roll(x, 3) * 32) << 12, -1 },
	};

	snprintf(x->name, sizeof(x->name), "tiny %" PRIu64, number);
	for (unsigned int i = 0; i < 40; i++) {
		uint64_t at = roll(x, pages << 12);

		rangeset_add(&x->reserved, (struct range){ at, at + 1 + roll(x, 300 << 12) });
	}
	x->mm = mm_new(g.page_shift, g.max_order);
	choose_rules(x, &g);
	if (x->mm->movable.kernelcore)
		x->mm->movable.kernelcore %= pages;
	if (x->mm->movable.movablecore)
		x->mm->movable.movablecore %= pages;
	while (pfn < pages) {
		uint64_t end = pfn + 1 + roll(x, roll(x, 2) ? 2000 : 60);
		unsigned int flags = (roll(x, 6) ? 0 : MM_NOMAP) | (roll(x, 9) ? 0 : MM_HOTPLUG);

		mm_add_memory(x->mm, (int)roll(x, 3), (struct range){ pfn, end }, flags);
		if (!(flags & MM_NOMAP))
			add_free(x, (struct range){ pfn << 12, end << 12 });
		pfn = end + (roll(x, 2) ? roll(x, 700) : 0);
	}
	return true;
}

#endif
