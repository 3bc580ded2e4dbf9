/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CHECK_INTERNAL_H
#define CHECK_INTERNAL_H

#include "check/check.h"

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

/* pages.c: the hand-over */
void check_pages_once(const struct check *c, const struct check_state *s, struct check_findings *f);
void check_pages_all(const struct check *c, const struct check_state *s, struct check_findings *f);
void check_pages_none_else(const struct check *c, const struct check_state *s,
			   struct check_findings *f);
void check_pages_late(const struct check *c, const struct check_state *s, struct check_findings *f);
void check_pages_aligned(const struct check *c, const struct check_state *s,
			 struct check_findings *f);
void check_pages_marked(const struct check *c, const struct check_state *s,
			struct check_findings *f);
void check_pages_map(const struct check *c, const struct check_state *s, struct check_findings *f);
void check_reserved_kept(const struct check *c, const struct check_state *s,
			 struct check_findings *f);
void check_pages_sums(const struct check *c, const struct check_state *s, struct check_findings *f);

/* Notes in @s what the latest call made total_size differ by, if it may. */
void check_regions_trimmed(struct check_state *s);

/* Sum of the sizes of the regions. */
uint64_t check_regions_sum(const struct check_regions *r);

#endif
