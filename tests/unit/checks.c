// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Each check of the hand-over, and no other, fails by what it is for: wrong events, and a map of
 * pages and zones that are damaged afterwards.
 */
#include <stdlib.h>
#include <string.h>

#include "check/check.h"
#include "kunit/test.h"
#include "lib/array.h"

#define NOMAP 4
#define NOINIT 16

/* Pages 0x10-0x6b of node 0, up to 0xaf of node 1; sections and blocks are small. */
static struct rt_region memory[] = {
	{ .base = 0x10000, .size = 0x40000, .nid = 0 },
	{ .base = 0x50000, .size = 0x4000, .nid = 0, .flags = NOMAP },
	{ .base = 0x54000, .size = 0x18000, .nid = 0 },
	{ .base = 0x6c000, .size = 0x44000, .nid = 1 },
};
static struct rt_region reserved[] = {
	{ .base = 0x20000, .size = 0x8000 },
	{ .base = 0x30800, .size = 0x800 },
	{ .base = 0x80000, .size = 0x2000, .flags = NOINIT },
	{ .base = 0x90000, .size = 0x2000 },
};

struct machine {
	struct mm *mm;
	struct check_state state;
};

static void mark(struct mm *mm, uint64_t first, uint64_t end, int nid)
{
	mm_event(mm, RT_RESERVE_PAGES, first, end, nid);
}

/* In blocks as large as they can be */
static uint64_t give(struct mm *mm, uint64_t pfn, uint64_t end)
{
	uint64_t pages = end - pfn;

	while (pfn < end) {
		unsigned int order = mm->max_order;

		while (pfn & ((1ULL << order) - 1) || pfn + (1ULL << order) > end)
			order--;
		mm_event(mm, RT_FREE_PAGES, pfn, order, 0);
		pfn += 1ULL << order;
	}
	return pages;
}

static void begin(struct machine *m)
{
	static const struct mm_map_rules rules = { .section_order = 6, .pageblock_order = 4 };

	m->mm = mm_new(12, 4);
	m->mm->rules = rules;
	mm_set_zone_end(m->mm, MM_DMA, 0x40);
	for (size_t i = 0; i < ARRAY_LEN(memory); i++)
		mm_add_memory(m->mm, memory[i].nid,
			      (struct range){ memory[i].base >> 12,
					      (memory[i].base + memory[i].size) >> 12 },
			      memory[i].flags ? MM_NOMAP : 0);
	mm_init_memmap(m->mm);
	m->state = (struct check_state){
		.page_shift = 12,
		.nomap = NOMAP,
		.noinit = NOINIT,
		.marks_reserved = true,
		.marks_nomap = true,
		.memory = { .v = memory, .nr = ARRAY_LEN(memory) },
		.reserved = { .v = reserved, .nr = ARRAY_LEN(reserved) },
		.reserved_before = { .v = reserved, .nr = ARRAY_LEN(reserved) },
		.mm = m->mm,
	};
}

static void mark_all(struct mm *mm)
{
	mark(mm, 0x20, 0x28, 0);
	mark(mm, 0x30, 0x31, 0);
	mark(mm, 0x50, 0x54, 0);
	mark(mm, 0x90, 0x92, 1);
}

static void give_all(struct mm *mm)
{
	uint64_t pages = give(mm, 0x10, 0x20) + give(mm, 0x28, 0x30) + give(mm, 0x31, 0x50) +
			 give(mm, 0x54, 0x6c) + give(mm, 0x6c, 0x80) + give(mm, 0x82, 0x90) +
			 give(mm, 0x92, 0xb0);

	mm_event(mm, RT_TOTALRAM, 0, 0, (long)pages);
}

static void end(struct machine *m)
{
	mm_handed_over(m->mm);
	mm_mark_noinit(m->mm, (struct range){ 0x80, 0x82 });
	mm_settle(m->mm);
}

static void hand_over(struct machine *m)
{
	begin(m);
	mark_all(m->mm);
	give_all(m->mm);
	end(m);
}

/* The run that a page is in, to be damaged. */
static struct mm_run *run_at(struct machine *m, uint64_t pfn)
{
	return pagemap_at(&m->mm->pages, pagemap_find(&m->mm->pages, pfn));
}

static void late(struct machine *m, uint64_t pfn)
{
	mm_event(m->mm, RT_FREE_PAGES, pfn, 0, 0);
	mm_event(m->mm, RT_TOTALRAM, 0, 0, 1);
	mm_settle(m->mm);
}

