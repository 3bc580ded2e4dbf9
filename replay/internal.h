/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPLAY_INTERNAL_H
#define REPLAY_INTERNAL_H

#include "call/call.h"
#include "lib/index.h"
#include "lib/rangeset.h"
#include "lib/scan.h"
#include "replay/replay.h"

/* Flags of memory that all kernels have: the others came later, and are in no older log. */
#define HOTPLUG 0x1u
#define MIRROR 0x2u
#define NOMAP 0x4u
/* What is reserved and not the firmware's, since 6.16 or so. */
#define RSRV_KERN 0x20u

enum read_verdict {
	READ_NONE, /* not a message of memblock's */
	READ_USED,
	READ_BAD, /* it is one, and cannot be read */
	READ_CUT, /* the same, but for its end, which may be in the next line */
};

#define TIMEOUT_MS 60000

#define NULL_EVENT ((size_t)-1)

/* words.c: */
struct word {
	uint64_t hash;
	size_t length;
	enum replay_kind kind; /* of calls of a function of this name; REPLAY_NR_KINDS: none */
	bool internal;	       /* one of memblock's own, for an allocation */
	char text[];
};

struct words {
	struct word **v;
	size_t nr, room;
	struct words_chunk *chunks;
};

/* The word of the @n bytes at @text, which is there until words_release(). */
const struct word *words_add(struct words *words, const char *text, size_t n);
void words_release(struct words *words);

/* A log while it is read. */
struct reader {
	const char *name;
	struct replay_log *log, *best;
	struct words *words; /* of all of its boots */
	unsigned int wanted, boots, line;
	size_t dump;	       /* index of the dump that is being read, or NULL_EVENT */
	char debugfs;	       /* 'm' or 'r': rows of this file follow */
	bool in_file;	       /* what follows is a file that was captured, not the log */
	bool late;	       /* the boot has come to its command line, or further */
	struct rangeset taken; /* what this boot's allocations have, and was not freed ... */
	size_t caught_up;      /* ... before this event */
	size_t first;	       /* there is no request before this event */
	char *pending;	       /* a message whose end is missing */
	unsigned int pending_line;
	size_t at; /* bytes before the line that is read */
};

/* read-call.c */
void read_meaning(struct word *w);
enum read_verdict read_call(struct reader *r, const char *text);
/* read-dump.c */
enum read_verdict read_dump(struct reader *r, const char *text);
bool read_debugfs(struct reader *r, const char *line, size_t len);
bool read_node_range(struct reader *r, const char *text);

/* read-finish.c: what only all calls of a boot tell */
void read_finish(struct replay_log *log);
/* How many digits the address at "[0x..." has. */
void read_digits(struct replay_log *log, const char *p);

/* read-scan.c */
/* "[0xa-0xb]", b inclusive, also empty; "[0xa-0xb)"; false if it is not one. */
bool scan_range(const char **p, struct range *range);

/* fit.c: what memblock is expected to find, from its arrays. */
struct fit_want {
	uint64_t size, align, min, max;
	int nid;       /* -1: any */
	uint64_t page; /* bytes: the first page is not given away */
	bool bottom_up, movable;
};
#define FIT_NONE UINT64_MAX
uint64_t fit_find(const struct replay_rows *memory, const struct replay_rows *reserved,
		  const struct fit_want *want);

/* Index of the first region that ends behind @address, of regions that are sorted. */
size_t fit_first_behind(const struct replay_rows *rows, uint64_t address);

void rows_add(struct replay_rows *rows, struct replay_row row);

/* A change that no line tells, to be made before an event. */
struct plan_step {
	size_t before;	   /* index of the event */
	unsigned int line; /* that makes it necessary */
	const char *call;
	struct call_args args;
};

/* A call as this kernel has it, by the name that the log or mbsim has for it. */
struct prepared_call {
	const char *name;
	const struct rt_call *call; /* NULL: there is none like it */
	const char *allocation;	    /* make_allocation_name() of it, if that was asked for */
	enum call_arg args[RT_MAX_ARGS];
	bool of_memory; /* it may change memblock's memory */
};

/*
 * Calls as they were made, to be made again under other conditions: what the log tells and what was
 * inferred, without what only mends differences.
 */
