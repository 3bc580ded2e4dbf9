// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A firmware's map as options of x86's command line. What fits there is for the user to see: x86
 * takes 2048 bytes.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "report/layout.h"

void report_layout_memmap(const struct layout *l, FILE *out)
{
	size_t nr;
	struct range *ram = layout_ram(l, &nr);

	fputs("memmap=exactmap", out);
	for (size_t i = 0; i < nr; i++)
		fprintf(out, " memmap=%" PRIu64 "@0x%" PRIx64, range_size(ram[i]), ram[i].start);
	for (size_t i = 0; i < l->nr_ranges; i++) {
		const struct layout_range *r = &l->ranges[i];
		char sign = r->type == LAYOUT_ACPI ? '#' : r->type == LAYOUT_PMEM ? '!' : '$';

		if (r->type != LAYOUT_RAM)
			fprintf(out, " memmap=%" PRIu64 "%c0x%" PRIx64, range_size(r->range), sign,
				r->range.start);
	}
	putc('\n', out);
	free(ram);
}
