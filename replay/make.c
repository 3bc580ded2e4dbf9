// SPDX-License-Identifier: GPL-2.0-or-later
/* Makes calls on the engine's memblock, under the names and with the arguments that its kernel has. */
#include <inttypes.h>
#include <string.h>

#include "call/call.h"
#include "lib/array.h"
#include "replay/internal.h"

/* Names of the same thing over time, the newest first. */
static const char *const same[][5] = {
	{ "memblock_phys_free", "memblock_free" },
	{ "memblock_free_late", "__memblock_free_late" },
	{ "memblock_reserve_kern", "memblock_reserve" },
	{ "__memblock_reserve", "memblock_reserve" },
	{ "memblock_add_node", "memblock_add" },
	{ "memblock_phys_alloc_range", "memblock_alloc_range" },
	{ "memblock_alloc_range_nid", "memblock_phys_alloc_range", "memblock_alloc_range" },
	{ "memblock_phys_alloc_try_nid", "memblock_alloc_try_nid" },
	{ "memblock_alloc_try_nid", "memblock_virt_alloc_try_nid_nopanic" },
	{ "memblock_alloc_try_nid_nopanic", "memblock_alloc_try_nid" },
	{ "memblock_alloc_try_nid_raw", "memblock_virt_alloc_try_nid_raw",
	  "memblock_alloc_try_nid" },
	{ "memblock_alloc_exact_nid_raw", "memblock_alloc_try_nid_raw",
	  "memblock_virt_alloc_try_nid_raw", "memblock_alloc_try_nid" },
	{ "memblock_virt_alloc_try_nid", "memblock_alloc_try_nid" },
	{ "memblock_virt_alloc_try_nid_nopanic", "memblock_alloc_try_nid" },
	{ "memblock_virt_alloc_try_nid_raw", "memblock_alloc_try_nid_raw",
	  "memblock_alloc_try_nid" },
	{ "memblock_alloc_nid", "memblock_alloc_try_nid" },
};

static const struct rt_call *callable(struct replay *p, const char *name)
{
	const struct rt_call *c = engine_find_call(p->e, name);

	return c && c->run ? c : NULL;
}

static const struct rt_call *find(struct replay *p, const char *name)
{
	const struct rt_call *c = NULL;

	/* up to 5.15 memblock_free() took an address, then what memory is at */
	if (strcmp(name, "memblock_phys_free"))
		c = callable(p, name);
	for (size_t i = 0; !c && i < ARRAY_LEN(same); i++) {
		if (strcmp(same[i][0], name))
			continue;
		for (size_t j = 0; !c && j < ARRAY_LEN(same[i]) && same[i][j]; j++)
			c = callable(p, same[i][j]);
	}
	return c;
}

/* What a name means on this kernel. Names are constants or words of the log: the same address is the same name. */
static struct prepared_call *prepare(struct replay *p, const char *name)
{
	struct prepared_call *call = &p->prepared[((uintptr_t)name >> 3) % ARRAY_LEN(p->prepared)];
	const struct rt_call *c;

	if (call->name == name)
		return call;
	c = find(p, name);
	*call = (struct prepared_call){ .name = name, .call = c };
	for (int i = 0; c && i < c->nr_args; i++)
		if (!call_find_arg(c->args[i].name, &call->args[i]))
			call->call = NULL;
	if (c)
		call->of_memory = c->result != RT_POINTER && c->result != RT_PHYS &&
				  !strstr(c->name, "_reserve") &&
				  strcmp(c->name, "memblock_phys_free") &&
				  strcmp(c->name, "memblock_free");
	return call;
}

const char *make_allocation_name(struct replay *p, const char *logged)
{
	struct prepared_call *call = prepare(p, logged);
	const struct rt_call *c = call->call;

	if (call->allocation)
		return call->allocation;

	/* before 4.20 memblock_alloc_try_nid() was of addresses, and logged nothing */
	if (c && !strcmp(c->name, "memblock_alloc_try_nid") && c->result != RT_POINTER)
		c = find(p, "memblock_virt_alloc_try_nid_nopanic");
	return call->allocation = c ? c->name : NULL;
}

static void write_script(struct replay *p, const struct rt_call *c, const uint64_t *args)
{
	fputs(c->name, p->o->script);
	for (int i = 0; i < c->nr_args; i++) {
		fputc(' ', p->o->script);
		call_format_value(p->e, c->args[i].kind, args[i], p->o->script);
	}
	fputc('\n', p->o->script);
}

bool make_call(struct replay *p, const char *name, const char *caller, const struct call_args *a,
	       uint64_t *result)
{
	const struct prepared_call *call = prepare(p, name);
	const struct rt_call *c = call->call;
	uint64_t args[RT_MAX_ARGS] = { 0 }, value;

	if (!c)
		return false;
	for (int i = 0; i < c->nr_args; i++)
		args[i] = call_get_arg(a, call->args[i]);
	if (p->o->script)
		write_script(p, c, args);
	p->memory_known &= !call->of_memory;
	if (!p->mending && !p->trying)
		trace_add(p, name, caller, a);
	value = engine_call(p->e, c, args, caller);
	if (c->result == RT_POINTER && value == RT_NULL)
		value = 0;
	if (result)
		*result = value;
	if (p->late)
		late_note_call(p, c->name, caller, a, value);
	return true;
}

void make_script_call(struct replay *p, const char *name, const struct call_args *a)
{
	const struct rt_call *c = p->o->script ? find(p, name) : NULL;
	uint64_t args[RT_MAX_ARGS] = { 0 };

	for (int i = 0; c && i < c->nr_args; i++)
		if (!call_named_arg(a, c->args[i].name, &args[i]))
			return;
	if (c)
		write_script(p, c, args);
}

bool make_is_full(const struct replay_array *a)
{
	return a->count + 8 >= a->max;
}

static void take_rows(struct replay *p, enum rt_type type, struct replay_rows *rows)
{
	struct rt_type_state state;

	rows->nr = 0;
	rows->told = true;
	if (p->ops->type(type, &state))
		return;
	for (uint64_t i = 0; i < state.cnt; i++) {
		struct rt_region region;
		struct replay_row row;

		p->ops->region(type, i, &region);
		if (!region.size)
			continue;
		row.range.start = region.base;
		row.range.end = region.base + region.size;
		row.flags = region.flags;
		row.nid = region.nid < 0 || region.nid >= p->ops->nr_node_ids || !p->ops->numa
				  ? -1
				  : region.nid;
		rows_add(rows, row);
	}
}

void make_take_state(struct replay *p)
{
	take_rows(p, RT_MEMORY, &p->memory);
	take_rows(p, RT_RESERVED, &p->reserved);
	p->memory_known = true;
}

const struct replay_row *make_find_memory(struct replay *p, uint64_t address)
{
	size_t i;

	if (!p->memory_known)
		take_rows(p, RT_MEMORY, &p->memory);
	p->memory_known = true;
	i = fit_first_behind(&p->memory, address);
	return i < p->memory.nr && p->memory.v[i].range.start <= address ? &p->memory.v[i] : NULL;
}

void make_watch(struct replay *p)
{
	/* doubling memory's array can double the other one: that is the later */
	for (size_t i = 0; i < ARRAY_LEN(p->arrays); i++) {
		struct replay_array *a = &p->arrays[i];
		struct rt_type_state state;

		if (p->ops->type(i ? RT_RESERVED : RT_MEMORY, &state))
			continue;
		if (a->max && state.max > a->max) {
			p->doubled = true;
			p->doubled_at = state.regions_pa;
		}
		*a = (struct replay_array){ state.cnt, state.max, state.total_size };
	}
}
