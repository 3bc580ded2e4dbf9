// SPDX-License-Identifier: GPL-2.0-or-later
/* Boots: prepares a machine, runs the steps of its plan on an engine, and keeps the result. */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "boot/internal.h"
#include "lib/array.h"

static const struct boot_plan *const plans[] = {
	&boot_plan_x86_64,  &boot_plan_i386,  &boot_plan_arm64,
	&boot_plan_riscv64, &boot_plan_ppc64, &boot_plan_s390,
};

#define DEFAULT_CPUS 4

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static char *vstring(struct boot *b, const char *fmt, va_list args)
{
	struct boot_result *r = b->r;

	return ARRAY_APPEND(r->strings, r->nr_strings, r->room_strings) = array_vformat(fmt, args);
}

const char *boot_string(struct boot *b, const char *fmt, ...)
{
	const char *text;
	va_list args;

	va_start(args, fmt);
	text = vstring(b, fmt, args);
	va_end(args);
	return text;
}

void boot_note(struct boot *b, const char *fmt, ...)
{
	struct boot_result *r = b->r;
	va_list args;

	va_start(args, fmt);
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
	ARRAY_APPEND(r->notes, r->nr_notes, r->room_notes) = vstring(b, fmt, args);
	va_end(args);
}

void boot_unmet(struct boot *b, const char *fmt, ...)
{
	struct boot_result *r = b->r;
	va_list args;

	va_start(args, fmt);
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
	ARRAY_APPEND(r->unmet, r->nr_unmet, r->room_unmet) = vstring(b, fmt, args);
	va_end(args);
}

static void add_line(struct boot_result *r, int level, const char *text)
{
	ARRAY_APPEND(r->log, r->nr_log, r->room_log) =
		(struct boot_line){ level, array_strdup(text) };
}

void boot_log(struct boot *b, const char *fmt, ...)
{
	char text[1024];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	add_line(b->r, 6, text);
}

void boot_panic(struct boot *b, const char *fmt, ...)
{
	char text[1024];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	b->panicked = true;
	engine_stop(b->e, text);
}

uint64_t boot_present_pages(const struct boot *b)
{
	const struct check_regions *memory = &b->check.regions[RT_MEMORY];
	uint64_t pages = 0, mask = (1ULL << b->r->page_shift) - 1;

	for (size_t i = 0; i < memory->nr; i++) {
		uint64_t start = (memory->v[i].base + mask) >> b->r->page_shift;
		uint64_t end = (memory->v[i].base + memory->v[i].size) >> b->r->page_shift;

		pages += end > start ? end - start : 0;
	}
	return pages;
}

static void hear_log(void *data, int level, const char *text)
{
	struct boot *b = data;

	add_line(b->r, level, text);
}

static void hear_event(void *data, enum rt_event event, uint64_t a, uint64_t b, long c)
{
	struct boot *boot = data;

	mm_event(boot->r->mm, event, a, b, c);
}

const struct boot_plan *boot_find_plan(struct engine *e, const struct layout *l, struct error *err)
{
	const char *config = engine_info(e)->config;

	for (size_t i = 0; i < ARRAY_LEN(plans); i++) {
		if (l->arch != plans[i]->arch && l->arch != LAYOUT_ARCH_UNKNOWN)
			continue;
		if (!strncmp(config, plans[i]->configs, strlen(plans[i]->configs)))
			return plans[i];
		error_set(err, EINVAL,
			  "%s is of %s, and the engine is built with the configuration '%s'; take "
			  "one whose name begins with %s",
			  l->name, layout_arch_name(l->arch), config, plans[i]->configs);
		return NULL;
	}
	error_set(err, EINVAL,
		  "%s is of %s; mbsim can boot x86_64, i386, arm64, riscv, ppc64 and s390 only",
		  l->name, layout_arch_name(l->arch));
	return NULL;
}

