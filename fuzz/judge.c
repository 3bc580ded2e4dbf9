// SPDX-License-Identifier: GPL-2.0-or-later
/* What the model says of each call, and whether the engine did just that. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "fuzz/internal.h"
#include "lib/array.h"
#include "model/model.h"

void judge_init(struct rig *r)
{
	r->model = model_new(r->ops, r->e);
	for (size_t i = 0; i < r->table.nr; i++)
		r->traits[i].judged = model_knows(r->model, r->table.calls[i]);
}

void judge_release(struct rig *r)
{
	if (r->model)
		model_free(r->model);
	rangeset_release(&r->expected_freed);
	rangeset_release(&r->expected_marked);
	r->model = NULL;
}

void judge_reset(struct rig *r)
{
	if (r->model)
		model_reset(r->model);
}

void judge_set(struct rig *r, const struct op *op)
{
	if (r->model)
		model_set(r->model, op_settings[op->what].script, op->args[0]);
}

/* How the model's ends are called by engines. */
static const enum engine_end ends[] = {
	[MODEL_RETURNED] = ENGINE_RETURNED, [MODEL_RETURNED_ANY] = ENGINE_RETURNED,
	[MODEL_PANICKED] = ENGINE_PANICKED, [MODEL_BUGGED] = ENGINE_BUGGED,
	[MODEL_FAULTED] = ENGINE_FAULTED,
};

/* Notes the bug that the call runs into; true if processes die of it. */
static bool runs_into_deadly(struct rig *r)
{
	const struct engine_bug *bug = model_known(r->model);

	*r->at_bug = bug ? bug->name : NULL;
	for (size_t i = 0; bug && i < POOL_MAX_DEADLY && r->deadly[i]; i++)
		if (r->deadly[i] == bug->name)
			return true;
	return false;
}

enum judgement judge_expect(struct rig *r, const struct rt_call *call, const struct trait *t)
{
	uint64_t args[RT_MAX_ARGS];
	enum model_end end;
	struct range ram;

	r->expected = false;
	if (!r->model || !t->judged)
		return JUDGE_CALL;
	for (int i = 0; i < call->nr_args; i++) {
		args[i] = r->args[i];
		if (call->args[i].kind == RT_OUT) {
			r->expected_outs[i] = r->outs[i];
			args[i] = (uintptr_t)&r->expected_outs[i];
		}
	}
	if (t->adds_ram && op_adds_ram(call, args, &ram)) {
		if (ram.end > r->last_page)
			ram.end = r->last_page;
		model_add_ram(r->model, ram);
	}
	/* numbers of page frames wrap in the last page that there is, which no machine has */
	if (r->has_last && t->is_pfn)
		return JUDGE_STOP;
	if (call->nr_args > 1 && call->args[0].kind == RT_PHYS && call->args[1].kind == RT_PHYS)
		r->has_last |= args[0] >= r->last_page || args[1] > r->last_page - args[0];
	end = model_call(r->model, call, args, &r->expected_result);
	if (end == MODEL_UNSPECIFIED || (end == MODEL_FAULTED && (r->has_last || r->has_high)))
		return JUDGE_STOP;
	if (r->at_bug && runs_into_deadly(r))
		return JUDGE_STOP;
	r->expected = true;
	r->any_result = end == MODEL_RETURNED_ANY;
	r->expected_end = ends[end];
	r->expected_result = rig_result(r, call, r->expected_result);
	return JUDGE_CALL;
}

static bool same_list(const struct rig *r, enum rt_type type)
{
	const struct rt_engine *ops = r->ops;
	const struct model_region *v;
	struct rt_type_state state;
	size_t nr;

	ops->type(type, &state);
	v = model_regions(r->model, type, &nr);
	if (engine_count_regions(ops, type, &state) != nr ||
	    state.max != model_max(r->model, type) ||
	    state.total_size != model_total(r->model, type) || nr > state.max)
		return false;
	for (size_t i = 0; i < nr; i++) {
		struct rt_region region;

		ops->region(type, i, &region);
		if (region.base != v[i].range.start ||
		    region.base + region.size != v[i].range.end || region.flags != v[i].flags ||
		    view_node(ops, region.nid) != view_node(ops, v[i].nid))
			return false;
	}
	return true;
}

