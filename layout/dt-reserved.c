// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a device tree wants reserved: /reserved-memory, at fixed places and wherever there is room,
 * and then the /memreserve/ entries, in the kernel's order.
 */
#include <errno.h>
#include <inttypes.h>
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include "layout/dt.h"
#include "layout/internal.h"
#include "lib/array.h"

/* Only such a pool is lent out; "reusable" alone is a word to the node's driver. */
static unsigned int read_flags(struct dt *t, int node)
{
	bool nomap = dt_has(t, node, "no-map"), reusable = dt_has(t, node, "reusable");
	bool pool = dt_is_compatible(t, node, "shared-dma-pool");
	unsigned int flags = nomap ? LAYOUT_NOMAP : 0;

	if (nomap && reusable)
		dt_note(t, node, "no-map and reusable contradict each other: no-map is taken");
	if (!nomap && reusable && pool)
		flags |= LAYOUT_REUSABLE;
	if (flags & LAYOUT_REUSABLE && dt_has(t, node, "linux,cma-default"))
		flags |= LAYOUT_DEFAULT_CMA;
	return flags;
}

static void read_static(struct dt *t, int node, const void *value, int len)
{
	struct layout_reservation r = { .kind = LAYOUT_RESERVED_MEMORY };
	int bytes = dt_pair_bytes(t);

	if (len % bytes) {
		dt_note(t, node,
			"\"reg\" has %d bytes, no multiple of %d: the kernel leaves it out", len,
			bytes);
		return;
	}
	r.flags = read_flags(t, node);
	r.name = dt_clean(dt_name(t, node));
	r.pos = dt_pos(t, node);
	for (int i = 0; i < len / bytes; i++) {
		struct dt_pair pair = dt_pair(t, value, i);

		if (!pair.size) {
			dt_note(t, node, "a range at 0x%" PRIx64 " without a size", pair.address);
			continue;
		}
		r.range = dt_range(t, node, pair);
		dt_added(t, node, layout_add_reservation(t->l, r));
	}
	free(r.name);
}

static bool read_alignment(struct dt *t, int node, uint64_t *align)
{
	int len;
	const void *value = dt_get(t, node, "alignment", &len);

	if (!value)
		return true;
	if (len != 4 * (int)t->address_cells) {
		dt_note(t, node, "\"alignment\" has %d bytes, not %u: the kernel leaves it out",
			len, 4 * t->address_cells);
		return false;
	}
	*align = dt_number(value, t->address_cells);
	if (*align & (*align - 1)) {
		dt_note(t, node, "an alignment of 0x%" PRIx64 " is no power of two: it is left out",
			*align);
		return false;
	}
	return true;
}

static bool read_within(struct dt *t, int node, struct layout_dynamic *d)
{
	int len, bytes = dt_pair_bytes(t);
	const void *value = dt_get(t, node, "alloc-ranges", &len);

	if (!value)
		return true;
	if (len % bytes) {
		dt_note(t, node,
			"\"alloc-ranges\" has %d bytes, no multiple of %d: the kernel leaves it out",
			len, bytes);
		return false;
	}
	for (int i = 0; i < len / bytes; i++) {
		struct dt_pair pair = dt_pair(t, value, i);

		if (!pair.size)
			continue;
		if (d->nr_within == LAYOUT_MAX_WITHIN) {
			dt_note(t, node, "only the first %d of \"alloc-ranges\" are taken",
				LAYOUT_MAX_WITHIN);
			break;
		}
		d->within[d->nr_within++] = dt_range(t, node, pair);
	}
	if (!d->nr_within && len)
		dt_note(t, node, "\"alloc-ranges\" has no range with a size: it is left out");
	return d->nr_within || !len;
}

static void read_dynamic(struct dt *t, int node)
{
	struct layout_dynamic d = { 0 };
	int len;
	const void *value = dt_get(t, node, "size", &len);

	if (!value) {
		dt_note(t, node, "neither \"reg\" nor \"size\": nothing is reserved");
		return;
	}
	if (len != 4 * (int)t->size_cells) {
		dt_note(t, node, "\"size\" has %d bytes, not %u: the kernel leaves it out", len,
			4 * t->size_cells);
		return;
	}
	d.size = dt_number(value, t->size_cells);
	if (!d.size) {
		dt_note(t, node, "a size of 0: nothing is reserved");
		return;
	}
	if (!read_alignment(t, node, &d.align) || !read_within(t, node, &d))
		return;
	d.flags = read_flags(t, node);
	d.name = dt_clean(dt_name(t, node));
	d.pos = dt_pos(t, node);
	dt_added(t, node, layout_add_dynamic(t->l, d));
	free(d.name);
}

