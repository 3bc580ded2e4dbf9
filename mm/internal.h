/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MM_INTERNAL_H
#define MM_INTERNAL_H

#include "mm/mm.h"

/* Fills ->zones from the memory and what is free; the runs must have ended. */
void mm_count_zones(struct mm *mm);

#endif
