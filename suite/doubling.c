// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The arrays of regions grow when they are full. The new one is taken from memory, is reserved
 * itself, and must not be where the range is that made it grow; or it comes from slab.
 *
 *	16                    ...        192                    256 MiB
 *	|# # # # # # # # # # # #         | memory for the new array |
 */
#include "internal.h"
#include "suite/watch.h"

/* What fills an array: regions of 2 KiB, too small for an array, with gaps of 6 KiB. */
#define FILL(n) (MB(16) + (phys_addr_t)(n)*SZ_8K)
#define ROOM MB(192)

/* The list that grows, and in which direction memory for it is looked for. */
static const struct growth {
	const char *name;
	bool memory, bottom_up;
} growths[] = {
	{ "reserved/top_down", false, false },
	{ "reserved/bottom_up", false, true },
	{ "memory/top_down", true, false },
	{ "memory/bottom_up", true, true },
};

KUNIT_ARRAY_PARAM_DESC(growth, growths, name);

static const struct growth *growth_of(const struct kunit *test)
{
	return test->param_value;
}

static struct memblock_type *type_of(const struct kunit *test)
{
	return growth_of(test)->memory ? &memblock.memory : &memblock.reserved;
}

static int add(const struct kunit *test, phys_addr_t base, phys_addr_t size)
{
	return growth_of(test)->memory ? memblock_add(base, size) : memblock_reserve(base, size);
}

static int take(const struct kunit *test, phys_addr_t base, phys_addr_t size)
{
	return growth_of(test)->memory ? memblock_remove(base, size) : suite_free(base, size);
}

/* As many regions as there is room for but @spare, without growing. */
static void fill(struct kunit *test, unsigned long spare)
{
	struct memblock_type *type = type_of(test);
	unsigned long n = 0;

	while (type->cnt < type->max - spare)
		KUNIT_ASSERT_EQ(test, add(test, FILL(n++), SZ_2K), 0);
}

/* An array that is full, and memory for another one; growing is allowed. */
static void full(struct kunit *test)
{
	machine(test, { ROOM, MB(64) });
	memblock_set_bottom_up(growth_of(test)->bottom_up);
	fill(test, 0);
	memblock_allow_resize();
	suite_stands();
}

static phys_addr_t bytes_of_array(const struct memblock_type *type)
{
	return PAGE_ALIGN(type->max * sizeof(struct memblock_region));
}

static bool has_region(const struct memblock_type *type, phys_addr_t base, phys_addr_t size)
{
	for (unsigned long i = 0; i < type->cnt; i++)
		if (type->regions[i].base == base && type->regions[i].size == size)
			return true;
	return false;
}

/* All of FILL(0) to FILL(n - 1) are there; the regions are in order, and count. */
static void expect_filled(struct kunit *test, unsigned long n)
{
	const struct memblock_type *type = type_of(test);
	phys_addr_t total = 0, end = 0;
	unsigned long found = 0;

	for (unsigned long i = 0; i < type->cnt; i++) {
		const struct memblock_region *r = &type->regions[i];

		KUNIT_ASSERT_TRUE(test, r->base >= end, "region %lu is in order", i);
		end = r->base + r->size;
		total += r->size;
		found += found < n && r->base == FILL(found) && r->size == SZ_2K;
	}
	KUNIT_EXPECT_EQ(test, found, n);
	KUNIT_EXPECT_EQ(test, type->total_size, total);
}

/* The array is in memory that is reserved for it, and where allocations come from first. */
static void expect_array(struct kunit *test, const struct memblock_type *type)
{
	phys_addr_t size = bytes_of_array(type), array = __pa(type->regions);

	KUNIT_EXPECT_EQ(test, array, growth_of(test)->bottom_up ? ROOM : ROOM + MB(64) - size);
	KUNIT_EXPECT_TRUE(test, has_region(&memblock.reserved, array, size));
	KUNIT_EXPECT_EQ(test, type->regions[type->max - 1].size, 0);
}

