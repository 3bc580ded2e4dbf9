// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The hand-over to the page allocator: it gets the whole pages of memory in which nothing is
 * reserved, and which are mapped.
 */
#include "lib/array.h"
#include "model/internal.h"

static void hand_over_piece(struct model *m, struct range free)
{
	uint64_t first = model_page_up(m, free.start), end = model_page_down(m, free.end);

	/* what lies higher can only be had by mapping it for a while, and is handed over by others */
	if (end > m->max_low_pfn)
		end = m->max_low_pfn;
	if (first >= end)
		return;
	ARRAY_APPEND(m->freed, m->nr_freed, m->room_freed) =
		(struct range){ first << m->ops->page_shift, end << m->ops->page_shift };
}

/* What of @area is not reserved, piece by piece. */
static void hand_over_area(struct model *m, struct range area)
{
	const struct set *s = &m->lists[RT_RESERVED].set;

	for (size_t i = set_after(s, area.start); i < s->nr && area.start < area.end; i++) {
		uint64_t end = s->v[i].range.start < area.end ? s->v[i].range.start : area.end;

		hand_over_piece(m, (struct range){ area.start, end });
		area.start = s->v[i].range.end;
	}
	hand_over_piece(m, area);
}

/*
 * What is reserved gets the node of the memory that it is in. If the list's array moves meanwhile, the
 * new one is to have a node, too.
 */
static void give_nodes(struct model *m)
{
	const struct set *memory = &m->lists[RT_MEMORY].set;
	const struct list *reserved = &m->lists[RT_RESERVED];
	uint64_t max;

	do {
		max = reserved->max;
		for (size_t i = 0; i < memory->nr; i++)
			list_change(m, RT_RESERVED, memory->v[i].range,
				    (struct change){ .has_nid = true, .nid = memory->v[i].nid });
	} while (reserved->max != max);
}

static uint64_t free_all(struct model *m, const uint64_t *a)
{
	const struct set *memory = &m->lists[RT_MEMORY].set;
	uint64_t pages = 0;

	(void)a;
	/* a map of pages in memory itself: what there is of it is not the model's business */
	model_unspecified_if(m, m->ops->only_memory_valid && !m->ops->section_order);
	m->nr_freed = 0;
	/* nobody has to avoid it any more */
	list_change(m, RT_MEMORY, (struct range){ 0, m->last },
		    (struct change){ .clear = m->flag.hotplug });
	if (m->rules[RULE_NODES] && m->rules[RULE_HAND_NODES])
		give_nodes(m);
	for (size_t i = 0; i < memory->nr; i++)
		if (search_suits(m, &memory->v[i], -1, 0))
			hand_over_area(m, memory->v[i].range);
	for (size_t i = 0; i < m->nr_freed; i++)
		pages += range_size(m->freed[i]) >> m->ops->page_shift;
	model_unspecified_if(m, m->any);
	return pages;
}

const struct model_call handover_calls[] = {
	{ "memblock_free_all", ">U", free_all },
	{ "memblock_free_all", ">v", free_all },
	{ NULL, NULL, NULL },
};
