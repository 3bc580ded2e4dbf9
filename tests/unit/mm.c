// SPDX-License-Identifier: GPL-2.0-or-later
/* The receiver of memblock's pages: runs, blocks, zones. */
#include <stdlib.h>
#include <string.h>

#include "kunit/test.h"
#include "mm/mm.h"

#define MAX_ORDER 10

static struct mm *machine(void)
{
	struct mm *mm = mm_new(12, MAX_ORDER);

	mm_set_zone_end(mm, MM_DMA, 0x1000);
	mm_set_zone_end(mm, MM_DMA32, 0x100000);
	return mm;
}

static void add(struct mm *mm, int nid, uint64_t start, uint64_t end)
{
	mm_add_memory(mm, nid, (struct range){ start, end }, 0);
}

static void free_block(struct mm *mm, uint64_t pfn, uint64_t order)
{
	mm_event(mm, RT_FREE_PAGES, pfn, order, 0);
}

/* A run, and its blocks as orders, the smallest first. */
static const struct blocks {
	const char *name;
	struct range run;
	uint64_t blocks[MAX_ORDER + 1];
} blocks[] = {
	{ "empty", { 8, 8 }, { 0 } },
	{ "one_page", { 1, 2 }, { 1 } },
	{ "aligned_pair", { 2, 4 }, { 0, 1 } },
	{ "pair_across_border", { 1, 3 }, { 2 } },
	{ "from_page_0", { 0, 0x400 }, { [10] = 1 } },
	{ "largest_only", { 0x400, 0x2400 }, { [10] = 8 } },
	{ "ragged_ends", { 0x3ff, 0x803 }, { [0] = 2, [1] = 1, [10] = 1 } },
	{ "below_largest", { 0x400, 0x7ff }, { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 } },
	{ "64_TiB", { 0, 1ULL << 34 }, { [10] = 1ULL << 24 } },
};

KUNIT_ARRAY_PARAM_DESC(blocks, blocks, name);

static void count_blocks(struct kunit *test)
{
	const struct blocks *p = test->param_value;
	uint64_t found[MM_MAX_ORDERS] = { 0 };

	mm_count_blocks(p->run, MAX_ORDER, found);
	for (int order = 0; order <= MAX_ORDER; order++)
		KUNIT_EXPECT_EQ(test, found[order], p->blocks[order], "order %d", order);
}

static void buddies_merge(struct kunit *test)
{
	struct mm *mm = machine();

	add(mm, 0, 0, 0x1000);
	free_block(mm, 0x10, 0);
	free_block(mm, 0x12, 1);
	free_block(mm, 0x11, 0);
	mm_settle(mm);
	KUNIT_ASSERT_EQ(test, mm->nr_zones, 1);
	KUNIT_EXPECT_EQ(test, mm->zones[0].blocks[2], 1);
	KUNIT_EXPECT_EQ(test, mm->zones[0].free_pages, 4);
	KUNIT_EXPECT_EQ(test, mm->received[0], 2);
	KUNIT_EXPECT_EQ(test, mm->received[1], 1);
	mm_free(mm);
}

static void freed_twice(struct kunit *test)
{
	struct mm *mm = machine();

	free_block(mm, 0x100, 4);
	free_block(mm, 0x200, 4);
	free_block(mm, 0x108, 1);
	mm_settle(mm);
	KUNIT_ASSERT_EQ(test, mm->twice.nr, 1);
	KUNIT_EXPECT_EQ(test, mm->twice.v[0].start, 0x108);
	KUNIT_EXPECT_EQ(test, mm->twice.v[0].end, 0x10a);
	KUNIT_EXPECT_EQ(test, mm_free_pages(mm), 32);
	mm_free(mm);
}

static void block_that_cannot_be(struct kunit *test)
{
	struct mm *mm = machine();

	free_block(mm, 1, 1);
	free_block(mm, 0, MAX_ORDER + 1);
	free_block(mm, 0, 77);
	mm_settle(mm);
	KUNIT_EXPECT_EQ(test, mm->nr_bad, 3);
	mm_free(mm);
}

static void late_apart(struct kunit *test)
{
	struct mm *mm = machine();

	add(mm, 0, 0, 0x1000);
	free_block(mm, 0x10, 0);
	mm_handed_over(mm);
	free_block(mm, 0x11, 0);
	mm_event(mm, RT_FREE_LATE, 0x12, 1, 0);
	mm_settle(mm);
	KUNIT_EXPECT_EQ(test, rangeset_size(&mm->freed), 1);
	KUNIT_EXPECT_EQ(test, rangeset_size(&mm->late), 3);
	KUNIT_EXPECT_EQ(test, mm->zones[0].blocks[2], 1, "they are buddies all the same");
	mm_free(mm);
}

