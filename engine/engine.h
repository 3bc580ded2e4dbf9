/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/abi.h"
#include "lib/error.h"
#include "lib/range.h"

/*
 * An engine is the memblock.c of a kernel, unedited, compiled with the stand-ins of kernel/ for one
 * configuration, and loaded. One thread, and one engine open at a time: two windows of 64 TiB do not
 * fit into the address space, so who compares kernels runs them one after the other, or in
 * processes of their own. Addresses are physical, in bytes, unless a name says pfn.
 */

/* Which engine: what -k, --memblock, --config, -D and -U say. */
struct engine_request {
	const char *kernel; /* a tree, a tarball, DIR@REV or a version; NULL: the newest installed */
	const char *memblock; /* memblock.c from elsewhere, or NULL */
	const char *config;   /* a name in kernel/config, or NULL: x86_64 */
	const char **changes; /* "CONFIG_X", "CONFIG_X=V", or "!CONFIG_X" to undefine */
	size_t nr_changes;
	bool quiet;    /* no word on stderr about what takes long */
	bool tests;    /* with the tests of suite/ in it */
	bool coverage; /* counts what is run of the kernel's files; see engine/coverage.h */
	/*
	 * With the tests of a kernel's own simulator in it, in place of those: "", those of the same
	 * tree; else which tree's, as @kernel. NULL: without.
	 */
	const char *upstream;
	const char
		*dir; /* where the engine is put; NULL: in the cache. On the cache's file system. */
};

/* What an engine is made of, and what had to be done to make it. Strings are never NULL. */
struct engine_info {
	char *kernel;	     /* how it was asked for, made absolute: a path, a version */
	char *version;	     /* "6.12.94", of the tree's Makefile; "unknown" */
	char *memblock;	     /* path of the memblock.c */
	char *memblock_hash; /* SHA-256 of it, hexadecimal */
	char *nobootmem;     /* path of the nobootmem.c that is in it, too; else empty */
	char *upstream;	     /* where the tests of a kernel's own simulator are; empty: not in it */
	char *config;
	char *compiler;
	char *path;	 /* of the shared object */
	char *inert;	 /* stand-ins in use that do nothing, a name a line */
	char *traps;	 /* stand-ins in use that end the run, a name a line */
	char *automatic; /* what was stood in automatically, a sentence a line */
	char *warnings;	 /* what the compiler said */
	bool built;	 /* just now; else it was in the cache */
};

/*
 * Builds the engine, or finds it in the cache. -errno and @err: ENOENT where the kernel or one of
 * its files is not there, ENOEXEC where memblock.c could not be compiled, others as they come.
 * The caller releases @info.
 */
int engine_build(const struct engine_request *req, struct engine_info *info, struct error *err);
void engine_info_release(struct engine_info *info);

/* What there is to choose from: names for -k, newest first; NULL-terminated, with its strings. */
char **engine_list_kernels(void);
char **engine_list_configs(void);
/* Engines in the cache: version, configuration, compiler and memblock.c of each. */
char **engine_list_cached(void);
void engine_list_free(char **list);
/* Where built engines and unpacked sources are kept. Freed by the caller. */
char *engine_cache_dir(void);

/* Path of a file that comes with mbsim, such as "data/pc-2g.layout". Freed by the caller. */
char *engine_data_path(const char *relative, struct error *err);

struct engine;

/* Builds if needed and loads. NULL and @err on failure, as engine_build(). */
struct engine *engine_open(const struct engine_request *req, struct error *err);
void engine_close(struct engine *e);

const struct engine_info *engine_info(const struct engine *e);
/* The kernel's side of the contract; its functions may only be called within engine_run(). */
const struct rt_engine *engine_ops(const struct engine *e);

/*
 * Puts the pristine state back: memblock's variables, the run-time's, physical memory (no
 * RAM). Takes microseconds, and it does not matter how the run before ended.
 */
void engine_reset(struct engine *e);

/* Physical memory: @range becomes RAM, with a poison pattern in it, from the whole pages it covers. */
void engine_add_ram(struct engine *e, struct range range);
/* Largest physical address that can be RAM, exclusive. */
uint64_t engine_max_address(void);
/* Where a physical address is in this process; to be read within engine_run(), RAM only. */
const void *engine_memory(const struct engine *e, uint64_t pa);
/* What fresh RAM is filled with. */
#define ENGINE_POISON 0xa5

enum engine_end {
	ENGINE_RETURNED, /* it ran to its end */
	ENGINE_PANICKED,
	ENGINE_BUGGED,	/* BUG() */
	ENGINE_TRAPPED, /* used something that is stood in for by name only */
	ENGINE_FAULTED, /* touched what is not memory */
	ENGINE_TIMED_OUT,
	ENGINE_STOPPED, /* by engine_stop() */
};

