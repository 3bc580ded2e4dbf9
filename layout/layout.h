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
	LAYOUT_NR_ARCHES,
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
	LAYOUT_NR_TYPES,
};

#define LAYOUT_HOTPLUG 0x1u
#define LAYOUT_MIRROR 0x2u
#define LAYOUT_NOMAP 0x4u
#define LAYOUT_DRIVER_MANAGED 0x8u
#define LAYOUT_REUSABLE 0x10u	 /* the kernel may lend it out ("reusable" in a device tree) */
#define LAYOUT_DEFAULT_CMA 0x20u /* the area that CMA takes if nobody asks for another */

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
	int nid;	    /* LAYOUT_NO_NODE: says nothing of the node */
	unsigned int flags; /* LAYOUT_HOTPLUG ... */
	struct srcpos pos;
};

/*
 * memblock had its memory already: the change is in the kernel's copy of the map, not in what
 * memblock knows (a reservation says the same to memblock).
 */
#define LAYOUT_UPDATE_LATE 0x1u
/* The command line asked for it (mem=, memmap=): not a fact of the machine. */
#define LAYOUT_UPDATE_CMDLINE 0x2u

/* A change that the kernel's log says it made to the firmware's map ("e820: update/remove"). */
struct layout_update {
	struct range range;
	enum layout_type from, to;
	bool remove;	    /* nothing is left there; @to says nothing */
	bool any;	    /* whatever is there, holes as well; @from says nothing */
	unsigned int flags; /* LAYOUT_UPDATE_LATE ... */
	struct srcpos pos;
};

enum layout_kind {
	LAYOUT_KERNEL, /* the kernel's image, _text to the end of bss or to _end */
	LAYOUT_INITRD,
	LAYOUT_DTB,
	LAYOUT_FIRMWARE,	/* tables, boot services, run-time data */
	LAYOUT_RESERVED_MEMORY, /* of the device tree's /reserved-memory */
	LAYOUT_RESERVATION,	/* any other that is in place before the kernel starts */
	/* what a kernel chose by itself, as its log tells: outcomes, no facts of the machine */
	LAYOUT_CRASH,
	LAYOUT_CMA,
	LAYOUT_NR_KINDS,
};

/* Memory that is taken when the kernel starts. */
struct layout_reservation {
	struct range range;
	enum layout_kind kind;
	char *name; /* for people; never NULL */
	unsigned int flags;
	struct srcpos pos;
};

#define LAYOUT_MAX_WITHIN 8

/* Memory that the device tree wants reserved, wherever the kernel finds it. */
struct layout_dynamic {
	char *name;				/* never NULL */
	uint64_t size;				/* bytes */
	uint64_t align;				/* bytes, a power of two; 0: as the kernel likes */
	struct range within[LAYOUT_MAX_WITHIN]; /* "alloc-ranges"; none: anywhere */
	unsigned int nr_within;
	unsigned int flags; /* LAYOUT_NOMAP ... */
	struct srcpos pos;
};

/* How many processors a node has: 0 for one that is memory only. */
struct layout_node_cpus {
	int nid;
	unsigned int cpus;
	struct srcpos pos;
};

/* How far memory is, as in ACPI's SLIT: 10 is local. */
struct layout_distance {
	int from, to;
	unsigned int distance;
	struct srcpos pos;
};

/* What ACPI calls a node: distances of its tables are between these. */
struct layout_domain {
	int nid;
	unsigned int domain;
};

/* What alone the kernel may use ("linux,usable-memory-range"), as after a crash. */
struct layout_usable {
	struct range range;
	struct srcpos pos;
};

/* Sizes of parts of the kernel's image, bytes; 0: not known ("Memory: ... kernel code"). */
struct layout_image {
	uint64_t code, rwdata, rodata, init, bss;
};

/* How bad it is what a note tells. */
enum layout_severity {
	LAYOUT_TOLD,	/* it is to be known */
	LAYOUT_WARNING, /* it is odd, but can be */
	LAYOUT_ERROR,	/* facts contradict each other */
};

