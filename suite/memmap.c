// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A flat memory map lies in memory, and has struct pages for the holes between memory, too. The
 * hand-over frees that part of it, except within a block of pages (pageblock) that has some memory.
 */
#include <linux/pfn.h>

#include "suite/handover.h"

#define PG ((phys_addr_t)PAGE_SIZE)

/* The memory map is at 64 MiB; where in it the struct page of an address is. */
#define MAP(address) (MB(64) + (address) / PAGE_SIZE * sizeof(struct page))

#if !defined(CONFIG_FLATMEM) || !defined(CONFIG_HAVE_ARCH_PFN_VALID)
#define WHY memory map with holes in this configuration
#elif !defined(RT_FREES_MEMMAP)
#define WHY free_unused_memmap()
#endif

#ifndef WHY
/* Up to 160 MiB; @offset is what a map is off that does not begin with a page, bytes. */
static void map(phys_addr_t offset)
{
	mem_map = __va(MB(64) + offset);
	memblock_reserve(MB(64) + offset, MAP(MB(160)) - MB(64));
	handover_low_memory(MB(256));
}

/*
 *	16  24      32        128     144   160 MiB
 *	|###|       |##########|       |#####|		memory
 *	    |#######|          |#######|		of the map, is freed
 */
static void holes(struct kunit *test)
{
	machine(test, { MB(16), MB(8) }, { MB(32), MB(96) }, { MB(144), MB(16) });
	map(0);
	handover();
	expect_reserved(test, { MB(64), MAP(MB(24)) - MB(64) },
			{ MAP(MB(32)), MAP(MB(128)) - MAP(MB(32)) },
			{ MAP(MB(144)), MAP(MB(160)) - MAP(MB(144)) });
	expect_freed(test, { MB(16), MB(8) }, { MB(32), MB(32) },
		     { MAP(MB(24)), MAP(MB(32)) - MAP(MB(24)) },
		     { MAP(MB(128)), MAP(MB(144)) - MAP(MB(128)) },
		     { MAP(MB(160)), MB(128) - MAP(MB(160)) }, { MB(144), MB(16) });
}

static void no_hole(struct kunit *test)
{
	machine(test, { MB(16), MB(48) }, { MB(64), MB(96), 0, MEMBLOCK_NOMAP });
	map(0);
	handover();
	expect_reserved(test, { MB(64), MAP(MB(160)) - MB(64) });
}

/* Blocks of pages that have a page of memory keep theirs. */
static void holes_within_pageblocks(struct kunit *test)
{
	machine(test, { MB(16), MB(8) + PG }, { MB(40) - PG, MB(88) + 2 * PG },
		{ MB(128) + 3 * PG, MB(32) - 3 * PG });
	map(0);
	handover();
	expect_reserved(test, { MB(64), MAP(MB(24) + pageblock_nr_pages * PG) - MB(64) },
			{ MAP(MB(40) - pageblock_nr_pages * PG),
			  MAP(MB(160)) - MAP(MB(40) - pageblock_nr_pages * PG) });
}

/* Only whole pages of the map can be freed. */
static void map_not_aligned(struct kunit *test)
{
	machine(test, { MB(16), MB(8) }, { MB(32), MB(128) });
	map(sizeof(struct page));
	handover();
	expect_reserved(test,
			{ MB(64) + sizeof(struct page),
			  MAP(MB(24)) + PG - MB(64) - sizeof(struct page) },
			{ MAP(MB(32)), MAP(MB(160)) + sizeof(struct page) - MAP(MB(32)) });
}
#else
SUITE_WITHOUT(holes, WHY)
SUITE_WITHOUT(no_hole, WHY)
SUITE_WITHOUT(holes_within_pageblocks, WHY)
SUITE_WITHOUT(map_not_aligned, WHY)
#endif

/* A virtual memory map has no struct pages for holes. */
static void virtual_map(struct kunit *test)
{
	if (IS_ENABLED(CONFIG_FLATMEM))
		kunit_skip(test, "the memory map is flat in this configuration");
	machine(test, { MB(16), MB(8) }, { MB(256), MB(16) });
	handover_low_memory(MB(512));
	handover();
	KUNIT_EXPECT_EQ(test, suite_count_events(RT_KMEMLEAK_FREE), 0);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(holes),	     KUNIT_CASE(no_hole),     KUNIT_CASE(holes_within_pageblocks),
	KUNIT_CASE(map_not_aligned), KUNIT_CASE(virtual_map), {}
};
static struct kunit_suite suite = { .name = "memblock_free_memmap", .test_cases = cases };

kunit_test_suite(suite);
