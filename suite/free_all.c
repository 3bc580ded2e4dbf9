// SPDX-License-Identifier: GPL-2.0-or-later
/* The hand-over to the page allocator: how many pages it is given. */
#include <linux/pfn.h>

#include "suite/suite.h"

#ifndef RT_HAVE_BOOTMEM
#ifndef RT_HAVE_memblock_free_all
/* newer kernels have it in a header that is mm's own */
void memblock_free_all(void);
#endif

static const struct situation {
	const char *name;
	struct span memory[3], reserved[3];
	phys_addr_t free; /* bytes, in whole pages */
} situations[] = {
	{ "nothing_reserved", { { MB(16), MB(64) } }, {}, MB(64) },
	{ "reserved_inside", { { MB(16), MB(64) } }, { { MB(20), MB(4) } }, MB(60) },
	{ "all_reserved", { { MB(16), MB(64) } }, { { MB(16), MB(64) } }, 0 },
	{ "two_regions", { { MB(16), MB(16) }, { MB(64), MB(16) } }, {}, MB(32) },
	{ "reserved_across_hole",
	  { { MB(16), MB(16) }, { MB(64), MB(16) } },
	  { { MB(30), MB(36) } },
	  MB(28) },
	{ "reserved_is_no_memory", { { MB(16), MB(64) } }, { { MB(96), MB(4) } }, MB(64) },
	{ "part_of_a_page_reserved", { { MB(16), MB(64) } }, { { MB(20), 1 } }, MB(64) - PAGE_SIZE },
	{ "parts_of_two_pages_reserved",
	  { { MB(16), MB(64) } },
	  { { MB(20) - 1, 2 } },
	  MB(64) - 2 * PAGE_SIZE },
	{ "memory_begins_in_a_page", { { MB(16) + 1, MB(64) - 1 } }, {}, MB(64) - PAGE_SIZE },
	{ "memory_ends_in_a_page", { { MB(16), MB(64) - 1 } }, {}, MB(64) - PAGE_SIZE },
	{ "nomap",
	  { { MB(16), MB(16) }, { MB(32), MB(16), 0, MEMBLOCK_NOMAP }, { MB(48), MB(16) } },
	  {},
	  MB(32) },
	{ "hotplug", { { MB(16), MB(16), 0, MEMBLOCK_HOTPLUG } }, {}, MB(16) },
};

KUNIT_ARRAY_PARAM_DESC(situation, situations, name);

static void situation_of(struct kunit *test)
{
	const struct situation *s = test->param_value;

	for (int i = 0; i < 3; i++)
		if (s->reserved[i].size)
			memblock_reserve(s->reserved[i].base, s->reserved[i].size);
	for (int i = 0; i < 3; i++) {
		struct span span = s->memory[i];

		if (span.size)
			suite_machine(test, &span, 1);
	}
	max_low_pfn = PFN_UP(MB(128));
	max_pfn = max_low_pfn;
}

static void pages(struct kunit *test)
{
	const struct situation *s = test->param_value;

	situation_of(test);
	memblock_free_all();
	KUNIT_EXPECT_EQ(test, atomic_long_read(&_totalram_pages), s->free >> PAGE_SHIFT);
}

static void regions_are_kept(struct kunit *test)
{
	const struct situation *s = test->param_value;
	struct span memory[3];

	situation_of(test);
	memblock_free_all();
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

#ifdef RT_HAVE_memblock_free_late
/* Whole pages of what was reserved come back; what a part of a page is, does not. */
static void late(struct kunit *test)
{
	unsigned long before;

	machine(test, { MB(16), MB(64) });
	memblock_reserve(MB(20), MB(8));
	max_low_pfn = PFN_UP(MB(128));
	max_pfn = max_low_pfn;
	memblock_free_all();
	before = atomic_long_read(&_totalram_pages);
	memblock_free_late(MB(20), MB(1));
	KUNIT_EXPECT_EQ(test, atomic_long_read(&_totalram_pages) - before, MB(1) >> PAGE_SHIFT);
	before = atomic_long_read(&_totalram_pages);
	memblock_free_late(MB(22) + 1, 2 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&_totalram_pages) - before, 1);
}
#else
SUITE_WITHOUT(late, memblock_free_late())
#endif

static struct kunit_case cases[] = { KUNIT_CASE_PARAM(pages, situation_gen_params),
				     KUNIT_CASE_PARAM(regions_are_kept, situation_gen_params),
				     KUNIT_CASE(late),
				     {} };
#else
SUITE_WITHOUT(pages, memblock_free_all() in memblock.c)

static struct kunit_case cases[] = { KUNIT_CASE(pages), {} };
#endif
static struct kunit_suite suite = { .name = "memblock_free_all", .test_cases = cases };

kunit_test_suite(suite);
