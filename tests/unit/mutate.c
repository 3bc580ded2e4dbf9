// SPDX-License-Identifier: GPL-2.0-or-later
/* Which mutants there are of a text, how they are named, shown, drawn and put into it; and the list of known ones. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kunit/test.h"
#include "lib/array.h"
#include "lib/file.h"
#include "mutate/mutate.h"

static char flag_none[] = "MEMBLOCK_NONE", flag_good[] = "MEMBLOCK_GOOD",
	    flag_bad[] = "MEMBLOCK_BAD";
static char *flags[] = { flag_none, flag_good, flag_bad, NULL };

/* All changes, each with a newline behind it. */
static char *changes(const char *text)
{
	struct mutants m;
	char *all = NULL;
	size_t len;
	FILE *out = open_memstream(&all, &len);

	mutants_make(&m, text, flags);
	for (size_t i = 0; out && i < m.nr; i++)
		fprintf(out, "%s\n", m.v[i].change);
	mutants_release(&m);
	if (out)
		fclose(out);
	return all;
}

static void expect_changes(struct kunit *test, const char *text, const char *expected)
{
	char *got = changes(text);

	KUNIT_EXPECT_STREQ(test, got, expected);
	free(got);
}

/* Loops, conditions and constants. */
static void conditions(struct kunit *test)
{
	expect_changes(test,
		       "/* a comment says 1 < 2 */\n"
		       "#define SMALL(x) ((x) < 1)\n"
		       "static int first(int a, struct machine *m)\n"
		       "{\n"
		       "	int left = a - 1, i;\n"
		       "\n"
		       "	for (i = 0; i < a; i++)\n"
		       "#if LEVEL > 1\n"
		       "		if (m->base &&\n"
		       "		    !left)\n"
		       "			continue;\n"
		       "#endif\n"
		       "	return 0;\n"
		       "}\n",
		       "int left = a [---]{+++} 1, i;\n"
		       "int left = a [-- 1-], i;\n"
		       "int left = a - [-1-]{+2+}, i;\n"
		       "for (i = [-0-]{+1+}; i < a; i++)\n"
		       "for (i = 0; [-i < a-]{+0+}; i++)\n"
		       "for (i = 0; [-i < a-]{+1+}; i++)\n"
		       "for (i = 0; i [-<-]{+<=+} a; i++)\n"
		       "for (i = 0; i [-<-]{+>=+} a; i++)\n"
		       "for (i = 0; i < a; i[-++-]{+--+})\n"
		       "if ([-m->base-]{+1+} &&\n"
		       "if ([-m->base && !left-]{+0+})\n"
		       "if ([-m->base && !left-]{+1+})\n"
		       "if ([-m->base && !left-]{+!(m->base && !left)+})\n"
		       "if (m->[-base-]{+size+} &&\n"
		       "if (m->base [-&&-]{+||+}\n"
		       "[-!-]left)\n"
		       "[-!left-]{+1+})\n"
		       "[-continue;-]{+;+}\n"
		       "return [-0-]{+1+};\n"
		       "return [-0-]{+-EINVAL+};\n");
}

/* Messages are only left out as a whole; casts and pointers are no arithmetic. */
static void messages(struct kunit *test)
{
	expect_changes(test,
		       "void second(unsigned long a, void *p)\n"
		       "{\n"
		       "	struct machine *m = (struct machine *)p;\n"
		       "\n"
		       "	pr_info(\"a < %d\\n\", a + 1);\n"
		       "	WARN_ONCE(*m, \"1 < %d\", a - 1);\n"
		       "	for_each_slot(a)\n"
		       "		*m = (u64)*m + sizeof(*m);\n"
		       "}\n",
		       "[-pr_info(\"a < %d\\n\", a + 1);-]{+;+}\n"
		       "[-WARN_ONCE(*m, \"1 < %d\", a - 1);-]{+;+}\n"
		       "[-*m = (u64)*m + sizeof(*m);-]{+;+}\n"
		       "*m = (u64)*m [-+-]{+-+} sizeof(*m);\n");
}

