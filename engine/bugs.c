// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Bugs of memblock's that are known. Whether a memblock.c has one is asked of its text, not of its
 * version, so that stable kernels with the fix, and a developer's own, are judged right.
 * docs/kernel-bugs.md tells the story of each.
 */
#include "engine/bugs.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/file.h"

static const struct engine_bug bugs[] = {
	{
		.name = "memory-array",
		.tests = "memblock_arrays.stay_in_memory*",
		.function = "memblock_double_array",
		.has = "if (type != &memblock.reserved) new_area_start = new_area_size = 0;",
		.what = "the array of memory regions can be put into the range that is being removed, or marked nomap",
	},
	{
		.name = "reserved-array",
		.tests = "memblock_arrays.avoid_a_range_from_zero*",
		.function = "memblock_double_array",
		.has = "if (!addr && new_area_size) addr = memblock_find_in_range(0, min(new_area_start, memblock.current_limit), new_alloc_size, PAGE_SIZE);",
		.what = "the array of reserved regions can be put into the range that is being reserved, if that begins at 0",
	},
	{
		.name = "arrays-apart",
		.tests = "memblock_arrays.keep_apart*",
		.function = "memblock_double_array",
		.has = "old_alloc_size); if (!use_slab) BUG_ON(memblock_reserve",
		.what = "the new array of memory regions is not yet reserved when the old one is freed, and the array of reserved regions can be put over it",
	},
	{
		.name = "physmem-array",
		.tests = "memblock_arrays.physmem_keeps_the_image",
		.function = "memblock_double_array",
		.has = "else if (old_array != memblock_memory_init_regions && old_array != memblock_reserved_init_regions)",
		.lacks = "memblock_physmem_init_regions",
		.what = "the first array of physmem, which is part of the kernel's image, is freed as if it had been allocated",
	},
	{
		.name = "cap-wraps",
		.tests = "memblock_cap_memory_range.cap_keeps_what_is_reserved*",
		.function = "memblock_cap_memory_range",
		.has = "memblock_remove_range(&memblock.reserved, base + size,",
		.lacks = "memblock_cap_size",
		.what = "what is reserved in the memory that is kept is forgotten if base + size overflows",
	},
	{
		.name = "cap-early",
		.tests = "memblock_cap_memory_range.cap_before_there_is_memory",
		.function = "memblock_cap_memory_range",
		.has = "ret = memblock_isolate_range(&memblock.memory, base, size, &start_rgn, &end_rgn);",
		.lacks = "No memory registered yet",
		.later = "pr_warn_ratelimited(\"Could not allocate %pap bytes of mirrored",
		.what = "what is reserved is forgotten if there is no memory yet",
		.fix = "e888fa7bb882 (5.17)",
	},
	{
		.name = "trim-total",
		.tests = "memblock_trim_memory.trim_and_*",
		.function = "memblock_trim_memory",
		.has = "if (start < end) { r->base = start; r->size = end - start; }",
		.lacks = "total_size",
		.what = "what is trimmed is not taken off the sum of memory",
	},
	{
		.name = "trim-wraps",
		.tests = "memblock_trim_memory.trim_at_the_last_address",
		.function = "memblock_trim_memory",
		.has = "start = round_up(orig_start, align); end = round_down(orig_end, align); if (start == orig_start && end == orig_end) continue; if (start < end) {",
		.what = "a region in the last pages that there are grows to all addresses, because rounding up its beginning gives 0",
	},
	{
		.name = "overlap-wraps",
		.tests = "",
		.function = "memblock_overlaps_region",
		.has = "memblock_addrs_overlap(base, size, type->regions[i].base,",
		.lacks = "memblock_cap_size(base, &size);",
		.later =
			"phys_addr_t size) { return memblock_overlaps_region(&memblock.reserved, base, size);",
		.what = "a range that reaches past the last address overlaps nothing",
		.fix = "023accf5cdc1 (5.14)",
	},
	{
		.name = "end-of-nothing",
		.tests = "memblock_sums.end_of_no_memory",
		.function = "memblock_end_of_DRAM",
		.has = "int idx = memblock.memory.cnt - 1; return (memblock.memory.regions[idx].base + memblock.memory.regions[idx].size);",
		.what = "without memory, the end of memory is read from before the array",
	},
	{
		.name = "estimate",
		.tests = "memblock_sums.estimate_with_reserved_holes",
		.function = "memblock_estimated_nr_free_pages",
		.has = "return PHYS_PFN(memblock_phys_mem_size() - memblock_reserved_size());",
		.what = "what is reserved but no memory is taken off the sum of memory, which can underflow",
		.fix = "c42af83c59b6 (6.18)",
	},
	{
		.name = "mirror",
		.tests = "memblock_mirror.mark_without_kernelcore",
		.function = "memblock_mark_mirror",
		.has = "system_has_some_mirror = true;",
		.lacks = "if (!mirrored_kernelcore)",
		.later = "pr_warn_ratelimited(\"Could not allocate %pap bytes of mirrored",
		.what = "memory is marked as mirrored, and preferred, although nobody asked for kernelcore=mirror",
		.fix = "902c2d91582c (6.0)",
	},
	{
		.name = "late-alloc",
		.tests = "memblock_alloc_where.when_slab_is_there",
		.function = "memblock_alloc_range_nid",
		.has = "found = memblock_find_in_range_node(size, align, start, end, nid, flags);",
		.lacks = "slab_is_available()",
		.later = "reserve_mem_find_by_name(",
		.what = "memblock_phys_alloc() and the like give away memory that is the page allocator's, once that is up",
		.fix = "94ff46de4a73 (6.11)",
	},
	{
		.name = "below-kernel",
		.tests = "memblock_alloc_where.below_the_kernel",
		.function = "memblock_find_in_range_node",
		.has = "kernel_end = __pa_symbol(_end);",
		.what = "bottom-up allocation begins behind the kernel's image, and uses what is below only when all else is full",
		.fix = "2dcb39645441 (5.11)",
	},
	{
		.name = "not-accepted",
		.tests = "memblock_alloc_where.accepted_before_it_is_used "
			 "memblock_double_array.memory_is_accepted*",
		.function = "memblock_double_array",
		.has = "new_array = addr ? __va(addr) : NULL;",
		.lacks = "accept_memory",
		.what = "the new array is written to before its memory is accepted",
		.fix = "da8bf5daa5e5 (6.15)",
	},
	{
		.name = "slab-array",
		.tests = "memblock_discard.discard_returns_to_slab memblock_discard.*_of_slab",
		.function = "memblock_discard",
		.has = "__memblock_free_late(addr, size);",
		.lacks = "kfree(",
		.what = "an array that kmalloc() gave goes to the page allocator instead of to kfree()",
		.fix = "c94afc46cae7 (5.17)",
	},
	{
		.name = "first-byte",
		.tests = "memblock_free_all.marked_up_to_a_byte*",
		.function = "__next_reserved_mem_region",
		.has = "*out_end = base + size - 1;",
		.what = "a page of which only the first byte is reserved is not marked as reserved",
		.fix = "9f3d5eaa3cf6 (5.10)",
	},
	{
		.name = "end-is-size",
		.tests = "memblock_free_nodes.no_memory_has_no_node "
			 "memblock_free_nodes.array_grows/below "
			 "memblock_hand_over.what_is_no_memory_has_no_node",
		.function = "memmap_init_reserved_pages",
		.has = "memblock_set_node(start, end, &memblock.reserved, nid);",
		.what = "the end of each region is passed for its size, and what is reserved but no memory gets a node",
		.fix = "06eaa824fd23 (6.15)",
	},
	{
		.name = "array-node",
		.tests = "memblock_free_nodes.array_grows/below "
			 "memblock_hand_over.array_that_grows_has_a_node",
		.function = "memmap_init_reserved_pages",
		.has = "&memblock.reserved, nid);",
		.lacks = "goto repeat;",
		.what = "the array of reserved regions gets no node if it grows while nodes are being set",
		.fix = "eac8ea8736cc (6.15)",
	},
	{
		.name = "late-pages",
		.tests = "memblock_hand_over.late_pages_are_looked_at",
		.function = "memblock_free_late",
		.has = "__free_pages_core(",
		.what = "pages that are not initialised yet are freed",
		.fix = "647037adecad (6.2)",
	},
	{
		.name = "coverage",
		.tests = "memblock_answers.numa_coverage_at_threshold*",
		.function = "memblock_validate_numa_coverage",
		.has = "(nr_pages << PAGE_SHIFT) >= threshold_bytes",
		.what = "exactly as much memory without a node as may be is too much",
		.fix = "9cdc6423acb4 (6.13)",
	},
	{
		.name = "hugetlb-mirror",
		.tests = "memblock_small.huge_page_is_not_mirrored",
		.function = "memblock_alloc_hugetlb",
		.has = "flags &= ~MEMBLOCK_MIRROR;",
		.what = "mirrored memory is taken for huge pages where it comes first",
	},
	{
		.name = "first-bit",
		.tests = "memblock_free_orders.no_first_bit_of_zero",
		.function = "__free_pages_memory",
		.has = "__ffs(start)",
		.lacks = "if (start)",
		.what = "the first bit of page frame 0 is asked for, which is undefined",
		.fix = "59f876fb9d68 (6.4)",
	},
	{
		.name = "reserve-mem",
		.tests = "reserve_mem.release",
		.function = "reserve_mem_release_by_name",
		.has = "end = start + map->size - 1;",
		.what = "the last page of what is released is not freed",
		.fix = "7.2",
	},
	{
		.name = "flag-names",
		.tests = "memblock_debugfs.flag_names/two memblock_debugfs.flag_names/three "
			 "memblock_debugfs.flag_names/known_and_unknown",
		.function = "memblock_debug_show",
		.has = "seq_printf(m, \"%s\\n\", flagname[j]); break;",
		.what = "of a region's flags only the first is shown",
		.fix = "7.2",
	},
};

