// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the simulator costs beside the kernel's own code: resets, calls, guards. Each figure
 * is the best of several rounds; ratios are to the bare calls of the same run.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/engine.h"

#define ROUNDS 20

static struct engine *engine;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static uint64_t call(const char *name, uint64_t a, uint64_t b)
{
	const uint64_t args[RT_MAX_ARGS] = { a, b };

	return engine_call(engine, engine_find_call(engine, name), args, NULL);
}

/* A test as they mostly are: some regions, an allocation that is zeroed. */
static void small(void *arg)
{
	(void)arg;
	engine_add_ram(engine, (struct range){ 0, 1 << 30 });
	call("memblock_add", 0, 1 << 30);
	for (uint64_t i = 0; i < 10; i++)
		call("memblock_reserve", i << 20, 4096);
	call("memblock_alloc", 4096, 64);
}

static void doubling(void *arg)
{
	small(arg);
	call("memblock_allow_resize", 0, 0);
	for (uint64_t i = 0; i < 300; i++)
		call("memblock_reserve", (32 << 20) + (i << 13), 4096);
}

static void nothing(void *arg)
{
	(void)arg;
}

static void reset_after(const char *what, void (*fn)(void *))
{
	double best = 1e9, sum = 0;

	for (int i = 0; i < 50 * ROUNDS; i++) {
		struct engine_exit exit;
		double start, took;

		engine_run(engine, fn, NULL, 0, &exit);
		start = now();
		engine_reset(engine);
		took = now() - start;
		best = took < best ? took : best;
		sum += took;
	}
	printf("reset after %-36s %8.2f us (best), %8.2f us (mean)\n", what, best,
	       sum / (50 * ROUNDS));
}

#define CALLS 1000

/* memblock_is_reserved(), which is little work, so that what is around it shows. */
static void bare_calls(void *arg)
{
	const struct rt_call *c = engine_find_call(engine, "memblock_is_reserved");
	rt_u64 args[RT_MAX_ARGS] = { 0 };

	(void)arg;
	for (int i = 0; i < CALLS; i++) {
		args[0] = (rt_u64)i << 12;
		c->run(args);
	}
}

static void engine_calls(void *arg)
{
	(void)arg;
	for (uint64_t i = 0; i < CALLS; i++)
		call("memblock_is_reserved", i << 12, 0);
}

static double best_of(void (*fn)(void *))
{
	double best = 1e9;

	for (int i = 0; i < ROUNDS; i++) {
		struct engine_exit exit;
		double start = now(), took;

		engine_run(engine, fn, NULL, 0, &exit);
		took = now() - start;
		best = took < best ? took : best;
	}
	return best / CALLS;
}

static void calls(void)
{
	struct engine_exit exit;
	double bare, through, guarded, start;

	engine_reset(engine);
	engine_run(engine, small, NULL, 0, &exit);
	bare = best_of(bare_calls);
	through = best_of(engine_calls);
	start = now();
	for (int i = 0; i < CALLS; i++)
		engine_run(engine, nothing, NULL, 0, &exit);
	guarded = (now() - start) / CALLS;
	printf("a call, bare                                     %8.4f us\n", bare);
	printf("a call found by name, with its log               %8.4f us, ratio %.2f\n", through,
	       through / bare);
	printf("a guarded run of nothing                         %8.4f us\n", guarded);
}

int main(int argc, char **argv)
{
	struct engine_request request = { .kernel = argc > 1 ? argv[1] : NULL };
	struct error err = { 0 };

	engine = engine_open(&request, &err);
	if (!engine) {
		fprintf(stderr, "%s\n", err.text);
		return 2;
	}
	printf("memblock.c of %s\n", engine_info(engine)->version);
	reset_after("nothing", nothing);
	reset_after("10 reservations and an allocation", small);
	reset_after("a doubled array", doubling);
	calls();
	engine_close(engine);
	return 0;
}
