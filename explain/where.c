// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * where-did-my-memory-go: from what the firmware shows to what the page allocator has. A boot
 * has kept an account of it; of a replay it is made from the map when memblock hands over.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "explain/internal.h"
#include "lib/array.h"
#include "lib/rangeset.h"
#include "lib/size.h"
#include "replay/handover.h"

static const struct explain_column columns[] = {
	{ "kind", NULL, EXPLAIN_TEXT },	   { "sign", "", EXPLAIN_TEXT },
	{ "bytes", NULL, EXPLAIN_CHANGE }, { "amount", "BYTES", EXPLAIN_NUMBER },
	{ "size", "SIZE", EXPLAIN_BYTES }, { "percent", "     %", EXPLAIN_TEXT },
	{ "what", "WHAT", EXPLAIN_TEXT },  { "function", "BY", EXPLAIN_TEXT },
};

static const struct explain_column line_columns[] = {
	{ "figure", "FIGURE", EXPLAIN_TEXT },
	{ "here", "HERE (KiB)", EXPLAIN_NUMBER },
	{ "log", "LOG (KiB)", EXPLAIN_NUMBER },
	{ "difference", "UNKNOWN (KiB)", EXPLAIN_CHANGE },
};

static const char *const kind_names[BOOT_ITEM_KINDS] = {
	[BOOT_ITEM_TOTAL] = "total",	   [BOOT_ITEM_MAP] = "map",   [BOOT_ITEM_NOMAP] = "nomap",
	[BOOT_ITEM_RESERVED] = "reserved", [BOOT_ITEM_LOST] = "lost", [BOOT_ITEM_LATE] = "late",
};

static const char unknown[] = "unknown";

struct account {
	struct explain_table *table;
	int64_t sum, ram, unknown;
	const char *most; /* who has the most, of what is reserved */
	int64_t most_bytes;
};

static void add_row(struct account *c, const char *kind, int64_t bytes, const char *what,
		    const char *function)
{
	struct explain_table *t = c->table;
	bool total = !strcmp(kind, "total");
	uint64_t amount = bytes < 0 ? -(uint64_t)bytes : (uint64_t)bytes;

	explain_cell_word(t, kind);
	explain_cell_word(t, total ? "=" : bytes < 0 ? "-" : "+");
	explain_cell(t, (uint64_t)bytes);
	explain_cell(t, amount);
	explain_cell(t, amount);
	if (c->ram)
		explain_cell_text(t, "%6.2f", (double)amount * 100 / (double)c->ram);
	else
		explain_cell_none(t);
	explain_cell_word(t, what);
	explain_cell_word(t, function);
	if (!total && !strncmp(what, unknown, strlen(unknown)))
		c->unknown += bytes;
	if (!strcmp(kind, "reserved") && -bytes > c->most_bytes) {
		c->most = what;
		c->most_bytes = -bytes;
	}
	c->sum = total ? bytes : c->sum + bytes;
}

/* A change, if it is one. */
static void add_change(struct account *c, const char *kind, int64_t bytes, const char *what,
		       const char *function)
{
	if (bytes)
		add_row(c, kind, bytes, what, function);
}

static void add_firmware(struct account *c, const struct explain_firmware *f)
{
	if (f->installed == f->ram)
		return;
	add_row(c, "total", (int64_t)f->installed, "memory, as far as the firmware's map shows it",
		NULL);
	for (size_t i = 0; i < f->nr_kept; i++)
		add_change(c, "firmware", -(int64_t)f->kept[i].bytes, f->kept[i].what, NULL);
	add_change(c, "firmware", -(int64_t)f->behind,
		   "reserved by the firmware behind RAM, most likely memory", NULL);
}

static void add_boot(struct account *c, const struct boot_result *r)
{
	for (size_t i = 0; i < r->nr_account; i++)
		add_row(c, kind_names[r->account[i].kind], r->account[i].bytes, r->account[i].what,
			r->account[i].function);
}

/* Reservations of a replay, by what they are for. */
struct groups {
	struct group {
		const char *what, *function;
		int64_t bytes;
	} * v;
	size_t nr, room;
};

static void add_group(struct groups *g, const struct explain_piece *p)
{
	const char *what = p->purpose ? p->purpose : "unknown: reserved before the log begins";
	struct group *v = NULL;

	for (size_t i = 0; i < g->nr && !v; i++)
		if (!strcmp(g->v[i].what, what))
			v = &g->v[i];
	if (!v) {
		v = &ARRAY_APPEND(g->v, g->nr, g->room);
		*v = (struct group){ .what = what, .function = p->function };
	}
	if (v->function && (!p->function || strcmp(v->function, p->function)))
		v->function = NULL;
	v->bytes += (int64_t)range_size(p->range);
}

static int compare_groups(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	if (x->bytes != y->bytes)
		return x->bytes > y->bytes ? -1 : 1;
	return strcmp(x->what, y->what);
}