struct trace {
	struct trace_call {
		const struct replay_event *event;
		const char *name; /* as for make_call(); NULL: it is not known how it was asked for */
		const char *caller;
		struct call_args args;
		/* It is an allocation, and @log is where the log has it; empty: nowhere. */
		bool judged;
		struct range log;
	} * v;
	size_t nr, room;
};

struct replay {
	struct engine *e;
	const struct rt_engine *ops;
	const struct replay_log *log;
	const struct replay_options *o;
	struct replay_result *r;
	struct replay_rows memory,
		reserved;  /* memblock's arrays, as make_take_state() found them */
	bool memory_known; /* memory is still so */
	struct prepared_call prepared[256];
	struct plan_step *plan;
	size_t nr_plan, room_plan, next_step;
	struct index owned; /* of r->owners those that are not freed, by their beginnings */
	uint64_t limit;	    /* the current limit, as far as it is known */
	bool limit_known;   /* an allocation was found under it */
	bool bottom_up, resize, over;
	struct replay_array {
		uint64_t count, max, size;
	} arrays[2];	     /* memblock's own, memory and reserved, at the last make_watch() */
	uint64_t doubled_at; /* where the latest doubling put an array */
	bool doubled;	     /* seen by make_watch() during this event */
	size_t at;	     /* the event that is next */
	bool trying;	     /* a request is made as it stands, and may panic ... */
	bool careful;	     /* ... as this one did */
	struct late *late;   /* handover.c; NULL: there will be none */
	/* A limit or a direction that one allocation made necessary, and no other has shown so far. */
	struct replay_doubt {
		const struct replay_event *event; /* NULL: there is none */
		uint64_t limit, address, would;	  /* before; the log's; as it was before */
		bool bottom_up, limit_known;	  /* before */
		bool natural;			  /* nothing speaks against it */
		size_t inferred;		  /* its index */
	} doubt;
	struct rangeset claimed;	  /* inferred to be reserved, or a part of it */
	struct trace *trace;		  /* NULL: calls are not kept */
	bool mending;			  /* the calls that are made only mend a difference */
	const struct replay_event *event; /* that is the reason for what is done */
	bool kept, stop;
};

/* make.c: calls of the engine, within engine_run(). */
/* False if this kernel does not have it. *@result is an address for allocations: 0 for none. */
bool make_call(struct replay *p, const char *name, const char *caller, const struct call_args *args,
	       uint64_t *result);
/* The name by which this kernel has an allocation of the log; NULL: it has none like it. */
const char *make_allocation_name(struct replay *p, const char *logged);
void make_take_state(struct replay *p);
/* The region of memory, as it is now, that @address is in, or NULL. */
const struct replay_row *make_find_memory(struct replay *p, uint64_t address);
/* Looks at the arrays' sizes. One was doubled if it has grown: memblock's log would tell, too, but is slow. */
void make_watch(struct replay *p);

/* Writes a call that was made by other means into the script, if this kernel has it. */
void make_script_call(struct replay *p, const char *name, const struct call_args *args);

/*
 * handover.c: what comes after memblock. The hand-over and what follows it are made when a call of a
 * later line is; all but the first and the last within engine_run().
 */
void late_begin(struct replay *p);
void late_note_call(struct replay *p, const char *name, const char *caller,
		    const struct call_args *args, uint64_t result);
void late_before(struct replay *p, unsigned int line);
/* Makes the call of a line "memblock_free_late: ..."; false if it is too early for it. */
bool late_free(struct replay *p, const struct replay_event *e, const struct call_args *args);
void late_end(struct replay *p);
/* Holds what came of it against the log. */
void late_finish(struct replay *p);

/* owner.c: */
void owner_add(struct replay *p, const struct replay_event *e, struct range range);
/* All that lies in @e's range is freed. */
void owner_remove(struct replay *p, const struct replay_event *e);

/* An array is as good as full: kernels allow doubling before it comes to that. */
bool make_is_full(const struct replay_array *a);

/* trace.c: */
/* A call is made, and is kept if calls are. */
void trace_add(struct replay *p, const char *name, const char *caller, const struct call_args *a);
/* The call that was made last, if it is an allocation for @e, has this range in the log. */
void trace_judge(struct replay *p, const struct replay_event *e, struct range range);

