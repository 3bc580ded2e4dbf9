// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * numa: which nodes the firmware tells of, what RAM is without one and which nodes are without RAM, what the
 * kernel makes of it, and where NODE_DATA is.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "explain/internal.h"
#include "lib/array.h"
#include "lib/rangeset.h"
#include "lib/size.h"

static const struct explain_column node_columns[] = {
	{ "node", "NODE", EXPLAIN_NUMBER },
	{ "cpus", "CPUS", EXPLAIN_NUMBER },
	{ "ram", "RAM", EXPLAIN_BYTES },
	{ "no_ram", "WITHOUT RAM", EXPLAIN_BYTES },
	{ "hotplug", "CAN BE PLUGGED", EXPLAIN_BYTES },
	{ "start", "START", EXPLAIN_ADDRESS },
	{ "last", "LAST", EXPLAIN_ADDRESS },
};

static const struct explain_column bare_columns[] = { EXPLAIN_RANGE_COLUMNS };

static const struct explain_column kernel_columns[] = {
	{ "node", "NODE", EXPLAIN_NUMBER },
	{ "present_pages", "PRESENT PAGES", EXPLAIN_NUMBER },
	{ "start", "START", EXPLAIN_ADDRESS },
	{ "last", "LAST", EXPLAIN_ADDRESS },
	{ "data_start", "NODE_DATA", EXPLAIN_ADDRESS },
	{ "data_size", "SIZE", EXPLAIN_BYTES },
	{ "data_node", "ON NODE", EXPLAIN_NUMBER },
};

/* What the firmware tells of a node. */
struct node {
	int nid;
	struct rangeset ranges;
	uint64_t hotplug;
	unsigned int cpus;
	bool has_cpus; /* it is told how many */
};

struct nodes {
	struct node *v;
	size_t nr, room;
	struct rangeset ram, bare;
};

static struct node *find_node(struct nodes *n, int nid)
{
	size_t i = 0;

	while (i < n->nr && n->v[i].nid < nid)
		i++;
	if (i < n->nr && n->v[i].nid == nid)
		return &n->v[i];
	ARRAY_APPEND(n->v, n->nr, n->room) = (struct node){ 0 };
	memmove(&n->v[i + 1], &n->v[i], (n->nr - 1 - i) * sizeof(*n->v));
	n->v[i] = (struct node){ .nid = nid };
	return &n->v[i];
}

static void read_nodes(struct nodes *n, const struct layout *l)
{
	size_t nr;
	struct range *ram = layout_ram(l, &nr);

	for (size_t i = 0; i < nr; i++) {
		rangeset_add(&n->ram, ram[i]);
		rangeset_add(&n->bare, ram[i]);
	}
	free(ram);
	for (size_t i = 0; i < l->nr_node_ranges; i++) {
		const struct layout_node_range *r = &l->node_ranges[i];

		if (r->nid == LAYOUT_NO_NODE)
			continue;
		rangeset_add(&find_node(n, r->nid)->ranges, r->range);
		if (r->flags & LAYOUT_HOTPLUG)
			find_node(n, r->nid)->hotplug += range_size(r->range);
		rangeset_remove(&n->bare, r->range);
	}
	for (size_t i = 0; i < l->nr_node_cpus; i++) {
		struct node *v = find_node(n, l->node_cpus[i].nid);

		v->cpus = l->node_cpus[i].cpus;
		v->has_cpus = true;
	}
	for (size_t i = 0; i < l->nr_distances; i++)
		find_node(n, l->distances[i].from);
}

static void release_nodes(struct nodes *n)
{
	for (size_t i = 0; i < n->nr; i++)
		rangeset_release(&n->v[i].ranges);
	free(n->v);
	rangeset_release(&n->ram);
	rangeset_release(&n->bare);
}

static uint64_t common_size(const struct rangeset *a, const struct rangeset *b)
{
	uint64_t size = 0;

	for (size_t i = 0; i < a->nr; i++)
		for (size_t j = rangeset_after(b, a->v[i].start);
		     j < b->nr && b->v[j].start < a->v[i].end; j++)
			size += range_size(range_intersect(a->v[i], b->v[j]));
	return size;
}

static size_t tell_firmware(struct explain_answer *a, const struct nodes *n)
{
	struct explain_table *t = explain_table(a, "nodes", node_columns, ARRAY_LEN(node_columns),
						"Nodes, as the firmware has them:");
	size_t empty = 0;

	for (size_t i = 0; i < n->nr; i++) {
		const struct node *v = &n->v[i];
		uint64_t ram = common_size(&v->ranges, &n->ram);
		size_t last = v->ranges.nr;

		explain_cell(t, (uint64_t)v->nid);
		explain_cell_if(t, v->has_cpus, v->cpus);
		explain_cell(t, ram);
		explain_cell(t, rangeset_size(&v->ranges) - ram);
		explain_cell(t, v->hotplug);
		explain_cell_if(t, last, last ? v->ranges.v[0].start : 0);
		explain_cell_if(t, last, last ? v->ranges.v[last - 1].end - 1 : 0);
		empty += !ram;
		if (!ram)
			explain_say(a, "Node %d has no RAM%s.", v->nid,
				    rangeset_size(&v->ranges)
					    ? ", although the firmware gives it addresses"
					    : "");
	}
	explain_fact(a, "nodes", EXPLAIN_NUMBER, n->nr);
	explain_fact(a, "nodes_without_ram", EXPLAIN_NUMBER, empty);
	return empty;
}

