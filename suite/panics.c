// SPDX-License-Identifier: GPL-2.0-or-later
/* What does not return. */
#include "suite/watch.h"

#ifdef RT_HAVE___memblock_alloc_or_panic
static void no_memory(struct kunit *test)
{
	machine(test, { MB(64), MB(64) });
	expect_panic(test, "Failed to allocate", memblock_alloc_or_panic(MB(64) + 1, SZ_4K));
}
#else
SUITE_WITHOUT(no_memory, memblock_alloc_or_panic())
#endif

static struct kunit_case cases[] = { KUNIT_CASE(no_memory), {} };
static struct kunit_suite suite = { .name = "memblock_panics", .test_cases = cases };

kunit_test_suite(suite);
