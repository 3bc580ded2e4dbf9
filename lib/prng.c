// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/prng.h"

static uint64_t rotate(uint64_t x, int by)
{
	return x << by | x >> (64 - by);
}

static uint64_t splitmix(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

void prng_seed(struct prng *p, uint64_t seed, const char *name)
{
	uint64_t hash = 0xcbf29ce484222325ULL; /* FNV-1a */

	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * 0x100000001b3ULL;
	/* mixed first, so that neighbouring seeds and alike names have nothing in common */
	seed = splitmix(&seed) ^ hash;
	for (int i = 0; i < 4; i++)
		p->s[i] = splitmix(&seed);
}

uint64_t prng_next(struct prng *p)
{
	uint64_t *s = p->s, result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate(s[3], 45);
	return result;
}

/* What does not fit is drawn again: every number is as likely. */
uint64_t prng_below(struct prng *p, uint64_t n)
{
	uint64_t mask = n > 1 ? UINT64_MAX >> __builtin_clzll(n - 1) : 0, value;

	if (n <= 1)
		return 0;
	do
		value = prng_next(p) & mask;
	while (value >= n);
	return value;
}

uint64_t prng_between(struct prng *p, uint64_t low, uint64_t high)
{
	if (high <= low)
		return low;
	return high - low == UINT64_MAX ? prng_next(p) : low + prng_below(p, high - low + 1);
}

static unsigned int log2_of(uint64_t value)
{
	return value ? 63 - __builtin_clzll(value) : 0;
}

uint64_t prng_magnitude(struct prng *p, uint64_t low, uint64_t high)
{
	uint64_t power = 1ULL << prng_between(p, log2_of(low), log2_of(high));
	uint64_t first = power > low && power > 1 ? power : low, last = power - 1 + power;

	return prng_between(p, first, last < high ? last : high);
}
