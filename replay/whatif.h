/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPLAY_WHATIF_H
#define REPLAY_WHATIF_H

#include "replay/internal.h"

/* A log's calls that are made again under other conditions. */
struct whatif {
	struct replay p;
	struct trace trace;	    /* of following the log */
	struct replay_result first; /* and what came of that */
	struct replay_whatif *w;
	const struct replay_change *change;
	struct places places;
	size_t *fixed; /* owners of reservations that name their place */
	size_t nr_fixed, room_fixed;
	int *nodes; /* of the memory that there is in addition */

	/* what is said to be no memory, also by the command line */
	struct range *without;
	size_t nr_without, room_without;
	struct rangeset lost; /* and is some in the log */
	uint64_t limit;	      /* how much memory there is to be; 0: all */
	struct whatif_word {
		char *name, *value;
		bool used;
	} * words;
	size_t nr_words, room_words;

	/*
	 * An allocation got memory that it did not get in the log: what the kernel asked for next, in its
	 * place, is this.
	 */
	const struct trace_call *already;
	struct range got_already;
	size_t owner_already;
	bool has_already;

	bool nodes_are_set, allocating, late, kept, freed_dropped;
};

/* whatif-cmdline.c: words of another command line */
void whatif_read_words(struct whatif *w);
void whatif_release_words(struct whatif *w);
/* Gives them to the kernel's handlers; within engine_run(). */
void whatif_give_words(struct whatif *w, bool early);
/* Takes memory away until no more is left than "mem=" allows; within engine_run(). */
void whatif_limit_memory(struct whatif *w);

#endif
