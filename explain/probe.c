// SPDX-License-Identifier: GPL-2.0-or-later
/* Calls of memblock that a question makes itself, where a boot or replay was stopped. */
#include <string.h>

#include "call/call.h"
#include "explain/internal.h"
#include "lib/array.h"

static const char *const near_names[] = { "memblock_virt_alloc_try_nid_raw",
					  "memblock_alloc_try_nid_raw", "memblock_alloc_try_nid",
					  NULL };
static const char *const exact_names[] = { "memblock_alloc_exact_nid_raw",
					   "memblock_virt_alloc_try_nid_raw",
					   "memblock_alloc_try_nid_raw", "memblock_alloc_try_nid",
					   NULL };

struct probe {
	const struct explain *x;
	const struct rt_call *call;
	struct call_args args;
	struct range *got;
	size_t most, *nr;
};

static const struct rt_call *find(const struct explain *x, const char *const *names)
{
	for (size_t i = 0; names[i]; i++) {
		const struct rt_call *call = engine_find_call(x->engine, names[i]);

		if (call && call->run)
			return call;
	}
	return NULL;
}

static void make_calls(void *data)
{
	const struct probe *p = data;
	uint64_t args[RT_MAX_ARGS] = { 0 };

	for (int i = 0; i < p->call->nr_args; i++)
		call_named_arg(&p->args, p->call->args[i].name, &args[i]);
	while (*p->nr < p->most) {
		uint64_t at = engine_call(p->x->engine, p->call, args, "mbsim");

		if (!at || at == RT_NULL)
			return;
		p->got[*p->nr] = (struct range){ at, at + p->args.size };
		++*p->nr;
	}
}

const char *explain_probe(const struct explain *x, const struct explain_request *q, bool exact,
			  struct range *got, size_t most, size_t *nr)
{
	struct probe p = {
		.x = x,
		.call = find(x, exact ? exact_names : near_names),
		.args = { .size = q->size,
			  .align = q->align,
			  .min = q->from,
			  .max = q->below,
			  .nid = q->nid,
			  .exact = exact },
		.got = got,
		.most = most,
		.nr = nr,
	};
	struct engine_exit exit;

	*nr = 0;
	if (!p.call)
		return NULL;
	/* up to 4.19 a call panics where there is no memory, which says the same */
	engine_run(x->engine, make_calls, &p, BOOT_TIMEOUT_MS, &exit);
	return p.call->name;
}

static void ask_limit(void *data)
{
	struct probe *p = data;
	uint64_t args[RT_MAX_ARGS] = { 0 };

	p->args.limit = engine_call(p->x->engine, p->call, args, "mbsim");
}

uint64_t explain_limit(const struct explain *x)
{
	struct probe p = { .x = x,
			   .call = engine_find_call(x->engine, "memblock_get_current_limit") };
	struct engine_exit exit;

	p.args.limit = UINT64_MAX;
	if (p.call && p.call->run)
		engine_run(x->engine, ask_limit, &p, BOOT_TIMEOUT_MS, &exit);
	return p.args.limit ? p.args.limit : UINT64_MAX;
}
