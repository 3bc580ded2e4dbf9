// SPDX-License-Identifier: GPL-2.0-or-later
/* Configurations: kernel/config/NAME.config, changed by -D and -U, as generated/autoconf.h. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine/internal.h"
#include "lib/array.h"
#include "lib/file.h"

struct option {
	char *name, *value;
};

struct options {
	struct option *v;
	size_t nr, room;
};

static void option_set(struct options *o, const char *name, size_t name_len, const char *value)
{
	for (size_t i = 0; i < o->nr; i++) {
		if (strlen(o->v[i].name) != name_len || strncmp(o->v[i].name, name, name_len))
			continue;
		free(o->v[i].value);
		o->v[i].value = value ? array_strdup(value) : NULL;
		return;
	}
	ARRAY_APPEND(o->v, o->nr, o->room) = (struct option){
		.name = file_path("%.*s", (int)name_len, name),
		.value = value ? array_strdup(value) : NULL,
	};
}

static void read_lines(struct options *o, char *text)
{
	char *save = NULL;

	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *equals = strchr(line, '=');

		if (line[0] != '#' && equals)
			option_set(o, line, equals - line, equals + 1);
	}
}

static int apply_change(struct options *o, const char *change, struct error *err)
{
	bool unset = change[0] == '!';
	const char *name = change + unset;
	const char *equals = unset ? NULL : strchr(name, '=');
	size_t len = equals ? (size_t)(equals - name) : strlen(name);

	if (!len ||
	    strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_abcdefghijklmnopqrstuvwxyz") < len ||
	    (*name >= '0' && *name <= '9'))
		return error_set(
			err, EINVAL,
			"%s: not an option of a configuration; write CONFIG_X or CONFIG_X=VALUE",
			name);
	option_set(o, name, len, unset ? NULL : equals ? equals + 1 : "y");
	return 0;
}

/* What is no CONFIG_ is the run-time's: a fact of the architecture. */
static void emit(const struct options *o, FILE *out)
{
	for (size_t i = 0; i < o->nr; i++) {
		const char *name = o->v[i].name, *value = o->v[i].value;

		if (!value || !strcmp(value, "n"))
			continue;
		if (!strcmp(value, "y") || !strcmp(value, "m"))
			value = "1";
		if (!strcmp(name, "ARCH_LOW_ADDRESS_LIMIT"))
			name = "RT_LOW_ADDRESS_LIMIT";
		fprintf(out, "#define %s %s\n", name, value);
	}
}

char *config_header(const char *name, const char **changes, size_t nr_changes, struct error *err)
{
	const char *data = data_dir(err);
	struct options o = { 0 };
	char *path, *text, *header = NULL;
	size_t len;
	FILE *out;

	if (!data)
		return NULL;
	path = strchr(name, '/') ? array_strdup(name)
				 : file_path("%s/kernel/config/%s.config", data, name);
	text = file_read(path, NULL, err);
	free(path);
	if (!text) {
		error_set(err, ENOENT, "%s: no such configuration; `mbsim kernel` lists them",
			  name);
		return NULL;
	}
	read_lines(&o, text);
	free(text);
	out = open_memstream(&header, &len);
	for (size_t i = 0; i < nr_changes; i++) {
		if (apply_change(&o, changes[i], err)) {
			fclose(out);
			free(header);
			header = NULL;
			goto free;
		}
	}
	emit(&o, out);
	fclose(out);
free:
	for (size_t i = 0; i < o.nr; i++) {
		free(o.v[i].name);
		free(o.v[i].value);
	}
	free(o.v);
	return header;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

char **engine_list_configs(void)
{
	const char *data = data_dir(NULL);
	char *path = file_path("%s/kernel/config", data ? data : "");
	size_t nr = 0, room = 0;
	char **list = NULL;
	struct dirent *d;
	DIR *dir = opendir(path);

	while (dir && (d = readdir(dir))) {
		char *dot = strstr(d->d_name, ".config");

		if (dot && dot > d->d_name && !dot[7])
			ARRAY_APPEND(list, nr, room) =
				file_path("%.*s", (int)(dot - d->d_name), d->d_name);
	}
	if (dir)
		closedir(dir);
	free(path);
	if (nr)
		qsort(list, nr, sizeof(*list), by_name);
	ARRAY_APPEND(list, nr, room) = NULL;
	return list;
}

void engine_list_free(char **list)
{
	for (char **p = list; p && *p; p++)
		free(*p);
	free(list);
}
