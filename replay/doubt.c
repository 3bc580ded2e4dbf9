// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A limit or a direction of which no line tells explains where one allocation is; so it would explain an
 * allocation that is in the wrong place. It is believed when others show it, too. If the next of which it makes a
 * difference is where it would be without, the first was simply elsewhere.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "replay/internal.h"

void doubt_open(struct replay *p, const struct replay_event *e, uint64_t address, uint64_t would)
{
	doubt_close(p);
	p->doubt = (struct replay_doubt){
		.event = e,
		.address = address,
		.would = would,
		.limit = p->limit,
		.bottom_up = p->bottom_up,
		.limit_known = p->limit_known,
		.inferred = p->r->nr_inferred,
	};
}

void doubt_begin(struct replay *p)
{
	if (p->r->nr_inferred == p->doubt.inferred)
		p->doubt.event = NULL;
}

/* It was not so: what it explained is a difference. */
static void withdraw(struct replay *p)
{
	struct replay_doubt d = p->doubt;
	struct replay_result *r = p->r;
	struct call_args limit = { .limit = d.limit }, direction = { .enable = d.bottom_up };
	char got[32] = "no memory", expected[32];

	if (p->limit != d.limit)
		make_call(p, "memblock_set_current_limit", NULL, &limit, NULL);
	if (p->bottom_up != d.bottom_up)
		make_call(p, "memblock_set_bottom_up", NULL, &direction, NULL);
	p->limit = d.limit;
	p->limit_known = d.limit_known;
	p->bottom_up = d.bottom_up;
	free(r->inferred[d.inferred].text);
	memmove(&r->inferred[d.inferred], &r->inferred[d.inferred + 1],
		(--r->nr_inferred - d.inferred) * sizeof(*r->inferred));
	if (d.would != FIT_NONE)
		snprintf(got, sizeof(got), "0x%" PRIx64, d.would);
	snprintf(expected, sizeof(expected), "0x%" PRIx64, d.address);
	r->identical--;
	r->different++;
	note_difference(p, d.event, got, expected,
			"a limit or a direction would explain it, which what comes later does not "
			"have");
	note_sort(r);
}

void doubt_check(struct replay *p, const struct replay_event *e, uint64_t address)
{
	struct replay_doubt *d = &p->doubt;
	uint64_t with, without;

	if (!d->event)
		return;
	with = infer_predict(p, e, p->limit, p->bottom_up);
	without = infer_predict(p, e, d->limit, d->bottom_up);
	if (with == without)
		return;
	if (with == address) {
		d->event = NULL;
	} else if (!d->natural && (without == address || address + e->size > p->limit)) {
		withdraw(p);
		d->event = NULL;
	}
}

void doubt_close(struct replay *p)
{
	if (p->doubt.event)
		p->r->inferred[p->doubt.inferred].doubtful = true;
	p->doubt.event = NULL;
}
