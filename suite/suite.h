/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SUITE_SUITE_H
#define SUITE_SUITE_H

/*
 * What tests of memblock say over and over. A test states a situation, a call, and the map
 * that is expected:
 *
 *	machine(test, { MB(16), MB(64) });
 *	KUNIT_EXPECT_EQ(test, memblock_remove(MB(32), MB(16)), 0);
 *	expect_memory(test, { MB(16), MB(16) }, { MB(48), MB(32) });
 *
 * A suite is named after a call, a case after the situation. Every test starts from the state that
 * memblock has when a machine is switched on. Which functions a kernel has is asked of RT_HAVE_x, the
 * number of arguments of x, never of a version.
 */

#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/sizes.h>
#ifdef RT_HAVE_BOOTMEM
#include <linux/bootmem.h>
#endif

#include <generated/have.h>

#include "kunit/test.h"

#define MB(n) ((phys_addr_t)(n) << 20)

/* A node in a struct span; without one, a machine's memory has none and any is expected. */
#define NODE(n) ((n) + 1)

struct span {
	phys_addr_t base, size; /* bytes */
	int node;		/* 0, or NODE(nid); not looked at without NUMA */
	unsigned long flags;	/* enum memblock_flags; exactly these are expected */
};

/* A list of these is as long as its first empty one, or all of it. */
#define SPANS(...)                            \
	(const struct span[]){ __VA_ARGS__ }, \
		sizeof((const struct span[]){ __VA_ARGS__ }) / sizeof(struct span)

/* RAM that is there and known to memblock; what is done from then on is under test. */
#define machine(test, ...) suite_machine(test, SPANS(__VA_ARGS__))
/* RAM that is there, but that memblock has not been told of. */
void suite_ram(phys_addr_t base, phys_addr_t size);
/* The situation stands: a failure shows memblock as it is now, as what was before. */
void suite_stands(void);
/* Skips the test where addresses are too short for what slab gives. */
void suite_needs_slab(struct kunit *test);

/* The regions of memblock, exactly; of reserved ones, nodes and who reserved them do not count. */
#define expect_memory(test, ...) \
	suite_expect(test, &SUITE_SITE("memory", #__VA_ARGS__), SUITE_MEMORY, SPANS(__VA_ARGS__))
#define expect_reserved(test, ...)                                                \
	suite_expect(test, &SUITE_SITE("reserved", #__VA_ARGS__), SUITE_RESERVED, \
		     SPANS(__VA_ARGS__))
/* The addresses that are reserved, however they are cut into regions. */
#define expect_reserved_bytes(test, ...)                                                      \
	suite_expect(test, &SUITE_SITE("reserved bytes", #__VA_ARGS__), SUITE_RESERVED_BYTES, \
		     SPANS(__VA_ARGS__))
/* What can be allocated, of any node, without flags. */
#define expect_free(test, ...) \
	suite_expect(test, &SUITE_SITE("free", #__VA_ARGS__), SUITE_FREE, SPANS(__VA_ARGS__))
#define NOTHING      \
	{            \
		0, 0 \
	}

/* Parameters: "top_down" and "bottom_up". */
const void *direction_gen_params(const void *prev, char *desc);
/* Sets the direction of the test's parameter; true for bottom up. */
bool suite_direction(struct kunit *test);

/* A case that needs a function which this kernel does not have. */
#define SUITE_WITHOUT(kase, function)                                 \
	static void kase(struct kunit *test)                          \
	{                                                             \
		kunit_skip(test, "this kernel has no %s", #function); \
	}

/* Arguments changed over the years; these are the newest kernel's. */
int suite_add_node(phys_addr_t base, phys_addr_t size, int nid, unsigned long flags);
int suite_free(phys_addr_t base, phys_addr_t size);
/* Of memory; does nothing without NUMA. */
int suite_set_node(phys_addr_t base, phys_addr_t size, int nid);
/* memblock_phys_alloc(), which panicked up to 5.0: 0 if there is no memory. */
phys_addr_t suite_phys_alloc(phys_addr_t size, phys_addr_t align);

/* Skips the test where there are no nodes. */
void suite_needs_nodes(struct kunit *test);

/* Whether all of these bytes are 0. */
bool suite_is_zeroed(phys_addr_t base, phys_addr_t size);

/* What the macros above are made of. */
enum suite_list {
	SUITE_MEMORY,
	SUITE_RESERVED,
	SUITE_RESERVED_BYTES,
	SUITE_FREE
};

#define SUITE_SITE(what, text) \
	((const struct kunit_site){ "EXPECT", __FILE__, __LINE__, what, "is", text })
void suite_machine(struct kunit *test, const struct span *spans, unsigned long nr);
void suite_expect(struct kunit *test, const struct kunit_site *site, enum suite_list list,
		  const struct span *spans, unsigned long nr);

#endif
