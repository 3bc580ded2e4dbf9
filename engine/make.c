// SPDX-License-Identifier: GPL-2.0-or-later
/* Compiles and links an engine. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/build.h"
#include "lib/array.h"
#include "lib/file.h"
#include "lib/spawn.h"

/*
 * Rounds of learning from the compiler what is missing; each takes a tenth of a second. Few with
 * headers of the tree, which are soon worth less than an empty one if they need much.
 */
#define MAX_ROUNDS 20
#define MAX_ROUNDS_TREE 4

static const char *const runtime[] = { "debugfs", "fdt",  "kho",   "mm",     "number",	"printk",
				       "setup",	  "slab", "state", "string", "vsprintf" };
/* What memblock.c does not change, and the file it is made of in ->dir. */
static const char *const base_files[] = { "runtime", "calls" };

static int write_file(const struct make *m, const char *name, const char *text, struct error *err)
{
	char *path = file_path("%s/%s", m->dir, name);
	int ret = file_write(path, text, strlen(text), err);

	free(path);
	return ret;
}

static int write_standins(const struct make *m, struct error *err)
{
	char *text = standins_text(&m->standins), *members = standins_members_text(&m->standins);
	int ret = write_file(m, "include/generated/standins.h", text, err);

	if (!ret)
		ret = write_file(m, "include/generated/members.h", members, err);
	free(text);
	free(members);
	return ret;
}

static int write_sources(struct make *m, struct error *err)
{
	static const char *const dirs[] = { "mm", "include/generated" };
	struct build *b = m->b;
	int ret = 0;

	for (size_t i = 0; i < ARRAY_LEN(dirs) && !ret; i++) {
		char *path = file_path("%s/%s", m->dir, dirs[i]);

		ret = file_mkdirs(path, err);
		free(path);
	}
	if (!ret)
		ret = write_file(m, "mm/memblock.c", b->memblock_c, err);
	if (!ret && b->nobootmem_c)
		ret = write_file(m, "mm/nobootmem.c", b->nobootmem_c, err);
	if (!ret)
		ret = write_file(m, "include/generated/autoconf.h", b->autoconf, err);
	if (!ret)
		ret = write_file(m, "include/generated/probes.h", b->probes, err);
	return ret ? ret : write_standins(m, err);
}

/* Options that depend on where this engine is made: they are not part of the key. */
static void add_paths(struct compiler *cc, const struct make *m)
{
	const struct build *b = m->b;

	compiler_add(cc, "-I%s/include", m->dir);
	compiler_add(cc, "-I%s", b->include);
	compiler_add(cc, "-I%s", b->data);
	compiler_add(cc, "-I%s/kernel/rt", b->data);
	compiler_add(cc, "-fmacro-prefix-map=%s/=", m->dir);
	compiler_add(cc, "-fdebug-prefix-map=%s/mm/memblock.c=%s", m->dir, b->info->memblock);
	compiler_add(cc, "-fdebug-prefix-map=%s/include=%s/include", m->dir, b->tree.root);
	cc->argv[cc->argc++] = "-include";
	cc->argv[cc->argc++] = "rt/prelude.h";
}

/* Messages name the user's file, not the copy of it that was compiled. */
static char *mend_messages(const struct make *m, const char *messages)
{
	char *copy = file_path("%s/mm/memblock.c", m->dir), *text = NULL;
	size_t len, n = strlen(copy);
	FILE *out = open_memstream(&text, &len);
	const char *at;

	while ((at = strstr(messages, copy))) {
		fwrite(messages, 1, at - messages, out);
		fputs(m->b->info->memblock, out);
		messages = at + n;
	}
	fputs(messages, out);
	fclose(out);
	free(copy);
	return text;
}

/* The first error of a compiler, on one line. */
static int compile_error(const struct make *m, const char *messages, struct error *err)
{
	char *mended = mend_messages(m, messages);
	const char *at = strstr(mended, "error: ");

	while (at && at > mended && at[-1] != '\n')
		at--;
	if (!at)
		at = mended;
	error_set(err, ENOEXEC, "cannot compile: %.*s", (int)strcspn(at, "\n"), at);
	free(mended);
	return -ENOEXEC;
}

