// SPDX-License-Identifier: GPL-2.0-or-later
/* Simulated memory that is filled: what is read where, whenever it is touched. */
#include "engine/internal.h"
#include "kunit/test.h"

#define START (16ULL << 20)
#define SIZE (1ULL << 20)
#define END (START + SIZE)

/* The byte at @pa, which is touched as kernel code does it. */
static int byte_at(struct memory *m, uint64_t pa)
{
	memory_fault(m, memory_window(m) + pa);
	return *(volatile unsigned char *)(memory_window(m) + pa);
}

static struct memory *new_memory(struct kunit *test)
{
	struct error err = { 0 };
	struct memory *m = memory_new(&err);

	KUNIT_ASSERT_NOT_NULL(test, m);
	memory_add_ram(m, (struct range){ START - SIZE, END + SIZE });
	return m;
}

static void fresh(struct kunit *test)
{
	struct memory *m = new_memory(test);

	memory_fill(m, START, SIZE, 0x5a);
	KUNIT_EXPECT_EQ(test, byte_at(m, START - 1), ENGINE_POISON);
	KUNIT_EXPECT_EQ(test, byte_at(m, START), 0x5a);
	KUNIT_EXPECT_EQ(test, byte_at(m, START + SIZE / 2), 0x5a);
	KUNIT_EXPECT_EQ(test, byte_at(m, END - 1), 0x5a);
	KUNIT_EXPECT_EQ(test, byte_at(m, END), ENGINE_POISON);
	memory_free(m);
}

/* Pages are touched in sequence, from before what is filled to behind it. */
static void in_sequence(struct kunit *test)
{
	struct memory *m = new_memory(test);
	unsigned int wrong = 0;

	memory_fill(m, START, SIZE, 0x5a);
	for (uint64_t pa = START - SIZE; pa < END + SIZE; pa += 512)
		wrong += byte_at(m, pa) != (pa >= START && pa < END ? 0x5a : ENGINE_POISON);
	KUNIT_EXPECT_EQ(test, wrong, 0);
	memory_free(m);
}

static void touched_before(struct kunit *test)
{
	struct memory *m = new_memory(test);

	for (uint64_t pa = START; pa < END; pa += 4096)
		byte_at(m, pa);
	memory_fill(m, START + 100, SIZE - 200, 0x5a);
	KUNIT_EXPECT_EQ(test, byte_at(m, START + 99), ENGINE_POISON);
	KUNIT_EXPECT_EQ(test, byte_at(m, START + 100), 0x5a);
	KUNIT_EXPECT_EQ(test, byte_at(m, START + SIZE / 2), 0x5a);
	KUNIT_EXPECT_EQ(test, byte_at(m, END - 101), 0x5a);
	KUNIT_EXPECT_EQ(test, byte_at(m, END - 100), ENGINE_POISON);
	memory_free(m);
}

static void then_zeroed(struct kunit *test)
{
	struct memory *m = new_memory(test);

	memory_fill(m, START, SIZE, 0x5a);
	memory_fill(m, START + SIZE / 4, SIZE / 2, 0);
	KUNIT_EXPECT_EQ(test, byte_at(m, START), 0x5a);
	KUNIT_EXPECT_EQ(test, byte_at(m, START + SIZE / 4), 0);
	KUNIT_EXPECT_EQ(test, byte_at(m, START + SIZE / 4 * 3 - 1), 0);
	KUNIT_EXPECT_EQ(test, byte_at(m, START + SIZE / 4 * 3), 0x5a);
	memory_fill(m, START, SIZE, 0x5a);
	KUNIT_EXPECT_EQ(test, byte_at(m, START + SIZE / 2), 0x5a);
	memory_free(m);
}

static void forgotten_by_reset(struct kunit *test)
{
	struct memory *m = new_memory(test);

	memory_fill(m, START, SIZE, 0x5a);
	byte_at(m, START);
	memory_reset(m);
	memory_add_ram(m, (struct range){ START, END });
	KUNIT_EXPECT_EQ(test, byte_at(m, START), ENGINE_POISON);
	KUNIT_EXPECT_EQ(test, byte_at(m, START + SIZE / 2), ENGINE_POISON);
	memory_free(m);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(fresh),	 KUNIT_CASE(in_sequence),	 KUNIT_CASE(touched_before),
	KUNIT_CASE(then_zeroed), KUNIT_CASE(forgotten_by_reset), {},
};
static struct kunit_suite suite = { .name = "memory", .test_cases = cases };

kunit_test_suite(suite);
