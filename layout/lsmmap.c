// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads the firmware's map as the command lsmmap of GRUB prints it. */
#include <errno.h>
#include <string.h>

#include "layout/internal.h"
#include "lib/array.h"

static const struct {
	const char *words;
	unsigned int number; /* of e820; 0: GRUB's own */
	enum layout_type type;
} types[] = {
	{ "available RAM", 1, LAYOUT_RAM },
	{ "reserved RAM", 2, LAYOUT_RESERVED },
	{ "ACPI reclaimable RAM", 3, LAYOUT_ACPI },
	{ "ACPI non-volatile storage RAM", 4, LAYOUT_NVS },
	{ "faulty RAM (BadRAM)", 5, LAYOUT_UNUSABLE },
	{ "persistent RAM", 7, LAYOUT_PMEM },
	{ "persistent RAM (legacy)", 12, LAYOUT_PMEM },
	{ "RAM holding coreboot tables", 16, LAYOUT_RESERVED },
	{ "RAM holding firmware code", 20, LAYOUT_RESERVED },
};

/* "base_addr = 0x0, length = 0x9fc00, available RAM"; what is wrong with it, or NULL */
static const char *parse_row(const char *p, struct layout_range *row)
{
	uint64_t length, number;
	struct log log = { 0 };

	if (!scan_word(&p, "base_addr =") || !text_hex(&p, &row->range.start))
		return "there is no address where one is expected";
	if (!scan_word(&p, ",") || !scan_word(&p, "length =") || !text_hex(&p, &length))
		return "there is no length";
	if (__builtin_add_overflow(row->range.start, length, &row->range.end))
		return "the range ends beyond 64 bits";
	if (!scan_word(&p, ","))
		return "there is no type of memory";
	p += strspn(p, " ");
	row->type = LAYOUT_OTHER;
	row->words = (char *)p;
	if (scan_word(&p, "type =")) {
		if (log_scan_hex(&log, &p, &number) != LOG_USED)
			return "there is no type of memory";
		for (size_t i = 0; i < ARRAY_LEN(types); i++)
			if (types[i].number == number)
				row->type = types[i].type;
	} else {
		for (size_t i = 0; i < ARRAY_LEN(types); i++)
			if (!strcmp(types[i].words, p))
				row->type = types[i].type;
	}
	return *row->words ? NULL : "there is no type of memory";
}

static bool is_row(const char *row)
{
	return !strncmp(row, "base_addr = 0x", 14);
}

static bool lsmmap_sniff(const char *text, size_t len)
{
	return text_is(text, len, is_row);
}

static int lsmmap_read(struct layout *l, const char *text, size_t len, struct error *err)
{
	struct text t = { .p = text, .end = text + len };
	const char *line;

	while ((line = text_next(&t)) != NULL) {
		struct layout_range row = { .pos.line = t.line };
		const char *why;
		int ret;

		if (!is_row(line))
			continue;
		why = parse_row(line, &row);
		ret = why ? 0 : layout_add_range(l, row);
		if (ret)
			why = ret == -ENOSPC ? "there are too many of these" : "the range is empty";
		if (why)
			text_bad(l, t.line, why);
		else
			l->lines_used++;
	}
	l->lines = t.line;
	if (layout_has_ram(l))
		return 0;
	return error_set(
		err, EINVAL,
		"%s: there is no row of available RAM in it, as lsmmap of GRUB prints them",
		l->name);
}

const struct layout_reader layout_lsmmap = {
	.name = "lsmmap",
	.title = "GRUB's lsmmap",
	.marks = "with rows such as \"base_addr = 0x0, length = 0x9fc00, available RAM\"",
	.sniff = lsmmap_sniff,
	.read = lsmmap_read,
};
