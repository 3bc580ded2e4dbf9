/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LIB_CLOCK_H
#define LIB_CLOCK_H

#include <time.h>

/* Seconds since some moment in the past, which go on whatever is done to the time of day. */
static inline double clock_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

#endif
