// SPDX-License-Identifier: GPL-2.0-or-later
/* Two lists of regions, held against each other. */
#include <stdlib.h>

#include "diff/internal.h"
#include "lib/array.h"

void diff_rows_compare(const struct record_rows *a, const struct record_rows *b,
		       struct diff_pieces *pieces)
{
	const struct record_rows lists[] = { *a, *b };
	uint64_t *borders;
	size_t nr = record_rows_borders(lists, ARRAY_LEN(lists), &borders);

	pieces->nr = 0;
	for (size_t i = 0; i + 1 < nr; i++) {
		const struct record_row *x = record_rows_find(a, borders[i]),
					*y = record_rows_find(b, borders[i]);
		struct diff_piece *last = pieces->nr ? &pieces->v[pieces->nr - 1] : NULL;

		if (record_row_alike(x, y))
			continue;
		if (last && last->range.end == borders[i] && record_row_alike(last->row[0], x) &&
		    record_row_alike(last->row[1], y))
			last->range.end = borders[i + 1];
		else
			ARRAY_APPEND(pieces->v, pieces->nr, pieces->room) = (struct diff_piece){
				.range = { borders[i], borders[i + 1] },
				.row = { x, y },
			};
	}
	free(borders);
}
