// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Memory that came after the boot, such as a dimm that was plugged in: /proc/iomem has it and memblock
 * has not. It is in the zones of /proc/zoneinfo, so it is added to those of here, as
 * online_pages() does.
 */
#include <inttypes.h>
#include <string.h>

#include "lib/array.h"
#include "replay/late.h"

static bool is_memory(const struct mm *mm, struct range pfns)
{
	for (size_t i = 0; i < mm->nr_spans; i++)
		if (range_overlaps(mm->spans[i].pfns, pfns))
			return true;
	return false;
}

static struct range whole_pages(const struct mm *mm, struct range r)
{
	const uint64_t mask = (1ULL << mm->page_shift) - 1;

	return (struct range){ (r.start >> mm->page_shift) + ((r.start & mask) > 0),
			       r.end >> mm->page_shift };
}

/* By the firmware's tables; node 0 if they do not say it, as in memory_add_physaddr_to_nid(). */
static int find_node(const struct layout *l, uint64_t address)
{
	for (size_t i = 0; i < l->nr_node_ranges; i++)
		if (l->node_ranges[i].nid >= 0 && range_contains(l->node_ranges[i].range, address))
			return l->node_ranges[i].nid;
	return 0;
}

/* zone_for_pfn_range() of mm/memory_hotplug.c: the zone that is there, else the one that is asked for */
static enum mm_zone_kind choose_zone(const struct mm *mm, int nid, struct range pfns)
{
	const struct mm_zone *movable = mm_zone_at(mm, nid, MM_MOVABLE);
	enum mm_zone_kind kernel = MM_NORMAL;
	bool in_kernel = false, in_movable = movable && range_overlaps(movable->spanned, pfns);

	for (int kind = 0; kind <= MM_NORMAL && !in_kernel; kind++) {
		const struct mm_zone *z = mm_zone_at(mm, nid, kind);

		in_kernel = z && range_overlaps(z->spanned, pfns);
		kernel = in_kernel ? (enum mm_zone_kind)kind : kernel;
	}
	if (in_kernel != in_movable)
		return in_kernel ? kernel : MM_MOVABLE;
	return mm->movable.node ? MM_MOVABLE : kernel;
}

static void add(struct late *h, unsigned int line, struct range pfns)
{
	struct replay_handover *r = h->h;
	const struct mm *mm = r->boot.mm;
	int nid = find_node(h->layout, pfns.start << mm->page_shift);
	enum mm_zone_kind kind = choose_zone(mm, nid, pfns);
	const struct mm_zone *there = mm_zone_at(mm, nid, kind);
	struct range spanned = there ? there->spanned : pfns;
	struct replay_zone *z = NULL;

	for (size_t i = 0; i < r->nr_zones; i++)
		if (r->zones[i].nid == nid && r->zones[i].kind == kind)
			z = &r->zones[i];
	if (!z) {
		z = &ARRAY_APPEND(r->zones, r->nr_zones, r->room_zones);
		*z = (struct replay_zone){ .nid = nid, .kind = kind };
	}
	spanned.start = pfns.start < spanned.start ? pfns.start : spanned.start;
	spanned.end = pfns.end > spanned.end ? pfns.end : spanned.end;
	z->spanned = range_size(spanned) > z->spanned ? range_size(spanned) : z->spanned;
	z->plugged += range_size(pfns);
	z->present += range_size(pfns);
	z->managed += range_size(pfns);
	late_not_held(h,
		      "0x%" PRIx64 "-0x%" PRIx64
		      " came later, and not by memblock: line %u has it as "
		      "System RAM; it is taken to be in zone %s of node %d",
		      pfns.start << mm->page_shift, (pfns.end << mm->page_shift) - 1, line,
		      mm_zone_name(kind), nid);
}

void late_add_plugged(struct late *h)
{
	struct replay_handover *r = h->h;
	const struct mm *mm = r->boot.mm;
	uint64_t present = 0, told = 0, plugged = 0;

	for (size_t i = 0; i < r->nr_zones; i++)
		present += r->zones[i].present;
	for (size_t i = 0; i < r->told.nr_zones; i++)
		told += r->told.zones[i].present;
	for (size_t pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < r->told.nr_ram; i++) {
			struct range pfns = whole_pages(mm, r->told.ram[i].range);

			if (range_is_empty(pfns) || is_memory(mm, pfns))
				continue;
			/* iomem can have memory that the kernel was told not to use, too */
			if (!pass)
				plugged += range_size(pfns);
			else if (plugged == told - present)
				add(h, r->told.ram[i].line, pfns);
		}
}
