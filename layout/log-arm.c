// SPDX-License-Identifier: GPL-2.0-or-later
/* 32-bit ARM, and all that get their memory from a device tree: what the kernel left out of it. */
#include <string.h>

#include "layout/internal.h"
#include "lib/array.h"

/* There is memory, and the kernel does not use it. */
static enum log_verdict add_ignored(struct log *log, struct range range)
{
	struct log_boot *boot = log->boot;

	if (boot->nr_ignored >= LAYOUT_MAX_UPDATES)
		return log_bad(log, "there are too many of these");
	ARRAY_APPEND(boot->ignored, boot->nr_ignored, boot->room_ignored) =
		(struct log_image){ range, log->line };
	return LOG_USED;
}

/* "Ignoring memory block 0x100000000 - 0x180000000": the end is exclusive */
static enum log_verdict ignored(struct log *log, const char *p)
{
	struct range range;
	enum log_verdict v;

	if (!scan_word(&p, "block"))
		scan_word(&p, "range");
	v = log_scan_range(log, &p, &range);
	return v == LOG_USED ? add_ignored(log, range) : v;
}

/* Kernels before 5.15 or so print the last byte, others the end. */
static uint64_t end_of(uint64_t last_or_end)
{
	return last_or_end % 4096 == 4095 ? last_or_end + 1 : last_or_end;
}

/* "Ignoring RAM at 0x30000000-0x3fffffff" */
static enum log_verdict ignored_ram(struct log *log, const char *p)
{
	struct range range;
	enum log_verdict v = log_scan_range(log, &p, &range);

	if (v != LOG_USED)
		return v;
	range.end = end_of(range.end);
	return add_ignored(log, range);
}

/* "Truncating RAM at 0x00000000-0x3fffffff to -0x2f7fffff" */
static enum log_verdict truncated_ram(struct log *log, const char *p)
{
	struct range range;
	enum log_verdict v = log_scan_range(log, &p, &range);
	uint64_t end;

	if (v != LOG_USED || !scan_word(&p, "to -") || log_scan_hex(log, &p, &end) != LOG_USED)
		return v == LOG_USED ? log_bad(log, "there is no new end") : v;
	end = end_of(end);
	range.end = end_of(range.end);
	if (end <= range.start || end >= range.end)
		return log_bad(log, "the new end is not in the range");
	return add_ignored(log, (struct range){ end, range.end });
}

const struct log_key log_arm_keys[] = {
	{ "OF: fdt: Ignoring memory", ignored, 0, false },
	{ "Ignoring memory", ignored, 0, false },
	{ "Ignoring RAM at", ignored_ram, 0, false },
	{ "Truncating RAM at", truncated_ram, 0, false },
	{ "CPU: ARM", log_arch_clue, LAYOUT_ARM, true },
	{ "Memory policy:", log_arch_clue, LAYOUT_ARM, true },
	{ 0 },
};
