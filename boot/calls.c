// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The calls into memblock that boots make. Their names and arguments changed over time, so each is
 * looked up by a list of names, the first that this kernel has counts, and its arguments
 * are filled in by the names that the kernel's prototype gives them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "boot/internal.h"
#include "lib/array.h"

struct names {
	const char *v[5]; /* best first */
};

static const struct names add_names = { { "memblock_add" } };
static const struct names reserve_names = { { "memblock_reserve" } };
/* 6.16: for what survives kexec handover */
static const struct names reserve_kern_names = { { "memblock_reserve_kern", "memblock_reserve" } };
/* up to 5.15 memblock_free() took an address */
static const struct names free_names = { { "memblock_phys_free", "memblock_free" } };
static const struct names set_node_names = { { "memblock_set_node" } };
static const struct names mark_hotplug_names = { { "memblock_mark_hotplug" } };
static const struct names mark_mirror_names = { { "memblock_mark_mirror" } };
static const struct names mark_nomap_names = { { "memblock_mark_nomap" } };
static const struct names clear_nomap_names = { { "memblock_clear_nomap" } };
static const struct names remove_names = { { "memblock_remove" } };
/* 4.4 and older cut at an address */
static const struct names limit_memory_names = { { "memblock_mem_limit_remove_map",
						   "memblock_enforce_memory_limit" } };
static const struct names enforce_names = { { "memblock_enforce_memory_limit" } };
static const struct names clear_hotplug_names = { { "memblock_clear_hotplug" } };
static const struct names allow_resize_names = { { "memblock_allow_resize" } };
static const struct names trim_names = { { "memblock_trim_memory" } };
static const struct names limit_names = { { "memblock_set_current_limit" } };
static const struct names bottom_up_names = { { "memblock_set_bottom_up" } };
static const struct names is_bottom_up_names = { { "memblock_bottom_up" } };
static const struct names dump_names = { { "memblock_dump_all", "__memblock_dump_all" } };
/* up to 4.19 memblock_alloc*() returned addresses, and memblock_virt_alloc*() was what it is now */
static const struct names alloc_names = { { "memblock_virt_alloc_try_nid_nopanic",
					    "memblock_alloc_try_nid" } };
static const struct names alloc_raw_names = { { "memblock_virt_alloc_try_nid_raw",
						"memblock_alloc_try_nid_raw",
						"memblock_alloc_try_nid" } };
static const struct names exact_raw_names = {
	{ "memblock_alloc_exact_nid_raw", "memblock_virt_alloc_try_nid_raw",
	  "memblock_alloc_try_nid_raw", "memblock_alloc_try_nid" }
};
static const struct names alloc_range_names = { { "memblock_phys_alloc_range",
						  "memblock_alloc_range" } };
static const struct names alloc_near_names = {
	{ "memblock_alloc_range_nid", "memblock_phys_alloc_range", "memblock_alloc_range" }
};
/* before 4.20 under its old name, with these three arguments */
static const struct names alloc_phys_names = { { "memblock_phys_alloc_try_nid",
						 "memblock_alloc_try_nid" } };

static const struct rt_call *find(const struct boot *b, const struct names *names)
{
	for (size_t i = 0; i < ARRAY_LEN(names->v) && names->v[i]; i++) {
		const struct rt_call *call = engine_find_call(b->e, names->v[i]);

		if (call && call->run)
			return call;
	}
	return NULL;
}

static const struct rt_call *must_find(const struct boot *b, const struct names *names)
{
	const struct rt_call *call = find(b, names);
	char text[128];

	if (call)
		return call;
	snprintf(text, sizeof(text), "this kernel has no %s(), which a boot needs", names->v[0]);
	engine_stop(b->e, text);
}

static void fill_args(const struct boot *b, const struct rt_call *call, const struct call_args *a,
		      uint64_t args[RT_MAX_ARGS])
{
	char text[160];

	for (int i = 0; i < call->nr_args; i++) {
		if (call_named_arg(a, call->args[i].name, &args[i]))
			continue;
		snprintf(text, sizeof(text), "mbsim does not know what '%s' of %s() is",
			 call->args[i].name, call->name);
		engine_stop(b->e, text);
	}
}

/* Range of what an allocation returned; the address in @address, 0 if there was no memory. */
static struct range got(const struct rt_call *call, uint64_t result, uint64_t size,
			uint64_t *address)
{
	*address = call->result == RT_POINTER && result == RT_NULL ? 0 : result;
	return *address ? (struct range){ *address, *address + size } : (struct range){ 0 };
}

static struct check_call *note_call(struct boot *b, const char *name, const char *function,
				    const char *purpose)
{
	struct boot_result *r = b->r;

	ARRAY_APPEND(r->calls, r->nr_calls, r->room_calls) = (struct check_call){
		.function = function,
		.name = name,
		.purpose = purpose,
	};
	b->check.calls = r->calls;
	b->check.nr_calls = r->nr_calls;
	return &r->calls[r->nr_calls - 1];
}

