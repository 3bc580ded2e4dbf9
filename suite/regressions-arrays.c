// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where the arrays of regions are put when they grow, in situations in which kernels put them where
 * they must not be: in what is being taken away, in what is being reserved, over each other.
 */
#include "suite/watch.h"

/* Regions of a page that are too small, or too badly aligned, for any array. */
static const phys_addr_t step = SZ_256K;
static const phys_addr_t far = MB(512);

static void fill_memory(struct kunit *test)
{
	static phys_addr_t next;

	if (memblock.memory.cnt < 2)
		next = far;
	for (; memblock.memory.cnt < memblock.memory.max; next += step) {
		suite_ram(next + SZ_1K, SZ_2K);
		KUNIT_ASSERT_EQ(test, memblock_add(next + SZ_1K, SZ_2K), 0);
	}
}

static void fill_reserved(struct kunit *test, phys_addr_t from)
{
	for (; memblock.reserved.cnt < memblock.reserved.max; from += SZ_2K)
		KUNIT_ASSERT_EQ(test, memblock_reserve(from, SZ_1K), 0);
}

static phys_addr_t bytes_of(const struct memblock_type *type)
{
	return type->max * sizeof(struct memblock_region);
}

static bool overlap(phys_addr_t base1, phys_addr_t size1, phys_addr_t base2, phys_addr_t size2)
{
	return base1 < base2 + size2 && base2 < base1 + size1;
}

/* Takes 16 to 144 MiB, or 144 to 272 MiB, away from what the kernel may use. */
static void take_by_remove(phys_addr_t base)
{
	memblock_remove(base, MB(128));
}

static void take_by_mark_nomap(phys_addr_t base)
{
	memblock_mark_nomap(base, MB(128));
}

static void take_by_cap(phys_addr_t base)
{
	memblock_cap_memory_range(base == MB(16) ? MB(144) : MB(16), MB(128));
}

static const struct taker {
	const char *name;
	void (*take)(phys_addr_t base);
	bool bottom_up;
} takers[] = {
	{ "memblock_remove/top_down", take_by_remove, false },
	{ "memblock_remove/bottom_up", take_by_remove, true },
	{ "memblock_mark_nomap/top_down", take_by_mark_nomap, false },
	{ "memblock_mark_nomap/bottom_up", take_by_mark_nomap, true },
	{ "memblock_cap_memory_range/top_down", take_by_cap, false },
	{ "memblock_cap_memory_range/bottom_up", take_by_cap, true },
};

KUNIT_ARRAY_PARAM_DESC(taker, takers, name);

/*
 * To cut regions at the borders of a range, memblock wants room for two more, and doubles an array
 * that is full. That of memory regions is put wherever there is room, also into the range that is
 * taken away: the array is then where no memory is, or none that is mapped. Not mended.
 */
static void stay_in_memory(struct kunit *test)
{
	const struct taker *t = test->param_value;
	const struct memblock_region *before;
	phys_addr_t array;

	machine(test, { MB(16), MB(256) });
	memblock_set_bottom_up(t->bottom_up);
	memblock_allow_resize();
	fill_memory(test);
	before = memblock.memory.regions;
	suite_stands();
	t->take(t->bottom_up ? MB(16) : MB(144));
	KUNIT_EXPECT_FALSE(test, memblock_is_map_memory(t->bottom_up ? MB(16) : MB(144)));
	KUNIT_EXPECT_TRUE(test, memblock_is_map_memory(t->bottom_up ? MB(144) : MB(16)));
	if (memblock.memory.regions == before)
		return;
	array = __pa(memblock.memory.regions);
	KUNIT_EXPECT_TRUE(test, memblock_is_map_memory(array), "the array is at %#llx", (u64)array);
	KUNIT_EXPECT_TRUE(test, memblock_is_reserved(array), "the array is at %#llx", (u64)array);
}

/*
 * A reservation that needs a larger array keeps it out of its own range: it looks above, then below.
 * Below a range that begins with the first byte is nothing; but an upper limit of 0 says to the
 * search that there is none, and it finds room in the range itself. Not mended.
 */
