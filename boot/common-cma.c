// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Areas of CMA: dma_contiguous_reserve() of kernel/dma/contiguous.c, cma_declare_contiguous_nid()
 * of mm/cma.c and hugetlb_cma_reserve() of mm/hugetlb.c, all as of 6.12, with what changed since 4.19.
 */
#include <errno.h>
#include <inttypes.h>

#include "boot/internal.h"

#define GIB4 (1ULL << 32)
#define DEFAULT_CMA (64ULL << 20) /* CONFIG_CMA_SIZE_MBYTES of Debian's arm64 */
#define GIGANTIC (1ULL << 30)

static const char file[] = "mm/cma.c", function[] = "cma_declare_contiguous_nid";

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Its place, or 0; the arguments are sane. */
static uint64_t find_place(struct boot *b, const char *purpose, const struct boot_cma *c,
			   uint64_t align)
{
	struct call_args a = {
		.size = c->size, .align = align, .nid = c->nid, .exact = true, .max = c->limit
	};
	uint64_t at = 0;

	/* above 4 GiB from there upwards, so that pages are moved out of it and not into it */
	if (boot_is_since(b, "5.10") && boot_dram_end(b) >= GIB4 + c->size && c->limit > GIB4) {
		bool was = boot_is_bottom_up(b);

		a.min = GIB4;
		boot_set_bottom_up(b, function, true);
		at = boot_search(b, file, function, purpose, a);
		boot_set_bottom_up(b, function, was);
	}
	a.min = c->base;
	return at ? at : boot_search(b, file, function, purpose, a);
}

static bool is_reserved(const struct boot *b, struct range r)
{
	const struct check_regions *reserved = &b->check.regions[RT_RESERVED];

	for (size_t i = 0; i < reserved->nr; i++)
		if (range_overlaps(r, (struct range){ reserved->v[i].base,
						      reserved->v[i].base + reserved->v[i].size }))
			return true;
	return false;
}

/* Where it was told to be: that nobody else has it is enough; it need not even be RAM. */
static uint64_t take_place(struct boot *b, const char *purpose, const struct boot_cma *c,
			   uint64_t align)
{
	struct range r = { c->base, c->base + c->size };
	bool taken = is_reserved(b, r);

	boot_search_fixed(b, file, function, purpose, r, align, !taken);
	if (taken)
		return 0;
	boot_reserve(b, function, purpose, r);
	return c->base;
}

static uint64_t fail(struct boot *b, const struct boot_cma *c)
{
	if (c->nid >= 0)
		boot_log(b, "cma: Failed to reserve %" PRIu64 " MiB on node %d", c->size >> 20,
			 c->nid);
	else
		boot_log(b, "cma: Failed to reserve %" PRIu64 " MiB", c->size >> 20);
	return 0;
}

uint64_t boot_declare_cma(struct boot *b, const char *purpose, struct boot_cma c)
{
	uint64_t align = c.align > b->geometry.cma_align ? c.align : b->geometry.cma_align, at;
	uint64_t base = c.base, end = boot_dram_end(b);

	if (!c.size)
		return 0;
	if (c.fixed && base % align) {
		boot_search_fixed(b, file, function, purpose, (struct range){ base, base + c.size },
				  align, false);
		boot_log(b,
			 "cma: Region at 0x%016" PRIx64 " must be aligned to 0x%016" PRIx64
			 " bytes",
			 base, align);
		return fail(b, &c);
	}
	c.base = boot_align_up(base, align);
	c.size = boot_align_up(c.size, align);
	c.fixed = c.fixed && c.base;
	c.limit = boot_align_down(c.limit, align);
	if (!c.limit || c.limit > end)
		c.limit = end;
	if (c.base > c.limit || c.size > c.limit - c.base) {
		boot_search_fixed(b, file, function, purpose,
				  (struct range){ c.base, c.base + c.size }, align, false);
		boot_log(b,
			 "cma: Size (0x%016" PRIx64 ") of region at 0x%016" PRIx64
			 " exceeds limit (0x%016" PRIx64 ")",
			 c.size, c.base, c.limit);
		return fail(b, &c);
	}
	at = c.fixed ? take_place(b, purpose, &c, align) : find_place(b, purpose, &c, align);
	if (!at)
		return fail(b, &c);
	boot_log(b, "cma: Reserved %" PRIu64 " MiB at 0x%016" PRIx64, c.size >> 20, at);
	return at;
}

/* What the kernel of a log took is how it was configured: its last area is the default one. */
static uint64_t configured_cma(const struct boot *b)
{
	const struct layout *l = b->layout;
	uint64_t size = l->kernel_version || l->arch != LAYOUT_ARM64 ? 0 : DEFAULT_CMA;

	for (size_t i = 0; i < l->nr_reservations; i++)
		if (l->reservations[i].kind == LAYOUT_CMA)
			size = range_size(l->reservations[i].range);
	return size;
}

/* Has the device tree an area for CMA's default? */
static bool tree_has_default(const struct boot *b)
{
	const struct layout *l = b->layout;

	for (size_t i = 0; i < l->nr_reservations; i++)
		if (l->reservations[i].flags & LAYOUT_DEFAULT_CMA)
			return true;
	for (size_t i = 0; i < l->nr_dynamics; i++)
		if (l->dynamics[i].flags & LAYOUT_DEFAULT_CMA)
			return true;
	return false;
}

void boot_common_cma(struct boot *b, uint64_t limit)
{
	const struct boot_params *p = &b->params;
	struct boot_cma c = { .size = configured_cma(b), .limit = limit, .nid = BOOT_NO_NODE };

	if (p->cma_set) {
		c.size = p->cma_size;
		c.base = p->cma_base;
		if (p->cma_limit)
			c.limit = limit ? least(limit, p->cma_limit) : p->cma_limit;
		c.fixed = p->cma_base + p->cma_size == p->cma_limit;
	}
	if (!c.size || (tree_has_default(b) && !p->cma_set))
		return;
	if (!boot_declare_cma(b, "CMA", c) && p->cma_set)
		boot_unmet(b, "cma=: the kernel has no area of CMA for devices");
}

/* The same from each node, in gigantic pages; 5.7 and later */
void boot_common_hugetlb_cma(struct boot *b)
{
	uint64_t left = b->params.hugetlb_cma, share;
	size_t nodes = b->nr_pgdats ? b->nr_pgdats : 1;

	if (!left)
		return;
	if (left < GIGANTIC) {
		boot_log(b, "hugetlb_cma: cma area should be at least %llu MiB", GIGANTIC >> 20);
		boot_unmet(b, "hugetlb_cma=: it is less than one page of that size");
		return;
	}
	share = boot_align_up((left + nodes - 1) / nodes, GIGANTIC);
	boot_log(b, "hugetlb_cma: reserve %" PRIu64 " MiB, up to %" PRIu64 " MiB per node",
		 left >> 20, share >> 20);
	for (size_t i = 0; i < nodes && left; i++) {
		struct boot_cma c = { .size = boot_align_up(least(share, left), GIGANTIC),
				      .align = GIGANTIC,
				      .nid = b->nr_pgdats ? b->pgdat_nids[i] : BOOT_NO_NODE };

		/* what one node has no room for, the next ones get */
		if (boot_declare_cma(b, "CMA for gigantic pages", c))
			left -= least(c.size, left);
		else
			boot_log(b, "hugetlb_cma: reservation failed: err %d, node %d", -ENOMEM,
				 c.nid);
	}
	if (left)
		boot_unmet(b, "hugetlb_cma=: %" PRIu64 " MiB of it found no place", left >> 20);
}
