// SPDX-License-Identifier: GPL-2.0-or-later
/* The functions that allocate, one table for all tests of them. */
#include "suite/entries.h"

static inline phys_addr_t physical(const void *p)
{
	return p ? __pa(p) : 0;
}

#define ENTRY(name, expression)                                                              \
	static phys_addr_t call_##name(phys_addr_t size, phys_addr_t align, phys_addr_t min, \
				       phys_addr_t max, int nid)                             \
	{                                                                                    \
		(void)min, (void)max, (void)nid;                                             \
		return expression;                                                           \
	}

#define ROW(name, can)                    \
	{                                 \
#name, call_##name, (can) \
	}

#ifdef RT_HAVE_memblock_phys_alloc_range
ENTRY(memblock_alloc, physical(memblock_alloc(size, align)))
ENTRY(memblock_alloc_raw, physical(memblock_alloc_raw(size, align)))
ENTRY(memblock_alloc_from, physical(memblock_alloc_from(size, align, min)))
ENTRY(memblock_alloc_low, physical(memblock_alloc_low(size, align)))
ENTRY(memblock_alloc_node, physical(memblock_alloc_node(size, align, nid)))
ENTRY(memblock_alloc_try_nid, physical(memblock_alloc_try_nid(size, align, min, max, nid)))
ENTRY(memblock_alloc_try_nid_raw, physical(memblock_alloc_try_nid_raw(size, align, min, max, nid)))
ENTRY(memblock_phys_alloc, memblock_phys_alloc(size, align))
ENTRY(memblock_phys_alloc_range, memblock_phys_alloc_range(size, align, min, max))
ENTRY(memblock_phys_alloc_try_nid, memblock_phys_alloc_try_nid(size, align, nid))
#ifdef RT_HAVE_memblock_alloc_exact_nid_raw
ENTRY(memblock_alloc_exact_nid_raw,
      physical(memblock_alloc_exact_nid_raw(size, align, min, max, nid)))
#else
#define call_memblock_alloc_exact_nid_raw NULL
#endif
#ifdef RT_HAVE_memblock_alloc_range_nid
ENTRY(memblock_alloc_range_nid, memblock_alloc_range_nid(size, align, min, max, nid, false))
#else
#define call_memblock_alloc_range_nid NULL
#endif
#ifdef RT_HAVE___memblock_alloc_or_panic
ENTRY(memblock_alloc_or_panic, physical(memblock_alloc_or_panic(size, align)))
#else
#define call_memblock_alloc_or_panic NULL
#endif

static const struct entry entries[] = {
	ROW(memblock_alloc, CAN_ZERO),
	ROW(memblock_alloc_raw, 0),
	ROW(memblock_alloc_from, CAN_MIN | CAN_ZERO | CAN_RELAX),
	ROW(memblock_alloc_low, CAN_ZERO),
	ROW(memblock_alloc_node, CAN_NODE | CAN_ZERO),
	ROW(memblock_alloc_try_nid, CAN_MIN | CAN_MAX | CAN_NODE | CAN_ZERO | CAN_RELAX),
	ROW(memblock_alloc_try_nid_raw, CAN_MIN | CAN_MAX | CAN_NODE | CAN_RELAX),
	ROW(memblock_alloc_exact_nid_raw, CAN_MIN | CAN_MAX | CAN_NODE | CAN_EXACT | CAN_RELAX),
	ROW(memblock_phys_alloc, 0),
	ROW(memblock_phys_alloc_range, CAN_MIN | CAN_MAX),
	ROW(memblock_phys_alloc_try_nid, CAN_NODE),
	ROW(memblock_alloc_range_nid, CAN_MIN | CAN_MAX | CAN_NODE),
	ROW(memblock_alloc_or_panic, CAN_ZERO | CAN_PANIC),
};
#else
/*
 * Up to 4.20 most of them panic when there is no memory. Up to 4.19 some that return addresses have
 * the names of today's that return pointers, and those are called memblock_virt_alloc.
 */
