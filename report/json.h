/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "diff/diff.h"
#include "replay/prediction.h"
#include "report/replay.h"

/* Values as all of mbsim's JSON has them; the caller owns them, as from jansson. */

/* NULL is null. JSON is UTF-8, lines of logs are bytes: in what is not UTF-8 each byte that is not ASCII is "?". */
json_t *report_json_text(const char *s);
/* What is above the largest integer that jansson has is that. */
json_t *report_json_number(uint64_t n);
json_t *report_json_texts(char *const *v, size_t nr); /* an array */
/* These take @value, and end the program where there is no memory. */
void report_json_set(json_t *object, const char *key, json_t *value);
void report_json_append(json_t *array, json_t *value);

/*
 * Prints what --json of a command prints, an object, and gives it up. To its keys comes "version", of the form that
 * docs/schema has: another number when a key goes or gets another meaning, the same when one is added. @flags: of
 * json_dumpf(), besides those that all have.
 */
#define REPORT_JSON_VERSION 1
void report_json_print(json_t *o, size_t flags, FILE *out);

/*
 * That object, but for "version". @p: what the log has beside it; NULL: there is none. @with_calls: with each
 * pair of calls that differs.
 */
json_t *report_boot_object(const struct boot_result *r, const struct prediction *p);
json_t *report_replay_object(const struct replay_result *r, const struct report_replay *what);
json_t *report_diff_object(const struct diff *d, bool with_calls);
/* Of it, the zones, of whatever has a map of pages. */
json_t *report_boot_zones(const struct boot_result *r);

#endif
