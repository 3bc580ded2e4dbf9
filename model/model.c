// SPDX-License-Identifier: GPL-2.0-or-later
/* The model as a whole: its life, its calls, and what there is to be seen of it. */
#include "model/model.h"

#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "model/internal.h"

static uint64_t constant(const struct rt_engine *ops, const char *name, uint64_t otherwise)
{
	for (int i = 0; i < ops->nr_constants; i++)
		if (ops->constants[i].name && !strcmp(ops->constants[i].name, name))
			return ops->constants[i].value;
	return otherwise;
}

static unsigned long flag(const struct rt_engine *ops, const char *name)
{
	for (int i = 0; i < ops->nr_flags; i++)
		if (!strcmp(ops->flags[i].name, name))
			return ops->flags[i].value;
	return 0;
}

static void read_flags(struct model *m)
{
	m->flag.hotplug = flag(m->ops, "hotplug");
	m->flag.mirror = flag(m->ops, "mirror");
	m->flag.nomap = flag(m->ops, "nomap");
	m->flag.driver_managed = flag(m->ops, "driver_managed");
	m->flag.noinit = flag(m->ops, "rsrv_noinit");
	m->flag.kern = flag(m->ops, "rsrv_kern");
	m->flag.kho = flag(m->ops, "kho_scratch");
	m->flag.hugetlb = flag(m->ops, "rsrv_hugetlb");
}

struct model *model_new(const struct rt_engine *ops, struct engine *e)
{
	struct model *m = array_resize(NULL, 1, sizeof(*m));

	memset(m, 0, sizeof(*m));
	m->ops = ops;
	m->page = 1ULL << ops->page_shift;
	m->last = ops->phys_bits < 64 ? (1ULL << ops->phys_bits) - 1 : UINT64_MAX;
	m->nr_nodes = ops->nr_node_ids;
	m->cache_line = constant(ops, "SMP_CACHE_BYTES", 64);
	/* MEMBLOCK_ALLOC_ACCESSIBLE is 0 everywhere; this had another name once */
	m->no_limit = constant(ops, "MEMBLOCK_ALLOC_NOLEAKTRACE",
			       constant(ops, "MEMBLOCK_ALLOC_KASAN", 0));
	m->low_limit = constant(ops, "ARCH_LOW_ADDRESS_LIMIT", UINT32_MAX);
	read_flags(m);
	rules_probe(m, e);
	known_read(m, engine_info(e));
	m->calls = array_resize(NULL, (size_t)ops->nr_calls, sizeof(*m->calls));
	for (int i = 0; i < ops->nr_calls; i++)
		m->calls[i] = calls_find(&ops->calls[i]);
	model_reset(m);
	return m;
}

void model_free(struct model *m)
{
	if (!m)
		return;
	for (int t = 0; t < RT_NR_TYPES; t++)
		set_release(&m->lists[t].set);
	rangeset_release(&m->ram);
	free(m->freed);
	free(m->marked);
	free(m->calls);
	free(m);
}

void model_reset(struct model *m)
{
	for (int t = 0; t < RT_NR_TYPES; t++) {
		struct list *l = &m->lists[t];

		set_clear(&l->set);
		l->max = l->first_max;
		l->array = RT_NULL;
		l->in_slab = false;
	}
	m->current_limit = m->last;
	m->bottom_up = m->can_resize = m->has_mirror = m->kho_only = false;
	m->slab = m->movable_node = m->kernelcore_mirror = false;
	m->max_low_pfn = 0;
	rangeset_clear(&m->ram);
	m->bugs = m->lasting = 0;
	m->gone = false;
	m->nr_freed = m->nr_marked = 0;
}

void model_add_ram(struct model *m, struct range ram)
{
	const uint64_t host_page = 4096;

	ram.start &= -host_page;
	ram.end = (ram.end + host_page - 1) & -host_page;
	rangeset_add(&m->ram, ram);
}

bool model_set(struct model *m, const char *name, uint64_t value)
{
	const struct {
		const char *name;
		bool *variable;
	} settings[] = {
		{ "slab", &m->slab },
		{ "movable_node", &m->movable_node },
		{ "mirrored_kernelcore", &m->kernelcore_mirror },
		{ "can_resize", &m->can_resize },
	};

	if (!strcmp(name, "max_low_pfn")) {
		m->max_low_pfn = value;
		return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(settings); i++) {
		if (strcmp(settings[i].name, name))
			continue;
		*settings[i].variable = value;
		return true;
	}
	return false;
}

static model_fn function_of(const struct model *m, const struct rt_call *call)
{
	ptrdiff_t i = call - m->ops->calls;

	return i >= 0 && i < m->ops->nr_calls ? m->calls[i] : NULL;
}

bool model_knows(const struct model *m, const struct rt_call *call)
{
	return function_of(m, call) != NULL;
}

void model_leave(struct model *m, enum model_end end)
{
	longjmp(m->leave, (int)end);
}

void model_touch(struct model *m, struct range r)
{
	size_t i = rangeset_after(&m->ram, r.start);

	if (range_is_empty(r))
		return;
	/* behind what can be RAM mbsim has memory of its own */
	model_unspecified_if(m, r.end > engine_max_address());
	/* who has freed an array and then writes there has himself to blame */
	for (int t = RT_MEMORY; t < RT_NR_TYPES; t++)
		model_unspecified_if(m, range_overlaps(r, list_array(m, &m->lists[t])));
	if (i == m->ram.nr || m->ram.v[i].start > r.start || m->ram.v[i].end < r.end)
		model_leave(m, MODEL_FAULTED);
}

/* Arguments as the kernel gets them: no wider than their types. */
static void take_arguments(const struct model *m, const struct rt_call *call, const uint64_t *args,
			   uint64_t *taken)
{
	for (int i = 0; i < call->nr_args; i++) {
		taken[i] = args[i];
		if (call->args[i].kind == RT_PHYS)
			taken[i] &= m->last;
		else if (call->args[i].kind == RT_BOOL)
			taken[i] = args[i] != 0;
	}
}

enum model_end model_call(struct model *m, const struct rt_call *call, const uint64_t *args,
			  uint64_t *result)
{
	uint64_t taken[RT_MAX_ARGS] = { 0 };
	model_fn fn = function_of(m, call);
	int left;

	m->bugs = m->lasting;
	m->any = false;
	m->nr_freed = m->nr_marked = 0;
	*result = 0;
	if (!fn || m->gone)
		return MODEL_UNSPECIFIED;
	take_arguments(m, call, args, taken);
	left = _setjmp(m->leave);
	if (left)
		return (enum model_end)left;
	*result = fn(m, taken);
	if (call->result == RT_VOID)
		*result = 0;
	return m->any ? MODEL_RETURNED_ANY : MODEL_RETURNED;
}

const struct model_region *model_regions(const struct model *m, enum rt_type type, size_t *nr)
{
	*nr = m->lists[type].set.nr;
	return m->lists[type].set.v;
}

uint64_t model_max(const struct model *m, enum rt_type type)
{
	return m->lists[type].max;
}

uint64_t model_total(const struct model *m, enum rt_type type)
{
	return m->lists[type].set.total;
}

const struct range *model_freed(const struct model *m, size_t *nr)
{
	*nr = m->nr_freed;
	return m->freed;
}

const struct range *model_marked(const struct model *m, size_t *nr)
{
	*nr = m->nr_marked;
	return m->marked;
}