/* Arguments, functions, flags and bits. */
static void calls(struct kunit *test)
{
	expect_changes(test,
		       "struct machine *third(int a, int b, void *p)\n"
		       "{\n"
		       "	call(a, p, b, a);\n"
		       "	b = max(a, b);\n"
		       "	if ((a & MEMBLOCK_GOOD) || p)\n"
		       "		b &= ~round_up(a, b);\n"
		       "	return p;\n"
		       "}\n",
		       "[-call(a, p, b, a);-]{+;+}\n"
		       "call(a, p, [-b, a-]{+a, b+});\n"
		       "[-b = max(a, b);-]{+;+}\n"
		       "b = [-max-]{+min+}(a, b);\n"
		       "if ([-(a & MEMBLOCK_GOOD)-]{+0+} || p)\n"
		       "if ([-(a & MEMBLOCK_GOOD) || p-]{+0+})\n"
		       "if ([-(a & MEMBLOCK_GOOD) || p-]{+1+})\n"
		       "if ([-(a & MEMBLOCK_GOOD) || p-]{+!((a & MEMBLOCK_GOOD) || p)+})\n"
		       "if ((a [-&-]{+|+} MEMBLOCK_GOOD) || p)\n"
		       "if ((a & [-MEMBLOCK_GOOD-]{+MEMBLOCK_BAD+}) || p)\n"
		       "if ((a & [-MEMBLOCK_GOOD-]{+MEMBLOCK_NONE+}) || p)\n"
		       "if ((a & MEMBLOCK_GOOD) [-||-]{+&&+} p)\n"
		       "if ((a & MEMBLOCK_GOOD) || [-p-]{+0+})\n"
		       "[-b &= ~round_up(a, b);-]{+;+}\n"
		       "b [-&=-]{+|=+} ~round_up(a, b);\n"
		       "b &= [-~-]round_up(a, b);\n"
		       "b &= ~[-round_up-]{+round_down+}(a, b);\n"
		       "b &= ~round_up([-a, b-]{+b, a+});\n"
		       "return [-p-]{+0+};\n");
}

