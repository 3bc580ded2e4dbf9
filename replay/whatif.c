// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The calls of a log under other conditions: another memblock that goes its own way, more memory or
 * less, without some callers, with other words on the command line. The log is followed first, which
 * shows what no line tells; what came of the calls there does not decide here.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/size.h"
#include "replay/internal.h"
#include "replay/whatif.h"

static bool is_addition(const struct trace_call *c)
{
	return c->name && !strncmp(c->name, "memblock_add", 12);
}

static bool is_free(const struct trace_call *c)
{
	return c->name && !strcmp(c->name, "memblock_phys_free");
}

static bool is_reserve(const struct trace_call *c)
{
	return c->name &&
	       (!strcmp(c->name, "memblock_reserve") || !strcmp(c->name, "__memblock_reserve") ||
		!strcmp(c->name, "memblock_reserve_kern"));
}

static bool is_allocation(const struct trace_call *c)
{
	return !c->name || strstr(c->name, "alloc");
}

static struct range range_of(const struct call_args *a)
{
	uint64_t end = a->base + a->size;

	return (struct range){ a->base, end < a->base ? UINT64_MAX : end };
}

static bool is_dropped(const struct whatif *w, const char *caller)
{
	for (size_t i = 0; caller && *caller && i < w->change->nr_drop; i++)
		if (replay_caller_fits(w->change->drop[i], caller))
			return true;
	return false;
}

static size_t own(struct whatif *w, const struct trace_call *c, struct range here)
{
	const struct replay_row *row = make_find_memory(&w->p, here.start);
	struct replay_result *r = w->p.r;

	ARRAY_APPEND(r->owners, r->nr_owners, r->room_owners) = (struct replay_owner){
		.range = here,
		.line = c->event->line,
		.caller = c->caller ? c->caller : "",
		.function = c->event->function,
		.nid = row ? row->nid : -1,
	};
	return r->nr_owners - 1;
}

static void make(struct whatif *w, const struct trace_call *c, const struct call_args *a)
{
	make_call(&w->p, c->name, c->caller, a, NULL);
}

/* Memory that is not to be there is not added. */
static void make_addition(struct whatif *w, const struct trace_call *c)
{
	struct rangeset rest = { 0 };

	rangeset_add(&rest, range_of(&c->args));
	for (size_t i = 0; i < w->nr_without; i++)
		rangeset_remove(&rest, w->without[i]);
	for (size_t i = 0; i < rest.nr; i++) {
		struct call_args a = c->args;

		a.base = rest.v[i].start;
		a.size = range_size(rest.v[i]);
		make(w, c, &a);
	}
	rangeset_release(&rest);
}

static void add_more(struct whatif *w)
{
	for (size_t i = 0; i < w->change->nr_ram; i++) {
		struct call_args a = { .base = w->change->ram[i].start,
				       .size = range_size(w->change->ram[i]),
				       .nid = w->nodes[i] };

		make_call(&w->p, a.nid >= 0 ? "memblock_add_node" : "memblock_add", NULL, &a, NULL);
	}
}

/* The first call that sets nodes sets those of the memory that is there in addition, too. */
static void set_nodes(struct whatif *w)
{
	for (size_t i = 0; i < w->change->nr_ram; i++) {
		struct call_args a = { .base = w->change->ram[i].start,
				       .size = range_size(w->change->ram[i]),
				       .nid = w->nodes[i],
				       .type = RT_MEMORY };

		if (a.nid >= 0)
			make_call(&w->p, "memblock_set_node", NULL, &a, NULL);
	}
	w->nodes_are_set = true;
}

/* A kernel that takes its memory back, to begin anew from another map. */
static void make_remove(struct whatif *w, const struct trace_call *c)
{
	struct rt_type_state state;

	make(w, c, &c->args);
	if (!w->p.ops->type(RT_MEMORY, &state) && !state.total_size)
		add_more(w);
}

static void make_free_piece(struct whatif *w, const struct trace_call *c, struct range piece)
{
	struct call_args a = { .base = piece.start, .size = range_size(piece), .nid = -1 };

	if (a.size)
		make(w, c, &a);
}

