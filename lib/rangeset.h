/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LIB_RANGESET_H
#define LIB_RANGESET_H

#include <stddef.h>

#include "lib/range.h"

/* A set of addresses, as sorted, disjoint ranges that do not touch. Zeroed, it is empty. */
struct rangeset {
	struct range *v;
	size_t nr, room;
};

/* Index of the first range that ends behind @address; ->nr if there is none. */
size_t rangeset_after(const struct rangeset *s, uint64_t address);
bool rangeset_contains(const struct rangeset *s, uint64_t address);
/* Adds @r, joined with what it overlaps or touches; empty ranges are nothing. */
void rangeset_add(struct rangeset *s, struct range r);
void rangeset_remove(struct rangeset *s, struct range r);
uint64_t rangeset_size(const struct rangeset *s);
/* Empty, with its memory kept for reuse. */
void rangeset_clear(struct rangeset *s);
void rangeset_release(struct rangeset *s);

#endif
