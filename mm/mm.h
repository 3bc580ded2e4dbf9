/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MM_MM_H
#define MM_MM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "engine/engine.h"
#include "lib/range.h"
#include "lib/rangeset.h"
#include "mm/pagemap.h"

/*
 * What memblock hands its pages over to: the nodes, their zones, and the page allocator's free
 * lists. Pages are kept as runs, so that cost follows the number of regions, not of pages. All
 * ranges and sets here are of page frame numbers.
 */

#define MM_MAX_ORDERS 32

/* In the order of the kernel, which is that of addresses, but for the last two. */
enum mm_zone_kind {
	MM_DMA,
	MM_DMA32,
	MM_NORMAL,
	MM_HIGHMEM,
	MM_MOVABLE, /* cut out of the others, for each node by itself */
	MM_DEVICE,  /* always empty at boot */
	MM_NR_ZONES,
};

#define MM_HOTPLUG 0x1u
#define MM_MIRROR 0x2u
#define MM_NO_NODE 0x4u /* the node is not there: no zone has this memory */
#define MM_NOMAP 0x8u	/* not handed over */

/* A region of memblock's memory ("early node range" in the kernel's log), sorted and disjoint. */
struct mm_span {
	struct range pfns;
	int nid;
	unsigned int flags; /* MM_HOTPLUG ... */
};

/* What the command line wants to have in the zone Movable. */
struct mm_movable {
	bool node;			  /* movable_node: what can be unplugged */
	bool mirror;			  /* kernelcore=mirror: what is not mirrored */
	bool is_kdump;			  /* which has not the memory to keep to that */
	bool mirror_is_checked;		  /* ... if there is mirrored memory at all (6.6) */
	uint64_t kernelcore, movablecore; /* pages; 0: not asked for */
	uint64_t kernelcore_percent, movablecore_percent; /* of all pages; 0: not asked for */
};

/* How a kernel keeps its struct pages. */
struct mm_map_rules {
	unsigned int section_order; /* pages of a section; 0: the map is one array */
	unsigned int pageblock_order;
	bool only_memory;      /* pfn_valid() is false of holes, whose part of the map is freed */
	bool deferred;	       /* struct pages of a node's last zone are initialised late */
	bool holes_not_linked; /* holes are linked to zone 0 of node 0 (before 5.12) */
	/*
	 * What is not deferred is at least a section, and is counted anew for each zone: that is as
	 * 4.17 did it, in one go and with holes that have struct pages. Since 5.11 it goes from
	 * region to region, and those of several nodes that alternate start it again; so did any
	 * low zone in between, up to 6.10.
	 */
	bool deferred_by_zone;
	bool low_zones_count;
};

/* A node that has memory. */
struct mm_node {
	int nid;
	uint64_t first_deferred_pfn; /* UINT64_MAX: all its struct pages are initialised */
	struct range pfns;	     /* first to last of its memory */
	uint64_t movable_start;	     /* pfn; 0: it has no zone Movable */
	size_t first, nr;	     /* its memory in ->by_node */
	bool no_cpus;		     /* mm_set_cpus() */
};

/* A zone of a node. */
struct mm_zone {
	enum mm_zone_kind kind;
	int nid;
	struct range spanned; /* pfns, holes included */
	uint64_t present_pages, absent_pages;
	uint64_t free_pages;
	uint64_t blocks[MM_MAX_ORDERS]; /* free blocks by order, buddies merged */
};

/* What happened to pages that must not happen to them. */
enum mm_fault_kind {
	MM_FREED_FREE,	   /* a double free */
	MM_FREED_RESERVED, /* by the hand-over, although marked */
	MM_FREED_HOLE,	   /* no memory */
	MM_FREED_NOMAP,
	MM_FREED_NOINIT,
	MM_FREED_NONE,	    /* no struct page */
	MM_FREED_DEFERRED,  /* its struct page is not initialised */
	MM_FREED_UNUSED,    /* late, though it had not been reserved */
	MM_FREED_ALLOCATED, /* by memblock, though it is somebody's */
	MM_RESERVED_FREE,   /* marked although it is free or allocated */
	MM_MARKED_NODE,	    /* marked or initialised for a node that its memory is not of */
	MM_BLOCK_OF_TWO_ZONES,
	MM_NR_FAULTS,
};

