// SPDX-License-Identifier: GPL-2.0-or-later
/* The hand-over to the page allocator: which pages it is given, and which are marked reserved. */
#include <linux/pfn.h>

#include "suite/handover.h"

#define PG ((phys_addr_t)PAGE_SIZE)

static const struct situation {
	const char *name;
	struct span memory[3], reserved[3];
	struct span freed[4], marked[4];
} situations[] = {
	{ .name = "nothing_reserved",
	  .memory = { { MB(16), MB(64) } },
	  .freed = { { MB(16), MB(64) } } },
	{ .name = "no_memory" },
	{ .name = "reserved_inside",
	  .memory = { { MB(16), MB(64) } },
	  .reserved = { { MB(20), MB(4) } },
	  .freed = { { MB(16), MB(4) }, { MB(24), MB(56) } },
	  .marked = { { MB(20), MB(4) } } },
	{ .name = "reserved_first_and_last",
	  .memory = { { MB(16), MB(64) } },
	  .reserved = { { MB(16), PG }, { MB(80) - PG, PG } },
	  .freed = { { MB(16) + PG, MB(64) - 2 * PG } },
	  .marked = { { MB(16), PG }, { MB(80) - PG, PG } } },
	{ .name = "all_reserved",
	  .memory = { { MB(16), MB(4) } },
	  .reserved = { { MB(16), MB(4) } },
	  .marked = { { MB(16), MB(4) } } },
	{ .name = "two_regions",
	  .memory = { { MB(16), MB(16) }, { MB(64), MB(16) } },
	  .freed = { { MB(16), MB(16) }, { MB(64), MB(16) } } },
	{ .name = "reserved_across_hole",
	  .memory = { { MB(16), MB(16) }, { MB(64), MB(16) } },
	  .reserved = { { MB(30), MB(36) } },
	  .freed = { { MB(16), MB(14) }, { MB(66), MB(14) } },
	  .marked = { { MB(30), MB(2) }, { MB(64), MB(2) } } },
	{ .name = "reserved_is_no_memory",
	  .memory = { { MB(16), MB(64) } },
	  .reserved = { { MB(4), MB(4) }, { MB(96), MB(4) } },
	  .freed = { { MB(16), MB(64) } } },
	{ .name = "part_of_a_page_reserved",
	  .memory = { { MB(16), MB(64) } },
	  .reserved = { { MB(20) + 1, 1 } },
	  .freed = { { MB(16), MB(4) }, { MB(20) + PG, MB(60) - PG } },
	  .marked = { { MB(20), PG } } },
	{ .name = "parts_of_two_pages_reserved",
	  .memory = { { MB(16), MB(64) } },
	  .reserved = { { MB(20) - 1, 3 } },
	  .freed = { { MB(16), MB(4) - PG }, { MB(20) + PG, MB(60) - PG } },
	  .marked = { { MB(20) - PG, 2 * PG } } },
	{ .name = "less_than_a_page_between",
	  .memory = { { MB(16), MB(4) } },
	  .reserved = { { MB(16), MB(1) + 2 }, { MB(17) + 2 * PG - 1, MB(3) - 2 * PG + 1 } },
	  .marked = { { MB(16), MB(4) } } },
	{ .name = "memory_begins_in_a_page",
	  .memory = { { MB(16) + 1, MB(64) - 1 } },
	  .freed = { { MB(16) + PG, MB(64) - PG } } },
	{ .name = "memory_ends_in_a_page",
	  .memory = { { MB(16), MB(64) - 1 } },
	  .freed = { { MB(16), MB(64) - PG } } },
	{ .name = "less_than_a_page_of_memory",
	  .memory = { { MB(16), PG - 1 }, { MB(20) + 1, PG } } },
	{ .name = "hotplug",
	  .memory = { { MB(16), MB(16), 0, MEMBLOCK_HOTPLUG } },
	  .freed = { { MB(16), MB(16) } } },
};

static const struct situation nomap = {
	.memory = { { MB(16), MB(16) }, { MB(32), MB(4), 0, MEMBLOCK_NOMAP }, { MB(36), MB(12) } },
	.reserved = { { MB(30), MB(4) } },
	.freed = { { MB(16), MB(14) }, { MB(36), MB(12) } },
	.marked = { { MB(30), MB(6) } },
};

KUNIT_ARRAY_PARAM_DESC(situation, situations, name);

static void stand(struct kunit *test, const struct situation *s)
{
	for (int i = 0; i < 3; i++)
		if (s->reserved[i].size)
			memblock_reserve(s->reserved[i].base, s->reserved[i].size);
	for (int i = 0; i < 3; i++)
		if (s->memory[i].size)
			suite_machine(test, &s->memory[i], 1);
	handover_low_memory(MB(128));
}

static void blocks(struct kunit *test)
{
	const struct situation *s = test->param_value;

	stand(test, s);
	handover();
	handover_expect_freed(test, &SUITE_SITE("freed", "in these blocks"), s->freed, 4);
}

