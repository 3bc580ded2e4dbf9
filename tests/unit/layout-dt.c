// SPDX-License-Identifier: GPL-2.0-or-later
/* The reader of device trees: invented ones, those of QEMU's machines, broken ones. */
#include <inttypes.h>
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include "kunit/test.h"
#include "layout/dt.h"
#include "layout/internal.h"
#include "layout/layout.h"
#include "lib/spawn.h"
#include "tests/unit/layout.h"

#define TREES "tests/data/trees/"

static struct layout *read_source(struct kunit *test, const char *path)
{
	struct error err = { 0 };
	struct layout *l = layout_read(path, &err);

	KUNIT_ASSERT_NOT_NULL(test, l, "%s", err.text);
	return l;
}

static void board(struct kunit *test)
{
	static const char *const notes[] = {
		"/memory@b00000000: the kernel does not take it for memory without device_type",
		"/reserved-memory/odd@92000000: \"reg\" has 12 bytes",
		"/reserved-memory/short: \"size\" has 4 bytes",
		"/reserved-memory/buffer@90800000: it overlaps with pool@90000000",
		"/reserved-memory/outside@10000000: 0x10000000-0x10000fff is not in RAM",
	};
	struct layout *l = read_source(test, TREES "board.dts");
	char *expected = read_text(test, TREES "board.layout", NULL), *text = written(l);

	KUNIT_EXPECT_STREQ(test, text, expected);
	KUNIT_ASSERT_EQ(test, l->nr_notes, ARRAY_LEN(notes));
	for (size_t i = 0; i < l->nr_notes; i++) {
		char *note = file_path("%s: %s", l->notes[i].pos.file, l->notes[i].text);

		KUNIT_EXPECT_TRUE(test, !strncmp(note, TREES "board.dts: ", strlen(TREES) + 11));
		KUNIT_EXPECT_NOT_NULL(test, strstr(note, notes[i]), "%s", note);
		free(note);
	}
	KUNIT_EXPECT_STREQ(test, l->ranges[0].pos.file, TREES "board.dts: /memory@80000000");
	expect_round_trip(test, l);
	layout_free(l);
	free(text);
	free(expected);
}

/* ---- machines of QEMU, and what a kernel said when it booted on them ---- */

static const struct machine {
	const char *name, *log;
} machines[] = {
	{ "virt-2g", "arm64-6.12-2g-dt" },
	{ "virt-16g", "arm64-6.1-16g-hugepages" },
	{ "virt-4g-2node", "arm64-6.12-4g-2node" },
	{ "virt-8g-4node", "arm64-6.1-8g-4node-crashkernel" },
};

KUNIT_ARRAY_PARAM_DESC(machines, machines, name);

static const struct layout_node_range *find_node(const struct layout *l, struct range r)
{
	for (size_t i = 0; i < l->nr_node_ranges; i++)
		if (l->node_ranges[i].range.start == r.start &&
		    l->node_ranges[i].range.end == r.end)
			return &l->node_ranges[i];
	return NULL;
}

static void machine(struct kunit *test)
{
	const struct machine *m = test->param_value;
	char *tree = file_path(TREES "%s.dtb.xz", m->name);
	char *log = file_path("tests/data/boots/%s.log.xz", m->log);
	char *text = read_text(test, log, NULL);
	const char *row = strstr(text, "Early memory node ranges");
	struct layout *l = read_source(test, tree);
	size_t rows = 0;
	int nid;
	uint64_t start, last;

	KUNIT_ASSERT_NOT_NULL(test, row);
	while ((row = strstr(row, "]   node ")) != NULL) {
		const struct layout_node_range *node;
		struct range r;
		bool found = false;

		row += 9;
		KUNIT_ASSERT_EQ(test,
				sscanf(row, " %d: [mem %" SCNx64 "-%" SCNx64, &nid, &start, &last),
				3);
		r = (struct range){ start, last + 1 };
		node = find_node(l, r);
		for (size_t i = 0; i < l->nr_ranges; i++)
			found |= l->ranges[i].range.start == r.start &&
				 l->ranges[i].range.end == r.end;
		KUNIT_EXPECT_TRUE(test, found);
		KUNIT_EXPECT_EQ(test, node ? node->nid : 0, nid);
		rows++;
	}
	KUNIT_EXPECT_EQ(test, l->nr_ranges, rows);
	KUNIT_EXPECT_EQ(test, l->nr_node_ranges, rows > 1 ? rows : 0);
	KUNIT_EXPECT_EQ(test, l->arch, LAYOUT_ARM64);
	KUNIT_ASSERT_EQ(test, l->nr_reservations, 1);
	KUNIT_EXPECT_NOT_NULL(test, strstr(text, "memblock_reserve: [0x0000000048000000-"));
	KUNIT_EXPECT_EQ(test, l->reservations[0].range.start, 0x48000000);
	KUNIT_EXPECT_EQ(test, l->nr_notes, 0);
	layout_free(l);
	free(text);
	free(log);
	free(tree);
}

/* ---- trees that are made here ---- */

