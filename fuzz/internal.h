/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef FUZZ_INTERNAL_H
#define FUZZ_INTERNAL_H

#include <stdatomic.h>
#include <sys/types.h>

#include "check/check.h"
#include "fuzz/fuzz.h"
#include "fuzz/op.h"
#include "fuzz/source.h"
#include "fuzz/view.h"
#include "lib/rangeset.h"

/* What is known of a call, so that nothing is compared by name while sequences run. */
struct trait {
	unsigned int weight; /* how often it is made; 0: not in the middle of a sequence */
	bool adds_ram;	     /* its memory becomes RAM */
	bool zeroes;	     /* what it returns is zeroed, in the size of its first argument */
	bool gives;	     /* returns memory */
	bool needs_resize;   /* the arrays can grow from then on */
	bool hands_over;     /* memblock_free_all() */
	bool is_late;	     /* gives pages to the page allocator after that */
	bool is_last;	     /* only at the end of a sequence */
	bool judged;	     /* the model knows it */
	bool is_pfn;	     /* is about page frames */
	int size_arg;	     /* where the size is, or -1 */
};

/* The first difference of a sequence. */
struct outcome {
	enum aspect aspect;
	enum rt_type type;  /* whose list */
	size_t at;	    /* the operation */
	unsigned int round; /* and which of its repetitions */
	char text[300];	    /* of checks: what they say */
	struct view expected, got;
	const char *known; /* a difference that is known: of which bug */
	struct range
		freed[16]; /* what should have been handed over, or marked, bytes; the first of it */
	size_t nr_freed;
};

/* Are they about the same? */
bool outcome_alike(const struct outcome *a, const struct rt_call *a_call, const struct outcome *b,
		   const struct rt_call *b_call);

struct stats {
	uint64_t sequences, calls, unjudged, checks, handovers;
	uint64_t by_call[OP_MAX_CALLS][STATS_OUTCOMES];
};

struct generator;
struct model;

#define POOL_MAX_DEADLY 16

/* More than that is not handed over: it comes in blocks of 4 MiB. */
#define RIG_MAX_HANDOVER (2ULL << 30)

/*
 * An engine that sequences are run on, with what they are compared with: a model in the same
 * process, or digests that another process compares.
 */
struct rig {
	struct engine *e;
	const struct rt_engine *ops;
	struct op_table table;
	struct trait traits[OP_MAX_CALLS];
	struct {
		void *address; /* NULL: this kernel has none */
		size_t size;
	} settings[OP_NR_SETTINGS];
	enum rt_type types[RT_NR_TYPES]; /* that there are */
	size_t nr_types;
	uint64_t phys_mask;  /* of a phys_addr_t */
	uint64_t last_page;  /* where the last page of all addresses begins */
	unsigned long flags; /* of those of ->ops, the ones that are used */
	unsigned int timeout_ms;
	struct check_state check;
	struct coverage *coverage;
	struct stats *stats; /* or NULL */

	/* of the run */
	struct sequence *sequence;
	struct generator *generator; /* makes the sequence as it runs, or NULL */
	struct digest *digests;	     /* one for each operation, or NULL */
	struct view *view;	     /* what is seen after operation @view_at; or NULL */
	size_t view_at;
	struct outcome *outcome;
	size_t at, nr_calls;
	unsigned int round;
	bool in_call, wants_check, unspecified;
	uint64_t args[RT_MAX_ARGS], outs[RT_MAX_ARGS], result;
	struct model *model; /* or NULL */
	enum engine_end expected_end;
	bool expected;	 /* the model said what is to come */
	bool any_result; /* but for the result */
	uint64_t expected_outs[RT_MAX_ARGS], expected_result;
	struct range fills[4]; /* zeroed by the latest call */
	size_t nr_fills;
	struct rangeset freed;				 /* given to the page allocator, pfns */
	struct rangeset twice, marked;			 /* by the hand-over, pfns */
	struct rangeset expected_freed, expected_marked; /* bytes */
	/*
	 * Names of the bugs that the call runs into that is being made, for whoever finds out that the
	 * process died of it; and of those that processes did die of, which are not made again. Both
	 * are constants of the program, the same in all its processes.
	 */
	const char **at_bug, **deadly;
	const char *passed[16]; /* names of bugs that are not told any more */
	size_t nr_passed;
	uint64_t ram_bytes; /* of memory that was added, roughly */
	bool has_high;	    /* some of it where no RAM can be simulated */
	bool has_last;	    /* something reaches into the last page that there is */
};

/* @judged: by the model; else there are digests for others to compare. */
void rig_init(struct rig *r, struct engine *e, bool judged);
void rig_release(struct rig *r);
/*
 * Runs a sequence from a reset; @g, if there is one, makes it meanwhile. The sequence is cut behind the
 * operation that ended it.
 */
void rig_run(struct rig *r, struct sequence *s, struct generator *g, struct outcome *o);

/* generate.c: how a sequence is made. */
#define MAX_RECENT 32
struct generator {
	const struct rig *rig;
	struct source *source;
	/* this sequence's flavour */
	unsigned int weights[OP_MAX_CALLS]; /* added up; 0 for what is switched off */
	unsigned int total;
	unsigned int hostility; /* 0 to 3 */
	uint64_t origin, unit;	/* addresses are mostly @origin + n * @unit */
	unsigned int slots;	/* n is below that */
	unsigned int nodes;
	bool flags, grow, bottom_up;
	size_t setup, length; /* operations to come: of the beginning, in all */
	bool handover, ends;  /* there is to be one; it comes next */
	unsigned int late;    /* calls after it */
	bool many;	      /* arrays were filled */
	/* what was lately dealt with */
	uint64_t recent[MAX_RECENT];
	size_t nr_recent;
	struct range blocks[MAX_RECENT]; /* that were allocated */
	size_t nr_blocks;
};

