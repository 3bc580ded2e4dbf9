// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where kernels may differ. Each rule is found out by trying it in the engine, never by a version, so
 * that kernels with changes of their own are understood, too.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "model/internal.h"

#define MB (1ULL << 20)
#define MANY 4096 /* regions: more than an array has room for at first */

struct probe {
	struct engine *e;
	const struct rt_engine *ops;
	const struct model *m;
	bool holds;
};

/* Makes a call, if there is one; missing arguments are 0. */
static uint64_t try_call(struct probe *p, const char *name, uint64_t a, uint64_t b, uint64_t c,
			 uint64_t d)
{
	const uint64_t args[RT_MAX_ARGS] = { a, b, c, d };
	const struct rt_call *call = engine_find_call(p->e, name);

	return call && call->run ? engine_call(p->e, call, args, NULL) : 0;
}

static bool has_call(const struct probe *p, const char *name)
{
	const struct rt_call *call = engine_find_call(p->e, name);

	return call && call->run;
}

static uint64_t count(const struct probe *p, int type)
{
	struct rt_type_state state;

	return p->ops->type(type, &state) ? 0 : state.cnt;
}

/* The region that @address is in. */
static struct rt_region region_at(const struct probe *p, int type, uint64_t address)
{
	struct rt_region r = { 0 };

	for (uint64_t i = 0; i < count(p, type); i++) {
		p->ops->region(type, i, &r);
		if (r.base <= address && address < r.base + r.size)
			return r;
	}
	return (struct rt_region){ 0 };
}

static uint64_t array_of(const struct probe *p, int type)
{
	struct rt_type_state state;

	return p->ops->type(type, &state) ? RT_NULL : state.regions_pa;
}

static void ram(struct probe *p, uint64_t start, uint64_t size)
{
	engine_add_ram(p->e, (struct range){ start, start + size });
	try_call(p, "memblock_add", start, size, 0, 0);
	try_call(p, "memblock_set_node", start, size, RT_MEMORY, 0);
}

static void try_empty_region(void *arg)
{
	struct probe *p = arg;

	p->holds = count(p, RT_MEMORY) == 1;
}

/* Two parts of a region that is not mapped are left apart by a cap; does another call join them? */
static void try_joins_all(void *arg)
{
	struct probe *p = arg;

	ram(p, MB, 2 * MB);
	ram(p, 8 * MB, MB);
	try_call(p, "memblock_mark_nomap", MB, 2 * MB, 0, 0);
	try_call(p, "memblock_cap_memory_range", 2 * MB, 7 * MB, 0, 0);
	try_call(p, "memblock_mark_hotplug", 8 * MB, MB, 0, 0);
	p->holds = count(p, RT_MEMORY) == 2;
}

static void fill_array(struct probe *p)
{
	struct rt_type_state before, now;

	ram(p, 64 * MB, 64 * MB);
	p->ops->type(RT_RESERVED, &before);
	for (uint64_t i = 0; i < MANY; i++) {
		if (try_call(p, "memblock_reserve", 16 * MB + i * 4096, 2048, 0, 0))
			return;
		p->ops->type(RT_RESERVED, &now);
		if (now.max != before.max)
			return;
	}
}

static void try_resize_panics(void *arg)
{
	struct probe *p = arg;

	p->holds = true;
	fill_array(p);
	p->holds = false;
}

static void try_array_kern(void *arg)
{
	struct probe *p = arg;

	try_call(p, "memblock_allow_resize", 0, 0, 0, 0);
	fill_array(p);
	p->holds = region_at(p, RT_RESERVED, array_of(p, RT_RESERVED)).flags & p->m->flag.kern;
}

static void try_alloc_kern(void *arg)
{
	struct probe *p = arg;

	ram(p, 16 * MB, MB);
	p->holds = region_at(p, RT_RESERVED, try_call(p, "memblock_phys_alloc", 4096, 4096, 0, 0))
			   .flags &
		   p->m->flag.kern;
}

static void try_alloc_node(void *arg)
{
	struct probe *p = arg;
	uint64_t at;

	ram(p, 16 * MB, MB);
	at = try_call(p, "memblock_phys_alloc_try_nid", 4096, 4096, 0, 0);
	p->holds = at && region_at(p, RT_RESERVED, at).nid == 0;
}

static void try_no_node(void *arg)
{
	struct probe *p = arg;

	try_call(p, "memblock_reserve", 16 * MB, MB, 0, 0);
	p->holds = region_at(p, RT_RESERVED, 16 * MB).nid == -1;
}

