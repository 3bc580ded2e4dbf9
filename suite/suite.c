// SPDX-License-Identifier: GPL-2.0-or-later
/* Situations, and expectations of whole maps. */
#include <linux/string.h>

#include "kernel/rt/rt.h"
#include "suite/suite.h"

void suite_ram(phys_addr_t base, phys_addr_t size)
{
	rt_host.add_ram(base, size);
}

void suite_needs_slab(struct kunit *test)
{
	if (sizeof(phys_addr_t) < sizeof(void *))
		kunit_skip(test, "slab is above what this configuration can address");
}

void suite_stands(void)
{
	rt_host.test_stands();
}

void suite_machine(struct kunit *test, const struct span *spans, unsigned long nr)
{
	for (unsigned long i = 0; i < nr; i++) {
		const struct span *s = &spans[i];

		suite_ram(s->base, s->size);
		if (s->node) {
			rt_node_set_online(s->node - 1, 1);
			KUNIT_ASSERT_EQ(test, suite_add_node(s->base, s->size, s->node - 1, 0), 0);
		} else {
			KUNIT_ASSERT_EQ(test, memblock_add(s->base, s->size), 0);
		}
		if (s->flags & MEMBLOCK_HOTPLUG)
			KUNIT_ASSERT_EQ(test, memblock_mark_hotplug(s->base, s->size), 0);
		if (s->flags & MEMBLOCK_MIRROR)
			KUNIT_ASSERT_EQ(test, memblock_mark_mirror(s->base, s->size), 0);
		if (s->flags & MEMBLOCK_NOMAP)
			KUNIT_ASSERT_EQ(test, memblock_mark_nomap(s->base, s->size), 0);
	}
	suite_stands();
}

int suite_add_node(phys_addr_t base, phys_addr_t size, int nid, unsigned long flags)
{
#if RT_HAVE_memblock_add_node == 4
	return memblock_add_node(base, size, nid, flags);
#else
	(void)flags;
	return memblock_add_node(base, size, nid);
#endif
}

int suite_free(phys_addr_t base, phys_addr_t size)
{
#ifdef RT_HAVE_memblock_phys_free
	return memblock_phys_free(base, size);
#else
	return memblock_free(base, size);
#endif
}

int suite_set_node(phys_addr_t base, phys_addr_t size, int nid)
{
#ifdef RT_HAVE_memblock_set_node
	return memblock_set_node(base, size, &memblock.memory, nid);
#else
	(void)base, (void)size, (void)nid;
	return 0;
#endif
}

phys_addr_t suite_phys_alloc(phys_addr_t size, phys_addr_t align)
{
#ifdef RT_HAVE_memblock_phys_alloc_range
	return memblock_phys_alloc(size, align);
#else
	return __memblock_alloc_base(size, align, MEMBLOCK_ALLOC_ACCESSIBLE);
#endif
}

void suite_needs_nodes(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_NUMA))
		kunit_skip(test, "there are no nodes without CONFIG_NUMA");
}

bool suite_is_zeroed(phys_addr_t base, phys_addr_t size)
{
	const unsigned char *p = __va(base);

	for (phys_addr_t i = 0; i < size; i++)
		if (p[i])
			return false;
	return true;
}

static const struct direction {
	const char *name;
	bool bottom_up;
} directions[] = { { "top_down", false }, { "bottom_up", true } };

const void *direction_gen_params(const void *prev, char *desc)
{
	const struct direction *d = prev ? (const struct direction *)prev + 1 : directions;

	if (d == directions + ARRAY_SIZE(directions))
		return NULL;
	kunit_describe(desc, d->name);
	return d;
}

bool suite_direction(struct kunit *test)
{
	const struct direction *d = test->param_value;

	memblock_set_bottom_up(d->bottom_up);
	return d->bottom_up;
}

/* What is there, one span after the other. */
struct found {
	enum suite_list list;
	u64 next; /* of for_each_free_mem_range, or an index */
};

static bool next_free(struct found *f, struct span *s)
{
	phys_addr_t start, end;
	int nid;

	__next_mem_range(&f->next, NUMA_NO_NODE, MEMBLOCK_NONE, &memblock.memory,
			 &memblock.reserved, &start, &end, &nid);
	*s = (struct span){ .base = start, .size = end - start };
	return f->next != ULLONG_MAX;
}

static bool next_region(struct found *f, struct span *s)
{
	const struct memblock_type *type =
		f->list == SUITE_MEMORY ? &memblock.memory : &memblock.reserved;
	const struct memblock_region *r = &type->regions[f->next];
	int nid;

	/* up to 6.1 an empty array has one empty region */
	if (f->next >= type->cnt || (type->cnt == 1 && !r->size))
		return false;
	f->next++;
	nid = memblock_get_region_node((struct memblock_region *)r);
	*s = (struct span){ r->base, r->size, nid < 0 || nid >= MAX_NUMNODES ? 0 : NODE(nid),
			    r->flags };
#ifdef RT_HAVE_MEMBLOCK_RSRV_KERN
	s->flags &= ~(unsigned long)MEMBLOCK_RSRV_KERN;
#endif
	return true;
}

static bool next_bytes(struct found *f, struct span *s)
{
	struct span more;

	if (!next_region(f, s))
		return false;
	for (;;) {
		struct found ahead = *f;

		if (!next_region(&ahead, &more) || more.base != s->base + s->size)
			return true;
		s->size += more.size;
		*f = ahead;
	}
}

static bool next_span(struct found *f, struct span *s)
{
	switch (f->list) {
	case SUITE_FREE:
		return next_free(f, s);
	case SUITE_RESERVED_BYTES:
		return next_bytes(f, s);
	default:
		return next_region(f, s);
	}
}

static bool span_is(enum suite_list list, const struct span *got, const struct span *wanted)
{
	if (got->base != wanted->base || got->size != wanted->size)
		return false;
	if (list == SUITE_FREE || list == SUITE_RESERVED_BYTES)
		return true;
	if (got->flags != wanted->flags)
		return false;
	return list == SUITE_RESERVED || !IS_ENABLED(CONFIG_NUMA) || !wanted->node ||
	       got->node == wanted->node;
}

static char *print_span(char *at, char *end, const struct span *s)
{
	at += scnprintf(at, end - at, " [%#llx-%#llx", (u64)s->base, (u64)s->base + s->size - 1);
	if (s->node)
		at += scnprintf(at, end - at, " node %d", s->node - 1);
	if (s->flags)
		at += scnprintf(at, end - at, " flags %#lx", s->flags);
	return at + scnprintf(at, end - at, "]");
}

void suite_expect(struct kunit *test, const struct kunit_site *site, enum suite_list list,
		  const struct span *spans, unsigned long nr)
{
	struct found f = { .list = list };
	char text[900], *at = text, *end = text + sizeof(text);
	unsigned long i;
	bool holds = true;
	struct span got;

	while (nr && !spans[nr - 1].size)
		nr--;
	for (i = 0; next_span(&f, &got); i++)
		holds &= i < nr && span_is(list, &got, &spans[i]);
	if (holds && i == nr)
		return;
	at += scnprintf(at, end - at, "wanted:");
	for (i = 0; i < nr; i++)
		at = print_span(at, end, &spans[i]);
	at += scnprintf(at, end - at, "%s\ngot:   ", nr ? "" : " nothing");
	f = (struct found){ .list = list };
	while (next_span(&f, &got))
		at = print_span(at, end, &got);
	kunit_fail(test, site, " %s", text);
}