static int close_stream(FILE *out, const char *path, struct error *err)
{
	if (out && !fclose(out))
		return 0;
	return error_set(err, errno, "%s: %s", path, strerror(errno));
}

/* The hand-over is declared in mm/internal.h from 6.19 on; it is called like the rest all the same. */
static void add_hidden(const struct make *m, struct protos *protos)
{
	static const char definition[] = "\nvoid __init memblock_free_all(void)";
	static const char text[] = "# 1 \"mm/linux/memblock.h\"\nvoid memblock_free_all(void);\n";

	if (strstr(m->b->memblock_h, "memblock_free_all(") || !strstr(m->b->memblock_c, definition))
		return;
	protos_parse(protos, text);
	for (size_t i = 0; i < protos->nr; i++)
		if (!strcmp(protos->v[i].name, "memblock_free_all"))
			protos->v[i].is_hidden = true;
}

/* The table of calls, and what is declared; the latter is kept with the objects, in @place. */
static int write_declared(struct make *m, const char *preprocessed, const char *place,
			  struct error *err)
{
	char *calls = file_path("%s/calls.c", m->dir);
	char *have = file_path("%s/generated/have.h", place);
	struct protos protos = { 0 };
	FILE *out = fopen(have, "we");
	int ret;

	protos_parse(&protos, preprocessed);
	protos_parse_macros(&protos, m->b->memblock_h);
	if (out)
		protos_emit_have(&protos, m->b->memblock_h, out);
	ret = close_stream(out, have, err);
	if (!ret) {
		add_hidden(m, &protos);
		out = fopen(calls, "we");
		if (out)
			protos_emit(&protos, out);
		ret = close_stream(out, calls, err);
	}
	protos_release(&protos);
	free(calls);
	free(have);
	return ret;
}

/* Preprocesses what declares memblock, and writes what follows from it. */
static int write_calls(struct make *m, const struct compiler *cc, const char *place,
		       struct error *err)
{
	const char *argv[80];
	struct spawn s = { .argv = argv };
	char *stub = file_path("%s/header.c", m->dir);
	int ret = write_file(m, "header.c",
			     "#include <linux/memblock.h>\n#ifdef RT_HAVE_BOOTMEM\n"
			     "#include <linux/bootmem.h>\n#endif\n",
			     err);

	compiler_command(cc, argv, "-E", stub, "-");
	if (!ret)
		ret = spawn_run(&s, err);
	if (!ret && s.status)
		ret = compile_error(m, s.err, err);
	if (!ret)
		ret = write_declared(m, s.out, place, err);
	spawn_release(&s);
	free(stub);
	return ret;
}

struct job {
	struct spawn spawn;
	const char *argv[80];
	char *from, *to;
};

static int job_start(struct job *j, const struct compiler *cc, struct error *err)
{
	compiler_command(cc, j->argv, "-c", j->from, j->to);
	j->spawn = (struct spawn){ .argv = j->argv };
	return spawn_start(&j->spawn, err);
}

static void add_messages(struct make *m, const char *messages)
{
	char *all = file_path("%s%s", m->messages ? m->messages : "", messages);

	free(m->messages);
	m->messages = all;
}

/* Of a job that has ended, @ret of waiting for it: its messages, or its error. */
static int job_result(struct job *j, struct make *m, int ret, struct error *err)
{
	if (!ret && j->spawn.status)
		ret = compile_error(m, j->spawn.err, err);
	if (!ret)
		add_messages(m, j->spawn.err);
	spawn_release(&j->spawn);
	return ret;
}

/* Waits; 0 if it compiled. What it said is added to the messages, or becomes the error. */
static int job_finish(struct job *j, struct make *m, struct error *err)
{
	int ret = spawn_wait(&j->spawn, err);

	return job_result(j, m, ret, err);
}

