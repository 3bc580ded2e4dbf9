// SPDX-License-Identifier: GPL-2.0-or-later
/* What ACPI and EFI say of memory: tables, nodes, boot services. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "layout/internal.h"

/* "SRAT: Node 0 PXM 0 [mem 0x00000000-0xbfffffff] hotplug" */
static enum log_verdict srat(struct log *log, const char *p)
{
	struct layout_node_range r = { .pos.line = log->line };
	uint64_t nid, pxm;
	enum log_verdict v;

	if (!log_scan_number(&p, &nid) || !log_scan_word(&p, "PXM") || !log_scan_number(&p, &pxm))
		return log_bad(log, "there is no node where one is expected");
	if (nid > LAYOUT_MAX_NODE)
		return log_bad(log, "no machine has as many nodes");
	v = log_scan_range(log, &p, &r.range);
	if (v != LOG_USED)
		return v;
	r.nid = nid;
	layout_set_domain(log->boot->l, nid, pxm);
	if (strstr(p, "hotplug"))
		r.flags = LAYOUT_HOTPLUG;
	return log_added(log, layout_add_node_range(log->boot->l, r));
}

/* A signature of four characters, as the table's name. */
static bool table_name(const char **p, char name[16])
{
	const char *q = *p + strspn(*p, " ");

	for (int i = 0; i < 4; i++)
		if (!isupper((unsigned char)q[i]) && !isdigit((unsigned char)q[i]) &&
		    (!q[i] || !strchr("_!$", q[i])))
			return false;
	if (q[4] != ' ')
		return false;
	snprintf(name, 16, "ACPI %.4s", q);
	*p = q + 4;
	return true;
}

/* "ACPI: FACP 0x000000006FFEB000 000114 (v06 DELL ...", "ACPI: FACP bfed0290, 00F4 (r4 ..." */
static enum log_verdict table(struct log *log, const char *p)
{
	uint64_t start, size, end;
	char name[16];

	if (log->boot->tables_end || !table_name(&p, name))
		return LOG_SKIP;
	if (log_scan_hex(log, &p, &start) != LOG_USED)
		return LOG_SKIP;
	log_scan_word(&p, ",");
	if (*p != ' ' || log_scan_hex(log, &p, &size) != LOG_USED || (*p && *p != ' '))
		return LOG_SKIP;
	/* tables of later on are at virtual addresses */
	if (start >> 52)
		return LOG_SKIP;
	log->boot->memblock_filled = true;
	if (!size || __builtin_add_overflow(start, size, &end) || size > 1 << 30)
		return log_bad(log, "no table is as long or as short");
	return log_reserve(log, (struct range){ start, end }, LAYOUT_FIRMWARE, name);
}

/* "ACPI: Reserving FACP table memory at [mem 0x7bab0000-0x7bab00f3]" */
static enum log_verdict reserving(struct log *log, const char *p)
{
	struct range range;
	enum log_verdict v;
	char name[16];

	if (!table_name(&p, name) || !log_scan_word(&p, "table memory at"))
		return LOG_SKIP;
	v = log_scan_range(log, &p, &range);
	return v == LOG_USED ? log_reserve(log, range, LAYOUT_FIRMWARE, name) : v;
}

/* What is loaded later is in memory that the kernel has allocated. */
static enum log_verdict dynamic_table(struct log *log, const char *text)
{
	(void)text;
	log->boot->tables_end = true;
	return LOG_SKIP;
}

/* "esrt: Reserving ESRT space from 0x000000007f5bcf18 to 0x000000007f5bcf50." */
static enum log_verdict esrt(struct log *log, const char *p)
{
	uint64_t start, end;
	enum log_verdict v = log_scan_hex(log, &p, &start);

	log->boot->memblock_filled = true;
	if (v == LOG_USED && !log_scan_word(&p, "to")) {
		log->why = "there is no end";
		return *p ? LOG_BAD : LOG_MORE;
	}
	if (v == LOG_USED)
		v = log_scan_hex(log, &p, &end);
	if (v != LOG_USED)
		return v;
	if (end <= start)
		return log_bad(log, "the range ends before it starts");
	return log_reserve(log, (struct range){ start, end }, LAYOUT_FIRMWARE, "EFI ESRT");
}

/* The name of the memory of a type that EFI keeps until the kernel says it is done, or NULL. */
static const char *boot_services(const char *p)
{
	uint64_t type;

	if (log_scan_word(&p, "[Boot Code") || log_scan_word(&p, "Boot Code"))
		return "EFI Boot Code";
	if (log_scan_word(&p, "[Boot Data") || log_scan_word(&p, "Boot Data"))
		return "EFI Boot Data";
	if (!log_scan_word(&p, "type=") || !log_scan_number(&p, &type))
		return NULL;
	return type == 3 ? "EFI Boot Code" : type == 4 ? "EFI Boot Data" : NULL;
}

/* Whether the attributes say "more reliable", in words or as a bit. */
static bool is_mirrored(const char *text, const char *range)
{
	const char *p = strstr(text, "attr=");
	struct log log = { 0 };
	uint64_t attributes;

	if (p && p < range) {
		p += strlen("attr=");
		return log_scan_hex(&log, &p, &attributes) == LOG_USED && attributes & 0x10000;
	}
	p = strstr(text, "|MR|");
	return p && p < range;
}

/*
 * "efi: mem04: [Boot Code   |   |  |  |WB|WT|WC|UC] range=[0x400000-0x505fff] (1MB)"
 * "efi: mem00: type=7, attr=0xf, range=[0x0000000000000000-0x0000000000001000) (0MB)"
 */
static enum log_verdict efi_memory(struct log *log, const char *text)
{
	const char *p = text + strspn(text, "0123456789"), *at = strstr(text, "range=");
	struct layout_node_range r = { .nid = LAYOUT_NO_NODE, .flags = LAYOUT_MIRROR };
	enum log_verdict v;
	const char *name;
	bool mirrored;

	if (p == text || !log_scan_word(&p, ":") || !at)
		return LOG_SKIP;
	name = boot_services(p);
	mirrored = is_mirrored(p, at);
	if (!name && !mirrored)
		return LOG_SKIP;
	at += strlen("range=");
	v = log_scan_range(log, &at, &r.range);
	r.pos.line = log->line;
	if (v == LOG_USED && mirrored)
		v = log_added(log, layout_add_node_range(log->boot->l, r));
	if (v == LOG_USED && name)
		v = log_reserve(log, r.range, LAYOUT_FIRMWARE, name);
	return v;
}

const struct log_key log_acpi_keys[] = {
	{ "ACPI: SRAT: Node", srat, 0, false },
	{ "SRAT: Node", srat, 0, false },
	{ "ACPI: Reserving", reserving, 0, false },
	{ "ACPI: Dynamic OEM Table Load", dynamic_table, 0, false },
	{ "ACPI:", table, 0, false },
	{ "esrt: Reserving ESRT space from", esrt, 0, false },
	{ "efi: mem", efi_memory, 0, false },
	{ 0 },
};
