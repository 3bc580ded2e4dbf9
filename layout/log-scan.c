// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads the numbers, ranges and types of memory in a kernel's messages. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "layout/internal.h"
#include "lib/array.h"

enum log_verdict log_bad(struct log *log, const char *why)
{
	log->why = why;
	return LOG_BAD;
}

/* The text is over, so the fault may be the line's end and not the text's. */
static enum log_verdict bad_or_more(struct log *log, const char *p, const char *why)
{
	log->why = why;
	return *p ? LOG_BAD : LOG_MORE;
}

static const char *skip_blanks(const char *p)
{
	return p + strspn(p, " ");
}

enum log_verdict log_scan_hex(struct log *log, const char **p, uint64_t *value)
{
	const char *q = *p;
	uint64_t v;

	if (!scan_hex(&q, &v)) {
		q = skip_blanks(q);
		if (q[0] == '0' && (q[1] == 'x' || q[1] == 'X'))
			q += 2;
		return isxdigit((unsigned char)*q)
			       ? log_bad(log, "an address does not fit 64 bits")
			       : bad_or_more(log, q, "there is no address where one is expected");
	}
	if (log->cut && !*q)
		return bad_or_more(log, q, "an address may be cut off");
	*p = q;
	*value = v;
	return LOG_USED;
}

static enum log_verdict scan_dash(struct log *log, const char **p)
{
	if (scan_word(p, "-"))
		return LOG_USED;
	return bad_or_more(log, skip_blanks(*p), "there is no second address");
}

static enum log_verdict set_range(struct log *log, struct range *range, uint64_t start,
				  uint64_t end)
{
	if (end < start)
		return log_bad(log, "the range ends before it starts");
	if (end == start)
		return log_bad(log, "the range is empty");
	*range = (struct range){ start, end };
	return LOG_USED;
}

enum log_verdict log_scan_range(struct log *log, const char **p, struct range *range)
{
	const char *q = *p;
	bool inclusive = scan_word(&q, "[");
	uint64_t first, second;
	enum log_verdict v;

	if (inclusive)
		scan_word(&q, "mem");
	v = log_scan_hex(log, &q, &first);
	if (v == LOG_USED)
		v = scan_dash(log, &q);
	if (v == LOG_USED)
		v = log_scan_hex(log, &q, &second);
	if (v != LOG_USED)
		return v;
	if (!inclusive || scan_word(&q, ")")) {
		*p = q;
		return set_range(log, range, first, second);
	}
	if (!scan_word(&q, "]"))
		return bad_or_more(log, skip_blanks(q), "the range is not closed");
	*p = q;
	/* the last byte of all is not in any range, see lib/range.h */
	return set_range(log, range, first, second == UINT64_MAX ? second : second + 1);
}

enum log_verdict log_scan_size_at(struct log *log, const char **p, struct range *range)
{
	uint64_t size, start, end;
	const char *q = *p;
	enum log_verdict v = log_scan_hex(log, &q, &size);

	if (v == LOG_USED && !scan_word(&q, "@"))
		v = bad_or_more(log, skip_blanks(q), "there is no address behind the size");
	if (v == LOG_USED)
		v = log_scan_hex(log, &q, &start);
	if (v != LOG_USED)
		return v;
	if (__builtin_add_overflow(start, size, &end))
		return log_bad(log, "an address does not fit 64 bits");
	*p = q;
	return set_range(log, range, start, end);
}

static const struct {
	const char *words;
	enum layout_type type;
} known_types[] = {
	{ "usable", LAYOUT_RAM },
	{ "usable after init", LAYOUT_RAM },
	{ "System RAM", LAYOUT_RAM },
	{ "kernel usable RAM", LAYOUT_RAM },
	{ "reserved", LAYOUT_RESERVED },
	{ "device reserved", LAYOUT_RESERVED },
	{ "ACPI data", LAYOUT_ACPI },
	{ "ACPI NVS", LAYOUT_NVS },
	{ "unusable", LAYOUT_UNUSABLE },
	{ "soft reserved", LAYOUT_SOFT_RESERVED },
	{ "application reserved", LAYOUT_SOFT_RESERVED },
	{ "persistent (type 7)", LAYOUT_PMEM },
	{ "persistent (type 12)", LAYOUT_PMEM },
	{ "persistent RAM (type 7)", LAYOUT_PMEM },
	{ "persistent RAM (type 12)", LAYOUT_PMEM },
	{ "type 7", LAYOUT_PMEM },
	{ "type 12", LAYOUT_PMEM },
	{ "type 4026531839", LAYOUT_SOFT_RESERVED }, /* 0xefffffff */
};

/* Known words end the text, or are set off from what somebody has written behind them. */
static bool words_end(const char *p)
{
	if (isalnum((unsigned char)*p) || *p == '_' || *p == '-')
		return false;
	return *p != ' ' || !isalnum((unsigned char)p[1]);
}

/* The length of the words of a known type at @p, or 0; -1 if they seem to be cut off. */
static int find_known(const char *p, size_t len, enum layout_type *type)
{
	bool cut = false;

	for (size_t i = 0; i < ARRAY_LEN(known_types); i++) {
		const char *words = known_types[i].words;
		size_t n = strlen(words);

		if (n <= len && !strncmp(p, words, n) && words_end(p + n)) {
			*type = known_types[i].type;
			return n;
		}
		cut |= len < n && !strncmp(p, words, len);
	}
	return cut && !p[len] ? -1 : 0;
}

/* Words of a type that is not in the table: short, and not the beginning of another message. */
static enum log_verdict check_unknown(struct log *log, const char *p, size_t len)
{
	if (log->joined || len >= LOG_TYPE_MAX || !isalpha((unsigned char)*p) ||
	    memchr(p, '[', len) || memchr(p, ':', len) || memchr(p, '=', len))
		return log_bad(log, "there is no type of memory where one is expected");
	return LOG_USED;
}

enum log_verdict log_scan_type(struct log *log, const char **p, enum layout_type *type,
			       char words[LOG_TYPE_MAX])
{
	const char *q = skip_blanks(*p), *end = NULL;
	bool brackets = *q == '(';
	int known;
	size_t len;

	q += brackets;
	end = strstr(q, brackets ? ")" : " ==>");
	if (brackets && !end)
		return bad_or_more(log, "", "the type of memory is cut off");
	len = end ? (size_t)(end - q) : strlen(q);
	if (!len)
		return bad_or_more(log, q, "there is no type of memory");
	known = find_known(q, len, type);
	if (known < 0)
		return bad_or_more(log, "", "the type of memory is cut off");
	if (known) {
		len = known;
	} else {
		*type = LAYOUT_OTHER;
		if (check_unknown(log, q, len) != LOG_USED)
			return LOG_BAD;
	}
	snprintf(words, LOG_TYPE_MAX, "%.*s", (int)len, q);
	*p = brackets ? end + 1 : q + len;
	return LOG_USED;
}