#ifdef RT_HAVE_BOOTMEM
ENTRY(memblock_alloc, memblock_alloc(size, align))
ENTRY(memblock_alloc_nid, memblock_alloc_nid(size, align, nid))
ENTRY(memblock_alloc_try_nid, memblock_alloc_try_nid(size, align, nid))
ENTRY(memblock_virt_alloc, physical(memblock_virt_alloc(size, align)))
ENTRY(memblock_virt_alloc_raw, physical(memblock_virt_alloc_raw(size, align)))
ENTRY(memblock_virt_alloc_nopanic, physical(memblock_virt_alloc_nopanic(size, align)))
ENTRY(memblock_virt_alloc_low, physical(memblock_virt_alloc_low(size, align)))
ENTRY(memblock_virt_alloc_low_nopanic, physical(memblock_virt_alloc_low_nopanic(size, align)))
ENTRY(memblock_virt_alloc_from_nopanic,
      physical(memblock_virt_alloc_from_nopanic(size, align, min)))
ENTRY(memblock_virt_alloc_try_nid,
      physical(memblock_virt_alloc_try_nid(size, align, min, max, nid)))
ENTRY(memblock_virt_alloc_try_nid_raw,
      physical(memblock_virt_alloc_try_nid_raw(size, align, min, max, nid)))
ENTRY(memblock_virt_alloc_try_nid_nopanic,
      physical(memblock_virt_alloc_try_nid_nopanic(size, align, min, max, nid)))
#else
ENTRY(memblock_alloc, physical(memblock_alloc(size, align)))
ENTRY(memblock_alloc_raw, physical(memblock_alloc_raw(size, align)))
ENTRY(memblock_alloc_nopanic, physical(memblock_alloc_nopanic(size, align)))
ENTRY(memblock_alloc_low, physical(memblock_alloc_low(size, align)))
ENTRY(memblock_alloc_from, physical(memblock_alloc_from(size, align, min)))
ENTRY(memblock_alloc_try_nid, physical(memblock_alloc_try_nid(size, align, min, max, nid)))
ENTRY(memblock_alloc_try_nid_raw, physical(memblock_alloc_try_nid_raw(size, align, min, max, nid)))
ENTRY(memblock_alloc_try_nid_nopanic,
      physical(memblock_alloc_try_nid_nopanic(size, align, min, max, nid)))
ENTRY(memblock_phys_alloc, memblock_phys_alloc(size, align))
ENTRY(memblock_phys_alloc_nid, memblock_phys_alloc_nid(size, align, nid))
ENTRY(memblock_phys_alloc_try_nid, memblock_phys_alloc_try_nid(size, align, nid))
#endif
ENTRY(memblock_alloc_base, memblock_alloc_base(size, align, max))
ENTRY(__memblock_alloc_base, __memblock_alloc_base(size, align, max))
ENTRY(memblock_alloc_base_nid, memblock_alloc_base_nid(size, align, max, nid, MEMBLOCK_NONE))
ENTRY(memblock_alloc_range, memblock_alloc_range(size, align, min, max, MEMBLOCK_NONE))

#define CAN_ALL (CAN_MIN | CAN_MAX | CAN_NODE | CAN_RELAX)

