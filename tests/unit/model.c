// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The model and memblock in lock-step: random calls are made in an engine and in the model, and after
 * each the result and all lists must be the same. More of it by MBSIM_MODEL_SEQUENCES=n, from
 * MBSIM_MODEL_SEED=n on; another engine by MBSIM_MODEL_KERNEL, _CONFIG and _MEMBLOCK.
 */
#include <stdlib.h>
#include <string.h>

#include "call/call.h"
#include "kunit/test.h"
#include "lib/array.h"
#include "lib/prng.h"
#include "model/model.h"

#define MAX_CALLS 320 /* of a sequence; one that fills an array first takes most of them */

/* A call with its arguments; what is behind RT_OUT has a place of its own for either side. */
struct made {
	const struct rt_call *call;
	uint64_t args[RT_MAX_ARGS];
};

struct lockstep {
	struct engine *e;
	const struct rt_engine *ops;
	struct model *m;
	const struct rt_call **calls; /* those that the model knows */
	unsigned int *weights;
	size_t nr_calls, room_calls, nr_weights, room_weights;
	unsigned int weight;

	/* the sequence */
	struct prng random;
	uint64_t base, unit; /* where in memory it is, and how fine */
	struct made made[MAX_CALLS];
	size_t nr_made;
	uint64_t outs[RT_MAX_ARGS], model_outs[RT_MAX_ARGS];
	bool differs, ended; /* by a known bug, or by what is unspecified */
	enum model_end expected;
	uint64_t result, model_result;
	uint64_t freed[2]; /* by the hand-over: pages, and a sum over all blocks */

	uint64_t compared, known[32]; /* sequences that ended by each of model_bug() */
};

static uint64_t below(struct lockstep *l, uint64_t n)
{
	return prng_below(&l->random, n);
}

static bool one_in(struct lockstep *l, uint64_t n)
{
	return !below(l, n);
}

static uint64_t last_address(const struct lockstep *l)
{
	return l->ops->phys_bits < 64 ? (1ULL << l->ops->phys_bits) - 1 : UINT64_MAX;
}

/* Near where everything is; now and then at either end of all addresses. */
static uint64_t some_address(struct lockstep *l)
{
	if (one_in(l, 60))
		return below(l, 3) * l->unit;
	if (one_in(l, 60))
		return last_address(l) - below(l, 3) * l->unit;
	return l->base + below(l, 25) * l->unit;
}

static uint64_t some_size(struct lockstep *l)
{
	if (one_in(l, 40))
		return 0;
	if (one_in(l, 40))
		return last_address(l) - below(l, 2);
	return (1 + below(l, 7)) * l->unit;
}

static uint64_t some_limit(struct lockstep *l)
{
	if (one_in(l, 3))
		return 0;
	if (one_in(l, 3))
		return last_address(l);
	return one_in(l, 12) ? 1 : some_address(l);
}

static uint64_t some_nid(struct lockstep *l)
{
	static const int nids[] = { 0, 0, 1, 1, 2, -1 };

	if (one_in(l, 16))
		return (uint64_t)l->ops->nr_node_ids;
	return (uint64_t)nids[below(l, ARRAY_LEN(nids))];
}

static uint64_t some_flags(struct lockstep *l)
{
	if (one_in(l, 2))
		return 0;
	return l->ops->flags[below(l, (uint64_t)l->ops->nr_flags)].value;
}

static uint64_t some_type(struct lockstep *l)
{
	struct rt_type_state state;

	if (!l->ops->type(RT_PHYSMEM, &state) && one_in(l, 4))
		return RT_PHYSMEM;
	return one_in(l, 2) ? RT_MEMORY : RT_RESERVED;
}

static uint64_t some_region(struct lockstep *l)
{
	enum rt_type type = (enum rt_type)some_type(l);
	size_t nr;

	model_regions(l->m, type, &nr);
	return RT_REGION_AT(type, nr ? below(l, nr) : 0);
}

