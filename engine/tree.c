// SPDX-License-Identifier: GPL-2.0-or-later
/* Finds a kernel's sources by what a user calls them. */
#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/internal.h"
#include "lib/array.h"
#include "lib/file.h"

/* Where distributions put sources. */
static const char *const patterns[] = {
	"/usr/src/linux-source-*.tar.*",
	"/usr/src/linux-source-*/mm/memblock.c",
	"/usr/src/linux-[0-9]*/mm/memblock.c",
	"/usr/src/linux-[0-9]*.tar.*",
};

struct installed {
	char *version; /* "6.12" */
	char *path;    /* of the tarball or the tree */
};

static char *version_of_path(const char *path)
{
	const char *base = strrchr(path, '/') + 1;
	const char *digits = strpbrk(base, "0123456789");
	const char *stop;

	if (!digits)
		return NULL;
	stop = strstr(digits, ".tar.");
	return file_path("%.*s", (int)(stop ? stop - digits : (long)strlen(digits)), digits);
}

static int newest_first(const void *a, const void *b)
{
	return strverscmp(((const struct installed *)b)->version,
			  ((const struct installed *)a)->version);
}

static size_t find_installed(struct installed **found)
{
	struct installed *v = NULL;
	size_t nr = 0, room = 0;

	for (size_t i = 0; i < ARRAY_LEN(patterns); i++) {
		glob_t g;

		if (glob(patterns[i], 0, NULL, &g) == 0) {
			for (size_t k = 0; k < g.gl_pathc; k++) {
				char *path = array_strdup(g.gl_pathv[k]);
				char *mm = strstr(path, "/mm/memblock.c");
				char *version;

				if (mm)
					*mm = '\0';
				version = version_of_path(path);
				if (version)
					ARRAY_APPEND(v, nr, room) =
						(struct installed){ version, path };
				else
					free(path);
			}
			globfree(&g);
		}
	}
	if (nr)
		qsort(v, nr, sizeof(*v), newest_first);
	*found = v;
	return nr;
}

static void free_installed(struct installed *v, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		free(v[i].version);
		free(v[i].path);
	}
	free(v);
}

char **engine_list_kernels(void)
{
	struct installed *v;
	size_t nr = find_installed(&v), out = 0, room = 0;
	char **list = NULL;

	for (size_t i = 0; i < nr; i++)
		if (!i || strcmp(v[i].version, v[i - 1].version))
			ARRAY_APPEND(list, out, room) = array_strdup(v[i].version);
	ARRAY_APPEND(list, out, room) = NULL;
	free_installed(v, nr);
	return list;
}

/* Text of "NAME = value" in a Makefile's first lines, or "". */
static char *makefile_value(const char *makefile, const char *name)
{
	size_t n = strlen(name);
	const char *line = makefile;

	for (int i = 0; line && i < 20; i++) {
		if (!strncmp(line, name, n) && strspn(line + n, " =") &&
		    (line[n] == ' ' || line[n] == '=')) {
			const char *value = line + n + strspn(line + n, " =");

			return file_path("%.*s", (int)strcspn(value, " \n\r"), value);
		}
		line = strchr(line, '\n');
		if (line)
			line++;
	}
	return array_strdup("");
}

static char *read_version(const struct tree *tree)
{
	char *makefile = tree_read(tree, "Makefile");
	char *major, *minor, *sub, *extra, *version;

	if (!makefile)
		return array_strdup("unknown");
	major = makefile_value(makefile, "VERSION");
	minor = makefile_value(makefile, "PATCHLEVEL");
	sub = makefile_value(makefile, "SUBLEVEL");
	extra = makefile_value(makefile, "EXTRAVERSION");
	if (*major && *minor)
		version = file_path("%s.%s%s%s%s", major, minor, *sub ? "." : "", sub, extra);
	else
		version = array_strdup("unknown");
	free(major);
	free(minor);
	free(sub);
	free(extra);
	free(makefile);
	return version;
}

