// SPDX-License-Identifier: GPL-2.0-or-later
/* Parts of a boot, without an engine: checks, owners, options, facts. */
#include <stdlib.h>
#include <string.h>

#include "boot/internal.h"
#include "kunit/test.h"

/* An engine's arrays, made up. */
static struct rt_type_state states[RT_NR_TYPES];
static struct rt_region regions[RT_NR_TYPES][8];

static int get_type(int type, struct rt_type_state *state)
{
	*state = states[type];
	return states[type].name ? 0 : -1;
}

static void get_region(int type, rt_u64 index, struct rt_region *region)
{
	*region = regions[type][index];
}

static const struct rt_engine ops = { .type = get_type, .region = get_region };

/* Two regions of memory, as they may be; what is wrong with them is for the case. */
static void set_memory(rt_u64 base0, rt_u64 size0, rt_u64 base1, rt_u64 size1)
{
	memset(states, 0, sizeof(states));
	states[RT_MEMORY] = (struct rt_type_state){ .name = "memory", .cnt = 2, .max = 8 };
	regions[RT_MEMORY][0] = (struct rt_region){ .base = base0, .size = size0 };
	regions[RT_MEMORY][1] = (struct rt_region){ .base = base1, .size = size1 };
	states[RT_MEMORY].total_size = size0 + size1;
}

/* The check that @name, of @call, fails; "" if none does, "several" if more than one. */
static const char *failing(const char *name)
{
	static char found[64];
	struct check_call call = { .name = name, .function = "somebody" };
	struct check_state s = { .calls = &call, .nr_calls = 1 };
	struct check_findings f = { 0 };

	check_after_call(&s, &ops, &f);
	strncpy(found, f.nr ? f.v[0].check->name : "", sizeof(found) - 1);
	for (size_t i = 1; i < f.nr; i++)
		if (f.v[i].check != f.v[0].check)
			strncpy(found, "several", sizeof(found) - 1);
	check_findings_release(&f);
	check_state_release(&s);
	return found;
}

static void arrays(struct kunit *test)
{
	set_memory(0x1000, 0x1000, 0x3000, 0x1000);
	KUNIT_EXPECT_STREQ(test, failing("memblock_add"), "");
	set_memory(0x3000, 0x1000, 0x1000, 0x1000);
	KUNIT_EXPECT_STREQ(test, failing("memblock_add"), "regions-order");
	set_memory(0x1000, 0x1001, 0x2000, 0x1000);
	KUNIT_EXPECT_STREQ(test, failing("memblock_add"), "regions-order");
	set_memory(0x1000, 0x1000, 0x2000, 0x1000);
	KUNIT_EXPECT_STREQ(test, failing("memblock_add"), "regions-merged");
	regions[RT_MEMORY][1].nid = 1;
	KUNIT_EXPECT_STREQ(test, failing("memblock_add"), "");
	set_memory(0x1000, 0x1000, 0x3000, 0);
	KUNIT_EXPECT_STREQ(test, failing("memblock_add"), "regions-size");
	set_memory(0x1000, 0x1000, 0x3000, 0x1000);
	states[RT_MEMORY].total_size++;
	KUNIT_EXPECT_STREQ(test, failing("memblock_add"), "regions-total");
	KUNIT_EXPECT_STREQ(test, failing("memblock_trim_memory"), "");
	states[RT_MEMORY].total_size -= 2;
	KUNIT_EXPECT_STREQ(test, failing("memblock_trim_memory"), "regions-total");
	states[RT_MEMORY].cnt = 9;
	KUNIT_EXPECT_STREQ(test, failing("memblock_add"), "regions-count");
}

/* Memory at pages 0x10 to 0x20 but for half of the last one, 0x14 reserved, NOMAP behind it. */
static struct rt_region memory[] = {
	{ .base = 0x10000, .size = 0x10800 },
	{ .base = 0x30000, .size = 0x1000, .flags = 4 },
};
static struct rt_region reserved[] = {
	{ .base = 0x14000, .size = 0x800 },
	{ .base = 0x50000, .size = 0x1000 },
};

static struct check_state handover(struct mm *mm)
{
	return (struct check_state){
		.page_shift = 12,
		.nomap = 4,
		.memory = { .v = memory, .nr = 2 },
		.reserved = { .v = reserved, .nr = 2 },
		.reserved_before = { .v = reserved, .nr = 2 },
		.mm = mm,
	};
}

