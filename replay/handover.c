// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The hand-over of a replay: where the log has it, memblock gives its memory to a page map and its
 * zones, and what the log frees later is freed there, too.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "replay/late.h"

void late_not_held(struct late *h, const char *fmt, ...)
{
	struct replay_handover *r = h->h;
	char *text;
	va_list args;

	va_start(args, fmt);
	text = array_vformat(fmt, args);
	va_end(args);
	ARRAY_APPEND(r->not_held, r->nr_not_held, r->room_not_held) = text;
}

uint64_t late_page_size(const struct late *h)
{
	return 1ULL << h->h->boot.page_shift;
}

/* The last line that could not be read and that no complete dump follows: what it did is lost. */
static unsigned int find_lost(const struct replay_log *log, unsigned int before)
{
	unsigned int dump = 0, lost = 0;

	for (size_t i = 0; i < log->nr; i++)
		if (log->v[i].kind == REPLAY_DUMP && log->v[i].line < before &&
		    log->v[i].dump->memory.nr && log->v[i].dump->reserved.told)
			dump = log->v[i].line;
	for (size_t i = 0; i < log->nr_unread; i++)
		if (log->unread[i].line > dump && log->unread[i].line < before)
			lost = log->unread[i].line;
	return lost;
}

static unsigned int over_line(const struct replay_told *told)
{
	unsigned int slub = told->slub_line, memory = told->memory.line;

	return !slub || (memory && memory < slub) ? memory : slub;
}

static char *find_obstacle(struct replay *p, const struct replay_handover *r)
{
	unsigned int line = over_line(&r->told), lost;

	if (!line)
		return array_strdup("the log ends before memblock handed over: it has no line "
				    "\"Memory:\" or \"SLUB:\"");
	if (p->r->guessed)
		return array_strdup("the log has no dump of memblock, so what was reserved before "
				    "it begins is not known");
	lost = find_lost(p->log, line);
	if (lost)
		return array_format("line %u could not be read, and no dump tells what came of it",
				    lost);
	return NULL;
}

static void add_step(struct late *h, unsigned int line, enum late_kind kind, size_t freed)
{
	ARRAY_APPEND(h->steps, h->nr, h->room) = (struct late_step){ line, kind, freed };
}

static int compare_steps(const void *a, const void *b)
{
	const struct late_step *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return (x->kind > y->kind) - (x->kind < y->kind);
}

/*
 * Struct pages that were left are initialised where the log tells it, or else before the line
 * "Memory:" if that comes late, as it does since 6.11; at the end, if it comes early.
 */
static void plan_steps(struct late *h)
{
	const struct replay_told *t = &h->h->told;
	unsigned int line = t->deferred_line;

	h->h->line = over_line(t);
	if (!line)
		line = t->memory.line > h->h->line ? t->memory.line : UINT32_MAX - 1;
	add_step(h, h->h->line, LATE_HAND_OVER, 0);
	add_step(h, line, LATE_DEFERRED, 0);
	if (t->memory.line)
		add_step(h, t->memory.line, LATE_MEMORY, 0);
	for (size_t i = 0; i < t->nr_freed; i++)
		if (t->freed[i].line > h->h->line)
			add_step(h, t->freed[i].line, LATE_FREED, i);
	qsort(h->steps, h->nr, sizeof(*h->steps), compare_steps);
}

/* A log that goes on behind that place tells whether struct pages were left for later. */
static void choose_deferred(struct late *h)
{
	const struct replay_told *t = &h->h->told;

	h->deferred_known = t->nr_deferred || t->nr_zones;
	for (size_t i = 0; i < t->nr_freed; i++)
		h->deferred_known |= !strncmp(t->freed[i].what, "unused kernel", 13);
	if (h->deferred_known)
		boot_late_set_deferred(h->boot, t->nr_deferred > 0);
}

