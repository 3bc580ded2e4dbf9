// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What fuzzing found, as one JSON object.
 *
 *	version			1, of this form
 *	kernel, compared_with	versions; compared_with: null for the model
 *	config, seed		--seed and the same -k and --config do the same again
 *	findings		[{kind, sentence, script, test: C; calls: of the script, sequence, seconds,
 *				times, known: a bug's name or null, kernels: [{kernel, shows, error}]}]
 *	calls			{name: {returned, failed, ended, judged}}
 *	totals			{sequences, calls, seconds, calls_per_second, jobs, checks, handovers, unjudged}
 */
#include <jansson.h>

#include "report/fuzz.h"
#include "report/json.h"

static json_t *replays(const struct fuzz_finding *f)
{
	json_t *all = json_array();

	for (size_t i = 0; i < f->nr_replays; i++) {
		const struct fuzz_replay *r = &f->replays[i];
		json_t *o = json_object();

		report_json_set(o, "kernel", report_json_text(r->kernel));
		report_json_set(o, "shows", r->error ? json_null() : json_boolean(r->shows));
		report_json_set(o, "error", r->error ? report_json_text(r->error) : json_null());
		report_json_append(all, o);
	}
	return all;
}

static json_t *finding(const struct fuzz_finding *f)
{
	json_t *o = json_object();

	report_json_set(o, "kind", report_json_text(f->kind));
	report_json_set(o, "sentence", report_json_text(f->sentence));
	report_json_set(o, "script", report_json_text(f->script));
	report_json_set(o, "test", report_json_text(f->test));
	report_json_set(o, "calls", json_integer(f->calls));
	report_json_set(o, "sequence", json_integer((json_int_t)f->number));
	report_json_set(o, "seconds", json_real(f->seconds));
	report_json_set(o, "times", json_integer(f->times));
	report_json_set(o, "known", *f->known ? report_json_text(f->known) : json_null());
	report_json_set(o, "kernels", replays(f));
	return o;
}

static json_t *calls(const struct fuzz_stats *s)
{
	json_t *all = json_object();

	for (size_t i = 0; i < s->nr_calls_made; i++) {
		const struct fuzz_call *c = &s->calls_made[i];
		json_t *o = json_object();

		report_json_set(o, "returned", json_integer((json_int_t)c->made[FUZZ_DONE]));
		report_json_set(o, "failed", json_integer((json_int_t)c->made[FUZZ_FAILED]));
		report_json_set(o, "ended", json_integer((json_int_t)c->made[FUZZ_ENDED]));
		report_json_set(o, "judged", json_boolean(c->judged));
		report_json_set(all, c->name, o);
	}
	return all;
}

static json_t *totals(const struct fuzz_stats *s)
{
	json_t *o = json_object();

	report_json_set(o, "sequences", json_integer((json_int_t)s->sequences));
	report_json_set(o, "calls", json_integer((json_int_t)s->calls));
	report_json_set(o, "seconds", json_real(s->seconds));
	report_json_set(o, "calls_per_second",
			json_real(s->seconds > 0 ? (double)s->calls / s->seconds : 0));
	report_json_set(o, "jobs", json_integer(s->jobs));
	report_json_set(o, "checks", json_integer((json_int_t)s->checks));
	report_json_set(o, "handovers", json_integer((json_int_t)s->handovers));
	report_json_set(o, "unjudged", json_integer((json_int_t)s->unjudged));
	return o;
}

void report_fuzz_json(const struct report_fuzz *r)
{
	json_t *o = json_object(), *findings = json_array();

	for (size_t i = 0; i < r->report->nr; i++)
		report_json_append(findings, finding(&r->report->findings[i]));
	report_json_set(o, "kernel", report_json_text(r->kernels[0]));
	report_json_set(o, "compared_with",
			r->kernels[1] ? report_json_text(r->kernels[1]) : json_null());
	report_json_set(o, "config", report_json_text(r->config));
	report_json_set(o, "seed", json_integer((json_int_t)r->report->stats.seed));
	report_json_set(o, "findings", findings);
	report_json_set(o, "calls", calls(&r->report->stats));
	report_json_set(o, "totals", totals(&r->report->stats));
	report_json_print(o, JSON_INDENT(2), r->out);
}
