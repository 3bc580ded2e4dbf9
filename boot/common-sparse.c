// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The map of pages: sparse_init() of mm/sparse.c with a virtual map (6.12), on which struct pages
 * are mapped by pages of 2 MiB; or one array for each node, without CONFIG_SPARSEMEM.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "boot/internal.h"
#include "lib/array.h"

#define SECTION_BITS 27 /* SECTION_SIZE_BITS of x86_64, arm64 and riscv with pages of 4 KiB */
#define SECTION_SIZE (1ULL << SECTION_BITS)
#define MAX_PHYSMEM_BITS 46
#define SECTION_STRUCT 32     /* struct mem_section, with CONFIG_PAGE_EXTENSION */
#define STRUCT_PAGE 64	      /* bytes */
#define MAP_PAGE (2ULL << 20) /* PMD_SIZE: the map is mapped in such pages */
#define DMA_END (16ULL << 20) /* MAX_DMA_ADDRESS: where the map may begin */
#define PAGE_BYTES 4096ULL

/* Sections that follow each other and belong to one node. */
struct run {
	uint64_t first, end;
	int nid;
};

struct boot_sparse {
	struct run *runs;
	size_t nr, room;
	uint64_t pud_seen, pmd_seen; /* page tables of the map there are, up to these */
};

/* memory_present(): the first region in a section says which node it is of */
static void find_sections(struct boot *b, struct boot_sparse *s)
{
	const struct check_regions *memory = &b->check.regions[RT_MEMORY];
	uint64_t next = 0;

	for (size_t i = 0; i < memory->nr; i++) {
		const struct rt_region *v = &memory->v[i];
		struct run run = {
			.first = v->base >> SECTION_BITS,
			.end = (v->base + v->size + SECTION_SIZE - 1) >> SECTION_BITS,
			.nid = b->ops->numa ? v->nid : 0,
		};

		if (run.first < next)
			run.first = next;
		if (run.end > 1ULL << (MAX_PHYSMEM_BITS - SECTION_BITS))
			run.end = 1ULL << (MAX_PHYSMEM_BITS - SECTION_BITS);
		if (run.first >= run.end)
			continue;
		next = run.end;
		ARRAY_APPEND(s->runs, s->nr, s->room) = run;
	}
}

/* sparse_index_alloc(): the sections come in pages of the table, where there is memory */
static void allocate_index(struct boot *b, const struct boot_sparse *s)
{
	const uint64_t in_page = PAGE_BYTES / SECTION_STRUCT;
	struct boot_args a = {
		.size = (8ULL << (MAX_PHYSMEM_BITS - SECTION_BITS)) / in_page,
		.align = BOOT_SMP_CACHE_BYTES,
		.nid = BOOT_NO_NODE,
	};
	uint64_t next = 0;

	if (!boot_alloc(b, "sparse_init", "section table", a))
		boot_panic(b,
			   "memblocks_present: Failed to allocate %" PRIu64
			   " bytes align=0x%" PRIx64,
			   a.size, a.align);
	a.size = PAGE_BYTES;
	for (size_t i = 0; i < s->nr; i++) {
		for (uint64_t root = s->runs[i].first / in_page; root * in_page < s->runs[i].end;
		     root++) {
			if (root < next)
				continue;
			next = root + 1;
			a.nid = s->runs[i].nid;
			if (!boot_alloc(b, "sparse_index_alloc", "section table", a))
				boot_panic(b,
					   "sparse_index_alloc: Failed to allocate %" PRIu64
					   " bytes nid=%d",
					   a.size, a.nid);
		}
	}
}

/* Page tables for the map of the sections @first to @end. */
static void map_the_map(struct boot *b, struct boot_sparse *s, uint64_t first, uint64_t end,
			int nid)
{
	const uint64_t map_size = SECTION_SIZE / PAGE_BYTES * STRUCT_PAGE;
	struct boot_args a = { .size = PAGE_BYTES, .align = PAGE_BYTES, .min = DMA_END, .nid = nid };

	for (uint64_t at = first * map_size; at < end * map_size;
	     at = boot_align_down(at, 1ULL << 30) + (1ULL << 30)) {
		if (at >> 39 >= s->pud_seen) {
			s->pud_seen = (at >> 39) + 1;
			boot_alloc_raw(b, "vmemmap_alloc_block_zero", "page tables of memory map",
				       a);
		}
		if (at >> 30 >= s->pmd_seen) {
			s->pmd_seen = (at >> 30) + 1;
			boot_alloc_raw(b, "vmemmap_alloc_block_zero", "page tables of memory map",
				       a);
		}
	}
}