struct layout {
	char *name; /* file or preset that it came from */
	enum layout_arch arch;
	unsigned int page_size; /* bytes; 0: not known */
	char *kernel_version;	/* of the log ("6.1.0-13-amd64"), or NULL */
	char *cmdline;		/* the kernel's command line, or NULL */
	unsigned int cpus;	/* 0: not known */
	char *model;		/* the machine's name, or NULL */
	uint64_t dma_last;	/* the highest address that all devices reach; 0: not known */
	uint64_t low_end; /* i386: where memory begins that is not always mapped; 0: not known */
	struct layout_image image;

	struct layout_range *ranges;
	size_t nr_ranges, room_ranges;
	struct layout_update *updates; /* in the order of the log */
	size_t nr_updates, room_updates;
	struct layout_node_range *node_ranges;
	size_t nr_node_ranges, room_node_ranges;
	struct layout_reservation *reservations;
	size_t nr_reservations, room_reservations;
	struct layout_dynamic *dynamics;
	size_t nr_dynamics, room_dynamics;
	struct layout_node_cpus *node_cpus;
	size_t nr_node_cpus, room_node_cpus;
	struct layout_distance *distances;
	size_t nr_distances, room_distances;
	struct layout_usable *usables;
	size_t nr_usables, room_usables;
	struct layout_domain *domains; /* for readers: by now all facts are of nodes */
	size_t nr_domains, room_domains;
	bool distances_by_domain; /* until all sources have been read */

	/*
	 * What the reader made of its input: all its lines, those that a fact was taken from, and
	 * those that are meant for us but were not understood (of the boot that was used, where
	 * there are several).
	 */
	unsigned int lines, lines_used, lines_bad;
	struct layout_note {
		struct srcpos pos;
		char *text;
		enum layout_severity severity;
	} * notes; /* contradictions and what could not be understood */
	size_t nr_notes, room_notes;
	/*
	 * The boot's lines, if the layout is from a log, for those who look for more in it: without
	 * calls of memblock, whose lines are empty. @log_line is the number of the first.
	 */
	char *log; /* not terminated; NULL: no log */
	size_t log_len, log_room;
	unsigned int log_line;
	char **places; /* that positions name, besides ->name: layout_place() */
	size_t nr_places, room_places;
};

/* An empty layout; @name is for messages and positions. */
struct layout *layout_new(const char *name);

/* Frees the layout and all that is in it; NULL is nothing to free. */
void layout_free(struct layout *l);

/*
 * Where a fact is that is in no line of a text, such as "virt.dtb: /memory@40000000": for
 * positions, as long as the layout lives.
 */
