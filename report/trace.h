/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_TRACE_H
#define REPORT_TRACE_H

#include <stdio.h>

#include "record/record.h"

/*
 * What a boot or replay did as Chrome trace events, one JSON object; its keys are described in report/trace.c. @log, whose
 * times are taken, is NULL for a boot.
 */
void report_trace(const struct record *run, const struct replay_log *log, FILE *out);

#endif
