// SPDX-License-Identifier: GPL-2.0-or-later
/* free_area_init(): memblock's memory becomes nodes and zones, and the log says which. */
#include <inttypes.h>

#include "boot/internal.h"

/* As the kernel's version has it, unless a configuration tells. */
static bool has_device_zone(const struct boot *b)
{
	const struct boot_known *known = &b->r->build.v[BOOT_ZONE_DEVICE];

	if (known->there && known->source != BOOT_BY_DEFAULT)
		return known->value;
	return b->rules->has_device_zone && !b->geometry.no_device_zone;
}

/* Zones of the plan end with memory, where that ends before, but for old kernels. */
static void set_zones(struct boot *b)
{
	for (int kind = 0; kind < MM_NR_ZONES; kind++) {
		uint64_t end = b->plan->zone_end[kind] >> b->r->page_shift;

		if (end)
			mm_set_zone_end(b->r->mm, kind,
					end > b->max_pfn && b->rules->zones_end_early ? b->max_pfn
										      : end);
	}
	if (has_device_zone(b))
		mm_set_zone_end(b->r->mm, MM_DEVICE, 0);
}

/* What the command line says of Movable; sizes become pages of this machine. */
static struct mm_movable movable(const struct boot *b)
{
	const struct boot_params *p = &b->params;

	return (struct mm_movable){
		.node = p->movable_node,
		.mirror = p->kernelcore_mirror,
		.is_kdump = p->is_kdump,
		.mirror_is_checked = b->rules->mirror_is_checked,
		.kernelcore = p->kernelcore.size >> b->r->page_shift,
		.kernelcore_percent = p->kernelcore.percent,
		.movablecore = p->movablecore.size >> b->r->page_shift,
		.movablecore_percent = p->movablecore.percent,
	};
}

/* [mem FIRST-LAST] of page frames, as the kernel prints it */
static const char *mem(struct boot *b, struct range pfns, char text[64])
{
	snprintf(text, 64, "[mem 0x%016" PRIx64 "-0x%016" PRIx64 "]",
		 pfns.start << b->r->page_shift, (pfns.end << b->r->page_shift) - 1);
	return text;
}

static void log_zones(struct boot *b)
{
	const struct mm *mm = b->r->mm;
	char text[64];

	b->r->first_zone_line = b->r->nr_log;
	boot_log(b, "Zone ranges:");
	for (int kind = 0; kind < MM_NR_ZONES; kind++) {
		if (!mm->has_zone[kind] || kind == MM_MOVABLE)
			continue;
		boot_log(b, "  %-8s %s", mm_zone_name(kind),
			 range_is_empty(mm->zone_range[kind]) ? "empty"
							      : mem(b, mm->zone_range[kind], text));
	}
	boot_log(b, "Movable zone start for each node");
	for (size_t i = 0; i < mm->nr_nodes; i++)
		if (mm->nodes[i].movable_start)
			boot_log(b, "  Node %d: 0x%016" PRIx64, mm->nodes[i].nid,
				 mm->nodes[i].movable_start << b->r->page_shift);
	boot_log(b, "Early memory node ranges");
	for (size_t i = 0; i < mm->nr_spans; i++)
		boot_log(b, "  node %3d: %s", mm->spans[i].nid, mem(b, mm->spans[i].pfns, text));
	b->r->end_zone_line = b->r->nr_log;
}

/* Nodes that firmware numbers and that have no memory are there nevertheless. */
static bool is_possible(const struct boot *b, int nid)
{
	const struct layout *l = b->layout;

	if (!b->nodes_are_real)
		return false;
	for (size_t i = 0; i < l->nr_node_cpus; i++)
		if (l->node_cpus[i].nid == nid)
			return true;
	/* numbers are given in order, so that one that is left out was given to something else */
	for (size_t i = 0; i < l->nr_node_ranges; i++)
		if (l->node_ranges[i].nid >= nid)
			return true;
	return false;
}

static void log_nodes(struct boot *b)
{
	const struct mm *mm = b->r->mm;
	char text[64];
	size_t next = 0;

	for (int nid = 0; nid < b->ops->nr_node_ids; nid++) {
		if (next < mm->nr_nodes && mm->nodes[next].nid == nid)
			boot_log(b, "Initmem setup node %d %s", nid,
				 mem(b, mm->nodes[next++].pfns, text));
		else if (is_possible(b, nid))
			boot_log(b, "Initmem setup node %d as memoryless", nid);
	}
}

void boot_common_zones(struct boot *b)
{
	struct mm *mm = b->r->mm;
	uint64_t homeless;

	set_zones(b);
	mm->movable = movable(b);
	homeless = handover_take_memory(&b->handover, &b->check.regions[RT_MEMORY],
					b->rules->uncovered_is_lost);
	if (homeless)
		boot_note(b,
			  "%" PRIu64 " pages are of no node that there is: no zone has them, and "
			  "kernels have been seen to hang on that",
			  homeless);
	mm->rules = handover_map_rules(b->ops);
	mm->rules.deferred = b->deferred;
	mm->rules.holes_not_linked = b->rules->holes_not_linked;
	mm->rules.deferred_by_zone = b->rules->deferred_by_zone;
	mm->rules.low_zones_count = b->rules->low_zones_count;
	mm_init_memmap(mm);
	if (mm->no_mirror)
		boot_log(b, "The system has no mirror memory, ignore kernelcore=mirror.");
	if (mm->low_not_mirrored)
		boot_log(b, "This configuration results in unmirrored kernel memory.");
	log_zones(b);
	log_nodes(b);
}
