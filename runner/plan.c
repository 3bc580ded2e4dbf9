// SPDX-License-Identifier: GPL-2.0-or-later
/* Which tests are run, and in which order. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/file.h"
#include "runner/internal.h"

struct listing {
	struct engine *e;
	struct runner_plan *plan;
	const struct runner_options *options;
};

bool plan_glob_fits(const char *glob, const char *suite, const char *name)
{
	char *full = file_path("%s.%s", suite, name);
	bool fits = !fnmatch(glob, suite, 0) || !fnmatch(glob, full, 0);
	char *slash = strrchr(full, '/');

	for (; !fits && slash; slash = strrchr(full, '/')) {
		*slash = '\0';
		fits = !fnmatch(glob, full, 0);
	}
	free(full);
	return fits;
}

static bool is_wanted(struct listing *l, const struct rt_test *test)
{
	bool wanted = !l->options->nr_globs;

	for (size_t i = 0; i < l->options->nr_globs; i++) {
		if (!plan_glob_fits(l->options->globs[i], test->suite, test->name))
			continue;
		l->options->used[i] = true;
		wanted = true;
	}
	return wanted;
}

static struct runner_suite *find_suite(struct runner_plan *plan, const char *name)
{
	for (size_t i = plan->nr; i--;)
		if (!strcmp(plan->suites[i].name, name))
			return &plan->suites[i];
	ARRAY_APPEND(plan->suites, plan->nr, plan->room) =
		(struct runner_suite){ .name = array_strdup(name) };
	return &plan->suites[plan->nr - 1];
}

static void found(void *data, const struct rt_test *test)
{
	struct listing *l = data;
	struct runner_test own = { .rt = *test };
	struct runner_suite *suite;

	if (!is_wanted(l, test))
		return;
	suite = find_suite(l->plan, test->suite);
	own.name = array_strdup(test->name);
	own.rt.suite = suite->name;
	own.rt.name = own.name;
	ARRAY_APPEND(suite->tests, suite->nr, suite->room) = own;
	l->plan->total++;
}

static int by_suite(const void *a, const void *b)
{
	return strcmp(((const struct runner_suite *)a)->name,
		      ((const struct runner_suite *)b)->name);
}

/* splitmix64 */
static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static void shuffle(void *base, size_t nr, size_t size, uint64_t *state)
{
	char *v = base, *spare = array_resize(NULL, 1, size);

	for (size_t i = nr; i > 1; i--) {
		size_t k = next_random(state) % i;

		memcpy(spare, v + (i - 1) * size, size);
		memcpy(v + (i - 1) * size, v + k * size, size);
		memcpy(v + k * size, spare, size);
	}
	free(spare);
}

static void call_list(void *arg)
{
	struct listing *l = arg;

	engine_ops(l->e)->test_list(found, l);
}

void runner_plan(struct engine *e, const struct runner_options *options, struct runner_plan *plan)
{
	struct listing l = { .e = e, .plan = plan, .options = options };
	struct engine_exit end;
	uint64_t state = options->seed;

	*plan = (struct runner_plan){ 0 };
	engine_reset(e);
	/* of a kernel's own tests those that group others run, and so may end as any code does */
	if (engine_run(e, call_list, &l, options->timeout_ms, &end) != ENGINE_RETURNED)
		found(&l, &(const struct rt_test){ .suite = "upstream", .name = "list" });
	if (plan->nr)
		qsort(plan->suites, plan->nr, sizeof(*plan->suites), by_suite);
	if (options->shuffle) {
		shuffle(plan->suites, plan->nr, sizeof(*plan->suites), &state);
		for (size_t i = 0; i < plan->nr; i++)
			shuffle(plan->suites[i].tests, plan->suites[i].nr,
				sizeof(*plan->suites[i].tests), &state);
	}
	known_find(e, plan);
}

void runner_plan_release(struct runner_plan *plan)
{
	for (size_t i = 0; i < plan->nr; i++) {
		struct runner_suite *s = &plan->suites[i];

		for (size_t k = 0; k < s->nr; k++) {
			test_forget(&s->tests[k]);
			free(s->tests[k].name);
		}
		free(s->tests);
		free(s->name);
	}
	free(plan->suites);
	*plan = (struct runner_plan){ 0 };
}
