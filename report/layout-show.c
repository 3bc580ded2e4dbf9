// SPDX-License-Identifier: GPL-2.0-or-later
/* A layout for people: the machine, its map, what is in use, its nodes, and sums. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/size.h"
#include "report/layout.h"
#include "report/picture.h"
#include "report/table.h"

static void print_machine(const struct layout *l, FILE *out)
{
	char size[SIZE_TEXT_MAX];

	fprintf(out, "%s: %s", l->name, layout_arch_name(l->arch));
	if (l->model)
		fprintf(out, ", %s", l->model);
	if (l->cpus)
		fprintf(out, ", %u processor%s", l->cpus, l->cpus == 1 ? "" : "s");
	if (l->page_size)
		fprintf(out, ", pages of %s", size_format(l->page_size, size));
	putc('\n', out);
	if (l->kernel_version)
		fprintf(out, "of a log of Linux %s\n", l->kernel_version);
	if (l->cmdline)
		fprintf(out, "command line: %s\n", l->cmdline);
	if (l->dma_last)
		fprintf(out, "devices reach addresses up to %#" PRIx64 "\n", l->dma_last);
	if (l->low_end)
		fprintf(out, "low memory ends at %#" PRIx64 "\n", l->low_end);
}

static void print_title(const char *title, FILE *out)
{
	fprintf(out, "\n%s:\n", title);
}

/* The columns that all tables of ranges have. */
static struct libscols_table *range_table(FILE *out)
{
	struct libscols_table *t = report_table_new(out);

	report_table_column(t, "START", SCOLS_FL_RIGHT);
	report_table_column(t, "END", SCOLS_FL_RIGHT);
	report_table_column(t, "SIZE", SCOLS_FL_RIGHT);
	return t;
}

static struct libscols_line *range_line(struct libscols_table *t, struct range r)
{
	struct libscols_line *line = report_table_line(t);
	char size[SIZE_TEXT_MAX];

	report_table_set(line, 0, "%#" PRIx64, r.start);
	report_table_set(line, 1, "%#" PRIx64, r.end - 1);
	report_table_set(line, 2, "%s", size_format(range_size(r), size));
	return line;
}

static void set_flags(struct libscols_line *line, size_t column, unsigned int flags)
{
	char text[100] = "";
	const char *word;

	while ((word = layout_next_flag(&flags))) {
		size_t len = strlen(text);

		snprintf(text + len, sizeof(text) - len, "%s%s", len ? " " : "", word);
	}
	report_table_set(line, column, "%s", text);
}

static void set_place(struct libscols_line *line, size_t column, const struct layout *l,
		      struct srcpos pos)
{
	if (pos.line && pos.file && strcmp(pos.file, l->name))
		report_table_set(line, column, "%s:%u", pos.file, pos.line);
	else if (pos.line)
		report_table_set(line, column, "line %u", pos.line);
	else
		report_table_set(line, column, "%s", pos.file ? pos.file : "");
}

/* Nodes and flags of what is in the range: "0", "0,1", "hotplug". */
static unsigned int find_nodes(const struct layout *l, struct range r, char *text, size_t size)
{
	unsigned int flags = 0;
	int last = LAYOUT_NO_NODE;

	*text = '\0';
	for (size_t i = 0; i < l->nr_node_ranges; i++) {
		const struct layout_node_range *n = &l->node_ranges[i];
		size_t len = strlen(text);

		if (!range_overlaps(n->range, r))
			continue;
		flags |= n->flags;
		if (n->nid == LAYOUT_NO_NODE || n->nid == last)
			continue;
		last = n->nid;
		snprintf(text + len, size - len, "%s%d", len ? "," : "", n->nid);
	}
	return flags;
}

static void print_map(const struct layout *l, bool places, FILE *out)
{
	struct libscols_table *t = range_table(out);

	report_table_column(t, "NODE", SCOLS_FL_RIGHT);
	report_table_column(t, "TYPE", 0);
	report_table_column(t, "FLAGS", 0);
	report_table_column(t, "WORDS", SCOLS_FL_TRUNC);
	if (places)
		report_table_column(t, "READ AT", SCOLS_FL_TRUNC);
	for (size_t i = 0; i < l->nr_ranges; i++) {
		const struct layout_range *r = &l->ranges[i];
		struct libscols_line *line = range_line(t, r->range);
		char nodes[64];
		unsigned int flags = find_nodes(l, r->range, nodes, sizeof(nodes));

		report_table_set(line, 3, "%s", r->type == LAYOUT_RAM ? nodes : "");
		report_table_set(line, 4, "%s", layout_type_name(r->type));
		set_flags(line, 5, r->type == LAYOUT_RAM ? flags : 0);
		if (strcmp(r->words, layout_type_words(r->type)))
			report_table_set(line, 6, "%s", r->words);
		if (places)
			set_place(line, 7, l, r->pos);
	}
	print_title("The firmware's map", out);
	report_table_print(t);
}

