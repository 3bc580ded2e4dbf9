// SPDX-License-Identifier: GPL-2.0-or-later
/* Calls that make memory less: mem= on the command line, crash kernels, odd borders. */
#include "model/internal.h"

/* Everything from @address on. */
static struct range from(const struct model *m, uint64_t address)
{
	return (struct range){ address, m->last };
}

/* Where the first @bytes of memory end, counted from the lowest; ->last if there are not so many. */
static uint64_t end_of_first(const struct model *m, uint64_t bytes)
{
	const struct set *s = &m->lists[RT_MEMORY].set;

	for (size_t i = 0; i < s->nr; i++) {
		uint64_t size = range_size(s->v[i].range);

		if (bytes <= size)
			return s->v[i].range.start + bytes;
		bytes -= size;
	}
	return m->last;
}

/* That much memory stays, from the lowest on; nothing is reserved behind it. 0 is no limit. */
static uint64_t enforce_memory_limit(struct model *m, const uint64_t *a)
{
	uint64_t end = end_of_first(m, a[0]);

	if (!a[0] || end == m->last)
		return 0;
	list_remove(m, RT_MEMORY, from(m, end));
	list_remove(m, RT_RESERVED, from(m, end));
	return 0;
}

/*
 * Memory and what is reserved outside of the range goes, but memory that is not mapped stays, so
 * that nobody takes it for a device's; at the borders of the range it is in two regions.
 */
static void cap(struct model *m, uint64_t base, uint64_t size)
{
	struct list *memory = &m->lists[RT_MEMORY];
	struct range r = model_range(m, base, size);

	if (!size)
		return;
	if (!memory->set.nr) {
		known_note(m, BUG_CAP_EARLY);
		return;
	}
	if (range_is_empty(r)) {
		/* nothing is nowhere: not what somebody wants */
		model_unspecified_if(m, true);
		return;
	}
	if (!resize_for(m, RT_MEMORY, 2, r, WHY_CAP))
		return;
	set_cap(&memory->set, r, m->flag.nomap);
	if (size > m->last - base)
		known_note(m, BUG_CAP_WRAPS);
	list_remove(m, RT_RESERVED, (struct range){ 0, r.start });
	list_remove(m, RT_RESERVED, from(m, r.end));
}

static uint64_t cap_memory_range(struct model *m, const uint64_t *a)
{
	cap(m, a[0], a[1]);
	return 0;
}

/* The same as a limit, but memory that is not mapped stays. */
static uint64_t mem_limit_remove_map(struct model *m, const uint64_t *a)
{
	uint64_t end = end_of_first(m, a[0]);

	if (a[0] && end != m->last)
		cap(m, 0, end);
	return 0;
}

/* Regions of memory begin and end at multiples of @align; what is too small for that goes. */
static uint64_t trim_memory(struct model *m, const uint64_t *a)
{
	struct set *s = &m->lists[RT_MEMORY].set;
	uint64_t mask = a[0] - 1;

	model_unspecified_if(m, !model_is_power(a[0]));
	for (size_t i = 0; i < s->nr; i++) {
		struct range r = s->v[i].range;
		uint64_t up = -r.start & mask, down = r.end & mask;

		if (up > m->last - r.start)
			known_note(m, BUG_TRIM_WRAPS);
		else if ((up || down) && up < range_size(r) && r.start + up < r.end - down)
			known_note(m, BUG_TRIM_TOTAL);
	}
	set_trim(s, a[0]);
	return 0;
}

const struct model_call limit_calls[] = {
	{ "memblock_enforce_memory_limit", "P>v", enforce_memory_limit },
	{ "memblock_cap_memory_range", "PP>v", cap_memory_range },
	{ "memblock_mem_limit_remove_map", "P>v", mem_limit_remove_map },
	{ "memblock_trim_memory", "P>v", trim_memory },
	{ NULL, NULL, NULL },
};
