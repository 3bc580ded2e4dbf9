/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_ABI_H
#define KERNEL_ABI_H

/*
 * The one contract between the simulator and kernel code. An engine (memblock.c of a kernel
 * with the stand-ins, compiled for one configuration) exports one symbol, mbsim_engine, of
 * type struct rt_engine. The simulator fills a struct rt_host and hands it to attach().
 * Everything else that either side knows of the other is in here.
 *
 * Read by both sides, so it has no types but the compiler's. Numbers are 64 bits wide whatever the
 * engine's phys_addr_t is. "pa" is a physical address in bytes.
 */

#define RT_ABI 6

typedef unsigned long long rt_u64;

/* Why kernel code left through rt_host.leave(). */
enum rt_leave {
	RT_PANIC, /* panic() */
	RT_BUG,	  /* BUG(), BUG_ON() */
	RT_TRAP,  /* a function or value that mbsim had to stand in for was used */
	RT_LEFT,  /* a test left itself: an assertion, a skip */
};

/* What kernel code does to the world outside memblock. */
enum rt_event {
	RT_FREE_PAGES,	   /* memblock_free_pages(): a = pfn, b = order */
	RT_FREE_LATE,	   /* __free_pages_core() behind memblock_free_late(): a = pfn, b = order */
	RT_RESERVE_PAGES,  /* struct pages marked reserved: a = first pfn, b = end pfn, c = nid */
	RT_INIT_PAGES,	   /* struct pages initialised: a = first pfn, b = end pfn, c = nid */
	RT_KMEMLEAK_ALLOC, /* a = pa, b = bytes, c = min_count */
	RT_KMEMLEAK_FREE,  /* a = pa, b = bytes */
	RT_KMEMLEAK_IGNORE, /* a = pa */
	RT_ACCEPT_MEMORY,   /* a = pa, b = bytes */
	RT_TOTALRAM,	    /* totalram_pages_add(): c = pages */
	RT_SLAB_ALLOC,	    /* kmalloc(): a = pa, b = bytes, c = nid */
	RT_SLAB_FREE,	    /* kfree(): a = pa, b = bytes */
	RT_KHO_PRESERVE,    /* pages for the next kernel: a = pa, b = bytes */
	RT_KHO_UNPRESERVE,  /* and not for it after all */
	RT_WARN,	    /* WARN(): a = how many there have been */
};

/* As the nid of RT_RESERVE_PAGES: this kernel does not tell it there. */
#define RT_NID_UNTOLD (-2)

/* Behind the memory of kmalloc() lies the run-time's own, bytes. */
#define RT_HEAP_SIZE (64ULL << 20)

/* What the simulator offers to kernel code. Lives as long as the engine. */
struct rt_host {
	unsigned long window;  /* address of physical byte 0: __va(pa) = window + pa */
	unsigned long vmemmap; /* address of the struct page of pfn 0; never accessible */
	rt_u64 slab_pa;	       /* kmalloc() takes its memory from here ... */
	rt_u64 slab_size;      /* ... and this many bytes behind it */

	/* One line of the kernel's log, without its end; @level 0 (EMERG) to 7 (DEBUG). */
	void (*log)(int level, const char *text);
	/* Leaves kernel code for good; @text says why, in one line. */
	void (*leave)(int why, const char *text) __attribute__((noreturn));
	void (*event)(int event, rt_u64 a, rt_u64 b, long c);
	/* memset(__va(pa), byte, size) without touching what need not be touched. */
	void (*fill)(rt_u64 pa, rt_u64 size, int byte);
	/* "name+0x10/0x40" of a code address, as %pS prints it; without offset for %ps. */
	void (*symbol)(unsigned long address, int offset, char *text, unsigned long size);

	/* For tests: physical memory that is RAM from now on. */
	void (*add_ram)(rt_u64 pa, rt_u64 size);
	/* What a test says, in lines that begin with '#'. */
	void (*test_text)(const char *text, unsigned long length);
	/* The situation stands: what comes next is what is tested. */
	void (*test_stands)(void);
	/* An expectation does not hold; test_text() says which. */
	void (*test_failed)(void);
};

/* Kinds of values that calls take and return; all travel as rt_u64. */
enum rt_kind {
	RT_VOID,
	RT_NUMBER, /* unsigned integer */
	RT_INT,	   /* signed; negative ones sign-extended */
	RT_BOOL,
	RT_PHYS,    /* phys_addr_t */
	RT_FLAGS,   /* enum memblock_flags */
	RT_NID,	    /* node id, sign-extended; -1 NUMA_NO_NODE */
	RT_POINTER, /* memory: its physical address; RT_NULL for NULL */
	RT_TYPE,    /* struct memblock_type *: enum rt_type */
	RT_REGION,  /* struct memblock_region *: RT_REGION_AT(type, index) */
	RT_STRING,  /* address of a NUL-terminated string in the simulator */
	RT_OUT,	    /* pointer to a number, read and written: address of an rt_u64 */
};

