// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which headers a kernel's file gets: its own memblock.h, the stand-ins of kernel/include, for
 * what has no stand-in the tree's own header, and an empty one where there is none either.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine/internal.h"
#include "lib/array.h"
#include "lib/file.h"

/* Never stood in for where the tree has them: they are what is tested. */
static bool is_subject(const char *name)
{
	return !strcmp(name, "linux/memblock.h") || !strcmp(name, "linux/bootmem.h");
}

/* The name in an #include line, in allocated memory; NULL if @line is none. */
static char *included_name(const char *line)
{
	const char *p = line + strspn(line, " \t");
	size_t len;

	if (*p++ != '#')
		return NULL;
	p += strspn(p, " \t");
	if (strncmp(p, "include", 7))
		return NULL;
	p += 7;
	p += strspn(p, " \t");
	if (*p != '<' && *p != '"')
		return NULL;
	len = strcspn(p + 1, *p == '<' ? ">\n" : "\"\n");
	if (p[1 + len] == '\n' || p[1 + len] == '\0')
		return NULL;
	return file_path("%.*s", (int)len, p + 1);
}

/* Writes dir/include/NAME; a name that would lead elsewhere is refused. */
static int write_header(struct standins *s, const char *name, const char *text, struct error *err)
{
	char *path, *dir;
	int ret;

	standins_add_header(s, name);
	if (strstr(name, "..") || name[0] == '/')
		return error_set(err, EINVAL, "#include of %s: mbsim follows no such path", name);
	if (!s->dir)
		return 0;
	path = file_path("%s/include/%s", s->dir, name);
	dir = array_strdup(path);
	*strrchr(dir, '/') = '\0';
	ret = file_mkdirs(dir, err);
	if (!ret)
		ret = file_write(path, text, strlen(text), err);
	free(dir);
	free(path);
	return ret;
}

static bool is_standin(const char *standin_dir, const char *name)
{
	char *path = file_path("%s/%s", standin_dir, name);
	bool there = file_exists(path);

	free(path);
	return there;
}

static int take_header(struct standins *s, const char *name, const char *standin_dir,
		       struct hash *h, bool use_tree, struct error *err)
{
	bool subject = is_subject(name);
	char *path, *text;
	int ret;

	if (standins_has_header(s, name) || (!subject && is_standin(standin_dir, name)))
		return 0;
	path = file_path("include/%s", name);
	text = use_tree || subject ? tree_read(s->tree, path) : NULL;
	free(path);
	if (!text && subject) {
		if (is_standin(standin_dir, name))
			return 0;
		return error_set(err, ENOENT, "%s: no include/%s in it", s->tree->root, name);
	}
	if (!text) {
		hash_add(h, name, "", 0);
		standins_note(s, "%s: unknown header, an empty one stands in", name);
		return write_header(s, name, "", err);
	}
	if (!subject)
		standins_note(s, "%s: unknown header, the tree's own is used", name);
	hash_add(h, name, text, strlen(text));
	ret = write_header(s, name, text, err);
	if (!ret)
		ret = include_collect(s, text, standin_dir, h, use_tree, err);
	free(text);
	return ret;
}

int include_collect(struct standins *s, const char *source, const char *standin_dir, struct hash *h,
		    bool use_tree, struct error *err)
{
	int ret = 0;

	for (const char *line = source; line && !ret; line = strchr(line, '\n')) {
		char *name;

		line += *line == '\n';
		name = included_name(line);
		if (name)
			ret = take_header(s, name, standin_dir, h, use_tree, err);
		free(name);
	}
	return ret;
}
