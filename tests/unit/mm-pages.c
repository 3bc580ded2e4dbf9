// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The map of pages and the buddy allocator, in lock step with a second one that has a structure for
 * each page and free lists as the kernel's, on generated machines.
 */
#include <stdlib.h>
#include <string.h>

#include "kunit/test.h"
#include "mm/mm.h"

#define PAGES 8192 /* few, with small sections and blocks instead */
#define MAX_ORDER 5
#define SECTION 8 /* order */
#define NODES 3
#define NO_ORDER 255

struct page {
	uint8_t state, kind, order; /* order: of the free block that begins here */
	int16_t nid;
	bool pfn_valid, memory, nomap;
};

struct model {
	struct page pages[PAGES];
	uint64_t first_deferred[NODES];
	struct mm *mm;
	uint64_t seed, machine; /* number of the machine: tells which one it was */
};

static uint64_t roll(struct model *m, uint64_t n)
{
	m->seed ^= m->seed << 13;
	m->seed ^= m->seed >> 7;
	m->seed ^= m->seed << 17;
	return (m->seed >> 11) % n;
}

static void set(struct model *m, uint64_t pfn, int nid, unsigned int kind, unsigned int state)
{
	struct page *p = &m->pages[pfn];

	p->nid = (int16_t)nid;
	p->kind = (uint8_t)kind;
	p->state = (uint8_t)state;
}

/* __free_one_page() */
static void model_free(struct model *m, uint64_t pfn, unsigned int order)
{
	struct page *p = &m->pages[pfn];

	for (uint64_t i = 0; i < 1ULL << order; i++)
		m->pages[pfn + i].state = MM_PAGE_FREE;
	for (; order < MAX_ORDER; order++) {
		uint64_t buddy = pfn ^ 1ULL << order;
		struct page *b = &m->pages[buddy];

		if (b->state != MM_PAGE_FREE || b->order != order || b->nid != p->nid ||
		    b->kind != p->kind)
			break;
		b->order = NO_ORDER;
		pfn &= ~(1ULL << order);
		p = &m->pages[pfn];
	}
	p->order = (uint8_t)order;
}

/* Takes the page out of its block, which is halved as often as it needs. */
static void model_take(struct model *m, uint64_t pfn)
{
	uint64_t head = pfn;
	unsigned int order = 0;

	while (m->pages[head].order == NO_ORDER)
		head--;
	order = m->pages[head].order;
	m->pages[head].order = NO_ORDER;
	while (order--) {
		uint64_t high = head + (1ULL << order);

		m->pages[pfn >= high ? head : high].order = (uint8_t)order;
		head = pfn >= high ? high : head;
	}
	m->pages[pfn].state = MM_PAGE_ALLOCATED;
}

static struct mm *new_machine(struct model *m)
{
	struct mm *mm = mm_new(12, MAX_ORDER);
	uint64_t pfn = roll(m, 300);

	mm_set_zone_end(mm, MM_DMA, roll(m, 2) ? 512 : 544);
	mm_set_zone_end(mm, MM_DMA32, 2048 + roll(m, 3) * 32);
	mm->rules = (struct mm_map_rules){
		.section_order = roll(m, 4) ? SECTION : 0,
		.pageblock_order = 4,
		.only_memory = roll(m, 2),
		.deferred = roll(m, 2),
		.holes_not_linked = !roll(m, 4),
	};
	if (roll(m, 2))
		mm->movable.kernelcore = 1 + roll(m, PAGES);
	while (pfn < PAGES - 1024) {
		uint64_t end = pfn + 1 + roll(m, roll(m, 2) ? 2000 : 60);
		int nid = (int)roll(m, NODES);

		end = end < PAGES - 512 ? end : PAGES - 512;
		mm_add_memory(mm, nid, (struct range){ pfn, end }, roll(m, 6) ? 0 : MM_NOMAP);
		pfn = end + (roll(m, 2) ? roll(m, 700) : 0);
	}
	return mm;
}

