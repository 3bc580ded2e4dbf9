// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Engines that count what is run: how they are made, by gcc's own means. Only the kernel's files
 * count; the run-time and the tests are compiled as ever.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine/build.h"
#include "engine/coverage-file.h"
#include "lib/array.h"
#include "lib/file.h"
#include "lib/spawn.h"

/*
 * A line is then what was written as one, and a function that nobody calls is there to be named.
 * Where the counters are is told by a section, as there are no constructors. What sanitizers add
 * would count as branches.
 */
static const char *const options[] = {
	"-O0",
	"-fprofile-arcs",
	"-ftest-coverage",
	"-fprofile-info-section=rt_gcov",
	"-fkeep-static-functions",
	"-fno-sanitize=all",
};

void gcov_options(struct compiler *cc)
{
	for (size_t i = 0; i < ARRAY_LEN(options); i++)
		cc->argv[cc->argc++] = options[i];
}

/* Runs the compiler with these options only; its output, freed by the caller, or NULL. */
static char *ask(const struct compiler *cc, const char *const *question)
{
	const char *argv[80];
	struct spawn s = { .argv = argv };
	size_t n = compiler_words(cc, argv);
	char *answer = NULL;

	while (*question)
		argv[n++] = *question++;
	argv[n] = NULL;
	if (!spawn_run(&s, NULL) && !s.status)
		answer = file_path("%.*s", (int)strcspn(s.out, "\n"), s.out);
	spawn_release(&s);
	return answer;
}

char *gcov_library(const struct compiler *cc)
{
	char *path = ask(cc, (const char *[]){ "-print-file-name=libgcov.a", NULL });

	/* only the name if it is not there */
	if (path && strchr(path, '/'))
		return path;
	free(path);
	return NULL;
}

/* Archives begin with a list of what they define. */
static bool has_writer(const char *library)
{
	static const char writer[] = "__gcov_info_to_gcda";
	size_t len;
	char *data = library ? file_read(library, &len, NULL) : NULL;
	bool has = data && memmem(data, len, writer, sizeof(writer));

	free(data);
	return has;
}

int gcov_check(const struct compiler *cc, struct error *err)
{
	/* the preprocessor refuses options that are unknown */
	char *accepts = ask(cc, (const char *[]){ "-E", "-fprofile-info-section=x", "-x", "c",
						  "/dev/null", NULL });
	char *library = gcov_library(cc);
	int ret = 0;

	if (!accepts || !has_writer(library))
		ret = error_set(err, ENOTSUP,
				"coverage needs gcc 12 or newer with its libgcov, which %s is not; "
				"set CC, as in CC=gcc",
				cc->argv[0]);
	free(accepts);
	free(library);
	return ret;
}

int gcov_make(struct make *m, const struct compiler *cc, struct error *err)
{
	char *from = file_path("%s/kernel/rt/coverage.c", m->b->data);
	char *to = file_path("%s/coverage.o", m->dir);
	int ret = make_compile(m, cc, &from, &to, 1, err);

	m->objects[m->nr_objects++] = to;
	free(from);
	return ret;
}

char *gcov_notes_path(const struct engine_info *info, const char *name)
{
	return file_path("%.*s-%s.gcno", (int)(strlen(info->path) - strlen(".so")), info->path,
			 name);
}

static const char *const names[] = { "memblock", "nobootmem" };

bool gcov_has_notes(const struct engine_info *info)
{
	bool all = true;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char *path = gcov_notes_path(info, names[i]);

		all = all && (file_exists(path) || (i && !*info->nobootmem));
		free(path);
	}
	return all;
}

int gcov_keep_notes(const struct make *m, struct error *err)
{
	int ret = 0;

	for (size_t i = 0; i < ARRAY_LEN(names) && !ret; i++) {
		char *from = file_path("%s/%s.gcno", m->dir, names[i]);
		char *to = gcov_notes_path(m->b->info, names[i]);

		if ((!i || m->b->nobootmem_c) && rename(from, to))
			ret = error_set(err, errno, "%s: %s", to, strerror(errno));
		free(from);
		free(to);
	}
	return ret;
}

/* The word of the command that is gcc, not one before it such as ccache. */
static const char *compiler_name(const struct compiler *cc)
{
	const char *argv[80];
	size_t n = compiler_words(cc, argv);

	while (n > 1 && argv[n - 1][0] == '-')
		n--;
	return argv[n - 1];
}

static bool runs(const char *program)
{
	struct spawn s = { .argv = (const char *[]){ program, "--version", NULL } };
	bool runs = !spawn_run(&s, NULL) && !s.status;

	spawn_release(&s);
	return runs;
}

/* gcov where the compiler is called gcc: /opt/bin/gcc-14 has /opt/bin/gcov-14 beside it. */
static char *beside(const char *compiler)
{
	const char *base = strrchr(compiler, '/');
	const char *gcc = strstr(base ? base : compiler, "gcc");

	if (gcc)
		return file_path("%.*sgcov%s", (int)(gcc - compiler), compiler, gcc + 3);
	return file_path("%.*sgcov", base ? (int)(base + 1 - compiler) : 0, compiler);
}

char *gcov_program(struct error *err)
{
	const char *wanted = getenv("GCOV");
	char *program, *version;
	struct compiler cc;

	if (wanted && *wanted) {
		if (runs(wanted))
			return array_strdup(wanted);
		error_set(err, ENOENT, "GCOV: %s cannot be run; it is to be gcc's gcov", wanted);
		return NULL;
	}
	if (compiler_init(&cc, err))
		return NULL;
	program = beside(compiler_name(&cc));
	if (!runs(program)) {
		version = ask(&cc, (const char *[]){ "-dumpversion", NULL });
		free(program);
		program = file_path("gcov-%.*s", version ? (int)strcspn(version, ".") : 0,
				    version ? version : "");
		free(version);
	}
	if (!runs(program)) {
		error_set(err, ENOENT,
			  "coverage needs the gcov of %s, which is not there; set GCOV",
			  cc.argv[0]);
		free(program);
		program = NULL;
	}
	compiler_release(&cc);
	return program;
}
