/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "boot/boot.h"

/* The kernel's log of a boot, as a kernel prints it. */
void report_boot_log(const struct boot_result *r, FILE *out);

/*
 * A boot for people: what it was, the map, the page allocator's blocks, sums, checks. Rows of
 * pieces smaller than a page are folded into one, unless @all is to be seen.
 */
void report_boot_text(const struct boot_result *r, bool all, FILE *out);

/* The same for programs: one JSON object; its keys are described in report/boot-json.c. */
void report_boot_json(const struct boot_result *r, FILE *out);

/*
 * Memory blocks and nodes as a tree of sysfs in the directory @dir, which is made; `lsmem --sysroot`
 * reads it. Returns 0 or -errno and @err.
 */
int report_boot_sysfs(const struct boot_result *r, const char *dir, struct error *err);

#endif
