/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LAYOUT_CHECK_H
#define LAYOUT_CHECK_H

#include <inttypes.h>

#include "layout/layout.h"

/* What the parts of layout_check() share. */

#define RANGE_FMT "0x%" PRIx64 "-0x%" PRIx64
#define RANGE_ARG(r) (r).start, (r).end - 1

/* A note of layout_check(). */
void check_note(struct layout *l, enum layout_severity severity, struct srcpos pos, const char *fmt,
		...) __attribute__((format(printf, 4, 5)));

#define PLACE_MAX 300

/* Where the other fact is: "line 7" of the same source, or another source. Returns @text. */
const char *check_place(struct srcpos pos, struct srcpos other, char text[PLACE_MAX]);

/*
 * The @nr elements of @size bytes at @first, which begin with a struct range, by address; the
 * caller frees.
 */
const void **check_sort(const void *first, size_t nr, size_t size);

void check_node_facts(struct layout *l);   /* check-nodes.c */
void check_reservations(struct layout *l); /* check-taken.c */
void check_wishes(struct layout *l);

#endif
