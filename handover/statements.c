// SPDX-License-Identifier: GPL-2.0-or-later
/* Scripts: the statement `handover`, and the notes of calls that checks want to name. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "handover/internal.h"
#include "lib/array.h"
#include "lib/size.h"

const char *handover_script_line(struct handover_script *hs, unsigned int line)
{
	char *text;

	if (!hs->nr_lines || hs->line != line) {
		if (asprintf(&text, "line %u", line) < 0)
			array_die();
		ARRAY_APPEND(hs->lines, hs->nr_lines, hs->room_lines) = text;
		hs->line = line;
	}
	return hs->lines[hs->nr_lines - 1];
}

/* What a call was about, or what it got; empty if it cannot be told. */
static struct range range_of(const struct rt_call *call, const uint64_t *args, uint64_t result)
{
	static const char *const addresses[] = { "base", "addr", "ptr" };
	uint64_t size = 0, base = call->result == RT_POINTER && result == RT_NULL ? 0 : result;
	bool has_base = call->result == RT_POINTER || call->result == RT_PHYS;

	for (int i = 0; i < call->nr_args; i++) {
		if (!strcmp(call->args[i].name, "size"))
			size = args[i];
		for (size_t k = 0; k < ARRAY_LEN(addresses); k++) {
			if (strcmp(call->args[i].name, addresses[k]))
				continue;
			base = args[i];
			has_base = true;
		}
	}
	if (!has_base)
		return (struct range){ 0 };
	return (struct range){ base, base + size < base ? UINT64_MAX : base + size };
}

struct looking {
	struct handover_script *hs;
	struct check_findings ignored;
};

static void look(void *arg)
{
	struct looking *l = arg;

	check_arrays(&l->hs->state, engine_ops(l->hs->e), &l->ignored);
}

static void on_call(struct script *s, const struct rt_call *call, const uint64_t *args,
		    uint64_t result, void *data)
{
	struct handover_script *hs = data;
	struct looking l = { .hs = hs };

	ARRAY_APPEND(hs->calls, hs->nr_calls, hs->room_calls) = (struct check_call){
		.function = handover_script_line(hs, s->line),
		.name = call->name,
		.range = range_of(call, args, result),
	};
	hs->state.calls = hs->calls;
	hs->state.nr_calls = hs->nr_calls;
	/* what it makes total_size differ by is known right after it only */
	if (!strcmp(call->name, "memblock_trim_memory"))
		script_guarded(s, look, &l);
	check_findings_release(&l.ignored);
}

static void on_event(void *data, enum rt_event event, uint64_t a, uint64_t b, long c)
{
	struct handover_script *hs = data;

	if (hs->mm)
		mm_event(hs->mm, event, a, b, c);
}

static void forget(void *data)
{
	struct handover_script *hs = data;

	mm_free(hs->mm);
	hs->mm = NULL;
	hs->done = false;
	check_state_release(&hs->state);
	hs->state = (struct check_state){ 0 };
	hs->nr_calls = 0;
}

static bool is_node(void *data, int nid)
{
	const struct rt_engine *ops = engine_ops(((struct handover_script *)data)->e);

	return !ops->numa || (nid >= 0 && nid < ops->nr_node_ids);
}

/* Memory of which no part has a node is node 0's, as kernels have it that know of no nodes. */
static void set_nodes(struct handover_script *hs)
{
	const struct call_args all = { .size = UINT64_MAX, .type = RT_MEMORY };
	const struct rt_call *call = engine_find_call(hs->e, "memblock_set_node");
	const struct check_regions *memory = &hs->state.regions[RT_MEMORY];
	uint64_t args[RT_MAX_ARGS] = { 0 };

	for (size_t i = 0; i < memory->nr; i++)
		if (is_node(hs, memory->v[i].nid))
			return;
	if (!memory->nr || !call || !call->run)
		return;
	for (int i = 0; i < call->nr_args; i++)
		call_named_arg(&all, call->args[i].name, &args[i]);
	engine_call(hs->e, call, args, NULL);
	check_regions_take(&hs->state.regions[RT_MEMORY], engine_ops(hs->e), RT_MEMORY);
}

/* Memory ends where it does, unless the script says something else. */
static void set_limits(struct handover_script *hs)
{
	static const char *const names[] = { "max_pfn", "max_low_pfn" };
	const struct check_regions *memory = &hs->state.regions[RT_MEMORY];
	uint64_t end = 0, value;

	for (size_t i = 0; i < memory->nr; i++)
		end = memory->v[i].base + memory->v[i].size;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (engine_get_variable(hs->e, names[i], &value) && !value)
			engine_set_variable(hs->e, names[i], end >> engine_ops(hs->e)->page_shift);
}

static void hand_over(void *data)
{
	struct handover_script *hs = data;
	const struct rt_engine *ops = engine_ops(hs->e);

	check_regions_take(&hs->state.regions[RT_MEMORY], ops, RT_MEMORY);
	set_nodes(hs);
	set_limits(hs);
	handover_take_memory(&hs->h, &hs->state.regions[RT_MEMORY], false);
	hs->mm->rules = handover_map_rules(ops);
	mm_init_memmap(hs->mm);
	handover_free_all(&hs->h, "mem_init");
	handover_init_deferred(&hs->h);
	ops->flush();
}