static void sums(struct kunit *test)
{
	struct check_state s = handover(NULL);
	struct check_sums sums;

	check_sum(&s, &sums);
	KUNIT_EXPECT_EQ(test, sums.memory_bytes, 0x11800);
	KUNIT_EXPECT_EQ(test, sums.nomap_bytes, 0x1000);
	KUNIT_EXPECT_EQ(test, sums.reserved_bytes, 0x800);
	KUNIT_EXPECT_EQ(test, sums.free_bytes, 0x10000);
	KUNIT_EXPECT_EQ(test, sums.lost_bytes, 0x1000);
	KUNIT_EXPECT_EQ(test, sums.expected_pages, 15);
}

/* What is freed, and the checks that fail; "a b" in the order of the table. */
static const struct freed {
	const char *name;
	uint64_t pfns[8][2]; /* page frame and order, up to 0, 0 */
	const char *fails;
} freed[] = {
	{ "all", { { 0x10, 2 }, { 0x15, 0 }, { 0x16, 1 }, { 0x18, 3 } }, "" },
	{ "one_missing", { { 0x10, 2 }, { 0x16, 1 }, { 0x18, 3 } }, "pages-all " },
	{ "reserved_one", { { 0x10, 2 }, { 0x14, 2 }, { 0x18, 3 } }, "pages-reserved " },
	{ "nomap",
	  { { 0x10, 2 }, { 0x15, 0 }, { 0x16, 1 }, { 0x18, 3 }, { 0x30, 0 } },
	  "pages-nomap " },
	{ "twice",
	  { { 0x10, 2 }, { 0x15, 0 }, { 0x16, 1 }, { 0x18, 3 }, { 0x17, 0 } },
	  "pages-once " },
	{ "not_aligned", { { 0x10, 2 }, { 0x15, 1 }, { 0x17, 0 }, { 0x18, 3 } }, "blocks-aligned " },
};

KUNIT_ARRAY_PARAM_DESC(freed, freed, name);

static void pages(struct kunit *test)
{
	const struct freed *p = test->param_value;
	struct mm *mm = mm_new(12, 10);
	struct check_state s = handover(mm);
	struct check_findings f = { 0 };
	char found[256] = "";

	mm_add_memory(mm, 0, (struct range){ 0x10, 0x20 }, 0);
	mm_add_memory(mm, 0, (struct range){ 0x30, 0x31 }, 0);
	mm_init_memmap(mm);
	mm_event(mm, RT_RESERVE_PAGES, 0x14, 0x15, 0);
	mm_event(mm, RT_RESERVE_PAGES, 0x30, 0x31, 0);
	for (int i = 0; p->pfns[i][0]; i++)
		mm_event(mm, RT_FREE_PAGES, p->pfns[i][0], p->pfns[i][1], 0);
	mm_settle(mm);
	check_after_handover(&s, &f);
	for (size_t i = 0; i < f.nr; i++) {
		if (i && f.v[i].check == f.v[i - 1].check)
			continue;
		strncat(found, f.v[i].check->name, sizeof(found) - strlen(found) - 1);
		strncat(found, " ", sizeof(found) - strlen(found) - 1);
	}
	KUNIT_EXPECT_STREQ(test, found, p->fails);
	check_findings_release(&f);
	mm_free(mm);
}

static void finding_names_calls(struct kunit *test)
{
	struct check_call calls[] = {
		{ .name = "memblock_add", .function = "first", .range = { 0, 0x100000 } },
		{ .name = "memblock_reserve", .function = "second", .range = { 0x50000, 0x51000 } },
		{ .name = "memblock_free", .function = "third", .range = { 0x30000, 0x31000 } },
	};
	struct mm *mm = mm_new(12, 10);
	struct check_state s = handover(mm);
	struct check_findings f = { 0 };

	s.calls = calls;
	s.nr_calls = 3;
	mm_event(mm, RT_FREE_PAGES, 0x30, 0, 0);
	mm_settle(mm);
	check_after_handover(&s, &f);
	for (size_t i = 0; i < f.nr; i++) {
		if (strcmp(f.v[i].check->name, "pages-nomap"))
			continue;
		KUNIT_EXPECT_NOT_NULL(test, strstr(f.v[i].text, "0x30-0x30"));
		KUNIT_EXPECT_NOT_NULL(test, strstr(f.v[i].text, "memblock_add by first"));
		KUNIT_EXPECT_NULL(test, strstr(f.v[i].text, "second"));
		KUNIT_EXPECT_NOT_NULL(test, strstr(f.v[i].text, "memblock_free by third"));
	}
	KUNIT_EXPECT_NE(test, f.nr, 0);
	check_findings_release(&f);
	mm_free(mm);
}

