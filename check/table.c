// SPDX-License-Identifier: GPL-2.0-or-later
/* The checks by name, and what becomes of those that do not hold. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/internal.h"
#include "lib/array.h"

/* Places in the table: a check comes behind those that it needs. */
enum {
	REGIONS_COUNT,
	REGIONS_SIZE,
	REGIONS_ORDER,
	REGIONS_MERGED,
	REGIONS_TOTAL,
	ONE_STATE,
	BLOCKS_ALIGNED,
	BLOCKS_ZONE,
	PAGES_ONCE,
	PAGES_MEMORY,
	PAGES_NOMAP,
	PAGES_RESERVED,
	PAGES_ALL,
	PAGES_LATE,
	PAGES_READY,
	MARKED_ALL,
	MARKED_ONLY,
	RESERVED_KEPT,
	BLOCKS_LARGEST,
	BLOCKS_MERGED,
	PAGES_NODE,
	MEMMAP,
	PAGES_STATE,
	SUMS,
	TOTALRAM,
	ZONES_FREE,
	ZONES_PRESENT,
};

#define BIT(n) (1U << (n))
#define SOUND_ARRAYS (BIT(REGIONS_COUNT) | BIT(REGIONS_SIZE) | BIT(REGIONS_ORDER))
/* Neither more nor less is freed than should be. */
#define RIGHT_PAGES                                                              \
	(SOUND_ARRAYS | BIT(PAGES_ONCE) | BIT(PAGES_MEMORY) | BIT(PAGES_NOMAP) | \
	 BIT(PAGES_RESERVED) | BIT(PAGES_ALL) | BIT(PAGES_LATE))
#define RIGHT_BLOCKS (BIT(BLOCKS_ALIGNED) | BIT(BLOCKS_ZONE))

const struct check checks[] = {
	[REGIONS_COUNT] = { "regions-count", "an array has room for its regions", CHECK_CALL, 0,
			    check_regions_count },
	[REGIONS_SIZE] = { "regions-size", "a region is neither empty nor does it wrap around",
			   CHECK_CALL, BIT(REGIONS_COUNT), check_regions_size },
	[REGIONS_ORDER] = { "regions-order", "regions are sorted and do not overlap", CHECK_CALL,
			    BIT(REGIONS_COUNT) | BIT(REGIONS_SIZE), check_regions_order },
	[REGIONS_MERGED] = { "regions-merged", "regions that touch differ in node or flags",
			     CHECK_CALL, SOUND_ARRAYS, check_regions_merged },
	[REGIONS_TOTAL] = { "regions-total", "the total size is the sum of the regions", CHECK_CALL,
			    BIT(REGIONS_COUNT), check_regions_total },
	[ONE_STATE] = { "one-state", "every page frame is in one state", CHECK_HANDOVER, 0,
			check_one_state },
	[BLOCKS_ALIGNED] = { "blocks-aligned",
			     "blocks are aligned to their size, and of an order that there is",
			     CHECK_HANDOVER, 0, check_blocks_aligned },
	[BLOCKS_ZONE] = { "blocks-zone", "no block has pages of two zones", CHECK_HANDOVER,
			  BIT(BLOCKS_ALIGNED), check_blocks_zone },
	[PAGES_ONCE] = { "pages-once", "no page is freed twice", CHECK_HANDOVER, SOUND_ARRAYS,
			 check_pages_once },
	[PAGES_MEMORY] = { "pages-memory", "only memory is freed, in whole pages", CHECK_HANDOVER,
			   SOUND_ARRAYS, check_pages_memory },
	[PAGES_NOMAP] = { "pages-nomap", "no NOMAP memory is freed", CHECK_HANDOVER, SOUND_ARRAYS,
			  check_pages_nomap },
	[PAGES_RESERVED] = { "pages-reserved", "nothing that is reserved is handed over",
			     CHECK_HANDOVER, SOUND_ARRAYS, check_pages_reserved },
	[PAGES_ALL] = { "pages-all", "nothing that is free is kept back", CHECK_HANDOVER,
			SOUND_ARRAYS, check_pages_all },
	[PAGES_LATE] = { "pages-late", "what is freed after the hand-over had been reserved",
			 CHECK_HANDOVER, SOUND_ARRAYS, check_pages_late },
	[PAGES_READY] = { "pages-ready", "a page is freed when its struct page is initialised",
			  CHECK_HANDOVER, RIGHT_PAGES | RIGHT_BLOCKS, check_pages_ready },
	[MARKED_ALL] = { "marked-all", "struct pages of what is reserved or NOMAP are marked so",
			 CHECK_HANDOVER, SOUND_ARRAYS, check_marked_all },
	[MARKED_ONLY] = { "marked-only", "only what is reserved or NOMAP is marked", CHECK_HANDOVER,
			  SOUND_ARRAYS, check_marked_only },
	[RESERVED_KEPT] = { "reserved-kept",
			    "the hand-over changes no reservation but those of memblock's arrays",
			    CHECK_HANDOVER, SOUND_ARRAYS, check_reserved_kept },
	[BLOCKS_LARGEST] = { "blocks-largest",
			     "memory is handed over in the largest blocks that fit", CHECK_HANDOVER,
			     RIGHT_PAGES | RIGHT_BLOCKS | BIT(REGIONS_MERGED),
			     check_blocks_largest },
	[BLOCKS_MERGED] = { "blocks-merged", "free blocks that are buddies are merged",
			    CHECK_HANDOVER, BIT(ONE_STATE), check_blocks_merged },
	[PAGES_NODE] = { "pages-node", "struct pages carry the node and the zone of their memory",
			 CHECK_HANDOVER, RIGHT_BLOCKS | BIT(ONE_STATE), check_pages_node },
	[MEMMAP] = { "memmap", "no struct page is left uninitialised, of holes neither",
		     CHECK_HANDOVER,
		     RIGHT_PAGES | BIT(ONE_STATE) | BIT(PAGES_NODE) | BIT(MARKED_ALL),
		     check_memmap },
	[PAGES_STATE] = { "pages-state", "that state follows from what was done with the page",
			  CHECK_HANDOVER,
			  RIGHT_PAGES | RIGHT_BLOCKS | BIT(ONE_STATE) | BIT(PAGES_READY) |
				  BIT(PAGES_NODE) | BIT(MARKED_ALL) | BIT(MARKED_ONLY) |
				  BIT(MEMMAP),
			  check_pages_state },
	[SUMS] = { "sums", "memory = NOMAP + reserved + freed + lost at borders of pages",
		   CHECK_HANDOVER, RIGHT_PAGES | BIT(BLOCKS_ALIGNED), check_sums_memory },
	[TOTALRAM] = { "totalram", "the kernel's totalram_pages is what was freed", CHECK_HANDOVER,
		       RIGHT_PAGES | BIT(BLOCKS_ALIGNED), check_totalram },
	[ZONES_FREE] = { "zones-free", "zones count the free pages and blocks of the map of pages",
			 CHECK_HANDOVER, BIT(ONE_STATE) | BIT(BLOCKS_MERGED), check_zones_free },
	[ZONES_PRESENT] = { "zones-present", "zones count the memory of the map of pages",
			    CHECK_HANDOVER,
			    BIT(ONE_STATE) | RIGHT_BLOCKS | BIT(PAGES_NODE) | BIT(PAGES_MEMORY),
			    check_zones_present },
	{ NULL, NULL, CHECK_CALL, 0, NULL },
};

