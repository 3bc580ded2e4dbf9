// SPDX-License-Identifier: GPL-2.0-or-later
/* The compiler and its options. */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/internal.h"
#include "lib/array.h"
#include "lib/file.h"

/*
 * The language as the kernel is compiled, with frame pointers and without tail calls, so that
 * callers can be named; no system headers, as the stand-ins must be all there is.
 */
static const char *const options[] = {
	"-std=gnu11",
	"-O2",
	"-g",
	"-fPIC",
	"-fvisibility=hidden",
	"-ffreestanding",
	"-nostdinc",
	"-fno-strict-aliasing",
	"-fwrapv",
	"-fno-common",
	"-fno-delete-null-pointer-checks",
	"-fno-omit-frame-pointer",
	"-fno-optimize-sibling-calls",
	"-fno-stack-protector",
	"-fno-asynchronous-unwind-tables",
	"-funsigned-char",
	"-Wall",
	"-Werror=implicit-function-declaration",
	"-Werror=implicit-int",
	"-Wno-sign-compare",
	"-Wno-pointer-sign",
	"-Wno-format",
	"-Wno-format-security",
	"-Wno-unused-function",
	"-Wno-unused-variable",
	"-Wno-unused-const-variable",
	"-Wno-unused-value",
	"-Wno-address-of-packed-member",
	"-Wno-int-conversion",
	"-Wno-strict-prototypes",
	"-Wno-frame-address",
#ifdef MBSIM_SANITIZE
	"-fsanitize=address,undefined",
	"-fno-sanitize=alignment,pointer-overflow",
	"-fno-sanitize-recover=all",
#endif
};

/* A function is one piece, or else its name in the log is f.cold. */
static const char *const gcc_options[] = { "-fno-reorder-blocks-and-partition" };

/* What only clang warns of, and only clang knows. */
static const char *const clang_options[] = {
	"-Wno-unknown-warning-option",	      "-Wno-gnu-variable-sized-type-not-at-end",
	"-Wno-deprecated-non-prototype",      "-Wno-initializer-overrides",
	"-Wno-unneeded-internal-declaration",
};

/* Where the compiler is, how large and how old: cheaper than asking for its version. */
static char *identify(const char *program)
{
	char *path = NULL, *id;
	struct stat st = { 0 };

	if (strchr(program, '/')) {
		path = array_strdup(program);
	} else {
		char *dirs = array_strdup(getenv("PATH") ? getenv("PATH") : "/usr/bin:/bin");
		char *save = NULL;

		for (char *d = strtok_r(dirs, ":", &save); d && !path;
		     d = strtok_r(NULL, ":", &save)) {
			path = file_path("%s/%s", d, program);
			if (access(path, X_OK)) {
				free(path);
				path = NULL;
			}
		}
		free(dirs);
	}
	if (!path || stat(path, &st)) {
		free(path);
		return NULL;
	}
	id = file_path("%s %lld %lld", path, (long long)st.st_size, (long long)st.st_mtime);
	free(path);
	return id;
}

/* Cuts @command into words, and finds its program. */
static bool use_command(struct compiler *c, const char *command)
{
	char *save = NULL;

	*c = (struct compiler){ .words = array_strdup(command) };
	for (char *w = strtok_r(c->words, " ", &save); w && c->argc < 8;
	     w = strtok_r(NULL, " ", &save))
		c->argv[c->argc++] = w;
	c->id = c->argc ? identify(c->argv[0]) : NULL;
	if (!c->id)
		compiler_release(c);
	return c->id;
}

int compiler_init(struct compiler *c, struct error *err)
{
	static const char *const usual[] = { "gcc", "cc", "clang" };
	const char *cc = getenv("CC");
	bool found = false;

	if (cc && *cc)
		found = use_command(c, cc);
	else
		for (size_t i = 0; i < ARRAY_LEN(usual) && !found; i++)
			found = use_command(c, usual[i]);
	if (!found)
		return error_set(err, ENOENT, "no C compiler %s; install gcc, or set CC",
				 cc && *cc ? cc : "gcc, cc or clang");
	for (size_t i = 0; i < ARRAY_LEN(options); i++)
		c->argv[c->argc++] = options[i];
	if (strstr(c->argv[0], "clang"))
		for (size_t i = 0; i < ARRAY_LEN(clang_options); i++)
			c->argv[c->argc++] = clang_options[i];
	else
		for (size_t i = 0; i < ARRAY_LEN(gcc_options); i++)
			c->argv[c->argc++] = gcc_options[i];
	return 0;
}

void compiler_release(struct compiler *c)
{
	for (size_t i = 0; i < c->nr_strings; i++)
		free(c->strings[i]);
	free(c->words);
	free(c->id);
	*c = (struct compiler){ 0 };
}

size_t compiler_words(const struct compiler *c, const char *argv[80])
{
	size_t n = 0;

	while (n < c->argc && strcmp(c->argv[n], options[0])) {
		argv[n] = c->argv[n];
		n++;
	}
	return n;
}

void compiler_add(struct compiler *c, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = array_vformat(fmt, ap);
	va_end(ap);
	c->strings[c->nr_strings++] = text;
	c->argv[c->argc++] = text;
}

void compiler_command(const struct compiler *c, const char *argv[80], const char *option,
		      const char *from, const char *to)
{
	size_t n = c->argc;

	memcpy(argv, c->argv, n * sizeof(*argv));
	argv[n++] = option;
	argv[n++] = from;
	argv[n++] = "-o";
	argv[n++] = to;
	argv[n] = NULL;
}
