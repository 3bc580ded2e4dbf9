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

enum mm_zone_kind {
	MM_DMA,
	MM_DMA32,
	MM_NORMAL,
	MM_NR_ZONES,
};

/* Memory of a node ("early node range" in the kernel's log), sorted and disjoint. */
struct mm_span {
	struct range pfns;
	int nid;
};

/* A zone of a node. */
struct mm_zone {
	enum mm_zone_kind kind;
	int nid;
	struct range spanned; /* pfns, holes included; empty if it has no memory */
	uint64_t present_pages;
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

	struct mm_span *spans;
	size_t nr_spans, room_spans;

	struct rangeset freed;		  /* by memblock_free_all() */
	struct rangeset late;		  /* by memblock_free_late() */
	struct rangeset twice;		  /* freed although they were free */
	struct rangeset reserved;	  /* whose struct pages were marked reserved */
	uint64_t received[MM_MAX_ORDERS]; /* blocks handed over, by order */
	uint64_t received_pages;
	int64_t totalram_pages;	  /* as the kernel counted */
	struct mm_bad_block *bad; /* the first few */
	size_t nr_bad, room_bad;

	struct mm_zone *zones; /* by node, then kind; filled by mm_settle() */
	size_t nr_zones, room_zones;

	bool handed_over; /* what is freed from now on is late */
	struct range run; /* freed in one go, not yet in @freed or @late */
	bool run_is_late;
};

/* A machine without memory; @max_order is the largest order of a free block. */
struct mm *mm_new(unsigned int page_shift, unsigned int max_order);
void mm_free(struct mm *mm);

/* The first page frame behind a zone; zones follow each other. */
void mm_set_zone_end(struct mm *mm, enum mm_zone_kind kind, uint64_t end_pfn);

/* Memory of node @nid, in ascending order. What touches the last one of that node joins it. */
void mm_add_memory(struct mm *mm, int nid, struct range pfns);

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
