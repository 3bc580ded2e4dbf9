// SPDX-License-Identifier: GPL-2.0-or-later
/* Text of others in XML and HTML. */
#include <jansson.h>
#include <libxml/entities.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "report/internal.h"

char *report_markup_clean(const char *text)
{
	char *copy = array_strdup(text);
	json_t *json = json_string(text); /* which is NULL of what is no UTF-8 */
	bool utf8 = json != NULL;

	json_decref(json);
	for (unsigned char *c = (unsigned char *)copy; *c; c++) {
		/* U+FFFE and U+FFFF are UTF-8, but no characters */
		if (utf8 && c[0] == 0xef && c[1] == 0xbf && c[2] >= 0xbe)
			memset(c, '?', 3);
		else if ((*c < ' ' && *c != '\t' && *c != '\n') || *c == 0x7f ||
			 (*c > 0x7f && !utf8))
			*c = '?';
	}
	return copy;
}

void report_markup_text(const char *text, FILE *out)
{
	char *copy = report_markup_clean(text);
	xmlChar *escaped = xmlEncodeSpecialChars(NULL, BAD_CAST copy);

	if (!escaped)
		array_die();
	fputs((const char *)escaped, out);
	xmlFree(escaped);
	free(copy);
}