/* One more region, below, between and above all that there are. */
static void every_position(struct kunit *test)
{
	struct memblock_type *type = type_of(test);
	unsigned long max = type->max, more = growth_of(test)->memory ? 1 : 2;
	struct memblock_region first;
	struct memblock before;

	full(test);
	before = memblock;
	first = memblock.reserved.regions[0];
	for (unsigned long n = 0; n <= max; n++) {
		phys_addr_t base = FILL(n) - 3 * SZ_1K;

		/* the array that was full is as it was, and so becomes memblock */
		memblock = before;
		memblock.reserved.regions[0] = first;
		KUNIT_ASSERT_EQ(test, add(test, base, SZ_2K), 0, "at %lu", n);
		KUNIT_ASSERT_TRUE(test, has_region(type, base, SZ_2K), "at %lu", n);
		KUNIT_ASSERT_EQ(test, type->max, 2 * max, "at %lu", n);
		KUNIT_ASSERT_EQ(test, type->cnt, max + more, "at %lu", n);
		expect_filled(test, max - growth_of(test)->memory);
		expect_array(test, type);
	}
}

/* What splits a region in three needs room for two. */
static void split(struct kunit *test)
{
	struct memblock_type *type = type_of(test);
	unsigned long max = type->max;

	full(test);
	KUNIT_ASSERT_EQ(test, take(test, FILL(3) + 512, SZ_1K), 0);
	KUNIT_EXPECT_EQ(test, type->max, 2 * max);
	KUNIT_EXPECT_TRUE(test, has_region(type, FILL(3), 512));
	KUNIT_EXPECT_TRUE(test, has_region(type, FILL(3) + 3 * 512, 512));
	expect_filled(test, 3);
	expect_array(test, type);
}

/* Where it fits, nothing grows, and need not be allowed to. */
static void last_that_fits(struct kunit *test)
{
	struct memblock_type *type = type_of(test);
	unsigned long max = type->max;

	machine(test, { ROOM, MB(64) });
	fill(test, 1);
	KUNIT_EXPECT_EQ(test, add(test, MB(8), SZ_4K), 0);
	KUNIT_EXPECT_EQ(test, type->cnt, max);
	/* is there already */
	KUNIT_EXPECT_EQ(test, add(test, MB(8) + SZ_1K, SZ_2K), 0);
	KUNIT_EXPECT_EQ(test, type->cnt, max);
	KUNIT_EXPECT_EQ(test, type->max, max);
}

static void last_split_that_fits(struct kunit *test)
{
	struct memblock_type *type = type_of(test);
	unsigned long max = type->max;

	machine(test, { ROOM, MB(64) });
	fill(test, 2);
	KUNIT_EXPECT_EQ(test, take(test, FILL(3) + 512, SZ_1K), 0);
	KUNIT_EXPECT_EQ(test, type->cnt, max - 1);
	KUNIT_EXPECT_EQ(test, type->max, max);
}

/* The array that is not needed any more is free; its successor is not. */
static void twice(struct kunit *test)
{
	struct memblock_type *type = type_of(test);
	unsigned long max = type->max;
	phys_addr_t first, first_size;

	full(test);
	KUNIT_ASSERT_EQ(test, add(test, MB(8), SZ_4K), 0);
	first = __pa(type->regions);
	first_size = bytes_of_array(type);
	take(test, MB(8), SZ_4K);
	fill(test, 0);
	suite_watch();
	KUNIT_ASSERT_EQ(test, add(test, MB(8), SZ_4K), 0);
	KUNIT_EXPECT_EQ(test, type->max, 4 * max);
	KUNIT_EXPECT_TRUE(test, has_region(type, MB(8), SZ_4K));
	KUNIT_EXPECT_TRUE(test, has_region(&memblock.reserved, __pa(type->regions),
					   bytes_of_array(type)));
	KUNIT_EXPECT_FALSE(test, memblock_is_region_reserved(first, first_size));
	KUNIT_ASSERT_EQ(test, suite_count_events(RT_KMEMLEAK_FREE), 1);
	KUNIT_EXPECT_EQ(test, suite_event(RT_KMEMLEAK_FREE, 0)->a, first);
	KUNIT_EXPECT_EQ(test, suite_event(RT_KMEMLEAK_FREE, 0)->b, first_size);
	expect_filled(test, max);
}

static void expect_unchanged(struct kunit *test, unsigned long max)
{
	struct memblock_type *type = type_of(test);

	KUNIT_EXPECT_EQ(test, type->max, max);
	KUNIT_EXPECT_EQ(test, type->cnt, max);
	expect_filled(test, max);
}

