// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A boot as one JSON object. Addresses and sizes are integers, in bytes; keys that end in _pages
 * count pages. Where something is not known or not there, the value is null.
 *
 *	version		1, of this form
 *	kernel		{version, source, config, memblock_sha256, built}: the engine
 *	layout		name of the memory layout
 *	cmdline		the kernel's command line that was used
 *	cpus, page_size
 *	facts		[{fact, value, source: "default", "layout", "log", "config" or "image", by, line}]: of the
 *			kernel's build, in bytes, or 0 and 1; by: words of the source
 *	end		{status: "finished", "panic", "bug", "trap", "fault", "timeout" or "stopped";
 *			text: the kernel's message; step, call: where; function; address}
 *	holds		true if it finished and all checks hold: exit status 0
 *	steps		[{function, meaning, calls}]: what was done, in order; calls: how many
 *	calls		[{function, call, purpose, start, size}]: calls of memblock; start and size
 *			of what they were about or got
 *	map		[{start, size, use: "free", "reserved" or "nomap", memory: it is in
 *			memblock.memory, node, flags, purpose, function}]: sorted; function is the
 *			kernel's that reserved it
 *	zone_ranges	[{zone, start, size}]: of the machine, in the kernel's order, without Movable;
 *			start and size are null if it is empty
 *	movable_start	[{node, start}]: the nodes that have a zone Movable
 *	node_ranges	[{node, start, size}]: early memory node ranges
 *	zones		[{node, name, start_pfn, spanned_pages, present_pages, absent_pages,
 *			managed_pages, free_pages, free_blocks}]: those that span anything, by node; spanned =
 *			present + absent; free_blocks[N]: free blocks of order N
 *	received_blocks	[N]: blocks of order N that the page allocator was handed
 *	sums		{memory, nomap, reserved, free, lost, expected_pages, freed_pages,
 *			late_pages, present_pages, totalram_pages}: memory = nomap + reserved + free;
 *			lost, of free, at borders of pages; expected: whole pages of free;
 *			late: reserved at first and freed later; totalram: as the kernel counted
 *	account		[{kind: "total", "map", "nomap", "reserved", "lost" or "late"; what, function,
 *			bytes}]: where memory went; bytes are negative where it becomes less, and a
 *			total is the sum so far; function: of the kernel, null if there are several
 *	memory_line	"Memory: ...", as the kernel prints it; null if it did not come to that
 *	prediction	[{what, predicted, log, line, equal, given, near, why}]: what a log's kernel
 *			printed; given: the layout has it from there, so that it is no prediction;
 *			near: equal, or a figure within 1 %; null without a log
 *	checks		{made, findings: [{check, meaning, text, calls_before}], silenced}
 *	log		[{level, text}]: the kernel's
 *	unmet		[text]: what was asked for and is not done
 *	notes		[text]: what was assumed or left out
 *	time		{boot_ns, check_ns}
 */
#include <jansson.h>
#include <stdlib.h>

#include "report/internal.h"
#include "report/json.h"

static json_t *kernel(const struct boot_result *r)
{
	json_t *o = json_object();

	report_json_set(o, "version", report_json_text(r->kernel->version));
	report_json_set(o, "source", report_json_text(r->kernel->kernel));
	report_json_set(o, "config", report_json_text(r->kernel->config));
	report_json_set(o, "memblock_sha256", report_json_text(r->kernel->memblock_hash));
	report_json_set(o, "built", json_boolean(r->kernel->built));
	return o;
}

static json_t *end(const struct boot_result *r)
{
	json_t *o = json_object();
	bool physical = r->exit.end == ENGINE_FAULTED && r->exit.physical;

	report_json_set(o, "status", report_json_text(report_end_name(r->exit.end)));
	report_json_set(o, "text", r->finished ? json_null() : report_json_text(r->exit.text));
	report_json_set(o, "step",
			r->finished || !r->nr_steps
				? json_null()
				: report_json_text(r->steps[r->nr_steps - 1].function));
	report_json_set(o, "call", report_json_text(r->finished ? NULL : r->last_call));
	report_json_set(o, "function",
			r->exit.function[0] ? report_json_text(r->exit.function) : json_null());
	report_json_set(o, "address", physical ? report_json_number(r->exit.address) : json_null());
	return o;
}

static json_t *steps(const struct boot_result *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->nr_steps; i++) {
		json_t *o = json_object();

		report_json_set(o, "function", report_json_text(r->steps[i].function));
		report_json_set(o, "meaning", report_json_text(r->steps[i].meaning));
		report_json_set(o, "calls", report_json_number(r->steps[i].nr_calls));
		report_json_append(list, o);
	}
	return list;
}

