// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Nodes: what SRAT says, or one node if it says nothing or is refused. It is x86_numa_init() of
 * arch/x86/mm/numa.c, which arm64 shares since 6.12 (mm/numa_memblks.c).
 */
#include <inttypes.h>
#include <stdlib.h>

#include "boot/internal.h"
#include "lib/array.h"

#define NODE_MIN_SIZE (4ULL << 20)
#define LOST_MAX (1ULL << 20) /* of memory that has no node */

static const struct range everything = { 0, UINT64_MAX };

/* Bytes of memory in @range. */
static uint64_t memory_in(const struct boot *b, struct range range)
{
	const struct check_regions *memory = &b->check.regions[RT_MEMORY];
	uint64_t size = 0;

	for (size_t i = 0; i < memory->nr; i++) {
		struct range r = { memory->v[i].base, memory->v[i].base + memory->v[i].size };

		size += range_size(range_intersect(r, range));
	}
	return size;
}

static int compare_blocks(const void *a, const void *b)
{
	const struct boot_block *x = a, *y = b;

	if (x->range.start != y->range.start)
		return (x->range.start > y->range.start) - (x->range.start < y->range.start);
	return (x->nid > y->nid) - (x->nid < y->nid);
}

/* numa_cleanup_meminfo(), first part: nothing outside of memory */
static void trim_nodes(struct boot *b)
{
	const struct check_regions *memory = &b->check.regions[RT_MEMORY];
	struct range limit = { 0, b->max_pfn << b->r->page_shift };
	size_t n = 0;

	if (b->rules->numa_from_dram && memory->nr) {
		const struct rt_region *last = &memory->v[memory->nr - 1];

		limit = (struct range){ memory->v[0].base, last->base + last->size };
	}
	for (size_t i = 0; i < b->nr_nodes; i++) {
		struct boot_block block = b->nodes[i];

		if (b->rules->numa_needs_memory && !memory_in(b, block.range))
			continue;
		block.range = range_intersect(block.range, limit);
		if (!range_is_empty(block.range))
			b->nodes[n++] = block;
	}
	b->nr_nodes = n;
}

/* What begins before @end, other than the block @self, and is of another node; NULL: nothing */
static const struct boot_block *find_other(const struct boot *b, struct range r, int nid)
{
	for (size_t i = 0; i < b->nr_nodes && b->nodes[i].range.start < r.end; i++)
		if (b->nodes[i].nid != nid && range_overlaps(b->nodes[i].range, r))
			return &b->nodes[i];
	return NULL;
}

/* False if memory is of two nodes. */
static bool nodes_are_disjoint(struct boot *b)
{
	for (size_t i = 0; i < b->nr_nodes; i++) {
		const struct boot_block *x = &b->nodes[i], *y = find_other(b, x->range, x->nid);

		if (!y)
			continue;
		boot_log(b,
			 "node %d [mem %#010" PRIx64 "-%#010" PRIx64
			 "] overlaps with node %d [mem %#010" PRIx64 "-%#010" PRIx64 "]",
			 y->nid, y->range.start, y->range.end - 1, x->nid, x->range.start,
			 x->range.end - 1);
		return false;
	}
	return true;
}

/* The second part: what is of one node is joined where no other one lies between. */
static bool clean_nodes(struct boot *b)
{
	size_t n = 0;

	trim_nodes(b);
	if (b->nr_nodes)
		qsort(b->nodes, b->nr_nodes, sizeof(*b->nodes), compare_blocks);
	if (!nodes_are_disjoint(b))
		return false;
	for (size_t i = 0; i < b->nr_nodes; i++) {
		struct boot_block *last = NULL, block = b->nodes[i];

		/* disjoint and sorted: only the one before can be joined */
		if (n && b->nodes[n - 1].nid == block.nid)
			last = &b->nodes[n - 1];
		if (!last)
			b->nodes[n++] = block;
		else if (last->range.end < block.range.end)
			last->range.end = block.range.end;
	}
	b->nr_nodes = n;
	return true;
}

