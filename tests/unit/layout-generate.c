// SPDX-License-Identifier: GPL-2.0-or-later
/* Machines that are made up, and those that have a name. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kunit/test.h"
#include "layout/layout.h"
#include "lib/array.h"
#include "lib/file.h"
#include "tests/unit/layout.h"

/* With sanitizers a seed takes ten times as long. */
#ifdef MBSIM_SANITIZE
#define SEEDS 800
#else
#define SEEDS 10000
#endif

static const char *const specs[] = {
	"random",
	"random,arch=x86_64",
	"random,arch=arm64,holes=40,misalign=100%",
	"nodes=4,size=1G..64G,interleave=3,holes=0..20,hotplug=25%,mirror=10%",
	"firmware=uefi,size=4G,reserved=60,acpi=3,nvs=2,other=2,pieces=4,reservations=50",
	"nodes=2,size=64M,block=64K,pci_hole=0,kernel=none,initrd=0",
	"size=2G,holes=500,hole_size=4K,holes_at=random,tiny=100,tiny_size=1..8K,misalign=50%",
};

static unsigned int errors_in(struct layout *l, const char **text)
{
	unsigned int errors = 0;

	layout_check(l);
	for (size_t i = 0; i < l->nr_notes; i++) {
		if (l->notes[i].severity != LAYOUT_ERROR)
			continue;
		*text = l->notes[i].text;
		errors++;
	}
	return errors;
}

/* Each is the same when it is written and read, and contradicts itself nowhere. */
static void seeds(struct kunit *test)
{
	unsigned int made = 0;

	for (unsigned int seed = 0; seed < SEEDS; seed++) {
		char *spec = file_path("%s,seed=%u", specs[seed % ARRAY_LEN(specs)], seed);
		struct error err = { 0 };
		struct layout *l = layout_generate(spec, &err);
		const char *text = "";

		KUNIT_ASSERT_NOT_NULL(test, l, "%s: %s", spec, err.text);
		expect_round_trip(test, l);
		KUNIT_EXPECT_GT(test, layout_ram_size(l), 0);
		KUNIT_ASSERT_EQ(test, errors_in(l, &text), 0, "%s: %s", spec, text);
		made++;
		layout_free(l);
		free(spec);
	}
	KUNIT_EXPECT_EQ(test, made, SEEDS);
}

/* FNV-1a: a seed means the same machine everywhere, and in every version. */
static uint64_t hash_of(const char *text)
{
	uint64_t hash = 0xcbf29ce484222325;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3;
	return hash;
}

static const struct same {
	const char *name, *spec;
	uint64_t hash;
} sames[] = {
	{ "default", "", 0xd3f1f84d919d16c0 },
	{ "random_1", "random,seed=1", 0x24db33ed13b0e14f },
	{ "random_77", "random,seed=77", 0xd79ebd3162389f50 },
	{ "nodes", "nodes=4,size=1G..64G,holes=5,misalign=50%,reservations=9,seed=3",
	  0x225b6b162fd18227 },
};

KUNIT_ARRAY_PARAM_DESC(same, sames, name);

static void same_everywhere(struct kunit *test)
{
	const struct same *s = test->param_value;
	struct layout *l = layout_generate(s->spec, NULL);
	char *text;

	KUNIT_ASSERT_NOT_NULL(test, l);
	text = written(l);
	KUNIT_EXPECT_EQ(test, hash_of(text), s->hash);
	free(text);
	layout_free(l);
}

static void another_seed(struct kunit *test)
{
	struct layout *a = layout_generate("random,seed=1", NULL);
	struct layout *b = layout_generate("random,seed=2", NULL);
	struct layout_diff d;

	KUNIT_ASSERT_NOT_NULL(test, a);
	KUNIT_ASSERT_NOT_NULL(test, b);
	d = layout_diff(a, b);
	KUNIT_EXPECT_GT(test, d.nr_a, 2);
	layout_diff_release(&d);
	layout_free(a);
	layout_free(b);
}

/* However many nodes have memory only: somebody has the processors, and all of them. */
static const struct bare {
	const char *name, *spec;
} bares[] = {
	{ "all", "nodes=2,cpu_only=1,memory_only=3,cpus=7,size=1G" },
	{ "more_than_there_are", "nodes=2,cpu_only=4,memory_only=5,cpus=7,size=1G" },
	{ "some", "nodes=3,memory_only=1,cpus=7,size=1G" },
};

KUNIT_ARRAY_PARAM_DESC(bare, bares, name);

static void memory_only(struct kunit *test)
{
	const struct bare *p = test->param_value;
	struct layout *l = layout_generate(p->spec, NULL);
	unsigned int cpus = 0;

	KUNIT_ASSERT_NOT_NULL(test, l);
	for (size_t i = 0; i < l->nr_node_cpus; i++)
		cpus += l->node_cpus[i].cpus;
	KUNIT_EXPECT_EQ(test, cpus, 7);
	layout_free(l);
}

static const struct bad {
	const char *name, *spec, *message;
} bads[] = {
	{ "unknown", "nodez=4", "nodez" },
	{ "no_value", "nodes", "nodes" },
	{ "empty_value", "nodes=", "nodes" },
	{ "twice", "nodes=2,nodes=3", "nodes" },
	{ "letters", "size=much", "size" },
	{ "too_much", "size=1E", "size" },
	{ "too_many", "nodes=4096", "nodes" },
	{ "inverted", "size=4G..2G", "size" },
	{ "word", "arch=z80", "arch" },
	{ "share", "hotplug=101%", "hotplug" },
	{ "no_room", "size=1M,holes=1000,hole_size=1G", "" },
	{ "top", "size=4G,top=1G", "" },
	{ "align", "align=3", "align" },
	{ "seed", "seed=-1", "seed" },
};

KUNIT_ARRAY_PARAM_DESC(bad, bads, name);

static void refused(struct kunit *test)
{
	const struct bad *b = test->param_value;
	struct error err = { 0 };
	struct layout *l = layout_generate(b->spec, &err);

	KUNIT_EXPECT_NULL(test, l);
	KUNIT_EXPECT_EQ(test, err.code, EINVAL);
	KUNIT_EXPECT_NOT_NULL(test, strstr(err.text, b->message), "%s", err.text);
	KUNIT_EXPECT_NULL(test, strchr(err.text, '\n'));
	layout_free(l);
}

static void presets(struct kunit *test)
{
	struct error err = { 0 };
	size_t nr;
	struct layout_preset *all = layout_list_presets(&nr, &err);

	KUNIT_ASSERT_NOT_NULL(test, all, "%s", err.text);
	KUNIT_EXPECT_GE(test, nr, 13);
	for (size_t i = 0; i < nr; i++) {
		char *source = file_path("preset:%s", all[i].name);
		struct layout *l = layout_read(source, &err);
		const char *text = "";

		KUNIT_ASSERT_NOT_NULL(test, l, "%s", err.text);
		expect_round_trip(test, l);
		KUNIT_EXPECT_GT(test, strlen(all[i].summary), 10);
		KUNIT_EXPECT_EQ(test, errors_in(l, &text), 0, "%s: %s", source, text);
		layout_free(l);
		free(source);
	}
	layout_free_presets(all, nr);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(seeds),
	KUNIT_CASE_PARAM(same_everywhere, same_gen_params),
	KUNIT_CASE(another_seed),
	KUNIT_CASE_PARAM(memory_only, bare_gen_params),
	KUNIT_CASE_PARAM(refused, bad_gen_params),
	KUNIT_CASE(presets),
	{},
};

static struct kunit_suite suite = { .name = "layout_generate", .test_cases = cases };

kunit_test_suite(suite);