/* What is to be freed is where it was put here, in pieces if it was not one allocation. */
static void make_free_range(struct whatif *w, const struct trace_call *c, struct range r)
{
	while (!range_is_empty(r)) {
		const struct place *found = places_find(&w->places, r);
		struct place p;
		struct range part, here;

		if (!found) {
			make_free_piece(w, c, r);
			return;
		}
		p = *found;
		part = range_intersect(p.log, r);
		here = (struct range){ p.here.start + (part.start - p.log.start),
				       p.here.start + (part.end - p.log.start) };
		w->freed_dropped |= p.dropped;
		if (p.owner != SIZE_MAX && part.start == p.log.start && part.end == p.log.end)
			w->p.r->owners[p.owner].freed = c->event->line;
		places_cut(&w->places, part);
		if (!range_is_empty(p.here))
			make_free_piece(w, c, here);
		/* the shorter side is gone through by itself, so that this cannot go deep */
		if (part.start - r.start < r.end - part.end) {
			make_free_range(w, c, (struct range){ r.start, part.start });
			r.start = part.end;
		} else {
			make_free_range(w, c, (struct range){ part.end, r.end });
			r.end = part.start;
		}
	}
}

static void make_free(struct whatif *w, const struct trace_call *c)
{
	struct replay_result *r = w->p.r;
	struct range range = range_of(&c->args);

	if (is_dropped(w, c->caller)) {
		w->w->dropped_frees++;
		w->p.r->calls--;
		return;
	}
	if (range_is_empty(range)) {
		make(w, c, &c->args);
		return;
	}
	w->freed_dropped = false;
	make_free_range(w, c, range);
	w->w->dropped_frees += w->freed_dropped;
	for (size_t i = 0; i < w->nr_fixed; i++) {
		struct replay_owner *o = &r->owners[w->fixed[i]];

		if (!o->freed && o->range.start >= range.start && o->range.end <= range.end)
			o->freed = c->event->line;
	}
}

static bool overlaps_set(const struct rangeset *s, struct range r)
{
	size_t at = rangeset_after(s, r.start);

	return at < s->nr && range_overlaps(s->v[at], r);
}

static void collide(struct whatif *w, const struct trace_call *c, struct range r, unsigned int line)
{
	ARRAY_APPEND(w->w->collisions, w->w->nr_collisions, w->w->room_collisions) =
		(struct replay_collision){ c->event, r, !c->caller, line };
}

/* It names its place: is that free, and memory at all? */
static void find_collision(struct whatif *w, const struct trace_call *c, struct range r)
{
	const struct place *p = places_find_here(&w->places, r);

	/* in the same place as in the log it is the log's affair */
	if (p && !(p->here.start == p->log.start && range_overlaps(p->log, r))) {
		collide(w, c, r, p->owner == SIZE_MAX ? 0 : w->p.r->owners[p->owner].line);
		return;
	}
	if (overlaps_set(&w->lost, r))
		collide(w, c, r, 0);
}

static void make_reserve(struct whatif *w, const struct trace_call *c)
{
	struct range r = range_of(&c->args);

	make(w, c, &c->args);
	if (range_is_empty(r))
		return;
	find_collision(w, c, r);
	if (c->caller)
		ARRAY_APPEND(w->fixed, w->nr_fixed, w->room_fixed) = own(w, c, r);
}

static enum replay_fate fate_of(uint64_t log, uint64_t here)
{
	if (!log)
		return here ? REPLAY_GAINED : REPLAY_NEITHER;
	if (!here)
		return REPLAY_FAILED;
	return here == log ? REPLAY_SAME : REPLAY_MOVED;
}

static void tell_difference(struct whatif *w, const struct replay_outcome *o)
{
	static const char *const reasons[REPLAY_NR_FATES] = {
		[REPLAY_MOVED] = "it is elsewhere here, and stays there",
		[REPLAY_FAILED] = "no memory fits here, and did there",
		[REPLAY_GAINED] = "there is memory for it here",
	};
	uint64_t values[2] = { o->here, o->log };
	char texts[2][32] = { "no memory", "no memory" };

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (values[i])
			snprintf(texts[i], sizeof(texts[i]), "0x%" PRIx64, values[i]);
	note_difference(&w->p, o->event, texts[0], texts[1], reasons[o->fate]);
}

static void judge(struct whatif *w, const struct trace_call *c, uint64_t got)
{
	struct replay_result *r = w->p.r;
	struct replay_outcome o = {
		.event = c->event,
		.size = c->args.size,
		.log = range_is_empty(c->log) ? 0 : c->log.start,
		.here = got,
	};

	o.fate = fate_of(o.log, o.here);
	ARRAY_APPEND(w->w->outcomes, w->w->nr_outcomes, w->w->room_outcomes) = o;
	w->w->fates[o.fate]++;
	r->allocations++;
	r->failed += o.fate == REPLAY_NEITHER;
	if (o.fate == REPLAY_SAME || o.fate == REPLAY_NEITHER) {
		r->identical++;
		return;
	}
	r->different++;
	if (!w->w->changed || w->p.o->mode == REPLAY_STRICT)
		tell_difference(w, &o);
}

