// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Layouts that are made up of a line of text and a seed: the same on every machine, forever. What
 * each step draws comes from streams of its own, so that one more hole moves no reservation.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "layout/generate.h"
#include "layout/internal.h"
#include "lib/array.h"
#include "lib/file.h"

#define M(n) ((n)*0x100000ULL)
#define G(n) ((n)*0x40000000ULL)

static const struct gen_arch arches[] = {
	{ LAYOUT_X86_64, SPEC_BIOS, 4096, 0, M(16), M(2), 52 },
	{ LAYOUT_I386, SPEC_BIOS, 4096, 0, M(16), M(4), 36 },
	{ LAYOUT_ARM64, SPEC_DT, 4096, G(1), M(2), M(2), 52 },
	{ LAYOUT_ARM, SPEC_DT, 4096, G(1), M(2), M(2), 40 },
	{ LAYOUT_RISCV, SPEC_DT, 4096, G(2), M(2), M(2), 52 },
	{ LAYOUT_PPC64, SPEC_DT, 65536, 0, 0, M(1), 52 },
	{ LAYOUT_S390, SPEC_NO_FIRMWARE, 4096, 0, M(1), M(1), 52 },
	{ LAYOUT_MIPS, SPEC_DT, 16384, 0, M(1), M(1), 48 },
};

const struct gen_arch *gen_arch_of(enum layout_arch arch)
{
	for (size_t i = 0; i < ARRAY_LEN(arches); i++)
		if (arches[i].arch == arch)
			return &arches[i];
	return &arches[0];
}

uint64_t gen_draw(const struct gen *g, struct prng *p, enum spec_key key)
{
	const struct spec_span *span = &g->s->values[key].v[0];

	/* sizes, and whatever else has a wide range, by magnitude */
	return span->low && span->high / span->low >= 8 ? prng_magnitude(p, span->low, span->high)
							: prng_between(p, span->low, span->high);
}

uint64_t gen_value(const struct gen *g, enum spec_key key)
{
	struct prng p;

	prng_seed(&p, g->s->seed, spec_name(key));
	return gen_draw(g, &p, key);
}

uint64_t gen_align_up(uint64_t value, uint64_t align)
{
	return (value + align - 1) & ~(align - 1);
}

void gen_add_row(struct gen *g, struct range range, enum layout_type type, const char *words)
{
	ARRAY_APPEND(g->rows, g->nr_rows, g->room_rows) = (struct gen_row){ range, type, words };
}

void gen_take_ram(struct gen *g, struct range range)
{
	rangeset_remove(&g->ram, range);
	rangeset_remove(&g->room, range);
}

int gen_node_id(const struct gen *g, uint64_t node)
{
	struct prng p;
	uint64_t id = 0;

	if (!spec_word(g->s, SPEC_NODE_IDS))
		return node;
	prng_seed(&p, g->s->seed, "node_ids");
	for (uint64_t i = 0; i < node; i++)
		id += prng_between(&p, 1, 4);
	return id;
}

static int compare_rows(const void *a, const void *b)
{
	const struct gen_row *x = a, *y = b;

	if (x->range.start != y->range.start)
		return x->range.start < y->range.start ? -1 : 1;
	return (x->range.end > y->range.end) - (x->range.end < y->range.end);
}

/* RAM as one row, or several that touch. */
static void add_ram_rows(struct gen *g)
{
	struct prng p;

	prng_seed(&p, g->s->seed, "pieces of rows");
	for (size_t i = 0; i < g->ram.nr; i++) {
		struct range r = g->ram.v[i];

		for (uint64_t n = gen_draw(g, &p, SPEC_PIECES); n > 1; n--) {
			uint64_t cut = r.start + prng_below(&p, range_size(r) / n + 1);

			cut = gen_align_up(cut, g->align);
			if (cut <= r.start || cut >= r.end)
				continue;
			gen_add_row(g, (struct range){ r.start, cut }, LAYOUT_RAM, NULL);
			r.start = cut;
		}
		gen_add_row(g, r, LAYOUT_RAM, NULL);
	}
}

