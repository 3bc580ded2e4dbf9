// SPDX-License-Identifier: GPL-2.0-or-later
/* What is freed when the page allocator is there already. */
#include <linux/pfn.h>
#include <linux/string.h>

#include "kernel/rt/rt.h"
#include "suite/handover.h"

#define PG ((phys_addr_t)PAGE_SIZE)

/*
 * Memory that was reserved during the hand-over, and is given back afterwards:
 *
 *	16   20                     64 MiB
 *	|    |##########|           |
 */
static void situation(struct kunit *test)
{
	machine(test, { MB(16), MB(48) });
	memblock_reserve(MB(20), MB(8));
	handover_low_memory(MB(64));
	handover();
	rt_slab_available = true;
	suite_watch();
}

/* Only whole pages of it can be given. */
static const struct piece {
	const char *name;
	struct span range, pages;
} pieces[] = {
	{ "page", { MB(20), PAGE_SIZE }, { MB(20), PAGE_SIZE } },
	{ "pages", { MB(21), MB(1) }, { MB(21), MB(1) } },
	{ "odd_page", { MB(20) + PAGE_SIZE, 3 * PAGE_SIZE }, { MB(20) + PAGE_SIZE, 3 * PAGE_SIZE } },
	{ "begins_in_a_page", { MB(20) + 1, 2 * PAGE_SIZE - 1 }, { MB(20) + PAGE_SIZE, PAGE_SIZE } },
	{ "ends_in_a_page", { MB(20), 2 * PAGE_SIZE - 1 }, { MB(20), PAGE_SIZE } },
	{ "around_a_page", { MB(21) - 1, PAGE_SIZE + 2 }, { MB(21), PAGE_SIZE } },
	{ "less_than_a_page", { MB(20), PAGE_SIZE - 1 }, { 0, 0 } },
	{ "across_a_border", { MB(20) + 1, PAGE_SIZE }, { 0, 0 } },
};

KUNIT_ARRAY_PARAM_DESC(piece, pieces, name);

static void expect_piece(struct kunit *test, const struct piece *p, unsigned long before)
{
	handover_expect_pages(test, &SUITE_SITE("pages", "those of the range"), &p->pages, 1);
	KUNIT_EXPECT_EQ(test, handover_total_pages() - before, p->pages.size >> PAGE_SHIFT);
}

#ifdef RT_HAVE_memblock_free_late
static void late_is_told(struct kunit *test)
{
	const phys_addr_t first = MB(20), last = MB(21) - 1;
	char text[80];

	situation(test);
	suite_param(test, "memblock", "debug");
	memblock_free_late(MB(20), MB(1));
	snprintf(text, sizeof(text), "memblock_free_late: [%pa-%pa] ", &first, &last);
	suite_expect_log(test, &SUITE_SITE("the log", "of the call"), text, true);
}
#else
SUITE_WITHOUT(late_is_told, memblock_free_late())
#endif

#if defined(RT_HAVE_memblock_free_late) || defined(RT_HAVE___memblock_free_late)
static void late(struct kunit *test)
{
	const struct piece *p = test->param_value;
	unsigned long before;

	situation(test);
	before = handover_total_pages();
#ifdef RT_HAVE_memblock_free_late
	memblock_free_late(p->range.base, p->range.size);
#else
	__memblock_free_late(p->range.base, p->range.size);
#endif
	expect_piece(test, p, before);
	/* kmemleak forgets it */
	KUNIT_ASSERT_EQ(test, suite_count_events(RT_KMEMLEAK_FREE), 1);
	KUNIT_EXPECT_EQ(test, suite_event(RT_KMEMLEAK_FREE, 0)->a, p->range.base);
	KUNIT_EXPECT_EQ(test, suite_event(RT_KMEMLEAK_FREE, 0)->b, p->range.size);
	expect_reserved(test, { MB(20), MB(8) });
}
#else
SUITE_WITHOUT(late, memblock_free_late())
#endif

#ifdef RT_FREES_LATE
/* Newer kernels have one function for early and late. */
static void by_address(struct kunit *test)
{
	const struct piece *p = test->param_value;
	unsigned long before;

	situation(test);
	memset(__va(MB(20)), 0x5a, 4 * PAGE_SIZE);
	before = handover_total_pages();
	KUNIT_EXPECT_EQ(test, memblock_phys_free(p->range.base, p->range.size), 0);
	expect_piece(test, p, before);
	KUNIT_EXPECT_EQ(test, *(unsigned char *)__va(MB(20) + PAGE_SIZE), 0x5a);
	/* who keeps memblock keeps it up to date */
	KUNIT_EXPECT_EQ(test, !!memblock_is_reserved(p->range.base),
			!IS_ENABLED(CONFIG_ARCH_KEEP_MEMBLOCK));
	KUNIT_EXPECT_TRUE(test, memblock_is_reserved(p->range.base + p->range.size));
}

static void by_pointer(struct kunit *test)
{
	situation(test);
	memblock_free(__va(MB(21)), MB(1));
	expect_pages(test, { MB(21), MB(1) });
	memblock_free(NULL, MB(1));
	expect_pages(test, { MB(21), MB(1) });
}

/* Early, nothing goes to a page allocator that there is not. */
static void by_address_early(struct kunit *test)
{
	machine(test, { MB(16), MB(48) });
	memblock_reserve(MB(20), MB(8));
	suite_watch();
	KUNIT_EXPECT_EQ(test, memblock_phys_free(MB(21), MB(1)), 0);
	expect_pages(test, NOTHING);
	expect_reserved(test, { MB(20), MB(1) }, { MB(22), MB(6) });
}

