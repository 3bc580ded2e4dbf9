// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hugepages SIZE [per node]: memblock is asked for such pages on each node until it has no more; and the
 * frames that it cannot give are told, with what is inside them.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "explain/internal.h"
#include "lib/array.h"
#include "lib/size.h"

#define MOST 65536

static const struct explain_column node_columns[] = {
	{ "node", "NODE", EXPLAIN_NUMBER },	    { "memory", "MEMORY", EXPLAIN_BYTES },
	{ "free", "FREE", EXPLAIN_BYTES },	    { "frames", "FRAMES", EXPLAIN_NUMBER },
	{ "whole", "FREE FRAMES", EXPLAIN_NUMBER }, { "got", "MEMBLOCK GIVES", EXPLAIN_NUMBER },
	{ "lost", "LOST", EXPLAIN_NUMBER },
};

static const struct explain_column lost_columns[] = {
	EXPLAIN_RANGE_COLUMNS,
	{ "frames", "FRAMES", EXPLAIN_NUMBER },
	{ "node", "NODE", EXPLAIN_NUMBER },
	{ "why", "WHY", EXPLAIN_TEXT },
	{ "blocker_start", "AT", EXPLAIN_ADDRESS },
	{ "blocker_size", "OF", EXPLAIN_BYTES },
	{ "others", "AND OTHERS", EXPLAIN_NUMBER },
	{ "free", "FREE IN IT", EXPLAIN_BYTES },
};

struct node {
	int nid;
	uint64_t memory, free, whole, lost;
	size_t got;
};

struct frames {
	const struct explain_map *m;
	uint64_t size;
	struct node *nodes;
	size_t nr_nodes, room_nodes;
	struct explain_table *lost;
};

static struct node *find_node(struct frames *f, int nid)
{
	struct node *n;

	for (size_t i = 0; i < f->nr_nodes; i++)
		if (f->nodes[i].nid == nid)
			return &f->nodes[i];
	n = &ARRAY_APPEND(f->nodes, f->nr_nodes, f->room_nodes);
	n->nid = nid;
	return n;
}

/* What is in frames that are alike. */
struct content {
	struct range range;
	uint64_t free, memory, most; /* bytes; @most: of what is most in the way */
	const char *why;
	struct range blocker;
	size_t blockers;
	int nid;
	bool nodes_differ;
};

static void block(struct content *c, const char *why, struct range r)
{
	if (range_is_empty(r))
		return;
	c->blockers++;
	if (range_size(r) <= c->most)
		return;
	c->most = range_size(r);
	c->why = why;
	c->blocker = r;
}

/* Looks at the pieces from @i on that are in the range. */
static void look(const struct frames *f, size_t i, struct content *c)
{
	uint64_t at = c->range.start;

	c->nid = LAYOUT_NO_NODE;
	for (; i < f->m->nr && f->m->v[i].range.start < c->range.end; i++) {
		const struct explain_piece *p = &f->m->v[i];
		struct range r = range_intersect(p->range, c->range);

		block(c, "no memory", (struct range){ at, r.start });
		at = r.end;
		if (p->is_memory) {
			c->nodes_differ |= c->memory && c->nid != p->nid;
			c->nid = c->memory ? c->nid : p->nid;
			c->memory += range_size(r);
		}
		if (p->use == BOOT_FREE)
			c->free += range_size(r);
		else
			block(c, explain_piece_name(p), r);
	}
	block(c, "no memory", (struct range){ at, c->range.end });
	if (!c->why)
		c->why = c->nodes_differ ? "the border of two nodes" : "the border of two regions";
}

static void add_lost(struct frames *f, const struct content *c)
{
	struct explain_table *t = f->lost;

	explain_cell_range(t, c->range);
	explain_cell(t, range_size(c->range) / f->size);
	explain_cell_node(t, c->nid);
	explain_cell_word(t, c->why);
	explain_cell(t, c->blocker.start);
	explain_cell(t, range_size(c->blocker));
	explain_cell(t, c->blockers > 1 ? c->blockers - 1 : 0);
	explain_cell(t, c->free);
	find_node(f, c->nid)->lost += range_size(c->range) / f->size;
}

/* The frames from @at on that piece @i has for itself: where they end. */
static uint64_t take_whole(struct frames *f, size_t i, uint64_t at)
{
	const struct explain_piece *p = &f->m->v[i];
	uint64_t frames = p->range.start <= at ? (p->range.end - at) / f->size : 0;
	struct content c = { .range = { at, at + frames * f->size } };

	if (!frames)
		return at;
	if (p->use == BOOT_FREE) {
		find_node(f, p->nid)->whole += frames;
	} else if (p->is_memory) {
		look(f, i, &c);
		add_lost(f, &c);
	}
	return c.range.end;
}