/* The machine of tests/data/boots/amd64-6.12-2g-bios: numbers of its /proc/zoneinfo. */
static void zones_of_a_pc(struct kunit *test)
{
	struct mm *mm = machine();

	add(mm, 0, 0x1, 0x9f);
	add(mm, 0, 0x100, 0x7ffe0);
	mm_settle(mm);
	KUNIT_ASSERT_EQ(test, mm->nr_zones, 2);
	KUNIT_EXPECT_STREQ(test, mm_zone_name(mm->zones[0].kind), "DMA");
	KUNIT_EXPECT_EQ(test, range_size(mm->zones[0].spanned), 4095);
	KUNIT_EXPECT_EQ(test, mm->zones[0].present_pages, 3998);
	KUNIT_EXPECT_STREQ(test, mm_zone_name(mm->zones[1].kind), "DMA32");
	KUNIT_EXPECT_EQ(test, range_size(mm->zones[1].spanned), 520160);
	KUNIT_EXPECT_EQ(test, mm->zones[1].present_pages, 520160);
	mm_free(mm);
}

static void no_merge_over_borders(struct kunit *test)
{
	struct mm *mm = machine();

	/* node 1 between parts of node 0, and the border of DMA in the first */
	add(mm, 0, 0xffe, 0x1002);
	add(mm, 1, 0x1002, 0x1004);
	add(mm, 0, 0x1004, 0x1008);
	for (uint64_t pfn = 0xffe; pfn < 0x1008; pfn += 2)
		free_block(mm, pfn, 1);
	mm_settle(mm);
	KUNIT_ASSERT_EQ(test, mm->nr_zones, 3);
	KUNIT_EXPECT_EQ(test, mm->freed.nr, 1);
	KUNIT_EXPECT_EQ(test, mm->zones[0].blocks[1], 1, "DMA");
	KUNIT_EXPECT_EQ(test, mm->zones[1].nid, 0);
	KUNIT_EXPECT_EQ(test, mm->zones[1].blocks[1], 1, "DMA32 below node 1");
	KUNIT_EXPECT_EQ(test, mm->zones[1].blocks[2], 1, "DMA32 above node 1");
	KUNIT_EXPECT_EQ(test, range_size(mm->zones[1].spanned), 8);
	KUNIT_EXPECT_EQ(test, mm->zones[1].present_pages, 6);
	KUNIT_EXPECT_EQ(test, mm->zones[2].nid, 1);
	KUNIT_EXPECT_EQ(test, mm->zones[2].blocks[1], 1);
	mm_free(mm);
}

/* The zone of @kind on node @nid, or NULL. */
static const struct mm_zone *zone_of(const struct mm *mm, int nid, enum mm_zone_kind kind)
{
	for (size_t i = 0; i < mm->nr_zones; i++)
		if (mm->zones[i].nid == nid && mm->zones[i].kind == kind)
			return &mm->zones[i];
	return NULL;
}

static void expect_zone(struct kunit *test, const struct mm *mm, int nid, enum mm_zone_kind kind,
			uint64_t spanned, uint64_t present)
{
	const struct mm_zone *z = zone_of(mm, nid, kind);

	KUNIT_ASSERT_NOT_NULL(test, z, "node %d %s", nid, mm_zone_name(kind));
	KUNIT_EXPECT_EQ(test, range_size(z->spanned), spanned, "node %d %s", nid,
			mm_zone_name(kind));
	KUNIT_EXPECT_EQ(test, z->present_pages, present, "node %d %s", nid, mm_zone_name(kind));
	KUNIT_EXPECT_EQ(test, z->absent_pages, spanned - present, "node %d %s", nid,
			mm_zone_name(kind));
}

/* In a zone where a node has a hole only, it spans all of it and has nothing. */
static void nothing_but_a_hole(struct kunit *test)
{
	struct mm *mm = machine();

	add(mm, 0, 0x10, 0x800);
	add(mm, 1, 0x800, 0x2000);
	add(mm, 0, 0x100000, 0x140000);
	mm_find_zones(mm);
	KUNIT_EXPECT_EQ(test, mm->zone_range[MM_DMA].start, 0x10);
	expect_zone(test, mm, 0, MM_DMA, 0xff0, 0x7f0);
	expect_zone(test, mm, 0, MM_DMA32, 0xff000, 0);
	expect_zone(test, mm, 0, MM_NORMAL, 0x40000, 0x40000);
	expect_zone(test, mm, 1, MM_DMA32, 0x1000, 0x1000);
	KUNIT_EXPECT_NULL(test, zone_of(mm, 1, MM_NORMAL));
	mm_free(mm);
}

