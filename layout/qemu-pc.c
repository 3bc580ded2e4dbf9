// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * QEMU's PCs, q35 and pc: where RAM is, what SeaBIOS makes of it for its e820 map, and what ACPI's
 * SRAT says of nodes.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "layout/qemu.h"
#include "lib/array.h"
#include "lib/file.h"

#define K(n) ((uint64_t)(n) << 10)
#define M(n) ((uint64_t)(n) << 20)
#define G(n) ((uint64_t)(n) << 30)

/* HyperTransport's addresses on processors of AMD; RAM that would reach them is behind them. */
#define HT_START 0xfd00000000ULL
#define HT_END 0x10000000000ULL

struct pc {
	struct qemu_machine *m;
	bool q35, amd;
	unsigned int phys_bits;
	uint64_t below, above, above_start;
	uint64_t hotplug_start, hotplug_size;
};

static uint64_t round_up(uint64_t value, uint64_t to)
{
	return (value + to - 1) / to * to;
}

/* How much RAM is below 4 GiB. */
static void split_ram(struct pc *pc)
{
	uint64_t ram = pc->m->ram, limit = pc->m->max_below_4g, low;

	if (pc->q35) {
		low = ram >= 0xb0000000 ? 0x80000000 : 0xb0000000;
		if (limit && low > limit)
			low = limit;
	} else {
		low = limit ? limit : 0xe0000000;
		if (ram >= low && low > 0xc0000000)
			low = 0xc0000000;
	}
	pc->below = ram < low ? ram : low;
	pc->above = ram - pc->below;
	pc->above_start = G(4);
}

/* Where memory can be plugged in, with room to align it. */
static void place_hotplug(struct pc *pc)
{
	const struct qemu_machine *m = pc->m;

	pc->hotplug_start = round_up(pc->above_start + pc->above, G(1));
	pc->hotplug_size = m->max_ram > m->ram ? m->max_ram - m->ram + m->slots * G(1) : 0;
}

/* Whose processor it is: by its model, or of the host with KVM, of which nothing is known here. */
static void read_cpu(struct pc *pc)
{
	static const char *const amd[] = { "max",    "qemu64", "EPYC", "Opteron_",
					   "athlon", "phenom", "base", "host" };
	const struct qemu_option *o = qemu_find(pc->m, "cpu", NULL);
	char *model = o ? qemu_get(o, "cpu", NULL) : array_strdup("qemu64");
	char *vendor = o ? qemu_get(o, NULL, "vendor") : NULL;
	char *bits = o ? qemu_get(o, NULL, "phys-bits") : NULL;

	for (size_t i = 0; model && !pc->m->kvm && i < ARRAY_LEN(amd); i++)
		pc->amd |= !strncmp(model, amd[i], strlen(amd[i]));
	if (vendor)
		pc->amd = !strcmp(vendor, "AuthenticAMD");
	else if (pc->m->kvm)
		layout_note(
			pc->m->l, 0,
			"KVM gives the host's vendor to the guest: if it is AMD, there is one more "
			"reserved row, from 0xfd00000000 on");
	pc->phys_bits = bits ? strtoul(bits, NULL, 10) : 0;
	if (!pc->phys_bits)
		pc->phys_bits = 40;
	free(model);
	free(vendor);
	free(bits);
}

/* RAM moves behind the hole if anything, up to the window of 64-bit PCI, would reach it. */
static void avoid_hole(struct pc *pc)
{
	uint64_t end = round_up(pc->hotplug_start + pc->hotplug_size, G(1));

	if (pc->amd && end + (pc->q35 ? G(32) : G(2)) - 1 >= HT_START) {
		pc->above_start = HT_END;
		place_hotplug(pc);
		end = round_up(pc->hotplug_start + pc->hotplug_size, G(1));
	}
	if (pc->phys_bits < 52 && end > 1ULL << pc->phys_bits)
		layout_note_at(pc->m->l, pc->m->ram_pos,
			       "QEMU refuses so much memory with %u bits of addresses (phys-bits=)",
			       pc->phys_bits);
}

static void add_row(struct pc *pc, uint64_t start, uint64_t end, enum layout_type type)
{
	layout_add_range(pc->m->l, (struct layout_range){ .range = { start, end },
							  .type = type,
							  .pos = pc->m->ram_pos });
}

/*
 * How long SMBIOS's tables are: those of the machine and of SeaBIOS, which name them, one for each
 * socket, for each 16 GiB of RAM, and for each piece of it.
 */
static uint64_t smbios_size(const struct pc *pc)
{
	const struct qemu_machine *m = pc->m;
	uint64_t per_socket = m->threads_of_socket ? m->threads_of_socket : 1;
	uint64_t machine = pc->q35 ? 225 : 234, socket = pc->q35 ? 65 : 68;

	return machine + socket * round_up(m->nr_cpus, per_socket) / per_socket +
	       53 * round_up(m->ram, G(16)) / G(16) + 33 * (pc->above ? 2 : 1);
}

/*
 * SeaBIOS keeps ACPI's tables, 128 KiB of them, at the end of low RAM, and those of SMBIOS if they
 * are too long for the memory below 1 MiB.
 */
static uint64_t top_reserved(const struct pc *pc)
{
	uint64_t smbios = smbios_size(pc);

	return K(128) + (smbios > 600 ? round_up(smbios, K(4)) : 0);
}

