// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Holds a boot against the log that it was made from: zones, node ranges, the line "Memory:", the
 * places of the crash kernel and of CMA.
 */
#include "replay/prediction.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "replay/told.h"

struct comparison {
	struct prediction *p;
	const struct boot_result *r;
	const struct layout *l;
	struct replay_told told;
};

/* Adds a row, which takes over its texts. */
static void add(struct comparison *c, struct prediction_row row)
{
	c->p->equal += row.equal && !row.given;
	c->p->given += row.given;
	c->p->near += !row.equal && row.near;
	if (row.equal) {
		free(row.why);
		row.why = NULL;
	}
	ARRAY_APPEND(c->p->rows, c->p->nr, c->p->room) = row;
}

static char *range_text(struct range r)
{
	if (range_is_empty(r))
		return array_strdup("empty");
	return array_format("0x%" PRIx64 "-0x%" PRIx64, r.start, r.end - 1);
}

static bool same(struct range a, struct range b)
{
	return (range_is_empty(a) && range_is_empty(b)) || (a.start == b.start && a.end == b.end);
}

static struct range in_bytes(const struct mm *mm, struct range pfns)
{
	return (struct range){ pfns.start << mm->page_shift, pfns.end << mm->page_shift };
}

/* Appends a sentence to *@text. */
static void append(char **text, char *sentence)
{
	char *old = *text;

	if (old) {
		*text = array_format("%s; %s", old, sentence);
		free(sentence);
		free(old);
	} else {
		*text = sentence;
	}
}

/* What makes everything another; NULL: nothing. */
static char *explain_cmdline(const struct comparison *c)
{
	if (!strcmp(c->r->cmdline, c->l->cmdline ? c->l->cmdline : ""))
		return NULL;
	return array_strdup("the command line is not the log's");
}

static void compare_zones(struct comparison *c)
{
	const struct mm *mm = c->r->mm;

	for (size_t i = 0; i < c->told.nr_ranges; i++) {
		const struct replay_told_range *t = &c->told.ranges[i];
		struct range ours = { 0 };

		for (int kind = 0; kind < MM_NR_ZONES; kind++)
			if (!strcmp(t->name, mm_zone_name(kind)) && mm->has_zone[kind])
				ours = in_bytes(mm, mm->zone_range[kind]);
		add(c, (struct prediction_row){
			       .what = array_format("zone %s", t->name),
			       .ours = range_text(ours),
			       .told = range_text(t->range),
			       .line = t->line,
			       .equal = same(ours, t->range),
			       .why = explain_cmdline(c),
		       });
	}
}

/* A range of a node, or what there is in its place. */
static char *span_text(const struct mm *mm, size_t i)
{
	char *range, *text;

	if (i >= mm->nr_spans)
		return array_strdup("none");
	range = range_text(in_bytes(mm, mm->spans[i].pfns));
	text = array_format("node %d %s", mm->spans[i].nid, range);
	free(range);
	return text;
}

/* Does the layout have memory or nodes from these very lines, as logs lack better ones? */
static bool nodes_are_given(const struct comparison *c)
{
	const struct layout *l = c->l;

	for (size_t i = 0; i < c->told.nr_nodes; i++) {
		unsigned int line = c->told.nodes[i].line;

		for (size_t j = 0; j < l->nr_ranges; j++)
			if (l->ranges[j].pos.line == line)
				return true;
		for (size_t j = 0; j < l->nr_node_ranges; j++)
			if (l->node_ranges[j].pos.line == line)
				return true;
	}
	return false;
}

/* All ranges that are equal are one row. */
static void compare_nodes(struct comparison *c)
{
	const struct mm *mm = c->r->mm;
	size_t nr = c->told.nr_nodes, equal = 0;

	if (!nr)
		return;
	for (size_t i = 0; i < nr || i < mm->nr_spans; i++) {
		const struct replay_told_node *t = i < nr ? &c->told.nodes[i] : NULL;
		char *range;

		if (t && i < mm->nr_spans && mm->spans[i].nid == t->nid &&
		    same(in_bytes(mm, mm->spans[i].pfns), t->range)) {
			equal++;
			continue;
		}
		range = t ? range_text(t->range) : NULL;
		add(c, (struct prediction_row){
			       .what = array_format("node range %zu", i),
			       .ours = span_text(mm, i),
			       .told = t ? array_format("node %d %s", t->nid, range)
					 : array_strdup("none"),
			       .line = t ? t->line : 0,
			       .why = explain_cmdline(c),
		       });
		free(range);
	}
	if (equal)
		add(c, (struct prediction_row){
			       .what = array_strdup("node ranges"),
			       .ours = array_format("%zu", equal),
			       .told = array_format("%zu of %zu", equal, nr),
			       .line = c->told.nodes[0].line,
			       .equal = true,
			       .given = nodes_are_given(c),
		       });
}