static void avoid_a_range_from_zero(struct kunit *test)
{
	const struct memblock_region *before;
	phys_addr_t array;

	machine(test, { 0, MB(64) });
	suite_direction(test);
	memblock_allow_resize();
	KUNIT_ASSERT_EQ(test, memblock_reserve(MB(32), MB(32)), 0);
	fill_reserved(test, MB(8));
	before = memblock.reserved.regions;
	suite_stands();
	/* no array fits anywhere else; whether it is refused, or done without one, is not the point */
	memblock_reserve(0, MB(32));
	if (memblock.reserved.regions == before)
		return;
	array = __pa(memblock.reserved.regions);
	KUNIT_EXPECT_FALSE(test, overlap(array, bytes_of(&memblock.reserved), 0, MB(32)),
			   "the array is at %#llx", (u64)array);
}

/*
 * When the array of memory regions grows for the second time, the first copy is given back before the
 * second one is reserved. If the array of reserved regions is full just then, it grows on that
 * occasion, and finds the room of the second copy free: both lists share an array's memory, and
 * overwrite each other. Not mended.
 */
static void keep_apart(struct kunit *test)
{
	phys_addr_t memory, reserved;
	unsigned long cnt;

	machine(test, { MB(16), MB(256) });
	suite_direction(test);
	memblock_allow_resize();
	fill_memory(test);
	suite_ram(MB(384), SZ_2K);
	KUNIT_ASSERT_EQ(test, memblock_add(MB(384), SZ_2K), 0);
	fill_memory(test);
	fill_reserved(test, MB(64));
	cnt = memblock.memory.cnt;
	suite_stands();
	suite_ram(MB(400), SZ_2K);
	KUNIT_EXPECT_EQ(test, memblock_add(MB(400), SZ_2K), 0);
	memory = __pa(memblock.memory.regions);
	reserved = __pa(memblock.reserved.regions);
	KUNIT_EXPECT_FALSE(test,
			   overlap(memory, bytes_of(&memblock.memory), reserved,
				   bytes_of(&memblock.reserved)),
			   "memory's array is at %#llx, that of what is reserved at %#llx",
			   (u64)memory, (u64)reserved);
	KUNIT_EXPECT_EQ(test, memblock.memory.cnt, cnt + 1);
	KUNIT_EXPECT_TRUE(test, memblock_is_memory(MB(400)));
	KUNIT_EXPECT_TRUE(test, memblock_is_reserved(memory));
}

#if defined(CONFIG_HAVE_MEMBLOCK_PHYS_MAP) && defined(RT_HAVE_for_each_physmem_range)
extern struct memblock_type physmem;

/*
 * The first array of each list is the kernel's own, and is not given back when a larger one takes its
 * place. memblock knows that of two lists; the third one's array, physmem's, it gives back as if it
 * had been allocated: part of the kernel's image is no longer reserved. Not mended.
 */
static void physmem_keeps_the_image(struct kunit *test)
{
	phys_addr_t image = __pa(physmem.regions), size = PAGE_ALIGN(bytes_of(&physmem));

	machine(test, { MB(16), MB(64) });
	memblock_allow_resize();
	KUNIT_ASSERT_EQ(test, memblock_reserve(image, size), 0);
	suite_stands();
	for (phys_addr_t base = MB(16); physmem.cnt < physmem.max; base += MB(2))
		KUNIT_ASSERT_EQ(test, memblock_physmem_add(base, MB(1)), 0);
	KUNIT_EXPECT_EQ(test, memblock_physmem_add(MB(64), MB(1)), 0);
	KUNIT_EXPECT_TRUE(test, memblock_is_reserved(image));
	KUNIT_EXPECT_TRUE(test, memblock_is_reserved(image + size - 1));
}
#else
SUITE_WITHOUT(physmem_keeps_the_image, physmem in this configuration)
#endif

static struct kunit_case cases[] = { KUNIT_CASE_PARAM(stay_in_memory, taker_gen_params),
				     KUNIT_CASE_PARAM(avoid_a_range_from_zero,
						      direction_gen_params),
				     KUNIT_CASE_PARAM(keep_apart, direction_gen_params),
				     KUNIT_CASE(physmem_keeps_the_image),
				     {} };
static struct kunit_suite suite = { .name = "memblock_arrays", .test_cases = cases };

kunit_test_suite(suite);
