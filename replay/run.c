// SPDX-License-Identifier: GPL-2.0-or-later
/* Makes the calls of a log, one after the other, and holds every result against it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "replay/internal.h"

/* Whether there was anything. */
static bool make_planned(struct replay *p, size_t before)
{
	size_t first = p->next_step;

	for (; p->next_step < p->nr_plan && p->plan[p->next_step].before <= before;
	     p->next_step++) {
		const struct plan_step *s = &p->plan[p->next_step];
		unsigned int line = before < p->log->nr ? p->log->v[before].line : 0;
		char node[32] = "";

		if (s->args.nid >= 0)
			snprintf(node, sizeof(node), ", %s, node %d",
				 s->args.type == RT_RESERVED ? "reserved" : "memory", s->args.nid);
		if (make_call(p, s->call, NULL, &s->args, NULL))
			note_inferred(p, s->line, line, "%s(0x%" PRIx64 "-0x%" PRIx64 "%s)",
				      s->call, s->args.base, s->args.base + s->args.size - 1, node);
	}
	return p->next_step != first;
}

/* Whether event @i is what memblock reserved for request @e. */
static bool is_answer(const struct replay *p, const struct replay_event *e, size_t i)
{
	const struct replay_event *a = &p->log->v[i];
	uint64_t most;

	if (i >= p->log->nr || a->kind != REPLAY_RESERVE || a->size < e->size)
		return false;
	/* before 4.x the size was rounded up to the alignment */
	most = e->align ? (e->size + e->align - 1) & ~(e->align - 1) : e->size;
	if (a->size != e->size && a->size != most)
		return false;
	/* addresses of code that %pS could not name */
	return a->internal || !*a->caller || strchr("(0123456789abcdef", *a->caller);
}

/* Lines that could not be read between two that could: nobody knows what they said. */
static bool is_torn(const struct replay *p, unsigned int from, unsigned int to)
{
	for (size_t i = 0; i < p->log->nr_unread; i++)
		if (p->log->unread[i].line >= from && p->log->unread[i].line <= to)
			return true;
	return false;
}

/* Takes over the log's @range, or nothing if it is empty, for what the engine gave at @got. */
static void take_over(struct replay *p, const struct replay_event *e, uint64_t got,
		      struct range range)
{
	struct call_args mine = { .base = got, .size = e->size, .nid = -1 };
	struct call_args theirs = { .base = range.start, .size = range_size(range), .nid = -1 };

	p->mending = true;
	if (got)
		make_call(p, "memblock_phys_free", e->caller, &mine, NULL);
	if (!range_is_empty(range))
		make_call(p, "memblock_reserve", e->caller, &theirs, NULL);
	p->mending = false;
}

/* @range is where the log has it; empty: it failed there. */
static void judge(struct replay *p, const struct replay_event *e, uint64_t got, struct range range)
{
	uint64_t expected = range_is_empty(range) ? 0 : range.start;
	char texts[2][32] = { "no memory", "no memory" }, *around;

	p->r->allocations++;
	trace_judge(p, e, range);
	if (got == expected) {
		p->r->identical++;
		p->r->failed += !got;
	} else {
		p->r->different++;
		if (got)
			snprintf(texts[0], sizeof(texts[0]), "0x%" PRIx64, got);
		if (expected)
			snprintf(texts[1], sizeof(texts[1]), "0x%" PRIx64, expected);
		around = around_state(p, e, got, range);
		note_difference(p, e, texts[0], texts[1], around_reason(p, e, got, range));
		p->r->differences[p->r->nr_differences - 1].around = around;
		take_over(p, e, got, range);
	}
	if (expected)
		owner_add(p, e, range);
}

/* In a log 1 is MEMBLOCK_ALLOC_NOLEAKTRACE, which older kernels do not have, or by another name. */
static uint64_t translate_max(const struct replay *p, uint64_t max)
{
	if (max != 1)
		return max;
	for (int i = 0; i < p->ops->nr_constants; i++)
		if (p->ops->constants[i].value == 1 &&
		    !strncmp(p->ops->constants[i].name, "MEMBLOCK_ALLOC_", 15))
			return max;
	return 0;
}