int make_compile(struct make *m, const struct compiler *cc, char *const *from, char *const *to,
		 size_t nr, struct error *err)
{
	struct job *jobs = array_resize(NULL, nr, sizeof(*jobs));
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	/* one more, as they wait for files at times */
	size_t room = processors > 0 ? (size_t)processors + 1 : 2, started = 0;
	int ret = 0;

	for (size_t i = 0; i < nr; i++) {
		int one;

		/* the first error counts; those that run are waited for all the same */
		for (; started < nr && started < i + room && !ret; started++) {
			jobs[started] = (struct job){ .from = from[started], .to = to[started] };
			ret = job_start(&jobs[started], cc, err);
		}
		if (i == started)
			break;
		one = jobs[i].spawn.pid ? job_finish(&jobs[i], m, ret ? NULL : err) : 0;
		ret = ret ? ret : one;
	}
	free(jobs);
	return ret;
}

/* The run-time as one file: a compiler takes as long to start as to compile one of its files. */
static int write_runtime(const struct make *m, struct error *err)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	int ret;

	for (size_t i = 0; i < ARRAY_LEN(runtime); i++)
		fprintf(out, "#include \"kernel/rt/%s.c\"\n", runtime[i]);
	fclose(out);
	ret = write_file(m, "runtime.c", text, err);
	free(text);
	return ret;
}

/* Compiles the run-time and the table of calls into @out. */
static int compile_base(struct make *m, const struct compiler *cc, const char *out,
			struct error *err)
{
	char *from[ARRAY_LEN(base_files)], *to[ARRAY_LEN(base_files)];
	char *generated = file_path("%s/generated", out);
	int ret = file_mkdirs(generated, err);

	free(generated);
	if (!ret)
		ret = write_calls(m, cc, out, err);
	if (!ret)
		ret = write_runtime(m, err);
	for (size_t i = 0; i < ARRAY_LEN(base_files); i++) {
		from[i] = file_path("%s/%s.c", m->dir, base_files[i]);
		to[i] = file_path("%s/%s.o", out, base_files[i]);
	}
	if (!ret)
		ret = make_compile(m, cc, from, to, ARRAY_LEN(base_files), err);
	for (size_t i = 0; i < ARRAY_LEN(base_files); i++) {
		free(from[i]);
		free(to[i]);
	}
	return ret;
}

/* The run-time and the table of calls, from the cache or made and put there. */
static int make_base(struct make *m, const struct compiler *cc, struct error *err)
{
	char *cache = cache_dir("objects", err), *place;
	int ret = 0;

	if (!cache)
		return -EACCES;
	place = file_path("%s/%s", cache, m->b->base_key);
	if (!file_exists(place)) {
		char *out = file_path("%s/base", m->dir);

		cache_prune(cache);
		ret = compile_base(m, cc, out, err);
		if (!ret && rename(out, place) && !file_exists(place))
			ret = error_set(err, errno, "%s: %s", place, strerror(errno));
		free(out);
	}
	for (size_t i = 0; i < ARRAY_LEN(base_files) && !ret; i++)
		m->objects[m->nr_objects++] = file_path("%s/%s.o", place, base_files[i]);
	free(cache);
	if (!ret && m->b->upstream)
		ret = make_upstream(m, cc, err);
	else if (!ret && m->b->tests_key)
		ret = make_tests(m, cc, place, err);
	free(place);
	return ret;
}

/*
 * A file of the kernel's: compiled, and compiled again as long as something can be learned
 * from the compiler of what is missing. @j is the first attempt, which runs already.
 */
static int finish_kernel_file(struct make *m, const struct compiler *cc, struct job *j,
			      struct error *err)
{
	for (int round = 0;; round++) {
		int ret = spawn_wait(&j->spawn, err);

		if (ret || !j->spawn.status || round == m->rounds ||
		    !standins_learn(&m->standins, j->spawn.err))
			return job_result(j, m, ret, err);
		spawn_release(&j->spawn);
		ret = write_standins(m, err);
		if (!ret)
			ret = job_start(j, cc, err);
		if (ret)
			return ret;
	}
}

