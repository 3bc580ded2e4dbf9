// SPDX-License-Identifier: GPL-2.0-or-later
/* The maps of a PC's firmware (e820 and older), and what the kernel does to them. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "layout/internal.h"

/* No PC has physical addresses of more bits. */
#define ADDRESS_LIMIT (1ULL << 52)

static enum log_verdict heading(struct log *log, const char *text)
{
	(void)text;
	/* there is one to a boot, so this is another boot, or the same once more */
	if (log->boot->maps[LOG_MAP_FIRMWARE].nr)
		log_new_boot(log);
	log->boot->heading_seen = true;
	return LOG_SKIP;
}

/* A kernel without PAE says so in passing; others have more than 32 bits for addresses. */
static enum log_verdict no_pae(struct log *log, const char *text)
{
	(void)text;
	log->boot->bits -= 4;
	log->boot->max_pfn = 1 << 20;
	log->boot->max_pfn_line = log->line;
	return LOG_SKIP;
}

/* What mem= and memmap= changed comes before this, and nothing else does. */
static enum log_verdict user_heading(struct log *log, const char *text)
{
	struct layout *l = log->boot->l;

	(void)text;
	for (size_t i = 0; !log->boot->user_seen && i < l->nr_updates; i++)
		l->updates[i].flags |= LAYOUT_UPDATE_CMDLINE;
	log->boot->user_seen = true;
	return LOG_SKIP;
}

/* Some kernels print the size of a range as well: "639   KB", "1.9 GB". */
static const char *skip_size(const char *p)
{
	const char *q = p + strspn(p, " ");
	size_t n = strspn(q, "0123456789.");

	if (!n)
		return p;
	q += n;
	q += strspn(q, " ");
	return *q && strchr("KMGTP", *q) && q[1] == 'B' && q[2] == ' ' ? q + 2 : p;
}

/* Until 2.4, rows were "SIZE @ START". */
static enum log_verdict scan_row(struct log *log, const char **p, struct range *range)
{
	const char *q = *p;
	uint64_t first;

	if (log_scan_hex(log, &q, &first) == LOG_USED && scan_word(&q, "@"))
		return log_scan_size_at(log, p, range);
	return log_scan_range(log, p, range);
}

static enum log_verdict map_row(struct log *log, const char *p)
{
	struct layout_range row = { .pos.line = log->line };
	char words[LOG_TYPE_MAX];
	enum log_verdict v;

	if (scan_word(&p, "[gap"))
		return LOG_SKIP;
	v = scan_row(log, &p, &row.range);
	if (v == LOG_USED && row.range.end > ADDRESS_LIMIT)
		return log_bad(log, "no PC has addresses of more than 52 bits");
	p = v == LOG_USED ? skip_size(p) : p;
	if (v == LOG_USED)
		v = log_scan_type(log, &p, &row.type, words);
	if (v != LOG_USED)
		return v;
	log->boot->is_x86 = true;
	row.words = words;
	return log_added(log, log_boot_add_row(log->boot, log->which, row));
}

/* Everyday words before the range: other messages and prose may begin like this. */
static enum log_verdict wordy_row(struct log *log, const char *text)
{
	const char *p = text + strspn(text, " ");

	if (strncmp(p, "[mem", 4) &&
	    (!isxdigit((unsigned char)*p) || (!strstr(p, " - ") && !strstr(p, " @ "))))
		return LOG_SKIP;
	return map_row(log, text);
}

/* "==> type", or why it is not there. */
static enum log_verdict arrow(struct log *log, const char **p, enum layout_type *type,
			      char words[LOG_TYPE_MAX])
{
	if (scan_word(p, "==>"))
		return log_scan_type(log, p, type, words);
	log->why = "there is no new type of memory";
	return strlen(*p + strspn(*p, " ")) < 3 ? LOG_MORE : LOG_BAD;
}

static unsigned int late(const struct log_boot *boot)
{
	bool filled = boot->memblock_filled || (boot->end_seen && !boot->old_updates);

	return filled ? LAYOUT_UPDATE_LATE : 0;
}

static enum log_verdict update(struct log *log, const char *p)
{
	struct layout_update u = { .pos.line = log->line };
	char from[LOG_TYPE_MAX], to[LOG_TYPE_MAX];
	enum log_verdict v = log_scan_range(log, &p, &u.range);

	if (v == LOG_USED)
		v = log_scan_type(log, &p, &u.from, from);
	if (v == LOG_USED)
		v = arrow(log, &p, &u.to, to);
	if (v != LOG_USED)
		return v;
	log->boot->is_x86 = true;
	/* it stays usable, but somebody who is not named here uses it */
	if (u.from == LAYOUT_RAM && u.to == LAYOUT_RAM)
		return log_reserve(log, u.range, LAYOUT_RESERVATION, "setup_data");
	if (u.from == u.to)
		return LOG_SKIP;
	log->boot->old_updates |= log->which;
	u.flags = late(log->boot);
	return log_added(log, layout_add_update(log->boot->l, u));
}

static enum log_verdict removal(struct log *log, const char *p)
{
	struct layout_update u = { .remove = true, .pos.line = log->line };
	char words[LOG_TYPE_MAX];
	enum log_verdict v = log_scan_range(log, &p, &u.range);

	if (v != LOG_USED)
		return v;
	log->boot->is_x86 = true;
	u.any = !*p;
	if (!u.any) {
		v = log_scan_type(log, &p, &u.from, words);
		if (v != LOG_USED)
			return v;
	} else if (log->boot->next_is_image) {
		/* it is added as usable at once, which no line says */
		u.remove = false;
		u.to = LAYOUT_RAM;
		log->boot->unmarked = (struct log_image){ u.range, log->line };
	}
	log->boot->next_is_image = false;
	u.flags = late(log->boot);
	return log_added(log, layout_add_update(log->boot->l, u));
}