char *tree_read(const struct tree *tree, const char *path)
{
	char *full = file_path("%s/%s", tree->root, path);
	struct stat st;
	char *text = NULL;

	if (stat(full, &st) == 0 && S_ISREG(st.st_mode))
		text = file_read(full, NULL, NULL);
	free(full);
	return text;
}

static int use_path(const char *path, bool quiet, struct tree *tree, struct error *err)
{
	struct stat st;
	char real[PATH_MAX];

	if (stat(path, &st) || !realpath(path, real))
		return error_set(err, errno, "%s: %s", path, strerror(errno));
	tree->name = array_strdup(real);
	if (!S_ISDIR(st.st_mode))
		return unpack_tarball(real, quiet, &tree->root, err);
	tree->root = array_strdup(real);
	return 0;
}

static int use_revision(const char *which, const char *at, struct tree *tree, struct error *err)
{
	char *dir = at == which ? array_strdup(".") : file_path("%.*s", (int)(at - which), which);
	char real[PATH_MAX];
	int ret;

	if (realpath(dir, real)) {
		tree->name = file_path("%s@%s", real, at + 1);
		ret = unpack_revision(real, at + 1, &tree->root, err);
	} else {
		ret = error_set(err, errno, "%s: %s", dir, strerror(errno));
	}
	free(dir);
	return ret;
}

static int use_installed(const char *version, bool quiet, struct tree *tree, struct error *err)
{
	struct installed *v;
	size_t nr = find_installed(&v), i = 0;
	char names[300] = "";
	int ret;

	if (version && *version == 'v')
		version++;
	while (version && i < nr && strcmp(v[i].version, version))
		i++;
	if (i < nr) {
		tree->name = array_strdup(v[i].version);
		if (strstr(v[i].path, ".tar."))
			ret = unpack_tarball(v[i].path, quiet, &tree->root, err);
		else
			ret = 0, tree->root = array_strdup(v[i].path);
	} else if (!version) {
		ret = error_set(
			err, ENOENT,
			"no kernel sources are installed; install linux-source-6.12 or name a "
			"tree with -k");
	} else {
		for (size_t k = 0; k < nr && strlen(names) < 250; k++)
			snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%s",
				 k ? ", " : "; installed: ", v[k].version);
		ret = error_set(err, ENOENT,
				"%s: no such kernel tree, tarball or installed source%s", version,
				names);
	}
	free_installed(v, nr);
	return ret;
}

/* The '@' of DIR@REV, if DIR is a directory; names of directories may have one, too. */
static const char *find_revision(const char *which)
{
	for (const char *at = strrchr(which, '@'); at;) {
		char *dir = at == which ? array_strdup(".")
					: file_path("%.*s", (int)(at - which), which);
		struct stat st;
		bool found = stat(dir, &st) == 0 && S_ISDIR(st.st_mode) && at[1];

		free(dir);
		if (found)
			return at;
		at = at == which ? NULL : memrchr(which, '@', at - which);
	}
	return NULL;
}

int tree_find(const char *which, bool quiet, struct tree *tree, struct error *err)
{
	const char *at = which ? find_revision(which) : NULL;
	int ret;

	*tree = (struct tree){ 0 };
	if (which && file_exists(which))
		ret = use_path(which, quiet, tree, err);
	else if (at)
		ret = use_revision(which, at, tree, err);
	else if (which && strchr(which, '/'))
		ret = error_set(err, ENOENT, "%s: no such kernel tree or tarball", which);
	else
		ret = use_installed(which, quiet, tree, err);
	if (!ret)
		tree->version = read_version(tree);
	else
		tree_release(tree);
	return ret;
}

void tree_release(struct tree *tree)
{
	free(tree->name);
	free(tree->root);
	free(tree->version);
	*tree = (struct tree){ 0 };
}
