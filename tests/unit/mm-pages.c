// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Zones, the map of pages and the buddy allocator, in lock step with a second implementation that
 * looks at each page by itself (mm-model.h), on machines that are made up: tiny ones with borders
 * everywhere, and those of layout/generate, up to 4 GiB, with the geometry of real kernels.
 *
 * MBSIM_MACHINES=N makes N of each kind, MBSIM_SEED=S others than those of every day.
 */
#include <inttypes.h>
#include <stdio.h>

#include "kunit/test.h"
#include "layout/layout.h"
#include "lib/file.h"
#include "lib/prng.h"
#include "tests/unit/mm-model.h"

#ifdef MBSIM_SANITIZE
#define TINY 40
#define GENERATED 3
#else
#define TINY 400
#define GENERATED 24
#endif

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

static uint64_t roll(struct machine *x, uint64_t n)
{
	return prng_below(&x->p, n);
}

static unsigned int number_from(const char *name, unsigned int standard)
{
	const char *text = getenv(name);

	return text ? (unsigned int)strtoul(text, NULL, 10) : standard;
}

/* What kernels are built with: pages, sections, the largest order, blocks of pages. */
static const struct geometry {
	const char *name, *spec;
	unsigned int page_shift, section_order, max_order, pageblock_order;
	bool only_memory;
	uint64_t zone_end[MM_MOVABLE]; /* bytes; 0: there is no such zone */
} geometries[] = {
	{ "x86_64", "arch=x86_64", 12, 15, 10, 9, false, { 16 << 20, 1ULL << 32, UINT64_MAX } },
	{ "x86_64 low zones", "arch=x86_64", 12, 15, 10, 9, false, { 16 << 20, 96 << 20, -1 } },
	{ "x86_64 flat", "arch=x86_64", 12, 0, 10, 9, false, { 16 << 20, 1ULL << 32, -1 } },
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
	"size=32M..512M,holes=0..200,hole_size=4K..64K,holes_at=random,misalign=50%",
	"nodes=1..4,size=32M..1G,gap=0..64M,hotplug=30%",
	"nodes=2..4,size=64M..1G,interleave=2..8,holes=0..20,misalign=100%,hotplug=20%",
	"nodes=2..8,size=64M..256M,interleave=2..4,gap=0..16M,holes=0..60",
	"size=64M..2G,reserved_memory=1..8,nomap=0..100%,firmware=dt",
	"nodes=2,size=256M..2G,misalign=20%,holes=0..10,reserved_memory=0..4,nomap=50%,firmware=dt",
};

static void add_span(struct machine *x, int nid, struct range bytes, unsigned int flags)
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
static void add_free(struct machine *x, struct range bytes)
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
static unsigned int facts_at(const struct layout *l, uint64_t at, uint64_t *end, int *nid)
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

static void take_layout(struct machine *x, const struct layout *l)
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

