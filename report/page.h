/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include <stdio.h>

#include "boot/boot.h"
#include "diff/diff.h"
#include "layout/layout.h"
#include "record/record.h"
#include "report/replay.h"

/*
 * A boot, a replay or a comparison as one page of HTML that needs nothing else: no network, no other file.
 * What it shows is in it as JSON, of which docs/page.schema.json says what is what. @layout, the
 * machine, may be NULL.
 */
void report_page_boot(const struct boot_result *r, const struct record *run,
		      const struct layout *layout, FILE *out);
void report_page_replay(const struct replay_result *r, const struct record *run,
			const struct report_replay *what, const struct layout *layout, FILE *out);
void report_page_diff(const struct diff *d, const struct layout *layout, FILE *out);

#endif