static void expect_refused(struct kunit *test, unsigned long max)
{
	char text[100];

	snprintf(text, sizeof(text),
		 "memblock: Failed to double %s array from %lu to %lu entries !",
		 type_of(test)->name, max, 2 * max);
	suite_watch();
	KUNIT_EXPECT_EQ(test, add(test, MB(8), SZ_4K), -ENOMEM);
	suite_expect_log(test, &SUITE_SITE("the log", "of failure"), text, true);
	expect_unchanged(test, max);
	suite_watch();
	KUNIT_EXPECT_EQ(test, take(test, FILL(3) + 512, SZ_1K), -ENOMEM);
	suite_expect_log(test, &SUITE_SITE("the log", "of failure"), text, true);
	expect_unchanged(test, max);
}

/* There is no memory, or only pieces that are too small. */
static void no_room(struct kunit *test)
{
	unsigned long max = type_of(test)->max;

	memblock_set_bottom_up(growth_of(test)->bottom_up);
	fill(test, 0);
	memblock_allow_resize();
	suite_stands();
	expect_refused(test, max);
	if (!growth_of(test)->memory)
		return;
	KUNIT_EXPECT_EQ(test, memblock_mark_hotplug(FILL(3) + 512, SZ_1K), -ENOMEM);
	if (IS_ENABLED(CONFIG_NUMA))
		KUNIT_EXPECT_EQ(test, suite_set_node(FILL(3) + 512, SZ_1K, 0), -ENOMEM);
	memblock_cap_memory_range(FILL(3) + 512, SZ_1K);
	expect_unchanged(test, max);
}

#ifdef RT_HAVE_memblock_phys_alloc_range
/* What cannot be reserved is not given. */
static void no_room_for_an_allocation(struct kunit *test)
{
	unsigned long max = type_of(test)->max;

	if (growth_of(test)->memory)
		kunit_skip(test, "only reserved regions are allocated");
	machine(test, { ROOM, PAGE_SIZE });
	memblock_set_bottom_up(growth_of(test)->bottom_up);
	fill(test, 0);
	memblock_allow_resize();
	KUNIT_EXPECT_EQ(test, memblock_phys_alloc_range(SZ_1K, 64, 0, 0), 0);
	KUNIT_EXPECT_NULL(test, memblock_alloc_try_nid_raw(SZ_1K, 64, 0, 0, 0));
	expect_unchanged(test, max);
}

#else
SUITE_WITHOUT(no_room_for_an_allocation, memblock_phys_alloc_range())
#endif

/* Newer kernels end here, with the name of the array; older ones refuse. */
static void not_allowed(struct kunit *test)
{
	unsigned long max = type_of(test)->max;
	char text[60];
	int ret;

	machine(test, { ROOM, MB(64) });
	fill(test, 0);
	suite_stands();
	snprintf(text, sizeof(text), "memblock: cannot resize %s array", type_of(test)->name);
	suite_must_end(RT_PANIC, text);
	ret = add(test, MB(8), SZ_4K);
	suite_may_end();
	KUNIT_EXPECT_EQ(test, ret, -ENOMEM);
	KUNIT_EXPECT_EQ(test, type_of(test)->max, max);
	KUNIT_EXPECT_EQ(test, type_of(test)->cnt, max);
}

/* A range of another node around all that there are needs more than twice the room. */
static void several_times_at_once(struct kunit *test)
{
	struct memblock_type *type = type_of(test);
	unsigned long max = type->max;

	if (!growth_of(test)->memory || !IS_ENABLED(CONFIG_NUMA))
		kunit_skip(test, "only memory has nodes, with CONFIG_NUMA");
	full(test);
	KUNIT_ASSERT_EQ(test, suite_add_node(MB(8), MB(300), 1, 0), 0);
	KUNIT_EXPECT_EQ(test, type->max, 4 * max);
	KUNIT_EXPECT_EQ(test, type->cnt, 2 * max + 1);
	KUNIT_EXPECT_EQ(test, memblock_phys_mem_size(), MB(300));
	KUNIT_EXPECT_EQ(test, memblock.reserved.total_size, bytes_of_array(type));
	expect_filled(test, max - 1);
}

/*
 * What is to be reserved is all memory, but for some pages below and above it:
 *
 *	192 MiB                                256 MiB
 *	|below|<------ to be reserved ------>|above|
 */
