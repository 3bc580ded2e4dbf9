// SPDX-License-Identifier: GPL-2.0-or-later
/* What files of /proc say of zones, in their formats. */
#include <inttypes.h>

#include "mm/mm.h"

void mm_print_buddyinfo(const struct mm *mm, FILE *out)
{
	for (size_t i = 0; i < mm->nr_zones; i++) {
		const struct mm_zone *z = &mm->zones[i];

		fprintf(out, "Node %d, zone %8s ", z->nid, mm_zone_name(z->kind));
		for (unsigned int order = 0; order <= mm->max_order; order++)
			fprintf(out, "%6" PRIu64 " ", z->blocks[order]);
		putc('\n', out);
	}
}

uint64_t mm_managed_pages(const struct mm *mm, const struct mm_zone *z)
{
	uint64_t pages = z->free_pages;
	struct mm_place at = { 0 };

	do {
		const struct mm_run *run = pagemap_at(&mm->pages, at);

		if (run->state == MM_PAGE_ALLOCATED && run->nid == z->nid && run->kind == z->kind)
			pages += pagemap_end(&mm->pages, at) - run->start;
	} while (pagemap_next(&mm->pages, &at));
	return pages;
}

void mm_print_zoneinfo(const struct mm *mm, FILE *out)
{
	for (size_t i = 0; i < mm->nr_zones; i++) {
		const struct mm_zone *z = &mm->zones[i];

		fprintf(out, "Node %d, zone %8s\n", z->nid, mm_zone_name(z->kind));
		fprintf(out, "  pages free     %" PRIu64 "\n", z->free_pages);
		fprintf(out, "        spanned  %" PRIu64 "\n", range_size(z->spanned));
		fprintf(out, "        present  %" PRIu64 "\n", z->present_pages);
		fprintf(out, "        managed  %" PRIu64 "\n", mm_managed_pages(mm, z));
		fprintf(out, "  start_pfn:           %" PRIu64 "\n", z->spanned.start);
	}
}
