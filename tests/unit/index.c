// SPDX-License-Identifier: GPL-2.0-or-later
/* The index of numbers by keys, beside a plain array of them. */
#include <string.h>

#include "kunit/test.h"
#include "lib/array.h"
#include "lib/index.h"
#include "lib/prng.h"

#define MANY 4000

static struct index_entry model[MANY];
static size_t model_nr;

/* Where the first of @key or more is in the model, which is sorted. */
static size_t model_find(uint64_t key)
{
	size_t i = 0;

	while (i < model_nr && model[i].key < key)
		i++;
	return i;
}

static void add(struct index *x, uint64_t key, size_t value)
{
	size_t i = model_find(key);

	index_add(x, key, value);
	memmove(&model[i + 1], &model[i], (model_nr - i) * sizeof(*model));
	model[i] = (struct index_entry){ key, value };
	model_nr++;
}

static void expect_same(struct kunit *test, const struct index *x)
{
	struct index_place place = index_find(x, 0);
	const struct index_entry *entry;
	size_t i = 0;

	for (; (entry = index_at(x, place)); place = index_next(x, place), i++) {
		const struct index_entry *before = index_before(x, place);

		KUNIT_ASSERT_LT(test, i, model_nr);
		KUNIT_ASSERT_EQ(test, entry->key, model[i].key);
		KUNIT_ASSERT_EQ(test, entry->value, model[i].value);
		KUNIT_ASSERT_EQ(test, !before, !i);
		if (before)
			KUNIT_ASSERT_EQ(test, before->value, model[i - 1].value);
	}
	KUNIT_EXPECT_EQ(test, i, model_nr);
}

/* Removes all of [@from, @to), in one go. */
static void remove_range(struct index *x, uint64_t from, uint64_t to)
{
	struct index_place place = index_find(x, from);
	size_t i = model_find(from), n = model_find(to) - i;
	const struct index_entry *entry;

	while ((entry = index_at(x, place)) && entry->key < to)
		place = index_remove_at(x, place);
	memmove(&model[i], &model[i + n], (model_nr - i - n) * sizeof(*model));
	model_nr -= n;
}

static const struct order {
	const char *name;
	uint64_t step; /* from key to key; 0: at random */
	uint64_t keys; /* how many there are */
} orders[] = {
	{ "upwards", 1, UINT64_MAX }, { "downwards", -1ULL, UINT64_MAX },
	{ "random", 0, UINT64_MAX },  { "few_keys", 0, 7 },
	{ "one_key", 0, 1 },
};

KUNIT_ARRAY_PARAM_DESC(order, orders, name);

static void as_an_array(struct kunit *test)
{
	const struct order *o = test->param_value;
	struct index x = { 0 };
	struct prng random;
	uint64_t key = 1ULL << 40;

	prng_seed(&random, 1, o->name);
	model_nr = 0;
	for (size_t i = 0; i < MANY; i++, key += o->step) {
		if (!o->step)
			key = prng_below(&random, o->keys);
		if (i % 64 == 63) {
			uint64_t from = model[prng_below(&random, model_nr)].key;

			remove_range(&x, from, from + prng_below(&random, 40) + (i % 3 ? 0 : 1));
		}
		if (i % 500 == 0)
			expect_same(test, &x);
		add(&x, key, i);
	}
	expect_same(test, &x);
	remove_range(&x, 0, UINT64_MAX);
	expect_same(test, &x);
	KUNIT_EXPECT_NULL(test, index_at(&x, index_find(&x, 0)));
	index_release(&x);
}

static struct kunit_case cases[] = { KUNIT_CASE_PARAM(as_an_array, order_gen_params), {} };

static struct kunit_suite suite = { .name = "index", .test_cases = cases };

kunit_test_suite(suite);
