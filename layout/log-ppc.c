// SPDX-License-Identifier: GPL-2.0-or-later
/* PowerPC: the size of memory, where it is all that a log has of it. */
#include <string.h>

#include "layout/internal.h"

/* Without holes, memory begins at 0. "Top of RAM: 0x80000000, Total RAM: 0x80000000"; sparc64 has it as well */
static enum log_verdict top_of_ram(struct log *log, const char *p)
{
	uint64_t top, size;

	if (log_scan_hex(log, &p, &top) != LOG_USED || !scan_word(&p, ", Total RAM:") ||
	    log_scan_hex(log, &p, &size) != LOG_USED || top != size)
		return LOG_SKIP;
	return log_total(log, (struct range){ 0, size });
}

/* "Total memory = 512MB; using 1024kB for hash table (at cfe00000)", of 32 bit */
static enum log_verdict total_memory(struct log *log, const char *p)
{
	uint64_t megabytes;

	if (!scan_number(&p, &megabytes) || !scan_word(&p, "MB") || megabytes >> 32)
		return LOG_SKIP;
	return log_total(log, (struct range){ 0, megabytes << 20 });
}

const struct log_key log_ppc_keys[] = {
	{ "Top of RAM:", top_of_ram, 0, false },
	{ "Total memory =", total_memory, 0, false },
	{ "mmu_features ", log_arch_clue, LAYOUT_PPC64, true },
	{ "ppc64_pft_size", log_arch_clue, LAYOUT_PPC64, true },
	{ "Starting Linux PPC64", log_arch_clue, LAYOUT_PPC64, true },
	{ "radix-mmu:", log_arch_clue, LAYOUT_PPC64, false },
	{ "hash-mmu:", log_arch_clue, LAYOUT_PPC64, false },
	{ 0 },
};