static void add_reserved(struct account *c, const struct explain_map *m)
{
	struct groups g = { 0 };

	for (size_t i = 0; i < m->nr; i++)
		if (m->v[i].is_memory && m->v[i].use == BOOT_RESERVED &&
		    !strstr(m->v[i].flags, "nomap"))
			add_group(&g, &m->v[i]);
	if (g.nr)
		qsort(g.v, g.nr, sizeof(*g.v), compare_groups);
	for (size_t i = 0; i < g.nr; i++)
		add_row(c, "reserved", -g.v[i].bytes, g.v[i].what, g.v[i].function);
	free(g.v);
}

/* Free memory that is not whole pages. */
static int64_t lost_bytes(const struct explain_map *m, uint64_t page)
{
	int64_t lost = 0;

	for (size_t i = 0; i < m->nr; i++) {
		struct range r = m->v[i].range;
		uint64_t start = (r.start + page - 1) / page * page, end = r.end / page * page;

		if (m->v[i].use == BOOT_FREE)
			lost += (int64_t)(range_size(r) - (end > start ? end - start : 0));
	}
	return lost;
}

static void add_freed(struct account *c, const struct replay_handover *h, unsigned int page_shift)
{
	for (size_t i = 0; h && h->made && i < h->nr_freed; i++)
		if (!h->freed[i].dropped)
			add_change(c, "late", (int64_t)(h->freed[i].pages << page_shift),
				   h->freed[i].what, NULL);
}

/*
 * From the firmware's map to memblock: as a boot of the machine accounts for it, if that comes to the same memory. What is
 * between them otherwise is not known.
 */
static void add_map(struct account *c, const struct explain *x, int64_t memory)
{
	struct explain_answer ignored = { 0 };
	const struct boot_item *items;
	struct error err = { 0 };
	struct explain_run run;
	int64_t sum = c->ram;
	size_t nr = 0;

	add_row(c, "total", c->ram, "RAM of the firmware's map", NULL);
	explain_run_boot(x, &run, &ignored, &err);
	/* behind the first total, up to the next one */
	items = run.boot.nr_account ? run.boot.account + 1 : NULL;
	for (; 1 + nr < run.boot.nr_account && items[nr].kind != BOOT_ITEM_TOTAL; nr++)
		sum += items[nr].bytes;
	for (size_t i = 0; sum == memory && i < nr; i++)
		add_row(c, kind_names[items[i].kind], items[i].bytes, items[i].what,
			items[i].function);
	add_change(c, "map", memory - c->sum,
		   "unknown: between the map and memblock (mem=, changes by the kernel)", NULL);
	explain_run_release(&run);
	explain_answer_release(&ignored);
}

static void add_replay(struct account *c, const struct explain *x, const struct explain_run *run)
{
	const struct replay_handover *h = run->replay.handover;
	unsigned int page_shift = (unsigned int)engine_ops(x->engine)->page_shift;
	struct explain_map m;
	int64_t memory = 0, nomap = 0;

	explain_map_make(x, run, &m);
	for (size_t i = 0; i < m.nr; i++) {
		int64_t size = (int64_t)range_size(m.v[i].range);

		memory += m.v[i].is_memory ? size : 0;
		nomap += m.v[i].is_memory && strstr(m.v[i].flags, "nomap") ? size : 0;
	}
	if (c->ram)
		add_map(c, x, memory);
	add_row(c, "total", memory, "memory of memblock", NULL);
	add_change(c, "nomap", -nomap, "not to be mapped (nomap)", NULL);
	add_reserved(c, &m);
	add_change(c, "lost", -lost_bytes(&m, 1ULL << page_shift), "lost at borders of pages",
		   NULL);
	add_row(c, "total", c->sum, m.at_end ? "free when the log ends" : "handed over by memblock",
		NULL);
	add_freed(c, h, page_shift);
	if (h && h->made && h->nr_freed)
		add_row(c, "total", c->sum, "available to the page allocator", NULL);
	explain_map_release(&m);
}

static void add_figure(struct explain_table *t, const char *name, bool here, uint64_t got,
		       bool told, uint64_t expected)
{
	if (!here && !told)
		return;
	explain_cell_word(t, name);
	explain_cell_if(t, here, got);
	explain_cell_if(t, told, expected);
	explain_cell_if(t, here && told, expected - got);
}

/* @line: of the log. */
static struct explain_table *add_memory_line(struct explain_answer *a, unsigned int line)
{
	return explain_table(a, "memory_line", line_columns, ARRAY_LEN(line_columns),
			     "The kernel's line \"Memory:\", here and in the log (line %u):", line);
}

/* KiB that the kernel of the log has otherwise. */
static void tell_difference(struct explain_answer *a, uint64_t here, uint64_t log)
{
	uint64_t most = here > log ? here : log, least = here > log ? log : here;

	explain_fact(a, "log_difference", EXPLAIN_CHANGE, (log - here) << 10);
	if (here != log)
		explain_say(a,
			    "The kernel of the log has %" PRIu64
			    "K %s available than this: where they went is unknown.",
			    most - least, here > log ? "less" : "more");
}

