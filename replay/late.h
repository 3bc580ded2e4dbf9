/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPLAY_LATE_H
#define REPLAY_LATE_H

#include "replay/handover.h"
#include "replay/internal.h"

/* For replay/ alone: the hand-over of a replay as it goes. */

enum late_kind {
	LATE_HAND_OVER,
	LATE_DEFERRED, /* struct pages that were left are initialised */
	LATE_MEMORY,   /* the line "Memory:" */
	LATE_FREED,
};

struct late_step {
	unsigned int line;
	enum late_kind kind;
	size_t freed; /* index in ->told */
};

struct late {
	struct replay *p;
	struct replay_handover *h;
	const struct layout *layout;
	struct boot *boot;
	struct late_step *steps; /* by line */
	size_t nr, room, next;
	bool deferred_known;  /* the log tells whether struct pages were left */
	uint64_t sized_pages; /* freed, of which the map of pages knows nothing */
	int *deferred;	      /* nodes, here */
	size_t nr_deferred, room_deferred;
};

/* handover-freed.c */
/* "Freeing X memory": frees these pages if their address is known. */
void late_take_freed(struct late *h, const struct replay_told_freed *told);
/* A call of memblock_free_late(), before it is made. */
void late_note_free_late(struct late *h, const struct replay_event *e, struct range range);
/* Frees whole pages of this range of addresses, as free_reserved_area() does. */
void late_free_pages(struct late *h, struct range range);
/* What becomes free when all is over: areas of CMA, gigantic pages. */
void late_take_rest(struct late *h);

/* handover-compare.c */
void late_compare(struct late *h);
void late_compare_memory(struct late *h);

/* handover-plugged.c: memory that came after the boot, into ->zones */
void late_add_plugged(struct late *h);

/* handover.c */
void late_not_held(struct late *h, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
uint64_t late_page_size(const struct late *h);

#endif
