// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Layouts that are made up: where memory is put, and what firmware and boot loader put into it.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "layout/generate.h"
#include "layout/internal.h"
#include "lib/array.h"
#include "lib/size.h"

#define LOW_MEGABYTE 0x100000ULL
#define FOUR_GIG 0x100000000ULL
#define MAX_BLOCKS 60000

static bool is_pc(const struct gen *g)
{
	return (g->arch->arch == LAYOUT_X86_64 || g->arch->arch == LAYOUT_I386) &&
	       spec_is_x86(g->s);
}

static struct range pci_hole(const struct gen *g)
{
	uint64_t size = is_pc(g) ? 1ULL << 30 : 0;

	if (g->s->values[SPEC_PCI_HOLE].nr && (is_pc(g) || g->s->values[SPEC_PCI_HOLE].set))
		size = gen_align_up(gen_value(g, SPEC_PCI_HOLE), 1 << 20);
	return (struct range){ FOUR_GIG - size, FOUR_GIG };
}

/* Puts @size bytes of @node to *@at and moves it behind them; the PCI hole is stepped over. */
static int put(struct gen *g, uint64_t *at, uint64_t size, unsigned int node)
{
	struct range hole = pci_hole(g), r;

	while (size) {
		if (range_contains(hole, *at))
			*at = hole.end;
		r = (struct range){ *at, *at + size };
		if (r.start < hole.start && r.end > hole.start && !range_is_empty(hole))
			r.end = hole.start;
		if (r.end > 1ULL << g->arch->bits)
			return error_set(g->err, EINVAL,
					 "size=: the RAM would end at %#" PRIx64
					 ", and %s has addresses of %u bits",
					 *at + size, layout_arch_name(g->arch->arch),
					 g->arch->bits);
		if (g->nr_blocks == MAX_BLOCKS)
			return error_set(g->err, EINVAL,
					 "block=: the memory would be in more than %d pieces",
					 MAX_BLOCKS);
		ARRAY_APPEND(g->blocks, g->nr_blocks, g->room_blocks) =
			(struct gen_block){ r, node };
		size -= range_size(r);
		*at = r.end;
	}
	return 0;
}

/* How much each node has: as asked, in turn. */
static uint64_t *draw_sizes(struct gen *g, uint64_t nr)
{
	const struct spec_value *v = &g->s->values[SPEC_SIZE];
	uint64_t *sizes = array_resize(NULL, nr, sizeof(*sizes));
	struct prng p;

	prng_seed(&p, g->s->seed, "sizes of nodes");
	for (uint64_t i = 0; i < nr; i++) {
		struct spec_span span = v->v[i % v->nr];
		uint64_t size = prng_magnitude(&p, span.low, span.high), align = g->align;

		/* what nobody asked for by the byte is in megabytes */
		if (!g->s->values[SPEC_ALIGN].set && span.low != span.high && span.low >= 64 << 20)
			align = 1 << 20;
		sizes[i] = gen_align_up(size, align);
	}
	return sizes;
}

/* The nodes by turns, a piece of each, until all of their memory has a place. */
static int place_by_turns(struct gen *g, uint64_t *left, uint64_t nr)
{
	uint64_t pieces = g->nodes ? gen_value(g, SPEC_INTERLEAVE) : 1, at = g->arch->base,
		 rest = nr;
	uint64_t *piece = array_resize(NULL, nr, sizeof(*piece));
	struct prng block, gap;
	int ret = 0;

	prng_seed(&block, g->s->seed, "block");
	prng_seed(&gap, g->s->seed, "gap");
	if (g->s->values[SPEC_BASE].set)
		at = gen_value(g, SPEC_BASE);
	for (uint64_t i = 0; i < nr; i++)
		piece[i] = gen_align_up((left[i] + pieces - 1) / pieces, g->align);
	for (bool first = true; rest && !ret;) {
		for (uint64_t i = 0; i < nr && !ret; i++) {
			uint64_t size = piece[i];

			if (!left[i])
				continue;
			if (g->s->values[SPEC_BLOCK].set)
				size = gen_align_up(gen_draw(g, &block, SPEC_BLOCK), g->align);
			if (size > left[i])
				size = left[i];
			if (!first)
				at += gen_align_up(gen_draw(g, &gap, SPEC_GAP), g->align);
			first = false;
			ret = put(g, &at, size, i);
			left[i] -= size;
			rest -= !left[i];
		}
	}
	free(piece);
	return ret;
}