static void view_model_list(const struct rig *r, struct view_list *list, enum rt_type type)
{
	size_t nr;
	const struct model_region *v = model_regions(r->model, type, &nr);

	memset(list, 0, sizeof(*list));
	list->there = true;
	list->cnt = nr;
	list->max = model_max(r->model, type);
	list->total_size = model_total(r->model, type);
	for (size_t i = 0; i < nr && i < VIEW_REGIONS; i++)
		list->v[i] = (struct rt_region){
			.base = v[i].range.start,
			.size = v[i].range.end - v[i].range.start,
			.flags = v[i].flags,
			.nid = view_node(r->ops, v[i].nid),
		};
}

/* Both sides, for whoever tells of the difference. */
static bool differs(struct rig *r, enum aspect aspect, enum rt_type type)
{
	struct outcome *o = r->outcome;

	const struct engine_bug *bug = model_known(r->model);

	o->aspect = aspect;
	o->known = bug ? bug->name : NULL;
	o->type = type;
	o->at = r->at;
	o->round = r->round;
	o->expected.end = r->expected_end;
	o->expected.text[0] = '\0';
	o->expected.result = r->expected_result;
	memcpy(o->expected.outs, r->expected_outs, sizeof(r->expected_outs));
	o->got.end = ENGINE_RETURNED;
	o->got.text[0] = '\0';
	o->got.result = r->result;
	memcpy(o->got.outs, r->outs, sizeof(r->outs));
	for (size_t i = 0; i < r->nr_types; i++) {
		view_take_list(&o->got.lists[r->types[i]], r->ops, r->types[i]);
		view_model_list(r, &o->expected.lists[r->types[i]], r->types[i]);
	}
	return false;
}

bool judge_is_zeroed(const struct rig *r, uint64_t size)
{
	uint64_t at = r->result, end = at + size;

	for (size_t round = 0; round < r->nr_fills && at < end; round++)
		for (size_t i = 0; i < r->nr_fills; i++)
			if (range_contains(r->fills[i], at))
				at = r->fills[i].end;
	return at >= end;
}

static bool judge_lists(struct rig *r)
{
	for (size_t i = 0; i < r->nr_types; i++) {
		enum rt_type type = r->types[i];
		enum aspect aspect;

		if (same_list(r, type))
			continue;
		differs(r, ASPECT_REGIONS, type);
		aspect = view_compare_list(&r->outcome->expected.lists[type],
					   &r->outcome->got.lists[type]);
		/* behind what a view keeps */
		if (aspect != ASPECT_NONE)
			r->outcome->aspect = aspect;
		return false;
	}
	return true;
}

/* Where pages, @got in page frames, begin to differ from what is expected; empty if they do not. */
static struct range first_difference(const struct rangeset *expected, const struct rangeset *got,
				     unsigned int shift, bool *missing)
{
	for (size_t i = 0; i < expected->nr || i < got->nr; i++) {
		struct range g = { UINT64_MAX, UINT64_MAX },
			     e = i < expected->nr ? expected->v[i] : g;

		if (i < got->nr)
			g = (struct range){ got->v[i].start << shift, got->v[i].end << shift };
		*missing = g.start > e.start || (g.start == e.start && g.end < e.end);
		if (*missing)
			return e;
		if (g.start != e.start || g.end != e.end)
			return g;
	}
	return (struct range){ 0, 0 };
}

static void keep_pages(struct outcome *o, const struct rangeset *pages)
{
	o->nr_freed = pages->nr;
	for (size_t i = 0; i < pages->nr && i < ARRAY_LEN(o->freed); i++)
		o->freed[i] = pages->v[i];
}

/* Pages of memory that are marked as reserved: of those alone, and whole ones. */
static bool judge_marked(struct rig *r)
{
	unsigned int shift = r->ops->page_shift;
	struct rangeset got = { 0 };
	const struct model_region *memory;
	const struct range *pieces;
	struct range at;
	bool missing = false;
	size_t nr;

	rangeset_clear(&r->expected_marked);
	pieces = model_marked(r->model, &nr);
	for (size_t i = 0; i < nr; i++)
		rangeset_add(&r->expected_marked, pieces[i]);
	memory = model_regions(r->model, RT_MEMORY, &nr);
	for (size_t i = 0; i < nr; i++) {
		uint64_t page = 1ULL << shift;
		struct range whole = { (memory[i].range.start + page - 1) >> shift,
				       memory[i].range.end >> shift };

		for (size_t k = rangeset_after(&r->marked, whole.start);
		     k < r->marked.nr && r->marked.v[k].start < whole.end; k++)
			rangeset_add(&got, range_intersect(r->marked.v[k], whole));
	}
	at = first_difference(&r->expected_marked, &got, shift, &missing);
	rangeset_release(&got);
	if (range_is_empty(at))
		return true;
	differs(r, ASPECT_MARKED, 0);
	keep_pages(r->outcome, &r->expected_marked);
	snprintf(r->outcome->text, sizeof(r->outcome->text), "%#" PRIx64 "-%#" PRIx64 " %s",
		 at.start, at.end - 1,
		 missing ? "is not all marked as reserved"
			 : "is marked as reserved, and not all of it is to be");
	return false;
}

