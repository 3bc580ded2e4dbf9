/* SPDX-License-Identifier: GPL-2.0-or-later */
/* type: limits are the kernel's */
#ifndef _LIMITS_H
#define _LIMITS_H

#include <linux/limits.h>

#endif