static uint64_t some_phys(struct lockstep *l, const char *name)
{
	if (strstr(name, "size") || !strcmp(name, "memory_limit"))
		return some_size(l);
	if (!strcmp(name, "align"))
		return one_in(l, 8) ? 0 : 1ULL << below(l, one_in(l, 10) ? 64 : 16);
	if (strstr(name, "max") || !strcmp(name, "end") || !strcmp(name, "limit"))
		return some_limit(l);
	if (strstr(name, "min") || !strcmp(name, "start"))
		return one_in(l, 2) ? 0 : some_address(l);
	return some_address(l);
}

static uint64_t some_value(struct lockstep *l, const struct rt_arg *arg)
{
	static const char text[] = "somebody";

	switch (arg->kind) {
	case RT_PHYS:
		return some_phys(l, arg->name);
	case RT_FLAGS:
		return some_flags(l);
	case RT_NID:
		return some_nid(l);
	case RT_TYPE:
		return some_type(l);
	case RT_REGION:
		return some_region(l);
	case RT_BOOL:
		return below(l, 2);
	case RT_POINTER:
		return one_in(l, 20) ? RT_NULL : some_address(l);
	case RT_STRING:
		return (uintptr_t)text;
	default:
		if (strstr(arg->name, "pfn"))
			return some_address(l) >> l->ops->page_shift;
		return some_phys(l, arg->name);
	}
}

/* How often a call is made: those that change something more often, a few seldom. */
static unsigned int weight_of(const struct rt_call *call)
{
	static const struct {
		const char *name;
		unsigned int weight;
	} weights[] = {
		{ "memblock_add", 60 },
		{ "memblock_add_node", 60 },
		{ "memblock_reserve", 60 },
		{ "memblock_remove", 20 },
		{ "memblock_trim_memory", 1 },
		{ "memblock_enforce_memory_limit", 2 },
		{ "memblock_cap_memory_range", 4 },
		{ "memblock_mem_limit_remove_map", 2 },
		{ "memblock_discard", 0 },
		{ "memblock_dump_all", 0 },
		{ "memblock_set_current_limit", 3 },
		{ "memblock_end_of_DRAM", 3 },
		{ "memblock_set_kho_scratch_only", 1 },
		{ "memblock_free_all", 2 },
		{ "memblock_estimated_nr_free_pages", 3 },
	};

	for (size_t i = 0; i < ARRAY_LEN(weights); i++)
		if (!strcmp(weights[i].name, call->name))
			return weights[i].weight;
	return strstr(call->name, "_is_") || strstr(call->name, "region_") ? 6 : 12;
}

static const struct rt_call *some_call(struct lockstep *l)
{
	uint64_t at = below(l, l->weight);

	for (size_t i = 0;; i++) {
		if (at < l->weights[i])
			return l->calls[i];
		at -= l->weights[i];
	}
}

/* Where steps of a loop begin, or where the last one left it. */
static void draw_outs(struct lockstep *l, const struct rt_call *call)
{
	bool reverse = strstr(call->name, "_rev") || strstr(call->name, "pfn_range");

	if (one_in(l, 4))
		l->outs[0] = reverse ? UINT64_MAX : 0;
	memcpy(l->model_outs, l->outs, sizeof(l->outs));
}

static void draw(struct lockstep *l, struct made *made)
{
	const struct rt_call *call = some_call(l);
	unsigned int nr_outs = 0;

	/* a loop is gone on with for a while */
	if (l->nr_made && made[-1].call->nr_args && made[-1].call->args[0].kind == RT_OUT &&
	    !one_in(l, 4)) {
		*made = made[-1];
		memcpy(l->model_outs, l->outs, sizeof(l->outs));
		return;
	}
	made->call = call;
	draw_outs(l, call);
	for (int i = 0; i < call->nr_args; i++) {
		if (call->args[i].kind == RT_OUT)
			made->args[i] = (uintptr_t)&l->outs[nr_outs++];
		else
			made->args[i] = some_value(l, &call->args[i]);
	}
}