static json_t *calls(const struct boot_result *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->nr_calls; i++) {
		json_t *o = json_object();

		report_json_set(o, "function", report_json_text(r->calls[i].function));
		report_json_set(o, "call", report_json_text(r->calls[i].name));
		report_json_set(o, "purpose", report_json_text(r->calls[i].purpose));
		report_json_set(o, "start", report_json_number(r->calls[i].range.start));
		report_json_set(o, "size", report_json_number(range_size(r->calls[i].range)));
		report_json_append(list, o);
	}
	return list;
}

static json_t *map(const struct boot_result *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->nr_map; i++) {
		const struct boot_piece *p = &r->map[i];
		json_t *o = json_object();

		report_json_set(o, "start", report_json_number(p->range.start));
		report_json_set(o, "size", report_json_number(range_size(p->range)));
		report_json_set(o, "use", report_json_text(report_use_name(p->use)));
		report_json_set(o, "memory", json_boolean(p->is_memory));
		report_json_set(o, "node", p->nid < 0 ? json_null() : json_integer(p->nid));
		report_json_set(o, "flags", report_json_number(p->flags));
		report_json_set(o, "purpose", report_json_text(p->purpose));
		report_json_set(o, "function", report_json_text(p->function));
		report_json_append(list, o);
	}
	return list;
}

static json_t *blocks(const uint64_t *v, unsigned int max_order)
{
	json_t *list = json_array();

	for (unsigned int order = 0; order <= max_order; order++)
		report_json_append(list, report_json_number(v[order]));
	return list;
}

/* The same in bytes; null if it is empty. */
static void set_range(json_t *o, struct range pfns, unsigned int page_shift)
{
	bool empty = range_is_empty(pfns);

	report_json_set(o, "start",
			empty ? json_null() : report_json_number(pfns.start << page_shift));
	report_json_set(o, "size",
			empty ? json_null() : report_json_number(range_size(pfns) << page_shift));
}

static json_t *zone_ranges(const struct boot_result *r)
{
	json_t *list = json_array();

	for (int kind = 0; kind < MM_NR_ZONES; kind++) {
		json_t *o;

		if (!r->mm->has_zone[kind] || kind == MM_MOVABLE)
			continue;
		o = json_object();
		report_json_set(o, "zone", report_json_text(mm_zone_name(kind)));
		set_range(o, r->mm->zone_range[kind], r->page_shift);
		report_json_append(list, o);
	}
	return list;
}

static json_t *movable_start(const struct boot_result *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->mm->nr_nodes; i++) {
		const struct mm_node *node = &r->mm->nodes[i];
		json_t *o;

		if (!node->movable_start)
			continue;
		o = json_object();
		report_json_set(o, "node", json_integer(node->nid));
		report_json_set(o, "start",
				report_json_number(node->movable_start << r->page_shift));
		report_json_append(list, o);
	}
	return list;
}

static json_t *node_ranges(const struct boot_result *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->mm->nr_spans; i++) {
		json_t *o = json_object();

		report_json_set(o, "node", json_integer(r->mm->spans[i].nid));
		set_range(o, r->mm->spans[i].pfns, r->page_shift);
		report_json_append(list, o);
	}
	return list;
}