/* A page that is not initialised yet must not be freed. */
static void before_pages_are_initialised(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_DEFERRED_STRUCT_PAGE_INIT))
		kunit_skip(test, "all pages are initialised in this configuration");
	situation(test);
	rt_deferred_pages = true;
	memblock_phys_free(MB(21), MB(1));
	expect_pages(test, NOTHING);
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_WARN), 1);
}

static void range_with_hole(struct kunit *test)
{
	machine(test, { MB(16), MB(16) }, { MB(48), MB(16) });
	memblock_reserve(MB(31), MB(18));
	rt_slab_available = true;
	suite_watch();
	memblock_phys_free(MB(31), MB(18));
	expect_pages(test, { MB(31), MB(1) }, { MB(48), MB(1) });
}
#else
SUITE_WITHOUT(by_address, memblock_phys_free() for the page allocator)
SUITE_WITHOUT(by_pointer, memblock_free() for the page allocator)
SUITE_WITHOUT(by_address_early, memblock_phys_free() for the page allocator)
SUITE_WITHOUT(before_pages_are_initialised, memblock_phys_free() for the page allocator)
SUITE_WITHOUT(range_with_hole, memblock_phys_free() for the page allocator)
#endif

static const struct poison {
	const char *name;
	int poison;
	unsigned char first; /* of what was 0x5a */
} poisons[] = {
	{ "none", -1, 0x5a },
	{ "zero", 0, 0 },
	{ "byte", 0xcc, 0xcc },
	{ "largest", 0xff, 0xff },
	{ "none_positive", 0x100, 0x5a },
};

KUNIT_ARRAY_PARAM_DESC(poison, poisons, name);

/* memblock.c's in newer kernels. */
#ifdef RT_HAVE_FREE_RESERVED_AREA

static void area(struct kunit *test)
{
	const struct poison *p = test->param_value;
	unsigned char *at = __va(MB(21));

	situation(test);
	memset(__va(MB(21) - PG), 0x5a, 4 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, free_reserved_area(at, at + 2 * PAGE_SIZE, p->poison, "old"), 2);
	expect_pages(test, { MB(21), 2 * PG });
	KUNIT_EXPECT_EQ(test, at[-1], 0x5a);
	KUNIT_EXPECT_EQ(test, at[0], p->first);
	KUNIT_EXPECT_EQ(test, at[2 * PAGE_SIZE - 1], p->first);
	KUNIT_EXPECT_EQ(test, at[2 * PAGE_SIZE], 0x5a);
	expect_log(test, "Freeing old memory: ");
	KUNIT_EXPECT_EQ(test, !!memblock_is_reserved(MB(21)),
			!IS_ENABLED(CONFIG_ARCH_KEEP_MEMBLOCK));
	KUNIT_EXPECT_EQ(test, !!memblock_is_reserved(MB(21) + 2 * PG - 1),
			!IS_ENABLED(CONFIG_ARCH_KEEP_MEMBLOCK));
	KUNIT_EXPECT_TRUE(test, memblock_is_reserved(MB(21) - 1));
	KUNIT_EXPECT_TRUE(test, memblock_is_reserved(MB(21) + 2 * PG));
}

static void area_in_kib(struct kunit *test)
{
	situation(test);
	free_reserved_area(__va(MB(21)), __va(MB(22)), -1, "old");
	expect_log(test, "Freeing old memory: 1024K");
}

static void area_without_name(struct kunit *test)
{
	situation(test);
	KUNIT_EXPECT_EQ(test, free_reserved_area(__va(MB(21)), __va(MB(22)), -1, NULL),
			MB(1) >> PAGE_SHIFT);
	expect_not_in_log(test, "Freeing");
}

static void area_of_parts_of_pages(struct kunit *test)
{
	situation(test);
	KUNIT_EXPECT_EQ(test,
			free_reserved_area(__va(MB(21) + 1), __va(MB(21) + 3 * PG - 1), -1, "old"),
			1);
	expect_pages(test, { MB(21) + PG, PG });
}

static void area_is_empty(struct kunit *test)
{
	situation(test);
	KUNIT_EXPECT_EQ(test, free_reserved_area(__va(MB(21)), __va(MB(21)), -1, "old"), 0);
	expect_pages(test, NOTHING);
	expect_not_in_log(test, "Freeing");
	expect_reserved_bytes(test, { MB(20), MB(8) });
}
#else
SUITE_WITHOUT(area, free_reserved_area() in memblock.c)
SUITE_WITHOUT(area_in_kib, free_reserved_area() in memblock.c)
SUITE_WITHOUT(area_without_name, free_reserved_area() in memblock.c)
SUITE_WITHOUT(area_of_parts_of_pages, free_reserved_area() in memblock.c)
SUITE_WITHOUT(area_is_empty, free_reserved_area() in memblock.c)
#endif

static struct kunit_case cases[] = { KUNIT_CASE(late_is_told),
				     KUNIT_CASE_PARAM(late, piece_gen_params),
				     KUNIT_CASE_PARAM(by_address, piece_gen_params),
				     KUNIT_CASE(by_pointer),
				     KUNIT_CASE(by_address_early),
				     KUNIT_CASE(before_pages_are_initialised),
				     KUNIT_CASE(range_with_hole),
				     KUNIT_CASE_PARAM(area, poison_gen_params),
				     KUNIT_CASE(area_in_kib),
				     KUNIT_CASE(area_without_name),
				     KUNIT_CASE(area_of_parts_of_pages),
				     KUNIT_CASE(area_is_empty),
				     {} };
static struct kunit_suite suite = { .name = "memblock_free_late", .test_cases = cases };

kunit_test_suite(suite);