/* What the reader of the layout could not know, as far as anybody reads it. */
static void pass_notes(struct boot *b)
{
	const struct layout *l = b->layout;
	const size_t few = 12;

	for (size_t i = 0; i < l->nr_notes && i < few; i++) {
		if (l->notes[i].pos.line)
			boot_note(b, "%s:%u: %s", l->notes[i].pos.file, l->notes[i].pos.line,
				  l->notes[i].text);
		else
			boot_note(b, "%s: %s",
				  l->notes[i].pos.file ? l->notes[i].pos.file : l->name,
				  l->notes[i].text);
	}
	if (l->nr_notes > few)
		boot_note(b, "%s: and %zu notes more", l->name, l->nr_notes - few);
}

/* The map's rules are of the kernel that the layout is from; some layouts do not say. */
void boot_choose_rules(struct boot *b)
{
	const char *version = b->layout->kernel_version, *engine = b->r->kernel->version;

	b->rules = boot_rules_of(b->version);
	if (version && b->rules != boot_rules_of(engine))
		boot_note(
			b,
			"map, nodes and zones are by the rules of Linux %.*s, which the layout is "
			"from, and not by those of %s",
			(int)strcspn(version, " "), version, engine);
}

/* What memblock will be told of is RAM, as far as there are addresses for it. */
static void provide_ram(struct boot *b)
{
	uint64_t top = engine_max_address();

	if (b->ram.nr && b->ram.v[b->ram.nr - 1].end > top)
		boot_note(b, "RAM above %#" PRIx64 " was left out: mbsim has no addresses for it",
			  top);
	rangeset_remove(&b->ram, (struct range){ top, UINT64_MAX });
	boot_account_change(b, BOOT_ITEM_MAP, "beyond the addresses of mbsim", NULL,
			    rangeset_size(&b->ram));
	for (size_t i = 0; i < b->ram.nr; i++)
		engine_add_ram(b->e, b->ram.v[i]);
}

static void find_images(struct boot *b)
{
	const struct layout *l = b->layout;
	uint64_t at = b->o->kernel_at;

	for (size_t i = 0; i < l->nr_reservations; i++) {
		const struct layout_reservation *r = &l->reservations[i];

		if (r->kind == LAYOUT_KERNEL && range_is_empty(b->kernel))
			b->kernel = r->range;
		if (r->kind == LAYOUT_INITRD && range_is_empty(b->initrd))
			b->initrd = r->range;
	}
	if (at) {
		uint64_t size = range_size(b->kernel);

		b->kernel = (struct range){ at, at + (size ? size : b->facts->image_size) };
	}
}

/* A kernel at @start would be in RAM, and not in the initrd. */
static bool fits(const struct boot *b, uint64_t start)
{
	struct range r = { start, start + b->facts->image_size };
	size_t i = rangeset_after(&b->ram, start);

	return i < b->ram.nr && b->ram.v[i].start <= r.start && b->ram.v[i].end >= r.end &&
	       !range_overlaps(r, b->initrd);
}

/* Where it is linked to be, or else at the first place that there is, as it would be loaded. */
static void place_kernel(struct boot *b)
{
	const uint64_t align = 2 << 20, base = b->facts->kernel_base;
	uint64_t at = base, next;

	if (!range_is_empty(b->kernel))
		return;
	for (size_t i = 0; i < b->ram.nr && !fits(b, at); i++) {
		at = boot_align_up(b->ram.v[i].start > base ? b->ram.v[i].start : base, align);
		next = boot_align_up(b->initrd.end, align);
		if (!fits(b, at) && next > at)
			at = next;
	}
	if (!fits(b, at))
		at = base;
	b->kernel = (struct range){ at, at + b->facts->image_size };
	boot_note(b,
		  "the layout does not say where the kernel is; it is taken to be at %#" PRIx64
		  ", %" PRIu64 " KiB long",
		  at, b->facts->image_size >> 10);
}