static void nothing(struct machine *m)
{
	hand_over(m);
}

static void in_use(struct machine *m)
{
	uint64_t pfn;

	hand_over(m);
	late(m, 0x91);
	mm_free_reserved(m->mm, (struct range){ 0x20, 0x24 });
	pfn = mm_alloc_block(m->mm, 2, MM_NORMAL, 0);
	mm_alloc_block(m->mm, 0, MM_NORMAL, 1);
	mm_free_block(m->mm, pfn, 1);
}

static void page_in_two_runs(struct machine *m)
{
	hand_over(m);
	run_at(m, 0x28)->start = 0x1f;
}

static void order_that_is_not(struct machine *m)
{
	begin(m);
	mark_all(m->mm);
	give_all(m->mm);
	mm_event(m->mm, RT_FREE_PAGES, 0x13, 40, 0);
	end(m);
}

static void not_aligned(struct machine *m)
{
	begin(m);
	mark_all(m->mm);
	mm_event(m->mm, RT_FREE_PAGES, 0x31, 1, 0);
	give(m->mm, 0x33, 0x50);
	mm_event(m->mm, RT_TOTALRAM, 0, 0, 0x10 + 8 + 0x1f + 0x18 + 0x14 + 0xe + 0x1e);
	give(m->mm, 0x10, 0x20);
	give(m->mm, 0x28, 0x30);
	give(m->mm, 0x54, 0x6c);
	give(m->mm, 0x6c, 0x80);
	give(m->mm, 0x82, 0x90);
	give(m->mm, 0x92, 0xb0);
	end(m);
}

static void two_nodes(struct machine *m)
{
	begin(m);
	mark_all(m->mm);
	give(m->mm, 0x10, 0x20);
	give(m->mm, 0x28, 0x30);
	give(m->mm, 0x31, 0x50);
	mm_event(m->mm, RT_TOTALRAM, 0, 0, 0x10 + 8 + 0x1f + 0x18 + 0x14 + 0xe + 0x1e);
	give(m->mm, 0x54, 0x80);
	give(m->mm, 0x82, 0x90);
	give(m->mm, 0x92, 0xb0);
	end(m);
}

static void twice(struct machine *m)
{
	begin(m);
	mark_all(m->mm);
	give_all(m->mm);
	give(m->mm, 0x60, 0x64);
	end(m);
}

static void late_and_free(struct machine *m)
{
	hand_over(m);
	late(m, 0x60);
}

static void late_hole(struct machine *m)
{
	hand_over(m);
	late(m, 0x4);
}

static void hole(struct machine *m)
{
	begin(m);
	mark_all(m->mm);
	give_all(m->mm);
	give(m->mm, 0xb0, 0xb2);
	end(m);
}

static void no_struct_page(struct machine *m)
{
	begin(m);
	mark_all(m->mm);
	give_all(m->mm);
	give(m->mm, 0x400, 0x402);
	end(m);
}

static void nomap(struct machine *m)
{
	begin(m);
	mark_all(m->mm);
	give_all(m->mm);
	give(m->mm, 0x50, 0x54);
	end(m);
}

static void is_reserved(struct machine *m)
{
	begin(m);
	mark_all(m->mm);
	give_all(m->mm);
	give(m->mm, 0x26, 0x28);
	end(m);
}

static void in_part(struct machine *m)
{
	begin(m);
	mark_all(m->mm);
	give_all(m->mm);
	give(m->mm, 0x30, 0x31);
	end(m);
}

static void kept_back(struct machine *m)
{
	begin(m);
	mark_all(m->mm);
	give(m->mm, 0x10, 0x20);
	give(m->mm, 0x28, 0x30);
	give(m->mm, 0x31, 0x50);
	give(m->mm, 0x54, 0x6c);
	give(m->mm, 0x6c, 0x7f);
	give(m->mm, 0x82, 0x90);
	give(m->mm, 0x92, 0xb0);
	end(m);
}

static void late_in_part(struct machine *m)
{
	hand_over(m);
	late(m, 0x30);
}

static void noinit_freed(struct machine *m)
{
	hand_over(m);
	late(m, 0x81);
}

static void not_marked(struct machine *m)
{
	begin(m);
	mark(m->mm, 0x20, 0x28, 0);
	mark(m->mm, 0x30, 0x31, 0);
	mark(m->mm, 0x50, 0x54, 0);
	give_all(m->mm);
	end(m);
}

