/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LIB_FILEMAP_H
#define LIB_FILEMAP_H

#include <stddef.h>

#include "lib/error.h"

/*
 * A whole file as text in memory that does not grow with it: the system brings pages when
 * they are read, and takes those back that filemap_forget() names. For files that can be
 * large and are read once, from their beginning to their end; others are for file_read().
 */
struct filemap {
	const char *text; /* read-only, with a NUL behind its @len bytes */
	size_t len;

	/* its own affairs */
	size_t room;
	struct filemap *next;
};

/*
 * Maps @path ("-": standard input). What cannot be mapped (a pipe, a file of /proc), and what
 * comes out of a compressed file (see file_read()), is copied to an unlinked temporary file
 * first. Returns 0, or -errno and @err.
 */
int filemap_open(struct filemap *map, const char *path, struct error *err);

void filemap_close(struct filemap *map);

/*
 * The @len bytes at @text were read and will not be needed soon. If they are of a map that is
 * open, its memory can be used otherwise; what is in the file is there as before.
 */
void filemap_forget(const char *text, size_t len);

#endif
