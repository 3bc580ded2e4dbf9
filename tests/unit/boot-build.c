// SPDX-License-Identifier: GPL-2.0-or-later
/* What logs and configurations tell of a kernel's build, and which source counts. */
#include <string.h>

#include "boot/build.h"
#include "kunit/test.h"
#include "lib/array.h"
#include "lib/error.h"

#define NOT_TOLD UINT64_MAX
#define FREED_INIT "Freeing unused kernel image (initmem) memory: 2824K\n"

static const struct told {
	const char *name, *text;
	enum boot_fact fact;
	uint64_t value;
	unsigned int line;
} logs[] = {
	{ "percpu_static", "x\npercpu: Embedded 66 pages/cpu s233472 r8192 d28673 u1048576",
	  BOOT_PERCPU_STATIC, 233472, 2 },
	{ "percpu_reserved", "percpu: Embedded 66 pages/cpu s233472 r8192 d28673 u1048576",
	  BOOT_PERCPU_RESERVED, 8192, 1 },
	{ "percpu_dynamic", "percpu: Embedded 66 pages/cpu s233472 r8192 d28673 u1048576",
	  BOOT_PERCPU_DYNAMIC, 28673, 1 },
	{ "percpu_with_an_address",
	  "PERCPU: Embedded 36 pages/cpu @ffff88 s106496 r8192 d32768 u262144", BOOT_PERCPU_DYNAMIC,
	  32768, 1 },
	{ "percpu_in_another_order", "percpu: Embedded 66 pages/cpu r8192 s233472 d28673",
	  BOOT_PERCPU_STATIC, NOT_TOLD, 0 },
	{ "percpu_without_its_end", "percpu: Embedded 66 pages/cpu s233472 r8192",
	  BOOT_PERCPU_STATIC, NOT_TOLD, 0 },
	{ "node_data", "NODE_DATA(0) allocated [mem 0x7fe46000-0x7fe70fff]", BOOT_PGDAT_SIZE,
	  0x2b000, 1 },
	{ "the_first_counts",
	  "NODE_DATA(0) allocated [mem 0x1000-0x1fff]\nNODE_DATA(1) allocated [mem 0x4000-0x5fff]",
	  BOOT_PGDAT_SIZE, 0x1000, 1 },
	{ "node_data_backwards", "NODE_DATA(0) allocated [mem 0x2000-0x1000]", BOOT_PGDAT_SIZE,
	  NOT_TOLD, 0 },
	{ "log_buffer", "printk: log_buf_len min size: 262144 bytes", BOOT_LOG_BUF, 262144, 1 },
	{ "log_of_a_cpu", "printk: log_buf_len individual max cpu contribution: 8192 bytes",
	  BOOT_LOG_CPU_MAX, 8192, 1 },
	{ "kfence", "kfence: initialized - using 2097152 bytes for 255 objects at 0xa-0xb",
	  BOOT_KFENCE_POOL, 2097152, 1 },
	{ "no_kfence", FREED_INIT, BOOT_KFENCE_POOL, 0, 0 },
	{ "kfence_in_a_log_that_ends_early", "x", BOOT_KFENCE_POOL, NOT_TOLD, 0 },
	{ "smp_locks", "Freeing SMP alternatives memory: 36K", BOOT_SMP_LOCKS, 36864, 1 },
	{ "smp_locks_of_no_unit", "Freeing SMP alternatives memory: 36", BOOT_SMP_LOCKS, NOT_TOLD,
	  0 },
	{ "decrypted", "Freeing unused decrypted memory: 2036K", BOOT_DECRYPTED_UNUSED, 2036 << 10,
	  1 },
	{ "words_in_the_middle", "somebody says that Freeing SMP alternatives memory: 36K",
	  BOOT_SMP_LOCKS, NOT_TOLD, 0 },
	{ "deferred", "node 0 deferred pages initialised in 48ms", BOOT_DEFERRED, 1, 1 },
	{ "deferred_as_it_was", "node 0 initialised, 42 pages in 28ms", BOOT_DEFERRED, 1, 1 },
	{ "not_deferred", FREED_INIT, BOOT_DEFERRED, 0, 0 },
	{ "much_is_not_available",
	  "Memory: 1000K/20000K available (1K kernel code, 3000K reserved, 0K cma-reserved)",
	  BOOT_DEFERRED, 1, 1 },
	{ "all_is_available_or_reserved",
	  "Memory: 9000K/20000K available (1K kernel code, 5000K reserved, 6000K cma-reserved)",
	  BOOT_DEFERRED, 0, 1 },
	{ "too_late_to_tell", "SLUB: HWalign=64\nMemory: 1000K/20000K available (3000K reserved)",
	  BOOT_DEFERRED, NOT_TOLD, 0 },
};