static void own(struct boot *b, uint64_t start, uint64_t end, const char *purpose)
{
	boot_own(b, (struct range){ start, end }, purpose, "f");
}

static void owners(struct kunit *test)
{
	struct boot b = { 0 };

	own(&b, 10, 20, "a");
	own(&b, 5, 25, "b");
	KUNIT_ASSERT_EQ(test, b.nr_owners, 3);
	KUNIT_EXPECT_STREQ(test, b.owners[0].purpose, "b");
	KUNIT_EXPECT_STREQ(test, b.owners[1].purpose, "a");
	KUNIT_EXPECT_EQ(test, b.owners[2].range.start, 20);
	boot_disown(&b, (struct range){ 12, 14 });
	KUNIT_ASSERT_EQ(test, b.nr_owners, 4);
	KUNIT_EXPECT_EQ(test, b.owners[1].range.end, 12);
	KUNIT_EXPECT_EQ(test, b.owners[2].range.start, 14);
	boot_disown(&b, (struct range){ 0, 15 });
	KUNIT_ASSERT_EQ(test, b.nr_owners, 2);
	KUNIT_EXPECT_EQ(test, b.owners[0].range.start, 15);
	boot_disown(&b, (struct range){ 18, 100 });
	KUNIT_ASSERT_EQ(test, b.nr_owners, 1);
	KUNIT_EXPECT_EQ(test, b.owners[0].range.end, 18);
	free(b.owners);
}

static void row(struct layout *l, uint64_t start, uint64_t end, enum layout_type type)
{
	layout_add_range(l, (struct layout_range){ .range = { start, end }, .type = type });
}

/* Overlaps, an update, memmap= and mem=, and what x86 always does. */
static void e820(struct kunit *test)
{
	static const struct boot_row expected[] = {
		{ { 0, 0x1000 }, LAYOUT_RESERVED },	{ { 0x1000, 0x9f000 }, LAYOUT_RAM },
		{ { 0x100000, 0x400000 }, LAYOUT_RAM }, { { 0x400000, 0x500000 }, LAYOUT_NVS },
		{ { 0x500000, 0x600000 }, LAYOUT_RAM }, { { 0x600000, 0x700000 }, LAYOUT_ACPI },
		{ { 0x700000, 0x800000 }, LAYOUT_RAM }, { { 0x900000, 0xa00000 }, LAYOUT_RESERVED },
	};
	struct layout *l = layout_new("test");
	struct boot_result r = { .page_shift = 12 };
	struct boot b = {
		.layout = l,
		.r = &r,
		.rules = boot_rules_of("6.12"),
		.kernel = { 0x100000, 0x200000 },
	};

	row(l, 0, 0x9f000, LAYOUT_RAM);
	row(l, 0xf0000, 0x1000000, LAYOUT_RAM);
	row(l, 0x400000, 0x500000, LAYOUT_NVS);
	layout_add_update(l, (struct layout_update){ .range = { 0x900000, 0xa00000 },
						     .from = LAYOUT_RAM,
						     .to = LAYOUT_RESERVED,
						     .any = true });
	KUNIT_EXPECT_EQ(test, boot_take_param(&b.params, "memmap", "1M#6M", NULL), 0);
	KUNIT_EXPECT_EQ(test, boot_take_param(&b.params, "mem", "8M", NULL), 0);
	boot_x86_take_map(&b);
	KUNIT_ASSERT_EQ(test, b.nr_rows, sizeof(expected) / sizeof(expected[0]));
	for (size_t i = 0; i < b.nr_rows; i++) {
		KUNIT_EXPECT_EQ(test, b.rows[i].range.start, expected[i].range.start, "row %zu", i);
		KUNIT_EXPECT_EQ(test, b.rows[i].range.end, expected[i].range.end, "row %zu", i);
		KUNIT_EXPECT_EQ(test, b.rows[i].type, expected[i].type, "row %zu", i);
	}
	KUNIT_EXPECT_EQ(test, rangeset_size(&b.ram), 0x9e000 + 0x300000 + 2 * 0x100000);
	free(b.rows);
	free(b.params.edits);
	free(b.r->account);
	rangeset_release(&b.ram);
	layout_free(l);
}

