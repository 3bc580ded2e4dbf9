// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the model says of known bugs: calls that lead into one are made in the newest kernel and in the
 * model. The last of them must be noted as the bug, and nothing may differ before it.
 */
#include <string.h>

#include "kunit/test.h"
#include "lib/array.h"
#include "model/model.h"

#define MB (1ULL << 20)

/* A call, or many with a step between their addresses. */
struct line {
	const char *name;
	uint64_t base, size;
	unsigned int times;
	uint64_t step;
};
#define ONCE(name, base, size)         \
	{                              \
		name, base, size, 1, 0 \
	}
#define TIMES(name, base, size, times, step)  \
	{                                     \
		name, base, size, times, step \
	}
#define END                      \
	{                        \
		NULL, 0, 0, 0, 0 \
	}

static const struct situation {
	const char *bug, *config;
	struct line lines[8];
} situations[] = {
	{ "memory-array",
	  NULL,
	  { ONCE("memblock_allow_resize", 0, 0),
	    TIMES("memblock_add", 16 * MB, 4 * MB, 127, 8 * MB),
	    ONCE("memblock_add", 2048 * MB, 256 * MB), ONCE("memblock_remove", 2112 * MB, 192 * MB),
	    END } },
	{ "reserved-array",
	  NULL,
	  { ONCE("memblock_add", 0, 64 * MB), ONCE("memblock_allow_resize", 0, 0),
	    TIMES("memblock_reserve", 8 * MB, 4096, 127, 8192),
	    ONCE("memblock_reserve", 32 * MB, 32 * MB), ONCE("memblock_reserve", 0, 32 * MB),
	    END } },
	{ "arrays-apart",
	  NULL,
	  { ONCE("memblock_add", 16 * MB, 256 * MB), ONCE("memblock_allow_resize", 0, 0),
	    TIMES("memblock_add", 512 * MB, 2048, 128, MB / 4),
	    TIMES("memblock_add", 1024 * MB, 2048, 127, MB / 4),
	    TIMES("memblock_reserve", 64 * MB, 1024, 127, 2048),
	    ONCE("memblock_add", 2048 * MB, 2048), END } },
	{ "physmem-array",
	  "s390",
	  { ONCE("memblock_add", 0, 1024 * MB), ONCE("memblock_allow_resize", 0, 0),
	    TIMES("memblock_physmem_add", 0, 32 * MB, 4, 64 * MB),
	    ONCE("memblock_physmem_add", 256 * MB, 32 * MB), END } },
	{ "cap-wraps",
	  NULL,
	  { ONCE("memblock_add", 2048 * MB, 1024 * MB),
	    ONCE("memblock_reserve", 2064 * MB, 16 * MB),
	    ONCE("memblock_cap_memory_range", 2048 * MB, UINT64_MAX), END } },
	{ "trim-total",
	  NULL,
	  { ONCE("memblock_add", 0, 0x9fc00), ONCE("memblock_trim_memory", 4096, 0), END } },
	{ "trim-wraps",
	  "phys32",
	  { ONCE("memblock_add", 16 * MB, MB), ONCE("memblock_add", 0xfffff800, 1024),
	    ONCE("memblock_trim_memory", 4096, 0), END } },
};

KUNIT_ARRAY_PARAM_DESC(situation, situations, bug);

struct bench {
	struct kunit *test;
	struct engine *e;
	struct model *m;
	const struct situation *situation;
	const char *early; /* the call that differed, and was not the last */
	bool agrees;
};

/* One call in both; false: what they left differs. */
static bool make(struct bench *b, const struct line *line, unsigned int i)
{
	const uint64_t args[RT_MAX_ARGS] = { line->base + i * line->step, line->size };
	const struct rt_call *call = engine_find_call(b->e, line->name);
	uint64_t result, expected;
	enum model_end end = model_call(b->m, call, args, &expected);

	result = engine_call(b->e, call, args, NULL);
	return end == MODEL_RETURNED && result == expected && model_agrees(b->m, engine_ops(b->e));
}

static void make_all(void *arg)
{
	struct bench *b = arg;

	for (const struct line *line = b->situation->lines; line->name; line++) {
		for (unsigned int i = 0; i < line->times; i++) {
			b->agrees = make(b, line, i);
			if (!b->agrees && line[1].name)
				b->early = line->name;
		}
	}
}

static void is_known(struct kunit *test)
{
	struct bench b = { .test = test, .situation = test->param_value };
	const struct engine_request req = { .config = b.situation->config, .quiet = true };
	const struct range ram = { 0, 4096 * MB };
	const struct engine_bug *bug;
	struct engine_exit end;
	struct error err = { 0 };

	b.e = engine_open(&req, &err);
	if (!b.e)
		kunit_skip(test, "no engine: %s", err.text);
	b.m = model_new(engine_ops(b.e), b.e);
	engine_add_ram(b.e, ram);
	model_add_ram(b.m, ram);
	engine_run(b.e, make_all, &b, 2000, &end);
	KUNIT_EXPECT_EQ(test, end.end, ENGINE_RETURNED, "%s", end.text);
	KUNIT_EXPECT_NULL(test, b.early, "%s", b.early);
	bug = model_known(b.m);
	KUNIT_EXPECT_STREQ(test, bug ? bug->name : "none", b.situation->bug);
	if (b.agrees)
		kunit_info(test, "nothing differs");
	model_free(b.m);
	engine_close(b.e);
}

/* Each has a name and a sentence, and so has each rule. */
static void are_told(struct kunit *test)
{
	const char *name, *what;

	for (size_t i = 0; engine_bug(i); i++) {
		KUNIT_EXPECT_NOT_NULL(test, engine_bug(i)->name);
		KUNIT_EXPECT_NOT_NULL(test, engine_bug(i)->what);
	}
	for (size_t i = 0; (name = model_rule(i, &what)); i++)
		KUNIT_EXPECT_NE(test, strlen(what), 0, "%s", name);
}

static struct kunit_case cases[] = { KUNIT_CASE_PARAM(is_known, situation_gen_params),
				     KUNIT_CASE(are_told),
				     {} };

static struct kunit_suite suite = { .name = "model_bugs", .test_cases = cases };

kunit_test_suite(suite);
