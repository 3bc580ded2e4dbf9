// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Per-CPU areas: pcpu_embed_first_chunk() of mm/percpu.c (6.12): units of all processors of a node
 * side by side, in pieces of 2 MiB on x86, of a page elsewhere.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "boot/internal.h"
#include "lib/array.h"

#define MIN_ALLOC 4	 /* PCPU_MIN_ALLOC_SIZE: what a bit of a map stands for */
#define MD_BLOCK_SIZE 32 /* struct pcpu_block_md */

static const char function[] = "pcpu_embed_first_chunk";

struct layout_of_units {
	uint64_t used, unit; /* bytes of a unit, without and with what is given back */
	unsigned int units;  /* in a piece */
	unsigned int *cpus;  /* by group */
	unsigned int groups;
};

static uint64_t page_bytes(const struct boot *b)
{
	return 1ULL << b->r->page_shift;
}

/* Processors are spread over the nodes as evenly as it goes: a layout does not say it. */
static void group_cpus(const struct boot *b, struct layout_of_units *u)
{
	unsigned int nodes = b->nr_pgdats ? b->nr_pgdats : 1;

	u->groups = b->cpus < nodes ? b->cpus : nodes;
	u->cpus = array_resize(NULL, u->groups, sizeof(*u->cpus));
	for (unsigned int g = 0; g < u->groups; g++)
		u->cpus[g] = b->cpus / u->groups + (g < b->cpus % u->groups);
}

/* pcpu_build_alloc_info(): as many units to a piece as waste neither pieces nor units */
static void choose_units(const struct boot *b, struct layout_of_units *u)
{
	uint64_t piece = boot_align_up(u->used, b->geometry.percpu_atom);
	unsigned int last_allocs = UINT32_MAX, best = 1;

	for (unsigned int upa = piece / u->used; upa; upa--) {
		unsigned int allocs = 0, wasted = 0;

		if (piece % upa || piece / upa % page_bytes(b))
			continue;
		for (unsigned int g = 0; g < u->groups; g++) {
			unsigned int pieces = (u->cpus[g] + upa - 1) / upa;

			allocs += pieces;
			wasted += pieces * upa - u->cpus[g];
		}
		if (wasted > b->cpus / 3)
			continue;
		if (allocs > last_allocs)
			break;
		last_allocs = allocs;
		best = upa;
	}
	u->units = best;
	u->unit = piece / best;
}

static void allocate_group(struct boot *b, const struct layout_of_units *u, unsigned int g,
			   uint64_t *base)
{
	uint64_t units = boot_align_up(u->cpus[g], u->units);
	struct call_args a = {
		.size = units * u->unit,
		.align = b->geometry.percpu_atom,
		.min = b->geometry.map_min,
		.nid = b->nr_pgdats ? b->pgdat_nids[g] : BOOT_NO_NODE,
	};

	*base = boot_alloc(b, "pcpu_fc_alloc", "per-CPU areas", a);
}

/* What no processor uses is given back, the end of each unit and units that are too many. */
static void trim_group(struct boot *b, const struct layout_of_units *u, unsigned int g,
		       uint64_t base)
{
	uint64_t units = boot_align_up(u->cpus[g], u->units);

	for (uint64_t i = 0; i < units; i++) {
		uint64_t at = base + i * u->unit;
		uint64_t used = i < u->cpus[g] ? u->used : 0;

		if (used < u->unit)
			boot_release(b, function, (struct range){ at + used, at + u->unit });
	}
}

/* pcpu_alloc_first_chunk(): the struct and its maps, for @size bytes that begin at @offset */
static void allocate_chunk(struct boot *b, uint64_t offset, uint64_t size)
{
	static const char chunk[] = "pcpu_alloc_first_chunk", purpose[] = "per-CPU allocator";
	uint64_t bits;

	size = boot_align_up(offset % page_bytes(b) + size, page_bytes(b));
	bits = size / MIN_ALLOC;
	boot_alloc_small(b, chunk, purpose, b->facts->percpu_chunk);
	boot_alloc_small(b, chunk, purpose, (bits + 63) / 64 * 8);
	boot_alloc_small(b, chunk, purpose, (bits + 1 + 63) / 64 * 8);
	boot_alloc_small(b, chunk, purpose, size / page_bytes(b) * MD_BLOCK_SIZE);
}

/* pcpu_setup_first_chunk(): tables by group and by processor, and the lists of chunks */
static void allocate_tables(struct boot *b, const struct layout_of_units *u)
{
	static const char setup[] = "pcpu_setup_first_chunk", purpose[] = "per-CPU allocator";
	/* lists by the power of 2 of what is free, and four more */
	uint64_t chunk_slots = 64 - __builtin_clzll(u->unit) + 1;

	boot_alloc_small(b, setup, purpose, u->groups * 8ULL);
	boot_alloc_small(b, setup, purpose, u->groups * 8ULL);
	boot_alloc_small(b, setup, purpose, b->cpus * 4ULL);
	boot_alloc_small(b, setup, purpose, b->cpus * 8ULL);
	boot_alloc_small(b, setup, purpose, chunk_slots * 16);
	if (b->facts->percpu_reserved)
		allocate_chunk(b, b->facts->percpu_static, b->facts->percpu_reserved);
	allocate_chunk(b, b->facts->percpu_static + b->facts->percpu_reserved,
		       u->used - b->facts->percpu_static - b->facts->percpu_reserved);
}

static struct range allocate_pages(struct boot *b, const char *who, const char *purpose,
				   uint64_t align)
{
	struct call_args a = { .size = page_bytes(b), .align = align, .nid = BOOT_NO_NODE };
	uint64_t at = boot_alloc(b, who, purpose, a);

	if (!at)
		boot_panic(b, "Failed to initialize percpu areas.");
	return (struct range){ at, at + page_bytes(b) };
}

void boot_common_percpu(struct boot *b)
{
	struct layout_of_units u = {
		.used = boot_align_up(b->facts->percpu_static + b->facts->percpu_reserved +
					      b->facts->percpu_dynamic,
				      page_bytes(b)),
	};
	struct range info, areas;
	uint64_t *bases;

	group_cpus(b, &u);
	choose_units(b, &u);
	bases = array_resize(NULL, u.groups, sizeof(*bases));
	b->percpu_groups = u.cpus; /* freed with the boot, which may end in any call */
	b->percpu_bases = bases;
	info = allocate_pages(b, "pcpu_build_alloc_info", "per-CPU layout", page_bytes(b));
	areas = allocate_pages(b, function, "per-CPU layout", BOOT_SMP_CACHE_BYTES);
	for (unsigned int g = 0; g < u.groups; g++) {
		allocate_group(b, &u, g, &bases[g]);
		if (!bases[g])
			boot_panic(b, "Failed to initialize percpu areas.");
	}
	for (unsigned int g = 0; g < u.groups; g++)
		trim_group(b, &u, g, bases[g]);
	boot_log(b,
		 "percpu: Embedded %" PRIu64 " pages/cpu s%" PRIu64 " r%" PRIu64 " d%" PRIu64
		 " u%" PRIu64,
		 u.used / page_bytes(b), b->facts->percpu_static, b->facts->percpu_reserved,
		 u.used - b->facts->percpu_static - b->facts->percpu_reserved, u.unit);
	allocate_tables(b, &u);
	boot_release(b, function, info);
	boot_release(b, function, areas);
}
