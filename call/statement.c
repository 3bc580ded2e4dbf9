// SPDX-License-Identifier: GPL-2.0-or-later
/* Statements of scripts that are not calls: RAM, nodes, settings, the command line, repetition. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "call/script.h"
#include "lib/array.h"
#include "lib/size.h"

static int do_reset(struct script *s, size_t first)
{
	(void)first;
	script_reset(s);
	return 0;
}

int script_range(struct script *s, size_t i, const char *text, struct range *range)
{
	const char *end;
	int ret = size_parse_range(text, &end, range);

	if (ret || *end)
		return script_error(s, i, "'%s' is not a range such as 0x1000-0x1fff or 1M+64K",
				    text);
	return 0;
}

static int do_ram(struct script *s, size_t first)
{
	struct range range;

	if (first == s->nr_tokens)
		return script_error(s, first, "ram: no range");
	s->explicit_ram = true;
	for (; first < s->nr_tokens; first++) {
		int ret = script_range(s, first, s->tokens[first].text, &range);

		if (ret)
			return ret;
		if (range.end > engine_max_address())
			return script_error(s, first, "RAM ends at %#" PRIx64 " at most",
					    engine_max_address() - 1);
		engine_add_ram(s->e, range);
	}
	return 0;
}

/* Short names for the state around memblock; others are variables of C. */
static const struct {
	const char *name, *variable, *call;
} settings[] = {
	{ "limit", NULL, "memblock_set_current_limit" },
	{ "current_limit", NULL, "memblock_set_current_limit" },
	{ "bottom_up", NULL, "memblock_set_bottom_up" },
	{ "can_resize", "memblock_can_resize", NULL },
	{ "movable_node", "movable_node_enabled", NULL },
	{ "mirrored_kernelcore", "mirrored_kernelcore", NULL },
	{ "slab", "rt_slab_available", NULL },
	{ "low_limit", "rt_low_address_limit", NULL },
	{ "kernel_end", "rt_kernel_end", NULL },
	{ "debug", "memblock_debug", NULL },
};

struct setter {
	struct script *s;
	const struct rt_call *call;
	uint64_t value;
};

static void call_setter(void *arg)
{
	struct setter *set = arg;
	const uint64_t args[RT_MAX_ARGS] = { set->value };

	engine_call(set->s->e, set->call, args, NULL);
}

static int do_set(struct script *s, size_t first)
{
	const char *name = first < s->nr_tokens ? s->tokens[first].text : "", *variable = name;
	struct setter set = { .s = s };
	int ret;

	if (first + 2 != s->nr_tokens)
		return script_error(s, first, "set takes a name and a value");
	ret = script_value(s, first + 1, RT_NUMBER, &set.value);
	if (ret)
		return ret;
	for (size_t i = 0; i < ARRAY_LEN(settings); i++) {
		if (strcmp(settings[i].name, name))
			continue;
		variable = settings[i].variable;
		set.call = settings[i].call ? engine_find_call(s->e, settings[i].call) : NULL;
		if (set.call && set.call->run) {
			s->ended = !script_guarded(s, call_setter, &set);
			return 0;
		}
	}
	if (!variable || !engine_set_variable(s->e, variable, set.value))
		return script_error(s, first, "this kernel has no variable '%s' of up to 8 bytes",
				    name);
	return 0;
}

struct param {
	struct script *s;
	const char *name, *value;
	int taken, ret;
};

static void give_param(void *arg)
{
	struct param *p = arg;

	p->taken = engine_param(p->s->e, p->name, p->value, true, &p->ret);
	if (!p->taken)
		p->taken = engine_param(p->s->e, p->name, p->value, false, &p->ret);
}

/* cmdline NAME=VALUE...: what the kernel's own handlers make of it */
static int do_cmdline(struct script *s, size_t first)
{
	for (; first < s->nr_tokens && !s->ended; first++) {
		char *equals = strchr(s->tokens[first].text, '=');
		struct param p = { .s = s, .name = s->tokens[first].text };

		if (equals) {
			*equals = '\0';
			p.value = equals + 1;
		}
		s->ended = !script_guarded(s, give_param, &p);
		if (equals)
			*equals = '=';
		if (!s->ended && !p.taken)
			return script_error(s, first, "memblock of this kernel does not know '%s'",
					    s->tokens[first].text);
		if (s->options->trace)
			fprintf(s->out, "cmdline %s => %d\n", s->tokens[first].text, p.ret);
	}
	return 0;
}