static const struct around {
	const char *name;
	bool below, above; /* as much as the array needs, or a page less */
	bool bottom_up;
} arounds[] = {
	{ "below/top_down", true, false, false },    { "below/bottom_up", true, false, true },
	{ "above/top_down", false, true, false },    { "above/bottom_up", false, true, true },
	{ "neither/top_down", false, false, false }, { "neither/bottom_up", false, false, true },
};

KUNIT_ARRAY_PARAM_DESC(around, arounds, name);

static void fill_reserved(struct kunit *test)
{
	for (int n = 0; memblock.reserved.cnt < memblock.reserved.max; n++)
		KUNIT_ASSERT_EQ(test, memblock_reserve(FILL(n), SZ_2K), 0);
	memblock_allow_resize();
	suite_stands();
}

static phys_addr_t doubled_size(void)
{
	return PAGE_ALIGN(2 * memblock.reserved.max * sizeof(struct memblock_region));
}

static void avoids_the_range(struct kunit *test)
{
	const struct around *a = test->param_value;
	const phys_addr_t array = doubled_size(), less = array - PAGE_SIZE;
	const phys_addr_t base = ROOM + (a->below ? array : less);
	const phys_addr_t end = ROOM + MB(64) - (a->above ? array : less);
	int ret;

	machine(test, { ROOM, MB(64) });
	memblock_set_bottom_up(a->bottom_up);
	fill_reserved(test);
	ret = memblock_reserve(base, end - base);
	KUNIT_EXPECT_EQ(test, ret, a->below || a->above ? 0 : -ENOMEM);
	if (ret)
		return;
	KUNIT_EXPECT_EQ(test, __pa(memblock.reserved.regions), a->below ? ROOM : end);
	KUNIT_EXPECT_TRUE(test, memblock_is_region_reserved(base, end - base));
	KUNIT_EXPECT_TRUE(test, memblock_is_reserved(a->below ? ROOM : end));
	KUNIT_EXPECT_EQ(test, memblock_reserved_size(),
			memblock.reserved.max / 2 * SZ_2K + end - base + array);
}

/* Nor may it be in a range that is being freed, of which it would be a part. */
static void avoids_the_range_that_is_freed(struct kunit *test)
{
	const phys_addr_t array = doubled_size();

	machine(test, { ROOM, MB(64) });
	suite_direction(test);
	fill_reserved(test);
	KUNIT_ASSERT_EQ(test, suite_free(ROOM + array, MB(64) - array), 0);
	KUNIT_EXPECT_EQ(test, __pa(memblock.reserved.regions), ROOM);
	KUNIT_EXPECT_TRUE(test, memblock_is_reserved(ROOM));
}

/* Below the range, and below the limit of what is accessible. */
static void below_the_limit(struct kunit *test)
{
	const phys_addr_t array = doubled_size();

	machine(test, { ROOM, MB(64) });
	suite_direction(test);
	fill_reserved(test);
	memblock_set_current_limit(ROOM + array);
	KUNIT_ASSERT_EQ(test, memblock_reserve(ROOM + MB(32), MB(32)), 0);
	KUNIT_EXPECT_EQ(test, __pa(memblock.reserved.regions), ROOM);
}

static void all_above_the_limit(struct kunit *test)
{
	machine(test, { ROOM, MB(64) });
	suite_direction(test);
	fill_reserved(test);
	memblock_set_current_limit(ROOM + doubled_size() - 1);
	KUNIT_EXPECT_EQ(test, memblock_reserve(ROOM + MB(32), MB(1)), -ENOMEM);
	memblock_set_current_limit(ROOM);
	KUNIT_EXPECT_EQ(test, memblock_reserve(ROOM + MB(32), MB(1)), -ENOMEM);
	KUNIT_EXPECT_FALSE(test, memblock_is_region_reserved(ROOM, MB(64)));
}

