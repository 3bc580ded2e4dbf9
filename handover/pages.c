// SPDX-License-Identifier: GPL-2.0-or-later
/* Scripts: statements for what follows the hand-over, blocks of pages and what zones count. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "handover/internal.h"
#include "lib/array.h"

/* -EINVAL if there are no pages yet. */
static int begin(struct script *s, size_t first, struct handover_script *hs)
{
	if (!hs->done)
		return script_error(s, first - 1, "%s: write `handover` first",
				    s->tokens[first - 1].text);
	mm_settle(hs->mm);
	return 0;
}

static bool find_zone(const char *name, enum mm_zone_kind *kind)
{
	for (int k = 0; k < MM_NR_ZONES; k++) {
		if (strcasecmp(mm_zone_name(k), name))
			continue;
		*kind = k;
		return true;
	}
	return false;
}

/* [NID] [ZONE], up to @end; what is not there stays as it is. */
static int parse_where(struct script *s, size_t i, size_t end, int *nid, enum mm_zone_kind *kind)
{
	uint64_t value;

	if (i < end && !find_zone(s->tokens[i].text, kind)) {
		if (script_value(s, i, RT_NID, &value))
			return -EINVAL;
		*nid = (int)value;
		if (++i < end && !find_zone(s->tokens[i].text, kind))
			return script_error(s, i, "'%s' is not a zone", s->tokens[i].text);
	}
	if (i + 1 < end)
		return script_error(s, i + 1, "a node and a zone at most, not '%s'",
				    s->tokens[i + 1].text);
	return 0;
}

static int parse_order(struct script *s, size_t i, const struct mm *mm, uint64_t *order)
{
	int ret = script_value(s, i, RT_NUMBER, order);

	if (!ret && *order > mm->max_order)
		ret = script_error(s, i, "orders of blocks end at %u", mm->max_order);
	return ret;
}

/* alloc_pages ORDER [NID] [ZONE] => PFN */
int handover_script_alloc(struct script *s, size_t first, void *data)
{
	struct handover_script *hs = data;
	size_t end = script_arrow(s, first);
	enum mm_zone_kind highest = MM_MOVABLE;
	int nid, ret = begin(s, first, hs);
	uint64_t order, pfn;

	if (ret)
		return ret;
	if (first == end)
		return script_error(s, first, "alloc_pages takes an order, a node and a zone");
	ret = parse_order(s, first, hs->mm, &order);
	nid = hs->mm->nr_nodes ? hs->mm->nodes[0].nid : 0;
	if (!ret)
		ret = parse_where(s, first + 1, end, &nid, &highest);
	if (ret)
		return ret;
	pfn = mm_alloc_block(hs->mm, (unsigned int)order, highest, nid);
	if (s->options->trace && pfn == MM_NO_PFN)
		fprintf(s->out, "alloc_pages %" PRIu64 " => NULL\n", order);
	else if (s->options->trace)
		fprintf(s->out, "alloc_pages %" PRIu64 " => %#" PRIx64 "\n", order, pfn);
	/* MM_NO_PFN is RT_NULL */
	return script_result(s, end, RT_POINTER, pfn);
}

/* free_pages PFN ORDER [=> -EINVAL] */
int handover_script_free_pages(struct script *s, size_t first, void *data)
{
	struct handover_script *hs = data;
	size_t end = script_arrow(s, first);
	int ret = begin(s, first, hs);
	uint64_t pfn, order;

	if (ret)
		return ret;
	if (first + 2 != end)
		return script_error(s, first, "free_pages takes a page frame number and an order");
	ret = script_value(s, first, RT_NUMBER, &pfn);
	if (!ret)
		ret = parse_order(s, first + 1, hs->mm, &order);
	if (ret)
		return ret;
	ret = mm_free_block(hs->mm, pfn, (unsigned int)order);
	if (end < s->nr_tokens)
		return script_result(s, end, RT_INT, (uint64_t)(int64_t)ret);
	s->result->expectations++;
	if (!ret)
		return 0;
	script_failed(s);
	fprintf(s->out, "page frame %#" PRIx64 " is no allocated block of order %" PRIu64 "\n", pfn,
		order);
	return 0;
}

