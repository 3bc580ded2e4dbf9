/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LIB_PRNG_H
#define LIB_PRNG_H

#include <stdint.h>

/*
 * Pseudo-random numbers that are the same on every machine, with every compiler and in every
 * version of mbsim: xoshiro256** 1.0, seeded by splitmix64, both by Blackman and Vigna, who gave
 * them to the public domain. Nothing here depends on the size of a word or on floating point.
 */
struct prng {
	uint64_t s[4];
};

/*
 * Starts the stream called @name of @seed. Streams of other names are independent, so that what is drawn
 * for one thing does not shift what is drawn for another.
 */
void prng_seed(struct prng *p, uint64_t seed, const char *name);

/* Any 64 bits. */
uint64_t prng_next(struct prng *p);

/* Uniformly from [0, @n); 0 if @n is. */
uint64_t prng_below(struct prng *p, uint64_t n);

/* Uniformly from [@low, @high], both included. */
uint64_t prng_between(struct prng *p, uint64_t low, uint64_t high);

/*
 * From [@low, @high]; each power of two in between is as likely, so that small values come up,
 * too, where the range is wide.
 */
uint64_t prng_magnitude(struct prng *p, uint64_t low, uint64_t high);

#endif
