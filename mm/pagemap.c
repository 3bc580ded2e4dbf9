// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs of pages in a B-tree of two levels: sorted leaves in a sorted array. */
#include "mm/pagemap.h"

#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "mm/mm.h"

/* Runs in a leaf: moving half of them costs about as much as finding one. */
#define LEAF_ROOM 128

static struct mm_leaf *add_leaf(struct mm_pagemap *m, size_t at)
{
	struct mm_leaf leaf = { .v = array_resize(NULL, LEAF_ROOM, sizeof(*leaf.v)),
				.stale = true };

	ARRAY_APPEND(m->leaves, m->nr, m->room) = leaf;
	memmove(&m->leaves[at + 1], &m->leaves[at], (m->nr - 1 - at) * sizeof(leaf));
	m->leaves[at] = leaf;
	return &m->leaves[at];
}

void pagemap_init(struct mm_pagemap *m)
{
	*m = (struct mm_pagemap){ .nr_runs = 1 };
	add_leaf(m, 0);
	m->leaves[0].v[0] = (struct mm_run){ .nid = -1, .state = MM_PAGE_NONE };
	m->leaves[0].nr = 1;
}

void pagemap_release(struct mm_pagemap *m)
{
	for (size_t i = 0; i < m->nr; i++)
		free(m->leaves[i].v);
	free(m->leaves);
	*m = (struct mm_pagemap){ 0 };
}

