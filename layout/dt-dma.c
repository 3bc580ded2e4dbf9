// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The highest address that all devices of a device tree reach: the "dma-ranges" of each bus, as
 * addresses of the processors; the bus that reaches least decides. The kernel asks for this
 * (of_dma_get_max_cpu_address()) to know where its zone DMA ends.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "layout/dt.h"
#include "lib/array.h"

/* No bus is as deep, and no property as long; a hostile tree is not worth the time. */
#define MAX_DEPTH 64
#define MAX_RANGES 1024

#define NO_ADDRESS UINT64_MAX

/* How the addresses on a bus are written. */
struct bus {
	unsigned int address_cells, size_cells;
	unsigned int flag_cells; /* the first ones, which are no part of the number */
	bool pci;
};

/* The node's own cells, or those of the nearest node that has some. */
static unsigned int find_cells(const struct dt *t, int node, const char *name)
{
	uint32_t cells;

	for (; node >= 0; node = t->nodes[node].parent)
		if (dt_u32(t, node, name, &cells))
			return cells > DT_MAX_CELLS ? DT_MAX_CELLS + 1 : cells; /* too many */
	return 1;
}

static bool is_pci(const struct dt *t, int node)
{
	static const char *const types[] = { "pci", "pciex", "vci", "ht" };
	const char *type = dt_string(t, node, "device_type");

	for (size_t i = 0; type && i < ARRAY_LEN(types); i++)
		if (!strcmp(type, types[i]))
			return true;
	return !type && dt_is_named(t, node, "pcie");
}

static struct bus find_bus(const struct dt *t, int node)
{
	struct bus bus = { .pci = is_pci(t, node) };

	bus.address_cells = find_cells(t, node, "#address-cells");
	bus.size_cells = find_cells(t, node, "#size-cells");
	bus.flag_cells = bus.pci || bus.address_cells == 3 || dt_is_named(t, node, "isa");
	return bus;
}

static bool is_usable(struct bus bus)
{
	return bus.address_cells > bus.flag_cells && bus.address_cells <= DT_MAX_CELLS &&
	       bus.size_cells && bus.size_cells <= DT_MAX_CELLS;
}

/* I/O or memory, of PCI's first cell; the whole cell elsewhere. */
static uint32_t flags_of(struct bus bus, const void *address)
{
	uint32_t flags = bus.flag_cells ? dt_number(address, 1) : 0;

	if (!bus.pci)
		return flags;
	return flags >> 24 & 2 ? 2 : flags >> 24 & 1; /* memory of 32 and 64 bits is alike */
}

/* An address on the bus of @node, one level further up; false: it does not get there. */
static bool climb(const struct dt *t, int node, uint32_t flags, uint64_t *address,
		  uint32_t *up_flags)
{
	struct bus bus = find_bus(t, node), up = find_bus(t, t->nodes[node].parent);
	int len, bytes = 4 * (int)(bus.address_cells + up.address_cells + bus.size_cells);
	const char *row = dt_get(t, node, "dma-ranges", &len);

	if (!row || !len) {
		*up_flags = up.flag_cells ? flags : 0;
		return true;
	}
	if (!is_usable(bus) || !is_usable(up))
		return false;
	for (int i = 0; len >= bytes && i < MAX_RANGES; i++, len -= bytes, row += bytes) {
		const char *parent = row + 4 * (size_t)bus.address_cells;
		uint64_t start = dt_number(row + 4 * (size_t)bus.flag_cells,
					   bus.address_cells - bus.flag_cells);
		uint64_t size = dt_number(parent + 4 * (size_t)up.address_cells, bus.size_cells);

		if (flags_of(bus, row) != flags || *address < start || *address - start >= size)
			continue;
		*address += dt_number(parent + 4 * (size_t)up.flag_cells,
				      up.address_cells - up.flag_cells) -
			    start;
		*up_flags = flags_of(up, parent);
		return true;
	}
	return false;
}

