// SPDX-License-Identifier: GPL-2.0-or-later
/* The memory nodes of a device tree, and what /chosen says of memory. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "layout/dt.h"
#include "lib/array.h"

/* The kernel takes no more from "linux,usable-memory-range". */
#define MAX_USABLES 2

/* The pairs of a property; -1 and a note if it is not made of them. */
static int count_pairs(struct dt *t, int node, const char *name, int len)
{
	int bytes = dt_pair_bytes(t);

	if (!bytes)
		return -1;
	if (len % bytes)
		dt_note(t, node,
			"\"%s\" has %d bytes, and with %u + %u cells they are a multiple of %d: the "
			"rest is left out",
			name, len, t->address_cells, t->size_cells, bytes);
	return len / bytes;
}

static bool fits_64_bits(const struct dt *t, const void *value, int index)
{
	const char *at = (const char *)value + (size_t)index * dt_pair_bytes(t);

	return !(t->address_cells > 2 && dt_number(at, t->address_cells - 2)) &&
	       !(t->size_cells > 2 &&
		 dt_number(at + 4 * (size_t)t->address_cells, t->size_cells - 2));
}

/* The node's ranges of RAM; returns how many have a size. */
static int add_ram(struct dt *t, int node, const char *name, const void *value, int len)
{
	int nr = count_pairs(t, node, name, len), found = 0;
	struct srcpos pos = dt_pos(t, node);

	for (int i = 0; i < nr; i++) {
		struct dt_pair pair = dt_pair(t, value, i);

		if (!pair.size)
			continue;
		if (!fits_64_bits(t, value, i))
			dt_note(t, node, "a number in \"%s\" does not fit 64 bits", name);
		dt_added(t, node,
			 layout_add_range(t->l,
					  (struct layout_range){ .range = dt_range(t, node, pair),
								 .type = LAYOUT_RAM,
								 .pos = pos }));
		found++;
	}
	return found;
}

static void add_node_ranges(struct dt *t, int node, const char *name, int nid, unsigned int flags)
{
	int len;
	const void *value = dt_get(t, node, name, &len);
	int nr = value && dt_pair_bytes(t) ? len / dt_pair_bytes(t) : 0;
	struct srcpos pos = dt_pos(t, node);

	for (int i = 0; i < nr; i++) {
		struct layout_node_range r = { .nid = nid, .flags = flags, .pos = pos };
		struct dt_pair pair = dt_pair(t, value, i);

		r.range.start = pair.address;
		if (__builtin_add_overflow(pair.address, pair.size, &r.range.end))
			r.range.end = UINT64_MAX;
		dt_added(t, node, layout_add_node_range(t->l, r));
	}
}

/* Which node it is on; the kernel's NUMA code looks at "reg", whatever is usable of it. */
static void add_node(struct dt *t, int node, bool available)
{
	bool usable = dt_has(t, node, "linux,usable-memory");
	unsigned int hotplug = available && dt_has(t, node, "hotpluggable") ? LAYOUT_HOTPLUG : 0;
	uint32_t nid;

	if (dt_u32(t, node, "numa-node-id", &nid) && nid > LAYOUT_MAX_NODE)
		dt_note(t, node, "numa-node-id is %" PRIu32 ": no kernel has as many nodes", nid);
	else if (dt_u32(t, node, "numa-node-id", &nid))
		add_node_ranges(t, node, "reg", nid, usable ? 0 : hotplug);
	else if (dt_has(t, node, "numa-node-id"))
		dt_note(t, node, "numa-node-id is not one cell");
	else if (!usable && hotplug)
		add_node_ranges(t, node, "reg", LAYOUT_NO_NODE, hotplug);
	if (usable && hotplug)
		add_node_ranges(t, node, "linux,usable-memory", LAYOUT_NO_NODE, hotplug);
	if (dt_has(t, node, "ibm,associativity"))
		dt_note(t, node, "its node by \"ibm,associativity\" is not read");
}

static void read_memory_node(struct dt *t, int node)
{
	const char *name = dt_has(t, node, "linux,usable-memory") ? "linux,usable-memory" : "reg";
	bool available = dt_is_available(t, node);
	int len;
	const void *value = dt_get(t, node, name, &len);

	if (!value)
		dt_note(t, node, "memory without \"reg\"");
	else if (available && !add_ram(t, node, name, value, len))
		dt_note(t, node, "no size in \"%s\": the boot loader is meant to fill it in", name);
	add_node(t, node, available);
}

static int compare_ranges(const void *a, const void *b)
{
	const struct layout_range *x = *(const struct layout_range *const *)a;
	const struct layout_range *y = *(const struct layout_range *const *)b;

	return x->range.start < y->range.start ? -1 : x->range.start > y->range.start;
}

static void check_overlaps(struct dt *t)
{
	struct layout *l = t->l;
	const struct layout_range **rows, *reach = NULL;

	rows = array_resize(NULL, l->nr_ranges + 1, sizeof(void *));
	for (size_t i = 0; i < l->nr_ranges; i++)
		rows[i] = &l->ranges[i];
	qsort(rows, l->nr_ranges, sizeof(void *), compare_ranges);
	for (size_t i = 0; i < l->nr_ranges; i++) {
		if (reach && range_overlaps(reach->range, rows[i]->range))
			layout_note_at(l, rows[i]->pos,
				       "its memory is in %s already: memblock merges them",
				       reach->pos.file);
		if (!reach || rows[i]->range.end > reach->range.end)
			reach = rows[i];
	}
	free(rows);
}

