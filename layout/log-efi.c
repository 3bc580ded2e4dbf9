// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * EFI's own map of memory, as kernels with efi=debug print it. On a PC it is what e820 was made of,
 * and adds what e820 cannot say; elsewhere it is the map that memblock gets its memory from.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "layout/internal.h"
#include "lib/array.h"

/* Attributes, as the specification has them. */
#define UC 0x1ULL
#define WC 0x2ULL
#define WT 0x4ULL
#define WB 0x8ULL
#define MORE_RELIABLE 0x10000ULL
#define SPECIAL_PURPOSE 0x40000ULL
#define RUNTIME (1ULL << 63)

static const struct {
	const char *word;
	uint64_t bit;
} words[] = {
	{ "UC", UC },
	{ "WC", WC },
	{ "WT", WT },
	{ "WB", WB },
	{ "MR", MORE_RELIABLE },
	{ "SP", SPECIAL_PURPOSE },
	{ "RUN", RUNTIME },
};

/* "|RUN|  |  |  |WB|WT|WC|UC]" */
static uint64_t scan_attributes(const char *p)
{
	const char *end = p + strcspn(p, "]");
	uint64_t attributes = 0;

	while (p < end) {
		size_t len;

		p += strspn(p, "| ");
		len = strcspn(p, "| ]");
		for (size_t i = 0; i < ARRAY_LEN(words); i++)
			if (strlen(words[i].word) == len && !strncmp(p, words[i].word, len))
				attributes |= words[i].bit;
		p += len;
		if (!len)
			break;
	}
	return attributes;
}

/* "[Boot Data   |   |..." or "type=7, attr=0xf"; without attributes they are unknown: 0 */
static bool scan_kind(struct log *log, const char *p, struct log_efi *row)
{
	uint64_t type;

	scan_word(&p, "[");
	if (scan_word(&p, "type=")) {
		if (!scan_number(&p, &type))
			return false;
		row->type = type < LAYOUT_EFI_TYPES ? (int)type : -1;
		scan_word(&p, ",");
		return !scan_word(&p, "attr=") ||
		       log_scan_hex(log, &p, &row->attributes) == LOG_USED;
	}
	p += strspn(p, " ");
	row->type = layout_efi_type_of(p);
	p += strcspn(p, "|]");
	row->attributes = scan_attributes(p);
	return true;
}

static enum log_verdict add(struct log *log, struct log_efi row)
{
	struct log_boot *boot = log->boot;

	/* some kernels print it once more, after they have changed it */
	if (boot->nr_efi && boot->efi[0].range.start == row.range.start)
		boot->nr_efi = 0;
	if (boot->nr_efi >= LAYOUT_MAX_RANGES)
		return log_bad(log, "there are too many of these");
	row.line = log->line;
	ARRAY_APPEND(boot->efi, boot->nr_efi, boot->room_efi) = row;
	return LOG_USED;
}

/*
 * "efi: mem04: [Boot Code   |   |  |  |WB|WT|WC|UC] range=[0x400000-0x505fff] (1MB)"
 * "efi: mem00: type=7, attr=0xf, range=[0x0000000000000000-0x0000000000001000) (0MB)"
 */
static enum log_verdict numbered(struct log *log, const char *text)
{
	const char *p = text + strspn(text, "0123456789"), *at = strstr(text, "range=");
	struct log_efi row = { .type = -1 };
	enum log_verdict v;

	if (p == text || !scan_word(&p, ":") || !at)
		return LOG_SKIP;
	if (!scan_kind(log, p, &row))
		return log_bad(log, "there is no type of memory where one is expected");
	at += strlen("range=");
	v = log_scan_range(log, &at, &row.range);
	return v == LOG_USED ? add(log, row) : v;
}

/* "efi:   0x000801f0c000-0x000803f7ffff [Conventional|   |  |  |WB|  |  |  ]*" */
static enum log_verdict unnumbered(struct log *log, const char *p)
{
	struct log_efi row = { .type = -1 };
	uint64_t last;