void late_begin(struct replay *p)
{
	struct late *h = array_resize(NULL, 1, sizeof(*h));
	struct replay_handover *r = array_resize(NULL, 1, sizeof(*r));
	struct error err = { 0 };

	*r = (struct replay_handover){ 0 };
	*h = (struct late){ .p = p, .h = r, .layout = p->o->layout };
	p->r->handover = r;
	if (h->layout) {
		replay_told_read(&r->told, p->log->text, p->log->text_len, p->log->first_line);
		r->why_not = find_obstacle(p, r);
	} else {
		r->why_not = array_strdup("the log does not say what machine it is of");
	}
	if (!r->why_not) {
		h->boot = boot_late_new(p->e, &(struct boot_options){ .layout = h->layout },
					&r->boot, &err);
		if (!h->boot)
			r->why_not = array_format("%s", err.text);
	}
	if (!h->boot) {
		free(h);
		return;
	}
	plan_steps(h);
	choose_deferred(h);
	p->late = h;
}

static void hear_event(void *data, enum rt_event event, uint64_t a, uint64_t b, long c)
{
	struct late *h = data;

	mm_event(h->h->boot.mm, event, a, b, c);
}

void late_note_call(struct replay *p, const char *name, const char *caller,
		    const struct call_args *a, uint64_t result)
{
	struct check_call call = {
		.name = name,
		.function = caller && *caller ? caller : "mbsim",
		.line = p->r->last_line,
	};

	call.range.start = strstr(name, "alloc") ? result : a->base;
	call.range.end = call.range.start + a->size;
	if (call.range.end < call.range.start)
		call.range.end = UINT64_MAX;
	boot_late_note_call(p->late->boot, call);
}

/*
 * Nodes of memory, where no dump has them: those of "Early memory node ranges", and node 0 for what is
 * of none.
 */
static void give_nodes(struct replay *p)
{
	const struct replay_told *t = &p->late->h->told;
	struct call_args all = { .base = 0, .size = UINT64_MAX, .nid = 0, .type = RT_MEMORY };
	bool homeless = false;

	make_take_state(p);
	for (size_t i = 0; i < p->memory.nr; i++)
		homeless |= p->memory.v[i].nid < 0;
	if (!homeless || !p->ops->numa)
		return;
	make_call(p, "memblock_set_node", NULL, &all, NULL);
	for (size_t i = 0; i < t->nr_nodes; i++) {
		struct call_args a = {
			.base = t->nodes[i].range.start,
			.size = range_size(t->nodes[i].range),
			.nid = t->nodes[i].nid,
			.type = RT_MEMORY,
		};

		if (a.nid < p->ops->nr_node_ids)
			make_call(p, "memblock_set_node", NULL, &a, NULL);
	}
	note_inferred(p, t->nr_nodes ? t->nodes[0].line : p->late->h->line, p->late->h->line,
		      t->nr_nodes ? "nodes, by \"Early memory node ranges\""
				  : "all memory is of node 0");
}

/* Where mbsim has no rules, zones end where the log says that they do. */
static bool give_zones(struct late *h)
{
	const struct replay_told *t = &h->h->told;
	struct mm *mm = h->h->boot.mm;

	if (boot_late_knows_zones(h->boot))
		return true;
	h->h->zones_given = true;
	for (size_t i = 0; i < t->nr_ranges; i++)
		for (int kind = 0; kind < MM_NR_ZONES; kind++)
			if (!strcmp(t->ranges[i].name, mm_zone_name(kind)) && kind != MM_MOVABLE)
				mm_set_zone_end(mm, kind, t->ranges[i].range.end >> mm->page_shift);
	if (t->nr_ranges)
		late_not_held(h, "zone ranges: mbsim has no rules for this architecture, and takes "
				 "those of the log");
	return t->nr_ranges > 0;
}

