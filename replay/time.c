// SPDX-License-Identifier: GPL-2.0-or-later
/* When a log has its lines: the kernel's own stamps, "[   12.345678]". */
#include <string.h>

#include "lib/array.h"
#include "replay/replay.h"

/* Of the first stamp of a line, in microseconds; UINT64_MAX: it has none. */
static uint64_t stamp_of(const char *line, const char *end)
{
	for (const char *p = line; (p = memchr(p, '[', (size_t)(end - p))); p++) {
		uint64_t seconds = 0, fraction = 0;
		const char *s = p + 1;
		int digits = 0;

		while (s < end && *s == ' ')
			s++;
		/* more digits than a machine runs are no seconds */
		for (; s < end && *s >= '0' && *s <= '9' && seconds < 1000000000; s++, digits++)
			seconds = seconds * 10 + (uint64_t)(*s - '0');
		if (!digits || s == end || *s++ != '.')
			continue;
		for (digits = 0; s < end && *s >= '0' && *s <= '9' && digits < 6; s++, digits++)
			fraction = fraction * 10 + (uint64_t)(*s - '0');
		if (digits == 6)
			return seconds * 1000000 + fraction;
	}
	return UINT64_MAX;
}

uint64_t *replay_times(const struct replay_log *log, size_t *nr)
{
	const char *end = log->text + log->text_len;
	uint64_t *times = NULL;
	size_t room = 0;

	*nr = 0;
	for (const char *line = log->text; line < end;) {
		const char *next = memchr(line, '\n', (size_t)(end - line));

		next = next ? next : end;
		ARRAY_APPEND(times, *nr, room) = stamp_of(line, next);
		line = next + 1;
	}
	return times;
}
