// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Processes that look for findings, each with an engine of its own, and the one that started them. What
 * a process found comes as texts through a pipe. One that dies, by a sanitizer's report for
 * instance, leaves the sequence that it was at in the memory that all share.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz/internal.h"
#include "lib/array.h"
#include "lib/clock.h"

/* Sequences that a process takes at a time. */
#define CLAIM 32
#define PROGRESS_SECONDS 0.25

void pool_seed(const struct pool *p, struct prng *prng, uint64_t number)
{
	prng_seed(prng, p->options->seed + number * 0x9e3779b97f4a7c15ULL, "sequence");
}

bool pool_claim(struct pool *p, uint64_t *first, uint64_t *end)
{
	if (p->shared->stop)
		return false;
	*first = atomic_fetch_add(&p->shared->next, CLAIM);
	*end = *first + CLAIM;
	if (*end > p->shared->end)
		*end = p->shared->end;
	return *first < *end;
}

static uint64_t kind_key(const struct rt_call *call, const struct outcome *o)
{
	const char *texts[] = { call ? call->name : "", o->known ? o->known : "" };
	uint64_t hash = 0xcbf29ce484222325ULL;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		for (const char *p = texts[i]; *p; p++)
			hash = (hash ^ (unsigned char)*p) * 0x100000001b3ULL;
	hash = (hash * 16 + o->aspect) * 4 + o->type;
	if (o->aspect == ASPECT_END)
		hash = hash * 64 + o->expected.end * 8 + o->got.end;
	return hash + !hash;
}

/* Counts one more of a kind; how many there were before. */
static unsigned int kind_count(struct shared *s, uint64_t key, unsigned int by)
{
	for (size_t i = 0; i < POOL_MAX_KINDS; i++) {
		struct kind *k = &s->kinds[(key + i) % POOL_MAX_KINDS];
		uint64_t none = 0;

		if (k->key == key || atomic_compare_exchange_strong(&k->key, &none, key) ||
		    none == key)
			return atomic_fetch_add(&k->times, by);
	}
	return UINT32_MAX;
}

bool pool_has_enough(struct pool *p, const struct outcome *o, const struct rt_call *call)
{
	uint64_t key = kind_key(call, o);

	return kind_count(p->shared, key, 0) >= POOL_PER_KIND;
}

bool pool_wants(struct pool *p, const struct outcome *o, const struct rt_call *call)
{
	uint64_t key = kind_key(call, o);

	/* that a process dies costs most */
	return kind_count(p->shared, key, 1) < (o->aspect == ASPECT_DIED ? 1 : POOL_PER_KIND);
}

bool outcome_alike(const struct outcome *a, const struct rt_call *a_call, const struct outcome *b,
		   const struct rt_call *b_call)
{
	return a->aspect == b->aspect && a->type == b->type && a_call == b_call &&
	       !a->known == !b->known && (!a->known || !strcmp(a->known, b->known)) &&
	       (a->aspect != ASPECT_END ||
		(a->expected.end == b->expected.end && a->got.end == b->got.end));
}

/* A finding on its way: numbers, and behind them the texts, each with a NUL. */
struct message {
	uint64_t number, key, length;
	double seconds;
	unsigned int calls;
};

static bool write_all(int fd, const void *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		data = (const char *)data + n;
		len -= n;
	}
	return true;
}