void generator_begin(struct generator *g, const struct rig *r, struct source *s);
/* Appends an operation to @s; false if the sequence is complete. Within engine_run() only. */
bool generator_next(struct generator *g, struct sequence *s);
/* @call returned @result. */
void generator_note(struct generator *g, const struct rt_call *call, const uint64_t *args,
		    uint64_t result, bool gives);
/* generate-args.c: the arguments of @op. */
void generator_arguments(struct generator *g, struct op *op);
uint64_t generator_address(struct generator *g);
uint64_t generator_size(struct generator *g, uint64_t base);
int generator_node(struct generator *g);
uint64_t generator_flags(struct generator *g);

/* A result as it is compared: what kinds of it mean the same is the same. */
uint64_t rig_result(const struct rig *r, const struct rt_call *call, uint64_t result);
/* traits.c */
void traits_fill(struct rig *r);

/* judge.c: what the model says of each call. */
enum judgement {
	JUDGE_CALL, /* make it */
	JUDGE_STOP, /* nobody says what it does, nor what comes after it */
};
void judge_init(struct rig *r);
void judge_release(struct rig *r);
void judge_reset(struct rig *r);
void judge_set(struct rig *r, const struct op *op);
/* Before a call, with r->args. */
enum judgement judge_expect(struct rig *r, const struct rt_call *call, const struct trait *t);
/* After it; false, with the outcome filled, if something differs. @whole: the lists are looked at. */
bool judge_call(struct rig *r, const struct rt_call *call, const struct trait *t, bool whole);
/* Were @size bytes at r->result filled with zeroes? */
bool judge_is_zeroed(const struct rig *r, uint64_t size);
/* It did not return. */
void judge_end(struct rig *r, const struct engine_exit *exit);

/* A finding, minimised, with what is needed to tell of it. */
struct emitter {
	const struct engine *e;
	const struct op_table *table;
	const struct sequence *s;
	const struct outcome *o;
	uint64_t seed, number;
	const char *expected_by; /* who says what is expected, where it is another kernel; or NULL */
};
/* emit.c; all are freed by the caller. */
char *emit_kind(const struct emitter *em);
char *emit_sentence(const struct emitter *em);
char *emit_script(const struct emitter *em);
/* emit-test.c */
char *emit_test(const struct emitter *em);

/* shrink.c: makes @s smaller while @shows says that it still shows the same. */
/* May cut @s behind what shows it. */
typedef bool shows_fn(void *data, struct sequence *s);
void shrink(struct sequence *s, const struct op_table *t, unsigned int max_trials, shows_fn *shows,
	    void *data);

/*
 * pool.c: processes that look for findings, and the one that started them, which gathers what
 * they found.
 */
#define POOL_MAX_SLOTS 256
#define POOL_MAX_KINDS 512
/* Of a kind that came up so often, no more are made smaller. */
#define POOL_PER_KIND 3

struct shared {
	_Atomic uint64_t next; /* number of the next sequence */
	_Atomic uint64_t end;  /* and where they end */
	_Atomic bool stop;
	_Atomic uint64_t ignored; /* ASPECT_BIT()s that do not count any more */
	struct kind {
		_Atomic uint64_t key; /* 0: none */
		_Atomic unsigned int times;
	} kinds[POOL_MAX_KINDS];
	const char *deadly[POOL_MAX_DEADLY];
	char call_names[OP_MAX_CALLS][64]; /* of the statistics */
	bool call_judged[OP_MAX_CALLS];
	size_t nr_call_names;
	struct slot {
		struct stats stats;
		uint64_t number;
		const char *at_bug;	  /* that the call runs into */
		struct sequence sequence; /* that is being run */
		char error[sizeof(((struct error *)0)->text)];
	} slots[POOL_MAX_SLOTS];
};

struct pool {
	const struct fuzz_options *options;
	struct fuzz_report *report;
	struct shared *shared;
	double started;
	void *data;
	/* In a process of its own: until shared->stop. -errno, with slot->error, if it cannot work. */
	int (*work)(struct pool *p, struct slot *slot);
	/* A process died at slot->sequence, with @text; or NULL. In the starting process. */
	void (*died)(struct pool *p, struct slot *slot, const char *text);

	/* its own affairs */
	struct pool_worker {
		pid_t pid;
		int results, errors;
	} workers[POOL_MAX_SLOTS];
	size_t nr_workers;
	int results; /* in a worker */
};

int pool_run(struct pool *p, struct error *err);
/* Which calls the statistics are of; and puts them into the report. */
void pool_name_calls(struct pool *p, const struct op_table *t);
void pool_add_calls(struct pool *p);
void pool_release(struct pool *p);
/* In a worker: claims sequences; false if there are no more. */
bool pool_claim(struct pool *p, uint64_t *first, uint64_t *end);
/* Has this kind of difference been told often enough? */
bool pool_has_enough(struct pool *p, const struct outcome *o, const struct rt_call *call);
/* A difference: true if it is to be made smaller and told. */
bool pool_wants(struct pool *p, const struct outcome *o, const struct rt_call *call);
void pool_tell(struct pool *p, const struct emitter *em);
/* The same in the starting process. */
void pool_add(struct pool *p, const struct emitter *em);
void pool_seed(const struct pool *p, struct prng *prng, uint64_t number);

#endif