KUNIT_ARRAY_PARAM_DESC(logs, logs, name);

static void log_tells(struct kunit *test)
{
	const struct told *t = test->param_value;
	struct boot_build b = { 0 };
	const struct boot_known *known = &b.v[t->fact];

	boot_build_read_log(&b, t->text, strlen(t->text), 1);
	KUNIT_EXPECT_EQ(test, known->there, t->value != NOT_TOLD);
	if (known->there) {
		KUNIT_EXPECT_EQ(test, known->value, t->value);
		KUNIT_EXPECT_EQ(test, known->line, t->line);
		KUNIT_EXPECT_EQ(test, known->source, BOOT_FROM_LOG);
	}
	boot_build_release(&b);
}

static const struct configured {
	const char *name, *text;
	enum boot_fact fact;
	uint64_t value;
} configs[] = {
	{ "shift", "CONFIG_LOG_BUF_SHIFT=18\n", BOOT_LOG_BUF, 1 << 18 },
	{ "shift_too_large", "CONFIG_LOG_BUF_SHIFT=41\n", BOOT_LOG_BUF, NOT_TOLD },
	{ "no_number", "CONFIG_LOG_BUF_SHIFT=x\n", BOOT_LOG_BUF, NOT_TOLD },
	{ "no_newline_at_the_end", "CONFIG_SMP=y\nCONFIG_LOG_BUF_SHIFT=18", BOOT_LOG_BUF, 1 << 18 },
	{ "from_windows", "CONFIG_SMP=y\r\nCONFIG_LOG_BUF_SHIFT=18\r\n", BOOT_LOG_BUF, 1 << 18 },
	{ "on", "CONFIG_DEFERRED_STRUCT_PAGE_INIT=y\n", BOOT_DEFERRED, 1 },
	{ "a_module_is_not", "CONFIG_DEFERRED_STRUCT_PAGE_INIT=m\n", BOOT_DEFERRED, 0 },
	{ "a_comment_is_not", "CONFIG_SMP=y\n# CONFIG_DEFERRED_STRUCT_PAGE_INIT=y\n", BOOT_DEFERRED,
	  0 },
	{ "zone_device", "CONFIG_ZONE_DEVICE=y\n", BOOT_ZONE_DEVICE, 1 },
	{ "page_ext", "CONFIG_PAGE_EXTENSION=y\n", BOOT_SECTION_STRUCT, 32 },
	{ "no_page_ext", "CONFIG_SMP=y\n", BOOT_SECTION_STRUCT, 16 },
	{ "modules", "CONFIG_MODULES=y\n", BOOT_PERCPU_RESERVED, NOT_TOLD },
	{ "no_modules", "CONFIG_SMP=y\n", BOOT_PERCPU_RESERVED, 0 },
	{ "one_processor", "CONFIG_X86_64=y\n", BOOT_NR_CPUS, 1 },
	{ "where_arm64_is", "CONFIG_ARM64=y\nCONFIG_PHYSICAL_START=0x2000000\n", BOOT_KERNEL_BASE,
	  NOT_TOLD },
	{ "kfence_of_large_pages",
	  "CONFIG_KFENCE=y\nCONFIG_KFENCE_SAMPLE_INTERVAL=100\nCONFIG_KFENCE_NUM_OBJECTS=255\n"
	  "CONFIG_ARM64_64K_PAGES=y\n",
	  BOOT_KFENCE_POOL, 512 * 65536 },
	{ "kfence_of_16K",
	  "CONFIG_KFENCE=y\nCONFIG_KFENCE_SAMPLE_INTERVAL=100\nCONFIG_KFENCE_NUM_OBJECTS=255\n"
	  "CONFIG_ARM64_16K_PAGES=y\n",
	  BOOT_KFENCE_POOL, 512 * 16384 },
};