static void choose_rules(struct machine *x, const struct geometry *g)
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
static bool generate(struct machine *x, uint64_t number)
{
	const struct geometry *g = &geometries[number % ARRAY_LEN(geometries)];
	const char *spec = specs[roll(x, ARRAY_LEN(specs))];
	bool tree = strstr(spec, "firmware=dt") && !strncmp(g->name, "arm64", 5);
	struct layout *l;
	char *text;

	if (strstr(spec, "firmware=dt") && !tree)
		spec = specs[roll(x, 4)];
	text = file_path("%s,%s,seed=%" PRIu64 ",reservations=0..%d,reservation_size=64..%s,"
			 "reservations_at=random,kernel=none,initrd=0,pci_hole=0",
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
static bool make_tiny(struct machine *x, uint64_t number)
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

/* Every page, and what zones say of their blocks; the first difference is enough. */
static void compare(struct kunit *test, struct machine *x, const char *when)
{
	static uint64_t blocks[MODEL_NODES][MM_NR_ZONES][MM_MAX_ORDERS];
	const struct model *m = &x->m;
	struct mm_page q;

	memset(blocks, 0, sizeof(blocks));
	for (uint64_t pfn = 0; pfn < m->nr; pfn++) {
		if (!pfn || pfn >= q.run.end)
			q = mm_run_of(x->mm, pfn);
		if (q.state != m->state[pfn] ||
		    (q.state != MM_PAGE_NONE && (q.nid != m->nid[pfn] || q.kind != m->kind[pfn])))
			KUNIT_FAIL_AND_ABORT(test, "%s, %s: page %#" PRIx64 " is %s, node %d %s; not %s, %d %s",
				   x->name, when, pfn, mm_state_name(q.state), q.nid,
				   mm_zone_name(q.kind), mm_state_name(m->state[pfn]), m->nid[pfn],
				   mm_zone_name(m->kind[pfn]));
		if (m->order[pfn] == MODEL_NO_ORDER)
			continue;
		blocks[m->nid[pfn]][m->kind[pfn]][m->order[pfn]]++;
		KUNIT_ASSERT_EQ(test, mm_page_of(x->mm, pfn).order, m->order[pfn],
				"%s, %s: page %#" PRIx64, x->name, when, pfn);
	}
	for (size_t i = 0; i < x->mm->nr_zones; i++) {
		const struct mm_zone *z = &x->mm->zones[i];

		for (unsigned int o = 0; o <= x->mm->max_order; o++)
			KUNIT_ASSERT_EQ(test, z->blocks[o], blocks[z->nid][z->kind][o],
					"%s, %s: node %d %s, order %u", x->name, when, z->nid,
					mm_zone_name(z->kind), o);
	}
}

static void compare_zones(struct kunit *test, struct machine *x)
{
	for (int nid = 0; nid < x->m.nr_nids; nid++) {
		const struct model_node *node = &x->m.nodes[nid];

		for (int kind = 0; kind < MM_NR_ZONES; kind++) {
			const struct mm_zone *z = mm_zone_at(x->mm, nid, kind);
			struct range r = node->zone[kind];

			KUNIT_ASSERT_EQ(test, !z, range_is_empty(r), "%s: node %d %s", x->name, nid,
					mm_zone_name(kind));
			if (!z)
				continue;
			KUNIT_ASSERT_EQ(test, z->spanned.start, r.start, "%s: node %d %s", x->name,
					nid, mm_zone_name(kind));
			KUNIT_ASSERT_EQ(test, z->spanned.end, r.end, "%s: node %d %s", x->name, nid,
					mm_zone_name(kind));
			KUNIT_ASSERT_EQ(test, z->present_pages, node->present[kind],
					"%s: node %d %s", x->name, nid, mm_zone_name(kind));
		}
	}
}

/* memmap_init_reserved_pages() */
static void mark(struct machine *x, struct range pfns)
{
	struct model *m = &x->m;

	mm_event(x->mm, RT_RESERVE_PAGES, pfns.start, pfns.end, RT_NID_UNTOLD);
	for (uint64_t pfn = pfns.start; pfn < pfns.end && pfn < m->nr; pfn++)
		if (m->state[pfn] == MM_PAGE_INIT || m->state[pfn] == MM_PAGE_DEFERRED)
			m->state[pfn] = m->is[pfn] & MODEL_NOMAP ? MM_PAGE_NOMAP : MM_PAGE_RESERVED;
}

static bool is_late(const struct model *m, uint64_t pfn)
{
	return m->mm->rules.deferred && m->nid[pfn] >= 0 &&
	       pfn >= m->nodes[m->nid[pfn]].first_deferred;
}

/* __free_pages_memory(), in blocks that do not cross the border of a zone */
static void free_early(struct machine *x, struct range r)
{
	struct model *m = &x->m;

	while (r.start < r.end) {
		unsigned int order = r.start ? (unsigned int)__builtin_ctzll(r.start) : 63;
		uint64_t limit = r.start;

		while (limit < r.end && m->nid[limit] == m->nid[r.start] &&
		       m->kind[limit] == m->kind[r.start] &&
		       is_late(m, limit) == is_late(m, r.start))
			limit++;
		order = order < m->mm->max_order ? order : m->mm->max_order;
		for (; r.start < limit; r.start += 1ULL << order) {
			order = r.start ? (unsigned int)__builtin_ctzll(r.start) : 63;
			order = order < m->mm->max_order ? order : m->mm->max_order;
			while (r.start + (1ULL << order) > limit)
				order--;
			mm_event(x->mm, RT_FREE_PAGES, r.start, order, 0);
			if (!is_late(m, r.start))
				model_free(m, r.start, order);
		}
	}
}

static void hand_over(struct machine *x)
{
	unsigned int shift = x->mm->page_shift;
	uint64_t mask = (1ULL << shift) - 1;

	for (size_t i = 0; i < x->mm->nr_spans; i++)
		if (x->mm->spans[i].flags & MM_NOMAP)
			mark(x, x->mm->spans[i].pfns);
	for (size_t i = 0; i < x->reserved.nr; i++) {
		struct range r = x->reserved.v[i];

		mark(x, (struct range){ r.start >> shift, (r.end + mask) >> shift });
	}
	for (size_t i = 0; i < x->nr_free; i++)
		free_early(x, x->free[i]);
	mm_handed_over(x->mm);
	mm_settle(x->mm);
}

/* memblock_free_late(), a page at a time; in some kernels what is deferred is lost by that. */
static void free_late(struct machine *x)
{
	struct model *m = &x->m;

	for (int i = 0; i < 50; i++) {
		bool core = roll(x, 2);
		uint64_t pfn = roll(x, m->nr), end = pfn + 1 + roll(x, 40);

		for (; pfn < end && pfn < m->nr; pfn++) {
			if (m->state[pfn] != MM_PAGE_RESERVED)
				continue;
			mm_event(x->mm, core ? RT_FREE_LATE : RT_FREE_PAGES, pfn, 0, 0);
			if (core || !is_late(m, pfn))
				model_free(m, pfn, 0);
		}
	}
	mm_settle(x->mm);
}

/* deferred_init_memmap() */
static void end_deferred(struct machine *x)
{
	struct model *m = &x->m;

	for (size_t i = 0; i < x->nr_free; i++) {
		struct range r = x->free[i];

		mm_init_deferred(x->mm, r);
		for (uint64_t pfn = r.start; pfn < r.end; pfn++)
			if (m->state[pfn] == MM_PAGE_DEFERRED ||
			    (m->state[pfn] == MM_PAGE_INIT && is_late(m, pfn)))
				model_free(m, pfn, 0);
	}
	mm_end_deferred(x->mm);
	for (int i = 0; i < MODEL_NODES; i++)
		m->nodes[i].first_deferred = UINT64_MAX;
}

static void choose_distances(struct machine *x)
{
	struct model *m = &x->m;

	for (int a = 0; a < m->nr_nids && roll(x, 4); a++)
		for (int b = 0; b < m->nr_nids; b++)
			if (a != b) {
				m->distance[a][b] = 11 + (unsigned int)roll(x, 4) * 10;
				mm_set_distance(x->mm, a, b, m->distance[a][b]);
			}
	for (int a = 0; a < m->nr_nids; a++)
		if (!roll(x, 4)) {
			m->has_cpus[a] = false;
			mm_set_cpus(x->mm, a, false);
		}
	model_find_fallback(m);
}

static void allocate(struct kunit *test, struct machine *x)
{
	unsigned int order = (unsigned int)roll(x, x->mm->max_order + 1);
	int highest = (int)roll(x, MM_NR_ZONES), nid;
	uint64_t expected, got;

	do
		nid = (int)roll(x, (uint64_t)x->m.nr_nids);
	while (range_is_empty(x->m.nodes[nid].pfns));
	expected = model_alloc(&x->m, order, highest, nid);
	got = mm_alloc_block(x->mm, order, (enum mm_zone_kind)highest, nid);
	KUNIT_ASSERT_EQ(test, got, expected, "%s: order %u for node %d, up to %s", x->name, order,
			nid, mm_zone_name((enum mm_zone_kind)highest));
	if (got != MM_NO_PFN)
		ARRAY_APPEND(x->blocks, x->nr_blocks, x->room_blocks) =
			(struct range){ got, got + (1ULL << order) };
}

static void free_one(struct kunit *test, struct machine *x)
{
	size_t n = roll(x, x->nr_blocks);
	struct range r = x->blocks[n];
	unsigned int order = (unsigned int)__builtin_ctzll(range_size(r));

	x->blocks[n] = x->blocks[--x->nr_blocks];
	KUNIT_ASSERT_EQ(test, mm_free_block(x->mm, r.start, order), 0, "%s", x->name);
	/* page by page here, and in any order */
	for (uint64_t i = 0; i < range_size(r); i++)
		model_free(&x->m, r.start + (i ^ (range_size(r) - 1)), 0);
}

/* Ranges from anywhere: they work if all of them is as it must be, and else change nothing. */
static void try_range(struct kunit *test, struct machine *x)
{
	struct model *m = &x->m;
	uint64_t start = roll(x, m->nr), end = start + 1 + roll(x, roll(x, 2) ? 4 : 3000);
	bool is_free = true, is_reserved = true;

	end = end < m->nr ? end : m->nr;
	for (uint64_t pfn = start; pfn < end; pfn++) {
		is_free &= m->state[pfn] == MM_PAGE_FREE;
		is_reserved &= m->state[pfn] == MM_PAGE_RESERVED;
	}
	if (is_reserved) {
		mm_free_reserved(x->mm, (struct range){ start, end });
		for (uint64_t pfn = start; pfn < end; pfn++)
			model_free(m, pfn, 0);
		return;
	}
	KUNIT_ASSERT_EQ(test, mm_alloc_range(x->mm, (struct range){ start, end }) == 0, is_free,
			"%s: %#" PRIx64, x->name, start);
	for (uint64_t pfn = start; is_free && pfn < end; pfn++) {
		model_take(m, pfn);
		if (roll(x, 2))
			continue;
		KUNIT_ASSERT_EQ(test, mm_free_block(x->mm, pfn, 0), 0);
		model_free(m, pfn, 0);
	}
}

static void use(struct kunit *test, struct machine *x)
{
	choose_distances(x);
	for (int i = 0; i < 80; i++) {
		uint64_t what = roll(x, 5);

		if (what < 2)
			allocate(test, x);
		else if (what < 4 && x->nr_blocks)
			free_one(test, x);
		else
			try_range(test, x);
	}
	compare(test, x, "in use");
}

static void lock_step(struct kunit *test, struct machine *x)
{
	model_init(&x->m, x->mm);
	mm_init_memmap(x->mm);
	mm_settle(x->mm);
	model_find_zones(&x->m);
	compare_zones(test, x);
	model_memmap(&x->m);
	compare(test, x, "initialised");
	mm_init_memmap(x->mm);
	hand_over(x);
	compare(test, x, "handed over");
	KUNIT_ASSERT_EQ(test, x->mm->all_faults, 0, "%s", x->name);
	free_late(x);
	compare(test, x, "freed late");
	end_deferred(x);
	compare(test, x, "deferred");
	use(test, x);
	KUNIT_ASSERT_EQ(test, x->mm->all_faults, 0, "%s", x->name);
}

static void for_each(struct kunit *test, unsigned int nr, bool (*make)(struct machine *, uint64_t))
{
	uint64_t seed = number_from("MBSIM_SEED", 1) * 1000000ULL;
	unsigned int made = 0;

	for (uint64_t i = 0; made < nr; i++) {
		struct machine x = { 0 };

		KUNIT_ASSERT_LT(test, i, 2ULL * nr + 100, "hardly any can be made");
		prng_seed(&x.p, seed + i, "mm-pages");
		if (make(&x, seed + i)) {
			made++;
			lock_step(test, &x);
			model_release(&x.m);
		}
		mm_free(x.mm);
		rangeset_release(&x.reserved);
		free(x.free);
		free(x.blocks);
	}
	kunit_info(test, "%u machines", made);
}

static void tiny(struct kunit *test)
{
	for_each(test, number_from("MBSIM_MACHINES", TINY), make_tiny);
}

static void generated(struct kunit *test)
{
	for_each(test, number_from("MBSIM_MACHINES", GENERATED), generate);
}

static struct kunit_case cases[] = { KUNIT_CASE(tiny), KUNIT_CASE(generated), {} };

static struct kunit_suite suite = { .name = "mm_pages", .test_cases = cases };

kunit_test_suite(suite);
