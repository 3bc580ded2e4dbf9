// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How much memory a machine has, as far as its firmware shows it: RAM, what firmware keeps of it, and
 * what may be memory or not.
 */
#include <stdlib.h>

#include "explain/internal.h"
#include "lib/array.h"
#include "lib/rangeset.h"

/* Where VGA and ROMs of a PC are, whatever is called reserved there. */
static const struct range legacy = { 0xa0000, 0x100000 };

/* Types whose rows are memory for certain, in the order in which rows that overlap count. */
static const struct {
	enum layout_type type;
	const char *what;
} kept[] = {
	{ LAYOUT_ACPI, "ACPI data, kept by the firmware" },
	{ LAYOUT_NVS, "ACPI NVS, kept by the firmware" },
	{ LAYOUT_UNUSABLE, "unusable, says the firmware" },
	{ LAYOUT_PMEM, "persistent memory" },
	{ LAYOUT_SOFT_RESERVED, "soft reserved, for a driver" },
};

static void add_type(struct rangeset *to, const struct layout *l, enum layout_type type)
{
	for (size_t i = 0; i < l->nr_ranges; i++)
		if (l->ranges[i].type == type)
			rangeset_add(to, l->ranges[i].range);
}

/* Takes what @known has from @set, and adds the rest to @known: its bytes. */
static uint64_t take_new(struct rangeset *set, struct rangeset *known)
{
	for (size_t i = 0; i < known->nr; i++)
		rangeset_remove(set, known->v[i]);
	for (size_t i = 0; i < set->nr; i++)
		rangeset_add(known, set->v[i]);
	return rangeset_size(set);
}

/*
 * What is reserved right behind memory is memory of the kind that graphics and system management take, as a rule;
 * what stands alone are registers, as a rule. The map does not say which.
 */
static uint64_t take_behind(const struct layout *l, struct rangeset *known, uint64_t *alone)
{
	struct rangeset reserved = { 0 }, behind = { 0 };
	uint64_t size;

	add_type(&reserved, l, LAYOUT_RESERVED);
	rangeset_remove(&reserved, legacy);
	for (size_t i = 0; i < known->nr; i++)
		rangeset_remove(&reserved, known->v[i]);
	*alone = 0;
	for (size_t i = 0; i < reserved.nr; i++) {
		if (reserved.v[i].start && rangeset_contains(known, reserved.v[i].start - 1))
			rangeset_add(&behind, reserved.v[i]);
		else
			*alone += range_size(reserved.v[i]);
	}
	size = take_new(&behind, known);
	rangeset_release(&reserved);
	rangeset_release(&behind);
	return size;
}

/* What the SRAT or the device tree gives nodes, but for what is only to be plugged in. */
static uint64_t find_nodes(const struct layout *l, const struct rangeset *known)
{
	struct rangeset nodes = { 0 };
	uint64_t size, end = known->nr ? known->v[known->nr - 1].end : 0;

	for (size_t i = 0; i < l->nr_node_ranges; i++)
		if (l->node_ranges[i].nid != LAYOUT_NO_NODE &&
		    !(l->node_ranges[i].flags & LAYOUT_HOTPLUG) &&
		    l->node_ranges[i].range.start < end)
			rangeset_add(&nodes, l->node_ranges[i].range);
	size = rangeset_size(&nodes);
	rangeset_release(&nodes);
	return size;
}

void explain_firmware_read(const struct layout *l, struct explain_firmware *f)
{
	struct rangeset known = { 0 };

	*f = (struct explain_firmware){ 0 };
	add_type(&known, l, LAYOUT_RAM);
	f->ram = rangeset_size(&known);
	for (size_t i = 0; i < ARRAY_LEN(kept); i++) {
		struct rangeset set = { 0 };
		uint64_t size;

		add_type(&set, l, kept[i].type);
		size = take_new(&set, &known);
		if (size)
			f->kept[f->nr_kept++] =
				(struct explain_kept){ .what = kept[i].what, .bytes = size };
		rangeset_release(&set);
	}
	f->behind = take_behind(l, &known, &f->alone);
	f->installed = rangeset_size(&known);
	f->nodes = find_nodes(l, &known);
	rangeset_release(&known);
}
