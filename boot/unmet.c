// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What was asked for and is not there when the boot has ended. The kernel goes on without, and says it
 * in a line of its log or not at all; who asked wants to know.
 */
#include <inttypes.h>
#include <string.h>

#include "boot/internal.h"

/* A list of ranges may well mean that a machine of this size has none; then nothing was looked for. */
static bool wants_crash(const struct boot *b)
{
	const struct boot_params *p = &b->params;

	if (b->o->until || p->is_kdump)
		return false;
	if (!p->crash_is_list)
		return (p->nr_crash && p->crash[0].size) || p->crash_high;
	for (size_t i = 0; i < b->r->nr_searches; i++)
		if (b->r->searches[i].purpose && !strcmp(b->r->searches[i].purpose, "crash kernel"))
			return true;
	return false;
}

/* Of what firmware has: mem= and the like leave an initrd where it was loaded. */
static bool is_ram(const struct layout *l, uint64_t address)
{
	for (size_t i = 0; i < l->nr_ranges; i++)
		if (l->ranges[i].type == LAYOUT_RAM && range_contains(l->ranges[i].range, address))
			return true;
	return false;
}

void boot_find_unmet(struct boot *b)
{
	const struct boot_result *r = b->r;

	if (wants_crash(b) && range_is_empty(r->crash))
		boot_unmet(b, "crashkernel=: the kernel has reserved nothing for a crash kernel");
	if (!range_is_empty(r->initrd) &&
	    !(is_ram(b->layout, r->initrd.start) && is_ram(b->layout, r->initrd.end - 1)))
		boot_unmet(b, "the initrd at %#" PRIx64 "-%#" PRIx64 " is not all in RAM",
			   r->initrd.start, r->initrd.end - 1);
}
