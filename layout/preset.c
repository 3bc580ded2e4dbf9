// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Machines that mbsim knows by name: layout files that are installed with it. The first comment
 * in each says what it is.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine/engine.h"
#include "layout/internal.h"
#include "lib/array.h"
#include "lib/file.h"

#define SUFFIX ".layout"

static const char *const folders[] = { "data/presets", "data" };

char *layout_preset_path(const char *name)
{
	if (!*name || strchr(name, '/') || *name == '.')
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		char *folder = engine_data_path(folders[i], NULL), *path;

		if (!folder)
			return NULL;
		path = file_path("%s/%s" SUFFIX, folder, name);
		free(folder);
		if (file_exists(path))
			return path;
		free(path);
	}
	return NULL;
}

/* The sentences of the first comment up to its first full stop, as one line. */
static char *read_summary(const char *path)
{
	size_t len, nr = 0, room = 0;
	char *text = file_read(path, &len, NULL), *summary = NULL, last = ' ';
	bool comment = false;

	for (const char *p = text; p && *p; p++) {
		bool line_starts = p == text || p[-1] == '\n';

		if (line_starts && comment && *p != '#')
			break;
		if (line_starts)
			comment = *p == '#';
		if (!comment || (line_starts && *p == '#') || (*p == '\n' && !nr))
			continue;
		if (*p == '.' && (p[1] == '\n' || p[1] == ' '))
			break;
		if ((*p == '\n' || *p == ' ') && last == ' ')
			continue;
		last = *p == '\n' ? ' ' : *p;
		ARRAY_APPEND(summary, nr, room) = last;
	}
	ARRAY_APPEND(summary, nr, room) = '\0';
	free(text);
	return summary;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(((const struct layout_preset *)a)->name,
		      ((const struct layout_preset *)b)->name);
}

static void list_folder(const char *folder, struct layout_preset **presets, size_t *nr,
			size_t *room)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		size_t len = strlen(entry->d_name), suffix = strlen(SUFFIX);
		struct layout_preset p;

		if (len <= suffix || strcmp(entry->d_name + len - suffix, SUFFIX))
			continue;
		p.path = file_path("%s/%s", folder, entry->d_name);
		p.name = file_path("%.*s", (int)(len - suffix), entry->d_name);
		p.summary = read_summary(p.path);
		ARRAY_APPEND(*presets, *nr, *room) = p;
	}
	if (dir)
		closedir(dir);
}

struct layout_preset *layout_list_presets(size_t *nr, struct error *err)
{
	struct layout_preset *presets = NULL;
	size_t room = 0;

	*nr = 0;
	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		char *folder = engine_data_path(folders[i], err);

		if (!folder)
			break;
		list_folder(folder, &presets, nr, &room);
		free(folder);
	}
	if (presets)
		qsort(presets, *nr, sizeof(*presets), compare_names);
	else if (err && !err->code)
		error_set(err, ENOENT, "no presets are installed with this mbsim");
	return presets;
}

void layout_free_presets(struct layout_preset *presets, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		free(presets[i].name);
		free(presets[i].summary);
		free(presets[i].path);
	}
	free(presets);
}

/* The names, for the message that there is no such one; the caller frees. */
static char *list_names(void)
{
	size_t nr, len;
	struct layout_preset *presets = layout_list_presets(&nr, NULL);
	char *names = NULL;
	FILE *list = open_memstream(&names, &len);

	if (!list)
		array_die();
	for (size_t i = 0; i < nr; i++)
		fprintf(list, "%s%s", i ? ", " : "", presets[i].name);
	fclose(list);
	layout_free_presets(presets, nr);
	return names;
}

static int read_preset(struct layout *l, const char *name, struct error *err)
{
	char *path = layout_preset_path(name), *text, *names;
	size_t len;
	int ret;

	if (!path) {
		names = list_names();
		error_set(err, ENOENT, "preset:%s: there is none of that name; there are %s", name,
			  *names ? names : "none, as mbsim does not find its files");
		free(names);
		return -ENOENT;
	}
	text = file_read(path, &len, err);
	ret = text ? layout_native.read(l, text, len, err) : -EIO;
	free(text);
	free(path);
	return ret;
}

const struct layout_scheme layout_scheme_preset = {
	.prefix = "preset:",
	.title = "preset:NAME      a machine that mbsim knows by name",
	.read = read_preset,
};
