// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The model and memblock in lock-step: random calls are made in an engine and in the model, and after
 * each the result and all lists must be the same. More of it by MBSIM_MODEL_SEQUENCES=n, from
 * MBSIM_MODEL_SEED=n on; another engine by MBSIM_MODEL_KERNEL, _CONFIG and _MEMBLOCK.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "call/call.h"
#include "kunit/test.h"
#include "lib/array.h"
#include "lib/file.h"
#include "tests/unit/lockstep.h"

/* Sanitizers, of which engines have them, too, end the program where memblock reads what is not there. */
#ifdef MBSIM_SANITIZE
#define AVOIDS_BUGS true
#else
#define AVOIDS_BUGS false
#endif

/* Blocks that are freed, in order, as a sum. */
static void add_block(uint64_t freed[2], uint64_t pfn, uint64_t order)
{
	freed[0] += 1ULL << order;
	freed[1] = (freed[1] ^ (pfn << 8 | order)) * 0x9e3779b97f4a7c15ULL;
}

static void on_event(void *data, enum rt_event event, uint64_t a, uint64_t b, long c)
{
	struct lockstep *l = data;

	if (event == RT_FREE_PAGES)
		add_block(l->freed, a, b);
	else if (event == RT_TOTALRAM)
		l->total_ram += (uint64_t)c;
}

/* Was what the hand-over freed what the model says? */
static bool freed_agrees(const struct lockstep *l)
{
	uint64_t freed[2] = { 0 };
	size_t nr;
	const struct range *v = model_freed(l->m, &nr);

	for (size_t i = 0; i < nr; i++) {
		uint64_t pfn = v[i].start >> l->ops->page_shift;
		const uint64_t end = v[i].end >> l->ops->page_shift;

		while (pfn < end) {
			unsigned int order = (unsigned int)l->ops->max_page_order;

			while (pfn & ((1ULL << order) - 1) || pfn + (1ULL << order) > end)
				order--;
			add_block(freed, pfn, order);
			pfn += 1ULL << order;
		}
	}
	return !memcmp(freed, l->freed, sizeof(freed)) && l->total_ram == freed[0];
}

/* A call in both; false: the sequence is over. */
static bool step(struct lockstep *l, const struct made *made)
{
	uint64_t args[RT_MAX_ARGS];

	memcpy(args, made->args, sizeof(args));
	for (int i = 0; i < made->call->nr_args; i++)
		if (made->call->args[i].kind == RT_OUT)
			args[i] =
				(uintptr_t)&l->model_outs[(uint64_t *)(uintptr_t)args[i] - l->outs];
	l->expected = model_call(l->m, made->call, args, &l->model_result);
	l->ended = true;
	if (l->expected == MODEL_UNSPECIFIED || (AVOIDS_BUGS && model_known(l->m)))
		return false;
	memset(l->freed, 0, sizeof(l->freed));
	l->total_ram = 0;
	l->result = engine_call(l->e, made->call, made->args, NULL);
	l->ended = false;
	l->compared++;
	if (l->expected > MODEL_RETURNED_ANY ||
	    (l->expected == MODEL_RETURNED && l->result != l->model_result) ||
	    memcmp(l->outs, l->model_outs, sizeof(l->outs)) || !model_agrees(l->m, l->ops) ||
	    (!strcmp(made->call->name, "memblock_free_all") && !freed_agrees(l))) {
		l->differs = true;
		return false;
	}
	return true;
}

static bool named_step(struct lockstep *l, const char *name, uint64_t a, uint64_t b, uint64_t c,
		       uint64_t d)
{
	struct made *made = &l->made[l->nr_made++];

	*made = (struct made){ engine_find_call(l->e, name), { a, b, c, d } };
	return step(l, made);
}

static void set(struct lockstep *l, const char *name, const char *variable, uint64_t value)
{
	if (model_set(l->m, name, value))
		engine_set_variable(l->e, variable, value);
}

/* Almost as many regions as fit into an array, or into a doubled one, so that it is full soon. */
static bool fill(struct lockstep *l)
{
	const uint64_t start = 128ULL << 20;
	uint64_t nr = (one_in(l, 4) ? 250 : 122) + below(l, 5);
	uint64_t type = one_in(l, 3) ? RT_MEMORY : RT_RESERVED;

	if (model_max(l->m, (enum rt_type)type) != 128)
		type = RT_RESERVED;
	if (!one_in(l, 8) && !named_step(l, "memblock_allow_resize", 0, 0, 0, 0))
		return false;
	/* without it there is nowhere to go for an array */
	if (!one_in(l, 3) && !named_step(l, "memblock_add", start / 2, 1ULL << 20, 0, 0))
		return false;
	for (uint64_t i = 0; i < nr; i++)
		if (!named_step(l, type == RT_MEMORY ? "memblock_add" : "memblock_reserve",
				start + i * 8192, 4096, 0, 0))
			return false;
	return true;
}

