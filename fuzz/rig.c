// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs sequences on an engine: makes the calls, and has each of them judged. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/internal.h"
#include "lib/array.h"

/* Processor time of a sequence; a loop that does not end is told from one that is long. */
#define TIMEOUT_MS 500

/* What would be filled is noted instead: it takes longer than all the rest, and nobody reads it. */
static bool on_fill(void *data, uint64_t pa, uint64_t size, int byte)
{
	struct rig *r = data;

	if (!byte && r->nr_fills < ARRAY_LEN(r->fills))
		r->fills[r->nr_fills++] = (struct range){ pa, pa + size };
	return true;
}

static void on_event(void *data, enum rt_event event, uint64_t a, uint64_t b, long c)
{
	struct rig *r = data;
	struct range pfns = { a, a + (1ULL << (b & 63)) };

	(void)c;
	if (event == RT_RESERVE_PAGES)
		rangeset_add(&r->marked, (struct range){ a, b });
	if (event != RT_FREE_PAGES && event != RT_FREE_LATE)
		return;
	for (size_t i = rangeset_after(&r->freed, pfns.start);
	     i < r->freed.nr && r->freed.v[i].start < pfns.end; i++)
		rangeset_add(&r->twice, range_intersect(r->freed.v[i], pfns));
	rangeset_add(&r->freed, pfns);
}

void rig_init(struct rig *r, struct engine *e, bool judged)
{
	const struct engine_listener listener = { .data = r, .event = on_event, .fill = on_fill };

	*r = (struct rig){ .e = e, .ops = engine_ops(e), .flags = ~0UL, .timeout_ms = TIMEOUT_MS };
	op_table_fill(&r->table, r->ops);
	r->phys_mask = r->ops->phys_bits < 64 ? (1ULL << r->ops->phys_bits) - 1 : UINT64_MAX;
	r->last_page = (r->ops->phys_bits < 64 ? 1ULL << r->ops->phys_bits : 0) -
		       (1ULL << r->ops->page_shift);
	for (size_t i = 0; i < OP_NR_SETTINGS; i++)
		if (!engine_find_variable(e, op_settings[i].variable, &r->settings[i].address,
					  &r->settings[i].size))
			r->settings[i].address = NULL;
	for (enum rt_type type = RT_MEMORY; type < RT_NR_TYPES; type++) {
		struct rt_type_state state;

		if (!r->ops->type(type, &state))
			r->types[r->nr_types++] = type;
	}
	traits_fill(r);
	if (judged)
		judge_init(r);
	engine_listen(e, &listener);
}

void rig_release(struct rig *r)
{
	if (r->e)
		engine_listen(r->e, NULL);
	judge_release(r);
	check_state_release(&r->check);
	rangeset_release(&r->freed);
	rangeset_release(&r->twice);
	rangeset_release(&r->marked);
	*r = (struct rig){ 0 };
}

/* Is where a walk stands somewhere in the lists that it is of? */
static bool is_place(const struct rig *r, const struct op *op, const struct rt_call *call, int arg)
{
	uint64_t place = op->args[arg];
	int a = op_argument(call, "type_a"), b = op_argument(call, "type_b");
	struct rt_type_state state;

	if (!place || place == UINT64_MAX || strcmp(call->args[arg].name, "idx"))
		return true;
	if (r->ops->type(a < 0 ? RT_MEMORY : op->args[a], &state) || (uint32_t)place >= state.cnt)
		return false;
	if (b < 0 || op->args[b] == RT_TYPE_NONE)
		return !(place >> 32);
	return !r->ops->type(op->args[b], &state) && place >> 32 <= state.cnt;
}

/* Arguments as the engine takes them; false if they name a region that is not there. */
static bool prepare(struct rig *r, const struct op *op, const struct rt_call *call)
{
	for (int i = 0; i < call->nr_args; i++) {
		r->args[i] = op->args[i];
		if (call->args[i].kind == RT_OUT) {
			if (!is_place(r, op, call, i))
				return false;
			r->outs[i] = op->args[i];
			r->args[i] = (uintptr_t)&r->outs[i];
		} else if (call->args[i].kind == RT_STRING) {
			r->args[i] = (uintptr_t)op_strings[op->args[i] % OP_NR_STRINGS];
		} else if (call->args[i].kind == RT_REGION) {
			enum rt_type type = op->args[i] >> 32;
			struct rt_type_state state;

			if (type >= RT_NR_TYPES || r->ops->type(type, &state) ||
			    (uint32_t)op->args[i] >= state.cnt)
				return false;
		}
	}
	if (op->stride)
		r->args[0] += op->stride * r->round;
	for (int i = 0; i < call->nr_args; i++)
		if (call->args[i].kind == RT_PHYS)
			r->args[i] &= r->phys_mask;
	return true;
}

