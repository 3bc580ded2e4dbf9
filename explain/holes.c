// SPDX-License-Identifier: GPL-2.0-or-later
/* Free memory of a map, within windows of addresses and nodes, and what bounds it. */
#include <string.h>

#include "explain/internal.h"

/* memblock never gives out the lowest page, as its address would be 0. */
static struct range clip(const struct explain_piece *p, const struct explain_window *w,
			 uint64_t page)
{
	struct range r = range_intersect(p->range, w->range);

	if (r.start < page)
		r.start = page;
	return r;
}

static bool is_of(const struct explain_piece *p, const struct explain_window *w)
{
	return p->use == BOOT_FREE && (w->nid == LAYOUT_NO_NODE || w->nid == p->nid);
}

void explain_find_hole(const struct explain_map *m, const struct explain_window *w, uint64_t align,
		       uint64_t page, struct explain_hole *hole)
{
	*hole = (struct explain_hole){ 0 };
	for (size_t i = 0; i < m->nr; i++) {
		struct range r = clip(&m->v[i], w, page);
		uint64_t start = range_align_up(r.start, align), fits;

		if (!is_of(&m->v[i], w) || range_is_empty(r))
			continue;
		fits = r.end > start ? r.end - start : 0;
		hole->free += range_size(r);
		if (range_is_empty(hole->range) || fits > hole->fits) {
			hole->range = r;
			hole->fits = fits;
			hole->nid = m->v[i].nid;
		}
	}
}

const char *explain_bound(const struct explain_map *m, const struct explain_window *w,
			  struct range hole, bool above)
{
	uint64_t at = above ? hole.end : hole.start - 1;
	const struct explain_piece *p;

	if (above ? hole.end == w->range.end : hole.start == w->range.start)
		return "the window's end";
	if (!above && !hole.start)
		return "address 0";
	p = explain_piece_at(m, at);
	if (!above && p && p->use == BOOT_FREE && range_contains(p->range, hole.start))
		return "the lowest page, which memblock gives nobody";
	if (p && p->use == BOOT_FREE)
		return p->nid != w->nid && w->nid != LAYOUT_NO_NODE ? "another node"
								    : "another region of memory";
	return explain_piece_name(p);
}
