// SPDX-License-Identifier: GPL-2.0-or-later
/* Contradictions in what a layout says of its nodes. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "layout/check.h"
#include "layout/internal.h"
#include "lib/array.h"

static void check_nodes(struct layout *l)
{
	const struct layout_node_range **rows;
	const struct layout_node_range *reach = NULL;
	char place[PLACE_MAX];

	_Static_assert(!offsetof(struct layout_node_range, range), "see compare_starts()");
	rows = (const struct layout_node_range **)check_sort(l->node_ranges, l->nr_node_ranges,
							     sizeof(*l->node_ranges));
	for (size_t i = 0; i < l->nr_node_ranges; i++) {
		if (rows[i]->nid == LAYOUT_NO_NODE)
			continue;
		if (reach && range_overlaps(reach->range, rows[i]->range))
			check_note(l, reach->nid != rows[i]->nid ? LAYOUT_ERROR : LAYOUT_WARNING,
				   rows[i]->pos,
				   reach->nid != rows[i]->nid ? RANGE_FMT
					   " is on node %d, but %s has " RANGE_FMT " on node %d"
							      : RANGE_FMT
					   " is on node %d, and %s has " RANGE_FMT
					   " on node %d, too",
				   RANGE_ARG(rows[i]->range), rows[i]->nid,
				   check_place(rows[i]->pos, reach->pos, place),
				   RANGE_ARG(reach->range), reach->nid);
		if (!reach || rows[i]->range.end > reach->range.end)
			reach = rows[i];
	}
	free(rows);
}

/* Both are walked by address; @at is where no node has been found from on. */
static void check_nodeless_ram(struct layout *l)
{
	const struct layout_node_range **rows;
	size_t nr_ram, nr = 0, n = 0;
	struct range *ram = layout_ram(l, &nr_ram);

	rows = (const struct layout_node_range **)check_sort(l->node_ranges, l->nr_node_ranges,
							     sizeof(*l->node_ranges));
	for (size_t i = 0; i < l->nr_node_ranges; i++)
		if (rows[i]->nid != LAYOUT_NO_NODE)
			rows[nr++] = rows[i];
	for (size_t i = 0; nr && i < nr_ram; i++) {
		uint64_t at = ram[i].start;

		while (at < ram[i].end) {
			while (n < nr && rows[n]->range.end <= at)
				n++;
			if (n == nr || rows[n]->range.start > at) {
				uint64_t end = n < nr && rows[n]->range.start < ram[i].end
						       ? rows[n]->range.start
						       : ram[i].end;

				check_note(l, LAYOUT_ERROR, (struct srcpos){ 0 },
					   "no node has the RAM at " RANGE_FMT, at, end - 1);
				at = end;
			} else {
				at = rows[n]->range.end;
			}
		}
	}
	free(rows);
	free(ram);
}

/* Nodes that have addresses and no memory at them, now or later. */
static void check_empty_nodes(struct layout *l)
{
	size_t nr_ram, first;
	struct range *ram = layout_ram(l, &nr_ram);
	bool *has = array_resize(NULL, LAYOUT_MAX_NODE + 1, sizeof(*has));

	memset(has, 0, (LAYOUT_MAX_NODE + 1) * sizeof(*has));
	for (size_t i = 0; i < l->nr_node_ranges; i++) {
		const struct layout_node_range *n = &l->node_ranges[i];
		size_t low = 0, high = nr_ram;

		while (low < high) {
			first = low + (high - low) / 2;
			if (ram[first].end > n->range.start)
				high = first;
			else
				low = first + 1;
		}
		if (n->nid != LAYOUT_NO_NODE &&
		    (n->flags & LAYOUT_HOTPLUG ||
		     (low < nr_ram && range_overlaps(ram[low], n->range))))
			has[n->nid] = true;
	}
	for (size_t i = 0; i < l->nr_node_ranges; i++) {
		const struct layout_node_range *n = &l->node_ranges[i];

		if (n->nid == LAYOUT_NO_NODE || has[n->nid])
			continue;
		has[n->nid] = true;
		check_note(l, LAYOUT_WARNING, n->pos, "node %d has no RAM at its addresses",
			   n->nid);
	}
	free(has);
	free(ram);
}

