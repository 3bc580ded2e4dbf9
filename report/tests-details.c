// SPDX-License-Identifier: GPL-2.0-or-later
/* What was tested, and all that is to be known of a test, as lines of text. */
#include <inttypes.h>
#include <string.h>

#include "call/call.h"
#include "report/internal.h"

void report_tests_origin(const struct report_tests *r, const char *prefix)
{
	const struct engine_info *info = r->cell->error ? NULL : engine_info(r->cell->e);

	if (info) {
		fprintf(r->out, "%skernel: %s (%s)\n", prefix, info->version, info->kernel);
		fprintf(r->out, "%smemblock.c: %s\n", prefix, info->memblock);
		fprintf(r->out, "%sSHA-256: %s\n", prefix, info->memblock_hash);
		if (r->cell->upstream)
			fprintf(r->out, "%stests: %s\n", prefix, r->cell->upstream);
		fprintf(r->out, "%sconfiguration: %s\n", prefix, info->config);
	} else {
		fprintf(r->out, "%skernel: %s\n", prefix, r->cell->kernel);
		fprintf(r->out, "%sconfiguration: %s\n", prefix, r->cell->config);
	}
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

static void print_region(const struct engine *e, FILE *out, const struct rt_region *region)
{
	const struct rt_engine *ops = engine_ops(e);

	/* up to 6.9 a list without regions has one, of no size */
	if (!region->size) {
		fprintf(out, "0x%llx, empty", region->base);
		return;
	}
	fprintf(out, "0x%llx-0x%llx", region->base, region->base + region->size - 1);
	if (ops->numa && region->nid >= 0 && region->nid < ops->nr_node_ids)
		fprintf(out, " node %d", region->nid);
	if (region->flags) {
		fputc(' ', out);
		call_format_flags(e, region->flags, out);
	}
}

static void print_map(const struct engine *e, FILE *out, const char *prefix, const char *when,
		      const struct runner_map *map)
{
	for (int type = 0; map && type < RT_NR_TYPES; type++) {
		const struct runner_list *list = &map->lists[type];
		uint64_t shown = list->cnt < RUNNER_MAX_REGIONS ? list->cnt : RUNNER_MAX_REGIONS;

		if (!list->there)
			continue;
		fprintf(out, "%s%s %s, %" PRIu64 " regions:", prefix, list->name, when, list->cnt);
		for (uint64_t i = 0; i < shown; i++) {
			fputs(i ? ", " : " ", out);
			print_region(e, out, &list->regions[i]);
		}
		fputs(shown < list->cnt ? ", ...\n" : "\n", out);
	}
}

void report_tests_details(const struct report_tests *r, FILE *out, const struct runner_test *t,
			  const char *prefix, const char *hash)
{
	char with_hash[64];

	snprintf(with_hash, sizeof(with_hash), "%s%s", prefix, hash);
	/* the test's own lines begin with "# " */
	for (const char *line = t->text; *line; line += strcspn(line, "\n"), line += *line == '\n')
		fprintf(out, "%s%.*s\n", with_hash, (int)strcspn(line, "\n") - 2, line + 2);
	if (t->status != RUNNER_FAILED && t->status != RUNNER_KNOWN)
		return;
	if (*t->reason)
		fprintf(out, "%s%s%s\n", with_hash,
			t->status == RUNNER_KNOWN ? "known bug of this kernel: " : "", t->reason);
	print_map(r->cell->e, out, with_hash, "before", t->before);
	print_map(r->cell->e, out, with_hash, t->before ? "after" : "at the end", t->after);
	if (*t->log) {
		fprintf(out, "%sthe kernel's log:\n", with_hash);
		snprintf(with_hash, sizeof(with_hash), "%s%s  | ", prefix, hash);
		print_lines(out, with_hash, t->log);
	}
}
