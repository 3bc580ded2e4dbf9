// SPDX-License-Identifier: GPL-2.0-or-later
/* Facts are added to a layout here, one at a time. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "layout/internal.h"
#include "layout/layout.h"
#include "lib/array.h"

static int check_fact(struct range range, size_t nr, size_t max)
{
	if (range_is_empty(range))
		return -EINVAL;
	return nr < max ? 0 : -ENOSPC;
}

int layout_add_range(struct layout *l, struct layout_range fact)
{
	int ret = check_fact(fact.range, l->nr_ranges, LAYOUT_MAX_RANGES);

	if (ret)
		return ret;
	fact.words = array_strdup(fact.words ? fact.words : layout_type_words(fact.type));
	fact.pos.file = l->name;
	ARRAY_APPEND(l->ranges, l->nr_ranges, l->room_ranges) = fact;
	return 0;
}

int layout_add_update(struct layout *l, struct layout_update fact)
{
	int ret = check_fact(fact.range, l->nr_updates, LAYOUT_MAX_UPDATES);

	if (ret)
		return ret;
	if (fact.any)
		fact.from = LAYOUT_RAM;
	if (fact.remove)
		fact.to = LAYOUT_RAM;
	fact.pos.file = l->name;
	ARRAY_APPEND(l->updates, l->nr_updates, l->room_updates) = fact;
	return 0;
}

int layout_add_node_range(struct layout *l, struct layout_node_range fact)
{
	int ret = check_fact(fact.range, l->nr_node_ranges, LAYOUT_MAX_RANGES);

	if (ret)
		return ret;
	fact.pos.file = l->name;
	ARRAY_APPEND(l->node_ranges, l->nr_node_ranges, l->room_node_ranges) = fact;
	return 0;
}

int layout_add_reservation(struct layout *l, struct layout_reservation fact)
{
	int ret = check_fact(fact.range, l->nr_reservations, LAYOUT_MAX_RESERVATIONS);

	if (ret)
		return ret;
	fact.name = array_strdup(fact.name ? fact.name : layout_kind_name(fact.kind));
	fact.pos.file = l->name;
	ARRAY_APPEND(l->reservations, l->nr_reservations, l->room_reservations) = fact;
	return 0;
}

void layout_note(struct layout *l, unsigned int line, const char *fmt, ...)
{
	struct srcpos pos = { .file = l->name, .line = line };
	char *text;
	va_list ap;

	if (l->nr_notes >= LAYOUT_MAX_NOTES)
		return;
	if (l->nr_notes == LAYOUT_MAX_NOTES - 1) {
		pos.line = 0;
		text = array_strdup("there is more to note, which is left out");
	} else {
		va_start(ap, fmt);
		if (vasprintf(&text, fmt, ap) < 0)
			array_die();
		va_end(ap);
	}
	ARRAY_APPEND(l->notes, l->nr_notes, l->room_notes) =
		(struct layout_note){ .pos = pos, .text = text };
}
