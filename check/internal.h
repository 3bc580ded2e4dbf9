/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CHECK_INTERNAL_H
#define CHECK_INTERNAL_H

#include "check/check.h"
#include "lib/rangeset.h"

/* Adds a finding of @c, unless there are enough of it. */
void check_fail(const struct check *c, const struct check_state *s, struct check_findings *f,
		const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* The same, with the calls that touched @range, a range of addresses, named behind it. */
void check_fail_range(const struct check *c, const struct check_state *s, struct check_findings *f,
		      struct range range, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* regions.c: memblock's arrays */
void check_regions_count(const struct check *c, const struct check_state *s,
			 struct check_findings *f);
void check_regions_size(const struct check *c, const struct check_state *s,
			struct check_findings *f);
void check_regions_order(const struct check *c, const struct check_state *s,
			 struct check_findings *f);
void check_regions_merged(const struct check *c, const struct check_state *s,
			  struct check_findings *f);
void check_regions_total(const struct check *c, const struct check_state *s,
			 struct check_findings *f);

/* The same for page frames. */
void check_fail_pages(const struct check *c, const struct check_state *s, struct check_findings *f,
		      struct range pfns, const char *what);
/* One finding for each range of @set, which is released. */
void check_fail_set(const struct check *c, const struct check_state *s, struct check_findings *f,
		    struct rangeset *set, const char *what);

/* pages.c: what was freed and marked, against memblock's arrays */
void check_pages_once(const struct check *c, const struct check_state *s, struct check_findings *f);
void check_pages_memory(const struct check *c, const struct check_state *s,
			struct check_findings *f);
void check_pages_nomap(const struct check *c, const struct check_state *s,
		       struct check_findings *f);
void check_pages_reserved(const struct check *c, const struct check_state *s,
			  struct check_findings *f);
void check_pages_all(const struct check *c, const struct check_state *s, struct check_findings *f);
void check_pages_late(const struct check *c, const struct check_state *s, struct check_findings *f);
void check_marked_all(const struct check *c, const struct check_state *s, struct check_findings *f);
void check_marked_only(const struct check *c, const struct check_state *s,
		       struct check_findings *f);
void check_reserved_kept(const struct check *c, const struct check_state *s,
			 struct check_findings *f);

/* map.c: the map of pages */
void check_one_state(const struct check *c, const struct check_state *s, struct check_findings *f);
void check_pages_ready(const struct check *c, const struct check_state *s,
		       struct check_findings *f);
void check_pages_node(const struct check *c, const struct check_state *s, struct check_findings *f);
void check_memmap(const struct check *c, const struct check_state *s, struct check_findings *f);
void check_pages_state(const struct check *c, const struct check_state *s,
		       struct check_findings *f);

/* blocks.c: blocks of pages */
void check_blocks_aligned(const struct check *c, const struct check_state *s,
			  struct check_findings *f);
void check_blocks_zone(const struct check *c, const struct check_state *s,
		       struct check_findings *f);
void check_blocks_largest(const struct check *c, const struct check_state *s,
			  struct check_findings *f);
void check_blocks_merged(const struct check *c, const struct check_state *s,
			 struct check_findings *f);

/* sums.c: what is counted in more than one place */
void check_sums_memory(const struct check *c, const struct check_state *s,
		       struct check_findings *f);
void check_totalram(const struct check *c, const struct check_state *s, struct check_findings *f);
void check_zones_free(const struct check *c, const struct check_state *s, struct check_findings *f);
void check_zones_present(const struct check *c, const struct check_state *s,
			 struct check_findings *f);

/* pages.c: sets of page frames, which the caller releases */
/* What is to be handed over: memory that is neither reserved nor NOMAP, in whole pages. */
struct rangeset check_expected_pages(const struct check_state *s);
/* Page frames of which any byte is memory, is NOMAP, is reserved (with or without its struct page). */
struct rangeset check_memory_pages(const struct check_state *s);
struct rangeset check_nomap_pages(const struct check_state *s);
struct rangeset check_reserved_pages(const struct check_state *s, bool with_noinit);

typedef void check_piece_fn(const struct check_state *s, struct range bytes, void *arg);
/* Pieces of memory that are not reserved, by region: those of two never join to a whole page. */
void check_for_each_free(const struct check_state *s, check_piece_fn *fn, void *arg);
/* The whole pages of a piece. */
struct range check_in_pages(const struct check_state *s, struct range bytes);

/* Notes in @s what the latest call made total_size differ by, if it may. */
void check_regions_trimmed(struct check_state *s);

/* Sum of the sizes of the regions. */
uint64_t check_regions_sum(const struct check_regions *r);

#endif