static void print_updates(const struct layout *l, bool places, FILE *out)
{
	struct libscols_table *t;

	if (!l->nr_updates)
		return;
	t = range_table(out);
	report_table_column(t, "FROM", 0);
	report_table_column(t, "TO", 0);
	report_table_column(t, "WHEN", 0);
	if (places)
		report_table_column(t, "READ AT", SCOLS_FL_TRUNC);
	for (size_t i = 0; i < l->nr_updates; i++) {
		const struct layout_update *u = &l->updates[i];
		struct libscols_line *line = range_line(t, u->range);

		report_table_set(line, 3, "%s", u->any ? "any" : layout_type_name(u->from));
		report_table_set(line, 4, "%s", u->remove ? "nothing" : layout_type_name(u->to));
		report_table_set(line, 5, "%s%s", u->flags & LAYOUT_UPDATE_LATE ? "late " : "",
				 u->flags & LAYOUT_UPDATE_CMDLINE ? "by the command line" : "");
		if (places)
			set_place(line, 6, l, u->pos);
	}
	print_title("What the kernel changed in it", out);
	report_table_print(t);
}

static void print_reservations(const struct layout *l, bool places, FILE *out)
{
	struct libscols_table *t;

	if (!l->nr_reservations)
		return;
	t = range_table(out);
	report_table_column(t, "KIND", 0);
	report_table_column(t, "NAME", SCOLS_FL_TRUNC);
	report_table_column(t, "FLAGS", 0);
	if (places)
		report_table_column(t, "READ AT", SCOLS_FL_TRUNC);
	for (size_t i = 0; i < l->nr_reservations; i++) {
		const struct layout_reservation *r = &l->reservations[i];
		struct libscols_line *line = range_line(t, r->range);

		report_table_set(line, 3, "%s", layout_kind_name(r->kind));
		if (strcmp(r->name, layout_kind_name(r->kind)))
			report_table_set(line, 4, "%s", r->name);
		set_flags(line, 5, r->flags);
		if (places)
			set_place(line, 6, l, r->pos);
	}
	print_title("In use when the kernel starts", out);
	report_table_print(t);
}

static void print_wishes(const struct layout *l, FILE *out)
{
	char size[SIZE_TEXT_MAX];

	if (l->nr_dynamics)
		print_title("To be reserved wherever there is room", out);
	for (size_t i = 0; i < l->nr_dynamics; i++) {
		const struct layout_dynamic *d = &l->dynamics[i];
		unsigned int flags = d->flags;
		const char *word;

		fprintf(out, "  %s for %s", size_format(d->size, size), d->name);
		if (d->align)
			fprintf(out, ", aligned to %s", size_format(d->align, size));
		for (unsigned int n = 0; n < d->nr_within; n++)
			fprintf(out, "%s %#" PRIx64 "-%#" PRIx64, n ? " or" : ", within",
				d->within[n].start, d->within[n].end - 1);
		while ((word = layout_next_flag(&flags)))
			fprintf(out, ", %s", word);
		putc('\n', out);
	}
	if (l->nr_usables)
		print_title("All that this kernel may use", out);
	for (size_t i = 0; i < l->nr_usables; i++)
		fprintf(out, "  %#" PRIx64 "-%#" PRIx64 "\n", l->usables[i].range.start,
			l->usables[i].range.end - 1);
}

static uint64_t ram_of_node(const struct layout *l, const struct range *ram, size_t nr, int nid)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < l->nr_node_ranges; i++)
		for (size_t n = 0; l->node_ranges[i].nid == nid && n < nr; n++)
			bytes += range_size(range_intersect(l->node_ranges[i].range, ram[n]));
	return bytes;
}

/* The next node number above @nid that is told of, or LAYOUT_NO_NODE. */
static int next_node(const struct layout *l, int nid)
{
	int next = LAYOUT_NO_NODE;

	for (size_t i = 0; i < l->nr_node_ranges; i++)
		if (l->node_ranges[i].nid > nid && (next < 0 || l->node_ranges[i].nid < next))
			next = l->node_ranges[i].nid;
	for (size_t i = 0; i < l->nr_node_cpus; i++)
		if (l->node_cpus[i].nid > nid && (next < 0 || l->node_cpus[i].nid < next))
			next = l->node_cpus[i].nid;
	return next;
}