/* What an address on the bus that @node is on is to the processors. The root's bus is theirs. */
static uint64_t to_cpu(const struct dt *t, int node, const void *cells)
{
	int at = t->nodes[node].parent;
	struct bus bus;
	uint64_t address;
	uint32_t flags;

	if (at < 0)
		return NO_ADDRESS;
	bus = find_bus(t, at);
	if (!is_usable(bus))
		return NO_ADDRESS;
	flags = flags_of(bus, cells);
	address = dt_number((const char *)cells + 4 * (size_t)bus.flag_cells,
			    bus.address_cells - bus.flag_cells);
	for (; at > 0; at = t->nodes[at].parent)
		if (!climb(t, at, flags, &address, &flags))
			return NO_ADDRESS;
	return address;
}

struct dma_range {
	uint32_t flags;
	uint64_t bus_address, cpu_address, size;
};

static struct dma_range read_range(const struct dt *t, int node, struct bus bus, unsigned int up,
				   const char *row)
{
	const char *parent = row + 4 * (size_t)bus.address_cells;

	return (struct dma_range){
		.flags = flags_of(bus, row),
		.bus_address = dt_number(row + 4 * (size_t)bus.flag_cells,
					 bus.address_cells - bus.flag_cells),
		.cpu_address = to_cpu(t, node, parent),
		.size = dt_number(parent + 4 * (size_t)up, bus.size_cells),
	};
}

/*
 * The last address that the bus of @node reaches; false: it cannot be told. Ranges that go on where
 * the one before ends are one. The arithmetic is the kernel's, including that of a range that
 * ends with the last address of all.
 */
static bool read_reach(struct dt *t, int node, const char *row, int len, uint64_t *last)
{
	int parent = t->nodes[node].parent;
	struct bus bus = find_bus(t, node);
	unsigned int up = find_cells(t, parent < 0 ? node : parent, "#address-cells");
	int bytes = 4 * (int)(bus.address_cells + up + bus.size_cells), nr = 0;
	struct dma_range whole = { 0 };

	if (!is_usable(bus) || !up || up > DT_MAX_CELLS || parent < 0)
		return false;
	*last = 0;
	for (; len >= bytes && nr < MAX_RANGES; len -= bytes, row += bytes, nr++) {
		struct dma_range r = read_range(t, node, bus, up, row);

		if (r.cpu_address == NO_ADDRESS) {
			dt_note(t, node, "its \"dma-ranges\" lead to no address of the processors");
			return false;
		}
		if (nr && r.flags == whole.flags &&
		    r.bus_address == whole.bus_address + whole.size &&
		    r.cpu_address == whole.cpu_address + whole.size)
			whole.size += r.size;
		else
			whole = r;
		if (whole.cpu_address + whole.size > *last)
			*last = whole.cpu_address + whole.size - 1;
	}
	if (!*last)
		dt_note(t, node, "its \"dma-ranges\" reach nothing");
	return *last;
}

void dt_read_dma(struct dt *t)
{
	/* how deep a node is, if it and all that it is in are available */
	unsigned int *depth = array_resize(NULL, t->nr, sizeof(*depth));
	uint64_t least = UINT64_MAX;

	for (int i = 0; i < t->nr; i++) {
		int parent = t->nodes[i].parent, len;
		const void *ranges;
		uint64_t last;

		/* the root counts whatever its status is */
		if (parent < 0)
			depth[i] = 1;
		else
			depth[i] =
				depth[parent] && depth[parent] < MAX_DEPTH && dt_is_available(t, i)
					? depth[parent] + 1
					: 0;
		ranges = depth[i] ? dt_get(t, i, "dma-ranges", &len) : NULL;
		if (ranges && len && read_reach(t, i, ranges, len, &last) && last < least)
			least = last;
	}
	/* a bus that reaches all there is does not limit anything */
	if (least < UINT64_MAX - 1)
		t->l->dma_last = least;
	free(depth);
}
