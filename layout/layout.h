/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LAYOUT_LAYOUT_H
#define LAYOUT_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "lib/error.h"
#include "lib/range.h"
#include "lib/srcpos.h"

/*
 * The physical memory of a machine: what its firmware says, what is in it before the
 * kernel starts, its nodes, and the kernel's command line. One structure, a reader for each
 * source, a writer. Every fact keeps where it was read.
 */

enum layout_arch {
	LAYOUT_ARCH_UNKNOWN,
	LAYOUT_X86_64,
	LAYOUT_I386,
	LAYOUT_ARM64,
	LAYOUT_ARM,
	LAYOUT_RISCV,
	LAYOUT_PPC64,
	LAYOUT_S390,
	LAYOUT_MIPS,
	LAYOUT_ARCH_OTHER,
};

/* What the firmware calls a range. What is not known by name keeps its words. */
enum layout_type {
	LAYOUT_RAM,	 /* usable */
	LAYOUT_RESERVED, /* reserved */
	LAYOUT_ACPI,	 /* ACPI data */
	LAYOUT_NVS,	 /* ACPI NVS */
	LAYOUT_UNUSABLE,
	LAYOUT_PMEM,	      /* persistent memory */
	LAYOUT_SOFT_RESERVED, /* for a driver */
	LAYOUT_OTHER,
};

#define LAYOUT_HOTPLUG 0x1u
#define LAYOUT_MIRROR 0x2u
#define LAYOUT_NOMAP 0x4u
#define LAYOUT_DRIVER_MANAGED 0x8u

#define LAYOUT_NO_NODE (-1)

/* A row of the firmware's map. Rows may overlap and need not be sorted, as firmware's are not. */
struct layout_range {
	struct range range;
	enum layout_type type;
	char *words; /* the firmware's own word for the type; never NULL */
	struct srcpos pos;
};

/* What firmware or kernel says later of a range: node, hotplug, mirror (SRAT, EFI, tree). */
struct layout_node_range {
	struct range range;
	int nid;	/* LAYOUT_NO_NODE: says nothing of the node */
	unsigned int flags; /* LAYOUT_HOTPLUG ... */
	struct srcpos pos;
};

/* A change that the kernel's log says it made to the firmware's map ("e820: update/remove"). */
struct layout_update {
	struct range range;
	enum layout_type from, to;
	bool remove;
	struct srcpos pos;
};

enum layout_kind {
	LAYOUT_KERNEL, /* the kernel's image, _text to _end */
	LAYOUT_INITRD,
	LAYOUT_DTB,
	LAYOUT_FIRMWARE, /* tables, boot services, run-time data */
	LAYOUT_RESERVATION, /* any other that is in place before the kernel starts */
};

/* Memory that is taken when the kernel starts. */
struct layout_reservation {
	struct range range;
	enum layout_kind kind;
	char *name; /* for people; never NULL */
	unsigned int flags;
	struct srcpos pos;
};

/* Sizes of parts of the kernel's image, bytes; 0: not known ("Memory: ... kernel code"). */
struct layout_image {
	uint64_t code, rwdata, rodata, init, bss;
};

struct layout {
	char *name; /* file or preset that it came from */
	enum layout_arch arch;
	unsigned int page_size; /* bytes; 0: not known */
	char *kernel_version;	/* of the log ("6.1.0-13-amd64"), or NULL */
	char *cmdline;		/* the kernel's command line, or NULL */
	unsigned int cpus;	/* 0: not known */
	struct layout_image image;

	struct layout_range *ranges;
	size_t nr_ranges, room_ranges;
	struct layout_update *updates; /* in the order of the log */
	size_t nr_updates, room_updates;
	struct layout_node_range *node_ranges;
	size_t nr_node_ranges, room_node_ranges;
	struct layout_reservation *reservations;
	size_t nr_reservations, room_reservations;

	/* what the reader made of its input */
	unsigned int lines, lines_used, lines_bad; /* bad: meant for us, not understood */
	struct layout_note {
		struct srcpos pos;
		char *text;
	} *notes; /* contradictions and what could not be understood */
	size_t nr_notes, room_notes;
};

struct layout *layout_new(const char *name);
void layout_free(struct layout *l);

/*
 * Reads @path ("-": standard input), choosing the reader by the content. Returns NULL and @err
 * if it cannot be read or holds no memory at all.
 */
struct layout *layout_read(const char *path, struct error *err);

/* The same from memory; @name is for messages and positions. @text ends with a NUL. */
struct layout *layout_parse(const char *name, const char *text, size_t len, struct error *err);

/* Writes the native format; what it writes, layout_read() reads back identically. */
int layout_write(const struct layout *l, FILE *out);

/*
 * The RAM that is left after overlaps and updates are applied as the kernel applies them:
 * sorted, disjoint, merged ranges, in an allocated array (*nr of them). As e820 does it, where
 * rows of different types overlap the higher type wins, and LAYOUT_RAM is the lowest.
 */
struct range *layout_ram(const struct layout *l, size_t *nr);

/* Sum of layout_ram(), in bytes. */
uint64_t layout_ram_size(const struct layout *l);

/* Notes for ranges that overlap, nodes that contradict each other, and RAM without any node. */
void layout_check(struct layout *l);

const char *layout_arch_name(enum layout_arch arch);
const char *layout_type_name(enum layout_type type);
const char *layout_kind_name(enum layout_kind kind);

#endif