/* The RAM of a machine with a row of each type, by the rules of a version and a command line. */
static const struct corrected {
	const char *name, *version, *memmap;
	struct range ram[6];
	uint64_t max_pfn;
} corrected[] = {
	{ "of_2_6_32", "2.6.32", NULL, { { 0, 0xb0000 }, { 0x100000, 0x400000 } }, 0x400 },
	{ "of_2_6_35", "2.6.35", NULL, { { 0x1000, 0xa0000 }, { 0x100000, 0x400000 } }, 0x400 },
	{ "of_3_2", "3.2.0", NULL, { { 0x10000, 0xa0000 }, { 0x100000, 0x400000 } }, 0x400 },
	{ "of_4_19", "4.19.0", NULL, { { 0x1000, 0xa0000 }, { 0x100000, 0x400000 } }, 0x400 },
	{ "of_6_11", "6.11.0", NULL, { { 0x1000, 0xa0000 }, { 0x100000, 0x400000 } }, 0x500 },
	/* what is added is RAM only where nothing else is */
	{ "added",
	  "6.12",
	  "4M@2M,3M@8M",
	  { { 0x1000, 0xa0000 },
	    { 0x100000, 0x400000 },
	    { 0x500000, 0x600000 },
	    { 0x800000, 0x900000 },
	    { 0xa00000, 0xb00000 } },
	  0xb00 },
	{ "reserved", "6.12", "2M$3M", { { 0x1000, 0xa0000 }, { 0x100000, 0x300000 } }, 0x500 },
	/* type 0 is none; from the type 2 to RAM */
	{ "removed", "6.12", "16M%0-3", { { 0x1000, 0xa0000 }, { 0x100000, 0x400000 } }, 0x400 },
	{ "made_ram",
	  "6.12",
	  "16M%0-2+1",
	  { { 0x1000, 0xa0000 }, { 0x100000, 0x400000 }, { 0x900000, 0xa00000 } },
	  0xa00 },
	{ "exact", "6.12", "exactmap,1M@3M", { { 0x300000, 0x400000 } }, 0x400 },
};

KUNIT_ARRAY_PARAM_DESC(corrected, corrected, name);

static void rules(struct kunit *test)
{
	const struct corrected *p = test->param_value;
	struct layout *l = layout_new("test");
	struct boot_result r = { .page_shift = 12 };
	struct boot b = { .layout = l, .r = &r, .rules = boot_rules_of(p->version) };
	size_t n = 0;

	row(l, 0, 0xb0000, LAYOUT_RAM);
	row(l, 0x100000, 0x400000, LAYOUT_RAM);
	row(l, 0x400000, 0x500000, LAYOUT_ACPI);
	row(l, 0x900000, 0xa00000, LAYOUT_RESERVED);
	if (p->memmap)
		boot_take_param(&b.params, "memmap", p->memmap, NULL);
	boot_x86_take_map(&b);
	while (n < 6 && p->ram[n].end)
		n++;
	KUNIT_EXPECT_EQ(test, b.ram.nr, n);
	for (size_t i = 0; i < n && i < b.ram.nr; i++) {
		KUNIT_EXPECT_EQ(test, b.ram.v[i].start, p->ram[i].start, "range %zu", i);
		KUNIT_EXPECT_EQ(test, b.ram.v[i].end, p->ram[i].end, "range %zu", i);
	}
	KUNIT_EXPECT_EQ(test, b.max_pfn, p->max_pfn);
	free(b.rows);
	free(b.params.edits);
	free(b.r->account);
	rangeset_release(&b.ram);
	layout_free(l);
}