uint64_t rig_result(const struct rig *r, const struct rt_call *call, uint64_t result)
{
	switch (call->result) {
	case RT_VOID:
		return 0;
	case RT_BOOL:
	case RT_STRING:
		return !!result;
	case RT_INT:
		return (uint64_t)(int64_t)(int)result;
	case RT_NID:
		return (uint64_t)(int64_t)view_node(r->ops, (int)result);
	default:
		return result;
	}
}

static void count(struct rig *r, const struct op *op, enum fuzz_outcome outcome)
{
	if (r->stats)
		r->stats->by_call[op->what][outcome]++;
}

static enum fuzz_outcome outcome_of(const struct rt_call *call, uint64_t result)
{
	switch (call->result) {
	case RT_INT:
	case RT_NID:
		return (int64_t)result < 0 ? FUZZ_FAILED : FUZZ_DONE;
	case RT_BOOL:
	case RT_PHYS:
		return result ? FUZZ_DONE : FUZZ_FAILED;
	case RT_POINTER:
		return result == RT_NULL ? FUZZ_FAILED : FUZZ_DONE;
	default:
		return FUZZ_DONE;
	}
}

/* So much is handed over, or marked page by page, that it takes too long? */
static bool is_too_much(const struct rig *r, const struct trait *t)
{
	if (t->is_late && t->size_arg >= 0 && r->args[t->size_arg] > RIG_MAX_HANDOVER)
		return true;
	if (!t->hands_over)
		return false;
	if (r->ram_bytes > RIG_MAX_HANDOVER)
		return true;
	for (size_t i = 0; i < r->nr_types; i++) {
		struct rt_type_state state;
		struct rt_region region;
		uint64_t sum = 0;

		r->ops->type(r->types[i], &state);
		for (uint64_t k = 0; k < state.cnt && sum <= RIG_MAX_HANDOVER; k++) {
			r->ops->region(r->types[i], k, &region);
			if (region.size > RIG_MAX_HANDOVER - sum)
				return true;
			sum += region.size;
		}
	}
	return false;
}

/* Makes one call; false if the sequence ends with it. */
static bool make_call(struct rig *r, const struct op *op)
{
	const struct rt_call *call = r->table.calls[op->what];
	const struct trait *t = &r->traits[op->what];
	struct range ram;

	if (!prepare(r, op, call) || is_too_much(r, t))
		return true;
	if (judge_expect(r, call, t) == JUDGE_STOP) {
		r->unspecified = true;
		return false;
	}
	if (t->adds_ram && op_adds_ram(call, r->args, &ram)) {
		engine_add_ram(r->e, ram);
		r->ram_bytes +=
			range_size(ram) < RIG_MAX_HANDOVER ? range_size(ram) : RIG_MAX_HANDOVER + 1;
		r->has_high |= ram.end > engine_max_address();
	}
	r->nr_fills = 0;
	r->nr_calls++;
	r->in_call = true;
	r->result = call->run((const rt_u64 *)r->args);
	r->in_call = false;
	r->result = rig_result(r, call, r->result);
	if (!op->stride)
		count(r, op, outcome_of(call, r->result));
	if (r->generator)
		generator_note(r->generator, call, r->args, r->result, t->gives);
	return judge_call(r, call, t, r->round + 1 >= op->repeat);
}

static bool make_op(struct rig *r, const struct op *op)
{
	switch (op->kind) {
	case OP_CALL:
		for (r->round = 0; r->round < op->repeat; r->round++)
			if (!make_call(r, op))
				return false;
		return true;
	case OP_NODE:
		r->ops->node_set_online(op->what, 1);
		return true;
	case OP_SET:
		if (r->settings[op->what].address)
			memcpy(r->settings[op->what].address, &op->args[0],
			       r->settings[op->what].size);
		judge_set(r, op);
		return true;
	}
	return true;
}

static uint64_t outs_of(const struct rig *r, const struct rt_call *call)
{
	uint64_t hash = 0;

	for (int i = 0; i < call->nr_args; i++) {
		uint64_t value = r->outs[i];

		if (call->args[i].kind != RT_OUT)
			continue;
		if (strstr(call->args[i].name, "nid"))
			value = (uint64_t)view_node(r->ops, (int)value);
		hash = (hash ^ value) * 0x9e3779b97f4a7c15ULL;
		hash ^= hash >> 31;
	}
	return hash;
}