static bool log_has(const struct comparison *c, const char *words)
{
	return memmem(c->l->log, c->l->log_len, words, strlen(words));
}

/* What of the figures of "Memory:" nobody can know, or boots do not have. */
static char *explain_figure(const struct comparison *c, bool available)
{
	const struct boot_known *facts = c->r->build.v;
	const struct replay_told *t = &c->told;
	bool late = t->slub_line && t->memory.line > t->slub_line;
	char *why = explain_cmdline(c);

	if (available && late)
		append(&why,
		       array_strdup("the kernel had taken pages itself when it printed this"));
	if (log_has(c, "KernelAddressSanitizer initialized"))
		append(&why, array_strdup("the shadow memory of KASAN, an eighth of all, is not "
					  "modelled"));
	if (facts[BOOT_EFI_SERVICES].value && available && !late)
		append(&why, array_format("where EFI's boot services have %" PRIu64
					  "K the log does not tell",
					  facts[BOOT_EFI_SERVICES].value >> 10));
	if (log_has(c, "efi: EFI v") && !facts[BOOT_EFI_SERVICES].value &&
	    !log_has(c, "efi: mem") && c->l->arch == LAYOUT_X86_64)
		append(&why, array_strdup("the log does not tell what EFI's boot services have "
					  "(efi=debug does)"));
	if (available && facts[BOOT_DEFERRED].value && !late)
		append(&why, array_strdup("which struct pages are initialised later depends on "
					  "what the kernel allocates by then"));
	if (facts[BOOT_IMAGE_SIZE].source == BOOT_BY_DEFAULT ||
	    !strcmp(facts[BOOT_IMAGE_SIZE].where, "the sizes of its parts"))
		append(&why, array_format("the size of the kernel's image is only known by %s",
					  facts[BOOT_IMAGE_SIZE].where));
	return why;
}

static void compare_figure(struct comparison *c, const char *name, uint64_t ours, uint64_t told)
{
	uint64_t off = ours > told ? ours - told : told - ours;

	add(c, (struct prediction_row){
		       .what = array_format("Memory: %s", name),
		       .ours = array_format("%" PRIu64 "K", ours),
		       .told = array_format("%" PRIu64 "K", told),
		       .line = c->told.memory.line,
		       .equal = !off,
		       .near = off <= told / 100,
		       .why = explain_figure(c, !strcmp(name, "available")),
	       });
}

/* The boot's own line is read as the log's. */
static void compare_memory(struct comparison *c)
{
	const struct replay_told_memory *t = &c->told.memory;
	struct replay_told own = { 0 };

	if (!t->line || !c->r->memory_line)
		return;
	replay_told_read(&own, c->r->memory_line, strlen(c->r->memory_line), 1);
	if (own.memory.line) {
		compare_figure(c, "available", own.memory.available, t->available);
		compare_figure(c, "present", own.memory.present, t->present);
		if (t->has_reserved)
			compare_figure(c, "reserved", own.memory.reserved, t->reserved);
		if (t->has_cma)
			compare_figure(c, "cma-reserved", own.memory.cma, t->cma);
	}
	replay_told_release(&own);
}

/*
 * What lies around @at for a purpose that begins with @purpose, or is it, if @whole; at UINT64_MAX: the
 * first such.
 */