static const struct option {
	const char *name, *value;
	int result; /* of boot_take_param() */
} good_and_bad[] = {
	{ "mem", "4G", 0 },
	{ "mem", "nopentium", 0 },
	{ "mem", "4Q", -22 },
	{ "mem", NULL, -22 },
	{ "memmap", "64M@1G,1M$0x1000000,exactmap", 0 },
	{ "memmap", "1M#3G", 0 },
	{ "memmap", "1G!4G", 0 },
	{ "memmap", "1M%2G-1+2", 0 },
	{ "memmap", "1M@", -22 },
	{ "memmap", "1M?2M", -22 },
	{ "crashkernel", "256M", 0 },
	{ "crashkernel", "256M@16M", 0 },
	{ "crashkernel", "256M,high", 0 },
	{ "crashkernel", "0,low", 0 },
	{ "crashkernel", "512M-2G:64M,2G-:128M@16M", 0 },
	{ "crashkernel", "512M-2G", -22 },
	{ "crashkernel", "much", -22 },
	{ "numa", "off", 0 },
	{ "kernelcore", "mirror", 0 },
	{ "kernelcore", "many", -22 },
	{ "movablecore", "10%", 0 },
	{ "movablecore", "mirror", -22 },
	{ "numa", NULL, -22 },
	{ "numa", "fake=4U", 0 },
	{ "hugepages", "many", -22 },
	{ "cma", "64M", 0 },
	{ "cma", "64M@1G-2G", 0 },
	{ "cma", "64M@", -22 },
	{ "cma", "64M-1G?", -22 },
	{ "hugetlb_cma", "0:1G,1:1G", 0 },
	{ "hugetlb_cma", "much", -22 },
	{ "rodata", "on", 0 },
	{ "console", "ttyS0", 1 },
};

static void describe_option(const struct option *o, char *desc)
{
	strncpy(desc, o->name, KUNIT_PARAM_DESC_SIZE - 1);
	strncat(desc, "=", KUNIT_PARAM_DESC_SIZE - strlen(desc) - 1);
	strncat(desc, o->value ? o->value : "", KUNIT_PARAM_DESC_SIZE - strlen(desc) - 1);
}

KUNIT_ARRAY_PARAM(options, good_and_bad, describe_option);

static void options(struct kunit *test)
{
	const struct option *o = test->param_value;
	struct boot_params p = { 0 };
	struct error err = { 0 };

	KUNIT_EXPECT_EQ(test, boot_take_param(&p, o->name, o->value, &err), o->result);
	KUNIT_EXPECT_EQ(test, err.text[0] != '\0', o->result < 0, "an error says what is wrong");
	free(p.edits);
}

static void crash_ranges(struct kunit *test)
{
	struct boot_params p = { 0 };

	boot_take_param(&p, "crashkernel", "512M-2G:64M,2G-:128M@16M", NULL);
	KUNIT_ASSERT_EQ(test, p.nr_crash, 2);
	KUNIT_EXPECT_EQ(test, p.crash[0].when.end, 2ULL << 30);
	KUNIT_EXPECT_EQ(test, p.crash[1].when.end, UINT64_MAX);
	KUNIT_EXPECT_EQ(test, p.crash[1].size, 128ULL << 20);
	KUNIT_EXPECT_EQ(test, p.crash_base, 16ULL << 20);
}

static void cores(struct kunit *test)
{
	struct boot_params p = { 0 };

	boot_take_param(&p, "kernelcore", "30%", NULL);
	KUNIT_EXPECT_EQ(test, p.kernelcore.percent, 30);
	boot_take_param(&p, "kernelcore", "1G", NULL);
	KUNIT_EXPECT_EQ(test, p.kernelcore.percent, 0, "a size comes later");
	KUNIT_EXPECT_EQ(test, p.kernelcore.size, 1 << 30);
	boot_take_param(&p, "movablecore", "512M", NULL);
	boot_take_param(&p, "movablecore", "7%", NULL);
	KUNIT_EXPECT_EQ(test, p.movablecore.percent, 7);
	boot_take_param(&p, "kernelcore", "mirror", NULL);
	KUNIT_EXPECT_TRUE(test, p.kernelcore_mirror);
}

static void fakes(struct kunit *test)
{
	struct boot_params p = { 0 };

	boot_take_param(&p, "numa", "fake=8", NULL);
	KUNIT_EXPECT_TRUE(test, p.fake.asked);
	KUNIT_EXPECT_EQ(test, p.fake.nodes, 8);
	boot_take_param(&p, "numa", "fake=2U", NULL);
	KUNIT_EXPECT_TRUE(test, p.fake.uniform);
	KUNIT_EXPECT_EQ(test, p.fake.nodes, 2);
	boot_take_param(&p, "numa", "fake=512M:x", NULL);
	KUNIT_EXPECT_FALSE(test, p.fake.uniform);
	KUNIT_EXPECT_EQ(test, p.fake.size, 512 << 20);
}