/* Functions that nobody defines: each ends the run with its name. */
static int make_traps(struct make *m, const struct compiler *cc, struct error *err)
{
	char **missing = symbols_undefined((const char *const *)m->objects, m->nr_objects, err);
	char *from = file_path("%s/traps.c", m->dir), *to = file_path("%s/traps.o", m->dir);
	FILE *out = missing ? fopen(from, "we") : NULL;
	int ret = 0;

	if (!out)
		ret = missing ? error_set(err, errno, "%s: %s", from, strerror(errno)) : -EINVAL;
	for (char **name = missing; !ret && *name; name++) {
		fprintf(out, "long %s(void);\nlong %s(void)\n{\n\trt_trap(\"%s()\");\n}\n", *name,
			*name, *name);
		standins_note(&m->standins, "%s(): unknown function; calling it ends the run",
			      *name);
	}
	if (out)
		fclose(out);
	if (!ret && *missing) {
		ret = make_compile(m, cc, &from, &to, 1, err);
		m->objects[m->nr_objects++] = to;
		to = NULL;
	}
	free(from);
	free(to);
	engine_list_free(missing);
	return ret;
}

int make_join(struct make *m, const struct compiler *cc, char *const *objects, size_t nr,
	      const char *to, struct error *err)
{
	const char **argv = array_resize(NULL, nr + 80, sizeof(*argv));
	struct spawn s = { .argv = argv };
	size_t n = compiler_words(cc, argv);
	int ret;

	argv[n++] = "-r";
	argv[n++] = "-nostdlib";
	argv[n++] = "-o";
	argv[n++] = to;
	for (size_t i = 0; i < nr; i++)
		argv[n++] = objects[i];
	argv[n] = NULL;
	ret = spawn_run(&s, err);
	if (!ret && s.status)
		ret = compile_error(m, s.err, err);
	spawn_release(&s);
	free(argv);
	return ret;
}

static int link_engine(struct make *m, const struct compiler *cc, const char *to, struct error *err)
{
	const char *argv[80];
	struct spawn s = { .argv = argv };
	size_t n = compiler_words(cc, argv);
	char *library = m->b->coverage ? gcov_library(cc) : NULL;
	int ret;

	argv[n++] = "-shared";
	argv[n++] = "-nostdlib";
	argv[n++] = "-Wl,-Bsymbolic,-z,noexecstack,-z,now,--hash-style=gnu";
	argv[n++] = "-o";
	argv[n++] = to;
	for (size_t i = 0; i < m->nr_objects; i++)
		argv[n++] = m->objects[i];
	argv[n++] = library;
	argv[n] = NULL;
	ret = spawn_run(&s, err);
	if (!ret && s.status)
		ret = compile_error(m, s.err, err);
	spawn_release(&s);
	free(library);
	return ret;
}

/* Of the stand-ins that memblock.c got, those whose first comment says @kind. */
static char *standins_of_kind(const struct make *m, const char *depfile, const char *kind)
{
	char *deps = file_read(depfile, NULL, NULL), *save = NULL, *text = NULL;
	size_t len, prefix = strlen(m->b->include);
	FILE *out = open_memstream(&text, &len);

	for (char *f = strtok_r(deps, " \\\n", &save); f; f = strtok_r(NULL, " \\\n", &save)) {
		char *header, *comment;

		if (strncmp(f, m->b->include, prefix))
			continue;
		header = file_read(f, NULL, NULL);
		comment = header ? strstr(header, "\n/* ") : NULL;
		if (comment && !strncmp(comment + 4, kind, strlen(kind)) &&
		    comment[4 + strlen(kind)] == ':')
			fprintf(out, "%s: %.*s\n", f + prefix + 1,
				(int)strcspn(comment + 6 + strlen(kind), "*\n") - 1,
				comment + 6 + strlen(kind));
		free(header);
	}
	fclose(out);
	free(deps);
	return text;
}

