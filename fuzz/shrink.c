// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Makes sequences smaller: operations are left out, first many at a time, then one by one; then numbers
 * become smaller and rounder, each alone, equal ones together, and all of them by the same shift, so that
 * what depends on how they stand to each other can become smaller, too. Whatever still shows
 * the same difference, and costs less, is kept; until nothing does.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz/internal.h"
#include "lib/array.h"
#include "lib/clock.h"

/* What is not small by then stays as it is. */
#define MAX_SECONDS 5

struct shrinking {
	struct sequence *s;
	struct sequence trial;
	const struct op_table *table;
	shows_fn *shows;
	void *data;
	unsigned int trials, max_trials;
	double until;
};

/* How hard a number is to read: significant digits of hexadecimal count more than zeroes. */
static unsigned int number_cost(uint64_t v)
{
	unsigned int digits, zeroes;

	if (!v)
		return 0;
	/* the last addresses, and -1 */
	if (v > 1ULL << 63)
		return 24 + number_cost(-v);
	digits = (67 - __builtin_clzll(v)) / 4;
	zeroes = __builtin_ctzll(v) / 4;
	/* of the digits, those with one bit are rounder */
	return 1 + 8 * (digits - zeroes) + zeroes + __builtin_popcountll(v);
}

static unsigned int cost(const struct shrinking *k, const struct sequence *s)
{
	unsigned int sum = 0;

	for (size_t i = 0; i < s->nr; i++) {
		const struct rt_call *call = op_call(k->table, &s->v[i]);
		int n = call ? call->nr_args : 1;

		sum += 1000 + number_cost(s->v[i].stride);
		if (call)
			sum += 10 * number_cost(s->v[i].repeat - 1) + 20 * n;
		for (int a = 0; a < n; a++)
			sum += number_cost(s->v[i].args[a]);
	}
	return sum;
}

/* Takes the trial over if it is smaller and still shows it. */
static bool try(struct shrinking *k)
{
	if (k->trials >= k->max_trials)
		return false;
	if (!(k->trials % 16) && clock_seconds() > k->until)
		k->max_trials = 0;
	if (cost(k, &k->trial) >= cost(k, k->s))
		return false;
	k->trials++;
	if (!k->shows(k->data, &k->trial))
		return false;
	k->s->nr = k->trial.nr;
	memcpy(k->s->v, k->trial.v, k->trial.nr * sizeof(*k->s->v));
	return true;
}

static void copy(struct shrinking *k)
{
	k->trial.nr = k->s->nr;
	memcpy(k->trial.v, k->s->v, k->s->nr * sizeof(*k->s->v));
}

static bool leave_out(struct shrinking *k)
{
	bool better = false;

	for (size_t n = k->s->nr / 2; n; n /= 2) {
		for (size_t at = k->s->nr; at > 0;) {
			size_t first = at > n ? at - n : 0, count = at - first;

			at = first;
			if (first + count > k->s->nr)
				continue;
			copy(k);
			memmove(&k->trial.v[first], &k->trial.v[first + count],
				(k->trial.nr - first - count) * sizeof(*k->trial.v));
			k->trial.nr -= count;
			better |= try(k);
		}
	}
	return better;
}

static bool fewer_rounds(struct shrinking *k)
{
	bool better = false;

	for (size_t i = 0; i < k->s->nr; i++) {
		for (unsigned int less = k->s->v[i].repeat / 2; less; less /= 2) {
			while (k->s->v[i].repeat > less) {
				copy(k);
				k->trial.v[i].repeat -= less;
				if (k->trial.v[i].repeat == 1)
					k->trial.v[i].stride = 0;
				if (!try(k))
					break;
				better = true;
			}
		}
	}
	return better;
}

/* Simpler calls that may do as well; arguments are taken over by name. */
static const struct {
	const char *from, *to;
} simpler[] = {
	{ "memblock_add_node", "memblock_add" },
	{ "memblock_alloc_try_nid", "memblock_alloc" },
	{ "memblock_alloc_range_nid", "memblock_phys_alloc_range" },
	{ "memblock_phys_alloc_range", "memblock_phys_alloc" },
	{ "memblock_phys_alloc_try_nid", "memblock_phys_alloc" },
	{ "memblock_alloc", "memblock_phys_alloc" },
};

