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
	char *tests_key;	       /* of the tests; NULL: it has none */
	struct upstream *upstream; /* tests of a kernel's own simulator; NULL: those of suite/ */
	char *key;		   /* of the engine */
	char *notes_path;
	const char *dir; /* where it is put, and made; NULL: in the cache */
	bool coverage;	 /* counts what is run of the kernel's files */
};

/* The making of it, in a directory of its own. */
#define MAKE_MAX_OBJECTS 20
struct make {
	struct build *b;
	const char *dir;
	struct standins standins;
	char *messages; /* of the compiler */
	char *objects[MAKE_MAX_OBJECTS];
	size_t nr_objects;
	int rounds; /* of learning, at most */
};

/* make.c: compiles @nr files, as many at the same time as there are processors. */
int make_compile(struct make *m, const struct compiler *cc, char *const *from, char *const *to,
		 size_t nr, struct error *err);
/* Makes one object of several. */
int make_join(struct make *m, const struct compiler *cc, char *const *objects, size_t nr,
	      const char *to, struct error *err);
/* build.c: names of the files in a directory, sorted; an empty list if there is none. */
char **build_list_dir(const char *path);
/* Adds the files in directories below @data whose names end in ".c" or ".h". */
void build_hash_dirs(struct hash *h, const char *data, const char *const *dirs, size_t nr);

/*
 * tests.c: what the tests are made of, added to @h; and the tests as one object, from the cache or
 * made and put there. @base: where generated/have.h is.
 */
void tests_hash(struct hash *h, const char *data);
int make_tests(struct make *m, const struct compiler *cc, const char *base, struct error *err);

/*
 * gcov.c: engines that count what is run. -ENOTSUP and @err if the compiler cannot make them; what
 * makes it count; the objects that go into such an engine, too; and what is kept beside it of each
 * of the kernel's files, @name: what gcov knows the counters by.
 */
int gcov_check(const struct compiler *cc, struct error *err);
void gcov_options(struct compiler *cc);
int gcov_make(struct make *m, const struct compiler *cc, struct error *err);
int gcov_keep_notes(const struct make *m, struct error *err);
bool gcov_has_notes(const struct engine_info *info);
/* libgcov, to be linked with. Freed by the caller; NULL if it is not there. */
char *gcov_library(const struct compiler *cc);

/* The tests of a kernel's own simulator, as they are read: upstream-scan.c. */
struct upstream {
	char *dir, *main; /* where they are; the text of main.c */
	bool foreign;	  /* they are of another tree than memblock */
	struct upstream_file {
		char *name;  /* "basic_api.c" */
		char *text;  /* all of it */
		char *code;  /* without comments and strings */
		char *error; /* of the compiler, on one line; NULL: it could be compiled */
		bool is_header;
		bool api; /* @error is about what memblock has or has not */
	} * files;
	size_t nr_files, room_files;
	struct upstream_function {
		char *name, *body;
		size_t file;
		bool is_static;
		bool is_test;  /* int name(void) */
		bool is_group; /* it calls tests, and is none */
		bool is_stale; /* it reads regions before it sets them up */
	} * functions;
	size_t nr_functions, room_functions;
	size_t *top; /* what main() calls: indices of functions */
	size_t nr_top, room_top;
};

/* -ENOENT and @err if the tree has none. The caller releases @u in any case. */
int upstream_read(struct upstream *u, const struct tree *tree, struct error *err);
void upstream_release(struct upstream *u);
const struct upstream_function *upstream_find(const struct upstream *u, const char *name,
					      size_t len);
/* upstream.c: as tests_hash() and make_tests(). */
void upstream_hash(struct hash *h, const struct upstream *u, const char *data);
int make_upstream(struct make *m, const struct compiler *cc, struct error *err);

/* Compiles and links b->info->path, and writes the notes beside it. */
int build_make(struct build *b, struct error *err);

/* notes.c: what is to be told of an engine, kept beside it. 0 or -errno. */
int notes_write(const struct engine_info *info, const char *engine, const char *path,
		struct error *err);
/* -ENOENT also if info->path is not the engine that the notes are of. */
int notes_read(struct engine_info *info, const char *path);
char *notes_summary(const char *path);

#endif
