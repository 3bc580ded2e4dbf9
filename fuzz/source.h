/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef FUZZ_SOURCE_H
#define FUZZ_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "lib/prng.h"

/*
 * Where the generator's choices come from: random numbers, or bytes of somebody else's, such as
 * libFuzzer's, which then learns what they mean. When the bytes are used up every choice is the first
 * one.
 */
struct source {
	struct prng *prng; /* or NULL */
	const uint8_t *bytes;
	size_t left;
};

static inline bool source_ended(const struct source *s)
{
	return !s->prng && !s->left;
}

/* Uniformly from [0, @n), @n from 1 to 2^32; by multiplication, as it is done for every argument. */
static inline uint32_t source_below(struct source *s, uint32_t n)
{
	uint32_t value = 0;
	size_t take = n <= 256 ? 1 : n <= 65536 ? 2 : 4;

	if (s->prng)
		return (uint32_t)((prng_next(s->prng) >> 32) * n >> 32);
	if (take > s->left)
		take = s->left;
	memcpy(&value, s->bytes, take);
	s->bytes += take;
	s->left -= take;
	return n ? value % n : 0;
}

/* True once in @n times. */
static inline bool source_once_in(struct source *s, uint32_t n)
{
	return source_below(s, n) == n - 1;
}

static inline uint64_t source_bits(struct source *s)
{
	uint64_t high = (uint64_t)source_below(s, UINT32_MAX) << 32;

	return high | source_below(s, UINT32_MAX);
}

#endif
