// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Makes an engine, or finds it. Engines are kept under the hash of all that they are made of; what
 * does not depend on memblock.c (the run-time, the table of calls) is kept apart, so that a
 * change to memblock.c compiles one file and links. Everything is made in a directory of its own
 * and moved to its place when it is whole.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/build.h"
#include "lib/array.h"
#include "lib/file.h"
#include "lib/spawn.h"

/* To be changed when engines, or the notes beside them, are made in another way. */
#define ENGINE_FORMAT "6"

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

char **build_list_dir(const char *path)
{
	char **names = NULL;
	size_t nr = 0, room = 0;
	DIR *dir = opendir(path);
	struct dirent *d;

	while (dir && (d = readdir(dir)))
		if (d->d_name[0] != '.')
			ARRAY_APPEND(names, nr, room) = array_strdup(d->d_name);
	if (dir)
		closedir(dir);
	if (nr)
		qsort(names, nr, sizeof(*names), by_name);
	ARRAY_APPEND(names, nr, room) = NULL;
	return names;
}

/* Adds the files in a directory whose names end in ".c" or ".h". */
static void hash_dir(struct hash *h, const char *dir)
{
	char **names = build_list_dir(dir);

	for (char **n = names; *n; n++) {
		char *path = file_path("%s/%s", dir, *n);
		size_t len, name_len = strlen(*n);
		char *text = NULL;

		if (name_len > 2 && (*n)[name_len - 2] == '.')
			text = file_read(path, &len, NULL);
		if (text)
			hash_add(h, *n, text, len);
		free(text);
		free(path);
	}
	engine_list_free(names);
}

void build_hash_dirs(struct hash *h, const char *data, const char *const *dirs, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		char *dir = file_path("%s/%s", data, dirs[i]);

		hash_dir(h, dir);
		free(dir);
	}
}

/* Adds all files of kernel/ that are compiled into engines. */
static void hash_standins(struct hash *h, const char *data)
{
	static const char *const dirs[] = { "kernel",
					    "kernel/rt",
					    "kernel/include",
					    "kernel/include/linux",
					    "kernel/include/asm",
					    "kernel/include/rt" };

	build_hash_dirs(h, data, dirs, ARRAY_LEN(dirs));
}

static int read_sources(struct build *b, const struct engine_request *req, struct error *err)
{
	char real[PATH_MAX];

	if (req->memblock) {
		if (!realpath(req->memblock, real))
			return error_set(err, errno, "%s: %s", req->memblock, strerror(errno));
		b->info->memblock = array_strdup(real);
	} else {
		b->info->memblock = file_path("%s/mm/memblock.c", b->tree.root);
		if (!file_exists(b->info->memblock))
			return error_set(err, ENOENT,
					 "%s: no mm/memblock.c in it: not a kernel's tree",
					 b->tree.root);
	}
	b->memblock_c = file_read(b->info->memblock, NULL, err);
	if (!b->memblock_c)
		return -ENOENT;
	b->memblock_h = tree_read(&b->tree, "include/linux/memblock.h");
	if (!b->memblock_h)
		return error_set(err, ENOENT, "%s: no include/linux/memblock.h in it",
				 b->tree.root);
	b->bootmem_h = strstr(b->memblock_c, "<linux/bootmem.h>")
			       ? tree_read(&b->tree, "include/linux/bootmem.h")
			       : NULL;
	/* up to 4.19 the hand-over is in a file of its own */
	if (b->bootmem_h && !strstr(b->memblock_h, "memblock_free_all"))
		b->nobootmem_c = tree_read(&b->tree, "mm/nobootmem.c");
	b->info->nobootmem =
		b->nobootmem_c ? file_path("%s/mm/nobootmem.c", b->tree.root) : array_strdup("");
	b->probes = probe_header(b->memblock_c, b->memblock_h, b->nobootmem_c, b->bootmem_h);
	b->info->memblock_hash = hash_plain(b->memblock_c, strlen(b->memblock_c));
	return 0;
}

/* What the run-time and the table of calls depend on, and then what the engine does. */
static int find_keys(struct build *b, bool with_tests, struct error *err)
{
	struct standins dry;
	struct hash *h = hash_new();
	int ret;

	standins_init(&dry, NULL, &b->tree);

	hash_add_text(h, ENGINE_FORMAT);
	hash_standins(h, b->data);
	hash_add_text(h, b->autoconf);
	hash_add_text(h, b->probes);
	hash_add_text(h, b->cc.id);
	for (size_t i = 0; i < b->cc.argc; i++)
		hash_add_text(h, b->cc.argv[i]);
	hash_add_text(h, b->memblock_h);
	hash_add_text(h, b->bootmem_h ? b->bootmem_h : "");
	ret = include_collect(&dry, b->memblock_h, b->include, h, true, err);
	b->base_key = hash_finish(h);

	if (with_tests || b->upstream) {
		h = hash_new();
		hash_add_text(h, b->base_key);
		if (b->upstream)
			upstream_hash(h, b->upstream, b->data);
		else
			tests_hash(h, b->data);
		b->tests_key = hash_finish(h);
	}
	h = hash_new();
	hash_add_text(h, b->base_key);
	hash_add_text(h, b->tests_key ? b->tests_key : "");
	/* named in messages and debugging information */
	hash_add_text(h, b->info->memblock);
	hash_add_text(h, b->memblock_c);
	hash_add_text(h, b->nobootmem_c ? b->nobootmem_c : "");
	hash_add_text(h, b->coverage ? "coverage" : "");
	if (!ret)
		ret = include_collect(&dry, b->memblock_c, b->include, h, true, err);
	standins_release(&dry);
	b->key = hash_finish(h);
	return ret;
}