const char *layout_place(struct layout *l, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Facts, one at a time, for readers and for whoever makes up a machine. Text is copied. A
 * position without a file is in the one that the layout is named after; another is a
 * layout_place(). Missing words are those that the kernel has for the type, a missing name that
 * of the kind. Return 0, -EINVAL if the range or size is empty or a distance is not from 1 to 255,
 * -ENOSPC if there are LAYOUT_MAX_* already.
 */
int layout_add_range(struct layout *l, struct layout_range fact);
int layout_add_update(struct layout *l, struct layout_update fact);
int layout_add_node_range(struct layout *l, struct layout_node_range fact);
int layout_add_reservation(struct layout *l, struct layout_reservation fact);
int layout_add_dynamic(struct layout *l, struct layout_dynamic fact);
int layout_add_node_cpus(struct layout *l, struct layout_node_cpus fact);
int layout_add_distance(struct layout *l, struct layout_distance fact);
int layout_add_usable(struct layout *l, struct layout_usable fact);

/* More than any firmware has; so much that a hostile file cannot make mbsim slow. */
#define LAYOUT_MAX_RANGES 65536
#define LAYOUT_MAX_UPDATES 4096
#define LAYOUT_MAX_RESERVATIONS 262144
#define LAYOUT_MAX_DISTANCES (1 << 20)
#define LAYOUT_MAX_NOTES 200
#define LAYOUT_MAX_CPUS 65536
#define LAYOUT_MAX_NODE 65535
#define LAYOUT_MAX_DOMAINS 4096

/* Something to tell about @line of the input (0: about all of it). */
void layout_note(struct layout *l, unsigned int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The same about any position. */
void layout_note_at(struct layout *l, struct srcpos pos, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Where a layout is to come from. A source is a file or directory, "-" for standard input, or
 * one of the schemes that layout_list_schemes() names. What it is, its content says, or @from.
 */
struct layout_sources {
	const char *source;
	const char *from;	 /* the name of a format; NULL: find out */
	const char *const *more; /* sources that know more of the same machine */
	size_t nr_more;
};

/*
 * Reads a layout. Returns NULL and @err if it cannot be read, or if there is no memory at all in
 * it. Sources that contradict each other are noted.
 */
struct layout *layout_open(const struct layout_sources *sources, struct error *err);

/* The same from one source that says what it is. */
struct layout *layout_read(const char *source, struct error *err);

/* The same from memory; @name is for messages and positions. @text ends with a NUL. */
struct layout *layout_parse(const char *name, const char *text, size_t len, struct error *err);

/* The same of a format (see layout_list_formats()); NULL: find out. */
struct layout *layout_parse_as(const char *name, const char *from, const char *text, size_t len,
			       struct error *err);

/*
 * A machine that is made up of a line of text, "nodes=2,size=4G,seed=7": always the same one, on
 * every machine. Returns NULL and @err if that is not possible. layout_list_keys() prints what
 * the line can have; mbsim-layout(5) describes it.
 */
struct layout *layout_generate(const char *spec, struct error *err);
void layout_list_keys(FILE *out);

/* The machines that mbsim knows by name, sorted by it. */
struct layout_preset {
	char *name;
	char *summary; /* one line */
	char *path;
};

/* Returns an array of *@nr, for layout_free_presets(); NULL and @err if the files are missing. */
struct layout_preset *layout_list_presets(size_t *nr, struct error *err);
void layout_free_presets(struct layout_preset *presets, size_t nr);

/* Prints the formats that @from can name, a line each with what they are. */
void layout_list_formats(FILE *out);

/*
 * Adds to @to what @from knows of the same machine, and frees @from. What both know and say
 * differently stays as @to has it, and is noted with both positions.
 */
void layout_merge(struct layout *to, struct layout *from);

/*
 * Writes the native format; what it writes, layout_read() reads back identically, but for
 * name, positions and notes. Returns 0, or -EIO if @out did not take it.
 */
int layout_write(const struct layout *l, FILE *out);

/*
 * The RAM that memblock is told of: what is left after overlaps and updates are applied as the
 * kernel applies them, but for the updates with flags. Sorted, disjoint, merged ranges, in an
 * allocated array (*nr of them). As e820 does it, where rows of different types overlap the
 * higher type wins, and LAYOUT_RAM is the lowest.
 */
struct range *layout_ram(const struct layout *l, size_t *nr);

/* Sum of layout_ram(), in bytes. */
uint64_t layout_ram_size(const struct layout *l);

/*
 * Notes for what does not go together: errors where facts contradict each other (rows, nodes or
 * reservations that overlap, RAM without a node, a kernel that is not in RAM, distances of one's
 * own ...), warnings for what is odd.
 */
void layout_check(struct layout *l);

/*
 * Facts that two layouts have different, as lines of the native format. How ranges of RAM and nodes
 * are cut does not matter, nor the order of facts; RAM is what updates leave of it.
 */
struct layout_diff {
	char **only_a, **only_b;
	size_t nr_a, nr_b;
};

struct layout_diff layout_diff(const struct layout *a, const struct layout *b);
void layout_diff_release(struct layout_diff *d);

/* "note", "warning", "error" */
const char *layout_severity_name(enum layout_severity severity);

/* The word for the lowest flag that is set in *@flags, which is cleared; NULL: none is set. */
const char *layout_next_flag(unsigned int *flags);

/* The names that the native format has: "x86_64", "ram", "initrd". */
const char *layout_arch_name(enum layout_arch arch);
const char *layout_type_name(enum layout_type type);
const char *layout_kind_name(enum layout_kind kind);

/* Is it a row of EFI's own map, whose words say what the firmware has there ("Boot Data")? */
bool layout_is_efi(const struct layout_range *range);

/* The kernel's own words for a type: "usable", "ACPI data". */
const char *layout_type_words(enum layout_type type);

#endif
