/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BOOT_CRASH_H
#define BOOT_CRASH_H

#include "boot/internal.h"

/* How a kernel looks for its crash kernel's memory; each architecture fills it in, by version. */
struct boot_crash_rules {
	const char *version; /* of the kernel that these are of */
	const char *file;    /* of it, that has the search */
	/* all in bytes */
	uint64_t align, fixed_align; /* of a place that is searched; of one that is asked for */
	/* where searches begin, end of low memory, where searches for high memory begin, and
	 * end; the latter 0: there is no option ,high */
	uint64_t min, low_end, high_min, high_end;
	uint64_t low_default;  /* below @low_end for a crash kernel that is above; 0: none */
	bool falls_back;       /* SIZE that has no room below @low_end is looked for above */
	bool high_falls_back;  /* SIZE,high that has none above is looked for below */
	bool invalid_is_high;  /* SIZE,high counts if the other one is of no use, too */
	bool low_without_high; /* SIZE,low counts without ,high */
	bool old_messages;     /* of x86 */
};

/* Bytes that crashkernel= asks for, for architectures that look by rules of another kind; 0: none */
uint64_t boot_crash_size(struct boot *b);
/* What kernels with old_messages, and those that have rules of another kind, say of ->r->crash. */
void boot_crash_log(struct boot *b);
void boot_crash_reserve(struct boot *b, const struct boot_crash_rules *rules);

#endif
