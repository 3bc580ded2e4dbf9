/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MM_PAGEMAP_H
#define MM_PAGEMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/range.h"

/*
 * The map of pages, as runs of page frames that are alike. Runs are kept sorted in leaves of a
 * fixed size, and leaves in an array: a B-tree of two levels. All page frames there can be are in
 * it; those without a struct page are MM_PAGE_NONE.
 */

enum mm_page_state {
	MM_PAGE_NONE,	   /* no struct page: its section is not present */
	MM_PAGE_DEFERRED,  /* its struct page is not initialised yet */
	MM_PAGE_INIT,	   /* initialised, and neither freed nor marked */
	MM_PAGE_HOLE,	   /* no memory, initialised by init_unavailable_range() */
	MM_PAGE_NOMAP,	   /* memory that is not handed over (MEMBLOCK_NOMAP) */
	MM_PAGE_NOINIT,	   /* reserved, and its struct page is its owner's (MEMBLOCK_RSRV_NOINIT) */
	MM_PAGE_RESERVED,  /* marked PageReserved */
	MM_PAGE_FREE,	   /* in the lists of the buddy allocator */
	MM_PAGE_ALLOCATED, /* taken from them */
	MM_NR_PAGE_STATES,
};

struct mm_run {
	uint64_t start;	 /* pfn; it ends where the next one starts */
	int16_t nid;	 /* the struct page's links; of free pages those of their block's first */
	uint8_t kind;	 /* enum mm_zone_kind */
	uint8_t state;	 /* enum mm_page_state */
	uint32_t orders; /* of free pages: bit n is set if a block of order n is in it */
};

struct mm_leaf {
	struct mm_run *v;
	uint32_t nr;
	uint32_t orders; /* of all its runs, unless it is stale */
	bool stale;
};

/* A place in the map; valid until the map is changed. */
struct mm_place {
	size_t leaf;
	uint32_t i;
};

struct mm_pagemap {
	struct mm_leaf *leaves; /* none is empty */
	size_t nr, room;
	size_t nr_runs;
	struct mm_place last; /* that was asked for; the map may have changed since */
};

void pagemap_init(struct mm_pagemap *m);
void pagemap_release(struct mm_pagemap *m);

/* The run that @pfn is in. */
struct mm_place pagemap_find(struct mm_pagemap *m, uint64_t pfn);
/* To the next or previous run; false, and nothing changes, if there is none. */
bool pagemap_next(const struct mm_pagemap *m, struct mm_place *at);
bool pagemap_previous(const struct mm_pagemap *m, struct mm_place *at);
struct mm_run *pagemap_at(const struct mm_pagemap *m, struct mm_place at);
/* Page frame behind the run; UINT64_MAX behind the last one. */
uint64_t pagemap_end(const struct mm_pagemap *m, struct mm_place at);

/* Makes one run of @pfns, like @run but for its start, and joins it with those beside it. */
void pagemap_set(struct mm_pagemap *m, struct range pfns, struct mm_run run);

/* The first leaf from @leaf on with a block of @order; ->nr if there is none. */
size_t pagemap_leaf_with(struct mm_pagemap *m, size_t leaf, unsigned int order);

#endif