static const struct entry entries[] = {
#ifdef RT_HAVE_BOOTMEM
	ROW(memblock_alloc, CAN_PANIC | CAN_NOT_MIRROR),
	ROW(memblock_alloc_nid, CAN_NODE | CAN_EXACT),
	ROW(memblock_alloc_try_nid, CAN_NODE | CAN_PANIC),
	ROW(memblock_virt_alloc, CAN_ZERO | CAN_PANIC),
	ROW(memblock_virt_alloc_raw, 0),
	ROW(memblock_virt_alloc_nopanic, CAN_ZERO),
	ROW(memblock_virt_alloc_low, CAN_ZERO | CAN_PANIC),
	ROW(memblock_virt_alloc_low_nopanic, CAN_ZERO),
	ROW(memblock_virt_alloc_from_nopanic, CAN_MIN | CAN_RELAX | CAN_ZERO),
	ROW(memblock_virt_alloc_try_nid, CAN_ALL | CAN_ZERO | CAN_PANIC),
	ROW(memblock_virt_alloc_try_nid_raw, CAN_ALL),
	ROW(memblock_virt_alloc_try_nid_nopanic, CAN_ALL | CAN_ZERO),
#else
	ROW(memblock_alloc, CAN_ZERO | CAN_PANIC),
	ROW(memblock_alloc_raw, 0),
	ROW(memblock_alloc_nopanic, CAN_ZERO),
	ROW(memblock_alloc_low, CAN_ZERO | CAN_PANIC),
	ROW(memblock_alloc_from, CAN_MIN | CAN_RELAX | CAN_ZERO | CAN_PANIC),
	ROW(memblock_alloc_try_nid, CAN_ALL | CAN_ZERO | CAN_PANIC),
	ROW(memblock_alloc_try_nid_raw, CAN_ALL),
	ROW(memblock_alloc_try_nid_nopanic, CAN_ALL | CAN_ZERO),
	ROW(memblock_phys_alloc, CAN_PANIC | CAN_NOT_MIRROR),
	ROW(memblock_phys_alloc_nid, CAN_NODE | CAN_EXACT),
	ROW(memblock_phys_alloc_try_nid, CAN_NODE | CAN_PANIC),
#endif
	ROW(memblock_alloc_base, CAN_MAX | CAN_PANIC | CAN_NOT_MIRROR),
	ROW(__memblock_alloc_base, CAN_MAX | CAN_NOT_MIRROR),
	ROW(memblock_alloc_base_nid, CAN_MAX | CAN_NODE | CAN_EXACT | CAN_NOT_MIRROR),
	ROW(memblock_alloc_range, CAN_MIN | CAN_MAX | CAN_NOT_MIRROR),
};
#endif

/* A parameter is the address of one of these: entry times two, plus one for bottom up. */
static const char numbers[2 * ARRAY_SIZE(entries)];

static unsigned int number_of(const void *param)
{
	return (const char *)param - numbers;
}

static const void *next(const void *prev, char *desc, unsigned int kind)
{
	unsigned int i = prev ? number_of(prev) + 1 : 0;

	while (i < ARRAY_SIZE(numbers) && (entries[i / 2].can & kind) != kind)
		i++;
	if (i == ARRAY_SIZE(numbers))
		return NULL;
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s/%s", entries[i / 2].name,
		 i % 2 ? "bottom_up" : "top_down");
	return &numbers[i];
}

const void *entry_gen_params(const void *prev, char *desc)
{
	return next(prev, desc, 0);
}

const void *entry_min_gen_params(const void *prev, char *desc)
{
	return next(prev, desc, CAN_MIN);
}

const void *entry_max_gen_params(const void *prev, char *desc)
{
	return next(prev, desc, CAN_MAX);
}

const void *entry_min_max_gen_params(const void *prev, char *desc)
{
	return next(prev, desc, CAN_MIN | CAN_MAX);
}

const void *entry_node_gen_params(const void *prev, char *desc)
{
	return next(prev, desc, CAN_NODE);
}

const struct entry *entry_of(struct kunit *test)
{
	const struct entry *e = &entries[number_of(test->param_value) / 2];

	if (!e->alloc)
		kunit_skip(test, "this kernel has no %s()", e->name);
	return e;
}

bool entry_is_bottom_up(const struct kunit *test)
{
	return number_of(test->param_value) % 2;
}

phys_addr_t entry_alloc(struct kunit *test, phys_addr_t size, phys_addr_t align)
{
	const struct entry *e = entry_of(test);

	memblock_set_bottom_up(entry_is_bottom_up(test));
	return e->alloc(size, align, 0, MEMBLOCK_ALLOC_ACCESSIBLE, NUMA_NO_NODE);
}
