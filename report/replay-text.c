// SPDX-License-Identifier: GPL-2.0-or-later
/* A replay for people: the verdict on one screen, then what was asked for. */
#include <inttypes.h>
#include <stdlib.h>

#include "lib/array.h"
#include "lib/size.h"
#include "replay/handover.h"
#include "report/internal.h"
#include "report/picture.h"
#include "report/replay.h"

#define FEW 8

static void print_counts(const struct replay_result *r, FILE *out)
{
	fprintf(out, "  calls        %zu\n", r->calls);
	fprintf(out, "  allocations  %zu: %zu identical, %zu different\n", r->allocations,
		r->identical, r->different);
	if (r->failed)
		fprintf(out, "               %zu of them found no memory, in the log as here\n",
			r->failed);
	fprintf(out,
		"  dumps        %zu: %zu equal, %zu the same memory in other rows, %zu different\n",
		r->dumps, r->dumps_equal, r->dumps_same_sets,
		r->dumps - r->dumps_equal - r->dumps_same_sets);
	if (r->marks_differ)
		fputs("               only one of the kernels marks what it allocates, so that rows of "
		      "what is\n               reserved differ: they are equal as a set\n",
		      out);
	if (r->doubled || r->doubled_log)
		fprintf(out, "  doublings    %zu in the log, %zu here\n", r->doubled_log,
			r->doubled);
	if (r->log->nr_unread)
		fprintf(out, "  not read     %zu lines, from line %u on\n", r->log->nr_unread,
			r->log->unread[0].line);
	if (r->handover)
		report_replay_handover_counts(r->handover, out);
}

static void print_guess(const struct replay_result *r, FILE *out)
{
	const struct replay_log *log = r->log;
	bool added = false;

	if (!r->guessed)
		return;
	for (size_t i = 0; i < log->nr; i++)
		added |= log->v[i].kind == REPLAY_ADD;
	fprintf(out,
		"\nThere is no dump of memblock in the log: memory is %s, and what was reserved "
		"before the log begins is inferred from which memory allocations pass over.\n",
		log->nodes.nr ? "what the nodes have"
		: added	      ? "what is added in it"
			      : "taken to be where allocations are");
}

static void print_inferred(const struct replay_result *r, size_t most, FILE *out)
{
	if (!r->nr_inferred)
		return;
	fprintf(out, "\nInferred, as no line tells (%zu):\n", r->nr_inferred);
	for (size_t i = 0; i < r->nr_inferred && i < most; i++) {
		const struct replay_inferred *f = &r->inferred[i];

		fprintf(out, "  before line %u", f->before);
		if (f->line != f->before)
			fprintf(out, ", by line %u", f->line);
		fprintf(out, ": %s%s\n", f->text,
			f->doubtful ? " (doubtful: no other line shows it)" : "");
	}
	if (r->nr_inferred > most)
		fprintf(out, "  and %zu more (-v)\n", r->nr_inferred - most);
}

static void print_differences(const struct replay_result *r, size_t most, FILE *out)
{
	if (!r->nr_differences)
		return;
	fprintf(out, "\nDifferent (%zu):\n", r->nr_differences);
	for (size_t i = 0; i < r->nr_differences && i < most; i++) {
		const struct replay_difference *d = &r->differences[i];
		const struct replay_event *e = d->event;

		if (e->kind == REPLAY_DUMP)
			fprintf(out, "  line %u: the dump: got %s, expected %s\n", d->line, d->got,
				d->expected);
		else
			fprintf(out, "  line %u: %s, %" PRIu64 " bytes%s%s: got %s, expected %s\n",
				d->line, e->function, e->size, *e->caller ? ", " : "", e->caller,
				d->got, d->expected);
		fprintf(out, "    %s\n", d->reason);
		if (d->around)
			fprintf(out, "    %s\n", d->around);
	}
	if (r->nr_differences > most)
		fprintf(out, "  and %zu more (-v)\n", r->nr_differences - most);
}

static void print_verdict(const struct replay_result *r, FILE *out)
{
	const struct replay_handover *h = r->handover;
	size_t late = h ? h->nr_differences : 0, findings = h ? h->boot.findings.nr : 0;

	fputc('\n', out);
	if (r->exit.end != ENGINE_RETURNED)
		fprintf(out, "It ended at line %u: %s\n", r->last_line, r->exit.text);
	if (r->whatif && !r->whatif->fates[REPLAY_FAILED])
		fputs("Every allocation that has memory in the log has some here.\n", out);
	else if (r->whatif)
		fprintf(out, "Of the allocations that have memory in the log, %zu %s none here.\n",
			r->whatif->fates[REPLAY_FAILED],
			r->whatif->fates[REPLAY_FAILED] == 1 ? "has" : "have");
	else if (replay_holds(r))
		fprintf(out,
			"Every allocation is where the log has it, and every dump is equal%s.\n",
			h && h->made ? "; so is all that was held of the hand-over" : "");
	else if (r->mode == REPLAY_STRICT && r->nr_differences)
		fprintf(out, "The first difference is at line %u.\n", r->differences[0].line);
	else if (late || findings)
		fprintf(out,
			"%zu differences, %zu more after the hand-over, %zu findings of checks.\n",
			r->nr_differences, late, findings);
	else
		fprintf(out, "%zu differences.\n", r->nr_differences);
}