/* Where the doubling that the call of event @i caused is logged, or 0. */
static size_t find_double(const struct replay *p, size_t i)
{
	size_t at = i + 1;

	if (p->log->v[i].kind == REPLAY_REQUEST && at < p->log->nr &&
	    is_answer(p, &p->log->v[i], at))
		at++;
	return at < p->log->nr && p->log->v[at].kind == REPLAY_DOUBLE ? at : 0;
}

/*
 * Makes the request as it stands. Where that leads to the log's address, which it nearly always does, there is
 * nothing to infer; else it is taken back. What cannot be taken back is not tried: a doubled array.
 */
static bool try_request(struct replay *p, size_t i, const char *name, const struct call_args *a,
			uint64_t expected, uint64_t *got)
{
	const struct replay_event *e = &p->log->v[i];
	const uint64_t size = p->arrays[1].size;
	struct call_args back = { .nid = -1 };

	/* what is doubted has to be held against every request */
	if (p->careful || p->o->script || p->doubt.event || make_is_full(&p->arrays[1]) ||
	    find_double(p, i))
		return false;
	p->trying = true;
	if (!make_call(p, name, e->caller, a, got))
		*got = 0;
	p->trying = false;
	if (*got && *got == expected) {
		trace_add(p, name, e->caller, a);
		infer_confirm(p, e);
		return true;
	}
	make_watch(p);
	/* kernels have rounded sizes */
	back.base = *got;
	back.size = p->arrays[1].size - size;
	p->mending = true;
	if (*got && back.size)
		make_call(p, "memblock_phys_free", e->caller, &back, NULL);
	p->mending = false;
	return false;
}

/* Makes the request of event @i; returns how many events that was. */
static size_t replay_request(struct replay *p, size_t i)
{
	const struct replay_event *e = &p->log->v[i], *next = e + 1;
	const char *name = make_allocation_name(p, e->function);
	bool answered = i + 1 < p->log->nr && is_answer(p, e, i + 1);
	struct call_args a = {
		.size = e->size,
		.align = e->align,
		.min = e->min,
		.max = translate_max(p, e->max),
		.nid = e->nid,
	};
	struct range range = answered ? next->range : (struct range){ 0 };
	uint64_t got = 0;

	/* an unknown function is asked for as what is nearest to it */
	if (!name)
		name = strstr(e->function, "phys") ? "memblock_phys_alloc_range"
						   : "memblock_alloc_try_nid";
	if (answered && try_request(p, i, name, &a, range.start, &got)) {
		judge(p, e, got, range);
		return 2;
	}
	if (answered)
		infer_request(p, e, range.start);
	if (!make_call(p, name, e->caller, &a, &got)) {
		note_difference(p, e, "no such call", e->function,
				"this kernel has no function like it");
		trace_judge(p, e, range);
		take_over(p, e, 0, range);
		return 1 + answered;
	}
	/* the log's end, or a line that is lost: nothing to hold it against */
	if (!answered && (i + 1 == p->log->nr || is_torn(p, e->line, next->line))) {
		if (got)
			owner_add(p, e, (struct range){ got, got + e->size });
		return 1;
	}
	judge(p, e, got, range);
	return 1 + answered;
}

/* memblock reserved something for an allocation that no line asks for. */
static void replay_silent(struct replay *p, const struct replay_event *e)
{
	struct call_args a;
	const char *call;
	uint64_t got = 0;
	bool found = infer_silent(p, e, &a, &call);

	if (!found && p->r->guessed) {
		taken_as_is(p, e);
		owner_add(p, e, e->range);
		return;
	}
	if (found)
		found = make_call(p, call, e->caller, &a, &got);
	if (found)
		note_inferred(p, e->line, e->line,
			      "%s(%" PRIu64 " bytes, align 0x%" PRIx64 ", from 0x%" PRIx64
			      ", to 0x%" PRIx64 ", node %d)",
			      call, a.size, a.align, a.min, a.max, a.nid);
	judge(p, e, got, e->range);
}

static void replay_free(struct replay *p, const struct replay_event *e, struct call_args *a)
{
	make_call(p, "memblock_phys_free", e->caller, a, NULL);
	owner_remove(p, e);
}

/*
 * Some kernels note nodes in their reservations when they hand over. If a dump follows it has to
 * be made; else what it would do with memory that may be torn is of no interest.
 */
