// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Logs of boots that are replayed on mutants. What counts is a difference from the log that the unchanged
 * memblock.c does not have: so a log of another kernel is of use, too, as is one that is incomplete.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "mutate/internal.h"
#include "replay/handover.h"

/* Of processor time: a mutant that never ends is not waited for. */
#define TIMEOUT_MS 3000

void log_words_release(struct log_words *w)
{
	for (size_t i = 0; i < w->nr; i++)
		free(w->v[i]);
	free(w->v);
	*w = (struct log_words){ 0 };
}

const char *log_words_new(const struct log_words *w, const struct log_words *known)
{
	for (size_t i = 0; i < w->nr; i++) {
		size_t k = 0;

		while (k < known->nr && strcmp(w->v[i], known->v[k]))
			k++;
		if (k == known->nr)
			return w->v[i];
	}
	return w->dumps < known->dumps ? "fewer dumps of memblock's arrays are equal" : NULL;
}

void log_release(struct mutate_log *log)
{
	free(log->path);
	replay_log_free(log->log);
	layout_free(log->layout);
	for (size_t i = 0; i < log->nr_changes; i++)
		free((char *)log->changes[i]);
	log_words_release(&log->base);
	*log = (struct mutate_log){ 0 };
}

static int compare_texts(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

/* By the engine that they go with, and then as they were given. */
static int by_engine(const void *a, const void *b)
{
	const struct mutate_log *x = a, *y = b;
	int order = compare_texts(x->config, y->config);

	for (size_t i = 0; i < ARRAY_LEN(x->changes) && !order; i++)
		order = compare_texts(x->changes[i], y->changes[i]);
	return order;
}

void logs_group(struct mutate_base *base)
{
	for (size_t i = base->nr_logs; i--;) {
		struct mutate_log *log = &base->logs[i];
		bool same = i + 1 < base->nr_logs && !by_engine(log, log + 1);

		log->alike = same ? log[1].alike + 1 : 1;
	}
}

int logs_read(const struct mutate_options *o, struct mutate_base *base, struct error *err)
{
	for (size_t i = 0; i < o->nr_logs; i++) {
		struct replay_log *log = replay_read(o->logs[i], 0, err);
		struct replay_config config = { 0 };
		struct mutate_log *l;

		if (!log)
			return -EINVAL;
		l = &ARRAY_APPEND(base->logs, base->nr_logs, base->room_logs);
		l->path = array_strdup(o->logs[i]);
		l->log = log;
		l->layout = replay_machine(log, NULL);
		replay_choose_config(log, l->layout, &config);
		l->config = config.name;
		for (unsigned int k = 0; k < config.changes; k++)
			l->changes[l->nr_changes++] = array_strdup(config.change[k]);
	}
	if (base->nr_logs)
		qsort(base->logs, base->nr_logs, sizeof(*base->logs), by_engine);
	logs_group(base);
	return 0;
}

struct engine_request log_request(const struct mutate_log *log,
				  const struct engine_request *request)
{
	struct engine_request r = *request;
	const char **changes =
		array_resize(NULL, log->nr_changes + r.nr_changes + 1, sizeof(*changes));

	/* the user's own come last, and win */
	for (size_t i = 0; i < log->nr_changes; i++)
		changes[i] = log->changes[i];
	for (size_t i = 0; i < r.nr_changes; i++)
		changes[log->nr_changes + i] = r.changes[i];
	r.changes = changes;
	r.nr_changes += log->nr_changes;
	r.config = log->config;
	return r;
}

static void add_handover(const struct replay_handover *h, struct log_words *w)
{
	if (!h)
		return;
	ARRAY_APPEND(w->v, w->nr, w->room) =
		array_format("the hand-over %s", h->made ? "is made" : "is not made");
	for (size_t i = 0; i < h->nr_differences; i++) {
		const struct replay_handover_difference *d = &h->differences[i];

		ARRAY_APPEND(w->v, w->nr, w->room) = array_format(
			"line %u: %s: %s, the log has %s", d->line, d->what, d->got, d->expected);
	}
	for (size_t i = 0; i < h->boot.findings.nr; i++)
		ARRAY_APPEND(w->v, w->nr, w->room) =
			array_format("the check %s: %s", h->boot.findings.v[i].check->name,
				     h->boot.findings.v[i].text);
}

void log_replay(const struct mutate_log *log, struct engine *e, struct log_words *w)
{
	const struct layout *l = log->layout;
	const struct replay_options how = {
		.timeout_ms = TIMEOUT_MS,
		.layout = l,
		.change.mem_is_address = l && (l->arch == LAYOUT_X86_64 || l->arch == LAYOUT_I386),
	};
	struct replay_result r;

	replay_run(e, log->log, &how, &r);
	for (size_t i = 0; i < r.nr_differences; i++) {
		const struct replay_difference *d = &r.differences[i];

		ARRAY_APPEND(w->v, w->nr, w->room) =
			array_format("line %u: %s, the log has %s", d->line, d->got, d->expected);
	}
	/* what would have to be true for the log to be right */
	for (size_t i = 0; i < r.nr_inferred; i++)
		ARRAY_APPEND(w->v, w->nr, w->room) =
			array_format("line %u: only if %s", r.inferred[i].line, r.inferred[i].text);
	if (r.exit.end != ENGINE_RETURNED)
		ARRAY_APPEND(w->v, w->nr, w->room) =
			array_format("line %u: %s", r.last_line, r.exit.text);
	w->ended = r.exit.end != ENGINE_RETURNED;
	w->dumps = r.dumps_equal;
	add_handover(r.handover, w);
	replay_result_release(&r);
}