/* The kernel takes no reserved memory whose numbers have other cells than the root's. */
static bool check_root(struct dt *t, int node)
{
	uint32_t address_cells = 0, size_cells = 0;

	if (dt_u32(t, node, "#address-cells", &address_cells) &&
	    dt_u32(t, node, "#size-cells", &size_cells) && address_cells == t->address_cells &&
	    size_cells == t->size_cells && dt_has(t, node, "ranges") && dt_pair_bytes(t))
		return true;
	dt_note(t, node,
		"the kernel leaves all of it out: it lacks \"ranges\", or #address-cells and "
		"#size-cells as the root has them (%u and %u)",
		t->address_cells, t->size_cells);
	return false;
}

static int compare_starts(const void *a, const void *b)
{
	const struct layout_reservation *x = *(const struct layout_reservation *const *)a;
	const struct layout_reservation *y = *(const struct layout_reservation *const *)b;

	return x->range.start < y->range.start ? -1 : x->range.start > y->range.start;
}

/* Which the kernel complains of, and reserves all the same, but for what is not to be mapped. */
static void check_overlaps(struct dt *t)
{
	struct layout *l = t->l;
	const struct layout_reservation **rows, *reach = NULL;
	size_t nr = 0;

	rows = array_resize(NULL, l->nr_reservations + 1, sizeof(void *));
	for (size_t i = 0; i < l->nr_reservations; i++)
		if (l->reservations[i].kind == LAYOUT_RESERVED_MEMORY)
			rows[nr++] = &l->reservations[i];
	qsort(rows, nr, sizeof(void *), compare_starts);
	for (size_t i = 0; i < nr; i++) {
		if (reach && range_overlaps(reach->range, rows[i]->range))
			layout_note_at(l, rows[i]->pos, "it overlaps with %s%s", reach->name,
				       (rows[i]->flags | reach->flags) & LAYOUT_NOMAP
					       ? ": the kernel does not make reserved memory no-map"
					       : "");
		if (!reach || rows[i]->range.end > reach->range.end)
			reach = rows[i];
	}
	free(rows);
}

/* Both are sorted; @ram is disjoint and merged. */
static void check_ram(struct dt *t)
{
	struct layout *l = t->l;
	size_t nr_ram;
	struct range *ram = layout_ram(l, &nr_ram);

	for (size_t i = 0; i < l->nr_reservations && nr_ram; i++) {
		const struct layout_reservation *r = &l->reservations[i];
		size_t low = 0, high = nr_ram;

		if (r->kind != LAYOUT_RESERVED_MEMORY || l->nr_notes >= LAYOUT_MAX_NOTES)
			continue;
		while (low < high) {
			size_t middle = (low + high) / 2;

			if (ram[middle].end <= r->range.start)
				low = middle + 1;
			else
				high = middle;
		}
		if (low == nr_ram || ram[low].start > r->range.start || ram[low].end < r->range.end)
			layout_note_at(l, r->pos, "0x%" PRIx64 "-0x%" PRIx64 " is %s RAM",
				       r->range.start, r->range.end - 1,
				       low < nr_ram && range_overlaps(ram[low], r->range)
					       ? "not all"
					       : "not in");
	}
	free(ram);
}

static void read_memreserve(struct dt *t)
{
	struct srcpos pos = { .file = layout_place(t->l, "%s: /memreserve/", t->l->name) };
	int nr = fdt_num_mem_rsv(t->blob);
	char name[] = "memreserve";

	for (int i = 0; i < nr; i++) {
		uint64_t address, size;
		struct dt_pair pair;

		if (fdt_get_mem_rsv(t->blob, i, &address, &size) || !size)
			break;
		pair = (struct dt_pair){ address, size };
		dt_added(t, 0,
			 layout_add_reservation(
				 t->l, (struct layout_reservation){ .range = dt_range(t, 0, pair),
								    .kind = LAYOUT_RESERVATION,
								    .name = name,
								    .pos = pos }));
	}
}

void dt_read_reserved(struct dt *t)
{
	int node = dt_child(t, 0, "reserved-memory");

	if (node >= 0 && check_root(t, node)) {
		for (int i = node + 1; i < t->nr; i++) {
			int len;
			const void *value;

			if (t->nodes[i].parent != node || !dt_is_available(t, i))
				continue;
			value = dt_get(t, i, "reg", &len);
			if (value)
				read_static(t, i, value, len);
			else
				read_dynamic(t, i);
		}
		check_overlaps(t);
		check_ram(t);
	}
	read_memreserve(t);
}
