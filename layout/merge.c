// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two sources of one machine become one layout: a log and its SRAT, a device tree and the
 * command line that the boot loader gave.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "layout/internal.h"
#include "lib/array.h"

#define RANGE_FMT "0x%" PRIx64 "-0x%" PRIx64
#define RANGE_ARG(r) (r).start, (r).end - 1

/* A fact of another layout, whose name will be gone. */
static struct srcpos move_pos(struct layout *to, const struct layout *from, struct srcpos pos,
			      const char **last)
{
	if (!pos.file || !from->name || strcmp(pos.file, from->name)) {
		pos.file = layout_place(to, "%s", pos.file ? pos.file : "?");
		return pos;
	}
	if (!*last)
		*last = layout_place(to, "%s", from->name);
	pos.file = *last;
	return pos;
}

static void merge_number(struct layout *to, const struct layout *from, const char *what,
			 uint64_t *mine, uint64_t theirs)
{
	if (!*mine)
		*mine = theirs;
	else if (theirs && *mine != theirs)
		layout_note(to, 0, "%s is %" PRIu64 " here, and %" PRIu64 " in %s", what, *mine,
			    theirs, from->name);
}

static void merge_text(struct layout *to, const struct layout *from, const char *what, char **mine,
		       char **theirs)
{
	if (!*mine) {
		*mine = *theirs;
		*theirs = NULL;
	} else if (*theirs && strcmp(*mine, *theirs)) {
		layout_note(to, 0, "%s is \"%s\" here, and \"%s\" in %s", what, *mine, *theirs,
			    from->name);
	}
}

static void merge_machine(struct layout *to, struct layout *from)
{
	uint64_t cpus = to->cpus, page_size = to->page_size;

	if (to->arch == LAYOUT_ARCH_UNKNOWN)
		to->arch = from->arch;
	else if (from->arch != LAYOUT_ARCH_UNKNOWN && from->arch != to->arch)
		layout_note(to, 0, "the architecture is %s here, and %s in %s",
			    layout_arch_name(to->arch), layout_arch_name(from->arch), from->name);
	merge_number(to, from, "the page size", &page_size, from->page_size);
	merge_number(to, from, "the number of processors", &cpus, from->cpus);
	merge_number(to, from, "the highest address for DMA", &to->dma_last, from->dma_last);
	merge_number(to, from, "the end of low memory", &to->low_end, from->low_end);
	to->page_size = page_size;
	to->cpus = cpus;
	merge_text(to, from, "the kernel's version", &to->kernel_version, &from->kernel_version);
	merge_text(to, from, "the command line", &to->cmdline, &from->cmdline);
	merge_text(to, from, "the model", &to->model, &from->model);
	for (size_t i = 0; i < ARRAY_LEN(layout_image_parts); i++) {
		uint64_t *part = layout_image_part(&to->image, layout_image_parts[i]);

		if (!*part)
			*part = *layout_image_part(&from->image, layout_image_parts[i]);
	}
}

/* How much of what the kernel changed in its map is looked at. */
enum stage {
	AS_MEMBLOCK, /* what it did before memblock had its memory */
	AS_FIRMWARE, /* nothing: /sys/firmware/memmap */
	AS_RESOURCE, /* everything: /proc/iomem */
	NR_STAGES,
};

static struct range *ram_at(const struct layout *l, enum stage stage, size_t *nr)
{
	struct layout at = *l;
	struct range *ram;

	if (stage == AS_MEMBLOCK)
		return layout_ram(l, nr);
	at.nr_updates = stage == AS_RESOURCE ? l->nr_updates : 0;
	at.updates = array_resize(NULL, at.nr_updates + 1, sizeof(*at.updates));
	for (size_t i = 0; i < at.nr_updates; i++) {
		at.updates[i] = l->updates[i];
		at.updates[i].flags = 0;
	}
	ram = layout_ram(&at, nr);
	free(at.updates);
	return ram;
}

/* Whether RAM of @to is that of @from at some stage. */
static bool same_ram(const struct layout *to, const struct layout *from)
{
	size_t nr_theirs, nr;
	struct range *theirs = layout_ram(from, &nr_theirs), *mine;
	bool same = false;

	for (int stage = 0; !same && stage < NR_STAGES; stage++) {
		mine = ram_at(to, stage, &nr);
		same = nr == nr_theirs && !memcmp(mine, theirs, nr * sizeof(*mine));
		free(mine);
	}
	free(theirs);
	return same;
}

/* If both have a map of the firmware, they are compared where they are RAM. */
static void compare_ram(struct layout *to, const struct layout *from)
{
	size_t nr_mine, nr_theirs;
	struct range *mine = layout_ram(to, &nr_mine), *theirs = layout_ram(from, &nr_theirs);
	size_t n = nr_mine < nr_theirs ? nr_mine : nr_theirs, i = 0;

	while (i < n && mine[i].start == theirs[i].start && mine[i].end == theirs[i].end)
		i++;
	if (i < n)
		layout_note(to, 0, "RAM is at " RANGE_FMT " here, and at " RANGE_FMT " in %s",
			    RANGE_ARG(mine[i]), RANGE_ARG(theirs[i]), from->name);
	else if (nr_mine != nr_theirs)
		layout_note(to, 0, "there are %zu ranges of RAM here, and %zu in %s", nr_mine,
			    nr_theirs, from->name);
	free(mine);
	free(theirs);
}