#define RT_NULL (~0ULL)
#define RT_REGION_AT(type, index) ((rt_u64)(type) << 32 | (index))
#define RT_MAX_ARGS 8

enum rt_type {
	RT_TYPE_NONE, /* NULL */
	RT_MEMORY,
	RT_RESERVED,
	RT_PHYSMEM,
	RT_NR_TYPES,
};

/* A function of memblock.h, with its prototype as this kernel declares it. */
struct rt_call {
	const char *name;
	const char *prototype; /* C, on one line */
	enum rt_kind result;
	int nr_args;
	struct rt_arg {
		const char *name;
		enum rt_kind kind;
	} args[RT_MAX_ARGS];
	/* NULL: this kernel declares it, but has no code for it in this configuration */
	rt_u64 (*run)(const rt_u64 *args);
};

struct rt_region {
	rt_u64 base, size; /* bytes */
	unsigned long flags;
	int nid; /* as memblock has it; 0 without NUMA */
};

struct rt_type_state {
	const char *name;
	rt_u64 cnt, max, total_size;
	rt_u64 regions_pa; /* of the array, if it is in simulated memory; else RT_NULL */
};

struct rt_constant {
	const char *name;
	rt_u64 value;
};

/* A test that is compiled into an engine, or one parameter of it. */
struct rt_test {
	const char *suite, *name; /* name: "situation/parameter" */
	const void *of_suite, *of_case;
	unsigned int parameter; /* counts from 0 */
	unsigned long code;	/* address of the function that is the test */
};

enum rt_test_status {
	RT_TEST_PASSED,
	RT_TEST_FAILED,
	RT_TEST_SKIPPED
};

struct rt_engine {
	int abi; /* RT_ABI */
	int page_shift, phys_bits, max_page_order, nr_node_ids, numa;
	int section_order;     /* pages of a section; 0 without CONFIG_SPARSEMEM */
	int block_order;       /* pages of a block that has one migrate type */
	int deferred_init;     /* CONFIG_DEFERRED_STRUCT_PAGE_INIT */
	int only_memory_valid; /* pfn_valid() is the architecture's: true of memory only */
	int marks_reserved;    /* the hand-over marks struct pages of what is reserved */
	int marks_nomap;       /* and of memory that is not mapped */

	const struct rt_call *calls; /* sorted by name */
	int nr_calls;
	const struct rt_constant *flags; /* enum memblock_flags, without prefix, lower case */
	int nr_flags;
	const struct rt_constant *constants; /* MEMBLOCK_ALLOC_ANYWHERE and the like */
	int nr_constants;

	void (*attach)(const struct rt_host *host);
	/* Ends a pending line of the log; to be called when kernel code has returned. */
	void (*flush)(void);

	/* 0, or -1 if this kernel has no such type. */
	int (*type)(int type, struct rt_type_state *state);
	void (*region)(int type, rt_u64 index, struct rt_region *region);

	/*
	 * Gives one "name=value" to the kernel's early_param() or __setup() handlers: how many
	 * took it; *ret is the last handler's result.
	 */
	int (*param)(const char *name, const char *value, int early, int *ret);
	void (*initcalls)(void);
	/* Renders debugfs file "dir/name"; NULL if there is none. Freed by nobody: valid until reset. */
	const char *(*debugfs)(const char *path);
	/* Name of the nth file in debugfs, or NULL. */
	const char *(*debugfs_name)(int n);

	void (*node_set_online)(int nid, int online);

	/*
	 * Tests; all are NULL in an engine that was built without. test_list() calls found() for
	 * each, whose name is valid during the call. test_run() is called after a reset; then,
	 * however that ended, test_exit() and test_status(), with why it was skipped in @reason.
	 */
	void (*test_list)(void (*found)(void *data, const struct rt_test *test), void *data);
	void (*test_run)(const struct rt_test *test);
	void (*test_exit)(void);
	enum rt_test_status (*test_status)(const char **reason);

	/*
	 * Of an engine that counts what is run, else NULL: gives its counters to @sink as the files
	 * that gcov reads, one for each of the kernel's files. A @name begins a file; pieces follow.
	 */
	void (*coverage)(void (*sink)(void *data, const char *name, const void *piece,
				      unsigned int size),
			 void *data);
};

#endif
