// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The hand-over gives free pages in the largest blocks that there are: aligned to their size, and
 * of the largest order at most.
 */
#include <linux/pfn.h>

#include "suite/handover.h"

#define MAX_PAGES MAX_ORDER_NR_PAGES

/* Page frames; the window of 32-bit addresses is large enough for them. */
static const struct stretch {
	const char *name;
	unsigned long start, nr;
} stretches[] = {
	{ "one_page", 16, 1 },
	{ "one_page_odd", 17, 1 },
	{ "two_pages", 16, 2 },
	{ "two_pages_odd", 17, 2 },
	{ "largest", MAX_PAGES, MAX_PAGES },
	{ "largest_but_one_page", MAX_PAGES, MAX_PAGES - 1 },
	{ "largest_and_one_page", MAX_PAGES, MAX_PAGES + 1 },
	{ "largest_odd", MAX_PAGES + 1, MAX_PAGES },
	{ "page_before_largest", MAX_PAGES - 1, MAX_PAGES + 1 },
	{ "page_before_and_behind_largest", MAX_PAGES - 1, MAX_PAGES + 2 },
	{ "two_largest", MAX_PAGES, 2 * MAX_PAGES },
	{ "two_largest_half_off", MAX_PAGES + MAX_PAGES / 2, 2 * MAX_PAGES },
	{ "half_of_largest", MAX_PAGES, MAX_PAGES / 2 },
	{ "half_of_largest_off", MAX_PAGES + MAX_PAGES / 2, MAX_PAGES / 2 },
	{ "ladder_up", MAX_PAGES + 1, MAX_PAGES - 1 },
	{ "ladder_up_and_down", MAX_PAGES + 1, 2 * MAX_PAGES - 2 },
};

KUNIT_ARRAY_PARAM_DESC(stretch, stretches, name);

static void expect_blocks(struct kunit *test, unsigned long start, unsigned long nr)
{
	machine(test, { PFN_PHYS(start), PFN_PHYS(nr) });
	max_low_pfn = start + nr;
	handover();
	expect_freed(test, { PFN_PHYS(start), PFN_PHYS(nr) });
	KUNIT_EXPECT_EQ(test, handover_total_pages(), nr);
}

static void alone(struct kunit *test)
{
	const struct stretch *s = test->param_value;

	expect_blocks(test, s->start, s->nr);
}

/* Page frame 0 is aligned to every order. */
static const struct from_zero {
	const char *name;
	unsigned long nr;
} from_zeroes[] = {
	{ "one_page", 1 },
	{ "three_pages", 3 },
	{ "largest", MAX_PAGES },
	{ "largest_and_one_page", MAX_PAGES + 1 },
	{ "largest_but_one_page", MAX_PAGES - 1 },
};

KUNIT_ARRAY_PARAM_DESC(from_zero, from_zeroes, name);

static void from_address_zero(struct kunit *test)
{
	const struct from_zero *f = test->param_value;

	expect_blocks(test, 0, f->nr);
}

/*
 * Every length up to 11 pages at an offset of 0 to 16 pages from where blocks of 32 pages begin:
 *
 *	0               32              64
 *	|    #           |   ##          |   ###
 *	  ^ offset          ^              ^
 */
static void number_desc(const unsigned char *n, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%u", *n);
}

/* The order that page frame 0 is aligned to cannot be told by its first bit, as it has none. */
static void no_first_bit_of_zero(struct kunit *test)
{
	machine(test, { 0, MB(64) });
	handover_low_memory(MB(64));
	handover();
	KUNIT_EXPECT_EQ(test, rt_ffs_of_nothing, 0);
}

static const unsigned char offsets[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 15, 16 };

KUNIT_ARRAY_PARAM(offset, offsets, number_desc);

#define MAX_LENGTH 11

static void short_from_offset(struct kunit *test)
{
	unsigned long offset = *(const unsigned char *)test->param_value, pages = 0;
	struct span spans[MAX_LENGTH];

	for (unsigned long i = 0; i < MAX_LENGTH; i++) {
		spans[i] = (struct span){ PFN_PHYS(MAX_PAGES + 32 * i + offset), PFN_PHYS(i + 1) };
		pages += i + 1;
	}
	suite_machine(test, spans, MAX_LENGTH);
	max_low_pfn = MAX_PAGES + 32 * (MAX_LENGTH + 1);
	handover();
	handover_expect_freed(test, &SUITE_SITE("freed", "in these blocks"), spans, MAX_LENGTH);
	KUNIT_EXPECT_EQ(test, handover_total_pages(), pages);
}

static struct kunit_case cases[] = { KUNIT_CASE_PARAM(alone, stretch_gen_params),
				     KUNIT_CASE_PARAM(from_address_zero, from_zero_gen_params),
				     KUNIT_CASE(no_first_bit_of_zero),
				     KUNIT_CASE_PARAM(short_from_offset, offset_gen_params),
				     {} };
static struct kunit_suite suite = { .name = "memblock_free_orders", .test_cases = cases };

kunit_test_suite(suite);