static void check_cpus(struct layout *l)
{
	uint64_t sum = 0;
	char place[PLACE_MAX];

	for (size_t i = 0; i < l->nr_node_cpus; i++) {
		const struct layout_node_cpus *c = &l->node_cpus[i];

		sum += c->cpus;
		for (size_t j = 0; i < 4096 && j < i; j++)
			if (l->node_cpus[j].nid == c->nid)
				check_note(l, LAYOUT_ERROR, c->pos,
					   "node %d has %u processors, but %u in %s", c->nid,
					   c->cpus, l->node_cpus[j].cpus,
					   check_place(c->pos, l->node_cpus[j].pos, place));
	}
	if (l->cpus && sum > l->cpus)
		check_note(l, LAYOUT_ERROR, l->node_cpus[0].pos,
			   "the nodes have %" PRIu64 " processors together, and the machine has %u",
			   sum, l->cpus);
}

static int compare_distances(const void *a, const void *b)
{
	const struct layout_distance *x = *(const struct layout_distance *const *)a;
	const struct layout_distance *y = *(const struct layout_distance *const *)b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return (x->to > y->to) - (x->to < y->to);
}

static int compare_keys(const void *key, const void *element)
{
	return compare_distances(&key, element);
}

static const struct layout_distance *find_distance(const struct layout_distance **all, size_t nr,
						   int from, int to)
{
	struct layout_distance key = { .from = from, .to = to };
	const struct layout_distance **found = bsearch(&key, all, nr, sizeof(void *), compare_keys);

	return found ? *found : NULL;
}

static void check_distance(struct layout *l, const struct layout_distance **all, size_t i)
{
	const struct layout_distance *d = all[i],
				     *next = i + 1 < l->nr_distances ? all[i + 1] : NULL;
	const struct layout_distance *back = find_distance(all, l->nr_distances, d->to, d->from);
	char place[PLACE_MAX];

	if ((d->from == d->to) != (d->distance == 10) || d->distance < 10)
		check_note(l, LAYOUT_ERROR, d->pos,
			   "node %d is %u from node %d: its own memory is 10, and any other more",
			   d->to, d->distance, d->from);
	if (next && next->from == d->from && next->to == d->to && next->distance != d->distance)
		check_note(l, LAYOUT_ERROR, next->pos, "node %d is %u from node %d, but %u in %s",
			   d->to, next->distance, d->from, d->distance,
			   check_place(next->pos, d->pos, place));
	if (!back)
		check_note(l, LAYOUT_WARNING, d->pos,
			   "node %d is %u from node %d, and nothing is said of the way back", d->to,
			   d->distance, d->from);
	else if (d->from < d->to && back->distance != d->distance)
		check_note(l, LAYOUT_WARNING, d->pos,
			   "node %d is %u from node %d, but %u the other way round in %s", d->to,
			   d->distance, d->from, back->distance,
			   check_place(d->pos, back->pos, place));
}

static void check_distances(struct layout *l)
{
	const struct layout_distance **all = array_resize(NULL, l->nr_distances, sizeof(void *));
	int last = LAYOUT_NO_NODE;

	for (size_t i = 0; i < l->nr_distances; i++)
		all[i] = &l->distances[i];
	if (l->nr_distances)
		qsort(all, l->nr_distances, sizeof(void *), compare_distances);
	for (size_t i = 0; i < l->nr_distances; i++)
		check_distance(l, all, i);
	for (size_t i = 0; l->nr_distances && i < l->nr_node_ranges; i++) {
		const struct layout_node_range *n = &l->node_ranges[i];

		if (n->nid == LAYOUT_NO_NODE || n->nid == last)
			continue;
		last = n->nid;
		if (!find_distance(all, l->nr_distances, n->nid, n->nid))
			check_note(l, LAYOUT_WARNING, n->pos,
				   "node %d is in no distance, and others are", n->nid);
	}
	free(all);
}

void check_node_facts(struct layout *l)
{
	check_nodes(l);
	check_nodeless_ram(l);
	check_empty_nodes(l);
	check_cpus(l);
	check_distances(l);
}
