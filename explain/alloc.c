// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * alloc SIZE ALIGN [node N] [below ADDR] [from ADDR]: memblock itself is asked, and the windows that it searches are
 * looked at beside that.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "explain/internal.h"
#include "lib/array.h"
#include "lib/size.h"

/* So often it is asked how many there are. */
#define MOST 4096

static const struct explain_column columns[] = {
	{ "node", "NODE", EXPLAIN_NUMBER },
	{ "from", "FROM", EXPLAIN_ADDRESS },
	{ "below", "BELOW", EXPLAIN_ADDRESS },
	{ "free", "FREE", EXPLAIN_BYTES },
	{ "hole_start", "LARGEST HOLE", EXPLAIN_ADDRESS },
	{ "hole_size", "SIZE", EXPLAIN_BYTES },
	{ "largest", "ALIGNED", EXPLAIN_BYTES },
	{ "bound_below", "BELOW IT", EXPLAIN_TEXT },
	{ "bound_above", "ABOVE IT", EXPLAIN_TEXT },
};

static int read_option(const char *name, const char *value, struct explain_request *q,
		       struct error *err)
{
	long nid;

	if (!strcmp(name, "below"))
		return explain_read_size(value, "below", &q->below, err);
	if (!strcmp(name, "from"))
		return explain_read_size(value, "from", &q->from, err);
	if (strcmp(name, "node"))
		return error_set(err, EINVAL,
				 "explain: alloc: '%s' is none of node, below and from", name);
	if (size_parse_int(value, 0, LAYOUT_MAX_NODE, &nid))
		return error_set(err, EINVAL, "explain: alloc: '%s' is no number of a node", value);
	q->nid = (int)nid;
	return 0;
}

static int read_request(const struct explain *x, struct explain_request *q, struct error *err)
{
	int ret = explain_check_words(x, 2, 8, err);

	*q = (struct explain_request){ .nid = LAYOUT_NO_NODE };
	if (!ret)
		ret = explain_read_size(x->words[1], "SIZE", &q->size, err);
	if (!ret)
		ret = explain_read_size(x->words[2], "ALIGN", &q->align, err);
	for (size_t i = 3; !ret && i < x->nr_words; i += 2)
		ret = i + 1 < x->nr_words
			      ? read_option(x->words[i], x->words[i + 1], q, err)
			      : error_set(err, EINVAL, "explain: alloc: what comes behind '%s'?",
					  x->words[i]);
	if (ret)
		return ret;
	if (!q->size || q->size > engine_max_address())
		return error_set(err, EINVAL, "explain: alloc: %s is no size that can be had",
				 x->words[1]);
	if (!q->align || q->align & (q->align - 1))
		return error_set(err, EINVAL,
				 "explain: alloc: an alignment is a power of two, not %s",
				 x->words[2]);
	if (q->below && q->below <= q->from)
		return error_set(err, EINVAL,
				 "explain: alloc: nothing is below %#" PRIx64 " and from %#" PRIx64
				 " on",
				 q->below, q->from);
	return 0;
}

/* In the order in which memblock_alloc_internal() tries them; how many. */
static size_t make_windows(const struct explain_request *q, uint64_t limit,
			   struct explain_window windows[4])
{
	uint64_t end = q->below && q->below < limit ? q->below : limit;
	size_t nr = 0;

	for (int low = 0; low < (q->from ? 2 : 1); low++) {
		struct range range = { low ? 0 : q->from, end };

		if (q->nid != LAYOUT_NO_NODE)
			windows[nr++] = (struct explain_window){ range, q->nid };
		windows[nr++] = (struct explain_window){ range, LAYOUT_NO_NODE };
	}
	return nr;
}

static void add_window(struct explain_table *t, const struct explain_map *m,
		       const struct explain_window *w, const struct explain_hole *hole)
{
	bool any = !range_is_empty(hole->range);

	explain_cell_node(t, w->nid);
	explain_cell(t, w->range.start);
	explain_cell_if(t, w->range.end != UINT64_MAX, w->range.end);
	explain_cell(t, hole->free);
	explain_cell_if(t, any, hole->range.start);
	explain_cell(t, range_size(hole->range));
	explain_cell(t, hole->fits);
	explain_cell_word(t, any ? explain_bound(m, w, hole->range, false) : "");
	explain_cell_word(t, any ? explain_bound(m, w, hole->range, true) : "");
}