static void add_map(struct pc *pc)
{
	uint64_t top = pc->below - top_reserved(pc);

	if (pc->m->uefi) {
		layout_note(
			pc->m->l, 0,
			"UEFI's own map is not known: this is RAM as QEMU has it, before firmware "
			"takes its part");
		add_row(pc, 0, 0xa0000, LAYOUT_RAM);
		add_row(pc, M(1), pc->below, LAYOUT_RAM);
	} else {
		add_row(pc, 0, 0x9fc00, LAYOUT_RAM);
		add_row(pc, 0x9fc00, 0xa0000, LAYOUT_RESERVED);
		add_row(pc, 0xf0000, M(1), LAYOUT_RESERVED);
		add_row(pc, M(1), top, LAYOUT_RAM);
		add_row(pc, top, pc->below, LAYOUT_RESERVED);
	}
	if (pc->q35) {
		add_row(pc, 0xb0000000, 0xc0000000, LAYOUT_RESERVED);
		if (!pc->m->uefi)
			add_row(pc, 0xfed1c000, 0xfed20000, LAYOUT_RESERVED);
	}
	if (!pc->m->uefi) {
		if (pc->m->kvm)
			add_row(pc, 0xfeffc000, 0xff000000, LAYOUT_RESERVED);
		add_row(pc, 0xfffc0000, G(4), LAYOUT_RESERVED);
	}
	if (pc->above && pc->above_start < HT_START)
		add_row(pc, pc->above_start, pc->above_start + pc->above, LAYOUT_RAM);
	if (pc->amd && pc->phys_bits >= 40)
		add_row(pc, HT_START, HT_END, LAYOUT_RESERVED);
	if (pc->above && pc->above_start >= HT_START)
		add_row(pc, pc->above_start, pc->above_start + pc->above, LAYOUT_RAM);
}

static void add_affinity(struct pc *pc, unsigned int nid, uint64_t start, uint64_t end,
			 unsigned int flags)
{
	layout_add_node_range(pc->m->l, (struct layout_node_range){ .range = { start, end },
								    .nid = nid,
								    .flags = flags,
								    .pos = pc->m->nodes[nid].pos });
}

/* As the SRAT has them: cut where the holes of 640K and below 4G are. */
static void add_nodes(struct pc *pc)
{
	const struct qemu_machine *m = pc->m;
	uint64_t at = 0; /* in RAM without holes */

	for (unsigned int i = 0; i < m->nr_nodes; i++) {
		uint64_t end = at + m->nodes[i].memory;
		struct range low =
			range_intersect((struct range){ at, end }, (struct range){ 0, pc->below });
		struct range high = range_intersect((struct range){ at, end },
						    (struct range){ pc->below, UINT64_MAX });
		uint64_t move = pc->above_start - pc->below;

		if (low.start < K(640) && low.end > K(640)) {
			add_affinity(pc, i, low.start, K(640), 0);
			low.start = M(1);
		}
		if (!range_is_empty(low))
			add_affinity(pc, i, low.start, low.end, 0);
		if (!range_is_empty(high))
			add_affinity(pc, i, high.start + move, high.end + move, 0);
		at = end;
	}
	if (m->nr_nodes && pc->hotplug_size)
		add_affinity(pc, m->nr_nodes - 1, pc->hotplug_start,
			     pc->hotplug_start + pc->hotplug_size, LAYOUT_HOTPLUG);
}

/*
 * The loader of QEMU puts it below the end of low RAM, of which it is told in units of 64 KiB, and
 * below 4 GiB.
 */
static void add_initrd(struct pc *pc)
{
	const struct qemu_option *o = qemu_find(pc->m, "initrd", NULL);
	struct layout_reservation r = { .kind = LAYOUT_INITRD };
	long long size = o ? file_size(o->value) : 0;

	if (!o || pc->m->uefi)
		return;
	if (size <= 0) {
		layout_note_at(pc->m->l, o->pos,
			       "the initrd is not here, so where it ends up is "
			       "not known");
		return;
	}
	r.range.end = (pc->below - top_reserved(pc)) & ~(K(64) - 1);
	if ((uint64_t)size >= r.range.end - M(16)) {
		layout_note_at(pc->m->l, o->pos, "the initrd does not fit into RAM");
		return;
	}
	r.range.start = (r.range.end - size) & ~4095ULL;
	r.range.end = r.range.start + size;
	r.pos = o->pos;
	layout_add_reservation(pc->m->l, r);
}

int qemu_add_pc(struct qemu_machine *m)
{
	struct pc pc = { .m = m, .q35 = strstr(m->type, "q35") != NULL };

	if (m->max_below_4g > G(4) || (m->max_below_4g && m->max_below_4g < M(1)))
		return error_set(m->err, EINVAL, "%.100s: max-ram-below-4g is from 1M to 4G",
				 m->l->name);
	if (m->ram < M(2))
		return error_set(m->err, EINVAL, "%.100s: SeaBIOS needs at least 2 MiB of memory",
				 m->l->name);
	split_ram(&pc);
	place_hotplug(&pc);
	read_cpu(&pc);
	avoid_hole(&pc);
	add_map(&pc);
	add_nodes(&pc);
	add_initrd(&pc);
	return 0;
}