/* A row that begins in another and ends behind it, or in it. */
static void add_overlaps(struct gen *g)
{
	static const enum layout_type types[] = { LAYOUT_RAM, LAYOUT_RESERVED, LAYOUT_ACPI,
						  LAYOUT_NVS };
	uint64_t nr = gen_value(g, SPEC_OVERLAPS);
	size_t had = g->nr_rows;
	struct prng p;

	prng_seed(&p, g->s->seed, "overlaps");
	for (uint64_t i = 0; had && i < nr; i++) {
		struct range r = g->rows[prng_below(&p, had)].range;
		uint64_t size = range_size(r);

		r.start += prng_below(&p, size);
		r.end = r.start + 1 + prng_magnitude(&p, 1, size);
		gen_add_row(g, r, types[prng_below(&p, ARRAY_LEN(types))], NULL);
	}
}

static int add_map(struct gen *g)
{
	add_ram_rows(g);
	add_overlaps(g);
	qsort(g->rows, g->nr_rows, sizeof(*g->rows), compare_rows);
	for (size_t i = 0; i < g->nr_rows; i++)
		if (layout_add_range(g->l,
				     (struct layout_range){ .range = g->rows[i].range,
							    .type = g->rows[i].type,
							    .words = (char *)g->rows[i].words }))
			return error_set(g->err, EINVAL, "there would be more than %d rows",
					 LAYOUT_MAX_RANGES);
	return 0;
}

/* The last ones can be removed, but not where the kernel is. */
static void add_node_ranges(struct gen *g)
{
	uint64_t share = gen_value(g, SPEC_HOTPLUG), fixed;

	fixed = g->nr_blocks - (g->nr_blocks * share + 50) / 100;
	for (size_t i = 0; i < g->nr_blocks; i++) {
		const struct gen_block *b = &g->blocks[i];
		bool hotplug = i >= fixed && !range_overlaps(b->range, g->kernel);

		layout_add_node_range(
			g->l, (struct layout_node_range){ .range = b->range,
							  .nid = gen_node_id(g, b->node),
							  .flags = hotplug ? LAYOUT_HOTPLUG : 0 });
	}
}

/* As with address range mirroring: a part of the RAM of each node, at its beginning. */
static void add_mirrors(struct gen *g)
{
	uint64_t share = gen_value(g, SPEC_MIRROR), nr = g->nodes ? g->nodes : 1;

	for (uint64_t node = 0; share && node < nr; node++) {
		uint64_t size = 0;

		for (size_t i = 0; i < g->nr_blocks; i++)
			if (g->blocks[i].node == node)
				size += range_size(g->blocks[i].range);
		size = gen_align_up(size / 100 * share, g->page);
		for (size_t i = 0; size && i < g->nr_blocks; i++) {
			struct range r = g->blocks[i].range;

			if (g->blocks[i].node != node)
				continue;
			if (range_size(r) > size)
				r.end = r.start + size;
			size -= range_size(r);
			layout_add_node_range(g->l,
					      (struct layout_node_range){ .range = r,
									  .nid = LAYOUT_NO_NODE,
									  .flags = LAYOUT_MIRROR });
		}
	}
}

