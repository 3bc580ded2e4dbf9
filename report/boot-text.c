// SPDX-License-Identifier: GPL-2.0-or-later
/* A boot for people. */
#include <inttypes.h>
#include <libsmartcols.h>
#include <string.h>

#include "lib/array.h"
#include "lib/size.h"
#include "report/internal.h"
#include "report/picture.h"

static void print_size(FILE *out, const char *name, uint64_t bytes, unsigned int page_shift)
{
	fprintf(out, "  %-10s %12" PRIu64 " pages %14" PRIu64 " KiB\n", name, bytes >> page_shift,
		bytes >> 10);
}

void report_boot_log(const struct boot_result *r, FILE *out)
{
	for (size_t i = 0; i < r->nr_log; i++)
		fprintf(out, "[    0.000000] %s\n", r->log[i].text);
}

static void print_header(const struct boot_result *r, FILE *out)
{
	fprintf(out, "%s: Linux %s (%s, memblock.c %.12s), %u processor%s\n", r->layout_name,
		r->kernel->version, r->kernel->config, r->kernel->memblock_hash, r->cpus,
		r->cpus == 1 ? "" : "s");
	if (r->cmdline[0])
		fprintf(out, "command line: %s\n", r->cmdline);
	for (size_t i = 0; i < r->nr_notes; i++)
		fprintf(out, "note: %s\n", r->notes[i]);
}

static void print_end(const struct boot_result *r, FILE *out)
{
	const struct boot_step_result *step = r->nr_steps ? &r->steps[r->nr_steps - 1] : NULL;

	for (size_t i = 0; i < r->nr_unmet; i++)
		fprintf(out, "%snot done: %s\n", i ? "" : "\n", r->unmet[i]);
	if (r->finished)
		return;
	fprintf(out, "\nIt did not boot: %s in %s (%s)", report_end_name(r->exit.end),
		step ? step->function : "nothing", step ? step->meaning : "nothing was done");
	if (r->last_call)
		fprintf(out, ", call %s", r->last_call);
	if (r->exit.function[0])
		fprintf(out, ", function %s", r->exit.function);
	fprintf(out, "\n  %s\n", r->exit.text);
}

static const char *use_of(const struct boot_piece *p)
{
	return p->use == BOOT_RESERVED && !p->is_memory ? "no RAM" : report_use_name(p->use);
}

static struct libscols_line *add_row(struct libscols_table *t, struct range range,
				     const struct boot_piece *p)
{
	struct libscols_line *line = report_table_line(t);
	char size[SIZE_TEXT_MAX];

	report_table_set(line, 0, "%#" PRIx64, range.start);
	report_table_set(line, 1, "%#" PRIx64, range.end - 1);
	report_table_set(line, 2, "%s", size_format(range_size(range), size));
	if (p->nid >= 0)
		report_table_set(line, 3, "%d", p->nid);
	report_table_set(line, 4, "%s", use_of(p));
	return line;
}

/* How many pieces from @first on are to be one row: small ones side by side. */
static size_t count_small(const struct boot_result *r, size_t first)
{
	size_t n;

	for (n = 0; first + n < r->nr_map; n++) {
		const struct boot_piece *p = &r->map[first + n];

		if (range_size(p->range) >> r->page_shift)
			break;
		if (n && (p->range.start != p[-1].range.end || p->is_memory != p[-1].is_memory ||
			  p->nid != p[-1].nid))
			break;
	}
	return n;
}

/* Sums up @line for pieces side by side: how many are reserved, and what the first is for. */
static void set_purposes(struct libscols_line *line, const struct boot_piece *p, size_t n)
{
	const char *first = NULL;
	bool others = false;
	size_t reserved = 0;

	for (size_t i = 0; i < n; i++) {
		const char *purpose = p[i].purpose ? p[i].purpose : "?";

		if (p[i].use != BOOT_RESERVED)
			continue;
		reserved++;
		if (!first)
			first = purpose;
		others |= strcmp(first, purpose) != 0;
	}
	report_table_set(line, 5, "%zu small: %s%s", reserved, first ? first : "?",
			 others ? " ..." : "");
}

