// SPDX-License-Identifier: GPL-2.0-or-later
/* Why an allocation is where it is: what a call asks for, where the search leads, what it passes over. */
#include <string.h>

#include "kunit/test.h"
#include "lib/array.h"
#include "record/record.h"

#define M(n) ((uint64_t)(n) << 20)
#define NOWHERE 0

/* Free are 0-4M and 5M-16M of node 0, 16M-28M of node 1, and 32M-48M of node 2, which is @flags. */
static void machine(const char *low, const char *high, struct record_row memory[3],
		    struct record_row reserved[2])
{
	memory[0] = (struct record_row){ { 0, M(16) }, low, 0 };
	memory[1] = (struct record_row){ { M(16), M(32) }, "none", 1 };
	memory[2] = (struct record_row){ { M(32), M(48) }, high, 2 };
	reserved[0] = (struct record_row){ { M(4), M(5) }, "none", -1 };
	reserved[1] = (struct record_row){ { M(28), M(32) }, "none", -1 };
}

static const struct search {
	const char *name;
	struct record_request request;
	uint64_t got;		/* so the engine says */
	const char *low, *high; /* flags; NULL: none */
	/* explained: the search leads there */
	bool explained;
	enum record_pass pass;
	struct range gap;
	size_t refused[RECORD_NR_REFUSED];
	struct range largest[RECORD_NR_REFUSED];
} searches[] = {
	{ .name = "top_down",
	  .request = { .size = M(1), .align = M(1), .max = UINT64_MAX, .nid = -1 },
	  .got = M(47),
	  .explained = true,
	  .gap = { M(32), M(48) } },
	{ .name = "bottom_up_leaves_the_first_page",
	  .request = { .size = 64, .align = 64, .max = M(48), .nid = -1, .bottom_up = true },
	  .got = 4096,
	  .explained = true,
	  .gap = { 0, M(4) } },
	{ .name = "bottom_up_is_aligned",
	  .request = { .size = M(4), .align = M(2), .max = M(48), .nid = -1, .bottom_up = true },
	  .got = M(6),
	  .explained = true,
	  .gap = { M(5), M(16) },
	  .refused = { [RECORD_REFUSED_LIMIT] = 1 },
	  .largest = { [RECORD_REFUSED_LIMIT] = { 0, M(4) } } },
	{ .name = "limit",
	  .request = { .size = M(1), .align = M(1), .max = M(16), .nid = -1 },
	  .got = M(15),
	  .explained = true,
	  .gap = { M(5), M(16) },
	  .refused = { [RECORD_REFUSED_LIMIT] = 2 },
	  .largest = { [RECORD_REFUSED_LIMIT] = { M(32), M(48) } } },
	{ .name = "size_and_alignment",
	  .request = { .size = M(9), .align = M(8), .max = M(16), .nid = -1 },
	  .got = NOWHERE,
	  .explained = true,
	  .refused = { [RECORD_REFUSED_LIMIT] = 2,
		       [RECORD_REFUSED_ALIGN] = 1,
		       [RECORD_REFUSED_SIZE] = 1 },
	  .largest = { [RECORD_REFUSED_LIMIT] = { M(32), M(48) },
		       [RECORD_REFUSED_ALIGN] = { M(5), M(16) },
		       [RECORD_REFUSED_SIZE] = { 0, M(4) } } },
	{ .name = "node",
	  .request = { .size = M(1), .align = M(1), .max = M(48), .nid = 0 },
	  .got = M(15),
	  .explained = true,
	  .gap = { M(5), M(16) },
	  .refused = { [RECORD_REFUSED_NODE] = 2 },
	  .largest = { [RECORD_REFUSED_NODE] = { M(32), M(48) } } },
	{ .name = "another_node",
	  .request = { .size = M(12), .align = M(1), .max = M(32), .nid = 0 },
	  .got = M(16),
	  .explained = true,
	  .pass = RECORD_PASS_ANY_NODE,
	  .gap = { M(16), M(28) },
	  .refused = { [RECORD_REFUSED_LIMIT] = 1 },
	  .largest = { [RECORD_REFUSED_LIMIT] = { M(32), M(48) } } },
	{ .name = "that_node_or_none",
	  .request = { .size = M(12), .align = M(1), .max = M(32), .nid = 0, .exact = true },
	  .got = NOWHERE,
	  .explained = true,
	  .refused = { [RECORD_REFUSED_NODE] = 2, [RECORD_REFUSED_SIZE] = 2 },
	  .largest = { [RECORD_REFUSED_NODE] = { M(32), M(48) },
		       [RECORD_REFUSED_SIZE] = { M(5), M(16) } } },
	{ .name = "below_the_minimum",
	  .request = { .size = M(1),
		       .align = M(1),
		       .min = M(28),
		       .max = M(32),
		       .nid = -1,
		       .may_go_below = true },
	  .got = M(27),
	  .explained = true,
	  .pass = RECORD_PASS_BELOW,
	  .gap = { M(16), M(28) },
	  .refused = { [RECORD_REFUSED_LIMIT] = 1 },
	  .largest = { [RECORD_REFUSED_LIMIT] = { M(32), M(48) } } },
	{ .name = "not_below_the_minimum",
	  .request = { .size = M(1), .align = M(1), .min = M(28), .max = M(32), .nid = -1 },
	  .got = NOWHERE,
	  .explained = true,
	  .refused = { [RECORD_REFUSED_LIMIT] = 4 },
	  .largest = { [RECORD_REFUSED_LIMIT] = { M(32), M(48) } } },
	{ .name = "hotplugged_is_passed_over",
	  .request = { .size = M(1), .align = M(1), .max = M(48), .nid = -1 },
	  .got = M(27),
	  .high = "hotplug",
	  .explained = true,
	  .gap = { M(16), M(28) },
	  .refused = { [RECORD_REFUSED_FLAGS] = 1 },
	  .largest = { [RECORD_REFUSED_FLAGS] = { M(32), M(48) } } },
	{ .name = "hotplugged_is_taken",
	  .request = { .size = M(1), .align = M(1), .max = M(48), .nid = -1 },
	  .got = M(47),
	  .high = "hotplug",
	  .explained = true,
	  .gap = { M(32), M(48) } },
	{ .name = "not_mapped",
	  .request = { .size = M(1), .align = M(1), .max = M(48), .nid = -1 },
	  .got = M(47),
	  .high = "nomap" },
	{ .name = "mirrored",
	  .request = { .size = M(1), .align = M(1), .max = M(48), .nid = -1 },
	  .got = M(15),
	  .low = "mirror",
	  .explained = true,
	  .gap = { M(5), M(16) },
	  .refused = { [RECORD_REFUSED_FLAGS] = 2 },
	  .largest = { [RECORD_REFUSED_FLAGS] = { M(32), M(48) } } },
	{ .name = "somewhere_else",
	  .request = { .size = M(1), .align = M(1), .max = M(48), .nid = -1 },
	  .got = M(20) },
	{ .name = "nowhere_though_there_is_room",
	  .request = { .size = M(1), .align = M(1), .max = M(48), .nid = -1 },
	  .got = NOWHERE },
};