static int write_notes(struct make *m, const char *so, const char *depfile, struct error *err)
{
	struct engine_info info = {
		.version = m->b->info->version,
		.config = m->b->info->config,
		.compiler = m->b->info->compiler,
		.memblock = m->b->info->memblock,
		.inert = standins_of_kind(m, depfile, "inert"),
		.traps = standins_of_kind(m, depfile, "trap"),
		.automatic = m->standins.notes_text,
		.warnings = mend_messages(m, m->messages ? m->messages : ""),
	};
	int ret = notes_write(&info, so, m->b->notes_path, err);

	free(info.inert);
	free(info.traps);
	free(info.warnings);
	return ret;
}

/* One attempt; @use_tree: with the tree's own headers for what has no stand-in. */
static int make_in(struct make *m, struct compiler *cc, bool use_tree, struct error *err)
{
	struct job memblock = { .from = file_path("%s/mm/memblock.c", m->dir),
				.to = file_path("%s/memblock.o", m->dir) };
	struct job nobootmem = { .from = file_path("%s/mm/nobootmem.c", m->dir),
				 .to = file_path("%s/nobootmem.o", m->dir) };
	char *depfile = file_path("%s/memblock.d", m->dir), *so = file_path("%s/engine.so", m->dir);
	struct compiler kernel = *cc; /* as the kernel's files are compiled */
	struct hash *ignored = hash_new();
	int ret = write_sources(m, err);

	kernel.argv[kernel.argc++] = "-MMD";
	if (m->b->coverage)
		gcov_options(&kernel);
	if (!ret)
		ret = include_collect(&m->standins, m->b->memblock_c, m->b->include, ignored,
				      use_tree, err);
	if (!ret && m->b->nobootmem_c)
		ret = include_collect(&m->standins, m->b->nobootmem_c, m->b->include, ignored,
				      use_tree, err);
	free(hash_finish(ignored));
	if (!ret)
		ret = job_start(&memblock, &kernel, err);
	if (!ret) {
		int base = make_base(m, cc, err);

		ret = finish_kernel_file(m, &kernel, &memblock, base ? NULL : err);
		ret = base ? base : ret;
	}
	m->objects[m->nr_objects++] = memblock.to;
	if (!ret && m->b->nobootmem_c) {
		ret = job_start(&nobootmem, &kernel, err);
		if (!ret)
			ret = finish_kernel_file(m, &kernel, &nobootmem, err);
		m->objects[m->nr_objects++] = nobootmem.to;
		nobootmem.to = NULL;
	}
	if (!ret && m->b->coverage)
		ret = gcov_make(m, cc, err);
	if (!ret)
		ret = make_traps(m, cc, err);
	if (!ret)
		ret = link_engine(m, cc, so, err);
	if (!ret)
		ret = write_notes(m, so, depfile, err);
	if (!ret && m->b->coverage)
		ret = gcov_keep_notes(m, err);
	if (!ret && rename(so, m->b->info->path))
		ret = error_set(err, errno, "%s: %s", m->b->info->path, strerror(errno));
	free(memblock.from);
	free(nobootmem.from);
	free(nobootmem.to);
	free(depfile);
	free(so);
	return ret;
}

static int attempt(struct build *b, bool use_tree, struct error *err)
{
	struct compiler cc = b->cc;
	size_t strings = cc.nr_strings;
	char *dir = b->dir ? cache_temporary_in(b->dir, err) : cache_temporary(err);
	struct make m = {
		.b = b,
		.dir = dir,
		.rounds = use_tree ? MAX_ROUNDS_TREE : MAX_ROUNDS,
	};
	int ret;

	if (!dir)
		return -EACCES;
	standins_init(&m.standins, dir, &b->tree);
	add_paths(&cc, &m);
	ret = make_in(&m, &cc, use_tree, err);
	standins_release(&m.standins);
	for (size_t i = 0; i < m.nr_objects; i++)
		free(m.objects[i]);
	while (cc.nr_strings > strings)
		free(cc.strings[--cc.nr_strings]);
	free(m.messages);
	file_remove_tree(dir);
	free(dir);
	return ret;
}

int build_make(struct build *b, struct error *err)
{
	int ret = attempt(b, true, err);

	/* a header of the tree may need more of the kernel than there is: then without it */
	return ret == -ENOEXEC ? attempt(b, false, err) : ret;
}