static void add_pieces(struct libscols_table *t, const struct boot_result *r, bool all)
{
	const size_t few = 3;

	for (size_t i = 0, n; i < r->nr_map; i += n) {
		const struct boot_piece *p = &r->map[i];
		struct libscols_line *line;

		n = all ? 0 : count_small(r, i);
		if (n >= few) {
			struct boot_piece folded = p[0].use == BOOT_RESERVED ? p[0] : p[1];

			set_purposes(add_row(t,
					     (struct range){ p->range.start, p[n - 1].range.end },
					     &folded),
				     p, n);
			continue;
		}
		n = 1;
		line = add_row(t, p->range, p);
		if (p->use != BOOT_RESERVED)
			continue;
		report_table_set(line, 5, "%s", p->purpose ? p->purpose : "?");
		report_table_set(line, 6, "%s", p->function ? p->function : "?");
	}
}

static void print_map(const struct boot_result *r, bool all, FILE *out)
{
	struct libscols_table *t;

	if (!r->nr_map)
		return;
	t = report_table_new(out);
	report_table_column(t, "START", SCOLS_FL_RIGHT);
	report_table_column(t, "END", SCOLS_FL_RIGHT);
	report_table_column(t, "SIZE", SCOLS_FL_RIGHT);
	report_table_column(t, "NODE", SCOLS_FL_RIGHT);
	report_table_column(t, "USE", 0);
	report_table_column(t, "FOR", SCOLS_FL_TRUNC);
	report_table_column(t, "BY", SCOLS_FL_TRUNC);
	add_pieces(t, r, all);
	fprintf(out, "\nMemory when %s:\n", r->finished ? "memblock hands over" : "the boot ended");
	report_table_print(t);
}

/* In the words of the kernel. */
static void print_zones(const struct boot_result *r, FILE *out)
{
	if (r->first_zone_line < r->end_zone_line)
		putc('\n', out);
	for (size_t i = r->first_zone_line; i < r->end_zone_line; i++)
		fprintf(out, "%s\n", r->log[i].text);
}

static void print_blocks(const struct boot_result *r, FILE *out)
{
	struct libscols_table *t = report_table_new(out);
	char name[16];

	report_table_column(t, "ZONE", 0);
	report_table_column(t, "SPANNED", SCOLS_FL_RIGHT);
	report_table_column(t, "PRESENT", SCOLS_FL_RIGHT);
	report_table_column(t, "FREE", SCOLS_FL_RIGHT);
	for (unsigned int order = 0; order <= r->mm->max_order; order++) {
		snprintf(name, sizeof(name), "%u", order);
		report_table_column(t, name, SCOLS_FL_RIGHT);
	}
	for (size_t i = 0; i < r->mm->nr_zones; i++) {
		const struct mm_zone *z = &r->mm->zones[i];
		struct libscols_line *line = report_table_line(t);

		report_table_set(line, 0, "node %d %s", z->nid, mm_zone_name(z->kind));
		report_table_set(line, 1, "%" PRIu64, range_size(z->spanned));
		report_table_set(line, 2, "%" PRIu64, z->present_pages);
		report_table_set(line, 3, "%" PRIu64, z->free_pages);
		for (unsigned int order = 0; order <= r->mm->max_order; order++)
			report_table_set(line, 4 + order, "%" PRIu64, z->blocks[order]);
	}
	fputs("\nPages of the page allocator, and its free blocks by order:\n", out);
	report_table_print(t);
}

static void print_sums(const struct boot_result *r, FILE *out)
{
	const struct check_sums *s = &r->sums;

	fputs("\nTotals:\n", out);
	print_size(out, "RAM", s->memory_bytes, r->page_shift);
	print_size(out, "reserved", s->reserved_bytes, r->page_shift);
	if (s->nomap_bytes)
		print_size(out, "nomap", s->nomap_bytes, r->page_shift);
	if (s->lost_bytes)
		fprintf(out, "  %-10s %12" PRIu64 " bytes, at borders of pages\n", "lost",
			s->lost_bytes);
	if (!r->finished)
		return;
	print_size(out, "freed", s->freed_pages << r->page_shift, r->page_shift);
	if (s->late_pages)
		print_size(out, "freed late", s->late_pages << r->page_shift, r->page_shift);
}