/* All is above the first zones, as on machines whose memory does not begin at 0. */
static void memory_above_zones(struct kunit *test)
{
	struct mm *mm = machine();

	add(mm, 0, 0x200000, 0x240000);
	mm_find_zones(mm);
	KUNIT_EXPECT_TRUE(test, range_is_empty(mm->zone_range[MM_DMA]));
	KUNIT_EXPECT_TRUE(test, range_is_empty(mm->zone_range[MM_DMA32]));
	KUNIT_EXPECT_EQ(test, mm->zone_range[MM_NORMAL].start, 0x200000);
	expect_zone(test, mm, 0, MM_NORMAL, 0x40000, 0x40000);
	mm_free(mm);
}

/* A 32-bit machine: what can be Movable is high. */
static void highmem_is_movable(struct kunit *test)
{
	struct mm *mm = mm_new(12, MAX_ORDER);

	mm_set_zone_end(mm, MM_DMA, 0x1000);
	mm_set_zone_end(mm, MM_NORMAL, 0x38000);
	mm_set_zone_end(mm, MM_HIGHMEM, UINT64_MAX);
	add(mm, 0, 0x10, 0x80000);
	mm->movable.movablecore = 0x10000;
	mm_find_zones(mm);
	KUNIT_EXPECT_EQ(test, mm->nodes[0].movable_start, 0x70000);
	expect_zone(test, mm, 0, MM_NORMAL, 0x37000, 0x37000);
	expect_zone(test, mm, 0, MM_HIGHMEM, 0x38000, 0x38000);
	expect_zone(test, mm, 0, MM_MOVABLE, 0x10000, 0x10000);
	/* nothing below can be, however much is asked for */
	mm->movable.movablecore = 0x70000;
	mm_find_zones(mm);
	KUNIT_EXPECT_EQ(test, mm->nodes[0].movable_start, 0x38000);
	KUNIT_EXPECT_NULL(test, zone_of(mm, 0, MM_HIGHMEM));
	mm_free(mm);
}

/* movable_node: the first that can be unplugged, rounded up; all of a node that has no other */
static void hotplug_is_movable(struct kunit *test)
{
	struct mm *mm = machine();

	add(mm, 0, 0x1, 0x100000);
	mm_add_memory(mm, 1, (struct range){ 0x100000, 0x110200 }, 0);
	mm_add_memory(mm, 1, (struct range){ 0x110200, 0x180000 }, MM_HOTPLUG);
	mm_add_memory(mm, 2, (struct range){ 0x180000, 0x200000 }, MM_HOTPLUG);
	mm->movable.node = true;
	mm->movable.kernelcore = 1; /* counts for nothing */
	mm_find_zones(mm);
	KUNIT_ASSERT_EQ(test, mm->nr_nodes, 3);
	KUNIT_EXPECT_EQ(test, mm->nodes[0].movable_start, 0);
	KUNIT_EXPECT_EQ(test, mm->nodes[1].movable_start, 0x110400);
	KUNIT_EXPECT_EQ(test, mm->nodes[2].movable_start, 0x180000);
	expect_zone(test, mm, 1, MM_NORMAL, 0x10400, 0x10400);
	expect_zone(test, mm, 1, MM_MOVABLE, 0x6fc00, 0x6fc00);
	KUNIT_EXPECT_NULL(test, zone_of(mm, 2, MM_NORMAL));
	mm_free(mm);
}

/* kernelcore=mirror: Normal and Movable lie over each other, and each has what the other lacks. */
static void mirror_overlaps(struct kunit *test)
{
	struct mm *mm = machine();

	mm_add_memory(mm, 0, (struct range){ 0x1, 0x80000 }, 0);
	mm_add_memory(mm, 0, (struct range){ 0x100000, 0x120000 }, MM_MIRROR);
	mm_add_memory(mm, 0, (struct range){ 0x120000, 0x140000 }, 0);
	mm_add_memory(mm, 0, (struct range){ 0x140000, 0x150000 }, MM_MIRROR);
	mm->movable.mirror = true;
	mm->movable.mirror_is_checked = true;
	free_block(mm, 0x11fffe, 1);
	free_block(mm, 0x120000, 1);
	free_block(mm, 0x140000, 2);
	mm_settle(mm);
	KUNIT_EXPECT_TRUE(test, mm->low_not_mirrored);
	KUNIT_EXPECT_EQ(test, mm->nodes[0].movable_start, 0x120000);
	expect_zone(test, mm, 0, MM_DMA32, 0xff000, 0x7f000);
	expect_zone(test, mm, 0, MM_NORMAL, 0x50000, 0x30000);
	expect_zone(test, mm, 0, MM_MOVABLE, 0x30000, 0x20000);
	KUNIT_EXPECT_EQ(test, zone_of(mm, 0, MM_NORMAL)->free_pages, 6);
	KUNIT_EXPECT_EQ(test, zone_of(mm, 0, MM_MOVABLE)->free_pages, 2);
	mm_free(mm);
}

