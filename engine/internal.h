/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ENGINE_INTERNAL_H
#define ENGINE_INTERNAL_H

#include <stdio.h>

#include "engine/engine.h"

/* tree.c: where a kernel's files are */
struct tree {
	char *name;    /* as engine_info.kernel */
	char *root;    /* directory that the files are under */
	char *version; /* "6.12.94" or "unknown" */
};

int tree_find(const char *which, bool quiet, struct tree *tree, struct error *err);
void tree_release(struct tree *tree);
/* A file of the tree, or NULL without an error if it is not there. Freed by the caller. */
char *tree_read(const struct tree *tree, const char *path);

/* Where a tree has its own simulator of memblock. */
#define UPSTREAM_DIR "tools/testing/memblock"

/* unpack.c: the needed files of a tarball or a git revision, in the cache */
int unpack_tarball(const char *tarball, bool quiet, char **root, struct error *err);
int unpack_revision(const char *dir, const char *rev, char **root, struct error *err);

/* cache.c */
/* The directory @sub of the cache, made. Freed by the caller; NULL and @err on failure. */
char *cache_dir(const char *sub, struct error *err);
/* A new directory of its own in the cache, on the same file system. Likewise. */
char *cache_temporary(struct error *err);
/* The same below @base. */
char *cache_temporary_in(const char *base, struct error *err);
/*
 * Removes the half of what is in @dir that was not used for longest, once there is more than
 * CACHE_MAX: mutation tests and bisections make engines by the hundred.
 */
void cache_prune(const char *dir);
#define CACHE_MAX 1000
/* Directory with kernel/ (and suite/) in it: beside the program, or installed. */
const char *data_dir(struct error *err);

/* SHA-256 over several pieces; each is told apart from its neighbours. */
struct hash;
struct hash *hash_new(void);
void hash_add(struct hash *h, const char *what, const void *data, size_t len);
void hash_add_text(struct hash *h, const char *text);
/* Hexadecimal, 64 digits; frees @h. The caller frees the result. */
char *hash_finish(struct hash *h);
/* Of the sole bytes, as sha256sum prints it. */
char *hash_plain(const void *data, size_t len);

/* config.c: the text of generated/autoconf.h; NULL and @err if the configuration is not to be had */
char *config_header(const char *name, const char **changes, size_t nr_changes, struct error *err);

/* proto.c: what memblock.h declares, out of its preprocessed text */
struct proto {
	char *name, *prototype;
	char *result;		      /* type, as C */
	char *arg_types[RT_MAX_ARGS]; /* likewise, without the name */
	char *arg_names[RT_MAX_ARGS];
	int nr_args; /* -1: takes more, or something that cannot be understood */
	bool is_inline, is_macro;
	bool is_hidden; /* not declared in memblock.h */
};

struct protos {
	struct proto *v;
	size_t nr, room;
	char **flags; /* enumerators of enum memblock_flags */
	size_t nr_flags, room_flags;
};

void protos_parse(struct protos *p, const char *preprocessed);
/* Function-like macros of the header's own text whose name is of a memblock function. */
void protos_parse_macros(struct protos *p, const char *header);
void protos_release(struct protos *p);
/* The table of calls, in C. */
void protos_emit(const struct protos *p, FILE *out);
/*
 * For tests: RT_HAVE_x for each function, flag and iterator x that is declared, as the number
 * of its arguments. @header: the text of memblock.h.
 */
void protos_emit_have(const struct protos *p, const char *header, FILE *out);

/* standin.c: what is missing, stood in for */
struct standins {
	struct standin {
		char *name, *declaration;
		bool value;    /* unknown: evaluating it ends the run */
		int structure; /* which of the stand-ins' structures it is a member of; -1: none */
	} * v;
	size_t nr, room;
	bool constants; /* unknown values must be constants, and so cannot end the run */
	FILE *notes;	/* a sentence a line */
	char *notes_text;
	size_t notes_len;
	char **headers; /* already taken */
	size_t nr_headers, room_headers;
	const char *dir; /* where headers are written; NULL: nowhere, only the hash is wanted */
	const struct tree *tree;
};