const struct check *check_find(const char *name)
{
	for (const struct check *c = checks; c->name; c++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

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
	f->failed |= check_bit(c);
	ARRAY_APPEND(f->v, f->nr, f->room) = (struct check_finding){
		.check = c,
		.text = text,
		.after_call = s->nr_calls,
	};
}

void check_fail(const struct check *c, const struct check_state *s, struct check_findings *f,
		const char *fmt, ...)
{
	va_list args;

	if (count_of(f, c) >= CHECK_MAX_FINDINGS)
		return;
	va_start(args, fmt);
	add_finding(c, s, f, array_vformat(fmt, args));
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
		char *more, line[32] = "";

		if (!range_overlaps(call->range, range))
			continue;
		left--;
		if (++n > max - 1 && left)
			continue;
		if (call->line)
			snprintf(line, sizeof(line), ", line %u,", call->line);
		if (asprintf(&more, "%s; %s%s by %s%s%s%s [%#" PRIx64 "-%#" PRIx64 "]", text,
			     n > max ? "... " : "", call->name, call->function,
			     call->purpose ? " for " : "", call->purpose ? call->purpose : "", line,
			     call->range.start, call->range.end - 1) < 0)
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
	add_finding(c, s, f, name_calls(s, range, array_vformat(fmt, args)));
	va_end(args);
}

void check_fail_pages(const struct check *c, const struct check_state *s, struct check_findings *f,
		      struct range pfns, const char *what)
{
	struct mm_page page = mm_page_of(s->mm, pfns.start);
	struct range bytes = { pfns.start << s->page_shift, pfns.end << s->page_shift };

	if (page.nid < 0)
		check_fail_range(c, s, f, bytes, "page frames %#" PRIx64 "-%#" PRIx64 " %s",
				 pfns.start, pfns.end - 1, what);
	else
		check_fail_range(c, s, f, bytes,
				 "page frames %#" PRIx64 "-%#" PRIx64
				 " (node %d, zone %s, now %s) %s",
				 pfns.start, pfns.end - 1, page.nid, mm_zone_name(page.kind),
				 mm_state_name(page.state), what);
}

void check_fail_set(const struct check *c, const struct check_state *s, struct check_findings *f,
		    struct rangeset *set, const char *what)
{
	for (size_t i = 0; i < set->nr && i < CHECK_MAX_FINDINGS; i++)
		check_fail_pages(c, s, f, set->v[i], what);
	rangeset_release(set);
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
		if (c->needs & (f->failed | f->silenced)) {
			f->silenced |= check_bit(c);
			continue;
		}
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
