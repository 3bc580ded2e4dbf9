/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: see <linux/math.h> */
#ifndef RT_LINUX_MATH64_H
#define RT_LINUX_MATH64_H

#include <linux/math.h>

#endif