/* What the largest hole of all windows fits, and a row for each of them. */
static uint64_t tell_windows(struct explain_answer *a, const struct explain_map *m,
			     const struct explain_request *q, uint64_t limit, uint64_t page)
{
	struct explain_table *t = explain_table(
		a, "windows", columns, ARRAY_LEN(columns),
		"Where memblock looks, in this order; ALIGNED is the largest size that fits:");
	struct explain_window windows[4];
	size_t nr = make_windows(q, limit, windows);
	uint64_t most = 0;

	for (size_t i = 0; i < nr; i++) {
		struct explain_hole hole;

		explain_find_hole(m, &windows[i], q->align, page, &hole);
		add_window(t, m, &windows[i], &hole);
		most = hole.fits > most ? hole.fits : most;
	}
	return most;
}

static void tell_place(struct explain_answer *a, const struct explain_map *m,
		       const struct explain_request *q, struct range got, const char *call)
{
	const struct explain_piece *p = explain_piece_at(m, got.start);
	int nid = p ? p->nid : LAYOUT_NO_NODE;
	const struct explain_window all = { { 0, UINT64_MAX }, LAYOUT_NO_NODE };
	char node[32] = "", size[SIZE_TEXT_MAX];

	if (nid >= 0)
		snprintf(node, sizeof(node), ", on node %d", nid);
	explain_say(a, "Yes: %s() gives %#" PRIx64 "-%#" PRIx64 "%s.", call, got.start, got.end - 1,
		    node);
	if (p && p->use == BOOT_FREE)
		explain_say(a,
			    "That is in the hole %#" PRIx64 "-%#" PRIx64
			    " (%s), which is bounded below by: "
			    "%s; and above by: %s.",
			    p->range.start, p->range.end - 1,
			    size_format(range_size(p->range), size),
			    explain_bound(m, &all, p->range, false),
			    explain_bound(m, &all, p->range, true));
	if (q->nid != LAYOUT_NO_NODE && nid != q->nid)
		explain_say(a, "Node %d has nothing that fits; memblock takes another then.",
			    q->nid);
	if (got.start < q->from)
		explain_say(a, "From %#" PRIx64 " on nothing fits; memblock looks below then.",
			    q->from);
	explain_fact_node(a, "node", nid);
}

void explain_tell_moment(struct explain_answer *a, const struct explain *x,
			 const struct explain_run *run)
{
	const struct boot_result *r = &run->boot;
	const char *last = r->nr_steps ? r->steps[r->nr_steps - 1].function : "nothing";

	if (run->replayed && run->line)
		explain_say(a, "It is asked for before line %u, where memblock hands over.",
			    run->line);
	else if (run->replayed)
		explain_say(a, "It is asked for where the log ends.");
	else if (!r->stopped)
		explain_say(a, "It is asked for in the step %s, where the boot ended.", last);
	else
		explain_say(a, "It is asked for when the boot has done %s and comes to %s.", last,
			    x->at ? x->at : "the hand-over");
	explain_fact_text(a, "after_step", run->booted ? last : NULL);
}

static void tell_count(struct explain_answer *a, size_t nr)
{
	if (nr == MOST)
		explain_say(a, "There is room for %d of them and more.", MOST);
	else if (nr)
		explain_say(a, "There is room for %zu of %s.", nr, nr == 1 ? "it" : "them");
	explain_fact(a, "count", EXPLAIN_NUMBER, nr);
}

static void answer(const struct explain *x, const struct explain_request *q,
		   const struct explain_run *run, struct explain_answer *a)
{
	uint64_t page = 1ULL << engine_ops(x->engine)->page_shift, limit = explain_limit(x), most;
	struct range *got = array_resize(NULL, MOST, sizeof(*got));
	char text[SIZE_TEXT_MAX];
	struct explain_map m;
	const char *call;
	size_t nr;

	explain_map_make(x, run, &m);
	explain_tell_moment(a, x, run);
	call = explain_probe(x, q, false, got, MOST, &nr);
	a->verdict = nr ? EXPLAIN_YES : EXPLAIN_NO;
	explain_fact_range(a, "start", "size", nr ? got[0] : (struct range){ 0 });
	if (nr)
		tell_place(a, &m, q, got[0], call);
	else
		explain_say(a, "No: %s() finds no place.", call ? call : "memblock");
	tell_count(a, nr);
	most = tell_windows(a, &m, q, limit, page);
	explain_fact(a, "largest", EXPLAIN_BYTES, most);
	explain_say(a,
		    "With that alignment, %s are the largest that can be had (%" PRIu64 " bytes).",
		    size_format(most, text), most);
	explain_map_release(&m);
	free(got);
}

int explain_alloc(const struct explain *x, struct explain_answer *a, struct error *err)
{
	struct explain_request q;
	struct explain_run run;
	int ret = read_request(x, &q, err);

	if (ret)
		return ret;
	ret = explain_run_early(x, &run, a, err);
	if (!ret)
		answer(x, &q, &run, a);
	explain_run_release(&run);
	return ret;
}
