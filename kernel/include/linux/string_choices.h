/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: see <linux/string_helpers.h> */
#ifndef RT_LINUX_STRING_CHOICES_H
#define RT_LINUX_STRING_CHOICES_H

#include <linux/string_helpers.h>

#endif