static void set_distances(struct libscols_line *line, size_t column, const struct layout *l,
			  int nid)
{
	char text[200] = "";

	for (size_t i = 0; i < l->nr_distances; i++) {
		size_t len = strlen(text);

		if (l->distances[i].from == nid)
			snprintf(text + len, sizeof(text) - len, "%s%d:%u", len ? " " : "",
				 l->distances[i].to, l->distances[i].distance);
	}
	report_table_set(line, column, "%s", text);
}

static void print_nodes(const struct layout *l, FILE *out)
{
	struct libscols_table *t;
	char size[SIZE_TEXT_MAX];
	size_t nr;
	struct range *ram;

	if (next_node(l, LAYOUT_NO_NODE) == LAYOUT_NO_NODE)
		return;
	ram = layout_ram(l, &nr);
	t = report_table_new(out);
	report_table_column(t, "NODE", SCOLS_FL_RIGHT);
	report_table_column(t, "RAM", SCOLS_FL_RIGHT);
	report_table_column(t, "CPUS", SCOLS_FL_RIGHT);
	report_table_column(t, "DISTANCES", SCOLS_FL_TRUNC);
	for (int nid = LAYOUT_NO_NODE; (nid = next_node(l, nid)) != LAYOUT_NO_NODE;) {
		struct libscols_line *line = report_table_line(t);

		report_table_set(line, 0, "%d", nid);
		report_table_set(line, 1, "%s", size_format(ram_of_node(l, ram, nr, nid), size));
		for (size_t i = 0; i < l->nr_node_cpus; i++)
			if (l->node_cpus[i].nid == nid)
				report_table_set(line, 2, "%u", l->node_cpus[i].cpus);
		set_distances(line, 3, l, nid);
	}
	print_title("Nodes", out);
	report_table_print(t);
	free(ram);
}

static void print_sums(const struct layout *l, FILE *out)
{
	uint64_t types[LAYOUT_NR_TYPES] = { 0 }, kinds[LAYOUT_NR_KINDS] = { 0 };
	size_t rows[LAYOUT_NR_TYPES] = { 0 }, taken[LAYOUT_NR_KINDS] = { 0 };
	char size[SIZE_TEXT_MAX];

	for (size_t i = 0; i < l->nr_ranges; i++) {
		types[l->ranges[i].type] += range_size(l->ranges[i].range);
		rows[l->ranges[i].type]++;
	}
	for (size_t i = 0; i < l->nr_reservations; i++) {
		kinds[l->reservations[i].kind] += range_size(l->reservations[i].range);
		taken[l->reservations[i].kind]++;
	}
	print_title("Totals", out);
	fprintf(out, "  RAM for memblock %10s %20" PRIu64 " bytes\n",
		size_format(layout_ram_size(l), size), layout_ram_size(l));
	for (int i = 0; i < LAYOUT_NR_TYPES; i++)
		if (rows[i])
			fprintf(out, "  %-16s %10s %20" PRIu64 " bytes in %zu row%s\n",
				layout_type_name(i), size_format(types[i], size), types[i], rows[i],
				rows[i] == 1 ? "" : "s");
	for (int i = 0; i < LAYOUT_NR_KINDS; i++)
		if (taken[i])
			fprintf(out, "  %-16s %10s %20" PRIu64 " bytes in %zu range%s\n",
				layout_kind_name(i), size_format(kinds[i], size), kinds[i],
				taken[i], taken[i] == 1 ? "" : "s");
}

void report_layout_notes(const struct layout *l, FILE *out)
{
	for (size_t i = 0; i < l->nr_notes; i++) {
		const struct layout_note *n = &l->notes[i];

		fprintf(out, "%s", n->pos.file ? n->pos.file : l->name);
		if (n->pos.line)
			fprintf(out, ":%u", n->pos.line);
		fprintf(out, ": %s: %s\n", layout_severity_name(n->severity), n->text);
	}
}

static void print_picture(const struct layout *l, const struct report_terminal *terminal, FILE *out)
{
	struct picture p;

	picture_of_layout(l, &p);
	report_picture_text(&p, terminal, out);
	picture_release(&p);
}

void report_layout_show(const struct layout *l, bool verbose,
			const struct report_terminal *terminal, FILE *out)
{
	print_machine(l, out);
	if (terminal)
		print_picture(l, terminal, out);
	print_map(l, verbose, out);
	print_updates(l, verbose, out);
	print_reservations(l, verbose, out);
	print_wishes(l, out);
	print_nodes(l, out);
	print_sums(l, out);
	if (l->lines)
		fprintf(out, "\n%u lines, %u of them with facts, %u not understood\n", l->lines,
			l->lines_used, l->lines_bad);
	if (l->nr_notes)
		putc('\n', out);
	report_layout_notes(l, out);
}