static void take_digest(struct rig *r, size_t at)
{
	struct digest *d = &r->digests[at];
	const struct rt_call *call = op_call(&r->table, &r->sequence->v[at]);

	*d = (struct digest){ .made = 1 };
	if (call) {
		const struct trait *t = &r->traits[r->sequence->v[at].what];

		d->result = r->result;
		d->outs = outs_of(r, call);
		if (t->zeroes && r->result != RT_NULL && t->size_arg >= 0)
			d->zeroed = judge_is_zeroed(r, r->args[t->size_arg]);
		for (size_t i = 0; (t->hands_over || t->is_late) && i < r->freed.nr; i++)
			d->freed = (d->freed ^ r->freed.v[i].start) * 0x9e3779b97f4a7c15ULL +
				   r->freed.v[i].end;
	}
	for (size_t i = 0; i < r->nr_types; i++)
		digest_take(&d->lists[r->types[i]], r->ops, r->types[i]);
}

/* All that there is to be seen after an operation. */
static void take_view(struct rig *r)
{
	struct view *v = r->view;

	v->end = ENGINE_RETURNED;
	v->text[0] = '\0';
	v->result = r->result;
	memcpy(v->outs, r->outs, sizeof(v->outs));
	for (size_t i = 0; i < r->nr_types; i++)
		view_take_list(&v->lists[r->types[i]], r->ops, r->types[i]);
}

static void run(void *arg)
{
	struct rig *r = arg;
	struct sequence *s = r->sequence;

	for (r->at = 0;; r->at++) {
		if (r->at == s->nr && (!r->generator || !generator_next(r->generator, s)))
			return;
		r->result = 0;
		if (!make_op(r, &s->v[r->at])) {
			/* what nobody specifies was not done */
			s->nr = r->at + !r->unspecified;
			return;
		}
		if (r->digests)
			take_digest(r, r->at);
		if (r->view && r->at == r->view_at)
			take_view(r);
	}
}

/* What hostile calls may do: cutting regions off leaves some that are alike, and trimming keeps the sum. */
static bool is_harmless(const struct check_finding *f)
{
	return !strcmp(f->check->name, "regions-merged") ||
	       !strcmp(f->check->name, "regions-total");
}

/* The checks of check/, on what the whole sequence left behind. */
static void check(void *arg)
{
	struct rig *r = arg;
	const struct check_call call = { .function = "mbsim", .name = "the last call" };
	struct check_findings findings = { 0 };

	r->check.calls = &call;
	r->check.nr_calls = 1;
	check_arrays(&r->check, r->ops, &findings);
	if (r->stats)
		r->stats->checks += findings.made;
	for (size_t i = 0; i < findings.nr; i++) {
		if (is_harmless(&findings.v[i]))
			continue;
		r->outcome->aspect = ASPECT_CHECK;
		r->outcome->type = RT_TYPE_NONE;
		r->outcome->at = r->sequence->nr - 1;
		snprintf(r->outcome->text, sizeof(r->outcome->text), "%s: %s",
			 findings.v[i].check->name, findings.v[i].text);
	}
	check_findings_release(&findings);
	r->check.nr_calls = 0;
}

static void end_badly(struct rig *r, const struct engine_exit *exit)
{
	struct sequence *s = r->sequence;

	s->nr = r->at + 1;
	if (s->v[r->at].kind == OP_CALL)
		count(r, &s->v[r->at], FUZZ_ENDED);
	if (r->view && r->at == r->view_at) {
		take_view(r);
		r->view->end = exit->end;
		snprintf(r->view->text, sizeof(r->view->text), "%.199s", exit->text);
	}
	if (r->digests) {
		r->digests[r->at] = (struct digest){ .made = 1, .end = exit->end };
		return;
	}
	judge_end(r, exit);
}

/* The last call is one that the model does not know. */
static bool ends_unjudged(const struct rig *r)
{
	const struct op *last = &r->sequence->v[r->sequence->nr - 1];

	return last->kind == OP_CALL && !r->traits[last->what].judged;
}

void rig_run(struct rig *r, struct sequence *s, struct generator *g, struct outcome *o)
{
	struct engine_exit exit;

	r->sequence = s;
	r->generator = g;
	r->outcome = o;
	r->nr_calls = 0;
	r->ram_bytes = 0;
	r->has_high = r->has_last = false;
	r->round = 0;
	r->in_call = r->unspecified = false;
	rangeset_clear(&r->freed);
	rangeset_clear(&r->twice);
	rangeset_clear(&r->marked);
	rangeset_clear(&r->expected_freed);
	o->aspect = ASPECT_NONE;
	o->known = NULL;
	o->text[0] = '\0';
	engine_reset(r->e);
	judge_reset(r);
	if (engine_run(r->e, run, r, r->timeout_ms, &exit) != ENGINE_RETURNED)
		end_badly(r, &exit);
	else if (o->aspect == ASPECT_NONE && s->nr && (r->wants_check || ends_unjudged(r)))
		engine_run(r->e, check, r, r->timeout_ms, &exit);
	if (r->coverage)
		engine_coverage_collect(r->coverage, r->e);
	if (r->stats) {
		r->stats->sequences++;
		r->stats->calls += r->nr_calls;
	}
}