static bool read_all(int fd, void *data, size_t len)
{
	while (len) {
		ssize_t n = read(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		data = (char *)data + n;
		len -= n;
	}
	return true;
}

#define NR_TEXTS 5

static void make_texts(const struct emitter *em, char *texts[NR_TEXTS])
{
	texts[0] = emit_kind(em);
	texts[1] = emit_sentence(em);
	texts[2] = emit_script(em);
	texts[3] = emit_test(em);
	texts[4] = array_strdup(em->o->known ? em->o->known : "");
}

static struct message make_message(const struct pool *p, const struct emitter *em)
{
	const struct rt_call *call = op_call(em->table, &em->s->v[em->o->at]);

	return (struct message){
		.number = em->number,
		.key = kind_key(call, em->o),
		.seconds = clock_seconds() - p->started,
		.calls = em->o->at + 1,
	};
}

void pool_tell(struct pool *p, const struct emitter *em)
{
	struct message m = make_message(p, em);
	char *texts[NR_TEXTS];

	make_texts(em, texts);
	for (size_t i = 0; i < NR_TEXTS; i++)
		m.length += strlen(texts[i]) + 1;
	if (!write_all(p->results, &m, sizeof(m)))
		_exit(1);
	for (size_t i = 0; i < NR_TEXTS; i++) {
		if (!write_all(p->results, texts[i], strlen(texts[i]) + 1))
			_exit(1);
		free(texts[i]);
	}
}

static void finding_release(struct fuzz_finding *f)
{
	for (size_t i = 0; i < f->nr_replays; i++) {
		free(f->replays[i].kernel);
		free(f->replays[i].error);
	}
	free(f->replays);
	free(f->kind);
	free(f->sentence);
	free(f->script);
	free(f->test);
	free(f->known);
}

void fuzz_report_release(struct fuzz_report *report)
{
	for (size_t i = 0; i < report->nr; i++)
		finding_release(&report->findings[i]);
	free(report->findings);
	free(report->stats.calls_made);
	*report = (struct fuzz_report){ 0 };
}

/* Takes the texts. Of a kind that is there already, the shorter sequence stays. */
static void take_finding(struct pool *p, const struct message *m, char *texts[NR_TEXTS])
{
	struct fuzz_report *report = p->report;
	struct fuzz_finding new = {
		.number = m->number,
		.kind = texts[0],
		.sentence = texts[1],
		.script = texts[2],
		.test = texts[3],
		.known = texts[4],
		.calls = m->calls,
		.seconds = m->seconds,
		.key = m->key,
	};

	for (size_t i = 0; i < report->nr; i++) {
		struct fuzz_finding *f = &report->findings[i];

		if (f->key != m->key)
			continue;
		new.seconds = f->seconds;
		if (m->calls < f->calls ||
		    (m->calls == f->calls && strlen(new.script) < strlen(f->script))) {
			finding_release(f);
			*f = new;
		} else {
			finding_release(&new);
		}
		return;
	}
	ARRAY_APPEND(report->findings, report->nr, report->room) = new;
}

void pool_add(struct pool *p, const struct emitter *em)
{
	struct message m = make_message(p, em);
	char *texts[NR_TEXTS];

	make_texts(em, texts);
	take_finding(p, &m, texts);
}

/* One finding from a worker; false at its end. */
static bool receive(struct pool *p, struct pool_worker *w)
{
	struct message m;
	char *data, *at, *texts[NR_TEXTS];

	if (!read_all(w->results, &m, sizeof(m)))
		return false;
	data = array_resize(NULL, m.length + NR_TEXTS, 1);
	if (!read_all(w->results, data, m.length)) {
		free(data);
		return false;
	}
	at = data;
	memset(data + m.length, 0, NR_TEXTS);
	for (size_t i = 0; i < NR_TEXTS; i++) {
		texts[i] = array_strdup(at);
		at += strlen(at) + 1;
	}
	free(data);
	take_finding(p, &m, texts);
	return true;
}

static int start(struct pool *p, size_t number, struct error *err)
{
	struct pool_worker *w = &p->workers[number];
	int ends[2], ret;

	if (pipe(ends))
		return error_set(err, errno, "cannot make a pipe: %s", strerror(errno));
	*w = (struct pool_worker){ .results = ends[0],
				   .errors = memfd_create("stderr", MFD_CLOEXEC) };
	fflush(NULL);
	w->pid = w->errors < 0 ? -1 : fork();
	if (w->pid < 0) {
		ret = error_set(err, errno, "cannot make a process: %s", strerror(errno));
		w->pid = 0;
		close(ends[0]);
		close(ends[1]);
		return ret;
	}
	if (!w->pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (size_t i = 0; i < p->nr_workers; i++)
			if (p->workers[i].pid)
				close(p->workers[i].results);
		close(ends[0]);
		p->results = ends[1];
		dup2(w->errors, STDERR_FILENO);
		_exit(p->work(p, &p->shared->slots[number]) ? 2 : 0);
	}
	close(ends[1]);
	return 0;
}

/* The line of what was written to standard error that tells most; or how the process ended. */
static void death_text(struct pool_worker *w, int status, char *text, size_t size)
{
	static const char *const words[] = { "SUMMARY: ", "runtime error: ", "ERROR: " };
	char errors[16384];
	ssize_t n = pread(w->errors, errors, sizeof(errors) - 1, 0);

	errors[n > 0 ? n : 0] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		const char *at = strstr(errors, words[i]);

		if (at) {
			snprintf(text, size, "%.*s", (int)strcspn(at, "\n"), at);
			return;
		}
	}
	snprintf(text, size, "the process ended: %s",
		 WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "exit");
}

/* A worker has nothing more to say. */
static int finish(struct pool *p, size_t number, struct error *err)
{
	struct pool_worker *w = &p->workers[number];
	struct slot *slot = &p->shared->slots[number];
	char text[200];
	int status = 0, ret = 0;

	waitpid(w->pid, &status, 0);
	w->pid = 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 2) {
		ret = error_set(err, EINVAL, "%s", slot->error);
	} else if (status && !p->shared->stop) {
		death_text(w, status, text, sizeof(text));
		if (p->died)
			p->died(p, slot, text);
		close(w->results);
		close(w->errors);
		return start(p, number, err);
	}
	close(w->results);
	close(w->errors);
	return ret;
}

