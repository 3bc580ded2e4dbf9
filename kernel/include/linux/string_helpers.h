/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: words for truth values */
#ifndef RT_LINUX_STRING_HELPERS_H
#define RT_LINUX_STRING_HELPERS_H

#include <linux/string.h>

enum string_size_units {
	STRING_UNITS_10,
	STRING_UNITS_2,
};

int string_get_size(u64 size, u64 block, enum string_size_units units, char *text, int len);

#define str_yes_no(v) ((v) ? "yes" : "no")
#define str_on_off(v) ((v) ? "on" : "off")
#define str_enabled_disabled(v) ((v) ? "enabled" : "disabled")
#define str_enable_disable(v) ((v) ? "enable" : "disable")
#define str_true_false(v) ((v) ? "true" : "false")
#define str_plural(n) ((n) == 1 ? "" : "s")

#endif
