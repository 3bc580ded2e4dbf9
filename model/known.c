// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where kernels are known to be wrong. The model does what is right, and notes, by what the call is
 * and what there is, that a kernel with the bug does something else; engine/bugs.c has the bugs, and
 * finds out which of them a kernel has.
 */
#include <stdlib.h>
#include <string.h>

#include "engine/bugs.h"
#include "lib/array.h"
#include "model/internal.h"

static const char *const names[] = {
	[BUG_MEMORY_ARRAY] = "memory-array",
	[BUG_RESERVED_ARRAY] = "reserved-array",
	[BUG_ARRAYS_APART] = "arrays-apart",
	[BUG_PHYSMEM_ARRAY] = "physmem-array",
	[BUG_CAP_WRAPS] = "cap-wraps",
	[BUG_CAP_EARLY] = "cap-early",
	[BUG_TRIM_TOTAL] = "trim-total",
	[BUG_TRIM_WRAPS] = "trim-wraps",
	[BUG_OVERLAP_WRAPS] = "overlap-wraps",
	[BUG_END_OF_NOTHING] = "end-of-nothing",
	[BUG_ESTIMATE] = "estimate",
	[BUG_LATE_ALLOC] = "late-alloc",
	[BUG_MIRROR] = "mirror",
	[BUG_HUGETLB_MIRROR] = "hugetlb-mirror",
	[BUG_FIRST_BYTE] = "first-byte",
	[BUG_SLAB_ARRAY] = "slab-array",
};

_Static_assert(ARRAY_LEN(names) == NR_BUGS, "a bug without a name");

void known_read(struct model *m, const struct engine_info *info)
{
	bool *there = engine_find_bugs(info);

	for (size_t i = 0; engine_bug(i); i++)
		for (size_t k = 0; k < NR_BUGS; k++)
			if (there[i] && !strcmp(engine_bug(i)->name, names[k]))
				m->has_bug[k] = engine_bug(i);
	free(there);
}

void known_note(struct model *m, enum bug bug)
{
	if (m->has_bug[bug])
		m->bugs |= 1u << bug;
}

const struct engine_bug *model_known(const struct model *m)
{
	return m->bugs ? m->has_bug[__builtin_ctz(m->bugs)] : NULL;
}
