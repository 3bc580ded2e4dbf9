// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a kernel's file uses and nobody provides is stood in for by name. The compiler tells: its
 * complaint about a name becomes a declaration, and the file is compiled again. Who calls
 * such a function, or evaluates such a value, ends the run with its name.
 */
#include <ctype.h>
#include <glob.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "engine/internal.h"
#include "lib/array.h"
#include "lib/file.h"

void standins_init(struct standins *s, const char *dir, const struct tree *tree)
{
	*s = (struct standins){ .dir = dir, .tree = tree };
	s->notes = open_memstream(&s->notes_text, &s->notes_len);
}

void standins_release(struct standins *s)
{
	fclose(s->notes);
	free(s->notes_text);
	for (size_t i = 0; i < s->nr; i++) {
		free(s->v[i].name);
		free(s->v[i].declaration);
	}
	for (size_t i = 0; i < s->nr_headers; i++)
		free(s->headers[i]);
	free(s->v);
	free(s->headers);
}

void standins_note(struct standins *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(s->notes, fmt, ap);
	va_end(ap);
	fputc('\n', s->notes);
	fflush(s->notes);
}

enum missing {
	FUNCTION,
	VALUE,
	TYPE,
	ANNOTATION,
	MEMBER
};

/* Structures of the stand-ins that have room for members that they do not know. */
static const char *const structures[] = { "page", "zone", "pglist_data" };

/* gcc's and clang's words for what they do not know; the name follows in quotes. */
static const struct {
	const char *words;
	enum missing what;
} complaints[] = {
	{ "implicit declaration of function '", FUNCTION },
	{ "call to undeclared function '", FUNCTION },
	{ "use of undeclared identifier '", VALUE },
	{ "unknown type name '", TYPE },
	{ "type defaults to 'int' in declaration of '", ANNOTATION },
	{ "type specifier missing, defaults to 'int'", ANNOTATION },
	{ "has no member named '", MEMBER },
	{ "no member named '", MEMBER },
};

static bool known(const struct standins *s, const char *name)
{
	for (size_t i = 0; i < s->nr; i++)
		if (!strcmp(s->v[i].name, name))
			return true;
	return false;
}

bool standins_has_header(const struct standins *s, const char *name)
{
	for (size_t i = 0; i < s->nr_headers; i++)
		if (!strcmp(s->headers[i], name))
			return true;
	return false;
}

void standins_add_header(struct standins *s, const char *name)
{
	ARRAY_APPEND(s->headers, s->nr_headers, s->room_headers) = array_strdup(name);
}

char *standins_text(const struct standins *s)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	for (size_t i = 0; i < s->nr; i++) {
		if (s->v[i].structure >= 0)
			continue;
		if (s->v[i].value && s->constants)
			fprintf(out, "enum { %s = %zu };\n", s->v[i].name, 0x5a5a0000 + i);
		else
			fputs(s->v[i].declaration, out);
	}
	fclose(out);
	return text;
}

char *standins_members_text(const struct standins *s)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	for (size_t k = 0; k < ARRAY_LEN(structures); k++) {
		fprintf(out, "#define RT_MEMBERS_%s", structures[k]);
		for (size_t i = 0; i < s->nr; i++)
			if (s->v[i].structure == (int)k)
				fprintf(out, " long %s;", s->v[i].name);
		fputc('\n', out);
	}
	fclose(out);
	return text;
}

/* The rest of "#define NAME value" in one of the tree's headers, if it is a constant on one line. */
static char *find_define(const struct standins *s, const char *name, char **where)
{
	char *pattern = file_path("%s/include/linux/*.h", s->tree->root);
	char *define = file_path("\n#define %s", name);
	char *value = NULL;
	glob_t g;

	if (glob(pattern, 0, NULL, &g) == 0) {
		for (size_t i = 0; i < g.gl_pathc && !value; i++) {
			char *text = file_read(g.gl_pathv[i], NULL, NULL);
			const char *at = text ? strstr(text, define) : NULL;

			at = at ? at + strlen(define) : NULL;
			if (at && (*at == ' ' || *at == '\t') && at[strcspn(at, "\\\n")] != '\\') {
				at += strspn(at, " \t");
				value = file_path("%.*s", (int)strcspn(at, "\n"), at);
				*where = array_strdup(strstr(g.gl_pathv[i], "include/"));
			}
			free(text);
		}
		globfree(&g);
	}
	free(pattern);
	free(define);
	return value;
}

static void add(struct standins *s, const char *name, bool value, char *declaration)
{
	ARRAY_APPEND(s->v, s->nr, s->room) =
		(struct standin){ array_strdup(name), declaration, value, -1 };
}

static void stand_in_value(struct standins *s, const char *name)
{
	char *where = NULL, *value = find_define(s, name, &where);

	if (value && *value) {
		add(s, name, false, file_path("#define %s %s\n", name, value));
		standins_note(s, "%s: taken from the tree's %s", name, where);
	} else {
		add(s, name, true, file_path("#define %s (rt_trap_value(\"%s\"))\n", name, name));
		standins_note(s, "%s: unknown value; using it ends the run", name);
	}
	free(value);
	free(where);
}