/* NAME=VALUE; true and *@text if the word is of that name. */
static bool is_option(const char *word, const char *name, const char **text)
{
	size_t n = strlen(name);

	*text = word + n + 1;
	return !strncmp(word, name, n) && word[n] == '=';
}

static int parse_size(struct script *s, size_t i, const char *text, uint64_t *value)
{
	const char *end;

	if (size_parse(text, &end, value) || *end)
		return script_error(s, i, "%s: '%s' is not a size", s->tokens[i].text, text);
	return 0;
}

/* SIZE, N%, or, for kernelcore, mirror */
static int parse_core(struct script *s, size_t i, const char *text, uint64_t *pages,
		      uint64_t *percent)
{
	const char *end;
	uint64_t value;

	if (!size_parse(text, &end, &value) && !strcmp(end, "%") && value <= 100) {
		*percent = value;
		return 0;
	}
	if (parse_size(s, i, text, &value))
		return -1;
	*pages = value >> engine_ops(s->e)->page_shift;
	return 0;
}

static int parse_option(struct script *s, size_t i, struct mm *mm)
{
	static const struct {
		const char *name;
		enum mm_zone_kind kind;
	} zones[] = { { "dma", MM_DMA }, { "dma32", MM_DMA32 } };
	const char *word = s->tokens[i].text, *text;
	struct mm_movable *m = &mm->movable;
	uint64_t end;

	for (size_t k = 0; k < ARRAY_LEN(zones); k++) {
		if (!is_option(word, zones[k].name, &text))
			continue;
		if (parse_size(s, i, text, &end))
			return -1;
		mm_set_zone_end(mm, zones[k].kind, end >> mm->page_shift);
		return 0;
	}
	if (!strcmp(word, "movable_node")) {
		m->node = true;
	} else if (!strcmp(word, "kernelcore=mirror")) {
		m->mirror = true;
		m->mirror_is_checked = true;
	} else if (is_option(word, "kernelcore", &text)) {
		return parse_core(s, i, text, &m->kernelcore, &m->kernelcore_percent);
	} else if (is_option(word, "movablecore", &text)) {
		return parse_core(s, i, text, &m->movablecore, &m->movablecore_percent);
	} else {
		return script_error(s, i,
				    "handover: '%s' is not dma=END, dma32=END, kernelcore=SIZE, "
				    "movablecore=SIZE or movable_node",
				    word);
	}
	return 0;
}

/* handover [OPTION...] */
static int run_handover(struct script *s, size_t first, void *data)
{
	struct handover_script *hs = data;
	const struct rt_engine *ops = engine_ops(hs->e);

	if (hs->mm)
		return script_error(s, first - 1,
				    "memblock has handed over before; `reset` begins anew");
	hs->mm = mm_new((unsigned int)ops->page_shift, (unsigned int)ops->max_page_order);
	for (size_t i = first; i < s->nr_tokens; i++)
		if (parse_option(s, i, hs->mm))
			return -1;
	hs->h = (struct handover){
		.e = hs->e,
		.mm = hs->mm,
		.state = &hs->state,
		.has_node = is_node,
		.data = hs,
	};
	handover_init(&hs->h);
	if (!script_guarded(s, hand_over, hs)) {
		s->ended = true;
		return 0;
	}
	mm_settle(hs->mm);
	hs->done = true;
	if (s->options->trace)
		fprintf(s->out, "handover => %" PRIu64 " pages\n", mm_free_pages(hs->mm));
	return 0;
}

static const struct script_statement statements[] = {
	{ "handover", run_handover },
	{ "check", handover_script_check },
	{ "alloc_pages", handover_script_alloc },
	{ "free_pages", handover_script_free_pages },
	{ "free_reserved", handover_script_free_reserved },
	{ "nr_free_pages", handover_script_nr_free },
	{ "page", handover_script_page },
	{ "buddyinfo", handover_script_buddyinfo },
	{ "zoneinfo", handover_script_zoneinfo },
	{ NULL, NULL },
};

struct handover_script *handover_script_new(struct engine *e)
{
	struct handover_script *hs = array_resize(NULL, 1, sizeof(*hs));

	*hs = (struct handover_script){ .e = e };
	hs->extra = (struct script_extra){
		.data = hs,
		.statements = statements,
		.called = on_call,
		.event = on_event,
		.reset = forget,
	};
	return hs;
}

const struct script_extra *handover_script_extra(const struct handover_script *hs)
{
	return &hs->extra;
}

void handover_script_free(struct handover_script *hs)
{
	if (!hs)
		return;
	forget(hs);
	for (size_t i = 0; i < hs->nr_lines; i++)
		free(hs->lines[i]);
	free(hs->lines);
	free(hs->calls);
	free(hs);
}
