/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPLAY_HANDOVER_H
#define REPLAY_HANDOVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "boot/boot.h"
#include "lib/range.h"
#include "replay/told.h"

/*
 * The hand-over of a boot that is replayed, and what came of it, held against what the kernel
 * printed of its memory. Pages, unless said otherwise.
 */

/* A zone of a node as it is here, and as /proc/zoneinfo has it. */
struct replay_zone {
	int nid;
	enum mm_zone_kind kind;
	uint64_t spanned, present, managed;
	uint64_t sized;			     /* of managed: known by size alone, not by address */
	uint64_t plugged;		     /* that came later, and not by memblock */
	const struct replay_told_zone *told; /* NULL: the log does not have it */
	bool equal;
};

/* What was given to the page allocator after the hand-over. */
struct replay_freed {
	unsigned int line; /* of the log, that tells it */
	char *what;	   /* "initrd" */
	uint64_t pages;
	struct range range; /* bytes; empty: only the size is known */
	char *how;	    /* where it is known from; why it is not */
	bool placed;	    /* the zone is known */
	int nid;	    /* if so */
	enum mm_zone_kind kind;
	bool dropped; /* the kernel counts it, but frees nothing */
};

/* A figure of the line "Memory:", in KiB. */
struct replay_figure {
	bool here, told;
	uint64_t got, expected;
};

struct replay_handover_difference {
	unsigned int line; /* of the log, that has it otherwise; 0: it has nothing like it */
	char *what, *got, *expected;
};

struct replay_count {
	size_t all, equal; /* those that the log has */
};

struct replay_handover {
	bool made;
	char *why_not;	   /* if it was not made */
	unsigned int line; /* that memblock had handed over before */
	bool zones_given;  /* the ends of zones are those of the log: mbsim has no rules */
	bool deferred;	   /* struct pages were left for later */

	struct replay_told told;
	struct replay_zone *zones;
	size_t nr_zones, room_zones;
	struct replay_freed *freed;
	size_t nr_freed, room_freed;
	struct replay_figure present, reserved, available, cma;
	struct replay_count ranges, nodes, movable, holes, held; /* held: zones */
	struct replay_handover_difference *differences;
	size_t nr_differences, room_differences;
	char **not_held; /* what of the log is held against nothing, and why; a sentence each */
	size_t nr_not_held, room_not_held;
	struct boot_result boot; /* ->mm, ->findings, ->notes */
};

void replay_handover_free(struct replay_handover *h);
/* All that was held against the log is equal, and all checks hold; also if it was not made. */
bool replay_handover_holds(const struct replay_handover *h);

#endif