struct mm_fault {
	enum mm_fault_kind kind;
	struct range pfns;
};

/* Faults that are kept; the rest is counted. */
#define MM_MAX_FAULTS 64

/* A block that cannot be one: not aligned to its order, or of an order there is not. */
struct mm_bad_block {
	uint64_t pfn, order;
};

struct mm {
	unsigned int page_shift;
	unsigned int max_order; /* the largest there is */
	uint64_t zone_end_pfn[MM_NR_ZONES];
	bool has_zone[MM_NR_ZONES]; /* this kernel is built with it */
	struct mm_movable movable;

	struct mm_span *spans;
	size_t nr_spans, room_spans;

	/* filled by mm_find_zones() */
	struct range zone_range[MM_NR_ZONES]; /* pfns, of the machine; not of Movable */
	bool mirrored;			      /* kernelcore=mirror is asked for */
	bool no_mirror;			      /* but in vain: nothing is mirrored */
	bool low_not_mirrored;		      /* but not below 4 GiB */
	struct mm_span *by_node;	      /* ->spans by node, then address */
	struct mm_node *nodes;		      /* sorted */
	size_t nr_nodes, room_nodes;

	struct rangeset freed;		       /* by memblock_free_all() */
	struct rangeset late;		       /* by memblock_free_late() */
	struct rangeset twice;		       /* freed although they were free */
	struct rangeset reserved;	       /* whose struct pages were marked reserved */
	uint64_t received[MM_MAX_ORDERS];      /* blocks handed over, by order */
	uint64_t received_late[MM_MAX_ORDERS]; /* of them, late */
	uint64_t received_pages;	       /* filled by mm_settle() */
	uint64_t released_pages;	       /* by mm_free_reserved() */
	int64_t totalram_pages;		       /* as the kernel counted, and what was released */
	bool totalram_told;		       /* the kernel did say that it counted */
	struct mm_bad_block *bad;	       /* the first few */
	size_t nr_bad, room_bad;

	struct mm_zone *zones; /* by node, then kind; free pages are filled by mm_settle() */
	size_t nr_zones, room_zones;

	struct mm_map_rules rules;
	bool mapped;  /* mm_init_memmap() was called */
	bool counted; /* zones' free pages and blocks are, and follow what changes */
	struct mm_pagemap pages;
	struct mm_zone **zone_of; /* by node and kind, see mm_zone_at(); NULL: not populated */
	int nr_nids;		  /* nodes in ->zone_of */
	struct mm_fault *faults;  /* the first of them */
	size_t nr_faults, room_faults, all_faults;
	uint64_t dropped_pages; /* late ones that were not freed, as their node was deferred */
	int *fallback;		/* nodes by distance, for each of ->nodes; NULL: not made yet */
	unsigned int *distance; /* by index in ->nodes; NULL: 10 to itself, 20 to all others */

	bool handed_over; /* what is freed from now on is late */
	bool nid_untold;  /* struct pages were marked without a word about their node */
	/* events that came in one go, and what they are about is not yet told to the rest */
	struct range run;   /* freed; not in @freed or @late */
	uint64_t run_limit; /* pages are alike up to here */
	bool run_is_late, run_is_core;
	struct mm_pending {
		struct range pfns;
		int nid;
	} marked, inited;
};

/* A machine without memory; @max_order is the largest order of a free block. */
struct mm *mm_new(unsigned int page_shift, unsigned int max_order);
void mm_free(struct mm *mm);

/*
 * This kernel has a zone @kind, and @end_pfn is the first page frame behind it; UINT64_MAX is the
 * end of memory. Zones follow each other: one that would end before the one below it does is
 * empty. Unless told otherwise, there is one zone Normal, up to the end of memory.
 */
void mm_set_zone_end(struct mm *mm, enum mm_zone_kind kind, uint64_t end_pfn);

/* A region of memory, of node @nid, in ascending order; @flags are MM_HOTPLUG ... */
void mm_add_memory(struct mm *mm, int nid, struct range pfns, unsigned int flags);

/*
 * Divides the memory into zones, as free_area_init() does: ->zone_range, ->nodes, and ->zones but
 * for what is free. May be called again when there is more memory.
 */
void mm_find_zones(struct mm *mm);

/* Takes an event of the engine; those that are none of its business are ignored. */
void mm_event(struct mm *mm, enum rt_event event, uint64_t a, uint64_t b, long c);

