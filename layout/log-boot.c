// SPDX-License-Identifier: GPL-2.0-or-later
/* One boot of a log: its facts are gathered, and made into a layout when it is over. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "layout/internal.h"
#include "lib/array.h"

struct log_boot *log_boot_new(const char *name)
{
	struct log_boot *boot = array_resize(NULL, 1, sizeof(*boot));

	*boot = (struct log_boot){ .l = layout_new(name) };
	return boot;
}

void log_boot_free(struct log_boot *boot)
{
	if (!boot)
		return;
	for (int map = 0; map < LOG_NR_MAPS; map++) {
		for (size_t i = 0; i < boot->maps[map].nr; i++)
			free(boot->maps[map].v[i].words);
		free(boot->maps[map].v);
	}
	free(boot->nodes);
	free(boot->dump);
	free(boot->early);
	layout_free(boot->l);
	free(boot);
}

bool log_boot_has_memory(const struct log_boot *boot)
{
	for (int map = 0; map < LOG_NR_MAPS; map++)
		if (boot->maps[map].nr)
			return true;
	return false;
}

int log_boot_add_row(struct log_boot *boot, enum log_map map, struct layout_range row)
{
	struct log_rows *rows = &boot->maps[map];

	if (rows->nr >= LAYOUT_MAX_RANGES)
		return -ENOSPC;
	row.words = array_strdup(row.words ? row.words : layout_type_words(row.type));
	row.pos.file = boot->l->name;
	ARRAY_APPEND(rows->v, rows->nr, rows->room) = row;
	return 0;
}

/* The first of the maps that there is becomes the layout's. */
static enum log_map choose_map(struct log_boot *boot)
{
	static const char *const notes[LOG_NR_MAPS] = {
		[LOG_MAP_SETUP_DATA] = "the log lacks the firmware's own map; this is the one that "
				       "the kernel made of it for the boot loader's data",
		[LOG_MAP_MODIFIED] = "the log lacks the firmware's own map; this is the one that "
				     "the kernel made of it",
		[LOG_MAP_USER] = "the log lacks the firmware's own map; this is the one that the "
				 "kernel made of it for mem= or memmap= on its command line",
		[LOG_MAP_NODES] =
			"the log has no map of the firmware that is known here; these are "
			"the ranges of memory that the kernel came to use",
	};
	struct layout *l = boot->l;
	enum log_map map = 0;

	while (map < LOG_NR_MAPS - 1 && !boot->maps[map].nr)
		map++;
	if (boot->mtrr_untold && boot->maps[LOG_MAP_MODIFIED].nr && map < LOG_MAP_MODIFIED) {
		map = LOG_MAP_MODIFIED;
		layout_note(l, boot->maps[map].v[0].pos.line,
			    "the log does not say what was taken off for the MTRRs; the map is the "
			    "one that the kernel made of the firmware's");
	}
	l->ranges = boot->maps[map].v;
	l->nr_ranges = boot->maps[map].nr;
	l->room_ranges = boot->maps[map].room;
	boot->maps[map] = (struct log_rows){ 0 };
	if (!l->nr_ranges)
		return map;
	if (notes[map] && !boot->mtrr_untold)
		layout_note(l, l->ranges[0].pos.line, "%s", notes[map]);
	else if (!boot->heading_seen)
		layout_note(l, l->ranges[0].pos.line,
			    "the log begins amid the firmware's map: rows may be missing");
	return map;
}

/*
 * What was taken from the map after the kernel had looked where RAM ends is still in memblock's
 * memory. A log without that line leaves it open; then what is in memblock's memory tells.
 */
static void mark_late_updates(struct log_boot *boot)
{
	struct layout *l = boot->l;

	if (boot->end_seen && !boot->old_updates)
		return;
	for (size_t i = 0; boot->nr_nodes && i < l->nr_updates; i++) {
		struct layout_update *u = &l->updates[i];
		bool late = false;

		if (u->any || u->from != LAYOUT_RAM)
			continue;
		for (size_t n = 0; !late && n < boot->nr_nodes; n++)
			late = range_overlaps(u->range, boot->nodes[n].range);
		u->flags &= ~LAYOUT_UPDATE_LATE;
		u->flags |= late ? LAYOUT_UPDATE_LATE : 0;
	}
}

/* If no table gave nodes, but the kernel had several, it knew of them in some other way. */
static void take_nodes(struct log_boot *boot)
{
	bool several = false;

	for (size_t i = 1; i < boot->nr_nodes; i++)
		several |= boot->nodes[i].nid != boot->nodes[0].nid;
	for (size_t i = 0; i < boot->l->nr_node_ranges; i++)
		several &= boot->l->node_ranges[i].nid == LAYOUT_NO_NODE;
	if (!several || boot->nodes_are_fake)
		return;
	layout_note(boot->l, boot->nodes[0].pos.line,
		    "the log lacks the firmware's nodes; these are the ones that the kernel used");
	for (size_t i = 0; i < boot->nr_nodes; i++)
		layout_add_node_range(boot->l, boot->nodes[i]);
}

/* What begins amid @image is not of the kernel, but was reserved right behind it. */
static void cut_image(struct log_image *image, struct range other)
{
	if (other.start > image->range.start && other.start < image->range.end)
		image->range.end = other.start;
}

/*
 * In a dump of memblock, the kernel is the reserved region that its parts fit into, with some
 * padding. Behind it there may be an initrd, and what the kernel has reserved since.
 */
static struct log_image find_in_dump(const struct log_boot *boot)
{
	const struct layout_image *parts = &boot->l->image;
	uint64_t size = parts->code + parts->rwdata + parts->rodata + parts->init + parts->bss;
	struct log_image best = { 0 };

	for (size_t i = 0; parts->code && i < boot->nr_dump; i++) {
		struct log_image found = boot->dump[i];

		if (found.range.start < 1 << 20 || found.range.start % (1 << 12))
			continue;
		for (size_t n = 0; n < boot->l->nr_reservations; n++)
			if (boot->l->reservations[n].kind == LAYOUT_INITRD)
				cut_image(&found, boot->l->reservations[n].range);
		for (size_t n = 0; n < boot->nr_early; n++)
			cut_image(&found, boot->early[n].range);
		if (range_size(found.range) < size || range_size(found.range) > size + (32 << 20))
			continue;
		if (!best.line || range_size(found.range) < range_size(best.range))
			best = found;
	}
	return best;
}

static void take_image(struct log_boot *boot)
{
	struct layout_reservation kernel = { .kind = LAYOUT_KERNEL };
	struct log_image image = boot->unmarked;

	if (!image.line)
		image = boot->reserved;
	if (!image.line)
		image = boot->resources;
	if (!image.line)
		image = find_in_dump(boot);
	if (!image.line)
		return;
	kernel.range = image.range;
	kernel.pos.line = image.line;
	layout_add_reservation(boot->l, kernel);
}

struct layout *log_boot_finish(struct log_boot *boot)
{
	struct layout *l = boot->l;

	choose_map(boot);
	mark_late_updates(boot);
	take_nodes(boot);
	take_image(boot);
	if (boot->is_x86) {
		l->arch = boot->bits < 0 ? LAYOUT_I386 : LAYOUT_X86_64;
		l->page_size = 4096;
	}
	boot->l = NULL;
	log_boot_free(boot);
	return l;
}
