// SPDX-License-Identifier: GPL-2.0-or-later
/* Stands between memblock and the simulator, and keeps what goes by. */
#include <linux/string.h>

#include "kernel/rt/rt.h"
#include "suite/watch.h"

static struct rt_host real;
static struct watched events[4096];
static unsigned int nr_events;
static char log_text[16384];
static size_t log_len;

/* Pages that are told of one by one, in turns of two kinds, are kept as runs. */
static bool extend(int event, rt_u64 a, rt_u64 b, long c)
{
	if (event != RT_RESERVE_PAGES && event != RT_INIT_PAGES)
		return false;
	for (unsigned int i = nr_events; i && i + 2 > nr_events; i--) {
		struct watched *e = &events[i - 1];

		if ((int)e->event == event && e->b == a && e->c == c) {
			e->b = b;
			return true;
		}
	}
	return false;
}

static void on_event(int event, rt_u64 a, rt_u64 b, long c)
{
	if (!extend(event, a, b, c) && nr_events < ARRAY_SIZE(events))
		events[nr_events++] = (struct watched){ event, a, b, c };
	real.event(event, a, b, c);
}

static void on_log(int level, const char *text)
{
	log_len += scnprintf(log_text + log_len, sizeof(log_text) - log_len, "%s\n", text);
	real.log(level, text);
}

void suite_watch(void)
{
	nr_events = 0;
	log_len = 0;
	log_text[0] = '\0';
	if (rt_host.event == on_event)
		return;
	real = rt_host;
	rt_host.event = on_event;
	rt_host.log = on_log;
}

unsigned int suite_count_events(enum rt_event event)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < nr_events; i++)
		count += events[i].event == event;
	return count;
}

const struct watched *suite_event(enum rt_event event, unsigned int nth)
{
	for (unsigned int i = 0; i < nr_events; i++)
		if (events[i].event == event && !nth--)
			return &events[i];
	return NULL;
}

const char *suite_log(void)
{
	rt_printk_flush();
	return log_text;
}

void suite_expect_log(struct kunit *test, const struct kunit_site *site, const char *text,
		      bool there)
{
	const char *log = suite_log();

	if (!!strstr(log, text) != there)
		kunit_fail(test, site, " the log is:\n%s", log);
}

static enum rt_leave wanted_why;
static const char *wanted_text;
static void (*real_leave)(int why, const char *text) __attribute__((noreturn));

static void __attribute__((noreturn)) on_leave(int why, const char *text)
{
	rt_host.leave = real_leave;
	if (why == (int)wanted_why && strstr(text, wanted_text))
		real_leave(RT_LEFT, "");
	real_leave(why, text);
}

void suite_must_end(enum rt_leave why, const char *text)
{
	wanted_why = why;
	wanted_text = text;
	real_leave = rt_host.leave;
	rt_host.leave = on_leave;
}

void suite_may_end(void)
{
	rt_host.leave = real_leave;
}

int suite_param(struct kunit *test, const char *name, const char *value)
{
	int ret = 0;
	int taken = rt_param(name, value, 1, &ret) + rt_param(name, value, 0, &ret);

	KUNIT_ASSERT_GT(test, taken, 0, "memblock takes no %s=", name);
	return ret;
}
