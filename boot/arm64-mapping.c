// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The linear map: map_mem() of arch/arm64/mm/mmu.c, with the tables that it takes from memblock. All
 * of memory is mapped by pages, so that permissions can change (rodata=full, the default since
 * 5.0), but for the kernel itself, which is mapped by blocks where these fit.
 */
#include "boot/internal.h"

#define LEVELS 4 /* of tables; the first one is part of the kernel */

/* Bytes that a table of @level covers; level LEVELS - 1 holds pages. */
static uint64_t table_covers(const struct boot *b, unsigned int level)
{
	unsigned int bits = b->r->page_shift - 3;

	return 1ULL << (b->r->page_shift + bits * (LEVELS - level));
}

static void need_table(struct boot *b, unsigned int level, uint64_t address)
{
	uint64_t covers = table_covers(b, level);
	uint64_t start = boot_align_down(address, covers);
	struct call_args a = { .size = 1ULL << b->r->page_shift };

	if (rangeset_contains(&b->tables[level], start))
		return;
	rangeset_add(&b->tables[level], (struct range){ start, start + covers });
	a.align = a.size;
	if (!boot_alloc_range(b, "early_pgtable_alloc", "page tables of linear map", a))
		boot_panic(b, "Failed to allocate page table page");
}

/* Tables down to @level for all of @range */
static void need_tables(struct boot *b, struct range range, unsigned int level)
{
	uint64_t step = table_covers(b, level);

	for (uint64_t at = range.start; at < range.end; at = boot_align_down(at, step) + step)
		for (unsigned int i = 1; i <= level; i++)
			if (table_covers(b, i) < 1ULL << 48)
				need_table(b, i, at);
}

/* By blocks where alignment allows it, else by pages */
static void map_blocks(struct boot *b, struct range range)
{
	uint64_t block = b->geometry.pmd_size;
	struct range middle = { boot_align_up(range.start, block),
				boot_align_down(range.end, block) };

	if (range_is_empty(middle)) {
		need_tables(b, range, LEVELS - 1);
		return;
	}
	if (range.start < middle.start)
		need_tables(b, (struct range){ range.start, middle.start }, LEVELS - 1);
	need_tables(b, middle, LEVELS - 2);
	if (middle.end < range.end)
		need_tables(b, (struct range){ middle.end, range.end }, LEVELS - 1);
}

static void map_range(struct boot *b, struct range range, bool by_pages)
{
	range.start = boot_align_up(range.start, 1ULL << b->r->page_shift);
	range.end = boot_align_down(range.end, 1ULL << b->r->page_shift);
	if (range_is_empty(range))
		return;
	if (by_pages)
		need_tables(b, range, LEVELS - 1);
	else
		map_blocks(b, range);
}

/* Code and read-only data, up to __init_begin */
static struct range read_only(const struct boot *b)
{
	const struct layout_image *image = &b->layout->image;
	struct range r = b->kernel;
	uint64_t size = image->code + image->rodata;

	/* what is not told is not much less than two thirds */
	if (!size)
		size = range_size(r) / 3 * 2;
	size = boot_align_up(size, 64 << 10);
	if (size < range_size(r))
		r.end = r.start + size;
	return r;
}

void boot_arm64_map_memory(struct boot *b)
{
	struct range kernel = read_only(b);
	bool by_pages = boot_is_since(b, "5.0") && !b->params.rodata_relaxed;

	for (size_t i = 0; i < b->check.regions[RT_MEMORY].nr; i++) {
		const struct rt_region *v = &b->check.regions[RT_MEMORY].v[i];

		if (!(v->flags & b->check.nomap))
			rangeset_add(&b->mapped, (struct range){ v->base, v->base + v->size });
	}
	rangeset_remove(&b->mapped, kernel);
	for (size_t i = 0; i < b->mapped.nr; i++)
		map_range(b, b->mapped.v[i], by_pages);
	map_range(b, kernel, false);
}
