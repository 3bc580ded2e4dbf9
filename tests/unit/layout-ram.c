// SPDX-License-Identifier: GPL-2.0-or-later
/* What the map of a layout amounts to, and contradictions in it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kunit/test.h"
#include "layout/layout.h"
#include "lib/array.h"
#include "lib/file.h"
#include "tests/unit/layout.h"

/* @facts without their first line. */
static struct layout *parse_facts(struct kunit *test, const char *facts)
{
	char *text = file_path("layout 1\n%s", facts);
	struct error err;
	struct layout *l = parse(text, &err);

	free(text);
	KUNIT_ASSERT_NOT_NULL(test, l, "%s", err.text);
	return l;
}

static void expect_ram(struct kunit *test, const struct layout *l, const struct range expected[4])
{
	size_t nr, nr_expected = 0;
	struct range *ram = layout_ram(l, &nr);
	uint64_t size = 0;

	for (; nr_expected < 4 && expected[nr_expected].end; nr_expected++)
		size += range_size(expected[nr_expected]);
	KUNIT_EXPECT_EQ(test, nr, nr_expected);
	for (size_t i = 0; i < nr && i < nr_expected; i++) {
		KUNIT_EXPECT_EQ(test, ram[i].start, expected[i].start, "piece %zu", i);
		KUNIT_EXPECT_EQ(test, ram[i].end, expected[i].end, "piece %zu", i);
	}
	KUNIT_EXPECT_EQ(test, layout_ram_size(l), size);
	free(ram);
}

static const struct map {
	const char *name, *facts;
	struct range ram[4];
} maps[] = {
	{ "one_row", "ram 0x1000-0x1fff\n", { { 0x1000, 0x2000 } } },
	{ "unsorted", "ram 0x5000+4K\nram 0x1000+4K\n", { { 0x1000, 0x2000 }, { 0x5000, 0x6000 } } },
	{ "adjacent", "ram 0x2000+4K\nram 0x1000+4K\n", { { 0x1000, 0x3000 } } },
	{ "twice", "ram 0-0x2fff\nram 0x1000-0x4fff\n", { { 0, 0x5000 } } },
	{ "odd_bytes", "ram 0x1-0x3\nreserved 0x2-0x2\n", { { 1, 2 }, { 3, 4 } } },
	{ "all_covered", "ram 0x1000+4K\nnvs 0-1M\n", { { 0, 0 } } },
	{ "end_of_all", "ram 0xfffffffffffff000-0xfffffffffffffffe\n", { { -4096ULL, -1ULL } } },
	{ "update_part", "ram 64K\nupdate 0-0xfff ram => reserved\n", { { 0x1000, 0x10000 } } },
	{ "update_amid",
	  "ram 64K\nupdate 0x4000-0x4fff ram => nvs\n",
	  { { 0, 0x4000 }, { 0x5000, 0x10000 } } },
	{ "update_to_ram",
	  "ram 64K\nnvs 0x4000-0x5fff\nupdate 0x3000-0x4fff nvs => ram\n",
	  { { 0, 0x5000 }, { 0x6000, 0x10000 } } },
	{ "update_of_another_type",
	  "ram 64K\nnvs 0x4000-0x5fff\nupdate 0-64K acpi => ram\n",
	  { { 0, 0x4000 }, { 0x6000, 0x10000 } } },
	{ "updates_in_turn",
	  "ram 64K\nupdate 0-0x3fff ram => nvs\nupdate 0-0x1fff nvs => ram\n"
	  "update 0-0xfff ram => acpi\n",
	  { { 0x1000, 0x2000 }, { 0x4000, 0x10000 } } },
	{ "update_beyond_the_map", "ram 64K\nupdate 0x8000-1M ram => nvs\n", { { 0, 0x8000 } } },
	{ "remove", "ram 64K\nremove 0x8000-1M ram\n", { { 0, 0x8000 } } },
	{ "remove_uncovers_nothing",
	  "ram 64K\nnvs 0-0xfff\nremove 0-1M nvs\n",
	  { { 0x1000, 0x10000 } } },
	{ "remove_any",
	  "ram 64K\nnvs 4K\nremove 0x800-0x1fff any\nupdate 0-4K nvs => ram\n",
	  { { 0, 0x800 }, { 0x2000, 0x10000 } } },
	{ "any_fills_holes",
	  "ram 4K\nnvs 0x2000+4K\nupdate 0x800-0x27ff any => ram\n",
	  { { 0, 0x2800 } } },
	{ "late",
	  "ram 64K\nremove 0-4K ram late\nupdate 0-4K ram => nvs late\n",
	  { { 0, 0x10000 } } },
	{ "command_line", "ram 64K\nremove 4K-1M ram cmdline\n", { { 0, 0x10000 } } },
};