json_t *report_boot_zones(const struct boot_result *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->mm->nr_zones; i++) {
		const struct mm_zone *z = &r->mm->zones[i];
		json_t *o = json_object();

		report_json_set(o, "node", json_integer(z->nid));
		report_json_set(o, "name", report_json_text(mm_zone_name(z->kind)));
		report_json_set(o, "start_pfn", report_json_number(z->spanned.start));
		report_json_set(o, "spanned_pages", report_json_number(range_size(z->spanned)));
		report_json_set(o, "present_pages", report_json_number(z->present_pages));
		report_json_set(o, "absent_pages", report_json_number(z->absent_pages));
		report_json_set(o, "managed_pages", report_json_number(mm_managed_pages(r->mm, z)));
		report_json_set(o, "free_pages", report_json_number(z->free_pages));
		report_json_set(o, "free_blocks", blocks(z->blocks, r->mm->max_order));
		report_json_append(list, o);
	}
	return list;
}

static json_t *sums(const struct boot_result *r)
{
	const struct check_sums *s = &r->sums;
	json_t *o = json_object();
	uint64_t present = 0;

	for (size_t i = 0; i < r->mm->nr_zones; i++)
		present += r->mm->zones[i].present_pages;
	report_json_set(o, "memory", report_json_number(s->memory_bytes));
	report_json_set(o, "nomap", report_json_number(s->nomap_bytes));
	report_json_set(o, "reserved", report_json_number(s->reserved_bytes));
	report_json_set(o, "free", report_json_number(s->free_bytes));
	report_json_set(o, "lost", report_json_number(s->lost_bytes));
	report_json_set(o, "expected_pages", report_json_number(s->expected_pages));
	report_json_set(o, "freed_pages", report_json_number(s->freed_pages));
	report_json_set(o, "late_pages", report_json_number(s->late_pages));
	report_json_set(o, "present_pages", report_json_number(present));
	report_json_set(o, "totalram_pages", json_integer(r->mm->totalram_pages));
	return o;
}

/* By name, with what it is from; "line" of a log where there is one. */
static json_t *facts(const struct boot_result *r)
{
	json_t *list = json_array();

	for (int i = 0; i < BOOT_NR_FACTS; i++) {
		const struct boot_known *k = &r->build.v[i];
		json_t *o = json_object();

		report_json_set(o, "fact", report_json_text(boot_fact_name(i)));
		report_json_set(o, "value", report_json_number(k->value));
		report_json_set(o, "source", report_json_text(boot_source_name(k->source)));
		report_json_set(o, "by", report_json_text(k->where));
		report_json_set(o, "line", k->line ? json_integer(k->line) : json_null());
		report_json_append(list, o);
	}
	return list;
}

static json_t *account(const struct boot_result *r)
{
	static const char *const kinds[BOOT_ITEM_KINDS] = {
		[BOOT_ITEM_TOTAL] = "total", [BOOT_ITEM_MAP] = "map",
		[BOOT_ITEM_NOMAP] = "nomap", [BOOT_ITEM_RESERVED] = "reserved",
		[BOOT_ITEM_LOST] = "lost",   [BOOT_ITEM_LATE] = "late",
	};
	json_t *list = json_array();

	for (size_t i = 0; i < r->nr_account; i++) {
		json_t *o = json_object();

		report_json_set(o, "kind", report_json_text(kinds[r->account[i].kind]));
		report_json_set(o, "what", report_json_text(r->account[i].what));
		report_json_set(o, "function", report_json_text(r->account[i].function));
		report_json_set(o, "bytes", json_integer(r->account[i].bytes));
		report_json_append(list, o);
	}
	return list;
}

