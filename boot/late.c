// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The end of a boot on memory that somebody else gave memblock: zones, the hand-over, struct pages
 * that are initialised later, and the checks. The steps are those of boots.
 */
#include <errno.h>
#include <string.h>

#include "boot/internal.h"
#include "lib/array.h"

static void measure(struct boot *b)
{
	b->geometry = (struct boot_geometry){ .no_device_zone = true };
}

static void take_no_map(struct boot *b)
{
	(void)b;
}

/* For architectures whose zones mbsim has no rules for: their ends are what somebody else says. */
static const struct boot_plan foreign = {
	.measure = measure,
	.take_map = take_no_map,
	.find_zones = boot_common_zones,
};

static const struct boot_plan *choose_plan(struct engine *e, const struct layout *l,
					   struct error *err)
{
	const char *config = boot_config_for(l);
	const struct boot_plan *plan = NULL;

	if (l->arch == LAYOUT_ARCH_UNKNOWN)
		error_set(err, EINVAL, "%s does not say of which architecture it is", l->name);
	else if (!config)
		error_set(err, EINVAL, "mbsim has no engine for %s", layout_arch_name(l->arch));
	else
		plan = boot_find_plan(e, l, err);
	if (!plan && config && !strcmp(config, engine_info(e)->config))
		plan = &foreign;
	if (plan && l->page_size && l->page_size != 1ULL << engine_ops(e)->page_shift) {
		error_set(err, EINVAL, "pages of %s are of %u bytes, those of '%s' of %u", l->name,
			  l->page_size, engine_info(e)->config, 1U << engine_ops(e)->page_shift);
		return NULL;
	}
	return plan;
}

struct boot *boot_late_new(struct engine *e, const struct boot_options *o, struct boot_result *r,
			   struct error *err)
{
	struct boot *b = array_resize(NULL, 1, sizeof(*b));
	const char *cmdline = o->cmdline ? o->cmdline : o->layout->cmdline;

	boot_begin(b, e, o, r);
	r->cmdline = array_strdup(cmdline ? cmdline : "");
	r->mm = mm_new(r->page_shift, b->ops->max_page_order);
	boot_prepare_handover(b);
	b->plan = choose_plan(e, o->layout, err);
	if (b->plan)
		b->plan->measure(b);
	if (!b->plan || boot_read_cmdline(b, r->cmdline, err)) {
		boot_end(b);
		boot_result_release(r);
		return NULL;
	}
	boot_choose_rules(b);
	boot_account_firmware(b);
	b->plan->take_map(b);
	return b;
}

void boot_late_free(struct boot *b)
{
	if (b)
		boot_end(b);
}

bool boot_late_knows_zones(const struct boot *b)
{
	return b->plan != &foreign;
}

void boot_late_set_deferred(struct boot *b, bool deferred)
{
	b->deferred = deferred;
}

void boot_late_note_call(struct boot *b, struct check_call call)
{
	struct boot_result *r = b->r;

	ARRAY_APPEND(r->calls, r->nr_calls, r->room_calls) = call;
	b->check.calls = r->calls;
	b->check.nr_calls = r->nr_calls;
}

void boot_late_find_zones(struct boot *b)
{
	uint64_t end;

	check_regions_take(&b->check.regions[RT_MEMORY], b->ops, RT_MEMORY);
	end = boot_dram_end(b) >> b->r->page_shift;
	b->max_pfn = end > b->max_pfn ? end : b->max_pfn;
	/* what is above that, the hand-over leaves out */
	engine_set_variable(b->e, "max_pfn", b->max_pfn);
	engine_set_variable(b->e, "max_low_pfn", b->max_pfn);
	engine_set_variable(b->e, "max_possible_pfn", b->max_pfn);
	b->plan->find_zones(b);
}

void boot_late_hand_over(struct boot *b)
{
	boot_common_free_all(b);
}

void boot_late_init_deferred(struct boot *b)
{
	boot_common_deferred(b);
}

void boot_late_finish(struct boot *b)
{
	struct boot_result *r = b->r;

	mm_settle(r->mm);
	check_sum(&b->check, &r->sums);
	r->finished = true;
	check_after_handover(&b->check, &r->findings);
}
