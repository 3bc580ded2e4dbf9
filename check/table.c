// SPDX-License-Identifier: GPL-2.0-or-later
/* The checks by name, and what becomes of those that do not hold. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "check/internal.h"
#include "lib/array.h"

const struct check checks[] = {
	{ "regions-count", "an array has room for its regions", CHECK_CALL, check_regions_count },
	{ "regions-size", "a region is neither empty nor does it wrap around", CHECK_CALL,
	  check_regions_size },
	{ "regions-order", "regions are sorted and do not overlap", CHECK_CALL,
	  check_regions_order },
	{ "regions-merged", "regions that touch differ in node or flags", CHECK_CALL,
	  check_regions_merged },
	{ "regions-total", "the total size is the sum of the regions", CHECK_CALL,
	  check_regions_total },
	{ "pages-once", "no page is freed twice", CHECK_HANDOVER, check_pages_once },
	{ "pages-all", "every page of memory is freed or reserved", CHECK_HANDOVER,
	  check_pages_all },
	{ "pages-none-else", "no page is freed that is reserved, NOMAP or not memory",
	  CHECK_HANDOVER, check_pages_none_else },
	{ "pages-late", "what is freed late was reserved", CHECK_HANDOVER, check_pages_late },
	{ "blocks-aligned", "blocks of pages are aligned to their size", CHECK_HANDOVER,
	  check_pages_aligned },
	{ "pages-marked", "no struct page that is marked reserved is freed", CHECK_HANDOVER,
	  check_pages_marked },
	{ "pages-map", "pages change as their state in the map of pages allows", CHECK_HANDOVER,
	  check_pages_map },
	{ "reserved-kept", "the hand-over changes no reservation but those of memblock's arrays",
	  CHECK_HANDOVER, check_reserved_kept },
	{ "sums", "memory = reserved + freed + lost at borders of pages", CHECK_HANDOVER,
	  check_pages_sums },
	{ NULL, NULL, CHECK_CALL, NULL },
};

static size_t count_of(const struct check_findings *f, const struct check *c)
{
	size_t n = 0;

	for (size_t i = 0; i < f->nr; i++)
		n += f->v[i].check == c;
	return n;
}

static void add_finding(const struct check *c, const struct check_state *s,
			struct check_findings *f, char *text)
{
	ARRAY_APPEND(f->v, f->nr, f->room) = (struct check_finding){
		.check = c,
		.text = text,
		.after_call = s->nr_calls,
	};
}

static char *format(const char *fmt, va_list args)
{
	char *text;

	if (vasprintf(&text, fmt, args) < 0)
		array_die();
	return text;
}

void check_fail(const struct check *c, const struct check_state *s, struct check_findings *f,
		const char *fmt, ...)
{
	va_list args;

	if (count_of(f, c) >= CHECK_MAX_FINDINGS)
		return;
	va_start(args, fmt);
	add_finding(c, s, f, format(fmt, args));
	va_end(args);
}

/* The calls that were about a range, the first few and the last: in @text, which is replaced. */
static char *name_calls(const struct check_state *s, struct range range, char *text)
{
	const size_t max = 6;
	size_t n = 0, left = 0;

	for (size_t i = 0; i < s->nr_calls; i++)
		left += range_overlaps(s->calls[i].range, range);
	for (size_t i = 0; i < s->nr_calls; i++) {
		const struct check_call *call = &s->calls[i];
		char *more;

		if (!range_overlaps(call->range, range))
			continue;
		left--;
		if (++n > max - 1 && left)
			continue;
		if (asprintf(&more, "%s; %s%s by %s [%#" PRIx64 "-%#" PRIx64 "]", text,
			     n > max ? "... " : "", call->name, call->function, call->range.start,
			     call->range.end - 1) < 0)
			array_die();
		free(text);
		text = more;
	}
	return text;
}

void check_fail_range(const struct check *c, const struct check_state *s, struct check_findings *f,
		      struct range range, const char *fmt, ...)
{
	va_list args;

	if (count_of(f, c) >= CHECK_MAX_FINDINGS)
		return;
	va_start(args, fmt);
	add_finding(c, s, f, name_calls(s, range, format(fmt, args)));
	va_end(args);
}

void check_findings_release(struct check_findings *f)
{
	for (size_t i = 0; i < f->nr; i++)
		free(f->v[i].text);
	free(f->v);
	*f = (struct check_findings){ 0 };
}

static void run_checks(enum check_when when, const struct check_state *s, struct check_findings *f)
{
	for (const struct check *c = checks; c->name; c++) {
		if (c->when != when)
			continue;
		c->run(c, s, f);
		f->made++;
	}
}

void check_arrays(struct check_state *s, const struct rt_engine *ops, struct check_findings *f)
{
	s->unchecked = 0;
	for (int type = RT_MEMORY; type < RT_NR_TYPES; type++)
		check_regions_take(&s->regions[type], ops, type);
	check_regions_trimmed(s);
	run_checks(CHECK_CALL, s, f);
}

#define REGIONS_PER_CALL 512

void check_after_call(struct check_state *s, const struct rt_engine *ops, struct check_findings *f)
{
	size_t regions = 0;

	for (int type = RT_MEMORY; type < RT_NR_TYPES; type++)
		regions += s->regions[type].nr;
	if (++s->unchecked * REGIONS_PER_CALL > regions)
		check_arrays(s, ops, f);
}

void check_after_handover(const struct check_state *s, struct check_findings *f)
{
	run_checks(CHECK_HANDOVER, s, f);
}

void check_state_release(struct check_state *s)
{
	for (int type = 0; type < RT_NR_TYPES; type++)
		check_regions_release(&s->regions[type]);
	check_regions_release(&s->memory);
	check_regions_release(&s->reserved_before);
	check_regions_release(&s->reserved);
}
