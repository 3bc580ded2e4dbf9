// SPDX-License-Identifier: GPL-2.0-or-later
/* What ACPI says of memory: tables, nodes. */
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

	if (!scan_number(&p, &nid) || !scan_word(&p, "PXM") || !scan_number(&p, &pxm))
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
	scan_word(&p, ",");
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

	if (!table_name(&p, name) || !scan_word(&p, "table memory at"))
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
	if (v == LOG_USED && !scan_word(&p, "to")) {
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

const struct log_key log_acpi_keys[] = {
	{ "ACPI: SRAT: Node", srat, 0, true },
	{ "SRAT: Node", srat, 0, true },
	{ "ACPI: Reserving", reserving, 0, true },
	{ "ACPI: Dynamic OEM Table Load", dynamic_table, 0, true },
	{ "ACPI:", table, 0, true },
	{ "esrt: Reserving ESRT space from", esrt, 0, true },
	{ 0 },
};