static void hand_over(struct replay *p, size_t i)
{
	const struct replay_log *log = p->log;
	const struct replay_event *e = &log->v[i];
	struct call_args none = { 0 };
	bool followed = false;

	for (size_t j = i + 1; j < log->nr; j++)
		followed |= log->v[j].kind == REPLAY_DUMP;
	if (!followed || p->over)
		return;
	p->over = true;
	if (make_call(p, "memblock_free_all", e->caller, &none, NULL))
		note_inferred(p, e->line, e->line, "memblock_free_all()");
}

/* Makes the call of event @i, and returns how many events that was. */
static size_t replay_event(struct replay *p, size_t i)
{
	const struct replay_event *e = &p->log->v[i];
	struct call_args a = {
		.base = e->range.start,
		.size = e->size,
		.nid = e->nid,
		.flags = e->flags,
	};

	switch (e->kind) {
	case REPLAY_REQUEST:
		return replay_request(p, i);
	case REPLAY_RESERVE:
		if (e->internal && e->size) {
			replay_silent(p, e);
			break;
		}
		make_call(p, e->function, e->caller, &a, NULL);
		if (e->size)
			owner_add(p, e, e->range);
		break;
	case REPLAY_ADD:
		make_call(p, e->function, e->caller, &a, NULL);
		break;
	case REPLAY_REMOVE:
		make_call(p, "memblock_remove", e->caller, &a, NULL);
		break;
	case REPLAY_FREE:
		replay_free(p, e, &a);
		break;
	case REPLAY_LATE:
		late_free(p, e, &a);
		break;
	case REPLAY_DUMP:
		dump_compare(p, e);
		break;
	case REPLAY_OVER:
		hand_over(p, i);
		break;
	default:
		break;
	}
	return 1;
}

/* Whether event @i is that a doubled array's predecessor, which was allocated, too, is freed. */
static bool is_old_array(const struct replay_log *log, size_t i)
{
	static const char function[] = "memblock_double_array";

	return i < log->nr && log->v[i].kind == REPLAY_FREE &&
	       !strncmp(log->v[i].caller, function, strlen(function));
}

/* The engine doubled an array, or the log did: at the same time, to the same place? */
static size_t judge_double(struct replay *p, size_t i, size_t logged, bool doubled)
{
	const struct replay_log *log = p->log;
	const struct replay_event *d = logged ? &log->v[logged] : NULL;
	char got[32] = "no doubling", expected[32] = "no doubling";
	size_t next = logged + 1;

	p->r->doubled_log += !!d;
	p->r->doubled += doubled;
	if (doubled)
		snprintf(got, sizeof(got), "0x%" PRIx64, p->doubled_at);
	if (d)
		snprintf(expected, sizeof(expected), "0x%" PRIx64, d->range.start);
	if (doubled != !!d || (d && d->range.start != p->doubled_at))
		note_difference(p, d ? d : &log->v[i], got, expected,
				"an array was doubled at another time or place: it has other rows, "
				"or another size to begin with");
	if (!d)
		return 0;
	if (is_old_array(log, next))
		owner_remove(p, &log->v[next++]);
	if (next < log->nr && log->v[next].kind == REPLAY_RESERVE &&
	    log->v[next].range.start == d->range.start) {
		owner_add(p, &log->v[next], log->v[next].range);
		next++;
	}
	return next;
}

static void allow_resize(struct replay *p, size_t before, size_t doubling)
{
	struct call_args none = { 0 };

	if (p->resize || !make_call(p, "memblock_allow_resize", NULL, &none, NULL))
		return;
	p->resize = true;
	note_inferred(p, p->log->v[doubling].line, p->log->v[before].line,
		      "memblock_allow_resize()");
}

static void keep_state(struct replay *p, unsigned int line)
{
	const struct replay_rows *from[] = { &p->memory, &p->reserved };
	struct replay_rows *to[] = { &p->r->memory, &p->r->reserved };

	make_take_state(p);
	p->kept = true;
	p->r->at = line;
	for (size_t i = 0; i < ARRAY_LEN(to); i++) {
		to[i]->nr = 0;
		for (size_t j = 0; j < from[i]->nr; j++)
			rows_add(to[i], from[i]->v[j]);
	}
}

