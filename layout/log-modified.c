// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel says nothing of some changes that it makes to its map (for MTRRs, or for a BIOS that
 * spoils low memory), but prints the map that they leave. What they were is found here.
 */
#include <stdlib.h>

#include "layout/internal.h"
#include "lib/rangeset.h"

/* The last print of a map that was printed several times: where its rows begin anew. */
static size_t last_print(const struct log_rows *rows)
{
	size_t first = 0;

	for (size_t i = 1; i < rows->nr; i++)
		if (rows->v[i].range.start <= rows->v[i - 1].range.start)
			first = i;
	return first;
}

static void add_ram(struct rangeset *set, const struct log_rows *rows, size_t first)
{
	for (size_t i = first; i < rows->nr; i++)
		if (rows->v[i].type == LAYOUT_RAM)
			rangeset_add(set, rows->v[i].range);
}

/* RAM of the layout that is not RAM any more in the kernel's modified map. */
static struct rangeset find_lost(const struct log_boot *boot, size_t first)
{
	struct rangeset lost = { 0 }, user = { 0 }, left = { 0 };
	size_t nr;
	struct range *ram = layout_ram(boot->l, &nr);

	for (size_t i = 0; i < nr; i++)
		rangeset_add(&lost, ram[i]);
	/* what mem= and memmap= took is not lost: they are on the command line */
	add_ram(&user, &boot->maps[LOG_MAP_USER], last_print(&boot->maps[LOG_MAP_USER]));
	for (size_t i = 0; user.nr && i <= user.nr; i++)
		rangeset_remove(&lost,
				(struct range){ i ? user.v[i - 1].end : 0,
						i < user.nr ? user.v[i].start : UINT64_MAX });
	add_ram(&left, &boot->maps[LOG_MAP_MODIFIED], first);
	for (size_t i = 0; i < left.nr; i++)
		rangeset_remove(&lost, left.v[i]);
	free(ram);
	rangeset_release(&user);
	rangeset_release(&left);
	return lost;
}

void log_take_silent_updates(struct log_boot *boot)
{
	const struct log_rows *rows = &boot->maps[LOG_MAP_MODIFIED];
	size_t first = last_print(rows);
	struct rangeset lost;

	if (!rows->nr)
		return;
	lost = find_lost(boot, first);
	for (size_t i = first; i < rows->nr; i++) {
		struct layout_update u = { .from = LAYOUT_RAM,
					   .to = rows->v[i].type,
					   .pos.line = rows->v[i].pos.line };

		if (u.to == LAYOUT_RAM)
			continue;
		for (size_t n = rangeset_after(&lost, rows->v[i].range.start);
		     n < lost.nr && lost.v[n].start < rows->v[i].range.end; n++) {
			u.range = range_intersect(lost.v[n], rows->v[i].range);
			if (!range_is_empty(u.range))
				layout_add_update(boot->l, u);
		}
	}
	for (size_t i = first; i < rows->nr; i++)
		rangeset_remove(&lost, rows->v[i].range);
	/* a print that is cut off says nothing of what would follow */
	rangeset_remove(&lost, (struct range){ rows->v[rows->nr - 1].range.end, UINT64_MAX });
	for (size_t n = 0; n < lost.nr; n++) {
		struct layout_update u = { .range = lost.v[n],
					   .from = LAYOUT_RAM,
					   .remove = true,
					   .pos.line = rows->v[first].pos.line };

		layout_add_update(boot->l, u);
	}
	rangeset_release(&lost);
}
