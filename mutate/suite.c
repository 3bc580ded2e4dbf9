// SPDX-License-Identifier: GPL-2.0-or-later
/* The tests of suite/ in a mutant, without those that the unchanged memblock.c fails as well. */
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "mutate/internal.h"
#include "runner/runner.h"

/* Of a test, processor time: a mutant that never ends is not waited for. */
#define TIMEOUT_MS 3000

struct running {
	struct mutate_config *config;
	bool learn;
	char *failed; /* 300 bytes */
};

static bool is_known(const struct mutate_config *c, const char *suite, const char *test)
{
	size_t n = strlen(suite);

	for (size_t i = 0; i < c->nr_known; i++)
		if (!strncmp(c->known[i], suite, n) && c->known[i][n] == '.' &&
		    !strcmp(c->known[i] + n + 1, test))
			return true;
	return false;
}

/* Takes the known ones out of the plan, to its end. */
static void leave_out(struct runner_plan *plan, const struct mutate_config *c)
{
	plan->total = 0;
	for (size_t i = 0; i < plan->nr; i++) {
		struct runner_suite *s = &plan->suites[i];
		size_t left = 0;

		for (size_t k = 0; k < s->nr; k++) {
			struct runner_test t = s->tests[k];

			if (is_known(c, s->name, t.name))
				free(t.name);
			else
				s->tests[left++] = t;
		}
		s->nr = left;
		plan->total += left;
	}
}

static void done(void *data, const struct runner_suite *suite, const struct runner_test *test)
{
	struct running *r = data;
	struct mutate_config *c = r->config;

	if (test->status == RUNNER_KNOWN && r->learn)
		ARRAY_APPEND(c->known, c->nr_known, c->room_known) =
			array_format("%s.%s", suite->name, test->name);
	if (test->status == RUNNER_FAILED && !*r->failed)
		snprintf(r->failed, 300, "%s.%s", suite->name, test->name);
}

int suite_run(struct engine *e, unsigned int jobs, struct mutate_config *config, bool learn,
	      char failed[300], struct error *err)
{
	const struct runner_options options = {
		.timeout_ms = TIMEOUT_MS,
		.jobs = jobs,
		.stop_on_failure = true,
	};
	struct running r = { config, learn, failed };
	struct runner_plan plan;
	int ret;

	*failed = '\0';
	runner_plan(e, &options, &plan);
	leave_out(&plan, config);
	ret = runner_run(e, &options, &plan, done, &r, err);
	runner_plan_release(&plan);
	return ret;
}