/* The log's result in place of what came out, where it is to be followed all the same. */
static uint64_t take_over(struct whatif *w, const struct trace_call *c, uint64_t got)
{
	struct call_args mine = { .base = got, .size = c->args.size, .nid = -1 };
	struct call_args theirs = { .base = c->log.start, .size = range_size(c->log), .nid = -1 };
	uint64_t expected = theirs.size ? theirs.base : 0;

	if (w->p.o->mode != REPLAY_FOLLOW || got == expected)
		return got;
	if (got)
		make_call(&w->p, "memblock_phys_free", c->caller, &mine, NULL);
	if (theirs.size)
		make_call(&w->p, "memblock_reserve", c->caller, &theirs, NULL);
	return expected;
}

/* Kernels ask again, and less, when there is no memory: not if there is. */
static bool is_retry(const struct trace_call *a, const struct trace_call *b)
{
	return b->judged && a->caller && b->caller && a->args.size == b->args.size &&
	       a->event != b->event && !strcmp(a->caller, b->caller);
}

static void make_allocation(struct whatif *w, const struct trace_call *c)
{
	struct range fixed = c->log, here = { 0 };
	uint64_t got = 0;

	if (w->has_already && is_retry(w->already, c)) {
		if (!range_is_empty(c->log))
			judge(w, c, w->got_already.start);
		places_set(&w->places,
			   (struct place){ c->log, w->got_already, w->owner_already, false });
		w->has_already = range_is_empty(c->log);
		return;
	}
	w->has_already = false;
	if (c->name) {
		make_call(&w->p, c->name, c->caller, &c->args, &got);
	} else if (!range_is_empty(fixed)) {
		struct call_args a = { .base = fixed.start, .size = range_size(fixed), .nid = -1 };

		make_call(&w->p, "memblock_reserve", c->caller, &a, NULL);
		find_collision(w, c, fixed);
		got = fixed.start;
	}
	if (c->judged)
		judge(w, c, got);
	if (c->judged)
		got = take_over(w, c, got);
	if (got)
		here = (struct range){ got, got + (range_is_empty(c->log) ? c->args.size
									  : range_size(c->log)) };
	w->owner_already = got ? own(w, c, here) : SIZE_MAX;
	if (!range_is_empty(c->log))
		places_set(&w->places, (struct place){ c->log, here, w->owner_already, false });
	else if (c->judged && got) {
		w->has_already = true;
		w->already = c;
		w->got_already = here;
	}
}

/* It is not made, nor is what it would have got freed. */
static void drop(struct whatif *w, const struct trace_call *c)
{
	struct range r = c->judged ? c->log : range_of(&c->args);

	w->w->dropped_calls++;
	w->p.r->calls--;
	if ((is_allocation(c) || is_reserve(c)) && !places_find(&w->places, r))
		places_set(&w->places, (struct place){ r, { 0 }, SIZE_MAX, true });
}

static void make_again(struct whatif *w, const struct trace_call *c)
{
	if (is_free(c)) {
		make_free(w, c);
		return;
	}
	if (is_dropped(w, c->caller)) {
		drop(w, c);
		return;
	}
	if (is_allocation(c)) {
		make_allocation(w, c);
	} else if (is_addition(c)) {
		make_addition(w, c);
	} else if (is_reserve(c)) {
		make_reserve(w, c);
	} else if (!strcmp(c->name, "memblock_remove")) {
		make_remove(w, c);
	} else {
		make(w, c, &c->args);
		if (!w->nodes_are_set && !strcmp(c->name, "memblock_set_node"))
			set_nodes(w);
	}
}

static uint64_t sum(const struct replay_rows *rows)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < rows->nr; i++)
		bytes += range_size(rows->v[i].range);
	return bytes;
}

static void copy_rows(struct replay_rows *to, const struct replay_rows *from)
{
	to->nr = 0;
	for (size_t i = 0; i < from->nr; i++)
		rows_add(to, from->v[i]);
}

static void keep_state(struct whatif *w, unsigned int line)
{
	struct replay *p = &w->p;

	make_take_state(p);
	copy_rows(&p->r->memory, &p->memory);
	copy_rows(&p->r->reserved, &p->reserved);
	p->r->at = line;
	w->w->memory = sum(&p->memory);
	w->w->reserved = sum(&p->reserved);
	w->kept = true;
}

/* What is to be done before a call because it is the first of its kind. */
static void prepare(struct whatif *w, const struct trace_call *c)
{
	struct replay *p = &w->p;
	struct call_args none = { 0 };

	if (!w->kept && p->o->at && c->event->line > p->o->at)
		keep_state(w, p->o->at);
	if (is_allocation(c) && !w->allocating) {
		w->allocating = true;
		whatif_limit_memory(w);
	}
	if (!w->late && (c->event->kind == REPLAY_OVER ||
			 (p->log->cmdline_line && c->event->line > p->log->cmdline_line))) {
		w->late = true;
		whatif_give_words(w, false);
	}
	if (!p->resize && (make_is_full(&p->arrays[0]) || make_is_full(&p->arrays[1])))
		p->resize = make_call(p, "memblock_allow_resize", NULL, &none, NULL);
	p->resize |= c->name && !strcmp(c->name, "memblock_allow_resize");
}