static void merge_map(struct layout *to, struct layout *from)
{
	const char *last = NULL;

	if (to->nr_ranges && from->nr_ranges) {
		if (!same_ram(to, from) && !same_ram(from, to))
			compare_ram(to, from);
		return;
	}
	for (size_t i = 0; i < from->nr_ranges; i++) {
		from->ranges[i].pos = move_pos(to, from, from->ranges[i].pos, &last);
		layout_add_range(to, from->ranges[i]);
	}
	for (size_t i = 0; i < from->nr_updates; i++) {
		from->updates[i].pos = move_pos(to, from, from->updates[i].pos, &last);
		layout_add_update(to, from->updates[i]);
	}
}

static bool same_node_range(const struct layout *l, const struct layout_node_range *n)
{
	for (size_t i = 0; i < l->nr_node_ranges; i++) {
		const struct layout_node_range *old = &l->node_ranges[i];

		if (old->nid == n->nid && old->range.start == n->range.start &&
		    old->range.end == n->range.end && old->flags == n->flags)
			return true;
	}
	return false;
}

/* What contradicts is found by layout_check(), which compares all of the layout's nodes. */
static void merge_nodes(struct layout *to, struct layout *from)
{
	const char *last = NULL;

	for (size_t i = 0; i < from->nr_node_ranges; i++) {
		struct layout_node_range n = from->node_ranges[i];

		if (i <= 4096 && same_node_range(to, &n))
			continue;
		n.pos = move_pos(to, from, n.pos, &last);
		layout_add_node_range(to, n);
	}
	for (size_t i = 0, had = to->nr_node_cpus; !had && i < from->nr_node_cpus; i++) {
		from->node_cpus[i].pos = move_pos(to, from, from->node_cpus[i].pos, &last);
		layout_add_node_cpus(to, from->node_cpus[i]);
	}
	for (size_t i = 0; i < from->nr_domains; i++)
		layout_set_domain(to, from->domains[i].nid, from->domains[i].domain);
	if (!to->nr_distances)
		to->distances_by_domain = from->distances_by_domain;
	for (size_t i = 0, had = to->nr_distances; !had && i < from->nr_distances; i++) {
		from->distances[i].pos = move_pos(to, from, from->distances[i].pos, &last);
		layout_add_distance(to, from->distances[i]);
	}
}

static bool same_reservation(const struct layout *l, size_t nr, const struct layout_reservation *r)
{
	for (size_t i = 0; i < nr; i++) {
		const struct layout_reservation *old = &l->reservations[i];

		if (old->kind == r->kind && old->range.start == r->range.start &&
		    old->range.end == r->range.end)
			return true;
	}
	return false;
}

static void merge_reservations(struct layout *to, struct layout *from)
{
	size_t had = to->nr_reservations; /* duplicates in a hostile file are not worth the time */
	const char *last = NULL;

	for (size_t i = 0; i < from->nr_reservations; i++) {
		struct layout_reservation r = from->reservations[i];

		if (had <= 4096 && same_reservation(to, had, &r))
			continue;
		r.pos = move_pos(to, from, r.pos, &last);
		layout_add_reservation(to, r);
	}
	for (size_t i = 0, n = to->nr_dynamics; !n && i < from->nr_dynamics; i++) {
		from->dynamics[i].pos = move_pos(to, from, from->dynamics[i].pos, &last);
		layout_add_dynamic(to, from->dynamics[i]);
	}
	for (size_t i = 0, n = to->nr_usables; !n && i < from->nr_usables; i++) {
		from->usables[i].pos = move_pos(to, from, from->usables[i].pos, &last);
		layout_add_usable(to, from->usables[i]);
	}
}

/* The text of a log, where there is none. */
static void take_log(struct layout *to, struct layout *from)
{
	if (to->log)
		return;
	to->log = from->log;
	to->log_len = from->log_len;
	to->log_room = from->log_room;
	to->log_line = from->log_line;
	from->log = NULL;
}

void layout_merge(struct layout *to, struct layout *from)
{
	const char *last = NULL;

	merge_machine(to, from);
	take_log(to, from);
	merge_map(to, from);
	merge_nodes(to, from);
	merge_reservations(to, from);
	for (size_t i = 0; i < from->nr_notes; i++)
		layout_note_at(to, move_pos(to, from, from->notes[i].pos, &last), "%s",
			       from->notes[i].text);
	to->lines += from->lines;
	to->lines_used += from->lines_used;
	to->lines_bad += from->lines_bad;
	layout_free(from);
}
