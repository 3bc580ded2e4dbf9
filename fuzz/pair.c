// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzzes two engines against each other. A process has room for one, so a second process has the other:
 * the first makes sequences and runs them, a batch at a time, the second runs the same, and both
 * leave digests of what memblock was after each operation in memory that they share. What
 * memblock.h declares alike in both is what is called.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz/internal.h"
#include "lib/array.h"

#define BATCH 16
#define TRIALS 6000
#define SLOW_TRIALS 150
#define SHORT_TIMEOUT_MS 40

enum command {
	COMMAND_LINK, /* which calls are in both */
	COMMAND_RUN,  /* the batch */
	COMMAND_VIEW, /* its first sequence; what is seen after operation @at */
};

struct request {
	enum command command;
	size_t nr, at;
	unsigned int timeout_ms;
};

/* What both processes see. */
struct both {
	char error[sizeof(((struct error *)0)->text)]; /* the second engine cannot be had */
	char version[64];
	unsigned long flags;
	char signatures[OP_MAX_CALLS][OP_SIGNATURE_MAX];
	size_t nr_signatures;
	struct sequence sequences[BATCH];
	uint64_t numbers[BATCH];
	struct digest digests[2][BATCH][SEQUENCE_MAX];
	size_t nr[2][BATCH]; /* operations that were run */
	struct view view;
};

struct pair {
	const struct engine_request *requests;
	struct rig rig;
	struct both *both;
	int other; /* socket to the second process */
	struct generator generator;
	struct outcome outcome, trial, wanted;
	const struct rt_call *call;
	struct sequence small, scratch;
	struct pool *pool;
};

static bool say(int fd, const void *data, size_t len)
{
	return send(fd, data, len, MSG_NOSIGNAL) == (ssize_t)len;
}

static bool hear(int fd, void *data, size_t len)
{
	return recv(fd, data, len, MSG_WAITALL) == (ssize_t)len;
}

/* What this engine has, for the other to choose from. */
static void offer(struct both *b, const struct rig *r)
{
	b->nr_signatures = r->table.nr;
	for (size_t i = 0; i < r->table.nr; i++)
		op_signature(r->table.calls[i], b->signatures[i]);
	b->flags = 0;
	for (int i = 0; i < r->ops->nr_flags; i++)
		b->flags |= r->ops->flags[i].value;
}

static size_t find_signature(const struct both *b, const char *signature)
{
	size_t i = 0;

	while (i < b->nr_signatures && strcmp(b->signatures[i], signature))
		i++;
	return i;
}

/* Keeps the calls that are offered, too, and offers these. */
static void choose(struct both *b, struct rig *r)
{
	char signature[OP_SIGNATURE_MAX];
	unsigned long flags = b->flags;
	size_t nr = 0;

	for (size_t i = 0; i < r->table.nr; i++) {
		op_signature(r->table.calls[i], signature);
		if (find_signature(b, signature) < b->nr_signatures)
			r->table.calls[nr++] = r->table.calls[i];
	}
	r->table.nr = nr;
	traits_fill(r);
	offer(b, r);
	r->flags = b->flags = flags & b->flags;
}

/* Takes the calls that the other has chosen, in its order. */
static void follow(const struct both *b, struct rig *r)
{
	const struct op_table all = r->table;
	char signature[OP_SIGNATURE_MAX];

	for (size_t i = 0; i < all.nr; i++) {
		size_t at;

		op_signature(all.calls[i], signature);
		at = find_signature(b, signature);
		if (at < b->nr_signatures)
			r->table.calls[at] = all.calls[i];
	}
	r->table.nr = b->nr_signatures;
	traits_fill(r);
	r->flags = b->flags;
}

/* The second process: does what it is told, until nobody tells it anything. */
static void __attribute__((noreturn))
serve(const struct engine_request *request, struct both *b, int fd)
{
	struct rig *r = array_resize(NULL, 1, sizeof(*r));
	struct sequence *s = array_resize(NULL, 1, sizeof(*s));
	struct outcome *o = array_resize(NULL, 1, sizeof(*o));
	struct error err = { 0 };
	struct engine *e = engine_open(request, &err);
	struct request q;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	snprintf(b->error, sizeof(b->error), "%s", err.text);
	if (e) {
		rig_init(r, e, false);
		offer(b, r);
		snprintf(b->version, sizeof(b->version), "%.63s", engine_info(e)->version);
	}
	while (say(fd, "", 1) && hear(fd, &q, sizeof(q))) {
		if (q.command == COMMAND_LINK) {
			follow(b, r);
			continue;
		}
		r->timeout_ms = q.timeout_ms;
		r->view = q.command == COMMAND_VIEW ? &b->view : NULL;
		r->view_at = q.at;
		for (size_t i = 0; i < q.nr; i++) {
			s->nr = b->sequences[i].nr;
			memcpy(s->v, b->sequences[i].v, s->nr * sizeof(*s->v));
			r->digests = b->digests[1][i];
			rig_run(r, s, NULL, o);
			b->nr[1][i] = s->nr;
		}
	}
	_exit(0);
}