/* The tests of a kernel's own simulator, of which physical addresses are addresses. */
static int prepare_upstream(struct build *b, const struct engine_request *req, struct error *err)
{
	struct tree other = { 0 };
	int ret = *req->upstream ? tree_find(req->upstream, req->quiet, &other, err) : 0;

	if (!ret && !strstr(b->autoconf, "CONFIG_PHYS_ADDR_T_64BIT"))
		ret = error_set(
			err, ENOTSUP,
			"--upstream: these tests take pointers for physical addresses, which "
			"in the configuration %s are too short for it",
			b->info->config);
	if (!ret) {
		b->upstream = array_resize(NULL, 1, sizeof(*b->upstream));
		ret = upstream_read(b->upstream, *req->upstream ? &other : &b->tree, err);
		b->upstream->foreign = *req->upstream && strcmp(other.root, b->tree.root);
	}
	if (!ret) {
		compiler_add(&b->cc, "-DRT_UPSTREAM");
		free(b->info->upstream);
		b->info->upstream = array_strdup(b->upstream->dir);
	}
	tree_release(&other);
	return ret;
}

static int prepare(struct build *b, const struct engine_request *req, struct error *err)
{
	int ret = tree_find(req->kernel, req->quiet, &b->tree, err);
	char *dir;

	if (ret)
		return ret;
	b->info->kernel = array_strdup(b->tree.name);
	b->info->version = array_strdup(b->tree.version);
	b->info->config = array_strdup(req->config ? req->config : "x86_64");
	b->data = data_dir(err);
	if (!b->data)
		return -ENOENT;
	b->include = file_path("%s/kernel/include", b->data);
	ret = compiler_init(&b->cc, err);
	if (ret)
		return ret;
	b->info->compiler = array_strdup(b->cc.argv[0]);
	b->coverage = req->coverage;
	b->dir = req->dir;
	b->autoconf = config_header(b->info->config, req->changes, req->nr_changes, err);
	if (!b->autoconf)
		return -EINVAL;
	b->info->upstream = array_strdup("");
	ret = read_sources(b, req, err);
	if (!ret && req->upstream)
		ret = prepare_upstream(b, req, err);
	if (!ret)
		ret = find_keys(b, req->tests, err);
	if (ret)
		return ret;
	dir = req->dir ? array_strdup(req->dir) : cache_dir("engines", err);
	if (!dir)
		return -EACCES;
	b->info->path = file_path("%s/%s.so", dir, b->key);
	b->notes_path = file_path("%s/%s.json", dir, b->key);
	free(dir);
	return 0;
}

static void release(struct build *b)
{
	tree_release(&b->tree);
	compiler_release(&b->cc);
	free(b->include);
	free(b->autoconf);
	free(b->memblock_c);
	free(b->memblock_h);
	free(b->bootmem_h);
	free(b->nobootmem_c);
	free(b->probes);
	free(b->base_key);
	free(b->tests_key);
	if (b->upstream)
		upstream_release(b->upstream);
	free(b->upstream);
	free(b->key);
	free(b->notes_path);
}

static void prune(const char *engine)
{
	char *dir = file_path("%.*s", (int)(strrchr(engine, '/') - engine), engine);

	cache_prune(dir);
	free(dir);
}

/* Whether it is in the cache, whole; then its notes are read. */
static bool is_cached(const struct build *b)
{
	bool whole = file_exists(b->info->path) && !notes_read(b->info, b->notes_path);

	return whole && (!b->coverage || gcov_has_notes(b->info));
}

int engine_build(const struct engine_request *req, struct engine_info *info, struct error *err)
{
	struct build b = { .info = info };
	int ret;

	*info = (struct engine_info){ 0 };
	ret = prepare(&b, req, err);
	if (!ret)
		utimensat(AT_FDCWD, info->path, NULL, 0); /* used now: the last to be removed */
	if (!ret && !is_cached(&b)) {
		bool tell = !req->quiet && isatty(STDERR_FILENO);

		prune(info->path);
		ret = b.coverage ? gcov_check(&b.cc, err) : 0;
		if (tell)
			fprintf(stderr, "building the engine for %s (%s) ...", info->version,
				info->config);
		if (!ret)
			ret = build_make(&b, err);
		if (tell)
			fputs("\r\033[K", stderr);
		info->built = !ret;
		if (!ret)
			ret = notes_read(info, b.notes_path)
				      ? error_set(err, EIO, "%s: cannot be read back", b.notes_path)
				      : 0;
	}
	release(&b);
	if (ret)
		engine_info_release(info);
	return ret;
}

void engine_info_release(struct engine_info *info)
{
	free(info->kernel);
	free(info->version);
	free(info->memblock);
	free(info->memblock_hash);
	free(info->nobootmem);
	free(info->upstream);
	free(info->config);
	free(info->compiler);
	free(info->path);
	free(info->inert);
	free(info->traps);
	free(info->automatic);
	free(info->warnings);
	*info = (struct engine_info){ 0 };
}

char **engine_list_cached(void)
{
	char *cache = engine_cache_dir(), *dir = file_path("%s/engines", cache);
	char **names = build_list_dir(dir), **list = NULL;
	size_t nr = 0, room = 0;

	for (char **n = names; *n; n++) {
		char *path = file_path("%s/%s", dir, *n);
		char *summary = strstr(*n, ".json") ? notes_summary(path) : NULL;

		if (summary)
			ARRAY_APPEND(list, nr, room) = summary;
		free(path);
	}
	if (nr)
		qsort(list, nr, sizeof(*list), by_name);
	ARRAY_APPEND(list, nr, room) = NULL;
	engine_list_free(names);
	free(dir);
	free(cache);
	return list;
}