static struct range find_area(const struct boot_result *r, const char *purpose, bool whole,
			      uint64_t at)
{
	struct range area = { 0 };

	for (size_t i = 0; i < r->nr_map; i++) {
		const struct boot_piece *p = &r->map[i];
		size_t len = strlen(purpose);

		if (!p->purpose || strncmp(p->purpose, purpose, len) || (whole && p->purpose[len]))
			continue;
		if (!range_is_empty(area) && area.end == p->range.start) {
			area.end = p->range.end;
			continue;
		}
		if (!range_is_empty(area) && (at == UINT64_MAX || range_contains(area, at)))
			break;
		area = p->range;
	}
	if (at != UINT64_MAX && !range_contains(area, at))
		return (struct range){ 0 };
	return area;
}

static char *explain_place(const struct comparison *c)
{
	const struct boot_known *facts = c->r->build.v;
	bool has_kernel = false;
	char *why = explain_cmdline(c);

	for (size_t i = 0; i < c->l->nr_reservations; i++)
		has_kernel |= c->l->reservations[i].kind == LAYOUT_KERNEL;
	if (!has_kernel && !strstr(c->r->cmdline, "nokaslr"))
		append(&why, array_strdup("where the kernel is, which KASLR decides, the log does "
					  "not tell"));
	if (facts[BOOT_EFI_SERVICES].value && !log_has(c, "efi: mem"))
		append(&why,
		       array_strdup("nor does it tell where EFI's boot services are (efi=debug "
				    "does)"));
	return why;
}

/* A place that the kernel chose, beside ours; without any in the log, @told is empty. */
static void compare_place(struct comparison *c, const char *what, struct range ours,
			  struct range told, unsigned int line)
{
	if (range_is_empty(ours) && range_is_empty(told))
		return;
	add(c, (struct prediction_row){
		       .what = array_strdup(what),
		       .ours = range_is_empty(ours) ? array_strdup("none") : range_text(ours),
		       .told = range_is_empty(told) ? array_strdup("none") : range_text(told),
		       .line = line,
		       .equal = same(ours, told),
		       .why = explain_place(c),
	       });
}

static void compare_crash(struct comparison *c)
{
	static const struct {
		const char *name, *what; /* in the layout; in the boot and for people */
	} kinds[] = {
		{ "crash", "crash kernel" },
		{ "crash, low memory", "crash kernel, low memory" },
	};

	for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
		struct range told = { 0 };
		unsigned int line = 0;

		for (size_t i = 0; i < c->l->nr_reservations; i++) {
			const struct layout_reservation *v = &c->l->reservations[i];

			if (v->kind != LAYOUT_CRASH || strcmp(v->name, kinds[k].name))
				continue;
			told = v->range;
			line = v->pos.line;
		}
		compare_place(c, kinds[k].what, find_area(c->r, kinds[k].what, true, UINT64_MAX),
			      told, line);
	}
}

/* Of several areas, those side by side are one in the map. */
static void compare_cma(struct comparison *c)
{
	for (size_t i = 0; i < c->told.nr_cma; i++) {
		const struct replay_told_cma *t = &c->told.cma[i];
		struct range ours;

		if (t->range.start == UINT64_MAX)
			continue;
		ours = find_area(c->r, "CMA", false, t->range.start);
		if (range_is_empty(ours))
			ours = find_area(c->r, "CMA", false, UINT64_MAX);
		else if (c->told.nr_cma > 1 && t->range.end <= ours.end)
			ours = t->range;
		compare_place(c, "CMA", ours, t->range, t->line);
	}
}

void prediction_make(struct prediction *p, const struct boot_result *r, const struct layout *l)
{
	struct comparison c = { .p = p, .r = r, .l = l };

	*p = (struct prediction){ 0 };
	if (!l->log || !r->finished)
		return;
	replay_told_read(&c.told, l->log, l->log_len, l->log_line);
	compare_zones(&c);
	compare_nodes(&c);
	compare_memory(&c);
	compare_crash(&c);
	compare_cma(&c);
	replay_told_release(&c.told);
}

void prediction_release(struct prediction *p)
{
	for (size_t i = 0; i < p->nr; i++) {
		free(p->rows[i].what);
		free(p->rows[i].ours);
		free(p->rows[i].told);
		free(p->rows[i].why);
	}
	free(p->rows);
	*p = (struct prediction){ 0 };
}

bool prediction_holds(const struct prediction *p)
{
	return p->equal + p->near + p->given == p->nr;
}
