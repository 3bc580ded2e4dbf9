// SPDX-License-Identifier: GPL-2.0-or-later
/* The reader of kernel logs, with those of real boots: it is held against what they say. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kunit/test.h"
#include "layout/layout.h"
#include "tests/unit/layout.h"

/* The pages of memblock's memory that the log lists, minus those of layout_ram(): none. */
static void compare_nodes(struct kunit *test, const struct layout *l, const char *text)
{
	size_t nr, i = 0;
	struct range *ram = layout_ram(l, &nr);

	text = strstr(text, "Early memory node ranges");
	KUNIT_ASSERT_NOT_NULL(test, text);
	while ((text = strstr(text, "]   node ")) != NULL) {
		uint64_t start = 0, last = 0, end;

		text += strcspn(text + 1, "[") + 1;
		KUNIT_ASSERT_EQ(test, sscanf(text, "[mem %" SCNx64 "-%" SCNx64, &start, &last), 2);
		KUNIT_ASSERT_LT(test, i, nr);
		KUNIT_EXPECT_EQ(test, start, (ram[i].start + 4095) & -4096ULL);
		end = ram[i].end & -4096ULL;
		/* where nodes meet amid RAM, the log has two rows */
		if (last + 1 < end)
			ram[i].start = last + 1;
		else
			KUNIT_EXPECT_EQ(test, last + 1, ram[i++].end & -4096ULL);
	}
	KUNIT_EXPECT_EQ(test, i, nr);
	free(ram);
}

static const struct layout_reservation *find_kernel(const struct layout *l)
{
	for (size_t i = 0; i < l->nr_reservations; i++)
		if (l->reservations[i].kind == LAYOUT_KERNEL)
			return &l->reservations[i];
	return NULL;
}

/* Without /proc/iomem, memblock's dump says as well where the kernel is. */
static void compare_images(struct kunit *test, const struct layout *l, const char *text)
{
	const char *end = strstr(text, "@@@@ /proc/cmdline");
	const struct layout_reservation *kernel = find_kernel(l), *again;
	struct layout *other;

	KUNIT_ASSERT_NOT_NULL(test, kernel);
	KUNIT_ASSERT_NOT_NULL(test, end);
	other = layout_parse("t.log", text, end - text, NULL);
	KUNIT_ASSERT_NOT_NULL(test, other);
	again = find_kernel(other);
	KUNIT_ASSERT_NOT_NULL(test, again);
	KUNIT_EXPECT_EQ(test, again->range.start, kernel->range.start);
	KUNIT_EXPECT_EQ(test, again->range.end, kernel->range.end);
	layout_free(other);
}

/* The architecture that a capture's name begins with. */
static enum layout_arch arch_of(const char *path)
{
	static const struct {
		const char *name;
		enum layout_arch arch;
	} arches[] = {
		{ "amd64-", LAYOUT_X86_64 },  { "arm64-", LAYOUT_ARM64 },
		{ "i386-", LAYOUT_I386 },     { "ppc64el-", LAYOUT_PPC64 },
		{ "riscv64-", LAYOUT_RISCV }, { "s390x-", LAYOUT_S390 },
	};
	const char *name = strrchr(path, '/');

	name = name ? name + 1 : path;
	for (size_t i = 0; i < sizeof(arches) / sizeof(arches[0]); i++)
		if (!strncmp(name, arches[i].name, strlen(arches[i].name)))
			return arches[i].arch;
	return LAYOUT_ARCH_UNKNOWN;
}

static void capture(struct kunit *test)
{
	const char *path = *(char *const *)test->param_value;
	struct error err = { 0 };
	size_t len;
	char *text = read_text(test, path, &len);
	struct layout *l = layout_parse(path, text, len, &err);

	KUNIT_ASSERT_NOT_NULL(test, l, "%s", err.text);
	KUNIT_EXPECT_EQ(test, l->lines_bad, 0);
	KUNIT_EXPECT_NE(test, l->cpus, 0);
	KUNIT_EXPECT_NE(test, l->page_size, 0);
	KUNIT_EXPECT_NOT_NULL(test, l->cmdline);
	KUNIT_EXPECT_NOT_NULL(test, l->kernel_version);
	KUNIT_EXPECT_EQ(test, l->arch, arch_of(path));
	expect_round_trip(test, l);
	if (l->arch == LAYOUT_X86_64) {
		compare_images(test, l, text);
		if (!strstr(l->cmdline, " mem=") && !strstr(l->cmdline, " memmap="))
			compare_nodes(test, l, text);
	}
	layout_free(l);
	free(text);
}

static struct kunit_case cases[] = { KUNIT_CASE_PARAM(capture, next_capture), {} };

static struct kunit_suite suite = { .name = "layout_boots", .test_cases = cases };

kunit_test_suite(suite);