/* Close to the node's pg_data_t, so that both can be unplugged together. */
static void allocate_usage(struct boot *b, uint64_t sections, int nid)
{
	struct boot_args a = {
		.size = sections * b->facts->section_usage,
		.align = BOOT_SMP_CACHE_BYTES,
		.nid = nid,
	};

	for (size_t i = 0; i < b->nr_pgdats; i++) {
		if (b->pgdat_nids[i] != nid)
			continue;
		a.min = boot_align_down(b->pgdats[i].start, SECTION_SIZE);
		a.max = a.min + SECTION_SIZE;
		if (boot_alloc(b, "sparse_init_nid", "section maps", a))
			return;
	}
	a.min = a.max = 0;
	if (!boot_alloc(b, "sparse_init_nid", "section maps", a))
		boot_panic(b, "sparse_init_nid: node[%d] usemap allocation failed", nid);
}

/* sparse_init_nid(): the map of sections of one node, in one piece if that is to be had */
static void init_node(struct boot *b, struct boot_sparse *s, const struct run *runs, size_t nr)
{
	uint64_t sections = 0, in_one;
	struct boot_args a = { .align = MAP_PAGE, .min = DMA_END, .nid = runs->nid, .exact = true };

	for (size_t i = 0; i < nr; i++)
		sections += runs[i].end - runs[i].first;
	allocate_usage(b, sections, runs->nid);
	a.size = sections * boot_align_up(SECTION_SIZE / PAGE_BYTES * STRUCT_PAGE, MAP_PAGE);
	in_one = boot_alloc_exact_raw(b, "sparse_init_nid", "memory map", a);
	a.size = MAP_PAGE;
	for (size_t i = 0; i < nr; i++) {
		map_the_map(b, s, runs[i].first, runs[i].end, runs->nid);
		for (uint64_t n = runs[i].first; !in_one && n < runs[i].end; n++)
			if (!boot_alloc_raw(b, "vmemmap_populate_hugepages", "memory map", a))
				boot_panic(b,
					   "sparse_init_nid: node[%d] memory map backing failed. "
					   "Some memory will not be available.",
					   runs->nid);
	}
}

void boot_sparse_free(struct boot_sparse *s)
{
	if (!s)
		return;
	free(s->runs);
	free(s);
}

void boot_common_sparse(struct boot *b)
{
	struct boot_sparse *s = array_resize(NULL, 1, sizeof(*s));

	*s = (struct boot_sparse){ 0 };
	b->sparse = s;
	find_sections(b, s);
	allocate_index(b, s);
	for (size_t i = 0, n; i < s->nr; i += n) {
		for (n = 1; i + n < s->nr && s->runs[i + n].nid == s->runs[i].nid;)
			n++;
		init_node(b, s, &s->runs[i], n);
	}
}

/* alloc_node_mem_map() of mm/mm_init.c: whole blocks of the largest order, from end to end */
void boot_common_flat(struct boot *b)
{
	const uint64_t block = (1ULL << b->r->page_shift) << b->ops->max_page_order;
	const struct check_regions *memory = &b->check.regions[RT_MEMORY];
	struct boot_args a = { .align = BOOT_SMP_CACHE_BYTES, .min = DMA_END, .nid = BOOT_NO_NODE };
	uint64_t start, end;

	if (!memory->nr)
		return;
	start = boot_align_down(memory->v[0].base, block);
	end = memory->v[memory->nr - 1].base + memory->v[memory->nr - 1].size;
	end = boot_align_up(end, block);
	/* two bits for each pageblock of 2 MiB */
	boot_alloc_small(b, "setup_usemap", "pageblock flags", (end - start) / (2 << 20) / 2 + 8);
	a.size = (end - start) / PAGE_BYTES * STRUCT_PAGE;
	if (!boot_alloc_raw(b, "alloc_node_mem_map", "memory map", a))
		boot_panic(b, "Failed to allocate %" PRIu64 " bytes for node 0 memory map", a.size);
}
