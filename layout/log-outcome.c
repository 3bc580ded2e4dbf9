// SPDX-License-Identifier: GPL-2.0-or-later
/* What a kernel chose by itself: the place for a crash kernel, and for CMA. */
#include <ctype.h>
#include <string.h>

#include "layout/internal.h"

/* Adds @start up to @end, which came out of the log and need not make sense. */
static enum log_verdict reserve(struct log *log, uint64_t start, uint64_t end,
				enum layout_kind kind, const char *name)
{
	if (end <= start)
		return log_bad(log, "the range ends before it starts");
	return log_reserve(log, (struct range){ start, end }, kind, name);
}

/* "256MB", "64 MiB", "16384 KiB"; K, M, G */
static bool scan_size(const char **p, uint64_t *bytes)
{
	static const char units[] = "KMG";
	const char *q = *p, *unit;

	if (!scan_number(&q, bytes))
		return false;
	q += strspn(q, " ");
	unit = *q ? strchr(units, toupper((unsigned char)*q)) : NULL;
	if (!unit)
		return false;
	q++;
	q += *q == 'i';
	q += *q == 'B';
	*p = q;
	return !__builtin_mul_overflow(*bytes, 1024ULL << 10 * (unit - units), bytes);
}

/* "0x0000000073000000 - 0x0000000083000000 (256 MB)": since 5.14 or so, by architecture */
static enum log_verdict crash_range(struct log *log, const char *p)
{
	uint64_t start, end;
	enum log_verdict v = log_scan_hex(log, &p, &start);

	if (v == LOG_USED && !scan_word(&p, "-")) {
		log->why = "there is no second address";
		return *p ? LOG_BAD : LOG_MORE;
	}
	if (v == LOG_USED)
		v = log_scan_hex(log, &p, &end);
	if (v != LOG_USED)
		return v;
	return reserve(log, start, end, LAYOUT_CRASH, log->which ? "crash, low memory" : "crash");
}

/* "Reserving 256MB of [low ]memory at 608MB for crashkernel (System RAM: 4095MB)" */
static enum log_verdict crash_megabytes(struct log *log, const char *p)
{
	uint64_t size, start, end;
	bool low;

	if (!scan_size(&p, &size) || !scan_word(&p, "of"))
		return LOG_SKIP;
	low = scan_word(&p, "low");
	if (!scan_word(&p, "memory at") || !scan_size(&p, &start))
		return LOG_SKIP;
	if (!strstr(p, "crashkernel"))
		return LOG_SKIP;
	if (__builtin_add_overflow(start, size, &end))
		return log_bad(log, "an address does not fit 64 bits");
	return reserve(log, start, end, LAYOUT_CRASH, low ? "crash, low memory" : "crash");
}

/* "64 MiB at 0x000000080a000000", "16 MiB at 2f800000", and "... on node 0" */
static enum log_verdict cma(struct log *log, const char *p)
{
	uint64_t size, start, end;
	enum log_verdict v;

	if (!scan_size(&p, &size) || !scan_word(&p, "at"))
		return LOG_SKIP;
	v = log_scan_hex(log, &p, &start);
	if (v != LOG_USED)
		return v;
	if (__builtin_add_overflow(start, size, &end))
		return log_bad(log, "an address does not fit 64 bits");
	return reserve(log, start, end, LAYOUT_CMA, "cma");
}

const struct log_key log_outcome_keys[] = {
	{ "crashkernel reserved:", crash_range, 0, false },
	{ "crashkernel: reserved", crash_range, 0, false },
	{ "crashkernel low memory reserved:", crash_range, 1, false },
	{ "Reserving ", crash_megabytes, 0, false },
	{ "setup: Reserving ", crash_megabytes, 0, false },
	{ "kexec: Reserving ", crash_megabytes, 0, false },
	{ "cma: Reserved", cma, 0, false },
	{ "cma: CMA: reserved", cma, 0, false },
	{ "CMA: reserved", cma, 0, false },
	{ 0 },
};
