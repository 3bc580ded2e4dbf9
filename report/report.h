/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "boot/boot.h"
#include "replay/prediction.h"
#include "report/terminal.h"

/* The kernel's log of a boot, as a kernel prints it. */
void report_boot_log(const struct boot_result *r, FILE *out);

/*
 * A boot for people: what it was, the map, the page allocator's blocks, where memory went, sums,
 * checks; or of that, and more, the @sections that are not 0. Small things are folded into one
 * row, unless @all is to be seen. With @terminal the address space is drawn for it, too, unless there are sections and
 * that is none of them.
 */
void report_boot_text(const struct boot_result *r, const struct prediction *p,
		      unsigned int sections, bool all, const struct report_terminal *terminal,
		      FILE *out);

/* The bit of a section, of which @len characters are the name; 0: there is none. */
unsigned int report_boot_section(const char *name, size_t len);
/* All names, as a text with commas. */
#define REPORT_BOOT_SECTIONS                                                                                \
	"log, facts, picture, map, zones, blocks, buddyinfo, zoneinfo, free, account, memory, prediction, " \
	"totals, checks"

/* The same for programs: one JSON object; its keys are described in report/boot-json.c. */
void report_boot_json(const struct boot_result *r, const struct prediction *p, FILE *out);

/*
 * Memory blocks and nodes as a tree of sysfs in the directory @dir, which is made; `lsmem --sysroot`
 * reads it. Returns 0 or -errno and @err.
 */
int report_boot_sysfs(const struct boot_result *r, const char *dir, struct error *err);

#endif