static size_t find_leaf(const struct mm_pagemap *m, uint64_t pfn)
{
	size_t lo = 0, hi = m->nr;

	while (hi - lo > 1) {
		size_t mid = lo + (hi - lo) / 2;

		if (m->leaves[mid].v[0].start <= pfn)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

/* Most questions are about what the one before was about, or what is right behind it. */
static bool find_near(struct mm_pagemap *m, uint64_t pfn)
{
	struct mm_place at = m->last;

	if (at.leaf >= m->nr || at.i >= m->leaves[at.leaf].nr || pagemap_at(m, at)->start > pfn)
		return false;
	for (int tries = 0; tries < 3; tries++) {
		m->last = at;
		if (!pagemap_next(m, &at) || pfn < pagemap_at(m, at)->start)
			return true;
	}
	return false;
}

struct mm_place pagemap_find(struct mm_pagemap *m, uint64_t pfn)
{
	const struct mm_leaf *leaf;
	uint32_t lo = 0, hi;

	if (find_near(m, pfn))
		return m->last;
	m->last.leaf = find_leaf(m, pfn);
	leaf = &m->leaves[m->last.leaf];
	hi = leaf->nr;
	while (hi - lo > 1) {
		uint32_t mid = (lo + hi) / 2;

		if (leaf->v[mid].start <= pfn)
			lo = mid;
		else
			hi = mid;
	}
	m->last.i = lo;
	return m->last;
}

bool pagemap_next(const struct mm_pagemap *m, struct mm_place *at)
{
	if (at->i + 1 < m->leaves[at->leaf].nr) {
		at->i++;
		return true;
	}
	if (at->leaf + 1 == m->nr)
		return false;
	*at = (struct mm_place){ at->leaf + 1, 0 };
	return true;
}

bool pagemap_previous(const struct mm_pagemap *m, struct mm_place *at)
{
	if (at->i) {
		at->i--;
		return true;
	}
	if (!at->leaf)
		return false;
	*at = (struct mm_place){ at->leaf - 1, m->leaves[at->leaf - 1].nr - 1 };
	return true;
}

struct mm_run *pagemap_at(const struct mm_pagemap *m, struct mm_place at)
{
	return &m->leaves[at.leaf].v[at.i];
}

uint64_t pagemap_end(const struct mm_pagemap *m, struct mm_place at)
{
	return pagemap_next(m, &at) ? pagemap_at(m, at)->start : UINT64_MAX;
}

/* Puts @run in front of @at, where its address belongs, and says where it is. */
static struct mm_place insert(struct mm_pagemap *m, struct mm_place at, struct mm_run run)
{
	struct mm_leaf *leaf = &m->leaves[at.leaf];

	if (leaf->nr == LEAF_ROOM) {
		/* what is added at the end leaves full leaves behind */
		uint32_t keep = at.i == LEAF_ROOM ? LEAF_ROOM - 1 : LEAF_ROOM / 2;
		struct mm_leaf *next = add_leaf(m, at.leaf + 1);

		leaf = &m->leaves[at.leaf];
		next->nr = leaf->nr - keep;
		memcpy(next->v, leaf->v + keep, next->nr * sizeof(run));
		leaf->nr = keep;
		leaf->stale = true;
		if (at.i > keep) {
			at = (struct mm_place){ at.leaf + 1, at.i - keep };
			leaf = next;
		}
	}
	memmove(leaf->v + at.i + 1, leaf->v + at.i, (leaf->nr - at.i) * sizeof(run));
	leaf->v[at.i] = run;
	leaf->nr++;
	leaf->stale = true;
	m->nr_runs++;
	return at;
}

/* Takes a run away; @at is then what was behind it, if anything was. */
static void delete (struct mm_pagemap *m, struct mm_place *at)
{
	struct mm_leaf *leaf = &m->leaves[at->leaf];

	leaf->nr--;
	m->nr_runs--;
	leaf->stale = true;
	memmove(leaf->v + at->i, leaf->v + at->i + 1, (leaf->nr - at->i) * sizeof(*leaf->v));
	if (!leaf->nr) {
		free(leaf->v);
		m->nr--;
		memmove(leaf, leaf + 1, (m->nr - at->leaf) * sizeof(*leaf));
	} else if (at->i == leaf->nr) {
		*at = (struct mm_place){ at->leaf + 1, 0 };
	}
}

/* A run starts at @pfn: the one there is, or half of it. */
static struct mm_place split(struct mm_pagemap *m, uint64_t pfn)
{
	struct mm_place at = pagemap_find(m, pfn);
	struct mm_run run = *pagemap_at(m, at);

	if (run.start == pfn)
		return at;
	run.start = pfn;
	at.i++;
	return insert(m, at, run);
}

static bool is_alike(const struct mm_run *a, const struct mm_run *b)
{
	return a->state == b->state && a->nid == b->nid && a->kind == b->kind;
}

void pagemap_set(struct mm_pagemap *m, struct range pfns, struct mm_run run)
{
	struct mm_place at, next;
	struct mm_run rest;

	if (range_is_empty(pfns))
		return;
	run.start = pfns.start;
	at = split(m, pfns.start);
	rest = *pagemap_at(m, at);
	for (next = at; pagemap_next(m, &next); next = at) {
		if (pagemap_at(m, next)->start >= pfns.end)
			break;
		rest = *pagemap_at(m, next);
		delete (m, &next);
	}
	if (pagemap_end(m, at) > pfns.end) {
		rest.start = pfns.end;
		at.i++;
		at = insert(m, at, rest);
		pagemap_previous(m, &at);
	}
	*pagemap_at(m, at) = run;
	m->leaves[at.leaf].stale = true;
	next = at;
	if (pagemap_next(m, &next) && is_alike(pagemap_at(m, next), &run))
		delete (m, &next);
	next = at;
	if (pagemap_previous(m, &next) && is_alike(pagemap_at(m, next), &run))
		delete (m, &at);
}

size_t pagemap_leaf_with(struct mm_pagemap *m, size_t leaf, unsigned int order)
{
	for (; leaf < m->nr; leaf++) {
		struct mm_leaf *l = &m->leaves[leaf];

		if (l->stale) {
			l->orders = 0;
			for (uint32_t i = 0; i < l->nr; i++)
				l->orders |= l->v[i].orders;
			l->stale = false;
		}
		if (l->orders >> order & 1)
			break;
	}
	return leaf;
}
