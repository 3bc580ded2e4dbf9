/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DIFF_INTERNAL_H
#define DIFF_INTERNAL_H

#include "check/check.h"
#include "diff/diff.h"

/* record.c: keeps what passes between mbsim and an engine. */
struct recorder {
	struct engine *e;
	struct diff_run *run;
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
void record_begin(struct recorder *r, struct engine *e, struct diff_run *run);
void record_end(struct recorder *r);
/* What was kept so far does not count; the engine has been reset. */
void record_forget(struct recorder *r);

/* The run's own copy of @text, the same for the same text. */
const char *record_word(struct diff_run *run, const char *text);
void record_fact(struct diff_run *run, const char *value, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void record_refusal(struct diff_run *run, unsigned int line, const char *text);
/* Who ran: what is known of the engine. */
void record_engine(struct diff_run *run, const struct engine *e);
/* A line of the kernel's, as every build of the same source says it. The caller frees. */
char *record_line(const char *text);
/* How it ended, in a line without what depends on the compiler. The caller frees. */
char *record_exit(const struct engine_exit *exit);

/* facts.c: what the page allocator got, where nobody knows it better; what there is at the end */
void record_page_facts(const struct recorder *r);
void record_boot_facts(struct diff_run *run, const struct boot_result *r);
void record_replay_facts(struct diff_run *run, const struct replay_result *r);

/*
 * align.c: which elements of two lists, of which only keys are seen, are the same: a longest
 * common subsequence, or one that is nearly as long if that would take too long. Sets @match[i], for
 * each of @a, to the index in @b or DIFF_NONE.
 */
void align_keys(const uint64_t *a, size_t nr_a, const uint64_t *b, size_t nr_b, size_t *match);
/* A key for a text, to go on from @key. */
uint64_t align_key(uint64_t key, const char *text);

/* rows.c: alike but for their ranges; NULL, no row, is alike to NULL only. */
bool rows_alike(const struct diff_row *a, const struct diff_row *b);
void rows_change(struct diff_rows *rows, const struct diff_run *run, const struct diff_change *c);
/* The row that @address is in, or NULL. */
const struct diff_row *rows_find(const struct diff_rows *rows, uint64_t address);
/* Where rows of the lists begin and end, sorted: how many there are; the caller frees. */
size_t rows_borders(const struct diff_rows *lists, size_t nr_lists, uint64_t **borders);

/*
 * effect.c: compares what a call that both make does to the arrays, which are @states after it:
 * sets the pair's kinds, type and words.
 */
void effect_compare(const struct diff *d, struct diff_rows states[2][RT_NR_TYPES],
		    struct diff_pair *pair);

/* groups.c: sorts out which pairs differ in the same way. */
void group_pairs(struct diff *d);

#endif
