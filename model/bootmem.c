// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Allocations as they were before 4.20, when names without "phys" returned addresses, and those that
 * returned pointers were bootmem's. Most of them panic where there is nothing to be had.
 */
#include "model/internal.h"

static uint64_t or_panic(struct model *m, uint64_t at)
{
	model_unspecified_if(m, m->any);
	if (!at || at == RT_NULL)
		model_leave(m, MODEL_PANICKED);
	return at;
}

/* One attempt, with these flags. */
static uint64_t attempt(struct model *m, struct wish w, unsigned long flags)
{
	alloc_check(m, &w);
	return alloc_take(m, &w, w.nid, flags);
}

/* On a node, first from mirrored memory. */
static uint64_t on_node(struct model *m, uint64_t size, uint64_t align, int nid)
{
	const struct wish w = { size, align, 0, ACCESSIBLE, nid, true };
	unsigned long flags = search_flags(m);
	uint64_t at = attempt(m, w, flags);

	if (!at && (flags & m->flag.mirror))
		at = attempt(m, w, flags & ~m->flag.mirror);
	return at;
}

/* Of the wishes the node is dropped first, then the lower limit, and mirrored memory last. */
static uint64_t as_pointer(struct model *m, struct wish w, bool zeroed)
{
	unsigned long flags = search_flags(m);
	uint64_t at;

	alloc_check(m, &w);
	if (alloc_is_late(m, w.size))
		return RT_NULL;
	if (w.max > m->current_limit)
		w.max = m->current_limit;
	for (;;) {
		at = alloc_take(m, &w, w.nid, flags);
		if (!at && model_is_node(m, w.nid))
			at = alloc_take(m, &w, ANY_NODE, flags);
		if (at)
			break;
		if (w.min)
			w.min = 0;
		else if (flags & m->flag.mirror)
			flags &= ~m->flag.mirror;
		else
			return RT_NULL;
	}
	if (zeroed)
		model_touch(m, (struct range){ at, at + w.size });
	return at;
}

static uint64_t base_nid(struct model *m, const uint64_t *a)
{
	return attempt(m, (struct wish){ a[0], a[1], 0, a[2], (int)a[3], true }, (uint32_t)a[4]);
}

static uint64_t base(struct model *m, const uint64_t *a)
{
	return attempt(m, (struct wish){ a[0], a[1], 0, a[2], ANY_NODE, false }, 0);
}

static uint64_t base_or_panic(struct model *m, const uint64_t *a)
{
	return or_panic(m, base(m, a));
}

static uint64_t alloc(struct model *m, const uint64_t *a)
{
	return or_panic(m,
			attempt(m, (struct wish){ a[0], a[1], 0, ACCESSIBLE, ANY_NODE, false }, 0));
}

static uint64_t range(struct model *m, const uint64_t *a)
{
	return attempt(m, (struct wish){ a[0], a[1], a[2], a[3], ANY_NODE, false }, (uint32_t)a[4]);
}

static uint64_t nid(struct model *m, const uint64_t *a)
{
	return on_node(m, a[0], a[1], (int)a[2]);
}

static uint64_t try_nid(struct model *m, const uint64_t *a)
{
	uint64_t at = on_node(m, a[0], a[1], (int)a[2]);

	/* of nothing there may be none */
	model_unspecified_if(m, m->any);
	return at ? at : alloc(m, a);
}

static uint64_t virt_raw(struct model *m, const uint64_t *a)
{
	return as_pointer(m, (struct wish){ a[0], a[1], a[2], a[3], (int)a[4], false }, false);
}

static uint64_t virt_nopanic(struct model *m, const uint64_t *a)
{
	return as_pointer(m, (struct wish){ a[0], a[1], a[2], a[3], (int)a[4], false }, true);
}

static uint64_t virt(struct model *m, const uint64_t *a)
{
	return or_panic(m, virt_nopanic(m, a));
}

/* The short names: what they leave out is from everywhere and on any node. */
static struct wish plain(const uint64_t *a)
{
	return (struct wish){ a[0], a[1], 0, ACCESSIBLE, ANY_NODE, false };
}

static uint64_t plain_raw(struct model *m, const uint64_t *a)
{
	return as_pointer(m, plain(a), false);
}

static uint64_t plain_nopanic(struct model *m, const uint64_t *a)
{
	return as_pointer(m, plain(a), true);
}

static uint64_t plain_or_panic(struct model *m, const uint64_t *a)
{
	return or_panic(m, plain_nopanic(m, a));
}

static uint64_t low_nopanic(struct model *m, const uint64_t *a)
{
	return as_pointer(m, (struct wish){ a[0], a[1], 0, m->low_limit, ANY_NODE, false }, true);
}

static uint64_t low(struct model *m, const uint64_t *a)
{
	return or_panic(m, low_nopanic(m, a));
}

static uint64_t from_nopanic(struct model *m, const uint64_t *a)
{
	return as_pointer(m, (struct wish){ a[0], a[1], a[2], ACCESSIBLE, ANY_NODE, false }, true);
}

static uint64_t node_nopanic(struct model *m, const uint64_t *a)
{
	return as_pointer(m, (struct wish){ a[0], 0, 0, ACCESSIBLE, (int)a[1], false }, true);
}

static uint64_t node(struct model *m, const uint64_t *a)
{
	return or_panic(m, node_nopanic(m, a));
}

const struct model_call bootmem_calls[] = {
	{ "memblock_alloc", "PP>P", alloc },
	{ "memblock_alloc_base", "PPP>P", base_or_panic },
	{ "__memblock_alloc_base", "PPP>P", base },
	{ "memblock_alloc_base_nid", "PPPNF>P", base_nid },
	{ "memblock_alloc_range", "PPPPF>P", range },
	{ "memblock_alloc_nid", "PPN>P", nid },
	{ "memblock_alloc_try_nid", "PPN>P", try_nid },
	{ "memblock_virt_alloc", "PP>*", plain_or_panic },
	{ "memblock_virt_alloc_raw", "PP>*", plain_raw },
	{ "memblock_virt_alloc_nopanic", "PP>*", plain_nopanic },
	{ "memblock_virt_alloc_low", "PP>*", low },
	{ "memblock_virt_alloc_low_nopanic", "PP>*", low_nopanic },
	{ "memblock_virt_alloc_from_nopanic", "PPP>*", from_nopanic },
	{ "memblock_virt_alloc_node", "PN>*", node },
	{ "memblock_virt_alloc_node_nopanic", "PN>*", node_nopanic },
	{ "memblock_virt_alloc_try_nid", "PPPPN>*", virt },
	{ "memblock_virt_alloc_try_nid_nopanic", "PPPPN>*", virt_nopanic },
	{ "memblock_virt_alloc_try_nid_raw", "PPPPN>*", virt_raw },
	{ NULL, NULL, NULL },
};
