// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Logs that are cut at any line, from either side, or in which any single line is damaged: there is a report
 * or a clear error, whatever is asked for. `make check` does a part of them; with MBSIM_ALL set in the
 * environment every line is tried.
 */
#include <stdlib.h>
#include <string.h>

#include "kunit/test.h"
#include "lib/array.h"
#include "lib/file.h"
#include "report/replay.h"
#include "tests/unit/layout.h"

#define SAMPLE 23 /* every so many lines, if not all; no divisor of anything */

static const struct captured {
	const char *name, *path;
} logs[] = {
	{ "one_node", "tests/data/boots/amd64-6.12-2g-bios.log.xz" },
	{ "movable_node", "tests/data/boots/amd64-6.12-4g-movable-node.log.xz" },
};

/* The lines of one log, up to where the captured files begin. */
struct lines {
	char *text, *damaged;
	char **v;
	size_t nr, room;
};

static void read_lines(struct kunit *test, const char *path, struct lines *l)
{
	size_t len;
	char *next, *end, *line;

	l->text = read_text(test, path, &len);
	l->damaged = array_resize(NULL, 2 * len + 4096, 1);
	end = strstr(l->text, "@@@@");
	if (end)
		*end = '\0';
	for (next = l->text; (line = strsep(&next, "\n")) && next;)
		/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
		ARRAY_APPEND(l->v, l->nr, l->room) = line;
}

enum damage {
	CUT_BEHIND,
	CUT_BEFORE,
	DELETED,
	TORN,
	DIGITS,
	GARBAGE,
	DOUBLED,
	SWAPPED,
	NEXT_JOINED,
	NR_DAMAGES,
};

static const char *const names[NR_DAMAGES] = {
	"cut_behind", "cut_before", "deleted", "torn",	      "digits",
	"garbage",    "doubled",    "swapped", "next_joined",
};

/* A line with its digits or its characters changed, always in the same way. */
static size_t spoil(char *to, const char *line, enum damage damage, unsigned int *seed)
{
	size_t n = strlen(line);

	for (size_t i = 0; i < n; i++) {
		bool digit = line[i] >= '0' && line[i] <= '9';

		to[i] = line[i];
		if (damage == DIGITS && digit && !random_number(seed, 3))
			to[i] = "0123456789abcdef"[random_number(seed, 16)];
		if (damage == GARBAGE && !random_number(seed, 4))
			to[i] = 1 + random_number(seed, 255);
		if (to[i] == '\n')
			to[i] = ' ';
	}
	return n;
}

static size_t copy(char *to, const char *line)
{
	return stpcpy(stpcpy(to, line), "\n") - to;
}

/* The log with line @at damaged; how long it is. */
static size_t damage_log(struct lines *l, size_t at, enum damage damage)
{
	unsigned int seed = at * NR_DAMAGES + damage;
	size_t n = 0;

	for (size_t i = 0; i < l->nr; i++) {
		const char *line = l->v[i];

		if ((damage == CUT_BEHIND && i > at) || (damage == CUT_BEFORE && i < at) ||
		    (damage == DELETED && i == at))
			continue;
		if (damage == SWAPPED && at + 1 < l->nr && (i == at || i == at + 1))
			line = l->v[i == at ? at + 1 : at];
		if (i == at && (damage == DIGITS || damage == GARBAGE)) {
			n += spoil(l->damaged + n, line, damage, &seed);
			l->damaged[n++] = '\n';
			continue;
		}
		n += copy(l->damaged + n, line);
		if (i == at && damage == DOUBLED)
			n += copy(l->damaged + n, line);
		if (i == at && damage == TORN)
			n -= random_number(&seed, strlen(line) + 1) / 2 + 1;
		if (i == at && damage == TORN)
			l->damaged[n++] = '\n';
		if (i == at && damage == NEXT_JOINED)
			n--;
	}
	l->damaged[n] = '\0';
	return n;
}