/* Has the other process do something; ends this one if it is not there any more. */
static void ask(struct pair *p, enum command command, size_t nr, size_t at)
{
	const struct request q = { command, nr, at, p->rig.timeout_ms };
	char done;

	if (!say(p->other, &q, sizeof(q)) || !hear(p->other, &done, 1))
		_exit(1);
}

/* The first difference of the @i-th sequence of the batch. */
static bool compare(struct pair *p, size_t i, bool again, struct outcome *o)
{
	const struct both *b = p->both;
	size_t nr = b->nr[0][i] < b->nr[1][i] ? b->nr[0][i] : b->nr[1][i];
	uint64_t ignored = p->pool->shared->ignored;

	o->aspect = ASPECT_NONE;
	for (size_t at = 0; at < nr; at++) {
		const struct digest *ours = &b->digests[0][i][at];
		const struct digest *theirs = &b->digests[1][i][at];
		enum aspect aspect = digest_compare(ours, theirs, ignored, &o->type);
		const struct rt_call *call = op_call(&p->rig.table, &b->sequences[i].v[at]);

		if (aspect == ASPECT_NONE)
			continue;
		o->aspect = aspect;
		o->at = at;
		/* one that is known well, and leaves nothing behind */
		if (!again && (aspect == ASPECT_RESULT || aspect == ASPECT_OUT) &&
		    pool_has_enough(p->pool, o, call) &&
		    digest_compare(ours, theirs,
				   ignored | ASPECT_BIT(ASPECT_RESULT, 0) |
					   ASPECT_BIT(ASPECT_OUT, 0),
				   &o->type) == ASPECT_NONE) {
			o->aspect = ASPECT_NONE;
			continue;
		}
		o->expected.end = theirs->end;
		o->got.end = ours->end;
		return true;
	}
	return false;
}

/* Runs the @i-th sequence of the batch here. */
static void run_here(struct pair *p, size_t i, struct sequence *s, struct generator *g)
{
	p->rig.digests = p->both->digests[0][i];
	rig_run(&p->rig, s, g, &p->trial);
	p->both->nr[0][i] = s->nr;
}

static bool shows(void *data, struct sequence *s)
{
	struct pair *p = data;

	p->both->sequences[0].nr = s->nr;
	memcpy(p->both->sequences[0].v, s->v, s->nr * sizeof(*s->v));
	run_here(p, 0, s, NULL);
	ask(p, COMMAND_RUN, 1, 0);
	if (!compare(p, 0, true, &p->trial))
		return false;
	s->nr = p->trial.at + 1;
	return outcome_alike(&p->trial, op_call(&p->rig.table, &s->v[p->trial.at]), &p->wanted,
			     p->call);
}

/* Both sides of the difference, in full. */
static void look(struct pair *p, struct outcome *o)
{
	enum aspect aspect = o->aspect;

	p->rig.view = &o->got;
	p->rig.view_at = o->at;
	p->scratch = p->small;
	p->both->sequences[0] = p->small;
	p->rig.digests = p->both->digests[0][0];
	rig_run(&p->rig, &p->scratch, NULL, &p->trial);
	p->rig.view = NULL;
	ask(p, COMMAND_VIEW, 1, o->at);
	o->expected = p->both->view;
	o->aspect = aspect;
}

static void minimise(struct pair *p, size_t i)
{
	unsigned int timeout_ms = p->rig.timeout_ms, trials = TRIALS;
	char by[100];
	struct emitter em = {
		.e = p->rig.e,
		.table = &p->rig.table,
		.s = &p->small,
		.o = &p->outcome,
		.seed = p->pool->options->seed,
		.number = p->both->numbers[i],
		.expected_by = by,
	};

	snprintf(by, sizeof(by), "%s", p->both->version);
	p->wanted = p->outcome;
	p->small = p->both->sequences[i];
	p->small.nr = p->wanted.at + 1;
	p->call = op_call(&p->rig.table, &p->small.v[p->wanted.at]);
	if (p->wanted.expected.end == ENGINE_TIMED_OUT || p->wanted.got.end == ENGINE_TIMED_OUT) {
		p->rig.timeout_ms = SHORT_TIMEOUT_MS;
		trials = SLOW_TRIALS;
	}
	shrink(&p->small, &p->rig.table, trials, shows, p);
	if (shows(p, &p->small)) {
		p->outcome = p->trial;
		p->outcome.round = p->small.v[p->outcome.at].repeat - 1;
		p->outcome.known = NULL;
		look(p, &p->outcome);
		pool_tell(p->pool, &em);
	}
	p->rig.timeout_ms = timeout_ms;
}

