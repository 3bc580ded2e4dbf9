/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPLAY_PREDICTION_H
#define REPLAY_PREDICTION_H

#include "boot/boot.h"
#include "layout/layout.h"

/*
 * What a boot came to, beside what the kernel of the log printed. The boot was given the firmware's facts,
 * the command line, and of the log only what it tells of the kernel's build.
 */

struct prediction_row {
	char *what;	   /* "zone DMA", "Memory: reserved" */
	char *ours, *told; /* as people read them */
	char *why;	   /* as far as that can be known; NULL: equal, or nobody knows */
	unsigned int line; /* of the log; 0: no line */
	bool equal;
	bool given; /* equal, but the layout has it from this line: no prediction */
	bool near;  /* a figure, and within a hundredth */
};

struct prediction {
	struct prediction_row *rows;
	size_t nr, room;
	size_t equal, near, given; /* so many of them */
};

/* Compares; without a log in @l there is no row. The caller releases. */
void prediction_make(struct prediction *p, const struct boot_result *r, const struct layout *l);
void prediction_release(struct prediction *p);

/* Every row is equal, or near. */
bool prediction_holds(const struct prediction *p);

#endif
