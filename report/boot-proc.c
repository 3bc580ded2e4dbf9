// SPDX-License-Identifier: GPL-2.0-or-later
/* What files of /proc would say when memblock has handed over. */
#include <inttypes.h>

#include "report/internal.h"

void report_boot_buddyinfo(const struct boot_result *r, FILE *out)
{
	mm_print_buddyinfo(r->mm, out);
}

void report_boot_zoneinfo(const struct boot_result *r, FILE *out)
{
	mm_print_zoneinfo(r->mm, out);
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
