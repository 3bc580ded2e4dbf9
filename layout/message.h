/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LAYOUT_MESSAGE_H
#define LAYOUT_MESSAGE_H

#include <stddef.h>

/*
 * The messages in a line of a kernel's log, for those who read others than layouts are made of:
 * without what mail, syslog, journals, terminals and the kernel itself put before them or among
 * their characters. Lines run into each other on consoles, so there can be several in one.
 */

/* Longer lines are cut. */
#define LAYOUT_MESSAGE_MAX 8192

struct layout_messages {
	char buf[LAYOUT_MESSAGE_MAX];
	char *next; /* where the next message begins, or NULL */
	char first; /* its first character, which is away while the one before is read */
};

/* The first message of a line of @len bytes; valid until the next call. */
char *layout_message_first(struct layout_messages *m, const char *line, size_t len);
/* The one behind it, or NULL. */
char *layout_message_next(struct layout_messages *m);

#endif