static void stand_in(struct standins *s, enum missing what, const char *name)
{
	switch (what) {
	case FUNCTION:
		/* no prototype: takes what it is given; defined when the engine is linked */
		add(s, name, false, file_path("long %s();\n", name));
		break;
	case VALUE:
		stand_in_value(s, name);
		break;
	case TYPE:
		if (!strncmp(name, "__", 2)) {
			add(s, name, false, file_path("#define %s\n", name));
			standins_note(s, "%s: unknown annotation, left out", name);
		} else {
			add(s, name, false, file_path("typedef long %s;\n", name));
			standins_note(s, "%s: unknown type, taken for a number", name);
		}
		break;
	case MEMBER: /* by stand_in_member() */
		break;
	case ANNOTATION:
		add(s, name, false,
		    file_path("#define %s(...) struct rt_swallow_semicolon\n", name));
		standins_note(s, "%s(): unknown declaration, left out", name);
		break;
	}
}

/* The word in the source that "file:line:col: " points to, for complaints that do not name it. */
static char *word_at(const char *message)
{
	char *file = file_path("%.*s", (int)strcspn(message, ":"), message), *text, *word = NULL;
	unsigned int line = 0, column = 0;
	const char *p;

	if (sscanf(message + strlen(file), ":%u:%u:", &line, &column) == 2) {
		text = file_read(file, NULL, NULL);
		p = text;
		while (p && --line)
			p = strchr(p, '\n') ? strchr(p, '\n') + 1 : NULL;
		if (p && strcspn(p, "\n") >= column && column) {
			size_t len = 0;

			p += column - 1;
			while (isalnum((unsigned char)p[len]) || p[len] == '_')
				len++;
			if (len)
				word = file_path("%.*s", (int)len, p);
		}
		free(text);
	}
	free(file);
	return word;
}

/*
 * gcc does not name an annotation that it does not know; it stumbles over the word behind it.
 * "static int __odd f(void)", "__odd static int f(void)": the word before the place, if it
 * looks like an annotation.
 */
static char *annotation_before(const char *message)
{
	static const char *const words[] = { "expected ';' before", "'__attribute__' before" };
	char *copy, *word = NULL, *colon;
	unsigned long column = 0;

	if (!strstr(message, words[0]) && !strstr(message, words[1]))
		return NULL;
	/* ask for the word at each column before, and take the first that is another one */
	copy = array_strdup(message);
	colon = strstr(copy, ": error:");
	while (colon && colon > copy && colon[-1] != ':')
		colon--;
	if (colon)
		sscanf(colon, "%lu", &column);
	for (unsigned long back = 2; colon && column > back && !word; back++) {
		char *at = file_path("%.*s%lu: error", (int)(colon - copy), copy, column - back);
		char *here = word_at(at);

		if (here && !strncmp(here, "__", 2))
			word = here;
		else
			free(here);
		free(at);
		if (back > 60)
			break;
	}
	free(copy);
	return word;
}

/* 'struct zone' has no member named 'x'; no member named 'x' in 'struct zone' */
static int stand_in_member(struct standins *s, const char *line, const char *name)
{
	for (size_t k = 0; k < ARRAY_LEN(structures); k++) {
		char *quoted = file_path("struct %s'", structures[k]);
		bool found = strstr(line, quoted);

		free(quoted);
		if (!found)
			continue;
		add(s, name, false, NULL);
		s->v[s->nr - 1].structure = k;
		standins_note(s, "%s in struct %s: unknown member, a number stands in", name,
			      structures[k]);
		return 1;
	}
	return 0;
}

static bool is_identifier(const char *text)
{
	size_t n = strlen(text);

	return n && n < 200 && !isdigit((unsigned char)*text) &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == n;
}

static int learn_line(struct standins *s, const char *line)
{
	enum missing what = FUNCTION;
	char *name = NULL;
	const char *at, *undeclared;
	int learned = 0;

	for (size_t i = 0; i < ARRAY_LEN(complaints) && !name; i++) {
		at = strstr(line, complaints[i].words);
		if (!at)
			continue;
		at += strlen(complaints[i].words);
		what = complaints[i].what;
		name = at[-1] == '\'' && complaints[i].words[strlen(complaints[i].words) - 2] == ' '
			       ? file_path("%.*s", (int)strcspn(at, "'"), at)
			       : word_at(line);
	}
	/* gcc: 'X' undeclared (first use in this function); ... undeclared here */
	undeclared = name ? NULL : strstr(line, "' undeclared");
	if (undeclared) {
		at = undeclared;
		while (at > line && at[-1] != '\'')
			at--;
		name = file_path("%.*s", (int)(undeclared - at), at);
		what = VALUE;
	}
	if (!name && (name = annotation_before(line)))
		what = TYPE;
	if (name && is_identifier(name) && !known(s, name)) {
		learned = 1;
		if (what == MEMBER)
			learned = stand_in_member(s, line, name);
		else
			stand_in(s, what, name);
	}
	free(name);
	return learned;
}

int standins_learn(struct standins *s, const char *messages)
{
	int learned = 0;

	for (const char *line = messages; *line;
	     line += strcspn(line, "\n"), line += *line == '\n') {
		char *copy = file_path("%.*s", (int)strcspn(line, "\n"), line);

		if (strstr(copy, "error: "))
			learned += learn_line(s, copy);
		free(copy);
	}
	if (!learned && !s->constants &&
	    (strstr(messages, "integer constant") || strstr(messages, "not constant") ||
	     strstr(messages, "compile-time constant"))) {
		for (size_t i = 0; i < s->nr; i++)
			s->constants |= s->v[i].value;
		if (s->constants)
			standins_note(
				s, "unknown values: they must be constants here; made-up numbers "
				   "stand in, and using them does not end the run");
		learned = s->constants;
	}
	return learned;
}
