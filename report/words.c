// SPDX-License-Identifier: GPL-2.0-or-later
/* Words that all forms of a report share. */
#include "report/internal.h"

const char *report_use_name(enum boot_use use)
{
	static const char *const names[BOOT_USES] = {
		[BOOT_FREE] = "free",
		[BOOT_RESERVED] = "reserved",
		[BOOT_NOMAP] = "nomap",
	};

	return names[use];
}

const char *report_end_name(enum engine_end end)
{
	static const char *const names[] = {
		[ENGINE_RETURNED] = "finished", [ENGINE_PANICKED] = "panic",
		[ENGINE_BUGGED] = "bug",	[ENGINE_TRAPPED] = "trap",
		[ENGINE_FAULTED] = "fault",	[ENGINE_TIMED_OUT] = "timeout",
		[ENGINE_STOPPED] = "stopped",
	};

	return names[end];
}
