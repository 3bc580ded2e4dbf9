/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: the hand-over to the page allocator goes to the simulator */
#ifndef RT_INTERNAL_H
#define RT_INTERNAL_H

#include <linux/mm.h>

#include "mm_init.h"

extern bool mirrored_kernelcore;

#endif