static int prepare(struct boot *b, struct error *err)
{
	struct boot_result *r = b->r;
	const char *cmdline = b->o->cmdline ? b->o->cmdline : b->layout->cmdline;
	int ret;

	r->cmdline = array_strdup(cmdline ? cmdline : "");
	r->mm = mm_new(r->page_shift, b->ops->max_page_order);
	boot_prepare_handover(b);
	b->plan->measure(b);
	ret = boot_read_cmdline(b, r->cmdline, err);
	if (ret)
		return ret;
	b->cpus = b->layout->cpus ? b->layout->cpus : DEFAULT_CPUS;
	if (b->params.nr_cpus && b->params.nr_cpus < b->cpus)
		b->cpus = b->params.nr_cpus;
	pass_notes(b);
	boot_choose_rules(b);
	boot_choose_facts(b);
	b->cpus = b->cpus > b->facts->nr_cpus ? b->facts->nr_cpus : b->cpus;
	r->cpus = b->cpus;
	find_images(b);
	if (b->kernel.end > engine_max_address())
		return error_set(err, EINVAL,
				 "%s: the kernel is at %#" PRIx64 ", where no RAM can be",
				 b->layout->name, b->kernel.start);
	boot_account_firmware(b);
	b->plan->take_map(b);
	place_kernel(b);
	r->image = b->kernel;
	r->initrd = b->initrd;
	provide_ram(b);
	if (b->ram.nr && b->max_pfn < b->ram.v[b->ram.nr - 1].end >> r->page_shift)
		b->max_pfn = b->ram.v[b->ram.nr - 1].end >> r->page_shift;
	b->max_possible_pfn = b->max_pfn;
	return 0;
}

static void set_limits(struct boot *b)
{
	/* as e820__end_of_ram_pfn() finds them */
	engine_set_variable(b->e, "max_pfn", b->max_pfn);
	engine_set_variable(b->e, "max_low_pfn", b->max_pfn);
	engine_set_variable(b->e, "max_possible_pfn", b->max_pfn);
	if (b->params.movable_node)
		engine_set_variable(b->e, "movable_node_enabled", 1);
	if (b->params.kernelcore_mirror)
		engine_set_variable(b->e, "mirrored_kernelcore", 1);
}

/* Is it where the boot is to stop? */
static bool is_last(const struct boot *b, const struct boot_step *s)
{
	const char *until = b->o->until;

	return until && (!strcmp(until, s->function) ||
			 (!strcmp(until, BOOT_HANDOVER) && s->run == boot_common_hand_over));
}

static void run_steps(void *data)
{
	struct boot *b = data;

	set_limits(b);
	for (const struct boot_step *s = b->plan->steps; s->function; s++) {
		struct boot_result *r = b->r;

		r->stopped = is_last(b, s);
		if (r->stopped)
			return;
		ARRAY_APPEND(r->steps, r->nr_steps, r->room_steps) = (struct boot_step_result){
			.function = s->function,
			.meaning = s->meaning,
			.first_call = r->nr_calls,
		};
		if (b->check.unchecked)
			check_arrays(&b->check, b->ops, &r->findings);
		s->run(b);
	}
}

static void take_arrays(void *data)
{
	struct boot *b = data;

	check_regions_take(&b->check.memory, b->ops, RT_MEMORY);
	check_regions_take(&b->check.reserved, b->ops, RT_RESERVED);
	for (int type = RT_MEMORY; type < RT_NR_TYPES; type++)
		check_regions_take(&b->check.regions[type], b->ops, type);
}

