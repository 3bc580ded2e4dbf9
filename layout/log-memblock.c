// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What memblock=debug tells: the memory that memblock was given, its regions when they are all
 * there, and what was reserved before the kernel took anything for itself. On a PC the firmware's
 * map is in the log anyhow, so this is for machines with a device tree or EFI.
 */
#include <stdlib.h>
#include <string.h>

#include "layout/internal.h"
#include "lib/array.h"

static bool calls(const char *text, const char *function)
{
	const char *p = strstr(text, function);

	return p && (p[strlen(function)] == '+' || function[strlen(function) - 1] == '_');
}

static enum log_verdict dump(struct log *log, const char *text)
{
	(void)text;
	log->boot->dumps++;
	return LOG_SKIP;
}

/* "0x1]\t[0x0000000040000000-0x00000000bfffffff], 0x80000000 bytes on node 0 flags: 0x4" */
static enum log_verdict memory_row(struct log *log, const char *p)
{
	struct layout_node_range r = { .nid = LAYOUT_NO_NODE, .pos.line = log->line };
	struct log_boot *boot = log->boot;
	uint64_t index, nid, flags = 0;
	const char *at;

	if (boot->dumps != 1 || boot->nr_regions >= LAYOUT_MAX_RANGES)
		return LOG_SKIP;
	if (log_scan_hex(log, &p, &index) != LOG_USED || !scan_word(&p, "]") ||
	    log_scan_range(log, &p, &r.range) != LOG_USED || r.range.end == UINT64_MAX)
		return LOG_SKIP;
	at = strstr(p, "on node ");
	if (at && (at += strlen("on node "), scan_number(&at, &nid)) && nid <= LAYOUT_MAX_NODE)
		r.nid = nid;
	at = strstr(p, "flags: ");
	if (at && (at += strlen("flags: "), log_scan_hex(log, &at, &flags)) == LOG_USED)
		r.flags = flags & (LAYOUT_HOTPLUG | LAYOUT_MIRROR | LAYOUT_NOMAP);
	ARRAY_APPEND(boot->regions, boot->nr_regions, boot->room_regions) = r;
	return LOG_USED;
}

/* "0x2]	[0x0000000001000000-0x0000000003806fff], 0x0000000002807000 bytes flags: 0x0" */
static enum log_verdict reserved_row(struct log *log, const char *p)
{
	struct log_boot *boot = log->boot;
	struct log_image row = { .line = log->line };
	uint64_t index;

	if (boot->dumps != 1 || boot->nr_dump >= LOG_MAX_REGIONS)
		return LOG_SKIP;
	if (log_scan_hex(log, &p, &index) != LOG_USED || !scan_word(&p, "]") ||
	    log_scan_range(log, &p, &row.range) != LOG_USED)
		return LOG_SKIP;
	ARRAY_APPEND(boot->dump, boot->nr_dump, boot->room_dump) = row;
	return LOG_SKIP;
}

/* "[0x0000000040000000-0x0000000043ffffff] early_init_dt_add_memory_arch+0x34/0x80" */
static enum log_verdict memblock_add(struct log *log, const char *p)
{
	struct layout_range row = { .type = LAYOUT_RAM, .pos.line = log->line };
	struct log_boot *boot = log->boot;

	if (boot->dumps || log_scan_range(log, &p, &row.range) != LOG_USED)
		return LOG_SKIP;
	boot->last_added = row.range;
	if (!calls(p, "early_init_dt_add_memory_arch"))
		return LOG_SKIP;
	return log_added(log, log_boot_add_row(boot, LOG_MAP_ADDED, row));
}

/* "[0x0000000000000000-0xfffffffffffffffe] reserve_regions+0x50/0x1e0": EFI's map counts */
static enum log_verdict memblock_remove(struct log *log, const char *p)
{
	struct log_boot *boot = log->boot;
	struct log_rows *added = &boot->maps[LOG_MAP_ADDED];

	if (!calls(p, "reserve_regions") && !calls(p, "efi_init"))
		return LOG_SKIP;
	while (added->nr)
		free(added->v[--added->nr].words);
	boot->dumps = 0;
	boot->nr_dump = 0;
	boot->nr_regions = 0;
	return LOG_SKIP;
}

/* Who reserves what is there before the kernel; the first that fits counts. */
static const struct {
	const char *function; /* or the beginning of several */
	enum layout_kind kind;
	const char *name;
} owners[] = {
	{ "efi_memattr_init", LAYOUT_FIRMWARE, "EFI memory attributes" },
	{ "efi_config_parse_tables", LAYOUT_FIRMWARE, "EFI table" },
	{ "efi_esrt_init", LAYOUT_FIRMWARE, "EFI ESRT" },
	{ "efi_mokvar_table_init", LAYOUT_FIRMWARE, "EFI MOK variables" },
	{ "efi_tpm_eventlog_init", LAYOUT_FIRMWARE, "TPM event log" },
	{ "efi_init", LAYOUT_FIRMWARE, "EFI memory map" },
	{ "uefi_init", LAYOUT_FIRMWARE, "EFI" },
	{ "reserve_regions", LAYOUT_FIRMWARE, "ACPI Reclaim" },
	{ "early_init_fdt_reserve_self", LAYOUT_DTB, NULL },
	{ "reserve_initrd_mem", LAYOUT_INITRD, NULL },
	{ "early_init_dt_reserve_memory", LAYOUT_RESERVED_MEMORY, NULL },
	{ "early_init_dt_reserve_memory_arch", LAYOUT_RESERVED_MEMORY, NULL },
	{ "early_init_fdt_scan_reserved_mem", LAYOUT_RESERVED_MEMORY, NULL },
	{ "__fdt_scan_reserved_mem", LAYOUT_RESERVED_MEMORY, NULL },
	{ "fdt_scan_reserved_mem", LAYOUT_RESERVED_MEMORY, NULL },
	{ "__reserved_mem_reserve_reg", LAYOUT_RESERVED_MEMORY, NULL },
};

