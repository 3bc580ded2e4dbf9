// SPDX-License-Identifier: GPL-2.0-or-later
/* The reader of QEMU's command lines, held against boots and device trees of such machines. */
#include <stdlib.h>
#include <string.h>

#include "kunit/test.h"
#include "layout/layout.h"
#include "tests/unit/layout.h"

static struct layout *read_line(struct kunit *test, const char *line)
{
	struct error err = { 0 };
	struct layout *l = layout_read(line, &err);

	KUNIT_ASSERT_NOT_NULL(test, l, "%s", err.text);
	return l;
}

#define NODE(n, size, cpus)                                                           \
	" -object memory-backend-ram,id=m" #n ",size=" #size " -numa node,nodeid=" #n \
	",memdev=m" #n ",cpus=" #cpus

/* What scripts/capture-boot gave QEMU, for each kind of machine in tests/data/boots. */
static const struct boot {
	const char *log, *line;
} boots[] = {
	{ "amd64-6.12-2g-bios", "-M q35 -m 2G -smp 2,sockets=2 -cpu max,la57=off" },
	{ "amd64-6.1-64g-bios", "-M q35 -m 64G -smp 4,sockets=4 -cpu max" },
	{ "amd64-6.1-512m-nokaslr", "-M pc -m 512 -smp 1,sockets=1" },
	{ "amd64-6.1-6g-pc-hole", "-machine pc,max-ram-below-4g=1G -m 6G -smp 2,sockets=2" },
	{ "amd64-6.12-16g-numa-fake", "-M q35 -m 16G -smp 2,sockets=2" },
	{ "amd64-6.12-8g-crashkernel-high", "-M q35 -m 8G -smp 2,sockets=2" },
	{ "amd64-6.1-4g-2node", "-M q35 -m 4G -smp 2,sockets=2" NODE(0, 2G, 0) NODE(1, 2G, 1) },
	{ "amd64-6.1-8g-2node-kernelcore",
	  "-M q35 -m 8G -smp 2,sockets=2" NODE(0, 4G, 0) NODE(1, 4G, 1) },
	{ "amd64-6.12-64g-2node",
	  "-M q35 -m 64G -smp 4,sockets=4" NODE(0, 32G, 0 - 1) NODE(1, 32G, 2 - 3) },
	{ "amd64-6.12-8g-4node", "-M q35 -m 8G -smp 4,sockets=4" NODE(0, 1G, 0) NODE(1, 4G, 1)
					 NODE(2, 2G, 2) NODE(3, 1G, 3) },
	{ "amd64-6.12-3g-memoryless",
	  "-M q35 -m 3G -smp 3,sockets=3" NODE(0, 1G, 0) " -numa node,nodeid=1,cpus=1" NODE(2, 2G,
											    2) },
	{ "amd64-6.12-2g-dimm", "-M q35 -m 2G,slots=4,maxmem=8G -smp 2,sockets=2" NODE(0, 1G, 0)
					NODE(1, 1G, 1) " -device pc-dimm,id=d,memdev=x,node=1" },
};

KUNIT_ARRAY_PARAM_DESC(boots, boots, log);

static void boot(struct kunit *test)
{
	const struct boot *b = test->param_value;
	char *path = file_path("tests/data/boots/%s.log.xz", b->log);
	char *line = file_path("qemu:qemu-system-x86_64 %s", b->line);
	struct layout *log = read_line(test, path), *l = read_line(test, line);

	KUNIT_ASSERT_EQ(test, l->nr_ranges, log->nr_ranges);
	for (size_t i = 0; i < l->nr_ranges; i++) {
		KUNIT_EXPECT_EQ(test, l->ranges[i].range.start, log->ranges[i].range.start);
		KUNIT_EXPECT_EQ(test, l->ranges[i].range.end, log->ranges[i].range.end);
		KUNIT_EXPECT_EQ(test, l->ranges[i].type, log->ranges[i].type);
	}
	KUNIT_ASSERT_EQ(test, l->nr_node_ranges, log->nr_node_ranges);
	for (size_t i = 0; i < l->nr_node_ranges; i++) {
		const struct layout_node_range *a = &l->node_ranges[i], *c = &log->node_ranges[i];

		KUNIT_EXPECT_EQ(test, a->range.start, c->range.start);
		KUNIT_EXPECT_EQ(test, a->range.end, c->range.end);
		KUNIT_EXPECT_EQ(test, a->nid, c->nid);
		KUNIT_EXPECT_EQ(test, a->flags, c->flags);
	}
	KUNIT_EXPECT_EQ(test, l->cpus, log->cpus);
	KUNIT_EXPECT_EQ(test, l->arch, log->arch);
	layout_free(l);
	layout_free(log);
	free(line);
	free(path);
}

