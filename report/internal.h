/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_INTERNAL_H
#define REPORT_INTERNAL_H

#include "report/report.h"
#include "report/tests.h"

/* "free", "reserved", "nomap" */
const char *report_use_name(enum boot_use use);

/* "returned", "panic" ...: how a boot ended, as a word. */
const char *report_end_name(enum engine_end end);

/* tests-json.c */
void report_tests_json_begin(struct report_tests *r);
void report_tests_json_one(struct report_tests *r, const struct runner_suite *suite,
			   const struct runner_test *t);
void report_tests_json_end(struct report_tests *r);

#endif
