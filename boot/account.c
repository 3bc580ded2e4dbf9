// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where the memory went: from the RAM of the firmware's map to what the page allocator has, step
 * by step, so that the changes add up to the totals between them, to the byte.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "boot/internal.h"
#include "lib/array.h"

/* What purposes of reservations are summed up as; one that is not here is its own. */
static const struct {
	const char *purpose;  /* it begins with this; NULL: any */
	const char *function; /* and was reserved by this; NULL: any */
	const char *what;
} groups[] = {
	{ "memory map", NULL, "memory map (struct pages)" },
	{ "page tables", NULL, "page tables" },
	{ "early page tables", NULL, "page tables" },
	{ NULL, "alloc_large_system_hash", "hash tables" },
	{ "section ", NULL, "memory sections" },
	{ "per-CPU ", NULL, "per-CPU areas" },
	{ "log ", NULL, "log buffer" },
	{ "NODE_DATA", NULL, "node data" },
	{ "gigantic page", NULL, "gigantic pages" },
	{ "CMA", NULL, "CMA" },
	{ "ACPI ", NULL, "firmware tables" },
	{ NULL, "smp_scan_config", "firmware tables" },
	{ NULL, "efi_init", "firmware tables" },
};

static void append(struct boot *b, struct boot_item item)
{
	struct boot_result *r = b->r;

	ARRAY_APPEND(r->account, r->nr_account, r->room_account) = item;
}

void boot_account_change(struct boot *b, enum boot_item_kind kind, const char *what,
			 const char *function, uint64_t now)
{
	int64_t change = (int64_t)(now - b->accounted);

	if (change)
		append(b, (struct boot_item){ kind, what, function, change });
	b->accounted = now;
}

static void add_total(struct boot *b, const char *what)
{
	append(b, (struct boot_item){ BOOT_ITEM_TOTAL, what, NULL, (int64_t)b->accounted });
}

void boot_account_firmware(struct boot *b)
{
	struct rangeset ram = { 0 };

	for (size_t i = 0; i < b->layout->nr_ranges; i++)
		if (b->layout->ranges[i].type == LAYOUT_RAM)
			rangeset_add(&ram, b->layout->ranges[i].range);
	b->accounted = rangeset_size(&ram);
	add_total(b, "RAM of the firmware's map");
	rangeset_release(&ram);
}

void boot_account_memory(struct boot *b, const char *what, const char *function)
{
	struct check_regions memory = { 0 };
	uint64_t now = 0;

	check_regions_take(&memory, b->ops, RT_MEMORY);
	for (size_t i = 0; i < memory.nr; i++)
		now += memory.v[i].size;
	boot_account_change(b, BOOT_ITEM_MAP, what, function, now);
	check_regions_release(&memory);
}

/* Areas of CMA are the kernel's own, and those of the device tree that it may lend out. */
bool boot_is_cma(const struct boot *b, const char *purpose)
{
	const struct layout *l = b->layout;

	if (!strncmp(purpose, "CMA", 3))
		return true;
	for (size_t i = 0; i < l->nr_reservations; i++)
		if (l->reservations[i].flags & LAYOUT_REUSABLE &&
		    !strcmp(l->reservations[i].name, purpose))
			return true;
	for (size_t i = 0; i < l->nr_dynamics; i++)
		if (l->dynamics[i].flags & LAYOUT_REUSABLE && !strcmp(l->dynamics[i].name, purpose))
			return true;
	return false;
}

static const char *group_of(const struct boot *b, const struct boot_piece *p)
{
	if (!p->purpose)
		return "unknown";
	if (boot_is_cma(b, p->purpose))
		return "CMA";
	for (size_t i = 0; i < ARRAY_LEN(groups); i++) {
		if (groups[i].purpose &&
		    strncmp(p->purpose, groups[i].purpose, strlen(groups[i].purpose)))
			continue;
		if (!groups[i].function ||
		    (p->function && !strcmp(p->function, groups[i].function)))
			return groups[i].what;
	}
	return p->purpose;
}

/* Into the items from @first on; a function is named if it reserved all of an item. */
static void add_reserved(struct boot *b, size_t first, const struct boot_piece *p)
{
	struct boot_result *r = b->r;
	const char *what = group_of(b, p);
	size_t i = first;

	while (i < r->nr_account && strcmp(r->account[i].what, what))
		i++;
	if (i == r->nr_account)
		append(b, (struct boot_item){ BOOT_ITEM_RESERVED, what, p->function, 0 });
	if (r->account[i].function && (!p->function || strcmp(r->account[i].function, p->function)))
		r->account[i].function = NULL;
	r->account[i].bytes -= (int64_t)range_size(p->range);
	b->accounted -= range_size(p->range);
}

/* The largest first */
static int compare_items(const void *a, const void *b)
{
	const struct boot_item *x = a, *y = b;

	if (x->bytes != y->bytes)
		return x->bytes < y->bytes ? -1 : 1;
	return strcmp(x->what, y->what);
}