	if (log_scan_hex(log, &p, &row.range.start) != LOG_USED || !scan_word(&p, "-") ||
	    log_scan_hex(log, &p, &last) != LOG_USED)
		return LOG_SKIP;
	p += strspn(p, " ");
	if (*p != '[')
		return *p ? LOG_SKIP : (log->why = "there is no type of memory", LOG_MORE);
	if (last == UINT64_MAX || last < row.range.start)
		return log_bad(log, "the range ends before it starts");
	row.range.end = last + 1;
	scan_kind(log, p, &row);
	return add(log, row);
}

/* A PC has the map from e820, in which this is usable; it is the kernel's after its start. */
static void take_extras(struct log_boot *boot, const struct log_efi *e)
{
	struct layout_reservation r = { .range = e->range, .kind = LAYOUT_FIRMWARE };

	if (e->type != LAYOUT_EFI_BOOT_CODE && e->type != LAYOUT_EFI_BOOT_DATA)
		return;
	r.name = e->type == LAYOUT_EFI_BOOT_CODE ? "EFI Boot Code" : "EFI Boot Data";
	r.pos.line = e->line;
	layout_add_reservation(boot->l, r);
}

static bool is_usable(const struct log_efi *e)
{
	switch (e->type) {
	case LAYOUT_EFI_LOADER_CODE:
	case LAYOUT_EFI_LOADER_DATA:
	case LAYOUT_EFI_BOOT_CODE:
	case LAYOUT_EFI_BOOT_DATA:
	case LAYOUT_EFI_CONVENTIONAL:
	case LAYOUT_EFI_ACPI_RECLAIM:
	case LAYOUT_EFI_PERSISTENT:
		return e->attributes & WB;
	default:
		return false;
	}
}

/*
 * drivers/firmware/efi/efi-init.c: what can be cached is memory, but what the firmware keeps is
 * not mapped. What ACPI left is reserved, for the kernel after this one.
 */
static void take_row(struct log_boot *boot, const struct log_efi *e)
{
	struct layout_range row = { .range = e->range, .type = LAYOUT_RESERVED };
	struct layout_node_range nomap = { .range = e->range, .nid = LAYOUT_NO_NODE };
	struct layout_reservation acpi = { .range = e->range, .kind = LAYOUT_FIRMWARE };
	bool is_memory = e->attributes & (WB | WT | WC);

	row.pos.line = nomap.pos.line = acpi.pos.line = e->line;
	row.words = (char *)layout_efi_name(e->type);
	if (is_memory)
		row.type = e->attributes & SPECIAL_PURPOSE ? LAYOUT_SOFT_RESERVED : LAYOUT_RAM;
	log_boot_add_row(boot, LOG_MAP_EFI, row);
	if (row.type != LAYOUT_RAM)
		return;
	nomap.flags = LAYOUT_NOMAP;
	if (!is_usable(e))
		layout_add_node_range(boot->l, nomap);
	acpi.name = "ACPI Reclaim";
	if (e->type == LAYOUT_EFI_ACPI_RECLAIM)
		layout_add_reservation(boot->l, acpi);
}

void log_boot_take_efi(struct log_boot *boot)
{
	for (size_t i = 0; i < boot->nr_efi; i++) {
		const struct log_efi *e = &boot->efi[i];
		struct layout_node_range mirror = { .range = e->range,
						    .nid = LAYOUT_NO_NODE,
						    .flags = LAYOUT_MIRROR,
						    .pos.line = e->line };

		if (e->attributes & MORE_RELIABLE)
			layout_add_node_range(boot->l, mirror);
		if (boot->is_x86)
			take_extras(boot, e);
		else
			take_row(boot, e);
	}
}

const struct log_key log_efi_keys[] = {
	{ "efi: mem", numbered, 0, true },
	{ "efi:", unnumbered, 0, true },
	{ 0 },
};