/* The first pages that are in one and not in the other, as bytes. */
static bool judge_handover(struct rig *r, const struct trait *t)
{
	const struct rangeset *expected = &r->expected_freed;
	const char *what = NULL;
	const struct range *pieces;
	struct range at;
	bool missing = false;
	size_t nr;

	/* one piece for each region, which may touch */
	pieces = model_freed(r->model, &nr);
	for (size_t i = 0; i < nr; i++)
		rangeset_add(&r->expected_freed, pieces[i]);
	at = first_difference(expected, &r->freed, r->ops->page_shift, &missing);
	if (!range_is_empty(at) && t->hands_over)
		what = missing ? "is free memory, and not all of it is handed over"
			       : "is handed over, and not all of it is free memory";
	else if (!range_is_empty(at))
		what = missing ? "is freed, and not all of it gets to the page allocator"
			       : "gets to the page allocator, and not all of it was freed";
	if (r->stats && t->hands_over)
		r->stats->handovers++;
	if (t->hands_over && r->twice.nr) {
		at = (struct range){ r->twice.v[0].start << r->ops->page_shift,
				     r->twice.v[0].end << r->ops->page_shift };
		what = "is handed over twice";
	}
	if (!what)
		return true;
	differs(r, ASPECT_HANDOVER, 0);
	keep_pages(r->outcome, expected);
	snprintf(r->outcome->text, sizeof(r->outcome->text), "%#" PRIx64 "-%#" PRIx64 " %s",
		 at.start, at.end - 1, what);
	return false;
}

/*
 * A known bug that only shows in what a call returned, and was told: the sequence goes on. While a
 * sequence is made smaller there are no statistics, and nothing is passed over.
 */
static bool pass_over(struct rig *r)
{
	const struct engine_bug *bug = model_known(r->model);

	if (!bug || !r->stats)
		return false;
	for (size_t i = 0; i < r->nr_passed; i++)
		if (r->passed[i] == bug->name)
			return true;
	if (r->nr_passed < ARRAY_LEN(r->passed))
		r->passed[r->nr_passed++] = bug->name;
	return false;
}

bool judge_call(struct rig *r, const struct rt_call *call, const struct trait *t, bool whole)
{
	if (r->digests)
		return true;
	if (!r->expected) {
		if (r->stats)
			r->stats->unjudged++;
		return t->judged;
	}
	if (r->expected_end != ENGINE_RETURNED)
		return differs(r, ASPECT_END, 0);
	if (r->result != r->expected_result && !r->any_result && !pass_over(r))
		return differs(r, ASPECT_RESULT, 0);
	for (int i = 0; i < call->nr_args; i++)
		if (call->args[i].kind == RT_OUT && r->outs[i] != r->expected_outs[i] &&
		    !pass_over(r))
			return differs(r, ASPECT_OUT, 0);
	if (t->zeroes && r->result != RT_NULL && t->size_arg >= 0 &&
	    !judge_is_zeroed(r, r->args[t->size_arg]))
		return differs(r, ASPECT_ZEROED, 0);
	if ((t->hands_over || t->is_late) && !judge_handover(r, t))
		return false;
	if (t->hands_over && !judge_marked(r))
		return false;
	return !whole || judge_lists(r);
}

void judge_end(struct rig *r, const struct engine_exit *exit)
{
	/* what nobody can judge may end as it likes, but for going on for ever */
	if (!r->model || (!r->expected && exit->end != ENGINE_TIMED_OUT))
		return;
	if (r->expected && r->expected_end == exit->end)
		return;
	/* an array that lies where the machine could have memory, but the simulator has none */
	if (r->has_high && exit->end == ENGINE_FAULTED)
		return;
	differs(r, ASPECT_END, 0);
	r->outcome->got.end = exit->end;
	snprintf(r->outcome->got.text, sizeof(r->outcome->got.text), "%.199s", exit->text);
}
