// SPDX-License-Identifier: GPL-2.0-or-later
/* What the texts of rows have in common that kernel, loaders and firmware write of memory. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "layout/internal.h"
#include "lib/array.h"

/* So many lines decide what a text is. */
#define SNIFF_LINES 40

const char *text_next(struct text *t)
{
	while (t->p < t->end) {
		const char *stop = memchr(t->p, '\n', t->end - t->p);
		const char *row;

		if (!stop)
			stop = t->end;
		log_clean(t->buf, t->p, stop - t->p);
		row = log_message(t->buf);
		t->p = stop + 1;
		t->line++;
		if (*row)
			return row;
	}
	return NULL;
}

bool text_is(const char *text, size_t len, bool (*is_row)(const char *row))
{
	struct text t = { .p = text, .end = text + len };
	unsigned int rows = 0, others = 0;

	while (rows + others < SNIFF_LINES) {
		const char *row = text_next(&t);

		if (!row || t.line > 4 * SNIFF_LINES)
			break;
		if (is_row(row))
			rows++;
		else
			others++;
	}
	return rows > others;
}

void text_bad(struct layout *l, unsigned int line, const char *why)
{
	l->lines_bad++;
	layout_note(l, line, "not understood: %s", why);
}

bool text_hex(const char **p, uint64_t *value)
{
	struct log log = { 0 };

	return log_scan_hex(&log, p, value) == LOG_USED;
}

const char *text_range(const char **p, struct range *range)
{
	const char *q = *p;
	struct log log = { 0 };
	uint64_t last;

	if (log_scan_hex(&log, &q, &range->start) != LOG_USED)
		return log.why;
	if (*q++ != '-')
		return "there is no second address";
	if (log_scan_hex(&log, &q, &last) != LOG_USED)
		return log.why;
	if (last < range->start)
		return "the range ends before it starts";
	/* the last byte of all is not in any range, see lib/range.h */
	range->end = last == UINT64_MAX ? last : last + 1;
	if (range_is_empty(*range))
		return "the range is empty";
	*p = q;
	return NULL;
}

/* In the order of the kernel's versions; the case of the letters has changed, too. */
static const struct {
	const char *words;
	enum layout_type type;
	bool usual; /* no more is said than by the type */
} types[] = {
	{ "System RAM", LAYOUT_RAM, true },
	{ "Reserved", LAYOUT_RESERVED, true },
	{ "Device Reserved", LAYOUT_RESERVED, false },
	{ "ACPI Tables", LAYOUT_ACPI, true },
	{ "ACPI Non-volatile Storage", LAYOUT_NVS, true },
	{ "Unusable memory", LAYOUT_UNUSABLE, true },
	{ "Persistent Memory", LAYOUT_PMEM, true },
	{ "Persistent Memory (legacy)", LAYOUT_PMEM, false },
	{ "Persistent RAM", LAYOUT_PMEM, false },
	{ "Persistent RAM (legacy)", LAYOUT_PMEM, false },
	{ "Soft Reserved", LAYOUT_SOFT_RESERVED, true },
	{ "Application Reserved", LAYOUT_SOFT_RESERVED, false },
	{ "Unknown E820 type", LAYOUT_OTHER, false },
};

int resource_type(const char *words, const char **own)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		if (strcasecmp(types[i].words, words))
			continue;
		*own = types[i].usual ? NULL : words;
		return types[i].type;
	}
	return -1;
}
