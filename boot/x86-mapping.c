// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The direct mapping of memory: init_mem_mapping() of arch/x86/mm/init.c (6.12) with four levels of
 * page tables. Which tables it takes depends on the sizes of pages that fit, and memory for
 * them comes from what is mapped already.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "boot/internal.h"
#include "lib/array.h"

#define PAGE 4096ULL
#define PMD (2ULL << 20)
#define PUD (1ULL << 30)
#define PGD (512ULL << 30)
#define ISA_END 0x100000ULL

struct boot_mapping {
	struct rangeset tables[3]; /* PGD, PUD and PMD entries that have a table, as addresses */
	struct range early;	   /* page tables in the kernel's own memory, still to be had */
	struct range early_all;
	bool early_usable;
	uint64_t min_mapped, max_mapped; /* bytes */
	bool gigabytes;			 /* pages of 1 GiB are to be had */
};

/* A range to be mapped by pages of the size @page, where alignment allows it. */
struct part {
	struct range range;
	uint64_t page;
};

void boot_mapping_free(struct boot_mapping *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < ARRAY_LEN(m->tables); i++)
		rangeset_release(&m->tables[i]);
	free(m);
}

/* alloc_low_pages(1) */
static void allocate_table(struct boot *b, struct boot_mapping *m)
{
	struct call_args a = { .size = PAGE, .align = PAGE };

	if (m->early_usable && range_size(m->early) >= PAGE) {
		m->early.start += PAGE;
		return;
	}
	a.min = m->min_mapped;
	a.max = m->max_mapped;
	if (a.min < a.max &&
	    boot_alloc_range(b, "alloc_low_pages", "page tables of direct mapping", a))
		return;
	boot_panic(b, "alloc_low_pages: can not alloc memory");
}

/* The tables that an address needs, above pages of the size @page. */
static void need_tables(struct boot *b, struct boot_mapping *m, uint64_t address, uint64_t page)
{
	static const uint64_t covers[] = { PGD, PUD, PMD };

	for (size_t i = 0; i < ARRAY_LEN(covers) && page < covers[i]; i++) {
		uint64_t start = boot_align_down(address, covers[i]);

		if (rangeset_contains(&m->tables[i], start))
			continue;
		rangeset_add(&m->tables[i], (struct range){ start, start + covers[i] });
		allocate_table(b, m);
	}
}

static void map_part(struct boot *b, struct boot_mapping *m, struct part p)
{
	/* where a new table can become necessary */
	uint64_t step = p.page == PAGE ? PMD : p.page == PMD ? PUD : PGD;

	for (uint64_t at = p.range.start; at < p.range.end; at = boot_align_down(at, step) + step)
		need_tables(b, m, at, p.page);
}

static bool is_memory(const struct boot *b, struct range range)
{
	const struct check_regions *memory = &b->check.regions[RT_MEMORY];

	for (size_t i = 0; i < memory->nr; i++)
		if (memory->v[i].base <= range.start &&
		    memory->v[i].base + memory->v[i].size >= range.end)
			return true;
	return false;
}

/* adjust_range_page_size_mask(): large pages may reach over the ends of a range within memory */
static uint64_t larger_page(const struct boot *b, const struct boot_mapping *m, struct part p)
{
	static const uint64_t sizes[] = { PUD, PMD };

	for (size_t i = m->gigabytes ? 0 : 1; i < ARRAY_LEN(sizes); i++) {
		struct range wide = { boot_align_down(p.range.start, sizes[i]),
				      boot_align_up(p.range.end, sizes[i]) };

		if (p.page < sizes[i] && is_memory(b, wide))
			return sizes[i];
	}
	return p.page;
}

