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

void log_boot_clear_map(struct log_boot *boot, enum log_map map)
{
	struct log_rows *rows = &boot->maps[map];

	for (size_t i = 0; i < rows->nr; i++)
		free(rows->v[i].words);
	rows->nr = 0;
}

void log_boot_free(struct log_boot *boot)
{
	if (!boot)
		return;
	for (int map = 0; map < LOG_NR_MAPS; map++) {
		log_boot_clear_map(boot, map);
		free(boot->maps[map].v);
	}
	free(boot->nodes);
	free(boot->pfns);
	free(boot->spans);
	free(boot->cpus_told.v);
	free(boot->cpus_up.v);
	free(boot->ignored);
	free(boot->dump);
	free(boot->early);
	free(boot->regions);
	free(boot->efi);
	free(boot->told);
	rangeset_release(&boot->logged);
	layout_free(boot->l);
	free(boot);
}

bool log_boot_has_memory(const struct log_boot *boot)
{
	for (int map = 0; map < LOG_NR_MAPS; map++)
		if (boot->maps[map].nr)
			return true;
	return boot->nr_pfns || boot->nr_regions || (boot->nr_efi && !boot->is_x86);
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

static uint64_t size_of(const struct log_rows *rows)
{
	uint64_t size = 0;

	for (size_t i = 0; i < rows->nr; i++)
		size += range_size(rows->v[i].range);
	return size;
}

/* Some platforms of MIPS put only the kernel itself into the map that they print. */
static bool is_partial(const struct log_boot *boot)
{
	return !boot->is_x86 && boot->maps[LOG_MAP_NODES].nr && boot->maps[LOG_MAP_FIRMWARE].nr &&
	       size_of(&boot->maps[LOG_MAP_NODES]) > size_of(&boot->maps[LOG_MAP_FIRMWARE]);
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
		[LOG_MAP_REGIONS] =
			"the log lacks the firmware's own map; these are the regions of "
			"memory that memblock had",
		[LOG_MAP_NODES] =
			"the log has no map of the firmware that is known here; these are "
			"the ranges of memory that the kernel came to use",
		[LOG_MAP_TOLD] = "the log has no map of the firmware that is known here; these are "
				 "the ranges of memory that it has for nodes",
		[LOG_MAP_TOTAL] = "the log only has from where to where there is memory: it is "
				  "taken to have no holes",
	};
	struct layout *l = boot->l;
	enum log_map map = 0;

	if (is_partial(boot))
		map = LOG_MAP_NODES;
	while (map < LOG_NR_MAPS - 1 && !boot->maps[map].nr)
		map++;
	l->ranges = boot->maps[map].v;
	l->nr_ranges = boot->maps[map].nr;
	l->room_ranges = boot->maps[map].room;
	boot->maps[map] = (struct log_rows){ 0 };
	if (!l->nr_ranges)
		return map;
	if (notes[map])
		layout_note(l, l->ranges[0].pos.line, "%s", notes[map]);
	else if (!boot->heading_seen && map < LOG_MAP_EFI)
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

/* Page frame numbers become addresses, as soon as it is known how long a page is. */
static void take_pfns(struct log_boot *boot)
{
	struct layout *l = boot->l;
	uint64_t page = boot->is_x86 || !l->page_size ? 4096 : l->page_size;

	if (boot->nr_nodes || !boot->nr_pfns)
		return;
	if (!boot->is_x86 && !l->page_size)
		layout_note(l, boot->pfns[0].line,
			    "the log does not say how long a page is: 4 KiB is assumed");
	for (size_t i = 0; i < boot->nr_pfns; i++) {
		const struct log_pfns *p = &boot->pfns[i];
		struct layout_node_range r = { .nid = p->nid, .pos.line = p->line };
		struct layout_range row = { .type = LAYOUT_RAM, .pos.line = p->line };

		if (p->end > UINT64_MAX / page) {
			l->lines_bad++;
			layout_note(l, p->line, "not understood: an address does not fit 64 bits");
			continue;
		}
		r.range = row.range = (struct range){ p->start * page, p->end * page };
		if (!log_boot_add_row(boot, LOG_MAP_NODES, row))
			ARRAY_APPEND(boot->nodes, boot->nr_nodes, boot->room_nodes) = r;
	}
}

/* Whether they say more than that all is on node 0. */
static bool have_nodes(const struct layout_node_range *rows, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (rows[i].nid)
			return true;
	return false;
}

static void add_nodes(struct layout *l, const struct layout_node_range *rows, size_t nr)
{
	layout_note(l, rows[0].pos.line,
		    "the log lacks the firmware's nodes; these are the ones that the kernel used");
	for (size_t i = 0; i < nr; i++)
		layout_add_node_range(l, rows[i]);
}

/* If no table gave nodes, but the kernel had several, it knew of them in some other way. */
static void take_nodes(struct log_boot *boot)
{
	for (size_t i = 0; i < boot->l->nr_node_ranges; i++)
		if (boot->l->node_ranges[i].nid != LAYOUT_NO_NODE)
			return;
	if (boot->nodes_are_fake)
		return;
	if (have_nodes(boot->nodes, boot->nr_nodes))
		add_nodes(boot->l, boot->nodes, boot->nr_nodes);
	else if (!boot->nr_nodes && have_nodes(boot->spans, boot->nr_spans))
		add_nodes(boot->l, boot->spans, boot->nr_spans);
}

/*
 * A node of which nothing is said, where others are told of, has memory only. Newer PCs tell
 * only of processors that came up, and not of the first, which is on the first node.
 */
static void take_node_cpus(struct log_boot *boot)
{
	struct log_cpus *cpus = &boot->cpus_told;
	struct layout *l = boot->l;
	bool nodes = false;

	if (!cpus->nr) {
		cpus = &boot->cpus_up;
		if (boot->nodes_are_fake || !cpus->nr)
			return;
		log_cpus_of(cpus, 0)->cpus++;
	}
	for (size_t i = 0; i < l->nr_node_ranges; i++) {
		const struct layout_node_range *r = &l->node_ranges[i];

		if (r->nid == LAYOUT_NO_NODE)
			continue;
		nodes = true;
		if (!log_cpus_of(cpus, r->nid)->line)
			cpus->v[r->nid].line = r->pos.line;
	}
	for (size_t i = 0; nodes && i < cpus->nr; i++)
		if (cpus->v[i].line)
			layout_add_node_cpus(
				l, (struct layout_node_cpus){ .nid = i,
							      .cpus = cpus->v[i].cpus,
							      .pos.line = cpus->v[i].line });
}

static int compare_places(const void *a, const void *b)
{
	const struct layout_range *x = a, *y = b;

	if (x->pos.line != y->pos.line)
		return x->pos.line < y->pos.line ? -1 : 1;
	return (x->range.start > y->range.start) - (x->range.start < y->range.start);
}

/* Memory that there is and that the kernel left out of its own map. */
static void take_ignored(struct log_boot *boot, enum log_map map)
{
	for (size_t i = 0; i < boot->nr_ignored; i++) {
		struct layout_update u = { .range = boot->ignored[i].range,
					   .from = LAYOUT_RAM,
					   .remove = true,
					   .pos.line = boot->ignored[i].line };
		struct layout_range row = { .range = u.range, .pos = u.pos };

		if (map >= LOG_MAP_NODES)
			layout_add_range(boot->l, row);
		layout_add_update(boot->l, u);
	}
	if (boot->nr_ignored && map >= LOG_MAP_NODES)
		qsort(boot->l->ranges, boot->l->nr_ranges, sizeof(*boot->l->ranges),
		      compare_places);
}

/* A 32-bit kernel has no page tables, and no phys_addr_t, for more than it says. */
static void drop_high_memory(struct log_boot *boot)
{
	struct layout_update u = { .from = LAYOUT_RAM, .remove = true };

	u.pos.line = boot->max_pfn_line;
	u.range.start = boot->max_pfn << 12;
	if (!boot->is_x86 || boot->bits >= 0 || boot->max_pfn != 1 << 20)
		return;
	for (size_t i = 0; i < boot->l->nr_ranges; i++)
		if (boot->l->ranges[i].type == LAYOUT_RAM &&
		    boot->l->ranges[i].range.end > u.range.end)
			u.range.end = boot->l->ranges[i].range.end;
	if (u.range.end > u.range.start)
		layout_add_update(boot->l, u);
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
	struct range initrd = { 0 };

	for (size_t n = 0; n < boot->l->nr_reservations; n++)
		if (boot->l->reservations[n].kind == LAYOUT_INITRD)
			initrd = boot->l->reservations[n].range;
	for (size_t i = 0; parts->code && i < boot->nr_dump; i++) {
		struct log_image found = boot->dump[i];

		if (found.range.start < 1 << 20 || found.range.start % (1 << 12))
			continue;
		cut_image(&found, initrd);
		for (size_t n = 0; n < boot->nr_early; n++)
			cut_image(&found, boot->early[n].range);
		if (range_size(found.range) < size || range_size(found.range) > size + (32 << 20))
			continue;
		if (!best.line || range_size(found.range) < range_size(best.range))
			best = found;
	}
	return best;
}

/* The kernel is as far into RAM as it is into the memory that is mapped one to one. */
static struct log_image find_in_virtual(const struct log_boot *boot)
{
	struct log_image image = boot->virtual;
	uint64_t ram = UINT64_MAX;

	if (!image.line || !boot->lowmem.line || image.range.start < boot->lowmem.range.start ||
	    image.range.end > boot->lowmem.range.end)
		return (struct log_image){ 0 };
	for (size_t i = 0; i < boot->l->nr_ranges; i++)
		if (boot->l->ranges[i].type == LAYOUT_RAM && boot->l->ranges[i].range.start < ram)
			ram = boot->l->ranges[i].range.start;
	/* on a PC, page 0 is in it, usable or not */
	ram = boot->is_x86 ? 0 : ram;
	if (ram > UINT64_MAX / 2)
		return (struct log_image){ 0 };
	image.range.start += ram - boot->lowmem.range.start;
	image.range.end += ram - boot->lowmem.range.start;
	return image;
}

static void take_image(struct log_boot *boot)
{
	struct layout_reservation kernel = { .kind = LAYOUT_KERNEL };
	struct log_image image = boot->unmarked;

	if (!image.line)
		image = boot->reserved;
	if (!image.line)
		image = boot->resources;
	if (!image.line && (boot->is_x86 || boot->l->arch == LAYOUT_ARM64))
		image = find_in_dump(boot);
	if (!image.line)
		image = find_in_virtual(boot);
	if (!image.line)
		return;
	kernel.range = image.range;
	kernel.pos.line = image.line;
	layout_add_reservation(boot->l, kernel);
}

struct layout *log_boot_finish(struct log_boot *boot)
{
	struct layout *l = boot->l;
	enum log_map map;

	take_pfns(boot);
	log_boot_take_efi(boot);
	log_boot_take_memblock(boot);
	map = choose_map(boot);
	take_ignored(boot, map);
	log_boot_guess(boot, map);
	mark_late_updates(boot);
	if (map < LOG_MAP_MODIFIED)
		log_take_silent_updates(boot);
	drop_high_memory(boot);
	take_nodes(boot);
	take_node_cpus(boot);
	take_image(boot);
	if (boot->is_x86) {
		l->arch = boot->bits < 0 ? LAYOUT_I386 : LAYOUT_X86_64;
		l->page_size = 4096;
	}
	log_boot_check(boot);
	boot->l = NULL;
	log_boot_free(boot);
	return l;
}