static void account_reserved(struct boot *b)
{
	struct boot_result *r = b->r;
	const size_t first = r->nr_account;

	for (size_t i = 0; i < r->nr_map; i++)
		if (r->map[i].is_memory && r->map[i].use == BOOT_RESERVED &&
		    !(r->map[i].flags & b->check.nomap))
			add_reserved(b, first, &r->map[i]);
	if (r->nr_account > first)
		qsort(&r->account[first], r->nr_account - first, sizeof(*r->account),
		      compare_items);
}

void boot_account_finish(struct boot *b)
{
	struct boot_result *r = b->r;
	const struct check_sums *s = &r->sums;
	uint64_t freed = s->freed_pages << r->page_shift;

	boot_account_change(b, BOOT_ITEM_MAP,
			    r->finished ? "unknown" : "not in memblock when the boot ended", NULL,
			    s->memory_bytes);
	add_total(b, "memory of memblock");
	boot_account_change(b, BOOT_ITEM_NOMAP, "not to be mapped (nomap)", NULL,
			    b->accounted - s->nomap_bytes);
	account_reserved(b);
	boot_account_change(b, BOOT_ITEM_RESERVED, "unknown", NULL, s->free_bytes);
	boot_account_change(b, BOOT_ITEM_LOST, "lost at borders of pages", NULL,
			    s->free_bytes - s->lost_bytes);
	if (!r->finished) {
		add_total(b, "free when the boot ended");
		return;
	}
	boot_account_change(b, BOOT_ITEM_LOST, "unknown", NULL, freed);
	if (s->late_pages)
		add_total(b, "handed over by memblock");
	for (size_t i = 0; i < b->nr_released; i++)
		boot_account_change(b, BOOT_ITEM_LATE, b->released[i].what, b->released[i].function,
				    b->accounted + b->released[i].bytes);
	boot_account_change(b, BOOT_ITEM_LATE, "reserved at first, freed later", NULL,
			    freed + (s->late_pages << r->page_shift));
	add_total(b, "available to the page allocator");
}

/* Bytes of CMA's areas */
static uint64_t cma_bytes(const struct boot *b)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < b->nr_owners; i++)
		if (b->owners[i].purpose && boot_is_cma(b, b->owners[i].purpose))
			bytes += range_size(b->owners[i].range);
	return bytes;
}

/*
 * What is free when the line is printed: since 5.9 x86 has by then taken a page for each entry of the top
 * page table that vmalloc() can reach (preallocate_vmalloc_pages()), 32 TiB of 512 GiB each.
 */
static uint64_t free_pages(struct boot *b)
{
	const uint64_t tables = 64;
	uint64_t pages = 0;

	mm_settle(b->r->mm);
	for (size_t i = 0; i < b->r->mm->nr_zones; i++)
		pages += b->r->mm->zones[i].free_pages;
	if (b->plan->arch == LAYOUT_X86_64 && boot_is_since(b, "5.9") && pages > tables)
		pages -= tables;
	return pages;
}

/*
 * Of @pages that firmware has somewhere, how many have struct pages when the line is printed: firmware
 * takes memory from the end of what is below 4 GiB.
 */
static uint64_t early_pages(const struct boot *b, uint64_t pages)
{
	struct mm *mm = b->r->mm;
	uint64_t pfn = (1ULL << 32) >> mm->page_shift, early = 0;

	while (pages && pfn) {
		struct mm_page page = mm_page_of(mm, pfn - 1);
		uint64_t start = page.run.start, n = pfn > start ? pfn - start : 1;

		n = n < pages ? n : pages;
		if (page.state == MM_PAGE_FREE || page.state == MM_PAGE_DEFERRED)
			pages -= n;
		if (page.state == MM_PAGE_FREE)
			early += n;
		pfn = pfn > start ? start : pfn - 1;
	}
	return early;
}

/* mem_init_print_info(): what is not known of the image is left out */
void boot_log_memory(struct boot *b)
{
	const struct layout_image *image = &b->layout->image;
	const unsigned int kib = b->r->page_shift - 10;
	uint64_t present = 0, total = rangeset_size(&b->r->mm->freed), cma = cma_bytes(b) >> 10;
	uint64_t taken, unplaced = boot_x86_unplaced_efi(b) >> 10, free = free_pages(b) << kib;
	char parts[160] = "";

	for (size_t i = 0; i < b->r->mm->nr_zones; i++)
		present += b->r->mm->zones[i].present_pages;
	present <<= kib;
	total <<= kib;
	total -= unplaced < total ? unplaced : 0;
	unplaced = early_pages(b, unplaced >> kib) << kib;
	free -= unplaced < free ? unplaced : 0;
	if (free > total)
		free = total;
	taken = present > total + cma ? present - total - cma : 0;
	if (image->code)
		snprintf(parts, sizeof(parts),
			 "%" PRIu64 "K kernel code, %" PRIu64 "K rwdata, %" PRIu64
			 "K rodata, %" PRIu64 "K init, %" PRIu64 "K bss, ",
			 image->code >> 10, image->rwdata >> 10, image->rodata >> 10,
			 image->init >> 10, image->bss >> 10);
	b->r->memory_line = boot_string(b,
					"Memory: %" PRIu64 "K/%" PRIu64 "K available (%s%" PRIu64
					"K reserved, %" PRIu64 "K cma-reserved)",
					free, present, parts, taken, cma);
	boot_log(b, "%s", b->r->memory_line);
}