/* Takes comments and white space out of C, in place. */
static void squeeze(char *text)
{
	char *to = text;

	for (const char *p = text; *p; p++) {
		if (p[0] == '/' && p[1] == '*') {
			const char *end = strstr(p + 2, "*/");

			p = end ? end + 1 : p + strlen(p) - 1;
		} else if (p[0] == '/' && p[1] == '/') {
			p += strcspn(p, "\n") - 1;
		} else if (!isspace((unsigned char)*p)) {
			*to++ = *p;
		}
	}
	*to = '\0';
}

static char *squeezed(const char *text)
{
	char *copy = array_strdup(text);

	squeeze(copy);
	return copy;
}

/* Behind the parenthesis or brace that closes the one at @open; NULL: none does. */
static const char *behind_pair(const char *open, char left, char right)
{
	int depth = 0;

	for (const char *p = open; *p; p++) {
		depth += (*p == left) - (*p == right);
		if (!depth)
			return p + 1;
	}
	return NULL;
}

/* The body of a function in squeezed C, as a copy; NULL: it is not defined there. */
static char *find_body(const char *text, const char *function)
{
	size_t len = strlen(function);

	for (const char *at = strstr(text, function); at; at = strstr(at + 1, function)) {
		const char *open = at + len, *end;

		if (*open != '(' || !(open = behind_pair(open, '(', ')')) || *open != '{')
			continue;
		end = behind_pair(open, '{', '}');
		return end ? file_path("%.*s", (int)(end - open), open) : NULL;
	}
	return NULL;
}

