// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs tests in processes that are forked from this one, with the engine as it is loaded. Each takes
 * the next test until there is none. If one dies, by a sanitizer for instance, the test that it
 * was at has failed, with what was written to standard error; another takes its place.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/clock.h"
#include "lib/file.h"
#include "runner/internal.h"

#define MAX_WORKERS 256
/* A process is not worth it for fewer tests than this. */
#define TESTS_PER_WORKER 48
#define NO_TEST SIZE_MAX
/* The time-out is of processor time; one that sleeps instead is killed after this many of them. */
#define PATIENCE 10
#define PATIENCE_MIN_MS 30000

/* What the processes share. */
struct shared {
	atomic_size_t next; /* test to be run */
	struct slot {
		atomic_size_t at; /* the test that it is at, or NO_TEST */
		atomic_llong since_ms;
	} slots[MAX_WORKERS];
};

struct worker {
	pid_t pid;	     /* 0: none */
	int results, errors; /* the end of a pipe, a file without a name */
	struct wire wire;
	bool late;
};

struct pool {
	struct engine *e;
	const struct runner_options *options;
	struct runner_test **tests;
	size_t nr;
	bool *there;	/* results of each test */
	size_t nr_told; /* how many were handed on */
	bool (*done)(void *data, size_t i);
	void *data;
	bool stop;

	struct shared *shared;
	struct worker workers[MAX_WORKERS];
	size_t nr_workers;
};

static long long now_ms(void)
{
	return (long long)(clock_seconds() * 1000);
}

