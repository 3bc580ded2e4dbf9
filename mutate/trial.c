// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tries one mutant: its tests in each configuration, then the logs, then fuzzing, until something notices it. As it
 * may do anything, logs and fuzzing run in a process of their own, as tests do anyway.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "call/call.h"
#include "fuzz/fuzz.h"
#include "lib/array.h"
#include "lib/clock.h"
#include "lib/file.h"
#include "mutate/internal.h"

#define SCRIPT_TIMEOUT_MS 1000

struct trial {
	const struct mutate_options *o;
	const struct mutate_base *base;
	struct engine_request request; /* of the mutant */
	const char *dir;
	struct verdict *v;	      /* shared with the processes that it starts */
	const char *first;	      /* configuration in which it differs; NULL: none so far */
	const struct mutate_log *log; /* that is replayed, and those alike behind it */
};

static void kill_it(struct verdict *v, enum mutant_killer killer, const char *config,
		    const char *by, const char *why)
{
	v->fate = MUTANT_KILLED;
	v->killer = killer;
	snprintf(v->config, sizeof(v->config), "%s", config);
	if (by != v->by)
		snprintf(v->by, sizeof(v->by), "%s", by);
	snprintf(v->why, sizeof(v->why), "%s", why);
}

/* It does not compile, or mbsim fails. */
static void give_up(struct trial *t, const char *config, const struct error *err)
{
	const char *prefix = "cannot compile: ", *at = strstr(err->text, t->dir);
	struct verdict *v = t->v;

	v->fate = err->code == ENOEXEC ? MUTANT_DISCARDED : MUTANT_BROKEN;
	snprintf(v->config, sizeof(v->config), "%s", config);
	/* the compiler's message, without the place of a file that soon is gone */
	snprintf(v->why, sizeof(v->why), "%s",
		 at					       ? at + strlen(t->dir) + 1
		 : !strncmp(err->text, prefix, strlen(prefix)) ? err->text + strlen(prefix)
							       : err->text);
}

/* The first line of @notes that is not among @known; freed by the caller. NULL: there is none. */
static char *new_note(const char *notes, const char *known)
{
	while (*notes) {
		int n = (int)strcspn(notes, "\n");
		char *line = array_format("%.*s\n", n, notes);
		const char *at = strstr(known, line);

		if (!at || (at > known && at[-1] != '\n')) {
			line[n] = '\0';
			return line;
		}
		free(line);
		notes += n + (notes[n] == '\n');
	}
	return NULL;
}

/* Has it to be tested here? Not if it needs what is not there, or is the same code. */
static bool is_other(struct trial *t, const struct mutate_config *c, const struct engine_info *info)
{
	struct verdict *v = t->v;
	struct error err = { 0 };
	char *note = new_note(info->automatic, c->notes);
	char *code = note ? NULL : code_hash(info->path, &err);
	bool other = code && strcmp(code, c->code);
	size_t n = strlen(v->differs);

	if (note) {
		v->fate = MUTANT_DISCARDED;
		snprintf(v->config, sizeof(v->config), "%s", c->name);
		snprintf(v->why, sizeof(v->why), "%s", note);
	} else if (!code) {
		give_up(t, c->name, &err);
	} else if (other) {
		snprintf(v->differs + n, sizeof(v->differs) - n, "%s%s", n ? " " : "", c->name);
		t->first = t->first ? t->first : c->name;
	}
	free(note);
	free(code);
	return other;
}

/* Builds it in one configuration, and runs the tests. */
static void test_in(struct trial *t, struct mutate_config *c)
{
	struct engine_request request = t->request;
	struct error err = { 0 };
	struct engine *e;
	char failed[300] = "";

	request.config = c->name;
	e = engine_open(&request, &err);
	if (!e) {
		give_up(t, c->name, &err);
		return;
	}
	if (is_other(t, c, engine_info(e))) {
		if (suite_run(e, 1, c, false, failed, &err))
			give_up(t, c->name, &err);
		else if (*failed)
			kill_it(t->v, MUTANT_BY_SUITE, c->name, failed, "");
	}
	engine_close(e);
}

/* Runs fn(t) in a process that may die; how it died, or NULL. */
static const char *run_apart(struct trial *t, void (*fn)(struct trial *t))
{
	int status = 0;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		fn(t);
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid) {
		const struct error err = { .code = errno, .text = "cannot make a process" };

		give_up(t, "", &err);
		return NULL;
	}
	return WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : NULL;
}

static const char *base_name(const char *path)
{
	return strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
}

static const char *name_of(const char *config)
{
	return config ? config : "x86_64";
}

