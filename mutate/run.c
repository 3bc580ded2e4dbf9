// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tries mutants, several at a time, each in a process group and a directory of its own, so that all of it can be
 * ended. What became of a mutant comes as one message through a pipe that all share.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/clock.h"
#include "lib/file.h"
#include "mutate/internal.h"

/* Longer is a bug of mbsim, or a machine that stands still. */
#define PATIENCE_SECONDS 600
#define POLL_MS 200

struct worker {
	pid_t pid; /* 0: none */
	size_t mutant;
	char *dir;
	int results; /* the end of a pipe */
	double since;
	bool late;
};

struct pool {
	const struct mutate_options *o;
	const struct mutate_base *base;
	const char *text;
	struct mutants *m;
	char *dir; /* for all that is temporary */
	struct worker *workers;
	size_t next; /* mutant */
	bool stopped;
};

/* The place is in the cache: engines are made there, and moved within one file system. */
static char *make_dir(struct error *err)
{
	char *cache = engine_cache_dir(), *tmp = file_path("%s/tmp", cache);
	char *dir = file_path("%s/mutate.XXXXXX", tmp);

	if (file_mkdirs(tmp, err) ||
	    (!mkdtemp(dir) && error_set(err, errno, "%s: %s", dir, strerror(errno)))) {
		free(dir);
		dir = NULL;
	}
	free(cache);
	free(tmp);
	return dir;
}

/* The process of a worker; what is printed there is no result, and is kept for the case that there is none. */
static void __attribute__((noreturn)) work(struct pool *p, struct worker *w, int results)
{
	char *memblock = file_path("%s/memblock.c", w->dir),
	     *errors = file_path("%s/errors", w->dir);
	char *text = mutant_apply(p->text, &p->m->v[w->mutant]);
	struct verdict v = { .fate = MUTANT_BROKEN };
	struct error err = { 0 };
	int fd = open(errors, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	if (fd >= 0)
		dup2(fd, STDERR_FILENO);
	if (file_write(memblock, text, strlen(text), &err))
		snprintf(v.why, sizeof(v.why), "%.999s", err.text);
	else
		trial_run(p->o, p->base, w->dir, &v);
	_exit(write(results, &v, sizeof(v)) != sizeof(v));
}

static int start(struct pool *p, struct worker *w, struct error *err)
{
	int ends[2], ret;

	file_remove_tree(w->dir);
	ret = file_mkdirs(w->dir, err);
	if (ret)
		return ret;
	if (pipe2(ends, O_CLOEXEC))
		return error_set(err, errno, "cannot make a pipe: %s", strerror(errno));
	w->results = ends[0];
	w->since = clock_seconds();
	w->late = false;
	w->mutant = p->next++;
	fflush(NULL);
	w->pid = fork();
	if (w->pid < 0) {
		ret = error_set(err, errno, "cannot make a process: %s", strerror(errno));
		w->pid = 0;
		close(ends[0]);
		close(ends[1]);
		return ret;
	}
	if (!w->pid) {
		setpgid(0, 0);
		work(p, w, ends[1]);
	}
	setpgid(w->pid, w->pid);
	close(ends[1]);
	return 0;
}

/* What it said before it died; freed by the caller. */
static char *last_words(const struct worker *w, int status)
{
	char *path = file_path("%s/errors", w->dir), *errors = file_read(path, NULL, NULL), *text;
	char *how = w->late ? array_format("took longer than %d seconds", PATIENCE_SECONDS)
		    : WIFSIGNALED(status)
			    ? array_format("was ended by a signal: %s", strsignal(WTERMSIG(status)))
			    : array_format("ended with exit status %d", WEXITSTATUS(status));
	int n = errors ? (int)strcspn(errors, "\n") : 0;

	text = array_format("mbsim %s%s%.*s", how, n ? ": " : "", n, errors ? errors : "");
	free(path);
	free(errors);
	free(how);
	return text;
}

/* A worker has nothing more to say. */
static void finish(struct pool *p, struct worker *w)
{
	struct mutant *m = &p->m->v[w->mutant];
	struct verdict v;
	bool told = read(w->results, &v, sizeof(v)) == sizeof(v);
	int status = 0;

	while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
		;
	/* what it may have left behind */
	kill(-w->pid, SIGKILL);
	close(w->results);
	w->pid = 0;
	if (!told && p->stopped)
		return;
	m->fate = told ? v.fate : MUTANT_BROKEN;
	m->killer = told ? v.killer : MUTANT_BY_NOBODY;
	m->config = array_strdup(told ? v.config : "");
	m->by = array_strdup(told ? v.by : "");
	m->differs = array_strdup(told ? v.differs : "");
	m->why = told ? array_strdup(v.why) : last_words(w, status);
	if (p->o->progress)
		p->o->progress(p->o->data, NULL, p->m);
}

static void end_late(struct pool *p)
{
	for (size_t i = 0; i < p->o->jobs; i++) {
		struct worker *w = &p->workers[i];

		if (!w->pid || (!p->stopped && clock_seconds() - w->since <= PATIENCE_SECONDS))
			continue;
		w->late = true;
		kill(-w->pid, SIGKILL);
	}
}

/* The next one that is waiting, for a worker that has none. */
static int start_more(struct pool *p, struct error *err)
{
	int ret = 0;

	for (size_t i = 0; i < p->o->jobs && !p->stopped && !ret; i++) {
		if (p->workers[i].pid)
			continue;
		while (p->next < p->m->nr && p->m->v[p->next].fate != MUTANT_WAITING)
			p->next++;
		if (p->next < p->m->nr)
			ret = start(p, &p->workers[i], err);
	}
	return ret;
}

static int serve(struct pool *p, struct error *err)
{
	struct pollfd *fds = array_resize(NULL, p->o->jobs, sizeof(*fds));
	int ret = 0;

	for (;;) {
		size_t running = 0;

		p->stopped = p->stopped || ret || (p->o->stop && *p->o->stop);
		if (!ret)
			ret = start_more(p, err);
		for (size_t i = 0; i < p->o->jobs; i++) {
			bool runs = p->workers[i].pid;

			fds[i] = (struct pollfd){ runs ? p->workers[i].results : -1, POLLIN, 0 };
			running += runs;
		}
		if (!running)
			break;
		if (poll(fds, p->o->jobs, POLL_MS) > 0)
			for (size_t i = 0; i < p->o->jobs; i++)
				if (fds[i].fd >= 0 && fds[i].revents)
					finish(p, &p->workers[i]);
		end_late(p);
	}
	free(fds);
	return ret;
}

int mutate_run(const struct mutate_options *o, const struct mutate_base *base, const char *text,
	       struct mutants *m, struct error *err)
{
	struct pool p = { .o = o, .base = base, .text = text, .m = m, .dir = make_dir(err) };
	int ret;

	if (!p.dir)
		return -EACCES;
	p.workers = array_resize(NULL, o->jobs, sizeof(*p.workers));
	memset(p.workers, 0, o->jobs * sizeof(*p.workers));
	for (size_t i = 0; i < o->jobs; i++)
		p.workers[i].dir = file_path("%s/%zu", p.dir, i);
	ret = serve(&p, err);
	for (size_t i = 0; i < o->jobs; i++)
		free(p.workers[i].dir);
	free(p.workers);
	file_remove_tree(p.dir);
	free(p.dir);
	return ret;
}
