// SPDX-License-Identifier: GPL-2.0-or-later
/* mbsim mutate: what is broken, how it is tried, and what is told. */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/mutate.h"
#include "lib/array.h"
#include "lib/file.h"
#include "report/mutate.h"

/* What is broken. */
struct broken {
	struct engine_info kernel;
	char *memblock, *text, *hash; /* path, content and its SHA-256 */
	struct mutants mutants;
	size_t possible;
};

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
	(void)signal;
	stopped = 1;
}

/* Most mutants are noticed in the first one. */
static const char *const default_configs[] = { "x86_64",  "arm64",	    "s390",
					       "phys32",  "x86_64-flatmem", "x86_64-uma",
					       "riscv64", "arm64-64k" };

static void choose_configs(struct mutate_call *o)
{
	struct mutate_options *how = &o->how;

	how->configs = default_configs;
	how->nr_configs = ARRAY_LEN(default_configs);
	if (!o->engine.nr_configs)
		return;
	how->configs = o->engine.configs;
	how->nr_configs = o->engine.nr_configs;
	if (how->nr_configs != 1 || strcmp(*how->configs, "all"))
		return;
	o->configs = engine_list_configs();
	how->configs = (const char *const *)o->configs;
	for (how->nr_configs = 0; o->configs[how->nr_configs];)
		how->nr_configs++;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Logs that come with mbsim; none is no mistake. */
static void add_own_logs(struct mutate_call *o)
{
	char *path = engine_data_path("tests/data/boots", NULL);
	DIR *dir = path ? opendir(path) : NULL;
	struct dirent *d;

	while (dir && (d = readdir(dir)))
		if (strstr(d->d_name, ".log"))
			ARRAY_APPEND(o->replay, o->nr_replay, o->room_replay) =
				file_path("%s/%s", path, d->d_name);
	if (o->nr_replay)
		qsort(o->replay, o->nr_replay, sizeof(*o->replay), by_name);
	if (dir)
		closedir(dir);
	free(path);
}

static void choose_logs(struct mutate_call *o)
{
	bool own = !o->nr_replay;

	if (own)
		add_own_logs(o);
	else
		for (size_t i = 0; i < o->nr_replay; i++)
			o->replay[i] = array_strdup(o->replay[i]);
	if (!own && o->nr_replay == 1 && !strcmp(o->replay[0], "none"))
		free(o->replay[--o->nr_replay]);
	o->how.logs = (const char *const *)o->replay;
	o->how.nr_logs = o->nr_replay;
}

/* Finds what is to be broken: the kernel's own memblock.c, which is compiled if it was not so far, or another. */
static int read_memblock(const struct mutate_call *o, struct broken *b, struct error *err)
{
	struct engine_request request = o->engine.request;
	int ret;

	request.memblock = NULL;
	request.config = o->how.configs[0];
	ret = engine_build(&request, &b->kernel, err);
	if (ret)
		return ret;
	b->memblock = array_strdup(o->engine.request.memblock ? o->engine.request.memblock
							      : b->kernel.memblock);
	b->text = file_read(b->memblock, NULL, err);
	if (!b->text)
		return -EINVAL;
	b->hash = mutants_hash(b->text);
	return 0;
}

/* The flags of regions in the header beside the kernel's memblock.c. */
static char **read_flags(const struct broken *b)
{
	int n = (int)(strlen(b->kernel.memblock) - strlen("mm/memblock.c"));
	char *path = file_path("%.*sinclude/linux/memblock.h", n, b->kernel.memblock);
	char *header = file_read(path, NULL, NULL);
	char **flags = mutants_flags(header ? header : "");

	free(header);
	free(path);
	return flags;
}

static int mark_known(const struct mutate_call *o, struct mutants *m, struct error *err)
{
	char *own = NULL;
	const char *path = o->equivalent;
	int ret;

	/* one that is asked for by its name is tried whatever is said of it */
	if ((o->nr_only && !o->list) || (path && !strcmp(path, "none")))
		return 0;
	if (!path)
		path = own = engine_data_path("data/mutants-equivalent", err);
	ret = path ? mutants_mark(m, path, err) : -ENOENT;
	free(own);
	return ret;
}

/* Which mutants there are. */
static int make(const struct mutate_call *o, struct broken *b, struct error *err)
{
	char **flags = read_flags(b);
	int ret;

	mutants_make(&b->mutants, b->text, flags);
	engine_list_free(flags);
	for (size_t i = 0; i < b->mutants.nr_skipped; i++)
		fprintf(stderr, "mbsim: note: %s(): cannot be understood, no mutants of it\n",
			b->mutants.skipped[i]);
	b->possible = b->mutants.nr;
	ret = mark_known(o, &b->mutants, err);
	if (ret)
		return ret;
	if (o->nr_only)
		return mutants_choose(&b->mutants, o->only, o->nr_only, err);
	return mutants_draw(&b->mutants, o->function, o->operators, o->sample, o->seed,
			    &b->possible, err);
}

/* DIR/FUNCTION-LINE-OPERATOR-NUMBER.c and .diff of each survivor. */
static int keep(const char *dir, const struct broken *b, struct error *err)
{
	int ret = dir ? file_mkdirs(dir, err) : 0;

	for (size_t i = 0; dir && i < b->mutants.nr && !ret; i++) {
		const struct mutant *m = &b->mutants.v[i];
		char *name = array_strdup(m->id), *text, *diff, *path, *diff_path;

		for (char *p = name; *p; p++)
			*p = *p == ':' ? '-' : *p;
		text = mutant_apply(b->text, m);
		diff = mutant_diff(b->text, m, "mm/memblock.c");
		path = file_path("%s/%s.c", dir, name);
		diff_path = file_path("%s/%s.diff", dir, name);
		if (m->fate == MUTANT_SURVIVED)
			ret = file_write(path, text, strlen(text), err);
		if (m->fate == MUTANT_SURVIVED && !ret)
			ret = file_write(diff_path, diff, strlen(diff), err);
		free(name);
		free(text);
		free(diff);
		free(path);
		free(diff_path);
	}
	return ret;
}

static void show_progress(void *data, const char *doing, const struct mutants *m)
{
	(void)data;
	report_mutate_progress(doing, m, stderr);
}

static void report(const struct mutate_call *o, struct broken *b, const struct mutate_base *base,
		   const struct mutate_sum *sum)
{
	const struct report_mutate r = {
		.kernel = &b->kernel,
		.memblock = b->memblock,
		.memblock_hash = b->hash,
		.text = b->text,
		.mutants = &b->mutants,
		.base = base,
		.sum = sum,
		.possible = b->possible,
		.seed = o->seed,
		.fuzz_seconds = o->how.fuzz_seconds,
		.diff = o->diff,
		.out = stdout,
	};

	mutants_sort(&b->mutants);
	if (o->json)
		report_mutate_json(&r);
	else if (o->list)
		report_mutate_list(&r);
	else
		report_mutate_text(&r);
	if (o->list && !o->json)
		fprintf(stderr, "%zu of %zu mutants\n", b->mutants.nr, b->possible);
}

static bool is_any_waiting(const struct mutants *m)
{
	for (size_t i = 0; i < m->nr; i++)
		if (m->v[i].fate == MUTANT_WAITING)
			return true;
	return false;
}

static int try_them(struct mutate_call *o, struct broken *b, struct mutate_base *base,
		    struct error *err)
{
	const struct sigaction action = { .sa_handler = stop };
	int ret;

	if (isatty(STDERR_FILENO))
		o->how.progress = show_progress;
	for (int i = 0; i < 3; i++)
		sigaction((const int[]){ SIGINT, SIGTERM, SIGHUP }[i], &action, NULL);
	choose_logs(o);
	ret = mutate_prepare(&o->how, base, err);
	if (!ret)
		ret = mutate_run(&o->how, base, b->text, &b->mutants, err);
	if (o->how.progress)
		fputs("\r\033[K", stderr);
	for (size_t i = 0; i < base->nr_notes; i++)
		fprintf(stderr, "mbsim: note: %s\n", base->notes[i]);
	return ret;
}

/* An exit status. */
static int mutate(struct mutate_call *o, struct broken *b, struct mutate_base *base)
{
	struct mutate_sum sum = { 0 };
	struct error err = { 0 };
	int status = CMD_HOLDS, ret;

	choose_configs(o);
	ret = read_memblock(o, b, &err);
	if (!ret)
		ret = make(o, b, &err);
	if (!ret)
		ret = o->list || !is_any_waiting(&b->mutants) ? 0 : try_them(o, b, base, &err);
	if (!ret)
		ret = keep(o->keep, b, &err);
	if (ret)
		return cmd_error(ret == -ENOEXEC     ? CMD_UNBUILT
				 : ret == -ECANCELED ? CMD_FAILS
						     : CMD_WRONG,
				 &err);
	mutate_sum(&b->mutants, &sum);
	report(o, b, base, &sum);
	if (!o->list && (sum.fates[MUTANT_WAITING] || sum.fates[MUTANT_BROKEN] ||
			 sum.tenths < (size_t)o->min * 10))
		status = CMD_FAILS;
	mutate_sum_release(&sum);
	return status;
}

int cmd_run_mutate(struct mutate_call *o)
{
	struct mutate_base base = { 0 };
	struct broken b = { 0 };
	int status;

	o->how.request = &o->engine.request;
	o->how.stop = &stopped;
	status = mutate(o, &b, &base);
	mutate_base_release(&base);
	mutants_release(&b.mutants);
	engine_info_release(&b.kernel);
	free(b.memblock);
	free(b.text);
	free(b.hash);
	for (size_t i = 0; i < o->how.nr_logs; i++)
		free(o->replay[i]);
	engine_list_free(o->configs);
	return status;
}
