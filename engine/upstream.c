// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Compiles the tests of a kernel's own memblock simulator as they are in its tree, each file from
 * a small one that is written here (kernel/upstream/upstream.h tells what for). A file that cannot be
 * compiled is a test that fails; a function that memblock does not have ends the test that calls it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine/build.h"
#include "lib/array.h"
#include "lib/file.h"
#include "lib/spawn.h"

/* Of learning what is missing. */
#define MAX_ROUNDS 10

void upstream_hash(struct hash *h, const struct upstream *u, const char *data)
{
	static const char *const dirs[] = { "kunit", "kernel/upstream",
					    "kernel/upstream/include/libc",
					    "kernel/upstream/include/selftests" };

	build_hash_dirs(h, data, dirs, ARRAY_LEN(dirs));
	hash_add_text(h, u->foreign ? "foreign" : "");
	hash_add_text(h, u->main);
	for (size_t i = 0; i < u->nr_files; i++)
		hash_add(h, u->files[i].name, u->files[i].text, strlen(u->files[i].text));
}

/* A file of theirs while it is compiled. */
struct unit {
	struct upstream_file *file;
	char *from, *to, *missing; /* the file that is written, the object, what is missing */
	struct standins standins;
	struct spawn spawn;
	const char *argv[80];
};

static int stem(const struct upstream_file *f)
{
	return (int)strlen(f->name) - 2;
}

/* Whether calls of @f may be in @file. */
static bool is_seen(const struct upstream *u, const struct upstream_function *f,
		    const struct upstream_file *file)
{
	const struct upstream_file *home = &u->files[f->file];

	/* of several definitions, the one that upstream_find() finds */
	return f->is_test && upstream_find(u, f->name, strlen(f->name)) == f &&
	       (!f->is_static || home->is_header || home == file);
}

/* Without any it is what tests are made of, and defines what they find as macros. */
static bool has_tests(const struct upstream *u, const struct upstream_file *file)
{
	for (size_t i = 0; i < u->nr_functions; i++)
		if (u->functions[i].is_test && &u->files[u->functions[i].file] == file)
			return true;
	return false;
}

static void put_macros(const struct upstream *u, const struct upstream_file *file, FILE *out)
{
	fprintf(out, "#include \"%s/tests/common.h\"\n", u->dir);
	fputs("#include \"kernel/upstream/upstream.h\"\n", out);
	for (size_t i = 0; i < u->nr_functions; i++) {
		const struct upstream_function *f = &u->functions[i];

		if (is_seen(u, f, file))
			fprintf(out,
				"#define RT_IS_TEST_%s %d\n#define RT_IS_STALE_%s %d\n"
				"#define %s(args...) RT_%s_##args(%s)\n",
				f->name, !f->is_group, f->name, f->is_stale, f->name,
				f->is_group ? "GROUP" : "TEST", f->name);
	}
}

static int write_unit(const struct upstream *u, const struct unit *unit, struct error *err)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	int ret;

	fprintf(out, "#include \"%s\"\n", unit->missing);
	if (has_tests(u, unit->file))
		put_macros(u, unit->file, out);
	fprintf(out, "#include \"%s/tests/%s\"\n", u->dir, unit->file->name);
	fclose(out);
	ret = file_write(unit->from, text, len, err);
	free(text);
	return ret;
}

/* What was learned to be missing, declared so that it ends the test that uses it. */
static int write_missing(const struct unit *unit, struct error *err)
{
	char *standins = standins_text(&unit->standins);
	char *text = file_path("long rt_upstream_without(const char *name);\n"
			       "#define rt_trap_value rt_upstream_without\n%s",
			       standins);
	int ret = file_write(unit->missing, text, strlen(text), err);

	free(standins);
	free(text);
	return ret;
}

static int unit_start(struct unit *unit, const struct compiler *cc, struct error *err)
{
	int ret = write_missing(unit, err);

	compiler_command(cc, unit->argv, "-c", unit->from, unit->to);
	unit->spawn = (struct spawn){ .argv = unit->argv };
	return ret ? ret : spawn_start(&unit->spawn, err);
}

/* The first error, from the file's name in the tree on. */
static void keep_error(struct unit *unit, const struct upstream *u, const char *messages)
{
	static const char *const words[] = {
		"undeclared",	      "implicit declaration", "too few arguments",
		"too many arguments", "no member named",      "unknown type name",
		"No such file",	      "file not found",
	};
	size_t root = strlen(u->dir) - strlen(UPSTREAM_DIR);
	const char *at = strstr(messages, "error: ");
	char *line;

	while (at && at > messages && at[-1] != '\n')
		at--;
	at = at ? at : messages;
	line = file_path("%.*s", (int)strcspn(at, "\n"), at);
	at = strncmp(line, u->dir, root) ? line : line + root;
	unit->file->error = array_strdup(at);
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		unit->file->api |= !!strstr(line, words[i]);
	free(line);
}