struct engine_exit {
	enum engine_end end;
	char text[1024];    /* one line; empty if it returned */
	char function[128]; /* of the kernel, in which it ended; may be empty */
	uint64_t address;   /* ENGINE_FAULTED: the physical address, if it is one */
	bool physical;	    /* ENGINE_FAULTED: @address is one */
};

/*
 * Runs fn(arg), which may call into the engine, until it returns, or kernel code panics,
 * faults, or takes longer than @timeout_ms (0: no limit). In all cases but the first the engine's
 * state is what it was at that moment, for looking at, until engine_reset(). @fn must not
 * own anything (memory, files) while it calls into the engine: it may not return from there.
 */
enum engine_end engine_run(struct engine *e, void (*fn)(void *arg), void *arg,
			   unsigned int timeout_ms, struct engine_exit *exit);
/* From within engine_run(): ends it. */
void engine_stop(struct engine *e, const char *text) __attribute__((noreturn));

/* Listeners; each may be NULL. They are called from kernel code, and keep to what @fn keeps to. */
struct engine_listener {
	void *data;
	void (*log)(void *data, int level, const char *text); /* a line of the kernel's log */
	void (*event)(void *data, enum rt_event event, uint64_t a, uint64_t b, long c);
	/* memset() of physical memory; true: it is not to be done */
	bool (*fill)(void *data, uint64_t pa, uint64_t size, int byte);
	/* of tests; see struct rt_host */
	void (*test_text)(void *data, const char *text, size_t length);
	void (*test_stands)(void *data);
	void (*test_failed)(void *data);
};
void engine_listen(struct engine *e, const struct engine_listener *listener);

/* Value of the flag of regions that the kernel calls MEMBLOCK_@name, in lower case; 0 without it. */
unsigned long engine_find_flag(const struct engine *e, const char *name);
/*
 * Who wants to see all that passes between mbsim and an engine, whoever makes the calls and
 * listens; stays until it is replaced (NULL: by nobody). Each may be NULL. All but the last two
 * are called within engine_run(), and keep to what @fn keeps to.
 */
struct engine_tracer {
	void *data;
	void (*called)(void *data, const struct rt_call *call, const uint64_t *args,
		       const char *caller);
	void (*returned)(void *data, const struct rt_call *call, const uint64_t *args,
			 uint64_t result);
	void (*log)(void *data, int level, const char *text);
	void (*event)(void *data, enum rt_event event, uint64_t a, uint64_t b, long c);
	void (*ended)(void *data, const struct engine_exit *exit); /* engine_run() did, early */
	void (*reset)(void *data);				   /* it will be */
};
void engine_trace(struct engine *e, const struct engine_tracer *tracer);

/*
 * How many regions the array of @type has, whose @state it is. Up to 6.7 an empty array has one without size. In
 * a header, as it is asked after every call when kernels are fuzzed.
 */
static inline uint64_t engine_count_regions(const struct rt_engine *ops, int type,
					    const struct rt_type_state *state)
{
	struct rt_region r;

	if (state->cnt != 1)
		return state->cnt;
	ops->region(type, 0, &r);
	return r.size ? 1 : 0;
}

/* The call of that name, or NULL. */
const struct rt_call *engine_find_call(const struct engine *e, const char *name);
/*
 * Makes a call, within engine_run(). @caller is shown where the kernel's log names who called
 * (%pS); NULL: "mbsim".
 */
uint64_t engine_call(struct engine *e, const struct rt_call *call, const uint64_t *args,
		     const char *caller);

/*
 * Gives one word of a command line to the kernel's handlers, within engine_run(): how many took it, and
 * the last one's result in @ret. A tracer sees it as the call "cmdline" of one string; its
 * result is that of the handler, or ENGINE_NO_PARAM.
 */
int engine_param(struct engine *e, const char *name, const char *value, bool early, int *ret);
#define ENGINE_NO_PARAM ((uint64_t)INT64_MIN)

/* A variable of the engine, also a static one, by its name in C. @size 1, 2, 4 or 8 bytes. */
bool engine_find_variable(const struct engine *e, const char *name, void **address, size_t *size);
bool engine_get_variable(const struct engine *e, const char *name, uint64_t *value);
bool engine_set_variable(struct engine *e, const char *name, uint64_t value);

/* Name and offset of a code address of the engine; false if it is not in there. */
bool engine_symbol(const struct engine *e, uintptr_t address, const char **name, size_t *offset,
		   size_t *size);

#endif
