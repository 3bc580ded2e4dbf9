/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: ARRAY_SIZE() */
#ifndef RT_LINUX_ARRAY_SIZE_H
#define RT_LINUX_ARRAY_SIZE_H

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

#endif
