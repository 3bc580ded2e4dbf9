// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What two layouts have different. Each is brought into a form in which the order of facts and the
 * cutting of ranges do not matter, and written; then lines are compared.
 */
#include <stdlib.h>
#include <string.h>

#include "layout/internal.h"
#include "lib/array.h"

struct lines {
	char *text;
	char **v, **sorted;
	size_t nr, room;
};

static int compare_rows(const void *a, const void *b)
{
	const struct layout_range *x = a, *y = b;

	if (x->range.start != y->range.start)
		return x->range.start < y->range.start ? -1 : 1;
	if (x->range.end != y->range.end)
		return x->range.end < y->range.end ? -1 : 1;
	return (x->type > y->type) - (x->type < y->type);
}

static int compare_nodes(const void *a, const void *b)
{
	const struct layout_node_range *x = a, *y = b;

	if (x->nid != y->nid)
		return x->nid < y->nid ? -1 : 1;
	return (x->range.start > y->range.start) - (x->range.start < y->range.start);
}

/* RAM is what it amounts to, updates done. */
static void add_map(struct layout *to, const struct layout *l)
{
	size_t nr;
	struct range *ram = layout_ram(l, &nr);

	for (size_t i = 0; i < nr; i++)
		layout_add_range(to, (struct layout_range){ .range = ram[i], .type = LAYOUT_RAM });
	for (size_t i = 0; i < l->nr_ranges; i++)
		if (l->ranges[i].type != LAYOUT_RAM)
			layout_add_range(to, l->ranges[i]);
	if (to->nr_ranges)
		qsort(to->ranges, to->nr_ranges, sizeof(*to->ranges), compare_rows);
	free(ram);
}

static void add_nodes(struct layout *to, const struct layout *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->nr_node_ranges; i++)
		layout_add_node_range(to, l->node_ranges[i]);
	if (to->nr_node_ranges)
		qsort(to->node_ranges, to->nr_node_ranges, sizeof(*to->node_ranges), compare_nodes);
	for (size_t i = 0; i < to->nr_node_ranges; i++) {
		struct layout_node_range *last = n ? &to->node_ranges[n - 1] : NULL;
		const struct layout_node_range *next = &to->node_ranges[i];

		if (last && last->nid == next->nid && last->flags == next->flags &&
		    last->range.end == next->range.start)
			last->range.end = next->range.end;
		else
			to->node_ranges[n++] = *next;
	}
	to->nr_node_ranges = n;
}

static struct layout *normalise(const struct layout *l)
{
	struct layout *to = layout_new(l->name);

	to->arch = l->arch;
	to->page_size = l->page_size;
	to->cpus = l->cpus;
	to->dma_last = l->dma_last;
	to->low_end = l->low_end;
	to->image = l->image;
	to->kernel_version = l->kernel_version ? array_strdup(l->kernel_version) : NULL;
	to->cmdline = l->cmdline ? array_strdup(l->cmdline) : NULL;
	to->model = l->model ? array_strdup(l->model) : NULL;
	add_map(to, l);
	add_nodes(to, l);
	for (size_t i = 0; i < l->nr_reservations; i++)
		layout_add_reservation(to, l->reservations[i]);
	for (size_t i = 0; i < l->nr_dynamics; i++)
		layout_add_dynamic(to, l->dynamics[i]);
	for (size_t i = 0; i < l->nr_node_cpus; i++)
		layout_add_node_cpus(to, l->node_cpus[i]);
	for (size_t i = 0; i < l->nr_distances; i++)
		layout_add_distance(to, l->distances[i]);
	for (size_t i = 0; i < l->nr_usables; i++)
		layout_add_usable(to, l->usables[i]);
	return to;
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static struct lines write_lines(const struct layout *l)
{
	struct layout *normal = normalise(l);
	struct lines lines = { 0 };
	char *line, *next;
	size_t len;
	FILE *out = open_memstream(&lines.text, &len);

	if (!out)
		array_die();
	layout_write(normal, out);
	fclose(out);
	layout_free(normal);
	for (next = lines.text; (line = strsep(&next, "\n"));)
		if (*line && *line != '#')
			ARRAY_APPEND(lines.v, lines.nr, lines.room) = line;
	lines.sorted = array_resize(NULL, lines.nr, sizeof(*lines.sorted));
	memcpy(lines.sorted, lines.v, lines.nr * sizeof(*lines.sorted));
	qsort(lines.sorted, lines.nr, sizeof(*lines.sorted), compare_lines);
	return lines;
}

static void release(struct lines *lines)
{
	free(lines->text);
	free(lines->v);
	free(lines->sorted);
}

/* Lines of @mine that are not in @other. */
static char **only_in(const struct lines *mine, const struct lines *other, size_t *nr)
{
	char **only = NULL;
	size_t room = 0;

	*nr = 0;
	for (size_t i = 0; i < mine->nr; i++)
		if (!bsearch(&mine->v[i], other->sorted, other->nr, sizeof(*other->sorted),
			     compare_lines))
			ARRAY_APPEND(only, *nr, room) = array_strdup(mine->v[i]);
	return only;
}

struct layout_diff layout_diff(const struct layout *a, const struct layout *b)
{
	struct lines x = write_lines(a), y = write_lines(b);
	struct layout_diff d = { 0 };

	d.only_a = only_in(&x, &y, &d.nr_a);
	d.only_b = only_in(&y, &x, &d.nr_b);
	release(&x);
	release(&y);
	return d;
}

void layout_diff_release(struct layout_diff *d)
{
	for (size_t i = 0; i < d->nr_a; i++)
		free(d->only_a[i]);
	for (size_t i = 0; i < d->nr_b; i++)
		free(d->only_b[i]);
	free(d->only_a);
	free(d->only_b);
	*d = (struct layout_diff){ 0 };
}