void standins_init(struct standins *s, const char *dir, const struct tree *tree);
void standins_release(struct standins *s);
bool standins_has_header(const struct standins *s, const char *name);
void standins_add_header(struct standins *s, const char *name);
/* The texts of include/generated/standins.h and members.h. Freed by the caller. */
char *standins_text(const struct standins *s);
char *standins_members_text(const struct standins *s);
/* Learns from a compiler's messages: how many things it stood in for. */
int standins_learn(struct standins *s, const char *messages);
void standins_note(struct standins *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * include.c: the headers that @source needs and that are not stand-ins (in @standin_dir): written
 * to include/ below s->dir, if there is one, and added to @h. @use_tree: the tree's headers
 * are used for what has no stand-in; else empty ones.
 */
int include_collect(struct standins *s, const char *source, const char *standin_dir, struct hash *h,
		    bool use_tree, struct error *err);

/* probe.c: what differs between kernels and shows in their text, as generated/probes.h */
char *probe_header(const char *memblock_c, const char *memblock_h, const char *nobootmem_c,
		   bool has_bootmem);

/* compile.c: the compiler */
struct compiler {
	const char *argv[64]; /* without file names; NULL-terminated */
	size_t argc;
	char *words; /* $CC, cut into argv */
	char *id;    /* what tells it from others: path, size, date */
	char *strings[16];
	size_t nr_strings;
};

int compiler_init(struct compiler *c, struct error *err);
void compiler_release(struct compiler *c);
/* The words of the command alone, as $CC has them, without options of ours: how many. */
size_t compiler_words(const struct compiler *c, const char *argv[80]);
/* Adds an option; formatted ones are kept by @c. */
void compiler_add(struct compiler *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Fills @argv with the command that compiles, with @option such as "-c", @from into @to. */
void compiler_command(const struct compiler *c, const char *argv[80], const char *option,
		      const char *from, const char *to);

/* symbols.c: an ELF file's symbols */
struct symbol {
	uintptr_t start; /* offset from where the object is loaded */
	size_t size;
	char *name;
	bool function;
};

struct symbols {
	struct symbol *v; /* sorted by start */
	size_t nr, room;
};

int symbols_read(struct symbols *s, const char *path, struct error *err);
void symbols_release(struct symbols *s);
/* Undefined symbols of several objects that none of them defines; NULL-terminated, to be freed. */
char **symbols_undefined(const char *const *objects, size_t nr, struct error *err);

/* memory.c: the window of physical memory */
struct memory;
struct memory *memory_new(struct error *err);
void memory_free(struct memory *m);
void memory_reset(struct memory *m);
void memory_add_ram(struct memory *m, struct range range);
void memory_fill(struct memory *m, uint64_t pa, uint64_t size, unsigned char byte);
uintptr_t memory_window(const struct memory *m);
uintptr_t memory_vmemmap(const struct memory *m);
/* A fault at @address: true if it was RAM that is touched for the first time and is there now. */
bool memory_fault(struct memory *m, uintptr_t address);
/* The physical address behind @address, if it is in the window. */
bool memory_physical(const struct memory *m, uintptr_t address, uint64_t *pa);
#define MEMORY_MAX (1ULL << 46)	      /* 64 TiB */
#define MEMORY_SLAB_SIZE (1ULL << 30) /* behind it: for kmalloc() */

/* guard.c: one guarded exit from kernel code */
void guard_install(void);
enum engine_end guard_run(struct engine *e, void (*fn)(void *arg), void *arg,
			  unsigned int timeout_ms, struct engine_exit *exit);
void guard_leave(enum engine_end end, const char *text) __attribute__((noreturn));

struct engine {
	struct engine_info info;
	void *handle;
	const struct rt_engine *ops;
	uintptr_t base; /* where it is loaded */
	struct symbols symbols;
	struct memory *memory;
	struct engine_listener listener;
	struct engine_tracer tracer;
	const char *caller; /* of the call that is being made */

	struct area {
		void *start;
		size_t size;
		void *pristine;
	} areas[4]; /* its writable data */
	size_t nr_areas;
};

/* The engine that is inside engine_run(), or NULL. */
extern struct engine *engine_running;

#endif
