/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: nodes and zones as memblock.c sees them, and the page map's addresses */
#ifndef RT_LINUX_MMZONE_H
#define RT_LINUX_MMZONE_H

#include <linux/atomic.h>
#include <linux/mm_types.h>
#include <linux/nodemask.h>
#include <linux/numa.h>

#define MAX_PAGE_ORDER CONFIG_MAX_PAGE_ORDER
#define MAX_ORDER_NR_PAGES (1UL << MAX_PAGE_ORDER)
#define NR_PAGE_ORDERS (MAX_PAGE_ORDER + 1)
/* Up to 6.3 MAX_ORDER is the first order that does not exist, then the last that does. */
#ifdef RT_MAX_ORDER_IS_EXCLUSIVE
#define MAX_ORDER (MAX_PAGE_ORDER + 1)
#else
#define MAX_ORDER MAX_PAGE_ORDER
#endif

#define PFN_SECTION_SHIFT (SECTION_SIZE_BITS - PAGE_SHIFT)
#define PAGES_PER_SECTION (1UL << PFN_SECTION_SHIFT)
#define PAGE_SECTION_MASK (~(PAGES_PER_SECTION - 1))
#define SECTION_ALIGN_UP(pfn) (((pfn) + PAGES_PER_SECTION - 1) & PAGE_SECTION_MASK)
#define SECTION_ALIGN_DOWN(pfn) ((pfn)&PAGE_SECTION_MASK)
#define pfn_to_section_nr(pfn) ((pfn) >> PFN_SECTION_SHIFT)
#define section_nr_to_pfn(nr) ((nr) << PFN_SECTION_SHIFT)

#define pageblock_order CONFIG_PAGEBLOCK_ORDER
#define pageblock_nr_pages (1UL << pageblock_order)
#define pageblock_align(pfn) (((pfn) + pageblock_nr_pages - 1) & ~(pageblock_nr_pages - 1))
#define pageblock_aligned(pfn) (!((pfn) & (pageblock_nr_pages - 1)))
#define pageblock_start_pfn(pfn) ((pfn) & ~(pageblock_nr_pages - 1))
#define pageblock_end_pfn(pfn) pageblock_align((pfn) + 1)

enum zone_type {
#ifdef CONFIG_ZONE_DMA
	ZONE_DMA,
#endif
#ifdef CONFIG_ZONE_DMA32
	ZONE_DMA32,
#endif
	ZONE_NORMAL,
#ifdef CONFIG_HIGHMEM
	ZONE_HIGHMEM,
#endif
	ZONE_MOVABLE,
	__MAX_NR_ZONES
};
#define MAX_NR_ZONES __MAX_NR_ZONES

/* What memory may be used for; memblock.h of some kernels hands it on. */
enum migratetype {
	MIGRATE_UNMOVABLE,
	MIGRATE_MOVABLE,
	MIGRATE_RECLAIMABLE,
	MIGRATE_PCPTYPES,
	MIGRATE_HIGHATOMIC = MIGRATE_PCPTYPES,
#ifdef CONFIG_CMA
	MIGRATE_CMA,
#endif
	MIGRATE_TYPES
};

struct pglist_data;

/*
 * Members that a kernel's file uses and that are not here are stood in for: RT_MEMBERS_zone and the
 * like. The structures have room for them, so that the run-time, which does not know them, agrees
 * on where the others are.
 */
struct zone {
	union {
		struct {
			struct pglist_data *zone_pgdat;
			unsigned long zone_start_pfn;
#ifdef RT_MANAGED_PAGES_IS_NUMBER
			unsigned long managed_pages;
#else
			atomic_long_t managed_pages;
#endif
			unsigned long spanned_pages;
			unsigned long present_pages;
			const char *name;
			int node;
			RT_MEMBERS_zone
		};
		char rt_room[256];
	};
};

typedef struct pglist_data {
	union {
		struct {
			struct zone node_zones[MAX_NR_ZONES];
			int nr_zones;
			unsigned long node_start_pfn;
			unsigned long node_present_pages;
			unsigned long node_spanned_pages;
			int node_id;
			unsigned long first_deferred_pfn;
			struct page *node_mem_map;
			void *bdata;
			RT_MEMBERS_pglist_data
		};
		char rt_room[256 * (MAX_NR_ZONES + 1)];
	};
} pg_data_t;

/* Made when a node is first asked for or set online; lives until reset. */
pg_data_t *rt_node_data(int nid);

#ifdef CONFIG_NUMA
#define NODE_DATA(nid) rt_node_data(nid)
#else
extern struct pglist_data contig_page_data;
#define NODE_DATA(nid) ((void)(nid), &contig_page_data)
#endif

#define for_each_online_pgdat(pgdat) \
	for ((pgdat) = rt_next_online_pgdat(NULL); (pgdat); (pgdat) = rt_next_online_pgdat(pgdat))
pg_data_t *rt_next_online_pgdat(pg_data_t *pgdat);

#define zone_idx(zone) ((zone) - (zone)->zone_pgdat->node_zones)
#define zone_managed_pages(zone) ((unsigned long)atomic_long_read(&(zone)->managed_pages))

static inline unsigned long zone_end_pfn(const struct zone *zone)
{
	return zone->zone_start_pfn + zone->spanned_pages;
}

static inline bool zone_spans_pfn(const struct zone *zone, unsigned long pfn)
{
	return zone->zone_start_pfn <= pfn && pfn < zone_end_pfn(zone);
}

static inline int zone_to_nid(const struct zone *zone)
{
	return zone->node;
}

/*
 * With a memory map of vmemmap the struct pages have addresses of their own; a flat one lies
 * in the machine's memory, at the physical address mem_map_pa.
 */
#ifdef CONFIG_FLATMEM
extern struct page *mem_map;
#define RT_PAGE_BASE mem_map
#else
#define RT_PAGE_BASE ((struct page *)rt_host.vmemmap)
#endif
#define pfn_to_page(pfn) (RT_PAGE_BASE + (pfn))
#define page_to_pfn(page) ((unsigned long)((page)-RT_PAGE_BASE))
#define page_to_phys(page) PFN_PHYS(page_to_pfn(page))
#define phys_to_page(phys) pfn_to_page(PHYS_PFN(phys))
bool pfn_valid(unsigned long pfn);
bool early_pfn_valid(unsigned long pfn);
int early_pfn_to_nid(unsigned long pfn);

/* Every page frame of the range that memblock knows as memory. */
#define for_each_valid_pfn(pfn, start, end)           \
	for ((pfn) = (start); (pfn) < (end); (pfn)++) \
		if (!pfn_valid(pfn)) {                \
		} else

#endif