/* The kernel's line "Memory:" of a boot beside that of the log. */
static void compare_boot(struct explain_answer *a, const struct explain *x,
			 const struct boot_result *r)
{
	struct replay_told here = { 0 }, log = { 0 };
	const struct replay_told_memory *m = &here.memory, *n = &log.memory;
	struct explain_table *t;

	if (x->log_text && !x->cmdline)
		replay_told_read(&log, x->log_text, x->log_len, 1);
	if (r->memory_line)
		replay_told_read(&here, r->memory_line, strlen(r->memory_line), 1);
	if (m->line && n->line) {
		t = add_memory_line(a, n->line);
		add_figure(t, "available", true, m->available, true, n->available);
		add_figure(t, "present", true, m->present, true, n->present);
		add_figure(t, "reserved", m->has_reserved, m->reserved, n->has_reserved,
			   n->reserved);
		add_figure(t, "cma-reserved", m->has_cma, m->cma, n->has_cma, n->cma);
		tell_difference(a, m->available, n->available);
	} else if (r->memory_line) {
		explain_say(a, "The kernel says: \"%s\"", r->memory_line);
	}
	replay_told_release(&here);
	replay_told_release(&log);
}

static void compare_replay(struct explain_answer *a, const struct replay_handover *h)
{
	struct explain_table *t;

	if (!h || !h->made || !h->told.memory.line)
		return;
	t = add_memory_line(a, h->told.memory.line);
	add_figure(t, "available", h->available.here, h->available.got, h->available.told,
		   h->available.expected);
	add_figure(t, "present", h->present.here, h->present.got, h->present.told,
		   h->present.expected);
	add_figure(t, "reserved", h->reserved.here, h->reserved.got, h->reserved.told,
		   h->reserved.expected);
	add_figure(t, "cma-reserved", h->cma.here, h->cma.got, h->cma.told, h->cma.expected);
	for (size_t i = 0; i < h->nr_not_held; i++)
		explain_note(a, "%s", h->not_held[i]);
}

static void sum_up(struct explain_answer *a, const struct account *c,
		   const struct explain_firmware *f)
{
	char texts[4][SIZE_TEXT_MAX];
	uint64_t lost = c->unknown < 0 ? -(uint64_t)c->unknown : (uint64_t)c->unknown;

	if (c->ram)
		explain_say(
			a,
			"Of %s of RAM that the firmware hands to the kernel, %s are left (%.1f %%).",
			size_format((uint64_t)c->ram, texts[0]),
			size_format((uint64_t)c->sum, texts[1]),
			(double)c->sum * 100 / (double)c->ram);
	if (c->most)
		explain_say(a, "The most of what is reserved is for: %s, %s.", c->most,
			    size_format((uint64_t)c->most_bytes, texts[2]));
	if (lost)
		explain_say(a, "Of %s (%" PRIu64 " bytes) it is not known where they went.",
			    size_format(lost, texts[3]), lost);
	else
		explain_say(a, "Nothing of it is unknown: the account adds up to the byte.");
	if (f->nodes > f->installed)
		explain_say(
			a,
			"The nodes of the firmware cover %s, which is %s more than the map shows: holes, or "
			"memory that the firmware does not show.",
			size_format(f->nodes, texts[0]),
			size_format(f->nodes - f->installed, texts[1]));
	if (f->alone)
		explain_say(
			a,
			"Further %s that the firmware calls reserved stand apart from RAM; as a rule those "
			"are registers of devices, and are not counted.",
			size_format(f->alone, texts[3]));
}

int explain_where(const struct explain *x, struct explain_answer *a, struct error *err)
{
	struct explain_firmware f = { 0 };
	struct account c = { 0 };
	struct explain_run run;
	int ret = explain_check_words(x, 0, 0, err);

	if (ret)
		return ret;
	ret = explain_run(x, &run, a, err);
	if (!ret) {
		if (x->layout)
			explain_firmware_read(x->layout, &f);
		c.ram = (int64_t)f.ram;
		c.table = explain_table(a, "account", columns, ARRAY_LEN(columns),
					"Where the memory went:");
		add_firmware(&c, &f);
		if (run.booted)
			add_boot(&c, &run.boot);
		else
			add_replay(&c, x, &run);
		sum_up(a, &c, &f);
		if (run.booted)
			compare_boot(a, x, &run.boot);
		else
			compare_replay(a, run.replay.handover);
		explain_fact(a, "installed", EXPLAIN_BYTES, f.installed);
		explain_fact(a, "ram", EXPLAIN_BYTES, f.ram);
		explain_fact(a, "available", EXPLAIN_BYTES, (uint64_t)c.sum);
		explain_fact(a, "unknown", EXPLAIN_CHANGE, (uint64_t)c.unknown);
	}
	explain_run_release(&run);
	return ret;
}