/* The last piece, or half of the only one, ends where RAM is to end. */
static int move_to_top(struct gen *g)
{
	struct gen_block *last = &g->blocks[g->nr_blocks - 1];
	uint64_t top = gen_value(g, SPEC_TOP), size;

	if (!g->s->values[SPEC_TOP].set)
		return 0;
	if (top < last->range.end)
		return error_set(g->err, EINVAL,
				 "top=: the RAM ends at %#" PRIx64 ", which is above %#" PRIx64,
				 last->range.end, top);
	if (top > 1ULL << g->arch->bits)
		return error_set(g->err, EINVAL, "top=: %s has addresses of %u bits",
				 layout_arch_name(g->arch->arch), g->arch->bits);
	if (g->nr_blocks == 1 && range_size(last->range) >= 2 * g->align) {
		struct gen_block half = *last;

		half.range.start += range_size(half.range) / 2 & ~(g->align - 1);
		last->range.end = half.range.start;
		ARRAY_APPEND(g->blocks, g->nr_blocks, g->room_blocks) = half;
		last = &g->blocks[g->nr_blocks - 1];
	}
	size = range_size(last->range);
	if (range_overlaps((struct range){ top - size, top }, pci_hole(g)))
		return error_set(g->err, EINVAL, "top=: there is the PCI hole, below 4 GiB");
	last->range = (struct range){ top - size, top };
	return 0;
}

int gen_place_memory(struct gen *g)
{
	uint64_t nr = g->nodes ? g->nodes : 1, *sizes = draw_sizes(g, nr);
	int ret = place_by_turns(g, sizes, nr);

	free(sizes);
	if (!ret)
		ret = move_to_top(g);
	for (size_t i = 0; i < g->nr_blocks; i++) {
		rangeset_add(&g->ram, g->blocks[i].range);
		rangeset_add(&g->room, g->blocks[i].range);
	}
	return ret;
}

/* The highest RAM below 4 GiB that nothing is in, @size bytes of it; empty: there is not as much. */
static struct range find_top(const struct gen *g, uint64_t size, uint64_t below)
{
	for (size_t i = g->room.nr; i--;) {
		struct range r = range_intersect(g->room.v[i], (struct range){ 0, below });

		r.end &= ~(g->page - 1);
		if (range_size(r) >= size)
			return (struct range){ (r.end - size) & ~(g->page - 1), r.end };
	}
	return (struct range){ 0 };
}

static void add_top_row(struct gen *g, uint64_t size, enum layout_type type, const char *words)
{
	struct range r = find_top(g, size, FOUR_GIG);

	if (range_is_empty(r) || r.start < 64 << 20)
		return;
	gen_take_ram(g, r);
	gen_add_row(g, r, type, words);
	if (type == LAYOUT_ACPI)
		g->tables = r;
}

static void place_low_megabyte(struct gen *g)
{
	bool bios = spec_word(g->s, SPEC_FIRMWARE) == SPEC_BIOS;
	struct range low = { 0, LOW_MEGABYTE };

	if (!rangeset_contains(&g->ram, 0) || g->ram.v[0].end <= LOW_MEGABYTE)
		return;
	gen_take_ram(g, (struct range){ bios ? 0x9fc00 : 0xa0000, LOW_MEGABYTE });
	if (bios)
		gen_add_row(g, (struct range){ 0x9fc00, 0xa0000 }, LAYOUT_RESERVED, NULL);
	gen_add_row(g, (struct range){ bios ? 0xf0000 : 0xa0000, LOW_MEGABYTE }, LAYOUT_RESERVED,
		    NULL);
	rangeset_remove(&g->room, low);
}

/* Registers and flash, in the hole below 4 GiB. */
static void place_devices(struct gen *g)
{
	static const struct range devices[] = {
		{ 0xe0000000, 0xf0000000 },  /* PCI Express configuration space */
		{ 0xfec00000, 0xfec01000 },  /* I/O APIC */
		{ 0xfee00000, 0xfee01000 },  /* local APIC */
		{ 0xffc00000, 0x100000000 }, /* flash */
	};
	struct range hole = pci_hole(g);

	for (size_t i = 0; i < ARRAY_LEN(devices); i++)
		if (devices[i].start >= hole.start)
			gen_add_row(g, devices[i], LAYOUT_RESERVED, NULL);
}

