// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Arrays that are full. A list's first array is part of the kernel; one that is full is replaced by
 * one of twice the size, in memory that memblock finds and reserves for it, in whole pages. That is
 * allowed once somebody has called memblock_allow_resize(), which says that all is reserved that is
 * in use.
 */
#include "model/internal.h"

static uint64_t array_bytes(const struct model *m, uint64_t regions)
{
	uint64_t bytes = regions * m->region_size;

	return (bytes + m->page - 1) & -m->page;
}

/* Memory for an array, from @start to @end; from mirrored memory, if possible and if there is any. */
static uint64_t find_between(const struct model *m, uint64_t bytes, uint64_t start, uint64_t end)
{
	struct request rq = {
		.size = bytes,
		.align = m->page,
		.start = start,
		.end = end,
		.nid = -1,
		.flags = search_flags(m),
	};
	uint64_t at = search_find(m, &rq);

	if (!at && (rq.flags & m->flag.mirror)) {
		rq.flags &= ~m->flag.mirror;
		at = search_find(m, &rq);
	}
	return at;
}

/* The same, but not in @avoid: above it if possible, else below. */
static uint64_t find_beside(const struct model *m, uint64_t bytes, struct range avoid)
{
	uint64_t at = find_between(m, bytes, avoid.end, m->current_limit);
	uint64_t end = avoid.start < m->current_limit ? avoid.start : m->current_limit;

	/* a limit of 0 would stand for none */
	if (!at && end > m->no_limit)
		at = find_between(m, bytes, 0, end);
	return at;
}

/* Is an array at @at still in memory when what is done with @r is done? */
static bool stays_memory(uint64_t at, uint64_t bytes, struct range r, enum why why)
{
	struct range array = { at, at + bytes };

	switch (why) {
	case WHY_TAKE:
		return !range_overlaps(array, r);
	case WHY_CAP:
		return array.start >= r.start && array.end <= r.end;
	default:
		return true;
	}
}

/*
 * Where the array goes. That of reserved regions must not lie in what is being reserved; that of
 * memory regions must lie in what stays memory. Nothing else is avoided.
 */
static uint64_t find_place(struct model *m, enum rt_type type, uint64_t bytes, struct range r,
			   enum why why)
{
	uint64_t at;

	if (type == RT_RESERVED) {
		at = find_beside(m, bytes, r);
		if (!at && r.start <= m->no_limit && find_between(m, bytes, 0, m->current_limit))
			known_note(m, BUG_RESERVED_ARRAY);
		return at;
	}
	at = find_between(m, bytes, 0, m->current_limit);
	if (!at || type != RT_MEMORY || stays_memory(at, bytes, r, why))
		return at;
	known_note(m, BUG_MEMORY_ARRAY);
	if (why == WHY_TAKE)
		return find_beside(m, bytes, r);
	return find_between(m, bytes, r.start, r.end < m->current_limit ? r.end : m->current_limit);
}

/* The new array is reserved, and the one that was is free again, unless it is the first one. */
static void change_places(struct model *m, enum rt_type type, struct range new, struct range old)
{
	const struct list *reserved = &m->lists[RT_RESERVED];

	/* what is reserved may itself have to move for this, and is to find the new array reserved */
	if (type != RT_RESERVED && !range_is_empty(old) &&
	    list_count(m, reserved) + 2 > reserved->max)
		known_note(m, BUG_ARRAYS_APART);
	if (list_add(m, RT_RESERVED, new, m->rules[RULE_NO_NODE] ? -1 : m->nr_nodes,
		     m->rules[RULE_ARRAY_KERN] ? m->flag.kern : 0))
		model_leave(m, MODEL_BUGGED);
	if (!range_is_empty(old))
		alloc_free(m, old.start, range_size(old));
}

static bool double_array(struct model *m, enum rt_type type, struct range r, enum why why)
{
	struct list *l = &m->lists[type];
	uint64_t bytes = array_bytes(m, 2 * l->max), at = RT_NULL;
	struct range old = { 0, 0 }, new = { 0, 0 };

	if (!m->can_resize) {
		if (m->rules[RULE_RESIZE_PANICS])
			model_leave(m, MODEL_PANICKED);
		return false;
	}
	if (type == RT_PHYSMEM && l->array == RT_NULL && !l->in_slab)
		known_note(m, BUG_PHYSMEM_ARRAY);
	/* in mbsim kmalloc() gives memory that 32 bits do not reach */
	model_unspecified_if(m, m->slab && m->ops->phys_bits < 64);
	if (!m->slab) {
		at = find_place(m, type, bytes, r, why);
		if (!at)
			return false;
		model_touch(m, (struct range){ at, at + 2 * l->max * m->region_size });
	}
	if (l->array != RT_NULL)
		old = (struct range){ l->array, l->array + array_bytes(m, l->max) };
	if (at != RT_NULL)
		new = (struct range){ at, at + bytes };
	l->array = at;
	l->in_slab = m->slab;
	l->max *= 2;
	change_places(m, type, new, old);
	return true;
}

bool resize_for(struct model *m, enum rt_type type, uint64_t more, struct range r, enum why why)
{
	struct list *l = &m->lists[type];

	while (list_count(m, l) + more > l->max)
		if (!double_array(m, type, r, why))
			return false;
	return true;
}
