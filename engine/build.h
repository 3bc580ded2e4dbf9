/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ENGINE_BUILD_H
#define ENGINE_BUILD_H

#include "engine/internal.h"

/* An engine that is being made: build.c says what of, make.c makes it. */
struct build {
	struct engine_info *info;
	struct tree tree;
	struct compiler cc;
	const char *data; /* data_dir() */
	char *include;	  /* the stand-ins */
	char *autoconf, *probes;
	char *memblock_c, *memblock_h;
	char *bootmem_h, *nobootmem_c; /* NULL where a kernel has none */
	char *base_key;		       /* of the run-time and the table of calls */
	char *key;		       /* of the engine */
	char *notes_path;
};

/* Compiles and links b->info->path, and writes the notes beside it. */
int build_make(struct build *b, struct error *err);

/* notes.c: what is to be told of an engine, kept beside it. 0 or -errno. */
int notes_write(const struct engine_info *info, const char *engine, const char *path,
		struct error *err);
/* -ENOENT also if info->path is not the engine that the notes are of. */
int notes_read(struct engine_info *info, const char *path);
char *notes_summary(const char *path);

#endif