static void run_batch(struct pair *p, uint64_t first, size_t nr)
{
	struct both *b = p->both;
	bool wanted[BATCH] = { false };
	struct stats *stats = p->rig.stats;
	struct outcome outcomes[BATCH];

	for (size_t i = 0; i < nr; i++) {
		struct prng prng;
		struct source source = { .prng = &prng };

		pool_seed(p->pool, &prng, first + i);
		b->numbers[i] = first + i;
		b->sequences[i].nr = 0;
		generator_begin(&p->generator, &p->rig, &source);
		run_here(p, i, &b->sequences[i], &p->generator);
	}
	ask(p, COMMAND_RUN, nr, 0);
	for (size_t i = 0; i < nr; i++)
		wanted[i] = compare(p, i, false, &outcomes[i]);
	p->rig.stats = NULL;
	for (size_t i = 0; i < nr; i++) {
		struct sequence *s = &b->sequences[i];

		if (!wanted[i] || !pool_wants(p->pool, &outcomes[i],
					      op_call(&p->rig.table, &s->v[outcomes[i].at])))
			continue;
		p->outcome = outcomes[i];
		/* the first place of the batch is used for trials */
		p->scratch = b->sequences[0];
		minimise(p, i);
	}
	p->rig.stats = stats;
}

/* Makes the second process, before the first engine is there: a fork would have no room for two. */
static int start_other(struct pair *p, struct slot *slot)
{
	int ends[2];
	pid_t pid;
	char done;

	p->both = mmap(NULL, sizeof(*p->both), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		       -1, 0);
	if (p->both == MAP_FAILED || socketpair(AF_UNIX, SOCK_STREAM, 0, ends)) {
		snprintf(slot->error, sizeof(slot->error), "cannot share memory: %s",
			 strerror(errno));
		return -errno;
	}
	fflush(NULL);
	pid = fork();
	if (!pid) {
		close(ends[0]);
		serve(&p->requests[1], p->both, ends[1]);
	}
	close(ends[1]);
	p->other = ends[0];
	if (pid < 0 || !hear(p->other, &done, 1) || *p->both->error) {
		snprintf(slot->error, sizeof(slot->error), "%s",
			 pid > 0 && *p->both->error ? p->both->error : "cannot make a process");
		return -EINVAL;
	}
	return 0;
}

static int work(struct pool *pool, struct slot *slot)
{
	struct pair *p = pool->data;
	struct error err = { 0 };
	struct engine *e;
	uint64_t first, end;

	p->pool = pool;
	if (start_other(p, slot))
		return -EINVAL;
	e = engine_open(&p->requests[0], &err);
	if (!e) {
		snprintf(slot->error, sizeof(slot->error), "%s", err.text);
		return -EINVAL;
	}
	rig_init(&p->rig, e, false);
	choose(p->both, &p->rig);
	ask(p, COMMAND_LINK, 0, 0);
	p->rig.stats = &slot->stats;
	pool_name_calls(pool, &p->rig.table);
	while (pool_claim(pool, &first, &end))
		for (; first < end && !pool->shared->stop; first += BATCH)
			run_batch(p, first, end - first < BATCH ? end - first : BATCH);
	return 0;
}

int fuzz_pair(const struct engine_request requests[2], const struct fuzz_options *options,
	      struct fuzz_report *report, struct error *err)
{
	struct pair *p = array_resize(NULL, 1, sizeof(*p));
	struct pool *pool = array_resize(NULL, 1, sizeof(*pool));
	struct fuzz_options half = *options;
	int ret = 0;

	memset(p, 0, sizeof(*p));
	p->requests = requests;
	*report = (struct fuzz_report){ 0 };
	half.jobs = (options->jobs + 1) / 2;
	*pool = (struct pool){ .options = &half, .report = report, .data = p, .work = work };
	/* built once, and not by each process */
	for (int i = 0; i < 2 && !ret; i++) {
		struct engine_info info;

		ret = engine_build(&requests[i], &info, err);
		if (!ret)
			snprintf(report->kernels[i], sizeof(report->kernels[i]), "%s",
				 info.version);
		engine_info_release(&info);
	}
	if (!ret)
		ret = pool_run(pool, err);
	pool_add_calls(pool);
	pool_release(pool);
	free(pool);
	free(p);
	return ret;
}