static uint64_t call(struct boot *b, const struct rt_call *c, const char *function,
		     const struct call_args *a)
{
	uint64_t args[RT_MAX_ARGS] = { 0 };

	fill_args(b, c, a, args);
	b->r->last_call = c->name;
	return engine_call(b->e, c, args, function);
}

/* Makes a call that is about a range or about none. */
static uint64_t simple(struct boot *b, const struct names *names, const char *function,
		       const char *purpose, struct call_args a)
{
	const struct rt_call *c = must_find(b, names);
	uint64_t end = a.base + a.size < a.base ? UINT64_MAX : a.base + a.size;
	uint64_t result;

	note_call(b, c->name, function, purpose)->range = (struct range){ a.base, end };
	result = call(b, c, function, &a);
	check_after_call(&b->check, b->ops, &b->r->findings);
	b->r->last_call = NULL;
	return result;
}

static struct call_args about(struct range range)
{
	return (struct call_args){ .base = range.start, .size = range_size(range) };
}

void boot_add(struct boot *b, const char *function, struct range range)
{
	struct call_args a = about(range);

	a.nid = 0;
	simple(b, &add_names, function, NULL, a);
}

void boot_reserve(struct boot *b, const char *function, const char *purpose, struct range range)
{
	simple(b, &reserve_names, function, purpose, about(range));
	boot_own(b, range, purpose, function);
}

void boot_reserve_kern(struct boot *b, const char *function, const char *purpose,
		       struct range range)
{
	simple(b, &reserve_kern_names, function, purpose, about(range));
	boot_own(b, range, purpose, function);
}

void boot_release(struct boot *b, const char *function, struct range range)
{
	simple(b, &free_names, function, NULL, about(range));
	boot_disown(b, range);
}

void boot_set_node(struct boot *b, const char *function, struct range range, enum rt_type type,
		   int nid)
{
	struct call_args a = about(range);

	a.type = type;
	a.nid = nid;
	if (range.end == UINT64_MAX)
		a.size = UINT64_MAX;
	simple(b, &set_node_names, function, NULL, a);
}

void boot_mark_mirror(struct boot *b, const char *function, struct range range)
{
	simple(b, &mark_mirror_names, function, NULL, about(range));
}

void boot_mark_hotplug(struct boot *b, const char *function, struct range range)
{
	simple(b, &mark_hotplug_names, function, NULL, about(range));
}

void boot_clear_hotplug(struct boot *b, const char *function, struct range range)
{
	struct call_args a = about(range);

	if (range.end == UINT64_MAX)
		a.size = UINT64_MAX;
	simple(b, &clear_hotplug_names, function, NULL, a);
}

void boot_mark_nomap(struct boot *b, const char *function, struct range range)
{
	simple(b, &mark_nomap_names, function, NULL, about(range));
}

void boot_clear_nomap(struct boot *b, const char *function, struct range range)
{
	if (find(b, &clear_nomap_names))
		simple(b, &clear_nomap_names, function, NULL, about(range));
}

void boot_remove(struct boot *b, const char *function, struct range range)
{
	struct call_args a = about(range);

	if (range.end == UINT64_MAX)
		a.size = UINT64_MAX;
	simple(b, &remove_names, function, NULL, a);
}

void boot_limit_memory(struct boot *b, const char *function, uint64_t limit)
{
	simple(b, &limit_memory_names, function, NULL, (struct call_args){ .limit = limit });
}

void boot_enforce_limit(struct boot *b, const char *function, uint64_t limit)
{
	simple(b, &enforce_names, function, NULL, (struct call_args){ .limit = limit });
}

void boot_allow_resize(struct boot *b, const char *function)
{
	simple(b, &allow_resize_names, function, NULL, (struct call_args){ 0 });
}

void boot_trim(struct boot *b, const char *function)
{
	struct call_args a = { .align = 1ULL << b->r->page_shift };

	simple(b, &trim_names, function, NULL, a);
	check_arrays(&b->check, b->ops, &b->r->findings);
}

void boot_set_limit(struct boot *b, const char *function, uint64_t limit)
{
	simple(b, &limit_names, function, NULL, (struct call_args){ .limit = limit });
}

void boot_set_bottom_up(struct boot *b, const char *function, bool enable)
{
	simple(b, &bottom_up_names, function, NULL, (struct call_args){ .enable = enable });
}

bool boot_is_bottom_up(struct boot *b)
{
	const struct rt_call *c = find(b, &is_bottom_up_names);
	struct call_args none = { 0 };

	bool result = c && call(b, c, NULL, &none);

	b->r->last_call = NULL;
	return result;
}

void boot_dump(struct boot *b, const char *function)
{
	const struct rt_call *c = find(b, &dump_names);
	struct call_args none = { 0 };

	if (c)
		call(b, c, function, &none);
	b->r->last_call = NULL;
}

