// SPDX-License-Identifier: GPL-2.0-or-later
/* What was given to the page allocator, and marked reserved, from what was watched. */
#include <linux/pfn.h>

#include "suite/handover.h"

#if !defined(RT_HAVE_memblock_free_all) && !defined(RT_HAVE_BOOTMEM)
/* newer kernels have it in a header that is mm's own */
void memblock_free_all(void);
#endif

void handover(void)
{
	suite_watch();
#if defined(RT_HAVE_BOOTMEM) && !defined(RT_HAVE_memblock_free_all)
	free_all_bootmem();
#else
	memblock_free_all();
#endif
}

void handover_low_memory(phys_addr_t end)
{
	max_low_pfn = PFN_DOWN(end);
	max_pfn = max_low_pfn;
}

unsigned long handover_total_pages(void)
{
#ifdef RT_TOTALRAM_IS_VARIABLE
	return totalram_pages;
#else
	return totalram_pages();
#endif
}

/* The largest block at @pfn that is aligned to its size, and ends at @end or before. */
static unsigned int order_at(unsigned long pfn, unsigned long end)
{
	unsigned int order = MAX_PAGE_ORDER;

	while (pfn & ((1UL << order) - 1) || pfn + (1UL << order) > end)
		order--;
	return order;
}

void handover_expect_freed(struct kunit *test, const struct kunit_site *site,
			   const struct span *spans, unsigned long nr)
{
	const struct watched *e;
	unsigned int n = 0;

	while (nr && !spans[nr - 1].size)
		nr--;
	for (unsigned long i = 0; i < nr; i++) {
		unsigned long pfn = PHYS_PFN(spans[i].base);
		unsigned long end = PHYS_PFN(spans[i].base + spans[i].size);

		for (unsigned int order; pfn < end; pfn += 1UL << order, n++) {
			order = order_at(pfn, end);
			e = suite_event(RT_FREE_PAGES, n);
			if (e && e->a == pfn && e->b == order)
				continue;
			kunit_fail(test, site, " block %u is pfn %#llx, order %lld, not %#lx, %u",
				   n, e ? e->a : 0, e ? (long long)e->b : -1, pfn, order);
			return;
		}
	}
	e = suite_event(RT_FREE_PAGES, n);
	if (e)
		kunit_fail(test, site, " and then pfn %#llx, order %llu", e->a, e->b);
}

/* Page frames, and their node; sorted, none twice but of different nodes, merged. */
struct pages {
	struct run {
		unsigned long start, end; /* pfns */
		int nid;
	} v[64];
	unsigned int nr;
};

static void merge_at(struct pages *p, unsigned int i)
{
	while (i + 1 < p->nr && p->v[i].nid == p->v[i + 1].nid &&
	       p->v[i].end >= p->v[i + 1].start) {
		p->v[i].end = max(p->v[i].end, p->v[i + 1].end);
		p->nr--;
		for (unsigned int j = i + 1; j < p->nr; j++)
			p->v[j] = p->v[j + 1];
	}
}

static void pages_add(struct pages *p, unsigned long start, unsigned long end, int nid)
{
	unsigned int at = p->nr;

	if (start >= end || p->nr == ARRAY_SIZE(p->v))
		return;
	for (; at && p->v[at - 1].start > start; at--)
		p->v[at] = p->v[at - 1];
	p->v[at] = (struct run){ start, end, nid };
	p->nr++;
	merge_at(p, at);
	if (at)
		merge_at(p, at - 1);
}

static char *print_pages(char *at, char *end, const struct pages *p)
{
	for (unsigned int i = 0; i < p->nr; i++) {
		const struct run *r = &p->v[i];

		at += scnprintf(at, end - at, " [%#llx-%#llx", (u64)PFN_PHYS(r->start),
				(u64)PFN_PHYS(r->end) - 1);
		if (r->nid >= 0)
			at += scnprintf(at, end - at, " node %d", r->nid);
		at += scnprintf(at, end - at, "]");
	}
	return at;
}

/* Spans without a node may have any. */
static bool run_is(const struct run *r, const struct run *wanted)
{
	return r->start == wanted->start && r->end == wanted->end &&
	       (wanted->nid < 0 || r->nid == wanted->nid);
}

static void pages_expect(struct kunit *test, const struct kunit_site *site, const struct pages *p,
			 const struct span *spans, unsigned long nr, bool with_nodes)
{
	char text[900], *at = text, *end = text + sizeof(text);
	struct pages wanted = {};
	bool holds;

	for (unsigned long i = 0; i < nr; i++)
		pages_add(&wanted, PHYS_PFN(spans[i].base), PHYS_PFN(spans[i].base + spans[i].size),
			  with_nodes ? spans[i].node - 1 : -1);
	holds = p->nr == wanted.nr;
	for (unsigned int i = 0; holds && i < p->nr; i++)
		holds = run_is(&p->v[i], &wanted.v[i]);
	if (holds)
		return;
	at += scnprintf(at, end - at, "wanted:");
	at = print_pages(at, end, &wanted);
	at += scnprintf(at, end - at, "\ngot:   ");
	print_pages(at, end, p);
	kunit_fail(test, site, " %s", text);
}

void handover_expect_pages(struct kunit *test, const struct kunit_site *site,
			   const struct span *spans, unsigned long nr)
{
	static const enum rt_event kinds[] = { RT_FREE_PAGES, RT_FREE_LATE };
	const struct watched *e;
	unsigned long pages = 0;
	struct pages freed = {};

	for (unsigned int k = 0; k < ARRAY_SIZE(kinds); k++) {
		for (unsigned int i = 0; (e = suite_event(kinds[k], i)); i++) {
			pages_add(&freed, e->a, e->a + (1UL << e->b), -1);
			pages += 1UL << e->b;
		}
	}
	pages_expect(test, site, &freed, spans, nr, false);
	for (unsigned int i = 0; i < freed.nr; i++)
		pages -= freed.v[i].end - freed.v[i].start;
	if (pages)
		kunit_fail(test, site, " %lu pages were freed more than once", pages);
}

/* Only what is memory has a page that must be marked. */
static void add_memory(struct pages *p, unsigned long start, unsigned long end, int nid)
{
	for (unsigned long i = 0; i < memblock.memory.cnt; i++) {
		const struct memblock_region *r = &memblock.memory.regions[i];

		if (r->size)
			pages_add(p, max_t(unsigned long, start, PFN_UP(r->base)),
				  min_t(unsigned long, end, PFN_UP(r->base + r->size)), nid);
	}
}

/* Newer kernels initialise a page with its node, and then mark it; older ones do both in one. */
static void add_marked(struct pages *p, const struct watched *marked)
{
	unsigned long at = marked->a;
	const struct watched *e;

	for (unsigned int i = 0; (e = suite_event(RT_INIT_PAGES, i)); i++) {
		if (e->a > at || e->b <= at)
			continue;
		add_memory(p, at, min_t(unsigned long, e->b, marked->b), e->c);
		at = e->b;
	}
	if (at < marked->b)
		add_memory(p, at, marked->b, marked->c);
}

void handover_expect_marked(struct kunit *test, const struct kunit_site *site,
			    const struct span *spans, unsigned long nr)
{
	const struct watched *e;
	struct pages marked = {};
	bool told = IS_ENABLED(CONFIG_NUMA);

	for (unsigned int i = 0; (e = suite_event(RT_RESERVE_PAGES, i)); i++)
		add_marked(&marked, e);
	for (unsigned int i = 0; i < marked.nr; i++)
		told &= marked.v[i].nid != RT_NID_UNTOLD;
	pages_expect(test, site, &marked, spans, nr, told);
}