static json_t *check_results(const struct boot_result *r)
{
	json_t *o = json_object(), *list = json_array();

	for (size_t i = 0; i < r->findings.nr; i++) {
		const struct check_finding *f = &r->findings.v[i];
		json_t *finding = json_object();

		report_json_set(finding, "check", report_json_text(f->check->name));
		report_json_set(finding, "meaning", report_json_text(f->check->meaning));
		report_json_set(finding, "text", report_json_text(f->text));
		report_json_set(finding, "calls_before", report_json_number(f->after_call));
		report_json_append(list, finding);
	}
	report_json_set(o, "made", report_json_number(r->findings.made));
	report_json_set(o, "findings", list);
	list = json_array();
	for (const struct check *c = checks; c->name; c++)
		if (r->findings.silenced & check_bit(c))
			report_json_append(list, report_json_text(c->name));
	report_json_set(o, "silenced", list);
	return o;
}

static json_t *log_lines(const struct boot_result *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->nr_log; i++) {
		json_t *o = json_object();

		report_json_set(o, "level", json_integer(r->log[i].level));
		report_json_set(o, "text", report_json_text(r->log[i].text));
		report_json_append(list, o);
	}
	return list;
}

/* null without a log to compare with */
static json_t *prediction(const struct prediction *p)
{
	json_t *list;

	if (!p || !p->nr)
		return json_null();
	list = json_array();
	for (size_t i = 0; i < p->nr; i++) {
		const struct prediction_row *row = &p->rows[i];
		json_t *o = json_object();

		report_json_set(o, "what", report_json_text(row->what));
		report_json_set(o, "predicted", report_json_text(row->ours));
		report_json_set(o, "log", report_json_text(row->told));
		report_json_set(o, "line", row->line ? json_integer(row->line) : json_null());
		report_json_set(o, "equal", json_boolean(row->equal));
		report_json_set(o, "given", json_boolean(row->given));
		report_json_set(o, "near", json_boolean(row->equal || row->near));
		report_json_set(o, "why", report_json_text(row->why));
		report_json_append(list, o);
	}
	return list;
}

json_t *report_boot_object(const struct boot_result *r, const struct prediction *p)
{
	json_t *o = json_object(), *times = json_object();

	report_json_set(o, "kernel", kernel(r));
	report_json_set(o, "layout", report_json_text(r->layout_name));
	report_json_set(o, "cmdline", report_json_text(r->cmdline));
	report_json_set(o, "cpus", report_json_number(r->cpus));
	report_json_set(o, "page_size", report_json_number(1ULL << r->page_shift));
	report_json_set(o, "facts", facts(r));
	report_json_set(o, "end", end(r));
	report_json_set(o, "holds", json_boolean(boot_holds(r)));
	report_json_set(o, "steps", steps(r));
	report_json_set(o, "calls", calls(r));
	report_json_set(o, "map", map(r));
	report_json_set(o, "zone_ranges", zone_ranges(r));
	report_json_set(o, "movable_start", movable_start(r));
	report_json_set(o, "node_ranges", node_ranges(r));
	report_json_set(o, "zones", report_boot_zones(r));
	report_json_set(o, "received_blocks", blocks(r->mm->received, r->mm->max_order));
	report_json_set(o, "sums", sums(r));
	report_json_set(o, "account", account(r));
	report_json_set(o, "memory_line", report_json_text(r->memory_line));
	report_json_set(o, "prediction", prediction(p));
	report_json_set(o, "checks", check_results(r));
	report_json_set(o, "log", log_lines(r));
	report_json_set(o, "unmet", report_json_texts(r->unmet, r->nr_unmet));
	report_json_set(o, "notes", report_json_texts(r->notes, r->nr_notes));
	report_json_set(times, "boot_ns", report_json_number(r->boot_ns));
	report_json_set(times, "check_ns", report_json_number(r->check_ns));
	report_json_set(o, "time", times);
	return o;
}

void report_boot_json(const struct boot_result *r, const struct prediction *p, FILE *out)
{
	report_json_print(report_boot_object(r, p), JSON_INDENT(1), out);
}
