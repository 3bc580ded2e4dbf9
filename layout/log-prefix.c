// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What stands before a message: quotes of mail, signs of a diff, line numbers, levels, time
 * stamps of all makes, host and program. They come in any order and number, so each kind is
 * a function that says how many characters of it are here, and they are tried in turn until
 * none finds anything.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "layout/internal.h"
#include "lib/array.h"

static size_t digits(const char *p)
{
	size_t n = 0;

	while (p[n] >= '0' && p[n] <= '9')
		n++;
	return n;
}

static size_t spaces(const char *p)
{
	size_t n = 0;

	while (p[n] == ' ')
		n++;
	return n;
}

size_t log_word_length(const char *p, const char *const *words)
{
	for (; isalpha((unsigned char)*p) && *words; words++) {
		size_t n;

		if ((*p ^ **words) & 0x1f)
			continue;
		n = strlen(*words);
		if (!strncasecmp(p, *words, n) && !isalnum((unsigned char)p[n]))
			return n;
	}
	return 0;
}

/* "12:34:56", "12:34:56.789" */
static size_t time_length(const char *p)
{
	size_t n;

	if (digits(p) != 2 || p[2] != ':' || digits(p + 3) != 2 || p[5] != ':' ||
	    digits(p + 6) != 2)
		return 0;
	n = 8;
	if (p[n] == '.' || p[n] == ',')
		n += 1 + digits(p + n + 1);
	return n;
}

static size_t month_length(const char *p)
{
	static const char *const months[] = { "jan", "feb", "mar", "apr", "may", "jun", "jul",
					      "aug", "sep", "oct", "nov", "dec", NULL };

	for (const char *const *m = months; isalpha((unsigned char)*p) && *m; m++)
		if (!((*p ^ **m) & 0x1f) && !strncasecmp(p, *m, 3) && !isalpha((unsigned char)p[3]))
			return 3;
	return 0;
}