/* Without an id in the last one, the kernel says that it found no nodes at all. */
static void check_nodes(struct dt *t, int last)
{
	bool some = false;

	for (size_t i = 0; i < t->l->nr_node_ranges; i++)
		some |= t->l->node_ranges[i].nid != LAYOUT_NO_NODE;
	if (some && last >= 0 && !dt_has(t, last, "numa-node-id"))
		dt_note(t, last,
			"the last memory node has no numa-node-id: the kernel then makes do with one "
			"node");
}

void dt_read_memory(struct dt *t)
{
	int last = -1;

	if (!dt_pair_bytes(t))
		dt_note(t, 0, "addresses and sizes have no cells: no memory can be described");
	for (int i = 1; i < t->nr; i++) {
		const char *type;

		if (t->nodes[i].parent)
			continue;
		type = dt_string(t, i, "device_type");
		if (type && !strcmp(type, "memory")) {
			read_memory_node(t, i);
			last = i;
		} else if (dt_is_named(t, i, "memory") && dt_has(t, i, "reg")) {
			dt_note(t, i,
				"the kernel does not take it for memory without "
				"device_type = \"memory\"");
		} else if (dt_is_named(t, i, "ibm,dynamic-reconfiguration-memory")) {
			dt_note(t, i, "memory that it describes is not read");
		}
	}
	check_overlaps(t);
	check_nodes(t, last);
}

/* An address of as many cells as it has. */
static bool read_address(struct dt *t, int node, const char *name, uint64_t *value)
{
	int len;
	const void *cells = dt_get(t, node, name, &len);

	if (!cells)
		return false;
	if (len != 4 && len != 8) {
		dt_note(t, node, "\"%s\" has %d bytes: an address has 4 or 8", name, len);
		return false;
	}
	*value = dt_number(cells, len / 4);
	return true;
}

static void read_initrd(struct dt *t, int node)
{
	struct layout_reservation r = { .kind = LAYOUT_INITRD };

	if (!read_address(t, node, "linux,initrd-start", &r.range.start) ||
	    !read_address(t, node, "linux,initrd-end", &r.range.end))
		return;
	if (r.range.start == r.range.end)
		return; /* the boot loader has none */
	r.pos = dt_pos(t, node);
	if (r.range.start > r.range.end)
		dt_note(t, node, "the initrd ends before it starts: the kernel leaves it out");
	else
		dt_added(t, node, layout_add_reservation(t->l, r));
}

static void read_elfcorehdr(struct dt *t, int node)
{
	struct layout_reservation r = { .kind = LAYOUT_RESERVATION };
	int len;
	const void *value = dt_get(t, node, "linux,elfcorehdr", &len);
	struct dt_pair pair;
	char name[] = "elfcorehdr";

	if (!value)
		return;
	if (!dt_pair_bytes(t) || len < dt_pair_bytes(t)) {
		dt_note(t, node, "\"linux,elfcorehdr\" is too short");
		return;
	}
	pair = dt_pair(t, value, 0);
	if (!pair.size)
		return;
	r.range = dt_range(t, node, pair);
	r.name = name;
	r.pos = dt_pos(t, node);
	dt_added(t, node, layout_add_reservation(t->l, r));
}

static void read_usables(struct dt *t, int node)
{
	int len, bytes = dt_pair_bytes(t);
	const void *value = dt_get(t, node, "linux,usable-memory-range", &len);

	if (!value)
		return;
	if (!bytes || len % bytes) {
		dt_note(t, node,
			"\"linux,usable-memory-range\" has %d bytes, no multiple of %d: the kernel "
			"leaves it out",
			len, bytes);
		return;
	}
	if (len / bytes > MAX_USABLES)
		dt_note(t, node, "the kernel takes the first %d ranges of usable memory only",
			MAX_USABLES);
	for (int i = 0; i < len / bytes && i < MAX_USABLES; i++) {
		struct dt_pair pair = dt_pair(t, value, i);

		if (pair.size)
			layout_add_usable(t->l,
					  (struct layout_usable){ .range = dt_range(t, node, pair),
								  .pos = dt_pos(t, node) });
	}
}

void dt_read_chosen(struct dt *t)
{
	int node = dt_child(t, 0, "chosen"), len;
	const char *text;

	if (node < 0)
		return;
	text = dt_get(t, node, "bootargs", &len);
	if (text && len > 0 && *text)
		t->l->cmdline = strndup(text, len);
	if (text && len > 0 && *text && !t->l->cmdline)
		array_die();
	read_initrd(t, node);
	read_elfcorehdr(t, node);
	read_usables(t, node);
	if (dt_has(t, node, "linux,uefi-mmap-start"))
		dt_note(t, node,
			"it was booted by UEFI: the kernel takes memory from UEFI's map, and not from "
			"this tree");
}
