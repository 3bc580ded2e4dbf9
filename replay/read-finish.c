// SPDX-License-Identifier: GPL-2.0-or-later
/* What no line of a log tells, and all of them together do. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "replay/internal.h"

#define PAGE 4096u

void read_digits(struct replay_log *log, const char *p)
{
	unsigned int n = 0;

	p += strspn(p, " \t[");
	if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X'))
		p += 2;
	while (isxdigit((unsigned char)p[n]))
		n++;
	if (!log->digits_least || n < log->digits_least)
		log->digits_least = n;
	if (n > log->digits_most)
		log->digits_most = n;
}

static bool is_about_reserved(const struct replay_event *e)
{
	return e->kind == REPLAY_RESERVE || e->kind == REPLAY_FREE;
}

/* Up to 3.13 memblock_reserve() and memblock_free() printed ends, all else the last byte. */
static bool is_old(const char *version)
{
	char *end;
	unsigned long major, minor;

	if (!isdigit((unsigned char)*version))
		return false;
	major = strtoul(version, &end, 10);
	minor = *end == '.' ? strtoul(end + 1, NULL, 10) : 0;
	return major < 3 || (major == 3 && minor < 14);
}

/*
 * Most of what is reserved ends at a page's end. Which of the two it is that does, the byte that is
 * printed or the one before it, tells how they are printed; ends within a page tell nothing.
 */
static bool ends_are_exclusive(const struct replay_log *log)
{
	size_t exclusive = 0, inclusive = 0;

	if (*log->version && !is_old(log->version))
		return false;
	for (size_t i = 0; i < log->nr; i++) {
		const struct replay_event *e = &log->v[i];

		if (!is_about_reserved(e))
			continue;
		inclusive += !e->size || e->range.end % PAGE == 0;
		exclusive += e->size && e->range.end % PAGE == 1;
	}
	if (*log->version)
		return exclusive >= inclusive;
	/* of an unknown kernel: a single odd range is an odd range */
	return exclusive > inclusive && exclusive > 1;
}

void read_finish(struct replay_log *log)
{
	log->ends_are_exclusive = ends_are_exclusive(log);
	for (size_t i = 0; log->ends_are_exclusive && i < log->nr; i++) {
		struct replay_event *e = &log->v[i];

		if (!is_about_reserved(e) || !e->size)
			continue;
		e->range.end--;
		e->size--;
	}
}
