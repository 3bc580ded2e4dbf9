// SPDX-License-Identifier: GPL-2.0-or-later
/* What machine a device tree is of: model, architecture, processors, and how far nodes are. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "layout/dt.h"
#include "lib/array.h"

/* Beginnings of a processor's "compatible". The first that fits is it. */
static const struct {
	const char *begins;
	enum layout_arch arch;
} processors[] = {
	{ "arm,armv8", LAYOUT_ARM64 },
	{ "arm,armv9", LAYOUT_ARM64 },
	{ "arm,cortex-a32", LAYOUT_ARM },
	{ "arm,cortex-a3", LAYOUT_ARM64 },
	{ "arm,cortex-a510", LAYOUT_ARM64 },
	{ "arm,cortex-a520", LAYOUT_ARM64 },
	{ "arm,cortex-a53", LAYOUT_ARM64 },
	{ "arm,cortex-a55", LAYOUT_ARM64 },
	{ "arm,cortex-a57", LAYOUT_ARM64 },
	{ "arm,cortex-a65", LAYOUT_ARM64 },
	{ "arm,cortex-a71", LAYOUT_ARM64 },
	{ "arm,cortex-a72", LAYOUT_ARM64 },
	{ "arm,cortex-a73", LAYOUT_ARM64 },
	{ "arm,cortex-a75", LAYOUT_ARM64 },
	{ "arm,cortex-a76", LAYOUT_ARM64 },
	{ "arm,cortex-a77", LAYOUT_ARM64 },
	{ "arm,cortex-a78", LAYOUT_ARM64 },
	{ "arm,cortex-x", LAYOUT_ARM64 },
	{ "arm,neoverse", LAYOUT_ARM64 },
	{ "arm,foundation", LAYOUT_ARM64 },
	{ "arm,", LAYOUT_ARM },
	{ "apple,", LAYOUT_ARM64 },
	{ "nvidia,", LAYOUT_ARM64 },
	{ "brcm,brahma-b53", LAYOUT_ARM64 },
	{ "brcm,vulcan", LAYOUT_ARM64 },
	{ "brcm,brahma", LAYOUT_ARM },
	{ "brcm,bmips", LAYOUT_MIPS },
	{ "cavium,thunder", LAYOUT_ARM64 },
	{ "cavium,octeon", LAYOUT_MIPS },
	{ "qcom,krait", LAYOUT_ARM },
	{ "qcom,scorpion", LAYOUT_ARM },
	{ "qcom,", LAYOUT_ARM64 },
	{ "marvell,", LAYOUT_ARM },
	{ "faraday,", LAYOUT_ARM },
	{ "intel,sa", LAYOUT_ARM },
	{ "samsung,", LAYOUT_ARM64 },
	{ "phytium,", LAYOUT_ARM64 },
	{ "hisilicon,", LAYOUT_ARM64 },
	{ "fujitsu,", LAYOUT_ARM64 },
	{ "ampere,", LAYOUT_ARM64 },
	{ "riscv", LAYOUT_RISCV },
	{ "mips,", LAYOUT_MIPS },
	{ "mti,", LAYOUT_MIPS },
	{ "img,mips", LAYOUT_MIPS },
	{ "ingenic,xburst", LAYOUT_MIPS },
	{ "loongson,gs", LAYOUT_MIPS },
	{ "snps,", LAYOUT_ARCH_OTHER },
	{ "loongson,la", LAYOUT_ARCH_OTHER },
	{ "opencores,or1k", LAYOUT_ARCH_OTHER },
	{ "cdns,xtensa", LAYOUT_ARCH_OTHER },
};

static enum layout_arch processor_arch(const struct dt *t, int cpu)
{
	const char *words = dt_string(t, cpu, "compatible");