KUNIT_ARRAY_PARAM_DESC(maps, maps, name);

static void usable(struct kunit *test)
{
	const struct map *map = test->param_value;
	struct layout *l = parse_facts(test, map->facts);

	expect_ram(test, l, map->ram);
	expect_round_trip(test, l);
	layout_free(l);
}

static void nothing(struct kunit *test)
{
	struct layout *l = layout_new("t");

	expect_ram(test, l, (const struct range[4]){ { 0, 0 } });
	layout_free(l);
}

static struct layout *with_row(struct layout *l, uint64_t start, uint64_t end, enum layout_type t)
{
	layout_add_range(l, (struct layout_range){ .range = RANGE(start, end), .type = t });
	return l;
}

static void type_name(const enum layout_type *type, char *desc)
{
	kunit_describe(desc, layout_type_name(*type));
}

static const enum layout_type higher_types[] = {
	LAYOUT_RESERVED, LAYOUT_ACPI,	       LAYOUT_NVS,   LAYOUT_UNUSABLE,
	LAYOUT_PMEM,	 LAYOUT_SOFT_RESERVED, LAYOUT_OTHER,
};

KUNIT_ARRAY_PARAM(higher_type, higher_types, type_name);

/* In which order the rows come does not matter, nor does RAM upon the other. */
static void higher_type_wins(struct kunit *test)
{
	enum layout_type type = *(const enum layout_type *)test->param_value;
	struct layout *l = layout_new("t");

	with_row(l, 0x2000, 0x3000, type);
	with_row(l, 0x0, 0x8000, LAYOUT_RAM);
	with_row(l, 0x2000, 0x2800, LAYOUT_RAM);
	with_row(l, 0x7000, 0x9000, type);
	with_row(l, 0x8800, 0xa000, LAYOUT_RAM);
	expect_ram(
		test, l,
		(const struct range[4]){ { 0x0, 0x2000 }, { 0x3000, 0x7000 }, { 0x9000, 0xa000 } });
	layout_free(l);
}

#define WORLD 24

/* The type of each byte of a small world, -1 for a hole, worked out one byte at a time. */
static int type_at(const struct layout *l, uint64_t address)
{
	int type = -1;

	for (size_t i = 0; i < l->nr_ranges; i++)
		if (range_contains(l->ranges[i].range, address) && (int)l->ranges[i].type > type)
			type = l->ranges[i].type;
	for (size_t i = 0; i < l->nr_updates; i++) {
		const struct layout_update *u = &l->updates[i];

		if (!u->flags && range_contains(u->range, address) &&
		    (u->any || type == (int)u->from))
			type = u->remove ? -1 : (int)u->to;
	}
	return type;
}

static void small_worlds(struct kunit *test)
{
	unsigned int seed = 3;

	for (int round = 0; round < 2000; round++) {
		struct layout *l = layout_new("t");
		struct range *ram;
		size_t nr, i = 0;

		for (int n = 0; n < 5; n++) {
			uint64_t start = random_number(&seed, WORLD - 1);
			struct range r = { start, start + 1 + random_number(&seed, WORLD - start) };

			with_row(l, r.start, r.end, random_number(&seed, 4));
			if (n < 3)
				continue;
			layout_add_update(l, (struct layout_update){
						     .range = r,
						     .from = random_number(&seed, 4),
						     .to = random_number(&seed, 4),
						     .remove = random_number(&seed, 2),
						     .any = !random_number(&seed, 4),
					     });
		}
		ram = layout_ram(l, &nr);
		for (uint64_t at = 0; at < WORLD + 1; at++) {
			while (i < nr && ram[i].end <= at)
				i++;
			KUNIT_ASSERT_EQ(test, i < nr && range_contains(ram[i], at),
					type_at(l, at) == LAYOUT_RAM, "round %d", round);
		}
		for (i = 1; i < nr; i++)
			KUNIT_EXPECT_LT(test, ram[i - 1].end, ram[i].start);
		free(ram);
		layout_free(l);
	}
}