static void mirror_without_any(struct kunit *test)
{
	struct mm *mm = machine();

	add(mm, 0, 0x1, 0x140000);
	mm->movable.mirror = true;
	mm->movable.mirror_is_checked = true;
	mm_find_zones(mm);
	KUNIT_EXPECT_EQ(test, mm->nodes[0].movable_start, 0);
	KUNIT_EXPECT_TRUE(test, mm->no_mirror);
	mm->movable.mirror_is_checked = false;
	mm_find_zones(mm);
	KUNIT_EXPECT_EQ(test, mm->nodes[0].movable_start, 0, "it begins below 4 GiB");
	KUNIT_EXPECT_TRUE(test, mm->low_not_mirrored);
	mm_free(mm);
}

/* What one node cannot give is asked of the others, in further rounds. */
static void small_nodes(struct kunit *test)
{
	struct mm *mm = mm_new(12, MAX_ORDER);

	add(mm, 0, 0x400, 0x800);
	add(mm, 1, 0x800, 0x8800);
	add(mm, 2, 0x8800, 0x18800);
	mm->movable.kernelcore = 0x9400;
	mm_find_zones(mm);
	/* 0x3155 each at first; then of what node 0 lacks, half, and half again */
	KUNIT_EXPECT_EQ(test, mm->nodes[0].movable_start, 0);
	KUNIT_EXPECT_EQ(test, mm->nodes[1].movable_start, 0x5000);
	KUNIT_EXPECT_EQ(test, mm->nodes[2].movable_start, 0xd000);
	mm->movable.kernelcore_percent = 100;
	mm_find_zones(mm);
	KUNIT_EXPECT_EQ(test, mm->nodes[2].movable_start, 0, "all is the kernel's");
	mm_free(mm);
}

static void memory_without_node(struct kunit *test)
{
	struct mm *mm = machine();

	add(mm, 0, 0x1, 0x7ff00);
	mm_add_memory(mm, -1, (struct range){ 0x7ff00, 0x7ffe0 }, MM_NO_NODE | MM_HOTPLUG);
	mm->movable.node = true;
	mm_settle(mm);
	KUNIT_EXPECT_EQ(test, mm->nr_nodes, 1);
	KUNIT_EXPECT_EQ(test, mm->nr_spans, 2);
	expect_zone(test, mm, 0, MM_DMA32, 0x7ef00, 0x7ef00);
	mm_free(mm);
}

static void counts_and_marks(struct kunit *test)
{
	struct mm *mm = machine();

	mm_event(mm, RT_RESERVE_PAGES, 0x10, 0x20, 0);
	mm_event(mm, RT_TOTALRAM, 0, 0, 100);
	mm_event(mm, RT_TOTALRAM, 0, 0, -1);
	mm_event(mm, RT_WARN, 1, 0, 0);
	mm_settle(mm);
	KUNIT_EXPECT_EQ(test, rangeset_size(&mm->reserved), 16);
	KUNIT_EXPECT_EQ(test, mm->totalram_pages, 99);
	mm_free(mm);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(count_blocks, blocks_gen_params),
	KUNIT_CASE(buddies_merge),
	KUNIT_CASE(freed_twice),
	KUNIT_CASE(block_that_cannot_be),
	KUNIT_CASE(late_apart),
	KUNIT_CASE(zones_of_a_pc),
	KUNIT_CASE(no_merge_over_borders),
	KUNIT_CASE(nothing_but_a_hole),
	KUNIT_CASE(memory_above_zones),
	KUNIT_CASE(highmem_is_movable),
	KUNIT_CASE(hotplug_is_movable),
	KUNIT_CASE(mirror_overlaps),
	KUNIT_CASE(mirror_without_any),
	KUNIT_CASE(small_nodes),
	KUNIT_CASE(memory_without_node),
	KUNIT_CASE(counts_and_marks),
	{},
};

static struct kunit_suite suite = { .name = "mm", .test_cases = cases };

kunit_test_suite(suite);