/* A tree that is written node by node; cells of the root as given. */
struct tree {
	char *blob;
	int room;
};

static struct tree begin_tree(int room, uint32_t address_cells, uint32_t size_cells)
{
	struct tree t = { .blob = array_resize(NULL, room, 1), .room = room };

	fdt_create(t.blob, room);
	fdt_finish_reservemap(t.blob);
	fdt_begin_node(t.blob, "");
	fdt_property_u32(t.blob, "#address-cells", address_cells);
	fdt_property_u32(t.blob, "#size-cells", size_cells);
	return t;
}

static void add_memory(struct tree *t, const char *name, const uint32_t *cells, int nr)
{
	fdt32_t be[16];

	for (int i = 0; i < nr; i++)
		be[i] = cpu_to_fdt32(cells[i]);
	fdt_begin_node(t->blob, name);
	fdt_property_string(t->blob, "device_type", "memory");
	fdt_property(t->blob, "reg", be, 4 * nr);
	fdt_end_node(t->blob);
}

/* The layout of the finished tree, or NULL and the error. */
static struct layout *end_tree(struct kunit *test, struct tree *t, struct error *err)
{
	struct layout *l;

	fdt_end_node(t->blob);
	KUNIT_ASSERT_EQ(test, fdt_finish(t->blob), 0);
	*err = (struct error){ 0 };
	l = layout_parse("t.dtb", t->blob, fdt_totalsize(t->blob), err);
	free(t->blob);
	return l;
}

static const struct cells {
	const char *name;
	uint32_t address_cells, size_cells, cells[6];
	int nr;
	uint64_t start, end; /* of the only range; 0: there is none */
	unsigned int notes;
} cell_cases[] = {
	{ "1+1", 1, 1, { 0x1000, 0x2000 }, 2, 0x1000, 0x3000, 0 },
	{ "2+1", 2, 1, { 1, 0x1000, 0x2000 }, 3, 0x100001000, 0x100003000, 0 },
	{ "1+2", 1, 2, { 0x1000, 1, 0 }, 3, 0x1000, 0x100001000, 0 },
	{ "2+2", 2, 2, { 1, 0, 1, 0 }, 4, 0x100000000, 0x200000000, 0 },
	{ "3+2", 3, 2, { 0, 1, 0, 1, 0 }, 5, 0x100000000, 0x200000000, 0 },
	{ "3+2_lost", 3, 2, { 7, 1, 0, 1, 0 }, 5, 0x100000000, 0x200000000, 1 },
	{ "0+1", 0, 1, { 0x2000 }, 1, 0, 0x2000, 0 },
	{ "1+0", 1, 0, { 0x1000 }, 1, 0, 0, 1 },
	{ "0+0", 0, 0, { 0x1000 }, 1, 0, 0, 2 },
	{ "wrap", 2, 1, { UINT32_MAX, 0xfffff000, 0x2000 }, 3, -0x1000ULL, UINT64_MAX, 1 },
	{ "to_the_end", 2, 1, { UINT32_MAX, 0xfffff000, 0x1000 }, 3, -0x1000ULL, UINT64_MAX, 0 },
	{ "odd", 1, 1, { 0x1000, 0x2000, 0x8000 }, 3, 0x1000, 0x3000, 1 },
	{ "no_size", 1, 1, { 0x1000, 0 }, 2, 0, 0, 1 },
};

KUNIT_ARRAY_PARAM_DESC(cell_cases, cell_cases, name);

static void cells(struct kunit *test)
{
	const struct cells *c = test->param_value;
	struct tree t = begin_tree(4096, c->address_cells, c->size_cells);
	struct error err;
	struct layout *l;

	add_memory(&t, "memory", c->cells, c->nr);
	l = end_tree(test, &t, &err);
	KUNIT_EXPECT_EQ(test, l != NULL, c->end != 0, "%s", err.text);
	if (l) {
		KUNIT_EXPECT_EQ(test, l->nr_ranges, 1);
		KUNIT_EXPECT_EQ(test, l->ranges[0].range.start, c->start);
		KUNIT_EXPECT_EQ(test, l->ranges[0].range.end, c->end);
		KUNIT_EXPECT_EQ(test, l->nr_notes, c->notes);
	} else {
		KUNIT_EXPECT_EQ(test, err.code, 22);
	}
	layout_free(l);
}

static void cells_too_many(struct kunit *test)
{
	struct tree t = begin_tree(4096, 5, 1);
	struct error err;

	KUNIT_EXPECT_NULL(test, end_tree(test, &t, &err));
	KUNIT_EXPECT_STREQ(
		test, err.text,
		"t.dtb: the root has #address-cells = <5>: a number has at most 4 cells");
}