static void print_checks(const struct boot_result *r, FILE *out)
{
	const struct check_findings *f = &r->findings;

	putc('\n', out);
	if (!f->nr)
		fprintf(out, "All checks hold (%zu made, %zu calls).\n", f->made, r->nr_calls);
	for (size_t i = 0; i < f->nr; i++)
		fprintf(out, "FAILED %s (%s): %s\n", f->v[i].check->name, f->v[i].check->meaning,
			f->v[i].text);
	if (f->silenced) {
		fputs("Not made, as those did not hold:", out);
		for (const struct check *c = checks; c->name; c++)
			if (f->silenced & check_bit(c))
				fprintf(out, " %s", c->name);
		putc('\n', out);
	}
	fprintf(out, "Booted in %.1f ms, checked in %.1f ms.\n", r->boot_ns / 1e6,
		r->check_ns / 1e6);
}

static void print_account(const struct boot_result *r, bool all, FILE *out)
{
	fputs("\nWhere the memory went:\n", out);
	report_boot_account(r, all, out);
}

static void print_memory(const struct boot_result *r, FILE *out)
{
	if (r->memory_line)
		fprintf(out, "\n%s\n", r->memory_line);
}

static void print_picture(const struct boot_result *r, const struct report_terminal *terminal,
			  FILE *out)
{
	struct picture p;

	picture_of_boot(r, &p);
	report_picture_text(&p, terminal, out);
	picture_release(&p);
}

/* In the order of the text */
static const struct {
	const char *name;
	bool usual;    /* shown if none is asked for */
	bool finished; /* only if the boot did finish */
	void (*print)(const struct boot_result *r, FILE *out);
	void (*print_all)(const struct boot_result *r, bool all, FILE *out); /* instead */
	void (*draw)(const struct boot_result *r, const struct report_terminal *terminal,
		     FILE *out); /* instead, on a terminal */
} sections[] = {
	{ "log", false, false, report_boot_log, NULL, NULL },
	{ "facts", false, false, report_boot_facts, NULL, NULL },
	{ "picture", true, false, NULL, NULL, print_picture },
	{ "map", true, false, NULL, print_map, NULL },
	{ "zones", true, false, print_zones, NULL, NULL },
	{ "blocks", true, true, print_blocks, NULL, NULL },
	{ "buddyinfo", false, true, report_boot_buddyinfo, NULL, NULL },
	{ "zoneinfo", false, true, report_boot_zoneinfo, NULL, NULL },
	{ "free", false, true, report_boot_free, NULL, NULL },
	{ "account", true, false, NULL, print_account, NULL },
	{ "memory", true, true, print_memory, NULL, NULL },
	{ "prediction", true, true, NULL, NULL, NULL },
	{ "totals", true, false, print_sums, NULL, NULL },
	{ "checks", true, false, print_checks, NULL, NULL },
};

unsigned int report_boot_section(const char *name, size_t len)
{
	for (size_t i = 0; i < ARRAY_LEN(sections); i++)
		if (strlen(sections[i].name) == len && !strncmp(sections[i].name, name, len))
			return 1U << i;
	return 0;
}

void report_boot_text(const struct boot_result *r, const struct prediction *p, unsigned int wanted,
		      bool all, const struct report_terminal *terminal, FILE *out)
{
	if (!wanted)
		print_header(r, out);
	print_end(r, out);
	for (size_t i = 0; i < ARRAY_LEN(sections); i++) {
		bool asked = wanted ? wanted & 1U << i : sections[i].usual;

		asked |= !wanted && all && sections[i].print == report_boot_facts;
		if (!asked || (sections[i].finished && !r->finished))
			continue;
		if (sections[i].draw && terminal)
			sections[i].draw(r, terminal, out);
		else if (sections[i].print)
			sections[i].print(r, out);
		else if (sections[i].print_all)
			sections[i].print_all(r, all, out);
		else if (!sections[i].draw)
			report_boot_prediction(p, out);
	}
}
