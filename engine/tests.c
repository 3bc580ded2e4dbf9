// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The tests that are compiled into an engine: suite/, the KUnit API and what runs them. They depend
 * on what memblock.h declares, but not on memblock.c, and are kept under a key of their own.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine/build.h"
#include "lib/array.h"
#include "lib/file.h"

void tests_hash(struct hash *h, const char *data)
{
	static const char *const dirs[] = { "suite", "kunit" };

	build_hash_dirs(h, data, dirs, ARRAY_LEN(dirs));
}

struct files {
	char **from, **to;
	size_t nr, room_from, room_to;
};

static void files_add(struct files *f, char *from, char *to)
{
	size_t n = f->nr;

	ARRAY_APPEND(f->from, n, f->room_from) = from;
	ARRAY_APPEND(f->to, f->nr, f->room_to) = to;
}

static void files_find(struct files *f, const struct make *m)
{
	char *dir = file_path("%s/suite", m->b->data);
	char **names = build_list_dir(dir);

	for (char **n = names; *n; n++) {
		size_t len = strlen(*n);

		if (len > 2 && !strcmp(*n + len - 2, ".c"))
			files_add(f, file_path("%s/%s", dir, *n),
				  file_path("%s/suite-%s.o", m->dir, *n));
	}
	engine_list_free(names);
	free(dir);
	files_add(f, file_path("%s/kunit/test.c", m->b->data),
		  file_path("%s/kunit-test.o", m->dir));
	files_add(f, file_path("%s/kernel/rt/test.c", m->b->data),
		  file_path("%s/rt-test.o", m->dir));
}

static void files_release(struct files *f)
{
	for (size_t i = 0; i < f->nr; i++) {
		free(f->from[i]);
		free(f->to[i]);
	}
	free(f->from);
	free(f->to);
}

int make_tests(struct make *m, const struct compiler *cc, const char *base, struct error *err)
{
	struct compiler with_base = *cc;
	char *cache = cache_dir("tests", err);
	char *place = file_path("%s/%s.o", cache ? cache : "", m->b->tests_key);
	struct files files = { 0 };
	int ret = cache ? 0 : -EACCES;

	if (!ret && !file_exists(place)) {
		char *joined = file_path("%s/tests.o", m->dir);

		cache_prune(cache);
		compiler_add(&with_base, "-I%s", base);
		compiler_add(&with_base, "-fmacro-prefix-map=%s/=", m->b->data);
		/* most of the time goes into making them, and a debugger sees more */
		compiler_add(&with_base, "-O0");
		files_find(&files, m);
		ret = make_compile(m, &with_base, files.from, files.to, files.nr, err);
		if (!ret)
			ret = make_join(m, &with_base, files.to, files.nr, joined, err);
		if (!ret && rename(joined, place))
			ret = error_set(err, errno, "%s: %s", place, strerror(errno));
		while (with_base.nr_strings > cc->nr_strings)
			free(with_base.strings[--with_base.nr_strings]);
		free(joined);
	}
	m->objects[m->nr_objects++] = place;
	files_release(&files);
	free(cache);
	return ret;
}
