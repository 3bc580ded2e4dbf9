// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which page frames have a struct page, what it says, and which are left for later: flat memory maps
 * and sections, pages of 4K, 16K and 64K, kernels of several times.
 */
#include "kunit/test.h"
#include "lib/array.h"
#include "mm/mm.h"

/* Memory, the rules, and the runs that the map is then made of. */
static const struct map {
	const char *name;
	unsigned int page_shift, max_order;
	struct mm_map_rules rules;
	struct mm_span memory[5];
	struct part {
		struct range pfns;
		enum mm_page_state state;
		int nid;
	} parts[12]; /* but for what has no struct page */
} maps[] = {
	/* one array up to the end of memory; nobody looks at what it says of holes below that */
	{ "flat",
	  12,
	  10,
	  { .pageblock_order = 9 },
	  { { { 0x1, 0x9f }, 0, 0 }, { { 0x100, 0x8765 }, 0, 0 } },
	  { { { 0, 1 }, MM_PAGE_HOLE, 0 },
	    { { 1, 0x9f }, MM_PAGE_INIT, 0 },
	    { { 0x9f, 0x100 }, MM_PAGE_HOLE, 0 },
	    { { 0x100, 0x8765 }, MM_PAGE_INIT, 0 } } },
	/* arm: the map of holes is given back, but for what shares a block of pages with memory */
	{ "flat_with_holes",
	  12,
	  10,
	  { .pageblock_order = 10, .only_memory = true },
	  { { { 0x10000, 0x11234 }, 0, 0 },
	    { { 0x18001, 0x1a000 }, 0, 0 },
	    { { 0x1a800, 0x1b000 }, 0, MM_NOMAP } },
	  { { { 0x10000, 0x11234 }, MM_PAGE_INIT, 0 },
	    { { 0x11234, 0x11400 }, MM_PAGE_HOLE, 0 },
	    { { 0x18000, 0x18001 }, MM_PAGE_HOLE, 0 },
	    { { 0x18001, 0x1a000 }, MM_PAGE_INIT, 0 },
	    { { 0x1a800, 0x1b000 }, MM_PAGE_NOMAP, 0 } } },
	/* holes that are smaller than a block of pages keep their map */
	{ "flat_small_hole",
	  12,
	  10,
	  { .pageblock_order = 10, .only_memory = true },
	  { { { 0x10000, 0x10400 }, 0, 0 }, { { 0x10500, 0x11000 }, 0, 0 } },
	  { { { 0x10000, 0x10400 }, MM_PAGE_INIT, 0 },
	    { { 0x10400, 0x10500 }, MM_PAGE_HOLE, 0 },
	    { { 0x10500, 0x11000 }, MM_PAGE_INIT, 0 } } },
	{ "sections",
	  12,
	  10,
	  { .section_order = 15, .pageblock_order = 9 },
	  { { { 0x40000, 0x41000 }, 0, 0 }, { { 0x5f000, 0x60001 }, 0, 0 } },
	  { { { 0x40000, 0x41000 }, MM_PAGE_INIT, 0 },
	    { { 0x41000, 0x48000 }, MM_PAGE_HOLE, 0 },
	    { { 0x58000, 0x5f000 }, MM_PAGE_HOLE, 0 },
	    { { 0x5f000, 0x60001 }, MM_PAGE_INIT, 0 },
	    { { 0x60001, 0x68000 }, MM_PAGE_HOLE, 0 } } },
	/* sections of 128 MiB */
	{ "16K",
	  14,
	  11,
	  { .section_order = 13, .pageblock_order = 11 },
	  { { { 0x10000, 0x11000 }, 0, 0 }, { { 0x14000, 0x14800 }, 0, 0 } },
	  { { { 0x10000, 0x11000 }, MM_PAGE_INIT, 0 },
	    { { 0x11000, 0x12000 }, MM_PAGE_HOLE, 0 },
	    { { 0x14000, 0x14800 }, MM_PAGE_INIT, 0 },
	    { { 0x14800, 0x16000 }, MM_PAGE_HOLE, 0 } } },
	/* of 512 MiB, which is one of the largest blocks */
	{ "64K",
	  16,
	  13,
	  { .section_order = 13, .pageblock_order = 13 },
	  { { { 0x4000, 0x7fff }, 0, 0 }, { { 0xa000, 0xa001 }, 1, 0 } },
	  { { { 0x4000, 0x7fff }, MM_PAGE_INIT, 0 },
	    { { 0x7fff, 0x8000 }, MM_PAGE_HOLE, 1 },
	    { { 0xa000, 0xa001 }, MM_PAGE_INIT, 1 },
	    { { 0xa001, 0xc000 }, MM_PAGE_HOLE, 1 } } },
	/* a section's worth of the last zone, then from where the next section begins */
	{ "deferred",
	  12,
	  10,
	  { .section_order = 15, .pageblock_order = 9, .deferred = true },
	  { { { 0x101000, 0x140000 }, 0, 0 } },
	  { { { 0x100000, 0x101000 }, MM_PAGE_HOLE, 0 },
	    { { 0x101000, 0x110000 }, MM_PAGE_INIT, 0 },
	    { { 0x110000, 0x140000 }, MM_PAGE_DEFERRED, 0 } } },
	/* pages of holes that have a struct page count ... */
	{ "deferred_4.19",
	  12,
	  10,
	  { .section_order = 15, .pageblock_order = 9, .deferred = true, .deferred_by_zone = true },
	  { { { 0x100000, 0x101000 }, 0, 0 }, { { 0x107000, 0x120000 }, 0, 0 } },
	  { { { 0x100000, 0x101000 }, MM_PAGE_INIT, 0 },
	    { { 0x101000, 0x107000 }, MM_PAGE_HOLE, 0 },
	    { { 0x107000, 0x108000 }, MM_PAGE_INIT, 0 },
	    { { 0x108000, 0x120000 }, MM_PAGE_DEFERRED, 0 } } },
	/* ... and later do not */
	{ "deferred_holes",
	  12,
	  10,
	  { .section_order = 15, .pageblock_order = 9, .deferred = true },
	  { { { 0x100000, 0x101000 }, 0, 0 }, { { 0x107000, 0x120000 }, 0, 0 } },
	  { { { 0x100000, 0x101000 }, MM_PAGE_INIT, 0 },
	    { { 0x101000, 0x107000 }, MM_PAGE_HOLE, 0 },
	    { { 0x107000, 0x110000 }, MM_PAGE_INIT, 0 },
	    { { 0x110000, 0x120000 }, MM_PAGE_DEFERRED, 0 } } },
	/* a region of node 1 in its low zone starts the count again, or does not since 6.11 */
	{ "deferred_6.1",
	  12,
	  10,
	  { .section_order = 15, .pageblock_order = 9, .deferred = true, .low_zones_count = true },
	  { { { 0xa0000, 0xa8000 }, 0, 0 },
	    { { 0xa8000, 0xb0000 }, 1, 0 },
	    { { 0xb0000, 0xc0000 }, 0, 0 },
	    { { 0x100000, 0x108000 }, 1, 0 } },
	  { { { 0xa0000, 0xa8000 }, MM_PAGE_INIT, 0 },
	    { { 0xa8000, 0xb0000 }, MM_PAGE_INIT, 1 },
	    { { 0xb0000, 0xb8000 }, MM_PAGE_INIT, 0 },
	    { { 0xb8000, 0xc0000 }, MM_PAGE_DEFERRED, 0 },
	    { { 0x100000, 0x108000 }, MM_PAGE_INIT, 1 } } },
	{ "deferred_6.11",
	  12,
	  10,
	  { .section_order = 15, .pageblock_order = 9, .deferred = true },
	  { { { 0xa0000, 0xa8000 }, 0, 0 },
	    { { 0xa8000, 0xb0000 }, 1, 0 },
	    { { 0xb0000, 0xc0000 }, 0, 0 },
	    { { 0x100000, 0x108000 }, 1, 0 } },
	  { { { 0xa0000, 0xa8000 }, MM_PAGE_INIT, 0 },
	    { { 0xa8000, 0xb0000 }, MM_PAGE_INIT, 1 },
	    { { 0xb0000, 0xc0000 }, MM_PAGE_DEFERRED, 0 },
	    { { 0x100000, 0x108000 }, MM_PAGE_INIT, 1 } } },
	/* the memory of another node, in between, does not count for this one */
	{ "deferred_4.19_nodes",
	  12,
	  10,
	  { .section_order = 15, .pageblock_order = 9, .deferred = true, .deferred_by_zone = true },
	  { { { 0x100000, 0x104000 }, 0, 0 },
	    { { 0x104000, 0x108000 }, 1, 0 },
	    { { 0x108000, 0x120000 }, 0, 0 } },
	  { { { 0x100000, 0x104000 }, MM_PAGE_INIT, 0 },
	    { { 0x104000, 0x108000 }, MM_PAGE_INIT, 1 },
	    { { 0x108000, 0x110000 }, MM_PAGE_INIT, 0 },
	    { { 0x110000, 0x120000 }, MM_PAGE_DEFERRED, 0 } } },
	/* without sections nothing is left for later */
	{ "flat_not_deferred",
	  12,
	  10,
	  { .pageblock_order = 9, .deferred = true },
	  { { { 0x100000, 0x200000 }, 0, 0 } },
	  { { { 0, 0x100000 }, MM_PAGE_HOLE, 0 }, { { 0x100000, 0x200000 }, MM_PAGE_INIT, 0 } } },
};