/* What was written to standard error, as lines of the test's text; forgets it. */
static void take_errors(int fd, struct runner_test *t)
{
	off_t size = lseek(fd, 0, SEEK_END);
	char *errors, *save = NULL, *text = NULL;
	size_t len;
	FILE *out;

	if (size <= 0)
		return;
	errors = array_resize(NULL, (size_t)size + 1, 1);
	size = pread(fd, errors, (size_t)size, 0);
	errors[size > 0 ? size : 0] = '\0';
	out = open_memstream(&text, &len);
	if (!out)
		array_die();
	fputs(t->text, out);
	for (char *line = strtok_r(errors, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		fprintf(out, "# %s\n", line);
	fclose(out);
	free(errors);
	free(t->text);
	t->text = text;
	if (!ftruncate(fd, 0))
		lseek(fd, 0, SEEK_SET);
}

/* The process of a worker. */
static void __attribute__((noreturn)) work(struct pool *p, size_t number, int results, int errors)
{
	struct slot *slot = &p->shared->slots[number];
	size_t i;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(errors, STDERR_FILENO);
	while ((i = atomic_fetch_add(&p->shared->next, 1)) < p->nr) {
		struct runner_test *t = p->tests[i];

		atomic_store(&slot->since_ms, now_ms());
		atomic_store(&slot->at, i);
		test_run(p->e, t, p->options);
		take_errors(STDERR_FILENO, t);
		if (!wire_send(results, i, t))
			break;
		test_forget(t);
		atomic_store(&slot->at, NO_TEST);
	}
	_exit(0);
}

static int start(struct pool *p, size_t number, struct error *err)
{
	struct worker *w = &p->workers[number];
	int ends[2];

	if (pipe(ends))
		return error_set(err, errno, "cannot make a pipe: %s", strerror(errno));
	*w = (struct worker){ .results = ends[0], .errors = memfd_create("stderr", MFD_CLOEXEC) };
	atomic_store(&p->shared->slots[number].at, NO_TEST);
	w->pid = w->errors < 0 ? -1 : fork();
	if (w->pid < 0) {
		int code = errno;

		w->pid = 0;
		close(ends[0]);
		close(ends[1]);
		return error_set(err, code, "cannot make a process: %s", strerror(code));
	}
	if (!w->pid) {
		/* of the others', too: they must see the end when a worker dies */
		for (size_t i = 0; i < p->nr_workers; i++)
			if (p->workers[i].pid)
				close(p->workers[i].results);
		close(ends[0]);
		work(p, number, ends[1], w->errors);
	}
	close(ends[1]);
	return 0;
}

/* Hands on what is there, in order. */
static void tell(struct pool *p)
{
	while (!p->stop && p->nr_told < p->nr && p->there[p->nr_told])
		p->stop = !p->done(p->data, p->nr_told++);
}

/* The test that a worker was at when it died has failed by that. */
static void blame(struct pool *p, struct worker *w, size_t at, int status)
{
	struct runner_test *t = p->tests[at];

	test_forget(t);
	t->status = RUNNER_FAILED;
	t->text = array_strdup("");
	t->log = array_strdup("");
	take_errors(w->errors, t);
	if (w->late)
		t->reason = array_strdup("did not end, and was killed");
	else if (WIFSIGNALED(status))
		t->reason = file_path("ended the process: %s", strsignal(WTERMSIG(status)));
	else
		t->reason = file_path("ended the process with status %d", WEXITSTATUS(status));
	known_judge(t, p->options->strict);
	p->there[at] = true;
}

/* A worker has nothing more to say. */
static int finish(struct pool *p, size_t number, struct error *err)
{
	struct worker *w = &p->workers[number];
	size_t at = atomic_load(&p->shared->slots[number].at);
	int status = 0;
	bool died;

	waitpid(w->pid, &status, 0);
	/* one that ends well is at no test */
	died = status || at != NO_TEST;
	if (at < p->nr && !p->there[at] && !p->stop)
		blame(p, w, at, status);
	close(w->results);
	close(w->errors);
	wire_release(&w->wire);
	w->pid = 0;
	if (died && !p->stop && atomic_load(&p->shared->next) < p->nr)
		return start(p, number, err);
	return 0;
}

static int listen_to(struct pool *p, size_t number, struct error *err)
{
	struct worker *w = &p->workers[number];
	struct runner_test result = { 0 };
	size_t i;

	if (wire_receive(&w->wire, w->results) <= 0)
		return finish(p, number, err);
	while (wire_next(&w->wire, &i, &result)) {
		struct runner_test *t = p->tests[i];

		result.name = t->name;
		result.rt = t->rt;
		result.bug = t->bug;
		*t = result;
		p->there[i] = true;
	}
	return 0;
}

static void kill_late(struct pool *p)
{
	long long limit = (long long)p->options->timeout_ms * PATIENCE;

	if (!limit)
		return;
	if (limit < PATIENCE_MIN_MS)
		limit = PATIENCE_MIN_MS;
	if (p->options->repeat)
		limit *= p->options->repeat;
	for (size_t i = 0; i < p->nr_workers; i++) {
		struct worker *w = &p->workers[i];
		struct slot *slot = &p->shared->slots[i];

		if (w->pid && atomic_load(&slot->at) != NO_TEST &&
		    now_ms() - atomic_load(&slot->since_ms) > limit) {
			w->late = true;
			kill(w->pid, SIGKILL);
		}
	}
}

static void kill_all(struct pool *p)
{
	for (size_t i = 0; i < p->nr_workers; i++)
		if (p->workers[i].pid)
			kill(p->workers[i].pid, SIGKILL);
}

static int serve(struct pool *p, struct error *err)
{
	struct pollfd fds[MAX_WORKERS];
	bool killed = false;

	for (;;) {
		size_t running = 0;

		for (size_t i = 0; i < p->nr_workers; i++) {
			bool runs = p->workers[i].pid;

			fds[i] = (struct pollfd){ runs ? p->workers[i].results : -1, POLLIN, 0 };
			running += runs;
		}
		if (!running)
			return 0;
		poll(fds, p->nr_workers, 1000);
		for (size_t i = 0; i < p->nr_workers; i++) {
			int ret = fds[i].revents ? listen_to(p, i, err) : 0;

			if (ret)
				return ret;
		}
		tell(p);
		kill_late(p);
		if (p->stop && !killed)
			kill_all(p);
		killed = p->stop;
	}
}

int workers_run(struct engine *e, const struct runner_options *options, struct runner_test **tests,
		size_t nr, bool (*done)(void *data, size_t i), void *data, struct error *err)
{
	struct pool p = {
		.e = e,
		.options = options,
		.tests = tests,
		.nr = nr,
		.done = done,
		.data = data,
		.nr_workers = (nr + TESTS_PER_WORKER - 1) / TESTS_PER_WORKER,
	};
	int ret = 0;

	if (p.nr_workers > options->jobs)
		p.nr_workers = options->jobs;
	if (p.nr_workers > MAX_WORKERS)
		p.nr_workers = MAX_WORKERS;
	p.shared = mmap(NULL, sizeof(*p.shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			-1, 0);
	if (p.shared == MAP_FAILED)
		return error_set(err, errno, "cannot share memory: %s", strerror(errno));
	p.there = array_resize(NULL, nr + 1, sizeof(*p.there));
	memset(p.there, 0, nr + 1);
	/* what is in the buffers must not be written by each of them */
	fflush(NULL);
	for (size_t i = 0; i < p.nr_workers && !ret; i++)
		ret = start(&p, i, err);
	if (!ret)
		ret = serve(&p, err);
	if (!ret && !p.stop && p.nr_told < nr)
		ret = error_set(err, ECHILD, "a process that ran tests was lost");
	if (ret) {
		kill_all(&p);
		p.stop = true;
		serve(&p, NULL);
	}
	free(p.there);
	munmap(p.shared, sizeof(*p.shared));
	return ret;
}
