/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_INTERNAL_H
#define REPORT_INTERNAL_H

#include "report/report.h"

/* "free", "reserved", "nomap" */
const char *report_use_name(enum boot_use use);

/* "returned", "panic" ...: how a boot ended, as a word. */
const char *report_end_name(enum engine_end end);

#endif