static void print_owner(const struct replay_owner *o, FILE *out)
{
	char size[SIZE_TEXT_MAX];

	fprintf(out, "  0x%" PRIx64 "-0x%" PRIx64 " %7s  line %u", o->range.start, o->range.end - 1,
		size_format(range_size(o->range), size), o->line);
	if (o->freed)
		fprintf(out, ", freed by line %u", o->freed);
	fprintf(out, "  %s (%s)\n", *o->caller ? o->caller : o->function,
		replay_purpose(o->caller));
}

static void print_who(const struct replay_result *r, uint64_t address, FILE *out)
{
	bool any = false;

	fprintf(out, "\nWho had 0x%" PRIx64 ":\n", address);
	for (size_t i = 0; i < r->nr_owners; i++)
		if (range_contains(r->owners[i].range, address)) {
			print_owner(&r->owners[i], out);
			any = true;
		}
	if (!any)
		fputs("  nobody, as far as the log tells\n", out);
}

static int compare_owners(const void *a, const void *b)
{
	const struct replay_owner *x = a;
	const struct replay_owner *y = b;
	uint64_t m = range_size(x->range), n = range_size(y->range);

	return m != n ? (m > n ? -1 : 1) : (x->line > y->line) - (x->line < y->line);
}

struct replay_owner *report_replay_largest(const struct replay_result *r, size_t *nr)
{
	struct replay_owner *all = array_resize(NULL, r->nr_owners + 1, sizeof(*all));
	size_t n = 0;

	for (size_t i = 0; i < r->nr_owners; i++) {
		const struct replay_owner *o = &r->owners[i];

		if (o->line <= r->at && (!o->freed || o->freed > r->at))
			all[n++] = *o;
	}
	qsort(all, n, sizeof(*all), compare_owners);
	*nr = n < *nr ? n : *nr;
	return all;
}

static void print_largest(const struct replay_result *r, size_t nr, FILE *out)
{
	struct replay_owner *all = report_replay_largest(r, &nr);

	fputs("\nThe largest pieces:\n", out);
	for (size_t i = 0; i < nr; i++)
		print_owner(&all[i], out);
	free(all);
}

static void print_groups(const struct replay_result *r, enum replay_by by, FILE *out)
{
	size_t nr;
	struct replay_group *groups = replay_group(r, by, &nr);
	char size[SIZE_TEXT_MAX];

	fputs("\n    bytes  pieces\n", out);
	for (size_t i = 0; i < nr; i++) {
		fprintf(out, "  %7s %7zu  %s\n", size_format(groups[i].bytes, size),
			groups[i].count, groups[i].name);
		free(groups[i].name);
	}
	free(groups);
}

static void print_rows(const struct replay_rows *rows, const char *name, FILE *out)
{
	for (size_t i = 0; i < rows->nr; i++) {
		fprintf(out, "  %s[%zu] 0x%" PRIx64 "-0x%" PRIx64, name, i, rows->v[i].range.start,
			rows->v[i].range.end - 1);
		if (rows->v[i].nid >= 0)
			fprintf(out, " node %d", rows->v[i].nid);
		if (rows->v[i].flags)
			fprintf(out, " flags 0x%" PRIx64, rows->v[i].flags);
		fputc('\n', out);
	}
}

static void print_picture(const struct replay_result *r, const struct report_terminal *terminal,
			  FILE *out)
{
	struct picture p;

	picture_of_replay(r, &p);
	report_picture_text(&p, terminal, out);
	picture_release(&p);
}

void report_replay_text(const struct replay_result *r, const struct report_replay *what, FILE *out)
{
	size_t most = what->verbose ? SIZE_MAX : FEW;

	fprintf(out, "%s: boot %u of %u%s%s, on memblock of Linux %s (%s)\n", r->log->name,
		r->log->boot, r->log->boots, *r->log->version ? ", Linux " : "", r->log->version,
		r->kernel->version, r->kernel->config);
	if (what->config_why && *what->config_why)
		fprintf(out, "  note: %s\n", what->config_why);
	if (r->log->ends_are_exclusive)
		fputs("  note: the ranges of reservations and frees are printed with their end, as "
		      "up to 3.13\n",
		      out);
	fputc('\n', out);
	if (r->whatif)
		report_whatif_text(r, what->verbose, out);
	else
		print_counts(r, out);
	print_guess(r, out);
	print_inferred(r, most, out);
	if (!r->whatif)
		print_differences(r, most, out);
	if (r->handover)
		report_replay_handover(r->handover, most, what->verbose, out);
	if (what->verbose && r->log->nr_unread) {
		fputs("\nNot read:\n", out);
		for (size_t i = 0; i < r->log->nr_unread; i++)
			fprintf(out, "  line %u: %s\n", r->log->unread[i].line,
				r->log->unread[i].text);
	}
	if (what->state) {
		fprintf(out, "\nAfter line %u:\n", r->at);
		print_rows(&r->memory, "memory", out);
		print_rows(&r->reserved, "reserved", out);
	}
	if (what->has_who)
		print_who(r, what->who, out);
	if (what->largest)
		print_largest(r, what->largest, out);
	if (what->has_by)
		print_groups(r, what->by, out);
	if (what->picture)
		print_picture(r, what->picture, out);
	print_verdict(r, out);
}
