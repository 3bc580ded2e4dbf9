// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The counters of the kernel's files, as the file that gcov reads. gcc's own libgcov writes it, so that
 * its format is nobody's business here; this is what it asks for in a program without a C library.
 */
#include <linux/panic.h>

#include "rt.h"

/* One for each of the kernel's files; the linker knows where the section begins and ends. */
struct gcov_info;
extern const struct gcov_info *const __start_rt_gcov[], *const __stop_rt_gcov[];

void __gcov_info_to_gcda(const struct gcov_info *info, void (*name)(const char *, void *),
			 void (*piece)(const void *, unsigned int, void *),
			 void *(*allocate)(unsigned int, void *), void *arg);

/* Sums of runs are the simulator's business; the kernel's files only name this one. */
void __gcov_merge_add(void *counters, unsigned int nr);
void __gcov_merge_add(void *counters, unsigned int nr)
{
	rt_trap("__gcov_merge_add()");
}

struct sink {
	void (*fn)(void *data, const char *name, const void *piece, unsigned int size);
	void *data;
};

static void on_name(const char *name, void *arg)
{
	const struct sink *sink = arg;

	sink->fn(sink->data, name, NULL, 0);
}

static void on_piece(const void *piece, unsigned int size, void *arg)
{
	const struct sink *sink = arg;

	sink->fn(sink->data, NULL, piece, size);
}

/* Only for counters of values, which engines do not have. */
static void *on_allocate(unsigned int size, void *arg)
{
	rt_trap("memory for libgcov");
}

void rt_coverage(void (*fn)(void *data, const char *name, const void *piece, unsigned int size),
		 void *data)
{
	struct sink sink = { fn, data };

	for (const struct gcov_info *const *info = __start_rt_gcov; info < __stop_rt_gcov; info++)
		__gcov_info_to_gcda(*info, on_name, on_piece, on_allocate, &sink);
}
