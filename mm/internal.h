/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MM_INTERNAL_H
#define MM_INTERNAL_H

#include "mm/mm.h"

/* Fills ->movable_start of the nodes, which are there, as are the ranges of zones. */
void mm_find_movable(struct mm *mm);

struct mm_node *mm_find_node(const struct mm *mm, int nid);

/* buddy.c: makes @pfns such pages; the zones' lists follow. The only way to change the map. */
void mm_set_pages(struct mm *mm, struct range pfns, int nid, unsigned int kind,
		  enum mm_page_state state);

/* The lists of all zones, from the map as it is. Until then they are empty and do not follow. */
void mm_count_free(struct mm *mm);

/* handover.c: pages that are freed, marked or initialised, as one block or run. */
void mm_fault(struct mm *mm, enum mm_fault_kind kind, struct range pfns);
void mm_take_free(struct mm *mm, struct range pfns, bool late, bool core);
void mm_take_marked(struct mm *mm, struct range pfns, int nid);
void mm_take_inited(struct mm *mm, struct range pfns, int nid);
/* Will pages at @pfn that are freed be left to deferred initialisation? */
bool mm_is_dropped(const struct mm *mm, uint64_t pfn, const struct mm_run *run);

#endif