static size_t add_part(struct part *parts, size_t nr, uint64_t start, uint64_t end, uint64_t page)
{
	if (start < end)
		parts[nr++] = (struct part){ { start, end }, page };
	return nr;
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* split_mem_range(): small pages at the ends, larger ones between */
static size_t split(const struct boot_mapping *m, struct range r, struct part parts[5])
{
	uint64_t at = r.start, to;
	size_t nr = 0;

	to = least(boot_align_up(at, PMD), r.end);
	nr = add_part(parts, nr, at, to, PAGE);
	at = to > at ? to : at;
	to = least(m->gigabytes ? boot_align_up(at, PUD) : boot_align_down(r.end, PMD),
		   boot_align_down(r.end, PMD));
	nr = add_part(parts, nr, boot_align_up(at, PMD), to, PMD);
	at = to > at ? to : at;
	if (m->gigabytes) {
		to = boot_align_down(r.end, PUD);
		nr = add_part(parts, nr, boot_align_up(at, PUD), to, PUD);
		at = to > at ? to : at;
		to = boot_align_down(r.end, PMD);
		nr = add_part(parts, nr, boot_align_up(at, PMD), to, PMD);
		at = to > at ? to : at;
	}
	return add_part(parts, nr, at, r.end, PAGE);
}

/* init_memory_mapping() */
static void map_range(struct boot *b, struct boot_mapping *m, struct range range)
{
	struct part parts[5];
	size_t nr = split(m, range, parts);

	for (size_t i = 0; i < nr; i++)
		parts[i].page = larger_page(b, m, parts[i]);
	for (size_t i = 0; i < nr; i++)
		map_part(b, m, parts[i]);
	if (range.end > m->max_mapped)
		m->max_mapped = range.end;
}

/* init_range_memory_mapping(): returns the size of what is memory in @range */
static uint64_t map_memory_in(struct boot *b, struct boot_mapping *m, struct range range)
{
	uint64_t size = 0;

	for (size_t i = 0; i < b->check.regions[RT_MEMORY].nr; i++) {
		const struct rt_region *v = &b->check.regions[RT_MEMORY].v[i];
		struct range part = { boot_align_up(v->base, PAGE),
				      boot_align_down(v->base + v->size, PAGE) };

		part = range_intersect(part, range);
		if (range_is_empty(part))
			continue;
		/* tables must not lie in what they are about to map */
		m->early_usable = part.start >= m->early_all.end || part.end <= m->early.start;
		map_range(b, m, part);
		m->early_usable = true;
		size += range_size(part);
	}
	return size;
}

static uint64_t next_step(uint64_t step)
{
	return step << (21 - 12 - 1);
}

/* memory_map_top_down() */
static void map_top_down(struct boot *b, struct boot_mapping *m, struct range all)
{
	struct call_args a = { .size = PMD, .align = PMD, .min = all.start, .max = all.end };
	uint64_t step = PMD, mapped = 0, real_end, last;

	real_end = boot_alloc_range(b, "init_mem_mapping", "first part of direct mapping", a);
	if (!real_end) {
		boot_log(b, "Failed to release memory for alloc_low_pages()");
		real_end = all.start > boot_align_down(all.end, PMD)
				   ? all.start
				   : boot_align_down(all.end, PMD);
	} else {
		boot_release(b, "init_mem_mapping", (struct range){ real_end, real_end + PMD });
		real_end += PMD;
	}
	m->max_mapped = 0;
	m->min_mapped = real_end;
	for (last = real_end; last > all.start;) {
		uint64_t start = last > step ? boot_align_down(last - 1, step) : all.start;

		if (start < all.start)
			start = all.start;
		mapped += map_memory_in(b, m, (struct range){ start, last });
		last = start;
		m->min_mapped = last;
		if (mapped >= step)
			step = next_step(step);
	}
	if (real_end < all.end)
		map_memory_in(b, m, (struct range){ real_end, all.end });
}

/* memory_map_bottom_up() */
static void map_bottom_up(struct boot *b, struct boot_mapping *m, struct range all)
{
	uint64_t step = PMD, mapped = 0, at = all.start;

	m->min_mapped = at;
	while (at < all.end) {
		uint64_t next = all.end;

		if (step && all.end - at > step)
			next = least(boot_align_up(at + 1, step), all.end);
		mapped += map_memory_in(b, m, (struct range){ at, next });
		at = next;
		if (mapped >= step)
			step = next_step(step);
	}
}

void boot_x86_map_memory(struct boot *b)
{
	struct boot_mapping *m = array_resize(NULL, 1, sizeof(*m));
	uint64_t end = b->max_pfn * PAGE;

	*m = (struct boot_mapping){
		.early_all = b->brk,
		.early = b->brk,
		.early_usable = true,
		.gigabytes = !b->params.no_gbpages,
	};
	b->mapping = m;
	if (m->gigabytes)
		boot_log(b, "Using GB pages for direct mapping");
	map_range(b, m, (struct range){ 0, ISA_END });
	if (boot_is_bottom_up(b)) {
		map_bottom_up(b, m, (struct range){ b->brk.end, end });
		map_bottom_up(b, m, (struct range){ ISA_END, b->brk.end });
	} else {
		map_top_down(b, m, (struct range){ ISA_END, end });
	}
	b->max_mapped = m->max_mapped;
	boot_set_limit(b, "setup_arch", b->max_mapped);
}
