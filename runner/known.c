// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests that fail by bugs that are known of a memblock.c are expected to; engine/bugs.c has the bugs. */
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/file.h"
#include "runner/internal.h"

/* Gives the bug to the test if one of its globs fits. */
static void mark(struct runner_test *t, const char *suite, const struct engine_bug *bug)
{
	char *globs = array_strdup(bug->tests), *save = NULL;

	for (char *g = strtok_r(globs, " ", &save); g; g = strtok_r(NULL, " ", &save))
		if (plan_glob_fits(g, suite, t->name))
			t->bug = bug;
	free(globs);
}

void known_find(const struct engine *e, struct runner_plan *plan)
{
	bool *there = engine_find_bugs(engine_info(e));
	const struct engine_bug *bug;

	for (size_t n = 0; (bug = engine_bug(n)); n++) {
		if (!there[n])
			continue;
		for (size_t i = 0; i < plan->nr; i++) {
			struct runner_suite *suite = &plan->suites[i];

			for (size_t k = 0; k < suite->nr; k++)
				mark(&suite->tests[k], suite->name, bug);
		}
	}
	free(there);
}

void known_judge(struct runner_test *t, bool strict)
{
	const struct engine_bug *bug = t->bug;

	if (!bug || (t->status != RUNNER_FAILED && t->status != RUNNER_PASSED) ||
	    (t->status == RUNNER_FAILED && strict))
		return;
	free(t->reason);
	if (t->status == RUNNER_FAILED) {
		t->status = RUNNER_KNOWN;
		t->reason = file_path("%s(): %s; %s%s", bug->function, bug->what,
				      bug->fix ? "mended by " : "not mended upstream",
				      bug->fix ? bug->fix : "");
	} else {
		t->status = RUNNER_FAILED;
		t->reason = file_path("passes, though %s() has a known bug: %s", bug->function,
				      bug->what);
	}
}
