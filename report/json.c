// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/json.h"

#include <stdlib.h>

#include "lib/array.h"

json_t *report_json_text(const char *s)
{
	json_t *value = s ? json_string(s) : json_null();
	char *copy;

	if (value)
		return value;
	copy = array_strdup(s);
	for (char *p = copy; *p; p++)
		if (*p & 0x80)
			*p = '?';
	value = json_string(copy);
	free(copy);
	return value;
}

json_t *report_json_number(uint64_t n)
{
	return json_integer(n > INT64_MAX ? INT64_MAX : (json_int_t)n);
}

void report_json_set(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value))
		array_die();
}

void report_json_append(json_t *array, json_t *value)
{
	if (json_array_append_new(array, value))
		array_die();
}

json_t *report_json_texts(char *const *v, size_t nr)
{
	json_t *all = json_array();

	for (size_t i = 0; i < nr; i++)
		report_json_append(all, report_json_text(v[i]));
	return all;
}

void report_json_print(json_t *o, size_t flags, FILE *out)
{
	json_t *all = json_pack("{s:i}", "version", REPORT_JSON_VERSION);

	if (!all || json_object_update(all, o))
		array_die();
	if (!json_dumpf(all, out, flags | JSON_PRESERVE_ORDER))
		putc('\n', out);
	json_decref(all);
	json_decref(o);
}
