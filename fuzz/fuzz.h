/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/coverage.h"
#include "engine/engine.h"
#include "lib/error.h"

/*
 * Sequences of calls that nobody wrote, run on an engine and compared after every call: with the model,
 * or with another engine. What differs is made as small as possible and written down.
 */

/* What a call came to, for statistics. */
enum fuzz_outcome {
	FUZZ_DONE,   /* returned 0, true, memory, or nothing */
	FUZZ_FAILED, /* an error, false, no memory */
	FUZZ_ENDED,  /* did not return */
	STATS_OUTCOMES
};

struct fuzz_call {
	char name[64];
	bool judged; /* compared with the model; else only what it leaves behind is checked */
	uint64_t made[STATS_OUTCOMES];
};

/* A finding, minimised. Strings are never NULL. */
struct fuzz_finding {
	uint64_t number; /* of the sequence, under the seed */
	uint64_t key;	 /* of its kind */
	char *kind;	 /* "memblock_remove: addresses of memory" */
	char *sentence;
	char *script;	    /* for `mbsim run` */
	char *test;	    /* C, for suite/ */
	char *known;	    /* the bug that it is known by; empty: none */
	unsigned int calls; /* of the script */
	unsigned int times; /* how often it came up */
	double seconds;	    /* since the start */
	struct fuzz_replay {
		char *kernel;
		bool shows;
		char *error; /* the kernel cannot be built; else NULL */
	} * replays;
	size_t nr_replays;
};

struct fuzz_stats {
	uint64_t seed, sequences, calls, unjudged, checks, handovers;
	double seconds;
	unsigned int jobs;
	struct fuzz_call *calls_made;
	size_t nr_calls_made;
};

struct fuzz_report {
	char kernels[2][64]; /* versions; the second may be empty: the model */
	struct fuzz_stats stats;
	struct fuzz_finding *findings; /* in the order in which they were found */
	size_t nr, room;
};

struct fuzz_options {
	uint64_t seed;
	uint64_t first; /* number of the first sequence */
	uint64_t runs;	/* sequences; 0: until the time is up */
	double seconds; /* 0: until all are run */
	unsigned int jobs;
	size_t findings; /* so many are enough; 0: all that there are */
	bool strict;	 /* known bugs are findings, too */
	struct coverage *coverage;
	/* called now and then; or NULL */
	void (*progress)(void *data, const struct fuzz_report *report);
	void *data;
};

/* Fuzzes @e against the model. 0, or -errno and @err. The caller releases @report in any case. */
int fuzz_engine(struct engine *e, const struct fuzz_options *options, struct fuzz_report *report,
		struct error *err);

/* Fuzzes two engines against each other; what the second does is what is expected. */
int fuzz_pair(const struct engine_request requests[2], const struct fuzz_options *options,
	      struct fuzz_report *report, struct error *err);

/*
 * For fuzzers that make bytes, such as libFuzzer and AFL++: the same sequences, with every choice taken
 * from the bytes. Lives as long as @e.
 */
struct fuzz_bytes;
struct fuzz_bytes *fuzz_bytes_new(struct engine *e);
void fuzz_bytes_free(struct fuzz_bytes *b);
/* Runs the sequence that @data means: NULL, or a script of what differs, which the caller frees. */
char *fuzz_bytes_run(struct fuzz_bytes *b, const uint8_t *data, size_t size);

/*
 * Which of the kernels in @list, names with commas between, show the findings: their scripts are run
 * there, each in a process of its own, which closes @e, the one that is open, or NULL. @request says
 * the rest, such as the configuration.
 */
int fuzz_replay(struct engine *e, const struct engine_request *request, const char *list,
		struct fuzz_report *report, struct error *err);

/*
 * Calls a second of processor time: in @sequences that are made, run and compared; and in the same
 * ones with nothing but the kernel.
 */
void fuzz_measure(struct engine *e, size_t sequences, double *compared, double *bare);

void fuzz_report_release(struct fuzz_report *report);

#endif