/* free_reserved RANGE: free_reserved_area(), of the whole pages */
int handover_script_free_reserved(struct script *s, size_t first, void *data)
{
	struct handover_script *hs = data;
	struct range bytes;
	uint64_t mask;
	int ret = begin(s, first, hs);

	if (ret)
		return ret;
	if (first + 1 != s->nr_tokens)
		return script_error(s, first, "free_reserved takes a range of addresses");
	ret = script_range(s, first, s->tokens[first].text, &bytes);
	if (ret)
		return ret;
	mask = (1ULL << hs->mm->page_shift) - 1;
	ARRAY_APPEND(hs->calls, hs->nr_calls, hs->room_calls) = (struct check_call){
		.function = handover_script_line(hs, s->line),
		.name = "free_reserved_area",
		.range = bytes,
	};
	hs->state.calls = hs->calls;
	hs->state.nr_calls = hs->nr_calls;
	mm_free_reserved(hs->mm, (struct range){ (bytes.start + mask) >> hs->mm->page_shift,
						 bytes.end >> hs->mm->page_shift });
	return 0;
}

/* nr_free_pages [NID] [ZONE] => N */
int handover_script_nr_free(struct script *s, size_t first, void *data)
{
	struct handover_script *hs = data;
	size_t end = script_arrow(s, first);
	enum mm_zone_kind kind = MM_NR_ZONES;
	int nid = -1, ret = begin(s, first, hs);
	uint64_t pages = 0;

	if (!ret)
		ret = parse_where(s, first, end, &nid, &kind);
	if (ret)
		return ret;
	for (size_t i = 0; i < hs->mm->nr_zones; i++) {
		const struct mm_zone *z = &hs->mm->zones[i];

		if ((nid < 0 || z->nid == nid) && (kind == MM_NR_ZONES || z->kind == kind))
			pages += z->free_pages;
	}
	if (end == s->nr_tokens && !s->into)
		fprintf(s->out, "%" PRIu64 "\n", pages);
	return script_result(s, end, RT_NUMBER, pages);
}

/* page PFN [STATE [NID] [ZONE]] */
int handover_script_page(struct script *s, size_t first, void *data)
{
	struct handover_script *hs = data;
	enum mm_zone_kind kind = MM_NR_ZONES;
	int nid = -1, ret = begin(s, first, hs);
	struct mm_page page;
	uint64_t pfn;
	bool holds;

	if (ret)
		return ret;
	if (first == s->nr_tokens)
		return script_error(s, first, "page takes a page frame number");
	ret = script_value(s, first, RT_NUMBER, &pfn);
	if (!ret && first + 2 < s->nr_tokens)
		ret = parse_where(s, first + 2, s->nr_tokens, &nid, &kind);
	if (ret)
		return ret;
	page = mm_page_of(hs->mm, pfn);
	if (first + 1 < s->nr_tokens) {
		s->result->expectations++;
		holds = !strcmp(s->tokens[first + 1].text, mm_state_name(page.state)) &&
			(nid < 0 || page.nid == nid) && (kind == MM_NR_ZONES || page.kind == kind);
		if (holds)
			return 0;
		script_failed(s);
		fputs("expected", s->out);
		for (size_t i = first; i < s->nr_tokens; i++)
			fprintf(s->out, " %s", s->tokens[i].text);
		fputs(", got ", s->out);
	}
	fprintf(s->out, "page frame %#" PRIx64 ": %s", pfn, mm_state_name(page.state));
	if (page.nid >= 0)
		fprintf(s->out, ", node %d, zone %s", page.nid, mm_zone_name(page.kind));
	if (page.order != MM_NO_BLOCK)
		fprintf(s->out, ", in a free block of order %u", page.order);
	fputc('\n', s->out);
	return 0;
}

int handover_script_buddyinfo(struct script *s, size_t first, void *data)
{
	struct handover_script *hs = data;
	int ret = begin(s, first, hs);

	if (!ret)
		mm_print_buddyinfo(hs->mm, s->out);
	return ret;
}

int handover_script_zoneinfo(struct script *s, size_t first, void *data)
{
	struct handover_script *hs = data;
	int ret = begin(s, first, hs);

	if (!ret)
		mm_print_zoneinfo(hs->mm, s->out);
	return ret;
}
