/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MM_MM_H
#define MM_MM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/engine.h"
#include "lib/range.h"
#include "lib/rangeset.h"

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

/* A node that has memory. */
struct mm_node {
	int nid;
	struct range pfns;	/* first to last of its memory */
	uint64_t movable_start; /* pfn; 0: it has no zone Movable */
	size_t first, nr;	/* its memory in ->by_node */
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

	struct rangeset freed;		  /* by memblock_free_all() */
	struct rangeset late;		  /* by memblock_free_late() */
	struct rangeset twice;		  /* freed although they were free */
	struct rangeset reserved;	  /* whose struct pages were marked reserved */
	uint64_t received[MM_MAX_ORDERS]; /* blocks handed over, by order */
	uint64_t received_pages;
	int64_t totalram_pages;	  /* as the kernel counted */
	struct mm_bad_block *bad; /* the first few */
	size_t nr_bad, room_bad;

	struct mm_zone *zones; /* by node, then kind; free pages are filled by mm_settle() */
	size_t nr_zones, room_zones;

	bool handed_over; /* what is freed from now on is late */
	struct range run; /* freed in one go, not yet in @freed or @late */
	bool run_is_late;
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

/* Ends it all: after it the sets and ->zones are complete. May be called again. */
void mm_settle(struct mm *mm);

/* Pages in the free lists, early and late. */
uint64_t mm_free_pages(const struct mm *mm);

/* The kernel's name of a zone. */
const char *mm_zone_name(enum mm_zone_kind kind);

/*
 * Adds to @blocks[order] the blocks that @run is in a buddy allocator when all buddies that can
 * be are merged, none larger than @max_order.
 */
void mm_count_blocks(struct range run, unsigned int max_order, uint64_t blocks[MM_MAX_ORDERS]);

#endif
