/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_INTERNAL_H
#define REPORT_INTERNAL_H

#include <jansson.h>

#include "report/coverage.h"
#include "report/diff.h"
#include "report/report.h"
#include "report/table.h"
#include "report/tests.h"

/* "free", "reserved", "nomap" */
const char *report_use_name(enum boot_use use);

/* "finished", "panic" ...: how a boot ended, as a word. */
const char *report_end_name(enum engine_end end);

/* markup.c: what XML cannot hold, most control characters and what is not UTF-8, is "?". The caller frees. */
char *report_markup_clean(const char *text);
/* The same as text of XML or HTML, or in the quotes of an attribute: markup is escaped. */
void report_markup_text(const char *text, FILE *out);

/* boot-account.c: small items are summed up, unless @all is to be seen. */
void report_boot_account(const struct boot_result *r, bool all, FILE *out);

/* boot-facts.c: what is known of the kernel's build, and from where */
void report_boot_facts(const struct boot_result *r, FILE *out);

/* boot-prediction.c */
void report_boot_prediction(const struct prediction *p, FILE *out);

/* boot-proc.c: as /proc/buddyinfo, /proc/zoneinfo and, of what is free, /proc/iomem */
void report_boot_buddyinfo(const struct boot_result *r, FILE *out);
void report_boot_zoneinfo(const struct boot_result *r, FILE *out);
void report_boot_free(const struct boot_result *r, FILE *out);

/* A form of report_tests: what each of its functions does; NULL: nothing. */
struct report_tests_form {
	void (*begin)(struct report_tests *r);
	void (*cell_begin)(struct report_tests *r);
	void (*one)(struct report_tests *r, const struct runner_suite *suite,
		    const struct runner_test *t, bool last);
	void (*cell_end)(struct report_tests *r);
	void (*end)(struct report_tests *r);
};

extern const struct report_tests_form report_tests_ktap, report_tests_text, report_tests_json,
	report_tests_junit;

/* tests-details.c: what was tested: lines, each behind @prefix */
void report_tests_origin(const struct report_tests *r, const char *prefix);
/*
 * What a test said, and of a failure, known or not, what there is to know. Every line begins with
 * @prefix and @hash, which is "# " or nothing.
 */
void report_tests_details(const struct report_tests *r, FILE *out, const struct runner_test *t,
			  const char *prefix, const char *hash);

/* coverage-text.c: "76.8 %" */
void report_coverage_percent(size_t part, size_t all, FILE *out);

/* coverage-lcov.c: a tracefile of lcov, as genhtml and others read it. */
void report_coverage_lcov(const struct coverage_report *report, FILE *out);

/*
 * coverage-html.c: the annotated source of a file as a page that is complete in itself; and a page
 * that lists the files, if there are several, by the names of their pages.
 */
void report_coverage_page(const struct coverage_file *file, FILE *out);
void report_coverage_list(const struct coverage_report *report, char *const *pages, FILE *out);

/*
 * diff-text.c, diff-rows.c: what the parts of a comparison's text share. "-" is the first side, "+"
 * the second; @sign ' ' is of both, and '@' a heading.
 */
struct report_diff_out {
	const struct diff *d;
	const struct report_diff *how;
	FILE *out;
};

/* Lines of one thing that are shown, unless all are to be. */
#define REPORT_DIFF_FEW 10

extern const char report_diff_sides[];
extern const char *const report_diff_arrays[RT_NR_TYPES];

/* Begins a line with @sign, and ends it, with colours if there are any. */
void report_diff_begin(const struct report_diff_out *t, char sign);
void report_diff_end(const struct report_diff_out *t);
/* How many there are that are not shown, if any. */
void report_diff_more(const struct report_diff_out *t, size_t more);
/* An array that has @a and @b regions. */
void report_diff_heading(const struct report_diff_out *t, const char *array, const char *when,
			 size_t a, size_t b);
/* Two lists as a diff, with a region around what differs. */
void report_diff_rows(const struct report_diff_out *t, const struct record_rows *a,
		      const struct record_rows *b);
/* The arrays at the end. */
void report_diff_arrays_at_end(const struct report_diff_out *t);

/*
 * page.c: a page while it is written. Data is one JSON object, whose members come one after the other.
 */
struct report_page {
	FILE *out;
	bool begun; /* it has a member */
};

void page_begin(struct report_page *p, const char *title, FILE *out);
void page_end(struct report_page *p);
/* A member of the object: its name, for what follows to be its value; or with @value, which it takes. */
void page_key(struct report_page *p, const char *key);
void page_value(struct report_page *p, const char *key, json_t *value);
/* A text as a JSON string, in which nothing is HTML. NULL is null. */
void page_text(struct report_page *p, const char *text);

/* page-run.c: a run as an object. */
void page_run(struct report_page *p, const struct record *run);

#endif
