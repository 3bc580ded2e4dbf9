// SPDX-License-Identifier: GPL-2.0-or-later
/* The machine that a log is of: what else it tells of it, and which engine goes with it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "boot/boot.h"
#include "lib/array.h"
#include "replay/internal.h"

struct layout *replay_machine(const struct replay_log *log, struct error *err)
{
	if (log->text)
		return layout_parse_as(log->name, "log", log->text, log->text_len, err);
	error_set(err, EINVAL, "%s: it is not known what else is in it", log->name);
	return NULL;
}

static bool is_64bit(const struct layout *machine)
{
	static const enum layout_arch arches[] = { LAYOUT_X86_64, LAYOUT_ARM64, LAYOUT_S390,
						   LAYOUT_PPC64 };

	for (size_t i = 0; machine && i < ARRAY_LEN(arches); i++)
		if (machine->arch == arches[i])
			return true;
	return false;
}

static unsigned int shift_of(unsigned int bytes)
{
	unsigned int shift = 0;

	while (bytes >> (shift + 1))
		shift++;
	return shift;
}

/*
 * Arrays of memblock that are doubled take whole pages: "doubled to 256 at [0x1000-0x27ff]" that then reserves 16K
 * is of a kernel with pages of 16K.
 */
static unsigned int page_size_of(const struct replay_log *log, const struct layout *machine)
{
	if (machine && machine->page_size)
		return machine->page_size;
	for (size_t i = 0; i + 1 < log->nr; i++) {
		const struct replay_event *d = &log->v[i], *e = &log->v[i + 1];

		if (d->kind != REPLAY_DOUBLE || e->kind != REPLAY_RESERVE ||
		    d->range.start != e->range.start)
			continue;
		for (unsigned int page = 4096; page <= 256 << 10; page *= 2)
			if (((range_size(d->range) + page - 1) & ~(uint64_t)(page - 1)) == e->size)
				return page;
	}
	return 0;
}

void replay_choose_config(const struct replay_log *log, const struct layout *machine,
			  struct replay_config *c)
{
	unsigned int page = page_size_of(log, machine), usual = 4096;

	*c = (struct replay_config){ .name = machine ? boot_config_for(machine) : NULL };
	if (c->name && !strncmp(c->name, "arm64", 5))
		return;
	if (log->digits_most == 8 && log->digits_least == 8 && !is_64bit(machine)) {
		c->name = "phys32";
		snprintf(c->why, sizeof(c->why),
			 "addresses in the log have 8 digits: phys_addr_t is of 32 bits");
	}
	if (page && page != usual && !(page & (page - 1))) {
		snprintf(c->change[c->changes++], sizeof(c->change[0]), "CONFIG_PAGE_SHIFT=%u",
			 shift_of(page));
		snprintf(c->why + strlen(c->why), sizeof(c->why) - strlen(c->why),
			 "%spages are of %uK", *c->why ? "; " : "the machine's ", page >> 10);
	}
}

static void add_ram(struct layout *l, const struct replay_rows *memory)
{
	struct rangeset all = { 0 };

	for (size_t i = 0; i < memory->nr; i++)
		rangeset_add(&all, memory->v[i].range);
	for (size_t i = 0; i < all.nr; i++)
		layout_add_range(l, (struct layout_range){ .range = all.v[i], .type = LAYOUT_RAM });
	rangeset_release(&all);
}

/* Nodes and flags, if there is more to tell than that all is on node 0. */
static void add_nodes(struct layout *l, const struct replay_rows *memory)
{
	bool more = false;

	for (size_t i = 0; i < memory->nr; i++)
		more |= memory->v[i].nid > 0 || memory->v[i].flags & (HOTPLUG | MIRROR | NOMAP);
	for (size_t i = 0; more && i < memory->nr; i++) {
		const struct replay_row *row = &memory->v[i];
		unsigned int flags = (row->flags & HOTPLUG ? LAYOUT_HOTPLUG : 0) |
				     (row->flags & MIRROR ? LAYOUT_MIRROR : 0) |
				     (row->flags & NOMAP ? LAYOUT_NOMAP : 0);

		if (row->nid >= 0 || flags)
			layout_add_node_range(l, (struct layout_node_range){
							 .range = row->range,
							 .nid = row->nid,
							 .flags = flags,
						 });
	}
}

static void add_reservations(struct layout *l, const struct rangeset *set)
{
	for (size_t i = 0; i < set->nr; i++)
		layout_add_reservation(l, (struct layout_reservation){
						  .range = set->v[i],
						  .kind = LAYOUT_RESERVATION,
						  .name = (char *)"reserved before the log begins",
					  });
}

static struct layout *layout_of_dumps(const struct replay_log *log, const struct replay_result *r)
{
	struct layout *l = layout_new(log->name);
	struct plan_beginning b = { 0 };

	if (*log->version)
		l->kernel_version = array_strdup(log->version);
	l->page_size = page_size_of(log, NULL);
	add_ram(l, &r->memory);
	add_nodes(l, &r->memory);
	plan_find_beginning(log, &b);
	add_reservations(l, &b.reserved);
	add_reservations(l, &b.kern);
	plan_beginning_release(&b);
	return l;
}

struct layout *replay_layout(const struct replay_log *log, const struct replay_result *r,
			     const struct replay_change *change)
{
	struct layout *l = replay_machine(log, NULL);

	/* what is changed is in there already */
	if (!l)
		return layout_of_dumps(log, r);
	if (!l->nr_node_ranges)
		add_nodes(l, &r->memory);
	for (size_t i = 0; i < change->nr_ram; i++)
		layout_add_range(l, (struct layout_range){ .range = change->ram[i],
							   .type = LAYOUT_RAM });
	for (size_t i = 0; i < change->nr_without; i++)
		layout_add_update(l, (struct layout_update){ .range = change->without[i],
							     .from = LAYOUT_RAM,
							     .remove = true });
	return l;
}
