// SPDX-License-Identifier: GPL-2.0-or-later
/* What fuzzing found, for people. */
#include <inttypes.h>
#include <string.h>

#include "report/fuzz.h"

static void print_indented(const char *text, FILE *out)
{
	while (*text) {
		int n = strcspn(text, "\n");

		fprintf(out, n ? "    %.*s\n" : "%.*s\n", n, text);
		text += n + (text[n] == '\n');
	}
}

static void print_replays(const struct fuzz_finding *f, FILE *out)
{
	for (size_t i = 0; i < f->nr_replays; i++) {
		const struct fuzz_replay *r = &f->replays[i];

		fprintf(out, "  %s: %s\n", r->kernel,
			r->error   ? r->error
			: r->shows ? "has it, too"
				   : "does not have it");
	}
}

static void print_finding(const struct report_fuzz *r, const struct fuzz_finding *f, size_t number)
{
	if (*f->known && !r->strict) {
		fprintf(r->out, "\n%zu. known bug %s, %u times: %s\n", number, f->known, f->times,
			f->sentence);
		return;
	}
	fprintf(r->out, "\n%zu. %s\n", number, f->sentence);
	if (*f->known)
		fprintf(r->out, "  known bug: %s\n", f->known);
	fprintf(r->out, "  %s; sequence %" PRIu64 ", after %.1f s, %u times\n", f->kind, f->number,
		f->seconds, f->times);
	print_replays(f, r->out);
	fputs("  for `mbsim run`:\n", r->out);
	print_indented(f->script, r->out);
	if (!r->tests)
		return;
	fputs("  for suite/:\n", r->out);
	print_indented(f->test, r->out);
}

static uint64_t all_of(const struct fuzz_call *c)
{
	return c->made[FUZZ_DONE] + c->made[FUZZ_FAILED] + c->made[FUZZ_ENDED];
}

static void print_calls(const struct fuzz_stats *s, FILE *out)
{
	fprintf(out, "\n%12s %12s %12s  %s\n", "RETURNED", "FAILED", "ENDED", "CALL");
	for (size_t i = 0; i < s->nr_calls_made; i++) {
		const struct fuzz_call *c = &s->calls_made[i];

		if (all_of(c))
			fprintf(out, "%12" PRIu64 " %12" PRIu64 " %12" PRIu64 "  %s%s\n",
				c->made[FUZZ_DONE], c->made[FUZZ_FAILED], c->made[FUZZ_ENDED],
				c->name, c->judged ? "" : " (no model)");
	}
	for (size_t i = 0; i < s->nr_calls_made; i++)
		if (!all_of(&s->calls_made[i]))
			fprintf(out, "%12s %12s %12s  %s\n", "-", "-", "-", s->calls_made[i].name);
}

void report_fuzz_text(const struct report_fuzz *r)
{
	const struct fuzz_stats *s = &r->report->stats;
	size_t known = 0;

	fprintf(r->out, "%s, compared with %s, configuration %s, seed %" PRIu64 "\n", r->kernels[0],
		r->kernels[1] ? r->kernels[1] : "the model", r->config, s->seed);
	for (size_t i = 0; i < r->report->nr; i++)
		known += !!*r->report->findings[i].known;
	for (size_t i = 0; i < r->report->nr; i++)
		print_finding(r, &r->report->findings[i], i + 1);
	print_calls(s, r->out);
	fprintf(r->out,
		"\n%" PRIu64 " sequences, %" PRIu64
		" calls in %.1f s by %u process%s: %.0f calls a second\n",
		s->sequences, s->calls, s->seconds, s->jobs, s->jobs == 1 ? "" : "es",
		s->seconds > 0 ? (double)s->calls / s->seconds : 0);
	fprintf(r->out,
		"%" PRIu64 " checks, %" PRIu64 " hand-overs, %" PRIu64 " calls without a model\n",
		s->checks, s->handovers, s->unjudged);
	if (r->report->nr == known)
		fprintf(r->out, "nothing was found%s\n", known ? " but known bugs" : "");
	else
		fprintf(r->out, "%zu finding%s%s\n", r->report->nr - known,
			r->report->nr - known == 1 ? "" : "s", known ? ", and known bugs" : "");
}

void report_fuzz_progress(const struct fuzz_report *report, FILE *out)
{
	const struct fuzz_stats *s = &report->stats;

	fprintf(out,
		"\r%.0f s: %" PRIu64
		" sequences, %.1f million calls, %.0f a second; %zu found\033[K",
		s->seconds, s->sequences, (double)s->calls / 1e6,
		s->seconds > 0 ? (double)s->calls / s->seconds : 0, report->nr);
	fflush(out);
}