static void total(struct kunit *test)
{
	const struct situation *s = test->param_value;
	unsigned long pages = 0;

	stand(test, s);
	handover();
	for (int i = 0; i < 4; i++)
		pages += s->freed[i].size >> PAGE_SHIFT;
	KUNIT_EXPECT_EQ(test, handover_total_pages(), pages);
}

static void marked(struct kunit *test)
{
	const struct situation *s = test->param_value;

	stand(test, s);
	handover();
	handover_expect_marked(test, &SUITE_SITE("marked", "reserved"), s->marked, 4);
}

/* What is reserved up to the first byte of a page has that page. */
static void marked_up_to_a_byte(struct kunit *test)
{
	machine(test, { MB(16), MB(64) });
	memblock_reserve(MB(20), 1);
	memblock_reserve(MB(24) - 1, 2);
	handover_low_memory(MB(80));
	handover();
	expect_marked(test, { MB(20), PG }, { MB(24) - PG, 2 * PG });
	expect_freed(test, { MB(16), MB(4) }, { MB(20) + PG, MB(4) - 2 * PG },
		     { MB(24) + PG, MB(56) - PG });
}

/* Up to 5.14 the page of memory that is not mapped is nobody's business. */
#ifdef RT_MARKS_NOMAP
static void marked_nomap(struct kunit *test)
{
	stand(test, &nomap);
	handover();
	handover_expect_marked(test, &SUITE_SITE("marked", "reserved"), nomap.marked, 4);
}
#else
SUITE_WITHOUT(marked_nomap, marks for memory that is not mapped)
#endif

static void blocks_nomap(struct kunit *test)
{
	stand(test, &nomap);
	handover();
	handover_expect_freed(test, &SUITE_SITE("freed", "in these blocks"), nomap.freed, 4);
	KUNIT_EXPECT_EQ(test, handover_total_pages(), MB(26) >> PAGE_SHIFT);
}

static void regions_are_kept(struct kunit *test)
{
	const struct situation *s = test->param_value;
	struct span memory[3];

	stand(test, s);
	handover();
	/* hotplug was for those who allocate, and there are none any more */
	for (int i = 0; i < 3; i++) {
		memory[i] = s->memory[i];
		memory[i].flags &= ~(unsigned long)MEMBLOCK_HOTPLUG;
	}
	suite_expect(test, &SUITE_SITE("memory", "what was added"), SUITE_MEMORY, memory, 3);
	/* newer kernels cut them by node */
	suite_expect(test, &SUITE_SITE("reserved bytes", "what was reserved"), SUITE_RESERVED_BYTES,
		     s->reserved, 3);
}

/* Memory above it needs CONFIG_HIGHMEM, and until memblock did it, the architecture freed it. */
static void above_low_memory(struct kunit *test)
{
	machine(test, { MB(16), MB(64) }, { MB(96), MB(16) });
	memblock_reserve(MB(42), MB(1));
	handover_low_memory(MB(40) + PG);
	handover();
#ifdef RT_FREES_HIGHMEM
	if (IS_ENABLED(CONFIG_HIGHMEM)) {
		expect_freed(test, { MB(16), MB(26) }, { MB(43), MB(37) }, { MB(96), MB(16) });
		KUNIT_EXPECT_EQ(test, handover_total_pages(), MB(79) >> PAGE_SHIFT);
		return;
	}
#endif
	expect_freed(test, { MB(16), MB(24) + PG });
	KUNIT_EXPECT_EQ(test, handover_total_pages(), (MB(24) >> PAGE_SHIFT) + 1);
}

static void ends_with_low_memory(struct kunit *test)
{
	machine(test, { MB(16), MB(64) });
	handover_low_memory(MB(80));
	handover();
	expect_freed(test, { MB(16), MB(64) });
}

/* Memory that the firmware said could be unplugged is freed in spite of movable_node. */
static void hotplug_with_movable_node(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_MEMORY_HOTPLUG))
		kunit_skip(test, "without CONFIG_MEMORY_HOTPLUG there is no movable_node");
	movable_node_enabled = true;
	machine(test, { MB(16), MB(16) }, { MB(64), MB(16), 0, MEMBLOCK_HOTPLUG });
	handover_low_memory(MB(128));
	handover();
	expect_freed(test, { MB(16), MB(16) }, { MB(64), MB(16) });
	expect_memory(test, { MB(16), MB(16) }, { MB(64), MB(16) });
}

#define EACH(fn) KUNIT_CASE_PARAM(fn, situation_gen_params)

static struct kunit_case cases[] = { EACH(blocks),
				     EACH(total),
				     EACH(marked),
				     EACH(regions_are_kept),
				     KUNIT_CASE(marked_up_to_a_byte),
				     KUNIT_CASE(blocks_nomap),
				     KUNIT_CASE(marked_nomap),
				     KUNIT_CASE(above_low_memory),
				     KUNIT_CASE(ends_with_low_memory),
				     KUNIT_CASE(hotplug_with_movable_node),
				     {} };
static struct kunit_suite suite = { .name = "memblock_free_all", .test_cases = cases };

kunit_test_suite(suite);
