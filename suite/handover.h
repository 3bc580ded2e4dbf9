/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SUITE_HANDOVER_H
#define SUITE_HANDOVER_H

#include "suite/watch.h"

/*
 * The hand-over of memory to the page allocator, in terms of a test: which pages were given, in blocks of
 * which order, and which are marked reserved, of which node. Addresses and sizes are bytes.
 */

/* memblock_free_all(), or what it was called; what happens is kept from here on. */
void handover(void);
/* Where memory ends that the kernel maps at all times: what is above is no low memory. */
void handover_low_memory(phys_addr_t end);

/*
 * The blocks that were given since, and no others: each span is given in the largest ones that there
 * are, as its alignment allows.
 */
#define expect_freed(test, ...) \
	handover_expect_freed(test, &SUITE_SITE("freed", #__VA_ARGS__), SPANS(__VA_ARGS__))
void handover_expect_freed(struct kunit *test, const struct kunit_site *site,
			   const struct span *spans, unsigned long nr);

/* The pages that were freed since, one by one or in blocks, in any order. */
#define expect_pages(test, ...) \
	handover_expect_pages(test, &SUITE_SITE("pages", #__VA_ARGS__), SPANS(__VA_ARGS__))
void handover_expect_pages(struct kunit *test, const struct kunit_site *site,
			   const struct span *spans, unsigned long nr);

/* The pages of memory that are marked reserved. Nodes count where a kernel tells them. */
#define expect_marked(test, ...) \
	handover_expect_marked(test, &SUITE_SITE("marked", #__VA_ARGS__), SPANS(__VA_ARGS__))
void handover_expect_marked(struct kunit *test, const struct kunit_site *site,
			    const struct span *spans, unsigned long nr);

/* What the kernel counts as its memory, pages. */
unsigned long handover_total_pages(void);

#endif