static void versions(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, boot_rules_of("2.4.20")->since, "0");
	KUNIT_EXPECT_STREQ(test, boot_rules_of("2.6.36.4")->since, "2.6.33");
	KUNIT_EXPECT_STREQ(test, boot_rules_of("2.6.37-rc1+")->since, "2.6.37");
	KUNIT_EXPECT_STREQ(test, boot_rules_of("3.0.101")->since, "2.6.37");
	KUNIT_EXPECT_STREQ(test, boot_rules_of("3.18.140")->since, "3.9");
	KUNIT_EXPECT_STREQ(test, boot_rules_of("6.12.1")->since, "6.12");
	KUNIT_EXPECT_STREQ(test, boot_rules_of("unknown")->since, "6.12");
}

static const char *facts_since(const char *version)
{
	return boot_find_facts(boot_x86_64_facts, version)->since;
}

static void facts(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, facts_since("4.19.0"), "0");
	KUNIT_EXPECT_STREQ(test, facts_since("5.15.100"), "5.10");
	KUNIT_EXPECT_STREQ(test, facts_since("6.1.0-13-amd64"), "6.1");
	KUNIT_EXPECT_STREQ(test, facts_since("6.6"), "6.1");
	KUNIT_EXPECT_STREQ(test, facts_since("6.12"), "6.12");
	KUNIT_EXPECT_STREQ(test, facts_since("7.0-rc1"), "6.12");
	KUNIT_EXPECT_STREQ(test, facts_since("unknown"), "6.12");
}

static void version_order(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, boot_version_is_since("5.10.0-18-arm64", "5.10"));
	KUNIT_EXPECT_FALSE(test, boot_version_is_since("5.9.16", "5.10"));
	KUNIT_EXPECT_TRUE(test, boot_version_is_since("6.1.0-rc3-00496-g07380f726920", "6.1"));
	KUNIT_EXPECT_FALSE(test, boot_version_is_since("6.1.0-rc3-00496-g07380f726920", "6.2"));
	/* from the time after a release, when the next one is made */
	KUNIT_EXPECT_TRUE(test, boot_version_is_since("5.4.0-11769-g38732e3435ff", "5.5"));
	KUNIT_EXPECT_FALSE(test, boot_version_is_since("5.4.0-11769-g38732e3435ff", "5.6"));
	KUNIT_EXPECT_FALSE(test, boot_version_is_since("5.4.0-150-generic", "5.5"));
	KUNIT_EXPECT_FALSE(test, boot_version_is_since("5.4.24-2000-g123", "5.5"));
}

static void configs(struct kunit *test)
{
	struct layout l = { .arch = LAYOUT_ARM64, .page_size = 65536 };

	KUNIT_EXPECT_STREQ(test, boot_config_for(&l), "arm64-64k");
	l.page_size = 0;
	KUNIT_EXPECT_STREQ(test, boot_config_for(&l), "arm64");
	l.arch = LAYOUT_X86_64;
	KUNIT_EXPECT_STREQ(test, boot_config_for(&l), "x86_64");
	l.arch = LAYOUT_MIPS;
	KUNIT_EXPECT_NULL(test, boot_config_for(&l));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(version_order),
	KUNIT_CASE(configs),
	KUNIT_CASE(arrays),
	KUNIT_CASE(sums),
	KUNIT_CASE_PARAM(pages, freed_gen_params),
	KUNIT_CASE(finding_names_calls),
	KUNIT_CASE(owners),
	KUNIT_CASE(e820),
	KUNIT_CASE_PARAM(options, options_gen_params),
	KUNIT_CASE(crash_ranges),
	KUNIT_CASE_PARAM(rules, corrected_gen_params),
	KUNIT_CASE(cores),
	KUNIT_CASE(fakes),
	KUNIT_CASE(versions),
	KUNIT_CASE(facts),
	{},
};

static struct kunit_suite suite = { .name = "boot", .test_cases = cases };

kunit_test_suite(suite);