static const struct doubt {
	const char *name, *facts, *note;
} doubts[] = {
	{ "none", "ram 1G\nram 4G+1G\nnode 0 8G\nkernel 16M+1M\n", NULL },
	{ "overlap", "ram 4K-1M\nreserved 0-8K\n", "0x1000-0x100000 (usable) overlaps" },
	{ "nested_overlap", "ram 0-1M\nram 1-4\nnvs 0x80000-2G\n",
	  "0x1-0x4 (usable) overlaps 0x0" },
	{ "nodes", "ram 2G\nnode 0 0-1G\nnode 1 1G-2G\n",
	  "0x40000000-0x80000000 is on node 1, but" },
	{ "same_node", "ram 2G\nnode 0 1G\nnode 0 1G+1G\n", NULL },
	{ "node_twice", "ram 2G\nnode 0 1G\nnode 0 512M+2G\n",
	  "0x20000000-0x9fffffff is on node 0, and line 3 has 0x0-0x3fffffff on node 0, too" },
	{ "no_node", "ram 0-1G\nnode 0 0x1000-1G\n", "no node has the RAM at 0x0-0xfff" },
	{ "no_node_between", "ram 3G\nnode 0 1G\nnode 0 2G+1G\n",
	  "no node has the RAM at 0x40000000" },
	{ "attribute_only", "ram 3G\nnode - 1G mirror\n", NULL },
	{ "kernel", "ram 1G\nkernel 1G-2G\n", "the kernel at 0x40000000-0x80000000 is not in RAM" },
	{ "initrd", "ram 1G\ninitrd 1G+1G\n", "the initrd at 0x40000000-0x7fffffff is not in RAM" },
	{ "firmware", "ram 1G\nfirmware 1G+1G\n", NULL },
	{ "reservation", "ram 1G\nreserve 1G+1M \"fb\"\n",
	  "0x40000000-0x400fffff (fb) is reserved outside of RAM" },
	{ "reservations", "ram 1G\nreserve 8M+1M\nkernel 7M+2M\n",
	  "0x800000-0x8fffff (reserve) overlaps 0x700000-0x8fffff (kernel) of line 4" },
	{ "crash_kernel", "ram 1G\nreserve 8M+1M\ncrash 8M+16M\n", NULL },
	{ "empty_node", "ram 1G\nnode 0 1G\nnode 1 1G+1G\n", "node 1 has no RAM" },
	{ "hotplug_node", "ram 1G\nnode 0 1G\nnode 1 1G+1G hotplug\n", NULL },
	{ "cpus", "ram 1G\nnode_cpus 0 2\nnode_cpus 0 3\n",
	  "node 0 has 3 processors, but 2 in line 3" },
	{ "too_many_cpus", "ram 1G\ncpus 3\nnode_cpus 0 2\nnode_cpus 1 2\n",
	  "the nodes have 4 processors together, and the machine has 3" },
	{ "distances", "ram 1G\ndistance 0 0 10\ndistance 0 1 20\ndistance 1 0 20\n", NULL },
	{ "own_distance", "ram 1G\ndistance 0 0 11\n", "node 0 is 11 from node 0" },
	{ "near", "ram 1G\ndistance 0 1 10\ndistance 1 0 10\n", "node 1 is 10 from node 0: " },
	{ "one_way", "ram 1G\ndistance 0 1 20\n", "node 1 is 20 from node 0, and nothing" },
	{ "longer_back", "ram 1G\ndistance 0 1 20\ndistance 1 0 21\n",
	  "node 1 is 20 from node 0, but 21 the other way round in line 4" },
	{ "two_distances", "ram 1G\ndistance 0 0 10\ndistance 0 0 10\n", NULL },
	{ "no_distance", "ram 1G\nnode 1 1G\ndistance 0 0 10\n", "node 1 is in no distance" },
	{ "within_pages", "ram 1M+3M\nram 8M+4097\n",
	  "1 of 2 ranges of RAM do not begin and end at pages, which loses 1 bytes" },
	{ "extended_bios", "ram 0x9fc00\nram 1M+3M\n", NULL },
	{ "video_memory", "arch x86_64\nram 1M\n", "RAM at 0x0-0xfffff reaches into 0xa0000-" },
	{ "no_video_memory", "arch arm64\nram 1M\n", NULL },
	{ "wish", "ram 1G\ndynamic 16M in 512M+1G\n", NULL },
	{ "nowhere", "ram 1G\ndynamic 16M \"x\" in 1G+1G\n", "16M for \"x\" fit into no place" },
	{ "too_much", "ram 1G\ndynamic 2G \"x\"\n", "2G for \"x\" are more than all RAM" },
	{ "usable", "ram 1G\nusable 16M+64M\n", NULL },
	{ "nothing_usable", "ram 1G\nusable 1G+64M\n", "there is no RAM in the usable range" },
};

