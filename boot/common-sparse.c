// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The map of pages: sparse_init() of mm/sparse.c with a virtual map (6.12), on which struct pages
 * are mapped by pages of 2 MiB; or one array for each node, without CONFIG_SPARSEMEM.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "boot/internal.h"
#include "lib/array.h"

/* Sections that follow each other and belong to one node. */
struct run {
	uint64_t first, end;
	int nid;
};

struct boot_sparse {
	struct run *runs;
	size_t nr, room;
	uint64_t seen[3]; /* page tables of the map there are, up to these: PUD, PMD, PTE */
};

static uint64_t page_bytes(const struct boot *b)
{
	return 1ULL << b->r->page_shift;
}

/* What the map of a section takes, without and with what it is rounded up to. */
static uint64_t map_bytes(const struct boot *b)
{
	return (1ULL << b->geometry.section_bits) / page_bytes(b) * b->facts->struct_page;
}

static uint64_t section_map_bytes(const struct boot *b)
{
	return boot_align_up(map_bytes(b), b->geometry.pmd_size);
}

/* memory_present(): the first region in a section says which node it is of */
static void find_sections(struct boot *b, struct boot_sparse *s)
{
	const struct check_regions *memory = &b->check.regions[RT_MEMORY];
	const unsigned int bits = b->geometry.section_bits;
	const uint64_t most = 1ULL << (b->geometry.physmem_bits - bits);
	uint64_t next = 0;

	for (size_t i = 0; i < memory->nr; i++) {
		const struct rt_region *v = &memory->v[i];
		struct run run = {
			.first = v->base >> bits,
			.end = (v->base + v->size + (1ULL << bits) - 1) >> bits,
			.nid = b->ops->numa ? v->nid : 0,
		};

		if (run.first < next)
			run.first = next;
		if (run.end > most)
			run.end = most;
		if (run.first >= run.end)
			continue;
		next = run.end;
		ARRAY_APPEND(s->runs, s->nr, s->room) = run;
	}
}

/* sparse_index_alloc(): the sections come in pages of the table, where there is memory */
static void allocate_index(struct boot *b, const struct boot_sparse *s)
{
	const uint64_t in_page = page_bytes(b) / b->facts->section_struct;
	struct call_args a = {
		.size = (8ULL << (b->geometry.physmem_bits - b->geometry.section_bits)) / in_page,
		.align = BOOT_SMP_CACHE_BYTES,
		.nid = BOOT_NO_NODE,
	};
	uint64_t next = 0;

	if (!boot_alloc(b, "sparse_init", "section table", a))
		boot_panic(b,
			   "memblocks_present: Failed to allocate %" PRIu64
			   " bytes align=0x%" PRIx64,
			   a.size, a.align);
	a.size = page_bytes(b);
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
	const unsigned int bits = b->r->page_shift - 3; /* of an address, that a table resolves */
	const unsigned int pmd_shift = __builtin_ctzll(b->geometry.pmd_size);
	const unsigned int shift[] = { pmd_shift + 2 * bits, pmd_shift + bits, pmd_shift };
	const unsigned int levels = b->geometry.map_in_pmds ? 2 : 3;
	const uint64_t step = 1ULL << shift[levels - 1], map = map_bytes(b);
	struct call_args a = {
		.size = page_bytes(b),
		.align = page_bytes(b),
		.min = b->geometry.map_min,
		.nid = nid,
	};

	for (uint64_t at = first * map; at < end * map; at = boot_align_down(at, step) + step) {
		for (unsigned int i = 0; i < levels; i++) {
			if (at >> shift[i] < s->seen[i])
				continue;
			s->seen[i] = (at >> shift[i]) + 1;
			boot_alloc_raw(b, "vmemmap_alloc_block_zero", "page tables of memory map",
				       a);
		}
	}
}

