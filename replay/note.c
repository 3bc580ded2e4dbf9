// SPDX-License-Identifier: GPL-2.0-or-later
/* What a replay finds: what it inferred, and what is not as the log has it. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/array.h"
#include "replay/handover.h"
#include "replay/internal.h"

void note_inferred(struct replay *p, unsigned int line, unsigned int before, const char *fmt, ...)
{
	struct replay_result *r = p->r;
	char text[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	ARRAY_APPEND(r->inferred, r->nr_inferred, r->room_inferred) =
		(struct replay_inferred){ line, before, false, array_strdup(text) };
}

void note_difference(struct replay *p, const struct replay_event *e, const char *got,
		     const char *expected, const char *reason)
{
	struct replay_result *r = p->r;

	ARRAY_APPEND(r->differences, r->nr_differences,
		     r->room_differences) = (struct replay_difference){
		e->line, e, array_strdup(got), array_strdup(expected), array_strdup(reason), NULL
	};
	if (p->o->mode == REPLAY_STRICT)
		p->stop = true;
}

void note_sort(struct replay_result *r)
{
	for (size_t i = r->nr_differences; i-- > 1;) {
		struct replay_difference *d = &r->differences[i], was = *d;

		if (d[-1].line <= d->line)
			break;
		*d = d[-1];
		d[-1] = was;
	}
}

void replay_result_release(struct replay_result *r)
{
	for (size_t i = 0; i < r->nr_inferred; i++)
		free(r->inferred[i].text);
	for (size_t i = 0; i < r->nr_differences; i++) {
		free(r->differences[i].got);
		free(r->differences[i].expected);
		free(r->differences[i].reason);
		free(r->differences[i].around);
	}
	free(r->inferred);
	free(r->differences);
	free(r->owners);
	whatif_free(r->whatif);
	free(r->memory.v);
	free(r->reserved.v);
	replay_handover_free(r->handover);
	*r = (struct replay_result){ 0 };
}

bool replay_holds(const struct replay_result *r)
{
	return !r->nr_differences && r->dumps_equal == r->dumps && r->exit.end == ENGINE_RETURNED &&
	       (!r->handover || replay_handover_holds(r->handover));
}
