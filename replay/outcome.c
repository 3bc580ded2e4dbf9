// SPDX-License-Identifier: GPL-2.0-or-later
/* What there is to say of a replay under other conditions. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/file.h"
#include "replay/internal.h"

bool replay_is_changed(const struct replay_options *o)
{
	const struct replay_change *c = &o->change;

	return c->nr_ram || c->nr_without || c->nr_drop || c->cmdline;
}

bool replay_succeeds(const struct replay_result *r)
{
	if (!r->whatif || !r->whatif->changed)
		return replay_holds(r);
	return r->exit.end == ENGINE_RETURNED && !r->whatif->fates[REPLAY_FAILED];
}

bool replay_caller_fits(const char *glob, const char *caller)
{
	char name[256];
	size_t n = strcspn(caller, "+");

	if (!fnmatch(glob, caller, 0))
		return true;
	if (n >= sizeof(name))
		return false;
	memcpy(name, caller, n);
	name[n] = '\0';
	return !fnmatch(glob, name, 0);
}

static int compare_names(const char *a, const char *b)
{
	size_t m = strcspn(a, "+"), n = strcspn(b, "+");
	int c = strncmp(a, b, m < n ? m : n);

	return c ? c : (m > n) - (m < n);
}

static int by_name(const void *a, const void *b)
{
	const struct replay_outcome *const *x = a;
	const struct replay_outcome *const *y = b;

	return compare_names((*x)->event->caller, (*y)->event->caller);
}

static int by_weight(const void *a, const void *b)
{
	static const enum replay_fate order[] = { REPLAY_FAILED, REPLAY_MOVED, REPLAY_GAINED };
	const struct replay_caller *x = a;
	const struct replay_caller *y = b;

	for (size_t i = 0; i < ARRAY_LEN(order); i++)
		if (x->fates[order[i]] != y->fates[order[i]])
			return x->fates[order[i]] > y->fates[order[i]] ? -1 : 1;
	if (x->bytes != y->bytes)
		return x->bytes > y->bytes ? -1 : 1;
	return strcmp(x->name, y->name);
}

struct replay_caller *replay_callers(const struct replay_whatif *w, size_t *nr)
{
	const struct replay_outcome **sorted =
		array_resize(NULL, w->nr_outcomes + 1, sizeof(const struct replay_outcome *));
	struct replay_caller *callers = NULL;
	size_t room = 0;

	*nr = 0;
	for (size_t i = 0; i < w->nr_outcomes; i++)
		sorted[i] = &w->outcomes[i];
	qsort(sorted, w->nr_outcomes, sizeof(const struct replay_outcome *), by_name);
	for (size_t i = 0; i < w->nr_outcomes; i++) {
		const char *caller = sorted[i]->event->caller;
		struct replay_caller *c;

		if (!i || by_name(&sorted[i - 1], &sorted[i])) {
			c = &ARRAY_APPEND(callers, *nr, room);
			c->name = file_path("%.*s", (int)strcspn(caller, "+"),
					    *caller ? caller : "unknown");
		}
		c = &callers[*nr - 1];
		c->count++;
		c->bytes += sorted[i]->size;
		c->fates[sorted[i]->fate]++;
	}
	free(sorted);
	if (callers)
		qsort(callers, *nr, sizeof(*callers), by_weight);
	return callers;
}

static void free_texts(char **v, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		free(v[i]);
	free(v);
}

void whatif_free(struct replay_whatif *w)
{
	if (!w)
		return;
	free_texts(w->words, w->nr_words);
	free_texts(w->refused, w->nr_refused);
	free(w->outcomes);
	free(w->collisions);
	free(w);
}
