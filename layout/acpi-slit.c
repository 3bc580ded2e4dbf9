// SPDX-License-Identifier: GPL-2.0-or-later
/* The SLIT says how far proximity domains are from each other: acpi-srat.c knows their nodes. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "layout/acpi.h"
#include "lib/array.h"

#define SLIT_FIRST 44 /* where the distances begin, row by row */
#define LOCAL 10

/* As the kernel looks at it: many firmwares fill in anything. */
static bool is_valid(struct layout *l, const struct acpi_table *table, size_t n)
{
	for (size_t i = 0; i < n * n; i++) {
		unsigned int d = table->data[SLIT_FIRST + i];
		bool local = i / n == i % n;

		if (local ? d == LOCAL : d > LOCAL)
			continue;
		layout_note_at(
			l, (struct srcpos){ .file = table->place },
			"the distance from domain %zu to %zu is %u, and must be %s: the kernel "
			"does not use such a table, and neither does mbsim",
			i / n, i % n, d, local ? "10" : "more than 10");
		return false;
	}
	return true;
}

int acpi_read_slit(struct layout *l, const struct acpi_table *table, struct error *err)
{
	uint64_t n;

	if (table->len < SLIT_FIRST)
		return error_set(
			err, EINVAL,
			"%s: the SLIT ends within its header: take it whole, with `sudo cat "
			"/sys/firmware/acpi/tables/SLIT`",
			table->place);
	n = acpi_number(table->data + ACPI_HEADER, 8);
	l->lines++;
	if (n > ACPI_MAX_NODES || n * n > table->len - SLIT_FIRST) {
		l->lines_bad++;
		layout_note_at(l, (struct srcpos){ .file = table->place },
			       "the SLIT has no distances for the %" PRIu64
			       " domains that it counts: not used",
			       n);
		return 0;
	}
	if (!is_valid(l, table, n))
		return 0;
	l->lines_used++;
	l->distances_by_domain = true;
	for (size_t i = 0; i < n * n; i++)
		layout_add_distance(
			l, (struct layout_distance){ .from = i / n,
						     .to = i % n,
						     .distance = table->data[SLIT_FIRST + i],
						     .pos.file = table->place });
	return 0;
}

/* The node of a domain, or LAYOUT_NO_NODE. */
static int find_node(const struct layout *l, unsigned int domain)
{
	for (size_t i = 0; i < l->nr_domains; i++)
		if (l->domains[i].domain == domain)
			return l->domains[i].nid;
	return LAYOUT_NO_NODE;
}

void layout_settle_distances(struct layout *l)
{
	int nodes[ACPI_MAX_NODES], localities = 0, known = 0;
	size_t kept = 0;

	if (!l->distances_by_domain || !l->nr_distances)
		return;
	l->distances_by_domain = false;
	for (size_t i = 0; i < l->nr_distances; i++)
		if (l->distances[i].from >= localities)
			localities = l->distances[i].from + 1;
	for (int d = 0; d < localities; d++) {
		nodes[d] = l->nr_domains ? find_node(l, d) : d;
		known += nodes[d] != LAYOUT_NO_NODE;
	}
	for (size_t i = 0; i < l->nr_distances; i++) {
		struct layout_distance d = l->distances[i];

		d.from = nodes[d.from];
		d.to = nodes[d.to];
		if (d.from != LAYOUT_NO_NODE && d.to != LAYOUT_NO_NODE)
			l->distances[kept++] = d;
	}
	if (l->nr_domains && (known != localities || (size_t)known != l->nr_domains))
		layout_note_at(l, l->distances[0].pos,
			       "the SLIT is of %d domains, and there are %zu, of which it has %d",
			       localities, l->nr_domains, known);
	l->nr_distances = kept;
}
