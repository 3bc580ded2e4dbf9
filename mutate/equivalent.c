// SPDX-License-Identifier: GPL-2.0-or-later
/* Mutants that are known to make no difference, with the reason: data/mutants-equivalent, whose head tells its form. */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/file.h"
#include "lib/size.h"
#include "mutate/internal.h"

struct entry {
	char *function, *change; /* a glob; a part of how a mutant is shown */
	char *why;
	unsigned int line;
	long nth, seen; /* only this one of those that fit, from 1; 0: all */
};

struct entries {
	struct entry *v;
	size_t nr, room;
};

static void release(struct entries *e)
{
	for (size_t i = 0; i < e->nr; i++) {
		free(e->v[i].function);
		free(e->v[i].change);
		free(e->v[i].why);
	}
	free(e->v);
}

/* A line of the reason. */
static void add_reason(struct entry *e, const char *text)
{
	char *why = array_format("%s%s%s", e->why, *e->why ? " " : "", text);

	free(e->why);
	e->why = why;
}

/* Takes "#N" off the end of a change. */
static void take_number(struct entry *e)
{
	char *at = strrchr(e->change, '#');
	long nth = 0;

	if (!at || at == e->change || at[-1] != ' ' || size_parse_int(at + 1, 1, 1000, &nth))
		return;
	e->nth = nth;
	while (at > e->change && at[-1] == ' ')
		at--;
	*at = '\0';
}

static int parse_line(struct entries *e, char *line, unsigned int number, const char *path,
		      struct error *err)
{
	size_t n = strlen(line), name = strcspn(line, ":");
	bool indented = *line == ' ' || *line == '\t';

	while (n && strchr(" \t\r", line[n - 1]))
		line[--n] = '\0';
	while (*line == ' ' || *line == '\t')
		line++;
	if (!*line || *line == '#')
		return 0;
	if (indented && e->nr) {
		add_reason(&e->v[e->nr - 1], line);
		return 0;
	}
	if (indented || line[name] != ':' || strcspn(line, " \t") < name || !strstr(line, "[-"))
		return error_set(err, EINVAL,
				 "%s:%u: is neither `function: ...[-old-]{+new+}...` nor a reason, "
				 "which is indented",
				 path, number);
	line[name++] = '\0';
	ARRAY_APPEND(e->v, e->nr, e->room) = (struct entry){
		.function = array_strdup(line),
		.change = array_strdup(line + name + strspn(line + name, " \t")),
		.why = array_strdup(""),
		.line = number,
	};
	take_number(&e->v[e->nr - 1]);
	return 0;
}

static int parse(struct entries *e, char *text, const char *path, struct error *err)
{
	unsigned int number = 0;
	int ret = 0;

	for (char *line; !ret && (line = strsep(&text, "\n"));)
		ret = parse_line(e, line, ++number, path, err);
	for (size_t i = 0; i < e->nr && !ret; i++)
		if (!*e->v[i].why)
			ret = error_set(err, EINVAL,
					"%s:%u: the reason is missing: write it below, indented",
					path, e->v[i].line);
	return ret;
}

static void mark(struct mutant *m, struct entry *e)
{
	if (fnmatch(e->function, m->function, 0) || !strstr(m->change, e->change))
		return;
	/* those that another entry has count, too */
	if ((e->nth && ++e->seen != e->nth) || m->fate != MUTANT_WAITING)
		return;
	m->fate = MUTANT_LISTED;
	m->why = array_strdup(e->why);
}

int mutants_mark(struct mutants *m, const char *path, struct error *err)
{
	struct entries e = { 0 };
	char *text = file_read(path, NULL, err);
	int ret = text ? parse(&e, text, path, err) : -ENOENT;

	for (size_t i = 0; i < m->nr && !ret; i++)
		for (size_t k = 0; k < e.nr; k++)
			mark(&m->v[i], &e.v[k]);
	release(&e);
	free(text);
	return ret;
}

/* Names that are given a value in the enumeration of flags. */
char **mutants_flags(const char *header)
{
	const char *at = strstr(header, "enum memblock_flags {");
	const char *end = at ? strchr(at, '}') : NULL;
	char **flags = NULL;
	size_t nr = 0, room = 0;

	while (end && (at = strstr(at, "MEMBLOCK_")) && at < end) {
		size_t n = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
		char *name = array_format("%.*s", (int)n, at);
		bool seen = at[n + strspn(at + n, " \t")] != '=';

		at += n;
		for (size_t i = 0; i < nr && !seen; i++)
			seen = !strcmp(flags[i], name);
		if (!seen)
			ARRAY_APPEND(flags, nr, room) = array_strdup(name);
		free(name);
	}
	ARRAY_APPEND(flags, nr, room) = NULL;
	return flags;
}