	if (dt_has(t, cpu, "riscv,isa") || dt_has(t, cpu, "riscv,isa-base"))
		return LAYOUT_RISCV;
	if (!strncmp(dt_name(t, cpu), "PowerPC,", 8) || (words && !strncmp(words, "PowerPC,", 8)))
		return dt_has(t, cpu, "64-bit") || dt_has(t, cpu, "ibm,segment-page-sizes") ||
				       dt_has(t, cpu, "ibm,processor-segment-sizes") ||
				       dt_has(t, cpu, "ibm,pa-features")
			       ? LAYOUT_PPC64
			       : LAYOUT_ARCH_OTHER;
	for (size_t i = 0; words && i < ARRAY_LEN(processors); i++)
		if (!strncmp(words, processors[i].begins, strlen(processors[i].begins)))
			return processors[i].arch;
	return LAYOUT_ARCH_UNKNOWN;
}

/* ARM's timer is in the tree of nearly every machine that has one. */
static enum layout_arch timer_arch(const struct dt *t)
{
	for (int i = 1; i < t->nr; i++) {
		if (dt_is_compatible(t, i, "arm,armv8-timer"))
			return LAYOUT_ARM64;
		if (dt_is_compatible(t, i, "arm,armv7-timer"))
			return LAYOUT_ARM;
	}
	return LAYOUT_ARCH_UNKNOWN;
}

/* As the kernel looks for processors: by name or type, and not those that failed. */
static bool is_processor(const struct dt *t, int node)
{
	const char *type = dt_string(t, node, "device_type");
	const char *status = dt_string(t, node, "status");

	if (status && !strncmp(status, "fail", 4) && (!status[4] || status[4] == '-'))
		return false;
	return dt_is_named(t, node, "cpu") || (type && !strcmp(type, "cpu"));
}

/* On POWER, a node is a core, and has a number for each of its threads. */
static unsigned int count_threads(const struct dt *t, int cpu, enum layout_arch arch)
{
	int len;

	if (arch == LAYOUT_RISCV)
		return dt_is_available(t, cpu);
	if (!dt_get(t, cpu, "ibm,ppc-interrupt-server#s", &len) || len < 4)
		return 1;
	return len / 4 < LAYOUT_MAX_CPUS ? len / 4 : LAYOUT_MAX_CPUS;
}

/* Its own, or that of what it is in. */
static bool read_nid(const struct dt *t, int cpu, uint32_t *nid)
{
	for (int node = cpu; node >= 0; node = t->nodes[node].parent)
		if (dt_has(t, node, "numa-node-id"))
			return dt_u32(t, node, "numa-node-id", nid) && *nid <= LAYOUT_MAX_NODE;
	return false;
}

/* Processors of each node, in memory for all that there can be. */
static void add_node_cpus(struct dt *t, const unsigned int *cpus, int node)
{
	struct layout *l = t->l;
	bool *known = array_resize(NULL, LAYOUT_MAX_NODE + 1, sizeof(*known));
	struct srcpos pos = dt_pos(t, node);

	memset(known, 0, (LAYOUT_MAX_NODE + 1) * sizeof(*known));
	for (size_t i = 0; i < l->nr_node_ranges; i++)
		if (l->node_ranges[i].nid != LAYOUT_NO_NODE)
			known[l->node_ranges[i].nid] = true;
	for (int nid = 0; nid <= LAYOUT_MAX_NODE; nid++)
		if (cpus[nid] || known[nid])
			layout_add_node_cpus(l, (struct layout_node_cpus){ .nid = nid,
									   .cpus = cpus[nid],
									   .pos = pos });
	free(known);
}

