// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where kernels are known to be wrong. The model does what is right, and notes, by what the call is
 * and what there is, that a kernel with the bug does something else; docs/kernel-bugs.md tells more
 * of each.
 */
#include "lib/array.h"
#include "model/internal.h"

static const struct model_bug bugs[] = {
	[BUG_MEMORY_ARRAY] = { "memory-array",
			       "the array of memory regions is put where there will be no memory" },
	[BUG_RESERVED_ARRAY] = { "reserved-array",
				 "the array of reserved regions is put into the range that is "
				 "being reserved, if that begins at 0" },
	[BUG_ARRAYS_APART] = { "arrays-apart",
			       "the array of reserved regions is put over the new array of memory "
			       "regions, which is not yet reserved" },
	[BUG_PHYSMEM_ARRAY] = { "physmem-array",
				"the first array of physmem is freed, though it is part of the "
				"kernel's image" },
	[BUG_CAP_WRAPS] = { "cap-wraps",
			    "what is reserved in memory that is kept is forgotten if the range "
			    "to keep reaches past the last address" },
	[BUG_CAP_EARLY] = { "cap-early",
			    "what is reserved is forgotten if there is no memory yet" },
	[BUG_TRIM_TOTAL] = { "trim-total", "what is trimmed is not taken off the sum of memory" },
	[BUG_TRIM_WRAPS] = { "trim-wraps",
			     "a region in the last pages that there are grows to all addresses" },
	[BUG_OVERLAP_WRAPS] = { "overlap-wraps",
				"a range that reaches past the last address overlaps nothing" },
	[BUG_END_OF_NOTHING] = { "end-of-nothing",
				 "without memory, the end of memory is read from before the array" },
	[BUG_ESTIMATE] = { "estimate",
			   "what is reserved but no memory is taken off the sum of memory" },
	[BUG_LATE_ALLOC] = { "late-alloc",
			     "memory that is the page allocator's by now is given away" },
	[BUG_MIRROR] = { "mirror",
			 "memory is marked as mirrored, and preferred, although nobody asked for it" },
	[BUG_HUGETLB_MIRROR] = { "hugetlb-mirror", "huge pages are taken from mirrored memory" },
};

_Static_assert(ARRAY_LEN(bugs) == NR_BUGS, "a bug without a sentence");

void known_note(struct model *m, enum bug bug)
{
	m->bugs |= 1u << bug;
}

const struct model_bug *model_known(const struct model *m)
{
	return m->bugs ? &bugs[__builtin_ctz(m->bugs)] : NULL;
}

const struct model_bug *model_bug(size_t i)
{
	return i < NR_BUGS ? &bugs[i] : NULL;
}