static void finish(struct boot *b)
{
	struct boot_result *r = b->r;
	struct engine_exit ignored;
	uint64_t start = now_ns();

	for (size_t i = 0; i < r->nr_steps; i++) {
		size_t end = i + 1 < r->nr_steps ? r->steps[i + 1].first_call : r->nr_calls;

		r->steps[i].nr_calls = end - r->steps[i].first_call;
	}
	if (!b->handed_over)
		engine_run(b->e, take_arrays, b, 1000, &ignored);
	r->block_size = boot_block_size(b);
	boot_make_map(b, &b->check.memory, &b->check.reserved);
	mm_settle(r->mm);
	check_sum(&b->check, &r->sums);
	r->finished = r->exit.end == ENGINE_RETURNED && !r->stopped;
	boot_account_finish(b);
	if (r->finished) {
		check_after_handover(&b->check, &r->findings);
		boot_find_unmet(b);
	}
	if (b->panicked)
		r->exit.end = ENGINE_PANICKED;
	if (r->exit.end == ENGINE_PANICKED)
		boot_log(b, "Kernel panic - not syncing: %s", r->exit.text);
	r->check_ns = now_ns() - start;
}

void boot_end(struct boot *b)
{
	boot_release_cmdline(b);
	rangeset_release(&b->ram);
	rangeset_release(&b->mapped);
	for (size_t i = 0; i < ARRAY_LEN(b->tables); i++)
		rangeset_release(&b->tables[i]);
	free(b->rows);
	check_state_release(&b->check);
	check_regions_release(&b->before_params);
	boot_mapping_free(b->mapping);
	boot_sparse_free(b->sparse);
	free(b->percpu_groups);
	free(b->percpu_bases);
	free(b->nodes);
	free(b->pgdats);
	free(b->pgdat_nids);
	free(b->owners);
	free(b->released);
	free(b);
}

/* mem_map, which only a flat memory map has */
static bool has_variable(const struct engine *e, const char *name)
{
	void *address;
	size_t size;

	return engine_find_variable(e, name, &address, &size);
}

void boot_begin(struct boot *b, struct engine *e, const struct boot_options *o,
		struct boot_result *r)
{
	*r = (struct boot_result){ .kernel = engine_info(e), .layout_name = o->layout->name };
	*b = (struct boot){ .e = e, .ops = engine_ops(e), .o = o, .layout = o->layout, .r = r };
	r->page_shift = b->ops->page_shift;
	b->flat_memory = has_variable(e, "mem_map");
	b->deferred = b->ops->deferred_init;
	b->version = o->layout->kernel_version ? o->layout->kernel_version : r->kernel->version;
}

int boot_run(struct engine *e, const struct boot_options *o, struct boot_result *r,
	     struct error *err)
{
	struct boot *b = array_resize(NULL, 1, sizeof(*b));
	struct engine_listener listener = { .data = b, .log = hear_log, .event = hear_event };
	uint64_t start = now_ns();
	int ret;

	boot_begin(b, e, o, r);
	b->plan = boot_find_plan(e, o->layout, err);
	engine_reset(e);
	ret = b->plan ? prepare(b, err) : -EINVAL;
	if (!ret) {
		engine_listen(e, &listener);
		engine_run(e, run_steps, b, o->timeout_ms ? o->timeout_ms : BOOT_TIMEOUT_MS,
			   &r->exit);
		r->boot_ns = now_ns() - start;
		finish(b);
		engine_listen(e, &(struct engine_listener){ 0 });
	}
	/* not the kernel, but mbsim cannot go on with it */
	if (!ret && r->exit.end == ENGINE_STOPPED)
		ret = error_set(err, ENOSYS, "%s cannot be booted: %s", r->kernel->kernel,
				r->exit.text);
	boot_end(b);
	if (ret)
		boot_result_release(r);
	return ret;
}

void boot_result_release(struct boot_result *r)
{
	for (size_t i = 0; i < r->nr_strings; i++)
		free(r->strings[i]);
	for (size_t i = 0; i < r->nr_log; i++)
		free(r->log[i].text);
	free(r->strings);
	free(r->notes);
	free(r->unmet);
	free(r->log);
	free(r->cmdline);
	free(r->steps);
	free(r->calls);
	free(r->map);
	free(r->searches);
	free(r->account);
	mm_free(r->mm);
	check_findings_release(&r->findings);
	*r = (struct boot_result){ 0 };
}

bool boot_holds(const struct boot_result *r)
{
	return r->finished && !r->nr_unmet && !r->findings.nr;
}