static void sequence(void *arg)
{
	struct lockstep *l = arg;
	size_t nr = 8 + below(l, 24);

	set(l, "mirrored_kernelcore", "mirrored_kernelcore", !one_in(l, 4));
	set(l, "movable_node", "movable_node_enabled", one_in(l, 3));
	set(l, "max_low_pfn", "max_low_pfn", (1ULL << 32) >> l->ops->page_shift);
	if (one_in(l, 10) && !fill(l))
		return;
	for (size_t i = 0; i < nr && l->nr_made < MAX_CALLS; i++) {
		struct made *made = &l->made[l->nr_made];

		if (one_in(l, 400))
			set(l, "slab", "rt_slab_available", 1);
		draw(l, made);
		l->nr_made++;
		if (!step(l, made))
			return;
	}
}

static void print_made(struct lockstep *l, FILE *out)
{
	for (size_t i = 0; i < l->nr_made; i++) {
		const struct made *made = &l->made[i];

		/* an array that is filled */
		if (i > 2 && i + 30 < l->nr_made)
			continue;
		fputs(made->call->name, out);
		for (int k = 0; k < made->call->nr_args; k++) {
			fputc(' ', out);
			if (made->call->args[k].kind == RT_OUT)
				fputc('?', out);
			else
				call_format_value(l->e, made->call->args[k].kind, made->args[k],
						  out);
		}
		fputc('\n', out);
	}
}

static void explain(struct kunit *test, struct lockstep *l, uint64_t seed)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	print_made(l, out);
	if (l->end.end != ENGINE_RETURNED)
		fprintf(out, "it ended: %s; expected %d\n", l->end.text, (int)l->expected);
	else
		fprintf(out, "=> %#llx, expected %#llx, end %d\n", (unsigned long long)l->result,
			(unsigned long long)l->model_result, (int)l->expected);
	for (size_t i = 0; i < RT_MAX_ARGS; i++)
		if (l->outs[i] != l->model_outs[i])
			fprintf(out, "out %zu: %#llx, expected %#llx\n", i,
				(unsigned long long)l->outs[i],
				(unsigned long long)l->model_outs[i]);
	model_explain(l->m, l->ops, out);
	fclose(out);
	KUNIT_FAIL(test, "sequence %llu", (unsigned long long)seed);
	for (char *rest = text, *line; (line = strsep(&rest, "\n"));)
		kunit_info(test, "%s", line);
	free(text);
}

static bool as_expected(const struct lockstep *l)
{
	switch (l->end.end) {
	case ENGINE_PANICKED:
		return l->expected == MODEL_PANICKED;
	case ENGINE_BUGGED:
		return l->expected == MODEL_BUGGED;
	case ENGINE_FAULTED:
		return l->expected == MODEL_FAULTED;
	default:
		return l->end.end == ENGINE_RETURNED && !l->differs;
	}
}

/* Runs sequence @seed; false: they differ, and it is news. */
static bool run(struct lockstep *l, uint64_t seed)
{
	static const uint64_t bases[] = { 16ULL << 20, 16ULL << 20, 1ULL << 30, 4096, 0 };
	static const uint64_t units[] = { 1, 2048, 4096, 65536, 1ULL << 20, 24576 };
	struct range ram = { 0, 1ULL << 32 };

	prng_seed(&l->random, seed, "model");
	l->base = bases[below(l, ARRAY_LEN(bases))];
	l->unit = units[below(l, ARRAY_LEN(units))];
	if (!l->base)
		l->base = last_address(l) - 25 * l->unit;
	l->nr_made = 0;
	l->differs = l->ended = false;
	memset(l->outs, 0, sizeof(l->outs));
	memset(l->model_outs, 0, sizeof(l->outs));
	engine_reset(l->e);
	model_reset(l->m);
	engine_add_ram(l->e, ram);
	model_add_ram(l->m, ram);
	engine_run(l->e, sequence, l, 2000, &l->end);
	if (l->ended && l->end.end == ENGINE_RETURNED)
		return true;
	if (as_expected(l))
		return true;
	if (model_known(l->m)) {
		l->known[model_known(l->m) - engine_bug(0)]++;
		return true;
	}
	return false;
}

static void choose_calls(struct lockstep *l)
{
	for (int i = 0; i < l->ops->nr_calls; i++) {
		const struct rt_call *call = &l->ops->calls[i];

		if (!model_knows(l->m, call))
			continue;
		ARRAY_APPEND(l->calls, l->nr_calls, l->room_calls) =
			(struct choice){ call, weight_of(call) };
		l->weight += weight_of(call);
	}
}

static uint64_t number(const char *variable, uint64_t otherwise)
{
	const char *text = getenv(variable);

	return text ? strtoull(text, NULL, 0) : otherwise;
}