/* The same machines' device trees. */
static const struct tree {
	const char *name, *line;
} trees[] = {
	{ "virt-2g", "-M virt -m 2G -smp 2" },
	{ "virt-16g", "-M virt -m 16G -smp 2" },
	{ "virt-4g-2node", "-M virt -m 4G -smp 2" NODE(0, 1G, 0) NODE(1, 3G, 1) },
	{ "virt-8g-4node",
	  "-M virt -m 8192 -smp 4" NODE(0, 2G, 0) NODE(1, 2G, 1) NODE(2, 2G, 2) NODE(3, 2G, 3) },
};

KUNIT_ARRAY_PARAM_DESC(trees, trees, name);

static void tree(struct kunit *test)
{
	const struct tree *t = test->param_value;
	char *path = file_path("tests/data/trees/%s.dtb.xz", t->name);
	char *line = file_path("qemu:qemu-system-aarch64 %s -append console=ttyAMA0", t->line);
	struct layout *dt = read_line(test, path), *l = read_line(test, line);
	char *expected, *text;

	free(l->model);
	l->model = array_strdup(dt->model);
	/* the tree was made with an initrd, and the line is without */
	dt->nr_reservations--;
	free(dt->reservations[dt->nr_reservations].name);
	expected = written(dt);
	text = written(l);
	KUNIT_EXPECT_STREQ(test, text, expected);
	layout_free(l);
	layout_free(dt);
	free(text);
	free(expected);
	free(line);
	free(path);
}

/* An initrd is 128 MiB into RAM, and the device tree of 1 MiB behind it, as the boots say. */
static void images(struct kunit *test)
{
	struct layout *l = read_line(test, "qemu:-M virt -m 2G -kernel /nowhere -initrd COPYING");

	KUNIT_ASSERT_EQ(test, l->nr_reservations, 2);
	KUNIT_EXPECT_EQ(test, l->reservations[0].range.start, 0x48000000);
	KUNIT_EXPECT_EQ(test, l->reservations[1].range.start, 0x48200000);
	KUNIT_EXPECT_EQ(test, l->reservations[1].range.end, 0x48300000);
	KUNIT_EXPECT_STREQ(test, l->reservations[0].pos.file, "-initrd COPYING");
	layout_free(l);
}

/* RAM that would reach HyperTransport's addresses, with PCI's 32G behind it, goes behind them. */
static void hole_at_1t(struct kunit *test)
{
	struct layout *l = read_line(test, "qemu:-M q35 -m 978G -cpu EPYC,phys-bits=46");
	size_t last = l->nr_ranges - 1;

	KUNIT_EXPECT_EQ(test, l->ranges[last].range.start, 1012ULL << 30);
	KUNIT_EXPECT_EQ(test, l->ranges[last - 1].range.end, 980ULL << 30);
	layout_free(l);
	l = read_line(test, "qemu:-M q35 -m 979G -cpu EPYC,phys-bits=46");
	KUNIT_EXPECT_EQ(test, l->ranges[last - 1].range.start, 1012ULL << 30);
	KUNIT_EXPECT_EQ(test, l->ranges[last].range.start, 1024ULL << 30);
	KUNIT_EXPECT_EQ(test, l->ranges[last].range.end, (1024ULL + 977) << 30);
	layout_free(l);
}

