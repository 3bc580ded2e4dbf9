// SPDX-License-Identifier: GPL-2.0-or-later
/* Numbers in text, as the kernel reads them. */
#include <linux/kernel.h>
#include <linux/string_helpers.h>

static unsigned int digit(char c)
{
	if (isdigit(c))
		return c - '0';
	c = tolower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
}

/* As the kernel's: wraps around in silence. */
unsigned long long simple_strtoull(const char *text, char **end, unsigned int base)
{
	unsigned long long value = 0;

	if (text[0] == '0' && tolower(text[1]) == 'x' && digit(text[2]) < 16 &&
	    (base == 0 || base == 16)) {
		base = 16;
		text += 2;
	} else if (base == 0) {
		base = text[0] == '0' ? 8 : 10;
	}
	for (; digit(*text) < base; text++)
		value = value * base + digit(*text);
	if (end)
		*end = (char *)text;
	return value;
}

unsigned long simple_strtoul(const char *text, char **end, unsigned int base)
{
	return simple_strtoull(text, end, base);
}

long simple_strtol(const char *text, char **end, unsigned int base)
{
	return *text == '-' ? -(long)simple_strtoull(text + 1, end, base)
			    : (long)simple_strtoull(text, end, base);
}

unsigned long long memparse(const char *text, char **end)
{
	static const char suffixes[] = "kmgtpe";
	char *stop;
	unsigned long long value = simple_strtoull(text, &stop, 0);

	for (int i = 0; suffixes[i]; i++) {
		if (*stop && tolower(*stop) == suffixes[i]) {
			value <<= 10 * (i + 1);
			stop++;
			break;
		}
	}
	if (end)
		*end = stop;
	return value;
}

int kstrtoull(const char *s, unsigned int base, unsigned long long *value)
{
	unsigned long long v;
	char *end;

	if (*s == '+')
		s++;
	v = simple_strtoull(s, &end, base);
	if (end == s)
		return -EINVAL;
	if (*end == '\n')
		end++;
	if (*end)
		return -EINVAL;
	*value = v;
	return 0;
}

int kstrtoul(const char *s, unsigned int base, unsigned long *value)
{
	unsigned long long v;
	int ret = kstrtoull(s, base, &v);

	if (!ret)
		*value = v;
	return ret;
}

int kstrtoint(const char *s, unsigned int base, int *value)
{
	bool negative = *s == '-';
	unsigned long long v;
	int ret = kstrtoull(s + negative, base, &v);

	if (ret)
		return ret;
	if (v > (unsigned long long)INT_MAX + negative)
		return -ERANGE;
	*value = negative ? -(int)v : (int)v;
	return 0;
}

int kstrtobool(const char *s, bool *value)
{
	if (!s)
		return -EINVAL;
	switch (tolower(s[0])) {
	case 'y':
	case 't':
	case '1':
		*value = true;
		return 0;
	case 'n':
	case 'f':
	case '0':
		*value = false;
		return 0;
	case 'o':
		if (tolower(s[1]) == 'n' || tolower(s[1]) == 'f') {
			*value = tolower(s[1]) == 'n';
			return 0;
		}
	}
	return -EINVAL;
}

/* 0: no number; 1: a number; 2: a number and a comma; ranges (3) are not taken. */
int get_option(char **text, int *value)
{
	char *begin = *text;

	if (!begin || !*begin)
		return 0;
	*value = *begin == '-' ? -(int)simple_strtoull(begin + 1, text, 0)
			       : (int)simple_strtoull(begin, text, 0);
	if (*text == begin)
		return 0;
	if (**text == ',') {
		(*text)++;
		return 2;
	}
	return 1;
}

/* "1.50 GiB": three significant digits, as the kernel writes sizes. */
int string_get_size(u64 size, u64 block, enum string_size_units units, char *text, int len)
{
	static const char *const names[2][7] = {
		{ "B", "kB", "MB", "GB", "TB", "PB", "EB" },
		{ "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" },
	};
	unsigned int base = units == STRING_UNITS_2 ? 1024 : 1000, unit = 0, hundredths = 0;
	u64 value = size * block;

	while (value >= base && unit < 6) {
		hundredths = value % base * 100 / base;
		value /= base;
		unit++;
	}
	if (!unit || value >= 100)
		return snprintf(text, len, "%llu %s", value, names[units == STRING_UNITS_2][unit]);
	if (value >= 10)
		return snprintf(text, len, "%llu.%u %s", value, hundredths / 10,
				names[units == STRING_UNITS_2][unit]);
	return snprintf(text, len, "%llu.%02u %s", value, hundredths,
			names[units == STRING_UNITS_2][unit]);
}
