// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a log of a machine with a device tree or EFI shows without saying it: that neighbours among
 * memblock's regions differ in something, and how far devices reach.
 */
#include <stdlib.h>
#include <string.h>

#include "layout/internal.h"

#define ENOUGH 4096

static bool has_node_list(enum layout_arch arch)
{
	return arch == LAYOUT_ARM64 || arch == LAYOUT_ARM || arch == LAYOUT_RISCV;
}

static bool begins_or_ends(struct range r, uint64_t border)
{
	return r.start == border || r.end == border;
}

/* Is there another reason for a border between regions? With very many of them, nobody looks. */
static bool is_told(const struct layout *l, uint64_t border)
{
	if (l->nr_node_ranges + l->nr_reservations > ENOUGH)
		return false;
	for (size_t i = 0; i < l->nr_node_ranges; i++)
		if (l->node_ranges[i].flags && begins_or_ends(l->node_ranges[i].range, border))
			return true;
	for (size_t i = 0; i < l->nr_reservations; i++)
		if (l->reservations[i].flags & LAYOUT_NOMAP &&
		    begins_or_ends(l->reservations[i].range, border))
			return true;
	return false;
}

static bool touches(const struct layout *l, const struct layout_node_range *a,
		    const struct layout_node_range *b)
{
	return a->nid == b->nid && a->range.end == b->range.start && !is_told(l, a->range.end);
}

/* Is one of them much more than the other? */
static bool is_clear(const uint64_t size[2])
{
	return size[0] / 8 >= size[1] || size[1] / 8 >= size[0];
}

/*
 * Regions of one node that touch would be one if they had the same flags: every other one is not
 * mapped. Those are what the firmware keeps for itself, so there is much less of them; where there
 * is not, nothing is guessed.
 */
static void guess_nomap(struct log_boot *boot)
{
	struct layout *l = boot->l;
	size_t first, end;
	bool noted = false;

	for (first = 0; first < boot->nr_nodes; first = end) {
		uint64_t size[2] = { 0, 0 };

		size[0] = range_size(boot->nodes[first].range);
		for (end = first + 1;
		     end < boot->nr_nodes && touches(l, &boot->nodes[end - 1], &boot->nodes[end]);
		     end++)
			size[(end - first) % 2] += range_size(boot->nodes[end].range);
		if (end == first + 1 || !is_clear(size))
			continue;
		if (!noted)
			layout_note(l, boot->nodes[first].pos.line,
				    "regions of memory touch and are not one: every other one, "
				    "the smaller ones, is taken to be what the firmware keeps, "
				    "which is not mapped");
		noted = true;
		for (size_t i = first + (size[0] >= size[1]); i < end; i += 2) {
			struct layout_node_range r = boot->nodes[i];

			r.nid = LAYOUT_NO_NODE;
			r.flags = LAYOUT_NOMAP;
			layout_add_node_range(l, r);
		}
	}
}

/* From 5.10 on, a zone DMA that ends before DMA32 does is the firmware's wish. */
static bool zones_are_of_firmware(const char *version)
{
	unsigned long major, minor;
	char *end;

	if (!version)
		return false;
	major = strtoul(version, &end, 10);
	minor = *end == '.' ? strtoul(end + 1, NULL, 10) : 0;
	return major > 5 || (major == 5 && minor >= 10);
}

static void guess_dma(struct log_boot *boot)
{
	struct layout *l = boot->l;

	if (l->dma_last || !boot->dma.line || !boot->has_dma32 || l->arch != LAYOUT_ARM64 ||
	    !zones_are_of_firmware(l->kernel_version))
		return;
	l->dma_last = boot->dma.range.end - 1;
	layout_note(l, boot->dma.line, "zone DMA shows how far all devices reach");
}

void log_boot_guess(struct log_boot *boot, enum log_map map)
{
	if (map == LOG_MAP_NODES && has_node_list(boot->l->arch))
		guess_nomap(boot);
	guess_dma(boot);
}