/* Mirrored memory is taken first for it, too; what lacks is told of. */
static void mirrored(struct kunit *test)
{
	char text[100];
	phys_addr_t array = doubled_size();

	mirrored_kernelcore = true;
	machine(test, { ROOM, MB(64) });
	suite_direction(test);
	KUNIT_ASSERT_EQ(test, memblock_mark_mirror(ROOM + MB(8), array), 0);
	fill_reserved(test);
	suite_watch();
	KUNIT_ASSERT_EQ(test, memblock_reserve(MB(8), SZ_4K), 0);
	KUNIT_EXPECT_EQ(test, __pa(memblock.reserved.regions), ROOM + MB(8));
	expect_not_in_log(test, "mirrored memory");
	for (int n = 0; memblock.reserved.cnt < memblock.reserved.max; n++)
		KUNIT_ASSERT_EQ(test, memblock_reserve(MB(32) + n * SZ_8K, SZ_4K), 0);
	array = doubled_size();
	KUNIT_ASSERT_EQ(test, memblock_reserve(MB(9), SZ_4K), 0);
	KUNIT_EXPECT_EQ(test, __pa(memblock.reserved.regions),
			memblock_bottom_up() ? ROOM : ROOM + MB(64) - array);
	snprintf(text, sizeof(text), "Could not allocate %pap bytes of mirrored memory", &array);
	suite_expect_log(test, &SUITE_SITE("the log", "of mirrored memory"), text, true);
}

static void told_when_debugging(struct kunit *test)
{
	struct memblock_type *type = type_of(test);
	phys_addr_t array, last;
	char text[120];

	full(test);
	suite_param(test, "memblock", "debug");
	suite_watch();
	KUNIT_ASSERT_EQ(test, add(test, MB(8), SZ_4K), 0);
	array = __pa(type->regions);
	last = array + type->max * sizeof(struct memblock_region) - 1;
	snprintf(text, sizeof(text), "memblock: %s is doubled to %lu at [%pa-%pa]\n", type->name,
		 type->max, &array, &last);
	suite_expect_log(test, &SUITE_SITE("the log", "of doubling"), text, true);
}

static void memory_is_accepted(struct kunit *test)
{
#ifdef RT_HAVE_accept_memory
	const struct watched *accepted;

	full(test);
	suite_watch();
	KUNIT_ASSERT_EQ(test, add(test, MB(8), SZ_4K), 0);
	accepted = suite_event(RT_ACCEPT_MEMORY, 0);
	KUNIT_ASSERT_NOT_NULL(test, accepted);
	KUNIT_EXPECT_EQ(test, accepted->a, __pa(type_of(test)->regions));
	KUNIT_EXPECT_EQ(test, accepted->b, bytes_of_array(type_of(test)));
#else
	kunit_skip(test, "this kernel accepts no memory");
#endif
}

/* Of half as many regions as there is room for, one more than fits can become. */
static void around_half_as_many(struct kunit *test)
{
	unsigned long max = memblock.memory.max;

	suite_needs_nodes(test);
	machine(test, { ROOM, MB(64) });
	memblock_allow_resize();
	for (int n = 0; memblock.memory.cnt < max / 2; n++)
		memblock_add(FILL(n), SZ_2K);
	KUNIT_EXPECT_EQ(test, suite_add_node(MB(8), MB(300), 1, 0), 0);
	KUNIT_EXPECT_EQ(test, memblock.memory.cnt, max + 1);
}

#define GROWTH(fn) KUNIT_CASE_PARAM(fn, growth_gen_params)

static struct kunit_case cases[] = { GROWTH(every_position),
				     GROWTH(split),
				     GROWTH(last_that_fits),
				     GROWTH(last_split_that_fits),
				     GROWTH(twice),
				     GROWTH(no_room),
				     GROWTH(no_room_for_an_allocation),
				     GROWTH(not_allowed),
				     GROWTH(several_times_at_once),
				     KUNIT_CASE(around_half_as_many),
				     KUNIT_CASE_PARAM(avoids_the_range, around_gen_params),
				     KUNIT_CASE_PARAM(avoids_the_range_that_is_freed,
						      direction_gen_params),
				     KUNIT_CASE_PARAM(below_the_limit, direction_gen_params),
				     KUNIT_CASE_PARAM(all_above_the_limit, direction_gen_params),
				     KUNIT_CASE_PARAM(mirrored, direction_gen_params),
				     GROWTH(told_when_debugging),
				     GROWTH(memory_is_accepted),
				     {} };
static struct kunit_suite suite = { .name = "memblock_double_array", .test_cases = cases };

kunit_test_suite(suite);
