// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Counters of an engine, saved from its resets. Where they are is known from their names, which
 * gcc gives them; all else that gcc knows of them goes through its own libgcov and gcov.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "engine/coverage-file.h"
#include "engine/internal.h"
#include "lib/array.h"
#include "lib/file.h"
#include "lib/spawn.h"

/* The counters of one function, 64 bits each, in the engine's writable data. */
struct counters {
	uint64_t *at;
	size_t nr;
};

struct coverage {
	struct counters *v;
	size_t nr, room;
	uint64_t *sums; /* of all, one after the other; shared */
	size_t nr_sums;
	char *gcov;
};

struct coverage *engine_coverage_start(struct engine *e, struct error *err)
{
	static const char prefix[] = "__gcov0.";
	struct coverage *c = array_resize(NULL, 1, sizeof(*c));
	void *shared;

	*c = (struct coverage){ .gcov = gcov_program(err) };
	if (!c->gcov) {
		engine_coverage_free(c);
		return NULL;
	}
	for (size_t i = 0; i < e->symbols.nr; i++) {
		const struct symbol *s = &e->symbols.v[i];

		if (s->function || strncmp(s->name, prefix, strlen(prefix)))
			continue;
		ARRAY_APPEND(c->v, c->nr, c->room) =
			(struct counters){ (uint64_t *)(e->base + s->start),
					   s->size / sizeof(uint64_t) };
		c->nr_sums += s->size / sizeof(uint64_t);
	}
	shared = mmap(NULL, (c->nr_sums + 1) * sizeof(*c->sums), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		array_die();
	c->sums = shared;
	return c;
}

void engine_coverage_free(struct coverage *c)
{
	if (!c)
		return;
	if (c->sums)
		munmap(c->sums, (c->nr_sums + 1) * sizeof(*c->sums));
	free(c->v);
	free(c->gcov);
	free(c);
}

void engine_coverage_collect(struct coverage *c, struct engine *e)
{
	uint64_t *sum = c->sums;

	(void)e;
	for (size_t i = 0; i < c->nr; i++)
		for (size_t k = 0; k < c->v[i].nr; k++, sum++)
			if (c->v[i].at[k]) {
				__atomic_fetch_add(sum, c->v[i].at[k], __ATOMIC_RELAXED);
				c->v[i].at[k] = 0;
			}
}

/* Into the engine, for its libgcov. */
static void put_back(const struct coverage *c)
{
	const uint64_t *sum = c->sums;

	for (size_t i = 0; i < c->nr; i++)
		for (size_t k = 0; k < c->v[i].nr; k++)
			c->v[i].at[k] = *sum++;
}

/* The files that libgcov writes, in a directory. */
struct writing {
	const char *dir;
	FILE *file;
	int ret;
	struct error *err;
};

static void close_file(struct writing *w)
{
	if (w->file && fclose(w->file) && !w->ret)
		w->ret = error_set(w->err, errno, "%s: %s", w->dir, strerror(errno));
	w->file = NULL;
}

static void on_piece(void *data, const char *name, const void *piece, unsigned int size)
{
	struct writing *w = data;

	if (name) {
		const char *base = strrchr(name, '/');
		char *path = file_path("%s/%s", w->dir, base ? base + 1 : name);

		close_file(w);
		w->file = fopen(path, "we");
		if (!w->file && !w->ret)
			w->ret = error_set(w->err, errno, "%s: %s", path, strerror(errno));
		free(path);
	} else if (w->file) {
		fwrite(piece, 1, size, w->file);
	}
}

static int write_counters(const struct coverage *c, struct engine *e, const char *dir,
			  struct error *err)
{
	struct writing w = { .dir = dir, .err = err };

	put_back(c);
	/* libgcov only reads, and the simulator is called from there: not guarded */
	e->ops->coverage(on_piece, &w);
	close_file(&w);
	engine_reset(e);
	return w.ret;
}

/* One of the kernel's files, @name: what gcov says of it. */
static int read_file(const struct coverage *c, const struct engine *e, const char *dir,
		     const char *name, struct coverage_file *file, struct error *err)
{
	char *notes = gcov_notes_path(&e->info, name), *here = file_path("%s/%s.gcno", dir, name);
	char *counters = file_path("%s.gcda", name);
	const char *const argv[] = { c->gcov,	 "--json-format",
				     "--stdout", "--branch-probabilities",
				     counters,	 NULL };
	struct spawn s = { .argv = argv, .dir = dir };
	int ret = symlink(notes, here) ? error_set(err, errno, "%s: %s", here, strerror(errno)) : 0;

	if (!ret)
		ret = spawn_run(&s, err);
	/* it goes on with notes of another version of gcc, and reads nonsense */
	if (!ret && (s.status || strstr(s.err, "version")))
		ret = error_set(
			err, EINVAL,
			"%s does not understand the counters; set GCOV to the gcov of %s: %.*s",
			c->gcov, e->info.compiler, (int)strcspn(s.err, "\n"), s.err);
	if (!ret)
		ret = coverage_file_parse(file, name, s.out, s.out_len, err);
	spawn_release(&s);
	free(notes);
	free(here);
	free(counters);
	return ret;
}

static int add_file(const struct coverage *c, const struct engine *e, const char *dir,
		    const char *name, const char *path, struct coverage_report *report,
		    struct error *err)
{
	struct coverage_file file = { 0 };
	int ret = coverage_file_init(&file, path, err);

	/* what is counted are lines of what was compiled */
	if (!ret && path == e->info.memblock && strcmp(file.hash, e->info.memblock_hash))
		ret = error_set(err, EINVAL,
				"%s: it was changed while its tests ran; run them again", path);
	file.engines = file_path("%s %s", e->info.version, e->info.config);
	if (!ret)
		ret = read_file(c, e, dir, name, &file, err);
	if (ret)
		coverage_file_release(&file);
	else
		coverage_report_add(report, &file);
	return ret;
}

int engine_coverage_finish(struct coverage *c, struct engine *e, struct coverage_report *report,
			   struct error *err)
{
	char *dir = cache_temporary(err);
	int ret = dir ? write_counters(c, e, dir, err) : -EIO;

	if (!ret)
		ret = add_file(c, e, dir, "memblock", e->info.memblock, report, err);
	if (!ret && *e->info.nobootmem)
		ret = add_file(c, e, dir, "nobootmem", e->info.nobootmem, report, err);
	if (dir)
		file_remove_tree(dir);
	free(dir);
	return ret;
}
