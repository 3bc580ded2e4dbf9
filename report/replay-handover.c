// SPDX-License-Identifier: GPL-2.0-or-later
/* The hand-over of a replay, for people: its part of the screen, and all of it with -v. */
#include <inttypes.h>

#include "lib/array.h"
#include "lib/size.h"
#include "replay/handover.h"
#include "report/internal.h"
#include "report/replay.h"

static void print_zones_line(const struct replay_handover *h, FILE *out)
{
	if (!h->told.nr_zones)
		return;
	fprintf(out,
		"  zones        %zu of %zu equal to /proc/zoneinfo (line %u): spanned, present, "
		"managed\n",
		h->held.equal, h->held.all, h->told.zones[0].line);
}

static void print_ranges_line(const struct replay_handover *h, FILE *out)
{
	const struct {
		const char *name;
		const struct replay_count *count;
	} counts[] = {
		{ "zone ranges", &h->ranges },
		{ "beginnings of Movable", &h->movable },
		{ "node ranges", &h->nodes },
		{ "zones' holes", &h->holes },
	};
	const char *before = "  ranges       ";

	for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
		if (!counts[i].count->all)
			continue;
		fprintf(out, "%s%zu of %zu %s", before, counts[i].count->equal,
			counts[i].count->all, counts[i].name);
		before = ", ";
	}
	if (*before == ',')
		fputs(" equal\n", out);
}

static void print_memory_line(const struct replay_handover *h, FILE *out)
{
	const struct {
		const char *name;
		const struct replay_figure *f;
	} figures[] = {
		{ "reserved", &h->reserved },
		{ "present", &h->present },
		{ "cma-reserved", &h->cma },
		{ "available", &h->available },
	};
	const char *between = "";

	if (!h->told.memory.line)
		return;
	fputs("  Memory:      ", out);
	for (size_t i = 0; i < ARRAY_LEN(figures); i++) {
		const struct replay_figure *f = figures[i].f;

		if (!f->here || (!f->told && f != &h->reserved))
			continue;
		fprintf(out, "%s%s %" PRIu64 "K", between, figures[i].name, f->got);
		if (f->told && f->got == f->expected)
			fputs(" equal", out);
		else if (f->told)
			fprintf(out, ", not %" PRIu64 "K", f->expected);
		between = ", ";
	}
	fprintf(out, " (line %u)\n", h->told.memory.line);
}

void report_replay_handover_counts(const struct replay_handover *h, FILE *out)
{
	if (!h->made) {
		fprintf(out, "  hand-over    not made: %s\n", h->why_not);
		return;
	}
	fprintf(out, "  hand-over    before line %u; %zu checks: ", h->line, h->boot.findings.made);
	if (h->boot.findings.nr)
		fprintf(out, "%zu findings\n", h->boot.findings.nr);
	else
		fputs("all hold\n", out);
	print_zones_line(h, out);
	print_ranges_line(h, out);
	print_memory_line(h, out);
}

static void print_freed(const struct replay_handover *h, FILE *out)
{
	char size[SIZE_TEXT_MAX];

	if (!h->nr_freed)
		return;
	fprintf(out, "\nFreed after the hand-over (%zu):\n", h->nr_freed);
	for (size_t i = 0; i < h->nr_freed; i++) {
		const struct replay_freed *f = &h->freed[i];

		fprintf(out, "  line %u: %s, %s", f->line, f->what,
			size_format(f->pages << h->boot.page_shift, size));
		if (!range_is_empty(f->range))
			fprintf(out, " at 0x%" PRIx64 "-0x%" PRIx64, f->range.start,
				f->range.end - 1);
		if (f->placed)
			fprintf(out, ", zone %s of node %d", mm_zone_name(f->kind), f->nid);
		fprintf(out, "\n    %s%s\n", f->how,
			f->dropped ? "; its node's struct pages were still left for later, so the "
				     "kernel counts it and frees nothing"
				   : "");
	}
}

static void print_zones(const struct replay_handover *h, FILE *out)
{
	fputs("\n  node  zone       spanned     present     managed\n", out);
	for (size_t i = 0; i < h->nr_zones; i++) {
		const struct replay_zone *z = &h->zones[i];

		fprintf(out, "  %4d  %-8s %9" PRIu64 "   %9" PRIu64 "   %9" PRIu64 "  %s\n", z->nid,
			mm_zone_name(z->kind), z->spanned, z->present, z->managed,
			!z->told	? ""
			: z->equal	? "equal"
			: z->told->line ? "different"
					: "");
	}
}

void report_replay_handover(const struct replay_handover *h, size_t most, bool verbose, FILE *out)
{
	if (!h->made)
		return;
	if (h->nr_differences)
		fprintf(out, "\nDifferent after the hand-over (%zu):\n", h->nr_differences);
	for (size_t i = 0; i < h->nr_differences && i < most; i++)
		fprintf(out, "  line %u: %s: got %s, expected %s\n", h->differences[i].line,
			h->differences[i].what, h->differences[i].got, h->differences[i].expected);
	if (h->nr_differences > most)
		fprintf(out, "  and %zu more (-v)\n", h->nr_differences - most);
	if (h->boot.findings.nr)
		fprintf(out, "\nChecks of the hand-over that do not hold (%zu):\n",
			h->boot.findings.nr);
	for (size_t i = 0; i < h->boot.findings.nr && i < most; i++)
		fprintf(out, "  %s: %s\n", h->boot.findings.v[i].check->name,
			h->boot.findings.v[i].text);
	if (h->boot.findings.nr > most)
		fprintf(out, "  and %zu more (-v)\n", h->boot.findings.nr - most);
	if (h->nr_not_held)
		fprintf(out, "\nNot held against the log, or not as it stands (%zu):\n",
			h->nr_not_held);
	for (size_t i = 0; i < h->nr_not_held; i++)
		fprintf(out, "  %s\n", h->not_held[i]);
	if (!verbose)
		return;
	print_zones(h, out);
	print_freed(h, out);
}
