/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CHECK_CHECK_H
#define CHECK_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/engine.h"
#include "lib/range.h"
#include "mm/mm.h"

/*
 * Checks on what memblock did. They are a table: a name, one sentence, and when they are made:
 * on memblock's arrays of regions after every call, or on the pages after the hand-over. Each is of
 * one condition. One that makes no sense if another does not hold (needs it) is not made then, so
 * that what is broken in one place is told once.
 */

/* A copy of one of memblock's arrays. Zeroed, it is empty. */
struct check_regions {
	struct rt_type_state state;
	bool there; /* this kernel has such a type */
	struct rt_region *v;
	size_t nr, room;
};

/* Copies the arrays of @type; within engine_run() only. */
void check_regions_take(struct check_regions *r, const struct rt_engine *ops, enum rt_type type);
void check_regions_release(struct check_regions *r);

/* A call that was made, for people who wonder which call touched a page. */
struct check_call {
	const char *function; /* of the kernel, on whose behalf it was made */
	const char *name;     /* of the call */
	const char *purpose;  /* may be NULL */
	unsigned int line;    /* of the log that tells it; 0: none */
	struct range range;   /* of addresses that it was about or that it got; may be empty */
};

/* What the checks look at. */
struct check_state {
	const struct check_call *calls; /* in their order; the last one is the latest */
	size_t nr_calls;
	struct check_regions regions[RT_NR_TYPES]; /* as they are now */
	/*
	 * memblock_trim_memory() shrinks regions and leaves total_size as it is; so by that many
	 * bytes total_size is larger than the regions. Kept by check_after_call().
	 */
	uint64_t trimmed[RT_NR_TYPES];
	size_t unchecked; /* calls since the arrays were looked at */

	/* after the hand-over only */
	unsigned int page_shift;
	unsigned long nomap;			      /* flag of regions that are not handed over */
	unsigned long hotplug;			      /* flag that the hand-over takes away first */
	struct check_regions memory, reserved_before; /* as they were when it began */
	struct check_regions reserved; /* as it was then: memblock's arrays may have moved */
	bool marks_reserved;	       /* this kernel marks struct pages of what is reserved */
	bool marks_nomap;	       /* and of memory that is not mapped */
	unsigned long noinit;	       /* flag of what it does not mark nevertheless */
	struct mm *mm;		       /* settled */
};

enum check_when {
	CHECK_CALL,	/* after each call */
	CHECK_HANDOVER, /* after the pages were handed over */
};

struct check_findings;

struct check {
	const char *name;
	const char *meaning; /* what holds if it passes */
	enum check_when when;
	uint32_t needs; /* checks that must hold: bits, by their place in the table */
	void (*run)(const struct check *c, const struct check_state *s, struct check_findings *f);
};

extern const struct check checks[]; /* ends with a NULL name */
/* NULL if there is no check of that name. */
const struct check *check_find(const char *name);

/* What does not hold. */
struct check_findings {
	struct check_finding {
		const struct check *check;
		char *text;
		size_t after_call; /* number of calls that had been made */
	} * v;
	size_t nr, room;
	size_t made; /* checks that were made, whether they held or not */
	/* by their place in the table: those that did not hold, and those not made as these did not */
	uint32_t failed, silenced;
};

static inline uint32_t check_bit(const struct check *c)
{
	return 1U << (c - checks);
}

void check_findings_release(struct check_findings *f);

/* More than that of one check are not told. */
#define CHECK_MAX_FINDINGS 8

/*
 * Copies the arrays into @s and makes the checks for after a call, the latest of @s->calls. Within
 * engine_run() only.
 */
void check_arrays(struct check_state *s, const struct rt_engine *ops, struct check_findings *f);

/*
 * The same after each call, as long as there are some hundred regions; with more of them after
 * every few calls, so that cost does not grow with their square.
 */
void check_after_call(struct check_state *s, const struct rt_engine *ops, struct check_findings *f);

/* Makes the checks for after the hand-over. */
void check_after_handover(const struct check_state *s, struct check_findings *f);

void check_state_release(struct check_state *s);

/* Pages of memory, reserved and handed over, and what lies between: all add up to the first. */
struct check_sums {
	uint64_t memory_bytes; /* of memblock.memory, NOMAP included */
	uint64_t nomap_bytes;  /* of it, not handed over for that reason */
	uint64_t reserved_bytes; /* memory that is reserved; what is reserved elsewhere is not in it */
	uint64_t free_bytes;	 /* the rest */
	uint64_t lost_bytes;	 /* of the rest, at the borders of pages */
	uint64_t expected_pages; /* to be handed over: the rest, without what is lost */
	uint64_t freed_pages;	 /* that were handed over */
	uint64_t late_pages;	 /* reserved ones that were freed later */
};

void check_sum(const struct check_state *s, struct check_sums *sums);

#endif