static size_t weekday_length(const char *p)
{
	static const char *const days[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun", NULL };

	return log_word_length(p, days);
}

/* "> ", "| ", "+", "-", a backtick: mail, tables, diffs, markup */
static size_t eat_quote(const char *p)
{
	return *p && strchr(">|`+-", *p) ? 1 : 0;
}

/* "<6>", and "<6>1 " of newer syslogs */
static size_t eat_level_number(const char *p)
{
	size_t n = 0;

	if (*p == '<')
		n = digits(p + 1);
	if (!n || n > 3 || p[1 + n] != '>')
		return 0;
	n += 2;
	return p[n] == '1' && p[n + 1] == ' ' ? n + 2 : n;
}

/* "[    0.000000]" at @p? */
static bool is_stamp(const char *p)
{
	size_t n = 1 + spaces(p + 1), seconds = digits(p + n);

	n += seconds;
	return seconds && p[n] == '.' && digits(p + n + 1) == 6 && p[n + 7] == ']';
}

/* "[    0.000000]", "[  +0.000012]", "[T0]", "[Thu Nov 23 15:05:00 2023]", "[Nov23 15:05]" */
static size_t eat_bracket(const char *p)
{
	const char *close = *p == '[' ? strchr(p, ']') : NULL;
	const char *q = p + 1;

	if (!close || close - p > 48)
		return 0;
	if (is_stamp(p))
		return close + 1 - p;
	q += spaces(q);
	if (month_length(q))
		return close + 1 - p;
	for (const char *t = q; t < close; t++)
		if (time_length(t))
			return close + 1 - p;
	if (!digits(q) && !strchr("+-TC", *q))
		return 0;
	if (digits(q) && q[digits(q)] == ']')
		return 0;
	if (q + strspn(q, "0123456789+-.,:/@TCZ ") != close ||
	    strcspn(q, "0123456789]") + q == close)
		return 0;
	return close + 1 - p;
}

/* "0.000000]", where the beginning of the line is lost */
static size_t eat_half_bracket(const char *p)
{
	size_t n = digits(p);

	if (!n || p[n] != '.')
		return 0;
	n += 1;
	n += digits(p + n);
	return p[n] == ']' ? n + 1 : 0;
}

/* "Jun 11 20:15:39", "Thu Nov 23 15:05:00 2023" */
static size_t eat_date(const char *p)
{
	size_t n = weekday_length(p), part;

	if (n)
		n += spaces(p + n);
	part = month_length(p + n);
	if (!part)
		return 0;
	n += part;
	n += spaces(p + n);
	part = digits(p + n);
	if (!part || part > 2)
		return 0;
	n += part;
	n += spaces(p + n);
	part = time_length(p + n);
	if (!part)
		return 0;
	n += part;
	part = spaces(p + n);
	return part && digits(p + n + part) == 4 ? n + part + 4 : n;
}

/* "2023-11-23T15:05:00.123456+01:00", "2023/11/23 15:05:00", "Thu 2023-11-23 15:05:00" */
static size_t eat_iso_date(const char *p)
{
	size_t day = weekday_length(p), n = 10, zone;

	day += day ? spaces(p + day) : 0;
	p += day;
	if (digits(p) != 4 || !p[4] || !strchr("-/.", p[4]) || digits(p + 5) != 2 || p[7] != p[4] ||
	    digits(p + 8) != 2)
		return 0;
	if (p[n] == 'T')
		n++;
	n += spaces(p + n);
	n += time_length(p + n);
	if (p[n] == 'Z')
		n++;
	if ((p[n] == '+' || p[n] == '-') && digits(p + n + 1)) {
		zone = strspn(p + n + 1, "0123456789:");
		n += 1 + zone;
	}
	return day + n;
}

/* "12:34:56.789" alone */
static size_t eat_time(const char *p)
{
	return time_length(p);
}

/* "123:", as grep -n has it, but not "0: 0x00000010 -> 0x0000009d", which is memory of node 0 */
static size_t eat_line_number(const char *p)
{
	size_t n = digits(p), m;

	if (!n || n > 8 || p[n] != ':' || p[n + 1] == ':')
		return 0;
	m = n + 1 + spaces(p + n + 1);
	m += strspn(p + m, "0123456789abcdefx");
	m += spaces(p + m);
	return p[m] == '-' && p[m + 1] == '>' ? 0 : n + 1;
}

/* "6,339,5140900,-;", of /dev/kmsg and of netconsole */
static size_t eat_record(const char *p)
{
	size_t n = digits(p);

	for (int i = 0; i < 2; i++) {
		if (!n || p[n] != ',' || !digits(p + n + 1))
			return 0;
		n += 1 + digits(p + n + 1);
	}
	if (p[n] != ',')
		return 0;
	n += strcspn(p + n, "; ");
	return p[n] == ';' ? n + 1 : 0;
}

/* "kern  :info  : ", "info:", and "INFO " */
static size_t eat_level_word(const char *p)
{
	static const char *const facilities[] = { "kern", "daemon", "user", "syslog", NULL };
	static const char *const levels[] = { "emerg",	 "alert",  "crit", "err",   "error", "warn",
					      "warning", "notice", "info", "debug", NULL };
	size_t n = log_word_length(p, facilities), level;

	if (n) {
		n += spaces(p + n);
		if (p[n] != ':' && p[n] != '.')
			return 0;
		n++;
		n += spaces(p + n);
	}
	level = log_word_length(p + n, levels);
	/* "Warning only 4GB will be used." is a message */
	if (!level || !isupper((unsigned char)p[n]) != !isupper((unsigned char)p[n + 1]))
		return 0;
	n += level;
	level = spaces(p + n);
	if (p[n + level] == ':')
		return n + level + 1;
	return level ? n + level : 0;
}

/* "(0)[0:swapper]", "[1:init]": processor and task, of kernels that are changed so */
static size_t eat_task(const char *p)
{
	size_t n = 0, number;

	if (*p == '(') {
		number = digits(p + 1);
		return number && p[1 + number] == ')' ? number + 2 : 0;
	}
	if (*p == '[')
		n = 1 + digits(p + 1);
	if (n < 2 || p[n] != ':' || !isalpha((unsigned char)p[n + 1]))
		return 0;
	n += strcspn(p + n, "] ");
	return p[n] == ']' ? n + 1 : 0;
}

/* "MESSAGE=", of an exported journal */
static size_t eat_field(const char *p)
{
	return strncmp(p, "MESSAGE=", 8) ? 0 : 8;
}

/* "host kernel: ", "kernel: ", "host kernel[0]: ", "host klogd: " */
static size_t eat_program(const char *p)
{
	static const char *const programs[] = { "kernel", "klogd", "vmunix", NULL };
	size_t n = 0, name;

	for (int words = 0; words < 3; words++) {
		name = log_word_length(p + n, programs);
		if (name) {
			name += n;
			if (p[name] == '[') {
				name += 1 + digits(p + name + 1);
				name += p[name] == ']';
			}
			if (p[name] == ':')
				return name + 1;
			if (!strncmp(p + name, " - - - ", 7))
				return name + 7;
		}
		n += strcspn(p + n, " :=[");
		if (p[n] != ' ')
			return 0;
		n += spaces(p + n);
	}
	return 0;
}

char *log_next_message(char *text)
{
	char *row = *text ? strstr(text, " BIOS-e820:") : NULL, *p = text;

	while (*p && (p = strchr(p + 1, '[')))
		if (is_stamp(p))
			return row && row + 1 < p ? row + 1 : p;
	return row ? row + 1 : NULL;
}

/* memblock's messages, which can come by the thousand: nothing can stand before these. */
static bool is_memblock(const char *p)
{
	size_t n = strspn(p, "_") + strlen("memblock");

	if (*p != 'm' && *p != '_' && *p != 'r')
		return false;
	if (!strncmp(p, "memory[", 7) || !strncmp(p, "reserved[", 9))
		return true;
	if (strncmp(p + n - strlen("memblock"), "memblock", strlen("memblock")))
		return false;
	while (isalnum((unsigned char)p[n]) || p[n] == '_')
		n++;
	return p[n] == ':';
}

char *log_message(char *text)
{
	static size_t (*const eaters[])(const char *) = {
		eat_quote,    eat_level_number, eat_bracket,	 eat_half_bracket, eat_date,
		eat_iso_date, eat_time,		eat_line_number, eat_record,	   eat_level_word,
		eat_task,     eat_field,	log_tag_length,	 eat_program,
	};
	char *p = text;
	size_t i = 0;

	while (i < ARRAY_LEN(eaters)) {
		size_t n;

		p += spaces(p);
		if (!i && is_memblock(p))
			break;
		n = eaters[i](p);
		p += n;
		i = n ? 0 : i + 1;
	}
	return p;
}