static void nomap_not_marked(struct machine *m)
{
	begin(m);
	mark(m->mm, 0x20, 0x28, 0);
	mark(m->mm, 0x30, 0x31, 0);
	mark(m->mm, 0x90, 0x92, 1);
	give_all(m->mm);
	end(m);
}

static void marked_too_far(struct machine *m)
{
	begin(m);
	mark_all(m->mm);
	mark(m->mm, 0x92, 0x93, 1);
	give_all(m->mm);
	end(m);
}

static void noinit_marked(struct machine *m)
{
	begin(m);
	mark_all(m->mm);
	mark(m->mm, 0x80, 0x82, 1);
	give_all(m->mm);
	end(m);
}

static void lost_reservation(struct machine *m)
{
	static struct rt_region more[ARRAY_LEN(reserved) + 1];

	memcpy(more, reserved, sizeof(reserved));
	more[ARRAY_LEN(reserved)] = (struct rt_region){ .base = 0xa0000, .size = 0x1000 };
	hand_over(m);
	m->state.reserved_before =
		(struct check_regions){ .v = more, .nr = ARRAY_LEN(reserved) + 1 };
}

static void small_blocks(struct machine *m)
{
	begin(m);
	mark_all(m->mm);
	mm_event(m->mm, RT_FREE_PAGES, 0x28, 2, 0);
	mm_event(m->mm, RT_FREE_PAGES, 0x2c, 2, 0);
	mm_event(m->mm, RT_TOTALRAM, 0, 0, 0x10 + 8 + 0x1f + 0x18 + 0x14 + 0xe + 0x1e);
	give(m->mm, 0x10, 0x20);
	give(m->mm, 0x31, 0x50);
	give(m->mm, 0x54, 0x6c);
	give(m->mm, 0x6c, 0x80);
	give(m->mm, 0x82, 0x90);
	give(m->mm, 0x92, 0xb0);
	end(m);
}

static void not_merged(struct machine *m)
{
	struct mm_place at;
	struct mm_leaf *leaf;

	hand_over(m);
	at = pagemap_find(&m->mm->pages, 0x18);
	leaf = &m->mm->pages.leaves[at.leaf];
	memmove(&leaf->v[at.i + 1], &leaf->v[at.i], (leaf->nr - at.i) * sizeof(*leaf->v));
	leaf->v[at.i + 1].start = 0x18;
	leaf->nr++;
}

static void other_node(struct machine *m)
{
	begin(m);
	mark(m->mm, 0x20, 0x28, 0);
	mark(m->mm, 0x30, 0x31, 0);
	mark(m->mm, 0x50, 0x54, 0);
	mark(m->mm, 0x90, 0x92, 2); /* off by one */
	give_all(m->mm);
	end(m);
}

static void other_zone(struct machine *m)
{
	hand_over(m);
	run_at(m, 0x90)->kind = MM_DMA;
}

static void hole_not_initialised(struct machine *m)
{
	hand_over(m);
	run_at(m, 0xb4)->state = MM_PAGE_NONE;
}

static void left_for_later(struct machine *m)
{
	hand_over(m);
	run_at(m, 0x51)->state = MM_PAGE_DEFERRED;
}

static void somebody_has_it(struct machine *m)
{
	hand_over(m);
	run_at(m, 0x90)->state = MM_PAGE_ALLOCATED;
}

static void idle(struct machine *m)
{
	hand_over(m);
	mm_alloc_range(m->mm, (struct range){ 0x60, 0x62 });
	run_at(m, 0x60)->state = MM_PAGE_INIT;
}

static void blocks_lost(struct machine *m)
{
	hand_over(m);
	m->mm->received_pages--;
}

static void miscounted(struct machine *m)
{
	hand_over(m);
	m->mm->totalram_pages++;
}

static void page_in_two_lists(struct machine *m)
{
	hand_over(m);
	m->mm->zones[1].blocks[0]++;
}

static void free_miscounted(struct machine *m)
{
	hand_over(m);
	m->mm->zones[2].free_pages--;
}

static void present_miscounted(struct machine *m)
{
	hand_over(m);
	m->mm->zones[0].present_pages++;
}

