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

/* @r, to be marked page by page: also pages that are only partly in it, but of memory. */
static void mark(struct model *m, struct range r)
{
	const struct set *memory = &m->lists[RT_MEMORY].set;
	unsigned int shift = m->ops->page_shift;
	struct range pages = { model_page_down(m, r.start), model_page_up(m, r.end) };

	for (size_t i = 0; i < memory->nr; i++) {
		struct range whole = { model_page_up(m, memory->v[i].range.start),
				       model_page_down(m, memory->v[i].range.end) };

		whole = range_intersect(whole, pages);
		if (!range_is_empty(whole))
			ARRAY_APPEND(m->marked, m->nr_marked, m->room_marked) =
				(struct range){ whole.start << shift, whole.end << shift };
	}
}

/*
 * Pages that the page allocator does not get are marked as reserved, but for those whose struct pages
 * somebody else initialises.
 */
static void mark_reserved(struct model *m)
{
	const struct set *s = &m->lists[RT_RESERVED].set, *memory = &m->lists[RT_MEMORY].set;

	for (size_t i = 0; i < s->nr; i++) {
		if (s->v[i].flags & m->flag.noinit)
			continue;
		if ((s->v[i].range.end & (m->page - 1)) == 1)
			known_note(m, BUG_FIRST_BYTE);
		mark(m, s->v[i].range);
	}
	for (size_t i = 0; m->rules[RULE_MARKS_NOMAP] && i < memory->nr; i++)
		if (memory->v[i].flags & m->flag.nomap)
			mark(m, memory->v[i].range);
}

static uint64_t free_all(struct model *m, const uint64_t *a)
{
	const struct set *memory = &m->lists[RT_MEMORY].set;
	uint64_t pages = 0;

	(void)a;
	/* a map of pages in memory itself: what there is of it is not the model's business */
	model_unspecified_if(m, m->ops->only_memory_valid && !m->ops->section_order);
	/* nobody has to avoid it any more */
	list_change(m, RT_MEMORY, (struct range){ 0, m->last },
		    (struct change){ .clear = m->flag.hotplug });
	if (m->rules[RULE_NODES] && m->rules[RULE_HAND_NODES])
		give_nodes(m);
	mark_reserved(m);
	for (size_t i = 0; i < memory->nr; i++)
		if (search_suits(m, &memory->v[i], -1, 0))
			hand_over_area(m, memory->v[i].range);
	for (size_t i = 0; i < m->nr_freed; i++)
		pages += range_size(m->freed[i]) >> m->ops->page_shift;
	model_unspecified_if(m, m->any);
	return pages;
}

/* What is freed when the page allocator is there: whole pages, one by one. */
static void free_late_pages(struct model *m, uint64_t base, uint64_t size)
{
	struct range pages = { model_page_up(m, base), model_page_down(m, base + size) };

	if (pages.start < pages.end)
		ARRAY_APPEND(m->freed, m->nr_freed, m->room_freed) =
			(struct range){ pages.start << m->ops->page_shift,
					pages.end << m->ops->page_shift };
}

static uint64_t free_late(struct model *m, const uint64_t *a)
{
	alloc_check_pages(m, a[0], a[1]);
	free_late_pages(m, a[0], a[1]);
	return 0;
}

static void discard_array(struct model *m, struct list *l)
{
	struct range array = list_array(m, l);

	if (l->in_slab)
		known_note(m, BUG_SLAB_ARRAY);
	if (l->in_slab || range_is_empty(array))
		return;
	array.end = (array.end + m->page - 1) & -m->page;
	if (m->rules[RULE_DISCARD_FREES])
		alloc_free(m, array.start, range_size(array));
	else
		free_late_pages(m, array.start, range_size(array));
}

/* Where lists are not kept their arrays are freed, and nothing is said of any call after that. */
static uint64_t discard(struct model *m, const uint64_t *a)
{
	(void)a;
	if (m->rules[RULE_KEEPS])
		return 0;
	discard_array(m, &m->lists[RT_RESERVED]);
	discard_array(m, &m->lists[RT_MEMORY]);
	m->gone = true;
	return 0;
}

const struct model_call handover_calls[] = {
	{ "free_all_bootmem", ">U", free_all },
	{ "memblock_free_late", "PP>v", free_late },
	{ "__memblock_free_late", "PP>v", free_late },
	{ "memblock_discard", ">v", discard },
	{ "memblock_free_all", ">U", free_all },
	{ "memblock_free_all", ">v", free_all },
	{ NULL, NULL, NULL },
};
