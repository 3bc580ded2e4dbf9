/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LIB_FILE_H
#define LIB_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/error.h"

/*
 * Reads a whole file ("-": standard input) into allocated memory, with a NUL behind its
 * @len bytes. Compressed ones (.xz, .gz, .zst, .bz2, known by their content) come
 * decompressed. Returns NULL and @err on failure; the caller frees.
 */
char *file_read(const char *path, size_t *len, struct error *err);

/* Writes @len bytes to @path, which is there whole or not at all. */
int file_write(const char *path, const void *data, size_t len, struct error *err);

bool file_exists(const char *path);

/* Bytes, or -1 if there is none. */
long long file_size(const char *path);

/* mkdir -p. */
int file_mkdirs(const char *path, struct error *err);

/* Removes @path and everything below it; does not follow links. */
void file_remove_tree(const char *path);

/* The decompressing command for a file that begins with these bytes, or NULL. */
const char *const *file_decompressor(const unsigned char *head, size_t len);

/* asprintf() that cannot fail; the caller frees. */
char *file_path(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
