// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs the tests of a plan, and counts how they ended. */
#include <stdlib.h>

#include "lib/array.h"
#include "runner/internal.h"

struct running {
	struct runner_plan *plan;
	const struct runner_options *options;
	runner_done *done;
	void *data;
	struct runner_test **tests;   /* of all suites, in order */
	struct runner_suite **suites; /* of each */
};

static void skip(struct runner_test *t, const char *reason)
{
	test_forget(t);
	t->status = RUNNER_SKIPPED;
	t->reason = array_strdup(reason);
	t->text = array_strdup("");
	t->log = array_strdup("");
}

/* The results of a test are there; false: no more are wanted. */
static bool tell(void *data, size_t i)
{
	struct running *r = data;
	struct runner_suite *suite = r->suites[i];
	const struct runner_test *t = r->tests[i];

	r->plan->counts[t->status]++;
	suite->counts[t->status]++;
	suite->seconds += t->seconds;
	r->done(r->data, suite, t);
	return !(r->options->stop_on_failure && r->plan->counts[RUNNER_FAILED]);
}

static void gather(struct running *r, size_t nr)
{
	size_t n = 0;

	r->tests = array_resize(NULL, nr + 1, sizeof(struct runner_test *));
	r->suites = array_resize(NULL, nr + 1, sizeof(struct runner_suite *));
	for (size_t i = 0; i < r->plan->nr; i++) {
		struct runner_suite *suite = &r->plan->suites[i];

		for (size_t k = 0; k < suite->nr; k++) {
			r->tests[n] = &suite->tests[k];
			r->suites[n++] = suite;
		}
	}
}

int runner_run(struct engine *e, const struct runner_options *options, struct runner_plan *plan,
	       runner_done *done, void *data, struct error *err)
{
	struct running r = { .plan = plan, .options = options, .done = done, .data = data };
	size_t nr = plan->total, told = 0;
	bool more = true;
	int ret = 0;

	gather(&r, nr);
	if (options->skip_all) {
		; /* all of them */
	} else if (options->jobs) {
		ret = workers_run(e, options, r.tests, nr, tell, &r, err);
	} else {
		for (size_t i = 0; i < nr && more; i++) {
			test_run(e, r.tests[i], options);
			more = tell(&r, i);
		}
	}
	for (int s = 0; s < RUNNER_NR_STATUS; s++)
		told += plan->counts[s];
	for (; told < nr && !ret; told++) {
		skip(r.tests[told], "not run: a test before it failed");
		tell(&r, told);
	}
	free(r.tests);
	free(r.suites);
	return ret;
}