static void tell_bare(struct explain_answer *a, const struct nodes *n)
{
	uint64_t size = n->nr ? rangeset_size(&n->bare) : 0;
	struct explain_table *t =
		explain_table(a, "ram_without_node", bare_columns, ARRAY_LEN(bare_columns),
			      "RAM that the firmware gives no node:");
	char text[SIZE_TEXT_MAX];

	for (size_t i = 0; n->nr && i < n->bare.nr; i++)
		explain_cell_range(t, n->bare.v[i]);
	explain_fact(a, "ram_without_node", EXPLAIN_BYTES, size);
	if (size)
		explain_say(a, "%s of RAM are without a node (%" PRIu64 " bytes).",
			    size_format(size, text), size);
	else if (n->nr)
		explain_say(a, "All RAM has a node.");
}

/* The kernel's words that refuse the firmware's nodes, or say what it takes instead. */
static bool is_refusal(const char *text)
{
	static const char *const words[] = { "Not used",      "overlaps with node",
					     "is too large",  "too many memblk",
					     "Faking a node", "No NUMA configuration" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strstr(text, words[i]))
			return true;
	return false;
}

static bool tell_verdict(struct explain_answer *a, const struct boot_result *r)
{
	bool refused = false;

	for (size_t i = 0; i < r->nr_log; i++) {
		const char *text = r->log[i].text;

		if (!is_refusal(text) && strncmp(text, "NUMA: ", 6))
			continue;
		explain_say(a, "The kernel says: \"%s\"", text);
		refused |= is_refusal(text);
	}
	return refused;
}

/* The piece of NODE_DATA(nid), or NULL: it is in others' order, so all are looked at. */
static const struct explain_piece *find_data(const struct explain_map *m, int nid)
{
	char name[32];

	snprintf(name, sizeof(name), "NODE_DATA(%d)", nid);
	for (size_t i = 0; i < m->nr; i++)
		if (m->v[i].purpose && !strcmp(m->v[i].purpose, name))
			return &m->v[i];
	return NULL;
}

static void add_data(struct explain_table *t, struct explain_answer *a,
		     const struct explain_piece *p, int nid)
{
	if (!p) {
		for (int i = 0; i < 3; i++)
			explain_cell_none(t);
		return;
	}
	explain_cell(t, p->range.start);
	explain_cell(t, range_size(p->range));
	explain_cell(t, (uint64_t)p->nid);
	if (p->nid != nid)
		explain_say(
			a,
			"NODE_DATA of node %d is on node %d: on its own there is nothing free that may be used for it.",
			nid, p->nid);
}

static void tell_kernel(struct explain_answer *a, const struct explain *x,
			const struct explain_run *run)
{
	const struct mm *mm = run->boot.mm;
	struct explain_table *t =
		explain_table(a, "kernel", kernel_columns, ARRAY_LEN(kernel_columns),
			      "Nodes that have memory, as the kernel has them:");
	struct explain_map m;

	explain_map_make(x, run, &m);
	for (size_t i = 0; mm && i < mm->nr_nodes; i++) {
		const struct mm_node *n = &mm->nodes[i];
		uint64_t present = 0;

		for (size_t j = 0; j < mm->nr_zones; j++)
			present += mm->zones[j].nid == n->nid ? mm->zones[j].present_pages : 0;
		explain_cell(t, (uint64_t)n->nid);
		explain_cell(t, present);
		explain_cell(t, n->pfns.start << mm->page_shift);
		explain_cell(t, (n->pfns.end << mm->page_shift) - 1);
		add_data(t, a, find_data(&m, n->nid), n->nid);
	}
	/* without memory a node has its data, too, on another */
	for (size_t i = 0; i < m.nr; i++) {
		const char *p = m.v[i].purpose;
		int nid;

		if (!p || sscanf(p, "NODE_DATA(%d)", &nid) != 1)
			continue;
		for (size_t j = 0; mm && j < mm->nr_nodes; j++)
			nid = mm->nodes[j].nid == nid ? -1 : nid;
		if (nid >= 0)
			explain_say(a,
				    "NODE_DATA of node %d, which has no memory, is at %#" PRIx64
				    ", on node %d.",
				    nid, m.v[i].range.start, m.v[i].nid);
	}
	explain_map_release(&m);
}

static void tell_lead(struct explain_answer *a, const struct nodes *n, const struct boot_result *r,
		      bool refused)
{
	size_t nr = r->mm ? r->mm->nr_nodes : 0;

	if (!n->nr)
		explain_lead(a, "The firmware tells of no nodes: all memory is on one.");
	else
		explain_lead(a, "%s the firmware's %zu node%s; memory is on %zu.",
			     refused ? "No: the kernel does not take" : "The kernel takes", n->nr,
			     n->nr == 1 ? "" : "s", nr);
	explain_fact(a, "kernel_nodes", EXPLAIN_NUMBER, nr);
}

int explain_numa(const struct explain *x, struct explain_answer *a, struct error *err)
{
	struct nodes n = { 0 };
	struct explain_run run;
	bool refused;
	int ret = explain_check_words(x, 0, 0, err);

	if (ret)
		return ret;
	ret = explain_run_boot(x, &run, a, err);
	if (!ret) {
		read_nodes(&n, x->layout);
		tell_firmware(a, &n);
		tell_bare(a, &n);
		refused = tell_verdict(a, &run.boot);
		tell_kernel(a, x, &run);
		a->verdict = n.nr ? refused ? EXPLAIN_NO : EXPLAIN_YES : EXPLAIN_TOLD;
		tell_lead(a, &n, &run.boot, refused);
		explain_fact(a, "taken", EXPLAIN_BOOL, n.nr && !refused);
		explain_model(a,
			      x->layout->arch == LAYOUT_X86_64
				      ? "arch/x86/mm/numa.c and mm/numa_memblks.c"
				      : "drivers/base/arch_numa.c and mm/numa_memblks.c",
			      "6.12", "What nodes the kernel makes of what the firmware tells");
	}
	release_nodes(&n);
	explain_run_release(&run);
	return ret;
}