/* Blocks that are freed, in order, as a sum. */
static void add_block(uint64_t freed[2], uint64_t pfn, uint64_t order)
{
	freed[0] += 1ULL << order;
	freed[1] = (freed[1] ^ (pfn << 8 | order)) * 0x9e3779b97f4a7c15ULL;
}

static void on_event(void *data, enum rt_event event, uint64_t a, uint64_t b, long c)
{
	struct lockstep *l = data;

	(void)c;
	if (event == RT_FREE_PAGES)
		add_block(l->freed, a, b);
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
	return !memcmp(freed, l->freed, sizeof(freed));
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
	if (l->expected == MODEL_UNSPECIFIED)
		return false;
	memset(l->freed, 0, sizeof(l->freed));
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

static void explain(struct kunit *test, struct lockstep *l, uint64_t seed,
		    const struct engine_exit *end)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	print_made(l, out);
	if (end->end != ENGINE_RETURNED)
		fprintf(out, "it ended: %s; expected %d\n", end->text, (int)l->expected);
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

static bool as_expected(const struct lockstep *l, const struct engine_exit *end)
{
	switch (end->end) {
	case ENGINE_PANICKED:
		return l->expected == MODEL_PANICKED;
	case ENGINE_BUGGED:
		return l->expected == MODEL_BUGGED;
	case ENGINE_FAULTED:
		return l->expected == MODEL_FAULTED;
	default:
		return end->end == ENGINE_RETURNED && !l->differs;
	}
}

/* Runs sequence @seed; false and the case has failed: they differ. */
static bool run(struct kunit *test, struct lockstep *l, uint64_t seed)
{
	static const uint64_t bases[] = { 16ULL << 20, 16ULL << 20, 1ULL << 30, 4096, 0 };
	static const uint64_t units[] = { 1, 2048, 4096, 65536, 1ULL << 20, 24576 };
	struct range ram = { 0, 1ULL << 32 };
	struct engine_exit end;

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
	engine_run(l->e, sequence, l, 2000, &end);
	if (l->ended && end.end == ENGINE_RETURNED)
		return true;
	if (as_expected(l, &end))
		return true;
	if (model_known(l->m)) {
		l->known[model_known(l->m) - model_bug(0)]++;
		return true;
	}
	explain(test, l, seed, &end);
	return false;
}

static void choose_calls(struct lockstep *l)
{
	for (int i = 0; i < l->ops->nr_calls; i++) {
		const struct rt_call *call = &l->ops->calls[i];

		if (!model_knows(l->m, call))
			continue;
		ARRAY_APPEND(l->calls, l->nr_calls, l->room_calls) = call;
		ARRAY_APPEND(l->weights, l->nr_weights, l->room_weights) = weight_of(call);
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
	uint64_t nr = number("MBSIM_MODEL_SEQUENCES", 3000), failed = 0;

	for (uint64_t i = 0; i < nr && failed < number("MBSIM_MODEL_FAILURES", 1); i++)
		failed += !run(test, l, seed + i);
	kunit_info(test, "%llu calls compared", (unsigned long long)l->compared);
	for (size_t i = 0; model_bug(i); i++)
		if (l->known[i])
			kunit_info(test, "%llu sequences ended by a known bug: %s",
				   (unsigned long long)l->known[i], model_bug(i)->name);
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
	struct error err = { 0 };
	struct lockstep l = { 0 };

	if ((kernel || config) && t != targets)
		kunit_skip(test, "another engine was asked for");
	l.e = engine_open(&req, &err);
	if (!l.e)
		kunit_skip(test, "no engine: %s", err.text);
	l.ops = engine_ops(l.e);
	l.m = model_new(l.ops, l.e);
	engine_listen(l.e, &(struct engine_listener){ .data = &l, .event = on_event });
	choose_calls(&l);
	run_all(test, &l);
	model_free(l.m);
	free(l.calls);
	free(l.weights);
	engine_close(l.e);
}

static struct kunit_case cases[] = { KUNIT_CASE_PARAM(lock_step, target_gen_params), {} };

static struct kunit_suite suite = { .name = "model", .test_cases = cases };

kunit_test_suite(suite);