KUNIT_ARRAY_PARAM_DESC(map, maps, name);

static struct mm *machine(const struct map *p)
{
	struct mm *mm = mm_new(p->page_shift, p->max_order);

	mm_set_zone_end(mm, MM_DMA32, 1ULL << 32 >> p->page_shift);
	mm->rules = p->rules;
	for (int i = 0; !range_is_empty(p->memory[i].pfns); i++)
		mm_add_memory(mm, p->memory[i].nid, p->memory[i].pfns, p->memory[i].flags);
	mm_init_memmap(mm);
	mm_settle(mm);
	return mm;
}

/* Pages of one state and node; runs are shorter where zones end. */
static void states(struct kunit *test)
{
	const struct map *p = test->param_value;
	struct mm *mm = machine(p);
	uint64_t pfn = 0;

	for (int i = 0; !range_is_empty(p->parts[i].pfns); i++) {
		const struct part *part = &p->parts[i];

		for (struct mm_page page; pfn < part->pfns.end; pfn = page.run.end) {
			bool before = pfn < part->pfns.start;

			page = mm_run_of(mm, pfn);
			KUNIT_EXPECT_EQ(test, page.state, before ? MM_PAGE_NONE : part->state,
					"page frame %#llx", (unsigned long long)pfn);
			KUNIT_EXPECT_EQ(test, page.nid, before ? -1 : part->nid, "page frame %#llx",
					(unsigned long long)pfn);
			KUNIT_ASSERT_LE(test, page.run.end,
					before ? part->pfns.start : part->pfns.end);
		}
	}
	KUNIT_EXPECT_EQ(test, mm_run_of(mm, pfn).state, MM_PAGE_NONE, "behind all");
	mm_free(mm);
}