static void find_valid(struct model *m)
{
	unsigned int order = m->mm->rules.section_order;

	for (size_t i = 0; i < m->mm->nr_spans; i++) {
		struct mm_span s = m->mm->spans[i];

		for (uint64_t pfn = s.pfns.start; pfn < s.pfns.end; pfn++) {
			m->pages[pfn].memory = m->pages[pfn].pfn_valid = true;
			m->pages[pfn].nomap = s.flags & MM_NOMAP;
		}
	}
	for (uint64_t pfn = 0; order && pfn < PAGES; pfn++)
		if (m->pages[pfn].memory)
			for (uint64_t i = 0; i < 1ULL << order; i++)
				m->pages[(pfn >> order << order) + i].pfn_valid = true;
	if (!order && !m->mm->rules.only_memory)
		for (uint64_t pfn = 0; pfn < m->mm->spans[m->mm->nr_spans - 1].pfns.end; pfn++)
			m->pages[pfn].pfn_valid = true;
}

static void model_holes(struct model *m, uint64_t from, uint64_t to, const struct mm_zone *z)
{
	bool lost = m->mm->rules.holes_not_linked;

	for (; from < to && from < PAGES; from++)
		if (m->pages[from >> 4 << 4].pfn_valid)
			set(m, from, lost ? 0 : z->nid, lost ? MM_DMA : z->kind, MM_PAGE_HOLE);
}

static void model_init(struct model *m)
{
	uint64_t zone_end = 0, done = 0, hole = 0, end;
	const struct mm_zone *last = NULL;
	struct mm *mm = m->mm;

	for (int i = 0; i < NODES; i++)
		m->first_deferred[i] = UINT64_MAX;
	for (size_t i = 0; i < mm->nr_spans; i++) {
		for (size_t j = 0; j < mm->nr_zones; j++) {
			const struct mm_zone *z = &mm->zones[j];
			struct range r = range_intersect(mm->spans[i].pfns, z->spanned);
			uint64_t *first = &m->first_deferred[z->nid], node_end = 0;
			bool later = false;

			if (z->nid != mm->spans[i].nid || !z->present_pages || range_is_empty(r))
				continue;
			for (size_t n = 0; n < mm->nr_spans; n++)
				if (mm->spans[n].nid == z->nid)
					node_end = mm->spans[n].pfns.end;
			for (uint64_t pfn = r.start; pfn < r.end; pfn++) {
				if (!later && mm->rules.deferred && mm->rules.section_order) {
					if (zone_end != z->spanned.end)
						done = 0;
					zone_end = z->spanned.end;
					if (zone_end >= node_end && *first != UINT64_MAX) {
						later = true;
					} else if (zone_end >= node_end) {
						done++;
						if (done > 1 << SECTION && !(pfn & 255)) {
							*first = pfn;
							later = true;
						}
					}
				}
				set(m, pfn, z->nid, z->kind,
				    later		  ? MM_PAGE_DEFERRED
				    : m->pages[pfn].nomap ? MM_PAGE_NOMAP
							  : MM_PAGE_INIT);
			}
			model_holes(m, hole, r.start, z);
			hole = r.end;
			last = z;
		}
	}
	end = mm->spans[mm->nr_spans - 1].pfns.end;
	if (mm->rules.section_order)
		end = (end + 255) & ~255ULL;
	model_holes(m, hole, end, last);
}