/*
 * The hand-over is complete: what is freed from now on was reserved at first. Some kernels free
 * it by the same function.
 */
void mm_handed_over(struct mm *mm);

/*
 * Initialises struct pages as memmap_init() does, by ->rules. Finds the zones before, if need be;
 * they are final then.
 */
void mm_init_memmap(struct mm *mm);

/* Reserved memory whose struct pages are left alone (MEMBLOCK_RSRV_NOINIT); after the hand-over. */
void mm_mark_noinit(struct mm *mm, struct range pfns);

/*
 * Initialises and frees, as deferred_init_memmap() does, what is deferred in @pfns, a range of
 * memory that memblock has as not reserved. mm_end_deferred() says that these were all.
 */
void mm_init_deferred(struct mm *mm, struct range pfns);
void mm_end_deferred(struct mm *mm);

/* free_reserved_area(): init memory, the initrd. Pages that are not reserved are faults. */
void mm_free_reserved(struct mm *mm, struct range pfns);

/*
 * Ends it all: after it the sets and ->zones are complete. May be called again. What came without
 * mm_init_memmap() is given to the map now.
 */
void mm_settle(struct mm *mm);

/* Pages that were handed over, early and late. */
uint64_t mm_free_pages(const struct mm *mm);

/* The kernel's name of a zone, of a state; what a fault is, as the end of "these pages were ...". */
const char *mm_zone_name(enum mm_zone_kind kind);
const char *mm_state_name(enum mm_page_state state);
const char *mm_fault_name(enum mm_fault_kind kind);

/* NULL if the node has no memory there. Valid until zones are found again. */
struct mm_zone *mm_zone_at(const struct mm *mm, int nid, enum mm_zone_kind kind);

/* proc.c: as /proc/buddyinfo and the head of each zone in /proc/zoneinfo. */
void mm_print_buddyinfo(const struct mm *mm, FILE *out);
void mm_print_zoneinfo(const struct mm *mm, FILE *out);
/* Pages of a zone that the page allocator has got, in use or not. */
uint64_t mm_managed_pages(const struct mm *mm, const struct mm_zone *z);

#define MM_NO_BLOCK (~0u)

/* A page frame, as it is. */
struct mm_page {
	enum mm_page_state state;
	int nid; /* -1: it has no struct page */
	enum mm_zone_kind kind;
	unsigned int order; /* of the free block that it is in; else MM_NO_BLOCK */
	struct range run;   /* pages around it that are alike, but for the block */
};

/* The hand-over must be settled, or not have begun; also for all below. */
struct mm_page mm_page_of(struct mm *mm, uint64_t pfn);

/* The run that @pfn is in; iterate with its run.end, until that is UINT64_MAX. */
static inline struct mm_page mm_run_of(struct mm *mm, uint64_t pfn)
{
	return mm_page_of(mm, pfn);
}

/* Distances of ACPI's SLIT between the nodes that have memory; before the first allocation. */
void mm_set_distance(struct mm *mm, int from, int to, unsigned int distance);

/* Has a node processors? Those without are preferred to others as far away. Before the first, too. */
void mm_set_cpus(struct mm *mm, int nid, bool has_cpus);

#define MM_NO_PFN UINT64_MAX

/*
 * A block of @order from zones of @highest or below: of @nid, then of the other nodes by distance;
 * on each node the highest zone first, as the kernel's zone lists are. In a zone it is of the
 * smallest block that there is, of those the one with the lowest address, of that the low end.
 * MM_NO_PFN if there is none.
 */
uint64_t mm_alloc_block(struct mm *mm, unsigned int order, enum mm_zone_kind highest, int nid);
/* Takes these very pages: 0, or -EBUSY if not all of them are free. */
int mm_alloc_range(struct mm *mm, struct range pfns);
/* 0, or -EINVAL if not all of it is allocated, or it cannot be a block; nothing is freed then. */
int mm_free_block(struct mm *mm, uint64_t pfn, unsigned int order);
int mm_free_range(struct mm *mm, struct range pfns);

/*
 * Adds to @blocks[order] the blocks that @run is in a buddy allocator when all buddies that can
 * be are merged, none larger than @max_order.
 */
void mm_count_blocks(struct range run, unsigned int max_order, uint64_t blocks[MM_MAX_ORDERS]);

#endif