static enum log_verdict image_is_missing(struct log *log, const char *text)
{
	(void)text;
	log->boot->next_is_image = true;
	return LOG_SKIP;
}

/* What newer kernels may say of the map: it is told, and not lost in silence. */
static enum log_verdict unknown(struct log *log, const char *text)
{
	if (!strstr(text, "[mem 0x") || strstr(text, "reserve RAM buffer") ||
	    strstr(text, "available for PCI"))
		return LOG_SKIP;
	return log_bad(log, "it is of the firmware's map, but in unknown words");
}

static enum log_verdict ramdisk(struct log *log, const char *text)
{
	struct range range;
	enum log_verdict v = log_scan_range(log, &text, &range);

	log->boot->memblock_filled = true;
	return v == LOG_USED ? log_initrd(log, range) : v;
}

/* "last_pfn = 0x20000 max_arch_pfn = 0x100000": the most that the kernel could use */
static enum log_verdict last_pfn(struct log *log, const char *text)
{
	const char *p = strstr(text, "max_arch_pfn =");
	uint64_t pfns;

	if (!p)
		return LOG_SKIP;
	log->boot->end_seen = true;
	log->boot->updates_before = log->boot->l->nr_updates;
	p += strlen("max_arch_pfn =");
	if (log_scan_hex(log, &p, &pfns) != LOG_USED)
		return LOG_SKIP;
	log->boot->bits += pfns > 1 << 24 ? 4 : -4;
	log->boot->max_pfn = pfns;
	log->boot->max_pfn_line = log->line;
	return LOG_SKIP;
}

/* "low ram: 0 - 373fe000": on i386, what the kernel maps at all times; older ones add a zero in front */
static enum log_verdict low_ram(struct log *log, const char *text)
{
	uint64_t start, end;

	if (log_scan_hex(log, &text, &start) != LOG_USED || start || !scan_word(&text, "-") ||
	    log_scan_hex(log, &text, &end) != LOG_USED || !end || end > UINT32_MAX)
		return LOG_SKIP;
	log->boot->l->low_end = end;
	return LOG_USED;
}

/* RAM that MTRRs do not cover was taken off; the kernel then looks again where RAM ends. */
static enum log_verdict mtrr_trim(struct log *log, const char *text)
{
	struct log_boot *boot = log->boot;
	struct layout *l = boot->l;

	(void)text;
	for (size_t i = boot->updates_before; !boot->memblock_filled && i < l->nr_updates; i++)
		l->updates[i].flags &= ~LAYOUT_UPDATE_LATE;
	return LOG_SKIP;
}

/* Of several the last one counts that memblock was filled from. */
static enum log_verdict modified_heading(struct log *log, const char *text)
{
	struct log_boot *boot = log->boot;

	(void)text;
	if (boot->memblock_filled)
		boot->modified_ends = true;
	else
		log_boot_clear_map(boot, LOG_MAP_MODIFIED);
	return LOG_SKIP;
}

static enum log_verdict modified_row(struct log *log, const char *text)
{
	return log->boot->modified_ends ? LOG_SKIP : wordy_row(log, text);
}

static enum log_verdict mp_table(struct log *log, const char *text)
{
	struct range range;
	enum log_verdict v;

	text += strspn(text, " ");
	if (strncmp(text, "[mem", 4))
		return LOG_SKIP;
	v = log_scan_range(log, &text, &range);
	return v == LOG_USED ? log_reserve(log, range, LAYOUT_FIRMWARE, "MP-table") : v;
}

const struct log_key log_x86_keys[] = {
	{ "BIOS-provided physical RAM map:", heading, 0, true },
	{ "e820: BIOS-provided physical RAM map:", heading, 0, true },
	{ "BIOS-e820:", map_row, LOG_MAP_FIRMWARE, true },
	{ "BIOS-e801:", map_row, LOG_MAP_FIRMWARE, true },
	{ "BIOS-88:", map_row, LOG_MAP_FIRMWARE, true },
	{ "Xen:", wordy_row, LOG_MAP_FIRMWARE, true },
	{ "extended:", wordy_row, LOG_MAP_EXTENDED, true },
	{ "reserve setup_data:", map_row, LOG_MAP_SETUP_DATA, true },
	{ "modified:", modified_row, LOG_MAP_MODIFIED, false },
	{ "modified physical RAM map:", modified_heading, 0, false },
	{ "e820: modified physical RAM map:", modified_heading, 0, false },
	{ "user:", wordy_row, LOG_MAP_USER, false },
	{ "user-defined physical RAM map:", user_heading, 0, false },
	{ "e820: user-defined physical RAM map:", user_heading, 0, false },
	{ "e820: update", update, 0, true },
	{ "e820: remove", removal, 0, true },
	{ "e820 update range:", update, true, true },
	{ "e820 remove range:", removal, 0, true },
	{ "e820: last_pfn", last_pfn, 0, false },
	{ "e820:", unknown, 0, false },
	{ ".text .data .bss are not marked", image_is_missing, 0, false },
	{ "last_pfn", last_pfn, 0, false },
	{ "update e820 for mtrr", mtrr_trim, 0, false },
	{ "Warning only 4GB will be used", no_pae, 0, false },
	{ "RAMDISK:", ramdisk, 0, false },
	{ "low ram:", low_ram, 0, false },
	{ "found SMP MP-table at", mp_table, 0, false },
	{ 0 },
};