KUNIT_ARRAY_PARAM_DESC(configs, configs, name);

static void config_tells(struct kunit *test)
{
	const struct configured *c = test->param_value;
	struct boot_build b = { 0 };
	struct error err = { 0 };

	KUNIT_ASSERT_EQ(test, 0,
			boot_build_parse_config(&b, "config", c->text, strlen(c->text), &err));
	KUNIT_EXPECT_EQ(test, b.v[c->fact].there, c->value != NOT_TOLD);
	if (c->value != NOT_TOLD)
		KUNIT_EXPECT_EQ(test, b.v[c->fact].value, c->value);
	boot_build_release(&b);
}

static void limits(struct kunit *test)
{
	static const struct {
		const char *text, *words;
	} v[] = {
		{ "CONFIG_SPARSEMEM=y\n", "config: CONFIG_SPARSEMEM_VMEMMAP is off" },
		{ "CONFIG_KASAN_SW_TAGS=y\n", "config: CONFIG_KASAN is on" },
		{ "CONFIG_KMSAN=y\n", "config: CONFIG_KMSAN is on" },
		{ "CONFIG_X86_64=y\n", "config: CONFIG_NUMA is off" },
		{ "CONFIG_FLATMEM=y\n", "config: CONFIG_FLATMEM is on" },
	};

	for (size_t i = 0; i < ARRAY_LEN(v); i++) {
		struct boot_build b = { 0 };
		struct error err = { 0 };

		boot_build_parse_config(&b, "config", v[i].text, strlen(v[i].text), &err);
		KUNIT_ASSERT_EQ(test, b.nr_notes, 1);
		KUNIT_EXPECT_EQ(test, 0, strncmp(b.notes[0], v[i].words, strlen(v[i].words)));
		boot_build_release(&b);
	}
}

static uint64_t after(enum boot_source first, enum boot_source second)
{
	struct boot_build b = { 0 };

	boot_build_set(&b, BOOT_LOG_BUF, (struct boot_known){ .value = 1, .source = first });
	boot_build_set(&b, BOOT_LOG_BUF, (struct boot_known){ .value = 2, .source = second });
	return b.v[BOOT_LOG_BUF].value;
}

static void sources(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, after(BOOT_BY_DEFAULT, BOOT_FROM_LAYOUT), 2);
	KUNIT_EXPECT_EQ(test, after(BOOT_FROM_LOG, BOOT_FROM_LAYOUT), 1);
	KUNIT_EXPECT_EQ(test, after(BOOT_FROM_LOG, BOOT_FROM_CONFIG), 2);
	KUNIT_EXPECT_EQ(test, after(BOOT_FROM_IMAGE, BOOT_FROM_CONFIG), 1);
	/* the last file counts, and the first line of a log */
	KUNIT_EXPECT_EQ(test, after(BOOT_FROM_CONFIG, BOOT_FROM_CONFIG), 2);
	KUNIT_EXPECT_EQ(test, after(BOOT_FROM_LOG, BOOT_FROM_LOG), 1);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(log_tells, logs_gen_params),
	KUNIT_CASE_PARAM(config_tells, configs_gen_params),
	KUNIT_CASE(limits),
	KUNIT_CASE(sources),
	{},
};

static struct kunit_suite suite = { .name = "boot_build", .test_cases = cases };

kunit_test_suite(suite);