static bool contains(const char *body, const char *text)
{
	char *wanted = squeezed(text);
	bool there = strstr(body, wanted);

	free(wanted);
	return there;
}

static bool is_there(const char *memblock, const struct engine_bug *bug)
{
	char *body = find_body(memblock, bug->function);
	bool there = body && contains(body, bug->has) &&
		     !(bug->lacks && contains(body, bug->lacks)) &&
		     !(bug->later && contains(memblock, bug->later));

	free(body);
	return there;
}

/* memblock.c, and nobootmem.c where it is in the engine, too. NULL: it cannot be read. */
static char *read_sources(const struct engine_info *info)
{
	char *memblock = file_read(info->memblock, NULL, NULL);
	char *nobootmem = *info->nobootmem ? file_read(info->nobootmem, NULL, NULL) : NULL;
	char *both = memblock && nobootmem ? file_path("%s\n%s", memblock, nobootmem) : NULL;

	free(nobootmem);
	if (!both)
		return memblock;
	free(memblock);
	return both;
}

const struct engine_bug *engine_bug(size_t i)
{
	return i < ARRAY_LEN(bugs) ? &bugs[i] : NULL;
}

bool *engine_find_bugs(const struct engine_info *info)
{
	bool *there = array_resize(NULL, ARRAY_LEN(bugs), sizeof(*there));
	char *memblock = read_sources(info);

	if (memblock)
		squeeze(memblock);
	for (size_t i = 0; i < ARRAY_LEN(bugs); i++)
		there[i] = memblock && is_there(memblock, &bugs[i]);
	free(memblock);
	return there;
}