static bool find_call(const struct op_table *t, const char *name, unsigned int *what)
{
	for (*what = 0; *what < t->nr; ++*what)
		if (!strcmp(t->calls[*what]->name, name))
			return true;
	return false;
}

static bool simpler_calls(struct shrinking *k)
{
	bool better = false;

	/* the last one is what the finding is about */
	for (size_t i = 0; i + 1 < k->s->nr; i++) {
		for (size_t n = 0; n < ARRAY_LEN(simpler); n++) {
			const struct rt_call *from = op_call(k->table, &k->s->v[i]), *to;
			struct op *op = &k->trial.v[i];

			if (!from || strcmp(from->name, simpler[n].from))
				continue;
			copy(k);
			if (!find_call(k->table, simpler[n].to, &op->what))
				continue;
			to = k->table->calls[op->what];
			for (int a = 0; a < RT_MAX_ARGS; a++) {
				int old =
					a < to->nr_args ? op_argument(from, to->args[a].name) : -1;

				op->args[a] = old < 0 ? 0 : k->s->v[i].args[old];
			}
			better |= try(k);
		}
	}
	return better;
}

#define MAX_CANDIDATES 24

/* What a number could be instead. */
static size_t number_candidates(uint64_t v, uint64_t out[MAX_CANDIDATES])
{
	static const uint64_t round[] = { 0, 1, 2, 0x1000, 0x2000, 0x10000, 0x100000, 0x1000000 };
	uint64_t high = v ? 1ULL << (63 - __builtin_clzll(v)) : 0;
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(round); i++)
		out[n++] = round[i];
	out[n++] = UINT64_MAX;
	out[n++] = high;
	out[n++] = high << 1;
	out[n++] = v & ~(high >> 1);
	out[n++] = v & ~(uint64_t)0xfff;
	out[n++] = v & ~(uint64_t)0xfffff;
	out[n++] = (v + 0xfff) & ~(uint64_t)0xfff;
	out[n++] = v & ~(uint64_t)0xf;
	out[n++] = v & (v - 1);
	out[n++] = v >> 1;
	out[n++] = v >> 4;
	out[n++] = v - 1;
	out[n++] = v + 1;
	out[n++] = v - 0x1000;
	out[n++] = -((-v) >> 1);
	return n;
}

/* What an argument of @kind could be instead: only what the kind has. */
static size_t candidates(enum rt_kind kind, uint64_t v, uint64_t out[MAX_CANDIDATES])
{
	size_t n = 0;

	switch (kind) {
	case RT_FLAGS:
		out[n++] = 0;
		for (uint64_t left = v; left && n < MAX_CANDIDATES; left &= left - 1)
			out[n++] = v & ~(left & -left);
		return n;
	case RT_TYPE:
	case RT_STRING:
		return 0;
	case RT_BOOL:
	case RT_NID:
		out[n++] = 0;
		out[n++] = 1;
		out[n++] = UINT64_MAX;
		return kind == RT_BOOL ? 2 : 3;
	case RT_REGION:
		out[n++] = v & ~(uint64_t)UINT32_MAX;
		return n;
	default:
		return number_candidates(v, out);
	}
}

static bool is_number(const struct shrinking *k, size_t i, int a)
{
	const struct rt_call *call = op_call(k->table, &k->s->v[i]);

	return call && a < call->nr_args;
}

/* One that means a number of bytes or the like, whose equals may mean the same. */
static bool is_plain(const struct shrinking *k, size_t i, int a)
{
	const struct rt_call *call = op_call(k->table, &k->s->v[i]);

	return is_number(k, i, a) &&
	       (call->args[a].kind == RT_PHYS || call->args[a].kind == RT_POINTER ||
		call->args[a].kind == RT_NUMBER);
}

/* One argument becomes smaller. */
static bool smaller_numbers(struct shrinking *k)
{
	uint64_t values[MAX_CANDIDATES];
	bool better = false;

	for (size_t i = 0; i < k->s->nr; i++) {
		for (int a = 0; a < RT_MAX_ARGS; a++) {
			size_t n;

			if (!is_number(k, i, a))
				continue;
			n = candidates(op_call(k->table, &k->s->v[i])->args[a].kind,
				       k->s->v[i].args[a], values);
			for (size_t c = 0; c < n; c++) {
				copy(k);
				k->trial.v[i].args[a] = values[c];
				better |= try(k);
			}
		}
		copy(k);
		k->trial.v[i].stride >>= 1;
		better |= k->trial.v[i].stride && try(k);
	}
	return better;
}

