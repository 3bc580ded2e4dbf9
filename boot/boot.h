/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BOOT_BOOT_H
#define BOOT_BOOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "boot/build.h"
#include "check/check.h"
#include "engine/engine.h"
#include "layout/layout.h"
#include "lib/error.h"
#include "lib/range.h"
#include "mm/mm.h"

/*
 * A boot: what an architecture does with memblock, from the firmware's map to the page
 * allocator. A plan is a table of steps, named as the kernel's functions that they stand for.
 */

struct boot_options {
	const struct layout *layout;
	const char *cmdline;		/* the kernel's command line; NULL: the layout's */
	uint64_t kernel_at;		/* where the kernel is; 0: where the layout has it */
	unsigned int timeout_ms;	/* 0: BOOT_TIMEOUT_MS */
	const struct boot_build *build; /* what is known of the kernel; NULL: nothing */
	/*
	 * Goes no further than to the first step of this name, or BOOT_HANDOVER, and does not make it:
	 * memblock is left as it is then, until the engine is reset. NULL: to the end.
	 */
	const char *until;
};

#define BOOT_HANDOVER "hand-over"

#define BOOT_TIMEOUT_MS 60000

enum boot_use {
	BOOT_FREE, /* goes to the page allocator */
	BOOT_RESERVED,
	BOOT_NOMAP, /* neither */
	BOOT_USES,
};

/* A piece of memory, or of what is reserved outside of it, alike in all its parts. */
struct boot_piece {
	struct range range;
	enum boot_use use;
	bool is_memory; /* in memblock.memory */
	int nid;	/* of the memory; LAYOUT_NO_NODE: none */
	unsigned long flags;
	const char *purpose;  /* what it was reserved for; NULL: nobody knows, or it is free */
	const char *function; /* of the kernel, that reserved it; likewise */
};

/* What an item of the account of memory is. */
enum boot_item_kind {
	BOOT_ITEM_TOTAL,    /* the sum so far */
	BOOT_ITEM_MAP,	    /* on the way from the firmware's map to memblock.memory */
	BOOT_ITEM_NOMAP,    /* memory that is not to be mapped */
	BOOT_ITEM_RESERVED, /* and that is reserved */
	BOOT_ITEM_LOST,	    /* free, but not handed over */
	BOOT_ITEM_LATE,	    /* freed after the hand-over */
	BOOT_ITEM_KINDS,
};

struct boot_item {
	enum boot_item_kind kind;
	const char *what;
	const char *function; /* of the kernel; NULL: several, or none */
	int64_t bytes;	      /* negative where memory becomes less; of a total, the sum */
};

/*
 * A search for room that somebody chose to make in a window: for a crash kernel, for CMA, for what
 * a device tree wants to have somewhere. All addresses are bytes.
 */
struct boot_search {
	const char *function, *purpose; /* of the kernel; what it is for */
	const char *file;		/* of the kernel, that has the function */
	uint64_t size, align;
	struct range window;
	bool exact;	/* it is to be there and nowhere else */
	int nid;	/* on this node; LAYOUT_NO_NODE: on any */
	uint64_t found; /* 0: there is no room */
	/* when it was made: */
	struct range hole; /* the largest piece of the window that is free, from @align on */
	const char *below, *above; /* what bounds that, in words; NULL without a hole */
	struct range taken;	   /* if it is to be there alone: what is in the way first */
	const char *taker;	   /* likewise, in words; NULL: nothing */
	uint64_t next; /* the lowest place at the window or behind it; 0: there is none */
};

/* A step as it went. */
struct boot_step_result {
	const char *function;
	const char *meaning;
	size_t first_call, nr_calls; /* in ->calls */
};

struct boot_result {
	const struct engine_info *kernel; /* the engine's */
	const char *layout_name;	  /* the layout's */
	char *cmdline;			  /* that was used; never NULL */
	unsigned int cpus, page_shift;
	uint64_t block_size;	 /* bytes of a memory block, as sysfs shows them */
	struct boot_build build; /* all facts, with their sources; no notes */

	struct engine_exit exit;
	bool finished;			/* the page allocator has its pages */
	bool stopped;			/* at ->until of the options */
	struct boot_step_result *steps; /* the last one is where it ended, if it did not finish */
	size_t nr_steps, room_steps;
	struct check_call *calls;
	size_t nr_calls, room_calls;
	const char *last_call; /* name of the call it ended in */
	struct boot_search *searches;
	size_t nr_searches, room_searches;
	struct range crash, crash_low; /* for a crash kernel; empty: none */
	struct range image, initrd;    /* the kernel's, and the other as it was loaded; or empty */

	/* the map when memblock handed over, or at the end */
	struct boot_piece *map;
	size_t nr_map, room_map;
	struct mm *mm; /* settled */
	struct check_sums sums;
	struct boot_item *account; /* begins and ends with a total */
	size_t nr_account, room_account;
	const char *memory_line; /* "Memory: ...", as the kernel prints it; NULL: not so far */
	struct check_findings findings;

	struct boot_line {
		int level;
		char *text;
	} * log; /* of the kernel */
	size_t nr_log, room_log;
	size_t first_zone_line, end_zone_line; /* in ->log: "Zone ranges:" to the last node range */

	char **notes; /* what was not taken as it stands, a sentence each */
	size_t nr_notes, room_notes;
	char **unmet; /* what the command line or the layout asks for and the kernel does not do; likewise */
	size_t nr_unmet, room_unmet;
	char **strings; /* that the above points into */
	size_t nr_strings, room_strings;

	uint64_t boot_ns;  /* the boot itself */
	uint64_t check_ns; /* and the checks on the pages */
};

/*
 * Boots the layout's machine on @e, which is reset first, and checks what came of it. Returns 0
 * if there is a result, whatever it is; -EINVAL and @err if the layout or the command line cannot
 * be used, -ENOSYS if the kernel has not what a boot needs. The caller releases @r; engine and layout must live as long.
 */
int boot_run(struct engine *e, const struct boot_options *o, struct boot_result *r,
	     struct error *err);
void boot_result_release(struct boot_result *r);

/*
 * The name of the configuration that engines for the layout's architecture and page size are
 * built with, or NULL if there is none of that kind.
 */
const char *boot_config_for(const struct layout *l);

/*
 * The end of a boot alone, on a memblock that somebody else has filled, such as a replay: what a
 * log's kernel, its command line and its machine make of memory. NULL and @err if mbsim does not know that kind of
 * machine, or the engine is of another; then there is no result. Else the caller frees both, the result last, and gives
 * ->mm of @r the engine's events, with mm_event().
 */
struct boot;
struct boot *boot_late_new(struct engine *e, const struct boot_options *o, struct boot_result *r,
			   struct error *err);
void boot_late_free(struct boot *b);
/* False: mbsim has no rules for this architecture; mm_set_zone_end() on ->mm must tell. */
bool boot_late_knows_zones(const struct boot *b);
/* Whether the kernel leaves struct pages for later; as the engine's does, if nobody says. */
void boot_late_set_deferred(struct boot *b, bool deferred);
/* A call that was made, for the checks to name. Its strings must live as long as the result. */
void boot_late_note_call(struct boot *b, struct check_call call);
/* These within engine_run() only, in this order: */
void boot_late_find_zones(struct boot *b); /* free_area_init() */
void boot_late_hand_over(struct boot *b);  /* memblock_free_all() */
void boot_late_init_deferred(struct boot *b);
/* Settles ->mm, and makes the checks for after the hand-over. */
void boot_late_finish(struct boot *b);

/* It finished, did all that was asked for, and all checks hold. */
bool boot_holds(const struct boot_result *r);

#endif