/* Close to the node's pg_data_t, so that both can be unplugged together. */
static void allocate_usage(struct boot *b, uint64_t sections, int nid)
{
	struct call_args a = {
		.size = sections * b->facts->section_usage,
		.align = BOOT_SMP_CACHE_BYTES,
		.nid = nid,
	};

	for (size_t i = 0; i < b->nr_pgdats; i++) {
		if (b->pgdat_nids[i] != nid)
			continue;
		a.min = boot_align_down(b->pgdats[i].start, 1ULL << b->geometry.section_bits);
		a.max = a.min + (1ULL << b->geometry.section_bits);
		if (boot_alloc(b, "sparse_init_nid", "section maps", a))
			return;
	}
	a.min = a.max = 0;
	if (!boot_alloc(b, "sparse_init_nid", "section maps", a))
		boot_panic(b, "sparse_init_nid: node[%d] usemap allocation failed", nid);
}

/* The map of a section that is not in the buffer: pages of one kind or the other. */
static void map_section(struct boot *b, int nid)
{
	const char *function = b->geometry.map_in_pmds ? "vmemmap_populate_hugepages"
						       : "vmemmap_populate_basepages";
	struct call_args a = { .min = b->geometry.map_min, .nid = nid };
	uint64_t left = map_bytes(b);

	a.size = b->geometry.map_in_pmds ? b->geometry.pmd_size : page_bytes(b);
	a.align = a.size;
	for (; left; left = left > a.size ? left - a.size : 0)
		if (!boot_alloc_raw(b, function, "memory map", a))
			boot_panic(b,
				   "sparse_init_nid: node[%d] memory map backing failed. "
				   "Some memory will not be available.",
				   nid);
}

/* sparse_init_nid(): the map of sections of one node, in one piece if that is to be had */
static void init_node(struct boot *b, struct boot_sparse *s, const struct run *runs, size_t nr)
{
	uint64_t sections = 0, used = 0;
	struct call_args a = {
		.align = section_map_bytes(b),
		.min = b->geometry.map_min,
		.nid = runs->nid,
		.exact = true,
	};
	struct range buffer;

	for (size_t i = 0; i < nr; i++)
		sections += runs[i].end - runs[i].first;
	allocate_usage(b, sections, runs->nid);
	a.size = sections * section_map_bytes(b);
	buffer.start = boot_alloc_exact_raw(b, "sparse_init_nid", "memory map", a);
	buffer.end = buffer.start ? buffer.start + a.size : 0;
	for (size_t i = 0; i < nr; i++) {
		map_the_map(b, s, runs[i].first, runs[i].end, runs->nid);
		for (uint64_t n = runs[i].first; n < runs[i].end; n++) {
			used += b->geometry.map_in_pmds ? section_map_bytes(b) : map_bytes(b);
			if (!buffer.start)
				map_section(b, runs->nid);
		}
	}
	/* sparse_buffer_fini() */
	buffer.start += buffer.start ? used : 0;
	if (!range_is_empty(buffer))
		boot_release(b, "sparse_init_nid", buffer);
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
	struct call_args a = { .align = BOOT_SMP_CACHE_BYTES,
			       .min = b->geometry.map_min,
			       .nid = BOOT_NO_NODE };
	uint64_t start, end;

	if (!memory->nr)
		return;
	start = boot_align_down(memory->v[0].base, block);
	end = memory->v[memory->nr - 1].base + memory->v[memory->nr - 1].size;
	end = boot_align_up(end, block);
	/* two bits for each pageblock of 2 MiB */
	boot_alloc_small(b, "setup_usemap", "pageblock flags", (end - start) / (2 << 20) / 2 + 8);
	a.size = (end - start) / page_bytes(b) * b->facts->struct_page;
	if (!boot_alloc_raw(b, "alloc_node_mem_map", "memory map", a))
		boot_panic(b, "Failed to allocate %" PRIu64 " bytes for node 0 memory map", a.size);
}
