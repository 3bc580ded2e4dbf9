// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Bugs of memblock's that are known: tests that fail by them are expected to. Whether a memblock.c
 * has one is asked of its text, not of its version, so that stable kernels with the fix,
 * and a developer's own, are judged right. docs/kernel-bugs.md tells the story of each.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/file.h"
#include "runner/internal.h"

static const struct runner_bug bugs[] = {
	{ 0 },
};

/* Takes comments and white space out of C, in place. */
static void squeeze(char *text)
{
	char *to = text;

	for (const char *p = text; *p; p++) {
		if (p[0] == '/' && p[1] == '*') {
			const char *end = strstr(p + 2, "*/");

			p = end ? end + 1 : p + strlen(p) - 1;
		} else if (p[0] == '/' && p[1] == '/') {
			p += strcspn(p, "\n") - 1;
		} else if (!isspace((unsigned char)*p)) {
			*to++ = *p;
		}
	}
	*to = '\0';
}

static char *squeezed(const char *text)
{
	char *copy = array_strdup(text);

	squeeze(copy);
	return copy;
}

/* Behind the parenthesis or brace that closes the one at @open; NULL: none does. */
static const char *behind_pair(const char *open, char left, char right)
{
	int depth = 0;

	for (const char *p = open; *p; p++) {
		depth += (*p == left) - (*p == right);
		if (!depth)
			return p + 1;
	}
	return NULL;
}

/* The body of a function in squeezed C, as a copy; NULL: it is not defined there. */
static char *find_body(const char *text, const char *function)
{
	size_t len = strlen(function);

	for (const char *at = strstr(text, function); at; at = strstr(at + 1, function)) {
		const char *open = at + len, *end;

		if (*open != '(' || !(open = behind_pair(open, '(', ')')) || *open != '{')
			continue;
		end = behind_pair(open, '{', '}');
		return end ? file_path("%.*s", (int)(end - open), open) : NULL;
	}
	return NULL;
}

static bool contains(const char *body, const char *text)
{
	char *wanted = squeezed(text);
	bool there = strstr(body, wanted);

	free(wanted);
	return there;
}

static bool is_there(const char *memblock, const struct runner_bug *bug)
{
	char *body = find_body(memblock, bug->function);
	bool there =
		body && contains(body, bug->has) && !(bug->lacks && contains(body, bug->lacks));

	free(body);
	return there;
}

void known_find(const struct engine *e, struct runner_plan *plan)
{
	char *memblock = file_read(engine_info(e)->memblock, NULL, NULL);

	if (!memblock)
		return;
	squeeze(memblock);
	for (const struct runner_bug *bug = bugs; bug->tests; bug++) {
		if (!is_there(memblock, bug))
			continue;
		for (size_t i = 0; i < plan->nr; i++) {
			struct runner_suite *suite = &plan->suites[i];

			for (size_t k = 0; k < suite->nr; k++)
				if (plan_glob_fits(bug->tests, suite->name, suite->tests[k].name))
					suite->tests[k].bug = bug;
		}
	}
	free(memblock);
}

void known_judge(struct runner_test *t, bool strict)
{
	const struct runner_bug *bug = t->bug;

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