/* What comes before the call of the next event, and without a line. */
static void prepare_event(struct replay *p)
{
	const struct replay_event *e = &p->log->v[p->at];
	size_t logged = find_double(p, p->at);

	if (!p->kept && p->o->at && e->line > p->o->at)
		keep_state(p, p->o->at);
	p->doubled = false;
	late_before(p, e->line);
	if (make_planned(p, p->at))
		make_watch(p);
	if (logged || make_is_full(&p->arrays[0]) || make_is_full(&p->arrays[1]))
		allow_resize(p, p->at, logged ? logged : p->at);
	p->r->last_line = e->line;
	p->r->calls += e->kind != REPLAY_DUMP && e->kind != REPLAY_OVER;
}

static void run_all(void *data)
{
	struct replay *p = data;
	const struct replay_log *log = p->log;

	make_watch(p);
	if (log->movable_node)
		engine_set_variable(p->e, "movable_node_enabled", 1);
	while (p->at < log->nr && !p->stop && !(p->o->until && log->v[p->at].line >= p->o->until)) {
		size_t i = p->at, logged = find_double(p, i), n;

		p->event = &log->v[i];
		if (!p->careful)
			prepare_event(p);
		n = replay_event(p, i);
		p->careful = false;
		make_watch(p);
		if (logged || p->doubled) {
			size_t next = judge_double(p, i, logged, p->doubled);

			n = next > i + n ? next - i : n;
		}
		p->at += n;
	}
	late_end(p);
	doubt_close(p);
	if (!p->kept)
		keep_state(p, p->o->at ? p->o->at : log->lines);
}

/* Some kernels panic where there is no memory, which may be for want of what is yet to be inferred. */
static void run_guarded(struct replay *p)
{
	unsigned int timeout_ms = p->o->timeout_ms ? p->o->timeout_ms : TIMEOUT_MS;

	do {
		p->careful = p->trying;
		p->trying = false;
		engine_run(p->e, run_all, p, timeout_ms, &p->r->exit);
	} while (p->trying && p->r->exit.end == ENGINE_PANICKED);
}

/* Everything that is memory or is reserved at some time can be touched. */
static void add_ram(struct replay *p)
{
	const struct replay_log *log = p->log;
	uint64_t most = engine_max_address();

	for (size_t i = 0; i < p->nr_plan; i++) {
		const struct call_args *a = &p->plan[i].args;

		if (!strcmp(p->plan[i].call, "memblock_add") && a->base + a->size <= most)
			engine_add_ram(p->e, (struct range){ a->base, a->base + a->size });
	}
	for (size_t i = 0; i < log->nr; i++) {
		if (log->v[i].kind == REPLAY_ADD && log->v[i].range.end <= most && log->v[i].size)
			engine_add_ram(p->e, log->v[i].range);
		for (size_t j = 0; log->v[i].dump && j < log->v[i].dump->memory.nr; j++)
			if (log->v[i].dump->memory.v[j].range.end <= most)
				engine_add_ram(p->e, log->v[i].dump->memory.v[j].range);
	}
}

static void run_log(struct engine *e, const struct replay_log *log,
		    const struct replay_options *options, struct replay_result *r,
		    struct trace *trace)
{
	struct replay p = {
		.e = e,
		.ops = engine_ops(e),
		.log = log,
		.o = options,
		.r = r,
		.limit = UINT64_MAX,
		.trace = trace,
	};

	*r = (struct replay_result){ .log = log, .kernel = engine_info(e), .mode = options->mode };
	engine_reset(e);
	plan_make(&p);
	add_ram(&p);
	engine_listen(e, NULL);
	if (!options->no_handover)
		late_begin(&p);
	run_guarded(&p);
	late_finish(&p);
	free(p.plan);
	index_release(&p.owned);
	rangeset_release(&p.claimed);
	free(p.memory.v);
	free(p.reserved.v);
}

void replay_run(struct engine *e, const struct replay_log *log,
		const struct replay_options *options, struct replay_result *r)
{
	if (options->mode == REPLAY_PREDICT || replay_is_changed(options))
		whatif_run(e, log, options, r, run_log);
	else
		run_log(e, log, options, r, NULL);
}
