/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LIB_RANGE_H
#define LIB_RANGE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * A range of physical addresses in bytes, [start, end). The byte at 2^64 - 1 cannot be
 * in a range; readers cut there (no machine has it).
 */
struct range {
	uint64_t start;
	uint64_t end; /* exclusive */
};

static inline uint64_t range_size(struct range r)
{
	return r.end > r.start ? r.end - r.start : 0;
}

static inline bool range_is_empty(struct range r)
{
	return r.end <= r.start;
}

static inline bool range_contains(struct range r, uint64_t address)
{
	return address >= r.start && address < r.end;
}

static inline struct range range_intersect(struct range a, struct range b)
{
	struct range r = {
		.start = a.start > b.start ? a.start : b.start,
		.end = a.end < b.end ? a.end : b.end,
	};

	if (r.end < r.start)
		r.end = r.start;
	return r;
}

static inline bool range_overlaps(struct range a, struct range b)
{
	return !range_is_empty(range_intersect(a, b));
}

/* The first multiple of @align from @address on; UINT64_MAX if there is none. */
static inline uint64_t range_align_up(uint64_t address, uint64_t align)
{
	uint64_t rest = address % align;

	if (!rest)
		return address;
	return address > UINT64_MAX - (align - rest) ? UINT64_MAX : address + (align - rest);
}

#endif
