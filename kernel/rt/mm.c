// SPDX-License-Identifier: GPL-2.0-or-later
/* What memblock needs of the rest of mm/: nodes, page frames, totals, and the hand-over. */
#include <linux/kmemleak.h>
#include <linux/memblock.h>
#include <linux/mm.h>

#include "internal.h"
#include "rt.h"

struct rt_host rt_host;

enum system_states system_state;
nodemask_t rt_online_nodes;
unsigned int nr_node_ids = MAX_NUMNODES;
unsigned int nr_online_nodes;
unsigned long max_mapnr;
atomic_long_t _totalram_pages;
#ifdef RT_TOTALRAM_IS_VARIABLE
unsigned long totalram_pages;
#endif
void *high_memory;
/* a simulator of the kernel's own, whose tests are compiled in, has it, too */
bool __weak movable_node_enabled;
bool mirrored_kernelcore;
unsigned int rt_ffs_of_nothing;
bool rt_deferred_pages;
unsigned long rt_low_address_limit = RT_LOW_ADDRESS_LIMIT;
unsigned long rt_kernel_start, rt_kernel_end;
#ifdef CONFIG_FLATMEM
struct page *mem_map;
#endif

/* memblock.c's since 4.20; before, and in other configurations, nobody's that is compiled here */
unsigned long __weak max_low_pfn;
unsigned long __weak min_low_pfn;
unsigned long __weak max_pfn;
unsigned long long __weak max_possible_pfn;
#ifndef CONFIG_NUMA
struct pglist_data __weak contig_page_data;
#endif

void rt_attach(const struct rt_host *host)
{
	rt_host = *host;
	rt_host.slab_pa += host->window - PAGE_OFFSET;
	rt_node_set_online(0, 1);
}

static rt_u64 arena_used;

/* Behind the memory that kmalloc() gives, in the same part of the window. */
void *rt_alloc(size_t size)
{
	rt_u64 at = rt_host.slab_pa + rt_host.slab_size + arena_used;

	size = ALIGN(size, 64);
	if (arena_used + size > RT_HEAP_SIZE)
		rt_trap("the run-time's own memory (used up)");
	arena_used += size;
	return __va(at);
}

static struct pglist_data *nodes[MAX_NUMNODES];

pg_data_t *rt_node_data(int nid)
{
	pg_data_t *pgdat;

	if (!numa_valid_node(nid))
		rt_trap("NODE_DATA() of a node that cannot be");
#ifdef CONFIG_NUMA
	pgdat = nodes[nid];
#else
	pgdat = &contig_page_data;
#endif
	if (pgdat && pgdat->nr_zones)
		return pgdat;
	if (!pgdat) {
		pgdat = rt_alloc(sizeof(*pgdat));
		memset(pgdat, 0, sizeof(*pgdat));
	}
	nodes[nid] = pgdat;
	pgdat->node_id = nid;
	pgdat->nr_zones = MAX_NR_ZONES;
	pgdat->first_deferred_pfn = ULONG_MAX;
	for (int i = 0; i < MAX_NR_ZONES; i++) {
		pgdat->node_zones[i].zone_pgdat = pgdat;
		pgdat->node_zones[i].node = nid;
	}
	return pgdat;
}

void rt_node_set_online(int nid, int online)
{
	if (!numa_valid_node(nid) || node_online(nid) == !!online)
		return;
	nr_online_nodes += online ? 1 : -1;
	if (online)
		set_bit(nid, rt_online_nodes.bits);
	else
		clear_bit(nid, rt_online_nodes.bits);
}

pg_data_t *rt_next_online_pgdat(pg_data_t *pgdat)
{
	int nid = next_online_node(pgdat ? pgdat->node_id : -1);

	return nid < MAX_NUMNODES ? rt_node_data(nid) : NULL;
}

