/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: see <linux/string.h> */
#ifndef RT_LINUX_KSTRTOX_H
#define RT_LINUX_KSTRTOX_H

#include <linux/string.h>

unsigned long long simple_strtoull(const char *text, char **end, unsigned int base);
unsigned long simple_strtoul(const char *text, char **end, unsigned int base);
long simple_strtol(const char *text, char **end, unsigned int base);
int get_option(char **text, int *value);

#endif