/* What the largest blocks are is not the same with pages of another size. */
static const struct largest {
	const char *name;
	unsigned int page_shift, max_order;
	uint64_t bytes;
} largests[] = {
	{ "4K", 12, 10, 4 << 20 },	   { "4K_order_8", 12, 8, 1 << 20 },
	{ "16K", 14, 11, 32 << 20 },	   { "64K", 16, 13, 512 << 20 },
	{ "64K_order_5", 16, 5, 2 << 20 },
};

KUNIT_ARRAY_PARAM_DESC(largest, largests, name);

/* 4 GiB less a page at either end, freed as memblock does it. */
static void blocks(struct kunit *test)
{
	const struct largest *p = test->param_value;
	struct mm *mm = mm_new(p->page_shift, p->max_order);
	uint64_t start = (1ULL << 32 >> p->page_shift) + 1, end = (2ULL << 32 >> p->page_shift) - 1;
	const struct mm_zone *z;

	mm->rules = (struct mm_map_rules){ .section_order = p->max_order, .pageblock_order = 5 };
	mm_add_memory(mm, 0, (struct range){ start, end }, 0);
	mm_init_memmap(mm);
	while (start < end) {
		unsigned int order = (unsigned int)__builtin_ctzll(start);

		order = order < p->max_order ? order : p->max_order;
		while (start + (1ULL << order) > end)
			order--;
		mm_event(mm, RT_FREE_PAGES, start, order, 0);
		start += 1ULL << order;
	}
	mm_handed_over(mm);
	mm_settle(mm);
	z = mm_zone_at(mm, 0, MM_NORMAL);
	KUNIT_ASSERT_NOT_NULL(test, z);
	KUNIT_EXPECT_EQ(test, z->blocks[p->max_order], (4ULL << 30) / p->bytes - 2);
	for (unsigned int order = 0; order < p->max_order; order++)
		KUNIT_EXPECT_EQ(test, z->blocks[order], 2, "order %u", order);
	KUNIT_EXPECT_EQ(test, z->blocks[p->max_order + 1], 0);
	KUNIT_EXPECT_EQ(test, mm->received_pages, z->free_pages);
	KUNIT_EXPECT_EQ(test, mm->all_faults, 0);
	mm_free(mm);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(states, map_gen_params),
	KUNIT_CASE_PARAM(blocks, largest_gen_params),
	{},
};

static struct kunit_suite suite = { .name = "mm_memmap", .test_cases = cases };

kunit_test_suite(suite);