static void tell(const struct replay_result *r)
{
	const struct report_replay what = { .verbose = true,
					    .state = true,
					    .has_who = true,
					    .who = 0x1000000,
					    .largest = 3,
					    .has_by = true,
					    .by = REPLAY_BY_CALLER };
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		array_die();
	report_replay_text(r, &what, out);
	report_replay_json(r, &what, out);
	fclose(out);
	free(text);
}

/* What must be true of every result. */
static bool is_sound(const struct replay_result *r)
{
	const struct replay_whatif *w = r->whatif;
	size_t fates = 0;

	for (size_t i = 0; w && i < REPLAY_NR_FATES; i++)
		fates += w->fates[i];
	if (w && r->exit.end == ENGINE_RETURNED && fates != r->allocations)
		return false;
	return r->allocations == r->identical + r->different && r->dumps_equal <= r->dumps &&
	       r->exit.end != ENGINE_TIMED_OUT && r->exit.end != ENGINE_FAULTED &&
	       (r->exit.end == ENGINE_RETURNED || *r->exit.text);
}

static struct engine *engine;

/* Replayed in one way or another; what is wrong, or NULL. */
static const char *replay(const struct lines *l, size_t len, size_t round)
{
	struct range half = { 0x40000000, 0x60000000 };
	const char *drop = "acpi_*";
	struct replay_options o = { .timeout_ms = 5000, .mode = (enum replay_mode)(round % 3) };
	struct replay_result r;
	struct error err = { 0 };
	struct replay_log *log = replay_parse("damaged", l->damaged, len, 0, &err);
	struct layout *layout, *machine;
	bool sound;

	if (!log)
		return *err.text && !strchr(err.text, '\n') ? NULL : "no clear error";
	if (round % 4 == 1) {
		o.change = (struct replay_change){
			.without = &half, .nr_without = 1, .drop = &drop, .nr_drop = 1
		};
		o.mode = REPLAY_PREDICT;
	}
	machine = replay_machine(log, NULL);
	o.layout = round % 2 ? machine : NULL;
	replay_run(engine, log, &o, &r);
	sound = is_sound(&r);
	tell(&r);
	layout = replay_layout(log, &r, &o.change);
	layout_free(layout);
	layout_free(machine);
	replay_result_release(&r);
	replay_log_free(log);
	return sound ? NULL : "an impossible result";
}

static void any_line(struct kunit *test)
{
	const char *path = ((const struct captured *)test->param_value)->path;
	size_t step = getenv("MBSIM_ALL") ? 1 : SAMPLE, round = 0;
	struct lines l = { 0 };

	read_lines(test, path, &l);
	for (int damage = 0; damage < NR_DAMAGES; damage++)
		for (size_t at = damage % step; at < l.nr; at += step) {
			size_t len = damage_log(&l, at, (enum damage)damage);
			const char *wrong = replay(&l, len, round++);

			KUNIT_EXPECT_TRUE(test, !wrong, "%s: line %zu, %s: %s", path, at + 1,
					  names[damage], wrong);
		}
	KUNIT_EXPECT_GT(test, round, 100);
	free(l.v);
	free(l.text);
	free(l.damaged);
}

static int open_it(struct kunit_suite *suite)
{
	struct engine_request req = { .quiet = true };

	(void)suite;
	engine = engine_open(&req, NULL);
	return 0;
}

static void close_it(struct kunit_suite *suite)
{
	(void)suite;
	engine_close(engine);
}

static int need_engine(struct kunit *test)
{
	if (!engine)
		kunit_skip(test, "no kernel sources");
	return 0;
}

KUNIT_ARRAY_PARAM_DESC(logs, logs, name);

static struct kunit_case cases[] = { KUNIT_CASE_PARAM(any_line, logs_gen_params), {} };

static struct kunit_suite suite = {
	.name = "replay_damage",
	.suite_init = open_it,
	.suite_exit = close_it,
	.init = need_engine,
	.test_cases = cases,
};
kunit_test_suite(suite);