static void run_all(struct kunit *test, struct lockstep *l)
{
	uint64_t seed = number("MBSIM_MODEL_SEED", 1);
	uint64_t nr = number("MBSIM_MODEL_SEQUENCES", 4000), failed = 0;

	for (uint64_t i = 0; i < nr && failed < number("MBSIM_MODEL_FAILURES", 1); i++) {
		if (run(l, seed + i))
			continue;
		explain(test, l, seed + i);
		failed++;
	}
	kunit_info(test, "%llu calls compared", (unsigned long long)l->compared);
	for (size_t i = 0; engine_bug(i); i++)
		if (l->known[i])
			kunit_info(test, "%llu sequences ended by a known bug: %s",
				   (unsigned long long)l->known[i], engine_bug(i)->name);
}

static void begin(struct kunit *test, struct lockstep *l, const struct engine_request *req)
{
	struct error err = { 0 };

	memset(l, 0, sizeof(*l));
	l->e = engine_open(req, &err);
	if (!l->e)
		kunit_skip(test, "no engine: %s", err.text);
	l->ops = engine_ops(l->e);
	l->m = model_new(l->ops, l->e);
	engine_listen(l->e, &(struct engine_listener){ .data = l, .event = on_event });
	choose_calls(l);
}

static void end(struct lockstep *l)
{
	model_free(l->m);
	free(l->calls);
	engine_close(l->e);
}

static const struct target {
	const char *name, *kernel, *config;
} targets[] = {
	{ "newest", NULL, NULL },
	{ "newest-phys32", NULL, "phys32" },
	{ "newest-s390", NULL, "s390" },
	{ "6.1", "6.1", NULL },
};

KUNIT_ARRAY_PARAM_DESC(target, targets, name);

static void lock_step(struct kunit *test)
{
	const struct target *t = test->param_value;
	const char *kernel = getenv("MBSIM_MODEL_KERNEL"), *config = getenv("MBSIM_MODEL_CONFIG");
	const struct engine_request req = {
		.kernel = kernel ? kernel : t->kernel,
		.config = config ? config : t->config,
		.memblock = getenv("MBSIM_MODEL_MEMBLOCK"),
		.quiet = true,
	};
	struct lockstep l;

	if ((kernel || config) && t != targets)
		kunit_skip(test, "another engine was asked for");
	begin(test, &l, &req);
	run_all(test, &l);
	end(&l);
}

/* A memblock.c that is broken is found out: @from is there once, and becomes @to. */
static const struct canary {
	const char *name, *from, *to;
} canaries[] = {
	{ "no_room_to_spare", "this_end - cand >= size", "this_end - cand > size" },
	{ "first_page", "max_t(phys_addr_t, start, PAGE_SIZE)", "max_t(phys_addr_t, start, 0)" },
	{ "old_array_stays", "memblock_free(old_array, old_alloc_size)", "(void)old_alloc_size" },
};

KUNIT_ARRAY_PARAM_DESC(canary, canaries, name);

/* The newest kernel's memblock.c, broken, in a file that the caller removes; or NULL. */
static char *break_memblock(struct kunit *test, const struct canary *c)
{
	const struct engine_request req = { .quiet = true };
	struct engine_info info = { 0 };
	char *path = file_path("/tmp/mbsim-model-%d.c", (int)getpid()), *text, *at, *broken;
	size_t len;

	if (engine_build(&req, &info, NULL))
		kunit_skip(test, "no engine");
	text = file_read(info.memblock, &len, NULL);
	engine_info_release(&info);
	at = text ? strstr(text, c->from) : NULL;
	if (!at) {
		free(text);
		free(path);
		return NULL;
	}
	broken = file_path("%.*s%s%s", (int)(at - text), text, c->to, at + strlen(c->from));
	file_write(path, broken, strlen(broken), NULL);
	free(text);
	free(broken);
	return path;
}

static void canary(struct kunit *test)
{
	char *path = break_memblock(test, test->param_value);
	const struct engine_request req = { .memblock = path, .quiet = true };
	const uint64_t nr = 20000;
	struct lockstep l;
	uint64_t seed = 1;

	if (!path)
		kunit_skip(test, "this kernel has no such line");
	begin(test, &l, &req);
	while (seed <= nr && run(&l, seed))
		seed++;
	KUNIT_EXPECT_LE(test, seed, nr);
	kunit_info(test, "found by sequence %llu", (unsigned long long)seed);
	end(&l);
	unlink(path);
	free(path);
}

static struct kunit_case cases[] = { KUNIT_CASE_PARAM(lock_step, target_gen_params),
				     KUNIT_CASE_PARAM(canary, canary_gen_params),
				     {} };

static struct kunit_suite suite = { .name = "model", .test_cases = cases };

kunit_test_suite(suite);
