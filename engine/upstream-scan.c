// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads the tests of the kernel's own memblock simulator: their files, which functions are in
 * them, and which of those call others. It is found from their text, as the compiler does not
 * tell, and so holds for every version.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine/build.h"
#include "lib/array.h"
#include "lib/file.h"

/* Where in a C text a comment, string or character constant that begins at @p ends. */
static const char *skip_one(const char *p)
{
	const char *end;

	if (p[0] == '/' && p[1] == '*') {
		end = strstr(p + 2, "*/");
		return end ? end + 2 : p + strlen(p);
	}
	if (p[0] == '/' && p[1] == '/')
		return p + strcspn(p, "\n");
	if (*p != '"' && *p != '\'')
		return p;
	for (end = p + 1; *end && *end != *p && *end != '\n'; end++)
		end += *end == '\\' && end[1];
	return *end ? end + 1 : end;
}

/* Spaces for comments and what is in quotes; lines stay lines. */
static void blank(char *text)
{
	for (char *p = text; *p;) {
		const char *end = skip_one(p);

		if (end == p) {
			p++;
			continue;
		}
		for (; p < end; p++)
			if (*p != '\n')
				*p = ' ';
	}
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* The next identifier from @p on; its length in @len, NULL if there is none. */
static const char *next_word(const char *p, size_t *len)
{
	while (*p && !(isalpha((unsigned char)*p) || *p == '_')) {
		if (isdigit((unsigned char)*p))
			while (is_word(p[1]))
				p++;
		p++;
	}
	for (*len = 0; is_word(p[*len]);)
		++*len;
	return *p ? p : NULL;
}

static bool has_word(const char *text, const char *word)
{
	size_t len, n = strlen(word);

	for (const char *p = next_word(text, &len); p; p = next_word(p + len, &len))
		if (len == n && !strncmp(p, word, n))
			return true;
	return false;
}

/* The lines before @brace that belong to the function whose body begins there. */
static char *find_head(const char *text, const char *brace)
{
	const char *start = brace;

	while (start > text) {
		const char *line = start - 1, *last;

		while (line > text && line[-1] != '\n')
			line--;
		for (last = start - 1; last > line && isspace((unsigned char)*last);)
			last--;
		if (strchr("#}", *line) || *last == ';' || isspace((unsigned char)*last))
			break;
		start = line;
	}
	return file_path("%.*s", (int)(brace - start), start);
}

/* "static int name(void)": fills @f; false if it is no function's head. */
static bool parse_head(char *head, struct upstream_function *f)
{
	char *open = strchr(head, '('), *close = open ? strchr(open, ')') : NULL, *name, *end;

	if (!close)
		return false;
	for (end = open; end > head && isspace((unsigned char)end[-1]);)
		end--;
	for (name = end; name > head && is_word(name[-1]);)
		name--;
	if (name == end)
		return false;
	f->name = file_path("%.*s", (int)(end - name), name);
	*close = *name = '\0';
	f->is_static = has_word(head, "static");
	f->is_test = has_word(head, "int") && !strchr(head, '*') && has_word(open + 1, "void") &&
		     !strpbrk(open + 1, "*,");
	return true;
}

/* "->" before "setup_memblock()" or the like. */
static bool is_stale(const char *body)
{
	const char *setup = strstr(body, "setup_"), *arrow = strstr(body, "->");

	return setup && arrow && arrow < setup;
}

static void find_functions(struct upstream *u, size_t file)
{
	const char *text = u->files[file].code;

	for (const char *at = text; (at = strstr(at, "\n{")); at++) {
		const char *end = strstr(at, "\n}");
		char *head = find_head(text, at + 1);
		struct upstream_function f = { .file = file };

		if (end && parse_head(head, &f)) {
			f.body = file_path("%.*s", (int)(end - at), at);
			f.is_stale = is_stale(f.body);
			ARRAY_APPEND(u->functions, u->nr_functions, u->room_functions) = f;
		}
		free(head);
	}
}

static bool calls_tests(const struct upstream *u, const struct upstream_function *f)
{
	for (size_t i = 0; i < u->nr_functions; i++) {
		const struct upstream_function *g = &u->functions[i];

		if ((g->is_test || g->is_group) && strcmp(f->name, g->name) &&
		    has_word(f->body, g->name))
			return true;
	}
	return false;
}

/* A group calls a test, or a function with arguments that does. */
static void find_groups(struct upstream *u)
{
	bool more = true;

	while (more) {
		more = false;
		for (size_t i = 0; i < u->nr_functions; i++) {
			struct upstream_function *f = &u->functions[i];

			if (f->is_group || !calls_tests(u, f))
				continue;
			f->is_group = more = true;
		}
	}
	/* one name, one meaning: the other definition is of another configuration */
	for (size_t i = 0; i < u->nr_functions; i++)
		for (size_t k = 0; k < u->nr_functions; k++)
			if (!strcmp(u->functions[i].name, u->functions[k].name))
				u->functions[i].is_group |= u->functions[k].is_group;
}

const struct upstream_function *upstream_find(const struct upstream *u, const char *name,
					      size_t len)
{
	for (size_t i = 0; i < u->nr_functions; i++)
		if (strlen(u->functions[i].name) == len &&
		    !strncmp(u->functions[i].name, name, len))
			return &u->functions[i];
	return NULL;
}

/* The tests that main() calls. */
static void find_top(struct upstream *u, char *text)
{
	const char *p, *body;
	size_t len;

	blank(text);
	body = strstr(text, "main(");
	body = body ? strchr(body, '{') : NULL;
	for (p = body ? next_word(body, &len) : NULL; p; p = next_word(p + len, &len)) {
		const struct upstream_function *f = upstream_find(u, p, len);

		if (f && f->is_test && !f->is_static)
			ARRAY_APPEND(u->top, u->nr_top, u->room_top) = f - u->functions;
	}
}

static void read_file(struct upstream *u, const char *name)
{
	size_t len = strlen(name);
	char *path = file_path("%s/tests/%s", u->dir, name);
	struct upstream_file f = { .name = array_strdup(name) };

	f.text = file_read(path, NULL, NULL);
	free(path);
	if (len < 3 || name[len - 2] != '.' || !strchr("ch", name[len - 1]) || !f.text) {
		free(f.name);
		free(f.text);
		return;
	}
	f.is_header = name[len - 1] == 'h';
	f.code = array_strdup(f.text);
	blank(f.code);
	ARRAY_APPEND(u->files, u->nr_files, u->room_files) = f;
	find_functions(u, u->nr_files - 1);
}

int upstream_read(struct upstream *u, const struct tree *tree, struct error *err)
{
	char **names, *path, *main_c = tree_read(tree, UPSTREAM_DIR "/main.c");

	*u = (struct upstream){ .dir = file_path("%s/" UPSTREAM_DIR, tree->root), .main = main_c };
	if (!main_c)
		return error_set(err, ENOENT,
				 "%s: no " UPSTREAM_DIR " in it, which kernels have since 5.18; "
				 "--upstream=KERNEL takes another's",
				 tree->name);
	path = file_path("%s/tests", u->dir);
	names = build_list_dir(path);
	free(path);
	for (char **n = names; *n; n++)
		read_file(u, *n);
	engine_list_free(names);
	find_groups(u);
	main_c = array_strdup(main_c);
	find_top(u, main_c);
	free(main_c);
	if (!u->nr_top)
		return error_set(err, ENOENT, "%s/main.c: calls no tests that mbsim can find",
				 u->dir);
	return 0;
}

void upstream_release(struct upstream *u)
{
	for (size_t i = 0; i < u->nr_files; i++) {
		free(u->files[i].name);
		free(u->files[i].text);
		free(u->files[i].code);
		free(u->files[i].error);
	}
	for (size_t i = 0; i < u->nr_functions; i++) {
		free(u->functions[i].name);
		free(u->functions[i].body);
	}
	free(u->files);
	free(u->functions);
	free(u->top);
	free(u->dir);
	free(u->main);
}
