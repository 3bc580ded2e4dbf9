// SPDX-License-Identifier: GPL-2.0-or-later
/* Results of tests as KTAP, which begins with the plan at every level, and for a terminal. */
#include <inttypes.h>
#include <string.h>

#include "call/call.h"
#include "report/internal.h"
#include "report/tests.h"

static void print_origin(const struct report_tests *r, const char *prefix)
{
	const struct engine_info *info = engine_info(r->e);

	fprintf(r->out, "%skernel: %s (%s)\n", prefix, info->version, info->kernel);
	fprintf(r->out, "%smemblock.c: %s\n", prefix, info->memblock);
	fprintf(r->out, "%sSHA-256: %s\n", prefix, info->memblock_hash);
	fprintf(r->out, "%sconfiguration: %s\n", prefix, info->config);
	if (r->options->shuffle)
		fprintf(r->out, "%sseed: %" PRIu64 "\n", prefix, r->options->seed);
	else
		fprintf(r->out, "%sseed: none, not shuffled\n", prefix);
}

static void print_lines(FILE *out, const char *prefix, const char *text)
{
	while (*text) {
		int n = (int)strcspn(text, "\n");

		fprintf(out, "%s%.*s\n", prefix, n, text);
		text += n + (text[n] == '\n');
	}
}

static void print_region(const struct report_tests *r, const struct rt_region *region)
{
	const struct rt_engine *ops = engine_ops(r->e);

	fprintf(r->out, "0x%llx-0x%llx", region->base, region->base + region->size - 1);
	if (ops->numa && region->nid >= 0 && region->nid < ops->nr_node_ids)
		fprintf(r->out, " node %d", region->nid);
	if (region->flags) {
		fputc(' ', r->out);
		call_format_flags(r->e, region->flags, r->out);
	}
}

static void print_map(const struct report_tests *r, const char *prefix, const char *when,
		      const struct runner_map *map)
{
	for (int type = 0; map && type < RT_NR_TYPES; type++) {
		const struct runner_list *list = &map->lists[type];
		uint64_t shown = list->cnt < RUNNER_MAX_REGIONS ? list->cnt : RUNNER_MAX_REGIONS;

		if (!list->there)
			continue;
		fprintf(r->out, "%s%s %s, %" PRIu64 " regions:", prefix, list->name, when,
			list->cnt);
		for (uint64_t i = 0; i < shown; i++) {
			fputs(i ? ", " : " ", r->out);
			print_region(r, &list->regions[i]);
		}
		fputs(shown < list->cnt ? ", ...\n" : "\n", r->out);
	}
}

/* @prefix: what every line begins with, the test's own, which begin with "# ", included. */
static void print_details(const struct report_tests *r, const struct runner_test *t,
			  const char *prefix, const char *hash)
{
	char with_hash[32];

	snprintf(with_hash, sizeof(with_hash), "%s%s", prefix, hash);
	for (const char *line = t->text; *line; line += strcspn(line, "\n"), line += *line == '\n')
		fprintf(r->out, "%s%.*s\n", with_hash, (int)strcspn(line, "\n") - 2, line + 2);
	if (t->status != RUNNER_FAILED)
		return;
	if (*t->reason)
		fprintf(r->out, "%s%s\n", with_hash, t->reason);
	print_map(r, with_hash, "before", t->before);
	print_map(r, with_hash, t->before ? "after" : "at the end", t->after);
	if (*t->log) {
		fprintf(r->out, "%sthe kernel's log:\n", with_hash);
		snprintf(with_hash, sizeof(with_hash), "%s%s  | ", prefix, hash);
		print_lines(r->out, with_hash, t->log);
	}
}

static void ktap_begin(struct report_tests *r)
{
	fputs("KTAP version 1\n", r->out);
	print_origin(r, "# ");
	fprintf(r->out, "1..%zu\n", r->plan->nr);
}

static void ktap_one(struct report_tests *r, const struct runner_suite *suite,
		     const struct runner_test *t)
{
	if (!r->test_number)
		fprintf(r->out, "    KTAP version 1\n    # Subtest: %s\n    1..%zu\n", suite->name,
			suite->nr);
	print_details(r, t, "    ", "# ");
	fprintf(r->out, "    %sok %u %s", t->status == RUNNER_FAILED ? "not " : "",
		++r->test_number, t->name);
	if (t->status == RUNNER_SKIPPED)
		fprintf(r->out, " # SKIP %s", t->reason);
	fputc('\n', r->out);
	if (r->test_number < suite->nr)
		return;
	r->test_number = 0;
	fprintf(r->out, "%sok %u %s", suite->failed ? "not " : "", ++r->suite_number, suite->name);
	if (suite->skipped == suite->nr)
		fprintf(r->out, " # SKIP all of its tests were skipped");
	fputc('\n', r->out);
	fflush(r->out);
}

static void text_one(struct report_tests *r, const struct runner_suite *suite,
		     const struct runner_test *t)
{
	if (t->status == RUNNER_FAILED) {
		fprintf(r->out, "%sFAILED%s %s.%s\n", r->colour ? "\033[31m" : "",
			r->colour ? "\033[m" : "", suite->name, t->name);
		print_details(r, t, "  ", "");
	}
	if (++r->test_number < suite->nr)
		return;
	r->test_number = 0;
	fprintf(r->out, "  %-36s %4zu tests", suite->name, suite->nr);
	if (suite->skipped)
		fprintf(r->out, ", %u skipped", suite->skipped);
	if (suite->failed)
		fprintf(r->out, ", %s%u failed%s", r->colour ? "\033[31m" : "", suite->failed,
			r->colour ? "\033[m" : "");
	fputc('\n', r->out);
}

void report_tests_begin(struct report_tests *r)
{
	if (r->form == REPORT_KTAP)
		ktap_begin(r);
	else if (r->form == REPORT_TEXT)
		print_origin(r, "");
	else
		report_tests_json_begin(r);
}

void report_tests_one(void *data, const struct runner_suite *suite, const struct runner_test *test)
{
	struct report_tests *r = data;

	if (r->form == REPORT_KTAP)
		ktap_one(r, suite, test);
	else if (r->form == REPORT_TEXT)
		text_one(r, suite, test);
	else
		report_tests_json_one(r, suite, test);
}

void report_tests_end(struct report_tests *r)
{
	const struct runner_plan *p = r->plan;

	if (r->form == REPORT_JSON)
		report_tests_json_end(r);
	else
		fprintf(r->out, "%s: pass:%u fail:%u skip:%u total:%u\n",
			r->form == REPORT_KTAP ? "# Totals" : "totals", p->passed, p->failed,
			p->skipped, p->total);
}

void report_tests_list(const struct runner_plan *plan, FILE *out)
{
	for (size_t i = 0; i < plan->nr; i++)
		for (size_t k = 0; k < plan->suites[i].nr; k++)
			fprintf(out, "%s.%s\n", plan->suites[i].name,
				plan->suites[i].tests[k].name);
}