static void add_node_facts(struct gen *g)
{
	uint64_t memory_only = gen_value(g, SPEC_MEMORY_ONLY);
	uint64_t all = g->nodes + gen_value(g, SPEC_CPU_ONLY), with, given = 0;
	bool said = g->s->values[SPEC_DISTANCE].v[0].high > 0;
	struct prng p;

	if (memory_only > g->nodes)
		memory_only = g->nodes;
	if (memory_only == all) /* somebody has the processors */
		memory_only--;
	with = all - memory_only;
	for (uint64_t i = 0; i < all; i++) {
		bool bare = i < g->nodes && i + memory_only >= g->nodes;
		uint64_t cpus = bare ? 0 : g->l->cpus / with + (given < g->l->cpus % with);

		given += !bare;
		layout_add_node_cpus(g->l, (struct layout_node_cpus){ .nid = gen_node_id(g, i),
								      .cpus = cpus });
	}
	prng_seed(&p, g->s->seed, "distance");
	for (uint64_t i = 0; said && all > 1 && i < all; i++)
		for (uint64_t j = 0; j < all; j++) {
			struct layout_distance d = {
				gen_node_id(g, i), gen_node_id(g, j), 10, { 0 }
			};
			struct prng pair;
			char name[64];

			/* as far there as back */
			snprintf(name, sizeof(name), "distance %" PRIu64 " %" PRIu64, i < j ? i : j,
				 i < j ? j : i);
			prng_seed(&pair, g->s->seed, name);
			if (i != j)
				d.distance = gen_draw(g, &pair, SPEC_DISTANCE);
			layout_add_distance(g->l, d);
		}
}

/* A kernel that another has left some memory: what its own image is in, mostly. */
static int add_usable(struct gen *g)
{
	uint64_t size = gen_value(g, SPEC_USABLE);
	struct range r = { g->kernel.start, g->kernel.start + gen_align_up(size, g->page) };

	if (!size)
		return 0;
	if (range_is_empty(g->kernel) || range_size(r) <= range_size(g->kernel))
		return error_set(g->err, EINVAL,
				 "usable=: it must be larger than the kernel in it");
	return layout_add_usable(g->l, (struct layout_usable){ .range = r });
}

static void begin(struct gen *g)
{
	const struct spec_value *align = &g->s->values[SPEC_ALIGN];

	g->arch = gen_arch_of(spec_word(g->s, SPEC_ARCH) + LAYOUT_X86_64);
	g->l->arch = g->arch->arch;
	g->page = g->s->values[SPEC_PAGE_SIZE].set ? gen_value(g, SPEC_PAGE_SIZE)
						   : g->arch->page_size;
	g->l->page_size = g->page;
	g->l->cpus = gen_value(g, SPEC_CPUS);
	g->align = align->set ? align->v[0].low : g->page;
	g->nodes = gen_value(g, SPEC_NODES);
}

static int go(struct gen *g)
{
	static int (*const steps[])(struct gen *) = {
		gen_place_memory,
		gen_place_firmware,
		gen_place_kernel,
		gen_place_initrd,
		gen_carve_rows,
		gen_carve_holes,
		gen_carve_reservations,
		gen_carve_reserved_memory,
		gen_place_tiny,
		add_map,
		add_usable,
	};
	int ret = 0;

	begin(g);
	for (size_t i = 0; !ret && i < ARRAY_LEN(steps); i++)
		ret = steps[i](g);
	if (ret)
		return ret;
	if (g->nodes) {
		add_node_ranges(g);
		add_node_facts(g);
	}
	add_mirrors(g);
	return 0;
}

static int generate(struct layout *l, const char *text, struct error *err)
{
	struct spec *s = array_resize(NULL, 1, sizeof(*s));
	struct gen g = { .s = s, .l = l, .err = err };
	int ret = spec_parse(s, text, err);

	if (!ret)
		ret = go(&g);
	if (ret)
		error_prefix(err, "generate");
	else
		l->model = s->values[SPEC_SEED].set ? file_path("made up of %s", text)
						    : file_path("made up of %s%sseed=%" PRIu64,
								text, *text ? "," : "", s->seed);
	rangeset_release(&g.ram);
	rangeset_release(&g.room);
	free(g.blocks);
	free(g.rows);
	free(s);
	return ret;
}

struct layout *layout_generate(const char *spec, struct error *err)
{
	char *name = file_path("generate:%s", spec);
	struct layout *l = layout_new(name);

	free(name);
	if (!generate(l, spec, err))
		return l;
	layout_free(l);
	return NULL;
}

const struct layout_scheme layout_scheme_generate = {
	.prefix = "generate:",
	.title = "generate:SPEC    a machine that is made up, such as generate:nodes=2,size=4G",
	.read = generate,
};
