/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HANDOVER_INTERNAL_H
#define HANDOVER_INTERNAL_H

#include "call/script.h"
#include "handover/handover.h"

/* A script's hand-over, and the calls before it, which messages of checks name. */
struct handover_script {
	struct script_extra extra;
	struct engine *e;
	struct handover h;
	struct mm *mm; /* NULL: memblock has its memory still */
	bool done;     /* it was handed over */
	struct check_state state;
	struct check_call *calls;
	size_t nr_calls, room_calls;
	char **lines; /* "line 3", of each call */
	size_t nr_lines, room_lines;
	unsigned int line; /* of the last of ->lines */
};

/* statements.c: the line as who made a call */
const char *handover_script_line(struct handover_script *hs, unsigned int line);

/* check.c: check [NAME...] */
int handover_script_check(struct script *s, size_t first, void *data);

/* pages.c: statements for what follows the hand-over */
int handover_script_alloc(struct script *s, size_t first, void *data);
int handover_script_free_pages(struct script *s, size_t first, void *data);
int handover_script_free_reserved(struct script *s, size_t first, void *data);
int handover_script_nr_free(struct script *s, size_t first, void *data);
int handover_script_page(struct script *s, size_t first, void *data);
int handover_script_buddyinfo(struct script *s, size_t first, void *data);
int handover_script_zoneinfo(struct script *s, size_t first, void *data);

#endif