static int do_node(struct script *s, size_t first)
{
	bool online = first < s->nr_tokens && !strcmp(s->tokens[first].text, "online");
	uint64_t nid;
	int ret;

	if (first + 2 > s->nr_tokens || (!online && strcmp(s->tokens[first].text, "offline")))
		return script_error(s, first, "write: node online NID... or node offline NID...");
	for (first++; first < s->nr_tokens; first++) {
		ret = script_value(s, first, RT_NUMBER, &nid);
		if (ret)
			return ret;
		if (nid >= (uint64_t)engine_ops(s->e)->nr_node_ids)
			return script_error(s, first, "node ids of this configuration end at %d",
					    engine_ops(s->e)->nr_node_ids - 1);
		engine_ops(s->e)->node_set_online(nid, online);
	}
	return 0;
}

static int do_echo(struct script *s, size_t first)
{
	for (size_t i = first; i < s->nr_tokens; i++)
		fprintf(s->out, "%s%s", i > first ? " " : "", s->tokens[i].text);
	fputc('\n', s->out);
	return 0;
}

/* repeat N STATEMENT, with $i from 0 */
static int do_repeat(struct script *s, size_t first)
{
	uint64_t times;
	int ret;

	if (first + 2 > s->nr_tokens)
		return script_error(s, first, "repeat takes a number and a statement");
	ret = script_value(s, first, RT_NUMBER, &times);
	for (uint64_t i = 0; i < times && !ret && !s->ended; i++) {
		call_names_set(&s->names, "i", i);
		ret = script_statement(s, first + 1);
	}
	return ret;
}

static const struct {
	const char *word;
	int (*run)(struct script *s, size_t first); /* @first: the token behind the word */
} statements[] = {
	{ "ram", do_ram },	   { "set", do_set },		{ "node", do_node },
	{ "cmdline", do_cmdline }, { "expect", script_expect }, { "dump", script_dump },
	{ "reset", do_reset },	   { "repeat", do_repeat },	{ "echo", do_echo },
};

size_t script_arrow(const struct script *s, size_t first)
{
	while (first < s->nr_tokens && strcmp(s->tokens[first].text, "=>"))
		first++;
	return first;
}

int script_result(struct script *s, size_t arrow, enum rt_kind kind, uint64_t result)
{
	uint64_t wanted;
	int ret;

	if (s->into)
		call_names_set(&s->names, s->into, result);
	if (arrow == s->nr_tokens)
		return 0;
	if (arrow + 2 != s->nr_tokens)
		return script_error(s, arrow, "one value goes behind '=>'");
	ret = script_value(s, arrow + 1, kind, &wanted);
	if (ret)
		return ret;
	s->result->expectations++;
	if (wanted == result)
		return 0;
	script_failed(s);
	fprintf(s->out, "expected %s, got ", s->tokens[arrow + 1].text);
	call_format_value(s->e, kind, result, s->out);
	fputc('\n', s->out);
	return 0;
}

/* WORD ... or NAME = WORD ..., if a part above has such a statement. */
static const struct script_statement *find_extra(struct script *s, size_t *first)
{
	const struct script_extra *extra = s->options->extra;
	size_t at = *first;

	s->into = NULL;
	if (!extra)
		return NULL;
	if (at + 2 < s->nr_tokens && !strcmp(s->tokens[at + 1].text, "="))
		at += 2;
	for (const struct script_statement *v = extra->statements; v->word; v++) {
		if (strcmp(s->tokens[at].text, v->word))
			continue;
		if (at != *first)
			s->into = s->tokens[*first].text;
		*first = at;
		return v;
	}
	return NULL;
}

int script_statement(struct script *s, size_t first)
{
	const struct script_statement *extra = find_extra(s, &first);

	if (extra)
		return extra->run(s, first + 1, s->options->extra->data);
	for (size_t i = 0; i < ARRAY_LEN(statements); i++)
		if (!strcmp(s->tokens[first].text, statements[i].word) &&
		    !(first + 1 < s->nr_tokens && !strcmp(s->tokens[first + 1].text, "=")))
			return statements[i].run(s, first + 1);
	return script_call(s, first);
}