/* Where the first step of a loop over @type leads to: UINT64_MAX where there is nothing. */
static uint64_t first_step(struct probe *p, enum rt_type type, unsigned long flags)
{
	uint64_t position = 0, start = 0, end = 0, nid = 0;
	const uint64_t args[RT_MAX_ARGS] = {
		(uintptr_t)&position, (uint64_t)-1,	 flags,		  type,
		RT_TYPE_NONE,	      (uintptr_t)&start, (uintptr_t)&end, (uintptr_t)&nid,
	};

	if (has_call(p, "__next_mem_range"))
		engine_call(p->e, engine_find_call(p->e, "__next_mem_range"), args, NULL);
	return position;
}

/* What is reserved is not mirrored: does somebody get it who asks for mirrored memory? */
static void try_chooses_all(void *arg)
{
	struct probe *p = arg;

	try_call(p, "memblock_reserve", 16 * MB, MB, 0, 0);
	p->holds = first_step(p, RT_RESERVED, p->m->flag.mirror) == UINT64_MAX;
}

static void try_ask_hotplug(void *arg)
{
	struct probe *p = arg;

	ram(p, 16 * MB, MB);
	try_call(p, "memblock_mark_hotplug", 16 * MB, MB, 0, 0);
	engine_set_variable(p->e, "movable_node_enabled", 1);
	p->holds = first_step(p, RT_MEMORY, p->m->flag.hotplug) != UINT64_MAX;
}

static void try_any_node(void *arg)
{
	struct probe *p = arg;
	uint64_t index = (uint64_t)-1, start = 0, end = 0, nid = 0;
	const uint64_t args[RT_MAX_ARGS] = {
		(uintptr_t)&index, (uint64_t)-1,    (uintptr_t)&start,
		(uintptr_t)&end,   (uintptr_t)&nid,
	};

	ram(p, 16 * MB, MB);
	if (has_call(p, "__next_mem_pfn_range"))
		engine_call(p->e, engine_find_call(p->e, "__next_mem_pfn_range"), args, NULL);
	p->holds = index == 0;
}

static void try_keeps(void *arg)
{
	struct probe *p = arg;
	uint64_t list = 0;

	/* if they are not, the kernel's pointer to the list of memory is none afterwards */
	try_call(p, "memblock_discard", 0, 0, 0, 0);
	p->holds = !engine_get_variable(p->e, "memblock_memory", &list) || list;
}

static void try_frees_pages(void *arg)
{
	struct probe *p = arg;

	ram(p, 16 * MB, MB);
	try_call(p, "memblock_reserve", 16 * MB, MB, 0, 0);
	engine_set_variable(p->e, "rt_slab_available", 1);
	if (!has_call(p, "memblock_phys_free"))
		return;
	try_call(p, "memblock_phys_free", 16 * MB, MB, 0, 0);
	p->holds = region_at(p, RT_RESERVED, 16 * MB).size != 0;
}

static void try_hand_nodes(void *arg)
{
	struct probe *p = arg;

	ram(p, 16 * MB, MB);
	try_call(p, "memblock_reserve", 16 * MB, MB, 0, 0);
	try_call(p, "memblock_free_all", 0, 0, 0, 0);
	p->holds = region_at(p, RT_RESERVED, 16 * MB).nid == 0;
}

/* An array is discarded while slab is not up: is it reserved no more? */
static void try_discard_frees(void *arg)
{
	struct probe *p = arg;
	uint64_t array;

	try_call(p, "memblock_allow_resize", 0, 0, 0, 0);
	fill_array(p);
	array = array_of(p, RT_RESERVED);
	try_call(p, "memblock_discard", 0, 0, 0, 0);
	p->holds = !region_at(p, RT_RESERVED, array).size;
}

struct marks {
	uint64_t pfn;
	bool marked;
};

static void on_event(void *data, enum rt_event event, uint64_t a, uint64_t b, long c)
{
	struct marks *marks = data;

	(void)c;
	if (event == RT_RESERVE_PAGES && a <= marks->pfn && marks->pfn < b)
		marks->marked = true;
}

static void try_marks_nomap(void *arg)
{
	struct probe *p = arg;
	struct marks marks = { .pfn = 17 * MB >> p->ops->page_shift };

	ram(p, 16 * MB, 2 * MB);
	try_call(p, "memblock_mark_nomap", 16 * MB, 2 * MB, 0, 0);
	engine_listen(p->e, &(struct engine_listener){ .data = &marks, .event = on_event });
	try_call(p, "free_all_bootmem", 0, 0, 0, 0);
	try_call(p, "memblock_free_all", 0, 0, 0, 0);
	engine_listen(p->e, NULL);
	p->holds = marks.marked;
}