/* What is no C, or not in the kernel's style, is left alone, and does not end the program. */
static void hostile(struct kunit *test)
{
	static const char *const texts[] = {
		"",
		"{",
		"}",
		"(){}",
		"int f() {",
		"int f() { ( }",
		"int f() { if }",
		"int f()\n{\n\tif (\n}\n",
		"int f()\n{\n\treturn\n}\n",
		"int f()\n{\n\tfor (;;)\n}\n",
		"int f()\n{\n\tx ? : y && ;\n}\n",
		"int f()\n{\n\ta\n}\n",
		"int f()\n{\n\tcase\n}\n",
		"int f()\n{\n\tdo else\n}\n",
		"int f()\n{\n\t&& || ?\n}\n",
		"f(x)\n{\n\treturn 1 - 99999999999999999999;\n}\n",
		"int f() /* no end",
		"int f()\n{\n\t\"no end\n}\n",
		"#define X \\",
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		free(changes(texts[i]));
	expect_changes(test, "int f()\n{\n\tcall(;\n}\nint g(int a)\n{\n\treturn a;\n}\n",
		       "return [-a-]{+0+};\n");
}

static const char of_lines[] = "void fourth(int a)\n"
			       "{\n"
			       "	do {\n"
			       "		call(a,\n"
			       "		     /* as it is */\n"
			       "		     a);\n"
			       "	} while (a ? a > 2 : true);\n"
			       "	switch (a) {\n"
			       "	case 1:\n"
			       "		break;\n"
			       "	}\n"
			       "}\n";

/* A statement of several lines, as a diff: the lines behind it keep their numbers. */
static void diff(struct kunit *test)
{
	char id[] = "fourth:4:delete:0", *ids[] = { id, id };
	struct mutants m;
	char *text;

	mutants_make(&m, of_lines, flags);
	KUNIT_EXPECT_EQ(test, mutants_choose(&m, ids, 2, NULL), 0);
	KUNIT_ASSERT_EQ(test, m.nr, 1U);
	KUNIT_EXPECT_STREQ(test, m.v[0].change, "[-call(a, a);-]{+;+}");
	text = mutant_diff(of_lines, &m.v[0], "mm/memblock.c");
	KUNIT_EXPECT_STREQ(test, text,
			   "--- a/mm/memblock.c\n"
			   "+++ b/mm/memblock.c\n"
			   "@@ -1,9 +1,9 @@ fourth\n"
			   " void fourth(int a)\n"
			   " {\n"
			   " 	do {\n"
			   "-		call(a,\n"
			   "-		     /* as it is */\n"
			   "-		     a);\n"
			   "+		;\n"
			   "+\n"
			   "+\n"
			   " 	} while (a ? a > 2 : true);\n"
			   " 	switch (a) {\n"
			   " 	case 1:\n");
	free(text);
	text = mutant_apply(of_lines, &m.v[0]);
	KUNIT_EXPECT_NOT_NULL(test, strstr(text, "	do {\n		;\n\n\n	} while (a ?"));
	free(text);
	mutants_release(&m);
}

/* The IDs of a sample, each with a newline behind it. */
static char *sample(size_t number, uint64_t seed, const char *operators)
{
	struct mutants m;
	size_t possible;
	char *all = array_strdup("");

	mutants_make(&m, of_lines, flags);
	if (mutants_draw(&m, "f*", operators, number, seed, &possible, NULL)) {
		mutants_release(&m);
		return all;
	}
	for (size_t i = 0; i < m.nr; i++) {
		char *more = array_format("%s%s\n", all, m.v[i].id);

		free(all);
		all = more;
	}
	mutants_release(&m);
	return all;
}

static size_t lines_of(const char *text)
{
	size_t n = 0;

	while ((text = strchr(text, '\n')))
		text++, n++;
	return n;
}

static void draws(struct kunit *test)
{
	char *five = sample(5, 4, NULL), *again = sample(5, 4, NULL), *seven = sample(7, 4, NULL);
	char *others = sample(5, 5, NULL), *all = sample(0, 4, NULL);
	char *some = sample(0, 1, "relation,delete"), *none = sample(0, 1, "rel");

	KUNIT_EXPECT_EQ(test, lines_of(five), 5U);
	KUNIT_EXPECT_STREQ(test, five, again, "the same seed draws the same");
	KUNIT_EXPECT_MEMEQ(test, seven, five, strlen(five),
			   "a larger sample begins with the smaller");
	KUNIT_EXPECT_STRNEQ(test, five, others, "another seed draws others");
	for (char *line = five, *end; (end = strchr(line, '\n')); line = end + 1) {
		char *id = array_format("%.*s", (int)(end + 1 - line), line);
		const char *at = strstr(all, id);

		KUNIT_EXPECT_NOT_NULL(test, at, "a sample keeps the IDs");
		KUNIT_EXPECT_NULL(test, at ? strstr(at + 1, id) : NULL, "IDs are unique");
		free(id);
	}
	KUNIT_EXPECT_STREQ(test, some,
			   "fourth:4:delete:0\nfourth:7:relation:0\nfourth:7:relation:1\n"
			   "fourth:10:delete:0\n");
	KUNIT_EXPECT_STREQ(test, none, "");
	free(five);
	free(again);
	free(seven);
	free(others);
	free(all);
	free(some);
	free(none);
}

/* Reads a list of known ones, and marks: how many, or the error. */
static int mark(struct kunit *test, const char *list, struct mutants *m, struct error *err)
{
	char path[] = "/tmp/mbsim-mutants.XXXXXX";
	int fd = mkstemp(path), ret;

	KUNIT_ASSERT_GE(test, fd, 0);
	KUNIT_ASSERT_EQ(test, write(fd, list, strlen(list)), (ssize_t)strlen(list));
	close(fd);
	*err = (struct error){ 0 };
	mutants_make(m, of_lines, flags);
	ret = mutants_mark(m, path, err);
	unlink(path);
	return ret;
}

static void known(struct kunit *test)
{
	struct error err;
	struct mutants m;
	size_t listed = 0;

	KUNIT_EXPECT_EQ(
		test,
		mark(test, "# a comment\n\nfou*: [-break;-]\n\tIt only ends\n\twhat ends anyway.\n",
		     &m, &err),
		0);
	for (size_t i = 0; i < m.nr; i++) {
		if (m.v[i].fate != MUTANT_LISTED)
			continue;
		listed++;
		KUNIT_EXPECT_STREQ(test, m.v[i].id, "fourth:10:delete:0");
		KUNIT_EXPECT_STREQ(test, m.v[i].why, "It only ends what ends anyway.");
	}
	KUNIT_EXPECT_EQ(test, listed, 1U);
	mutants_release(&m);

	/* the second of two that look alike */
	listed = 0;
	KUNIT_EXPECT_EQ(test, mark(test, "fourth: while ( #2\n\tnone\n", &m, &err), -EINVAL);
	mutants_release(&m);
	KUNIT_EXPECT_EQ(test, mark(test, "fourth: while (a ? [-a > 2-] #2\n\tsome\n", &m, &err), 0);
	for (size_t i = 0; i < m.nr; i++)
		listed += m.v[i].fate == MUTANT_LISTED ? i : 0;
	for (size_t i = 0, nth = 0; i < m.nr; i++)
		if (strstr(m.v[i].change, "while (a ? [-a > 2-]") && ++nth == 2)
			KUNIT_EXPECT_EQ(test, listed, i);
	mutants_release(&m);

	KUNIT_EXPECT_LT(test, mark(test, "# one\nfourth: [-break;-]\n", &m, &err), 0);
	KUNIT_EXPECT_NOT_NULL(test, strstr(err.text, ":2: the reason is missing"));
	mutants_release(&m);
	KUNIT_EXPECT_LT(test, mark(test, "fourth break\n", &m, &err), 0);
	KUNIT_EXPECT_NOT_NULL(test, strstr(err.text, ":1: is neither"));
	mutants_release(&m);
	KUNIT_EXPECT_LT(test, mark(test, "\ta reason of nothing\n", &m, &err), 0);
	mutants_release(&m);
}

/* Of a kernel's header, without what is no flag. */
static void header(struct kunit *test)
{
	char **got = mutants_flags("#define MEMBLOCK_X 1\n"
				   "enum memblock_flags {\n"
				   "	MEMBLOCK_NONE\t\t= 0x0, /* see MEMBLOCK_GOOD */\n"
				   "	MEMBLOCK_GOOD = 0x1,\n"
				   "};\n"
				   "#define Y (MEMBLOCK_Z = 1)\n");

	KUNIT_ASSERT_NOT_NULL(test, got[0]);
	KUNIT_EXPECT_STREQ(test, got[0], "MEMBLOCK_NONE");
	KUNIT_ASSERT_NOT_NULL(test, got[1]);
	KUNIT_EXPECT_STREQ(test, got[1], "MEMBLOCK_GOOD");
	KUNIT_EXPECT_NULL(test, got[2]);
	engine_list_free(got);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(conditions), KUNIT_CASE(messages), KUNIT_CASE(calls),
	KUNIT_CASE(hostile),	KUNIT_CASE(diff),     KUNIT_CASE(draws),
	KUNIT_CASE(known),	KUNIT_CASE(header),   { 0 },
};

static struct kunit_suite suite = { .name = "mutate", .test_cases = cases };
kunit_test_suite(suite);
