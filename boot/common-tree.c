// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What kernels with a device tree do with its memory and what it reserves (drivers/of/fdt.c and
 * of_reserved_mem.c), for all architectures that have one; s390, which has none, does the same with
 * the memory that its hypervisor tells of.
 */
#include <stdlib.h>

#include "boot/internal.h"

/* All memory that is left after the kernel's changes that the log tells of, in whole pages. */
void boot_take_ram(struct boot *b)
{
	const uint64_t page = 1ULL << b->r->page_shift;
	size_t nr;
	struct range *ram = layout_ram(b->layout, &nr);

	for (size_t i = 0; i < nr; i++)
		rangeset_add(&b->ram, (struct range){ boot_align_up(ram[i].start, page),
						      boot_align_down(ram[i].end, page) });
	free(ram);
	boot_account_change(b, BOOT_ITEM_MAP, "removed by the kernel, or less than a page",
			    "early_init_dt_add_memory_arch", rangeset_size(&b->ram));
}

void boot_add_ram(struct boot *b, const char *function)
{
	for (size_t i = 0; i < b->ram.nr; i++)
		boot_add(b, function, b->ram.v[i]);
	boot_account_memory(b, "unknown", function);
}

void boot_tree_reserve_self(struct boot *b, const char *function)
{
	for (size_t i = 0; i < b->layout->nr_reservations; i++)
		if (b->layout->reservations[i].kind == LAYOUT_DTB)
			boot_reserve(b, function, "device tree", b->layout->reservations[i].range);
}

void boot_enforce_mem(struct boot *b, const char *function, uint64_t limit)
{
	if (!limit)
		return;
	boot_enforce_limit(b, function, limit);
	boot_account_memory(b, "mem=", function);
}

void boot_set_end(struct boot *b)
{
	b->max_pfn = boot_dram_end(b) >> b->r->page_shift;
	b->max_possible_pfn = b->max_pfn;
	engine_set_variable(b->e, "max_pfn", b->max_pfn);
	engine_set_variable(b->e, "max_low_pfn", b->max_pfn);
}

void boot_reserve_initrd(struct boot *b, const char *function)
{
	const uint64_t page = 1ULL << b->r->page_shift;

	if (!range_is_empty(b->initrd))
		boot_reserve(b, function, "initrd",
			     (struct range){ boot_align_down(b->initrd.start, page),
					     boot_align_up(b->initrd.end, page) });
}

static bool overlaps_memory(const struct boot *b, struct range r, enum rt_type type)
{
	const struct check_regions *regions = &b->check.regions[type];

	for (size_t i = 0; i < regions->nr; i++)
		if (range_overlaps(r, (struct range){ regions->v[i].base,
						      regions->v[i].base + regions->v[i].size }))
			return true;
	return false;
}

/* early_init_dt_reserve_memory(): what must not be mapped is no free memory, but not reserved */
static void reserve_static(struct boot *b, const struct layout_reservation *r)
{
	static const char function[] = "early_init_dt_reserve_memory";

	if (!(r->flags & LAYOUT_NOMAP)) {
		boot_reserve(b, function, r->name, r->range);
	} else if (!boot_is_since(b, "5.12")) {
		boot_remove(b, function, r->range);
		boot_account_memory(b, "not to be mapped, and removed", function);
	} else if (overlaps_memory(b, r->range, RT_MEMORY) &&
		   overlaps_memory(b, r->range, RT_RESERVED)) {
		boot_log(b, "OF: fdt: Reserved memory: failed to reserve memory for node '%s'",
			 r->name);
	} else {
		boot_mark_nomap(b, function, r->range);
	}
}

/* __reserved_mem_alloc_size(): in the first of the ranges that has room */
static void reserve_dynamic(struct boot *b, const struct layout_dynamic *d)
{
	static const char function[] = "__reserved_mem_alloc_size",
			  file[] = "drivers/of/of_reserved_mem.c";
	struct call_args a = { .size = d->size,
			       .align = d->align ? d->align : 1ULL << b->r->page_shift };
	uint64_t at = 0;

	/* CMA's areas are of whole pageblocks */
	if (d->flags & LAYOUT_REUSABLE)
		a.align = a.align > b->geometry.cma_align ? a.align : b->geometry.cma_align;
	for (unsigned int i = 0; !at && i < d->nr_within; i++) {
		a.min = d->within[i].start;
		a.max = d->within[i].end;
		at = boot_search(b, file, function, d->name, a);
	}
	if (!d->nr_within)
		at = boot_search(b, file, function, d->name, a);
	if (!at)
		boot_log(b, "OF: reserved mem: failed to allocate memory for node '%s'", d->name);
	else if (d->flags & LAYOUT_NOMAP)
		boot_mark_nomap(b, function, (struct range){ at, at + d->size });
}

void boot_tree_reserve(struct boot *b)
{
	const struct layout *l = b->layout;

	for (size_t i = 0; i < l->nr_reservations; i++)
		if (l->reservations[i].kind == LAYOUT_RESERVED_MEMORY ||
		    l->reservations[i].kind == LAYOUT_RESERVATION)
			reserve_static(b, &l->reservations[i]);
	for (size_t i = 0; i < l->nr_dynamics; i++)
		reserve_dynamic(b, &l->dynamics[i]);
}