static void try_kho(void *arg)
{
	struct probe *p = arg;

	ram(p, 16 * MB, MB);
	if (!has_call(p, "memblock_set_kho_scratch_only"))
		return;
	try_call(p, "memblock_set_kho_scratch_only", 0, 0, 0, 0);
	p->holds = !try_call(p, "memblock_phys_alloc", 4096, 4096, 0, 0);
}

static const struct {
	const char *name, *what;
	void (*try_it)(void *arg); /* NULL: it is told */
} rules[] = {
	[RULE_NODES] = { "nodes", "regions have nodes", NULL },
	[RULE_PHYSMEM] = { "physmem", "there is a list of what is physically there", NULL },
	[RULE_KEEPS] = { "keeps", "lists are kept after the boot", try_keeps },
	[RULE_EMPTY_REGION] = { "empty-region", "an empty list has one region, an empty one",
				try_empty_region },
	[RULE_JOINS_ALL] = { "joins-all", "a call that joins regions joins all that are alike",
			     try_joins_all },
	[RULE_RESIZE_PANICS] = { "resize-panics",
				 "an array that is full before it may grow is a panic",
				 try_resize_panics },
	[RULE_ALLOC_KERN] = { "alloc-kern", "what is allocated is marked as the kernel's",
			      try_alloc_kern },
	[RULE_ALLOC_NODE] = { "alloc-node",
			      "what is allocated is marked with the node that was asked for",
			      try_alloc_node },
	[RULE_ARRAY_KERN] = { "array-kern", "arrays are marked as the kernel's", try_array_kern },
	[RULE_NO_NODE] = { "no-node",
			   "what is reserved has NUMA_NO_NODE for its node, not MAX_NUMNODES",
			   try_no_node },
	[RULE_CHOOSES_ALL] = { "chooses-all",
			       "walks choose by node and flags in every list, not only in memory",
			       try_chooses_all },
	[RULE_ASK_HOTPLUG] = { "ask-hotplug",
			       "who asks for hotpluggable memory gets it with movable_node, too",
			       try_ask_hotplug },
	[RULE_ANY_NODE] = { "any-node", "NUMA_NO_NODE is any node in walks of pages, too",
			    try_any_node },
	[RULE_FREES_PAGES] = { "frees-pages",
			       "what is freed once slab is up goes to the page allocator, and stays in the list",
			       try_frees_pages },
	[RULE_HAND_NODES] = { "hand-nodes",
			      "in the hand-over, what is reserved gets the node of its memory",
			      try_hand_nodes },
	[RULE_DISCARD_FREES] = { "discard-frees",
				 "arrays that are discarded are freed as by memblock_phys_free()",
				 try_discard_frees },
	[RULE_MARKS_NOMAP] = { "marks-nomap",
			       "in the hand-over, pages of memory that is not mapped are marked as reserved",
			       try_marks_nomap },
	[RULE_KHO] = { "kho", "allocations can be confined to scratch areas", try_kho },
};

_Static_assert(ARRAY_LEN(rules) == NR_RULES, "a rule without a name");

static void read_list(struct model *m, struct engine *e, int type)
{
	struct list *l = &m->lists[type];
	struct rt_type_state state;
	void *array;
	size_t size;

	l->exists = m->ops->type(type, &state) == 0;
	l->max = l->first_max = l->exists ? state.max : 0;
	if (type == RT_RESERVED &&
	    engine_find_variable(e, "memblock_reserved_init_regions", &array, &size))
		m->region_size = size / state.max;
}

static void read_lists(void *arg)
{
	struct probe *p = arg;
	struct model *m = (struct model *)(uintptr_t)p->m;

	for (int t = RT_MEMORY; t < RT_NR_TYPES; t++)
		read_list(m, p->e, t);
}

void rules_probe(struct model *m, struct engine *e)
{
	struct probe p = { .e = e, .ops = m->ops, .m = m };
	struct engine_exit end;

	engine_reset(e);
	engine_run(e, read_lists, &p, 0, &end);
	m->rules[RULE_NODES] = m->ops->numa;
	m->rules[RULE_PHYSMEM] = m->lists[RT_PHYSMEM].exists;
	for (size_t i = 0; i < NR_RULES; i++) {
		if (!rules[i].try_it)
			continue;
		engine_reset(e);
		p.holds = false;
		engine_run(e, rules[i].try_it, &p, 0, &end);
		m->rules[i] = p.holds;
	}
	engine_reset(e);
}

const char *model_rule(size_t i, const char **what)
{
	if (i >= NR_RULES)
		return NULL;
	*what = rules[i].what;
	return rules[i].name;
}

bool model_has_rule(const struct model *m, size_t i)
{
	return i < NR_RULES && m->rules[i];
}
