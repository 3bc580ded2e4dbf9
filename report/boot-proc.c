// SPDX-License-Identifier: GPL-2.0-or-later
/* What files of /proc would say of zones when memblock has handed over, in their formats. */
#include <inttypes.h>

#include "report/internal.h"

void report_boot_buddyinfo(const struct boot_result *r, FILE *out)
{
	for (size_t i = 0; i < r->mm->nr_zones; i++) {
		const struct mm_zone *z = &r->mm->zones[i];

		fprintf(out, "Node %d, zone %8s ", z->nid, mm_zone_name(z->kind));
		for (unsigned int order = 0; order <= r->mm->max_order; order++)
			fprintf(out, "%6" PRIu64 " ", z->blocks[order]);
		putc('\n', out);
	}
}

/* All that a zone manages is free at that time. */
void report_boot_zoneinfo(const struct boot_result *r, FILE *out)
{
	for (size_t i = 0; i < r->mm->nr_zones; i++) {
		const struct mm_zone *z = &r->mm->zones[i];

		fprintf(out, "Node %d, zone %8s\n", z->nid, mm_zone_name(z->kind));
		fprintf(out, "  pages free     %" PRIu64 "\n", z->free_pages);
		fprintf(out, "        spanned  %" PRIu64 "\n", range_size(z->spanned));
		fprintf(out, "        present  %" PRIu64 "\n", z->present_pages);
		fprintf(out, "        managed  %" PRIu64 "\n", z->free_pages);
		fprintf(out, "  start_pfn:           %" PRIu64 "\n", z->spanned.start);
	}
}

/* As /proc/iomem writes a range */
void report_boot_free(const struct boot_result *r, FILE *out)
{
	const struct mm *mm = r->mm;

	for (size_t i = 0, j = 0; i < mm->freed.nr || j < mm->late.nr;) {
		bool late = i == mm->freed.nr ||
			    (j < mm->late.nr && mm->late.v[j].start < mm->freed.v[i].start);
		struct range pfns = late ? mm->late.v[j++] : mm->freed.v[i++];

		fprintf(out, "%08" PRIx64 "-%08" PRIx64 " : %s\n", pfns.start << r->page_shift,
			(pfns.end << r->page_shift) - 1, late ? "freed late" : "free");
	}
}