void boot_numa_add(struct boot *b, struct range range, int nid)
{
	ARRAY_APPEND(b->nodes, b->nr_nodes, b->room_nodes) =
		(struct boot_block){ .range = range, .nid = nid };
}

/* numa_meminfo_cover_memory(), now memblock_validate_numa_coverage(): all but @lost_max? */
static bool covers_memory(struct boot *b, uint64_t lost_max)
{
	uint64_t all = memory_in(b, everything), covered = 0;

	for (size_t i = 0; i < b->nr_nodes; i++)
		covered += memory_in(b, b->nodes[i].range);
	if (all < covered + lost_max || (all == covered + lost_max && b->rules->slack_is_all))
		return true;
	boot_log(b,
		 "NUMA: nodes only cover %" PRIu64 "MB of your %" PRIu64 "MB e820 RAM. Not used.",
		 covered >> 20, all >> 20);
	return false;
}

/* acpi_numa_memory_affinity_init() */
bool boot_numa_read(struct boot *b)
{
	const struct layout *l = b->layout;

	for (size_t i = 0; i < l->nr_node_ranges; i++) {
		const struct layout_node_range *n = &l->node_ranges[i];

		if (n->nid == LAYOUT_NO_NODE)
			continue;
		if (n->nid >= b->ops->nr_node_ids) {
			boot_log(b, "SRAT: Node id %d is too large", n->nid);
			return false;
		}
		if (b->nr_nodes == 2 * (size_t)b->ops->nr_node_ids) {
			boot_log(b, "too many memblk ranges");
			return false;
		}
		boot_numa_add(b, n->range, n->nid);
		if (n->range.end >> b->r->page_shift > b->max_possible_pfn)
			b->max_possible_pfn = n->range.end >> b->r->page_shift;
		if (n->flags & LAYOUT_HOTPLUG)
			boot_mark_hotplug(b, "acpi_numa_memory_affinity_init", n->range);
	}
	return b->nr_nodes;
}

/* dummy_numa_init() */
static bool one_node(struct boot *b)
{
	struct range all = { 0, b->max_pfn << b->r->page_shift };

	boot_log(b, b->params.numa_off ? "NUMA turned off" : "No NUMA configuration found");
	boot_log(b, "Faking a node at [mem 0x%016x-0x%016" PRIx64 "]", 0, all.end - 1);
	boot_numa_add(b, all, 0);
	return true;
}

/* numa_clear_kernel_node_hotplug(): the kernel cannot be unplugged, nor can its node */
static void settle_kernel_nodes(struct boot *b)
{
	static const char function[] = "numa_clear_kernel_node_hotplug";
	const struct check_regions *reserved = &b->check.regions[RT_RESERVED];

	for (size_t i = 0; i < b->nr_nodes; i++)
		boot_set_node(b, function, b->nodes[i].range, RT_RESERVED, b->nodes[i].nid);
	for (size_t i = 0; i < b->nr_nodes; i++) {
		bool used = false;

		for (size_t j = 0; j < reserved->nr && !used; j++)
			used = reserved->v[j].nid == b->nodes[i].nid;
		if (used)
			boot_clear_hotplug(b, function, b->nodes[i].range);
	}
}

/* alloc_node_data() */
void boot_numa_allocate_one(struct boot *b, int nid)
{
	struct call_args a = { .align = BOOT_SMP_CACHE_BYTES, .nid = nid };
	uint64_t at;

	a.size = boot_align_up(b->facts->pgdat_size, b->facts->pgdat_in_pages
							     ? 1ULL << b->r->page_shift
							     : BOOT_SMP_CACHE_BYTES);
	at = boot_alloc_phys(b, "alloc_node_data", boot_string(b, "NODE_DATA(%d)", nid), a);
	if (!at)
		boot_panic(b, "Cannot find %" PRIu64 " bytes in any node (initial node: %d)",
			   a.size, nid);
	boot_log(b, "NODE_DATA(%d) allocated [mem %#" PRIx64 "-%#" PRIx64 "]", nid, at,
		 at + a.size - 1);
	ARRAY_APPEND(b->pgdats, b->nr_pgdats, b->room_pgdats) = (struct range){ at, at + a.size };
	b->pgdat_nids = array_resize(b->pgdat_nids, b->nr_pgdats, sizeof(*b->pgdat_nids));
	b->pgdat_nids[b->nr_pgdats - 1] = nid;
	b->ops->node_set_online(nid, 1);
	b->nodes_online++;
}