/* What is wrong, and the one check that fails. */
static const struct wrong {
	const char *name;
	void (*make)(struct machine *m);
	const char *fails;
} wrong[] = {
	{ "nothing", nothing, "" },
	{ "pages_in_use", in_use, "" },
	{ "page_in_two_runs", page_in_two_runs, "one-state" },
	{ "order_that_is_not", order_that_is_not, "blocks-aligned" },
	{ "block_not_aligned", not_aligned, "blocks-aligned" },
	{ "block_of_two_nodes", two_nodes, "blocks-zone" },
	{ "freed_twice", twice, "pages-once" },
	{ "freed_late_and_free", late_and_free, "pages-once" },
	{ "hole_freed", hole, "pages-memory" },
	{ "hole_freed_late", late_hole, "pages-memory" },
	{ "freed_without_struct_page", no_struct_page, "pages-memory" },
	{ "nomap_freed", nomap, "pages-nomap" },
	{ "reserved_freed", is_reserved, "pages-reserved" },
	{ "reserved_in_part_freed", in_part, "pages-reserved" },
	{ "kept_back", kept_back, "pages-all" },
	{ "freed_late_and_reserved_in_part", late_in_part, "pages-late" },
	{ "noinit_freed", noinit_freed, "pages-ready" },
	{ "reserved_not_marked", not_marked, "marked-all" },
	{ "nomap_not_marked", nomap_not_marked, "marked-all" },
	{ "marked_too_far", marked_too_far, "marked-only" },
	{ "noinit_marked", noinit_marked, "marked-only" },
	{ "reservation_lost", lost_reservation, "reserved-kept" },
	{ "blocks_smaller_than_they_can_be", small_blocks, "blocks-largest" },
	{ "blocks_not_merged", not_merged, "blocks-merged" },
	{ "node_off_by_one", other_node, "pages-node" },
	{ "other_zone", other_zone, "pages-node" },
	{ "hole_not_initialised", hole_not_initialised, "memmap" },
	{ "struct_page_left_for_later", left_for_later, "memmap" },
	{ "reserved_and_in_use", somebody_has_it, "pages-state" },
	{ "neither_free_nor_reserved", idle, "pages-state" },
	{ "blocks_lost", blocks_lost, "sums" },
	{ "totalram_off_by_one", miscounted, "totalram" },
	{ "block_listed_twice", page_in_two_lists, "zones-free" },
	{ "free_pages_off_by_one", free_miscounted, "zones-free" },
	{ "present_pages_off_by_one", present_miscounted, "zones-present" },
};

KUNIT_ARRAY_PARAM_DESC(wrong, wrong, name);

static void trips_one_check(struct kunit *test)
{
	const struct wrong *w = test->param_value;
	struct check_findings f = { 0 };
	struct machine m;
	char found[512] = "";

	w->make(&m);
	check_after_handover(&m.state, &f);
	for (const struct check *c = checks; c->name; c++) {
		if (!(f.failed & check_bit(c)))
			continue;
		strncat(found, *found ? " " : "", sizeof(found) - strlen(found) - 1);
		strncat(found, c->name, sizeof(found) - strlen(found) - 1);
	}
	KUNIT_EXPECT_STREQ(test, found, w->fails);
	KUNIT_EXPECT_EQ(test, !f.nr, !*w->fails);
	check_findings_release(&f);
	mm_free(m.mm);
}

/* One that fails silences those that need it; so they come behind it. */
static void table_is_in_order(struct kunit *test)
{
	for (const struct check *c = checks; c->name; c++) {
		KUNIT_EXPECT_EQ(test, c->needs & ~(check_bit(c) - 1), 0, "%s", c->name);
		KUNIT_EXPECT_PTR_EQ(test, check_find(c->name), c);
	}
	KUNIT_EXPECT_NULL(test, check_find("pages-on-fire"));
}

static void all_are_tried(struct kunit *test)
{
	for (const struct check *c = checks; c->name; c++) {
		bool tried = c->when != CHECK_HANDOVER;

		for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
			tried |= !strcmp(wrong[i].fails, c->name);
		KUNIT_EXPECT_TRUE(test, tried, "%s", c->name);
	}
}

static struct kunit_case cases[] = { KUNIT_CASE_PARAM(trips_one_check, wrong_gen_params),
				     KUNIT_CASE(table_is_in_order),
				     KUNIT_CASE(all_are_tried),
				     {} };

static struct kunit_suite suite = { .name = "checks", .test_cases = cases };

kunit_test_suite(suite);