/* Compares everything; the first difference is enough. */
static void compare(struct kunit *test, struct model *m, const char *when)
{
	struct mm *mm = m->mm;
	uint64_t blocks[NODES][MM_NR_ZONES][MAX_ORDER + 1] = { 0 };

	mm_settle(mm);
	for (uint64_t pfn = 0; pfn < PAGES; pfn++) {
		struct page *p = &m->pages[pfn];
		struct mm_page q = mm_page_of(mm, pfn);

		KUNIT_ASSERT_EQ(test, q.state, p->state, "machine %d, %s: pfn %#llx",
				(int)m->machine, when, (unsigned long long)pfn);
		if (p->state == MM_PAGE_NONE)
			continue;
		KUNIT_ASSERT_EQ(test, q.nid, p->nid, "machine %d, %s: pfn %#llx", (int)m->machine,
				when, (unsigned long long)pfn);
		KUNIT_ASSERT_EQ(test, q.kind, p->kind, "machine %d, %s: pfn %#llx", (int)m->machine,
				when, (unsigned long long)pfn);
		if (p->state != MM_PAGE_FREE || p->order == NO_ORDER)
			continue;
		blocks[p->nid][p->kind][p->order]++;
		KUNIT_ASSERT_EQ(test, q.order, p->order, "machine %d, %s: pfn %#llx",
				(int)m->machine, when, (unsigned long long)pfn);
	}
	for (size_t i = 0; i < mm->nr_zones; i++)
		for (int o = 0; o <= MAX_ORDER; o++)
			KUNIT_ASSERT_EQ(test, mm->zones[i].blocks[o],
					blocks[mm->zones[i].nid][mm->zones[i].kind][o],
					"machine %d, %s: zone %zu, order %d", (int)m->machine, when,
					i, o);
}

/* Reserves some pages, and gives the others away in blocks that cross no border of a zone. */
static void hand_over(struct model *m)
{
	struct mm *mm = m->mm;

	for (uint64_t pfn = 0, end; pfn < PAGES; pfn = end) {
		bool marks = !roll(m, 3);

		end = pfn + 1 + roll(m, 200);
		end = end < PAGES ? end : PAGES;
		if (!marks)
			continue;
		mm_event(mm, RT_RESERVE_PAGES, pfn, end, RT_NID_UNTOLD);
		for (uint64_t i = pfn; i < end; i++) {
			struct page *p = &m->pages[i];

			if (p->state == MM_PAGE_INIT || p->state == MM_PAGE_DEFERRED)
				p->state = p->nomap ? MM_PAGE_NOMAP : MM_PAGE_RESERVED;
		}
	}
	for (uint64_t pfn = 0; pfn < PAGES;) {
		struct page *p = &m->pages[pfn];
		unsigned int order = (unsigned int)roll(m, MAX_ORDER + 1);
		bool fits;

		do {
			fits = !(pfn & ((1ULL << order) - 1)) && pfn + (1ULL << order) <= PAGES;
			for (uint64_t i = 0; fits && i < 1ULL << order; i++)
				fits = p[i].state == p->state && p[i].nid == p->nid &&
				       p[i].kind == p->kind && !p[i].nomap;
		} while (!fits && order--);
		if ((p->state != MM_PAGE_INIT && p->state != MM_PAGE_DEFERRED) || !fits) {
			pfn++;
			continue;
		}
		mm_event(mm, RT_FREE_PAGES, pfn, order, 0);
		/* what is not deferred itself, but lies behind deferred pages, is not freed, either */
		if (p->state == MM_PAGE_INIT && pfn < m->first_deferred[p->nid])
			model_free(m, pfn, order);
		pfn += 1ULL << order;
	}
	mm_handed_over(mm);
}

static void end_deferred(struct model *m)
{
	for (uint64_t pfn = 0; pfn < PAGES; pfn++) {
		struct page *p = &m->pages[pfn];

		if (p->nomap || !p->memory)
			continue;
		if (p->state == MM_PAGE_DEFERRED) {
			mm_init_deferred(m->mm, (struct range){ pfn, pfn + 1 });
			model_free(m, pfn, 0);
		}
	}
	mm_end_deferred(m->mm);
}

