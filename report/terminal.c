// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/terminal.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/size.h"

#define WIDEST 1000

static size_t width_of(FILE *out, bool is_one)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size = { 0 };
	long width = 0;

	if (!columns || size_parse_int(columns, 1, WIDEST, &width))
		width = is_one && !ioctl(fileno(out), TIOCGWINSZ, &size) && size.ws_col
				? size.ws_col
				: 80;
	return width < REPORT_NARROWEST ? REPORT_NARROWEST
	       : width > WIDEST		? WIDEST
					: (size_t)width;
}

/* The locale's own character set: all else that mbsim prints is in the C locale. */
static bool has_utf8(void)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "", NULL);
	bool utf8 = locale && !strcmp(nl_langinfo_l(CODESET, locale), "UTF-8");

	if (locale)
		freelocale(locale);
	return utf8;
}

struct report_terminal report_terminal_of(FILE *out)
{
	const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");
	bool is_one = isatty(fileno(out));
	bool dumb = !term || !*term || !strcmp(term, "dumb");

	return (struct report_terminal){
		.is_one = is_one,
		.width = width_of(out, is_one),
		.utf8 = has_utf8() && !(is_one && dumb),
		.colour = is_one && !dumb && !(no_color && *no_color),
	};
}
