// SPDX-License-Identifier: GPL-2.0-or-later
/* Calls as they were made while a log was followed. */
#include <string.h>

#include "lib/array.h"
#include "replay/internal.h"

void trace_add(struct replay *p, const char *name, const char *caller, const struct call_args *a)
{
	struct trace *t = p->trace;

	if (t)
		ARRAY_APPEND(t->v, t->nr, t->room) = (struct trace_call){
			.event = p->event,
			.name = name,
			.caller = caller,
			.args = *a,
		};
}

void trace_judge(struct replay *p, const struct replay_event *e, struct range range)
{
	struct trace *t = p->trace;
	struct trace_call *c;

	if (!t)
		return;
	c = t->nr ? &t->v[t->nr - 1] : NULL;
	if (!c || c->event != e || c->judged || !strstr(c->name, "alloc")) {
		/* nobody knows how it was asked for: all there is is where the log has it */
		c = &ARRAY_APPEND(t->v, t->nr, t->room);
		c->event = e;
		c->caller = e->caller;
		c->args.size = e->size;
	}
	c->judged = true;
	c->log = range;
}