/* Is it the smallest block there is, the lowest of those? */
static void expect_best(struct kunit *test, struct model *m, uint64_t got, unsigned int order,
			unsigned int best)
{
	struct page *p = &m->pages[got];

	KUNIT_ASSERT_EQ(test, p->order, best, "the smallest block that is large enough");
	KUNIT_ASSERT_GE(test, best, order);
	for (uint64_t pfn = 0; pfn < got; pfn++)
		KUNIT_ASSERT_FALSE(
			test, m->pages[pfn].state == MM_PAGE_FREE && m->pages[pfn].order == best &&
				      m->pages[pfn].nid == p->nid && m->pages[pfn].kind == p->kind);
}

static void allocate(struct kunit *test, struct model *m)
{
	unsigned int order = (unsigned int)roll(m, MAX_ORDER + 1), best = NO_ORDER;
	enum mm_zone_kind highest = (enum mm_zone_kind)roll(m, MM_NR_ZONES);
	int nid = m->mm->nodes[roll(m, m->mm->nr_nodes)].nid, kind;
	uint64_t got = mm_alloc_block(m->mm, order, highest, nid);

	for (kind = highest; kind >= 0 && best == NO_ORDER; kind--)
		for (uint64_t pfn = 0; pfn < PAGES; pfn++) {
			struct page *p = &m->pages[pfn];

			if (p->state == MM_PAGE_FREE && p->nid == nid && p->kind == kind &&
			    p->order >= order && p->order < best)
				best = p->order;
		}
	if (best != NO_ORDER) {
		KUNIT_ASSERT_NE(test, got, MM_NO_PFN);
		KUNIT_ASSERT_EQ(test, m->pages[got].nid, nid);
		KUNIT_ASSERT_EQ(test, m->pages[got].kind, kind + 1, "the highest zone first");
		expect_best(test, m, got, order, best);
	}
	for (uint64_t i = 0; got != MM_NO_PFN && i < 1ULL << order; i++)
		model_take(m, got + i);
}

static void one_call(struct kunit *test, struct model *m)
{
	uint64_t pfn = roll(m, PAGES);
	struct page *p = &m->pages[pfn];

	if (roll(m, 2)) {
		allocate(test, m);
	} else if (p->state == MM_PAGE_ALLOCATED) {
		KUNIT_ASSERT_EQ(test, mm_free_block(m->mm, pfn, 0), 0);
		model_free(m, pfn, 0);
	} else if (p->state == MM_PAGE_FREE) {
		KUNIT_ASSERT_EQ(test, mm_alloc_range(m->mm, (struct range){ pfn, pfn + 1 }), 0);
		model_take(m, pfn);
	} else if (p->state == MM_PAGE_RESERVED) {
		mm_free_reserved(m->mm, (struct range){ pfn, pfn + 1 });
		model_free(m, pfn, 0);
	} else {
		KUNIT_ASSERT_NE(test, mm_free_block(m->mm, pfn, 0), 0);
	}
}

static void lock_step(struct kunit *test)
{
	struct model *m = calloc(1, sizeof(*m));

	for (uint64_t seed = 1; seed <= 400; seed++) {
		memset(m, 0, sizeof(*m));
		m->machine = seed;
		m->seed = seed * 0x9e3779b97f4a7c15;
		for (int i = 0; i < PAGES; i++) {
			m->pages[i].nid = -1;
			m->pages[i].order = NO_ORDER;
		}
		m->mm = new_machine(m);
		mm_init_memmap(m->mm);
		find_valid(m);
		model_init(m);
		compare(test, m, "initialised");
		hand_over(m);
		compare(test, m, "handed over");
		KUNIT_ASSERT_EQ(test, m->mm->all_faults, 0);
		end_deferred(m);
		compare(test, m, "deferred");
		for (int i = 0; i < 60; i++)
			one_call(test, m);
		compare(test, m, "in use");
		mm_free(m->mm);
	}
	free(m);
}

static struct kunit_case cases[] = { KUNIT_CASE(lock_step), {} };

static struct kunit_suite suite = { .name = "mm_pages", .test_cases = cases };

kunit_test_suite(suite);