static void add_stats(struct pool *p)
{
	struct fuzz_stats *s = &p->report->stats;

	s->sequences = s->calls = s->unjudged = s->checks = s->handovers = 0;
	for (size_t i = 0; i < p->nr_workers; i++) {
		const struct stats *w = &p->shared->slots[i].stats;

		s->sequences += w->sequences;
		s->calls += w->calls;
		s->unjudged += w->unjudged;
		s->checks += w->checks;
		s->handovers += w->handovers;
	}
	s->seconds = clock_seconds() - p->started;
	for (size_t i = 0; i < p->report->nr; i++)
		p->report->findings[i].times = kind_count(p->shared, p->report->findings[i].key, 0);
}

static bool is_enough(const struct pool *p)
{
	const struct fuzz_options *o = p->options;
	size_t n = 0;

	for (size_t i = 0; i < p->report->nr; i++)
		n += o->strict || !*p->report->findings[i].known;
	return (o->seconds > 0 && clock_seconds() - p->started >= o->seconds) ||
	       (o->findings && n >= o->findings);
}

static int serve(struct pool *p, struct error *err)
{
	struct pollfd fds[POOL_MAX_SLOTS];
	int ret = 0;

	for (;;) {
		size_t running = 0;

		for (size_t i = 0; i < p->nr_workers; i++) {
			fds[i] = (struct pollfd){ p->workers[i].pid ? p->workers[i].results : -1,
						  POLLIN, 0 };
			running += !!p->workers[i].pid;
		}
		if (!running)
			return ret;
		poll(fds, p->nr_workers, (int)(PROGRESS_SECONDS * 1000));
		for (size_t i = 0; i < p->nr_workers; i++)
			if (fds[i].revents && !receive(p, &p->workers[i]) &&
			    finish(p, i, ret ? NULL : err))
				ret = -EINVAL, p->shared->stop = true;
		add_stats(p);
		if (is_enough(p))
			p->shared->stop = true;
		if (p->options->progress)
			p->options->progress(p->options->data, p->report);
	}
}

int pool_run(struct pool *p, struct error *err)
{
	const struct fuzz_options *o = p->options;
	int ret = 0;

	p->shared = mmap(NULL, sizeof(*p->shared), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (p->shared == MAP_FAILED)
		return error_set(err, errno, "cannot share memory: %s", strerror(errno));
	p->started = clock_seconds();
	p->shared->next = o->first;
	p->shared->end = o->runs ? o->first + o->runs : UINT64_MAX;
	p->nr_workers = o->jobs < POOL_MAX_SLOTS ? o->jobs : POOL_MAX_SLOTS;
	p->nr_workers += !p->nr_workers;
	p->report->stats.jobs = p->nr_workers;
	p->report->stats.seed = o->seed;
	for (size_t i = 0; i < p->nr_workers && !ret; i++)
		ret = start(p, i, err);
	if (ret)
		p->shared->stop = true;
	if (serve(p, ret ? NULL : err))
		ret = -EINVAL;
	add_stats(p);
	return ret;
}

void pool_name_calls(struct pool *p, const struct op_table *t)
{
	struct shared *s = p->shared;

	for (size_t i = 0; i < t->nr; i++) {
		snprintf(s->call_names[i], sizeof(s->call_names[i]), "%.63s", t->calls[i]->name);
		s->call_judged[i] = true;
	}
	s->nr_call_names = t->nr;
}

void pool_add_calls(struct pool *p)
{
	struct fuzz_stats *stats = &p->report->stats;
	const struct shared *s = p->shared;
	size_t nr = s && s != MAP_FAILED ? s->nr_call_names : 0;

	stats->calls_made = array_resize(NULL, nr + 1, sizeof(*stats->calls_made));
	stats->nr_calls_made = nr;
	for (size_t i = 0; i < nr; i++) {
		struct fuzz_call *c = &stats->calls_made[i];

		*c = (struct fuzz_call){ .judged = s->call_judged[i] };
		memcpy(c->name, s->call_names[i], sizeof(c->name));
		for (size_t k = 0; k < p->nr_workers; k++)
			for (int o = 0; o < STATS_OUTCOMES; o++)
				c->made[o] += s->slots[k].stats.by_call[i][o];
	}
}

void pool_release(struct pool *p)
{
	if (p->shared && p->shared != MAP_FAILED)
		munmap(p->shared, sizeof(*p->shared));
	p->shared = NULL;
}
