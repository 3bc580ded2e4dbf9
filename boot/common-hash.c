// SPDX-License-Identifier: GPL-2.0-or-later
/* Hash tables that are allocated from memblock: alloc_large_system_hash() of mm/mm_init.c, 6.12. */
#include <inttypes.h>

#include "boot/internal.h"

/* Machines larger than this get fewer entries for a page, by a factor of 2 for each of 4. */
#define ADAPT_BASE (64ULL << 30)

/* Pages that a table's size is reckoned from: nr_kernel_pages */
static uint64_t kernel_pages(const struct boot *b)
{
	const struct check_regions *memory = &b->check.regions[RT_MEMORY];
	const struct check_regions *reserved = &b->check.regions[RT_RESERVED];
	uint64_t pages = boot_present_pages(b);

	if (b->facts->hash_of_free) {
		uint64_t free = memory->state.total_size - reserved->state.total_size;

		return free >> b->r->page_shift;
	}
	/* less the map of the pages */
	return pages - (pages * 64 >> b->r->page_shift);
}

static uint64_t pow2_up(uint64_t n)
{
	return n <= 1 ? 1 : 1ULL << (64 - __builtin_clzll(n - 1));
}

/* One entry for each 2^@scale bytes of memory. */
static void allocate_hash(struct boot *b, const char *name, uint64_t bucket, unsigned int scale)
{
	const unsigned int shift = b->r->page_shift;
	uint64_t entries = boot_align_up(kernel_pages(b), (1 << 20) >> shift);
	uint64_t max = (boot_present_pages(b) << shift >> 4) / bucket;
	struct call_args a = { .align = BOOT_SMP_CACHE_BYTES, .nid = BOOT_NO_NODE };
	uint64_t size;

	for (uint64_t adapt = ADAPT_BASE >> shift; adapt < entries; adapt <<= 2)
		scale++;
	entries = scale > shift ? entries >> (scale - shift) : entries << (shift - scale);
	if (entries * bucket < 1ULL << shift)
		entries = (1ULL << shift) / bucket;
	entries = pow2_up(entries);
	if (max > 1ULL << 31)
		max = 1ULL << 31;
	if (entries > max)
		entries = max;
	entries = entries ? 1ULL << (63 - __builtin_clzll(entries)) : 1;
	for (size = entries * bucket;; size /= 2) {
		a.size = size;
		if (boot_alloc(b, "alloc_large_system_hash", name, a))
			break;
		if (size <= 1ULL << shift)
			boot_panic(b, "Failed to allocate %s hash table", name);
	}
	boot_log(b, "%s hash table entries: %" PRIu64 " (order: %d, %" PRIu64 " bytes, linear)",
		 name, size / bucket, size >> shift ? 63 - __builtin_clzll(size >> shift) : 0,
		 size);
}

/* vfs_caches_init_early(): with several nodes tables come later, by vmalloc() (hashdist) */
void boot_common_hashes(struct boot *b)
{
	if (b->nodes_online > 1)
		return;
	allocate_hash(b, "Dentry cache", 8, 13);
	allocate_hash(b, "Inode-cache", 8, 14);
}