KUNIT_ARRAY_PARAM_DESC(doubts, doubts, name);

static void contradiction(struct kunit *test)
{
	const struct doubt *d = test->param_value;
	struct layout *l = parse_facts(test, d->facts);

	layout_check(l);
	KUNIT_EXPECT_EQ(test, l->nr_notes > 0, d->note != NULL);
	if (d->note && l->nr_notes) {
		l->notes[0].text[strlen(d->note)] = '\0';
		KUNIT_EXPECT_STREQ(test, l->notes[0].text, d->note);
	}
	layout_free(l);
}

static void limits(struct kunit *test)
{
	struct layout *l = layout_new("t");
	struct layout_range row = { .range = RANGE(0, 1) };
	struct layout_reservation r = { .range = RANGE(0, 1) };

	for (int i = 0; i < LAYOUT_MAX_RANGES; i++)
		KUNIT_ASSERT_EQ(test, layout_add_range(l, row), 0);
	KUNIT_EXPECT_EQ(test, layout_add_range(l, row), -ENOSPC);
	for (int i = 0; i < LAYOUT_MAX_RESERVATIONS; i++)
		KUNIT_ASSERT_EQ(test, layout_add_reservation(l, r), 0);
	KUNIT_EXPECT_EQ(test, layout_add_reservation(l, r), -ENOSPC);
	row.range.end = 0;
	KUNIT_EXPECT_EQ(test, layout_add_range(l, row), -EINVAL);
	layout_check(l);
	KUNIT_EXPECT_EQ(test, l->nr_notes, LAYOUT_MAX_NOTES);
	layout_free(l);
}

/* The kernel's modified map says what became of RAM, but for what the log says already. */
static const struct modified {
	const char *name, *rows;
	struct range ram[4];
} modifieds[] = {
	{ "reserved",
	  "0x0-0xffff] reserved\n0x10000-0x8fffff] usable\n",
	  { { 0x10000, 0x900000 } } },
	{ "hole",
	  "0x0-0xffff] usable\n0x20000-0x8fffff] usable\n",
	  { { 0, 0x10000 }, { 0x20000, 0x900000 } } },
	{ "cut_off", "0x0-0xffff] reserved\n", { { 0x10000, 0x900000 } } },
	{ "printed_twice",
	  "0x0-0x8fffff] usable\n0x0-0xffff] usable\n0x10000-0x8fffff] type 9\n",
	  { { 0, 0x10000 } } },
	{ "the_same", "0x0-0x8fffff] usable\n", { { 0, 0x900000 } } },
};

KUNIT_ARRAY_PARAM_DESC(modified, modifieds, name);

static void modified_map(struct kunit *test)
{
	const struct modified *m = test->param_value;
	char *log = array_strdup("BIOS-e820: [mem 0x0-0x8fffff] usable\n");
	char *rows = array_strdup(m->rows), *row, *next;
	struct layout *l;

	for (next = rows; (row = strsep(&next, "\n")) && *row;) {
		char *longer = file_path("%smodified: [mem %s\n", log, row);

		free(log);
		log = longer;
	}
	free(rows);
	l = layout_parse("t.log", log, strlen(log), NULL);
	KUNIT_ASSERT_NOT_NULL(test, l);
	expect_ram(test, l, m->ram);
	expect_round_trip(test, l);
	layout_free(l);
	free(log);
}

static struct kunit_case ram_cases[] = {
	KUNIT_CASE_PARAM(usable, maps_gen_params),
	KUNIT_CASE(nothing),
	KUNIT_CASE_PARAM(higher_type_wins, higher_type_gen_params),
	KUNIT_CASE(small_worlds),
	KUNIT_CASE_PARAM(modified_map, modified_gen_params),
	{},
};

static struct kunit_case check_cases[] = {
	KUNIT_CASE_PARAM(contradiction, doubts_gen_params),
	KUNIT_CASE(limits),
	{},
};

static struct kunit_suite ram_suite = { .name = "layout_ram", .test_cases = ram_cases };
static struct kunit_suite check_suite = { .name = "layout_check", .test_cases = check_cases };

kunit_test_suite(ram_suite);
kunit_test_suite(check_suite);
