/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LAYOUT_GENERATE_H
#define LAYOUT_GENERATE_H

#include "layout/layout.h"
#include "lib/error.h"
#include "lib/prng.h"
#include "lib/rangeset.h"

/*
 * Layouts that are made up. generate-spec.c reads what is asked for ("nodes=4,size=16G"),
 * generate.c goes through it in steps; generate-place.c has the steps that put memory somewhere,
 * generate-carve.c those that take something out of it.
 */

/* What can be asked for; the table in generate-spec.c has their names and limits. */
enum spec_key {
	SPEC_SEED,
	SPEC_ARCH,
	SPEC_FIRMWARE,
	SPEC_CPUS,
	SPEC_PAGE_SIZE,
	SPEC_SIZE,
	SPEC_BASE,
	SPEC_TOP,
	SPEC_PCI_HOLE,
	SPEC_NODES,
	SPEC_NODE_IDS,
	SPEC_INTERLEAVE,
	SPEC_BLOCK,
	SPEC_GAP,
	SPEC_MEMORY_ONLY,
	SPEC_CPU_ONLY,
	SPEC_DISTANCE,
	SPEC_HOTPLUG,
	SPEC_MIRROR,
	SPEC_ALIGN,
	SPEC_MISALIGN,
	SPEC_HOLES,
	SPEC_HOLE_SIZE,
	SPEC_HOLES_AT,
	SPEC_RESERVED,
	SPEC_ACPI,
	SPEC_NVS,
	SPEC_UNUSABLE,
	SPEC_PMEM,
	SPEC_SOFT_RESERVED,
	SPEC_OTHER,
	SPEC_ROW_SIZE,
	SPEC_ROWS_AT,
	SPEC_PIECES,
	SPEC_TINY,
	SPEC_TINY_SIZE,
	SPEC_OVERLAPS,
	SPEC_RESERVATIONS,
	SPEC_RESERVATION_SIZE,
	SPEC_RESERVATIONS_AT,
	SPEC_KERNEL,
	SPEC_KERNEL_SIZE,
	SPEC_INITRD,
	SPEC_RESERVED_MEMORY,
	SPEC_NOMAP,
	SPEC_DYNAMIC,
	SPEC_DYNAMIC_SIZE,
	SPEC_CMA,
	SPEC_USABLE,
	SPEC_NR_KEYS,
};

enum spec_firmware {
	SPEC_BIOS,
	SPEC_UEFI,
	SPEC_DT,
	SPEC_NO_FIRMWARE
};

/* Where things go, by where RAM is: spread evenly, anywhere, or close together. */
enum spec_at {
	SPEC_SPREAD,
	SPEC_RANDOM,
	SPEC_LOW,
	SPEC_TOP_OF_RAM,
	SPEC_CLUSTERED
};

/* Values of SPEC_KERNEL that are no addresses. */
#define SPEC_KERNEL_NONE UINT64_MAX
#define SPEC_KERNEL_RANDOM (UINT64_MAX - 1)

#define SPEC_MAX_LIST 64

/* A value, or two to draw one between; several for SPEC_SIZE only. Words are their number. */
struct spec_value {
	bool set; /* somebody said so */
	unsigned int nr;
	struct spec_span {
		uint64_t low, high;
	} v[SPEC_MAX_LIST];
};

struct spec {
	uint64_t seed;
	bool random; /* what is not said is drawn */
	struct spec_value values[SPEC_NR_KEYS];
};

/* Reads "key=value,...". Returns 0, or -EINVAL and @err. */
int spec_parse(struct spec *s, const char *text, struct error *err);

/* The name of a key. */
const char *spec_name(enum spec_key key);

/* The value of a key that is a word. */
unsigned int spec_word(const struct spec *s, enum spec_key key);

/* Firmware of a PC: a map of types; not that of a device tree. */
bool spec_is_x86(const struct spec *s);

/* A layout as it grows. */
struct gen {
	const struct spec *s;
	struct layout *l;
	struct error *err;
	const struct gen_arch *arch;
	uint64_t page, align;
	uint64_t nodes;	      /* with memory; 0: nothing is said of nodes */
	struct rangeset ram;  /* as it stands */
	struct rangeset room; /* of that, what nothing is planned for */
	struct range kernel;  /* empty: none */
	struct range tables;  /* of ACPI; empty: none */

	struct gen_block { /* memory of a node, side by side */
		struct range range;
		unsigned int node; /* from 0; gen_node_id() is its number */
	} * blocks;
	size_t nr_blocks, room_blocks;
	struct gen_row { /* of the firmware's map */
		struct range range;
		enum layout_type type;
		const char *words; /* NULL: the usual ones */
	} * rows;
	size_t nr_rows, room_rows;
};

/* What an architecture's firmware and kernel have by habit. */
struct gen_arch {
	enum layout_arch arch;
	enum spec_firmware firmware;
	unsigned int page_size;
	uint64_t base;	       /* of RAM */
	uint64_t kernel;       /* from there */
	uint64_t kernel_align; /* of one that is anywhere */
	unsigned int bits;     /* of addresses */
};

const struct gen_arch *gen_arch_of(enum layout_arch arch);

/* Draws the value of @key, from @p. */
uint64_t gen_draw(const struct gen *g, struct prng *p, enum spec_key key);
/* The same from a stream of its own. */
uint64_t gen_value(const struct gen *g, enum spec_key key);

uint64_t gen_align_up(uint64_t value, uint64_t align);

void gen_add_row(struct gen *g, struct range range, enum layout_type type, const char *words);
/* RAM no more, and no room. */
void gen_take_ram(struct gen *g, struct range range);

/* The number of a node. */
int gen_node_id(const struct gen *g, uint64_t node);

/* The steps. They return 0, or -EINVAL and the error if there is no room. */
int gen_place_memory(struct gen *g);
int gen_place_firmware(struct gen *g);
int gen_place_kernel(struct gen *g);
int gen_place_initrd(struct gen *g);
int gen_place_tiny(struct gen *g);
int gen_carve_rows(struct gen *g);
int gen_carve_holes(struct gen *g);
int gen_carve_reservations(struct gen *g);
int gen_carve_reserved_memory(struct gen *g);

#endif
