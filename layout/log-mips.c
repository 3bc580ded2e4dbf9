// SPDX-License-Identifier: GPL-2.0-or-later
/* MIPS: the map that the platform's code made, as sizes and addresses. */
#include <stdio.h>
#include <string.h>

#include "layout/internal.h"

static enum log_verdict heading(struct log *log, const char *text)
{
	(void)text;
	if (log->boot->maps[LOG_MAP_FIRMWARE].nr)
		log_new_boot(log);
	if (!log->boot->l->arch)
		log->boot->l->arch = LAYOUT_MIPS;
	log->boot->heading_seen = true;
	return LOG_SKIP;
}

/* What mem= on the command line makes of it. */
static enum log_verdict user_heading(struct log *log, const char *text)
{
	(void)text;
	log->boot->user_seen = true;
	return LOG_SKIP;
}

/* "000000000e000000 @ 0000000002000000 (usable)": size, address, type */
static enum log_verdict row(struct log *log, const char *p)
{
	struct layout_range row = { .type = LAYOUT_OTHER, .pos.line = log->line };
	char words[LOG_TYPE_MAX];
	enum log_verdict v;

	v = log_scan_size_at(log, &p, &row.range);
	if (v != LOG_USED)
		return v;
	v = log_scan_type(log, &p, &row.type, words);
	if (v != LOG_USED)
		return v;
	row.words = words;
	return log_added(
		log, log_boot_add_row(log->boot,
				      log->boot->user_seen ? LOG_MAP_USER : LOG_MAP_FIRMWARE, row));
}

const struct log_key log_mips_keys[] = {
	{ "Determined physical RAM map:", heading, 0, true },
	{ "User-defined physical RAM map:", user_heading, 0, true },
	{ "memory: ", row, 0, true },
	{ "CPU0 revision is:", log_arch_clue, LAYOUT_MIPS, true },
	{ "CPU revision is:", log_arch_clue, LAYOUT_MIPS, true },
	{ "MIPS: machine is", log_arch_clue, LAYOUT_MIPS, true },
	{ 0 },
};