/* Waits for it, and compiles it again as long as something can be learned. */
static int unit_finish(struct unit *unit, const struct upstream *u, const struct compiler *cc,
		       struct error *err)
{
	for (int round = 0;; round++) {
		int ret = spawn_wait(&unit->spawn, err);

		if (ret || !unit->spawn.status)
			return ret;
		if (round == MAX_ROUNDS || !standins_learn(&unit->standins, unit->spawn.err)) {
			keep_error(unit, u, unit->spawn.err);
			return 0;
		}
		spawn_release(&unit->spawn);
		ret = unit_start(unit, cc, err);
		if (ret)
			return ret;
	}
}

/* A text as C writes it. */
static void put_string(const char *text, FILE *out)
{
	fputc('"', out);
	for (; *text; text++)
		if (*text >= ' ' && *text != '"' && *text != '\\')
			fputc(*text, out);
		else
			fprintf(out, "\\%03o", (unsigned char)*text);
	fputc('"', out);
}

/* Without what tests are made of there are none. */
static bool is_lame(const struct upstream *u)
{
	for (size_t i = 0; i < u->nr_files; i++)
		if (u->files[i].error && !has_tests(u, &u->files[i]))
			return true;
	return false;
}

/* What other files call of those that are not there does nothing. */
static void put_tables(const struct upstream *u, FILE *out)
{
	bool lame = is_lame(u);

	for (size_t i = 0; i < u->nr_functions; i++) {
		const struct upstream_function *f = &u->functions[i];

		if (!f->is_test || f->is_static || u->files[f->file].is_header ||
		    upstream_find(u, f->name, strlen(f->name)) != f)
			continue;
		fprintf(out, "int %s(void)%s\n", f->name,
			lame || u->files[f->file].error ? "\n{\n\treturn 0;\n}" : ";");
	}
	fputs("const struct rt_upstream_group rt_upstream_groups[] = {\n", out);
	for (size_t i = 0; i < u->nr_top && !lame; i++) {
		const struct upstream_function *top = &u->functions[u->top[i]];
		const struct upstream_file *f = &u->files[top->file];

		fprintf(out, "\t{ \"%.*s\", %s },\n", stem(f), f->name, top->name);
	}
	fputs("\t{ 0 }\n};\nconst struct rt_upstream_unbuilt rt_upstream_unbuilt[] = {\n", out);
	for (size_t i = 0; i < u->nr_files; i++) {
		const struct upstream_file *f = &u->files[i];

		if (!f->error)
			continue;
		fprintf(out, "\t{ \"%.*s\", ", stem(f), f->name);
		put_string(f->error, out);
		fprintf(out, ", %d },\n", f->api);
	}
	fprintf(out, "\t{ 0 }\n};\nconst bool rt_upstream_foreign = %d;\n", u->foreign);
}

/* Functions that were learned to be missing; memblock may have one that it does not declare. */
static void put_missing(const struct unit *units, size_t nr, FILE *out)
{
	for (size_t i = 0; i < nr; i++) {
		const struct standins *s = &units[i].standins;

		for (size_t k = 0; k < s->nr; k++) {
			const char *name = s->v[k].name;

			if (!s->v[k].declaration || strncmp(s->v[k].declaration, "long ", 5))
				continue;
			fprintf(out,
				"#ifndef RT_MISSING_%s\n#define RT_MISSING_%s\n"
				"long __weak %s(void)\n{\n\trt_upstream_without(\"%s()\");\n}\n"
				"#endif\n",
				name, name, name, name);
		}
	}
}

static int write_main(const struct upstream *u, const struct unit *units, size_t nr,
		      const char *path, struct error *err)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	int ret;

	fputs("#include \"kernel/upstream/upstream.h\"\n", out);
	put_tables(u, out);
	put_missing(units, nr, out);
	fclose(out);
	ret = file_write(path, text, len, err);
	free(text);
	return ret;
}

/* All of theirs at the same time. */
static int compile_units(struct make *m, const struct compiler *cc, struct unit *units, size_t nr,
			 struct error *err)
{
	const struct upstream *u = m->b->upstream;
	size_t started = 0;
	int ret = 0;