/* Wide and deep ones: neither time nor stack runs out. */
static void nodes_many(struct kunit *test)
{
	const uint32_t memory[] = { 0, 0x100000, 0 };
	struct tree t = begin_tree(16 << 20, 1, 1);
	struct error err;
	struct layout *l;

	for (int i = 0; i < 30000; i++) {
		fdt_begin_node(t.blob, "n");
		fdt_property_u32(t.blob, "numa-node-id", i);
		fdt_end_node(t.blob);
	}
	add_memory(&t, "memory", memory, 2);
	for (int i = 0; i < 30000; i++) {
		fdt_begin_node(t.blob, "dma");
		fdt_property(t.blob, "dma-ranges", memory, 12);
	}
	for (int i = 0; i < 30000; i++)
		fdt_end_node(t.blob);
	l = end_tree(test, &t, &err);
	KUNIT_ASSERT_NOT_NULL(test, l, "%s", err.text);
	KUNIT_EXPECT_EQ(test, l->nr_ranges, 1);
	layout_free(l);
}

/* ---- broken ones ---- */

static const char board_source[] = TREES "board.dts";

static char *compile_board(struct kunit *test, size_t *len)
{
	const char *argv[] = { "dtc", "-q", "-I", "dts", "-O", "dtb", board_source, NULL };
	struct spawn dtc = { .argv = argv };
	struct error err = { 0 };

	KUNIT_ASSERT_EQ(test, spawn_run(&dtc, &err), 0, "%s", err.text);
	*len = dtc.out_len;
	free(dtc.err);
	return dtc.out;
}

/* Cut at any byte, it is an error; in place of the rest nothing is read, which ASan would see. */
static void truncated(struct kunit *test)
{
	size_t len;
	char *blob = compile_board(test, &len);

	for (size_t n = 4; n < len; n++) {
		struct error err = { 0 };
		char *part = array_resize(NULL, n, 1);
		struct layout *l = layout_new("t.dtb");

		memcpy(part, blob, n);
		KUNIT_EXPECT_NE(test, dt_read(l, part, n, &err), 0);
		KUNIT_EXPECT_TRUE(test, strstr(err.text, "t.dtb: a device tree of") != NULL);
		layout_free(l);
		free(part);
	}
	free(blob);
}

/* A version that nobody makes any more, with a root that has no name as those have them. */
static void version_old(struct kunit *test)
{
	struct error err = { 0 };
	size_t len;
	char *blob = compile_board(test, &len);

	fdt_set_version(blob, 3);
	fdt_set_last_comp_version(blob, 2);
	KUNIT_EXPECT_NULL(test, layout_parse("t.dtb", blob, len, &err));
	KUNIT_EXPECT_NOT_NULL(test, strstr(err.text, "its version is not known"), "%s", err.text);
	free(blob);
}

/* Bytes changed at random: an error or a layout, which can be written and read back. */
static void changed(struct kunit *test)
{
	size_t len;
	char *blob = compile_board(test, &len), *copy = array_resize(NULL, len, 1);
	unsigned int seed = 1, read = 0;

	for (int i = 0; i < 3000; i++) {
		struct layout *l;

		memcpy(copy, blob, len);
		for (unsigned int n = random_number(&seed, 8) + 1; n; n--)
			copy[40 + random_number(&seed, len - 40)] = random_number(&seed, 256);
		l = layout_parse("t.dtb", copy, len, NULL);
		if (l) {
			read++;
			expect_round_trip(test, l);
		}
		layout_free(l);
	}
	KUNIT_EXPECT_GT(test, read, 100);
	free(copy);
	free(blob);
}

static const struct refused {
	const char *name, *text, *error;
} refused_cases[] = {
	{ "syntax", "/dts-v1/;\n/ {\n\tx = <;\n};\n",
	  "t.dts: dtc, the device tree compiler, says: 3.7-8 syntax error" },
	{ "include", "#include <a.h>\n/dts-v1/;\n/ { };\n", "t.dts: it has #include lines" },
	{ "overlay",
	  "/dts-v1/;\n/plugin/;\n/ { fragment@0 { target-path = \"/\"; __overlay__ { }; }; };\n",
	  "t.dts: an overlay" },
	{ "fit", "/dts-v1/;\n/ { images { }; configurations { }; };\n", "t.dts: a FIT image" },
	{ "nothing", "/dts-v1/;\n/ { };\n", "t.dts: no memory at all" },
};

KUNIT_ARRAY_PARAM_DESC(refused_cases, refused_cases, name);

static void refused(struct kunit *test)
{
	const struct refused *r = test->param_value;
	struct error err = { 0 };

	KUNIT_EXPECT_NULL(test, layout_parse("t.dts", r->text, strlen(r->text), &err));
	KUNIT_EXPECT_EQ(test, strncmp(err.text, r->error, strlen(r->error)), 0, "%s", err.text);
}

static struct kunit_case cases[] = { KUNIT_CASE(board),
				     KUNIT_CASE_PARAM(machine, machines_gen_params),
				     KUNIT_CASE_PARAM(cells, cell_cases_gen_params),
				     KUNIT_CASE(cells_too_many),
				     KUNIT_CASE(nodes_many),
				     KUNIT_CASE(truncated),
				     KUNIT_CASE(version_old),
				     KUNIT_CASE(changed),
				     KUNIT_CASE_PARAM(refused, refused_cases_gen_params),
				     {} };

static struct kunit_suite suite = { .name = "layout_dt", .test_cases = cases };

kunit_test_suite(suite);
