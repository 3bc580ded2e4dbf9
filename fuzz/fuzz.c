// SPDX-License-Identifier: GPL-2.0-or-later
/* Fuzzes an engine against the model. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz/internal.h"
#include "lib/array.h"

/* How many shorter ones are tried; each takes microseconds. */
#define TRIALS 30000
/* Those that take a time-out, or a process, each. */
#define SLOW_TRIALS 400
#define SHORT_TIMEOUT_MS 40
/* One sequence in so many has the checks of check/ made at its end. */
#define CHECK_EVERY 64

struct fuzzing {
	struct rig rig;
	struct generator generator;
	struct outcome outcome, trial, wanted;
	const struct rt_call *call; /* that the wanted outcome is of */
	struct sequence small;
};

static const struct rt_call *call_at(const struct rig *r, const struct sequence *s, size_t at)
{
	return at < s->nr ? op_call(&r->table, &s->v[at]) : NULL;
}

static bool shows(void *data, struct sequence *s)
{
	struct fuzzing *f = data;

	rig_run(&f->rig, s, NULL, &f->trial);
	return f->trial.aspect != ASPECT_NONE &&
	       outcome_alike(&f->trial, call_at(&f->rig, s, f->trial.at), &f->wanted, f->call);
}

static void tell(struct fuzzing *f, struct pool *p, uint64_t number,
		 void (*to)(struct pool *p, const struct emitter *em))
{
	const struct emitter em = {
		.e = f->rig.e,
		.table = &f->rig.table,
		.s = &f->small,
		.o = &f->trial,
		.seed = p->options->seed,
		.number = number,
	};

	to(p, &em);
}

/* A difference in @s: made smaller, and told. */
static void minimise(struct fuzzing *f, struct pool *p, const struct slot *slot)
{
	struct stats *stats = f->rig.stats;
	struct coverage *coverage = f->rig.coverage;
	unsigned int timeout_ms = f->rig.timeout_ms, trials = TRIALS;

	f->wanted = f->outcome;
	f->small = slot->sequence;
	f->call = call_at(&f->rig, &f->small, f->wanted.at);
	f->rig.stats = NULL;
	f->rig.coverage = NULL;
	f->rig.wants_check = f->wanted.aspect == ASPECT_CHECK;
	if (f->wanted.got.end == ENGINE_TIMED_OUT && f->wanted.aspect == ASPECT_END) {
		f->rig.timeout_ms = SHORT_TIMEOUT_MS;
		trials = SLOW_TRIALS / 2;
	}
	shrink(&f->small, &f->rig.table, trials, shows, f);
	if (shows(f, &f->small))
		tell(f, p, slot->number, pool_tell);
	f->rig.stats = stats;
	f->rig.coverage = coverage;
	f->rig.timeout_ms = timeout_ms;
}

static void run_one(struct fuzzing *f, struct pool *p, struct slot *slot, uint64_t number)
{
	struct prng prng;
	struct source source = { .prng = &prng };

	pool_seed(p, &prng, number);
	slot->number = number;
	slot->sequence.nr = 0;
	generator_begin(&f->generator, &f->rig, &source);
	f->rig.wants_check = number % CHECK_EVERY == 0;
	rig_run(&f->rig, &slot->sequence, &f->generator, &f->outcome);
	if (f->outcome.aspect != ASPECT_NONE &&
	    pool_wants(p, &f->outcome, call_at(&f->rig, &slot->sequence, f->outcome.at)))
		minimise(f, p, slot);
}

static int work(struct pool *p, struct slot *slot)
{
	struct fuzzing *f = p->data;
	uint64_t first, end;

	f->rig.stats = &slot->stats;
	f->rig.at_bug = &slot->at_bug;
	f->rig.deadly = p->shared->deadly;
	pool_name_calls(p, &f->rig.table);
	for (size_t i = 0; i < f->rig.table.nr; i++)
		p->shared->call_judged[i] = f->rig.traits[i].judged;
	while (pool_claim(p, &first, &end))
		for (; first < end && !p->shared->stop; first++)
			run_one(f, p, slot, first);
	return 0;
}

/* Does @s end a process? Tried in one. */
static bool kills(void *data, struct sequence *s)
{
	struct fuzzing *f = data;
	int status = 0;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (!pid) {
		if (!freopen("/dev/null", "w", stderr))
			_exit(0);
		rig_run(&f->rig, s, NULL, &f->trial);
		_exit(0);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && WIFSIGNALED(status);
}

static void died(struct pool *p, struct slot *slot, const char *text)
{
	struct fuzzing *f = p->data;

	f->trial = (struct outcome){ .aspect = ASPECT_DIED, .known = slot->at_bug };
	for (size_t i = 0; slot->at_bug && i < POOL_MAX_DEADLY; i++) {
		if (p->shared->deadly[i] == slot->at_bug)
			break;
		if (!p->shared->deadly[i]) {
			p->shared->deadly[i] = slot->at_bug;
			break;
		}
	}
	f->small = slot->sequence;
	if (!f->small.nr)
		return;
	f->trial.at = f->small.nr - 1;
	snprintf(f->trial.text, sizeof(f->trial.text), "%s", text);
	if (!pool_wants(p, &f->trial, call_at(&f->rig, &f->small, f->trial.at)))
		return;
	shrink(&f->small, &f->rig.table, SLOW_TRIALS, kills, f);
	f->trial.at = f->small.nr - 1;
	tell(f, p, slot->number, pool_add);
}

int fuzz_engine(struct engine *e, const struct fuzz_options *options, struct fuzz_report *report,
		struct error *err)
{
	struct fuzzing *f = array_resize(NULL, 1, sizeof(*f));
	struct pool *p = array_resize(NULL, 1, sizeof(*p));
	int ret;

	memset(f, 0, sizeof(*f));
	*report = (struct fuzz_report){ 0 };
	*p = (struct pool){
		.options = options, .report = report, .data = f, .work = work, .died = died
	};
	snprintf(report->kernels[0], sizeof(report->kernels[0]), "%.63s", engine_info(e)->version);
	rig_init(&f->rig, e, true);
	f->rig.coverage = options->coverage;
	ret = pool_run(p, err);
	pool_add_calls(p);
	pool_release(p);
	rig_release(&f->rig);
	free(p);
	free(f);
	return ret;
}