	for (; started < nr && !ret; started++) {
		struct unit *unit = &units[started];

		ret = write_unit(u, unit, err);
		if (!ret)
			ret = unit_start(unit, cc, err);
	}
	for (size_t i = 0; i < started; i++) {
		int one = units[i].spawn.pid ? unit_finish(&units[i], u, cc, ret ? NULL : err) : 0;

		ret = ret ? ret : one;
		spawn_release(&units[i].spawn);
	}
	return ret;
}

struct paths {
	char **v;
	size_t nr, room;
};

static void paths_add(struct paths *p, char *path)
{
	ARRAY_APPEND(p->v, p->nr, p->room) = path;
}

static void paths_release(struct paths *p)
{
	for (size_t i = 0; i < p->nr; i++)
		free(p->v[i]);
	free(p->v);
}

/* Their files, and then ours around them, joined to one object. */
static int make_object(struct make *m, const struct compiler *cc, struct unit *units, size_t nr,
		       const char *to, struct error *err)
{
	static const char *const ours[] = { "kernel/upstream/run", "kernel/upstream/libc",
					    "kunit/test" };
	struct paths from = { 0 }, objects = { 0 };
	int ret = compile_units(m, cc, units, nr, err);

	paths_add(&from, file_path("%s/upstream-main.c", m->dir));
	for (size_t i = 0; i < ARRAY_LEN(ours); i++)
		paths_add(&from, file_path("%s/%s.c", m->b->data, ours[i]));
	for (size_t i = 0; i < from.nr; i++)
		paths_add(&objects, file_path("%s/upstream-ours-%zu.o", m->dir, i));
	if (!ret)
		ret = write_main(m->b->upstream, units, nr, from.v[0], err);
	if (!ret)
		ret = make_compile(m, cc, from.v, objects.v, from.nr, err);
	for (size_t i = 0; i < nr; i++)
		if (!units[i].file->error && !is_lame(m->b->upstream))
			paths_add(&objects, array_strdup(units[i].to));
	if (!ret)
		ret = make_join(m, cc, objects.v, objects.nr, to, err);
	paths_release(&from);
	paths_release(&objects);
	return ret;
}

static struct unit *units_new(const struct make *m, size_t *nr)
{
	const struct upstream *u = m->b->upstream;
	struct unit *units = NULL;
	size_t room = 0;

	*nr = 0;
	for (size_t i = 0; i < u->nr_files; i++) {
		const char *name = u->files[i].name;
		struct unit *unit;

		if (u->files[i].is_header)
			continue;
		unit = &ARRAY_APPEND(units, *nr, room);
		unit->file = &u->files[i];
		unit->from = file_path("%s/upstream-%s", m->dir, name);
		unit->to = file_path("%s/upstream-%s.o", m->dir, name);
		unit->missing = file_path("%s/missing-%s.h", m->dir, name);
		standins_init(&unit->standins, NULL, &m->b->tree);
	}
	return units;
}

static void units_free(struct unit *units, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		free(units[i].from);
		free(units[i].to);
		free(units[i].missing);
		standins_release(&units[i].standins);
	}
	free(units);
}

int make_upstream(struct make *m, const struct compiler *cc, struct error *err)
{
	const struct upstream *u = m->b->upstream;
	struct compiler with_libc = *cc;
	char *cache = cache_dir("tests", err);
	char *place = file_path("%s/%s.o", cache ? cache : "", m->b->tests_key);
	int ret = cache ? 0 : -EACCES;

	if (!ret && !file_exists(place)) {
		char *joined = file_path("%s/tests.o", m->dir);
		size_t nr;
		struct unit *units = units_new(m, &nr);

		cache_prune(cache);
		compiler_add(&with_libc, "-I%s/kernel/upstream/include/libc", m->b->data);
		/* "tests/common.h" */
		compiler_add(&with_libc, "-idirafter%s", u->dir);
		compiler_add(&with_libc, "-fmacro-prefix-map=%s/=", m->b->data);
		/* thousands of lines, which then run for milliseconds */
		compiler_add(&with_libc, "-O0");
		/* where the tree is makes no difference */
		compiler_add(&with_libc, "-ffile-prefix-map=%.*s=",
			     (int)(strlen(u->dir) - strlen(UPSTREAM_DIR)), u->dir);
		ret = make_object(m, &with_libc, units, nr, joined, err);
		if (!ret && rename(joined, place))
			ret = error_set(err, errno, "%s: %s", place, strerror(errno));
		while (with_libc.nr_strings > cc->nr_strings)
			free(with_libc.strings[--with_libc.nr_strings]);
		units_free(units, nr);
		free(joined);
	}
	m->objects[m->nr_objects++] = place;
	free(cache);
	return ret;
}
