/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SUITE_ENTRIES_H
#define SUITE_ENTRIES_H

#include "suite/suite.h"

/* A function that allocates, called as if it took every argument; those it does not take are ignored. */
struct entry {
	const char *name;
	phys_addr_t (*alloc)(phys_addr_t size, phys_addr_t align, phys_addr_t min, phys_addr_t max,
			     int nid); /* NULL: this kernel does not have it; 0: no memory */
	unsigned int can;
};

enum {
	CAN_MIN = 1,  /* takes a lowest address */
	CAN_MAX = 2,  /* and a limit */
	CAN_NODE = 4, /* a node that it prefers, or insists on: */
	CAN_EXACT = 8,
	CAN_ZERO = 16,	      /* gives zeroed memory; others leave it as it is */
	CAN_RELAX = 32,	      /* ignores the lowest address if nothing is there */
	CAN_PANIC = 64,	      /* does not return without memory */
	CAN_NOT_MIRROR = 128, /* takes memory that is not mirrored as gladly */
};

/* Parameters: each entry, top down and bottom up. Those of a kind have all that the kind asks for. */
const void *entry_gen_params(const void *prev, char *desc);
const void *entry_min_gen_params(const void *prev, char *desc);
const void *entry_max_gen_params(const void *prev, char *desc);
const void *entry_min_max_gen_params(const void *prev, char *desc);
const void *entry_node_gen_params(const void *prev, char *desc);

/* The entry of the test's parameter; skips the test if the kernel does not have it. */
const struct entry *entry_of(struct kunit *test);
bool entry_is_bottom_up(const struct kunit *test);

/* Calls it, in its direction, with the limits and the node that mean any. */
phys_addr_t entry_alloc(struct kunit *test, phys_addr_t size, phys_addr_t align);

/* Expects that it got @top or @bottom, by direction, and that no other byte is reserved. */
#define expect_got(test, top, bottom, size)                                       \
	do {                                                                      \
		phys_addr_t want = entry_is_bottom_up(test) ? (bottom) : (top);   \
                                                                                  \
		KUNIT_EXPECT_EQ(test, got, want);                                 \
		KUNIT_EXPECT_TRUE(test, memblock_is_region_reserved(want, size)); \
	} while (0)

#endif
