/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MUTATE_MUTATE_H
#define MUTATE_MUTATE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/engine.h"
#include "lib/error.h"

/*
 * Mutants: memblock.c with one small mistake in it. Those that tests, logs of boots and fuzzing do not notice
 * show what these do not look at.
 */

/* What became of a mutant. */
enum mutant_fate {
	MUTANT_WAITING,	   /* not tried yet */
	MUTANT_KILLED,	   /* noticed */
	MUTANT_SURVIVED,   /* not noticed */
	MUTANT_EQUIVALENT, /* the machine code is that of the unchanged memblock.c */
	MUTANT_LISTED,	   /* somebody looked at it: it makes no difference */
	MUTANT_DISCARDED,  /* it does not compile, or needs what there is not */
	MUTANT_BROKEN,	   /* mbsim itself failed */
};
#define MUTANT_NR_FATES (MUTANT_BROKEN + 1)
/* As --json and the documentation call them. */
extern const char *const mutant_fate_names[MUTANT_NR_FATES];

/* Who noticed. */
enum mutant_killer {
	MUTANT_BY_NOBODY,
	MUTANT_BY_SUITE,  /* a test */
	MUTANT_BY_REPLAY, /* a log of a boot */
	MUTANT_BY_FUZZ,
};
#define MUTANT_NR_KILLERS (MUTANT_BY_FUZZ + 1)
extern const char *const mutant_killer_names[MUTANT_NR_KILLERS];

struct mutant {
	char *id; /* function:line:operator:number; depends on the text alone */
	char *function;
	const char *operator;
	unsigned int line; /* from 1 */
	size_t start, end; /* bytes of the text that are replaced by @new */
	char *new;
	char *change; /* the line, with [-old-]{+new+} in it */

	/* what became of it; strings are never NULL once it is not waiting */
	enum mutant_fate fate;
	enum mutant_killer killer;
	char *config;  /* in which it was killed, or could not be built */
	char *by;      /* the test, log or kind of finding that killed it */
	char *why;     /* it is not counted; or what mbsim did that it should not */
	char *differs; /* of a survivor: the configurations in which its machine code is another */
};

struct mutants {
	struct mutant *v; /* in the order of the text, once they are made */
	size_t nr, room;
	char **skipped; /* functions that could not be understood */
	size_t nr_skipped, room_skipped;
};

/* All mutants of a text. @flags, NULL-terminated, stand for one another. The caller releases @m. */
void mutants_make(struct mutants *m, const char *text, char *const *flags);
/* For mutants_make(): puts them in order, and gives each its ID and how it is shown. */
void mutants_name(struct mutants *m, const char *text);
void mutants_release(struct mutants *m);
/*
 * Leaves those of the functions (@function: a glob or NULL) and operators (@operators: names with commas between,
 * or NULL) that are wanted, and of these @number (0: all), drawn by @seed, in the order in which they were drawn: a
 * larger sample of the same seed begins with the smaller one. How many there were to draw from. -EINVAL and @err if
 * nothing fits.
 */
int mutants_draw(struct mutants *m, const char *function, const char *operators, size_t number,
		 uint64_t seed, size_t *possible, struct error *err);
/* Leaves those with the given IDs alone. */
int mutants_choose(struct mutants *m, char *const *ids, size_t nr, struct error *err);
/* Back in the order of the text. */
void mutants_sort(struct mutants *m);

/* The text with the mutant in it, each other line with the number that it has. The caller frees. */
char *mutant_apply(const char *text, const struct mutant *m);
/* The difference that it makes, as a unified diff of the file @name. The caller frees. */
char *mutant_diff(const char *text, const struct mutant *m, const char *name);

/*
 * equivalent.c: marks the mutants that the file says make no difference (MUTANT_LISTED); of all of the text, before
 * some are drawn. -errno and @err, with the line, if it cannot be read.
 */
int mutants_mark(struct mutants *m, const char *path, struct error *err);

/* Where mutants are tried, and how. */
struct mutate_options {
	const struct engine_request *request; /* the kernel; its configuration is not looked at */
	const char *const *configs;	      /* in which mutants are tested, until one notices */
	size_t nr_configs;
	const char *const *logs; /* of boots, to be replayed */
	size_t nr_logs;
	double fuzz_seconds; /* for each mutant that nothing else noticed; 0: none */
	unsigned int jobs;   /* mutants at a time, from 1 */
	const volatile sig_atomic_t
		*stop; /* set: no more are tried, those that are tried are ended */
	/* Called whenever something is known; or NULL. @doing: what is done before the first mutant, or NULL. */
	void (*progress)(void *data, const char *doing, const struct mutants *m);
	void *data;
};

/* What the mutants are compared with: the unchanged memblock.c. */
struct mutate_base {
	struct mutate_config *configs;
	size_t nr_configs, room_configs;
	struct mutate_log *logs;
	size_t nr_logs, room_logs;
	char **notes; /* configurations and logs that were left out, and why; a sentence each */
	size_t nr_notes, room_notes;
};

/*
 * Builds and tests the unchanged memblock.c. -errno and @err: ENOEXEC if it cannot be built in any of the
 * configurations, or fails a test; ECANCELED if it was stopped; others as they come. The caller releases @base in any case.
 */
int mutate_prepare(const struct mutate_options *o, struct mutate_base *base, struct error *err);
void mutate_base_release(struct mutate_base *base);
/* The name of a configuration that is used. */
const char *mutate_config_name(const struct mutate_base *base, size_t i);

/*
 * Tries the mutants that are waiting. What became of each is in @m; of those that were not tried, as it was stopped,
 * nothing. -errno and @err if that is not possible.
 */
int mutate_run(const struct mutate_options *o, const struct mutate_base *base, const char *text,
	       struct mutants *m, struct error *err);

/* sum.c: how many of which fate. */
struct mutate_sum {
	size_t fates[MUTANT_NR_FATES], killers[MUTANT_NR_KILLERS];
	size_t total;  /* killed or survived: those that count */
	size_t tenths; /* of a percent of these that are killed, cut, not rounded */
	struct mutate_function {
		const char *name; /* the mutants' */
		size_t total, killers[MUTANT_NR_KILLERS];
	} * functions; /* in the order of the text; those that have mutants that count */
	size_t nr_functions, room_functions;
};

void mutate_sum(const struct mutants *m, struct mutate_sum *sum);
void mutate_sum_release(struct mutate_sum *sum);

/* SHA-256 of a text, hexadecimal; the caller frees. */
char *mutants_hash(const char *text);

/* The flags of regions in a memblock.h; NULL-terminated, freed with engine_list_free(). */
char **mutants_flags(const char *header);

#endif