static void hand_over(struct late *h)
{
	struct replay *p = h->p;
	struct call_args none = { 0 };

	p->r->last_line = h->h->line;
	if (!give_zones(h)) {
		h->h->why_not = array_strdup("mbsim has no rules for the zones of this "
					     "architecture, and the log does not print them");
		return;
	}
	give_nodes(p);
	/* what memblock tells before that is of no interest */
	engine_listen(p->e, &(struct engine_listener){ .data = h, .event = hear_event });
	boot_late_find_zones(h->boot);
	p->over = h->h->made = true;
	boot_late_hand_over(h->boot);
	make_script_call(p, "memblock_free_all", &none);
	note_inferred(p, h->h->line, h->h->line, "memblock_free_all()");
}

/* Which nodes' struct pages were left, before they no longer are. */
static void init_deferred(struct late *h)
{
	const struct mm *mm = h->h->boot.mm;

	for (size_t i = 0; i < mm->nr_nodes; i++)
		if (mm->nodes[i].first_deferred_pfn != UINT64_MAX)
			ARRAY_APPEND(h->deferred, h->nr_deferred, h->room_deferred) =
				mm->nodes[i].nid;
	h->h->deferred = h->nr_deferred > 0;
	boot_late_init_deferred(h->boot);
}

static void make_step(struct late *h, const struct late_step *s)
{
	if (s->kind == LATE_HAND_OVER)
		hand_over(h);
	else if (!h->h->made)
		return;
	else if (s->kind == LATE_DEFERRED)
		init_deferred(h);
	else if (s->kind == LATE_MEMORY)
		late_compare_memory(h);
	else
		late_take_freed(h, &h->h->told.freed[s->freed]);
}

void late_before(struct replay *p, unsigned int line)
{
	struct late *h = p->late;

	while (h && h->next < h->nr && h->steps[h->next].line < line)
		make_step(h, &h->steps[h->next++]);
}

bool late_free(struct replay *p, const struct replay_event *e, const struct call_args *a)
{
	struct late *h = p->late;

	if (!h || !h->h->made)
		return false;
	late_note_free_late(h, e, (struct range){ a->base, a->base + a->size });
	/* 7.2 has no such call: what it frees goes to the page allocator if that is there */
	if (!make_call(p, "memblock_free_late", e->caller, a, NULL))
		late_free_pages(h, (struct range){ a->base, a->base + a->size });
	return true;
}

void late_end(struct replay *p)
{
	if (p->stop)
		return;
	late_before(p, UINT32_MAX);
	if (p->late && p->late->h->made)
		late_take_rest(p->late);
}

void late_finish(struct replay *p)
{
	struct late *h = p->late;
	struct replay_handover *r;

	if (!h)
		return;
	engine_listen(p->e, NULL);
	r = h->h;
	if (r->made && p->r->exit.end == ENGINE_RETURNED && !p->stop) {
		boot_late_finish(h->boot);
		late_compare(h);
	} else {
		r->made = false;
		if (!r->why_not)
			r->why_not = array_strdup("the replay ended before");
	}
	boot_late_free(h->boot);
	free(h->steps);
	free(h->deferred);
	free(h);
	p->late = NULL;
}

void replay_handover_free(struct replay_handover *h)
{
	if (!h)
		return;
	replay_told_release(&h->told);
	for (size_t i = 0; i < h->nr_freed; i++) {
		free(h->freed[i].what);
		free(h->freed[i].how);
	}
	for (size_t i = 0; i < h->nr_differences; i++) {
		free(h->differences[i].what);
		free(h->differences[i].got);
		free(h->differences[i].expected);
	}
	for (size_t i = 0; i < h->nr_not_held; i++)
		free(h->not_held[i]);
	free(h->zones);
	free(h->freed);
	free(h->differences);
	free(h->not_held);
	free(h->why_not);
	boot_result_release(&h->boot);
	free(h);
}

bool replay_handover_holds(const struct replay_handover *h)
{
	return !h->nr_differences && !h->boot.findings.nr;
}
