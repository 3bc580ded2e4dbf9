/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_REPLAY_H
#define REPORT_REPLAY_H

#include <jansson.h>

#include "replay/replay.h"
#include "report/terminal.h"

/* What else is to be told of a replay. */
struct report_replay {
	const char *config_why; /* why it is this configuration; NULL or empty: nothing to tell */
	bool verbose; /* all that was inferred, all differences, all lines that were not read */
	bool state;   /* the arrays as they are at the line that was asked for */
	const struct report_terminal *picture; /* draw it for this; NULL: not */
	bool has_who;
	uint64_t who;	/* the history of this address */
	size_t largest; /* so many of the largest pieces */
	bool has_by;
	enum replay_by by;
};

/* What became of the allocations under other conditions: for report_replay_text() and _json(). */
void report_whatif_text(const struct replay_result *r, bool verbose, FILE *out);
struct json_t *report_whatif_json(const struct replay_result *r);

/* For people: what was replayed, the verdict, what was inferred, what differs. */
void report_replay_text(const struct replay_result *r, const struct report_replay *what, FILE *out);
/* The same for programs: one JSON object. */
void report_replay_json(const struct replay_result *r, const struct report_replay *what, FILE *out);

/* The part of the hand-over: lines of the counts; what differs (@most of it), and with -v all. */
struct replay_handover;
void report_replay_handover_counts(const struct replay_handover *h, FILE *out);
json_t *report_replay_handover_json(const struct replay_handover *h);
void report_replay_handover(const struct replay_handover *h, size_t most, bool verbose, FILE *out);

/* The @nr largest pieces that are held at r->at, largest first; the caller frees the list. */
struct replay_owner *report_replay_largest(const struct replay_result *r, size_t *nr);

#endif