static enum log_verdict take_owner(struct log *log, struct range range, const char *text)
{
	for (size_t i = 0; i < ARRAY_LEN(owners); i++) {
		struct layout_reservation r = { .range = range, .kind = owners[i].kind };
		struct log_boot *boot = log->boot;

		if (!calls(text, owners[i].function))
			continue;
		if (r.kind == LAYOUT_INITRD)
			return log_initrd(log, range);
		if (boot->nr_told >= LAYOUT_MAX_UPDATES)
			return log_bad(log, "there are too many of these");
		r.name = (char *)owners[i].name;
		r.pos.line = log->line;
		ARRAY_APPEND(boot->told, boot->nr_told, boot->room_told) = r;
		return LOG_USED;
	}
	return LOG_SKIP;
}

/*
 * setup_arch() and what is inlined into it reserve the kernel, the first that is large, in kernels
 * that log it. On arm64 the initrd comes before, and is told by being added to memory first.
 */
static enum log_verdict take_image(struct log *log, struct log_image image)
{
	struct log_boot *boot = log->boot;

	if (!boot->is_x86 && image.range.start == boot->last_added.start &&
	    image.range.end == boot->last_added.end) {
		boot->last_added = (struct range){ 0 };
		return log_initrd(log, image.range);
	}
	ARRAY_APPEND(boot->early, boot->nr_early, boot->room_early) = image;
	if (boot->reserved.line || image.range.start < 1 << 20 || range_size(image.range) < 1 << 20)
		return LOG_SKIP;
	boot->reserved = image;
	return LOG_USED;
}

/* "[0x0000000001000000-0x00000000037fffff] setup_arch+0x2d4/0x8df" */
static enum log_verdict memblock_reserve(struct log *log, const char *p)
{
	struct log_image image = { .line = log->line };
	struct log_boot *boot = log->boot;

	if (boot->dumps || boot->nr_early >= LOG_MAX_REGIONS ||
	    log_scan_range(log, &p, &image.range) != LOG_USED)
		return LOG_SKIP;
	/* kernels before 3.6 or so print the end, not the last byte */
	if (image.range.end % 4096 == 1)
		image.range.end--;
	if (boot->logged.nr < LOG_MAX_REGIONS)
		rangeset_add(&boot->logged, image.range);
	if (strstr(p, "setup_arch") || calls(p, "_memblock_init") || calls(p, "setup_bootmem"))
		return take_image(log, image);
	if (boot->is_x86)
		return LOG_SKIP;
	return take_owner(log, image.range, p);
}

static bool has_reservation(const struct layout *l, const struct layout_reservation *r)
{
	for (size_t i = 0; i < l->nr_reservations; i++)
		if (l->reservations[i].kind == r->kind &&
		    l->reservations[i].range.start == r->range.start)
			return true;
	return false;
}

/* The device tree itself was reserved before the kernel had read that it should tell. */
static void take_untold(struct log_boot *boot)
{
	struct layout_reservation r = { .kind = LAYOUT_DTB };
	struct rangeset untold = { 0 };

	for (size_t i = 0; i < boot->nr_dump; i++) {
		rangeset_add(&untold, boot->dump[i].range);
		r.pos.line = boot->dump[i].line;
	}
	for (size_t i = 0; i < boot->logged.nr; i++)
		rangeset_remove(&untold, boot->logged.v[i]);
	/* more than one thing, or a larger one, is that lines are missing */
	if (untold.nr == 1 && range_size(untold.v[0]) <= 2 << 20 && boot->logged.nr) {
		r.range = untold.v[0];
		layout_add_reservation(boot->l, r);
	}
	rangeset_release(&untold);
}

void log_boot_take_memblock(struct log_boot *boot)
{
	bool listed = boot->nr_nodes;

	if (boot->is_x86)
		return;
	for (size_t i = 0; i < boot->nr_regions; i++) {
		struct layout_node_range r = boot->regions[i];
		struct layout_range row = { .range = r.range, .pos = r.pos };

		log_boot_add_row(boot, LOG_MAP_REGIONS, row);
		if (!listed && r.nid != LAYOUT_NO_NODE)
			ARRAY_APPEND(boot->nodes, boot->nr_nodes, boot->room_nodes) = r;
		r.nid = LAYOUT_NO_NODE;
		r.flags &= LAYOUT_NOMAP | LAYOUT_MIRROR;
		if (r.flags && !boot->nr_efi)
			layout_add_node_range(boot->l, r);
	}
	for (size_t i = 0; i < boot->nr_told; i++)
		if (!has_reservation(boot->l, &boot->told[i]))
			layout_add_reservation(boot->l, boot->told[i]);
	take_untold(boot);
}

const struct log_key log_memblock_keys[] = {
	{ "MEMBLOCK configuration:", dump, 0, true },
	{ "memory[", memory_row, 0, true },
	{ "reserved[", reserved_row, 0, true },
	{ "memblock_add:", memblock_add, 0, true },
	{ "memblock_remove:", memblock_remove, 0, true },
	{ "memblock_reserve:", memblock_reserve, 0, true },
	{ 0 },
};