/* Wherever @from stands it becomes @to. */
static bool replace_all(struct shrinking *k, uint64_t from, uint64_t to)
{
	copy(k);
	for (size_t i = 0; i < k->trial.nr; i++)
		for (int a = 0; a < RT_MAX_ARGS; a++)
			if (is_plain(k, i, a) && k->trial.v[i].args[a] == from)
				k->trial.v[i].args[a] = to;
	return try(k);
}

static bool smaller_equals(struct shrinking *k)
{
	uint64_t values[MAX_CANDIDATES];
	bool better = false;

	for (size_t i = 0; i < k->s->nr; i++) {
		for (int a = 0; a < RT_MAX_ARGS; a++) {
			uint64_t v = k->s->v[i].args[a];
			size_t n = is_plain(k, i, a) ? number_candidates(v, values) : 0;

			for (size_t c = 0; c < n; c++)
				better |= replace_all(k, v, values[c]);
		}
	}
	return better;
}

static bool is_address(const struct rt_call *call, int a)
{
	static const char *const others[] = { "size", "align", "limit", "memory_limit" };

	if (call->args[a].kind == RT_POINTER)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		if (!strcmp(call->args[a].name, others[i]))
			return false;
	return call->args[a].kind == RT_PHYS;
}

/* All addresses from @from on move down by @by. */
static bool move_down(struct shrinking *k, uint64_t from, uint64_t by)
{
	if (!by || by > from)
		return false;
	copy(k);
	for (size_t i = 0; i < k->trial.nr; i++) {
		const struct rt_call *call = op_call(k->table, &k->trial.v[i]);

		for (int a = 0; call && a < call->nr_args; a++)
			if (is_address(call, a) && k->trial.v[i].args[a] >= from &&
			    k->trial.v[i].args[a] != RT_NULL)
				k->trial.v[i].args[a] -= by;
	}
	return try(k);
}

static bool lower_addresses(struct shrinking *k)
{
	bool better = false;

	for (size_t i = 0; i < k->s->nr; i++) {
		const struct rt_call *call = op_call(k->table, &k->s->v[i]);

		for (int a = 0; call && a < call->nr_args; a++) {
			uint64_t v = k->s->v[i].args[a];

			if (!is_address(call, a))
				continue;
			better |= move_down(k, v, v);
			better |= move_down(k, v, v - 0x1000);
			better |= move_down(k, v, v - (1 << 20));
			better |= move_down(k, v, v / 2 & ~0xfffULL);
			better |= move_down(k, v, v & 0xfff);
		}
	}
	return better;
}

/* Everything becomes smaller by the same factor. */
static bool scale_down(struct shrinking *k)
{
	bool better = false;

	for (unsigned int shift = 1; shift <= 16; shift *= 2) {
		copy(k);
		for (size_t i = 0; i < k->trial.nr; i++) {
			const struct rt_call *call = op_call(k->table, &k->trial.v[i]);

			for (int a = 0; call && a < call->nr_args; a++)
				if ((call->args[a].kind == RT_PHYS ||
				     call->args[a].kind == RT_POINTER) &&
				    strcmp(call->args[a].name, "align") &&
				    k->trial.v[i].args[a] != UINT64_MAX)
					k->trial.v[i].args[a] >>= shift;
			k->trial.v[i].stride >>= shift;
		}
		better |= try(k);
	}
	return better;
}

void shrink(struct sequence *s, const struct op_table *t, unsigned int max_trials, shows_fn *shows,
	    void *data)
{
	static bool (*const passes[])(struct shrinking * k) = {
		leave_out,	fewer_rounds,	 simpler_calls,	  scale_down,
		smaller_equals, smaller_numbers, lower_addresses,
	};
	struct shrinking *k = array_resize(NULL, 1, sizeof(*k));
	bool better = true;

	*k = (struct shrinking){ .s = s,
				 .table = t,
				 .max_trials = max_trials,
				 .shows = shows,
				 .data = data,
				 .until = clock_seconds() + MAX_SECONDS };
	while (better && k->trials < k->max_trials) {
		better = false;
		for (size_t i = 0; i < ARRAY_LEN(passes); i++)
			better |= passes[i](k);
	}
	free(k);
}
