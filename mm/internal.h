/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MM_INTERNAL_H
#define MM_INTERNAL_H

#include "mm/mm.h"

/* Fills ->movable_start of the nodes, which are there, as are the ranges of zones. */
void mm_find_movable(struct mm *mm);

/* Counts what is free in ->zones; the runs must have ended. */
void mm_count_free(struct mm *mm);

#endif
