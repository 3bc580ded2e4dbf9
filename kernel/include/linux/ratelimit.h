/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: see <linux/printk.h> */
#ifndef RT_LINUX_RATELIMIT_H
#define RT_LINUX_RATELIMIT_H

#include <linux/printk.h>

#endif