/* The tables that a boot looks at, side by side in the row for them. */
static void place_tables(struct gen *g)
{
	const uint64_t all = g->nodes + gen_value(g, SPEC_CPU_ONLY);
	const struct {
		const char *name;
		uint64_t size;
		bool there;
	} tables[] = {
		{ "ACPI FACP", 276, true },
		{ "ACPI DSDT", 9000, true },
		{ "ACPI APIC", 44 + 8ULL * g->l->cpus, true },
		{ "ACPI HPET", 56, true },
		{ "ACPI MCFG", 60, true },
		{ "ACPI SRAT", 48 + 40ULL * g->nr_blocks + 24ULL * g->l->cpus, g->nodes > 0 },
		{ "ACPI SLIT", 44 + all * all,
		  g->nodes && all > 1 && g->s->values[SPEC_DISTANCE].v[0].high },
	};
	uint64_t at = g->tables.start;

	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		struct range r = { at, at + tables[i].size };

		if (!tables[i].there || r.end > g->tables.end)
			continue;
		layout_add_reservation(
			g->l, (struct layout_reservation){ .range = r,
							   .kind = LAYOUT_FIRMWARE,
							   .name = (char *)tables[i].name });
		at = gen_align_up(r.end, 16);
	}
}

/* What firmware keeps to itself at the end of the RAM below 4 GiB. */
static void place_firmware_rows(struct gen *g)
{
	uint64_t tables = gen_align_up(65536 + 48ULL * (g->nr_blocks + g->l->cpus), 65536);
	struct prng p;

	prng_seed(&p, g->s->seed, "firmware's rows");
	if (spec_word(g->s, SPEC_FIRMWARE) == SPEC_BIOS) {
		add_top_row(g, tables, LAYOUT_ACPI, NULL);
		return;
	}
	add_top_row(g, prng_between(&p, 1, 16) << 20, LAYOUT_RESERVED, NULL);
	add_top_row(g, prng_between(&p, 16, 512) << 12, LAYOUT_NVS, NULL);
	add_top_row(g, tables, LAYOUT_ACPI, NULL);
	for (uint64_t n = prng_between(&p, 1, 12); n; n--) {
		/* RAM that the firmware gave back lies in between */
		struct range gap = find_top(g, prng_between(&p, 1, 1024) << 12, FOUR_GIG);

		rangeset_remove(&g->room, gap);
		add_top_row(g, prng_between(&p, 1, 256) << 12,
			    prng_below(&p, 4) ? LAYOUT_RESERVED : LAYOUT_NVS, NULL);
		rangeset_add(&g->room, gap);
	}
}

int gen_place_firmware(struct gen *g)
{
	if (!is_pc(g))
		return 0;
	place_low_megabyte(g);
	place_firmware_rows(g);
	place_tables(g);
	place_devices(g);
	return 0;
}

/* The first room from @from on; empty: there is none. */
static struct range find_first(const struct gen *g, uint64_t from, uint64_t size, uint64_t align)
{
	for (size_t i = rangeset_after(&g->room, from); i < g->room.nr; i++) {
		struct range r = g->room.v[i];
		uint64_t start = gen_align_up(r.start > from ? r.start : from, align);

		if (start >= r.start && start < r.end && r.end - start >= size)
			return (struct range){ start, start + size };
	}
	return (struct range){ 0 };
}

/* As a boot loader with KASLR does it; @below: what the kernel can be loaded to. */
static struct range find_any(const struct gen *g, uint64_t size, uint64_t align)
{
	uint64_t end = g->ram.nr ? g->ram.v[g->ram.nr - 1].end : 0;
	struct range r = { 0 };
	struct prng p;

	prng_seed(&p, g->s->seed, "kernel");
	for (int tries = 0; tries < 32 && range_is_empty(r); tries++)
		r = find_first(g, gen_align_up(prng_below(&p, end), align), size, align);
	return r;
}

static struct range find_kernel(const struct gen *g, uint64_t size)
{
	const struct spec_value *v = &g->s->values[SPEC_KERNEL];
	uint64_t usual = g->arch->base + g->arch->kernel, align = g->arch->kernel_align;
	struct range r = { 0 };