/* whatif.c: */
/* Follows the log, and keeps the calls. */
typedef void (*follow_fn)(struct engine *e, const struct replay_log *log,
			  const struct replay_options *options, struct replay_result *r,
			  struct trace *trace);
void whatif_run(struct engine *e, const struct replay_log *log,
		const struct replay_options *options, struct replay_result *r, follow_fn follow);
void whatif_free(struct replay_whatif *w);

/* places.c: what is elsewhere here than in the log */
struct places {
	void *by_log, *by_here; /* trees of struct place */
};
struct place {
	struct range log, here; /* as large; here may be empty: it is nowhere */
	size_t owner;		/* index of the result's, or SIZE_MAX */
	bool dropped;		/* it was never asked for */
};
/* From now on @log is at @here. What was in the log's place before is forgotten. */
void places_set(struct places *s, struct place place);
/* The first found place that overlaps, by where the log has it or by where it is here; or NULL. */
const struct place *places_find(const struct places *s, struct range log);
const struct place *places_find_here(const struct places *s, struct range here);
/* The log's range is free: it is forgotten, and what is left of the place stays. */
void places_cut(struct places *s, struct range log);
void places_release(struct places *s);

/* around.c: */
/* With more differences than that, what is around them is not told. */
#define AROUND_MOST 1000
/* What is here where the log has an allocation, before that is mended; NULL: not told. The caller frees it. */
char *around_state(struct replay *p, const struct replay_event *e, uint64_t got,
		   struct range range);
const char *around_reason(struct replay *p, const struct replay_event *e, uint64_t got,
			  struct range range);

/* note.c: what there is to tell; between calls, not from within one. */
void note_inferred(struct replay *p, unsigned int line, unsigned int before, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* The last difference comes to its place by line. */
void note_sort(struct replay_result *r);
void note_difference(struct replay *p, const struct replay_event *e, const char *got,
		     const char *expected, const char *reason);

/* plan.c: what is to be done before which event, from the dumps. */
void plan_make(struct replay *p);

/* What there is before the log's first call. */
struct plan_beginning {
	struct rangeset memory, reserved, kern; /* kern: with MEMBLOCK_RSRV_KERN */
};
void plan_find_beginning(const struct replay_log *log, struct plan_beginning *b);
void plan_beginning_release(struct plan_beginning *b);

/* infer.c: */
/* Before an allocation that the log answers with @address: sets direction and limit accordingly. */
void infer_request(struct replay *p, const struct replay_event *e, uint64_t address);
/* The same, where the request as it stood has led there. */
void infer_confirm(struct replay *p, const struct replay_event *e);
/* The arguments that lead to an allocation of which no line tells; false if none do. */
bool infer_silent(struct replay *p, const struct replay_event *e, struct call_args *args,
		  const char **call);

/* doubt.c: */
/* Remembers what is as it was before a change that @e makes necessary. */
void doubt_open(struct replay *p, const struct replay_event *e, uint64_t address, uint64_t would);
/* What was changed has been inferred; if nothing has (there is no such call), there is no doubt. */
void doubt_begin(struct replay *p);
/* Does the request @e speak for it or against it, being at @address? Looks before anything is changed for it. */
void doubt_check(struct replay *p, const struct replay_event *e, uint64_t address);
/* Nothing more comes that could speak for it. */
void doubt_close(struct replay *p);
/* infer.c: as memblock_alloc_range_nid() and, for memory, memblock_alloc_internal() look for it. */
uint64_t infer_predict(const struct replay *p, const struct replay_event *e, uint64_t limit,
		       bool bottom_up);

/* taken.c: */
/* Infers what was reserved before a log without a dump, if that is why @e is at @address. */
bool taken_explain(struct replay *p, const struct replay_event *e, uint64_t address);
/* An allocation without a request, in a log without a dump, of which nothing tells why it is there. */
void taken_as_is(struct replay *p, const struct replay_event *e);

/* dump.c: holds the arrays against a dump; in follow mode makes them equal. */
void dump_compare(struct replay *p, const struct replay_event *e);

#endif