static void walk(struct frames *f)
{
	const struct explain_map *m = f->m;
	uint64_t at = 0;
	size_t i = 0;

	while (i < m->nr) {
		struct content c = { 0 };
		uint64_t next;

		if (m->v[i].range.end <= at) {
			i++;
			continue;
		}
		if (m->v[i].range.start > at)
			at = m->v[i].range.start / f->size * f->size;
		next = take_whole(f, i, at);
		if (next == at) {
			next = at + f->size;
			c.range = (struct range){ at, next };
			look(f, i, &c);
			if (c.memory)
				add_lost(f, &c);
		}
		if (next <= at)
			return; /* at the end of all addresses */
		at = next;
	}
}

static void count_memory(struct frames *f)
{
	for (size_t i = 0; i < f->m->nr; i++) {
		const struct explain_piece *p = &f->m->v[i];
		struct node *n = p->is_memory ? find_node(f, p->nid) : NULL;

		if (n)
			n->memory += range_size(p->range);
		if (n && p->use == BOOT_FREE)
			n->free += range_size(p->range);
	}
}

static size_t ask(const struct explain *x, const struct frames *f, struct node *n,
		  const char **call)
{
	struct explain_request q = { .size = f->size, .align = f->size, .nid = n->nid };
	struct range *got = array_resize(NULL, MOST, sizeof(*got));
	size_t nr = 0;

	*call = explain_probe(x, &q, true, got, MOST, &nr);
	/* kernels without an exact call take another node */
	for (n->got = 0; n->got < nr; n->got++) {
		const struct explain_piece *p = explain_piece_at(f->m, got[n->got].start);

		if (n->nid != LAYOUT_NO_NODE && p && p->nid != n->nid)
			break;
	}
	free(got);
	return n->got;
}

static void tell(const struct explain *x, struct explain_answer *a, struct frames *f)
{
	struct explain_table *t =
		explain_table(a, "nodes", node_columns, ARRAY_LEN(node_columns), "By node:");
	const char *call = NULL;
	char size[SIZE_TEXT_MAX];
	size_t all = 0, lost = 0;

	for (size_t i = 0; i < f->nr_nodes; i++) {
		struct node *n = &f->nodes[i];

		all += ask(x, f, n, &call);
		lost += n->lost;
		explain_cell_node(t, n->nid);
		explain_cell(t, n->memory);
		explain_cell(t, n->free);
		explain_cell(t, n->whole + n->lost);
		explain_cell(t, n->whole);
		explain_cell(t, n->got);
		explain_cell(t, n->lost);
	}
	a->verdict = all ? EXPLAIN_YES : EXPLAIN_NO;
	explain_fact(a, "count", EXPLAIN_NUMBER, all);
	explain_fact(a, "lost", EXPLAIN_NUMBER, lost);
	explain_fact(a, "page_size", EXPLAIN_BYTES, f->size);
	explain_lead(
		a,
		"Of pages of %s, memblock has %zu (%s); %zu more frames have memory, but are not free.",
		size_format(f->size, size), all, call ? call : "no call", lost);
	explain_model(
		a, "mm/hugetlb.c", "6.12",
		"That a gigantic page is a frame of its own size, aligned to it and of one node,");
}

static int read_size(const struct explain *x, uint64_t *size, struct error *err)
{
	uint64_t page = 1ULL << engine_ops(x->engine)->page_shift;
	int ret = explain_check_words(x, 1, 3, err);

	if (!ret)
		ret = explain_read_size(x->words[1], "SIZE", size, err);
	if (ret)
		return ret;
	if (x->nr_words > 2 &&
	    (x->nr_words != 4 || strcmp(x->words[2], "per") || strcmp(x->words[3], "node")))
		return error_set(err, EINVAL,
				 "explain: hugepages: '%s' is none of its words: SIZE "
				 "[per node]",
				 x->words[2]);
	if (*size < page || *size & (*size - 1) || *size > engine_max_address())
		return error_set(
			err, EINVAL,
			"explain: hugepages: %s is no size of a page: a power of two, %" PRIu64
			" bytes or more",
			x->words[1], page);
	return 0;
}

int explain_hugepages(const struct explain *x, struct explain_answer *a, struct error *err)
{
	struct frames f = { 0 };
	struct explain own = *x;
	struct explain_map m;
	struct explain_run run;
	int ret = read_size(x, &f.size, err);

	if (ret)
		return ret;
	/* where the kernel takes them */
	if (!own.at)
		own.at = "hugetlb_init";
	ret = explain_run_early(&own, &run, a, err);
	/* not every architecture's boot has that step */
	if (ret && !x->at && run.booted) {
		explain_run_release(&run);
		own.at = NULL;
		ret = explain_run_early(&own, &run, a, err);
	}
	if (!ret) {
		explain_map_make(&own, &run, &m);
		explain_tell_moment(a, &own, &run);
		f.m = &m;
		count_memory(&f);
		f.lost = explain_table(a, "lost", lost_columns, ARRAY_LEN(lost_columns),
				       "Frames that are lost, and what is most in the way:");
		walk(&f);
		tell(&own, a, &f);
		explain_map_release(&m);
		free(f.nodes);
	}
	explain_run_release(&run);
	return ret;
}