	if (g->s->values[SPEC_BASE].set)
		usual = gen_value(g, SPEC_BASE) + g->arch->kernel;
	if (v->set && v->v[0].low == SPEC_KERNEL_RANDOM)
		return find_any(g, size, align);
	if (v->set) {
		uint64_t at = gen_value(g, SPEC_KERNEL);

		r = find_first(g, at, size, 1);
		return r.start == at ? r : (struct range){ 0 };
	}
	r = find_first(g, usual, size, 1);
	if (r.start != usual)
		r = find_first(g, usual, size, align);
	return range_is_empty(r) ? find_first(g, 0, size, align) : r;
}

int gen_place_kernel(struct gen *g)
{
	const struct spec_value *v = &g->s->values[SPEC_KERNEL];
	uint64_t size = gen_align_up(gen_value(g, SPEC_KERNEL_SIZE), g->page);
	char text[SIZE_TEXT_MAX];

	if (v->set && v->v[0].low == SPEC_KERNEL_NONE)
		return 0;
	g->kernel = find_kernel(g, size);
	if (range_is_empty(g->kernel)) {
		if (g->s->random && !v->set)
			return 0;
		return error_set(
			g->err, EINVAL,
			"kernel=: there is no RAM for its image of %s there: more size=, a "
			"smaller kernel_size=, or kernel=none",
			size_format(size, text));
	}
	layout_add_reservation(g->l, (struct layout_reservation){ .range = g->kernel,
								  .kind = LAYOUT_KERNEL });
	/* it goes on behind its image, with page tables and the like */
	rangeset_remove(&g->room, (struct range){ g->kernel.start, g->kernel.end + (1ULL << 20) });
	return 0;
}

int gen_place_initrd(struct gen *g)
{
	uint64_t size = gen_value(g, SPEC_INITRD);
	char text[SIZE_TEXT_MAX];
	struct range r;

	if (spec_word(g->s, SPEC_FIRMWARE) == SPEC_DT && !range_is_empty(g->kernel)) {
		r = find_first(g, g->kernel.end, 65536, 1 << 16);
		if (!range_is_empty(r)) {
			rangeset_remove(&g->room, r);
			r.end = r.start + 30000;
			layout_add_reservation(g->l, (struct layout_reservation){
							     .range = r, .kind = LAYOUT_DTB });
		}
	}
	if (!size || range_is_empty(g->kernel))
		return 0;
	r = find_top(g, size, FOUR_GIG);
	if (range_is_empty(r) && !is_pc(g))
		r = find_top(g, size, UINT64_MAX);
	if (range_is_empty(r)) {
		if (!g->s->values[SPEC_INITRD].set)
			return 0;
		return error_set(g->err, EINVAL, "initrd=: there is no RAM for its %s",
				 size_format(size, text));
	}
	rangeset_remove(&g->room, r);
	r.end = r.start + size;
	layout_add_reservation(g->l,
			       (struct layout_reservation){ .range = r, .kind = LAYOUT_INITRD });
	return 0;
}

int gen_place_tiny(struct gen *g)
{
	uint64_t nr = gen_value(g, SPEC_TINY), at = g->ram.nr ? g->ram.v[g->ram.nr - 1].end : 0;
	struct prng p;

	prng_seed(&p, g->s->seed, "tiny");
	for (size_t i = 0; nr && i < g->nr_rows; i++)
		at = g->rows[i].range.end > at ? g->rows[i].range.end : at;
	at = gen_align_up(at, g->page);
	for (uint64_t i = 0; i < nr; i++) {
		uint64_t size = gen_draw(g, &p, SPEC_TINY_SIZE);
		struct range r = { at + prng_between(&p, 1, g->page), 0 };

		r.end = r.start + size;
		if (r.end > 1ULL << g->arch->bits)
			return error_set(g->err, EINVAL,
					 "tiny=: there are no addresses behind the other rows");
		rangeset_add(&g->ram, r);
		if (g->nodes && g->nr_blocks < MAX_BLOCKS)
			ARRAY_APPEND(g->blocks, g->nr_blocks, g->room_blocks) =
				(struct gen_block){ r, g->nodes - 1 };
		at = gen_align_up(r.end + 1, g->page) + g->page * prng_below(&p, 4);
	}
	return 0;
}
