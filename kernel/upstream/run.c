// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lists the tests of the kernel's own simulator, and runs the one that the simulator asks for. A
 * test is known by its place: the how-manieth it is that a function of main()'s calls.
 */
#include <linux/kernel.h>
#include <linux/mm.h>

#include "kernel/upstream/upstream.h"
#include "rt.h"

#define NAME_SIZE 160

struct entry {
	struct entry *next;
	const struct rt_upstream_group *group;
	unsigned int place; /* counts from 1 */
	int (*test)(void);
	char suite[NAME_SIZE], name[NAME_SIZE];
};

static struct entry *entries, **last = &entries;

/* Of the group that is being called. */
static const struct rt_upstream_group *group;
static unsigned int place, wanted; /* none is wanted: tests are being listed */
static const char *prefix;
static unsigned int prefixes;

static void write_text(struct kunit_run *run, const char *text, unsigned long length)
{
	(void)run;
	rt_host.test_text(text, length);
}

static void leave(struct kunit_run *run)
{
	(void)run;
	rt_printk_flush();
	rt_host.leave(RT_LEFT, "");
}

static void fails(struct kunit_run *run)
{
	(void)run;
	rt_host.test_failed();
}

static struct kunit_run run = { .write = write_text, .leave = leave, .fails = fails };
static struct kunit test = { .run = &run };

const char *rt_upstream_push(const char *name)
{
	if (!prefixes++)
		prefix = name;
	return name;
}

void rt_upstream_pop(void)
{
	if (prefixes)
		prefixes--;
}

void rt_upstream_reset(void)
{
	prefixes = 0;
}

/* Two calls of a test that nothing else tells apart are numbered. */
static void make_unique(struct entry *e)
{
	size_t len = strlen(e->name);
	unsigned int number = 1;

	for (const struct entry *other = entries; other; other = other->next) {
		if (strcmp(other->suite, e->suite) || strcmp(other->name, e->name))
			continue;
		snprintf(e->name + len, NAME_SIZE - len, "/%u", ++number);
		other = entries;
	}
}

static void note(const char *name, const char *direction, int (*fn)(void))
{
	struct entry *e = rt_alloc(sizeof(*e));

	*e = (struct entry){ .group = group, .place = place, .test = fn };
	snprintf(e->suite, NAME_SIZE, "upstream_%s", prefixes ? prefix : group->file);
	snprintf(e->name, NAME_SIZE, "%s%s", name, direction);
	make_unique(e);
	*last = e;
	last = &e->next;
}

bool rt_upstream_enter(const char *name, const char *direction, int (*fn)(void))
{
	place++;
	if (!wanted)
		note(name, direction, fn);
	if (!wanted || place != wanted)
		return false;
	rt_host.test_stands();
	return true;
}

int rt_upstream_leave(void)
{
	leave(&run);
	return 0;
}

/* Of what is no assertion. */
static void fail(const char *fmt, ...)
{
	char text[KUNIT_NAME_SIZE + 512];
	va_list args;
	size_t n;

	test.status = KUNIT_FAILURE;
	rt_host.test_failed();
	n = scnprintf(text, sizeof(text), "# %s: ", test.name);
	va_start(args, fmt);
	vsnprintf(text + n, sizeof(text) - n, fmt, args);
	va_end(args);
	rt_host.test_text(text, strlen(text));
	rt_host.test_text("\n", 1);
}

/*
 * A test that counts on the regions that another one left is run twice; what the first time makes
 * of it does not matter, as long as it leaves its regions.
 */
static int (*stale)(void);
static bool rehearsing;

static void run_stale(void)
{
	rehearsing = false;
	rt_host.test_stands();
	stale();
	leave(&run);
}

static int rehearse(void)
{
	rehearsing = true;
	stale();
	run_stale();
	return 0;
}

int (*rt_upstream_runner(int (*fn)(void), bool is_stale))(void)
{
	stale = fn;
	return is_stale ? rehearse : fn;
}

long rt_upstream_without(const char *name)
{
	if (rt_upstream_foreign)
		kunit_skip(&test, "this kernel has no %s", name);
	fail("this kernel has no %s, which its own test uses", name);
	kunit_leave(&test);
}

/* While tests are listed there is none that could fail: it will, when its turn comes. */
void rt_upstream_differ(const struct kunit_site *site, struct kunit_value left,
			struct kunit_value right)
{
	if (rehearsing)
		run_stale();
	if (!wanted)
		return;
	kunit_fail_int(&test, site, left, right, " ");
	kunit_leave(&test);
}

void rt_upstream_assert(const char *expression, const char *file, int line)
{
	const struct kunit_site site = { "assert()", file, line, expression, "is true", "" };

	if (rehearsing)
		run_stale();
	if (!wanted)
		return;
	kunit_fail(&test, &site, " ");
	kunit_leave(&test);
}

void rt_upstream_exit(int status)
{
	fail("exit(%d) was called", status);
	kunit_leave(&test);
}

static void call(const struct rt_upstream_group *which)
{
	group = which;
	place = 0;
	prefixes = 0;
	which->run();
}

static void list_unbuilt(void (*found)(void *data, const struct rt_test *test), void *data)
{
	for (const struct rt_upstream_unbuilt *u = rt_upstream_unbuilt; u->file; u++) {
		char suite[NAME_SIZE];
		const struct rt_test t = { .suite = suite, .name = "compiles", .of_case = u };

		snprintf(suite, sizeof(suite), "upstream_%s", u->file);
		found(data, &t);
	}
}

void rt_test_list(void (*found)(void *data, const struct rt_test *test), void *data)
{
	for (const struct rt_upstream_group *g = rt_upstream_groups; g->run; g++)
		call(g);
	for (const struct entry *e = entries; e; e = e->next) {
		const struct rt_test t = {
			.suite = e->suite,
			.name = e->name,
			.of_suite = e->group,
			.parameter = e->place,
			.code = (unsigned long)e->test,
		};

		found(data, &t);
	}
	list_unbuilt(found, data);
}

static void run_unbuilt(const struct rt_upstream_unbuilt *u)
{
	if (u->api && rt_upstream_foreign)
		kunit_skip(&test, "not for this memblock: %s", u->error);
	fail("cannot be compiled: %s", u->error);
}

/* The tests could not be listed: what came in the way is the result of this one. */
static void list_nothing(void *data, const struct rt_test *t)
{
	(void)data, (void)t;
}

void rt_test_run(const struct rt_test *t)
{
	if (!t->of_suite && !t->of_case) {
		rt_test_list(list_nothing, NULL);
		return;
	}
	snprintf(test.name, sizeof(test.name), "%s.%s", t->suite, t->name);
	wanted = 1;
	if (t->of_case) {
		run_unbuilt(t->of_case);
		return;
	}
	wanted = t->parameter;
	call(t->of_suite);
	fail("it was listed, but is not called");
}

void rt_test_exit(void)
{
}

enum rt_test_status rt_test_status(const char **reason)
{
	*reason = test.skip_reason;
	switch (test.status) {
	case KUNIT_SUCCESS:
		return RT_TEST_PASSED;
	case KUNIT_SKIPPED:
		return RT_TEST_SKIPPED;
	default:
		return RT_TEST_FAILED;
	}
}
