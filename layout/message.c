// SPDX-License-Identifier: GPL-2.0-or-later
/* Messages of a kernel's log, cleaned as the reader of layouts cleans them, for other readers. */
#include "layout/message.h"
#include "layout/internal.h"

_Static_assert(LAYOUT_MESSAGE_MAX == LOG_LINE_MAX, "the buffers are the same");

static char *take(struct layout_messages *m, char *text)
{
	m->next = log_next_message(text);
	if (m->next) {
		m->first = *m->next;
		*m->next = '\0';
	}
	return log_message(text);
}

char *layout_message_first(struct layout_messages *m, const char *line, size_t len)
{
	return take(m, log_clean(m->buf, line, len));
}

char *layout_message_next(struct layout_messages *m)
{
	if (!m->next)
		return NULL;
	*m->next = m->first;
	return take(m, m->next);
}