KUNIT_ARRAY_PARAM_DESC(search, searches, name);

static void finds(struct kunit *test)
{
	const struct search *s = test->param_value;
	struct record_row memory_rows[3], reserved_rows[2];
	const struct record_rows memory = { .v = memory_rows, .nr = 3 };
	const struct record_rows reserved = { .v = reserved_rows, .nr = 2 };
	struct record_request r = s->request;
	struct record_place place = { 0 };

	machine(s->low ? s->low : "none", s->high ? s->high : "none", memory_rows, reserved_rows);
	r.got = s->got;
	KUNIT_ASSERT_EQ(test, record_place_find(&r, &memory, &reserved, &place), s->explained);
	if (!s->explained)
		return;
	KUNIT_EXPECT_EQ(test, place.expected, s->got);
	for (int i = 0; i < RECORD_NR_REFUSED; i++) {
		const struct record_refused_pieces *pieces = &place.refused[i];

		KUNIT_EXPECT_EQ(test, pieces->nr, s->refused[i], "%s", record_refused_names[i]);
		KUNIT_EXPECT_EQ(test, pieces->largest.start, s->largest[i].start);
		KUNIT_EXPECT_EQ(test, pieces->largest.end, s->largest[i].end);
	}
	if (s->got == NOWHERE)
		return;
	KUNIT_EXPECT_EQ(test, place.pass, s->pass);
	KUNIT_EXPECT_EQ(test, place.gap.start, s->gap.start);
	KUNIT_EXPECT_EQ(test, place.gap.end, s->gap.end);
}

