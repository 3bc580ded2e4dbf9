// SPDX-License-Identifier: GPL-2.0-or-later
/* Takes the few files that an engine needs out of a tarball or a git revision. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/internal.h"
#include "lib/array.h"
#include "lib/file.h"
#include "lib/spawn.h"

/*
 * As patterns of tar below a tarball's top directory, where * does not match a slash. Changing
 * the list changes the names of what is in the cache, by WANTED_VERSION.
 */
static const char *const wanted[] = {
	"*/Makefile",
	"*/mm/memblock.c",
	"*/mm/nobootmem.c",
	"*/mm/*.h",
	"*/include/linux/*.h",
	"*/include/linux/kho/abi/*.h",
	"*/" UPSTREAM_DIR "/main.c",
	"*/" UPSTREAM_DIR "/tests/*.[ch]",
};
#define WANTED_VERSION 2

static bool has_memblock(const char *dir)
{
	char *path = file_path("%s/mm/memblock.c", dir);
	bool there = file_exists(path);

	free(path);
	return there;
}

/* Moves what was unpacked to its place; another process may have been faster. */
static int settle(const char *tmp, const char *place, struct error *err)
{
	if (rename(tmp, place) && !has_memblock(place))
		return error_set(err, errno, "%s: %s", place, strerror(errno));
	return 0;
}

/* First line of a program's complaints, cut to what fits a message. */
static int first_line(const char *text)
{
	int n = strcspn(text, "\n");

	return n > 300 ? 300 : n;
}

static int run_tar(const char *tarball, const char *dir, struct error *err)
{
	static const char *const options[] = { "tar",
					       "--extract",
					       "--strip-components=1",
					       "--no-same-owner",
					       "--no-same-permissions",
					       "--wildcards",
					       "--no-wildcards-match-slash" };
	const char *argv[32];
	struct spawn s = { .argv = argv };
	size_t n = 0;
	int ret;

	for (size_t i = 0; i < ARRAY_LEN(options); i++)
		argv[n++] = options[i];
	argv[n++] = "--directory";
	argv[n++] = dir;
	argv[n++] = "--file";
	argv[n++] = tarball;
	for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
		argv[n++] = wanted[i];
	argv[n] = NULL;
	setenv("XZ_DEFAULTS", "-T0", 0);
	ret = spawn_run(&s, err);
	/* tar's status is also 2 for a pattern that nothing matched: the files themselves tell */
	if (!ret && s.status && (!has_memblock(dir) || !strstr(s.err, "Not found in archive")))
		ret = error_set(err, EINVAL, "%s: cannot unpack: %.*s", tarball, first_line(s.err),
				s.err);
	else if (!ret && !has_memblock(dir))
		ret = error_set(err, ENOENT, "%s: no mm/memblock.c in it: not a kernel's sources",
				tarball);
	spawn_release(&s);
	return ret;
}

int unpack_tarball(const char *tarball, bool quiet, char **root, struct error *err)
{
	struct stat st;
	struct hash *h = hash_new();
	char text[64], *key, *base, *tmp;
	int ret;

	if (stat(tarball, &st))
		st = (struct stat){ 0 };
	snprintf(text, sizeof(text), "%lld %lld %d", (long long)st.st_size, (long long)st.st_mtime,
		 WANTED_VERSION);
	hash_add_text(h, tarball);
	hash_add_text(h, text);
	key = hash_finish(h);
	base = cache_dir("sources", err);
	*root = base ? file_path("%s/%.16s", base, key) : NULL;
	free(base);
	free(key);
	if (!*root)
		return err ? -err->code : -EIO;
	if (has_memblock(*root))
		return 0;
	if (!quiet && isatty(STDERR_FILENO))
		fprintf(stderr, "taking the needed files out of %s (once) ...\n", tarball);
	tmp = cache_temporary(err);
	if (!tmp)
		return err ? -err->code : -EIO;
	ret = run_tar(tarball, tmp, err);
	if (!ret)
		ret = settle(tmp, *root, err);
	file_remove_tree(tmp);
	free(tmp);
	return ret;
}

/* git's answer to a question in one line, or NULL and @err. */
static char *ask_git(const char *const *argv, struct error *err)
{
	struct spawn s = { .argv = argv };
	char *answer = NULL;

	if (!spawn_run(&s, err)) {
		if (s.status)
			error_set(err, ENOENT, "git: %.*s", first_line(s.err), s.err);
		else
			answer = file_path("%.*s", (int)strcspn(s.out, "\n"), s.out);
	}
	spawn_release(&s);
	return answer;
}

/* Only what exists in that revision may be named to git archive. */
static int archive(const char *dir, const char *commit, const char *tar_file, struct error *err)
{
	const char *candidates[] = { "Makefile", "mm", "include/linux", UPSTREAM_DIR };
	const char *argv[16] = { "git",	    "-C",	    dir,
				 "archive", "--format=tar", "--prefix=linux/",
				 "-o",	    tar_file,	    commit,
				 "--" };
	struct spawn s = { .argv = argv };
	size_t n = 10;
	int ret;

	for (size_t i = 0; i < ARRAY_LEN(candidates); i++) {
		char *object = file_path("%s:%s", commit, candidates[i]);
		char *there = ask_git(
			(const char *[]){ "git", "-C", dir, "cat-file", "-t", object, NULL }, NULL);

		if (there)
			argv[n++] = candidates[i];
		free(there);
		free(object);
	}
	argv[n] = NULL;
	ret = spawn_run(&s, err);
	if (!ret && s.status)
		ret = error_set(err, EINVAL, "git: %.*s", first_line(s.err), s.err);
	spawn_release(&s);
	return ret;
}

int unpack_revision(const char *dir, const char *rev, char **root, struct error *err)
{
	char *name = file_path("%s^{commit}", rev);
	char *commit = ask_git((const char *[]){ "git", "-C", dir, "rev-parse", "--verify",
						 "--end-of-options", name, NULL },
			       err);
	char *base, *tmp, *tar_file;
	int ret;

	free(name);
	if (!commit) {
		error_prefix(err, "%s@%s", dir, rev);
		return err ? -err->code : -ENOENT;
	}
	base = cache_dir("sources", err);
	tmp = base ? cache_temporary(err) : NULL;
	if (!tmp) {
		free(base);
		free(commit);
		return err ? -err->code : -EIO;
	}
	*root = file_path("%s/git-%s-%d", base, commit, WANTED_VERSION);
	ret = 0;
	if (!has_memblock(*root)) {
		tar_file = file_path("%s.tar", tmp);
		ret = archive(dir, commit, tar_file, err);
		if (!ret)
			ret = run_tar(tar_file, tmp, err);
		if (ret)
			error_prefix(err, "%s@%s", dir, rev);
		else
			ret = settle(tmp, *root, err);
		unlink(tar_file);
		free(tar_file);
	}
	file_remove_tree(tmp);
	free(tmp);
	free(base);
	free(commit);
	return ret;
}