/* The logs that go with one engine, in a process of its own. */
static void replay(struct trial *t)
{
	struct engine_request request = log_request(t->log, &t->request);
	const char *config = name_of(request.config);
	struct error err = { 0 };
	struct engine *e = engine_open(&request, &err);

	if (!e)
		give_up(t, config, &err);
	for (size_t i = 0; e && i < t->log->alike && t->v->fate == MUTANT_WAITING; i++) {
		const struct mutate_log *log = t->log + i;
		struct log_words words = { 0 };
		const char *new;

		/* for who finds that the process has died */
		snprintf(t->v->by, sizeof(t->v->by), "%s", base_name(log->path));
		log_replay(log, e, &words);
		new = log_words_new(&words, &log->base);
		if (new)
			kill_it(t->v, MUTANT_BY_REPLAY, config, base_name(log->path), new);
		log_words_release(&words);
	}
	engine_close(e);
	free(request.changes);
}

static void replay_all(struct trial *t)
{
	struct verdict *v = t->v;
	const char *died;

	for (size_t i = 0; i < t->base->nr_logs && v->fate == MUTANT_WAITING; i += t->log->alike) {
		t->log = &t->base->logs[i];
		died = run_apart(t, replay);
		if (died)
			kill_it(v, MUTANT_BY_REPLAY, name_of(t->log->config), t->v->by, died);
	}
	if (v->fate == MUTANT_WAITING)
		*v->by = '\0';
}

/* Has the unchanged memblock.c what was found, too? */
static bool is_in_base(const struct trial *t, const struct fuzz_finding *f)
{
	struct engine_request request = *t->o->request;
	struct script_result result = { 0 };
	struct error err = { 0 };
	FILE *null = fopen("/dev/null", "we");
	const struct script_options options = { .out = null, .timeout_ms = SCRIPT_TIMEOUT_MS };
	struct engine *e;
	bool is = true;

	request.config = t->first;
	request.tests = true;
	request.quiet = true;
	e = engine_open(&request, &err);
	if (e && null && !script_run(e, "script", f->script, &options, &result, &err))
		is = result.failed || result.exit.end != ENGINE_RETURNED;
	engine_close(e);
	if (null)
		fclose(null);
	return is;
}

/* Fuzzes until something is found; true: and it is not known. @next: the sequence to go on with. */
static bool find(struct trial *t, double seconds, uint64_t *next, struct fuzz_report *report)
{
	const struct fuzz_options options = {
		.seed = 1,
		.first = *next,
		.seconds = seconds,
		.jobs = 1,
		.findings = 1,
	};
	struct engine_request request = t->request;
	struct error err = { 0 };
	struct engine *e;
	int ret;

	request.config = t->first;
	e = engine_open(&request, &err);
	if (!e) {
		give_up(t, t->first, &err);
		return false;
	}
	ret = fuzz_engine(e, &options, report, &err);
	engine_close(e);
	if (ret)
		give_up(t, t->first, &err);
	*next += report->stats.sequences + 1;
	for (size_t i = 0; i < report->nr; i++)
		if (!*report->findings[i].known)
			return true;
	return false;
}

static void fuzz(struct trial *t)
{
	double end = clock_seconds() + t->o->fuzz_seconds, left;
	struct fuzz_report report;
	uint64_t next = 0;
	bool more = true;

	while (more && t->v->fate == MUTANT_WAITING && (left = end - clock_seconds()) > 0) {
		report = (struct fuzz_report){ 0 };
		more = find(t, left, &next, &report);
		for (size_t i = 0; i < report.nr && t->v->fate == MUTANT_WAITING; i++) {
			const struct fuzz_finding *f = &report.findings[i];

			if (!*f->known && !is_in_base(t, f))
				kill_it(t->v, MUTANT_BY_FUZZ, t->first, f->kind, f->sentence);
		}
		fuzz_report_release(&report);
	}
}

static void try_all(struct trial *t)
{
	struct verdict *v = t->v;
	const char *died;

	for (size_t i = 0; i < t->base->nr_configs && v->fate == MUTANT_WAITING; i++)
		test_in(t, &t->base->configs[i]);
	if (v->fate == MUTANT_WAITING && !t->first) {
		v->fate = MUTANT_EQUIVALENT;
		snprintf(v->why, sizeof(v->why), "the same machine code");
		return;
	}
	if (v->fate == MUTANT_WAITING)
		replay_all(t);
	if (v->fate == MUTANT_WAITING && t->o->fuzz_seconds > 0) {
		died = run_apart(t, fuzz);
		if (died)
			kill_it(v, MUTANT_BY_FUZZ, t->first, "the process ended", died);
	}
	if (v->fate == MUTANT_WAITING)
		v->fate = MUTANT_SURVIVED;
}

void trial_run(const struct mutate_options *o, const struct mutate_base *base, const char *dir,
	       struct verdict *v)
{
	struct verdict *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
				      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char *memblock = file_path("%s/memblock.c", dir);
	struct trial t = { .o = o, .base = base, .request = *o->request, .dir = dir, .v = shared };

	*v = (struct verdict){ .fate = MUTANT_BROKEN, .why = "cannot share memory" };
	if (shared != MAP_FAILED) {
		t.request.memblock = memblock;
		t.request.dir = dir;
		t.request.tests = true;
		t.request.quiet = true;
		try_all(&t);
		*v = *shared;
		munmap(shared, sizeof(*shared));
	}
	free(memblock);
}
