/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HANDOVER_HANDOVER_H
#define HANDOVER_HANDOVER_H

#include <stdbool.h>

#include "check/check.h"
#include "engine/engine.h"
#include "mm/mm.h"

/*
 * The end of memblock: what it has as memory becomes nodes and zones, what is free of it goes to
 * the page allocator. Boots, replays and scripts all end like this, in the order of the functions
 * below; all but handover_init() are to be called within engine_run(). Events of the engine are
 * for the caller to pass to mm_event().
 */

struct handover {
	struct engine *e;
	struct mm *mm;
	struct check_state *state; /* what the checks for after the hand-over need is filled in */
	/* A call of memblock, named @name, is about to be made for @function. May be NULL. */
	void (*calling)(void *data, const char *name, const char *function);
	/* Is there such a node? NULL: all are there. */
	bool (*has_node)(void *data, int nid);
	void *data;
};

/* Fills in of ->state what is known beforehand: flags, sizes, ->mm. */
void handover_init(struct handover *h);

/* How the engine's configuration keeps struct pages; ->holes_not_linked is for the caller to set. */
struct mm_map_rules handover_map_rules(const struct rt_engine *ops);

/*
 * Gives the regions of @memory to ->mm, whose zones have their ends. Pages of nodes that are not
 * there are left out if @drop is set, else no zone has them; they are counted. mm_init_memmap()
 * may follow.
 */
uint64_t handover_take_memory(struct handover *h, const struct check_regions *memory, bool drop);

/*
 * memblock_free_all(), for @function of the kernel. False if this kernel's memblock.c has not got
 * it (4.19 and older), and what mm/nobootmem.c does was done here.
 */
bool handover_free_all(struct handover *h, const char *function);

/* deferred_init_memmap(), if ->rules of ->mm have it. */
void handover_init_deferred(struct handover *h);

/* memblock_discard(), if this kernel has it, for @function. After handover_init_deferred(). */
void handover_discard(struct handover *h, const char *function);

/*
 * For scripts, the statements that need more than memblock: handover, check, alloc_pages and others,
 * see mbsim-script(5). One script at a time; the engine must live as long.
 */
struct handover_script;
struct script_extra;

struct handover_script *handover_script_new(struct engine *e);
const struct script_extra *handover_script_extra(const struct handover_script *hs);
void handover_script_free(struct handover_script *hs);

#endif