static void run_again(void *data)
{
	struct whatif *w = data;
	struct replay *p = &w->p;

	make_watch(p);
	if (p->log->movable_node)
		engine_set_variable(p->e, "movable_node_enabled", 1);
	add_more(w);
	whatif_give_words(w, true);
	for (size_t i = 0; i < w->trace.nr && !p->stop; i++) {
		const struct trace_call *c = &w->trace.v[i];

		prepare(w, c);
		p->r->last_line = c->event->line;
		p->r->calls++;
		make_again(w, c);
		make_watch(p);
	}
	if (!w->late)
		whatif_give_words(w, false);
	if (!w->kept)
		keep_state(w, p->o->at ? p->o->at : p->log->lines);
}

static void add_ram(struct whatif *w, struct range r)
{
	if (r.end > r.start && r.end <= engine_max_address())
		engine_add_ram(w->p.e, r);
}

/* Firmware gives memory that is next to a node's to that node. */
static void find_nodes(struct whatif *w)
{
	w->nodes = array_resize(NULL, w->change->nr_ram + 1, sizeof(*w->nodes));
	for (size_t i = 0; i < w->change->nr_ram; i++) {
		const struct replay_row *next = NULL;

		for (size_t j = 0; j < w->first.memory.nr; j++) {
			const struct replay_row *row = &w->first.memory.v[j];

			if (!next || row->range.start <= w->change->ram[i].start)
				next = row;
		}
		w->nodes[i] = next ? next->nid : -1;
	}
}

/* What is memory in the log, and is to be none. */
static void find_lost(struct whatif *w)
{
	for (size_t i = 0; i < w->nr_without; i++)
		for (size_t j = 0; j < w->first.memory.nr; j++)
			rangeset_add(&w->lost,
				     range_intersect(w->without[i], w->first.memory.v[j].range));
}

static void run_second(struct whatif *w)
{
	struct replay *p = &w->p;
	struct replay_result *r = p->r;

	*r = (struct replay_result){
		.log = p->log,
		.kernel = w->first.kernel,
		.mode = p->o->mode,
		.inferred = w->first.inferred,
		.nr_inferred = w->first.nr_inferred,
		.room_inferred = w->first.room_inferred,
		.guessed = w->first.guessed,
		.whatif = w->w,
	};
	if (p->o->again)
		p->o->again(p->o->data);
	w->first.inferred = NULL;
	w->first.nr_inferred = 0;
	engine_reset(p->e);
	for (size_t i = 0; i < w->trace.nr; i++)
		if (is_addition(&w->trace.v[i]))
			add_ram(w, range_of(&w->trace.v[i].args));
	for (size_t i = 0; i < w->change->nr_ram; i++)
		add_ram(w, w->change->ram[i]);
	engine_run(p->e, run_again, w, p->o->timeout_ms ? p->o->timeout_ms : TIMEOUT_MS, &r->exit);
}

void whatif_run(struct engine *e, const struct replay_log *log,
		const struct replay_options *options, struct replay_result *r, follow_fn follow)
{
	struct replay_options first = { .timeout_ms = options->timeout_ms,
					.at = options->at,
					.no_handover = true };
	struct replay_whatif *result = array_resize(NULL, 1, sizeof(*result));
	struct whatif w = {
		.p = { .e = e, .ops = engine_ops(e), .log = log, .o = options, .r = r },
		.w = result,
		.change = &options->change,
	};

	*result = (struct replay_whatif){
		.changed = replay_is_changed(options),
		.change = &options->change,
	};
	*r = (struct replay_result){ 0 };
	follow(e, log, &first, &w.first, &w.trace);
	result->log_memory = sum(&w.first.memory);
	result->log_reserved = sum(&w.first.reserved);
	find_nodes(&w);
	whatif_read_words(&w);
	find_lost(&w);
	if (w.first.exit.end == ENGINE_RETURNED) {
		run_second(&w);
		replay_result_release(&w.first);
	} else {
		*r = w.first;
		r->whatif = result;
	}
	places_release(&w.places);
	rangeset_release(&w.lost);
	whatif_release_words(&w);
	free(w.trace.v);
	free(w.nodes);
	free(w.fixed);
	free(w.p.memory.v);
	free(w.p.reserved.v);
}
