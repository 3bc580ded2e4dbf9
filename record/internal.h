/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RECORD_INTERNAL_H
#define RECORD_INTERNAL_H

#include "check/check.h"
#include "record/record.h"

/* record.c: keeps what passes between mbsim and an engine. */
struct recorder {
	struct engine *e;
	struct record *run;
	const struct boot_result *boot; /* whose step it is at; or NULL */
	const unsigned int *line;	/* that the input is at; or NULL */
	bool within;			/* a call */
	bool over; /* the arrays were given back: nobody may look at them any more */
	struct check_regions taken[RT_NR_TYPES]; /* the arrays as they were seen last */
	struct check_regions fresh;
	struct recorder_flags {
		unsigned long flags;
		const char *word;
	} * flags; /* that were met */
	size_t nr_flags, room_flags;
	/* what the page allocator got, since the latest reset: page frames, and blocks by order */
	struct rangeset handed_over, marked;
	uint64_t blocks[MM_MAX_ORDERS];
};

/* From here on, until record_end(), which looks at what there is then. */
void record_begin(struct recorder *r, struct engine *e, struct record *run);
void record_end(struct recorder *r);
/* What was kept so far does not count; the engine has been reset. */
void record_forget(struct recorder *r);

/* The run's own copy of @text, the same for the same text. */
const char *record_word(struct record *run, const char *text);
void record_fact(struct record *run, const char *value, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void record_refusal(struct record *run, unsigned int line, const char *text);
/* Who ran: what is known of the engine. */
void record_engine(struct record *run, const struct engine *e);
/* A line of the kernel's, as every build of the same source says it. The caller frees. */
char *record_line(const char *text);
/* How it ended, in a line without what depends on the compiler. The caller frees. */
char *record_exit(const struct engine_exit *exit);

/* facts.c: what the page allocator got, where nobody knows it better; what there is at the end */
void record_page_facts(const struct recorder *r);
void record_boot_facts(struct record *run, const struct boot_result *r);
void record_replay_facts(struct record *run, const struct replay_result *r);

#endif
