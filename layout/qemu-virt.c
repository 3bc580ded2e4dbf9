// SPDX-License-Identifier: GPL-2.0-or-later
/* QEMU's machine virt for ARM: RAM from 1 GiB on, and what it loads there to boot a kernel. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "layout/qemu.h"
#include "lib/file.h"

#define M(n) ((uint64_t)(n) << 20)
#define G(n) ((uint64_t)(n) << 30)
#define RAM_START G(1)
#define DTB_SIZE M(1) /* of the tree that QEMU makes */

/* As they come in the tree: each is put before the others. */
static void add_memory(struct qemu_machine *m)
{
	uint64_t end = RAM_START + m->ram;

	if (!m->nr_nodes)
		layout_add_range(m->l, (struct layout_range){ .range = { RAM_START, end },
							      .pos = m->ram_pos });
	for (unsigned int i = m->nr_nodes; i--;) {
		struct range r = { end - m->nodes[i].memory, end };

		layout_add_range(m->l, (struct layout_range){ .range = r, .pos = m->nodes[i].pos });
		layout_add_node_range(m->l, (struct layout_node_range){
						    .range = r, .nid = i, .pos = m->nodes[i].pos });
		end = r.start;
	}
}

/* 128 MiB from the start of RAM, or half of what there is, and behind the kernel's file. */
static uint64_t initrd_start(const struct qemu_machine *m, const struct qemu_option *kernel)
{
	uint64_t start = RAM_START + (m->ram / 2 < M(128) ? m->ram / 2 : M(128));
	long long size = file_size(kernel->value);
	uint64_t end = RAM_START + M(2) + (size > 0 ? size : 0);

	return ((end > start ? end : start) + 4095) & ~4095ULL;
}

static void add_dtb(struct qemu_machine *m, uint64_t start)
{
	const struct qemu_option *o = qemu_find(m, "dtb", NULL);
	struct layout_reservation r = { .kind = LAYOUT_DTB, .pos = m->ram_pos };
	uint64_t size = DTB_SIZE;

	if (o && file_size(o->value) <= 0) {
		layout_note_at(m->l, o->pos,
			       "the device tree is not here, so its size is not known");
		return;
	}
	if (o)
		size = 2 * (file_size(o->value) + 10000); /* with room to add to it */
	r.range = (struct range){ start, start + size };
	layout_add_reservation(m->l, r);
}

static void add_images(struct qemu_machine *m)
{
	const struct qemu_option *kernel = qemu_find(m, "kernel", NULL);
	const struct qemu_option *initrd = qemu_find(m, "initrd", NULL);
	uint64_t align = m->arch == LAYOUT_ARM64 ? M(2) : 4096, at;
	long long size = initrd ? file_size(initrd->value) : 0;

	if (!kernel) {
		layout_note(m->l, 0, "without -kernel, what is in memory is firmware's affair");
		return;
	}
	at = initrd_start(m, kernel);
	if (initrd && size <= 0) {
		layout_note_at(
			m->l, initrd->pos,
			"the initrd is not here, so its size and the device tree's place are "
			"not known");
		return;
	}
	if (initrd)
		layout_add_reservation(m->l,
				       (struct layout_reservation){ .range = { at, at + size },
								    .kind = LAYOUT_INITRD,
								    .pos = initrd->pos });
	add_dtb(m, (at + size + align - 1) / align * align);
}

int qemu_add_virt(struct qemu_machine *m)
{
	if (m->highmem_off && m->ram > G(3))
		return error_set(m->err, EINVAL,
				 "%.100s: with highmem=off, virt has at most 3 GiB of memory",
				 m->l->name);
	add_memory(m);
	if (m->uefi)
		layout_note(m->l, 0, "UEFI's own map is not known: this is RAM as QEMU has it");
	else
		add_images(m);
	return 0;
}
