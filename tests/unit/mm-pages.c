// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Zones, the map of pages and the buddy allocator, in lock step with a second implementation that
 * looks at each page by itself (mm-model.h), on machines that are made up (mm-machine.h), of up to
 * 4 GiB.
 *
 * MBSIM_MACHINES=N makes N of each kind, MBSIM_SEED=S others than those of every day.
 */
#include "kunit/test.h"
#include "tests/unit/mm-machine.h"

#ifdef MBSIM_SANITIZE
#define TINY 40
#define GENERATED 3
#else
#define TINY 400
#define GENERATED 24
#endif

/* Sums over all machines: that what is to be tried is there at all. */
struct sums {
	uint64_t pages, regions, nodes, reserved, movable, deferred, blocks;
};

static unsigned int number_from(const char *name, unsigned int standard)
{
	const char *text = getenv(name);

	return text ? (unsigned int)strtoul(text, NULL, 10) : standard;
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
			KUNIT_FAIL_AND_ABORT(test,
					     "%s, %s: page %#" PRIx64
					     " is %s, node %d %s; not %s, %d %s",
					     x->name, when, pfn, mm_state_name(q.state), q.nid,
					     mm_zone_name(q.kind), mm_state_name(m->state[pfn]),
					     m->nid[pfn], mm_zone_name(m->kind[pfn]));
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
		uint64_t limit = r.start;

		while (limit < r.end && m->nid[limit] == m->nid[r.start] &&
		       m->kind[limit] == m->kind[r.start] &&
		       is_late(m, limit) == is_late(m, r.start))
			limit++;
		for (unsigned int order; r.start < limit; r.start += 1ULL << order) {
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
	uint64_t kinds = 1 + roll(x, 3);

	for (int a = 0; a < m->nr_nids && roll(x, 4); a++)
		for (int b = 0; b < m->nr_nids; b++)
			if (a != b) {
				m->distance[a][b] = 11 + (unsigned int)roll(x, kinds) * 10;
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

/* Each node's order of all nodes, which the first allocation has found out. */
static void compare_fallback(struct kunit *test, struct machine *x)
{
	const struct mm *mm = x->mm;

	for (size_t i = 0; i < mm->nr_nodes; i++)
		for (size_t j = 0; j < mm->nr_nodes; j++)
			KUNIT_ASSERT_EQ(test, mm->nodes[mm->fallback[i * mm->nr_nodes + j]].nid,
					x->m.nodes[mm->nodes[i].nid].fallback[j],
					"%s: %zu. choice of node %d", x->name, j, mm->nodes[i].nid);
}

static void use(struct kunit *test, struct machine *x)
{
	choose_distances(x);
	allocate(test, x);
	compare_fallback(test, x);
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

static void add_sums(const struct machine *x, struct sums *sums)
{
	sums->regions += x->mm->nr_spans;
	sums->nodes += x->mm->nr_nodes;
	sums->reserved += x->reserved.nr;
	for (size_t i = 0; i < x->mm->nr_zones; i++) {
		sums->pages += x->mm->zones[i].present_pages;
		if (x->mm->zones[i].kind == MM_MOVABLE)
			sums->movable += x->mm->zones[i].present_pages;
	}
	for (uint64_t pfn = 0; pfn < x->m.nr; pfn++)
		sums->deferred += x->m.state[pfn] == MM_PAGE_DEFERRED;
	for (int order = 0; order < MM_MAX_ORDERS; order++)
		sums->blocks += x->mm->received[order];
}

static void lock_step(struct kunit *test, struct machine *x, struct sums *sums)
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
	add_sums(x, sums);
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
	struct sums sums = { 0 };

	for (uint64_t i = 0; made < nr; i++) {
		struct machine x = { 0 };

		KUNIT_ASSERT_LT(test, i, 2ULL * nr + 100, "hardly any can be made");
		prng_seed(&x.p, seed + i, "mm-pages");
		if (make(&x, seed + i)) {
			made++;
			lock_step(test, &x, &sums);
			model_release(&x.m);
		}
		mm_free(x.mm);
		rangeset_release(&x.reserved);
		free(x.free);
		free(x.blocks);
	}
	kunit_info(test,
		   "%u machines: %" PRIu64 " nodes, %" PRIu64 " regions of %" PRIu64
		   " pages, %" PRIu64 " of them Movable, %" PRIu64 " deferred; %" PRIu64
		   " reservations, %" PRIu64 " blocks",
		   made, sums.nodes, sums.regions, sums.pages, sums.movable, sums.deferred,
		   sums.reserved, sums.blocks);
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