/* Memory, mapped or not, as long as memblock knows of it. */
bool pfn_valid(unsigned long pfn)
{
	return memblock_is_memory(PFN_PHYS(pfn));
}

bool early_pfn_valid(unsigned long pfn)
{
	return pfn_valid(pfn);
}

/* mm_init.c's: the node that memblock knows, or else the first one that is online. */
int early_pfn_to_nid(unsigned long pfn)
{
	int nid = NUMA_NO_NODE;
#if defined(CONFIG_NUMA) && defined(RT_HAVE_memblock_search_pfn_nid)
	unsigned long start, end;

	nid = memblock_search_pfn_nid(pfn, &start, &end);
#endif
	(void)pfn;
	return nid < 0 ? first_online_node : nid;
}

void totalram_pages_add(long pages)
{
	atomic_long_add(pages, &_totalram_pages);
	rt_event(RT_TOTALRAM, 0, 0, pages);
}

void rt_memblock_free_pages2(unsigned long pfn, unsigned int order)
{
	rt_event(RT_FREE_PAGES, pfn, order, 0);
}

void rt_free_pages_core(struct page *page, unsigned int order)
{
	rt_event(RT_FREE_LATE, page_to_pfn(page), order, 0);
}

void rt_reserve_bootmem_region3(phys_addr_t start, phys_addr_t end, int nid)
{
	rt_event(RT_RESERVE_PAGES, PFN_DOWN(start), PFN_UP(end), nid);
}

void rt_page_set_reserved(struct page *page)
{
	unsigned long pfn = page_to_pfn(page);

	rt_event(RT_RESERVE_PAGES, pfn, pfn + 1, RT_NID_UNTOLD);
}

void free_reserved_page(struct page *page)
{
	rt_free_pages_core(page, 0);
	totalram_pages_add(1);
}

/* newer kernels have it in memblock.c */
unsigned long __weak free_reserved_area(void *start, void *end, int poison, const char *s)
{
	unsigned long first = PFN_UP(__pa(start)), last = PFN_DOWN(__pa(end)), pfn;

	for (pfn = first; pfn < last; pfn++) {
		if ((unsigned int)poison <= 0xff)
			memset(__va(PFN_PHYS(pfn)), poison, PAGE_SIZE);
		free_reserved_page(pfn_to_page(pfn));
	}
	if (last > first && s)
		pr_info("Freeing %s memory: %ldK\n", s, K(last - first));
	return last > first ? last - first : 0;
}

void init_deferred_page(unsigned long pfn, int nid)
{
	rt_event(RT_INIT_PAGES, pfn, pfn + 1, nid);
}

void init_reserved_page(unsigned long pfn, int nid)
{
	init_deferred_page(pfn, nid);
}

void accept_memory(phys_addr_t start, unsigned long size)
{
#ifdef RT_ACCEPT_MEMORY_TAKES_END
	size -= start;
#endif
	rt_event(RT_ACCEPT_MEMORY, start, size, 0);
}

void kmemleak_alloc_phys(phys_addr_t phys, size_t size, ...)
{
	rt_event(RT_KMEMLEAK_ALLOC, phys, size, 0);
}

void kmemleak_free_part_phys(phys_addr_t phys, size_t size)
{
	rt_event(RT_KMEMLEAK_FREE, phys, size, 0);
}

void kmemleak_ignore_phys(phys_addr_t phys)
{
	rt_event(RT_KMEMLEAK_IGNORE, phys, 0, 0);
}

void kmemleak_not_leak_phys(phys_addr_t phys)
{
	kmemleak_ignore_phys(phys);
}

void kmemleak_alloc(const void *ptr, size_t size, int min_count, gfp_t gfp)
{
	(void)gfp;
	rt_event(RT_KMEMLEAK_ALLOC, __pa(ptr), size, min_count);
}

void kmemleak_free_part(const void *ptr, size_t size)
{
	rt_event(RT_KMEMLEAK_FREE, __pa(ptr), size, 0);
}