static void hear_call(void *data, const char *name, const char *function)
{
	struct boot *b = data;

	note_call(b, name, function, NULL);
	b->r->last_call = name;
}

static bool has_node(void *data, int nid)
{
	const struct boot *b = data;

	if (!b->ops->numa || !b->nr_pgdats)
		return true;
	for (size_t i = 0; i < b->nr_pgdats; i++)
		if (b->pgdat_nids[i] == nid)
			return true;
	return false;
}

void boot_prepare_handover(struct boot *b)
{
	b->handover = (struct handover){
		.e = b->e,
		.mm = b->r->mm,
		.state = &b->check,
		.calling = hear_call,
		.has_node = has_node,
		.data = b,
	};
	handover_init(&b->handover);
}

void boot_hand_over(struct boot *b, const char *function)
{
	if (!handover_free_all(&b->handover, function))
		boot_note(b,
			  "this kernel's memblock.c does not hand over pages itself; mbsim did it");
	check_after_call(&b->check, b->ops, &b->r->findings);
	b->r->last_call = NULL;
}

void boot_discard(struct boot *b, const char *function)
{
	handover_discard(&b->handover, function);
	b->r->last_call = NULL;
}

static uint64_t allocate(struct boot *b, const struct names *names, const char *function,
			 const char *purpose, struct call_args a)
{
	const struct rt_call *c = must_find(b, names);
	struct check_call *note = note_call(b, c->name, function, purpose);
	uint64_t address;

	note->range = got(c, call(b, c, function, &a), a.size, &address);
	check_after_call(&b->check, b->ops, &b->r->findings);
	b->r->last_call = NULL;
	if (address)
		boot_own(b, note->range, purpose, function);
	return address;
}

uint64_t boot_alloc(struct boot *b, const char *function, const char *purpose, struct call_args a)
{
	return allocate(b, &alloc_names, function, purpose, a);
}

uint64_t boot_alloc_raw(struct boot *b, const char *function, const char *purpose,
			struct call_args a)
{
	return allocate(b, &alloc_raw_names, function, purpose, a);
}

uint64_t boot_alloc_exact_raw(struct boot *b, const char *function, const char *purpose,
			      struct call_args a)
{
	return allocate(b, &exact_raw_names, function, purpose, a);
}

uint64_t boot_alloc_range(struct boot *b, const char *function, const char *purpose,
			  struct call_args a)
{
	a.nid = BOOT_NO_NODE;
	return allocate(b, &alloc_range_names, function, purpose, a);
}

uint64_t boot_alloc_near(struct boot *b, const char *function, const char *purpose,
			 struct call_args a)
{
	return allocate(b, &alloc_near_names, function, purpose, a);
}

uint64_t boot_alloc_phys(struct boot *b, const char *function, const char *purpose,
			 struct call_args a)
{
	return allocate(b, &alloc_phys_names, function, purpose, a);
}

uint64_t boot_alloc_small(struct boot *b, const char *function, const char *purpose, uint64_t size)
{
	struct call_args a = { .size = size, .align = BOOT_SMP_CACHE_BYTES, .nid = BOOT_NO_NODE };
	uint64_t address = boot_alloc(b, function, purpose, a);

	if (!address)
		boot_panic(b, "%s: Failed to allocate %" PRIu64 " bytes", function, size);
	return address;
}

static void add_reserved(const struct check_regions *regions, struct rangeset *set)
{
	for (size_t i = 0; i < regions->nr; i++)
		rangeset_add(set, (struct range){ regions->v[i].base,
						  regions->v[i].base + regions->v[i].size });
}

/* What memblock.c itself reserved for the parameter @name (reserve_mem=): what was not there before. */
static void own_new(struct boot *b, const char *name)
{
	struct check_regions now = { 0 };
	struct rangeset fresh = { 0 }, old = { 0 };

	check_regions_take(&now, b->ops, RT_RESERVED);
	add_reserved(&now, &fresh);
	add_reserved(&b->before_params, &old);
	for (size_t i = 0; i < old.nr; i++)
		rangeset_remove(&fresh, old.v[i]);
	for (size_t i = 0; i < fresh.nr; i++)
		boot_own(b, fresh.v[i], boot_string(b, "%s=", name), name);
	rangeset_release(&fresh);
	rangeset_release(&old);
	check_regions_release(&now);
}

void boot_give_params(struct boot *b, bool early)
{
	const char *function = early ? "parse_early_param" : "parse_args";

	check_regions_take(&b->before_params, b->ops, RT_RESERVED);
	for (size_t i = 0; i < b->nr_words; i++) {
		const char *name = boot_string(b, "%s", b->words[i].name);
		int ret = 0;

		b->r->last_call = name;
		if (engine_param(b->e, name, b->words[i].value, early, &ret)) {
			note_call(b, name, function, NULL);
			own_new(b, name);
		}
	}
	b->r->last_call = NULL;
	check_after_call(&b->check, b->ops, &b->r->findings);
}
