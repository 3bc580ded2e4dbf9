// SPDX-License-Identifier: GPL-2.0-or-later
/* Prototypes out of preprocessed text, in the forms that headers have them in. */
#include <stdlib.h>

#include "engine/internal.h"
#include "kunit/test.h"

static const char header[] =
	"# 1 \"include/linux/other.h\"\n"
	"int not_this(int x);\n"
	"# 5 \"/k/include/linux/memblock.h\" 2\n"
	"enum memblock_flags { MEMBLOCK_NONE = 0x0, MEMBLOCK_HOTPLUG = 0x1, };\n"
	"struct memblock_region { phys_addr_t base; int (*f)(int); };\n"
	"extern unsigned long max_pfn;\n"
	"int memblock_add_node(phys_addr_t base, phys_addr_t size, int nid,\n"
	"\t\t enum memblock_flags flags);\n"
	"void memblock_dump_all(void);\n"
	"static inline __attribute__((__always_inline__)) void *memblock_alloc(phys_addr_t size,\n"
	"\t phys_addr_t align) { if (size) { return f(size); } return 0; }\n"
	"unsigned long __attribute__((pure)) memblock_odd(unsigned long, const char *name, ...);\n"
	"void takes_function(void (*fn)(int a, int b));\n"
	"# 9 \"include/linux/other.h\"\n"
	"int nor_this(void);\n";

static const struct proto *find(const struct protos *p, const char *name)
{
	for (size_t i = 0; i < p->nr; i++)
		if (!__builtin_strcmp(p->v[i].name, name))
			return &p->v[i];
	return NULL;
}

static void forms(struct kunit *test)
{
	struct protos p = { 0 };
	const struct proto *f;

	protos_parse(&p, header);
	KUNIT_EXPECT_EQ(test, p.nr, 5);
	KUNIT_EXPECT_NULL(test, find(&p, "not_this"));
	KUNIT_EXPECT_NULL(test, find(&p, "nor_this"));
	f = find(&p, "memblock_add_node");
	KUNIT_ASSERT_NOT_NULL(test, f);
	KUNIT_EXPECT_EQ(test, f->nr_args, 4);
	KUNIT_EXPECT_STREQ(test, f->result, "int");
	KUNIT_EXPECT_STREQ(test, f->arg_types[3], "enum memblock_flags");
	KUNIT_EXPECT_STREQ(test, f->arg_names[3], "flags");
	KUNIT_EXPECT_FALSE(test, f->is_inline);
	f = find(&p, "memblock_alloc");
	KUNIT_ASSERT_NOT_NULL(test, f);
	KUNIT_EXPECT_TRUE(test, f->is_inline);
	KUNIT_EXPECT_STREQ(test, f->result, "void *");
	KUNIT_EXPECT_STREQ(test, f->prototype,
			   "void *memblock_alloc(phys_addr_t size, phys_addr_t align)");
	KUNIT_EXPECT_EQ(test, find(&p, "memblock_dump_all")->nr_args, 0);
	KUNIT_EXPECT_EQ(test, find(&p, "memblock_odd")->nr_args, -1);
	KUNIT_EXPECT_EQ(test, find(&p, "takes_function")->nr_args, -1);
	KUNIT_EXPECT_EQ(test, p.nr_flags, 2);
	KUNIT_EXPECT_STREQ(test, p.flags[1], "MEMBLOCK_HOTPLUG");
	protos_release(&p);
}

static void macros(struct kunit *test)
{
	struct protos p = { 0 };

	protos_parse_macros(&p, "\n#define memblock_alloc_or_panic(size, align) \\\n\t f(size)\n"
				"#define memblock_dbg(fmt, ...) x\n#define memblock_x 3\n");
	KUNIT_ASSERT_EQ(test, p.nr, 1);
	KUNIT_EXPECT_TRUE(test, p.v[0].is_macro);
	KUNIT_EXPECT_EQ(test, p.v[0].nr_args, 2);
	protos_release(&p);
}

/* Whatever the text is cut to, it is read without harm. */
static void truncated(struct kunit *test)
{
	for (size_t n = 0; n < sizeof(header); n++) {
		struct protos p = { 0 };
		char *cut = __builtin_strndup(header, n);

		protos_parse(&p, cut);
		KUNIT_EXPECT_LE(test, p.nr, 5);
		protos_release(&p);
		free(cut);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(forms),
	KUNIT_CASE(macros),
	KUNIT_CASE(truncated),
	{},
};

static struct kunit_suite suite = { .name = "proto", .test_cases = cases };

kunit_test_suite(suite);