static void reads_a_range(struct kunit *test)
{
	const struct record_search how = { .limit = M(64) };
	struct record_call c = { .name = "memblock_phys_alloc_range",
				 .arg_names = "size align start end",
				 .arg = { M(2), M(1), M(4), M(8) },
				 .value_kind = RT_PHYS,
				 .value = M(6) };
	struct record_request r;

	KUNIT_ASSERT_TRUE(test, record_request_read(&c, &how, &r));
	KUNIT_EXPECT_EQ(test, r.size, M(2));
	KUNIT_EXPECT_EQ(test, r.align, M(1));
	KUNIT_EXPECT_EQ(test, r.min, M(4));
	KUNIT_EXPECT_EQ(test, r.max, M(8));
	KUNIT_EXPECT_EQ(test, r.nid, -1);
	KUNIT_EXPECT_EQ(test, r.got, M(6));
	KUNIT_EXPECT_FALSE(test, r.exact || r.may_go_below || r.bottom_up);

	/* what is not accessible has addresses, too; 0 and 1 for the end are the limit */
	c.arg[3] = M(128);
	KUNIT_ASSERT_TRUE(test, record_request_read(&c, &how, &r));
	KUNIT_EXPECT_EQ(test, r.max, M(128));
	for (c.arg[3] = 0; c.arg[3] <= 1; c.arg[3]++) {
		KUNIT_ASSERT_TRUE(test, record_request_read(&c, &how, &r));
		KUNIT_EXPECT_EQ(test, r.max, M(64));
	}
}

static void reads_memory(struct kunit *test)
{
	const struct record_search how = { .limit = M(64), .bottom_up = true };
	struct record_call c = { .name = "memblock_alloc_exact_nid_raw",
				 .arg_names = "size align min_addr max_addr nid",
				 .arg = { 100, 0, M(1), M(128), 3 },
				 .value_kind = RT_POINTER,
				 .value = RT_NULL };
	struct record_request r;

	KUNIT_ASSERT_TRUE(test, record_request_read(&c, &how, &r));
	KUNIT_EXPECT_EQ(test, r.align, 64, "a cache line");
	KUNIT_EXPECT_EQ(test, r.max, M(64), "what can be accessed");
	KUNIT_EXPECT_EQ(test, r.nid, 3);
	KUNIT_EXPECT_EQ(test, r.got, NOWHERE);
	KUNIT_EXPECT_TRUE(test, r.exact && r.may_go_below && r.bottom_up);

	c.name = "memblock_alloc_low";
	c.arg_names = "size align";
	KUNIT_ASSERT_TRUE(test, record_request_read(&c, &how, &r));
	KUNIT_EXPECT_EQ(test, r.max, M(64));
	KUNIT_EXPECT_FALSE(test, r.exact);
	KUNIT_ASSERT_TRUE(
		test, record_request_read(&c, &(struct record_search){ .limit = UINT64_MAX }, &r));
	KUNIT_EXPECT_EQ(test, r.max, UINT32_MAX);
}

static void asks_for_nothing(struct kunit *test)
{
	const struct record_search how = record_search_begin();
	const struct record_call good = { .name = "memblock_phys_alloc",
					  .arg_names = "size align",
					  .arg = { 64, 64 },
					  .value_kind = RT_PHYS };
	struct record_call c = good;
	struct record_request r;

	KUNIT_EXPECT_TRUE(test, record_request_read(&c, &how, &r));
	c.ended = true;
	KUNIT_EXPECT_FALSE(test, record_request_read(&c, &how, &r));
	c = good;
	c.arg[0] = 0;
	KUNIT_EXPECT_FALSE(test, record_request_read(&c, &how, &r));
	c = good;
	c.value_kind = RT_INT;
	KUNIT_EXPECT_FALSE(test, record_request_read(&c, &how, &r));
	c = good;
	c.arg_names = "base size";
	KUNIT_EXPECT_FALSE(test, record_request_read(&c, &how, &r));
	c.arg_names = "";
	KUNIT_EXPECT_FALSE(test, record_request_read(&c, &how, &r));
}

static void follows_settings(struct kunit *test)
{
	struct record_search how = record_search_begin();
	struct record_call c = { .name = "memblock_set_bottom_up",
				 .arg_names = "enable",
				 .arg = { 1 } };

	KUNIT_EXPECT_FALSE(test, how.bottom_up);
	KUNIT_EXPECT_EQ(test, how.limit, UINT64_MAX);
	record_search_follow(&how, &c);
	KUNIT_EXPECT_TRUE(test, how.bottom_up);
	c = (struct record_call){ .name = "memblock_set_current_limit",
				  .arg_names = "limit",
				  .arg = { M(16) } };
	record_search_follow(&how, &c);
	KUNIT_EXPECT_EQ(test, how.limit, M(16));
	KUNIT_EXPECT_TRUE(test, how.bottom_up);
	/* it did not come to that */
	c.arg[0] = M(32);
	c.ended = true;
	record_search_follow(&how, &c);
	KUNIT_EXPECT_EQ(test, how.limit, M(16));
}

static struct kunit_case cases[] = { KUNIT_CASE_PARAM(finds, search_gen_params),
				     KUNIT_CASE(reads_a_range),
				     KUNIT_CASE(reads_memory),
				     KUNIT_CASE(asks_for_nothing),
				     KUNIT_CASE(follows_settings),
				     {} };

static struct kunit_suite suite = { .name = "record-place", .test_cases = cases };

kunit_test_suite(suite);