/* numa_alloc_distance() */
static void allocate_distances(struct boot *b)
{
	struct call_args a = { .align = 1ULL << b->r->page_shift, .nid = BOOT_NO_NODE };
	uint64_t nodes = 0;

	for (size_t i = 0; i < b->nr_nodes; i++)
		if ((uint64_t)b->nodes[i].nid >= nodes)
			nodes = b->nodes[i].nid + 1;
	a.size = nodes * nodes;
	boot_alloc(b, "numa_alloc_distance", "distances of nodes", a);
}

/* From the first to the last block of a node. */
static struct range span_of(const struct boot *b, int nid)
{
	struct range span = { UINT64_MAX, 0 };

	for (size_t i = 0; i < b->nr_nodes; i++) {
		const struct range *r = &b->nodes[i].range;

		if (b->nodes[i].nid != nid)
			continue;
		span.start = r->start < span.start ? r->start : span.start;
		span.end = r->end > span.end ? r->end : span.end;
	}
	return span;
}

/* numa_register_memblks(), up to where it can fail */
static bool set_nodes(struct boot *b, uint64_t lost_max)
{
	for (size_t i = 0; i < b->nr_nodes; i++)
		boot_set_node(b, "numa_register_memblks", b->nodes[i].range, RT_MEMORY,
			      b->nodes[i].nid);
	settle_kernel_nodes(b);
	return covers_memory(b, lost_max);
}

void boot_numa_allocate(struct boot *b)
{
	int next = -1;

	for (int nid = next;; nid = next) {
		next = b->ops->nr_node_ids;
		for (size_t i = 0; i < b->nr_nodes; i++)
			if (b->nodes[i].nid > nid && b->nodes[i].nid < next)
				next = b->nodes[i].nid;
		if (next == b->ops->nr_node_ids)
			break;
		if (b->rules->nodes_are_tiny || range_size(span_of(b, next)) >= NODE_MIN_SIZE)
			boot_numa_allocate_one(b, next);
	}
}

/* numa_init(): false if the nodes that @find knows of cannot be used */
bool boot_numa_init(struct boot *b, bool (*find)(struct boot *b), uint64_t lost_max)
{
	int none = b->facts->no_node_is_negative ? BOOT_NO_NODE : b->ops->nr_node_ids;
	bool faked;

	b->nr_nodes = 0;
	boot_set_node(b, "numa_init", everything, RT_MEMORY, none);
	boot_set_node(b, "numa_init", everything, RT_RESERVED, none);
	boot_clear_hotplug(b, "numa_init", everything);
	if (!find(b))
		return false;
	boot_set_bottom_up(b, "numa_init", false);
	if (!clean_nodes(b))
		return false;
	faked = boot_x86_fake_nodes(b);
	b->nodes_are_real = find == boot_numa_read && !faked;
	if (faked)
		clean_nodes(b);
	if (b->nr_nodes > 1 &&
	    (faked || b->layout->nr_distances || boot_x86_has_table(b, "ACPI SLIT")))
		allocate_distances(b);
	return set_nodes(b, lost_max);
}

void boot_x86_numa(struct boot *b)
{
	bool srat = !b->params.numa_off && !b->params.no_srat;

	if (!b->ops->numa) {
		boot_set_node(b, "initmem_init", everything, RT_MEMORY, 0);
		b->nodes_online = 1;
		return;
	}
	if (!srat || !boot_numa_init(b, boot_numa_read, LOST_MAX))
		boot_numa_init(b, one_node, LOST_MAX);
	boot_numa_allocate(b);
	boot_dump(b, "numa_init");
}
