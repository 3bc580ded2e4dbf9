/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include <jansson.h>
#include <stdint.h>

/* Values as all of mbsim's JSON has them; the caller owns them, as from jansson. */

/* NULL is null. JSON is UTF-8, lines of logs are bytes: in what is not UTF-8 each byte that is not ASCII is "?". */
json_t *report_json_text(const char *s);
/* What is above the largest integer that jansson has is that. */
json_t *report_json_number(uint64_t n);

#endif