static void read_processors(struct dt *t)
{
	int cpus = dt_child(t, 0, "cpus");
	unsigned int *of_node, total = 0;
	bool some = false;

	if (cpus < 0)
		return;
	of_node = array_resize(NULL, LAYOUT_MAX_NODE + 1, sizeof(*of_node));
	memset(of_node, 0, (LAYOUT_MAX_NODE + 1) * sizeof(*of_node));
	for (int i = cpus + 1; i < t->nr; i++) {
		enum layout_arch arch;
		unsigned int threads;
		uint32_t nid;

		if (t->nodes[i].parent != cpus || !is_processor(t, i))
			continue;
		arch = processor_arch(t, i);
		if (t->l->arch == LAYOUT_ARCH_UNKNOWN)
			t->l->arch = arch;
		threads = count_threads(t, i, arch);
		if (threads > LAYOUT_MAX_CPUS - total) {
			dt_note(t, i, "there are more than %d processors", LAYOUT_MAX_CPUS);
			threads = LAYOUT_MAX_CPUS - total;
		}
		total += threads;
		if (read_nid(t, i, &nid)) {
			of_node[nid] += threads;
			some = true;
		}
	}
	t->l->cpus = total;
	if (some)
		add_node_cpus(t, of_node, cpus);
	free(of_node);
}

static int compare_distances(const void *a, const void *b)
{
	const struct layout_distance *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return x->to < y->to ? -1 : x->to > y->to;
}

/* Rows of three cells: from, to, distance. @rows has room for @nr and their way back. */
static size_t read_rows(struct dt *t, int node, const void *matrix, size_t nr,
			struct layout_distance *rows)
{
	size_t good = 0;

	for (size_t i = 0; i < nr; i++) {
		const char *at = (const char *)matrix + 12 * i;
		uint64_t from = dt_number(at, 1), to = dt_number(at + 4, 1);
		uint64_t distance = dt_number(at + 8, 1);

		if (from > LAYOUT_MAX_NODE || to > LAYOUT_MAX_NODE || distance > 255 ||
		    (from == to ? distance != 10 : distance <= 10)) {
			dt_note(t, node,
				"a distance of %" PRIu64 " from node %" PRIu64 " to node %" PRIu64
				": the kernel then makes do with one node",
				distance, from, to);
			continue;
		}
		rows[good++] =
			(struct layout_distance){ .from = from, .to = to, .distance = distance };
	}
	return good;
}

/* The way back is as far as the way there, if the tree does not tell of it. */
static void read_distances(struct dt *t, int node)
{
	int len;
	const void *matrix = dt_get(t, node, "distance-matrix", &len);
	struct layout_distance *rows;
	struct srcpos pos = dt_pos(t, node);
	size_t nr;

	if (!matrix || len < 12) {
		dt_note(t, node, "there is no \"distance-matrix\" in it");
		return;
	}
	if (len % 12)
		dt_note(t, node, "\"distance-matrix\" has %d bytes, no multiple of 12", len);
	nr = len / 12 < LAYOUT_MAX_DISTANCES ? len / 12 : LAYOUT_MAX_DISTANCES;
	rows = array_resize(NULL, nr, sizeof(*rows));
	nr = read_rows(t, node, matrix, nr, rows);
	qsort(rows, nr, sizeof(*rows), compare_distances);
	for (size_t i = 0; i < nr; i++) {
		struct layout_distance back = rows[i];

		rows[i].pos = pos;
		dt_added(t, node, layout_add_distance(t->l, rows[i]));
		back.from = rows[i].to;
		back.to = rows[i].from;
		back.pos = pos;
		if (back.to < back.from &&
		    !bsearch(&back, rows, nr, sizeof(*rows), compare_distances))
			dt_added(t, node, layout_add_distance(t->l, back));
	}
	free(rows);
}

void dt_read_machine(struct dt *t)
{
	const char *model = dt_string(t, 0, "model");

	if (!model)
		model = dt_string(t, 0, "compatible");
	if (model && *model)
		t->l->model = dt_clean(model);
	read_processors(t);
	if (t->l->arch == LAYOUT_ARCH_UNKNOWN)
		t->l->arch = timer_arch(t);
	for (int i = 1; i < t->nr; i++) {
		if (!dt_is_compatible(t, i, "numa-distance-map-v1"))
			continue;
		read_distances(t, i);
		break;
	}
}