static void file(struct kunit *test)
{
	static const char text[] =
		"#!/bin/sh\n# a machine\nexport X=1\n"
		"exec sudo /usr/bin/qemu-system-x86_64 \\\n"
		"  -name 'my vm' -m size=3G -M q35 \\\n"
		"  -object '{\"qom-type\":\"memory-backend-ram\",\"id\":\"a\",\"size\":3221225472}' \\\n"
		"  -numa node,memdev=a -append \"a='b' c=\\\"d\\\"\" >log\nls -m 5G\n";
	struct error err = { 0 };
	struct layout *l = layout_parse("vm.sh", text, strlen(text), &err);

	KUNIT_ASSERT_NOT_NULL(test, l, "%s", err.text);
	KUNIT_EXPECT_STREQ(test, l->cmdline, "a='b' c=\"d\"");
	KUNIT_EXPECT_EQ(test, l->ranges[0].pos.line, 5);
	KUNIT_EXPECT_EQ(test, l->nr_node_cpus, 1);
	KUNIT_EXPECT_EQ(test, l->nr_node_ranges, 3);
	layout_free(l);
}

static const struct refused {
	const char *name, *line, *error;
} refused_cases[] = {
	{ "machine", "qemu:qemu-system-aarch64 -M raspi3b", "is not modelled" },
	{ "size", "qemu:-m 4X", "-m 4X: this is no size of memory" },
	{ "sum", "qemu:-m 4G -numa node,mem=1G", "the nodes have 1024 MiB" },
	{ "object", "qemu:-m 1G -numa node,memdev=a", "there is no -object with id=a" },
	{ "value", "qemu:-m", "-m at the end lacks its value" },
	{ "quote", "qemu:-append 'a", "a quote that begins here does not end" },
	{ "nothing", "qemu:", "there is no command line" },
	{ "gap", "qemu:-m 1G -numa node,nodeid=1,mem=1G", "there is no node 0" },
};

KUNIT_ARRAY_PARAM_DESC(refused_cases, refused_cases, name);

static void refused(struct kunit *test)
{
	const struct refused *r = test->param_value;
	struct error err = { 0 };

	KUNIT_EXPECT_NULL(test, layout_read(r->line, &err));
	KUNIT_EXPECT_NOT_NULL(test, strstr(err.text, r->error), "%s", err.text);
}

/* Lines of random characters from among those that matter: no crash. */
static void hostile(struct kunit *test)
{
	static const char *const parts[] = { " -m ",
					     "4G",
					     ",",
					     "=",
					     " -numa ",
					     "node",
					     "mem=",
					     "cpus=",
					     "0-3",
					     " -smp ",
					     "maxcpus=",
					     "9",
					     "\\",
					     "'",
					     "\"",
					     "\n",
					     "{\"a\":1}",
					     " -M ",
					     "q35",
					     "virt",
					     "slots=",
					     "maxmem=",
					     "dist,src=0,dst=1,val=",
					     "-object " };
	unsigned int seed = 7;

	for (int i = 0; i < 5000; i++) {
		struct error err = { 0 };
		char *line = NULL;
		size_t len;
		FILE *out = open_memstream(&line, &len);
		struct layout *l;

		if (!out)
			array_die();
		fputs("qemu:", out);
		for (int n = random_number(&seed, 20); n; n--)
			fputs(parts[random_number(&seed, ARRAY_LEN(parts))], out);
		fclose(out);
		l = layout_read(line, &err);
		KUNIT_EXPECT_EQ(test, l == NULL, err.text[0] != '\0');
		layout_free(l);
		free(line);
	}
}

static struct kunit_case cases[] = { KUNIT_CASE_PARAM(boot, boots_gen_params),
				     KUNIT_CASE_PARAM(tree, trees_gen_params),
				     KUNIT_CASE(images),
				     KUNIT_CASE(hole_at_1t),
				     KUNIT_CASE(file),
				     KUNIT_CASE_PARAM(refused, refused_cases_gen_params),
				     KUNIT_CASE(hostile),
				     {} };

static struct kunit_suite suite = { .name = "layout_qemu", .test_cases = cases };

kunit_test_suite(suite);
