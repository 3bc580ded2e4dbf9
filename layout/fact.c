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

static void place(struct layout *l, struct srcpos *pos)
{
	if (!pos->file)
		pos->file = l->name;
}

int layout_add_range(struct layout *l, struct layout_range fact)
{
	int ret = check_fact(fact.range, l->nr_ranges, LAYOUT_MAX_RANGES);

	if (ret)
		return ret;
	fact.words = array_strdup(fact.words ? fact.words : layout_type_words(fact.type));
	place(l, &fact.pos);
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
	place(l, &fact.pos);
	ARRAY_APPEND(l->updates, l->nr_updates, l->room_updates) = fact;
	return 0;
}

int layout_add_node_range(struct layout *l, struct layout_node_range fact)
{
	int ret = check_fact(fact.range, l->nr_node_ranges, LAYOUT_MAX_RANGES);

	if (ret)
		return ret;
	place(l, &fact.pos);
	ARRAY_APPEND(l->node_ranges, l->nr_node_ranges, l->room_node_ranges) = fact;
	return 0;
}

int layout_add_reservation(struct layout *l, struct layout_reservation fact)
{
	int ret = check_fact(fact.range, l->nr_reservations, LAYOUT_MAX_RESERVATIONS);

	if (ret)
		return ret;
	fact.name = array_strdup(fact.name ? fact.name : layout_kind_name(fact.kind));
	place(l, &fact.pos);
	ARRAY_APPEND(l->reservations, l->nr_reservations, l->room_reservations) = fact;
	return 0;
}

int layout_add_dynamic(struct layout *l, struct layout_dynamic fact)
{
	int ret =
		check_fact((struct range){ 0, fact.size }, l->nr_dynamics, LAYOUT_MAX_RESERVATIONS);

	if (ret)
		return ret;
	fact.name = array_strdup(fact.name ? fact.name : layout_kind_name(LAYOUT_RESERVED_MEMORY));
	place(l, &fact.pos);
	ARRAY_APPEND(l->dynamics, l->nr_dynamics, l->room_dynamics) = fact;
	return 0;
}

int layout_add_node_cpus(struct layout *l, struct layout_node_cpus fact)
{
	if (l->nr_node_cpus > LAYOUT_MAX_NODE)
		return -ENOSPC;
	place(l, &fact.pos);
	ARRAY_APPEND(l->node_cpus, l->nr_node_cpus, l->room_node_cpus) = fact;
	return 0;
}

int layout_add_distance(struct layout *l, struct layout_distance fact)
{
	if (!fact.distance || fact.distance > 255)
		return -EINVAL;
	if (l->nr_distances >= LAYOUT_MAX_DISTANCES)
		return -ENOSPC;
	place(l, &fact.pos);
	ARRAY_APPEND(l->distances, l->nr_distances, l->room_distances) = fact;
	return 0;
}

int layout_add_usable(struct layout *l, struct layout_usable fact)
{
	int ret = check_fact(fact.range, l->nr_usables, LAYOUT_MAX_RANGES);

	if (ret)
		return ret;
	place(l, &fact.pos);
	ARRAY_APPEND(l->usables, l->nr_usables, l->room_usables) = fact;
	return 0;
}

void layout_set_domain(struct layout *l, int nid, unsigned int domain)
{
	for (size_t i = 0; i < l->nr_domains; i++)
		if (l->domains[i].nid == nid || l->domains[i].domain == domain)
			return;
	if (l->nr_domains >= LAYOUT_MAX_DOMAINS)
		return;
	ARRAY_APPEND(l->domains, l->nr_domains, l->room_domains) =
		(struct layout_domain){ nid, domain };
}

const char *layout_place(struct layout *l, const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	text = array_vformat(fmt, ap);
	va_end(ap);
	return ARRAY_APPEND(l->places, l->nr_places, l->room_places) = text;
}

static void add_note(struct layout *l, struct srcpos pos, const char *fmt, va_list ap)
	__attribute__((format(printf, 3, 0)));

static void add_note(struct layout *l, struct srcpos pos, const char *fmt, va_list ap)
{
	char *text;

	if (l->nr_notes >= LAYOUT_MAX_NOTES)
		return;
	if (l->nr_notes == LAYOUT_MAX_NOTES - 1) {
		pos = (struct srcpos){ .file = l->name };
		text = array_strdup("there is more to note, which is left out");
	} else {
		text = array_vformat(fmt, ap);
	}
	ARRAY_APPEND(l->notes, l->nr_notes, l->room_notes) =
		(struct layout_note){ .pos = pos, .text = text };
}

void layout_note(struct layout *l, unsigned int line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_note(l, (struct srcpos){ .file = l->name, .line = line }, fmt, ap);
	va_end(ap);
}

void layout_note_at(struct layout *l, struct srcpos pos, const char *fmt, ...)
{
	va_list ap;

	place(l, &pos);
	va_start(ap, fmt);
	add_note(l, pos, fmt, ap);
	va_end(ap);
}
